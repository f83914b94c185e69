//! Deleting against editing: nothing that somebody had not seen goes away with a deletion.

use crate::random;
use crate::replica::{Ground, Rules};
use crate::schedule::{Nobody, Step, World, edits_and_deletions};
use crate::write::{Device, deletion, op};
use ledger::{DELETED, EntityState, OpId, State};
use serde_json::{Value, json};

/// A site with a contact, who has a contact of his own.
pub(crate) const GROUND: Ground = Ground {
    entities: &[
        ("site", &["contact", "deputy"]),
        ("contact", &["deputy"]),
        ("deputy", &[]),
    ],
    fields: &["name", DELETED],
};

pub(crate) fn agrees<R: Rules>(steps: &[Step]) -> Result<(), String> {
    World::<R, _>::new(&GROUND, 3, Nobody).play(steps)
}

#[test]
fn what_is_shown_follows_from_history() {
    let strategy = edits_and_deletions();
    random::holds("deletions", 2_000, &strategy, |steps| {
        agrees::<State>(&steps)
    });
}

fn ids(device: &Device, e: &str, descendants: &[&str]) -> Vec<OpId> {
    device
        .state
        .tree(e, descendants)
        .map(|head| head.id.clone())
        .collect()
}

fn heads(device: &Device, e: &str, f: &str) -> Vec<OpId> {
    device
        .state
        .heads(e, f)
        .iter()
        .map(|head| head.id.clone())
        .collect()
}

fn delete(device: &mut Device, e: &str, descendants: &[&str]) -> Vec<u8> {
    let saw = ids(device, e, descendants);
    let p = heads(device, e, DELETED);
    let commit = device.draft(vec![deletion(e, p, saw)]);
    device.seal(&commit, Vec::new())
}

#[test]
fn a_deletion_that_saw_everything_hides() {
    let mut a = Device::new(1);
    a.save("site", "name", json!("x"));
    delete(&mut a, "site", &[]);
    assert_eq!(a.state.entity("site", &[]), EntityState::Deleted);
}

#[test]
fn f48_a_concurrent_edit_keeps_the_entity_visible_on_both_sides() {
    let (mut a, mut b) = (Device::new(1), Device::new(2));
    let first = a.save("site", "name", json!("x"));
    b.receive(&first).expect("first");
    let deleted = delete(&mut a, "site", &[]);
    let edited = b.save("site", "name", json!("y"));
    a.receive(&edited).expect("edit");
    b.receive(&deleted).expect("deletion");
    assert_eq!(a.state.entity("site", &[]), EntityState::EditedUnseen);
    assert_eq!(b.state.entity("site", &[]), EntityState::EditedUnseen);
    // Somebody who has seen both deletes again.
    let again = delete(&mut b, "site", &[]);
    a.receive(&again).expect("again");
    assert_eq!(a.state.entity("site", &[]), EntityState::Deleted);
    assert_eq!(a.state.digest(), b.state.digest());
}

#[test]
fn undeleting_brings_back_also_against_a_concurrent_second_deletion() {
    let (mut a, mut b) = (Device::new(1), Device::new(2));
    let first = a.save("site", "name", json!("x"));
    let gone = delete(&mut a, "site", &[]);
    for frame in [&first, &gone] {
        b.receive(frame).expect("in order");
    }
    let back = a.save("site", DELETED, Value::Null);
    assert_eq!(a.state.entity("site", &[]), EntityState::Live);
    let gone_again = delete(&mut b, "site", &[]);
    assert_eq!(b.state.entity("site", &[]), EntityState::Deleted);
    b.receive(&back).expect("undeletion");
    a.receive(&gone_again).expect("second deletion");
    // One wanted it back and the other, not knowing, deleted again: it is shown, and said so.
    assert_eq!(a.state.entity("site", &[]), EntityState::EditedUnseen);
    assert_eq!(b.state.entity("site", &[]), EntityState::EditedUnseen);
    assert!(a.state.is_in_conflict("site", DELETED));
}

