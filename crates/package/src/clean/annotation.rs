//! What lies on a page: fields are drawn into it, links are kept, what acts by itself goes.

use super::Sheet;
use super::appearance;
use crate::geometry::rect;
use crate::object::{Copier, deref, get, get_dict, get_name, number};
use crate::outline::{Names, destination};
use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

/// The name under which a page finds the letters of drawn fields.
pub(super) const FONT: &str = "PdFieldFont";
/// Kinds that play, open or enclose something.
const ACTING: [&[u8]; 6] = [
    b"Movie",
    b"Screen",
    b"RichMedia",
    b"3D",
    b"FileAttachment",
    b"Sound",
];
/// Flags of an annotation: hidden, and not to be seen on a screen.
const HIDDEN: i64 = 2 | 32;
/// Flag of an annotation that stays upright when its page is turned.
const UPRIGHT: i64 = 16;

/// What links of a file may lead to.
pub(super) struct Pages<'a> {
    pub(super) names: &'a Names,
    pub(super) first: &'a [ObjectId],
}

/// What became of a page's annotations.
#[derive(Default)]
pub(super) struct Sorted {
    /// Operators that draw the fields.
    pub(super) drawn: String,
    /// The annotations that stay.
    pub(super) kept: Vec<Object>,
    /// Letters that the drawn fields need.
    pub(super) font: Option<Object>,
}

/// Its flags; 0 where it has none.
fn flags(file: &Document, entry: &Dictionary) -> i64 {
    let flags = entry.get(b"F").ok().and_then(|flags| number(file, flags));
    flags.unwrap_or(0.0) as i64
}

/// Whether nobody sees it on a screen.
pub(super) fn is_hidden(file: &Document, entry: &Dictionary) -> bool {
    flags(file, entry) & HIDDEN != 0
}

/// Sorts out the annotations of a page.
pub(super) fn sort(
    from: &Document,
    (page, turned): (&Dictionary, u16),
    to: &mut Document,
    copier: &mut Copier<'_>,
    pages: &Pages<'_>,
    sheet: &mut Sheet,
    pictures: &mut Dictionary,
) -> Sorted {
    let mut out = Sorted::default();
    let list = get(from, page, b"Annots").and_then(|list| list.as_array().ok());
    for (at, one) in list.into_iter().flatten().enumerate() {
        let Ok(entry) = deref(from, one).as_dict() else {
            continue;
        };
        let kind = get_name(from, entry, b"Subtype");
        let upright = if flags(from, entry) & UPRIGHT == 0 {
            0
        } else {
            turned
        };
        if kind == b"Widget" {
            if !is_hidden(from, entry) {
                field(
                    from,
                    entry,
                    (at, upright),
                    to,
                    copier,
                    sheet,
                    pictures,
                    &mut out,
                );
            }
        } else if kind == b"Popup" {
            // It belongs to a note that keeps its own text.
        } else if acts(from, entry, kind) {
            sheet.left_out += 1;
        } else {
            let kept = kept(from, entry, kind, to, copier, pages, sheet);
            out.kept.push(to.add_object(kept).into());
        }
    }
    out
}

/// Whether an annotation does more than to lead somewhere.
fn acts(from: &Document, entry: &Dictionary, kind: &[u8]) -> bool {
    let action = get_dict(from, entry, b"A").map(|action| get_name(from, action, b"S"));
    let is_harmless = |action: &[u8]| matches!(action, b"URI" | b"GoTo");
    ACTING.contains(&kind) || action.is_some_and(|action| !is_harmless(action))
}

/// An annotation that stays; a link that leads nowhere keeps its looks.
fn kept(
    from: &Document,
    entry: &Dictionary,
    kind: &[u8],
    to: &mut Document,
    copier: &mut Copier<'_>,
    pages: &Pages<'_>,
    sheet: &mut Sheet,
) -> Dictionary {
    let mut bare = entry.clone();
    for key in [b"P".as_slice(), b"Popup", b"IRT"] {
        bare.remove(key);
    }
    let goes = entry.has(b"Dest")
        || get_dict(from, entry, b"A").is_some_and(|a| get_name(from, a, b"S") == b"GoTo");
    if kind != b"Link" || !goes {
        return copier.dict(to, &bare);
    }
    let place = destination(from, pages.names, entry);
    let place = place.and_then(|place| self::place(copier, numbered(place, pages.first)));
    bare.remove(b"A");
    bare.remove(b"Dest");
    let mut copy = copier.dict(to, &bare);
    match place {
        Some(place) => copy.set("Dest", place),
        None => sheet.left_out += 1,
    }
    copy
}

