//! The rules in memory: which values of a field stand, and which entities are gone.
//!
//! The laptop keeps the same state in SQL; this is the definition that both are tested against.

use crate::{Commit, DELETED, DeviceId, Hash, OpId, OpValue, Payload, PayloadPlace, canonical};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An operation that no other operation replaces.
#[derive(Clone, PartialEq)]
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

/// Shows no value: values may be personal data, and debug output ends up in logs.
impl std::fmt::Debug for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("Head");
        out.field("id", &self.id)
            .field("lam", &self.lam)
            .finish_non_exhaustive()
    }
}

impl Head {
    fn is_deletion(&self) -> bool {
        self.value == Some(Value::Bool(true))
    }
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
///
/// Invariant: an operation is a head, or an operation that was applied names it in `p`; never both.
#[derive(Clone, Debug, Default)]
pub struct State {
    stream: Option<String>,
    applied: BTreeMap<DeviceId, u64>,
    heads: BTreeMap<String, BTreeMap<String, Vec<Head>>>,
    /// What the operations of quarantined commits would have replaced.
    aside: BTreeMap<OpId, Vec<OpId>>,
}

/// The comparison value of an operation.
///
/// Two heads conflict when it differs. A cleared field compares as `null`, so that clearing
/// against changing is a conflict.
pub fn comparison(value: &OpValue, payload: Option<&Value>) -> String {
    match (value, payload) {
        (OpValue::Inline(value), _) | (OpValue::Hidden(_), Some(value)) => {
            canonical::to_text(value).unwrap_or_else(|_| value.to_string())
        }
        (OpValue::Hidden(hash), None) => hash.as_str().to_owned(),
    }
}

impl State {
    /// Applies a commit whose predecessors were applied before.
    ///
    /// `false` says that nothing was done: the commit was applied before, or it is of another
    /// stream than the first one. Whether it may follow is the question of [`crate::Chain`].
    pub fn apply(&mut self, commit: &Commit, payloads: &[Payload]) -> bool {
        if !self.takes(commit) {
            return false;
        }
        let mut hidden = BTreeMap::new();
        for payload in payloads {
            hidden.insert(payload.place, &payload.value);
        }
        for (idx, op) in commit.ops.iter().enumerate() {
            let id = commit.op_id(idx);
            let payload = hidden.get(&PayloadPlace::Op(id.idx)).copied();
            let value = match &op.v {
                OpValue::Inline(value) => Some(value.clone()),
                OpValue::Hidden(_) => payload.cloned(),
            };
            let cmp = comparison(&op.v, payload);
            let head = Head {
                id,
                lam: commit.lam,
                value,
                cmp,
                saw: op.saw.clone(),
            };
            let replaced = self.replaced_by(&op.p);
            let fields = self.heads.entry(op.e.clone()).or_default();
            let heads = fields.entry(op.f.clone()).or_default();
            heads.retain(|head| !replaced.contains(&head.id));
            heads.push(head);
            heads.sort_by(|a, b| (b.lam, &b.id).cmp(&(a.lam, &a.id)));
        }
        true
    }

    /// Sets a commit aside that is quarantined: its values stand nowhere, and a later operation
    /// that replaces one of them replaces what that one replaced.
    ///
    /// `false` as with [`State::apply`].
    pub fn set_aside(&mut self, commit: &Commit) -> bool {
        let is_new = self.takes(commit);
        if is_new {
            let ops = commit.ops.iter().enumerate();
            self.aside
                .extend(ops.map(|(idx, op)| (commit.op_id(idx), op.p.clone())));
        }
        is_new
    }

    /// The heads of a field; the one that is displayed comes first.
    ///
    /// Order: greatest Lamport number, then greatest operation id (device first).
    pub fn heads(&self, e: &str, f: &str) -> &[Head] {
        self.heads
            .get(e)
            .and_then(|fields| fields.get(f))
            .map_or(&[], Vec::as_slice)
    }

    /// Tells whether a field has heads with different comparison values.
    pub fn is_in_conflict(&self, e: &str, f: &str) -> bool {
        let values: BTreeSet<&str> = self.heads(e, f).iter().map(|h| h.cmp.as_str()).collect();
        values.len() > 1
    }

    /// Every field that has a head.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.heads
            .iter()
            .flat_map(|(e, fields)| fields.keys().map(move |f| (e.as_str(), f.as_str())))
    }

    /// Every head of an entity and its descendants: what a deletion names in `saw` when the
    /// person had all of it on screen.
    pub fn tree<'a>(
        &'a self,
        e: &'a str,
        descendants: &'a [&'a str],
    ) -> impl Iterator<Item = &'a Head> {
        self.tree_fields(e, descendants).map(|(_, head)| head)
    }

    /// Says whether an entity with these descendants is shown.
    ///
    /// An entity with a standing deletion is gone when every head of it and of its descendants is
    /// itself a deletion or was seen by a standing deletion of one of them.
    pub fn entity(&self, e: &str, descendants: &[&str]) -> EntityState {
        if !self.heads(e, DELETED).iter().any(Head::is_deletion) {
            return EntityState::Live;
        }
        let is_deletion = |f: &str, head: &Head| f == DELETED && head.is_deletion();
        let seen: BTreeSet<&OpId> = self
            .tree_fields(e, descendants)
            .filter(|(f, head)| is_deletion(f, head))
            .flat_map(|(_, head)| &head.saw)
            .collect();
        let is_unseen =
            |(f, head): (&str, &Head)| !is_deletion(f, head) && !seen.contains(&head.id);
        if self.tree_fields(e, descendants).any(is_unseen) {
            EntityState::EditedUnseen
        } else {
            EntityState::Deleted
        }
    }

    /// A hash of which operations stand, the same on every replica that applied the same commits.
    ///
    /// Values do not enter: the operations bind them, and redaction must not change it.
    pub fn digest(&self) -> Hash {
        let mut lines = Vec::new();
        for (e, f) in self.fields() {
            let mut ids: Vec<&OpId> = self.heads(e, f).iter().map(|head| &head.id).collect();
            ids.sort();
            let ids: Vec<Value> = ids.iter().map(|id| id.to_string().into()).collect();
            lines.push(Value::Array(vec![e.into(), f.into(), ids.into()]));
        }
        let text = canonical::to_bytes(&Value::Array(lines));
        Hash::of(&text.expect("texts three levels deep have a canonical form"))
    }

    fn takes(&mut self, commit: &Commit) -> bool {
        let stream = self.stream.get_or_insert_with(|| commit.stream.clone());
        let newest = self.applied.entry(commit.dev.clone()).or_default();
        let is_new = *stream == commit.stream && commit.seq > *newest;
        if is_new {
            *newest = commit.seq;
        }
        is_new
    }

    fn replaced_by(&self, p: &[OpId]) -> BTreeSet<OpId> {
        let mut replaced = BTreeSet::new();
        let mut open: Vec<&OpId> = p.iter().collect();
        while let Some(id) = open.pop() {
            if replaced.insert(id.clone()) {
                open.extend(self.aside.get(id).into_iter().flatten());
            }
        }
        replaced
    }

    fn tree_fields<'a>(
        &'a self,
        e: &'a str,
        descendants: &'a [&'a str],
    ) -> impl Iterator<Item = (&'a str, &'a Head)> {
        let entities = std::iter::once(e).chain(descendants.iter().copied());
        entities
            .filter_map(|entity| self.heads.get(entity))
            .flatten()
            .flat_map(|(f, heads)| heads.iter().map(move |head| (f.as_str(), head)))
    }
}
