//! Random schedules: people edit, save forms opened long ago, delete, undelete, and commits travel
//! in any causal order, some of them twice or too early.

use crate::replica::{Ground, Replica, Rules, Screen};
use ledger::{ChainError, DELETED};
use proptest::prelude::*;
use serde_json::{Value, json};

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Somebody opens the form and leaves it open.
    Open { who: u8 },
    /// Somebody saves the cells of the mask, from the open form or from a fresh one.
    Save {
        who: u8,
        mask: u8,
        value: u8,
        keeps_form: bool,
    },
    /// Somebody deletes an entity.
    Delete { who: u8, entity: u8 },
    /// Somebody brings an entity back.
    Undelete { who: u8, entity: u8 },
    /// A commit that is not there yet arrives, perhaps too early.
    Deliver { to: u8, pick: u16 },
    /// Everything that another has arrives.
    CatchUp { to: u8, from: u8 },
    /// A commit that is there already arrives again.
    Repeat { to: u8, pick: u16 },
}

fn who() -> impl Strategy<Value = u8> {
    0..4u8
}

fn edit_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => who().prop_map(|who| Step::Open { who }),
        8 => (who(), 1..8u8, 0..8u8, any::<bool>())
            .prop_map(|(who, mask, value, keeps_form)| Step::Save { who, mask, value, keeps_form }),
        6 => (who(), any::<u16>()).prop_map(|(to, pick)| Step::Deliver { to, pick }),
        2 => (who(), who()).prop_map(|(to, from)| Step::CatchUp { to, from }),
        1 => (who(), any::<u16>()).prop_map(|(to, pick)| Step::Repeat { to, pick }),
    ]
}

fn deletion_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (who(), 0..3u8).prop_map(|(who, entity)| Step::Delete { who, entity }),
        1 => (who(), 0..3u8).prop_map(|(who, entity)| Step::Undelete { who, entity }),
    ]
}

pub(crate) fn edits() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(edit_step(), 1..32)
}

pub(crate) fn edits_and_deletions() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(prop_oneof![4 => edit_step(), 1 => deletion_step()], 1..32)
}

/// What happened to a replica, told to whoever compares.
pub(crate) enum Event<'a> {
    /// The replica opened its form.
    Opened,
    /// The replica saved changes, from its open form or from a fresh one; commit number in all.
    Saved {
        from_open_form: bool,
        changes: &'a [(&'a str, &'a str, Value)],
        number: usize,
    },
    /// The replica took in a commit.
    Took { number: usize },
}

/// A second opinion that follows a schedule.
pub(crate) trait Witness {
    fn note(&mut self, replica: usize, event: &Event<'_>);
    /// The values of a cell, with doubles, in any order; `None` for no opinion.
    fn values(&self, replica: usize, e: &str, f: &str) -> Option<Vec<String>>;
}

/// No second opinion on values; the check against history remains.
pub(crate) struct Nobody;

impl Witness for Nobody {
    fn note(&mut self, _: usize, _: &Event<'_>) {}
    fn values(&self, _: usize, _: &str, _: &str) -> Option<Vec<String>> {
        None
    }
}

pub(crate) struct World<'g, R, W> {
    ground: &'g Ground,
    replicas: Vec<Replica<R>>,
    forms: Vec<Option<Screen>>,
    frames: Vec<Vec<u8>>,
    has: Vec<Vec<bool>>,
    witness: W,
}

impl<'g, R: Rules, W: Witness> World<'g, R, W> {
    pub(crate) fn new(ground: &'g Ground, n_replicas: u8, witness: W) -> Self {
        let n = usize::from(n_replicas);
        Self {
            ground,
            replicas: (0..n_replicas).map(Replica::new).collect(),
            forms: vec![None; n],
            frames: Vec::new(),
            has: vec![Vec::new(); n],
            witness,
        }
    }

    /// Plays a schedule and checks every law after every step.
    pub(crate) fn play(mut self, steps: &[Step]) -> Result<(), String> {
        for (n, step) in steps.iter().enumerate() {
            self.step(step)
                .map_err(|why| format!("step {n}, {step:?}: {why}"))?;
            for who in 0..self.replicas.len() {
                self.check(who)
                    .map_err(|why| format!("step {n}, {step:?}, replica {who}: {why}"))?;
            }
        }
        self.converge()
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        let n = self.replicas.len();
        let at = |who: u8| usize::from(who) % n;
        match *step {
            Step::Open { who } => {
                let who = at(who);
                self.forms[who] = Some(self.replicas[who].screen(self.ground));
                self.witness.note(who, &Event::Opened);
            }
            Step::Save {
                who,
                mask,
                value,
                keeps_form,
            } => self.save(at(who), mask, value, keeps_form),
            Step::Delete { who, entity } => self.delete(at(who), usize::from(entity)),
            Step::Undelete { who, entity } => self.undelete(at(who), usize::from(entity)),
            Step::Deliver { to, pick } => return self.deliver(at(to), usize::from(pick)),
            Step::CatchUp { to, from } => {
                for number in 0..self.frames.len() {
                    if self.has[at(from)][number] && !self.has[at(to)][number] {
                        self.take(at(to), number)?;
                    }
                }
            }
            Step::Repeat { to, pick } => {
                let to = at(to);
                let known: Vec<usize> = (0..self.frames.len())
                    .filter(|number| self.has[to][*number])
                    .collect();
                if !known.is_empty() {
                    let number = known[usize::from(pick) % known.len()];
                    if self.replicas[to].receive(&self.frames[number]) != Ok(false) {
                        return Err("a repeated commit counts as new".into());
                    }
                }
            }
        }
        Ok(())
    }

