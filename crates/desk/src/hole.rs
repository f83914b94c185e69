//! A commit that was here and is gone, or is not what was signed any more: noticed, and put back in
//! its place when the center, or a file from another laptop, gives it again.
//!
//! Rows refer to each other by the number of arrival, and that order must extend the causal order.
//! So the log is laid anew: everything in the order it had, the commit behind the last of those it
//! refers to.

use crate::accept::Pulled;
use crate::desk::set_meta;
use crate::error::DeskError;
use crate::project::rebuild;
use crate::store::append::{self, Arriving, Touched};
use crate::store::places_of_ops as places;
use crate::store::{Standing, names};
use crate::verify::{are_ops_equal, payloads};
use ledger::{Arrival, ChainError, Commit, Frame};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// The fact that commits were put back since the last contact.
pub(crate) const PUT_BACK: &str = "log.putBack";

/// A commit as it is to be laid.
pub(crate) struct Row {
    /// The number that it had, where that is known.
    id: Option<i64>,
    frame: Frame,
    commit: Commit,
    standing: Standing,
    /// The center's number, the time of receipt, and its signature under both.
    receipt: (Option<i64>, Option<String>, Option<String>),
}

impl Row {
    /// A commit that the center gives again.
    pub(crate) fn from_center(one: &Pulled, commit: Commit, standing: Standing) -> Self {
        let receipt = Some(one.receipt.clone()).filter(|text| !text.is_empty());
        let sseq = i64::try_from(one.sseq).ok();
        Self {
            id: None,
            frame: one.frame.clone(),
            commit,
            standing,
            receipt: (sseq, Some(one.received_at.clone()), receipt),
        }
    }

    /// A commit that somebody else's laptop had; the center's word about it comes later.
    pub(crate) fn from_bundle(frame: &Frame, commit: &Commit, standing: Standing) -> Self {
        Self {
            id: None,
            frame: frame.clone(),
            commit: commit.clone(),
            standing,
            receipt: (None, None, None),
        }
    }
}

/// Whether the log has a hole where this commit belongs, which was verified; `answer` is the
/// chain's.
pub(crate) fn is_one(
    conn: &Connection,
    touched: &mut Touched,
    (frame, commit): (&Frame, &Commit),
    answer: &Result<Arrival, ChainError>,
) -> Result<bool, DeskError> {
    let (stream, known) = (touched.stream, &mut touched.known);
    let Some(device) = known.device(conn, &commit.dev)? else {
        return Ok(false);
    };
    let place = (stream, device, commit.seq as i64);
    match answer {
        Ok(Arrival::Known) => Ok(!is_stored_whole(conn, place, frame, commit)?),
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
        // Beyond the newest of its device here, but others have seen it before.
        _ => Ok(commit.seq <= known.seen_by_others(conn, stream, device)?),
    }
}

/// Whether a commit that is here by its id is here with its bytes and its operations too.
fn is_stored_whole(
    conn: &Connection,
    place: (i64, i64, i64),
    frame: &Frame,
    commit: &Commit,
) -> Result<bool, DeskError> {
    let (bytes, sig, n_ops): (Vec<u8>, String, i64) = conn
        .prepare_cached(
            "SELECT bytes, sig, (SELECT count(*) FROM ops o WHERE o.commit_id = c.id)
             FROM commits c WHERE stream = ?1 AND device = ?2 AND seq = ?3 AND status <> 3",
        )?
        .query_row(place, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let is_same = bytes == frame.commit && sig == frame.sig;
    Ok(is_same && usize::try_from(n_ops) == Ok(commit.ops.len()))
}

/// Every device's newest commit in a stream by what is known of it: its own tip, and what others
/// had seen.
const NEWEST: &str = "SELECT stream, device, max(seq) AS newest FROM
         (SELECT stream, device, seq FROM tips UNION ALL SELECT stream, other, seq FROM seen)
     GROUP BY stream, device";

/// How many commits are not here that were: below the newest of their device.
pub(crate) fn n_missing(conn: &Connection) -> Result<u64, rusqlite::Error> {
    let sql = format!(
        "SELECT coalesce(sum(max(0, newest - (SELECT count(*) FROM commits c
             WHERE c.stream = k.stream AND c.device = k.device AND c.status <> 3))), 0)
         FROM ({NEWEST}) k"
    );
    let n: i64 = conn.query_row(&sql, [], |row| row.get(0))?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// Lets what stands follow from what is here, where it names what is not: a study can be read and
