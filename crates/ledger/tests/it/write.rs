//! A device that writes commits the way a laptop does.

use ledger::{
    Chain, Commit, DeviceKey, Frame, Hash, Op, OpId, OpValue, Payload, PayloadPlace, State,
};
use serde_json::{Map, Value};

pub(crate) const STREAM: &str = "0195a3c0-0000-7000-8000-000000000001";

/// A device with its own view of one stream.
pub(crate) struct Device {
    pub(crate) key: DeviceKey,
    pub(crate) chain: Chain,
    pub(crate) state: State,
    n_salts: u32,
}

impl Device {
    pub(crate) fn new(number: u8) -> Self {
        let key = DeviceKey::from_secret(&[number; 32]);
        Self {
            key,
            chain: Chain::default(),
            state: State::default(),
            n_salts: 0,
        }
    }

    /// A commit that may follow, with everything filled in but the changes.
    pub(crate) fn draft(&self, ops: Vec<Op>) -> Commit {
        let dev = self.key.id();
        let seq = self.chain.newest(&dev) + 1;
        Commit {
            stream: STREAM.into(),
            key: (seq == 1).then(|| self.key.public().to_text()),
            seq,
            prev: self.chain.tip(&dev).cloned(),
            deps: self.chain.deps_for(&dev),
            lam: self.chain.next_lam(),
            dev,
            at: "2026-11-23T06:12:33.123Z".into(),
            tz_minutes: 480,
            skew_ms: None,
            by: "u-1".into(),
            role: None,
            app: "0.1.0".into(),
            schema: 1,
            why: None,
            src: None,
            re: None,
            adopts: None,
            ops,
            extra: Map::new(),
        }
    }

    /// Takes in a frame as it came over the wire.
    pub(crate) fn receive(&mut self, bytes: &[u8]) -> Result<ledger::Arrival, ledger::ChainError> {
        let (frame, _) = Frame::decode(bytes).expect("a frame");
        let commit = frame.parse_commit().expect("a commit");
        let arrival = self.chain.admit(&commit, &frame.id())?;
        self.state.apply(&commit, &frame.payloads);
        Ok(arrival)
    }

    /// Seals a commit, takes it in and gives the bytes that travel.
    pub(crate) fn seal(&mut self, commit: &Commit, payloads: Vec<Payload>) -> Vec<u8> {
        let frame = Frame::seal(commit, payloads, &self.key).expect("the commit can be sealed");
        let bytes = frame.encode();
        self.receive(&bytes).expect("own commits follow each other");
        bytes
    }

    /// Saves one field with everything that stands on screen.
    pub(crate) fn save(&mut self, e: &str, f: &str, value: Value) -> Vec<u8> {
        let p = self
            .state
            .heads(e, f)
            .iter()
            .map(|head| head.id.clone())
            .collect();
        let commit = self.draft(vec![op(e, f, p, value)]);
        self.seal(&commit, Vec::new())
    }

    /// A payload with the next salt of this device, and the hash that stands for it.
    pub(crate) fn hide(&mut self, place: PayloadPlace, value: Value) -> (Payload, Hash) {
        self.n_salts += 1;
        let salt = format!("{:032x}", self.n_salts);
        let hash = Payload::hash(&salt, &value).expect("a value of the grammar");
        (Payload { place, salt, value }, hash)
    }
}

/// An operation with its value in the open.
pub(crate) fn op(e: &str, f: &str, p: Vec<OpId>, value: Value) -> Op {
    Op {
        e: e.into(),
        k: "site".into(),
        f: f.into(),
        p,
        saw: Vec::new(),
        v: OpValue::Inline(value),
        extra: Map::new(),
    }
}

/// A deletion by somebody who saw these heads.
pub(crate) fn deletion(e: &str, p: Vec<OpId>, saw: Vec<OpId>) -> Op {
    Op {
        saw,
        ..op(e, ledger::DELETED, p, Value::Bool(true))
    }
}
