//! One hash over what the vault holds: equal after a restore, and on two laptops in step.

use crate::store::names;
use ledger::{Hash, canonical};
use rusqlite::{Connection, Result, params};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The digest over every stream that has commits.
///
/// What is local (numbers, drafts, settings, the center's receipts) does not enter.
pub(crate) fn of_vault(conn: &Connection) -> Result<String> {
    let mut lines = Vec::new();
    for (stream, name) in names::streams(conn)? {
        let tips = tips(conn, stream)?;
        if !tips.is_empty() {
            lines.push(json!([name, tips, of_heads(conn, stream)?.as_str()]));
        }
    }
    Ok(hash(&Value::Array(lines)).as_str().to_owned())
}

/// The digest of one stream's heads; the same as [`ledger::State::digest`].
pub(crate) fn of_heads(conn: &Connection, stream: i64) -> Result<Hash> {
    let mut fields: BTreeMap<(String, String), Vec<ledger::OpId>> = BTreeMap::new();
    let mut statement = conn.prepare_cached(
        "SELECT e.name, h.field, d.name, c.seq, h.idx
         FROM heads h JOIN entities e ON e.id = h.entity
         JOIN commits c ON c.id = h.commit_id JOIN devices d ON d.id = c.device
         WHERE e.stream = ?1",
    )?;
    let mut rows = statement.query(params![stream])?;
    while let Some(row) = rows.next()? {
        let (seq, idx): (i64, i64) = (row.get(3)?, row.get(4)?);
        let id = ledger::OpId {
            dev: row.get(2)?,
            seq: u64::try_from(seq).unwrap_or(0),
            idx: u32::try_from(idx).unwrap_or(0),
        };
        fields
            .entry((row.get(0)?, row.get(1)?))
            .or_default()
            .push(id);
    }
    let lines = fields.into_iter().map(|((entity, field), mut ids)| {
        ids.sort();
        let ids: Vec<Value> = ids.iter().map(|id| id.to_string().into()).collect();
        json!([entity, field, ids])
    });
    Ok(hash(&Value::Array(lines.collect())))
}

/// The ends of all chains: they bind every commit of the stream.
fn tips(conn: &Connection, stream: i64) -> Result<Vec<Value>> {
    conn.prepare_cached(
        "SELECT d.name, t.seq, t.hash FROM tips t JOIN devices d ON d.id = t.device
         WHERE t.stream = ?1 ORDER BY d.name",
    )?
    .query_map([stream], |row| {
        let (device, seq, hash): (String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(json!([device, seq, hash]))
    })?
    .collect()
}

fn hash(value: &Value) -> Hash {
    Hash::of(&canonical::to_bytes(value).expect("texts and whole numbers have a canonical form"))
}
