//! One change of one field.

use crate::Hash;
use serde_json::{Map, Value};

/// Names an operation within its stream: `device:seq:index`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId {
    /// The device that wrote it.
    pub dev: String,
    /// The commit's number among this device's commits of the stream, from 1.
    pub seq: u64,
    /// The place in the commit, from 0.
    pub idx: u32,
}

impl OpId {
    /// Reads `device:seq:index`; the device itself holds a colon, so it is read from the right.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.rsplitn(3, ':');
        let idx = parts.next()?.parse().ok()?;
        let seq = parts.next()?.parse().ok().filter(|seq| *seq > 0)?;
        let dev = parts.next()?;
        Hash::parse(dev)?;
        let id = Self { dev: dev.to_owned(), seq, idx };
        // One spelling only: "007" would otherwise name the same operation twice.
        (id.to_string() == text).then_some(id)
    }
}

impl std::fmt::Display for OpId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.dev, self.seq, self.idx)
    }
}

/// The value of an operation, or the salted hash of one that travels apart.
#[derive(Clone, Debug, PartialEq)]
pub enum OpValue {
    /// In the commit itself: codes, dates, numbers, references.
    Inline(Value),
    /// In the frame's payload part: free text, names, contact details.
    Hidden(Hash),
}

/// A change of one field of one entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Op {
    /// The entity, a UUID in text form.
    pub e: String,
    /// The kind of the entity.
    pub k: String,
    /// The field's name.
    pub f: String,
    /// The operations that the editor had on screen and that this one replaces.
    pub p: Vec<OpId>,
    /// For a deletion: the heads of the entity and its children that the person saw.
    pub saw: Vec<OpId>,
    /// The new value.
    pub v: OpValue,
    /// Keys that this version does not know; kept.
    pub extra: Map<String, Value>,
}

/// Tells whether a text is a field name: letters, digits, `_`, `.`, `-`, `/`; 1 to 80 bytes.
pub fn is_field_name(text: &str) -> bool {
    (1..=80).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-/".contains(&b))
}

impl Op {
    pub(crate) fn to_json(&self) -> Value {
        let mut map = self.extra.clone();
        map.insert("e".into(), self.e.clone().into());
        map.insert("k".into(), self.k.clone().into());
        map.insert("f".into(), self.f.clone().into());
        map.insert("p".into(), ids_to_json(&self.p));
        if !self.saw.is_empty() {
            map.insert("saw".into(), ids_to_json(&self.saw));
        }
        match &self.v {
            OpValue::Inline(value) => map.insert("v".into(), value.clone()),
            OpValue::Hidden(hash) => map.insert("vh".into(), hash.as_str().into()),
        };
        Value::Object(map)
    }

    pub(crate) fn from_json(value: Value) -> Option<Self> {
        let Value::Object(mut map) = value else { return None };
        let mut text = |key: &str| match map.shift_remove(key) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let (e, k, f) = (text("e")?, text("k")?, text("f")?);
        if !is_field_name(&f) || !is_field_name(&k) || e.is_empty() || e.len() > 80 {
            return None;
        }
        let p = ids_from_json(map.shift_remove("p")?)?;
        let saw = match map.shift_remove("saw") {
            Some(value) => ids_from_json(value)?,
            None => Vec::new(),
        };
        let v = match (map.shift_remove("v"), map.shift_remove("vh")) {
            (Some(value), None) => OpValue::Inline(value),
            (None, Some(Value::String(hash))) => OpValue::Hidden(Hash::parse(&hash)?),
            _ => return None,
        };
        Some(Self { e, k, f, p, saw, v, extra: map })
    }
}

fn ids_to_json(ids: &[OpId]) -> Value {
    ids.iter().map(|id| Value::String(id.to_string())).collect()
}

fn ids_from_json(value: Value) -> Option<Vec<OpId>> {
    let Value::Array(items) = value else { return None };
    items.iter().map(|item| OpId::parse(item.as_str()?)).collect()
}
