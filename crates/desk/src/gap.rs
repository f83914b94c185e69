//! A commit that was written here, was not sent yet, and is gone from the log: what is left of it,
//! and everything that waits behind it, is issued again under a new device identity.
//!
//! The center takes no chain with a gap, so without this everything behind it would wait for ever.

use crate::desk::{Changed, Desk};
use crate::error::DeskError;
use crate::fork::{Waiting, waiting};
use crate::hole::forget_orphans;
use crate::store::names;
use crate::store::places_of_ops::{self as places, OpPlace};
use crate::time;
use crate::verify::payloads;
use ledger::{Commit, Hash, Op, OpId, OpValue, PayloadPlace, Why};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What became of a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GapClosed {
    /// Commits of which nothing is left.
    pub n_lost: u64,
    /// What screens must read again.
    pub changed: Changed,
}

/// An own commit that is not here.
struct Missing {
    dev: String,
    seq: u64,
}

impl Desk {
    /// Closes gaps in what this laptop wrote; `None` when there is none.
    ///
    /// Asked after a contact: what the center has is back then, so what is still missing was never
    /// sent.
    ///
    /// # Errors
    /// [`DeskError::Storage`]; everything is then as before.
    pub fn close_gap(&mut self, stream: &str) -> Result<Option<GapClosed>, DeskError> {
        let conn = &self.opened.conn;
        let Some(number) = names::stream(conn, stream)? else {
            return Ok(None);
        };
        let missing = missing(conn, number)?;
        if missing.is_empty() {
            return Ok(None);
        }
        let by = (self.person.as_str(), time::instant(&self.env));
        let left = left_over(conn, (number, stream), &missing, by)?;
        let n_lost = missing.len().saturating_sub(left.len()) as u64;
        log::warn!(
            "commits missing in the log: {}, lost: {n_lost}",
            missing.len()
        );
        let changed = self.begin_anew(stream, |conn, number| {
            forget_orphans(conn)?;
            let mut all = waiting(conn, number)?;
            all.retain(|one| !was_ever_sent(conn, one.id).unwrap_or(true));
            all.extend(left);
            all.sort_by_key(|one| one.id);
            Ok(all)
        })?;
        Ok(Some(GapClosed { n_lost, changed }))
    }
}

