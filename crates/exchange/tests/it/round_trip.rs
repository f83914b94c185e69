//! What is read is written back, equal by value.

use crate::{material, stored};
use exchange::ctgov;
use model::field;
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn every_reference_record_comes_back() {
    let Some(folder) = material::ctgov("v2") else {
        return;
    };
    let mut n_records = 0;
    for path in material::files(&folder) {
        let original = material::value(&path);
        let study = material::study(&path);
        let export = ctgov::write(&stored::store(&study));
        assert_eq!(
            export.json["protocolSection"], original["protocolSection"],
            "{}: from a stored study",
            study.source_id
        );
        assert_eq!(export.gaps, Vec::new(), "{}", study.source_id);
        let direct = ctgov::write_incoming(&study);
        assert_eq!(
            direct.json, export.json,
            "{}: from an incoming study",
            study.source_id
        );
        n_records += 1;
    }
    assert_eq!(n_records, 298);
}

#[test]
fn every_register_is_a_declared_field_with_a_fitting_value() {
    let Some(folder) = material::ctgov("v2") else {
        return;
    };
    for path in material::files(&folder) {
        let study = material::study(&path);
        let owned = [("study", &study.fields)];
        let parts = study
            .parts
            .iter()
            .map(|part| (part.kind.as_str(), &part.fields));
        for (kind, fields) in owned.into_iter().chain(parts) {
            assert!(
                !fields.is_empty(),
                "{}: a {kind} without fields",
                study.source_id
            );
            for (register, value) in fields {
                let known = field::of_register(kind, register);
                assert!(known.is_some(), "{kind}.{register} is no field");
                assert!(
                    matches!(value, Value::String(_) | Value::Bool(_))
                        || value.is_i64()
                        || value.get("list").is_some_and(Value::is_array),
                    "{kind}.{register} = {value}"
                );
            }
        }
    }
}

#[test]
fn only_the_collectors_own_key_is_residue() {
    let Some(folder) = material::ctgov("v2") else {
        return;
    };
    let mut not_understood = BTreeSet::new();
    let mut n_with_residue = 0;
    for path in material::files(&folder) {
        let study = material::study(&path);
        n_with_residue += usize::from(study.fields.contains_key("residue"));
        not_understood.extend(study.not_understood);
    }
    let expected = BTreeSet::from(["contactsLocationsModule.locations_nested".to_owned()]);
    assert_eq!((not_understood, n_with_residue), (expected, 1));
}

#[test]
fn all_records_together_are_read_and_written_quickly() {
    let Some(folder) = material::ctgov("v2") else {
        return;
    };
    let files: Vec<Vec<u8>> = material::files(&folder)
        .iter()
        .map(|path| std::fs::read(path).expect("reference file"))
        .collect();
    let start = std::time::Instant::now();
    for bytes in &files {
        let study = material::one(bytes);
        assert!(ctgov::write_incoming(&study).json.is_object());
    }
    let took = start.elapsed();
    eprintln!("298 records read and written in {took:?}");
    // Far above the two seconds that are wanted, so that a busy machine does not fail it.
    assert!(took.as_secs() < 8, "{took:?}");
}
