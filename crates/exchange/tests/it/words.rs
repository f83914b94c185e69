//! Every code that the import and the export can give has its words.

use exchange::ctgov::{self, ReadError};

#[test]
fn every_file_of_this_folder_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    let listed = include_str!("main.rs");
    for entry in std::fs::read_dir(folder).expect("test folder") {
        let path = entry.expect("entry").path();
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("name")
            .to_owned();
        assert!(
            name == "main" || listed.contains(&format!("mod {name};")),
            "{name}"
        );
    }
}

#[test]
fn every_refusal_has_words_that_name_the_limit() {
    let all = [
        ReadError::TooLarge { bytes: 1 },
        ReadError::Empty,
        ReadError::NotText,
        ReadError::Archive,
        ReadError::WebPage,
        ReadError::OldXml,
        ReadError::Truncated { line: 1 },
        ReadError::NotJson { line: 1, column: 1 },
        ReadError::TooDeep,
        ReadError::NotCtgov,
        ReadError::NoRecords,
        ReadError::TooManyRecords { n_records: 1 },
        ReadError::NoNumber,
        ReadError::NumberTwice {
            number: "NCT00000001".to_owned(),
        },
        ReadError::TextTooLong {
            path: "a.b".to_owned(),
        },
        ReadError::TooManyParts,
    ];
    for refusal in all {
        let words = model::label::get(refusal.code()).expect("words");
        let limit = match refusal {
            ReadError::TooLarge { .. } => (ctgov::BYTES_MAX / (1024 * 1024)).to_string(),
            ReadError::TooManyRecords { .. } => ctgov::RECORDS_MAX.to_string(),
            ReadError::TextTooLong { .. } => ctgov::TEXT_CHARS_MAX.to_string(),
            ReadError::TooManyParts => ctgov::PARTS_MAX.to_string(),
            _ => String::new(),
        };
        assert!(
            words.zh.contains(&limit) && words.en.contains(&limit),
            "{}",
            refusal.code()
        );
        assert!(
            !words.zh.contains('{') && !words.en.contains('{'),
            "{}",
            refusal.code()
        );
    }
}
