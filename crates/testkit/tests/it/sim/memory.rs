//! A laptop in memory: the ledger's own definitions behind [`Machine`], fast enough for thousands
//! of runs, with room for planted faults.

use super::bugs::Bug;
use super::machine::{GONE, Held, Machine, Place, Shown};
use ledger::{
    Arrival, Chain, Commit, DELETED, DeviceKey, EntityState, Frame, Hash, Op, OpId, OpValue, State,
    digest,
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use sync::{Accepted, Confirmed, Page, Replica, Status, StreamState};
use testkit::FixedClock;

#[derive(Debug, thiserror::Error)]
pub(crate) enum MemoryError {
    #[error("the page does not begin at the cursor")]
    Cursor,
}

#[derive(Clone)]
struct Row {
    frame: Frame,
    commit: Commit,
    sseq: Option<u64>,
    status: Status,
    waits: bool,
    /// Whether the center said what became of it; a later word moves nothing.
    has_word: bool,
}

#[derive(Clone, Default)]
struct Local {
    rows: Vec<Row>,
    chain: Chain,
    state: State,
    cursor: u64,
}

impl Local {
    /// The chain over what has a number up to the cursor, worked out from what is held.
    fn digest(&self, stream: &str) -> Hash {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.retain(|row| row.sseq.is_some_and(|sseq| sseq <= self.cursor));
        rows.sort_by_key(|row| row.sseq);
        let start = digest::start(stream);
        rows.iter()
            .fold(start, |chain, row| digest::next(&chain, &row.frame.id()))
    }
}

#[derive(Clone)]
struct Disk {
    key: Arc<DeviceKey>,
    /// The secrets of its identities.
    own: BTreeMap<String, [u8; 32]>,
    streams: BTreeMap<String, Local>,
}

pub(crate) struct Memory {
    disk: Disk,
    /// What a crash leaves where a planted fault stores too late.
    late: Option<Disk>,
    person: String,
    n: u64,
    clock: Arc<FixedClock>,
    bug: Bug,
    was_restarted: bool,
    n_taken: u64,
}

/// A copy of the disk of a [`Memory`].
pub(crate) struct MemoryCopy {
    disk: Disk,
    person: String,
    clock: Arc<FixedClock>,
    bug: Bug,
}

fn secret(parts: &[&[u8]]) -> [u8; 32] {
    let hash = Hash::of_parts(parts);
    let mut secret = [0; 32];
    secret.copy_from_slice(&hash.as_str().as_bytes()[10..42]);
    secret
}

impl Memory {
    pub(crate) fn new(n: u64, bug: Bug) -> Self {
        let secret = secret(&[b"laptop", &n.to_le_bytes()]);
        let key = Arc::new(DeviceKey::from_secret(&secret));
        let disk = Disk {
            own: BTreeMap::from([(key.id(), secret)]),
            key,
            streams: BTreeMap::new(),
        };
        Self {
            disk,
            late: None,
            person: format!("p-{n}"),
            n,
            clock: Arc::new(FixedClock::default()),
            bug,
            was_restarted: false,
            n_taken: 0,
        }
    }

    /// What was written too late is stored now.
    fn store(&mut self) {
        self.late = None;
    }

    fn local(&mut self, stream: &str) -> &mut Local {
        self.disk.streams.entry(stream.to_owned()).or_default()
    }

    /// The identity that issues again what another signed: the first of its line of which nothing stands.
    fn after(&mut self, stream: &str, old: &str) -> Arc<DeviceKey> {
        let mut last = self.disk.own[old];
        loop {
            let random = match self.bug {
                Bug::AgainAtRandom => self.n,
                _ => 0,
            };
            last = secret(&[&last, &random.to_le_bytes()]);
            let key = DeviceKey::from_secret(&last);
            self.disk.own.insert(key.id(), last);
            if self.local(stream).chain.newest(&key.id()) == 0 {
                return Arc::new(key);
            }
        }
    }

    fn commit(
        &mut self,
        stream: &str,
        ops: Vec<Op>,
        again: Option<(&Row, &BTreeMap<String, u64>)>,
    ) {
        if self.bug == Bug::SavedBeforeStored {
            self.late = Some(self.late.take().unwrap_or_else(|| self.disk.clone()));
        }
        let key = Arc::clone(&self.disk.key);
        let at = match again {
            Some((old, _)) => old.commit.at.clone(),
            None => self
                .clock
                .now()
                .format("%Y-%m-%dT%H:%M:%S%.3fZ")
                .to_string(),
        };
        let lamport_reset = self.bug == Bug::LamportReset && self.was_restarted;
        let (by, dev) = (self.person.clone(), key.id());
        let local = self.local(stream);
        let (deps, lam) = match again {
            Some((_, seen)) => local.chain.next_having_seen(&dev, seen),
            None => (local.chain.deps_for(&dev), local.chain.next_lam()),
        };
        let seq = local.chain.newest(&dev) + 1;
        let commit = Commit {
            stream: stream.to_owned(),
            key: (seq == 1).then(|| key.public().to_text()),
            seq,
            prev: local.chain.tip(&dev).cloned(),
            deps,
            lam: if lamport_reset { 1 } else { lam },
            at,
            tz_minutes: 480,
            skew_ms: None,
            by,
            role: None,
            app: "0.1.0".into(),
            schema: 1,
            why: None,
            src: None,
            re: again.map(|(old, _)| old.frame.id()),
            adopts: None,
            ops,
            extra: Map::new(),
            dev,
        };
        let frame = Frame::seal(&commit, Vec::new(), &key).expect("a sound commit");
        // Where a planted fault breaks the rules, the center is the one to say so.
        if local.chain.admit(&commit, &frame.id()).is_ok() {
            local.state.apply(&commit, &[]);
        }
        local.rows.push(Row {
            frame,
            commit,
            sseq: None,
            status: Status::Accepted,
            waits: true,
            has_word: false,
        });
    }

    fn rebuild(&mut self, stream: &str) {
        let bug = self.bug;
        let local = self.local(stream);
        (local.chain, local.state) = (Chain::default(), State::default());
        for row in &local.rows {
            if local.chain.admit(&row.commit, &row.frame.id()).is_ok() {
                apply(&mut local.state, row, bug);
            }
        }
    }

    fn word(row: &mut Row, status: Status) -> bool {
        let is_moved = !row.has_word && row.status != status;
        if !row.has_word {
            row.status = status;
        }
        row.has_word = true;
        is_moved
    }

    /// Takes one commit in; whether it is new, or nothing where it cannot follow.
    fn take(&mut self, stream: &str, pulled: sync::Pulled) -> Option<bool> {
        let bug = self.bug;
        let commit = pulled.frame.parse_commit().expect("the center checked it");
        let is_foreign = !self.disk.own.contains_key(&commit.dev);
        self.n_taken += u64::from(is_foreign);
        if bug == Bug::CursorSkipsOne && is_foreign && self.n_taken == 3 {
            return Some(false);
        }
        if bug == Bug::HeldIsDropped && pulled.status == Status::Quarantined {
            return Some(false);
        }
        let local = self.local(stream);
        let id = pulled.frame.id();
        match local.chain.admit(&commit, &id) {
            Ok(Arrival::New) => {
                let row = Row {
                    frame: pulled.frame,
                    commit,
                    sseq: Some(pulled.sseq),
                    status: pulled.status,
                    waits: false,
                    has_word: true,
                };
                apply(&mut local.state, &row, bug);
                local.rows.push(row);
                Some(true)
            }
            Ok(Arrival::Known) => {
                let row = local.rows.iter_mut().find(|row| row.frame.id() == id);
                let row = row.expect("what the chain knows is here");
                (row.sseq, row.waits) = (Some(pulled.sseq), false);
                if bug == Bug::KnownTakenTwice {
                    let again = row.clone();
                    local.rows.push(again);
                } else if Self::word(row, pulled.status) {
                    self.rebuild(stream);
                }
                Some(false)
            }
            Err(_) => None,
        }
    }
}

fn apply(state: &mut State, row: &Row, bug: Bug) {
    let is_deletion = row.commit.ops.iter().any(|op| op.f == DELETED);
    if bug == Bug::TombstonesForgotten && is_deletion && !row.waits {
        return;
    }
    match row.status {
        Status::Quarantined if bug != Bug::HeldIsApplied => state.set_aside(&row.commit),
        _ => state.apply(&row.commit, &row.frame.payloads),
    };
}

fn field(name: &str) -> &str {
    if name == GONE { DELETED } else { name }
}

fn parse(ids: &[String]) -> Vec<OpId> {
    ids.iter().filter_map(|id| OpId::parse(id)).collect()
}

impl Machine for Memory {
    type Copy = MemoryCopy;

    const FIELDS: &'static [&'static str] = &["title", "phase", "text", "ord"];

    const KEEPS_FORMS: bool = false;

    fn device(&self) -> String {
        self.disk.key.id()
    }

    fn public(&self) -> String {
        self.disk.key.public().to_text()
    }

    fn person(&self) -> String {
        self.person.clone()
    }

    fn begin(&mut self, n_entities: usize) -> (String, Vec<String>) {
        let stream = format!("s{}", self.disk.streams.len() + 1);
        let op = op("e0", "title", Vec::new(), Value::from("begun"));
        self.commit(&stream, vec![op], None);
        (stream, (0..n_entities).map(|n| format!("e{n}")).collect())
    }

    fn shown(&self, place: &Place) -> Vec<Shown> {
        let Some(local) = self.disk.streams.get(&place.stream) else {
            return Vec::new();
        };
        let heads = local.state.heads(&place.entity, field(&place.field));
        let shown = heads.iter().map(|head| Shown {
            id: head.id.to_string(),
            value: match &head.value {
                Some(Value::String(text)) => text.clone(),
                other => format!("{other:?}"),
            },
        });
        shown.collect()
    }

    fn set(&mut self, place: &Place, value: &str, seen: &[String]) {
        self.store();
        let mut seen = parse(seen);
        match self.bug {
            Bug::PredecessorsCutToOne => seen.truncate(1),
            Bug::SavesWhatStandsNow => {
                let now = self.shown(place).into_iter().map(|shown| shown.id);
                seen = parse(&now.collect::<Vec<_>>());
            }
            _ => {}
        }
        let op = op(&place.entity, &place.field, seen, Value::from(value));
        self.commit(&place.stream, vec![op], None);
    }

    fn archive(&mut self, stream: &str, entity: &str) {
        self.store();
        let local = self.local(stream);
        let ids = |heads: &[ledger::Head]| heads.iter().map(|h| h.id.clone()).collect::<Vec<_>>();
        let p = ids(local.state.heads(entity, DELETED));
        let mut saw: Vec<OpId> = Self::FIELDS
            .iter()
            .flat_map(|f| ids(local.state.heads(entity, f)))
            .collect();
        saw.sort();
        let op = Op {
            saw,
            ..op(entity, DELETED, p, Value::Bool(true))
        };
        self.commit(stream, vec![op], None);
    }

    fn is_gone(&self, stream: &str, entity: &str) -> bool {
        let Some(local) = self.disk.streams.get(stream) else {
            return false;
        };
        if self.bug == Bug::DeletionIsBlind {
            return !local.state.heads(entity, DELETED).is_empty();
        }
        local.state.entity(entity, &[]) == EntityState::Deleted
    }

    fn held(&self, stream: &str) -> Vec<Held> {
        let rows = self.disk.streams.get(stream).map(|local| &local.rows);
        let held = rows.into_iter().flatten().map(|row| Held {
            id: row.frame.id().to_string(),
            sseq: row.sseq,
            status: row.status,
        });
        held.collect()
    }

    fn waiting_at(&self, stream: &str, place: (&str, u64)) -> Option<String> {
        let is_it = |row: &&Row| row.waits && (row.commit.dev.as_str(), row.commit.seq) == place;
        let row = self.disk.streams.get(stream)?.rows.iter().find(is_it)?;
        Some(row.frame.id().to_string())
    }

    fn waiting(&self, stream: &str) -> Vec<Frame> {
        let rows = self.disk.streams.get(stream).map(|local| &local.rows);
        let waiting = rows.into_iter().flatten().filter(|row| row.waits);
        waiting.map(|row| row.frame.clone()).collect()
    }

    fn digest(&self) -> String {
        let mut lines = Vec::new();
        for (stream, local) in &self.disk.streams {
            lines.push(format!("{stream} {}", local.state.digest()));
            let ids = self.held(stream).into_iter();
            lines.extend(ids.map(|held| format!("{} {:?} {:?}", held.id, held.sseq, held.status)));
        }
        lines.sort();
        Hash::of(lines.join("\n").as_bytes()).to_string()
    }

    fn restart(&mut self) {
        if let Some(disk) = self.late.take() {
            self.disk = disk;
        }
        self.was_restarted = true;
    }

    fn copy(&mut self) -> MemoryCopy {
        MemoryCopy {
            disk: self.disk.clone(),
            person: self.person.clone(),
            clock: Arc::clone(&self.clock),
            bug: self.bug,
        }
    }

    fn from_copy(copy: &MemoryCopy, n: u64) -> Self {
        Self {
            disk: copy.disk.clone(),
            late: None,
            person: copy.person.clone(),
            n,
            clock: Arc::clone(&copy.clock),
            bug: copy.bug,
            was_restarted: true,
            n_taken: 0,
        }
    }

    fn bundle_out(&mut self, stream: &str) -> Vec<u8> {
        let rows = self.disk.streams.get(stream).map(|local| &local.rows);
        let frames = rows.into_iter().flatten().map(|row| {
            let held = u8::from(row.status == Status::Quarantined);
            [vec![held], row.frame.encode()].concat()
        });
        frames.flatten().collect()
    }

    fn bundle_in(&mut self, mut bundle: &[u8]) {
        self.store();
        let (bug, mut n) = (self.bug, 0);
        while let Some((held, rest)) = bundle.split_first() {
            let (frame, used) = Frame::decode(rest).expect("a whole frame");
            bundle = &rest[used..];
            let commit = frame.parse_commit().expect("a commit");
            n += 1;
            if bug == Bug::BundleDropsOne && n == 4 {
                continue;
            }
            let local = self.local(&commit.stream);
            match local.chain.admit(&commit, &frame.id()) {
                Ok(Arrival::Known) => {}
                Ok(Arrival::New) => {
                    let status = match held {
                        0 => Status::Accepted,
                        _ => Status::Quarantined,
                    };
                    let row = Row {
                        frame,
                        commit,
                        sseq: None,
                        status,
                        waits: true,
                        has_word: false,
                    };
                    apply(&mut local.state, &row, bug);
                    local.rows.push(row);
                }
                // What follows it cannot be taken either.
                Err(_) => break,
            }
        }
    }

    fn turn_clock(&mut self, by_ms: i64) {
        if let Some(by) = chrono::TimeDelta::try_milliseconds(by_ms) {
            self.clock.advance(by);
        }
    }
}

