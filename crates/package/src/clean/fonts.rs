//! Letters that a file does not bring along: how they look depends on who reads it.

use crate::object::{deref, get, get_dict, get_name};
use encoding_rs::GBK;
use lopdf::{Dictionary, Document, Object, ObjectId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How deep drawings within drawings are followed.
const DEPTH_MAX: usize = 8;

/// A font that a file does not embed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LooseFont {
    /// Its name.
    pub name: String,
    /// The first page that has it, from 1.
    pub page: usize,
}

/// Notes the fonts of a page that are not embedded, each once for a file.
pub(super) fn note(file: &Document, page: ObjectId, number: usize, found: &mut Vec<LooseFont>) {
    let Ok(entry) = file.get_dictionary(page) else {
        return;
    };
    let mut names = BTreeSet::new();
    let mut seen = BTreeSet::new();
    of(file, entry, &mut seen, &mut names, 0);
    for picture in pictures(file, entry) {
        of(file, picture, &mut seen, &mut names, 0);
    }
    for name in names {
        if !found.iter().any(|known| known.name == name) {
            found.push(LooseFont { name, page: number });
        }
    }
}

/// The pictures of what lies on a page: notes, marks, stamps.
fn pictures<'a>(file: &'a Document, page: &'a Dictionary) -> Vec<&'a Dictionary> {
    let notes = get(file, page, b"Annots").and_then(|notes| notes.as_array().ok());
    let notes = notes.into_iter().flatten();
    let looks = notes.filter_map(|note| {
        let look = get_dict(file, deref(file, note).as_dict().ok()?, b"AP")?;
        get(file, look, b"N")
    });
    let streams = looks.flat_map(|look| match look {
        Object::Stream(stream) => vec![&stream.dict],
        // One picture for each state.
        Object::Dictionary(states) => {
            let states = states.iter().map(|(_, state)| deref(file, state));
            let streams = states.filter_map(|state| state.as_stream().ok());
            streams.map(|stream| &stream.dict).collect()
        }
        _ => Vec::new(),
    });
    streams.collect()
}

/// The fonts of what has resources, and of what it draws.
fn of(
    file: &Document,
    holder: &Dictionary,
    seen: &mut BTreeSet<ObjectId>,
    names: &mut BTreeSet<String>,
    depth: usize,
) {
    let Some(resources) = get_dict(file, holder, b"Resources").filter(|_| depth < DEPTH_MAX) else {
        return;
    };
    for (_, font) in get_dict(file, resources, b"Font").into_iter().flatten() {
        names.extend(
            deref(file, font)
                .as_dict()
                .ok()
                .and_then(|font| loose(file, font)),
        );
    }
    for (_, drawn) in get_dict(file, resources, b"XObject").into_iter().flatten() {
        // A drawing that holds itself is looked into once.
        let is_new = drawn.as_reference().is_ok_and(|id| seen.insert(id));
        if let Object::Stream(stream) = deref(file, drawn)
            && is_new
        {
            of(file, &stream.dict, seen, names, depth + 1);
        }
    }
}

/// The name of a font that is not embedded.
fn loose(file: &Document, font: &Dictionary) -> Option<String> {
    let whole = font;
    let font = match get_name(file, font, b"Subtype") {
        b"Type3" => return None,
        b"Type0" => {
            let below = get(file, font, b"DescendantFonts")?.as_array().ok()?;
            deref(file, below.first()?).as_dict().ok()?
        }
        _ => font,
    };
    let described = get_dict(file, font, b"FontDescriptor");
    let is_embedded = described.is_some_and(|described| {
        let files: [&[u8]; 3] = [b"FontFile", b"FontFile2", b"FontFile3"];
        let mut files = files.into_iter();
        files.any(|key| matches!(get(file, described, key), Some(Object::Stream(_))))
    });
    let name = read(get_name(file, whole, b"BaseFont"));
    (!is_embedded && !name.is_empty()).then(|| without_tag(&name).to_owned())
}

/// A name as people read it: UTF-8, else GBK as old Chinese programs wrote it.
fn read(name: &[u8]) -> String {
    if let Ok(utf8) = std::str::from_utf8(name) {
        return utf8.to_owned();
    }
    // Chinese letters come in pairs; a single one of these bytes is an accent of another language.
    let mut runs = name.split(u8::is_ascii);
    let is_paired = runs.all(|run| run.len().is_multiple_of(2));
    match GBK.decode_without_bom_handling_and_without_replacement(name) {
        Some(chinese) if is_paired => chinese.into_owned(),
        _ => String::from_utf8_lossy(name).into_owned(),
    }
}

/// A name without the six letters that say that only some of its letters are there.
fn without_tag(name: &str) -> &str {
    match name.split_once('+') {
        Some((tag, rest)) if tag.len() == 6 => rest,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_old_chinese_programs_are_read() {
        for (bytes, name) in [
            (&b"SimSun"[..], "SimSun"),
            ("方正小标宋".as_bytes(), "方正小标宋"),
            (b"\xcb\xce\xcc\xe5", "宋体"),
            (b"\xb7\xc2\xcb\xce_GB2312", "仿宋_GB2312"),
            (b"\xba\xda\xcc\xe5,Bold", "黑体,Bold"),
            (b"H\xe9lvetique", "H\u{fffd}lvetique"),
        ] {
            assert_eq!(read(bytes), name);
        }
    }
}
