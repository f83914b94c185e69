//! Importing registry records: new, again, amended, beside local edits.

use crate::records::{read, record, shared_files, site};
use crate::referee::Referee;
use crate::world::{Laptop, doc, fields, new_study, set, values};
use model::row::ImportStatus;
use model::{EntityMark, kind};
use serde_json::json;
use std::time::Instant;

#[test]
fn an_amended_record_offers_what_changed_and_overwrites_nothing() {
    let mut laptop = Laptop::new(20, "李明");
    let desk = &mut laptop.desk;
    let first = record(
        "2026-01-01",
        "First",
        &[
            site("Ruijin#0", "Shanghai 200025", 0, "RECRUITING"),
            site("Huashan#0", "Shanghai 200040", 1, "RECRUITING"),
            site("Twin#0", "Beijing 100000", 2, "RECRUITING"),
            site("Twin#1", "Beijing 100000", 3, "COMPLETED"),
        ],
    );
    let preview = desk.import_preview(&first).unwrap();
    assert_eq!(preview.status, ImportStatus::Imported);
    assert!(desk.studies().unwrap().is_empty());
    let (entry, _) = desk.import(&first).unwrap();
    let study = entry.study.unwrap();
    assert_eq!(
        (entry.status, entry.changes.len()),
        (ImportStatus::Imported, 0)
    );
    let digest = desk.digest().unwrap();
    let (entry, changed) = desk.import(&first).unwrap();
    assert_eq!(
        (entry.status, changed.topics.len()),
        (ImportStatus::Unchanged, 0)
    );
    assert_eq!(desk.digest().unwrap(), digest);

    set(desk, &study, "title.en", json!("Mine"));
    let second = record(
        "2026-02-01",
        "Second",
        &[
            site("Ruijin Hospital#0", "Shanghai 200025", 0, "RECRUITING"),
            site("New#0", "Hangzhou 310000", 1, "RECRUITING"),
            site("Twin#0", "Beijing 100000", 2, "COMPLETED"),
            site("Twin#1", "Beijing 100000", 3, "COMPLETED"),
        ],
    );
    let before = doc(desk, &study);
    let preview = desk.import_preview(&second).unwrap();
    assert_eq!(doc(desk, &study), before, "a preview changes nothing");
    let (entry, _) = desk.import(&second).unwrap();
    assert_eq!(entry.changes, preview.changes);
    let told: Vec<(String, String, bool)> = entry
        .changes
        .iter()
        .map(|change| {
            (
                change.entity_name.clone(),
                change.field.clone(),
                change.conflict,
            )
        })
        .collect();
    let owned = |name: &str, field: &str, conflict| (name.to_owned(), field.to_owned(), conflict);
    assert_eq!(
        told,
        [
            owned("", "title.en", true),
            owned("Ruijin", "facility.en", false),
            owned("New", "facility.en", false),
            owned("New", "status", false),
            owned("Twin", "status", false),
            owned("Huashan", "_del", false),
        ]
    );
    assert!(entry.warnings.contains(&"desk.import.renamed".to_owned()));
    let now = doc(desk, &study);
    let mut both = values(desk, &study, &study.root(), "title.en");
    both.sort_by_key(ToString::to_string);
    assert_eq!(both, [json!("Mine"), json!("Second")]);
    let names: Vec<&str> = now
        .of_kind(kind::SITE)
        .map(|site| site.text("facility.en"))
        .collect();
    assert_eq!(names, ["Ruijin Hospital", "New", "Twin", "Twin"]);
    let renamed = before.of_kind(kind::SITE).next().unwrap();
    assert_eq!(
        now.entity(&renamed.id).unwrap().text("facility.en"),
        "Ruijin Hospital"
    );

    // A site that comes back is the same site.
    let third = record("2026-03-01", "Second", &first.parts);
    desk.import(&third).unwrap();
    assert_eq!(doc(desk, &study).of_kind(kind::SITE).count(), 4);
    let gone = before.of_kind(kind::SITE).nth(1).unwrap();
    assert_eq!(
        doc(desk, &study).entity(&gone.id).unwrap().mark,
        EntityMark::Live
    );
    assert!(desk.verify().unwrap().problems.is_empty());
}