fn op(entity: &str, field: &str, p: Vec<OpId>, value: Value) -> Op {
    Op {
        e: entity.into(),
        k: "study".into(),
        f: field.into(),
        p,
        saw: Vec::new(),
        v: OpValue::Inline(value),
        extra: Map::new(),
    }
}

impl Replica for Memory {
    type Error = MemoryError;

    fn streams(&mut self) -> Result<Vec<StreamState>, MemoryError> {
        let keeps_digest = !matches!(self.bug, Bug::DigestNotKept | Bug::EpochIgnored);
        let states = self.disk.streams.iter().map(|(stream, local)| StreamState {
            stream: stream.clone(),
            cursor: local.cursor,
            confirmed: match keeps_digest {
                true => local.rows.iter().filter_map(|row| row.sseq).max(),
                false => None,
            }
            .unwrap_or(0),
            waiting: local.rows.iter().filter(|row| row.waits).count() as u64,
            digest: keeps_digest.then(|| local.digest(stream)),
        });
        Ok(states.collect())
    }

    fn outbox(
        &mut self,
        stream: &str,
        n_commits_max: usize,
        n_bytes_max: usize,
    ) -> Result<Vec<Frame>, MemoryError> {
        let bug = self.bug;
        let Some(local) = self.disk.streams.get_mut(stream) else {
            return Ok(Vec::new());
        };
        let mut n_bytes = 0;
        let mut frames: Vec<Frame> = Vec::new();
        let waiting = local.rows.iter_mut().filter(|row| row.waits);
        for row in waiting.take(n_commits_max) {
            n_bytes += row.frame.encode().len();
            if n_bytes > n_bytes_max && !frames.is_empty() {
                break;
            }
            row.waits = bug != Bug::OutboxClearedAtSend;
            frames.push(row.frame.clone());
        }
        Ok(frames)
    }

