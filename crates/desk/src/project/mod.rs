//! What screens read, derived from the heads: where entities belong, conflicts, numbers, the list
//! of studies, the search index, and what is due when ([`crate::plan`]).
//!
//! Everything here can be dropped and rebuilt to the same content ([`rebuild`]); `verify` does so
//! and compares. Start at [`project`].

pub(crate) mod conflicts;
pub(crate) mod numbers;
pub(crate) mod places;
pub(crate) mod rebuild;
pub(crate) mod study_rows;

use crate::plan::rows;
use crate::search;
use crate::store::append::Touched;
use crate::store::moves::{self, Field};
use crate::store::redact;
use rusqlite::{Connection, Result};
use std::collections::{BTreeMap, BTreeSet};

/// Registers that place an entity; they hold no value of the study and are never in conflict.
pub(crate) const STRUCTURE: [&str; 4] = ["_del", "parent", "ord", "importKey"];

/// Tells whether a register holds a value of the study.
pub(crate) fn is_content(field: &str) -> bool {
    !STRUCTURE.contains(&field)
}

/// Brings everything derived in step with the heads that a save or a pull touched.
pub(crate) fn project(conn: &Connection, touched: &mut Touched) -> Result<()> {
    if touched.fields.is_empty() {
        return Ok(());
    }
    moves::settle(conn, touched)?;
    let wider = redact::apply(conn, touched)?;
    let touched = wider.as_ref().unwrap_or(touched);
    let mut kinds: BTreeMap<i64, String> = BTreeMap::new();
    let mut moved = BTreeSet::new();
    for ((entity, field), Field { kind, .. }) in &touched.fields {
        let known = kinds.entry(*entity).or_insert_with(|| kind.clone());
        if kind < known {
            known.clone_from(kind);
        }
        if places::rests_on(field) {
            moved.insert(*entity);
        }
    }
    let placed = places::update(conn, touched.stream, &kinds, &moved)?;
    for (entity, field) in touched.fields.keys() {
        let kind = placed.get(entity).map_or("", String::as_str);
        conflicts::update(conn, *entity, kind, field)?;
        search::update(conn, *entity, kind, field)?;
    }
    numbers::update(conn, touched.stream)?;
    let are_sites_touched = kinds.values().any(|kind| kind == model::kind::SITE);
    study_rows::update(conn, touched.stream, are_sites_touched)?;
    if rows::concerns(touched, &kinds) {
        rows::update(conn, touched.stream)?;
    }
    Ok(())
}