/// Some writers number the page instead of referring to it.
fn numbered(mut place: Vec<Object>, pages: &[ObjectId]) -> Vec<Object> {
    if let Some(Object::Integer(n)) = place.first()
        && let Some(page) = usize::try_from(*n).ok().and_then(|n| pages.get(n))
    {
        place[0] = Object::Reference(*page);
    }
    place
}

/// A place in the new file; `None` when its page did not come along.
pub(super) fn place(copier: &Copier<'_>, mut place: Vec<Object>) -> Option<Vec<Object>> {
    let page = place.first()?.as_reference().ok()?;
    place[0] = Object::Reference(copier.renamed(page)?);
    for value in place.iter_mut().skip(1) {
        if matches!(
            value,
            Object::Reference(_) | Object::Array(_) | Object::Dictionary(_)
        ) {
            *value = Object::Null;
        }
    }
    Some(place)
}

/// Draws a field of a form as its own picture of itself shows it.
#[expect(
    clippy::too_many_arguments,
    reason = "a field is read from one file and drawn into everything that its page gathers"
)]
fn field(
    from: &Document,
    entry: &Dictionary,
    (at, upright): (usize, u16),
    to: &mut Document,
    copier: &mut Copier<'_>,
    sheet: &mut Sheet,
    pictures: &mut Dictionary,
    out: &mut Sorted,
) {
    let Some(place) = entry.get(b"Rect").ok().and_then(|value| rect(from, value)) else {
        return;
    };
    if get_name_up(from, entry, b"FT") == b"Sig" && has_value(from, entry) {
        sheet.signed = true;
    }
    if let Some(stream) = appearance::of(from, entry) {
        let Some(matrix) = appearance::fitted(from, &stream.dict, place, upright) else {
            return;
        };
        let mut picture = stream.clone();
        picture.dict = copier.dict(to, &stream.dict);
        picture.dict.set("Type", "XObject");
        picture.dict.set("Subtype", "Form");
        let name = format!("PdField{at}");
        pictures.set(name.clone(), to.add_object(picture));
        let numbers: Vec<String> = matrix.iter().map(|n| format!("{n:.5}")).collect();
        out.drawn
            .push_str(&format!("q {} cm /{name} Do Q\n", numbers.join(" ")));
        sheet.drawn += 1;
    } else if has_value(from, entry) {
        match appearance::typed(from, entry, place) {
            Some(operators) => {
                out.drawn.push_str(&operators);
                out.font.get_or_insert_with(|| {
                    dictionary! {
                        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
                        "Encoding" => "WinAnsiEncoding",
                    }
                    .into()
                });
                sheet.drawn += 1;
            }
            None => sheet.undrawn += 1,
        }
    }
}

/// A name of a field, or of the field above it.
fn get_name_up<'a>(file: &'a Document, entry: &'a Dictionary, key: &[u8]) -> &'a [u8] {
    up(file, entry, key)
        .and_then(|value| value.as_name().ok())
        .unwrap_or_default()
}

/// A value of a field, or of the field above it.
pub(super) fn up<'a>(file: &'a Document, entry: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut entry = entry;
    for _ in 0..16 {
        if let Some(value) = get(file, entry, key).filter(|value| !value.is_null()) {
            return Some(value);
        }
        entry = get_dict(file, entry, b"Parent")?;
    }
    None
}

fn has_value(file: &Document, entry: &Dictionary) -> bool {
    match up(file, entry, b"V") {
        Some(Object::String(text, _)) => text.iter().any(|byte| !byte.is_ascii_whitespace()),
        Some(Object::Name(name)) => name != b"Off",
        Some(Object::Array(values)) => !values.is_empty(),
        Some(Object::Dictionary(_)) => true,
        _ => false,
    }
}

/// What acts by itself in the file as a whole: scripts, an action on opening, enclosed files.
pub(super) fn count_of_file(file: &Document) -> u32 {
    let Ok(catalog) = file.catalog() else {
        return 0;
    };
    let names = get_dict(file, catalog, b"Names");
    let has = |key: &[u8]| names.is_some_and(|names| get_dict(file, names, key).is_some());
    let opens = get_dict(file, catalog, b"OpenAction")
        .is_some_and(|action| !matches!(get_name(file, action, b"S"), b"GoTo" | b""));
    let acting = [
        opens,
        catalog.has(b"AA"),
        has(b"JavaScript"),
        has(b"EmbeddedFiles"),
    ];
    acting.into_iter().map(u32::from).sum()
}

/// Whether the file says that it is signed.
pub(super) fn is_signed(file: &Document) -> bool {
    let flags = || {
        let form = get_dict(file, file.catalog().ok()?, b"AcroForm")?;
        number(file, form.get(b"SigFlags").ok()?)
    };
    flags().is_some_and(|flags| flags as i64 & 1 != 0)
}
