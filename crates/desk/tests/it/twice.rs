//! One submission that two laptops sent while apart: one decision, and what follows from it.

use crate::referee::Referee;
use crate::submission::{anyway, begin, site};
use crate::world::{Laptop, doc, edit, fields, new_study};
use desk::{Decision, Desk, DeskError, PackageParts, Question, Whole};
use model::submission::state::State;
use model::{EntityId, StudyId, kind};
use serde_json::json;

/// Makes and sends a package of its own on a day.
fn send(desk: &mut Desk, study: &StudyId, id: &EntityId, on: &str, bytes: &[u8], pages: u32) {
    let hash = ledger::Hash::of(bytes).as_str().replace("sha256:", "");
    let list = json!({"package": {"sha256": hash}, "lang": "zh"}).to_string();
    let parts = json!({
        "date": on, "lang": "zh", "files": [],
        "own": [{"part": "letter", "firstPage": 1, "lastPage": pages}],
    });
    let made = PackageParts {
        list: list.into_bytes(),
        parts,
        office_forms: json!(null),
        office_files: Vec::new(),
    };
    desk.submission_keep(study, id, "送审材料.pdf", &mut &*bytes)
        .unwrap();
    desk.submission_keep_parts(study, id, made).unwrap();
    let sending = anyway(desk, study, id, on);
    let of = desk.submission_content(study, id).unwrap();
    let whole = Whole {
        name: "送审材料.pdf",
        bytes,
        of: &of,
    };
    desk.submission_send(study, id, sending, &whole).unwrap();
}

/// A file that lies on a laptop: files travel by another way than commits.
fn carry(desk: &mut Desk, bytes: &[u8]) {
    let study = new_study(desk, "丙");
    let title = fields(&[("kind", json!("other")), ("title.zh", json!("附件"))]);
    let (document, _) = desk.add(&study, kind::DOCUMENT, None, title, None).unwrap();
    desk.document_attach(&study, &document, "x.pdf", &mut &*bytes, &[])
        .unwrap();
}

