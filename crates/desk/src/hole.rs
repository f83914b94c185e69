//! A commit that was here and is gone, or is not what was signed any more: put back in its place
//! when the center gives it again.
//!
//! Rows refer to each other by the number of arrival, and that order must extend the causal order.
//! So the log is laid anew: everything in the order it had, the commit behind the last of those it
//! refers to.

use crate::accept::Pulled;
use crate::error::DeskError;
use crate::project::rebuild;
use crate::store::append::{self, Arriving, Touched};
use crate::store::{Standing, names};
use crate::verify::payloads;
use ledger::{Arrival, ChainError, Commit, Frame, PublicKey};
use rusqlite::{Connection, OptionalExtension, params};

/// A commit as it is to be laid.
struct Row {
    frame: Frame,
    commit: Commit,
    standing: Standing,
    receipt: (Option<i64>, Option<String>, Option<String>),
}

/// Whether the log has a hole where this commit of the center belongs; `answer` is the chain's.
pub(crate) fn is_one(
    conn: &Connection,
    stream: i64,
    commit: &Commit,
    answer: &Result<Arrival, ChainError>,
) -> Result<bool, DeskError> {
    let Some(device) = names::device(conn, &commit.dev)? else {
        return Ok(false);
    };
    let place = (stream, device, commit.seq as i64);
    match answer {
        Err(ChainError::Fork { .. }) => {
            let stored: Option<(String, Vec<u8>, String)> = conn
                .prepare_cached(
                    "SELECT hash, bytes, sig FROM commits
                     WHERE stream = ?1 AND device = ?2 AND seq = ?3 AND status <> 3",
                )?
                .query_row(place, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            let Some((hash, bytes, sig)) = stored else {
                // The chain goes on behind it, so it was here.
                let sql = "SELECT EXISTS(SELECT 1 FROM tips
                     WHERE stream = ?1 AND device = ?2 AND seq >= ?3)";
                return Ok(conn.query_row(sql, place, |row| row.get(0))?);
            };
            Ok(!is_as_signed(conn, commit, (&hash, bytes, sig))?)
        }
        // The newest of its device here, but others have seen it before.
        Ok(Arrival::New) => {
            let sql = "SELECT EXISTS(SELECT 1 FROM seen
                 WHERE stream = ?1 AND other = ?2 AND seq >= ?3)";
            Ok(conn
                .prepare_cached(sql)?
                .query_row(place, |row| row.get(0))?)
        }
        _ => Ok(false),
    }
}

/// Whether a stored commit is what its device signed; then the center's is a real other one.
fn is_as_signed(
    conn: &Connection,
    other: &Commit,
    (hash, bytes, sig): (&str, Vec<u8>, String),
) -> Result<bool, DeskError> {
    let Ok(commit) = Commit::parse(&bytes) else {
        return Ok(false);
    };
    let key = names::device_key(conn, &other.dev)?;
    let frame = Frame {
        commit: bytes,
        sig,
        payloads: Vec::new(),
    };
    let is_signed = key.is_some_and(|key| frame.verify(&commit, &key).is_ok());
    Ok(is_signed && frame.id().as_str() == hash && commit.dev == other.dev)
}

