//! Reading values of a file that may be wrong anywhere, and copying them into another one.

use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

/// How far references and parents are followed.
const STEPS_MAX: usize = 64;
/// How deep values may be nested within each other.
const DEPTH_MAX: usize = 200;

/// The value itself, where one is only referred to; null where that leads nowhere.
pub(crate) fn deref<'a>(file: &'a Document, value: &'a Object) -> &'a Object {
    let mut value = value;
    for _ in 0..STEPS_MAX {
        let Object::Reference(id) = value else {
            return value;
        };
        match file.objects.get(id) {
            Some(found) => value = found,
            None => break,
        }
    }
    &Object::Null
}

/// A value of a dictionary.
pub(crate) fn get<'a>(file: &'a Document, from: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    from.get(key).ok().map(|value| deref(file, value))
}

/// A dictionary of a dictionary.
pub(crate) fn get_dict<'a>(
    file: &'a Document,
    from: &'a Dictionary,
    key: &[u8],
) -> Option<&'a Dictionary> {
    get(file, from, key)?.as_dict().ok()
}

/// A name of a dictionary; empty without one.
pub(crate) fn get_name<'a>(file: &'a Document, from: &'a Dictionary, key: &[u8]) -> &'a [u8] {
    get(file, from, key)
        .and_then(|value| value.as_name().ok())
        .unwrap_or_default()
}

/// A number.
pub(crate) fn number(file: &Document, value: &Object) -> Option<f32> {
    deref(file, value).as_float().ok()
}

/// A page's own value, or the one of the nodes above it.
pub(crate) fn inherited(file: &Document, page: ObjectId, key: &[u8]) -> Option<Object> {
    let mut node = file.get_dictionary(page).ok()?;
    for _ in 0..STEPS_MAX {
        if let Some(value) = node
            .get(key)
            .ok()
            .filter(|value| !deref(file, value).is_null())
        {
            return Some(value.clone());
        }
        node = get_dict(file, node, b"Parent")?;
    }
    None
}

/// Takes values of one file over into another, each object once.
pub(crate) struct Copier<'a> {
    from: &'a Document,
    ids: BTreeMap<ObjectId, ObjectId>,
    todo: Vec<ObjectId>,
    /// References that lead nowhere.
    pub(crate) lost: BTreeSet<ObjectId>,
}

/// Entries that tie an object to its old file, or that act by themselves.
const LEFT_OUT: [&[u8]; 9] = [
    b"Parent",
    b"StructParents",
    b"StructParent",
    b"AA",
    b"PieceInfo",
    b"Thumb",
    b"B",
    b"OpenAction",
    b"Metadata",
];

impl<'a> Copier<'a> {
    pub(crate) fn new(from: &'a Document) -> Self {
        Self {
            from,
            ids: BTreeMap::new(),
            todo: Vec::new(),
            lost: BTreeSet::new(),
        }
    }

    /// Says what an object of the old file is called in the new one.
    pub(crate) fn rename(&mut self, old: ObjectId, new: ObjectId) {
        self.ids.insert(old, new);
    }

    /// What an object is called in the new file.
    pub(crate) fn renamed(&self, old: ObjectId) -> Option<ObjectId> {
        self.ids.get(&old).copied()
    }

    /// A value; what it refers to is taken over by [`Self::finish`].
    pub(crate) fn value(&mut self, to: &mut Document, value: &Object) -> Object {
        self.at_depth(to, value, 0)
    }

    /// A dictionary, in the same way.
    pub(crate) fn dict(&mut self, to: &mut Document, from: &Dictionary) -> Dictionary {
        self.entries(to, from, 0)
    }

    fn at_depth(&mut self, to: &mut Document, value: &Object, depth: usize) -> Object {
        if depth > DEPTH_MAX {
            return Object::Null;
        }
        match value {
            Object::Reference(id) => self.reference(to, *id),
            Object::Array(items) => Object::Array(
                items
                    .iter()
                    .map(|item| self.at_depth(to, item, depth + 1))
                    .collect(),
            ),
            Object::Dictionary(entries) => Object::Dictionary(self.entries(to, entries, depth)),
            Object::Stream(stream) => {
                let mut copy = stream.clone();
                copy.dict = self.entries(to, &stream.dict, depth);
                Object::Stream(copy)
            }
            plain => plain.clone(),
        }
    }

    fn entries(&mut self, to: &mut Document, from: &Dictionary, depth: usize) -> Dictionary {
        let mut copy = Dictionary::new();
        for (key, value) in from
            .iter()
            .filter(|(key, _)| !LEFT_OUT.contains(&key.as_slice()))
        {
            copy.set(key.clone(), self.at_depth(to, value, depth + 1));
        }
        copy
    }

    fn reference(&mut self, to: &mut Document, id: ObjectId) -> Object {
        if let Some(known) = self.ids.get(&id) {
            return Object::Reference(*known);
        }
        let Some(target) = self.from.objects.get(&id) else {
            self.lost.insert(id);
            return Object::Null;
        };
        // A stray reference to another page would pull in the whole file.
        if let Ok(entries) = target.as_dict()
            && matches!(
                get_name(self.from, entries, b"Type"),
                b"Page" | b"Pages" | b"Catalog"
            )
        {
            return Object::Null;
        }
        let new = to.new_object_id();
        self.ids.insert(id, new);
        self.todo.push(id);
        Object::Reference(new)
    }

    /// Takes over everything that was referred to; gives what that was, as the new file calls it.
    pub(crate) fn finish(&mut self, to: &mut Document) -> Vec<ObjectId> {
        let mut taken = Vec::new();
        while let Some(id) = self.todo.pop() {
            let (from, new) = (self.from, self.ids[&id]);
            if let Some(target) = from.objects.get(&id) {
                let copy = self.at_depth(to, target, 0);
                to.objects.insert(new, copy);
                taken.push(new);
            }
        }
        taken
    }
}
