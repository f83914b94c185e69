//! What may follow what, case by case.

use crate::write::{Device, deletion, op};
use ledger::{Arrival, Chain, ChainError, Commit, Frame, OpId};
use serde_json::json;

fn read(bytes: &[u8]) -> (Commit, ledger::Hash) {
    let (frame, _) = Frame::decode(bytes).expect("a frame");
    (frame.parse_commit().expect("a commit"), frame.id())
}

fn admit(chain: &mut Chain, bytes: &[u8]) -> Result<Arrival, ChainError> {
    let (commit, id) = read(bytes);
    chain.admit(&commit, &id)
}

#[test]
fn a_repeated_commit_is_known_and_changes_nothing() {
    let (mut a, mut b) = (Device::new(1), Device::new(2));
    let first = a.save("e", "f", json!(1));
    assert_eq!(b.receive(&first), Ok(Arrival::New));
    let before = (b.state.digest(), b.chain.next_lam());
    assert_eq!(b.receive(&first), Ok(Arrival::Known));
    assert_eq!(before, (b.state.digest(), b.chain.next_lam()));
}

#[test]
fn gaps_and_missing_dependencies_are_told_and_may_pass_later() {
    let (mut a, mut b) = (Device::new(1), Device::new(2));
    let first = a.save("e", "f", json!(1));
    let second = a.save("e", "f", json!(2));
    let mut chain = Chain::default();
    assert_eq!(admit(&mut chain, &second), Err(ChainError::Gap { have: 0 }));
    b.receive(&first).expect("first");
    b.receive(&second).expect("second");
    let third = b.save("e", "f", json!(3));
    let missing = ChainError::Dep {
        dev: a.key.id(),
        seq: 2,
    };
    assert_eq!(admit(&mut chain, &third), Err(missing));
    for frame in [&first, &second, &third] {
        assert_eq!(admit(&mut chain, frame), Ok(Arrival::New));
    }
    assert_eq!(chain.newest(&a.key.id()), 2);
}

#[test]
fn f33_a_device_that_was_restored_from_a_backup_forks() {
    let (mut a, mut restored, mut b) = (Device::new(1), Device::new(1), Device::new(2));
    let first = a.save("e", "f", json!(1));
    restored.receive(&first).expect("the backup");
    b.receive(&first).expect("first");
    b.receive(&a.save("e", "f", json!(2))).expect("second");
    let other = restored.save("e", "f", json!("other"));
    assert_eq!(b.receive(&other), Err(ChainError::Fork { seq: 2 }));
    let on_top = restored.save("e", "f", json!("more"));
    assert_eq!(b.receive(&on_top), Err(ChainError::Fork { seq: 3 }));
}

#[test]
fn another_stream_is_refused() {
    let mut a = Device::new(1);
    a.save("e", "f", json!(1));
    let mut commit = a.draft(vec![op("e", "f", Vec::new(), json!(2))]);
    commit.stream = "another".into();
    let id = Commit::id_of(&commit.to_bytes().expect("sound"));
    assert_eq!(a.chain.check(&commit, &id), Err(ChainError::Stream));
    assert!(!a.state.apply(&commit, &[]));
}

#[test]
fn naming_what_was_not_seen_is_refused() {
    let (mut a, mut b) = (Device::new(1), Device::new(2));
    b.receive(&a.save("e", "f", json!(1))).expect("first");
    // A commit that would replace the other's next edit before it is made.
    let next = OpId {
        dev: a.key.id(),
        seq: 2,
        idx: 0,
    };
    let replaces = b.draft(vec![op("e", "f", vec![next.clone()], json!("mine"))]);
    let deletes = b.draft(vec![deletion("e", Vec::new(), vec![next])]);
    // One that leaves out what it depends on.
    let mut hides = b.draft(vec![op(
        "e",
        "f",
        vec![OpId {
            dev: a.key.id(),
            seq: 1,
            idx: 0,
        }],
        json!("mine"),
    )]);
    hides.deps.clear();
    hides.lam = 1;
    for commit in [replaces, deletes, hides] {
        let id = Commit::id_of(&commit.to_bytes().expect("sound in itself"));
        assert_eq!(b.chain.check(&commit, &id), Err(ChainError::Unseen));
    }
    // Seen two commits ago is seen.
    b.save("e", "g", json!(1));
    let late = b.draft(vec![op(
        "e",
        "f",
        vec![OpId {
            dev: a.key.id(),
            seq: 1,
            idx: 0,
        }],
        json!(2),
    )]);
    assert!(late.deps.is_empty());
    let id = Commit::id_of(&late.to_bytes().expect("sound"));
    assert_eq!(b.chain.check(&late, &id), Ok(Arrival::New));
}

