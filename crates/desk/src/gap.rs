//! A commit that was written here, was not sent yet, and is gone from the log: what is left of it,
//! and everything that waits behind it, is issued again under a new device identity.
//!
//! The center takes no chain with a gap, so without this everything behind it would wait for ever.

use crate::desk::{Changed, Desk, meta, set_meta};
use crate::error::DeskError;
use crate::fork::{Waiting, waiting};
use crate::hole;
use crate::store::names;
use crate::store::places_of_ops::{self as places, OpPlace};
use crate::time;
use crate::verify::payloads;
use ledger::{Commit, Frame, Hash, Op, OpId, OpValue, PayloadPlace, Why};
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

/// The fact that commits are gone for good: how many, and when it was found.
const LOST: &str = "log.lost";
/// How long it is said that something was lost. Units: days.
const LOST_SAID_DAYS: i64 = 7;
/// The code of the reason of what was written again from what was left of it.
const RECOVERED: &str = "recovered";

/// An own commit that is not here as it was signed.
struct Missing {
    dev: String,
    seq: u64,
    /// Its number here, when only its bytes are spoilt.
    row: Option<i64>,
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
        let now = time::instant(&self.env);
        let by = (self.person.as_str(), now.as_str());
        let left = left_over(conn, (number, stream), &missing, by)?;
        let n_lost = missing.len().saturating_sub(left.len()) as u64;
        log::warn!(
            "commits missing in the log: {}, lost: {n_lost}",
            missing.len()
        );
        let n_said = n_lost + self.n_lost()?;
        let spoilt: BTreeSet<i64> = missing.iter().filter_map(|one| one.row).collect();
        let changed = self.begin_anew(stream, |conn, number| {
            let orphans = hole::orphans(conn, number)?;
            hole::forget(conn, &orphans)?;
            for id in &spoilt {
                conn.execute("UPDATE commits SET status = 3 WHERE id = ?1", [id])?;
            }
            let mut all = waiting(conn, number)?;
            all.retain(|one| !was_ever_sent(conn, one.id).unwrap_or(true));
            for one in left {
                // Where it stood among its device's, whatever the numbers here are by now.
                let is_after = |other: &Waiting| is_same_and(other, &one, |seq, than| seq < than);
                let is_before = |other: &Waiting| is_same_and(other, &one, |seq, than| seq > than);
                let place = match all.iter().rposition(is_after) {
                    Some(place) => place + 1,
                    None => all.iter().position(is_before).unwrap_or(all.len()),
                };
                all.insert(place, one);
            }
            if n_lost > 0 {
                set_meta(conn, LOST, Some(&format!("{n_said} {now}")))?;
            }
            Ok(all)
        })?;
        self.n_missing.set(None);
        Ok(Some(GapClosed { n_lost, changed }))
    }

    /// How many commits that were here are not, until the center or a file from another laptop
    /// gives them again.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn n_missing(&self) -> Result<u64, DeskError> {
        if let Some(known) = self.n_missing.get() {
            return Ok(known);
        }
        let n = hole::n_missing(&self.opened.conn)?;
        self.n_missing.set(Some(n));
        Ok(n)
    }

    /// How many commits were found to be lost for good in the last days.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn n_lost(&self) -> Result<u64, DeskError> {
        let said = meta(&self.opened.conn, LOST)?;
        let found = said.as_deref().and_then(|text| text.split_once(' '));
        let Some((n, at)) = found else {
            return Ok(0);
        };
        let at = chrono::DateTime::parse_from_rfc3339(at).ok();
        let age = at.map(|at| (self.env.clock.now() - at.to_utc()).num_days());
        let is_said = age.is_none_or(|days| days.abs() < LOST_SAID_DAYS);
        Ok(if is_said { n.parse().unwrap_or(0) } else { 0 })
    }

    /// Whether commits were put back into a log since this was asked last.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn was_put_back(&mut self) -> Result<bool, DeskError> {
        let conn = &self.opened.conn;
        if meta(conn, hole::PUT_BACK)?.is_none() {
            return Ok(false);
        }
        set_meta(conn, hole::PUT_BACK, None)?;
        Ok(true)
    }
}

fn is_same_and(other: &Waiting, one: &Waiting, and: impl Fn(u64, u64) -> bool) -> bool {
    other.commit.dev == one.commit.dev && and(other.commit.seq, one.commit.seq)
}

