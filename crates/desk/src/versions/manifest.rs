//! The manifest of a version: which operations it holds.
//!
//! It is a register of the version, an object in canonical form; its hash is the version's name.
//! Devices have long names, so that operations are written `FIELD d:seq:idx` with the device's
//! place in `devices`.

use ledger::{Hash, OpId, canonical};
use model::EntityId;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The rules by which registers are in or out, as manifests name them.
const SCOPE: &str = "protocol-1";
/// Largest manifest that is written, far below what a commit may have. Units: bytes.
pub(crate) const BYTES_MAX: usize = 3_000_000;

/// What a version holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Manifest {
    /// The stream whose operations are named.
    pub(crate) stream: String,
    /// The version's number.
    pub(crate) number: String,
    /// The version's date.
    pub(crate) date: String,
    /// The entities, in the order in which a study is read.
    pub(crate) parts: Vec<Part>,
    /// What was left out by name.
    pub(crate) left_out: Vec<String>,
    /// The hash of what it says.
    pub(crate) content: String,
}

/// One entity of a version.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// The entity.
    pub(crate) id: EntityId,
    /// Its kind.
    pub(crate) kind: String,
    /// What it belonged to.
    pub(crate) parent: Option<EntityId>,
    /// Its place among its siblings.
    pub(crate) ord: String,
    /// Its registers and the operations that held them.
    pub(crate) fields: Vec<(String, OpId)>,
}

impl Manifest {
    /// The value of the register.
    pub(crate) fn to_value(&self) -> Value {
        let mut devices: Vec<&str> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut parts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let mut fields = Vec::with_capacity(part.fields.len());
            for (field, op) in &part.fields {
                let place = *places.entry(&op.dev).or_insert_with(|| {
                    devices.push(&op.dev);
                    devices.len() - 1
                });
                fields.push(format!("{field} {place}:{}:{}", op.seq, op.idx));
            }
            let parent = part.parent.as_ref().map(EntityId::as_str);
            parts.push(json!([
                part.id.as_str(),
                part.kind,
                parent,
                part.ord,
                fields
            ]));
        }
        json!({
            "v": 1,
            "scope": SCOPE,
            "stream": self.stream,
            "number": self.number,
            "date": self.date,
            "devices": devices,
            "parts": parts,
            "leftOut": self.left_out,
            "content": self.content,
        })
    }

    /// Reads the register; `None` when it is no manifest of this form.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        if value.get("v")?.as_u64()? != 1 {
            return None;
        }
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let items = |key: &str| value.get(key)?.as_array();
        let devices: Vec<&str> = items("devices")?.iter().filter_map(Value::as_str).collect();
        let parts = items("parts")?.iter().map(|part| read_part(part, &devices));
        let left_out = items("leftOut")?
            .iter()
            .map(|path| path.as_str().map(str::to_owned));
        Some(Self {
            stream: text("stream")?,
            number: text("number")?,
            date: text("date")?,
            parts: parts.collect::<Option<_>>()?,
            left_out: left_out.collect::<Option<_>>()?,
            content: text("content")?,
        })
    }
}

fn read_part(value: &Value, devices: &[&str]) -> Option<Part> {
    let [id, kind, parent, ord, fields] = value.as_array()?.as_slice() else {
        return None;
    };
    let read_field = |text: &Value| {
        let (field, op) = text.as_str()?.split_once(' ')?;
        let mut numbers = op.split(':');
        let device = devices.get(numbers.next()?.parse::<usize>().ok()?)?;
        let op = OpId {
            dev: (*device).to_owned(),
            seq: numbers.next()?.parse().ok()?,
            idx: numbers.next()?.parse().ok()?,
        };
        numbers.next().is_none().then(|| (field.to_owned(), op))
    };
    Some(Part {
        id: EntityId::parse(id.as_str()?)?,
        kind: kind.as_str()?.to_owned(),
        parent: match parent {
            Value::Null => None,
            parent => Some(EntityId::parse(parent.as_str()?)?),
        },
        ord: ord.as_str()?.to_owned(),
        fields: fields
            .as_array()?
            .iter()
            .map(read_field)
            .collect::<Option<_>>()?,
    })
}

/// The tagged hash of a manifest.
pub(crate) fn hash(value: &Value) -> String {
    let bytes = canonical::to_bytes(value).unwrap_or_default();
    Hash::of(&bytes).as_str().to_owned()
}

/// A manifest whose operations were issued again under other ids.
///
/// Only one that nobody else has can name such operations, so nobody knows its old hash.
pub(crate) fn renamed(value: Value, renamed: &HashMap<OpId, OpId>) -> Value {
    let Some(mut manifest) = Manifest::read(&value) else {
        return value;
    };
    for (_, op) in manifest.parts.iter_mut().flat_map(|part| &mut part.fields) {
        if let Some(new) = renamed.get(op) {
            op.clone_from(new);
        }
    }
    manifest.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let op = |device: &str, seq, idx| OpId {
            dev: Hash::of(device.as_bytes()).as_str().to_owned(),
            seq,
            idx,
        };
        let id = EntityId::parse("0195a3b0-0000-7000-8000-000000000001").unwrap();
        let manifest = Manifest {
            stream: id.as_str().to_owned(),
            number: "2.0".into(),
            date: "2026-11-25".into(),
            parts: vec![
                Part {
                    id: id.clone(),
                    kind: "study".into(),
                    parent: None,
                    ord: String::new(),
                    fields: vec![
                        ("title.zh".into(), op("a", 1, 2)),
                        ("x".into(), op("b", 3, 0)),
                    ],
                },
                Part {
                    id: id.clone(),
                    kind: "block".into(),
                    parent: Some(id),
                    ord: "0000V".into(),
                    fields: vec![("text.zh".into(), op("a", 4, 5))],
                },
            ],
            left_out: vec!["title.en".into()],
            content: "sha256:0".into(),
        };
        let value = manifest.to_value();
        assert_eq!(Manifest::read(&value), Some(manifest.clone()));
        assert_eq!(Manifest::read(&json!({"v": 2})), None);
        let other = HashMap::from([(op("a", 4, 5), op("c", 1, 1))]);
        let again = renamed(value.clone(), &other);
        assert_ne!(hash(&again), hash(&value));
        assert_eq!(again["content"], value["content"]);
        let read = Manifest::read(&again).unwrap();
        assert_eq!(
            read.parts[1].fields,
            [("text.zh".to_owned(), op("c", 1, 1))]
        );
    }
}
