//! The log as version 1 wrote it: every later version reads it, verifies it and comes to the same
//! state. The log and what stands in it are never written anew.

use crate::story;
use crate::vectors::{check_file, path};
use ledger::{Arrival, Chain, Frame, PublicKey, State};
use std::collections::BTreeMap;
use std::fmt::Write;

const DIGEST: &str = "sha256:ef5dfdabd8f7e0fc74e4777ee2c5d6d1b07c9b446d4d72cefc27a235414912c8";

/// Reads a log with nothing but the log: the keys are in the first commit of each device.
fn read(log: &[u8]) -> (Chain, State) {
    let (mut chain, mut state) = (Chain::default(), State::default());
    let mut keys: BTreeMap<String, PublicKey> = BTreeMap::new();
    for frame in Frame::decode_all(log).expect("whole frames") {
        let commit = frame.parse_commit().expect("a commit");
        if let Some(key) = commit.public_key() {
            keys.insert(commit.dev.clone(), key);
        }
        frame
            .verify(&commit, &keys[&commit.dev])
            .expect("a true signature");
        assert_eq!(chain.admit(&commit, &frame.id()), Ok(Arrival::New));
        assert!(state.apply(&commit, &frame.payloads));
    }
    (chain, state)
}

/// The log as it is kept: the first phone number of the contact was redacted.
fn log() -> Vec<u8> {
    let mut log = Vec::new();
    for chapter in story::tell() {
        let (mut frame, _) = Frame::decode(&chapter.bytes).expect("a frame");
        if chapter.name.starts_with("edits the contact") {
            frame.payloads.clear();
        }
        log.extend(frame.encode());
    }
    log
}

fn list(state: &State) -> String {
    let mut out = String::new();
    for (e, f) in state.fields() {
        let heads: Vec<&str> = state
            .heads(e, f)
            .iter()
            .map(|head| head.cmp.as_str())
            .collect();
        let mark = if state.is_in_conflict(e, f) {
            "conflict"
        } else {
            "agreed"
        };
        writeln!(out, "{e} {f} {mark}: {}", heads.join(" | ")).expect("text");
    }
    let tree = [story::CONTACT];
    for (e, descendants) in [
        (story::SITE, &tree[..]),
        (story::CONTACT, &[]),
        (story::MILESTONE, &[]),
    ] {
        writeln!(out, "{e}: {:?}", state.entity(e, descendants)).expect("text");
    }
    out
}

#[test]
fn the_log_of_version_1_is_what_this_version_writes() {
    check_file("fixtures/log-v1.bin", &log());
    check_file("fixtures/log-v1.txt", list(&read(&log()).1).as_bytes());
}

#[test]
fn the_log_of_version_1_is_read_verified_and_understood() {
    let log = std::fs::read(path("fixtures/log-v1.bin")).expect("the log");
    let (chain, state) = read(&log);
    assert_eq!(state.digest().as_str(), DIGEST);
    let told = std::fs::read_to_string(path("fixtures/log-v1.txt")).expect("what stands in it");
    assert_eq!(list(&state), told);
    for words in [
        "conflict",
        "EditedUnseen",
        "Deleted",
        "Live",
        "sha256:",
        "null | ",
    ] {
        assert!(told.contains(words), "the log shows no {words}");
    }
    // Every frame is known now; reading the log again changes nothing.
    let mut again = state.clone();
    for frame in Frame::decode_all(&log).expect("whole frames") {
        let commit = frame.parse_commit().expect("a commit");
        assert_eq!(chain.check(&commit, &frame.id()), Ok(Arrival::Known));
        assert!(!again.apply(&commit, &frame.payloads));
    }
    assert_eq!(again.digest(), state.digest());
}

#[test]
fn redacting_everything_leaves_the_log_verifiable_and_the_digest_alone() {
    let mut redacted = Vec::new();
    let log = std::fs::read(path("fixtures/log-v1.bin")).expect("the log");
    for frame in Frame::decode_all(&log).expect("whole frames") {
        redacted.extend(
            Frame {
                payloads: Vec::new(),
                ..frame
            }
            .encode(),
        );
    }
    assert!(redacted.len() < log.len());
    let (_, state) = read(&redacted);
    assert_eq!(state.digest().as_str(), DIGEST);
    let name = &state.heads(story::SITE, "name")[0];
    assert!(name.value.is_none() && name.cmp.starts_with("sha256:"));
}

#[test]
fn no_bit_of_the_log_can_be_changed_unseen() {
    let log = std::fs::read(path("fixtures/log-v1.bin")).expect("the log");
    let (_, state) = read(&log);
    // Every 5th byte keeps the test short; the step is prime to the lengths of the parts.
    for place in (0..log.len()).step_by(5) {
        let mut bad = log.clone();
        bad[place] ^= 1;
        assert!(refuses(&bad), "a changed bit at {place} passes");
    }
    assert_eq!(state.digest().as_str(), DIGEST);
}

/// As [`read`], for bytes that may be wrong.
fn refuses(log: &[u8]) -> bool {
    let Ok(frames) = Frame::decode_all(log) else {
        return true;
    };
    let mut chain = Chain::default();
    let mut keys: BTreeMap<String, PublicKey> = BTreeMap::new();
    for frame in frames {
        let Ok(commit) = frame.parse_commit() else {
            return true;
        };
        if let Some(key) = commit.public_key() {
            keys.insert(commit.dev.clone(), key);
        }
        let Some(key) = keys.get(&commit.dev) else {
            return true;
        };
        if frame.verify(&commit, key).is_err() || chain.admit(&commit, &frame.id()).is_err() {
            return true;
        }
    }
    false
}
