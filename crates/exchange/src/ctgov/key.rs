//! What a part is called in the record, so that the next import finds it again.
//!
//! The registry gives parts no ids. A key is made of the values that tell a part from its siblings,
//! and of an ordinal among equals: ten of 298 records have two sites of equal facility and city.
//!
//! Invariant: no key holds a person's name, telephone number or address.

use super::text::short_hash;
use model::kind;
use serde_json::Value;
use std::collections::BTreeMap;

/// Longest key that is written out; longer ones end in a hash. Units: bytes.
const KEY_BYTES_MAX: usize = 160;

type Fields = BTreeMap<String, Value>;

/// The registers that make the key of a kind.
fn key_registers(kind: &str) -> &'static [&'static str] {
    match kind {
        kind::SITE => &["facility.en", "city", "state", "zip", "country"],
        kind::OUTCOME => &["type", "measure.en"],
        kind::ARM => &["label.en"],
        kind::INTERVENTION => &["type", "name.en"],
        kind::CONTACT => &["scope", "role"],
        kind::IDENTIFIER => &["id"],
        kind::COLLABORATOR => &["name.en"],
        kind::REFERENCE => &["pmid", "citation"],
        kind::LINK => &["url"],
        _ => &[],
    }
}

/// The key of a part, without the ordinal among equals.
pub(super) fn stem_of(kind: &str, fields: &Fields, parent_key: Option<&str>) -> String {
    let values: Vec<&str> = key_registers(kind)
        .iter()
        .map(|name| text_of(fields, name))
        .collect();
    let mut own = shorten(&values.join("|"));
    if kind == kind::CONTACT {
        own = format!("{own}|{}", person(fields));
    }
    match parent_key {
        Some(parent) => format!("{parent}/{own}"),
        None => own,
    }
}

/// The key of a line of a section, without the ordinal among equals.
pub(super) fn stem_of_line(section: &str, raw: &str) -> String {
    format!("{section}/{}", short_hash(raw.trim()))
}

/// Where a renamed part may be looked for: among those of equal place that found no other match.
pub(super) fn place_of(kind: &str, fields: &Fields) -> String {
    match kind {
        kind::SITE => match (text_of(fields, "city"), text_of(fields, "zip")) {
            ("", "") => String::new(),
            (city, zip) => format!("{city}|{zip}"),
        },
        kind::OUTCOME => text_of(fields, "type").to_owned(),
        kind::ARM | kind::INTERVENTION => kind.to_owned(),
        // The same person in another role.
        kind::CONTACT if !text_of(fields, "name.en").is_empty() => {
            format!("{}|{}", text_of(fields, "scope"), person(fields))
        }
        _ => String::new(),
    }
}

/// A person without the name: keys may outlive a name that was removed.
fn person(fields: &Fields) -> String {
    short_hash(text_of(fields, "name.en"))
}

fn text_of<'a>(fields: &'a Fields, register: &str) -> &'a str {
    fields.get(register).and_then(Value::as_str).unwrap_or("")
}

fn shorten(key: &str) -> String {
    if key.len() <= KEY_BYTES_MAX {
        return key.to_owned();
    }
    let start: String = key.chars().take(40).collect();
    format!("{start}…{}", short_hash(key))
}
