//! From one record to what an import would write.

use super::limits::TEXT_CHARS_MAX;
use super::reader::{Found, Reader};
use super::refusal::ReadError;
use super::{SOURCE_KIND, table};
use model::incoming::IncomingStudy;
use model::kind;
use serde_json::Value;

/// The part of a record that is carried.
const PROTOCOL: &str = "protocolSection";

/// Reads one record; `hash` is that of the file's bytes.
pub(super) fn read_record(record: &Value, hash: &str) -> Result<IncomingStudy, ReadError> {
    let whole = record.as_object().ok_or(ReadError::NotCtgov)?;
    let protocol = whole.get(PROTOCOL).ok_or(ReadError::NotCtgov)?;
    if !protocol.is_object() {
        return Err(ReadError::NotCtgov);
    }
    let number = number_of(record)
        .filter(|text| is_nct(text))
        .ok_or(ReadError::NoNumber)?;
    check_texts(protocol, &mut Vec::new())?;
    let mut reader = Reader::default();
    let mut found = Found::default();
    let rule = table::of_kind(kind::STUDY).ok_or(ReadError::NotCtgov)?;
    let residue = reader.walk(kind::STUDY, rule, protocol, &mut Vec::new(), &mut found);
    let mut fields = std::mem::take(&mut found.fields);
    reader.put_residue(&mut fields, residue);
    reader.add_below(found, None)?;
    let not_carried: Vec<String> = whole
        .keys()
        .filter(|key| *key != PROTOCOL)
        .cloned()
        .collect();
    let version = ["record.lastUpdatePost", "record.lastUpdateSubmit"]
        .iter()
        .find_map(|register| fields.get(*register)?.as_str())
        .unwrap_or_default()
        .to_owned();
    let warnings = reader.warnings(&not_carried);
    Ok(IncomingStudy {
        source_kind: SOURCE_KIND.to_owned(),
        source_id: number.to_owned(),
        match_field: "registry.nct".to_owned(),
        source_version: version,
        source_hash: hash.to_owned(),
        fields,
        parts: reader.parts,
        not_carried,
        not_understood: reader.not_understood.into_iter().collect(),
        warnings,
    })
}

/// The registry number of a record, whatever else is wrong with it.
pub(super) fn number_of(record: &Value) -> Option<&str> {
    record
        .pointer("/protocolSection/identificationModule/nctId")?
        .as_str()
}

/// The title of a record, whatever else is wrong with it.
pub(super) fn title_of(record: &Value) -> Option<&str> {
    let names = record.pointer("/protocolSection/identificationModule")?;
    names
        .get("briefTitle")
        .or_else(|| names.get("officialTitle"))?
        .as_str()
}

fn is_nct(text: &str) -> bool {
    text.strip_prefix("NCT")
        .is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn check_texts<'v>(value: &'v Value, path: &mut Vec<&'v str>) -> Result<(), ReadError> {
    match value {
        Value::String(text)
            if text.len() > TEXT_CHARS_MAX && text.chars().count() > TEXT_CHARS_MAX =>
        {
            return Err(ReadError::TextTooLong {
                path: path.join("."),
            });
        }
        Value::Array(items) => {
            for item in items {
                check_texts(item, path)?;
            }
        }
        Value::Object(map) => {
            for (name, below) in map {
                path.push(name);
                check_texts(below, path)?;
                path.pop();
            }
        }
        _ => {}
    }
    Ok(())
}
