//! Saving what the editor changed: everything of one moment in one commit.

use crate::deletion;
use crate::desk::{Changed, Desk, stream_of};
use crate::draft;
use crate::edit::{self, Edit, checked, find, head_ids, is_written_by_hand, save};
use crate::error::DeskError;
use crate::project::places;
use crate::protocol::rows::Rows;
use crate::store::names;
use crate::store::write::{Change, Reason};
use ledger::DELETED;
use model::check::Complaint;
use model::protocol::{KINDS, ProtocolChange};
use model::{EntityId, StudyId, kind};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

impl Desk {
    /// Saves several changes of a protocol: one commit, one step back.
    ///
    /// They are taken in their order, so that one may name what another one adds.
    ///
    /// # Errors
    /// As [`Desk::set`], [`Desk::add`], [`Desk::archive`] and [`Desk::move_to`];
    /// [`DeskError::IdTaken`] when the id of a new entity is no UUID of version 7 or is used in the
    /// study. Nothing is stored when one of them is refused.
    pub fn protocol_save(
        &mut self,
        study: &StudyId,
        changes: Vec<ProtocolChange>,
        why: Option<Reason>,
    ) -> Result<Changed, DeskError> {
        let saved = self.transact(|conn, author| {
            let mut batch = Batch::new(conn, study)?;
            for change in changes {
                batch.take(change)?;
            }
            save(conn, author, study, batch.finish()?, why)
        })?;
        if saved.commits.is_empty() {
            return Ok(Changed::default());
        }
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }
}

/// What is saved together, as it grows.
pub(crate) struct Batch<'a> {
    conn: &'a Connection,
    study: &'a StudyId,
    stream: i64,
    /// One change for each field; `None` where a later one took it back.
    changes: Vec<Option<Change>>,
    at: HashMap<(String, String), usize>,
    /// Kinds of the entities that are added.
    added: HashMap<EntityId, String>,
    /// Parents as they will be, of what is added or moved.
    parents: HashMap<EntityId, EntityId>,
    rows: Rows,
    /// Deletions stand last: they name what else was saved of what they take along.
    deletions: BTreeMap<EntityId, Change>,
}

impl<'a> Batch<'a> {
    /// Nothing yet.
    pub(crate) fn new(conn: &'a Connection, study: &'a StudyId) -> Result<Self, DeskError> {
        Ok(Self {
            conn,
            study,
            stream: stream_of(conn, study)?,
            changes: Vec::new(),
            at: HashMap::new(),
            added: HashMap::new(),
            parents: HashMap::new(),
            rows: Rows::default(),
            deletions: BTreeMap::new(),
        })
    }

    /// Takes one more change.
    pub(crate) fn take(&mut self, change: ProtocolChange) -> Result<(), DeskError> {
        match change {
            ProtocolChange::Set {
                entity,
                field,
                value,
                seen,
            } => self.set(entity, field, value, seen),
            ProtocolChange::Add {
                id,
                kind,
                parent,
                after,
                fields,
            } => self.add(&id, &kind, parent, after.as_ref(), fields),
            ProtocolChange::Archive { entity, seen } => self.archive(entity, &seen),
            ProtocolChange::Restore { entity } => self.restore(&entity),
            ProtocolChange::Move {
                entity,
                parent,
                after,
            } => self.put_elsewhere(&entity, parent, after.as_ref()),
        }
    }

    /// What is to be written.
    pub(crate) fn finish(self) -> Result<Vec<Change>, DeskError> {
        let changes = self.changes.into_iter().flatten();
        let all = changes.chain(self.deletions.into_values()).collect();
        deletion::see_own(self.conn, self.stream, all)
    }

    /// Notes a change; an earlier one of the same field is replaced.
    fn put(&mut self, change: Change) {
        let key = (change.e.clone(), change.f.clone());
        match self.at.get(&key).and_then(|at| self.changes.get_mut(*at)) {
            Some(slot) => *slot = Some(change),
            None => {
                self.at.insert(key, self.changes.len());
                self.changes.push(Some(change));
            }
        }
    }