/// Own commits beyond what the center has that are not here, oldest first. What comes before one
/// that the center has is at the center too.
fn missing(conn: &Connection, stream: i64) -> Result<Vec<Missing>, DeskError> {
    let own: Vec<(i64, String, i64)> = conn
        .prepare_cached(
            "SELECT d.id, d.name, max(
                 coalesce((SELECT t.seq FROM tips t WHERE t.stream = ?1 AND t.device = d.id), 0),
                 coalesce((SELECT max(c.seq) FROM commits c
                     WHERE c.stream = ?1 AND c.device = d.id AND c.status <> 3), 0))
             FROM identities i JOIN devices d ON d.name = i.device ORDER BY i.id",
        )?
        .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for (device, dev, newest) in own {
        let confirmed: i64 = conn
            .prepare_cached(
                "SELECT coalesce(max(seq), 0) FROM commits
                 WHERE stream = ?1 AND device = ?2 AND status <> 3 AND receipt IS NOT NULL",
            )?
            .query_row([stream, device], |row| row.get(0))?;
        let key = names::device_key(conn, &dev)?;
        let mut statement = conn.prepare_cached(
            "SELECT seq, id, hash, bytes, sig FROM commits
             WHERE stream = ?1 AND device = ?2 AND status <> 3 AND seq > ?3",
        )?;
        let mut rows = statement.query([stream, device, confirmed])?;
        // By their numbers; with the row's own where only the bytes are spoilt.
        let mut here: BTreeMap<i64, Option<i64>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let hash: String = row.get(2)?;
            let frame = Frame {
                commit: row.get(3)?,
                sig: row.get(4)?,
                payloads: Vec::new(),
            };
            let is_whole = frame.id().as_str() == hash
                && frame.parse_commit().is_ok_and(|commit| {
                    key.as_ref()
                        .is_some_and(|key| frame.verify(&commit, key).is_ok())
                });
            here.insert(row.get(0)?, (!is_whole).then_some(row.get(1)?));
        }
        for seq in confirmed + 1..=newest {
            let row = match here.get(&seq) {
                Some(None) => continue,
                Some(spoilt) => *spoilt,
                None => None,
            };
            found.push(Missing {
                dev: dev.clone(),
                seq: u64::try_from(seq).unwrap_or(0),
                row,
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
    by: (&str, &str),
) -> Result<Vec<Waiting>, DeskError> {
    let orphans = hole::orphans(conn, number)?;
    let gone: Vec<&Missing> = missing.iter().filter(|one| one.row.is_none()).collect();
    let mut names: BTreeMap<i64, &Missing> = missing
        .iter()
        .filter_map(|one| Some((one.row?, one)))
        .collect();
    if orphans.len() == gone.len() {
        names.extend(orphans.into_iter().zip(gone));
    }
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
        let is_there = |(idx, op): (usize, &Op)| match op.v {
            OpValue::Inline(_) => true,
            OpValue::Hidden(_) => payloads
                .iter()
                .any(|p| p.place == PayloadPlace::Op(u32::try_from(idx).unwrap_or(u32::MAX))),
        };
        // Half of a commit says something that nobody wrote.
        if ops.is_empty() || !ops.iter().enumerate().all(is_there) {
            continue;
        }
        let has_reason = payloads.iter().any(|p| p.place == PayloadPlace::Why);
        let known = known_of(conn, (number, *id), one, by)?;
        let commit = Commit {
            stream: stream.to_owned(),
            dev: one.dev.clone(),
            key: None,
            seq: one.seq,
            prev: None,
            deps: BTreeMap::new(),
            lam: 1,
            at: known.at,
            tz_minutes: known.tz_minutes,
            skew_ms: None,
            by: known.person,
            role: None,
            app: String::new(),
            schema: 1,
            why: Some(Why {
                code: Some(known.why_code.unwrap_or_else(|| RECOVERED.to_owned())),
                text: has_reason.then(|| Hash::of(b"")),
            }),
            src: None,
            re: None,
            adopts: None,
            ops,
            extra: Map::new(),
        };
        found.push(Waiting {
            id: *id,
            hash: known.hash,
            commit,
            payloads,
            is_whole: false,
        });
    }
    Ok(found)
}

/// What is known of a missing commit besides its changes.
struct Known {
    at: String,
    tz_minutes: i64,
    person: String,
    why_code: Option<String>,
    hash: Option<Hash>,
}

/// Reads it from its own row, where there is one; else the time is that of the commit written next
/// to it, and its id is what the next one names.
fn known_of(
    conn: &Connection,
    (stream, id): (i64, i64),
    one: &Missing,
    (person, now): (&str, &str),
) -> Result<Known, DeskError> {
    let row = conn
        .query_row(
            "SELECT at, tz_minutes, person, why_code, hash FROM commits
             WHERE stream = ?1 ORDER BY abs(id - ?2) LIMIT 1",
            params![stream, id],
            |row| {
                Ok(Known {
                    at: row.get(0)?,
                    tz_minutes: row.get(1)?,
                    person: row.get(2)?,
                    why_code: row.get(3)?,
                    hash: row.get::<_, String>(4).map(|hash| Hash::parse(&hash))?,
                })
            },
        )
        .optional()?;
    if let (Some(_), Some(row)) = (one.row, &row) {
        return Ok(Known {
            at: row.at.clone(),
            tz_minutes: row.tz_minutes,
            person: row.person.clone(),
            why_code: row.why_code.clone(),
            hash: row.hash.clone(),
        });
    }
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
    let (at, tz_minutes) = row.map_or((now.to_owned(), 0), |row| (row.at, row.tz_minutes));
    Ok(Known {
        at,
        tz_minutes,
        person: person.to_owned(),
        why_code: None,
        hash: next.and_then(|next| next.prev),
    })
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
