//! What may stand in a field: the value grammar, and the grammar of names and ids.

use crate::{Hash, canonical};
use serde_json::{Map, Value};

/// Deepest nesting of objects and arrays within one value.
pub const VALUE_DEPTH_MAX: usize = 32;
/// Longest id or name. Units: bytes.
pub const NAME_BYTES_MAX: usize = 80;
/// Longest text of a commit's own keys and of a blob's name and type. Units: bytes.
pub const TEXT_BYTES_MAX: usize = 400;

/// Tells whether a text is a field name: letters, digits, `_`, `.`, `-`, `/`; 1 to 80 bytes.
pub fn is_field_name(text: &str) -> bool {
    is_made_of(text, b"_.-/")
}

/// Tells whether a text is an id: letters, digits, `_`, `.`, `-`, `:`; 1 to 80 bytes.
///
/// Ids name streams, entities and persons. The grammar leaves no room for somebody's name, and
/// an id can stand in an address without being escaped.
pub fn is_id(text: &str) -> bool {
    is_made_of(text, b"_.-:")
}

fn is_made_of(text: &str, marks: &[u8]) -> bool {
    (1..=NAME_BYTES_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || marks.contains(&b))
}

/// Tells whether a value may stand in a field.
///
/// Null, boolean, whole number within ±(2^53 − 1), text, or object; arrays only inside an object.
/// An object with `$ref` or `$blob` must be a well-formed reference, wherever it stands.
pub fn is_value(value: &Value) -> bool {
    !value.is_array() && is_part(value, 0)
}

fn is_part(value: &Value, depth: usize) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(_) => canonical::to_bytes(value).is_ok(),
        _ if depth >= VALUE_DEPTH_MAX => false,
        Value::Array(items) => items.iter().all(|item| is_part(item, depth + 1)),
        Value::Object(map) => {
            is_reference_or_plain(map) && map.values().all(|part| is_part(part, depth + 1))
        }
    }
}

fn is_reference_or_plain(map: &Map<String, Value>) -> bool {
    let text = |key| map.get(key).and_then(Value::as_str);
    match (map.get("$ref"), map.get("$blob")) {
        (None, None) => true,
        (Some(_), Some(_)) => false,
        // Without `stream` the entity is one of the same stream.
        (Some(entity), None) => {
            entity.as_str().is_some_and(is_id)
                && (!map.contains_key("stream") || text("stream").is_some_and(is_id))
        }
        (None, Some(hash)) => {
            let is_short = |key| text(key).is_some_and(|t| t.len() <= TEXT_BYTES_MAX);
            hash.as_str().and_then(Hash::parse).is_some()
                && map.get("size").and_then(Value::as_u64).is_some()
                && is_short("mime")
                && is_short("name")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_of_the_grammar_pass_and_others_do_not() {
        let hash = Hash::of(b"x").as_str().to_owned();
        for good in [
            json!(null),
            json!(true),
            json!(-7),
            json!("2027-03-01"),
            json!({"blocks": [{"text": "a"}, [1]]}),
            json!({"$ref": "0195a3"}),
            json!({"$ref": "0195a3", "stream": "main", "newer": 1}),
            json!({"$blob": hash, "size": 3, "mime": "application/pdf", "name": "方案.pdf"}),
        ] {
            assert!(is_value(&good), "{good}");
        }
        for bad in [
            json!([]),
            json!(1.5),
            json!(9_007_199_254_740_992_i64),
            json!({"a": 0.1}),
            json!({"$ref": ""}),
            json!({"$ref": 1}),
            json!({"a": [{"$ref": "Dr Li"}]}),
            json!({"$ref": "x", "stream": null}),
            json!({"$blob": "sha256:00", "size": 3, "mime": "", "name": ""}),
            json!({"$blob": hash, "size": -3, "mime": "", "name": ""}),
            json!({"$blob": hash, "size": 3, "mime": ""}),
            json!({"$blob": hash, "$ref": "x", "size": 3, "mime": "", "name": ""}),
        ] {
            assert!(!is_value(&bad), "{bad}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let nest = |n| (0..n).fold(json!(1), |inner, _| json!({"a": inner}));
        assert!(is_value(&nest(VALUE_DEPTH_MAX)));
        assert!(!is_value(&nest(VALUE_DEPTH_MAX + 1)));
    }

    #[test]
    fn names_and_ids_keep_to_their_letters() {
        assert!(is_field_name("title.zh") && is_field_name("contact/phone_2-b"));
        assert!(!is_field_name("") && !is_field_name("a b") && !is_field_name("题"));
        assert!(!is_field_name(&"a".repeat(81)) && is_field_name(&"a".repeat(80)));
        assert!(is_id("u_7f:3.x-9") && !is_id("a/b") && !is_id("Li Ming"));
    }
}
