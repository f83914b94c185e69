//! A replica in a random schedule: the ledger's rules, and a second account of the same history
//! that knows nothing of heads.

use crate::write::{deletion, op};
use ledger::{
    Chain, Commit, DELETED, DeviceKey, EntityState, Frame, Head, OpId, OpValue, Payload,
    PayloadPlace, State,
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What a schedule asks of an implementation; the planted faults implement it too.
pub(crate) trait Rules: Default {
    fn apply(&mut self, commit: &Commit, payloads: &[Payload]) -> bool;
    fn heads(&self, e: &str, f: &str) -> Vec<Head>;
    fn is_in_conflict(&self, e: &str, f: &str) -> bool;
    fn entity(&self, e: &str, descendants: &[&str]) -> EntityState;
}

impl Rules for State {
    fn apply(&mut self, commit: &Commit, payloads: &[Payload]) -> bool {
        self.apply(commit, payloads)
    }
    fn heads(&self, e: &str, f: &str) -> Vec<Head> {
        self.heads(e, f).to_vec()
    }
    fn is_in_conflict(&self, e: &str, f: &str) -> bool {
        self.is_in_conflict(e, f)
    }
    fn entity(&self, e: &str, descendants: &[&str]) -> EntityState {
        self.entity(e, descendants)
    }
}

/// Entities and fields that a schedule plays with.
pub(crate) struct Ground {
    pub(crate) entities: &'static [(&'static str, &'static [&'static str])],
    pub(crate) fields: &'static [&'static str],
}

impl Ground {
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        self.entities
            .iter()
            .flat_map(|(e, _)| self.fields.iter().map(move |f| (*e, *f)))
    }
}

/// What a form had on screen when it was opened.
pub(crate) type Screen = BTreeMap<(String, String), Vec<Head>>;

/// An operation as history tells it.
pub(crate) struct Told {
    cell: (String, String),
    p: Vec<OpId>,
    saw: Vec<OpId>,
    deletes: bool,
}

pub(crate) struct Replica<R> {
    pub(crate) key: DeviceKey,
    pub(crate) chain: Chain,
    pub(crate) rules: R,
    pub(crate) told: BTreeMap<OpId, Told>,
}

impl<R: Rules> Replica<R> {
    pub(crate) fn new(number: u8) -> Self {
        Self {
            key: DeviceKey::from_secret(&[number + 1; 32]),
            chain: Chain::default(),
            rules: R::default(),
            told: BTreeMap::new(),
        }
    }

    pub(crate) fn screen(&self, ground: &Ground) -> Screen {
        let read = |(e, f): (&str, &str)| ((e.into(), f.into()), self.rules.heads(e, f));
        ground.cells().map(read).collect()
    }

    /// Takes in a frame; `Ok(true)` when it was new.
    pub(crate) fn receive(&mut self, bytes: &[u8]) -> Result<bool, ledger::ChainError> {
        let (frame, _) = Frame::decode(bytes).expect("a frame");
        let commit = frame.parse_commit().expect("a commit");
        let is_new = self.chain.admit(&commit, &frame.id())? == ledger::Arrival::New;
        // A repeated commit is applied again on purpose: that must change nothing.
        self.rules.apply(&commit, &frame.payloads);
        for (idx, op) in commit.ops.iter().enumerate() {
            let told = Told {
                cell: (op.e.clone(), op.f.clone()),
                p: op.p.clone(),
                saw: op.saw.clone(),
                deletes: op.f == DELETED && op.v == OpValue::Inline(Value::Bool(true)),
            };
            self.told.insert(commit.op_id(idx), told);
        }
        Ok(is_new)
    }

    /// Saves cells of a form: the operations replace what the form had shown.
    pub(crate) fn save(
        &mut self,
        screen: &Screen,
        changes: &[(&str, &str, Value)],
        salt: u32,
    ) -> Vec<u8> {
        let mut payloads = Vec::new();
        let mut ops = Vec::new();
        for (idx, (e, f, value)) in changes.iter().enumerate() {
            let shown = screen
                .get(&((*e).into(), (*f).into()))
                .map_or(&[][..], Vec::as_slice);
            let p = shown.iter().map(|head| head.id.clone()).collect();
            let mut op = op(e, f, p, value.clone());
            if *f == "note" {
                let salt = format!("{:032x}", u64::from(salt) * 8 + idx as u64);
                op.v = OpValue::Hidden(Payload::hash(&salt, value).expect("a value"));
                let place = PayloadPlace::Op(idx as u32);
                payloads.push(Payload {
                    place,
                    salt,
                    value: value.clone(),
                });
            }
            ops.push(op);
        }
        self.seal(ops, payloads)
    }

