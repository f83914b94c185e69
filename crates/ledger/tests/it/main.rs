//! Tests of the ledger as others use it: vectors, laws on random schedules, hostile input, and the
//! log of an earlier version.

mod chain;
mod deletion;
mod faults;
mod form;
mod frames;
mod golden;
mod hostile;
mod oracle;
mod random;
mod replica;
mod schedule;
mod story;
mod vectors;
mod write;

/// Every file of this folder is part of the binary; a forgotten one would never run.
#[test]
fn every_file_is_listed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = std::fs::read_to_string(folder.join("main.rs")).expect("this file");
    for entry in std::fs::read_dir(&folder).expect("this folder") {
        let path = entry.expect("an entry").path();
        let stem = path
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or_default()
            .to_owned();
        if path.extension().is_some_and(|ext| ext == "rs") && stem != "main" {
            assert!(
                main.contains(&format!("mod {stem};")),
                "{stem}.rs is not listed"
            );
        }
    }
}
