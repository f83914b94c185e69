//! What may follow what: every device writes one unbroken chain, and nothing arrives before what
//! it refers to.
//!
//! A store keeps the same facts in tables; this is the definition, and what a verifier runs.

use crate::{Commit, DeviceId, Hash, OpId};
use std::collections::BTreeMap;

/// Whether a commit is new here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Not seen before; it may be applied.
    New,
    /// The same commit is here already; nothing to do.
    Known,
}

/// Why a commit cannot be taken now, or ever.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChainError {
    /// The commit is of another stream.
    #[error("the commit belongs to another stream")]
    Stream,
    /// Another commit stands at this number, or the commit follows another one: the device's
    /// identity was used twice. Final.
    #[error("the device's chain has two continuations at number {seq}")]
    Fork {
        /// The number that is taken twice.
        seq: u64,
    },
    /// Commits of the same device are missing before it. It may be taken once they are here.
    #[error("the device's commits after number {have} are missing")]
    Gap {
        /// The newest number that is here; 0 for none.
        have: u64,
    },
    /// A commit of another device that it refers to is missing. It may be taken once it is here.
    #[error("commit {seq} of another device is missing")]
    Dep {
        /// The other device.
        dev: DeviceId,
        /// The number of its commit.
        seq: u64,
    },
    /// It replaces or deletes an operation that, by its own account, it had not seen. Final.
    #[error("an operation names another that its author had not seen")]
    Unseen,
    /// The Lamport number is not between its predecessor's and one above all it had seen. Final.
    #[error("the Lamport number is out of bounds")]
    Lamport,
}

/// The chains of all devices in one stream.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    stream: Option<String>,
    lines: BTreeMap<DeviceId, Line>,
}

/// One device's commits, oldest first, and what it has seen of others.
#[derive(Clone, Debug, Default)]
struct Line {
    commits: Vec<(Hash, u64)>,
    seen: BTreeMap<DeviceId, u64>,
    lam_seen: u64,
}

impl Chain {
    /// Says whether a commit may be taken, and changes nothing.
    ///
    /// # Errors
    /// [`ChainError`]; `Gap` and `Dep` may pass later, the others never.
    pub fn check(&self, commit: &Commit, id: &Hash) -> Result<Arrival, ChainError> {
        if self
            .stream
            .as_ref()
            .is_some_and(|stream| *stream != commit.stream)
        {
            return Err(ChainError::Stream);
        }
        let have = self.newest(&commit.dev);
        if commit.seq <= have {
            let is_same = self
                .at(&commit.dev, commit.seq)
                .is_some_and(|(known, _)| known == id);
            return if is_same {
                Ok(Arrival::Known)
            } else {
                Err(ChainError::Fork { seq: commit.seq })
            };
        }
        if commit.seq > have + 1 {
            return Err(ChainError::Gap { have });
        }
        let previous = self.at(&commit.dev, have);
        if commit.prev.as_ref() != previous.map(|(id, _)| id) {
            return Err(ChainError::Fork { seq: commit.seq });
        }
        for (dev, seq) in &commit.deps {
            if self.newest(dev) < *seq {
                return Err(ChainError::Dep {
                    dev: dev.clone(),
                    seq: *seq,
                });
            }
        }
        let lam_own = previous.map_or(0, |(_, lam)| *lam);
        if commit.lam <= lam_own || commit.lam > self.lam_seen(commit).max(lam_own) + 1 {
            return Err(ChainError::Lamport);
        }
        let named = commit.ops.iter().flat_map(|op| op.p.iter().chain(&op.saw));
        if named.into_iter().any(|op_id| !self.had_seen(commit, op_id)) {
            return Err(ChainError::Unseen);
        }
        Ok(Arrival::New)
    }

    /// Takes a commit; a repeated one is [`Arrival::Known`] and changes nothing.
    ///
    /// # Errors
    /// As [`Chain::check`]; a refused commit changes nothing.
    pub fn admit(&mut self, commit: &Commit, id: &Hash) -> Result<Arrival, ChainError> {
        if self.check(commit, id)? == Arrival::Known {
            return Ok(Arrival::Known);
        }
        let lam_seen = self.lam_seen(commit);
        self.stream.get_or_insert_with(|| commit.stream.clone());
        let line = self.lines.entry(commit.dev.clone()).or_default();
        line.commits.push((id.clone(), commit.lam));
        line.lam_seen = lam_seen;
        for (dev, seq) in &commit.deps {
            let seen = line.seen.entry(dev.clone()).or_default();
            *seen = (*seen).max(*seq);
        }
        Ok(Arrival::New)
    }