    fn take_back(&mut self, e: &EntityId, f: &str) {
        let key = (e.as_str().to_owned(), f.to_owned());
        if let Some(slot) = self.at.get(&key).and_then(|at| self.changes.get_mut(*at)) {
            *slot = None;
        }
    }

    fn set(
        &mut self,
        entity: EntityId,
        field: String,
        value: Value,
        seen: Vec<String>,
    ) -> Result<(), DeskError> {
        draft::forget(self.conn, self.stream, &entity, &field)?;
        let change = match self.added.get(&entity) {
            Some(_) if !seen.is_empty() => return Err(DeskError::StaleForm),
            Some(kind) => to_first(&entity, kind, &field, value)?,
            None => {
                let edit = Edit {
                    entity: entity.clone(),
                    field: field.clone(),
                    value,
                    seen,
                };
                edit::to_change(self.conn, self.study, edit)?
            }
        };
        match change {
            Some(change) => self.put(change),
            None => self.take_back(&entity, &field),
        }
        Ok(())
    }

    fn add(
        &mut self,
        id: &EntityId,
        kind: &str,
        parent: Option<EntityId>,
        after: Option<&EntityId>,
        fields: BTreeMap<String, Value>,
    ) -> Result<(), DeskError> {
        let is_known = kind == kind::SUGGESTION || KINDS.contains(&kind);
        if !is_known || kind == kind::STUDY {
            return Err(DeskError::unknown_kind(kind));
        }
        let is_version_7 =
            uuid::Uuid::try_parse(id.as_str()).is_ok_and(|id| id.get_version_num() == 7);
        let is_used = self.added.contains_key(id)
            || names::entity(self.conn, self.stream, id.as_str())?.is_some();
        if !is_version_7 || is_used {
            return Err(DeskError::IdTaken {
                id: id.as_str().to_owned(),
            });
        }
        let parent = parent.unwrap_or_else(|| self.study.root());
        self.check_parent(kind, &parent)?;
        self.added.insert(id.clone(), kind.to_owned());
        self.put_parent(id, kind, &parent, Vec::new());
        self.put_behind(id, kind, &parent, after)?;
        for (field, value) in fields {
            if let Some(change) = to_first(id, kind, &field, value)? {
                self.put(change);
            }
        }
        Ok(())
    }

    fn archive(&mut self, entity: EntityId, seen: &[String]) -> Result<(), DeskError> {
        if self.added.contains_key(&entity) {
            self.forget(&entity);
            return Ok(());
        }
        let target = find(self.conn, self.study, &entity)?;
        let deletion = deletion::to_deletion(self.conn, &target, &entity, seen)?;
        self.take_back(&entity, DELETED);
        draft::forget_entity(self.conn, self.stream, &entity)?;
        self.deletions.insert(entity, deletion);
        Ok(())
    }

    /// What was added and put aside in one moment was never there, nor what was added below it.
    fn forget(&mut self, entity: &EntityId) {
        let mut gone = vec![entity.clone()];
        while let Some(entity) = gone.pop() {
            let is_child = |(child, parent): &(&EntityId, &EntityId)| {
                **parent == entity && self.added.contains_key(*child)
            };
            gone.extend(
                self.parents
                    .iter()
                    .filter(is_child)
                    .map(|(id, _)| id.clone()),
            );
            self.added.remove(&entity);
            self.parents.remove(&entity);
            for change in &mut self.changes {
                if change
                    .as_ref()
                    .is_some_and(|change| change.e == entity.as_str())
                {
                    *change = None;
                }
            }
        }
    }

    fn restore(&mut self, entity: &EntityId) -> Result<(), DeskError> {
        if self.added.contains_key(entity) {
            return Ok(());
        }
        let target = find(self.conn, self.study, entity)?;
        self.deletions.remove(entity);
        let p = head_ids(self.conn, target.entity, DELETED)?;
        if !p.is_empty() {
            let change = Change::first(entity.as_str(), &target.kind, DELETED, Value::Null);
            self.put(Change { p, ..change });
        }
        Ok(())
    }

