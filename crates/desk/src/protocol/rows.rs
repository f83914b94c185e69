//! Siblings in order, while several of them are added and moved in one save.

use crate::edit::{Target, find};
use crate::error::DeskError;
use crate::ord;
use crate::project::places;
use crate::store::names;
use model::{EntityId, StudyId};
use rusqlite::Connection;
use std::collections::HashMap;

/// One sibling: its id and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sibling {
    /// The entity.
    pub(crate) id: EntityId,
    /// Its place, compared as text.
    pub(crate) ord: String,
}

/// The rows of siblings that a save touches, as they will be after it.
#[derive(Default)]
pub(crate) struct Rows(HashMap<(EntityId, String), Vec<Sibling>>);

impl Rows {
    /// The siblings of a kind under a parent, archived ones too.
    fn row(
        &mut self,
        conn: &Connection,
        study: &StudyId,
        parent: &EntityId,
        kind: &str,
    ) -> Result<&mut Vec<Sibling>, DeskError> {
        let key = (parent.clone(), kind.to_owned());
        if !self.0.contains_key(&key) {
            let row = read(conn, study, parent, kind)?;
            self.0.insert(key.clone(), row);
        }
        Ok(self.0.entry(key).or_default())
    }

    /// Whether an entity stands right behind a sibling, or first.
    pub(crate) fn is_behind(
        &mut self,
        conn: &Connection,
        study: &StudyId,
        (parent, kind): (&EntityId, &str),
        id: &EntityId,
        after: Option<&EntityId>,
    ) -> Result<bool, DeskError> {
        let row = self.row(conn, study, parent, kind)?;
        let place = row.iter().position(|sibling| sibling.id == *id);
        let before = place.map(|place| place.checked_sub(1).and_then(|place| row.get(place)));
        Ok(before.is_some_and(|before| before.map(|sibling| &sibling.id) == after))
    }

    /// Takes an entity out of its row.
    pub(crate) fn take_out(
        &mut self,
        conn: &Connection,
        study: &StudyId,
        (parent, kind): (&EntityId, &str),
        id: &EntityId,
    ) -> Result<(), DeskError> {
        let row = self.row(conn, study, parent, kind)?;
        row.retain(|sibling| sibling.id != *id);
        Ok(())
    }

    /// Puts an entity behind a sibling, or first; gives every place that this sets.
    ///
    /// Two laptops may have given one place to two siblings. What comes between those moves the
    /// ones behind it along.
    pub(crate) fn put(
        &mut self,
        conn: &Connection,
        study: &StudyId,
        (parent, kind): (&EntityId, &str),
        id: &EntityId,
        after: Option<&EntityId>,
    ) -> Result<Vec<Sibling>, DeskError> {
        let row = self.row(conn, study, parent, kind)?;
        let at = match after {
            Some(after) => {
                let place = row.iter().position(|sibling| sibling.id == *after);
                place.ok_or_else(|| DeskError::no_entity(after.as_str()))? + 1
            }
            None => 0,
        };
        let before = at.checked_sub(1).and_then(|place| row.get(place));
        let mut last = before.map(|sibling| sibling.ord.clone());
        let is_equal = |sibling: &&mut Sibling| Some(&sibling.ord) == last.as_ref();
        let n_equal = row.iter_mut().skip(at).take_while(is_equal).count();
        let next = row.get(at + n_equal).map(|sibling| sibling.ord.clone());
        let new = Sibling {
            id: id.clone(),
            ord: String::new(),
        };
        row.insert(at, new);
        let mut given = Vec::with_capacity(n_equal + 1);
        for sibling in row.iter_mut().skip(at).take(n_equal + 1) {
            sibling.ord = ord::between(last.as_deref(), next.as_deref());
            last = Some(sibling.ord.clone());
            given.push(sibling.clone());
        }
        Ok(given)
    }
}

fn read(
    conn: &Connection,
    study: &StudyId,
    parent: &EntityId,
    kind: &str,
) -> Result<Vec<Sibling>, DeskError> {
    let Target { entity, .. } = match find(conn, study, parent) {
        Ok(target) => target,
        // A parent that is added in the same save has no children yet.
        Err(DeskError::NotFound { what: "entity", .. }) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    };
    let mut row = Vec::new();
    for place in places::children(conn, entity)? {
        if place.kind == kind {
            let id = EntityId::parse(&names::entity_name(conn, place.entity)?);
            row.extend(id.map(|id| Sibling { id, ord: place.ord }));
        }
    }
    Ok(row)
}
