//! Which documents answer which item.

use super::tests::{World, a_file};
use super::*;
use crate::submission::finding::Level;
use crate::submission::list::Status;
use crate::{kind, testing};
use serde_json::{Value, json};

/// The item's status, and the documents that answer it.
fn row(world: &World, key: &str) -> (Status, Vec<EntityId>) {
    let rows = list::rows(&world.case());
    let row = rows.iter().find(|row| row.item.key == key);
    let row = row.expect("the item");
    let documents = row.documents.iter().map(|one| one.id.clone());
    (row.status, documents.collect())
}

#[test]
fn an_amended_document_is_one_that_the_committee_has_not_had() {
    let mut world = World::new("amendment", "02", "cn-generic");
    let consent = world.document("consent");
    assert_eq!(
        row(&world, "consent"),
        (Status::Have, vec![consent.clone()])
    );
    // As old as what was approved.
    world.put(&consent, "versionDate", json!("2026-04-10"));
    assert_eq!(row(&world, "consent"), (Status::Open, vec![]));
    world.put(&consent, "versionDate", json!("2026-11-02"));
    // It went along with what was sent before, and was not changed since.
    let site = world.site().id.clone();
    let hash = crate::file::BlobRef::read(world.doc.entity(&consent).unwrap().value("file"));
    let manifest = json!({"files": [["consent", consent, hash.unwrap().hash]]});
    let sent = json!({"type": "initial", "sentOn": "2026-04-01", "manifest": manifest});
    let sent = testing::add(&mut world.doc, kind::SUBMISSION, Some(&site), sent);
    assert_eq!(row(&world, "consent"), (Status::Open, vec![]));
    world.put(&sent, "withdrawnOn", json!("2026-04-02"));
    assert_eq!(row(&world, "consent").0, Status::Have, "it was taken back");
    world.put(&sent, "withdrawnOn", json!(null));
    world.put(&consent, "file", a_file(4711));
    assert_eq!(row(&world, "consent").0, Status::Have, "another file since");
    // The lead's first letter is no opinion on the amendment.
    let letters = row(&world, "leadApproval").1;
    assert_eq!(letters.len(), 1);
    world.put(&letters[0], "versionDate", json!("2026-03-30"));
    assert_eq!(row(&world, "leadApproval"), (Status::Lack, vec![]));
    // Who names it decides.
    let submission = world.id.clone();
    let said = json!({"item": "leadApproval", "document": {"$ref": letters[0]}});
    testing::add(&mut world.doc, kind::ENCLOSURE, Some(&submission), said);
    assert_eq!(row(&world, "leadApproval"), (Status::Have, letters));
}

#[test]
fn one_document_answers_one_item() {
    let mut world = World::new("initial", "01", "cn-generic");
    let is_institution = |one: &crate::Entity| {
        one.text("kind") == "qualification" && !one.text("title.zh").contains("GCP")
    };
    let institution = world.find(kind::DOCUMENT, is_institution);
    let certificate = world.find(kind::DOCUMENT, |one| {
        one.text("kind") == "qualification" && one.text("title.zh").contains("GCP")
    });
    assert_eq!(row(&world, "gcp").1, [certificate.clone()]);
    assert_eq!(row(&world, "qualification").1, [institution.clone()]);
    world.remove(&institution);
    assert_eq!(row(&world, "qualification"), (Status::Lack, vec![]));
    let submission = world.id.clone();
    let said = json!({"item": "qualification", "document": {"$ref": certificate}});
    testing::add(&mut world.doc, kind::ENCLOSURE, Some(&submission), said);
    assert_eq!(
        row(&world, "qualification"),
        (Status::Have, vec![certificate])
    );
}

#[test]
fn the_offices_own_worksheet_is_there_when_somebody_brought_it() {
    let mut world = World::new("initial", "01", "cn-children");
    let said = world.find(kind::ENCLOSURE, |one| one.text("item") == "worksheet");
    assert_eq!(row(&world, "worksheet").0, Status::Have);
    world.remove(&said);
    assert_eq!(row(&world, "worksheet").0, Status::Lack);
}

#[test]
fn an_item_is_noted_while_one_of_its_documents_has_no_file() {
    let mut world = World::new("initial", "01", "cn-generic");
    let fields =
        json!({"kind": "consent", "status": "have", "title.zh": "儿童版", "version": "V1.1"});
    testing::add(&mut world.doc, kind::DOCUMENT, None, fields);
    let (status, documents) = row(&world, "consent");
    assert_eq!((status, documents.len()), (Status::Recorded, 2));
}

#[test]
fn a_report_names_the_version_that_counts_at_its_site() {
    let mut world = World::new("deviation", "02", "cn-generic");
    let named = |world: &World| {
        let case = world.case();
        case.named_version()
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
    };
    let id = world.id.clone();
    world.put(&id, "version", json!(null));
    let site = world.site().id.clone();
    let row = world.standing.sites.iter_mut().find(|row| row.site == site);
    let row = row.unwrap();
    row.current = None;
    "1.0".clone_into(&mut row.number);
    assert_eq!(named(&world), Some(("1.0".into(), String::new())));
    world.standing.sites.retain(|row| row.site != site);
    assert_eq!(named(&world), None);
}

