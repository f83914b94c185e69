//! One page: what it inherits made its own, its content balanced, its annotations sorted out.

use super::Sheet;
use super::annotation::{self, Pages};
use super::names;
use super::stream::{self, State};
use crate::geometry::{self, Geometry};
use crate::object::{Copier, deref, get_dict, inherited};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

/// Entries of a page that are written anew.
const OWN: [&[u8]; 9] = [
    b"Annots",
    b"Contents",
    b"Resources",
    b"MediaBox",
    b"CropBox",
    b"Rotate",
    b"Group",
    b"Type",
    b"Tabs",
];
/// Most that one page's content may unpack to while its brackets are counted. Units: bytes.
const CONTENT_MAX: usize = 64 * 1024 * 1024;

/// A page as the new file has it.
pub(super) fn copy(
    from: &Document,
    (page, number): (ObjectId, usize),
    to: &mut Document,
    copier: &mut Copier<'_>,
    pages: &Pages<'_>,
    sheet: &mut Sheet,
) -> Dictionary {
    let old = from.get_dictionary(page).cloned().unwrap_or_default();
    let mut rest = old.clone();
    for key in OWN {
        rest.remove(key);
    }
    let mut new = copier.dict(to, &rest);
    new.set("Type", "Page");
    if let Ok(group) = old.get(b"Group") {
        let group = copier.value(to, group);
        new.set("Group", group);
    }
    let geometry = Geometry::of(from, page);
    let paper = geometry::media(from, page);
    new.set("MediaBox", geometry::value(paper));
    if geometry.visible != paper {
        new.set("CropBox", geometry::value(geometry.visible));
    }
    if geometry.turned != 0 {
        new.set("Rotate", i64::from(geometry.turned));
    }
    let (mut resources, mut pictures) = resources(from, page, to, copier);
    let mut contents = vec![Object::Reference(plain(to, b"q\n".to_vec()))];
    let mut pieces: Vec<&Stream> = from
        .get_page_contents(page)
        .into_iter()
        .filter_map(|id| from.get_object(id).and_then(Object::as_stream).ok())
        .collect();
    if let Some(Object::Stream(stream)) = old.get(b"Contents").ok().map(|one| deref(from, one))
        && pieces.is_empty()
    {
        pieces.push(stream);
    }
    if pieces
        .iter()
        .any(|piece| stream::state(from, piece) == State::Broken)
    {
        sheet.broken.push(number);
    }
    for piece in &pieces {
        contents.push(rewritten(piece, to, copier, sheet));
    }
    let mut after = "\nQ".repeat(open_brackets(&pieces) + 1);
    after.push('\n');
    let found = annotation::sort(
        from,
        (&old, geometry.turned),
        to,
        copier,
        pages,
        sheet,
        &mut pictures,
    );
    after.push_str(&found.drawn);
    contents.push(Object::Reference(plain(to, after.into_bytes())));
    if let Some(fonts) = found.font {
        let mut own = match resources.get(b"Font") {
            Ok(Object::Dictionary(own)) => own.clone(),
            Ok(Object::Reference(id)) => to.get_dictionary(*id).cloned().unwrap_or_default(),
            _ => Dictionary::new(),
        };
        own.set(annotation::FONT, fonts);
        resources.set("Font", own);
    }
    resources.set("XObject", pictures);
    new.set("Resources", resources);
    new.set("Contents", contents);
    if !found.kept.is_empty() {
        new.set("Annots", found.kept);
    }
    new
}

fn plain(to: &mut Document, content: Vec<u8>) -> ObjectId {
    to.add_object(Stream::new(Dictionary::new(), content))
}

/// A page's resources, and apart from them its pictures, so that more can be added.
fn resources(
    from: &Document,
    page: ObjectId,
    to: &mut Document,
    copier: &mut Copier<'_>,
) -> (Dictionary, Dictionary) {
    let found = inherited(from, page, b"Resources");
    let Some(Ok(old)) = found.as_ref().map(|found| deref(from, found).as_dict()) else {
        return (Dictionary::new(), Dictionary::new());
    };
    let pictures = get_dict(from, old, b"XObject").cloned().unwrap_or_default();
    let mut rest = old.clone();
    rest.remove(b"XObject");
    // A font dictionary that is shared may get one more entry on this page.
    let fonts = get_dict(from, old, b"Font").cloned();
    if let Some(fonts) = fonts {
        rest.set("Font", fonts);
    }
    let mut rest = copier.dict(to, &rest);
    for (_, kind) in rest.iter_mut() {
        if let Ok(kind) = kind.as_dict_mut() {
            names::in_keys(kind);
        }
    }
    let mut pictures = copier.dict(to, &pictures);
    names::in_keys(&mut pictures);
    (rest, pictures)
}

/// A piece of a page's content, unpacked and packed anew: what does not unpack would be shown
/// otherwise by every reader, so it is left out and said to be missing.
fn rewritten(
    piece: &Stream,
    to: &mut Document,
    copier: &mut Copier<'_>,
    sheet: &mut Sheet,
) -> Object {
    match piece.get_plain_content_with_limit(CONTENT_MAX) {
        Ok(content) => {
            let mut copy = Stream::new(Dictionary::new(), names::in_content(content));
            // Nothing is lost where it cannot be packed.
            let _ = copy.compress();
            to.add_object(copy).into()
        }
        Err(lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. })) => {
            let mut copy = piece.clone();
            copy.dict = copier.dict(to, &piece.dict);
            to.add_object(copy).into()
        }
        Err(_) => {
            sheet.repaired = true;
            plain(to, Vec::new()).into()
        }
    }
}

/// How many states a page saves and never takes back.
pub(crate) fn open_brackets(pieces: &[&Stream]) -> usize {
    let mut content = Vec::new();
    for piece in pieces {
        match piece.get_plain_content_with_limit(CONTENT_MAX) {
            Ok(plain) if content.len() + plain.len() <= CONTENT_MAX => {
                content.extend(plain);
                content.push(b'\n');
            }
            Ok(_) => return 0,
            Err(_) => {}
        }
    }
    let Ok(content) = Content::decode(&content) else {
        return 0;
    };
    let mut open = 0_usize;
    for operation in &content.operations {
        match operation.operator.as_str() {
            "q" => open += 1,
            "Q" => open = open.saturating_sub(1),
            _ => {}
        }
    }
    open
}

/// The layers of a file, without which hidden ones would show.
pub(super) fn layers(
    from: &Document,
    to: &mut Document,
    copier: &mut Copier<'_>,
) -> Option<Object> {
    let layers = get_dict(from, from.catalog().ok()?, b"OCProperties")?;
    Some(Object::Dictionary(copier.dict(to, layers)))
}
