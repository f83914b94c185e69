//! A study as a tree of registers: from a stored study, or from an incoming one.

use model::doc::{Entity, StudyDoc};
use model::incoming::{IncomingPart, IncomingStudy};
use model::{EntityId, kind};
use serde_json::Value;
use std::collections::BTreeMap;

/// Something with fields and what is below it, in order.
#[derive(Debug, Default)]
pub(super) struct Node<'a> {
    /// The entity; `None` in an incoming study.
    pub(super) id: Option<&'a EntityId>,
    /// Its kind.
    pub(super) kind: &'a str,
    fields: BTreeMap<&'a str, &'a Value>,
    conflicts: Vec<&'a str>,
    redacted: Vec<&'a str>,
    children: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    /// A stored study: shown entities with their displayed values.
    pub(super) fn of_doc(doc: &'a StudyDoc) -> Option<Self> {
        let root = doc.root()?;
        let mut below: BTreeMap<&str, Vec<&Entity>> = BTreeMap::new();
        for entity in doc.entities.iter().filter(|entity| entity.is_shown()) {
            if entity.id == root.id {
                continue;
            }
            let parent = entity.parent.as_ref().unwrap_or(&root.id);
            below.entry(parent.as_str()).or_default().push(entity);
        }
        for siblings in below.values_mut() {
            siblings.sort_by(|a, b| a.ord.cmp(&b.ord));
        }
        Some(Self::of_entity(root, &mut below))
    }

    fn of_entity(entity: &'a Entity, below: &mut BTreeMap<&str, Vec<&'a Entity>>) -> Self {
        let registers = &entity.fields;
        let names = |fits: &dyn Fn(&model::doc::Register) -> bool| -> Vec<&'a str> {
            let fitting = registers.iter().filter(|(_, register)| fits(register));
            fitting.map(|(name, _)| name.as_str()).collect()
        };
        // Taking them out makes a cycle of parents harmless.
        let children = below.remove(entity.id.as_str()).unwrap_or_default();
        Self {
            id: Some(&entity.id),
            kind: &entity.kind,
            fields: registers
                .iter()
                .map(|(name, register)| (name.as_str(), register.value()))
                .collect(),
            conflicts: names(&|register| register.conflict),
            redacted: names(&|register| register.heads.first().is_some_and(|h| h.redacted)),
            children: children
                .into_iter()
                .map(|child| Self::of_entity(child, below))
                .collect(),
        }
    }

    /// A study that is about to be imported.
    pub(super) fn of_incoming(study: &'a IncomingStudy) -> Self {
        let mut below: BTreeMap<Option<(&str, &str)>, Vec<&IncomingPart>> = BTreeMap::new();
        for part in &study.parts {
            let parent = part
                .parent
                .as_ref()
                .map(|(kind, key)| (kind.as_str(), key.as_str()));
            below.entry(parent).or_default().push(part);
        }
        Self {
            kind: kind::STUDY,
            fields: plain(&study.fields),
            children: Self::of_parts(None, &mut below),
            ..Self::default()
        }
    }

    fn of_parts(
        parent: Option<(&'a str, &'a str)>,
        below: &mut BTreeMap<Option<(&'a str, &'a str)>, Vec<&'a IncomingPart>>,
    ) -> Vec<Self> {
        let mut parts = below.remove(&parent).unwrap_or_default();
        parts.sort_by_key(|part| part.ordinal);
        parts
            .into_iter()
            .map(|part| Self {
                kind: &part.kind,
                fields: plain(&part.fields),
                children: Self::of_parts(Some((&part.kind, &part.key)), below),
                ..Self::default()
            })
            .collect()
    }

    /// A register's value; null when absent.
    pub(super) fn value(&self, register: &str) -> &'a Value {
        self.fields.get(register).copied().unwrap_or(&Value::Null)
    }

    /// A register's text; empty when absent or not text.
    pub(super) fn text(&self, register: &str) -> &'a str {
        model::rich::plain(self.value(register))
    }

    /// Whether a register has more than one standing value.
    pub(super) fn is_in_conflict(&self, register: &str) -> bool {
        self.conflicts.contains(&register)
    }

    /// Whether a register's value was removed for good.
    pub(super) fn is_redacted(&self, register: &str) -> bool {
        self.redacted.contains(&register)
    }

    /// What is below it, of one kind.
    pub(super) fn children_of<'n>(&'n self, kind: &'n str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter(move |child| child.kind == kind)
    }
}

fn plain(fields: &BTreeMap<String, Value>) -> BTreeMap<&str, &Value> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .collect()
}