    /// Deletes an entity: the deletion names every head that the form had shown of its tree.
    pub(crate) fn delete(&mut self, screen: &Screen, e: &str, descendants: &[&str]) -> Vec<u8> {
        let shown = |cell: &(String, String)| {
            screen
                .get(cell)
                .into_iter()
                .flatten()
                .map(|head| head.id.clone())
        };
        let of_tree =
            |cell: &&(String, String)| cell.0 == e || descendants.contains(&cell.0.as_str());
        let saw = screen.keys().filter(of_tree).flat_map(shown).collect();
        let p = shown(&(e.to_owned(), DELETED.to_owned())).collect();
        self.seal(vec![deletion(e, p, saw)], Vec::new())
    }

    fn seal(&mut self, ops: Vec<ledger::Op>, payloads: Vec<Payload>) -> Vec<u8> {
        let dev = self.key.id();
        let seq = self.chain.newest(&dev) + 1;
        let commit = Commit {
            stream: "s".into(),
            key: (seq == 1).then(|| self.key.public().to_text()),
            seq,
            prev: self.chain.tip(&dev).cloned(),
            deps: self.chain.deps_for(&dev),
            lam: self.chain.next_lam(),
            dev,
            at: "2026-11-23T06:12:33.123Z".into(),
            tz_minutes: 0,
            skew_ms: None,
            by: "u".into(),
            role: None,
            app: "1".into(),
            schema: 1,
            why: None,
            src: None,
            re: None,
            adopts: None,
            ops,
            extra: Map::new(),
        };
        let frame = Frame::seal(&commit, payloads, &self.key).expect("a sound commit");
        let bytes = frame.encode();
        assert_eq!(
            self.receive(&bytes),
            Ok(true),
            "own commits follow each other"
        );
        bytes
    }

    /// Operations that no told operation of the same field names.
    fn standing(&self) -> BTreeSet<&OpId> {
        let mut standing: BTreeSet<&OpId> = self.told.keys().collect();
        for told in self.told.values() {
            for id in &told.p {
                if self
                    .told
                    .get(id)
                    .is_some_and(|older| older.cell == told.cell)
                {
                    standing.remove(id);
                }
            }
        }
        standing
    }

    /// Every operation is visible, or was replaced by one that named it; never both, never neither.
    pub(crate) fn check_visible_or_replaced(&self) -> Result<(), String> {
        let standing = self.standing();
        let mut visible = BTreeSet::new();
        for (e, f) in self
            .told
            .values()
            .map(|told| &told.cell)
            .collect::<BTreeSet<_>>()
        {
            for head in self.rules.heads(e, f) {
                if !visible.insert(head.id.clone()) {
                    return Err(format!("{} is visible twice", head.id));
                }
            }
        }
        match self
            .told
            .keys()
            .find(|id| visible.contains(*id) != standing.contains(*id))
        {
            Some(id) => Err(format!("{id}: visible {}", visible.contains(id))),
            None => Ok(()),
        }
    }

    /// Whether an entity is shown follows from history alone.
    pub(crate) fn check_deletions(&self, ground: &Ground) -> Result<(), String> {
        let standing = self.standing();
        for (e, descendants) in ground.entities {
            let tree: Vec<(&OpId, &Told)> = standing
                .iter()
                .filter_map(|id| self.told.get(*id).map(|told| (*id, told)))
                .filter(|(_, told)| {
                    told.cell.0 == *e || descendants.contains(&told.cell.0.as_str())
                })
                .collect();
            let seen: BTreeSet<&OpId> = tree
                .iter()
                .filter(|(_, t)| t.deletes)
                .flat_map(|(_, t)| &t.saw)
                .collect();
            let expected = if !tree.iter().any(|(_, t)| t.deletes && t.cell.0 == *e) {
                EntityState::Live
            } else if tree.iter().all(|(id, t)| t.deletes || seen.contains(id)) {
                EntityState::Deleted
            } else {
                EntityState::EditedUnseen
            };
            let found = self.rules.entity(e, descendants);
            if found != expected {
                return Err(format!("{e} is {found:?}, history says {expected:?}"));
            }
        }
        Ok(())
    }
}