    fn save(&mut self, who: usize, mask: u8, value: u8, keeps_form: bool) {
        let from_open_form = self.forms[who].is_some();
        let screen = match &self.forms[who] {
            Some(form) => form.clone(),
            None => self.replicas[who].screen(self.ground),
        };
        let number = self.frames.len();
        let cells = self
            .ground
            .cells()
            .filter(|(_, f)| *f != DELETED)
            .enumerate();
        let changes: Vec<(&str, &str, Value)> = cells
            .filter(|(i, _)| mask & (1 << (i % 3)) != 0)
            .map(|(i, (e, f))| {
                let wanted = match value {
                    0 => Value::Null,
                    1 => json!(1),
                    2 => json!("a"),
                    _ => json!(format!("{number}-{i}")),
                };
                (e, f, wanted)
            })
            .collect();
        let frame = self.replicas[who].save(&screen, &changes, number as u32);
        self.own(who, frame);
        self.witness.note(
            who,
            &Event::Saved {
                from_open_form,
                changes: &changes,
                number,
            },
        );
        if !keeps_form {
            self.forms[who] = None;
        }
    }

    fn delete(&mut self, who: usize, entity: usize) {
        let (e, descendants) = self.ground.entities[entity % self.ground.entities.len()];
        let screen = match &self.forms[who] {
            Some(form) => form.clone(),
            None => self.replicas[who].screen(self.ground),
        };
        let frame = self.replicas[who].delete(&screen, e, descendants);
        self.own(who, frame);
    }

    fn undelete(&mut self, who: usize, entity: usize) {
        let (e, _) = self.ground.entities[entity % self.ground.entities.len()];
        let screen = self.replicas[who].screen(self.ground);
        let number = self.frames.len() as u32;
        let frame = self.replicas[who].save(&screen, &[(e, DELETED, Value::Null)], number);
        self.own(who, frame);
    }

    fn own(&mut self, who: usize, frame: Vec<u8>) {
        self.frames.push(frame);
        for (replica, has) in self.has.iter_mut().enumerate() {
            has.push(replica == who);
        }
    }

    fn deliver(&mut self, to: usize, pick: usize) -> Result<(), String> {
        let missing: Vec<usize> = (0..self.frames.len())
            .filter(|number| !self.has[to][*number])
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        match self.replicas[to].receive(&self.frames[missing[pick % missing.len()]]) {
            Ok(true) => {
                self.noted(to, missing[pick % missing.len()]);
                Ok(())
            }
            // Too early: refused, nothing changed; the first that fits is taken instead.
            Err(ChainError::Gap { .. } | ChainError::Dep { .. }) => {
                for number in missing {
                    if self.replicas[to].receive(&self.frames[number]) == Ok(true) {
                        self.noted(to, number);
                        return Ok(());
                    }
                }
                Err("no commit may follow".into())
            }
            other => Err(format!("a sound commit gives {other:?}")),
        }
    }

    fn take(&mut self, to: usize, number: usize) -> Result<(), String> {
        match self.replicas[to].receive(&self.frames[number]) {
            Ok(true) => {
                self.noted(to, number);
                Ok(())
            }
            other => Err(format!("commit {number} in causal order gives {other:?}")),
        }
    }

    fn noted(&mut self, to: usize, number: usize) {
        self.has[to][number] = true;
        self.witness.note(to, &Event::Took { number });
    }

    fn check(&self, who: usize) -> Result<(), String> {
        let replica = &self.replicas[who];
        for (e, f) in self.ground.cells() {
            let heads = replica.rules.heads(e, f);
            if let Some(mut expected) = self.witness.values(who, e, f) {
                let mut found: Vec<String> = heads.iter().map(|head| head.cmp.clone()).collect();
                expected.sort();
                found.sort();
                if found != expected {
                    return Err(format!(
                        "{e}.{f} is {found:?}, the oracle says {expected:?}"
                    ));
                }
                expected.dedup();
                if replica.rules.is_in_conflict(e, f) != (expected.len() > 1) {
                    return Err(format!("{e}.{f}: conflict over {expected:?} is told wrong"));
                }
            }
        }
        replica.check_visible_or_replaced()?;
        replica.check_deletions(self.ground)
    }

    /// In the end everybody has everything, in different orders, and sees the same.
    fn converge(mut self) -> Result<(), String> {
        for who in 0..self.replicas.len() {
            // Each replica takes what it misses in another order.
            let mut pick = who * 7;
            while self.has[who].contains(&false) {
                self.deliver(who, pick)?;
                pick += 3;
            }
            self.check(who)?;
        }
        let screens: Vec<Screen> = self
            .replicas
            .iter()
            .map(|replica| replica.screen(self.ground))
            .collect();
        if screens.windows(2).all(|pair| pair[0] == pair[1]) {
            Ok(())
        } else {
            Err("replicas with the same commits differ".into())
        }
    }
}