    /// The newest number of a device; 0 for none.
    pub fn newest(&self, dev: &str) -> u64 {
        self.lines
            .get(dev)
            .map_or(0, |line| line.commits.len() as u64)
    }

    /// The id of a device's newest commit: what its next one names as `prev`.
    pub fn tip(&self, dev: &str) -> Option<&Hash> {
        self.at(dev, self.newest(dev)).map(|(id, _)| id)
    }

    /// What the next commit of a device names as `deps`: the newest number of every other device
    /// that it has not named before.
    pub fn deps_for(&self, dev: &str) -> BTreeMap<DeviceId, u64> {
        let known = self.lines.get(dev).map(|line| &line.seen);
        let is_new = |other: &String, newest: u64| {
            other != dev
                && known
                    .and_then(|seen| seen.get(other))
                    .is_none_or(|seen| *seen < newest)
        };
        let newest = self.lines.keys().map(|other| (other, self.newest(other)));
        newest
            .filter(|(o, n)| is_new(o, *n))
            .map(|(o, n)| (o.clone(), n))
            .collect()
    }

    /// The Lamport number of the next commit: one above all that are here.
    pub fn next_lam(&self) -> u64 {
        let lams = self.lines.values().filter_map(|line| line.commits.last());
        lams.map(|(_, lam)| *lam).max().unwrap_or(0) + 1
    }

    /// What a device had seen, its own commits included: the newest number of each.
    pub fn seen_by(&self, dev: &str) -> BTreeMap<DeviceId, u64> {
        let line = self.lines.get(dev);
        let own = line.map(|line| (dev.to_owned(), line.commits.len() as u64));
        let others = line.into_iter().flat_map(|line| line.seen.clone());
        others.chain(own).collect()
    }

    /// `deps` and `lam` of the next commit of a device that says no more than `seen`: of one that
    /// is issued again, so that every copy of its laptop issues the very same.
    pub fn next_having_seen(
        &self,
        dev: &str,
        seen: &BTreeMap<DeviceId, u64>,
    ) -> (BTreeMap<DeviceId, u64>, u64) {
        let own = self.lines.get(dev);
        let deps: BTreeMap<DeviceId, u64> = seen
            .iter()
            .filter(|(other, _)| *other != dev)
            .map(|(other, seq)| (other.clone(), (*seq).min(self.newest(other))))
            .filter(|(other, seq)| {
                let said = own.and_then(|line| line.seen.get(other));
                *seq > said.copied().unwrap_or(0)
            })
            .collect();
        let lams = deps.iter().filter_map(|(dev, seq)| self.at(dev, *seq));
        let last = own.and_then(|line| line.commits.last());
        let lam = lams.chain(last).map(|(_, lam)| *lam).max().unwrap_or(0);
        (deps, lam.max(own.map_or(0, |line| line.lam_seen)) + 1)
    }

    fn at(&self, dev: &str, seq: u64) -> Option<&(Hash, u64)> {
        let place = usize::try_from(seq.checked_sub(1)?).ok()?;
        self.lines.get(dev)?.commits.get(place)
    }

    /// The greatest Lamport number among the other devices' commits that the author had seen.
    fn lam_seen(&self, commit: &Commit) -> u64 {
        let before = self.lines.get(&commit.dev).map_or(0, |line| line.lam_seen);
        let now = commit
            .deps
            .iter()
            .filter_map(|(dev, seq)| self.at(dev, *seq));
        now.map(|(_, lam)| *lam).max().unwrap_or(0).max(before)
    }

    fn had_seen(&self, commit: &Commit, named: &OpId) -> bool {
        // What a commit may name of its own device was checked when it was read.
        named.dev == commit.dev
            || commit
                .deps
                .get(&named.dev)
                .is_some_and(|seq| named.seq <= *seq)
            || self
                .lines
                .get(&commit.dev)
                .and_then(|line| line.seen.get(&named.dev))
                .is_some_and(|seq| named.seq <= *seq)
    }
}
