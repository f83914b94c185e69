//! Byte-exact vectors, read both ways: what is in the file is what is written today, and what is
//! written in the file is understood today.
//!
//! `LEDGER_WRITE_FIXTURES=1` writes the files anew; after the first release that is never right.

use crate::story;
use data_encoding::HEXLOWER;
use ledger::{
    Commit, DeviceKey, Frame, Hash, OpValue, Payload, PayloadPlace, PublicKey, State, canonical,
    comparison,
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it")
        .join(name)
}

/// Compares a file with what it should hold, or writes it when asked to.
pub(crate) fn check_file(name: &str, expected: &[u8]) {
    if std::env::var_os("LEDGER_WRITE_FIXTURES").is_some() {
        std::fs::write(path(name), expected).expect("the file can be written");
    }
    let found = std::fs::read(path(name)).expect("the file is there");
    assert!(found == expected, "{name} is not what this version writes");
}

fn vectors() -> Value {
    let text = std::fs::read_to_string(path("vectors.json")).expect("the vectors");
    serde_json::from_str(&text).expect("JSON")
}

fn list<'a>(vectors: &'a Value, name: &str) -> &'a [Value] {
    let items = vectors[name].as_array().expect("a list");
    assert!(!items.is_empty(), "{name} is empty");
    items
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} in {value}"))
}

fn bytes(value: &Value, key: &str) -> Vec<u8> {
    HEXLOWER.decode(text(value, key).as_bytes()).expect("hex")
}

/// Input and canonical form. The first is the example of RFC 8785, 3.2.3: keys by UTF-16 units.
const CANONICAL: &[(&str, &str)] = &[
    (
        r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
    ),
    // RFC 8785, 3.2.2: the text of its example.
    (
        r#"{"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#,
        "{\"literals\":[null,true,false],\"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
    ),
    (
        r#" [ 9007199254740991 , -9007199254740991 , 0 ] "#,
        "[9007199254740991,-9007199254740991,0]",
    ),
    (
        r#"{"b":{"z":1,"a":[]},"a":{}}"#,
        r#"{"a":{},"b":{"a":[],"z":1}}"#,
    ),
    (
        r#""\b\t\n\f\r\u0000\u001f\u007f\u2028""#,
        "\"\\b\\t\\n\\f\\r\\u0000\\u001f\u{7f}\u{2028}\"",
    ),
    (
        r#"{"aa":1,"a":2,"":3,"A":4}"#,
        r#"{"":3,"A":4,"a":2,"aa":1}"#,
    ),
    (
        r#""第2次伦理意见 \u00e9 e\u0301""#,
        "\"第2次伦理意见 \u{e9} e\u{301}\"",
    ),
];

/// JSON, or nearly, that is in no canonical form.
const NOT_CANONICAL: &[&str] = &[
    "",
    " 1",
    "1 ",
    "1.0",
    "1e2",
    "-0",
    "0.1",
    "9007199254740992",
    "-9007199254740992",
    "18446744073709551616",
    r#"{"a":1,"a":1}"#,
    r#"{"a":1,"a":2}"#,
    r#"{"b":1,"a":2}"#,
    "{\"\u{fb33}\":1,\"\u{1f600}\":2}",
    r#"{"a": 1}"#,
    r#""\u0041""#,
    r#""\/""#,
    r#""\u000A""#,
    r#""\ud83d\ude00""#,
    r#""\ud83d""#,
    "[1,]",
    "\u{feff}1",
    "NaN",
];