#[test]
fn a_site_with_local_work_is_shown_when_the_registry_drops_it() {
    let mut laptop = Laptop::new(21, "李明");
    let desk = &mut laptop.desk;
    let first = record(
        "1",
        "First",
        &[site("Ruijin#0", "Shanghai", 0, "RECRUITING")],
    );
    let study = desk.import(&first).unwrap().0.study.unwrap();
    let site = doc(desk, &study)
        .of_kind(kind::SITE)
        .next()
        .unwrap()
        .id
        .clone();
    let contact = fields(&[("name.zh", json!("王芳"))]);
    desk.add(&study, kind::CONTACT, Some(site.clone()), contact, None)
        .unwrap();
    desk.import(&record("2", "First", &[])).unwrap();
    assert_eq!(
        doc(desk, &study).entity(&site).unwrap().mark,
        EntityMark::EditedUnseen
    );
}

#[test]
fn a_study_made_by_hand_takes_the_record_beside_its_values() {
    let mut laptop = Laptop::new(22, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    set(desk, &study, "registry.nct", json!("nct01234567"));
    set(desk, &study, "title.en", json!("Mine"));
    let (entry, _) = desk.import(&record("1", "Theirs", &[])).unwrap();
    assert_eq!(
        (entry.status, entry.study.as_ref()),
        (ImportStatus::Updated, Some(&study))
    );
    assert_eq!(entry.warnings, ["desk.import.handMade"]);
    assert!(doc(desk, &study).root().unwrap().fields["title.en"].conflict);
    // The registry takes over what it wrote, and only that.
    desk.import(&record("2", "Theirs again", &[])).unwrap();
    let mut both = values(desk, &study, &study.root(), "title.en");
    both.sort_by_key(ToString::to_string);
    assert_eq!(both, [json!("Mine"), json!("Theirs again")]);
}

#[test]
fn one_record_on_two_laptops_is_joined_with_both_sides_edits() {
    let mut center = Referee::default();
    let (mut li, mut wang) = (Laptop::new(23, "李明"), Laptop::new(24, "王芳"));
    let sites = [
        site("Ruijin#0", "Shanghai 200025", 0, "RECRUITING"),
        site("Huashan#0", "Shanghai 200040", 1, "RECRUITING"),
    ];
    let ours = li
        .desk
        .import(&record("1", "T", &sites))
        .unwrap()
        .0
        .study
        .unwrap();
    let theirs = wang
        .desk
        .import(&record("2", "T2", &sites))
        .unwrap()
        .0
        .study
        .unwrap();
    let status = |desk: &mut desk::Desk, study: &model::StudyId, n: usize, value: &str| {
        let site = doc(desk, study)
            .of_kind(kind::SITE)
            .nth(n)
            .unwrap()
            .id
            .clone();
        let edit = crate::world::edit(desk, study, &site, "status", json!(value));
        desk.set(study, edit, None).unwrap();
    };
    status(&mut li.desk, &ours, 0, "SUSPENDED");
    status(&mut wang.desk, &theirs, 0, "COMPLETED");
    status(&mut wang.desk, &theirs, 1, "WITHDRAWN");
    for _ in 0..2 {
        center.sync(&mut li.desk);
        center.sync(&mut wang.desk);
    }
    li.desk.join(&ours, &theirs).unwrap();
    let joined = doc(&li.desk, &ours);
    let root = joined.root().unwrap();
    // Two versions of the record, not edited: the newer one.
    assert_eq!(
        (root.text("title.en"), root.fields["title.en"].heads.len()),
        ("T2", 1)
    );
    let sites: Vec<_> = joined.of_kind(kind::SITE).collect();
    assert_eq!(sites.len(), 2);
    assert!(sites[0].fields["status"].conflict, "edited on both sides");
    assert_eq!(
        sites[1].fields["status"].heads.len(),
        1,
        "edited on one side"
    );
    assert_eq!(sites[1].text("status"), "WITHDRAWN");
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    assert_eq!(wang.desk.digest().unwrap(), li.desk.digest().unwrap());
    let after = doc(&wang.desk, &ours);
    assert_eq!(after, joined);
}

#[test]
fn every_shared_record_comes_in_and_goes_out_the_same() {
    let Some(files) = shared_files("data/ctgov/v2") else {
        return;
    };
    let mut laptop = Laptop::new(25, "李明");
    let desk = &mut laptop.desk;
    let start = Instant::now();
    let mut studies = Vec::new();
    for path in &files {
        let incoming = read(path);
        let (entry, _) = desk.import(&incoming).unwrap();
        assert_eq!(entry.status, ImportStatus::Imported, "{}", path.display());
        studies.push(entry.study.unwrap());
    }
    eprintln!("imported {} records in {:?}", files.len(), start.elapsed());
    let start = Instant::now();
    let mut slowest = std::time::Duration::ZERO;
    for (path, study) in files.iter().zip(&studies) {
        let read_start = Instant::now();
        let doc = doc(desk, study);
        slowest = slowest.max(read_start.elapsed());
        let original: serde_json::Value =
            serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let export = exchange::ctgov::write(&doc);
        assert_eq!(
            export.json["protocolSection"],
            original["protocolSection"],
            "{}",
            path.display()
        );
    }
    eprintln!(
        "exported in {:?}, slowest to read {slowest:?}",
        start.elapsed()
    );
    assert_eq!(desk.studies().unwrap().len(), files.len());
    let start = Instant::now();
    let again = desk.import_preview(&read(&files[0])).unwrap();
    assert_eq!(again.status, ImportStatus::Unchanged);
    eprintln!("previewed one in {:?}", start.elapsed());
    let start = Instant::now();
    let report = desk.verify().unwrap();
    assert_eq!(report.problems, []);
    eprintln!(
        "verified {} commits in {:?}",
        report.commits,
        start.elapsed()
    );
    crate::search::check_recall(desk, &studies);
}

#[test]
fn amendments_change_what_they_say_and_keep_sites_single() {
    let Some(folder) = testkit::shared_or_skip("data/ctgov/amendments") else {
        return;
    };
    let mut laptop = Laptop::new(26, "李明");
    let mut n_steps = 0;
    let mut studies: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    studies.retain(|path| path.is_dir());
    studies.sort();
    for folder in studies {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let files = shared_files(&format!("data/ctgov/amendments/{name}")).unwrap();
        for (n, path) in files.iter().enumerate() {
            let incoming = read(path);
            let (entry, _) = laptop.desk.import(&incoming).unwrap();
            let study = entry.study.clone().unwrap();
            if n > 0 {
                n_steps += 1;
                assert_eq!(entry.status, ImportStatus::Updated, "{}", path.display());
                assert!(!entry.changes.is_empty());
                assert!(entry.changes.iter().all(|change| !change.conflict));
            }
            let doc = doc(&laptop.desk, &study);
            let n_sites = incoming
                .parts
                .iter()
                .filter(|p| p.kind == kind::SITE)
                .count();
            assert_eq!(
                doc.of_kind(kind::SITE).count(),
                n_sites,
                "{}",
                path.display()
            );
            let original: serde_json::Value =
                serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            let export = exchange::ctgov::write(&doc);
            assert_eq!(
                export.json["protocolSection"],
                original["protocolSection"],
                "{}",
                path.display()
            );
        }
    }
    assert_eq!(n_steps, 29);
    assert!(laptop.desk.conflicts().unwrap().is_empty());
    assert_eq!(laptop.desk.verify().unwrap().problems, []);
}
