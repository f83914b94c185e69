//! Fields of a form by their full names: told, and filled.
//!
//! Source: ISO 32000-1, 12.7.3 (field dictionaries), 12.7.4 (kinds of fields), 12.5.6.19 (widgets).

use super::lay::Pictures;
use super::{FIELDS_MAX, Put, Spot};
use crate::geometry::rect;
use crate::object::{get, get_dict, get_name, number};
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};

/// Deepest tree of fields.
const DEPTH_MAX: usize = 32;
/// Flag of a button that acts, instead of holding a state.
const PUSH_BUTTON: i64 = 1 << 16;
/// Flag of text of several lines.
const MULTILINE: i64 = 1 << 12;

/// A field with what is seen of it.
struct Field {
    id: ObjectId,
    name: String,
    kind: Vec<u8>,
    flags: i64,
    /// What a reader is told; empty when nothing is said.
    title: String,
    widgets: Vec<ObjectId>,
}

/// All fields of a form.
fn fields(file: &Document) -> Vec<Field> {
    let form = file
        .catalog()
        .ok()
        .and_then(|one| get_dict(file, one, b"AcroForm"));
    let roots = form.and_then(|form| get(file, form, b"Fields")?.as_array().ok());
    let mut out = Vec::new();
    let above = Above {
        name: String::new(),
        kind: Vec::new(),
        flags: 0,
        title: String::new(),
    };
    for root in roots.into_iter().flatten() {
        if let Ok(id) = root.as_reference() {
            walk(file, id, &above, 0, &mut out);
        }
    }
    out
}

/// What a field has from those above it.
#[derive(Clone)]
struct Above {
    name: String,
    kind: Vec<u8>,
    flags: i64,
    title: String,
}

fn walk(file: &Document, id: ObjectId, above: &Above, depth: usize, out: &mut Vec<Field>) {
    let Ok(entry) = file.get_dictionary(id) else {
        return;
    };
    if depth > DEPTH_MAX || out.len() >= FIELDS_MAX {
        return;
    }
    let mut own = above.clone();
    let said = |key: &[u8]| {
        get(file, entry, key)
            .and_then(|value| value.as_str().ok())
            .map(words)
    };
    if let Some(name) = said(b"T") {
        own.name = match own.name.as_str() {
            "" => name,
            above => format!("{above}.{name}"),
        };
    }
    if let Some(title) = said(b"TU") {
        own.title = title;
    }
    let kind = get_name(file, entry, b"FT");
    if !kind.is_empty() {
        own.kind = kind.to_vec();
    }
    if let Some(flags) = get(file, entry, b"Ff").and_then(|flags| number(file, flags)) {
        own.flags = flags as i64;
    }
    let kids: Vec<ObjectId> = get(file, entry, b"Kids")
        .and_then(|kids| kids.as_array().ok())
        .into_iter()
        .flatten()
        .filter_map(|kid| kid.as_reference().ok())
        .collect();
    let is_field = |kid: &ObjectId| file.get_dictionary(*kid).is_ok_and(|kid| kid.has(b"T"));
    if kids.iter().any(is_field) {
        for kid in kids {
            walk(file, kid, &own, depth + 1, out);
        }
    } else if !own.kind.is_empty() {
        out.push(Field {
            id,
            name: own.name,
            kind: own.kind,
            flags: own.flags,
            title: own.title,
            widgets: if kids.is_empty() { vec![id] } else { kids },
        });
    }
}

/// Text of a string: UTF-16 with its mark, else one byte a letter.
fn words(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(wide) => {
            let units = wide
                .chunks_exact(2)
                .map(|two| u16::from_be_bytes([two[0], two[1]]));
            String::from_utf16_lossy(&units.collect::<Vec<_>>())
        }
        None => match bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
            Some(utf8) => String::from_utf8_lossy(utf8).into_owned(),
            None => bytes.iter().map(|byte| char::from(*byte)).collect(),
        },
    }
}

/// The states in which a button is on.
fn states(file: &Document, widget: &Dictionary) -> Vec<String> {
    let looks = get_dict(file, widget, b"AP").and_then(|looks| get_dict(file, looks, b"N"));
    let names = looks.into_iter().flat_map(|looks| looks.iter());
    names
        .filter(|(name, _)| name.as_slice() != b"Off")
        .map(|(name, _)| String::from_utf8_lossy(name).into_owned())
        .collect()
}

/// How a widget is turned within its page.
fn turned(file: &Document, widget: &Dictionary) -> u16 {
    let turn = get_dict(file, widget, b"MK")
        .and_then(|marks| get(file, marks, b"R"))
        .and_then(|turn| number(file, turn));
    u16::try_from((turn.unwrap_or(0.0) as i64).rem_euclid(360) / 90 * 90).unwrap_or(0)
}

