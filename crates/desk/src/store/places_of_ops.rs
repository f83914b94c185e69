//! Operation ids and where the operations lie: commit number and index, written `commit:idx`.

use crate::store::{Standing, names};
use ledger::OpId;
use rusqlite::{Connection, OptionalExtension, Result, params};

/// Where an operation lies in this vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OpPlace {
    /// The commit's number here.
    pub(crate) commit: i64,
    /// The place in the commit.
    pub(crate) idx: i64,
}

/// Finds an operation by its id.
pub(crate) fn find(conn: &Connection, stream: i64, id: &OpId) -> Result<Option<OpPlace>> {
    let Some(device) = names::device(conn, &id.dev)? else {
        return Ok(None);
    };
    let found = find_of(conn, (stream, device), id)?;
    Ok(found.map(|(place, _)| place))
}

/// Finds an operation by the number of its device, and whether its commit counts.
pub(crate) fn find_of(
    conn: &Connection,
    (stream, device): (i64, i64),
    id: &OpId,
) -> Result<Option<(OpPlace, bool)>> {
    let seq = i64::try_from(id.seq).unwrap_or(i64::MAX);
    conn.prepare_cached(
        "SELECT c.id, c.status FROM commits c JOIN ops o ON o.commit_id = c.id AND o.idx = ?4
         WHERE c.stream = ?1 AND c.device = ?2 AND c.seq = ?3 AND c.status <> 3",
    )?
    .query_row(params![stream, device, seq, id.idx], |row| {
        let place = OpPlace {
            commit: row.get(0)?,
            idx: i64::from(id.idx),
        };
        Ok((place, row.get::<_, i64>(1)? == Standing::Counts as i64))
    })
    .optional()
}

/// The id of an operation.
pub(crate) fn id_of(conn: &Connection, place: OpPlace) -> Result<OpId> {
    conn.prepare_cached(
        "SELECT d.name, c.seq FROM commits c JOIN devices d ON d.id = c.device WHERE c.id = ?1",
    )?
    .query_row([place.commit], |row| {
        let seq: i64 = row.get(1)?;
        Ok(OpId {
            dev: row.get(0)?,
            seq: u64::try_from(seq).unwrap_or(0),
            idx: u32::try_from(place.idx).unwrap_or(0),
        })
    })
}

/// Writes places as they stand in `ops.preds` and `ops.saw`.
pub(crate) fn to_text(places: &[OpPlace]) -> String {
    let texts: Vec<String> = places
        .iter()
        .map(|place| format!("{}:{}", place.commit, place.idx))
        .collect();
    texts.join(" ")
}

/// Reads what [`to_text`] wrote.
pub(crate) fn from_text(text: &str) -> Vec<OpPlace> {
    text.split_ascii_whitespace()
        .filter_map(|part| {
            let (commit, idx) = part.split_once(':')?;
            Some(OpPlace {
                commit: commit.parse().ok()?,
                idx: idx.parse().ok()?,
            })
        })
        .collect()
}