    fn confirm(&mut self, stream: &str, confirmed: &[Confirmed]) -> Result<(), MemoryError> {
        self.store();
        let bug = self.bug;
        let local = self.local(stream);
        let mut is_moved = false;
        for c in confirmed {
            let is_it = |row: &&mut Row| row.commit.dev == c.dev && row.commit.seq == c.seq;
            if let Some(row) = local.rows.iter_mut().find(is_it) {
                (row.sseq, row.waits) = (Some(c.sseq), false);
                is_moved |= Self::word(row, c.status);
            }
        }
        if bug == Bug::ConfirmsEverything {
            local.rows.iter_mut().for_each(|row| row.waits = false);
        }
        if is_moved {
            self.rebuild(stream);
        }
        Ok(())
    }

    fn accept(&mut self, stream: &str, page: Page) -> Result<Accepted, MemoryError> {
        self.store();
        let bug = self.bug;
        if page.from != self.local(stream).cursor {
            return Err(MemoryError::Cursor);
        }
        if bug == Bug::CursorBeforeRows {
            let mut late = self.disk.clone();
            let local = late.streams.entry(stream.to_owned()).or_default();
            local.cursor = page.to;
            self.late = Some(late);
        }
        let to = page.to;
        let mut pulled = page.pulled;
        if bug == Bug::AppliedInReverse {
            pulled.reverse();
        }
        let (mut n, mut at, mut n_problems) = (0, page.from, 0);
        for one in pulled {
            match self.take(stream, one) {
                Some(is_new) => n += u64::from(is_new),
                None if bug == Bug::AppliedInReverse => {}
                None => {
                    n_problems = 1;
                    break;
                }
            }
            at += 1;
        }
        let local = self.local(stream);
        if n_problems > 0 {
            local.cursor = at;
            return Ok(Accepted {
                n,
                n_problems,
                ..Accepted::default()
            });
        }
        if bug == Bug::ConfirmsEverything {
            local.rows.iter_mut().for_each(|row| row.waits = false);
        }
        local.cursor = to;
        Ok(Accepted {
            n,
            ..Accepted::default()
        })
    }

