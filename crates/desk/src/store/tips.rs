//! Every device's chain in a stream: its newest commit, and what it had seen of others.
//!
//! The same facts as [`ledger::Chain`], in tables.

use crate::store::names;
use ledger::{Arrival, ChainError, Commit, DeviceId, Hash, OpId};
use rusqlite::{Connection, OptionalExtension, Result, params};
use std::collections::BTreeMap;

/// A device's newest commit in a stream.
struct Tip {
    seq: u64,
    hash: String,
    lam: u64,
    lam_seen: u64,
}

/// What the next commit of a device says about the chain.
#[derive(Clone)]
pub(crate) struct Next {
    /// Its number.
    pub(crate) seq: u64,
    /// The commit that it follows.
    pub(crate) prev: Option<Hash>,
    /// Its Lamport number.
    pub(crate) lam: u64,
    /// What it has newly seen of others.
    pub(crate) deps: BTreeMap<DeviceId, u64>,
}

fn natural(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn tip(conn: &Connection, stream: i64, device: i64) -> Result<Option<Tip>> {
    conn.prepare_cached(
        "SELECT seq, hash, lam, lam_seen FROM tips WHERE stream = ?1 AND device = ?2",
    )?
    .query_row(params![stream, device], |row| {
        Ok(Tip {
            seq: natural(row.get(0)?),
            hash: row.get(1)?,
            lam: natural(row.get(2)?),
            lam_seen: natural(row.get(3)?),
        })
    })
    .optional()
}

/// Says how the next commit of a device stands in its chain.
pub(crate) fn next(conn: &Connection, stream: i64, device_name: &str) -> Result<Next> {
    let device = names::device(conn, device_name)?.unwrap_or(-1);
    let own = tip(conn, stream, device)?;
    let deps = conn
        .prepare_cached(
            "SELECT d.name, t.seq FROM tips t JOIN devices d ON d.id = t.device
             LEFT JOIN seen s ON s.stream = t.stream AND s.device = ?2 AND s.other = t.device
             WHERE t.stream = ?1 AND t.device <> ?2 AND t.seq > coalesce(s.seq, 0)",
        )?
        .query_map(params![stream, device], |row| {
            Ok((row.get(0)?, natural(row.get(1)?)))
        })?
        .collect::<Result<_>>()?;
    let lam: i64 = conn
        .prepare_cached("SELECT coalesce(max(lam), 0) FROM tips WHERE stream = ?1")?
        .query_row([stream], |row| row.get(0))?;
    Ok(Next {
        seq: own.as_ref().map_or(0, |tip| tip.seq) + 1,
        prev: own.and_then(|tip| Hash::parse(&tip.hash)),
        lam: natural(lam) + 1,
        deps,
    })
}

/// What a device had seen in a stream, its own commits included: the newest number of each.
pub(crate) fn seen_by(
    conn: &Connection,
    stream: i64,
    device_name: &str,
) -> Result<BTreeMap<DeviceId, u64>> {
    conn.prepare_cached(
        "SELECT o.name, s.seq FROM seen s JOIN devices o ON o.id = s.other
             JOIN devices d ON d.id = s.device WHERE s.stream = ?1 AND d.name = ?2
         UNION ALL
         SELECT d.name, t.seq FROM tips t JOIN devices d ON d.id = t.device
             WHERE t.stream = ?1 AND d.name = ?2",
    )?
    .query_map(params![stream, device_name], |row| {
        Ok((row.get(0)?, natural(row.get(1)?)))
    })?
    .collect()
}

/// How a commit stands in the chain of a device that says no more than `seen`; the same as
/// [`ledger::Chain::next_having_seen`].
pub(crate) fn next_having_seen(
    conn: &Connection,
    stream: i64,
    device_name: &str,
    seen: &BTreeMap<DeviceId, u64>,
) -> Result<Next> {
    let device = names::device(conn, device_name)?.unwrap_or(-1);
    let own = tip(conn, stream, device)?;
    let said = seen_by(conn, stream, device_name)?;
    let mut deps = BTreeMap::new();
    for (dev, seq) in seen {
        let seq = newest(conn, stream, dev)?.min(*seq);
        if dev != device_name && seq > said.get(dev).copied().unwrap_or(0) {
            deps.insert(dev.clone(), seq);
        }
    }
    let (lam, lam_seen) = own.as_ref().map_or((0, 0), |tip| (tip.lam, tip.lam_seen));
    let lam = lam.max(lam_seen).max(lam_of_deps(conn, stream, &deps)?);
    Ok(Next {
        seq: own.as_ref().map_or(0, |tip| tip.seq) + 1,
        prev: own.and_then(|tip| Hash::parse(&tip.hash)),
        lam: lam + 1,
        deps,
    })
}

/// Says whether a commit may be taken; the same answer as [`ledger::Chain::check`].
pub(crate) fn check(
    conn: &Connection,
    stream: i64,
    (commit, id): (&Commit, &Hash),
    known: &mut names::Known,
) -> Result<std::result::Result<Arrival, ChainError>> {
    let device = known.device(conn, &commit.dev)?.unwrap_or(-1);
    let own = tip(conn, stream, device)?;
    let have = own.as_ref().map_or(0, |tip| tip.seq);
    if commit.seq <= have {
        let is_same = hash_at(conn, stream, device, commit.seq)?.as_deref() == Some(id.as_str());
        let fork = ChainError::Fork { seq: commit.seq };
        return Ok(if is_same {
            Ok(Arrival::Known)
        } else {
            Err(fork)
        });
    }
    if commit.seq > have + 1 {
        return Ok(Err(ChainError::Gap { have }));
    }
    if commit.prev.as_ref().map(Hash::as_str) != own.as_ref().map(|tip| tip.hash.as_str()) {
        return Ok(Err(ChainError::Fork { seq: commit.seq }));
    }
    for (dev, seq) in &commit.deps {
        if newest(conn, stream, dev)? < *seq {
            return Ok(Err(ChainError::Dep {
                dev: dev.clone(),
                seq: *seq,
            }));
        }
    }
    let lam_own = own.as_ref().map_or(0, |tip| tip.lam);
    let lam_seen = own.as_ref().map_or(0, |tip| tip.lam_seen);
    let lam_seen = lam_seen.max(lam_of_deps(conn, stream, &commit.deps)?);
    if commit.lam <= lam_own || commit.lam > lam_seen.max(lam_own) + 1 {
        return Ok(Err(ChainError::Lamport));
    }
    for op_id in commit.ops.iter().flat_map(|op| op.p.iter().chain(&op.saw)) {
        if !had_seen(conn, stream, device, commit, op_id)? {
            return Ok(Err(ChainError::Unseen));
        }
    }
    Ok(Ok(Arrival::New))
}

/// Notes a commit as its device's newest one.
pub(crate) fn admit(
    conn: &Connection,
    stream: i64,
    device: i64,
    commit: &Commit,
    id: &Hash,
) -> Result<()> {
    let lam_seen = lam_of_deps(conn, stream, &commit.deps)?;
    conn.prepare_cached(
        "INSERT INTO tips VALUES(?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET seq = excluded.seq, hash = excluded.hash, lam = excluded.lam,
             lam_seen = max(lam_seen, excluded.lam_seen)",
    )?
    .execute(params![
        stream,
        device,
        commit.seq as i64,
        id.as_str(),
        commit.lam as i64,
        lam_seen as i64
    ])?;
    for (dev, seq) in &commit.deps {
        let other = names::device(conn, dev)?.unwrap_or(-1);
        conn.prepare_cached(
            "INSERT INTO seen VALUES(?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)",
        )?
        .execute(params![stream, device, other, *seq as i64])?;
    }
    Ok(())
}

/// The newest number of a device in a stream; 0 for none.
fn newest(conn: &Connection, stream: i64, dev: &str) -> Result<u64> {
    let Some(device) = names::device(conn, dev)? else {
        return Ok(0);
    };
    Ok(tip(conn, stream, device)?.map_or(0, |tip| tip.seq))
}

fn hash_at(conn: &Connection, stream: i64, device: i64, seq: u64) -> Result<Option<String>> {
    conn.prepare_cached(
        "SELECT hash FROM commits WHERE stream = ?1 AND device = ?2 AND seq = ?3 AND status <> 3",
    )?
    .query_row(params![stream, device, seq as i64], |row| row.get(0))
    .optional()
}

/// The greatest Lamport number among the other devices' commits that the author had newly seen.
fn lam_of_deps(conn: &Connection, stream: i64, deps: &BTreeMap<DeviceId, u64>) -> Result<u64> {
    let mut greatest = 0;
    for (dev, seq) in deps {
        let lam: Option<i64> = conn
            .prepare_cached(
                "SELECT c.lam FROM commits c JOIN devices d ON d.id = c.device
                 WHERE c.stream = ?1 AND d.name = ?2 AND c.seq = ?3 AND c.status <> 3",
            )?
            .query_row(params![stream, dev, *seq as i64], |row| row.get(0))
            .optional()?;
        greatest = greatest.max(lam.map_or(0, natural));
    }
    Ok(greatest)
}

fn had_seen(
    conn: &Connection,
    stream: i64,
    device: i64,
    commit: &Commit,
    named: &OpId,
) -> Result<bool> {
    if named.dev == commit.dev
        || commit
            .deps
            .get(&named.dev)
            .is_some_and(|seq| named.seq <= *seq)
    {
        return Ok(true);
    }
    let seq: Option<i64> = conn
        .prepare_cached(
            "SELECT s.seq FROM seen s JOIN devices d ON d.id = s.other
             WHERE s.stream = ?1 AND s.device = ?2 AND d.name = ?3",
        )?
        .query_row(params![stream, device, named.dev], |row| row.get(0))
        .optional()?;
    Ok(seq.is_some_and(|seq| named.seq <= natural(seq)))
}
