//! The reference records, where they are at hand.

use exchange::ctgov;
use model::incoming::IncomingStudy;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder or file of the registry's reference data; `None`, said aloud, where there is none.
pub(crate) fn ctgov(path: &str) -> Option<PathBuf> {
    testkit::shared_or_skip(&format!("data/ctgov/{path}"))
}

/// The JSON files of a folder, by name.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("folder of reference data");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ext| ext == "json"));
    files.sort();
    files
}

/// The value of a file.
pub(crate) fn value(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("reference file")).expect("reference JSON")
}

/// The one study of a file.
pub(crate) fn study(path: &Path) -> IncomingStudy {
    one(&fs::read(path).expect("reference file"))
}

/// The one study of some bytes.
pub(crate) fn one(bytes: &[u8]) -> IncomingStudy {
    let mut records = ctgov::read(bytes);
    assert_eq!(records.len(), 1);
    records.remove(0).expect("an understood record")
}

/// A table of tab-separated cells: rows by column name.
pub(crate) fn table(path: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let text = fs::read_to_string(path).expect("reference table");
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().expect("head line").split('\t').collect();
    lines
        .map(|line| {
            let cells = line.split('\t').map(str::to_owned);
            head.iter()
                .map(|name| (*name).to_owned())
                .zip(cells)
                .collect()
        })
        .collect()
}