#[test]
fn an_item_stands_as_it_was_decided_and_by_the_files_that_are_there() {
    let mut world = World::new("initial", "01", "cn-generic");
    let of = |world: &World, key: &str| {
        let rows = list::rows(&world.case());
        let row = rows.iter().find(|row| row.item.key == key).unwrap();
        (row.status, row.wanted)
    };
    let submission = world.id.clone();
    let said = world.find(kind::ENCLOSURE, |one| one.text("item") == "other");
    assert_eq!(of(&world, "other"), (Status::NotApplicable, true));
    world.remove(&said);
    assert_eq!(of(&world, "other"), (Status::Open, true));
    let open = |world: &World| {
        let all = world.findings();
        let open = all.iter().filter(|one| one.code == "itemOpen");
        open.map(|one| one.level).collect::<Vec<_>>()
    };
    assert_eq!(open(&world), [Level::Should], "it is asked for once");
    // Who says that it applies decided; it lacks then.
    let applies = json!({"item": "other", "status": "have"});
    testing::add(&mut world.doc, kind::ENCLOSURE, Some(&submission), applies);
    assert_eq!(of(&world, "other"), (Status::Lack, true));
    assert_eq!(open(&world), []);
    // A form that the study does not need by itself.
    assert_eq!(of(&world, "waiver"), (Status::NotApplicable, false));
    let applies = json!({"item": "waiver", "status": "have"});
    testing::add(&mut world.doc, kind::ENCLOSURE, Some(&submission), applies);
    assert_eq!(of(&world, "waiver"), (Status::Made, true));

    assert_eq!(of(&world, "funding").0, Status::Have);
    let funding = world.document("funding");
    world.put(&funding, "file", Value::Null);
    assert_eq!(of(&world, "funding").0, Status::Recorded);
    // Our own protocol stands for one that is only noted.
    let protocol = world.document("protocol");
    assert_eq!(of(&world, "protocol").0, Status::Have);
    world.put(&protocol, "file", Value::Null);
    assert_eq!(of(&world, "protocol").0, Status::Made);
}

#[test]
fn what_was_sent_is_listed_as_it_was_sent_and_not_checked_again() {
    let mut world = World::new("initial", "01", "cn-generic");
    let before: Vec<_> = (list::rows(&world.case()).iter())
        .map(|row| (row.item.key.clone(), row.status, row.documents.len()))
        .collect();
    let files = {
        let rows = list::rows(&world.case());
        let files = list::enclosed(&rows).into_iter().map(|one| {
            let hash = one.file.map(|file| file.hash);
            json!([one.item.key, one.document.id, hash])
        });
        files.collect::<Vec<_>>()
    };
    let consent = world.document("consent");
    let id = world.id.clone();
    world.put(&id, "manifest", json!({"v": 1, "files": files}));
    world.put(&id, "sentOn", json!("2026-03-10"));
    // Since then: one is put aside, one loses its file, another one comes.
    for one in ["insurance", "brochure"] {
        let found = world.doc.of_kind(kind::DOCUMENT);
        let found = found.filter(|document| document.text("kind") == one);
        for id in found.map(|one| one.id.clone()).collect::<Vec<_>>() {
            let entity = world.doc.entities.iter_mut().find(|one| one.id == id);
            entity.unwrap().mark = crate::EntityMark::Archived;
        }
    }
    world.put(&consent, "file", Value::Null);
    let later = json!({"kind": "consent", "status": "have", "title.zh": "后来的", "version": "V9"});
    testing::add(&mut world.doc, kind::DOCUMENT, None, later);
    let after: Vec<_> = (list::rows(&world.case()).iter())
        .map(|row| (row.item.key.clone(), row.status, row.documents.len()))
        .collect();
    assert_eq!(after, before);
    assert_eq!(row(&world, "consent"), (Status::Have, vec![consent]));
    assert_eq!(world.findings(), [], "nothing is asked of what was sent");
    // What is noted since is still held against itself, until it is put away.
    world.put(&id, "acceptedOn", json!("2026-03-09"));
    let codes = |world: &World| {
        let found = world.findings().into_iter();
        found.map(|one| one.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&world), ["daysReversed"]);
    world.put(&id, "filedOn", json!("2026-05-01"));
    assert!(codes(&world).is_empty());
}

#[test]
fn a_draft_that_was_withdrawn_asks_for_nothing() {
    let mut world = World::new("initial", "01", "cn-generic");
    let consent = world.document("consent");
    world.put(&consent, "file", Value::Null);
    assert!(!world.findings().is_empty());
    let id = world.id.clone();
    world.put(&id, "withdrawnOn", json!("2026-03-10"));
    world.put(&id, "withdrawnReason", json!("改期"));
    assert_eq!(world.findings(), []);
}

#[test]
fn further_material_goes_along_where_a_person_put_it() {
    let mut world = World::new("initial", "01", "cn-generic");
    let said = world.find(kind::ENCLOSURE, |one| one.text("item") == "other");
    world.remove(&said);
    let fields = json!({
        "kind": "other", "status": "have", "title.zh": "补充说明", "version": "1.0",
        "versionDate": "2026-03-01", "file": a_file(990),
    });
    let paper = testing::add(&mut world.doc, kind::DOCUMENT, None, fields);
    assert_eq!(row(&world, "other"), (Status::Open, vec![]));
    let submission = world.id.clone();
    let said = json!({"item": "other", "document": {"$ref": paper}});
    testing::add(&mut world.doc, kind::ENCLOSURE, Some(&submission), said);
    assert_eq!(row(&world, "other"), (Status::Have, vec![paper]));
}

#[test]
fn what_must_be_settled_comes_first() {
    let mut world = World::new("initial", "01", "cn-generic");
    for (kind, field, value) in [
        ("insurance", "validUntil", json!("2026-03-20")),
        ("consent", "says.enrollment", json!(1)),
        ("consent", "language", json!("en")),
    ] {
        let id = world.document(kind);
        world.put(&id, field, value);
    }
    let levels: Vec<Level> = world.findings().iter().map(|one| one.level).collect();
    assert!(levels.is_sorted());
    assert_eq!(levels.len(), 3);
    assert!(crate::code::find("findingLevel", levels[0].code()).is_some());
}