    fn fork(&mut self, stream: &str) -> Result<(), MemoryError> {
        self.store();
        if self.bug == Bug::ForkIgnored {
            return Ok(());
        }
        let own = self.disk.own.clone();
        let local = self.local(stream);
        let is_lost = |row: &Row| row.waits && own.contains_key(&row.commit.dev);
        let (mut again, kept): (Vec<Row>, Vec<Row>) = local.rows.drain(..).partition(is_lost);
        local.rows = kept;
        let old = again.first().map(|row| row.commit.dev.clone());
        let old = old.unwrap_or_else(|| self.disk.key.id());
        self.rebuild(stream);
        let key = self.after(stream, &old);
        let current = std::mem::replace(&mut self.disk.key, key);
        if self.bug == Bug::ForkForgetsOne {
            again.pop();
        }
        let mut renamed: HashMap<OpId, OpId> = HashMap::new();
        let (mut seen, mut lines) = (BTreeMap::new(), BTreeSet::new());
        for old in again {
            let dev = &old.commit.dev;
            let line = match lines.insert(dev.clone()) {
                true => self.local(stream).chain.seen_by(dev),
                false => BTreeMap::new(),
            };
            for (dev, seq) in line.into_iter().chain(old.commit.deps.clone()) {
                let newest = seen.entry(dev).or_insert(seq);
                *newest = seq.max(*newest);
            }
            let mut ops = old.commit.ops.clone();
            let named = ops
                .iter_mut()
                .flat_map(|op| op.p.iter_mut().chain(&mut op.saw));
            for id in named {
                if let Some(new) = renamed.get(id) {
                    *id = new.clone();
                }
            }
            let n_ops = ops.len();
            self.commit(stream, ops, Some((&old, &seen)));
            let new = self.local(stream).rows.last().expect("just written");
            for idx in 0..n_ops {
                renamed.insert(old.commit.op_id(idx), new.commit.op_id(idx));
            }
        }
        if current.id() != old {
            self.disk.key = current;
        }
        Ok(())
    }

    fn subscribe(&mut self, stream: &str) -> Result<(), MemoryError> {
        self.local(stream);
        Ok(())
    }

    fn rewind(&mut self, stream: &str) -> Result<bool, MemoryError> {
        self.store();
        let sends = self.bug != Bug::RewindSendsNothing;
        let local = self.local(stream);
        local.cursor = 0;
        for row in &mut local.rows {
            row.waits = row.waits || sends;
            row.sseq = None;
        }
        Ok(true)
    }
}
