//! What both sides of a conflict started from.

use crate::desk::Desk;
use crate::edit::find;
use crate::error::DeskError;
use crate::store::places_of_ops::{self as places, OpPlace};
use crate::store::{Standing, heads};
use model::{EntityId, StudyId};
use rusqlite::{Connection, params};
use serde_json::Value;
use std::collections::BTreeSet;

impl Desk {
    /// The newest value that every standing value of a register goes back to; `None` when they
    /// have none in common or it was redacted.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn conflict_base(
        &self,
        study: &StudyId,
        entity: &EntityId,
        field: &str,
    ) -> Result<Option<Value>, DeskError> {
        let conn = &self.opened.conn;
        let target = find(conn, study, entity)?;
        let mut common: Option<BTreeSet<OpPlace>> = None;
        for head in heads::of_field(conn, target.entity, field)? {
            let before = predecessors(conn, head.place)?;
            common = Some(match common {
                Some(common) => common.intersection(&before).copied().collect(),
                None => before,
            });
        }
        // A Lamport number is greater than those of all predecessors, so the greatest is the newest.
        let mut newest: Option<((i64, String), String)> = None;
        for place in common.unwrap_or_default() {
            let (lam, device, cmp) = read(conn, place)?;
            if newest
                .as_ref()
                .is_none_or(|(key, _)| *key < (lam, device.clone()))
            {
                newest = Some(((lam, device), cmp));
            }
        }
        let cmp = newest.map(|(_, cmp)| cmp);
        Ok(cmp
            .filter(|cmp| !heads::is_redacted(cmp))
            .map(|cmp| heads::value_of(&cmp)))
    }
}

/// Everything that an operation goes back to; what was set aside is passed through.
fn predecessors(conn: &Connection, place: OpPlace) -> Result<BTreeSet<OpPlace>, DeskError> {
    let mut found = BTreeSet::new();
    let mut known = BTreeSet::from([place]);
    let mut open = vec![place];
    while let Some(place) = open.pop() {
        let (status, preds): (i64, String) = conn
            .prepare_cached(
                "SELECT c.status, o.preds FROM ops o JOIN commits c ON c.id = o.commit_id
                 WHERE o.commit_id = ?1 AND o.idx = ?2",
            )?
            .query_row(params![place.commit, place.idx], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        if status == Standing::Counts as i64 {
            found.insert(place);
        }
        let new = places::from_text(&preds).into_iter();
        open.extend(new.filter(|pred| known.insert(*pred)));
    }
    found.remove(&place);
    Ok(found)
}

fn read(conn: &Connection, place: OpPlace) -> Result<(i64, String, String), DeskError> {
    Ok(conn
        .prepare_cached(
            "SELECT c.lam, d.name, coalesce(o.value, p.value, o.hidden)
             FROM ops o JOIN commits c ON c.id = o.commit_id JOIN devices d ON d.id = c.device
             LEFT JOIN payloads p ON p.commit_id = o.commit_id AND p.idx = o.idx
             WHERE o.commit_id = ?1 AND o.idx = ?2",
        )?
        .query_row(params![place.commit, place.idx], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?)
}
