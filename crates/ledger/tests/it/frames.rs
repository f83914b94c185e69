//! Frames and canonical JSON: round trips, and bytes that mean harm or nothing.

use crate::random;
use crate::story;
use crate::write::{Device, op};
use ledger::{
    Commit, Frame, FrameError, OpValue, Payload, PayloadPlace, SignatureError, canonical,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any value that has a canonical form, with keys that tell UTF-16 order from byte order.
fn any_value() -> impl Strategy<Value = Value> {
    let key = || {
        prop_oneof![
            "[a-c]{0,2}",
            "[\u{fb33}\u{1f600}\u{80}\r\"]{1,2}",
            any::<String>()
        ]
    };
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

#[test]
fn canonical_json_survives_a_round_trip() {
    random::holds("canonical JSON", 2_000, &any_value(), |value| {
        let bytes = canonical::to_bytes(&value).map_err(|e| e.to_string())?;
        if canonical::parse(&bytes).as_ref() != Some(&value) {
            return Err("another value comes back".into());
        }
        // The same value in another order of keys, through another writer.
        let pretty = serde_json::to_vec_pretty(&value).map_err(|e| e.to_string())?;
        let again: Value = serde_json::from_slice(&pretty).map_err(|e| e.to_string())?;
        if canonical::to_bytes(&again).as_ref() == Ok(&bytes) {
            Ok(())
        } else {
            Err("unstable".into())
        }
    });
}

/// Whatever a reader does with bytes, short of believing them.
fn read(bytes: &[u8]) {
    let _ = canonical::parse(bytes);
    let _ = Commit::parse(bytes);
    let Ok(frames) = Frame::decode_all(bytes) else {
        return;
    };
    for frame in frames {
        if let Ok(commit) = frame.parse_commit()
            && let Some(key) = commit.public_key()
        {
            let _ = frame.verify(&commit, &key);
        }
    }
}

#[test]
fn random_bytes_never_panic() {
    let bytes = prop::collection::vec(any::<u8>(), 0..400);
    random::holds("random bytes", 2_000, &bytes, |bytes| {
        read(&bytes);
        Ok(())
    });
}

#[test]
fn damaged_frames_never_panic_and_never_pass() {
    let frames: Vec<Vec<u8>> = story::tell()
        .into_iter()
        .map(|chapter| chapter.bytes)
        .collect();
    let n = frames.len();
    let damage = (
        0..n,
        prop::collection::vec((any::<u16>(), any::<u8>(), 0..3u8), 1..4),
    );
    random::holds("damaged frames", 3_000, &damage, |(which, damages)| {
        let mut bytes = frames[which].clone();
        for (place, byte, how) in damages {
            let place = usize::from(place) % bytes.len().max(1);
            match how {
                0 if place < bytes.len() => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                _ => bytes.truncate(place),
            }
        }
        if bytes == frames[which] {
            return Ok(());
        }
        read(&bytes);
        let Ok((frame, used)) = Frame::decode(&bytes) else {
            return Ok(());
        };
        // What is decoded is written back the same: a frame has one spelling.
        if frame.encode() != bytes[..used] {
            return Err("the frame has two spellings".into());
        }
        let Ok(commit) = frame.parse_commit() else {
            return Ok(());
        };
        let (sound, _) = Frame::decode(&frames[which]).map_err(|e| e.to_string())?;
        let key = [1, 2, 3].map(|n| Device::new(n).key.public());
        let passes = key.iter().any(|key| frame.verify(&commit, key).is_ok());
        // A payload that is left out whole is redaction; everything that is there must be true.
        let is_true = frame.commit == sound.commit
            && frame.sig == sound.sig
            && frame
                .payloads
                .iter()
                .all(|payload| sound.payloads.contains(payload));
        if passes && !is_true {
            Err("a changed frame passes".into())
        } else {
            Ok(())
        }
    });
}

fn sealed() -> (Device, Commit, Frame) {
    let mut device = Device::new(1);
    let (payload, hash) = device.hide(PayloadPlace::Op(0), json!("somebody's name"));
    let mut change = op("e", "name", Vec::new(), Value::Null);
    change.v = OpValue::Hidden(hash);
    let commit = device.draft(vec![change]);
    let frame = Frame::seal(&commit, vec![payload], &device.key).expect("sound");
    (device, commit, frame)
}

#[test]
fn every_part_of_a_frame_is_checked() {
    let (device, commit, sound) = sealed();
    let key = device.key.public();
    assert_eq!(sound.verify(&commit, &key), Ok(()));

    let redacted = Frame {
        payloads: Vec::new(),
        ..sound.clone()
    };
    assert_eq!(redacted.verify(&commit, &key), Ok(()));

    let other = Device::new(2).key;
    assert_eq!(
        sound.verify(&commit, &other.public()),
        Err(FrameError::Device)
    );
    let forged = Frame {
        sig: other.sign(&sound.id()),
        ..sound.clone()
    };
    let refused = Err(FrameError::Signature(SignatureError::Mismatch));
    assert_eq!(forged.verify(&commit, &key), refused);
    // A signature over the same bytes for another purpose is none.
    let sig = device
        .key
        .sign_with_prefix(b"pidesk-other-v1\0", sound.id().as_str().as_bytes());
    assert_eq!(
        Frame {
            sig,
            ..sound.clone()
        }
        .verify(&commit, &key),
        refused
    );
    for sig in [
        "",
        "ed25519:",
        "ed25519:AA",
        "rsa:AA",
        sound.sig.trim_start_matches("ed25519:"),
    ] {
        let bad = Frame {
            sig: sig.into(),
            ..sound.clone()
        };
        let form = Err(FrameError::Signature(SignatureError::Form));
        assert_eq!(bad.verify(&commit, &key), form, "{sig}");
    }
}

#[test]
fn every_payload_is_checked() {
    let (device, commit, sound) = sealed();
    let key = device.key.public();
    let true_one = sound.payloads[0].clone();
    let wrong = |change: fn(&mut Payload)| {
        let mut payload = true_one.clone();
        change(&mut payload);
        Frame {
            payloads: vec![payload],
            ..sound.clone()
        }
        .verify(&commit, &key)
    };
    let refused = Err(FrameError::Payload);
    assert_eq!(wrong(|_| ()), Ok(()));
    assert_eq!(wrong(|p| p.value = json!("another name")), refused);
    assert_eq!(wrong(|p| p.salt = "f".repeat(32)), refused);
    assert_eq!(wrong(|p| p.place = PayloadPlace::Op(1)), refused);
    assert_eq!(wrong(|p| p.place = PayloadPlace::Op(u32::MAX)), refused);
    assert_eq!(wrong(|p| p.place = PayloadPlace::Why), refused);
    let twice = Frame {
        payloads: vec![true_one.clone(), true_one],
        ..sound.clone()
    };
    assert_eq!(twice.verify(&commit, &key), refused);
}

#[test]
fn salt_and_value_cannot_be_cut_elsewhere() {
    // Without a fixed length, ("…a", 12) and ("…a1", 2) would have one hash.
    assert!(Payload::hash(&"a".repeat(32), &json!(12)).is_some());
    for salt in [
        "",
        "a",
        &"a".repeat(31),
        &"a".repeat(33),
        &"A".repeat(32),
        &"g".repeat(32),
    ] {
        assert_eq!(Payload::hash(salt, &json!(12)), None, "{salt}");
    }
}

#[test]
fn sealing_refuses_what_others_would_refuse() {
    let (device, commit, sound) = sealed();
    let wrong = Payload {
        value: json!("another"),
        ..sound.payloads[0].clone()
    };
    assert_eq!(
        Frame::seal(&commit, vec![wrong], &device.key),
        Err(FrameError::Payload)
    );
    let other = Device::new(2).key;
    assert_eq!(
        Frame::seal(&commit, sound.payloads.clone(), &other),
        Err(FrameError::Device)
    );
    let mut float = commit.clone();
    float.ops[0].v = OpValue::Inline(json!(0.5));
    assert!(matches!(
        Frame::seal(&float, Vec::new(), &device.key),
        Err(FrameError::Commit(_))
    ));
}

#[test]
fn lengths_that_promise_too_much_are_refused_at_once() {
    let (_, _, frame) = sealed();
    let sound = frame.encode();
    for place in [
        0,
        4 + frame.commit.len(),
        8 + frame.commit.len() + frame.sig.len(),
    ] {
        let mut bytes = sound.clone();
        bytes[place..place + 4].copy_from_slice(&[0xff; 4]);
        let refused = Frame::decode(&bytes);
        assert!(
            matches!(refused, Err(FrameError::Form | FrameError::TooLarge)),
            "{refused:?}"
        );
    }
    for n in 0..sound.len() {
        assert_eq!(
            Frame::decode(&sound[..n]),
            Err(FrameError::Form),
            "cut at {n}"
        );
    }
    assert_eq!(
        Frame::decode_all(&[&sound[..], &[0]].concat()),
        Err(FrameError::Form)
    );
    assert_eq!(
        Frame::decode_all(&[&sound[..], &sound[..]].concat()).map(|f| f.len()),
        Ok(2)
    );
}

#[test]
fn a_payload_has_three_keys_and_one_spelling() {
    let (_, _, frame) = sealed();
    let with = |payload: &str| {
        let mut bytes = Frame {
            payloads: Vec::new(),
            ..frame.clone()
        }
        .encode();
        let count = bytes.len() - 1;
        bytes[count] = 1;
        bytes.extend((payload.len() as u32).to_be_bytes());
        bytes.extend(payload.as_bytes());
        Frame::decode(&bytes).map(|(frame, _)| frame.payloads.len())
    };
    let salt = "0".repeat(32);
    assert_eq!(with(&format!(r#"{{"i":0,"s":"{salt}","v":1}}"#)), Ok(1));
    for bad in [
        format!(r#"{{"i":0,"s":"{salt}","v":1,"x":1}}"#),
        format!(r#"{{"i":0,"s":"{salt}"}}"#),
        format!(r#"{{"i":-1,"s":"{salt}","v":1}}"#),
        format!(r#"{{"i":"how","s":"{salt}","v":1}}"#),
        format!(r#"{{"i":4294967296,"s":"{salt}","v":1}}"#),
        format!(r#"{{"i":0,"s":"{salt}","v":1,"v":2}}"#),
        format!(r#"{{"i":0,"s":"{salt}","v":1.5}}"#),
        format!(r#"{{"s":"{salt}","i":0,"v":1}}"#),
        r#"{"i":0,"s":"short","v":1}"#.to_owned(),
        "[]".to_owned(),
        String::new(),
    ] {
        assert_eq!(with(&bad), Err(FrameError::Form), "{bad}");
    }
}

#[test]
fn debug_output_and_errors_carry_no_content() {
    let (mut device, commit, frame) = sealed();
    let bytes = frame.encode();
    device.receive(&bytes).expect("own");
    let head = &device.state.heads("e", "name")[0];
    assert_eq!(head.value, Some(json!("somebody's name")));
    let shown = format!("{frame:?} {:?} {head:?} {:?}", frame.payloads, device.state);
    assert!(!shown.contains("somebody"), "{shown}");

    let mut wrong = commit;
    wrong.by = "Somebody Private".into();
    let error = Frame::seal(&wrong, Vec::new(), &device.key).expect_err("no id");
    assert!(!format!("{error} {error:?}").contains("Private"));
}