/// Own commits below the newest of their device that are not here. What comes before one that the
/// center has is at the center too.
fn missing(conn: &Connection, stream: i64) -> Result<Vec<Missing>, DeskError> {
    let own: Vec<(i64, String, i64)> = conn
        .prepare(
            "SELECT t.device, d.name, t.seq FROM tips t JOIN devices d ON d.id = t.device
             JOIN identities i ON i.device = d.name
             WHERE t.stream = ?1 AND t.seq > (SELECT count(*) FROM commits c
                 WHERE c.stream = ?1 AND c.device = t.device AND c.status <> 3)",
        )?
        .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for (device, dev, newest) in own {
        let here: BTreeSet<i64> = conn
            .prepare("SELECT seq FROM commits WHERE stream = ?1 AND device = ?2 AND status <> 3")?
            .query_map([stream, device], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let confirmed: i64 = conn.query_row(
            "SELECT coalesce(max(seq), 0) FROM commits
             WHERE stream = ?1 AND device = ?2 AND status <> 3 AND receipt IS NOT NULL",
            [stream, device],
            |row| row.get(0),
        )?;
        for seq in (confirmed + 1..=newest).filter(|seq| !here.contains(seq)) {
            found.push(Missing {
                dev: dev.clone(),
                seq: u64::try_from(seq).unwrap_or(0),
            });
        }
    }
    Ok(found)
}

/// A center's signature stays beside a commit whatever becomes of its number.
fn was_ever_sent(conn: &Connection, id: i64) -> Result<bool, rusqlite::Error> {
    conn.prepare_cached("SELECT receipt IS NOT NULL FROM commits WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
}

/// What the other tables still hold of missing commits, as far as it is clear which is which.
fn left_over(
    conn: &Connection,
    (number, stream): (i64, &str),
    missing: &[Missing],
    (person, now): (&str, String),
) -> Result<Vec<Waiting>, DeskError> {
    let ids: Vec<i64> = conn
        .prepare(
            "SELECT DISTINCT o.commit_id FROM ops o JOIN entities e ON e.id = o.entity
             WHERE e.stream = ?1 AND o.commit_id NOT IN (SELECT id FROM commits)
             ORDER BY o.commit_id",
        )?
        .query_map([number], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if ids.len() != missing.len() {
        return Ok(Vec::new());
    }
    let names: BTreeMap<i64, &Missing> = ids.iter().copied().zip(missing).collect();
    let id_of = |place: OpPlace| -> Option<OpId> {
        match names.get(&place.commit) {
            Some(one) => Some(OpId {
                dev: one.dev.clone(),
                seq: one.seq,
                idx: u32::try_from(place.idx).ok()?,
            }),
            None => places::id_of(conn, place).ok(),
        }
    };
    let mut found = Vec::new();
    for (id, one) in &names {
        let payloads = payloads(conn, *id)?;
        let ops = ops_of(conn, *id, &id_of)?;
        let has_reason = payloads.iter().any(|p| p.place == PayloadPlace::Why);
        let (written, hash) = beside(conn, (number, *id), one)?;
        let (at, tz_minutes) = written.unwrap_or_else(|| (now.clone(), 0));
        let commit = Commit {
            stream: stream.to_owned(),
            dev: one.dev.clone(),
            key: None,
            seq: one.seq,
            prev: None,
            deps: BTreeMap::new(),
            lam: 1,
            at,
            tz_minutes,
            skew_ms: None,
            by: person.to_owned(),
            role: None,
            app: String::new(),
            schema: 1,
            why: has_reason.then(|| Why {
                code: None,
                text: Some(Hash::of(b"")),
            }),
            src: None,
            re: None,
            adopts: None,
            ops,
            extra: Map::new(),
        };
        found.push(Waiting {
            id: *id,
            hash,
            commit,
            payloads,
        });
    }
    Ok(found)
}

/// Time of the commit that was written next or before, and the missing one's id where the next one
/// names it.
fn beside(
    conn: &Connection,
    (stream, id): (i64, i64),
    one: &Missing,
) -> Result<(Option<(String, i64)>, Option<Hash>), DeskError> {
    let written = conn
        .query_row(
            "SELECT at, tz_minutes FROM commits WHERE stream = ?1 ORDER BY abs(id - ?2) LIMIT 1",
            params![stream, id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let next: Vec<Vec<u8>> = conn
        .prepare(
            "SELECT c.bytes FROM commits c JOIN devices d ON d.id = c.device
             WHERE c.stream = ?1 AND d.name = ?2 AND c.seq = ?3 AND c.status <> 3",
        )?
        .query_map(params![stream, one.dev, one.seq as i64 + 1], |row| {
            row.get(0)
        })?
        .collect::<Result<_, _>>()?;
    let next = next.first().and_then(|bytes| Commit::parse(bytes).ok());
    Ok((written, next.and_then(|next| next.prev)))
}

fn ops_of(
    conn: &Connection,
    id: i64,
    id_of: &dyn Fn(OpPlace) -> Option<OpId>,
) -> Result<Vec<Op>, DeskError> {
    let mut statement = conn.prepare_cached(
        "SELECT e.name, o.kind, o.field, o.value, o.hidden, o.preds, o.saw
         FROM ops o JOIN entities e ON e.id = o.entity WHERE o.commit_id = ?1 ORDER BY o.idx",
    )?;
    let mut rows = statement.query([id])?;
    let mut ops = Vec::new();
    while let Some(row) = rows.next()? {
        let (value, hidden): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
        let (preds, saw): (String, String) = (row.get(5)?, row.get(6)?);
        let read = |text: &str| {
            places::from_text(text)
                .into_iter()
                .filter_map(id_of)
                .collect()
        };
        let v = match hidden.as_deref().and_then(Hash::parse) {
            Some(hash) => OpValue::Hidden(hash),
            None => {
                let value: Option<Value> = value.and_then(|text| serde_json::from_str(&text).ok());
                OpValue::Inline(value.unwrap_or_default())
            }
        };
        ops.push(Op {
            e: row.get(0)?,
            k: row.get(1)?,
            f: row.get(2)?,
            p: read(&preds),
            saw: read(&saw),
            v,
            extra: Map::new(),
        });
    }
    Ok(ops)
}
