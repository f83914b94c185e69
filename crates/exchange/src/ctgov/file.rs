//! From the bytes of a file to its records, each understood or refused on its own.

use super::limits::{BYTES_MAX, RECORDS_MAX};
use super::read::{number_of, read_record, title_of};
use super::refusal::{ReadError, Refusal};
use model::incoming::IncomingStudy;
use serde_json::Value;
use serde_json::error::Category;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Reads a file: one record, an array of records, or an object with an array `studies`.
///
/// Results are in the order of the records. Never empty: a file that is refused as a whole is one
/// refusal.
pub fn read(bytes: &[u8]) -> Vec<Result<IncomingStudy, Refusal>> {
    let file = match parse(bytes) {
        Ok(file) => file,
        Err(refusal) => return vec![refused_file(refusal)],
    };
    let records: Vec<&Value> = match &file {
        Value::Array(items) => items.iter().collect(),
        Value::Object(map) => match map.get("studies") {
            Some(Value::Array(items)) if !map.contains_key("protocolSection") => {
                items.iter().collect()
            }
            _ => vec![&file],
        },
        _ => return vec![refused_file(ReadError::NotCtgov)],
    };
    match records.len() {
        0 => return vec![refused_file(ReadError::NoRecords)],
        n_records if n_records > RECORDS_MAX => {
            return vec![refused_file(ReadError::TooManyRecords { n_records })];
        }
        _ => {}
    }
    let hash = format!(
        "sha256:{}",
        data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
    );
    let mut seen = BTreeSet::new();
    let read = |(index, record): (usize, &Value)| {
        let number = number_of(record).unwrap_or_default();
        let outcome = if !number.is_empty() && !seen.insert(number.to_owned()) {
            Err(ReadError::NumberTwice {
                number: number.to_owned(),
            })
        } else {
            read_record(record, &hash)
        };
        outcome.map_err(|reason| Refusal {
            index,
            number: number.to_owned(),
            title: title_of(record).unwrap_or_default().to_owned(),
            reason,
        })
    };
    records.into_iter().enumerate().map(read).collect()
}

fn refused_file(reason: ReadError) -> Result<IncomingStudy, Refusal> {
    Err(Refusal {
        index: 0,
        number: String::new(),
        title: String::new(),
        reason,
    })
}

fn parse(bytes: &[u8]) -> Result<Value, ReadError> {
    if u64::try_from(bytes.len()).is_ok_and(|n_bytes| n_bytes > BYTES_MAX) {
        return Err(ReadError::TooLarge { bytes: bytes.len() });
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\x1f\x8b") {
        return Err(ReadError::Archive);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| ReadError::NotText)?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    if text.trim_start().starts_with('<') {
        let is_xml = text.contains("<clinical_study");
        return Err(if is_xml {
            ReadError::OldXml
        } else {
            ReadError::WebPage
        });
    }
    serde_json::from_str(text).map_err(|error| match error.classify() {
        Category::Eof => ReadError::Truncated { line: error.line() },
        // serde_json gives the depth limit no category of its own.
        _ if error.to_string().starts_with("recursion limit") => ReadError::TooDeep,
        _ => ReadError::NotJson {
            line: error.line(),
            column: error.column(),
        },
    })
}
