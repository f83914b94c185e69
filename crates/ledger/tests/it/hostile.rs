//! Commits that break the format, each in one way: all are refused, none stops the reader.

use crate::write::{Device, deletion, op};
use ledger::{COMMIT_BYTES_MAX, Commit, CommitError, Hash, OPS_MAX, OpId, OpValue, canonical};
use serde_json::{Value, json};

/// A sound commit, the second of its device, as JSON to be spoilt.
fn sound() -> Value {
    let mut device = Device::new(1);
    device.save("e", "f", json!(1));
    let own = OpId {
        dev: device.key.id(),
        seq: 1,
        idx: 0,
    };
    let mut commit = device.draft(vec![
        op("e", "f", vec![own.clone()], json!("x")),
        deletion("d", Vec::new(), vec![own]),
    ]);
    commit.deps.insert(Device::new(2).key.id(), 7);
    commit.lam = 9;
    canonical::parse(&commit.to_bytes().expect("sound")).expect("JSON")
}

fn parse(value: &Value) -> Result<Commit, CommitError> {
    Commit::parse(&canonical::to_bytes(value).expect("canonical"))
}

fn with(path: &str, new: Value) -> Value {
    let mut value = sound();
    let (parent, key) = path.rsplit_once('/').expect("a path");
    let place = value.pointer_mut(parent).expect("the parent");
    match place {
        Value::Array(items) => items[key.parse::<usize>().expect("a place")] = new,
        Value::Object(map) => {
            map.insert(key.into(), new);
        }
        _ => panic!("{path} leads nowhere"),
    }
    value
}

#[test]
fn the_sound_one_is_read() {
    assert!(parse(&sound()).is_ok());
}

#[test]
fn every_required_key_is_required() {
    let sound = sound();
    let keys = sound
        .as_object()
        .expect("an object")
        .keys()
        .filter(|key| *key != "deps");
    for key in keys {
        let mut value = sound.clone();
        value.as_object_mut().expect("an object").remove(key);
        assert!(parse(&value).is_err(), "{key} can be left out");
        for wrong in [
            json!(null),
            json!([]),
            json!({}),
            json!(true),
            json!("\u{1}"),
            json!(-(1_i64 << 52)),
        ] {
            let value = with(&format!("/{key}"), wrong.clone());
            // The first commit alone has no predecessor; a text is a text for nobody here.
            assert!(parse(&value).is_err(), "{key} can be {wrong}");
        }
    }
    for key in ["e", "k", "f", "p", "v"] {
        let mut value = sound.clone();
        value["ops"][0]
            .as_object_mut()
            .expect("an object")
            .remove(key);
        assert!(
            matches!(parse(&value), Err(CommitError::Op(0, _))),
            "{key} can be left out"
        );
    }
}

