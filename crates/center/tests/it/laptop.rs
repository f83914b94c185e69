//! A laptop in memory: the ledger's own definitions behind [`Replica`].

use ledger::{Arrival, Chain, Commit, DeviceKey, Frame, Hash, Op, OpId, OpValue, PublicKey, State};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use sync::{Accepted, Confirmed, Page, Replica, Status, StreamState};

#[derive(Debug, thiserror::Error)]
pub(crate) enum LaptopError {
    #[error("the page does not begin at the cursor")]
    Cursor,
    #[error("a commit that the center passed on is not to be believed: {0}")]
    Commit(String),
}

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) frame: Frame,
    pub(crate) commit: Commit,
    pub(crate) sseq: Option<u64>,
    pub(crate) status: Status,
    /// Not confirmed by the center.
    waits: bool,
}

#[derive(Clone, Default)]
pub(crate) struct Local {
    pub(crate) rows: Vec<Row>,
    chain: Chain,
    pub(crate) cursor: u64,
    digest: Option<Hash>,
}

pub(crate) struct Laptop {
    secret: [u8; 32],
    pub(crate) key: DeviceKey,
    pub(crate) own: BTreeSet<String>,
    pub(crate) person: String,
    pub(crate) streams: BTreeMap<String, Local>,
    keys: HashMap<String, PublicKey>,
    /// The values that were ever written here: none may get lost.
    pub(crate) written: Vec<String>,
    /// A planted fault: the next commit from elsewhere is dropped while the cursor moves on.
    pub(crate) skips_one: bool,
    pub(crate) can_rewind: bool,
    /// Whether it hands in again what others wrote, too.
    pub(crate) carries_all: bool,
    pub(crate) keeps_digest: bool,
    /// What the next commit adopts.
    adopts: Option<Hash>,
}

impl Clone for Laptop {
    fn clone(&self) -> Self {
        Self {
            secret: self.secret,
            key: DeviceKey::from_secret(&self.secret),
            own: self.own.clone(),
            person: self.person.clone(),
            streams: self.streams.clone(),
            keys: self.keys.clone(),
            written: self.written.clone(),
            skips_one: self.skips_one,
            can_rewind: self.can_rewind,
            carries_all: self.carries_all,
            keeps_digest: self.keeps_digest,
            adopts: self.adopts.clone(),
        }
    }
}

fn rows_to_chain(rows: &[Row]) -> Chain {
    let mut chain = Chain::default();
    for row in rows {
        chain
            .admit(&row.commit, &row.frame.id())
            .expect("own rows are in order");
    }
    chain
}

impl Laptop {
    pub(crate) fn new(n: u8, person: &str) -> Self {
        let mut laptop = Self {
            secret: [n; 32],
            key: DeviceKey::from_secret(&[n; 32]),
            own: BTreeSet::new(),
            person: person.to_owned(),
            streams: BTreeMap::new(),
            keys: HashMap::new(),
            written: Vec::new(),
            skips_one: false,
            can_rewind: true,
            carries_all: true,
            keeps_digest: true,
            adopts: None,
        };
        laptop.own.insert(laptop.key.id());
        laptop
    }

    pub(crate) fn id(&self) -> String {
        self.key.id()
    }

    /// Sets a field, replacing what this laptop shows for it.
    pub(crate) fn set(&mut self, stream: &str, field: &str, value: &str) -> Frame {
        let heads = self
            .view(stream)
            .heads("e1", field)
            .iter()
            .map(|h| h.id.clone())
            .collect();
        self.written.push(value.to_owned());
        let op = Op {
            e: "e1".into(),
            k: "study".into(),
            f: field.into(),
            p: heads,
            saw: Vec::new(),
            v: OpValue::Inline(Value::from(value)),
            extra: Map::new(),
        };
        self.commit(stream, vec![op], None)
    }

    /// Decides about a commit that is kept for review.
    pub(crate) fn review(&mut self, stream: &str, held: &str, adopts: bool) -> Frame {
        let op = |k: &str, f: &str, value: &str| Op {
            e: format!("review-{k}-{f}"),
            k: k.into(),
            f: f.into(),
            p: Vec::new(),
            saw: Vec::new(),
            v: OpValue::Inline(Value::from(value)),
            extra: Map::new(),
        };
        if !adopts {
            return self.commit(stream, vec![op("review", "dismissed", held)], None);
        }
        self.adopts = Hash::parse(held);
        let frame = self.commit(stream, vec![op("study", "adopted", "x")], None);
        self.adopts = None;
        frame
    }

