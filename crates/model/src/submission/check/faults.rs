//! Seeded faults: each one is made in a submission in which everything fits, and is found, at its
//! place, in words, by its rule.

use super::tests::{World, a_file, an_approval, set_of};
use super::*;
use crate::formset::FormSet;
use crate::testing;
use crate::{Entity, kind};
use serde_json::{Value, json};

/// What a seeded fault is found as: code, kind and register of its place.
pub(super) type Found = (&'static str, &'static str, &'static str);
pub(super) type Seed = fn(&mut World);

fn initial() -> World {
    World::new("initial", "01", "cn-generic")
}

fn amendment() -> World {
    World::new("amendment", "01", "cn-generic")
}

fn amendment_there() -> World {
    World::new("amendment", "02", "cn-generic")
}

fn continuing() -> World {
    World::new("continuing", "02", "cn-generic")
}

fn safety() -> World {
    World::new("sae", "02", "cn-generic")
}

fn deviation() -> World {
    World::new("deviation", "02", "cn-children")
}

fn resubmission() -> World {
    World::new("resubmission", "01", "cn-generic")
}

fn put(world: &mut World, code: &str, field: &str, value: Value) {
    let id = world.document(code);
    world.put(&id, field, value);
}

fn put_self(world: &mut World, field: &str, value: Value) {
    let id = world.id.clone();
    world.put(&id, field, value);
}

fn put_found(w: &mut World, kind: &str, is: fn(&Entity) -> bool, field: &str, value: Value) {
    let id = w.find(kind, is);
    w.put(&id, field, value);
}

fn copy_of(world: &mut World, code: &str, changes: Value) {
    let old = world.document(code);
    let mut fields = serde_json::Map::new();
    for (name, register) in &world.doc.entity(&old).unwrap().fields {
        fields.insert(name.clone(), register.value().clone());
    }
    for (name, value) in changes.as_object().unwrap() {
        fields.insert(name.clone(), value.clone());
    }
    testing::add(&mut world.doc, kind::DOCUMENT, None, Value::Object(fields));
}

fn refuse(world: &mut World, code: &str) {
    let refused = code.into();
    look(
        world,
        Looked {
            refused,
            ..Looked::default()
        },
    );
}

/// The CV's file was looked into.
fn look(world: &mut World, looked: Looked) {
    let id = world.document("cv");
    let file = crate::file::BlobRef::read(world.doc.entity(&id).unwrap().value("file")).unwrap();
    world.looked.insert(file.hash, looked);
}

/// A file whose words were read.
fn read(text: &str, change: impl Fn(&mut Read)) -> Looked {
    let mut read = Read {
        text: text.into(),
        is_read: true,
        ..Read::default()
    };
    change(&mut read);
    Looked {
        read: Some(read),
        ..Looked::default()
    }
}

/// The consent form's file says something, besides the title where it is not of another study.
fn say_in_consent(world: &mut World, words: &str) {
    let root = world.doc.root().unwrap();
    let title = if words.contains("另一项") {
        ""
    } else {
        root.text("officialTitle.zh")
    };
    let looked = read(
        &format!("{title}\n{words}。{}", "请仔细阅读".repeat(12)),
        |_| {},
    );
    let id = world.document("consent");
    let file = crate::file::BlobRef::read(world.doc.entity(&id).unwrap().value("file")).unwrap();
    world.looked.insert(file.hash, looked);
}

/// A sentence of the protocol.
fn say(world: &mut World, text: &str) {
    testing::add(
        &mut world.doc,
        kind::BLOCK,
        None,
        json!({"type": "paragraph", "text.zh": text}),
    );
}

fn enclose(world: &mut World, fields: Value) {
    let id = world.id.clone();
    testing::add(&mut world.doc, kind::ENCLOSURE, Some(&id), fields);
}

fn decide(world: &mut World, fields: Value) -> EntityId {
    let id = world.id.clone();
    testing::add(&mut world.doc, kind::DECISION, Some(&id), fields)
}

fn set_mut(world: &mut World) -> &mut FormSet {
    if world.own.book.is_empty() {
        let mut own = set_of("cn-generic").clone();
        own.key = "own".into();
        world.own.book.push(own);
        put_self(world, "forms", json!("own"));
    }
    &mut world.own.book[0]
}

/// A package was made that the portal does not take.
fn made_over(w: &mut World, code: &str) {
    set_mut(w).limits.file_bytes_max = Some(4096);
    set_mut(w).limits.types = vec!["pdf".into()];
    put_self(
        w,
        "packageParts",
        json!({"over": [{"part": "package", "code": code, "bytes": 4097}]}),
    );
}

/// The application has a blank of the office's own with one place, for a field that nobody answers
/// or another one.
fn map_extra(world: &mut World, field: Option<&str>) {
    let form = &mut set_mut(world).forms[0];
    let mut extra = form.parts[0].fields[0].clone();
    extra.key = "extra".into();
    extra.fill.clear();
    extra.required = false;
    form.parts[0].fields.push(extra);
    form.blank = Some(crate::formset::Blank {
        sha256: format!("sha256:{:064x}", 4242),
        name: "申请表.docx".into(),
        kind: crate::formset::BlankKind::Docx,
        cells: vec![crate::formset::BlankCell {
            field: field.unwrap_or("basic.extra").into(),
            at: "t1/r1c2".into(),
            how: crate::formset::CellHow::Text,
            says: String::new(),
        }],
    });
}

fn the(kind: &'static str, key: &'static str) -> impl Fn(&Entity) -> bool {
    move |one: &Entity| one.kind == kind && one.text("key") == key
}

#[rustfmt::skip]
pub(super) const SEEDS: &[(fn() -> World, Found, Seed)] = &[
    // The form set and its list.
    (initial, ("formsUnknown", "submission", "forms"), |w| put_self(w, "forms", json!("gone"))),
    (initial, ("formsOutdated", "submission", "formsVersion"), |w| {
        let mut newer = set_of("cn-generic").clone();
        newer.version = "2027-01.1".into();
        w.own.book.push(newer);
    }),
    (initial, ("itemMissing", "submission", "item:funding"), |w| {
        let id = w.document("funding");
        w.remove(&id);
    }),
    (initial, ("itemMissing", "submission", "item:funding"), |w| put(w, "funding", "status", json!("lack"))),
    (initial, ("itemOpen", "submission", "item:other"), |w| w.doc.entities.retain(|one| one.kind != kind::ENCLOSURE || one.text("item") != "other")),
    (initial, ("notApplicableWithoutReason", "enclosure", ""), |w| put_found(w, kind::ENCLOSURE, |one| one.text("item") == "other", "reason", json!(null))),
    (initial, ("notApplicableButWanted", "enclosure", ""), |w| {
        enclose(w, json!({"item": "funding", "status": "na", "reason": "自筹"}));
    }),
    // Documents.
    (initial, ("fileMissing", "document", "file"), |w| put(w, "consent", "file", json!(null))),
    (initial, ("fileElsewhere", "document", "file"), |w| {
        let files = w.doc.of_kind(kind::DOCUMENT).filter_map(|one| crate::file::BlobRef::read(one.value("file")));
        let mut here: BTreeSet<String> = files.map(|file| file.hash).collect();
        let id = w.document("cv");
        let cv = crate::file::BlobRef::read(w.doc.entity(&id).unwrap().value("file")).unwrap();
        here.remove(&cv.hash);
        w.here = Some(here);
    }),
    (initial, ("fileDamaged", "document", "file"), |w| refuse(w, "damaged")),
    (initial, ("fileLocked", "document", "file"), |w| refuse(w, "password")),
    (initial, ("fileNotPdf", "document", "file"), |w| refuse(w, "notPdf")),
    (initial, ("fileNoPages", "document", "file"), |w| refuse(w, "noPages")),
    (initial, ("fileBroken", "document", "file"), |w| look(w, Looked { broken: vec![2, 7], ..Looked::default() })),
    (initial, ("fileFonts", "document", "file"), |w| look(w, Looked { fonts: vec!["Helvetica".into()], ..Looked::default() })),
    (initial, ("textSampleSize", "block", "text.zh"), |w| say(w, "本研究共纳入 999 名患者")),
    (initial, ("textSites", "block", "text.zh"), |w| say(w, "本研究在九家医院进行")),
    (initial, ("documentVersionMissing", "document", "version"), |w| put(w, "consent", "version", json!(null))),
    (initial, ("documentDateMissing", "document", "versionDate"), |w| put(w, "consent", "versionDate", json!(null))),
    (initial, ("documentDateInFuture", "document", "versionDate"), |w| put(w, "funding", "versionDate", json!("2026-04-01"))),
    (initial, ("documentExpired", "document", "validUntil"), |w| put(w, "insurance", "validUntil", json!("2026-03-09"))),
    (initial, ("documentExpiring", "document", "validUntil"), |w| put(w, "insurance", "validUntil", json!("2026-03-10"))),
    (initial, ("documentUnsigned", "document", "signature"), |w| put(w, "integrity", "signature", json!("none"))),
    (initial, ("signedBeforeDate", "document", "signedOn"), |w| put(w, "coi", "signedOn", json!("2026-03-03"))),
    (initial, ("documentLanguage", "document", "language"), |w| put(w, "consent", "language", json!("en"))),
    (initial, ("documentSuperseded", "document", "version"), |w| {
        let old = w.document("consent");
        copy_of(w, "consent", json!({"version": "V1.2", "versionDate": "2026-03-08", "file": a_file(900)}));
        enclose(w, json!({"item": "consent", "document": {"$ref": old}}));
    }),
    (initial, ("documentTwice", "document", "file"), |w| {
        let id = w.document("cv");
        w.put(&id, "version", json!("1.0"));
        copy_of(w, "cv", json!({"file": a_file(901)}));
        enclose(w, json!({"item": "people", "document": {"$ref": id}}));
    }),
    (initial, ("fileUnchanged", "document", "file"), |w| copy_of(w, "consent", json!({"version": "V1.2", "versionDate": "2026-03-08"}))),
    (initial, ("documentConflict", "document", ""), |w| {
        let id = w.document("cv");
        w.part(&id, "versionDate", [json!("2026-01-10"), json!("2026-01-11")]);
    }),
    (initial, ("fileTooLarge", "document", "file"), |w| {
        put(w, "consent", "file", json!({"$blob": format!("sha256:{:064x}", 77), "size": 11_000_000, "mime": "", "name": "icf.pdf"}));
        set_mut(w).limits.file_bytes_max = Some(10_485_760);
    }),
    (initial, ("fileType", "document", "file"), |w| {
        put(w, "consent", "file", json!({"$blob": format!("sha256:{:064x}", 77), "size": 100, "mime": "", "name": "icf.docx"}));
        set_mut(w).limits.types = vec!["pdf".into()];
    }),
    (initial, ("madeTooLarge", "submission", "package"), |w| made_over(w, "tooLarge")),
    (initial, ("madeType", "submission", "package"), |w| made_over(w, "type")),
    (initial, ("fileNamesEqual", "document", "title.zh"), |w| {
        let consent = w.document("consent");
        copy_of(w, "consent", json!({"signature": "signed", "file": a_file(902)}));
        let copy = w.doc.entities.last().unwrap().id.clone();
        enclose(w, json!({"item": "consent", "document": {"$ref": consent}}));
        enclose(w, json!({"item": "consent", "document": {"$ref": copy}}));
    }),
    (initial, ("fileUnread", "document", "file"), |w| look(w, read("", |read| read.is_read = false))),
    (initial, ("filePagesUnread", "document", "file"), |w| look(w, read("", |read| read.unread = vec![2]))),
    (initial, ("titleNotInDocument", "document", "file"), |w| say_in_consent(w, "另一项研究的知情同意书")),
    (initial, ("namedVersionInFile", "document", "file"), |w| say_in_consent(w, "方案版本号：V77.1")),
    (initial, ("namedDateInFile", "document", "file"), |w| {
        let number = w.standing.versions[0].number.clone();
        say_in_consent(w, &format!("方案版本号：{number}，2021-01-01"));
    }),
    (initial, ("sampleSizeInFile", "document", "file"), |w| say_in_consent(w, "本研究共纳入 4711 名受试者")),
    (initial, ("fileMarks", "document", "file"), |w| look(w, read("", |read| read.marks = vec![3]))),
    (initial, ("fileMarksInside", "document", "file"), |w| look(w, Looked { refused: "notPdf".into(), ..read("", |read| read.marks = vec![1]) })),
    (initial, ("patientMarks", "document", "title.zh"), |w| put(w, "cv", "title.zh", json!("病历 住院号 0012345"))),
    (initial, ("patientMarks", "document", "file"), |w| {
        put(w, "cv", "file", json!({"$blob": format!("sha256:{:064x}", 77), "size": 1, "mime": "", "name": "11010519491231002X.pdf"}));
    }),
    (initial, ("patientMarks", "answer", "text.zh"), |w| {
        let id = w.find(kind::ANSWER, |_| true);
        w.put(&id, "text.zh", json!("受试者电话 13800138000"));
    }),
    // What documents say of the study.
    (initial, ("protocolVersionDiffers", "document", "version"), |w| put(w, "protocol", "version", json!("V1.0"))),
    (deviation, ("protocolVersionDiffers", "document", "version"), |w| put(w, "protocol", "version", json!("V2.1"))),
    (initial, ("protocolDateDiffers", "document", "versionDate"), |w| put(w, "protocol", "versionDate", json!("2026-03-04"))),
    (initial, ("namedVersionDiffers", "document", "says.protocolVersion"), |w| put(w, "consent", "says.protocolVersion", json!("1.0"))),
    (initial, ("namedDateDiffers", "document", "says.protocolDate"), |w| put(w, "consent", "says.protocolDate", json!("2026-03-06"))),
    (initial, ("titleDiffers", "document", "says.title"), |w| put(w, "consent", "says.title", json!("另一项研究"))),
    (initial, ("numberDiffers", "document", "says.number"), |w| put(w, "consent", "says.number", json!("SAMPLE-OLD-01"))),
    (initial, ("sampleSizeDiffers", "document", "says.enrollment"), |w| put(w, "consent", "says.enrollment", json!(120))),
    (initial, ("siteNumberDiffers", "document", "says.siteEnrollment"), |w| put(w, "consent", "says.siteEnrollment", json!(50))),
    (initial, ("sitesDiffer", "document", "says.sites"), |w| put(w, "consent", "says.sites", json!(3))),
    (initial, ("investigatorDiffers", "document", "says.investigator"), |w| put(w, "consent", "says.investigator", json!("孙假名"))),
    (initial, ("committeeContactMissing", "document", "says.committeeContact"), |w| put(w, "consent", "says.committeeContact", json!(false))),
    // The version and its base.
    (initial, ("versionMissing", "submission", "version"), |w| put_self(w, "version", json!(null))),
    (initial, ("versionBroken", "submission", "version"), |w| w.standing.versions[0].intact = false),
    (initial, ("versionTwice", "submission", "version"), |w| w.standing.versions[0].duplicate = true),
    (initial, ("versionConflict", "submission", "version"), |w| w.standing.versions[0].left_out = vec!["enrollment".into()]),
    (amendment_there, ("baseMissing", "submission", "base"), |w| put_self(w, "base", json!(null))),
    (amendment_there, ("baseNotLastApproved", "submission", "base"), |w| {
        let id = w.standing.versions[0].id.clone();
        put_self(w, "base", json!({"$ref": id}));
    }),
    (amendment, ("versionNotNew", "submission", "version"), |w| {
        let site = w.site().id.clone();
        let new = w.standing.versions[0].id.clone();
        w.standing.sites.iter_mut().filter(|row| row.site == site).for_each(|row| row.current = Some(new.clone()));
    }),
    (continuing, ("versionNotApproved", "submission", "version"), |w| {
        // Frozen after what this committee approved last.
        let site = w.site().id.clone();
        let old = w.standing.versions[1].clone();
        let row = w.standing.sites.iter_mut().find(|row| row.site == site).unwrap();
        row.current = Some(old.id);
        row.number = old.number;
    }),
    (safety, ("approvalMissing", "site", "approvalNumber"), |w| {
        let id = w.site().id.clone();
        w.standing.sites.retain(|row| row.site != id);
        put_self(w, "version", json!(null));
    }),
    (amendment_there, ("reasonMissing", "version", "reason"), |w| w.standing.versions[0].reason.clear()),
    (amendment_there, ("reasonMissing", "version", "summary.zh"), |w| w.standing.versions[0].summary_zh.clear()),
    (initial, ("versionUnfilled", "section", ""), |w| {
        put(w, "protocol", "file", json!(null));
        let fields = json!({"key": "m11.99", "level": 1, "title.zh": "统计"});
        testing::add(&mut w.doc, kind::SECTION, None, fields);
    }),
    (initial, ("workingDiffers", "submission", "version"), |w| w.standing.changed_since = 3),
    // Values in conflict.
    (initial, ("valueConflict", "study", "enrollment"), |w| {
        let id = w.doc.id.root();
        w.part(&id, "enrollment", [json!(126), json!(130)]);
    }),
    (initial, ("valueConflict", "contact", "phone"), |w| {
        let id = w.investigator();
        w.part(&id, "phone", [json!("021-0000 1201"), json!("021-0000 1299")]);
    }),
    (initial, ("valueConflict", "outcome", "measure.zh"), |w| {
        let id = w.find(kind::OUTCOME, |one| one.text("type") == "PRIMARY");
        w.part(&id, "measure.zh", [json!("甲"), json!("乙")]);
    }),
    // People.
    (initial, ("investigatorMissing", "site", "contact"), |w| {
        for role in ["SITE_PI", "PRINCIPAL_INVESTIGATOR"] {
            let all: Vec<EntityId> = w.doc.of_kind(kind::CONTACT).filter(|one| one.text("role") == role).map(|one| one.id.clone()).collect();
            all.iter().for_each(|id| w.remove(id));
        }
    }),
    (initial, ("investigatorTwice", "contact", ""), |w| {
        let site = w.site().id.clone();
        testing::add(&mut w.doc, kind::CONTACT, Some(&site), json!({"role": "SITE_PI", "name.zh": "另一人"}));
    }),
    (initial, ("contactMissing", "contact", "phone"), |w| {
        let id = w.investigator();
        w.put(&id, "phone", json!(null));
        w.put(&id, "email", json!(null));
    }),
    (initial, ("committeeMissing", "site", "committee.zh"), |w| {
        let id = w.site().id.clone();
        w.put(&id, "committee.zh", json!(null));
        w.put(&id, "committee.en", json!(null));
    }),
    (initial, ("gcpMissing", "contact", "gcpUntil"), |w| {
        let id = w.investigator();
        w.put(&id, "gcpUntil", json!(null));
    }),
    (initial, ("gcpExpired", "contact", "gcpUntil"), |w| {
        let id = w.investigator();
        w.put(&id, "gcpUntil", json!("2026-03-09"));
    }),
    (initial, ("gcpExpired", "contact", "gcpUntil"), |w| {
        // What the directory knows goes before what stands with the contact.
        let id = w.investigator();
        let shown = Credential {
            id: id.clone(), kind: "GCP".into(), study: None, issued: None,
            until: crate::people::day::last("2025-12-31"), waived: String::new(), is_shown: true,
        };
        w.credentials.insert(id, vec![shown]);
    }),
    (initial, ("gcpExpiring", "contact", "gcpUntil"), |w| {
        let id = w.find(kind::CONTACT, |one| one.text("role") == "SUB_INVESTIGATOR");
        w.put(&id, "gcpUntil", json!("2026-04"));
    }),
    (initial, ("taskMissing", "contact", "task.zh"), |w| {
        let id = w.investigator();
        w.put(&id, "task.zh", json!(null));
        w.put(&id, "task.en", json!(null));
    }),
    // The course of things.
    (initial, ("startBeforeApproval", "milestone", "actual"), |w| {
        let id = w.find(kind::MILESTONE, the(kind::MILESTONE, "study_start"));
        w.put(&id, "actual", json!("2026-02-01"));
    }),
    (initial, ("startBeforeApproval", "milestone", "planned"), |w| {
        let id = w.find(kind::MILESTONE, the(kind::MILESTONE, "fpi"));
        w.put(&id, "actual", json!(null));
        w.put(&id, "planned", json!("2026-03-09"));
    }),
    (initial, ("periodReversed", "milestone", "planned"), |w| {
        let id = w.find(kind::MILESTONE, the(kind::MILESTONE, "completion"));
        w.put(&id, "planned", json!("2026-04"));
    }),
    (initial, ("daysReversed", "submission", "acceptedOn"), |w| {
        put_self(w, "sentOn", json!("2026-03-10"));
        put_self(w, "acceptedOn", json!("2026-03-09"));
    }),
    (initial, ("daysReversed", "submission", "sentOn"), |w| put_self(w, "sentOn", json!("2026-03-01"))),
    (initial, ("daysReversed", "decision", "validUntil"), |w| {
        decide(w, json!({"result": "approved", "date": "2026-03-30", "validUntil": "2025-03-29"}));
    }),
    (initial, ("intervalTooLong", "decision", "intervalMonths"), |w| {
        decide(w, json!({"result": "approved", "date": "2026-03-30", "intervalMonths": 24}));
    }),
    (initial, ("letterMissing", "decision", "document"), |w| {
        decide(w, json!({"result": "approved", "date": "2026-03-30"}));
    }),
    (initial, ("decisionDiffers", "decision", "result"), |w| {
        let site = w.site().id.clone();
        w.standing.versions[0].approvals = vec![an_approval(&site, "approved")];
        decide(w, json!({"result": "rejected", "date": "2026-03-30"}));
    }),
    (initial, ("decisionDiffers", "decision", "result"), |w| {
        let site = w.site().id.clone();
        w.standing.versions[0].approvals = vec![an_approval(&site, "approved")];
        decide(w, json!({"result": "approved", "date": "2026-03-30", "number": "2026-伦审-999"}));
    }),
    (continuing, ("approvalMissing", "site", "approvalNumber"), |w| {
        let id = w.site().id.clone();
        w.standing.sites.retain(|row| row.site != id);
    }),
    (continuing, ("approvalExpired", "site", "approvalValidUntil"), |w| {
        w.standing.sites.iter_mut().for_each(|row| row.valid_until = "2026-11-25".into());
    }),
    (resubmission, ("previousMissing", "submission", "previous"), |w| put_self(w, "previous", json!(null))),
    (resubmission, ("pointUnanswered", "point", "answer.zh"), |w| put_found(w, kind::POINT, |_| true, "answer.zh", json!(null))),
    (resubmission, ("questionsMissing", "submission", "questions"), |w| w.doc.entities.retain(|one| one.kind != kind::REPLY)),
    (resubmission, ("versionAsReviewed", "submission", "version"), |w| {
        let reviewed = json!({"$ref": w.standing.versions[0].id});
        put_found(w, kind::SUBMISSION, |one| one.text("type") == "initial", "version", reviewed);
    }),
    (initial, ("withdrawnWithoutReason", "submission", "withdrawnReason"), |w| put_self(w, "withdrawnOn", json!("2026-03-11"))),
    (amendment_there, ("leadNotApproved", "submission", "lead"), |w| {
        let lead = w.case().lead_site().unwrap().id.clone();
        w.standing.sites.retain(|row| row.site != lead);
    }),
    (amendment_there, ("leadVersionDiffers", "submission", "version"), |w| {
        let lead = w.case().lead_site().unwrap().id.clone();
        let old = w.standing.versions[1].clone();
        let row = w.standing.sites.iter_mut().find(|row| row.site == lead).unwrap();
        row.current = Some(old.id);
        row.number = old.number;
    }),
    (amendment_there, ("leadMissing", "submission", "lead"), |w| {
        let is_letter = |one: &&Entity| one.text("kind") == "leadApproval";
        let all = w.doc.of_kind(kind::DOCUMENT).filter(is_letter);
        let all: Vec<EntityId> = all.map(|one| one.id.clone()).collect();
        all.iter().for_each(|id| w.remove(id));
    }),
    // Numbers and forms.
    (initial, ("fieldMissing", "answer", "application/participants.compensation"), |w| {
        let id = w.find(kind::ANSWER, |one| one.text("field") == "participants.compensation");
        w.remove(&id);
    }),
    (initial, ("fieldMissing", "study", "officialTitle.zh"), |w| {
        let root = w.doc.id.root();
        w.put(&root, "officialTitle.zh", json!(null));
        w.put(&root, "officialTitle.en", json!(null));
        let root = w.doc.entities.iter_mut().find(|one| one.kind == kind::STUDY).unwrap();
        root.fields.remove("number.org");
        put(w, "consent", "says.number", json!(null));
    }),
    (initial, ("blankFieldEmpty", "answer", "application/basic.extra"), |w| map_extra(w, None)),
    (initial, ("blankElsewhere", "submission", "forms"), |w| {
        map_extra(w, Some("basic.title"));
        let files = w.doc.of_kind(kind::DOCUMENT).filter_map(|one| crate::file::BlobRef::read(one.value("file")));
        w.here = Some(files.map(|file| file.hash).collect());
    }),
    (initial, ("siteNumbersExceed", "site", "plannedEnrollment"), |w| put_found(w, kind::SITE, |one| one.text("number") == "03", "plannedEnrollment", json!(90))),
    (continuing, ("enrolledExceeds", "enrolment", "enrolled"), |w| {
        let id = w.case().count().unwrap().id.clone();
        w.put(&id, "enrolled", json!(37));
    }),
    (continuing, ("countMissing", "enrolment", "enrolled"), |w| w.doc.entities.retain(|one| one.kind != kind::ENROLMENT)),
];
