//! One change of one field.

use crate::read::Part;
pub use crate::value::is_field_name;
use crate::value::{is_id, is_value};
use crate::{DELETED, Hash, OPS_MAX, canonical};
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
        let idx = u32::try_from(plain_number(parts.next()?)?).ok()?;
        let seq = plain_number(parts.next()?)?;
        let dev = parts.next()?;
        let in_range =
            (1..=canonical::INTEGER_MAX as u64).contains(&seq) && (idx as usize) < OPS_MAX;
        (in_range && Hash::is_one(dev)).then(|| Self {
            dev: dev.to_owned(),
            seq,
            idx,
        })
    }
}

/// Reads digits in their only spelling: "007" and "+7" would name the same operation twice.
fn plain_number(text: &str) -> Option<u64> {
    let is_plain =
        text.bytes().all(|b| b.is_ascii_digit()) && !(text.len() > 1 && text.starts_with('0'));
    is_plain.then(|| text.parse().ok())?
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

    /// Reads one operation; an error is the key that is missing or malformed.
    pub(crate) fn from_json(part: Part<'_>) -> Result<Self, &'static str> {
        let Part::Object(mut object) = part else {
            return Err("op");
        };
        let mut name = |key, is_well_formed: fn(&str) -> bool| match object.take(key) {
            Some(Part::Text(text)) if is_well_formed(&text) => Ok(text.into_owned()),
            _ => Err(key),
        };
        let (e, k, f) = (
            name("e", is_id)?,
            name("k", is_field_name)?,
            name("f", is_field_name)?,
        );
        let p = object.take("p").and_then(ids_from_json).ok_or("p")?;
        let saw = match object.take("saw") {
            // An empty list is written by leaving it out.
            Some(part) => ids_from_json(part)
                .filter(|ids| !ids.is_empty())
                .ok_or("saw")?,
            None => Vec::new(),
        };
        let inline = object.take("v").map(Part::into_value);
        let v = match (inline, object.take("vh")) {
            (Some(value), None) if is_value(&value) => OpValue::Inline(value),
            (None, Some(Part::Text(hash))) => OpValue::Hidden(Hash::parse(&hash).ok_or("vh")?),
            _ => return Err("v"),
        };
        let op = Self {
            e,
            k,
            f,
            p,
            saw,
            v,
            extra: object.into_map(),
        };
        op.check_deletion()?;
        Ok(op)
    }

    /// A deletion is said in the open, so that redaction can never bring an entity back.
    fn check_deletion(&self) -> Result<(), &'static str> {
        if self.f != DELETED {
            return if self.saw.is_empty() {
                Ok(())
            } else {
                Err("saw")
            };
        }
        match &self.v {
            OpValue::Inline(Value::Bool(true)) => Ok(()),
            OpValue::Inline(Value::Null) if self.saw.is_empty() => Ok(()),
            OpValue::Inline(Value::Null) => Err("saw"),
            _ => Err("v"),
        }
    }

    /// Checks what this operation names, given the commit it stands in.
    ///
    /// `p` names operations of earlier commits. `saw` may also name earlier operations of the same
    /// commit: a parent and its child can be deleted together.
    pub(crate) fn check_references(&self, own: &OpId) -> Result<(), &'static str> {
        let is_earlier = |id: &OpId| id.dev != own.dev || id.seq < own.seq;
        let is_before = |id: &OpId| is_earlier(id) || (id.seq == own.seq && id.idx < own.idx);
        if !self.p.iter().all(is_earlier) || has_doubles(&self.p) {
            return Err("p");
        }
        if !self.saw.iter().all(is_before) || has_doubles(&self.saw) {
            return Err("saw");
        }
        Ok(())
    }
}

fn has_doubles(ids: &[OpId]) -> bool {
    if ids.len() < 2 {
        return false;
    }
    let mut sorted: Vec<&OpId> = ids.iter().collect();
    sorted.sort();
    sorted.windows(2).any(|pair| pair.first() == pair.last())
}

fn ids_to_json(ids: &[OpId]) -> Value {
    ids.iter().map(|id| Value::String(id.to_string())).collect()
}

fn ids_from_json(part: Part<'_>) -> Option<Vec<OpId>> {
    let Part::List(items) = part else {
        return None;
    };
    let read = |item| match item {
        Part::Text(text) => OpId::parse(&text),
        _ => None,
    };
    items.into_iter().map(read).collect()
}
