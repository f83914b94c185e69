//! Values laid over the pages of a blank.

use crate::clean::open_brackets;
use crate::geometry::{self, Geometry};
use crate::object::{Copier, deref, inherited};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use std::collections::BTreeMap;

/// A rectangle as a reader sees the page, from its upper left corner: left, top, width, height.
pub(super) type Place = [f32; 4];

/// Page, from 1, and rectangle of `page:N@X,Y,W,H`.
pub(super) fn place(at: &str) -> Option<(usize, Place)> {
    let (page, sides) = at.strip_prefix("page:")?.split_once('@')?;
    let sides = sides.split(',').map(|side| side.parse::<f32>().ok());
    let sides: Vec<f32> = sides.collect::<Option<_>>()?;
    Some((page.parse().ok()?, sides.try_into().ok()?))
}

/// Pages of the sheet of values, taken over as pictures.
pub(super) struct Pictures<'a> {
    from: &'a Document,
    pages: Vec<ObjectId>,
    copier: Copier<'a>,
}

impl<'a> Pictures<'a> {
    pub(super) fn new(from: &'a Document) -> Self {
        Self {
            from,
            pages: from.page_iter().collect(),
            copier: Copier::new(from),
        }
    }

    /// A page as a picture with its own letters, turned by a matrix.
    pub(super) fn take(
        &mut self,
        to: &mut Document,
        n: usize,
        matrix: [f32; 6],
    ) -> Option<ObjectId> {
        let page = *self.pages.get(n)?;
        let resources = inherited(self.from, page, b"Resources").unwrap_or(Object::Null);
        let resources = self.copier.value(to, &resources);
        self.copier.finish(to);
        let paper = geometry::media(self.from, page);
        let mut form = Stream::new(
            dictionary! {
                "Type" => "XObject", "Subtype" => "Form", "BBox" => geometry::value(paper),
                "Matrix" => matrix.map(Object::Real).to_vec(), "Resources" => resources,
            },
            self.from.get_page_content(page),
        );
        // Nothing is lost where it cannot be packed.
        let _ = form.compress();
        Some(to.add_object(form))
    }
}

/// Lays values over pages; what was there stays in its own brackets.
pub(super) fn over(
    file: &mut Document,
    values: &[(ObjectId, Place, Option<usize>)],
    pictures: &mut Pictures<'_>,
) -> Result<(), lopdf::Error> {
    let mut by_page: BTreeMap<ObjectId, Vec<ObjectId>> = BTreeMap::new();
    for (page, [left, top, _, height], sheet) in values {
        let Some(sheet) = sheet else {
            continue;
        };
        let geometry = Geometry::of(file, *page);
        let (_, high) = geometry.size();
        let [a, b, c, d, e, f] = geometry.matrix();
        let (x, y) = (*left, high - top - height);
        let matrix = [a, b, c, d, a * x + c * y + e, b * x + d * y + f];
        if let Some(picture) = pictures.take(file, *sheet, matrix) {
            by_page.entry(*page).or_default().push(picture);
        }
    }
    for (page, own) in by_page {
        one_page(file, page, &own)?;
    }
    Ok(())
}

fn one_page(file: &mut Document, page: ObjectId, own: &[ObjectId]) -> Result<(), lopdf::Error> {
    let found = inherited(file, page, b"Resources").unwrap_or(Object::Null);
    let mut resources = deref(file, &found).as_dict().cloned().unwrap_or_default();
    let all = resources.get(b"XObject").map(|all| deref(file, all));
    let mut all = all.and_then(Object::as_dict).cloned().unwrap_or_default();
    let mut drawn = String::new();
    for (n, picture) in own.iter().enumerate() {
        let name = format!("PdBlank{n}");
        all.set(name.clone(), *picture);
        drawn.push_str(&format!("q /{name} Do Q\n"));
    }
    resources.set("XObject", all);
    let entry = file.get_dictionary(page)?.clone();
    let old = match entry.get(b"Contents").map(|one| (one, deref(file, one))) {
        Ok((_, Object::Array(pieces))) => pieces.clone(),
        Ok((one @ Object::Reference(_), Object::Stream(_))) => vec![one.clone()],
        _ => Vec::new(),
    };
    let pieces: Vec<&Stream> = old
        .iter()
        .filter_map(|one| deref(file, one).as_stream().ok())
        .collect();
    let close = "\nQ".repeat(open_brackets(&pieces) + 1);
    let plain = |words: String| Stream::new(Dictionary::new(), words.into_bytes());
    let before = file.add_object(plain("q\n".to_owned()));
    let after = file.add_object(plain(format!("{close}\n{drawn}")));
    let mut contents = vec![Object::Reference(before)];
    contents.extend(old);
    contents.push(after.into());
    let entry = file.get_dictionary_mut(page)?;
    entry.set("Contents", contents);
    entry.set("Resources", resources);
    Ok(())
}