#[test]
fn keys_out_of_their_grammar_are_refused() {
    let dev = Device::new(1).key.id();
    let other = Device::new(2).key.id();
    let id = |dev: &str, seq: u64, idx: u32| json!(format!("{dev}:{seq}:{idx}"));
    let cases = [
        ("/v", json!(2)),
        ("/stream", json!("")),
        ("/stream", json!("a/b")),
        ("/stream", json!("x".repeat(81))),
        ("/dev", json!("sha256:00")),
        ("/dev", json!(dev.to_uppercase())),
        ("/key", json!(Device::new(2).key.public().to_text())),
        ("/key", json!("ed25519:AAAA")),
        ("/seq", json!(0)),
        ("/seq", json!(1)),
        ("/prev", json!("sha1:00")),
        ("/prev", json!(Hash::of(b"").as_str()[7..])),
        ("/deps", json!({})),
        ("/deps", json!({dev.clone(): 1})),
        ("/deps", json!({other.clone(): 0})),
        ("/deps", json!({"x": 1})),
        ("/deps", json!({other.clone(): "1"})),
        ("/lam", json!(0)),
        ("/at", json!("yesterday")),
        ("/tz", json!(1440)),
        ("/by", json!("Dr Li")),
        ("/role", json!("the boss")),
        ("/app", json!("")),
        ("/app", json!("1.0 \u{202e}")),
        ("/schema", json!(-1)),
        ("/skew", json!("1")),
        ("/why", json!("because")),
        ("/why", json!({"code": "in words, free"})),
        ("/why", json!({"vh": "x"})),
        ("/src", json!({"kind": "ctgov"})),
        (
            "/src",
            json!({"kind": "a b", "id": "", "version": "", "hash": Hash::of(b"").as_str()}),
        ),
        ("/re", json!("x")),
        ("/adopts", json!(1)),
        ("/ops", json!([])),
        ("/ops/0", json!("x")),
        ("/ops/0/e", json!("")),
        ("/ops/0/e", json!("somebody's name")),
        ("/ops/0/k", json!("")),
        ("/ops/0/f", json!("f f")),
        ("/ops/0/f", json!("字")),
        ("/ops/0/p", json!("x")),
        ("/ops/0/p", json!(["x"])),
        ("/ops/0/p", json!([id(&dev, 1, 0), id(&dev, 1, 0)])),
        // Itself, its neighbour, its own future; a place and a number that no commit can have.
        ("/ops/0/p", json!([id(&dev, 2, 0)])),
        ("/ops/1/p", json!([id(&dev, 2, 0)])),
        ("/ops/0/p", json!([id(&dev, 3, 0)])),
        ("/ops/0/p", json!([id(&dev, 1, OPS_MAX as u32)])),
        ("/ops/0/p", json!([id(&dev, 0, 0)])),
        ("/ops/0/p", json!([id(&other, 1 << 53, 0)])),
        ("/ops/0/p", json!([id(&other, u64::MAX, 0)])),
        ("/ops/0/p", json!([format!("{other}:01:0")])),
        ("/ops/0/p", json!([format!("{other}:+1:0")])),
        (
            "/ops/0/p",
            json!([format!("{other}:1:99999999999999999999")]),
        ),
        ("/ops/0/saw", json!([id(&dev, 1, 0)])),
        ("/ops/1/saw", json!([])),
        ("/ops/1/saw", json!([id(&dev, 2, 1)])),
        ("/ops/1/saw", json!([id(&dev, 3, 0)])),
        ("/ops/1/v", json!("yes")),
        ("/ops/1/v", json!(false)),
        ("/ops/1/v", json!(null)),
        ("/ops/0/v", json!([1])),
        ("/ops/0/v", json!({"$ref": "no such id"})),
        ("/ops/0/vh", json!(Hash::of(b"").as_str())),
        // The same field twice in one moment.
        (
            "/ops/1",
            json!({"e": "e", "k": "site", "f": "f", "p": [], "v": 1}),
        ),
    ];
    for (path, new) in cases {
        let value = with(path, new.clone());
        let refused = parse(&value);
        assert!(
            matches!(
                refused,
                Err(CommitError::Key(_) | CommitError::Op(..) | CommitError::Grammar(2))
            ),
            "{path} can be {new}: {refused:?}"
        );
    }
}

#[test]
fn a_deletion_cannot_be_hidden() {
    let mut value = sound();
    let op = value["ops"][1].as_object_mut().expect("an object");
    op.remove("v");
    op.insert("vh".into(), Hash::of(b"").as_str().into());
    assert_eq!(parse(&value), Err(CommitError::Op(1, "v")));
}

#[test]
fn a_parent_may_have_seen_the_deletion_of_its_child_in_the_same_commit() {
    let dev = Device::new(1).key.id();
    assert!(parse(&with("/ops/1/saw", json!([format!("{dev}:2:0")]))).is_ok());
}

#[test]
fn the_first_commit_carries_its_key() {
    let device = Device::new(1);
    let mut commit = device.draft(vec![op("e", "f", Vec::new(), json!(1))]);
    assert!(commit.to_bytes().is_ok());
    commit.key = None;
    assert_eq!(commit.to_bytes(), Err(CommitError::Key("key")));
}