#[test]
fn f29_nobody_can_use_up_the_lamport_numbers() {
    let (mut a, mut b) = (Device::new(1), Device::new(2));
    b.receive(&a.save("e", "f", json!(1))).expect("first");
    for (lam, verdict) in [
        ((1 << 53) - 1, Err(ChainError::Lamport)),
        (3, Err(ChainError::Lamport)),
        (2, Ok(Arrival::New)),
    ] {
        let mut commit = b.draft(vec![op("e", "f", Vec::new(), json!(2))]);
        commit.lam = lam;
        let id = Commit::id_of(&commit.to_bytes().expect("sound in itself"));
        assert_eq!(b.chain.check(&commit, &id), verdict);
    }
    let mut standing_still = a.draft(vec![op("e", "f", Vec::new(), json!(2))]);
    standing_still.lam = 1;
    let id = Commit::id_of(&standing_still.to_bytes().expect("sound in itself"));
    assert_eq!(
        a.chain.check(&standing_still, &id),
        Err(ChainError::Lamport)
    );
}

#[test]
fn without_these_checks_the_order_of_delivery_would_decide() {
    let (mut a, mut b) = (Device::new(1), Device::new(2));
    b.receive(&a.save("e", "f", json!(1))).expect("first");
    let next = OpId {
        dev: a.key.id(),
        seq: 2,
        idx: 0,
    };
    let hostile = b.draft(vec![op("e", "f", vec![next], json!("mine"))]);
    let (honest, _) = read(&a.save("e", "f", json!(2)));
    // The rules alone, fed in both orders, disagree: that is why such a commit is never taken.
    let (mut one, mut other) = (b.state.clone(), b.state.clone());
    assert!(one.apply(&hostile, &[]) && one.apply(&honest, &[]));
    assert!(other.apply(&honest, &[]) && other.apply(&hostile, &[]));
    assert_ne!(one.digest(), other.digest());
    let id = Commit::id_of(&hostile.to_bytes().expect("sound in itself"));
    assert_eq!(b.chain.check(&hostile, &id), Err(ChainError::Unseen));
}

#[test]
fn f33_what_is_issued_again_says_the_same_on_every_copy() {
    let (mut one, mut other, mut b) = (Device::new(1), Device::new(1), Device::new(2));
    let first = one.save("e", "f", json!(1));
    let theirs = b.save("e", "g", json!(1));
    for frame in [&first, &theirs] {
        let _ = (one.receive(frame), other.receive(frame));
    }
    let refused = read(&one.save("e", "f", json!(2))).0;
    let mut seen = other.chain.seen_by(&one.key.id());
    seen.extend(refused.deps.clone());
    // One copy has learnt more meanwhile, which it had not seen then.
    for n in 2..5 {
        other.receive(&b.save("e", "g", json!(n))).expect("more");
    }
    let next = Device::new(3).key.id();
    let (deps, lam) = other.chain.next_having_seen(&next, &seen);
    assert_eq!(deps[&b.key.id()], 1);
    assert_eq!((deps[&one.key.id()], lam), (1, 2));
    let mut few = Chain::default();
    for frame in [&first, &theirs] {
        admit(&mut few, frame).expect("it follows");
    }
    assert_eq!(few.next_having_seen(&next, &seen), (deps.clone(), lam));
    // And it may follow: it names what it had seen, and no greater number than it may.
    let mut again = Device::new(3).draft(refused.ops.clone());
    (again.deps, again.lam) = (deps, lam);
    let id = Commit::id_of(&again.to_bytes().expect("sound"));
    assert_eq!(few.check(&again, &id), Ok(Arrival::New));
    assert_eq!(other.chain.check(&again, &id), Ok(Arrival::New));
}