/// Why a reader must refuse, and what makes it so in the commit "changed on one device".
const REFUSED: &[(&str, &str, &str)] = &[
    ("a newer grammar", "\"v\":1}", "\"v\":2}"),
    (
        "a doubled key",
        "\"app\":\"0.1.0\"",
        "\"app\":\"0.1.0\",\"app\":\"0.1.0\"",
    ),
    ("white space", "\"app\":", "\"app\": "),
    ("another spelling of a number", "\"lam\":2", "\"lam\":2.0"),
    (
        "a number beyond 2^53",
        "\"lam\":2",
        "\"lam\":9007199254740992",
    ),
    ("another spelling of a text", "0.1.0", "0.1\\u002e0"),
    ("a required key is missing", "\"app\":\"0.1.0\",", ""),
    ("number 0", "\"seq\":2", "\"seq\":0"),
    ("number 1 with a predecessor", "\"seq\":2", "\"seq\":1"),
    ("a name for an id", "\"by\":\"u-1\"", "\"by\":\"U One\""),
    ("an instant without milliseconds", "33.123Z", "33Z"),
    ("a day that does not exist", "2026-11-23T", "2026-02-29T"),
    ("no operation", "\"ops\":[{", "\"ops\":[],\"x\":[{"),
    (
        "a field name with a blank",
        "\"f\":\"planned\"",
        "\"f\":\"plan ned\"",
    ),
    ("an operation that names itself", ":1:1\"]", ":2:0\"]"),
    ("an operation that names the future", ":1:1\"]", ":3:0\"]"),
    ("another spelling of an operation id", ":1:1\"]", ":01:1\"]"),
    ("an index that no commit has", ":1:1\"]", ":1:10000\"]"),
    (
        "saw outside a deletion",
        "],\"v\":",
        "],\"saw\":[\"sha256:69e39c0e21c659c8c257defed95789b5436fe23ce43b7ffe1ff536d5ba5d1eb8:1:1\"],\"v\":",
    ),
    ("a list as a value", "\"v\":\"2027-04-01\"", "\"v\":[1]"),
    ("a fraction as a value", "\"v\":\"2027-04-01\"", "\"v\":0.5"),
    (
        "a malformed reference",
        "\"v\":\"2027-04-01\"",
        "\"v\":{\"$ref\":\"a b\"}",
    ),
    (
        "a malformed attachment",
        "\"v\":\"2027-04-01\"",
        "\"v\":{\"$blob\":\"x\"}",
    ),
    (
        "a value and a hash",
        "\"v\":\"2027-04-01\"",
        "\"v\":1,\"vh\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"",
    ),
    (
        "an unknown hash",
        "\"v\":\"2027-04-01\"",
        "\"vh\":\"md5:00\"",
    ),
    (
        "a deletion that is neither true nor null",
        "\"f\":\"planned\"",
        "\"f\":\"_del\"",
    ),
];

fn refused(chapters: &[story::Chapter]) -> Vec<Value> {
    let is_base = |chapter: &&story::Chapter| chapter.name == "changed on one device";
    let base = chapters.iter().find(is_base).expect("the commit");
    let (frame, _) = Frame::decode(&base.bytes).expect("a frame");
    let sound = String::from_utf8(frame.commit).expect("text");
    let spoil = |(why, from, to): &(&str, &str, &str)| {
        assert!(sound.contains(from), "{why}: {from}");
        json!({"why": why, "commit": sound.replacen(from, to, 1)})
    };
    REFUSED.iter().map(spoil).collect()
}

fn secret(device: u8) -> [u8; 32] {
    [device; 32]
}

fn place(place: PayloadPlace) -> Value {
    match place {
        PayloadPlace::Op(idx) => idx.into(),
        PayloadPlace::Why => "why".into(),
    }
}

fn comparisons() -> Vec<Value> {
    let hash = Hash::of(b"x").as_str().to_owned();
    let inline = |value: Value| {
        let cmp = comparison(&OpValue::Inline(value.clone()), None);
        json!({"v": value, "comparison": cmp})
    };
    let hidden = OpValue::Hidden(Hash::of(b"x"));
    vec![
        inline(Value::Null),
        inline(json!(true)),
        inline(json!(-7)),
        inline(json!("null")),
        inline(json!(hash)),
        inline(json!({"b": 1, "a": "\u{20ac}"})),
        json!({"vh": hash, "payload": "x", "comparison": comparison(&hidden, Some(&json!("x")))}),
        json!({"vh": hash, "payload": null, "comparison": comparison(&hidden, Some(&Value::Null))}),
        json!({"vh": hash, "comparison": comparison(&hidden, None)}),
    ]
}

