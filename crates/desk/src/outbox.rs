//! What this vault has for the center: streams, and own commits that wait.
//!
//! No network here: the exchange asks and tells ([`crate::Desk::accept`] takes in).

use crate::desk::{Changed, Desk};
use crate::error::DeskError;
use crate::project::rebuild;
use crate::store::digest as heads;
use crate::store::{Standing, names};
use crate::undo::Sitting;
use crate::verify::payloads;
use ledger::{Frame, Hash, digest};
use rusqlite::{Connection, params};
use std::collections::HashMap;

/// A stream as it is held here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamState {
    /// The stream.
    pub stream: String,
    /// The center's number up to which everything is stored here.
    pub cursor: u64,
    /// The greatest of the center's numbers that a commit here has; at times above the cursor.
    pub confirmed: u64,
    /// Own commits that the center has not confirmed.
    pub waiting: u64,
    /// The chain over the commits up to the cursor, worked out from what is stored here.
    pub digest: Option<Hash>,
}

/// What stands in a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingState {
    /// The stream.
    pub stream: String,
    /// The center's number up to which everything is stored here.
    pub cursor: u64,
    /// The digest of what stands.
    pub state: Hash,
}

/// How far the chain over a stream's commits was worked out.
pub(crate) struct Reached {
    /// The center's number.
    at: u64,
    /// The chain there.
    chain: Hash,
    /// The greatest of the center's numbers that a commit has.
    confirmed: u64,
}

/// The same of every stream.
pub(crate) type Chains = HashMap<i64, Reached>;

/// A commit that the center holds durably.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The device.
    pub dev: String,
    /// The commit's number among the device's.
    pub seq: u64,
    /// The center's number of it.
    pub sseq: u64,
    /// Time: receipt at the center, UTC.
    pub received_at: String,
    /// The center's signature under the above, see [`ledger::Receipt`].
    pub receipt: String,
    /// Whether the center put it aside.
    pub quarantined: bool,
}

/// Takes the center's first word for whether a commit that is here counts; `true` when it was
/// otherwise. A later word, of a center that was put back and judges by the rights of today, moves
/// nothing.
///
/// Asked before the receipt is noted, which says that there was a word.
pub(crate) fn put_aside(
    conn: &Connection,
    stream: i64,
    (dev, seq): (&str, u64),
    quarantined: bool,
) -> Result<bool, rusqlite::Error> {
    let standing = if quarantined {
        Standing::Quarantined
    } else {
        Standing::Counts
    };
    let n = conn
        .prepare_cached(
            "UPDATE commits SET status = ?4
             WHERE stream = ?1 AND seq = ?3 AND status <> 3 AND status <> ?4 AND receipt IS NULL
                 AND device = (SELECT id FROM devices WHERE name = ?2)",
        )?
        .execute(params![stream, dev, seq as i64, standing as i64])?;
    Ok(n > 0)
}