    fn put_elsewhere(
        &mut self,
        entity: &EntityId,
        parent: Option<EntityId>,
        after: Option<&EntityId>,
    ) -> Result<(), DeskError> {
        let (kind, before) = self.place_of(entity)?;
        let parent = parent.unwrap_or_else(|| before.clone());
        if after == Some(entity) {
            return Err(DeskError::no_entity(entity.as_str()));
        }
        let (conn, study) = (self.conn, self.study);
        let family = (&before, kind.as_str());
        if parent != before {
            self.check_parent(&kind, &parent)?;
        } else if self.rows.is_behind(conn, study, family, entity, after)? {
            return Ok(());
        }
        self.rows.take_out(conn, study, family, entity)?;
        if parent != before {
            let p = self.heads(entity, "parent")?;
            self.put_parent(entity, &kind, &parent, p);
        }
        self.put_behind(entity, &kind, &parent, after)
    }

    fn put_parent(&mut self, id: &EntityId, kind: &str, parent: &EntityId, p: Vec<ledger::OpId>) {
        let value = json!({"$ref": parent.as_str()});
        let change = Change::first(id.as_str(), kind, "parent", value);
        self.put(Change { p, ..change });
        self.parents.insert(id.clone(), parent.clone());
    }

    fn put_behind(
        &mut self,
        id: &EntityId,
        kind: &str,
        parent: &EntityId,
        after: Option<&EntityId>,
    ) -> Result<(), DeskError> {
        let (conn, study) = (self.conn, self.study);
        let placed = self.rows.put(conn, study, (parent, kind), id, after)?;
        for sibling in placed {
            let p = self.heads(&sibling.id, "ord")?;
            let change = Change::first(sibling.id.as_str(), kind, "ord", sibling.ord.into());
            self.put(Change { p, ..change });
        }
        Ok(())
    }

    /// What stands in the vault; nothing for what is added in this save.
    fn heads(&self, entity: &EntityId, field: &str) -> Result<Vec<ledger::OpId>, DeskError> {
        match names::entity(self.conn, self.stream, entity.as_str())? {
            Some(number) => head_ids(self.conn, number, field),
            None => Ok(Vec::new()),
        }
    }

    /// Kind and parent of an entity, as this save has them.
    fn place_of(&self, entity: &EntityId) -> Result<(String, EntityId), DeskError> {
        let not_here = || DeskError::no_entity(entity.as_str());
        if let Some(kind) = self.added.get(entity) {
            let parent = self.parents.get(entity).ok_or_else(not_here)?;
            return Ok((kind.clone(), parent.clone()));
        }
        let target = find(self.conn, self.study, entity)?;
        if let Some(parent) = self.parents.get(entity) {
            return Ok((target.kind, parent.clone()));
        }
        let place = places::of(self.conn, target.entity)?.ok_or_else(not_here)?;
        let parent = place.parent.ok_or_else(not_here)?;
        let parent = EntityId::parse(&names::entity_name(self.conn, parent)?);
        Ok((target.kind, parent.ok_or_else(not_here)?))
    }

    /// Sections belong to the study, blocks to a section, suggestions to a block.
    fn check_parent(&self, kind: &str, parent: &EntityId) -> Result<(), DeskError> {
        let parent_kind = match self.added.get(parent) {
            Some(kind) => kind.clone(),
            None => find(self.conn, self.study, parent)?.kind,
        };
        let wanted = match kind {
            kind::BLOCK => kind::SECTION,
            kind::SUGGESTION => kind::BLOCK,
            _ => kind::STUDY,
        };
        if parent_kind == wanted {
            return Ok(());
        }
        Err(DeskError::invalid(kind, "parent", Complaint::NotAReference))
    }
}

/// The first value of a field of a new entity; `None` for a blank one.
fn to_first(
    entity: &EntityId,
    kind: &str,
    field: &str,
    value: Value,
) -> Result<Option<Change>, DeskError> {
    if !is_written_by_hand(kind, field) {
        return Err(DeskError::ReadOnlyField {
            kind: kind.to_owned(),
            field: field.to_owned(),
        });
    }
    let value = checked(kind, field, value)?;
    let change = Change::first(entity.as_str(), kind, field, value);
    Ok((!change.value.is_null()).then_some(change))
}
