//! Where a device's chain stands, and whether a commit may follow: [`ledger::Chain`] in tables.

use crate::store::sql::{Sql, Values, integer, values};
use crate::store::{Believed, StoreError};
use ledger::{Commit, OpId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
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

/// The standing of every device that a batch touches; read before its first commit is looked at,
/// written back once at its end.
pub(super) struct Lines<'a> {
    stream: &'a str,
    lines: HashMap<String, Line>,
    /// The Lamport numbers of the commits that the batch names or brings.
    lams: HashMap<(String, u64), u64>,
}

impl<'a> Lines<'a> {
    /// Reads what the batch needs.
    pub(super) fn read(
        tx: &mut dyn Sql,
        stream: &'a str,
        commits: &[Believed],
    ) -> Result<Self, StoreError> {
        let commits = || commits.iter().map(|new| &new.commit);
        let devs: BTreeSet<&String> = commits().map(|commit| &commit.dev).collect();
        let keys = || devs.iter().map(|dev| values![stream, *dev]).collect();
        let sql = "SELECT seq, hash, lam, lam_seen FROM lines WHERE stream = ?1 AND dev = ?2";
        let found = tx.query_each(sql, keys())?;
        let sql = "SELECT other, seq FROM line_seen WHERE stream = ?1 AND dev = ?2";
        let seen = tx.query_each(sql, keys())?;
        let mut lines = HashMap::new();
        for ((dev, rows), seen) in devs.iter().zip(found).zip(seen) {
            let mut line = Line::default();
            if let Some(row) = rows.first() {
                line.seq = row.natural(0)?;
                line.hash = Some(row.text(1)?);
                line.lam = row.natural(2)?;
                line.lam_seen = row.natural(3)?;
                for row in &seen {
                    line.seen.insert(row.text(0)?, row.natural(1)?);
                }
            }
            lines.insert((*dev).clone(), line);
        }
        let named: BTreeSet<(&String, u64)> = commits()
            .flat_map(|commit| commit.deps.iter().map(|(dev, seq)| (dev, *seq)))
            .collect();
        let key = |(dev, seq): &(&String, u64)| Ok(values![stream, *dev, integer(*seq)?]);
        let keys = named.iter().map(key).collect::<Result<_, StoreError>>()?;
        let sql = "SELECT lam FROM commits WHERE stream = ?1 AND dev = ?2 AND seq = ?3";
        let mut lams = HashMap::new();
        for ((dev, seq), rows) in named.into_iter().zip(tx.query_each(sql, keys)?) {
            if let Some(row) = rows.first() {
                lams.insert((dev.clone(), seq), row.natural(0)?);
            }
        }
        Ok(Self {
            stream,
            lines,
            lams,
        })
    }

    /// The newest number of a device that is held; 0 for none.
    pub(super) fn newest(&self, dev: &str) -> u64 {
        self.lines.get(dev).map_or(0, |line| line.seq)
    }

    fn line(&mut self, dev: &str) -> Result<&mut Line, StoreError> {
        self.lines
            .get_mut(dev)
            .ok_or(StoreError::Damaged("a line is missing"))
    }

    /// The greatest Lamport number of others that the author had seen; names a missing commit.
    fn lam_seen(&mut self, commit: &Commit) -> Result<u64, StoreError> {
        let mut lam_seen = self.line(&commit.dev)?.lam_seen;
        for (dev, seq) in &commit.deps {
            let (dev, seq) = (dev.clone(), *seq);
            match self.lams.get(&(dev.clone(), seq)) {
                Some(lam) => lam_seen = lam_seen.max(*lam),
                None => return refuse(Problem::Dep { dev, seq }),
            }
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
        let place = (commit.dev.clone(), commit.seq);
        self.lams.insert(place, commit.lam);
        Ok(())
    }

    /// Writes the lines back.
    pub(super) fn store(self, tx: &mut dyn Sql) -> Result<(), StoreError> {
        let (mut lines, mut seen): (Vec<Values>, Vec<Values>) = (Vec::new(), Vec::new());
        for (dev, line) in &self.lines {
            let Some(hash) = &line.hash else { continue };
            let (seq, lam) = (integer(line.seq)?, integer(line.lam)?);
            let lam_seen = integer(line.lam_seen)?;
            lines.push(values![self.stream, dev, seq, hash, lam, lam_seen]);
            for (other, seq) in &line.seen {
                seen.push(values![self.stream, dev, other, integer(*seq)?]);
            }
        }
        tx.execute_each(
            "INSERT INTO lines(stream, dev, seq, hash, lam, lam_seen)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(stream, dev) DO UPDATE SET
             seq = excluded.seq, hash = excluded.hash, lam = excluded.lam,
             lam_seen = excluded.lam_seen",
            lines,
        )?;
        tx.execute_each(
            "INSERT INTO line_seen(stream, dev, other, seq) VALUES(?1, ?2, ?3, ?4)
             ON CONFLICT(stream, dev, other) DO UPDATE SET seq = excluded.seq",
            seen,
        )?;
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