/// Lays the log of a stream anew with a commit that was missing in it.
pub(crate) fn fill(
    conn: &Connection,
    stream: i64,
    (one, commit, key): (&Pulled, &Commit, &PublicKey),
    standing: Standing,
) -> Result<(), DeskError> {
    log::warn!("a commit was missing in the log and is put back");
    let (old, mut log) = log_of(conn, stream, commit)?;
    let sseq = i64::try_from(one.sseq).ok();
    let receipt = Some(one.receipt.clone()).filter(|text| !text.is_empty());
    let row = Row {
        frame: one.frame.clone(),
        commit: commit.clone(),
        standing,
        receipt: (sseq, Some(one.received_at.clone()), receipt),
    };
    let behind = log
        .iter()
        .rposition(|row| comes_before(&row.commit, commit));
    log.insert(behind.map_or(0, |place| place + 1), row);
    names::device_or_new(conn, key)?;
    for id in &old {
        conn.execute("UPDATE commits SET status = 3 WHERE id = ?1", [id])?;
    }
    for row in log {
        lay(conn, stream, &row)?;
    }
    for table in ["ops", "payloads"] {
        for id in &old {
            conn.execute(&format!("DELETE FROM {table} WHERE commit_id = ?1"), [id])?;
        }
    }
    for id in &old {
        conn.execute("DELETE FROM commits WHERE id = ?1", [id])?;
    }
    forget_orphans(conn)?;
    Ok(rebuild::redo_stream(conn, stream)?)
}

/// Forgets what is left of commits that are gone.
pub(crate) fn forget_orphans(conn: &Connection) -> Result<(), rusqlite::Error> {
    for table in ["ops", "payloads"] {
        let sql = format!("DELETE FROM {table} WHERE commit_id NOT IN (SELECT id FROM commits)");
        conn.execute(&sql, [])?;
    }
    Ok(())
}

/// The commits of a stream by arrival without the spoilt one, and the numbers of all that are laid
/// anew. What cannot be read stays where it is.
fn log_of(
    conn: &Connection,
    stream: i64,
    missing: &Commit,
) -> Result<(Vec<i64>, Vec<Row>), DeskError> {
    let mut statement = conn.prepare(
        "SELECT c.id, c.bytes, c.sig, c.status, c.sseq, c.received_at, c.receipt, d.name, c.seq
         FROM commits c JOIN devices d ON d.id = c.device
         WHERE c.stream = ?1 AND c.status <> 3 ORDER BY c.id",
    )?;
    let mut rows = statement.query([stream])?;
    let (mut old, mut log) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let (dev, seq): (String, i64) = (row.get(7)?, row.get(8)?);
        if dev == missing.dev && u64::try_from(seq).is_ok_and(|seq| seq == missing.seq) {
            old.push(id);
            continue;
        }
        let frame = Frame {
            commit: row.get(1)?,
            sig: row.get(2)?,
            payloads: payloads(conn, id)?,
        };
        let Ok(commit) = Commit::parse(&frame.commit) else {
            continue;
        };
        let status: i64 = row.get(3)?;
        let standing = match status == Standing::Quarantined as i64 {
            true => Standing::Quarantined,
            false => Standing::Counts,
        };
        old.push(id);
        log.push(Row {
            frame,
            commit,
            standing,
            receipt: (row.get(4)?, row.get(5)?, row.get(6)?),
        });
    }
    Ok((old, log))
}

/// Whether a commit refers to another one, by its chain or by what it had seen.
fn comes_before(first: &Commit, then: &Commit) -> bool {
    let is_seen = then
        .deps
        .get(&first.dev)
        .is_some_and(|seq| first.seq <= *seq);
    is_seen || (first.dev == then.dev && first.seq < then.seq)
}

fn lay(conn: &Connection, stream: i64, row: &Row) -> Result<(), DeskError> {
    let key = names::device_key(conn, &row.commit.dev)?.or(row.commit.public_key());
    let key = key.ok_or(DeskError::Damaged("the key of a device"))?;
    let id = row.frame.id();
    let arriving = Arriving {
        frame: &row.frame,
        id: &id,
        commit: &row.commit,
        standing: row.standing,
        receipt: None,
    };
    let mut touched = Touched {
        stream,
        ..Touched::default()
    };
    let laid = append::append(conn, &arriving, &key, &mut touched)?;
    let (sseq, received_at, receipt) = &row.receipt;
    conn.execute(
        "UPDATE commits SET sseq = ?2, received_at = ?3, receipt = ?4 WHERE id = ?1",
        params![laid, sseq, received_at, receipt],
    )?;
    Ok(())
}
