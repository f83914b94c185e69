//! Small files made for tests.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

/// A file in the making.
pub(crate) struct Paper {
    pub(crate) file: Document,
    pub(crate) pages: Vec<ObjectId>,
    tree: ObjectId,
}

impl Paper {
    pub(crate) fn new() -> Self {
        let mut file = Document::with_version("1.7");
        let tree = file.new_object_id();
        Self {
            file,
            pages: Vec::new(),
            tree,
        }
    }

    /// Adds a page of a size with a content, letters in Helvetica under `/F1`.
    pub(crate) fn page(&mut self, (wide, high): (f32, f32), content: &str) -> ObjectId {
        let content = self
            .file
            .add_object(Stream::new(Dictionary::new(), content.as_bytes().to_vec()));
        let font =
            dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" };
        let page = self.file.add_object(dictionary! {
            "Type" => "Page", "Parent" => self.tree, "Contents" => content,
            "MediaBox" => vec![0.into(), 0.into(), Object::Real(wide), Object::Real(high)],
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        });
        self.pages.push(page);
        page
    }

    pub(crate) fn set(&mut self, page: ObjectId, key: &str, value: impl Into<Object>) {
        self.file.get_dictionary_mut(page).unwrap().set(key, value);
    }

    /// The bytes, with further entries of the catalog.
    pub(crate) fn bytes(mut self, catalog: Dictionary) -> Vec<u8> {
        let kids: Vec<Object> = self
            .pages
            .iter()
            .map(|page| Object::Reference(*page))
            .collect();
        let count = kids.len() as i64;
        let tree = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
        self.file.objects.insert(self.tree, tree.into());
        let mut root = dictionary! { "Type" => "Catalog", "Pages" => self.tree };
        root.extend(&catalog);
        let root = self.file.add_object(root);
        self.file.trailer.set("Root", root);
        let mut out = Vec::new();
        self.file.save_to(&mut out).unwrap();
        out
    }
}

/// A page's words, shown at a place.
pub(crate) fn words(text: &str) -> String {
    format!("BT /F1 12 Tf 20 20 Td ({text}) Tj ET")
}

/// Stamps of some sizes, each with its number.
pub(crate) fn stamps(sizes: &[(f32, f32)]) -> Vec<u8> {
    let mut paper = Paper::new();
    for (n, size) in sizes.iter().enumerate() {
        paper.page(*size, &words(&format!("stamp {}", n + 1)));
    }
    paper.bytes(Dictionary::new())
}

/// The content of a page with everything that it draws.
pub(crate) fn text_of(bytes: &[u8], number: u32) -> String {
    let file = Document::load_mem(bytes).unwrap();
    file.extract_text(&[number]).unwrap_or_default()
}
