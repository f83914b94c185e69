//! The form of bytes is judged in one pass; here it is held against the simple way: read them in any
//! form, write them again, and compare.

use crate::random;
use ledger::canonical;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value};

/// The simple way of sync-protocol.md, section 2.
fn the_simple_way(bytes: &[u8]) -> Option<Value> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    (canonical::to_bytes(&value).ok()? == bytes).then_some(value)
}

fn same(bytes: &[u8]) -> Result<Option<Value>, String> {
    let (found, wanted) = (canonical::parse(bytes), the_simple_way(bytes));
    if found == wanted {
        return Ok(found);
    }
    let text = String::from_utf8_lossy(bytes);
    Err(format!("{text:?}: {found:?}, not {wanted:?}"))
}

/// Pieces that make other spellings of the same, or nothing.
const PIECES: &str = "{ } [ ] : , \" \\ / - + . 0 1 9 e E null true false -0 00 -01 1.0 1e2 \
    9007199254740991 9007199254740992 -9007199254740992 99999999999999999999 \\u0000 \\u001f \\u001F \
    \\u0008 \\u000a \\u00e9 \\ud800 \\ud83d\\ude00 \\b \\/ \\\" \u{7f} \u{e9} \u{fb33} \u{1f600} \
    \"a\":1 ,\"a\":[]";

fn pieces() -> Vec<&'static str> {
    let blank = [" ", "\n", "\t"].into_iter();
    blank.chain(PIECES.split(' ')).collect()
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = || {
        prop_oneof![
            "[a-c]{0,2}",
            "[\u{0}-\u{20}\"\\\\/\u{7f}\u{e9}\u{fb33}\u{1f600}]{0,3}",
            any::<String>()
        ]
    };
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-12_i64..12).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let object = prop::collection::vec((text(), inner.clone()), 0..4)
            .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>()));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            object
        ]
    })
}

/// What is done to bytes, and where.
#[derive(Clone, Debug)]
enum Edit {
    Insert(Index, Index),
    Remove(Index),
    Set(Index, u8),
    Swap(Index, Index),
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let place = any::<Index>;
    prop_oneof![
        (place(), place()).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        place().prop_map(Edit::Remove),
        (place(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        (place(), place()).prop_map(|(one, other)| Edit::Swap(one, other)),
    ]
}

fn edited(mut bytes: Vec<u8>, edits: &[Edit], pieces: &[&str]) -> Vec<u8> {
    for edit in edits {
        let n = bytes.len();
        match edit {
            Edit::Insert(at, piece) => {
                let at = at.index(n + 1);
                drop(bytes.splice(at..at, piece.get(pieces).bytes()));
            }
            _ if n == 0 => {}
            Edit::Remove(at) => {
                bytes.remove(at.index(n));
            }
            Edit::Set(at, byte) => bytes[at.index(n)] = *byte,
            Edit::Swap(one, other) => bytes.swap(one.index(n), other.index(n)),
        }
    }
    bytes
}

#[test]
fn bytes_are_judged_as_the_simple_way_judges_them() {
    let pieces = pieces();
    let edits = prop::collection::vec(any_edit(), 0..4);
    random::holds("form", 20_000, &(any_value(), edits), |(value, edits)| {
        let bytes = canonical::to_bytes(&value)
            .or_else(|_| serde_json::to_vec(&value))
            .map_err(|error| error.to_string())?;
        same(&edited(bytes, &edits, &pieces)).map(drop)
    });
    let some = prop::collection::vec(prop::sample::select(pieces.clone()), 0..12);
    random::holds("pieces", 20_000, &some, |some| {
        same(some.concat().as_bytes()).map(drop)
    });
}

#[test]
fn each_of_these_was_once_a_trap() {
    let good: [&[u8]; 14] = [
        b"null",
        b"0",
        b"-1",
        b"9007199254740991",
        b"-9007199254740991",
        b"[]",
        b"{}",
        b"\"\"",
        b"\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\x7f\"",
        b"{\"\":0,\"a\":0,\"aa\":0,\"b\":0}",
        "{\"\u{1f600}\":0,\"\u{fb33}\":0}".as_bytes(),
        b"[[],{},[1,2]]",
        b"{\"a\":{\"a\":[{\"a\":\"a\"}]}}",
        b"[true,false,null]",
    ];
    for bytes in good {
        assert!(same(bytes).unwrap().is_some(), "{bytes:?}");
    }
    let bad: [&[u8]; 44] = [
        b"",
        b" 0",
        b"0 ",
        b"-",
        b"-0",
        b"00",
        b"-01",
        b"+1",
        b"1.0",
        b"1e2",
        b"9007199254740992",
        b"-9007199254740992",
        b"99999999999999999999",
        b"nul",
        b"nulll",
        b"True",
        b"[1,]",
        b"[,1]",
        b"[1 ,2]",
        b"[1",
        b"]",
        b"{\"a\":1,}",
        b"{\"a\" :1}",
        b"{\"a\":}",
        b"{\"a\"}",
        b"{a:1}",
        b"{\"b\":0,\"a\":0}",
        b"{\"a\":0,\"a\":0}",
        "{\"\u{fb33}\":0,\"\u{1f600}\":0}".as_bytes(),
        b"\"",
        b"\"\\\"",
        b"\"\n\"",
        b"\"\\/\"",
        b"\"\\u0008\"",
        b"\"\\u000a\"",
        b"\"\\u001F\"",
        b"\"\\u0020\"",
        b"\"\\u00e9\"",
        b"\"\\ud800\"",
        b"\"\\u+01f\"",
        b"\"\\u00\xc3\xa9\"",
        b"\"\xff\"",
        b"\xef\xbb\xbf0",
        b"\"a\"\"b\"",
    ];
    for bytes in bad {
        assert_eq!(same(bytes).unwrap(), None, "{bytes:?}");
    }
}

#[test]
fn nesting_ends_where_the_simple_way_ends_it() {
    let nested = |n: usize, inner: &str| format!("{}{inner}{}", "[".repeat(n), "]".repeat(n));
    for inner in ["", "0", "[]", "{}", "{\"a\":0}"] {
        let is_good = |n| same(nested(n, inner).as_bytes()).unwrap().is_some();
        let deepest = (1..200).take_while(|n| is_good(*n)).count();
        assert!((canonical::DEPTH_MAX - 1..=canonical::DEPTH_MAX + 1).contains(&deepest));
        assert!((deepest + 1..200).all(|n| !is_good(n)));
    }
}
