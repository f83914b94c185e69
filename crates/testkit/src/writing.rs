//! Commits as a device would have written them: dates of a plan, changed again and again.

use ledger::{Commit, DeviceKey, Frame, Hash, Op, OpId, OpValue};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The fields of each milestone that are written.
const FIELDS: [&str; 5] = ["planned", "actual", "untyped", "baseline", "trigger"];
/// How many milestones there are.
const N_MILESTONES: usize = 200;
/// How many fields there are; each operation replaces the one that wrote its field before.
const N_FIELDS: usize = N_MILESTONES * FIELDS.len();

/// One device that writes into one study.
pub struct Writing {
    key: DeviceKey,
    stream: String,
    person: String,
    n_ops: usize,
    n_commits: u64,
    /// How many commits came before those of the plan.
    n_before: u64,
    lam: u64,
    deps: BTreeMap<String, u64>,
    tip: Option<Hash>,
}

fn milestone(n: usize) -> String {
    format!("0195a3c2-7b1e-7c00-8000-{n:012}")
}

impl Writing {
    /// A device that writes commits of so many operations.
    pub fn new(secret: u8, stream: &str, person: &str, n_ops: usize) -> Self {
        Self {
            key: DeviceKey::from_secret(&[secret; 32]),
            stream: stream.to_owned(),
            person: person.to_owned(),
            n_ops,
            n_commits: 0,
            n_before: 0,
            lam: 0,
            deps: BTreeMap::new(),
            tip: None,
        }
    }

    /// The device's key.
    pub fn key(&self) -> &DeviceKey {
        &self.key
    }

    /// What others wrote before: a device, its newest number, and its Lamport number.
    pub fn after(&mut self, dev: String, seq: u64, lam: u64) {
        self.deps.insert(dev, seq);
        self.lam = self.lam.max(lam);
    }

    /// Puts every milestone into the study.
    ///
    /// # Panics
    /// When the ledger refuses what it is made for.
    pub fn begin(&mut self) -> Frame {
        let root = serde_json::json!({"$ref": self.stream});
        let place = |n| op(milestone(n), "parent", None, root.clone());
        let ops = (0..N_MILESTONES).map(place).collect();
        let frame = self.commit(ops);
        self.n_before = self.n_commits;
        frame
    }

    /// The next commits.
    ///
    /// # Panics
    /// As [`Writing::begin`].
    pub fn write(&mut self, n: usize) -> Vec<Frame> {
        (0..n).map(|_| self.next()).collect()
    }

    fn next(&mut self) -> Frame {
        let first = (self.n_commits - self.n_before) as usize * self.n_ops;
        let ops = (first..first + self.n_ops).map(|n| self.date(n)).collect();
        self.commit(ops)
    }

    fn date(&self, place: usize) -> Op {
        let before = place.checked_sub(N_FIELDS).map(|before| OpId {
            dev: self.key.id(),
            seq: (before / self.n_ops) as u64 + 1 + self.n_before,
            idx: u32::try_from(before % self.n_ops).unwrap_or(u32::MAX),
        });
        let (entity, field) = (place % N_FIELDS / FIELDS.len(), place % FIELDS.len());
        let (month, day) = (place / 28 % 12 + 1, place % 28 + 1);
        let value = Value::from(format!("2027-{month:02}-{day:02}"));
        op(milestone(entity), FIELDS[field], before, value)
    }

    fn commit(&mut self, ops: Vec<Op>) -> Frame {
        self.n_commits += 1;
        self.lam += 1;
        let commit = Commit {
            stream: self.stream.clone(),
            dev: self.key.id(),
            key: (self.n_commits == 1).then(|| self.key.public().to_text()),
            seq: self.n_commits,
            prev: self.tip.take(),
            deps: std::mem::take(&mut self.deps),
            lam: self.lam,
            at: "2026-11-23T06:12:33.123Z".into(),
            tz_minutes: 480,
            skew_ms: None,
            by: self.person.clone(),
            role: None,
            app: "0.1.0".into(),
            schema: 1,
            why: None,
            src: None,
            re: None,
            adopts: None,
            ops,
            extra: Map::new(),
        };
        let frame = Frame::seal(&commit, Vec::new(), &self.key).expect("a sound commit");
        self.tip = Some(frame.id());
        frame
    }
}

fn op(entity: String, field: &str, before: Option<OpId>, value: Value) -> Op {
    Op {
        e: entity,
        k: "milestone".into(),
        f: field.into(),
        p: before.into_iter().collect(),
        saw: Vec::new(),
        v: OpValue::Inline(value),
        extra: Map::new(),
    }
}