#[test]
fn what_has_another_spelling_is_refused() {
    let text = String::from_utf8(canonical::to_bytes(&sound()).expect("canonical")).expect("text");
    let spoil = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Commit::parse(text.replacen(from, to, 1).as_bytes())
    };
    let not_canonical = Err(CommitError::NotCanonical);
    assert_eq!(
        spoil("\"app\":\"0.1.0\"", "\"app\":\"0.1.0\",\"app\":\"0.2.0\""),
        not_canonical
    );
    assert_eq!(spoil("\"app\":", "\"app\": "), not_canonical);
    assert_eq!(spoil("\"lam\":9", "\"lam\":9.0"), not_canonical);
    assert_eq!(spoil("\"lam\":9", "\"lam\":9e0"), not_canonical);
    assert_eq!(spoil("\"tz\":480", "\"tz\":-0"), not_canonical);
    assert_eq!(
        spoil("\"lam\":9", "\"lam\":9007199254740992"),
        not_canonical
    );
    assert_eq!(
        spoil("\"lam\":9", "\"lam\":99999999999999999999"),
        not_canonical
    );
    assert_eq!(spoil("0.1.0", "0.1\\u002e0"), not_canonical);
    assert_eq!(spoil("\"lam\":9", "\"lam\":09"), Err(CommitError::NotJson));
    assert_eq!(
        Commit::parse(&[text.as_bytes(), b" "].concat()),
        not_canonical
    );
    assert_eq!(
        Commit::parse(&[b"\xef\xbb\xbf", text.as_bytes()].concat()),
        Err(CommitError::NotJson)
    );
    assert_eq!(Commit::parse(b"\xff"), Err(CommitError::NotJson));
    assert_eq!(Commit::parse(b"[]"), Err(CommitError::NotJson));
}

#[test]
fn depth_and_size_are_limited() {
    for n in [65, 200, 100_000] {
        let deep = format!("{}1{}", "[".repeat(n), "]".repeat(n));
        assert!(Commit::parse(deep.as_bytes()).is_err());
        assert_eq!(canonical::parse(deep.as_bytes()), None);
    }
    let nested = (0..33).fold(json!(1), |inner, _| json!({"a": inner}));
    assert_eq!(
        parse(&with("/ops/0/v", nested)),
        Err(CommitError::Op(0, "v"))
    );
    let huge = vec![b' '; COMMIT_BYTES_MAX + 1];
    assert_eq!(Commit::parse(&huge), Err(CommitError::TooLarge));

    let device = Device::new(1);
    let ops = |n: usize| {
        (0..n)
            .map(|i| op(&format!("e{i}"), "f", Vec::new(), json!(1)))
            .collect()
    };
    assert_eq!(
        device.draft(ops(OPS_MAX + 1)).to_bytes(),
        Err(CommitError::TooLarge)
    );
    let full = device
        .draft(ops(OPS_MAX))
        .to_bytes()
        .expect("the limit itself is allowed");
    assert!(Commit::parse(&full).is_ok());
    let mut too_long = device.draft(ops(1));
    too_long.ops[0].v = OpValue::Inline("x".repeat(COMMIT_BYTES_MAX).into());
    assert_eq!(too_long.to_bytes(), Err(CommitError::TooLarge));
    assert_eq!(
        device.draft(Vec::new()).to_bytes(),
        Err(CommitError::Key("ops"))
    );
}

#[test]
fn an_unknown_key_cannot_pose_as_a_known_one() {
    let device = Device::new(1);
    let mut commit = device.draft(vec![op("e", "f", Vec::new(), json!(1))]);
    commit.extra.insert("role".into(), json!("pi"));
    assert_eq!(commit.to_bytes(), Err(CommitError::Ambiguous));
    commit.extra.clear();
    commit.ops[0].extra.insert("x-new".into(), json!([1]));
    commit.extra.insert("x-new".into(), json!({"a": 1}));
    let bytes = commit.to_bytes().expect("unknown keys are kept");
    assert_eq!(Commit::parse(&bytes), Ok(commit));
}
