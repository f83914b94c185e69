//! Every code that the import and the export can give has its words.

use exchange::ctgov::ReadError;

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
fn every_refusal_has_words_and_no_value_without_a_place() {
    let all = [
        ReadError::FileTooLarge { bytes: 1 },
        ReadError::FileEmpty,
        ReadError::NotText,
        ReadError::IsArchive,
        ReadError::IsWebPage,
        ReadError::IsOldXml,
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
        for (name, _) in refusal.params() {
            let place = format!("{{{name}}}");
            assert!(
                words.zh.contains(&place) && words.en.contains(&place),
                "{}",
                refusal.code()
            );
        }
    }
}