    pub(crate) fn draft(&self, stream: &str, ops: Vec<Op>, re: Option<Hash>) -> Commit {
        let empty = Local::default();
        let local = self.streams.get(stream).unwrap_or(&empty);
        let dev = self.id();
        let seq = local.chain.newest(&dev) + 1;
        Commit {
            stream: stream.to_owned(),
            key: (seq == 1).then(|| self.key.public().to_text()),
            seq,
            prev: local.chain.tip(&dev).cloned(),
            deps: local.chain.deps_for(&dev),
            lam: local.chain.next_lam(),
            at: "2026-11-23T06:12:33.123Z".into(),
            tz_minutes: 480,
            skew_ms: None,
            by: self.person.clone(),
            role: None,
            app: "0.1.0".into(),
            schema: 1,
            why: None,
            src: None,
            re,
            adopts: self.adopts.clone(),
            ops,
            extra: Map::new(),
            dev,
        }
    }

    fn commit(&mut self, stream: &str, ops: Vec<Op>, re: Option<Hash>) -> Frame {
        let commit = self.draft(stream, ops, re);
        let frame = Frame::seal(&commit, Vec::new(), &self.key).expect("a sound commit");
        let local = self.streams.entry(stream.to_owned()).or_default();
        local
            .chain
            .admit(&commit, &frame.id())
            .expect("the next of the chain");
        let status = Status::Accepted;
        let row = Row {
            frame: frame.clone(),
            commit,
            sseq: None,
            status,
            waits: true,
        };
        local.rows.push(row);
        frame
    }

    /// What stands: everything but what is kept for review.
    pub(crate) fn view(&self, stream: &str) -> State {
        let mut state = State::default();
        let rows = self
            .streams
            .get(stream)
            .map_or(&[][..], |local| &local.rows);
        for row in rows.iter().filter(|row| row.status == Status::Accepted) {
            state.apply(&row.commit, &row.frame.payloads);
        }
        state
    }

    /// The values of a field that stand, sorted.
    pub(crate) fn values(&self, stream: &str, field: &str) -> Vec<String> {
        let text = |value: &Option<Value>| {
            value
                .as_ref()
                .and_then(Value::as_str)
                .unwrap_or("")
                .to_owned()
        };
        let view = self.view(stream);
        let mut values: Vec<String> = view
            .heads("e1", field)
            .iter()
            .map(|head| text(&head.value))
            .collect();
        values.sort();
        values
    }

    /// Everything that is held, in a form that is equal on equal laptops.
    pub(crate) fn digest(&self) -> String {
        let mut lines = Vec::new();
        for (stream, local) in &self.streams {
            for row in &local.rows {
                let place = (row.commit.dev.as_str(), row.commit.seq);
                lines.push(format!(
                    "{stream} {place:?} {} {:?}",
                    row.frame.id(),
                    row.status
                ));
            }
            let view = self.view(stream);
            for (e, f) in view.fields() {
                lines.push(format!("{stream} {e} {f} {:?}", view.heads(e, f)));
            }
        }
        lines.sort();
        Hash::of(lines.join("\n").as_bytes()).as_str().to_owned()
    }

    /// Every value that any commit here carries.
    pub(crate) fn all_values(&self) -> BTreeSet<String> {
        let rows = self.streams.values().flat_map(|local| &local.rows);
        let ops = rows.flat_map(|row| &row.commit.ops);
        ops.filter_map(|op| match &op.v {
            OpValue::Inline(Value::String(text)) => Some(text.clone()),
            _ => None,
        })
        .collect()
    }

    fn key_of(&mut self, commit: &Commit) -> Option<PublicKey> {
        if let Some(key) = commit.public_key() {
            self.keys.insert(commit.dev.clone(), key);
        }
        self.keys.get(&commit.dev).cloned()
    }

    fn take(&mut self, stream: &str, pulled: sync::Pulled) -> Result<bool, LaptopError> {
        let fail = |what: &dyn std::fmt::Display| LaptopError::Commit(what.to_string());
        let commit = pulled.frame.parse_commit().map_err(|e| fail(&e))?;
        let key = self.key_of(&commit).ok_or_else(|| fail(&"no key"))?;
        pulled.frame.verify(&commit, &key).map_err(|e| fail(&e))?;
        let is_foreign = !self.own.contains(&commit.dev);
        let local = self.streams.entry(stream.to_owned()).or_default();
        let id = pulled.frame.id();
        if self.skips_one && is_foreign && local.chain.newest(&commit.dev) < commit.seq {
            self.skips_one = false;
            return Ok(false);
        }
        match local.chain.admit(&commit, &id) {
            Ok(Arrival::New) => {
                let (sseq, status) = (Some(pulled.sseq), pulled.status);
                local.rows.push(Row {
                    frame: pulled.frame,
                    commit,
                    sseq,
                    status,
                    waits: false,
                });
                Ok(true)
            }
            Ok(Arrival::Known) => {
                let row = local.rows.iter_mut().find(|row| row.frame.id() == id);
                let row = row.ok_or_else(|| fail(&"known but not here"))?;
                (row.sseq, row.status, row.waits) = (Some(pulled.sseq), pulled.status, false);
                Ok(false)
            }
            Err(error) => Err(fail(&error)),
        }
    }
}

