//! The rules in memory: which values of a field stand, and which entities are gone.
//!
//! The laptop keeps the same state in SQL; this is the definition that both are tested against.

use crate::{Commit, DELETED, Hash, OpId, OpValue, Payload, PayloadPlace, canonical};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An operation that no other operation replaces.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The operation.
    pub id: OpId,
    /// The commit's Lamport number.
    pub lam: u64,
    /// The value; `None` when its payload is not there (redacted).
    pub value: Option<Value>,
    /// The comparison value: canonical JSON of the value, or the payload's hash once redacted.
    pub cmp: String,
    /// For a deletion: what the person saw.
    pub saw: Vec<OpId>,
}

/// Whether an entity is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityState {
    /// Not deleted.
    Live,
    /// Deleted, and every head of it and its children was seen by a deletion.
    Deleted,
    /// Deleted by somebody who had not seen a change; shown, and said so.
    EditedUnseen,
}

/// Heads of every field of one stream.
#[derive(Clone, Debug, Default)]
pub struct State {
    heads: BTreeMap<(String, String), Vec<Head>>,
}

/// The comparison value of an operation (decisions.md 4).
pub fn comparison(value: &OpValue, payload: Option<&Value>) -> String {
    match (value, payload) {
        (OpValue::Inline(value), _) | (OpValue::Hidden(_), Some(value)) => {
            canonical::to_text(value).unwrap_or_default()
        }
        (OpValue::Hidden(hash), None) => redacted(hash),
    }
}

fn redacted(hash: &Hash) -> String {
    hash.as_str().to_owned()
}

impl State {
    /// Applies a commit whose predecessors were applied before.
    pub fn apply(&mut self, commit: &Commit, payloads: &[Payload]) {
        for (idx, op) in commit.ops.iter().enumerate() {
            let id = commit.op_id(idx);
            let place = PayloadPlace::Op(id.idx);
            let payload = payloads.iter().find(|p| p.place == place).map(|p| &p.value);
            let value = match &op.v {
                OpValue::Inline(value) => Some(value.clone()),
                OpValue::Hidden(_) => payload.cloned(),
            };
            let heads = self.heads.entry((op.e.clone(), op.f.clone())).or_default();
            heads.retain(|head| !op.p.contains(&head.id));
            let cmp = comparison(&op.v, payload);
            heads.push(Head { id, lam: commit.lam, value, cmp, saw: op.saw.clone() });
            heads.sort_by(|a, b| (b.lam, &b.id).cmp(&(a.lam, &a.id)));
        }
    }

    /// The heads of a field; the one that is displayed comes first.
    ///
    /// Order: greatest Lamport number, then greatest device (sync-engine rule 3).
    pub fn heads(&self, e: &str, f: &str) -> &[Head] {
        self.heads.get(&(e.to_owned(), f.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// Tells whether a field has heads with different comparison values.
    pub fn is_in_conflict(&self, e: &str, f: &str) -> bool {
        let values: BTreeSet<&str> = self.heads(e, f).iter().map(|h| h.cmp.as_str()).collect();
        values.len() > 1
    }

    /// Every field that has a head.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.heads.keys().map(|(e, f)| (e.as_str(), f.as_str()))
    }

    /// Says whether an entity with these descendants is shown (decisions.md 6).
    pub fn entity(&self, e: &str, descendants: &[&str]) -> EntityState {
        let deletions: Vec<&Head> = self
            .heads(e, DELETED)
            .iter()
            .filter(|head| head.value == Some(Value::Bool(true)))
            .collect();
        if deletions.is_empty() {
            return EntityState::Live;
        }
        let seen: BTreeSet<&OpId> = deletions.iter().flat_map(|head| &head.saw).collect();
        let unseen = self.heads.iter().any(|((entity, field), heads)| {
            let of_tree = entity == e || descendants.contains(&entity.as_str());
            let own_deletion = field == DELETED && entity == e;
            of_tree && !own_deletion && heads.iter().any(|head| !seen.contains(&head.id))
        });
        if unseen { EntityState::EditedUnseen } else { EntityState::Deleted }
    }
}