#[test]
fn two_packages_of_one_submission_are_one_decision() {
    let mut center = Referee::default();
    let mut li = Laptop::new(1, "李明");
    let mut wang = Laptop::new(2, "王芳");
    let study = new_study(&mut li.desk, "甲");
    carry(&mut li.desk, b"of wang");
    carry(&mut wang.desk, b"of li");
    let at = site(&mut li.desk, &study, "LEAD");
    crate::version::freeze(&mut li.desk, &study, "1.0", "2026-01-05");
    let first = begin(&mut li.desk, &study, &at, "initial");
    send(&mut li.desk, &study, &first, "2026-01-10", b"first", 1);
    let back = Decision {
        result: "modify".into(),
        fields: fields(&[("date", json!("2026-02-01"))]),
        points: Question::numbered(["请补充".to_owned()]),
        anyway: false,
    };
    li.desk.submission_decide(&study, &first, back).unwrap();
    let id = begin(&mut li.desk, &study, &at, "resubmission");
    let point = doc(&li.desk, &study)
        .of_kind(kind::POINT)
        .next()
        .unwrap()
        .id
        .clone();
    let answer = edit(&li.desk, &study, &point, "answer.zh", json!("已补充"));
    li.desk.set(&study, answer, None).unwrap();
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);

    send(&mut li.desk, &study, &id, "2026-02-10", b"of li", 12);
    send(&mut wang.desk, &study, &id, "2026-02-12", b"of wang", 14);
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    center.sync(&mut li.desk);
    let rows = li.desk.conflicts().unwrap();
    let paths: Vec<_> = rows
        .iter()
        .map(|row| (row.kind.as_str(), row.field.as_str()))
        .collect();
    assert_eq!(paths, [("submission", "manifest")]);
    assert_eq!(li.desk.n_conflicts().unwrap(), 1);
    let all = li.desk.submission_packages(&study, &id).unwrap();
    let said: Vec<_> = all
        .iter()
        .map(|one| {
            (
                one.by_name.as_str(),
                one.sent_on.as_str(),
                one.pages,
                one.stands,
            )
        })
        .collect();
    let mut sorted = said.clone();
    sorted.sort();
    let known = [
        ("李明", "2026-02-10", 12, true),
        ("王芳", "2026-02-12", 14, true),
    ];
    assert_eq!(sorted, known);
    assert!(all.iter().all(|one| one.is_here && one.lang == "zh"));
    // Nothing goes as what was sent, and each is there by its name.
    let none = li.desk.submission_sent(&study, &id);
    assert!(matches!(none, Err(DeskError::SentTwice)));
    let of = |desk: &Desk, name: &str| {
        let all = desk.submission_packages(&study, &id).unwrap();
        all.into_iter()
            .find(|one| one.by_name == name)
            .unwrap()
            .package
    };
    let (of_li, of_wang) = (of(&li.desk, "李明"), of(&li.desk, "王芳"));
    for (hash, bytes) in [(&of_li, b"of li".as_slice()), (&of_wang, b"of wang")] {
        let got = li.desk.submission_sent_as(&study, &id, hash).unwrap();
        assert_eq!(got.1, bytes);
    }

    let both = [of_li.clone(), of_wang.clone()];
    let choose = |desk: &mut Desk, among: &[String], why: &str| {
        desk.submission_choose(&study, &id, (&of_wang, among), why)
    };
    let silent = choose(&mut li.desk, &both, " ");
    assert!(matches!(silent, Err(DeskError::WhyMissing)));
    let unseen = choose(&mut li.desk, &both[..1], "电话核实");
    assert!(matches!(unseen, Err(DeskError::StaleForm)));
    choose(&mut li.desk, &both, "电话核实").unwrap();
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    assert_eq!(li.desk.digest().unwrap(), wang.desk.digest().unwrap());
    for desk in [&li.desk, &wang.desk] {
        assert_eq!(desk.n_conflicts().unwrap(), 0);
        let now = doc(desk, &study);
        assert!(
            now.entities
                .iter()
                .all(|one| one.fields.values().all(|held| !held.conflict))
        );
        let held = now.entity(&id).unwrap();
        assert_eq!(held.text("sentOn"), "2026-02-12");
        assert_eq!(held.value("package")["$blob"], of_wang.as_str());
        assert_eq!(held.value("manifest")["parts"], *held.value("packageParts"));
        let sent = desk.submission_sent(&study, &id).unwrap().unwrap();
        assert_eq!(sent.1, b"of wang");
        let reply = now.of_kind(kind::REPLY).next().unwrap();
        assert_eq!(reply.text("sentOn"), "2026-02-12");
        // The other one is not lost: it is told, and said to be set aside.
        let all = desk.submission_packages(&study, &id).unwrap();
        let aside: Vec<_> = all.iter().filter(|one| !one.stands).collect();
        assert_eq!(aside.len(), 1);
        assert_eq!(aside[0].package, of_li);
        assert_eq!(
            desk.submission_sent_as(&study, &id, &of_li).unwrap().1,
            b"of li"
        );
        let rows = desk.submissions(&study).unwrap();
        let mut rows = rows.iter().flat_map(|row| &row.submissions);
        assert_eq!(rows.find(|row| row.id == id).unwrap().state, State::Sent);
        assert!(desk.verify().unwrap().problems.is_empty());
    }
}

#[test]
fn answers_that_two_laptops_sent_are_a_conflict_that_is_shown() {
    let mut center = Referee::default();
    let mut li = Laptop::new(3, "李明");
    let mut wang = Laptop::new(4, "王芳");
    let study = new_study(&mut li.desk, "甲");
    let at = site(&mut li.desk, &study, "LEAD");
    crate::version::freeze(&mut li.desk, &study, "1.0", "2026-01-05");
    let id = begin(&mut li.desk, &study, &at, "initial");
    send(&mut li.desk, &study, &id, "2026-01-10", b"whole", 1);
    let asked = Question::numbered(["请补充".to_owned()]);
    let asked = li.desk.submission_ask(&study, &id, "2026-01-15", asked);
    let reply = asked.unwrap().0;
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    for (desk, answer) in [(&mut li.desk, "已补充"), (&mut wang.desk, "见附件")] {
        let point = doc(desk, &study)
            .of_kind(kind::POINT)
            .next()
            .unwrap()
            .id
            .clone();
        let answer = edit(desk, &study, &point, "answer.zh", json!(answer));
        desk.set(&study, answer, None).unwrap();
        desk.submission_answer(&study, &reply, "2026-01-20")
            .unwrap();
    }
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    center.sync(&mut li.desk);
    let conflicts = li.desk.conflicts().unwrap();
    let of_reply = conflicts
        .iter()
        .any(|one| one.entity == reply && one.field == "manifest");
    assert!(of_reply, "{conflicts:?}");
}
