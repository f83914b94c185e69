//! The values of a field that nobody has replaced.

use crate::store::places_of_ops::OpPlace;
use ledger::OpId;
use rusqlite::{Connection, Result, params};
use serde_json::Value;

/// One standing value.
#[derive(Clone, Debug)]
pub(crate) struct HeadRow {
    /// The operation.
    pub(crate) id: OpId,
    /// Where the operation lies.
    pub(crate) place: OpPlace,
    /// The comparison value.
    pub(crate) cmp: String,
}

impl HeadRow {
    /// The value; null when cleared or redacted.
    pub(crate) fn value(&self) -> Value {
        value_of(&self.cmp)
    }
}

/// The value behind a comparison value; null when it was redacted.
///
/// A comparison value is canonical JSON or a tagged hash, which is no JSON.
pub(crate) fn value_of(cmp: &str) -> Value {
    serde_json::from_str(cmp).unwrap_or(Value::Null)
}

/// Tells whether a comparison value stands for a redacted one.
pub(crate) fn is_redacted(cmp: &str) -> bool {
    cmp.starts_with("sha256:")
}

/// The heads of a field; the one that is displayed comes first.
///
/// Order: as [`ledger::State::heads`].
pub(crate) fn of_field(conn: &Connection, entity: i64, field: &str) -> Result<Vec<HeadRow>> {
    conn.prepare_cached(
        "SELECT d.name, c.seq, h.idx, h.commit_id, h.cmp
         FROM heads h JOIN commits c ON c.id = h.commit_id JOIN devices d ON d.id = c.device
         WHERE h.entity = ?1 AND h.field = ?2
         ORDER BY c.lam DESC, d.name DESC, c.seq DESC, h.idx DESC",
    )?
    .query_map(params![entity, field], |row| {
        let (seq, idx): (i64, i64) = (row.get(1)?, row.get(2)?);
        Ok(HeadRow {
            id: OpId {
                dev: row.get(0)?,
                seq: u64::try_from(seq).unwrap_or(0),
                idx: u32::try_from(idx).unwrap_or(0),
            },
            place: OpPlace {
                commit: row.get(3)?,
                idx,
            },
            cmp: row.get(4)?,
        })
    })?
    .collect()
}

/// The displayed value of a field; null when it was never written.
pub(crate) fn shown(conn: &Connection, entity: i64, field: &str) -> Result<Value> {
    Ok(of_field(conn, entity, field)?
        .first()
        .map_or(Value::Null, HeadRow::value))
}

/// The displayed text of a field; empty when there is none.
pub(crate) fn shown_text(conn: &Connection, entity: i64, field: &str) -> Result<String> {
    Ok(shown(conn, entity, field)?
        .as_str()
        .unwrap_or_default()
        .to_owned())
}

/// Every head of an entity with its field.
pub(crate) fn of_entity(conn: &Connection, entity: i64) -> Result<Vec<(String, OpPlace)>> {
    conn.prepare_cached("SELECT field, commit_id, idx FROM heads WHERE entity = ?1")?
        .query_map([entity], |row| {
            Ok((
                row.get(0)?,
                OpPlace {
                    commit: row.get(1)?,
                    idx: row.get(2)?,
                },
            ))
        })?
        .collect()
}
