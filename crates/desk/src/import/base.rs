//! What the imports before wrote: the registry's own view of a field.

use crate::store::places_of_ops::{self as places, OpPlace};
use ledger::OpId;
use rusqlite::{Connection, Result};
use std::collections::BTreeMap;

/// An imported operation that no later import replaced.
#[derive(Clone, Debug)]
pub(crate) struct BaseOp {
    /// The operation.
    pub(crate) id: OpId,
    /// Its comparison value.
    pub(crate) cmp: String,
    /// The commit that it stands in.
    pub(crate) commit: i64,
}

/// The imported operations of an entity by field, the newest first.
pub(crate) fn base_of_entity(
    conn: &Connection,
    entity: i64,
) -> Result<BTreeMap<String, Vec<BaseOp>>> {
    let mut found: BTreeMap<String, Vec<BaseOp>> = BTreeMap::new();
    let mut statement = conn.prepare_cached(
        "SELECT b.field, b.commit_id, b.idx, coalesce(o.value, p.value, o.hidden)
         FROM import_base b JOIN ops o ON o.commit_id = b.commit_id AND o.idx = b.idx
         LEFT JOIN payloads p ON p.commit_id = b.commit_id AND p.idx = b.idx
         JOIN commits c ON c.id = b.commit_id JOIN devices d ON d.id = c.device
         WHERE b.entity = ?1 ORDER BY c.lam DESC, d.name DESC, c.seq DESC, b.idx DESC",
    )?;
    let mut rows = statement.query([entity])?;
    while let Some(row) = rows.next()? {
        let place = OpPlace {
            commit: row.get(1)?,
            idx: row.get(2)?,
        };
        let id = places::id_of(conn, place)?;
        let op = BaseOp {
            id,
            cmp: row.get(3)?,
            commit: place.commit,
        };
        found.entry(row.get(0)?).or_default().push(op);
    }
    Ok(found)
}
