//! Form tokens: what a form, or typing that was kept, had on screen.
//!
//! The id of an operation says it, until a copy of the vault wrote under the same device identity:
//! then what was put aside here and what the center holds in its place bear one id. The later of
//! them says its commit too, `device:seq:index~hash`, so that the bare id keeps its meaning for
//! whoever had it on screen before. What was put aside means what was issued again of it.

use crate::error::DeskError;
use crate::store::Standing;
use crate::store::places_of_ops::OpPlace;
use ledger::OpId;
use rusqlite::{Connection, OptionalExtension, Result as Sql, Row, params};

/// What follows the id of an operation of commit `c` in a token, in SQL.
pub(crate) const MARK: &str = "CASE WHEN EXISTS(SELECT 1 FROM commits o WHERE o.stream = c.stream
     AND o.device = c.device AND o.seq = c.seq AND o.status = 3)
     THEN '~' || substr(c.hash, 8, 12) ELSE '' END";

/// A commit that a token may name.
struct Named {
    id: i64,
    status: i64,
    hash: String,
    entity: i64,
    field: String,
    op: OpId,
}

/// Reads a token: the operation, and the beginning of its commit's hash where that is said.
pub(crate) fn read(token: &str) -> Option<(OpId, &str)> {
    let (id, hash) = token.split_once('~').unwrap_or((token, ""));
    Some((OpId::parse(id)?, hash))
}

/// The token of an operation.
pub(crate) fn of(conn: &Connection, place: OpPlace) -> Sql<String> {
    let sql = format!(
        "SELECT d.name || ':' || c.seq || ':' || ?2 || {MARK}
         FROM commits c JOIN devices d ON d.id = c.device WHERE c.id = ?1"
    );
    conn.prepare_cached(&sql)?
        .query_row([place.commit, place.idx], |row| row.get(0))
}

/// The operations that the tokens of one form name now; one that the field never had is refused.
///
/// What is in no log any more is left out: nothing can replace it, and what the person saves stands
/// beside whatever comes.
pub(crate) fn seen(
    conn: &Connection,
    stream: i64,
    tokens: &[String],
    belongs: impl Fn(i64, &str) -> bool,
) -> Result<Vec<OpId>, DeskError> {
    let mut found = Vec::new();
    for token in tokens {
        let (op, hash) = read(token).ok_or(DeskError::StaleForm)?;
        let now = match find(conn, stream, op.clone(), hash)? {
            Some(named) if belongs(named.entity, &named.field) => follow(conn, stream, named)?,
            None if is_given_up(conn, &op.dev)? => None,
            _ => return Err(DeskError::StaleForm),
        };
        found.extend(now);
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The oldest commit that bears the id and fits the hash.
fn find(conn: &Connection, stream: i64, op: OpId, hash: &str) -> Sql<Option<Named>> {
    // Twice, because each half has an index of its own.
    let half = |which: &str| {
        format!(
            "SELECT c.id, c.status, c.hash, o.entity, o.field FROM commits c
             JOIN ops o ON o.commit_id = c.id AND o.idx = ?4
             WHERE c.stream = ?1 AND c.device = (SELECT id FROM devices WHERE name = ?2)
                 AND c.seq = ?3 AND c.status {which} 3 AND substr(c.hash, 8, length(?5)) = ?5"
        )
    };
    let sql = format!("{} UNION ALL {} ORDER BY 1", half("="), half("<>"));
    let seq = i64::try_from(op.seq).unwrap_or(i64::MAX);
    conn.prepare_cached(&sql)?
        .query_row(params![stream, op.dev, seq, op.idx, hash], |row| {
            to_named(row, op.clone())
        })
        .optional()
}

fn to_named(row: &Row<'_>, op: OpId) -> Sql<Named> {
    Ok(Named {
        id: row.get(0)?,
        status: row.get(1)?,
        hash: row.get(2)?,
        entity: row.get(3)?,
        field: row.get(4)?,
        op,
    })
}

/// Goes from what was put aside to what was issued again of it, as often as that happened.
fn follow(conn: &Connection, stream: i64, mut named: Named) -> Sql<Option<OpId>> {
    // A commit issued again is younger than the one it repeats, so this ends.
    while named.status == Standing::Reissued as i64 {
        let repeats = format!(r#""re":"{}""#, named.hash);
        let next = conn
            .prepare_cached(
                "SELECT c.id, c.status, c.hash, o.entity, o.field, d.name, c.seq FROM commits c
                 JOIN devices d ON d.id = c.device
                 JOIN ops o ON o.commit_id = c.id AND o.idx = ?4
                 WHERE c.stream = ?1 AND c.id > ?2 AND o.entity = ?5 AND o.field = ?6
                     AND instr(c.bytes, CAST(?3 AS BLOB)) > 0
                 ORDER BY c.status = 3, c.id LIMIT 1",
            )?
            .query_row(
                params![
                    stream,
                    named.id,
                    repeats,
                    named.op.idx,
                    named.entity,
                    named.field
                ],
                |row| {
                    let seq: i64 = row.get(6)?;
                    let op = OpId {
                        dev: row.get(5)?,
                        seq: u64::try_from(seq).unwrap_or(0),
                        idx: named.op.idx,
                    };
                    to_named(row, op)
                },
            )
            .optional()?;
        match next {
            Some(next) => named = next,
            None => return Ok(None),
        }
    }
    Ok(Some(named.op))
}

/// Whether this vault signed as that device and does no more.
fn is_given_up(conn: &Connection, dev: &str) -> Sql<bool> {
    conn.prepare_cached(
        "SELECT EXISTS(SELECT 1 FROM identities
             WHERE device = ?1 AND id < (SELECT max(id) FROM identities))",
    )?
    .query_row([dev], |row| row.get(0))
}