fn commit_vector(chapter: &story::Chapter) -> Value {
    let (frame, _) = Frame::decode(&chapter.bytes).expect("a frame");
    let payloads: Vec<Value> = frame
        .payloads
        .iter()
        .map(|p| {
            let hash = Payload::hash(&p.salt, &p.value).expect("a sound payload");
            json!({"i": place(p.place), "s": p.salt, "v": p.value, "hash": hash.as_str()})
        })
        .collect();
    json!({
        "name": chapter.name,
        "secret": HEXLOWER.encode(&secret(chapter.device)),
        "commit": serde_json::from_slice::<Value>(&frame.commit).expect("JSON"),
        "bytes": HEXLOWER.encode(&frame.commit),
        "id": frame.id().as_str(),
        "signature": frame.sig,
        "payloads": payloads,
        "frame": HEXLOWER.encode(&chapter.bytes),
    })
}

#[test]
fn the_file_is_what_this_version_writes() {
    let canonical: Vec<Value> = CANONICAL
        .iter()
        .map(|(json, text)| {
            json!({"json": json, "canonical": text, "bytes": HEXLOWER.encode(text.as_bytes())})
        })
        .collect();
    let keys: Vec<Value> = [1, 2, 3]
        .map(|n| {
            let key = DeviceKey::from_secret(&secret(n));
            let public = key.public().to_text();
            json!({"secret": HEXLOWER.encode(&secret(n)), "public": public, "device": key.id()})
        })
        .into();
    let chapters = story::tell();
    let mut state = State::default();
    for chapter in &chapters {
        let (frame, _) = Frame::decode(&chapter.bytes).expect("a frame");
        state.apply(&frame.parse_commit().expect("a commit"), &frame.payloads);
    }
    let all = json!({
        "about": "Vectors of docs/sync-protocol.md. Bytes are in hex.",
        "canonical": canonical,
        "not_canonical": NOT_CANONICAL,
        "keys": keys,
        "comparisons": comparisons(),
        "commits": chapters.iter().map(commit_vector).collect::<Vec<_>>(),
        "refused": refused(&chapters),
        "state_digest": state.digest().as_str(),
    });
    let mut text = serde_json::to_string_pretty(&all).expect("JSON");
    text.push('\n');
    check_file("vectors.json", text.as_bytes());
}

