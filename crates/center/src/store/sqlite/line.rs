//! Where a device's chain stands, and whether a commit may follow: [`ledger::Chain`] in tables.

use super::{integer, natural};
use crate::store::{Believed, StoreError};
use ledger::{Commit, OpId};
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::{BTreeMap, HashMap};
use sync::wire::{Disbelief, Problem};

/// One device's standing in a stream.
#[derive(Default)]
struct Line {
    seq: u64,
    hash: Option<String>,
    lam: u64,
    lam_seen: u64,
    seen: BTreeMap<String, u64>,
}

/// The standing of every device that a batch touches; written back once at its end.
pub(super) struct Lines<'a> {
    tx: &'a Transaction<'a>,
    stream: &'a str,
    lines: HashMap<String, Line>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(tx: &'a Transaction<'a>, stream: &'a str) -> Self {
        Self {
            tx,
            stream,
            lines: HashMap::new(),
        }
    }

    fn line(&mut self, dev: &str) -> Result<&mut Line, StoreError> {
        if !self.lines.contains_key(dev) {
            let line = self.load(dev)?;
            self.lines.insert(dev.to_owned(), line);
        }
        self.lines
            .get_mut(dev)
            .ok_or(StoreError::Damaged("a line is missing"))
    }

    fn load(&self, dev: &str) -> Result<Line, StoreError> {
        let sql = "SELECT seq, hash, lam, lam_seen FROM lines WHERE stream = ?1 AND dev = ?2";
        let row = self
            .tx
            .prepare_cached(sql)?
            .query_row([self.stream, dev], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get(1)?,
                    row.get::<_, i64>(2)?,
                    row.get::<_, i64>(3)?,
                ))
            })
            .optional()?;
        let Some((seq, hash, lam, lam_seen)) = row else {
            return Ok(Line::default());
        };
        let sql = "SELECT other, seq FROM line_seen WHERE stream = ?1 AND dev = ?2";
        let mut statement = self.tx.prepare_cached(sql)?;
        let mut rows = statement.query([self.stream, dev])?;
        let mut seen = BTreeMap::new();
        while let Some(row) = rows.next()? {
            seen.insert(row.get(0)?, natural(row.get(1)?)?);
        }
        let (seq, lam, lam_seen) = (natural(seq)?, natural(lam)?, natural(lam_seen)?);
        Ok(Line {
            seq,
            hash: Some(hash),
            lam,
            lam_seen,
            seen,
        })
    }

    /// The greatest Lamport number of others that the author had seen; names a missing commit.
    fn lam_seen(&mut self, commit: &Commit) -> Result<u64, StoreError> {
        let mut lam_seen = self.line(&commit.dev)?.lam_seen;
        for (dev, seq) in &commit.deps {
            let sql = "SELECT lam FROM commits WHERE stream = ?1 AND dev = ?2 AND seq = ?3";
            let key = params![self.stream, dev, integer(*seq)?];
            let lam = self
                .tx
                .prepare_cached(sql)?
                .query_row(key, |row| row.get(0))
                .optional()?;
            let lam = match lam {
                Some(lam) => natural(lam)?,
                None => {
                    return refuse(Problem::Dep {
                        dev: dev.clone(),
                        seq: *seq,
                    });
                }
            };
            lam_seen = lam_seen.max(lam);
        }
        Ok(lam_seen)
    }

    /// Checks that a commit may be taken now, and notes it as taken.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `Gap`, `Fork`, `Dep` or `Refused`.
    pub(super) fn admit(&mut self, idx: usize, new: &Believed) -> Result<(), StoreError> {
        let commit = &new.commit;
        let line = self.line(&commit.dev)?;
        let (have, lam_own) = (line.seq, line.lam);
        if commit.seq > have + 1 {
            return refuse(Problem::Gap { have });
        }
        if commit.prev.as_ref().map(ledger::Hash::as_str) != line.hash.as_deref() {
            let hash = line.hash.clone();
            return refuse(Problem::Fork {
                seq: commit.seq,
                hash,
            });
        }
        let lam_seen = self.lam_seen(commit)?;
        let line = self.line(&commit.dev)?;
        let is_lam_right = commit.lam > lam_own && commit.lam <= lam_seen.max(lam_own) + 1;
        let mut named = commit.ops.iter().flat_map(|op| op.p.iter().chain(&op.saw));
        if !is_lam_right || named.any(|op| !had_seen(line, commit, op)) {
            return refuse(Problem::Refused {
                idx,
                why: Disbelief::Chain,
            });
        }
        line.seq = commit.seq;
        line.hash = Some(new.id.as_str().to_owned());
        line.lam = commit.lam;
        line.lam_seen = lam_seen;
        for (dev, seq) in &commit.deps {
            let seen = line.seen.entry(dev.clone()).or_default();
            *seen = (*seen).max(*seq);
        }
        Ok(())
    }

    /// Writes the lines back.
    pub(super) fn store(self) -> Result<(), StoreError> {
        for (dev, line) in &self.lines {
            let Some(hash) = &line.hash else { continue };
            let sql = "INSERT INTO lines(stream, dev, seq, hash, lam, lam_seen)
                       VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(stream, dev) DO UPDATE SET
                       seq = excluded.seq, hash = excluded.hash, lam = excluded.lam,
                       lam_seen = excluded.lam_seen";
            let (seq, lam, lam_seen) = (
                integer(line.seq)?,
                integer(line.lam)?,
                integer(line.lam_seen)?,
            );
            let row = params![self.stream, dev, seq, hash, lam, lam_seen];
            self.tx.prepare_cached(sql)?.execute(row)?;
            for (other, seq) in &line.seen {
                let sql = "INSERT INTO line_seen(stream, dev, other, seq) VALUES(?1, ?2, ?3, ?4)
                           ON CONFLICT(stream, dev, other) DO UPDATE SET seq = excluded.seq";
                let row = params![self.stream, dev, other, integer(*seq)?];
                self.tx.prepare_cached(sql)?.execute(row)?;
            }
        }
        Ok(())
    }
}

fn had_seen(line: &Line, commit: &Commit, named: &OpId) -> bool {
    // What a commit may name of its own device was checked when it was read.
    let reaches = |seq: Option<&u64>| seq.is_some_and(|seq| named.seq <= *seq);
    named.dev == commit.dev
        || reaches(commit.deps.get(&named.dev))
        || reaches(line.seen.get(&named.dev))
}

pub(super) fn refuse<T>(problem: Problem) -> Result<T, StoreError> {
    Err(StoreError::Refused(problem))
}
