//! Entities whose hidden values are gone for good.
//!
//! Whoever is forgotten gets a register that says so; wherever that register stands, the detached
//! values of the entity are deleted, also those that come in later. The signed bytes stay, so
//! chain and signatures still verify (docs/sync-protocol.md, redaction).

use crate::store::append::Touched;
use crate::store::moves::Field;
use rusqlite::{Connection, Result, params};
use std::collections::BTreeSet;

/// The register that says so; its value is the day.
pub(crate) const FORGOTTEN: &str = "forgotten";

/// Whether an entity is forgotten.
pub(crate) fn is_forgotten(conn: &Connection, entity: i64) -> Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS(SELECT 1 FROM heads WHERE entity = ?1 AND field = 'forgotten')",
    )?
    .query_row([entity], |row| row.get(0))
}

/// Deletes the detached values of every touched entity that is forgotten, and says what that
/// touched besides; `None` when there was nothing to delete.
pub(crate) fn apply(conn: &Connection, touched: &Touched) -> Result<Option<Touched>> {
    let entities: BTreeSet<i64> = touched.fields.keys().map(|(entity, _)| *entity).collect();
    let mut all: Option<Touched> = None;
    for entity in entities {
        if !is_forgotten(conn, entity)? {
            continue;
        }
        let n = of_entity(conn, entity)?;
        let wider = all.get_or_insert_with(|| Touched {
            stream: touched.stream,
            fields: touched.fields.clone(),
            ..Touched::default()
        });
        if n == 0 {
            continue;
        }
        let mut statement =
            conn.prepare_cached("SELECT DISTINCT field, kind FROM ops WHERE entity = ?1")?;
        let mut rows = statement.query([entity])?;
        while let Some(row) = rows.next()? {
            let (field, kind): (String, String) = (row.get(0)?, row.get(1)?);
            wider
                .fields
                .entry((entity, field))
                .or_insert_with(|| Field::of(kind));
        }
    }
    Ok(all)
}

/// Deletes what is hidden of an entity: values, reasons of what was done to it alone, drafts.
fn of_entity(conn: &Connection, entity: i64) -> Result<usize> {
    let n = conn
        .prepare_cached(
            "DELETE FROM payloads WHERE EXISTS(
                 SELECT 1 FROM ops o WHERE o.commit_id = payloads.commit_id
                     AND o.idx = payloads.idx AND o.entity = ?1)
                 AND commit_id IN (SELECT commit_id FROM ops WHERE entity = ?1)",
        )?
        .execute([entity])?;
    // The reason for forgetting stays: that it was done, by whom and why.
    conn.prepare_cached(
        "DELETE FROM payloads WHERE idx = -1
             AND commit_id IN (SELECT commit_id FROM ops WHERE entity = ?1)
             AND NOT EXISTS(SELECT 1 FROM ops o WHERE o.commit_id = payloads.commit_id
                 AND (o.entity <> ?1 OR o.field = ?2))",
    )?
    .execute(params![entity, FORGOTTEN])?;
    conn.prepare_cached(
        "UPDATE heads SET cmp = (SELECT o.hidden FROM ops o
                 WHERE o.commit_id = heads.commit_id AND o.idx = heads.idx)
         WHERE entity = ?1 AND EXISTS(SELECT 1 FROM ops o
                 WHERE o.commit_id = heads.commit_id AND o.idx = heads.idx
                     AND o.hidden IS NOT NULL)",
    )?
    .execute([entity])?;
    conn.prepare_cached(
        "DELETE FROM drafts WHERE EXISTS(SELECT 1 FROM entities e WHERE e.id = ?1
             AND e.stream = drafts.stream AND e.name = drafts.entity)",
    )?
    .execute([entity])?;
    Ok(n)
}

/// How many detached values of a commit may be missing, since their entities are forgotten.
pub(crate) fn n_redacted(conn: &Connection, commit: i64) -> Result<usize> {
    let n: i64 = conn
        .prepare_cached(
            "SELECT count(*) FROM ops o WHERE o.commit_id = ?1 AND o.hidden IS NOT NULL
                 AND NOT EXISTS(SELECT 1 FROM payloads p
                     WHERE p.commit_id = o.commit_id AND p.idx = o.idx)
                 AND EXISTS(SELECT 1 FROM heads h
                     WHERE h.entity = o.entity AND h.field = 'forgotten')",
        )?
        .query_row([commit], |row| row.get(0))?;
    Ok(usize::try_from(n).unwrap_or(0))
}

/// Whether the reason of a commit may be missing: all that it did is forgotten.
pub(crate) fn is_reason_redacted(conn: &Connection, commit: i64) -> Result<bool> {
    conn.prepare_cached(
        "SELECT NOT EXISTS(SELECT 1 FROM payloads WHERE commit_id = ?1 AND idx = -1)
             AND EXISTS(SELECT 1 FROM ops WHERE commit_id = ?1)
             AND NOT EXISTS(SELECT 1 FROM ops o WHERE o.commit_id = ?1
                 AND NOT EXISTS(SELECT 1 FROM heads h
                     WHERE h.entity = o.entity AND h.field = 'forgotten'))",
    )?
    .query_row([commit], |row| row.get(0))
}
