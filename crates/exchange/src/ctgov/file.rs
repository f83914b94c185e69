//! From the bytes of a file to its records, each understood or refused on its own.

use super::limits::{FILE_BYTES_MAX, RECORDS_MAX};
use super::read::{number_of, read_record, title_of};
use super::refusal::ReadError;
use model::incoming::IncomingStudy;
use serde_json::Value;
use serde_json::error::Category;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// What became of one record of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its place in the file, from 0; 0 also when the file as a whole is refused.
    pub index: usize,
    /// Its registry number; empty when it could not be read.
    pub number: String,
    /// Its title; empty when it could not be read.
    pub title: String,
    /// The study, or why it is refused.
    pub outcome: Result<IncomingStudy, ReadError>,
}

/// Reads a file: one record, an array of records, or an object with an array `studies`.
///
/// Never empty: a file that is refused as a whole is one refused record.
pub fn read(bytes: &[u8]) -> Vec<Record> {
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
        let number = number_of(record).unwrap_or_default().to_owned();
        let title = title_of(record).unwrap_or_default().to_owned();
        let outcome = if !number.is_empty() && !seen.insert(number.clone()) {
            Err(ReadError::NumberTwice {
                number: number.clone(),
            })
        } else {
            read_record(record, &hash)
        };
        Record {
            index,
            number,
            title,
            outcome,
        }
    };
    records.into_iter().enumerate().map(read).collect()
}

fn refused_file(refusal: ReadError) -> Record {
    Record {
        index: 0,
        number: String::new(),
        title: String::new(),
        outcome: Err(refusal),
    }
}

fn parse(bytes: &[u8]) -> Result<Value, ReadError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(ReadError::FileTooLarge { bytes: bytes.len() });
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\x1f\x8b") {
        return Err(ReadError::IsArchive);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| ReadError::NotText)?;
    if text.trim().is_empty() {
        return Err(ReadError::FileEmpty);
    }
    if text.trim_start().starts_with('<') {
        let is_xml = text.contains("<clinical_study");
        return Err(if is_xml {
            ReadError::IsOldXml
        } else {
            ReadError::IsWebPage
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