/// written while commits of it are missing.
pub(crate) fn stand_without(conn: &Connection) -> Result<(), rusqlite::Error> {
    let streams: Vec<i64> = conn
        .prepare(
            "SELECT DISTINCT e.stream FROM heads h JOIN entities e ON e.id = h.entity
             WHERE NOT EXISTS(SELECT 1 FROM commits c WHERE c.id = h.commit_id)
                 OR NOT EXISTS(SELECT 1 FROM ops o
                     WHERE o.commit_id = h.commit_id AND o.idx = h.idx)",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for stream in streams {
        let tx = conn.unchecked_transaction()?;
        rebuild::redo_stream(&tx, stream)?;
        tx.commit()?;
    }
    Ok(())
}

/// The commits of a stream that are not here and were: device and number.
pub(crate) fn missing_in(
    conn: &Connection,
    stream: i64,
) -> Result<Vec<(String, i64)>, rusqlite::Error> {
    let sql = format!(
        "SELECT d.name, d.id, newest FROM ({NEWEST}) k JOIN devices d ON d.id = k.device
         WHERE k.stream = ?1 ORDER BY d.id"
    );
    let newest: Vec<(String, i64, i64)> = conn
        .prepare(&sql)?
        .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for (name, device, newest) in newest {
        let here: BTreeSet<i64> = conn
            .prepare_cached(
                "SELECT seq FROM commits WHERE stream = ?1 AND device = ?2 AND status <> 3",
            )?
            .query_map([stream, device], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let gone = (1..=newest).filter(|seq| !here.contains(seq));
        found.extend(gone.map(|seq| (name.clone(), seq)));
    }
    Ok(found)
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

/// Lays the log of a stream anew with commits that were missing in it, which follow each other as
/// they may; `touched` is what was taken in of that stream until now.
pub(crate) fn fill(
    conn: &Connection,
    touched: &mut Touched,
    gone: Vec<Row>,
) -> Result<(), DeskError> {
    if gone.is_empty() {
        return Ok(());
    }
    touched.renumbered();
    lay_anew(conn, touched.stream, gone)
}

fn lay_anew(conn: &Connection, stream: i64, mut gone: Vec<Row>) -> Result<(), DeskError> {
    log::warn!("commits missing in the log, put back: {}", gone.len());
    // What is left of others, that are still missing, may be all there is of them.
    let mut left = orphans(conn, stream)?;
    let mut is_back = Vec::new();
    for row in &mut gone {
        row.id = left_of(conn, &left, &row.commit)?;
        left.retain(|other| Some(*other) != row.id);
        is_back.extend(row.id);
    }
    forget(conn, &is_back)?;
    let (old, mut log) = log_of(conn, stream, &mut gone)?;
    for row in gone {
        let behind = log
            .iter()
            .rposition(|other| comes_before(&other.commit, &row.commit));
        log.insert(behind.map_or(0, |place| place + 1), row);
    }
    for id in &old {
        conn.prepare_cached("UPDATE commits SET status = 3 WHERE id = ?1")?
            .execute([id])?;
    }
    let mut touched = Touched {
        stream,
        ..Touched::default()
    };
    let mut moved = BTreeMap::new();
    for row in log {
        let laid = lay(conn, &row, &mut touched)?;
        moved.extend(row.id.map(|id| (id, laid)));
    }
    forget(conn, &old)?;
    for id in &old {
        conn.prepare_cached("DELETE FROM commits WHERE id = ?1")?
            .execute([id])?;
    }
    follow(conn, stream, &moved)?;
    set_meta(conn, PUT_BACK, Some("1"))?;
    Ok(rebuild::redo_stream(conn, stream)?)
}

/// The numbers of commits of a stream of which operations are left and nothing else.
pub(crate) fn orphans(conn: &Connection, stream: i64) -> Result<Vec<i64>, rusqlite::Error> {
    conn.prepare_cached(
        "SELECT DISTINCT o.commit_id FROM ops o JOIN entities e ON e.id = o.entity
         WHERE e.stream = ?1 AND o.commit_id NOT IN (SELECT id FROM commits)
         ORDER BY o.commit_id",
    )?
    .query_map([stream], |row| row.get(0))?
    .collect()
}

/// Forgets what is left of commits.
pub(crate) fn forget(conn: &Connection, ids: &[i64]) -> Result<(), rusqlite::Error> {
    for table in ["ops", "payloads"] {
        let sql = format!("DELETE FROM {table} WHERE commit_id = ?1");
        for id in ids {
            conn.prepare_cached(&sql)?.execute([id])?;
        }
    }
    Ok(())
}

/// Which of these numbers has what is left of a commit: the same operations.
fn left_of(conn: &Connection, orphans: &[i64], commit: &Commit) -> Result<Option<i64>, DeskError> {
    for id in orphans {
        if are_ops_equal(conn, *id, commit)? {
            return Ok(Some(*id));
        }
    }
    Ok(None)
}

/// The commits of a stream by arrival without the spoilt ones, and the numbers of all that are laid
/// anew. What cannot be read stays where it is.
fn log_of(
    conn: &Connection,
    stream: i64,
    gone: &mut [Row],
) -> Result<(Vec<i64>, Vec<Row>), DeskError> {
    let mut gone: BTreeMap<(String, u64), &mut Row> = gone
        .iter_mut()
        .map(|row| ((row.commit.dev.clone(), row.commit.seq), row))
        .collect();
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
        if let Some(row) = gone.get_mut(&(dev, u64::try_from(seq).unwrap_or(0))) {
            // What is left of it makes room for the commit as it was signed.
            row.id = Some(id);
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
            id: Some(id),
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

fn lay(conn: &Connection, row: &Row, touched: &mut Touched) -> Result<i64, DeskError> {
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
    let laid = append::append(conn, &arriving, &key, touched)?;
    let (sseq, received_at, receipt) = &row.receipt;
    conn.prepare_cached(
        "UPDATE commits SET sseq = ?2, received_at = ?3, receipt = ?4 WHERE id = ?1",
    )?
    .execute(params![laid, sseq, received_at, receipt])?;
    Ok(laid)
}

/// Lets the operations of what was not laid anew (what was put aside, what is left of commits that
/// are still missing) name the others by their new numbers.
fn follow(conn: &Connection, stream: i64, moved: &BTreeMap<i64, i64>) -> Result<(), DeskError> {
    let laid: BTreeSet<i64> = moved.values().copied().collect();
    let rows: Vec<(i64, i64, String, String)> = conn
        .prepare(
            "SELECT o.commit_id, o.idx, o.preds, o.saw FROM ops o
             JOIN entities e ON e.id = o.entity WHERE e.stream = ?1",
        )?
        .query_map([stream], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<_, _>>()?;
    let named_anew = |text: &str| {
        let mut all = places::from_text(text);
        for place in &mut all {
            place.commit = moved.get(&place.commit).copied().unwrap_or(place.commit);
        }
        places::to_text(&all)
    };
    for (commit, idx, preds, saw) in rows {
        if !laid.contains(&commit) {
            conn.prepare_cached(
                "UPDATE ops SET preds = ?3, saw = ?4 WHERE commit_id = ?1 AND idx = ?2",
            )?
            .execute(params![commit, idx, named_anew(&preds), named_anew(&saw)])?;
        }
    }
    Ok(())
}
