//! Taking in commits from the center: checked, stored, shown, and the cursor moved, all at once.

use crate::desk::{Changed, Desk};
use crate::error::DeskError;
use crate::hole;
use crate::outbox::put_aside;
use crate::project;
use crate::store::append::{self, Arriving, Touched};
use crate::store::{Standing, names, tips};
use crate::verify::Problem;
use ledger::{Arrival, ChainError, Commit, Frame, Hash, PublicKey};
use rusqlite::{Connection, params};
use std::collections::HashMap;

/// Fewer commits than this are not worth a thread.
const HALF_MIN: usize = 8;

/// A commit from the center.
#[derive(Clone, Debug, PartialEq)]
pub struct Pulled {
    /// The center's number of it.
    pub sseq: u64,
    /// Time: receipt at the center, UTC.
    pub received_at: String,
    /// The center's signature under the above, see [`ledger::Receipt`].
    pub receipt: String,
    /// Whether the center put it aside: stored, not shown.
    pub quarantined: bool,
    /// The commit.
    pub frame: Frame,
}

/// What taking in a page did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accepted {
    /// Commits that were not here before.
    pub n: usize,
    /// Of these, how many had been here, and are back in their place.
    pub n_put_back: usize,
    /// What screens must read again.
    pub changed: Changed,
    /// Why the page was taken only up to a commit; empty when all of it was.
    pub problems: Vec<Problem>,
}

/// What became of one commit.
enum Taken {
    New,
    /// Gone from the log, and back in its place.
    PutBack,
    /// Here before; whether the center's word about it moved it.
    Known(bool),
    Refused(Problem),
}

impl Desk {
    /// Takes in a page: commits without gaps, in the center's order.
    ///
    /// A commit that cannot be believed ends the page before it: what others wrote on top of it
    /// cannot be taken without it, and skipping would lose it for good. The cursor then stands
    /// before that commit.
    ///
    /// # Errors
    /// [`DeskError::WrongCursor`] when the page does not begin where the stream ends here,
    /// [`DeskError::Storage`]; nothing is stored then.
    pub fn accept(
        &mut self,
        stream: &str,
        from: u64,
        to: u64,
        pulled: Vec<Pulled>,
    ) -> Result<Accepted, DeskError> {
        let accepted = self.transact(|conn, _| {
            let number = names::stream_or_new(conn, stream)?;
            let have: i64 = conn.query_row(
                "SELECT cursor FROM streams WHERE id = ?1",
                [number],
                |row| row.get(0),
            )?;
            let have = u64::try_from(have).unwrap_or(0);
            if have != from {
                return Err(DeskError::WrongCursor { have, got: from });
            }
            let mut accepted = Accepted::default();
            let mut touched = Touched {
                stream: number,
                ..Touched::default()
            };
            let is_any_held = pulled.iter().any(|one| one.quarantined);
            let checked = check(conn, &pulled)?;
            let (mut cursor, mut n_known, mut is_aside) = (from, 0, false);
            let mut gone = Vec::new();
            for (one, checked) in pulled
                .iter()
                .zip(checked)
                .filter(|(one, _)| one.sseq > from && one.sseq <= to)
            {
                // A hole in a page would be a commit lost for good.
                if one.sseq != cursor + 1 {
                    let place = format!("{stream} #{}", cursor + 1);
                    accepted.problems.push(Problem {
                        code: "chain",
                        place,
                    });
                    break;
                }
                match take(
                    conn,
                    (number, stream),
                    (one, checked),
                    &mut touched,
                    &mut gone,
                )? {
                    Taken::New => accepted.n += 1,
                    Taken::PutBack => {
                        accepted.n += 1;
                        accepted.n_put_back += 1;
                    }
                    Taken::Known(is_moved) => {
                        n_known += 1;
                        is_aside |= is_moved;
                    }
                    Taken::Refused(problem) => {
                        accepted.problems.push(problem);
                        break;
                    }
                }
                cursor = one.sseq;
            }
            hole::fill(conn, &mut touched, gone)?;
            if is_aside {
                project::rebuild::redo_stream(conn, number)?;
            } else {
                project::project(conn, &mut touched)?;
                if is_any_held {
                    // Nothing of it stands, but it is the newest of its device.
                    project::study_rows::update(conn, number, false)?;
                }
            }
            conn.execute(
                "UPDATE streams SET cursor = ?2 WHERE id = ?1",
                params![number, cursor as i64],
            )?;
            if accepted.n > 0 || is_aside {
                accepted.changed = Changed::study(stream);
            } else if n_known > 0 {
                accepted.changed.topics = vec!["studies".into(), "history".into()];
            }
            Ok(accepted)
        })?;
        if accepted.n_put_back > 0 {
            self.n_missing.set(None);
        }
        // A first exchange is thousands of pages without a quiet moment between them. The page is
        // stored, whatever becomes of this.
        if let Err(error) = self.rest_when_long() {
            log::warn!("checkpoint: {error}");
        }
        Ok(accepted)
    }
}