impl Desk {
    /// Every stream that is here or was subscribed to.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn streams(&self) -> Result<Vec<StreamState>, DeskError> {
        let rows: Vec<(i64, StreamState)> = self
            .opened
            .conn
            .prepare_cached(
                "SELECT s.name, s.cursor, (SELECT count(*) FROM commits c
                     WHERE c.stream = s.id AND c.sseq IS NULL AND c.status <> 3), s.id
                 FROM streams s ORDER BY s.name",
            )?
            .query_map([], |row| {
                let (cursor, waiting): (i64, i64) = (row.get(1)?, row.get(2)?);
                let state = StreamState {
                    stream: row.get(0)?,
                    cursor: u64::try_from(cursor).unwrap_or(0),
                    confirmed: 0,
                    waiting: u64::try_from(waiting).unwrap_or(0),
                    digest: None,
                };
                Ok((row.get(3)?, state))
            })?
            .collect::<Result<_, _>>()?;
        let mut states = Vec::with_capacity(rows.len());
        for (number, state) in rows {
            let (digest, confirmed) = self.reached(number, &state.stream, state.cursor)?;
            states.push(StreamState {
                digest: Some(digest),
                confirmed,
                ..state
            });
        }
        Ok(states)
    }

    /// The chain over a stream's commits up to the center's number, and the greatest number that
    /// any has: all of it the first time, from then on what is new.
    fn reached(&self, stream: i64, name: &str, cursor: u64) -> Result<(Hash, u64), DeskError> {
        let conn = &self.opened.conn;
        let mut chains = self.chains.borrow_mut();
        let known = chains.remove(&stream).filter(|known| known.at <= cursor);
        let mut reached = match known {
            Some(known) => known,
            None => {
                let sql = "SELECT coalesce(max(sseq), 0) FROM commits
                     WHERE stream = ?1 AND sseq IS NOT NULL AND status <> 3";
                let greatest: i64 = conn
                    .prepare_cached(sql)?
                    .query_row([stream], |row| row.get(0))?;
                Reached {
                    at: 0,
                    chain: digest::start(name),
                    confirmed: u64::try_from(greatest).unwrap_or(0),
                }
            }
        };
        if reached.at < cursor {
            let mut statement = conn.prepare_cached(
                "SELECT hash FROM commits
                 WHERE stream = ?1 AND sseq > ?2 AND sseq <= ?3 AND status <> 3 ORDER BY sseq",
            )?;
            let mut rows = statement.query(params![stream, reached.at as i64, cursor as i64])?;
            while let Some(row) = rows.next()? {
                let id: String = row.get(0)?;
                let id = Hash::parse(&id).ok_or(DeskError::Damaged("the id of a commit"))?;
                reached.chain = digest::next(&reached.chain, &id);
            }
        }
        reached.at = cursor;
        reached.confirmed = reached.confirmed.max(cursor);
        let found = (reached.chain.clone(), reached.confirmed);
        chains.insert(stream, reached);
        Ok(found)
    }

    /// What stands in a stream; `None` when the center does not know it or something waits.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn standing_state(&self, stream: &str) -> Result<Option<StandingState>, DeskError> {
        let conn = &self.opened.conn;
        let Some(number) = names::stream(conn, stream)? else {
            return Ok(None);
        };
        let (cursor, waits): (i64, bool) = conn.query_row(
            "SELECT cursor, EXISTS(SELECT 1 FROM commits
                 WHERE stream = ?1 AND sseq IS NULL AND status <> 3)
             FROM streams WHERE id = ?1",
            [number],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let cursor = u64::try_from(cursor).unwrap_or(0);
        if waits || cursor == 0 {
            return Ok(None);
        }
        Ok(Some(StandingState {
            stream: stream.to_owned(),
            cursor,
            state: heads::of_heads(conn, number)?,
        }))
    }

    /// Makes everything that follows from a stream's log again, because another laptop with the
    /// same log shows something else. Whether it came out differently.
    ///
    /// # Errors
    /// [`DeskError::Storage`]; everything is then as before.
    pub fn mend(&mut self, stream: &str) -> Result<bool, DeskError> {
        let is_other = self.transact(|conn, _| {
            let Some(number) = names::stream(conn, stream)? else {
                return Ok(false);
            };
            let before = heads::of_heads(conn, number)?;
            rebuild::redo_stream(conn, number)?;
            Ok(before != heads::of_heads(conn, number)?)
        })?;
        if is_other {
            // What was remembered for a step back may name what stood wrongly.
            self.sitting = Sitting::default();
        }
        Ok(is_other)
    }

    /// Own commits that the center has not confirmed, in all streams.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn waiting(&self) -> Result<u64, DeskError> {
        let n: i64 = self.opened.conn.query_row(
            "SELECT count(*) FROM commits WHERE sseq IS NULL AND status <> 3",
            [],
            |row| row.get(0),
        )?;
        Ok(u64::try_from(n).unwrap_or(0))
    }

    /// Adds a stream that the center told of.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when it is no name of a stream, [`DeskError::Storage`].
    pub fn subscribe(&mut self, stream: &str) -> Result<(), DeskError> {
        if !ledger::value::is_id(stream) {
            return Err(DeskError::NotFound {
                what: "stream",
                id: stream.to_owned(),
            });
        }
        self.transact(|conn, _| {
            names::stream_or_new(conn, stream)?;
            Ok(())
        })
    }

    /// The oldest own commits that are not confirmed, in the order they were written; at least one
    /// when there is one.
    ///
    /// Units: `n_bytes_max` counts encoded frames.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn outbox(
        &self,
        stream: &str,
        n_commits_max: usize,
        n_bytes_max: usize,
    ) -> Result<Vec<Frame>, DeskError> {
        let conn = &self.opened.conn;
        let Some(stream) = names::stream(conn, stream)? else {
            return Ok(Vec::new());
        };
        let mut statement = conn.prepare_cached(
            "SELECT id, bytes, sig FROM commits
             WHERE stream = ?1 AND sseq IS NULL AND status <> 3 ORDER BY id LIMIT ?2",
        )?;
        let limit = i64::try_from(n_commits_max.max(1)).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![stream, limit])?;
        let (mut frames, mut n_bytes) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let frame = Frame {
                commit: row.get(1)?,
                sig: row.get(2)?,
                payloads: payloads(conn, row.get(0)?)?,
            };
            n_bytes += frame.encode().len();
            if n_bytes > n_bytes_max && !frames.is_empty() {
                break;
            }
            frames.push(frame);
        }
        Ok(frames)
    }

    /// Notes that the center holds these commits; the cursor stays.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn confirm(&mut self, stream: &str, confirmed: &[Confirmed]) -> Result<Changed, DeskError> {
        let (n, number) = self.transact(|conn, _| {
            let mut n = 0;
            let mut is_aside = false;
            let Some(stream) = names::stream(conn, stream)? else {
                return Ok((n, None));
            };
            for one in confirmed {
                is_aside |= put_aside(conn, stream, (&one.dev, one.seq), one.quarantined)?;
                n += conn
                    .prepare_cached(
                        "UPDATE commits SET sseq = ?4, received_at = ?5, receipt = nullif(?6, '')
                         WHERE stream = ?1 AND seq = ?3 AND status <> 3 AND sseq IS NULL
                             AND device = (SELECT id FROM devices WHERE name = ?2)",
                    )?
                    .execute(params![
                        stream,
                        one.dev,
                        one.seq as i64,
                        one.sseq as i64,
                        one.received_at,
                        one.receipt
                    ])?;
            }
            if is_aside {
                rebuild::redo_stream(conn, stream)?;
            }
            Ok((n, Some(stream)))
        })?;
        let greatest = confirmed.iter().map(|one| one.sseq).max().unwrap_or(0);
        if let Some(number) = number
            && let Some(reached) = self.chains.get_mut().get_mut(&number)
        {
            reached.confirmed = reached.confirmed.max(greatest);
        }
        if n == 0 {
            return Ok(Changed::default());
        }
        let topics = vec![
            "studies".into(),
            "history".into(),
            format!("study:{stream}"),
        ];
        Ok(Changed { topics })
    }

    /// Puts the cursor back to 0 and every commit back into the outbox, because the center lost
    /// something. Nothing is deleted; what it still has is confirmed again.
    ///
    /// Others' commits go too: they carry their authors' signatures, and the center may have lost
    /// them with ours. The order of arrival here is one in which they may follow each other.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn rewind(&mut self, stream: &str) -> Result<(), DeskError> {
        self.chains.borrow_mut().clear();
        self.n_missing.set(None);
        self.transact(|conn, _| {
            let Some(stream) = names::stream(conn, stream)? else {
                return Ok(());
            };
            conn.execute("UPDATE streams SET cursor = 0 WHERE id = ?1", [stream])?;
            conn.execute(
                "UPDATE commits SET sseq = NULL, received_at = NULL
                 WHERE stream = ?1 AND status <> 3",
                [stream],
            )?;
            Ok(())
        })
    }
}
