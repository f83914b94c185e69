//! Planted faults: the properties are worth something only if wrong rules break them.

use crate::replica::Rules;
use crate::schedule::{edits, edits_and_deletions};
use crate::{deletion, oracle, random};
use ledger::{Commit, EntityState, Head, Payload, State};
use std::collections::BTreeSet;

/// How many schedules a fault may hide in.
const N_SCHEDULES: u32 = 300;

/// Wraps the true rules; each fault changes one thing.
macro_rules! fault {
    ($(#[$doc:meta])* $name:ident { $($method:item)* } $($kept:ident)*) => {
        $(#[$doc])*
        #[derive(Default)]
        struct $name(State);
        impl Rules for $name { $($method)* $(fault!(@ $kept);)* }
    };
    (@ apply) => {
        fn apply(&mut self, commit: &Commit, payloads: &[Payload]) -> bool {
            self.0.apply(commit, payloads)
        }
    };
    (@ heads) => {
        fn heads(&self, e: &str, f: &str) -> Vec<Head> { self.0.heads(e, f).to_vec() }
    };
    (@ is_in_conflict) => {
        fn is_in_conflict(&self, e: &str, f: &str) -> bool { self.0.is_in_conflict(e, f) }
    };
    (@ entity) => {
        fn entity(&self, e: &str, descendants: &[&str]) -> EntityState {
            self.0.entity(e, descendants)
        }
    };
}

fault! {
    /// Predecessors cut to one: resolving a conflict leaves a loser standing.
    OnePredecessor {
        fn apply(&mut self, commit: &Commit, payloads: &[Payload]) -> bool {
            let mut commit = commit.clone();
            for op in &mut commit.ops {
                op.p.truncate(1);
            }
            self.0.apply(&commit, payloads)
        }
    } heads is_in_conflict entity
}

fault! {
    /// Everything that stands is replaced, seen or not: the usual last-write-wins.
    ReplacesUnseen {
        fn apply(&mut self, commit: &Commit, payloads: &[Payload]) -> bool {
            let mut commit = commit.clone();
            for op in &mut commit.ops {
                op.p = self.0.heads(&op.e, &op.f).iter().map(|head| head.id.clone()).collect();
            }
            self.0.apply(&commit, payloads)
        }
    } heads is_in_conflict entity
}

fault! {
    /// Conflict as a count of distinct values that does not count null.
    NullIsNoValue {
        fn is_in_conflict(&self, e: &str, f: &str) -> bool {
            let values: BTreeSet<&str> = self.0.heads(e, f).iter().map(|h| h.cmp.as_str()).collect();
            values.iter().filter(|cmp| **cmp != "null").count() > 1
        }
    } apply heads entity
}

fault! {
    /// Any two heads are a conflict, equal or not.
    EqualIsConflict {
        fn is_in_conflict(&self, e: &str, f: &str) -> bool { self.0.heads(e, f).len() > 1 }
    } apply heads entity
}

fault! {
    /// A deletion hides whatever happened beside it.
    IgnoresSaw {
        fn entity(&self, e: &str, descendants: &[&str]) -> EntityState {
            match self.0.entity(e, descendants) {
                EntityState::EditedUnseen => EntityState::Deleted,
                other => other,
            }
        }
    } apply heads is_in_conflict
}

fault! {
    /// A deletion does not look at the children.
    ForgetsChildren {
        fn entity(&self, e: &str, _: &[&str]) -> EntityState { self.0.entity(e, &[]) }
    } apply heads is_in_conflict
}

fault! {
    /// A repeated commit is applied again.
    AppliesTwice {
        fn apply(&mut self, commit: &Commit, payloads: &[Payload]) -> bool {
            if !self.0.apply(commit, payloads) {
                // Makes the ids look new to the true rules, with the values as they were.
                let mut again = commit.clone();
                again.seq += 1_000_000;
                again.key = None;
                return self.0.apply(&again, payloads);
            }
            true
        }
    } heads is_in_conflict entity
}

fn oracle_finds<R: Rules>(name: &str) {
    let why = random::breaks(name, N_SCHEDULES, &edits(), |s| oracle::agrees::<R>(3, &s));
    eprintln!("{name}: {why}");
}

fn history_finds<R: Rules>(name: &str) {
    let strategy = edits_and_deletions();
    let why = random::breaks(name, N_SCHEDULES, &strategy, |s| deletion::agrees::<R>(&s));
    eprintln!("{name}: {why}");
}

#[test]
fn predecessors_cut_to_one_are_found() {
    oracle_finds::<OnePredecessor>("predecessors cut to one");
    history_finds::<OnePredecessor>("predecessors cut to one");
}

#[test]
fn replacing_the_unseen_is_found() {
    oracle_finds::<ReplacesUnseen>("replacing the unseen");
    history_finds::<ReplacesUnseen>("replacing the unseen");
}

#[test]
fn conflicts_told_wrong_are_found() {
    oracle_finds::<NullIsNoValue>("null ignored");
    oracle_finds::<EqualIsConflict>("equal values in conflict");
}

#[test]
fn deletions_that_hide_the_unseen_are_found() {
    history_finds::<IgnoresSaw>("saw ignored");
    history_finds::<ForgetsChildren>("children forgotten");
}

#[test]
fn applying_twice_is_found() {
    oracle_finds::<AppliesTwice>("applied twice");
}