#[test]
fn canonical_forms_are_those_of_the_file() {
    let vectors = vectors();
    for case in list(&vectors, "canonical") {
        let value: Value = serde_json::from_str(text(case, "json")).expect("JSON");
        assert_eq!(
            canonical::to_bytes(&value),
            Ok(bytes(case, "bytes")),
            "{case}"
        );
        assert_eq!(
            canonical::parse(&bytes(case, "bytes")),
            Some(value),
            "{case}"
        );
        assert_eq!(text(case, "canonical").as_bytes(), bytes(case, "bytes"));
    }
    for case in list(&vectors, "not_canonical") {
        let text = case.as_str().expect("text");
        assert_eq!(canonical::parse(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn keys_are_those_of_the_file() {
    for case in list(&vectors(), "keys") {
        let key = DeviceKey::from_secret(&bytes(case, "secret").try_into().expect("32 bytes"));
        assert_eq!(key.public().to_text(), text(case, "public"));
        assert_eq!(key.id(), text(case, "device"));
        let read = PublicKey::parse(text(case, "public")).expect("a key");
        assert_eq!(read.device_id(), text(case, "device"));
    }
}

#[test]
fn the_first_key_of_rfc_8032_is_read() {
    let secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let secret = HEXLOWER.decode(secret.as_bytes()).expect("hex");
    let key = DeviceKey::from_secret(&secret.try_into().expect("32 bytes"));
    assert_eq!(
        key.public().to_text(),
        "ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    );
    let signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
    let signature = HEXLOWER.decode(signature.as_bytes()).expect("hex");
    let signature = format!(
        "ed25519:{}",
        data_encoding::BASE64URL_NOPAD.encode(&signature)
    );
    assert_eq!(key.sign_with_prefix(b"", b""), signature);
}

#[test]
fn comparison_values_are_those_of_the_file() {
    for case in list(&vectors(), "comparisons") {
        let value = match case.get("vh") {
            Some(hash) => {
                OpValue::Hidden(hash.as_str().and_then(Hash::parse).expect("a tagged hash"))
            }
            None => OpValue::Inline(case["v"].clone()),
        };
        assert_eq!(
            comparison(&value, case.get("payload")),
            text(case, "comparison"),
            "{case}"
        );
    }
}

#[test]
fn malformed_commits_of_the_file_are_refused() {
    for case in list(&vectors(), "refused") {
        assert!(
            Commit::parse(text(case, "commit").as_bytes()).is_err(),
            "{}",
            case["why"]
        );
    }
}

#[test]
fn commits_are_written_as_in_the_file() {
    for case in list(&vectors(), "commits") {
        let key = DeviceKey::from_secret(&bytes(case, "secret").try_into().expect("32 bytes"));
        let canonical = canonical::to_bytes(&case["commit"]).expect("canonical");
        let commit = Commit::parse(&canonical).expect("a commit");
        let payloads = list_or_none(case)
            .iter()
            .map(|p| Payload {
                place: match p["i"].as_u64() {
                    Some(idx) => PayloadPlace::Op(idx as u32),
                    None => PayloadPlace::Why,
                },
                salt: text(p, "s").to_owned(),
                value: p["v"].clone(),
            })
            .rev()
            .collect();
        let frame = Frame::seal(&commit, payloads, &key).expect("sound");
        assert_eq!(HEXLOWER.encode(&frame.commit), text(case, "bytes"));
        assert_eq!(frame.id().as_str(), text(case, "id"));
        assert_eq!(frame.sig, text(case, "signature"));
        assert_eq!(HEXLOWER.encode(&frame.encode()), text(case, "frame"));
    }
}

#[test]
fn commits_are_read_as_in_the_file() {
    for case in list(&vectors(), "commits") {
        let raw = bytes(case, "frame");
        let (frame, used) = Frame::decode(&raw).expect("a frame");
        assert_eq!(used, raw.len());
        let commit = frame.parse_commit().expect("a commit");
        let key = DeviceKey::from_secret(&bytes(case, "secret").try_into().expect("32 bytes"));
        assert_eq!(frame.verify(&commit, &key.public()), Ok(()));
        assert_eq!(
            canonical::parse(&frame.commit).as_ref(),
            Some(&case["commit"])
        );
        assert_eq!(frame.id().as_str(), text(case, "id"));
        assert_eq!(frame.payloads.len(), list_or_none(case).len());
        for (payload, told) in frame.payloads.iter().zip(list_or_none(case)) {
            assert_eq!(
                (&payload.value, place(payload.place)),
                (&told["v"], told["i"].clone())
            );
            let hash = Payload::hash(&payload.salt, &payload.value).expect("sound");
            assert_eq!(hash.as_str(), text(told, "hash"));
        }
        // What was read is written back to the byte, unknown keys included.
        assert_eq!(commit.to_bytes().as_deref(), Ok(&frame.commit[..]));
    }
}

fn list_or_none(case: &Value) -> &[Value] {
    case["payloads"].as_array().expect("a list")
}

#[test]
fn the_page_shows_what_the_file_holds() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sync-protocol.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let vectors = vectors();
    let key = &list(&vectors, "keys")[0];
    let commit = |name| {
        list(&vectors, "commits")
            .iter()
            .find(|case| case["name"] == name)
            .expect("the commit")
    };
    let payload = &commit("first commit, with a reason in words")["payloads"][0];
    let shown = commit("changed on one device");
    let line = String::from_utf8(bytes(shown, "bytes")).expect("text");
    for words in [
        text(key, "secret"),
        text(key, "public"),
        text(key, "device"),
        text(payload, "hash"),
        text(payload, "s"),
        text(payload, "v"),
        &line,
        text(shown, "id"),
        text(shown, "signature"),
        &format!("{} bytes", line.len()),
        &text(shown, "frame")[..8],
    ] {
        assert!(page.contains(words), "the page lacks {words}");
    }
}
