//! A study as everybody reads it: entities with registers, every concurrent value in sight.

use crate::rich::{self, RichText};
use crate::{EntityId, Kind, Lang, PersonId, StudyId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A study with all its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StudyDoc {
    /// The study.
    pub id: StudyId,
    /// All entities, the study's own first, then by kind, parent and order.
    pub entities: Vec<Entity>,
}

/// Something with fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Entity {
    /// The entity.
    pub id: EntityId,
    /// Its kind, see [`crate::kind`].
    pub kind: Kind,
    /// What it belongs to; `None` for the study itself.
    pub parent: Option<EntityId>,
    /// Place among its siblings, compared as text.
    pub ord: String,
    /// Whether it is shown.
    pub mark: EntityMark,
    /// Fields by register name (`title.zh`); fields never written are absent.
    pub fields: BTreeMap<String, Register>,
}

/// Whether an entity is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum EntityMark {
    /// In use.
    Live,
    /// Archived by somebody who had seen everything in it.
    Archived,
    /// Archived by somebody who had not seen a change; still shown, and said so.
    EditedUnseen,
}

/// The values of one field that nobody has replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Register {
    /// The heads; the first is displayed. Never empty.
    pub heads: Vec<Head>,
    /// Whether the heads differ in value.
    pub conflict: bool,
}

/// One standing value, with who and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// The operation id: part of the form token.
    pub op: String,
    /// Lamport number of its commit: greater than those of all commits that its writer had.
    pub lam: u32,
    /// The value; null when cleared.
    pub value: Value,
    /// Whether the value was redacted.
    pub redacted: bool,
    /// Who wrote it.
    pub by: PersonId,
    /// The writer's name as known here; empty when unknown.
    pub by_name: String,
    /// The laptop that wrote it, shortened for reading.
    pub device: String,
    /// Time: device time, UTC, RFC 3339.
    pub at: String,
    /// Offset of the writer's local time. Units: minutes.
    pub tz_minutes: i32,
}

/// An entity of a directory, as a study refers to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "DirectoryLink")]
pub struct Link {
    /// The entity.
    pub entity: EntityId,
    /// The directory that it stands in.
    pub directory: StudyId,
}

impl Link {
    /// Reads a reference; `None` for one into the same stream.
    pub fn read(value: &Value) -> Option<Self> {
        let text = |key| value.get(key).and_then(Value::as_str);
        Some(Self {
            entity: EntityId::parse(text("$ref")?)?,
            directory: StudyId::parse(text("stream")?)?,
        })
    }

    /// The reference as it stands in a register.
    pub fn to_value(&self) -> Value {
        json!({"$ref": self.entity, "stream": self.directory})
    }
}

impl Register {
    /// The displayed value.
    pub fn value(&self) -> &Value {
        self.heads.first().map_or(&Value::Null, |head| &head.value)
    }

    /// The form token: the operations on screen.
    pub fn seen(&self) -> Vec<String> {
        self.heads.iter().map(|head| head.op.clone()).collect()
    }
}

impl Entity {
    /// The displayed value of a register; null when never written.
    pub fn value(&self, field: &str) -> &Value {
        self.fields.get(field).map_or(&Value::Null, Register::value)
    }

    /// The displayed text of a register, without its marks; empty when absent or not text.
    pub fn text(&self, field: &str) -> &str {
        rich::plain(self.value(field))
    }

    /// The displayed text of a register with its marks; empty when absent or not text.
    pub fn rich(&self, field: &str) -> RichText {
        RichText::read(self.value(field)).unwrap_or_default()
    }

    /// The entity that a register refers to.
    pub fn reference(&self, field: &str) -> Option<EntityId> {
        EntityId::parse(self.value(field).get("$ref")?.as_str()?)
    }

    /// The entity of another stream that a register refers to, with the stream.
    pub fn link(&self, field: &str) -> Option<Link> {
        Link::read(self.value(field))
    }

    /// The text of a bilingual field, in the language asked for or else in the other one.
    pub fn text_in(&self, field: &str, lang: Lang) -> &str {
        let (first, second) = match lang {
            Lang::Zh => ("zh", "en"),
            Lang::En => ("en", "zh"),
        };
        let text = self.text(&format!("{field}.{first}"));
        if text.is_empty() {
            self.text(&format!("{field}.{second}"))
        } else {
            text
        }
    }

    /// Whether it is shown in lists and documents.
    pub fn is_shown(&self) -> bool {
        self.mark != EntityMark::Archived
    }
}

impl StudyDoc {
    /// The study's own entity.
    pub fn root(&self) -> Option<&Entity> {
        let root = self.id.root();
        self.entities.iter().find(|entity| entity.id == root)
    }

    /// An entity by id.
    pub fn entity(&self, id: &EntityId) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.id == *id)
    }

    /// The operations on screen of an entity and everything below it: what archiving names.
    pub fn seen_with_children(&self, id: &EntityId) -> Vec<String> {
        let mut ids = vec![id];
        let mut next = 0;
        while let Some(parent) = ids.get(next).copied() {
            let below = self
                .entities
                .iter()
                .filter(|entity| entity.parent.as_ref() == Some(parent));
            ids.extend(below.map(|entity| &entity.id));
            next += 1;
        }
        let registers = self
            .entities
            .iter()
            .filter(|entity| ids.contains(&&entity.id));
        registers
            .flat_map(|entity| entity.fields.values().flat_map(Register::seen))
            .collect()
    }

    /// Shown entities of a kind under a parent, in order.
    pub fn children<'a>(
        &'a self,
        parent: &'a EntityId,
        kind: &'a str,
    ) -> impl Iterator<Item = &'a Entity> {
        self.entities.iter().filter(move |entity| {
            entity.kind == kind && entity.parent.as_ref() == Some(parent) && entity.is_shown()
        })
    }

    /// Shown entities of a kind that belong to the study itself, in order.
    pub fn children_of_study<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Entity> {
        let root = self.id.root();
        self.of_kind(kind)
            .filter(move |entity| entity.parent.as_ref() == Some(&root))
    }

    /// Shown entities of a kind anywhere in the study, in order.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Entity> {
        self.entities
            .iter()
            .filter(move |entity| entity.kind == kind && entity.is_shown())
    }
}
