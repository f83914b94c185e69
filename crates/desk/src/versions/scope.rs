//! The part of a study that a version freezes, as it is displayed.

use ledger::{Hash, canonical};
use model::protocol::{KINDS, is_in_scope, is_pending};
use model::{Entity, EntityId, Head, StudyDoc, kind};
use serde_json::{Value, json};

/// The entities of the protocol: shown, and not only proposed.
pub(crate) fn entities(doc: &StudyDoc) -> impl Iterator<Item = &Entity> {
    doc.entities.iter().filter(|entity| {
        KINDS.contains(&entity.kind.as_str())
            && entity.is_shown()
            && !(entity.kind == kind::BLOCK && is_pending(entity))
    })
}

/// The registers of an entity that belong to the protocol, with what is displayed.
pub(crate) fn registers(entity: &Entity) -> impl Iterator<Item = (&str, &Head)> {
    entity
        .fields
        .iter()
        .filter(|(field, _)| is_in_scope(&entity.kind, field))
        .filter_map(|(field, register)| Some((field.as_str(), register.heads.first()?)))
}

/// Whether a register says something; that a block was accepted does not.
pub(crate) fn is_said(field: &str, value: &Value) -> bool {
    !value.is_null() && field != "pending"
}

/// The hash of what a protocol says, over its entities in order.
pub(crate) struct Content(Vec<Value>);

impl Content {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an entity; cleared registers say nothing.
    pub(crate) fn add<'a>(
        &mut self,
        id: &EntityId,
        kind: &str,
        parent: Option<&EntityId>,
        fields: impl Iterator<Item = (&'a str, &'a Value)>,
    ) {
        let fields: Vec<Value> = fields
            .filter(|(field, value)| is_said(field, value))
            .map(|(field, value)| json!([field, value]))
            .collect();
        let parent = parent.map(EntityId::as_str);
        self.0.push(json!([id.as_str(), kind, parent, fields]));
    }

    /// The tagged hash.
    pub(crate) fn hash(self) -> String {
        // Values come from commits, which hold nothing without a canonical form.
        let bytes = canonical::to_bytes(&Value::Array(self.0)).unwrap_or_default();
        Hash::of(&bytes).as_str().to_owned()
    }
}