impl Replica for Laptop {
    type Error = LaptopError;

    fn streams(&mut self) -> Result<Vec<StreamState>, LaptopError> {
        let states = self.streams.iter().map(|(stream, local)| StreamState {
            stream: stream.clone(),
            cursor: local.cursor,
            confirmed: local
                .rows
                .iter()
                .filter_map(|row| row.sseq)
                .max()
                .unwrap_or(0),
            waiting: local.rows.iter().filter(|row| row.waits).count() as u64,
            digest: local.digest.clone(),
        });
        Ok(states.collect())
    }

    fn outbox(
        &mut self,
        stream: &str,
        n_commits_max: usize,
        n_bytes_max: usize,
    ) -> Result<Vec<Frame>, LaptopError> {
        let Some(local) = self.streams.get(stream) else {
            return Ok(Vec::new());
        };
        let mut n_bytes = 0;
        let mut frames: Vec<Frame> = Vec::new();
        for row in local
            .rows
            .iter()
            .filter(|row| row.waits)
            .take(n_commits_max)
        {
            n_bytes += row.frame.encode().len();
            if n_bytes > n_bytes_max && !frames.is_empty() {
                break;
            }
            frames.push(row.frame.clone());
        }
        Ok(frames)
    }

    fn confirm(&mut self, stream: &str, confirmed: &[Confirmed]) -> Result<(), LaptopError> {
        let local = self.streams.entry(stream.to_owned()).or_default();
        for c in confirmed {
            let is_it = |row: &&mut Row| row.commit.dev == c.dev && row.commit.seq == c.seq;
            if let Some(row) = local.rows.iter_mut().find(is_it) {
                (row.sseq, row.status, row.waits) = (Some(c.sseq), c.status, false);
            }
        }
        Ok(())
    }

    fn accept(&mut self, stream: &str, page: Page) -> Result<Accepted, LaptopError> {
        let cursor = self.streams.get(stream).map_or(0, |local| local.cursor);
        if page.from != cursor {
            return Err(LaptopError::Cursor);
        }
        let mut n = 0;
        for pulled in page.pulled {
            n += u64::from(self.take(stream, pulled)?);
        }
        let keeps_digest = self.keeps_digest;
        let local = self.streams.entry(stream.to_owned()).or_default();
        local.cursor = page.to;
        local.digest = Some(page.digest).filter(|_| keeps_digest);
        Ok(Accepted {
            n,
            ..Accepted::default()
        })
    }

    fn fork(&mut self, stream: &str) -> Result<(), LaptopError> {
        let old = self.id();
        let (head, _) = self.secret.split_first_mut().expect("32 bytes");
        *head = head.wrapping_add(101);
        self.key = DeviceKey::from_secret(&self.secret);
        self.own.insert(self.id());
        let local = self.streams.entry(stream.to_owned()).or_default();
        let is_lost = |row: &Row| row.waits && row.commit.dev == old;
        let again: Vec<Row> = local
            .rows
            .iter()
            .filter(|row| is_lost(row))
            .cloned()
            .collect();
        local.rows.retain(|row| !is_lost(row));
        local.chain = rows_to_chain(&local.rows);
        let mut new_ids: HashMap<OpId, OpId> = HashMap::new();
        for row in again {
            let mut ops = row.commit.ops.clone();
            for id in ops
                .iter_mut()
                .flat_map(|op| op.p.iter_mut().chain(op.saw.iter_mut()))
            {
                if let Some(new) = new_ids.get(id) {
                    *id = new.clone();
                }
            }
            let n_ops = ops.len();
            let frame = self.commit(stream, ops, Some(row.frame.id()));
            let new = frame.parse_commit().expect("just written");
            for idx in 0..n_ops {
                new_ids.insert(row.commit.op_id(idx), new.op_id(idx));
            }
        }
        Ok(())
    }

    fn subscribe(&mut self, stream: &str) -> Result<(), LaptopError> {
        self.streams.entry(stream.to_owned()).or_default();
        Ok(())
    }

    fn rewind(&mut self, stream: &str) -> Result<bool, LaptopError> {
        if !self.can_rewind {
            return Ok(false);
        }
        let (own, carries_all) = (self.own.clone(), self.carries_all);
        let local = self.streams.entry(stream.to_owned()).or_default();
        (local.cursor, local.digest) = (0, None);
        local.rows.sort_by_key(|row| row.sseq.unwrap_or(u64::MAX));
        for row in &mut local.rows {
            row.waits = row.waits || carries_all || own.contains(&row.commit.dev);
            row.sseq = None;
        }
        Ok(true)
    }
}
