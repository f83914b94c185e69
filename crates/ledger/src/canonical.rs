//! Canonical JSON after RFC 8785, restricted to what the ledger needs: no floating-point numbers.

use serde_json::Value;

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
/// canonical one, so comparing the bytes with what would be written finds them all.
pub fn parse(bytes: &[u8]) -> Option<Value> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    (to_bytes(&value).ok()? == bytes).then_some(value)
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
            out.extend_from_slice(n.to_string().as_bytes());
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
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_string(key, out);
                out.push(b':');
                write(map.get(key).expect("key of this map"), out, depth + 1)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for c in text.chars() {
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '\t' => out.extend_from_slice(b"\\t"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\u{c}' => out.extend_from_slice(b"\\f"),
            '\r' => out.extend_from_slice(b"\\r"),
            c if (c as u32) < 0x20 => {
                out.extend_from_slice(format!("\\u{:04x}", c as u32).as_bytes());
            }
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}
