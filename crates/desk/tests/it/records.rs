//! Registry records from the shared material, and records made for a test.

use model::incoming::{IncomingPart, IncomingStudy};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The files of a folder of the shared material, in order; `None` says that it is not here.
pub(crate) fn shared_files(folder: &str) -> Option<Vec<PathBuf>> {
    let folder = testkit::shared_or_skip(folder)?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|ext| ext == "json"));
    files.sort();
    Some(files)
}

/// The one record of a file.
pub(crate) fn read(path: &PathBuf) -> IncomingStudy {
    let bytes = std::fs::read(path).unwrap();
    exchange::ctgov::read(&bytes).remove(0).unwrap()
}

/// A record with a title and these sites.
pub(crate) fn record(version: &str, title: &str, sites: &[IncomingPart]) -> IncomingStudy {
    let mut fields: BTreeMap<String, Value> = BTreeMap::new();
    fields.insert("registry.nct".into(), "NCT01234567".into());
    fields.insert("title.en".into(), title.into());
    IncomingStudy {
        source_kind: "ctgov".into(),
        source_id: "NCT01234567".into(),
        match_field: "registry.nct".into(),
        source_version: version.into(),
        source_hash: ledger::Hash::of(format!("{version}{title}").as_bytes()).to_string(),
        fields,
        parts: sites.to_vec(),
        not_carried: Vec::new(),
        not_understood: Vec::new(),
        warnings: Vec::new(),
    }
}

pub(crate) fn site(key: &str, place: &str, ordinal: usize, status: &str) -> IncomingPart {
    let fields = [
        ("facility.en", key.split('#').next().unwrap()),
        ("status", status),
    ];
    IncomingPart {
        kind: "site".into(),
        key: key.into(),
        parent: None,
        place: place.into(),
        ordinal,
        fields: fields
            .iter()
            .map(|(f, v)| ((*f).to_owned(), Value::from(*v)))
            .collect(),
    }
}