/// What is known of a commit by its bytes and its device's key.
enum Checked {
    Unreadable,
    /// The device has no key here, or the signature or a payload does not fit.
    Unbelievable(Commit),
    Sound(Commit, Hash, PublicKey),
}

/// Reads a page and checks its signatures: most of the work, and each stands alone.
fn check(conn: &Connection, pulled: &[Pulled]) -> Result<Vec<Checked>, DeskError> {
    let commits = in_halves(pulled, |one| Commit::parse(&one.frame.commit).ok());
    let mut keys: HashMap<String, PublicKey> = HashMap::new();
    for commit in commits.iter().flatten() {
        if !keys.contains_key(&commit.dev) {
            let known = || names::device_key(conn, &commit.dev);
            let key = commit
                .public_key()
                .map_or_else(known, |key| Ok(Some(key)))?;
            keys.extend(key.map(|key| (commit.dev.clone(), key)));
        }
    }
    let pairs: Vec<_> = pulled.iter().zip(&commits).collect();
    let ids = in_halves(&pairs, |(one, commit)| {
        let commit = commit.as_ref()?;
        let key = keys.get(&commit.dev)?;
        let id = one.frame.id();
        one.frame.verify_as((commit, &id), key).ok()?;
        Some((id, key.clone()))
    });
    let checked = commits.into_iter().zip(ids).map(|found| match found {
        (None, _) => Checked::Unreadable,
        (Some(commit), None) => Checked::Unbelievable(commit),
        (Some(commit), Some((id, key))) => Checked::Sound(commit, id, key),
    });
    Ok(checked.collect())
}

/// What the work gives for each thing, one half of them on another processor.
fn in_halves<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (these, those) = things.split_at(things.len() / 2);
    if these.len() < HALF_MIN {
        return things.iter().map(work).collect();
    }
    std::thread::scope(|scope| {
        let other = scope.spawn(|| those.iter().map(&work).collect::<Vec<R>>());
        let mut results: Vec<R> = these.iter().map(&work).collect();
        match other.join() {
            Ok(rest) => results.extend(rest),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        results
    })
}

fn take(
    conn: &Connection,
    (number, stream): (i64, &str),
    (one, checked): (&Pulled, Checked),
    touched: &mut Touched,
    gone: &mut Vec<hole::Row>,
) -> Result<Taken, DeskError> {
    let refused = |code, place: &str| {
        Ok(Taken::Refused(Problem {
            code,
            place: format!("{stream} {place}"),
        }))
    };
    let of = |commit: &Commit| format!("{}:{}", commit.dev, commit.seq);
    let (commit, id, key) = match checked {
        Checked::Unreadable => return refused("unreadable", &format!("#{}", one.sseq)),
        Checked::Unbelievable(commit) | Checked::Sound(commit, ..) if commit.stream != stream => {
            return refused("chain", &of(&commit));
        }
        Checked::Unbelievable(commit) => return refused("signature", &of(&commit)),
        Checked::Sound(commit, id, key) => (commit, id, key),
    };
    let standing = if one.quarantined {
        Standing::Quarantined
    } else {
        Standing::Counts
    };
    let mut answer = tips::check(conn, number, (&commit, &id), &mut touched.known)?;
    if hole::is_one(conn, touched, (&one.frame, &commit), &answer)? {
        gone.push(hole::Row::from_center(one, commit, standing));
        return Ok(Taken::PutBack);
    }
    if answer.is_err() && !gone.is_empty() {
        // It may follow what was missing until now.
        hole::fill(conn, touched, std::mem::take(gone))?;
        answer = tips::check(conn, number, (&commit, &id), &mut touched.known)?;
    }
    match answer {
        Ok(Arrival::Known) => {
            let place = (commit.dev.as_str(), commit.seq);
            let is_moved = put_aside(conn, number, place, one.quarantined)?;
            note_receipt(conn, number, &commit, one)?;
            Ok(Taken::Known(is_moved))
        }
        Ok(Arrival::New) => {
            let receipt = Some((one.sseq, one.received_at.as_str(), one.receipt.as_str()));
            let arriving = Arriving {
                frame: &one.frame,
                id: &id,
                commit: &commit,
                standing,
                receipt,
            };
            append::append(conn, &arriving, &key, touched)?;
            Ok(Taken::New)
        }
        Err(ChainError::Fork { .. }) => refused("fork", &of(&commit)),
        Err(_) => refused("chain", &of(&commit)),
    }
}

/// A commit that is here already is confirmed by being in the center's order.
fn note_receipt(
    conn: &Connection,
    number: i64,
    commit: &Commit,
    one: &Pulled,
) -> Result<(), DeskError> {
    conn.prepare_cached(
        "UPDATE commits SET sseq = ?4, received_at = ?5, receipt = nullif(?6, '')
         WHERE stream = ?1 AND seq = ?3 AND status <> 3
             AND device = (SELECT id FROM devices WHERE name = ?2)",
    )?
    .execute(params![
        number,
        commit.dev,
        commit.seq as i64,
        one.sseq as i64,
        one.received_at,
        one.receipt
    ])?;
    Ok(())
}