#[test]
fn f50_a_parent_stays_while_a_child_has_something_unseen() {
    let (mut a, mut b) = (Device::new(1), Device::new(2));
    let first = a.save("site", "name", json!("x"));
    b.receive(&first).expect("first");
    let child = b.save("contact", "role", json!("nurse"));
    delete(&mut a, "site", &["contact"]);
    assert_eq!(a.state.entity("site", &["contact"]), EntityState::Deleted);
    a.receive(&child).expect("a child nobody had seen");
    assert_eq!(
        a.state.entity("site", &["contact"]),
        EntityState::EditedUnseen
    );
    delete(&mut a, "site", &["contact"]);
    assert_eq!(a.state.entity("site", &["contact"]), EntityState::Deleted);
}

#[test]
fn a_child_that_was_deleted_before_does_not_hold_its_parent() {
    let mut a = Device::new(1);
    a.save("site", "name", json!("x"));
    a.save("contact", "role", json!("nurse"));
    delete(&mut a, "contact", &[]);
    // The person sees the site alone; the contact is long gone.
    delete(&mut a, "site", &[]);
    assert_eq!(a.state.entity("site", &["contact"]), EntityState::Deleted);
}

#[test]
fn parent_and_child_can_be_deleted_in_one_commit() {
    let mut a = Device::new(1);
    a.save("site", "name", json!("x"));
    a.save("contact", "role", json!("nurse"));
    let commit = a.draft(Vec::new());
    let child = deletion("contact", Vec::new(), ids(&a, "contact", &[]));
    let mut saw = ids(&a, "site", &["contact"]);
    saw.push(commit.op_id(0));
    let commit = a.draft(vec![child, deletion("site", Vec::new(), saw)]);
    a.seal(&commit, Vec::new());
    assert_eq!(a.state.entity("site", &["contact"]), EntityState::Deleted);
    assert_eq!(a.state.entity("contact", &[]), EntityState::Deleted);
}

#[test]
fn a_field_that_was_never_written_is_nothing() {
    let state = State::default();
    assert!(state.heads("site", "name").is_empty() && !state.is_in_conflict("site", "name"));
    assert_eq!(state.entity("site", &["contact"]), EntityState::Live);
}

#[test]
fn cleared_against_changed_is_a_conflict() {
    let (mut a, mut b) = (Device::new(1), Device::new(2));
    let first = a.save("site", "name", json!("x"));
    b.receive(&first).expect("first");
    let cleared = a.save("site", "name", Value::Null);
    let changed = b.draft(vec![op(
        "site",
        "name",
        heads(&b, "site", "name"),
        json!("y"),
    )]);
    let changed = b.seal(&changed, Vec::new());
    a.receive(&changed).expect("changed");
    b.receive(&cleared).expect("cleared");
    assert!(a.state.is_in_conflict("site", "name") && b.state.is_in_conflict("site", "name"));
}

#[test]
fn a_quarantined_value_stands_nowhere_and_its_follower_replaces_what_it_replaced() {
    let (mut author, mut other) = (Device::new(1), State::default());
    let read = |bytes: &[u8]| {
        let (frame, _) = ledger::Frame::decode(bytes).expect("a frame");
        frame.parse_commit().expect("a commit")
    };
    let first = read(&author.save("site", "name", json!("x")));
    let set_aside = [json!("y"), json!("z")].map(|value| read(&author.save("site", "name", value)));
    let last = read(&author.save("site", "name", json!("w")));
    assert!(other.apply(&first, &[]));
    for commit in &set_aside {
        assert!(other.set_aside(commit) && !other.set_aside(commit) && !other.apply(commit, &[]));
        assert_eq!(other.heads("site", "name")[0].value, Some(json!("x")));
    }
    assert!(other.apply(&last, &[]));
    assert_eq!(other.heads("site", "name").len(), 1);
    assert_eq!(other.digest(), author.state.digest());
}
