//! Long names and the numbers that tables use for them.

use crate::store::places_of_ops::OpPlace;
use ledger::{OpId, PublicKey};
use rusqlite::{Connection, OptionalExtension, Result, params};
use std::collections::HashMap;

/// Numbers that were looked up within one transaction, so that each is asked for once.
#[derive(Debug, Default)]
pub(crate) struct Known {
    devices: HashMap<String, i64>,
    /// By name: stream and number.
    entities: HashMap<String, (i64, i64)>,
    /// Commits that were stored meanwhile, by device and its number: their number here, how many
    /// operations they have, and whether they count.
    commits: HashMap<(i64, u64), (i64, i64, bool)>,
    /// The newest commit of a device that others had seen.
    seen: HashMap<i64, u64>,
}

impl Known {
    /// The number of a device, where one of its commits is here.
    pub(crate) fn device(&mut self, conn: &Connection, name: &str) -> Result<Option<i64>> {
        if let Some(id) = self.devices.get(name) {
            return Ok(Some(*id));
        }
        let found = device(conn, name)?;
        if let Some(id) = found {
            self.devices.insert(name.to_owned(), id);
        }
        Ok(found)
    }

    /// The number of an entity; a new one gets its number now.
    pub(crate) fn entity(&mut self, conn: &Connection, stream: i64, name: &str) -> Result<i64> {
        match self.entities.get(name) {
            Some((of, id)) if *of == stream => Ok(*id),
            _ => {
                let id = entity_or_new(conn, stream, name)?;
                self.entities.insert(name.to_owned(), (stream, id));
                Ok(id)
            }
        }
    }

    /// Notes a commit that was stored whole.
    pub(crate) fn note_commit(&mut self, place: (i64, u64), stored: (i64, i64, bool)) {
        self.commits.insert(place, stored);
    }

    /// Forgets the numbers of commits.
    pub(crate) fn forget_commits(&mut self) {
        self.commits.clear();
        self.seen.clear();
    }

    /// The newest number of a device that others had seen when this was first asked; what comes in
    /// meanwhile has seen no more than is here.
    pub(crate) fn seen_by_others(
        &mut self,
        conn: &Connection,
        stream: i64,
        device: i64,
    ) -> Result<u64> {
        if let Some(seq) = self.seen.get(&device) {
            return Ok(*seq);
        }
        let sql = "SELECT coalesce(max(seq), 0) FROM seen WHERE stream = ?1 AND other = ?2";
        let seq: i64 = conn
            .prepare_cached(sql)?
            .query_row(params![stream, device], |row| row.get(0))?;
        let seq = u64::try_from(seq).unwrap_or(0);
        self.seen.insert(device, seq);
        Ok(seq)
    }

    /// An operation of a commit that was stored meanwhile, and whether that counts, as
    /// [`crate::store::places_of_ops::find_of`] finds it; `None` for any other commit.
    pub(crate) fn operation(&self, device: i64, id: &OpId) -> Option<Option<(OpPlace, bool)>> {
        let (commit, n_ops, counts) = *self.commits.get(&(device, id.seq))?;
        let idx = i64::from(id.idx);
        Some((idx < n_ops).then_some((OpPlace { commit, idx }, counts)))
    }
}

/// The number of a stream, where it is known here.
pub(crate) fn stream(conn: &Connection, name: &str) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM streams WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// The number of a stream; a new one gets its number now.
pub(crate) fn stream_or_new(conn: &Connection, name: &str) -> Result<i64> {
    if let Some(id) = stream(conn, name)? {
        return Ok(id);
    }
    conn.execute("INSERT INTO streams(name) VALUES(?1)", [name])?;
    Ok(conn.last_insert_rowid())
}

/// The name of a stream.
pub(crate) fn stream_name(conn: &Connection, stream: i64) -> Result<String> {
    conn.prepare_cached("SELECT name FROM streams WHERE id = ?1")?
        .query_row([stream], |row| row.get(0))
}

/// Every stream: number and name, by name.
pub(crate) fn streams(conn: &Connection) -> Result<Vec<(i64, String)>> {
    conn.prepare_cached("SELECT id, name FROM streams ORDER BY name")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// The number of a device, where one of its commits is here.
pub(crate) fn device(conn: &Connection, name: &str) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM devices WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// The number of a device; a new one is noted with its key.
pub(crate) fn device_or_new(conn: &Connection, key: &PublicKey) -> Result<i64> {
    let name = key.device_id();
    if let Some(id) = device(conn, &name)? {
        return Ok(id);
    }
    conn.execute(
        "INSERT INTO devices(name, key) VALUES(?1, ?2)",
        [name, key.to_text()],
    )?;
    Ok(conn.last_insert_rowid())
}

/// The key of a device, where one of its commits is here.
pub(crate) fn device_key(conn: &Connection, name: &str) -> Result<Option<PublicKey>> {
    let text: Option<String> = conn
        .prepare_cached("SELECT key FROM devices WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| PublicKey::parse(&text).ok()))
}

/// The number of an entity, where it was ever written.
pub(crate) fn entity(conn: &Connection, stream: i64, name: &str) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM entities WHERE stream = ?1 AND name = ?2")?
        .query_row(params![stream, name], |row| row.get(0))
        .optional()
}

/// The number of an entity; a new one gets its number now.
pub(crate) fn entity_or_new(conn: &Connection, stream: i64, name: &str) -> Result<i64> {
    if let Some(id) = entity(conn, stream, name)? {
        return Ok(id);
    }
    conn.prepare_cached("INSERT INTO entities(stream, name) VALUES(?1, ?2)")?
        .execute(params![stream, name])?;
    Ok(conn.last_insert_rowid())
}

/// The name of an entity.
pub(crate) fn entity_name(conn: &Connection, entity: i64) -> Result<String> {
    conn.prepare_cached("SELECT name FROM entities WHERE id = ?1")?
        .query_row([entity], |row| row.get(0))
}
