//! Canonical JSON after RFC 8785, restricted to what the ledger needs: no floating-point numbers.

use crate::read::{Part, read};
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::io::Write as _;

/// Why a value has no canonical form.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CanonicalError {
    /// A number is not an integer within ±(2^53 − 1); decimals travel as strings.
    #[error("a number is not an integer within 2^53")]
    NotAnInteger,
    /// The value is nested deeper than [`DEPTH_MAX`].
    #[error("the value is nested too deeply")]
    TooDeep,
}

/// Deepest nesting that is written or read.
pub const DEPTH_MAX: usize = 64;
/// Greatest whole number that every JSON reader keeps exactly. Source: RFC 8785, appendix D.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;

/// Writes the canonical bytes of a value.
///
/// # Errors
/// [`CanonicalError`] when the value holds a float, too large an integer, or is nested too deeply.
/// Source: RFC 8785 (2020), sections 3.2.2 and 3.2.3.
pub fn to_bytes(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::new();
    write(value, &mut out, 0)?;
    Ok(out)
}

/// Writes the canonical text of a value.
///
/// # Errors
/// As [`to_bytes`].
pub fn to_text(value: &Value) -> Result<String, CanonicalError> {
    let bytes = to_bytes(value)?;
    Ok(String::from_utf8(bytes).expect("canonical JSON is UTF-8"))
}

/// Reads canonical bytes; `None` when they are not JSON or not in canonical form.
///
/// A doubled key, an escape or a blank too many, `-0`, `1.0`: each has another spelling than its
/// canonical one. A test holds this against reading in any form, writing again and comparing.
pub fn parse(bytes: &[u8]) -> Option<Value> {
    read(bytes).map(Part::into_value)
}

fn write(value: &Value, out: &mut Vec<u8>, depth: usize) -> Result<(), CanonicalError> {
    if depth > DEPTH_MAX {
        return Err(CanonicalError::TooDeep);
    }
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => {
            let n = number.as_i64().ok_or(CanonicalError::NotAnInteger)?;
            if number.is_f64() || !(-INTEGER_MAX..=INTEGER_MAX).contains(&n) {
                return Err(CanonicalError::NotAnInteger);
            }
            write!(out, "{n}").expect("a vector takes everything");
        }
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(item, out, depth + 1)?;
            }
            out.push(b']');
        }
        Value::Object(map) => write_object(map, out, depth)?,
    }
    Ok(())
}

fn write_object(
    map: &Map<String, Value>,
    out: &mut Vec<u8>,
    depth: usize,
) -> Result<(), CanonicalError> {
    let mut is_first = true;
    let mut put = |(key, value): (&String, &Value), out: &mut Vec<u8>| {
        out.push(if is_first { b'{' } else { b',' });
        is_first = false;
        write_string(key, out);
        out.push(b':');
        write(value, out, depth + 1)
    };
    // What was read from canonical bytes is in order already.
    if map
        .keys()
        .is_sorted_by(|a, b| order(a, b) == Ordering::Less)
    {
        map.iter().try_for_each(|entry| put(entry, out))?;
    } else {
        let mut entries: Vec<(&String, &Value)> = map.iter().collect();
        entries.sort_by(|(a, _), (b, _)| order(a, b));
        entries.into_iter().try_for_each(|entry| put(entry, out))?;
    }
    if is_first {
        out.push(b'{');
    }
    out.push(b'}');
    Ok(())
}

/// The order of keys: by UTF-16 units, which for ASCII is that of the bytes.
pub(crate) fn order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        a.cmp(b)
    } else {
        a.encode_utf16().cmp(b.encode_utf16())
    }
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let bytes = text.as_bytes();
    // Only these bytes are written otherwise; none of them is a part of a longer character.
    let is_special = |b: &u8| matches!(b, b'"' | b'\\' | 0..0x20);
    let mut rest = bytes;
    while let Some(plain) = rest.iter().position(is_special) {
        let (before, from) = rest.split_at(plain);
        out.extend_from_slice(before);
        let Some((special, after)) = from.split_first() else {
            break;
        };
        match special {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            other => write!(out, "\\u{other:04x}").expect("a vector takes everything"),
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}
