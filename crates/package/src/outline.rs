//! Bookmarks: read from a file with explicit places, written into one.

use crate::object::{deref, get, get_dict, get_name};
use lopdf::{Document, Object, ObjectId, StringFormat, dictionary};
use std::collections::{BTreeMap, BTreeSet};

/// A bookmark with those below it.
#[derive(Clone, Debug)]
pub(crate) struct Bookmark {
    /// Its words, as the file has them.
    pub(crate) title: Vec<u8>,
    /// Where it leads: a page and how it is shown.
    pub(crate) to: Option<Vec<Object>>,
    pub(crate) below: Vec<Bookmark>,
}

const DEPTH_MAX: usize = 12;
const COUNT_MAX: usize = 5_000;

/// Places that have names.
pub(crate) type Names = BTreeMap<Vec<u8>, Object>;

/// The bookmarks of a file.
pub(crate) fn read(file: &Document, names: &Names) -> Vec<Bookmark> {
    let first = || {
        let tree = get_dict(file, file.catalog().ok()?, b"Outlines")?;
        tree.get(b"First").ok()?.as_reference().ok()
    };
    let mut seen = BTreeSet::new();
    first().map_or_else(Vec::new, |first| siblings(file, names, first, &mut seen, 0))
}

fn siblings(
    file: &Document,
    names: &Names,
    first: ObjectId,
    seen: &mut BTreeSet<ObjectId>,
    depth: usize,
) -> Vec<Bookmark> {
    let mut out = Vec::new();
    let mut next = Some(first);
    while let Some(id) = next {
        if depth > DEPTH_MAX || seen.len() > COUNT_MAX || !seen.insert(id) {
            break;
        }
        let Ok(entry) = file.get_dictionary(id) else {
            break;
        };
        let link = |key: &[u8]| entry.get(key).and_then(Object::as_reference).ok();
        let title = get(file, entry, b"Title").and_then(|title| title.as_str().ok());
        let below = link(b"First").map(|first| siblings(file, names, first, seen, depth + 1));
        out.push(Bookmark {
            title: title.unwrap_or_default().to_vec(),
            to: destination(file, names, entry),
            below: below.unwrap_or_default(),
        });
        next = link(b"Next");
    }
    out
}

/// Where an entry leads: its own place, or the one of an action that only goes there.
pub(crate) fn destination(
    file: &Document,
    names: &Names,
    entry: &lopdf::Dictionary,
) -> Option<Vec<Object>> {
    if let Ok(place) = entry.get(b"Dest") {
        return explicit(file, names, place, 0);
    }
    let action = get_dict(file, entry, b"A")?;
    if get_name(file, action, b"S") != b"GoTo" {
        return None;
    }
    explicit(file, names, action.get(b"D").ok()?, 0)
}

fn explicit(file: &Document, names: &Names, place: &Object, depth: usize) -> Option<Vec<Object>> {
    if depth > 3 {
        return None;
    }
    match deref(file, place) {
        Object::Array(items) => Some(items.clone()),
        Object::Name(name) | Object::String(name, _) => {
            explicit(file, names, names.get(name)?, depth + 1)
        }
        Object::Dictionary(entry) => explicit(file, names, entry.get(b"D").ok()?, depth + 1),
        _ => None,
    }
}

/// The places of a file that have names.
pub(crate) fn names(file: &Document) -> Names {
    const NODES_MAX: usize = 20_000;
    let mut found = Names::new();
    let Ok(catalog) = file.catalog() else {
        return found;
    };
    for (name, place) in get_dict(file, catalog, b"Dests").into_iter().flatten() {
        found.insert(name.clone(), deref(file, place).clone());
    }
    let tree = get_dict(file, catalog, b"Names").and_then(|names| get_dict(file, names, b"Dests"));
    let mut nodes: Vec<_> = tree.into_iter().collect();
    let mut n_nodes = 0;
    while let Some(node) = nodes.pop() {
        n_nodes += 1;
        if n_nodes > NODES_MAX {
            break;
        }
        let array = |key: &[u8]| get(file, node, key).and_then(|value| value.as_array().ok());
        for kid in array(b"Kids").into_iter().flatten() {
            nodes.extend(deref(file, kid).as_dict().ok());
        }
        let pairs = array(b"Names").map_or(&[][..], |pairs| pairs.as_slice());
        for pair in pairs.chunks_exact(2) {
            if let Ok(name) = deref(file, &pair[0]).as_str() {
                found.insert(name.to_vec(), deref(file, &pair[1]).clone());
            }
        }
    }
    found
}

/// Writes bookmarks into a file; `None` when there are none.
pub(crate) fn write(file: &mut Document, bookmarks: &[Bookmark]) -> Option<ObjectId> {
    if bookmarks.is_empty() {
        return None;
    }
    let root = file.new_object_id();
    let (first, last) = level(file, bookmarks, root)?;
    let count = bookmarks.len() as i64;
    let tree = dictionary! {
        "Type" => "Outlines", "First" => first, "Last" => last, "Count" => count,
    };
    file.objects.insert(root, tree.into());
    Some(root)
}

fn level(
    file: &mut Document,
    bookmarks: &[Bookmark],
    parent: ObjectId,
) -> Option<(ObjectId, ObjectId)> {
    let ids: Vec<ObjectId> = bookmarks.iter().map(|_| file.new_object_id()).collect();
    for (at, bookmark) in bookmarks.iter().enumerate() {
        let title = Object::String(bookmark.title.clone(), StringFormat::Hexadecimal);
        let mut entry = dictionary! { "Title" => title, "Parent" => parent };
        if let Some(to) = &bookmark.to {
            entry.set("Dest", to.clone());
        }
        if let Some(before) = at.checked_sub(1) {
            entry.set("Prev", ids[before]);
        }
        if let Some(next) = ids.get(at + 1) {
            entry.set("Next", *next);
        }
        if let Some((first, last)) = level(file, &bookmark.below, ids[at]) {
            entry.set("First", first);
            entry.set("Last", last);
            // Closed until somebody opens it.
            entry.set("Count", -(bookmark.below.len() as i64));
        }
        file.objects.insert(ids[at], entry.into());
    }
    Some((*ids.first()?, *ids.last()?))
}

/// Words as a file takes them: UTF-16 with its mark.
pub(crate) fn words(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_be_bytes);
    [0xfe, 0xff].into_iter().chain(units).collect()
}