/// Tells the fields.
pub(super) fn spots(file: &Document, pages: &[ObjectId]) -> Vec<Spot> {
    let on = |widget: ObjectId| {
        let is_on = |page: &&ObjectId| {
            let list = file
                .get_dictionary(**page)
                .ok()
                .and_then(|entry| get(file, entry, b"Annots")?.as_array().ok());
            list.is_some_and(|list| list.contains(&Object::Reference(widget)))
        };
        pages
            .iter()
            .position(|page| is_on(&page))
            .map_or(0, |at| at + 1)
    };
    let mut out = Vec::new();
    for field in fields(file) {
        let is_button = field.kind == b"Btn";
        let is_other = !matches!(field.kind.as_slice(), b"Btn" | b"Tx" | b"Ch");
        if is_other || (is_button && field.flags & PUSH_BUTTON != 0) {
            continue;
        }
        let value = file
            .get_dictionary(field.id)
            .ok()
            .and_then(|entry| get(file, entry, b"V"));
        let holds = match value {
            Some(Object::String(text, _)) => words(text),
            Some(Object::Name(name)) => String::from_utf8_lossy(name).into_owned(),
            _ => String::new(),
        };
        let label = match field.title.as_str() {
            "" => field.name.rsplit('.').next().unwrap_or_default().to_owned(),
            title => title.to_owned(),
        };
        let spot = |widget: ObjectId, at: String| {
            let entry = file.get_dictionary(widget).ok();
            let sides = entry.and_then(|entry| rect(file, entry.get(b"Rect").ok()?));
            let sides = sides.unwrap_or_default();
            let (wide, high) = (sides[2] - sides[0], sides[3] - sides[1]);
            let is_across = entry.is_some_and(|entry| turned(file, entry) % 180 != 0);
            let (width, height) = if is_across {
                (high, wide)
            } else {
                (wide, high)
            };
            Spot {
                at,
                label: label.clone(),
                holds: holds.clone(),
                is_tick: is_button,
                is_lines: field.flags & MULTILINE != 0,
                page: on(widget),
                width,
                height,
            }
        };
        let all: Vec<(ObjectId, String)> = field
            .widgets
            .iter()
            .flat_map(|widget| {
                let entry = file.get_dictionary(*widget);
                let states = entry.map(|entry| states(file, entry)).unwrap_or_default();
                states.into_iter().map(|state| (*widget, state))
            })
            .collect();
        match (is_button, all.len()) {
            (true, 2..) => out.extend(
                all.iter()
                    .map(|(widget, state)| spot(*widget, format!("field:{}={state}", field.name))),
            ),
            _ => {
                if let Some(widget) = field.widgets.first() {
                    out.push(spot(*widget, format!("field:{}", field.name)));
                }
            }
        }
    }
    out
}

/// Fills a field; false when the form has it not, or not that state.
pub(super) fn put(
    file: &mut Document,
    name: &str,
    value: &Put,
    pictures: &mut Pictures<'_>,
) -> bool {
    let all = fields(file);
    let whole = all.iter().find(|field| field.name == name);
    let (field, state) = match (whole, name.rsplit_once('=')) {
        (Some(field), _) => (field, None),
        (None, Some((name, state))) => match all.iter().find(|field| field.name == name) {
            Some(field) => (field, Some(state)),
            None => return false,
        },
        (None, None) => return false,
    };
    if field.kind == b"Btn" {
        return set(file, field, state);
    }
    let Some(sheet) = value.sheet.filter(|_| state.is_none()) else {
        return false;
    };
    for widget in &field.widgets {
        let turn = file
            .get_dictionary(*widget)
            .map_or(0, |entry| turned(file, entry));
        let matrix = match turn {
            90 => [0.0, 1.0, -1.0, 0.0, 0.0, 0.0],
            180 => [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0],
            270 => [0.0, -1.0, 1.0, 0.0, 0.0, 0.0],
            _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        };
        let Some(picture) = pictures.take(file, sheet, matrix) else {
            return false;
        };
        if let Ok(entry) = file.get_dictionary_mut(*widget) {
            entry.set("AP", dictionary! { "N" => picture });
        }
    }
    if let Ok(entry) = file.get_dictionary_mut(field.id) {
        let units = value.text.encode_utf16().flat_map(u16::to_be_bytes);
        let bytes = [0xfe, 0xff].into_iter().chain(units).collect();
        entry.set("V", Object::String(bytes, StringFormat::Hexadecimal));
        // Text with looks, and which choices are meant, would contradict it.
        entry.remove(b"RV");
        entry.remove(b"I");
    }
    true
}

/// Sets a button: to the state that is named, else to its only one.
fn set(file: &mut Document, field: &Field, state: Option<&str>) -> bool {
    let known: Vec<(ObjectId, Vec<String>)> = field
        .widgets
        .iter()
        .map(|widget| {
            let entry = file.get_dictionary(*widget);
            let states = entry.map(|entry| states(file, entry)).unwrap_or_default();
            (*widget, states)
        })
        .collect();
    let mut all = known.iter().flat_map(|(_, states)| states);
    let wanted = match state {
        Some(state) => all.find(|known| *known == state),
        None => all.next(),
    };
    let Some(wanted) = wanted.cloned() else {
        return false;
    };
    for (widget, states) in known {
        let shown = if states.contains(&wanted) {
            wanted.as_str()
        } else {
            "Off"
        };
        if let Ok(entry) = file.get_dictionary_mut(widget) {
            entry.set("AS", shown);
        }
    }
    if let Ok(entry) = file.get_dictionary_mut(field.id) {
        entry.set("V", wanted.as_str());
    }
    true
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn strings_are_read_in_their_own_way() {
        assert_eq!(words(b"abc"), "abc");
        assert_eq!(words(&[0xfe, 0xff, 0x9a, 0x8c]), "验");
        assert_eq!(words("\u{feff}题".as_bytes()), "题");
    }
}
