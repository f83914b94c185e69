//! Offices' own blanks: held ready until a set names them, then in the directory and in each study
//! whose submissions are made with the set; what was sent keeps them.

use crate::submission::{anyway, send};
use crate::world::{Laptop, fields, new_study};
use desk::{BLANK_BYTES_MAX, Desk, DeskError, NewSubmission, PackageParts};
use model::formset::{self, Blank, BlankKind, FormSet};
use model::{EntityId, StudyId, kind};
use serde_json::json;

fn own(version: &str, sha256: &str) -> FormSet {
    let mut set = formset::newest(&[], formset::GENERIC).unwrap().clone();
    (set.key, set.version) = ("huashan-ec".into(), version.into());
    set.forms[0].blank = Some(Blank {
        sha256: sha256.into(),
        name: "申请表.docx".into(),
        kind: BlankKind::Docx,
        cells: Vec::new(),
    });
    set
}

fn begin(desk: &mut Desk, study: &StudyId) -> EntityId {
    let said = fields(&[("hospital", json!("huashan")), ("role", json!("LEAD"))]);
    let site = desk.add(study, kind::SITE, None, said, None).unwrap().0;
    let new = NewSubmission {
        kind: "initial".into(),
        forms: "huashan-ec".into(),
        ..NewSubmission::default()
    };
    desk.submission_new(study, &site, new).unwrap().0
}

/// The streams that name a content.
fn streams(desk: &Desk, hash: &str) -> Vec<String> {
    let files = desk.files().unwrap().into_iter();
    files
        .filter(|file| file.hash == hash)
        .map(|file| file.stream)
        .collect()
}

#[test]
fn a_blank_is_stored_with_its_set_and_named_once_in_each_stream() {
    let mut laptop = Laptop::new(811, "李示例");
    let desk = &mut laptop.desk;
    let hash = desk.blank_offer("申请表.docx", b"a form".to_vec()).unwrap();
    assert!(
        desk.blobs_here().unwrap().is_empty(),
        "nothing is stored yet"
    );
    assert_eq!(desk.blank_read(&hash).unwrap(), b"a form");
    desk.form_set_save(&own("2026-11.1", &hash), "", "")
        .unwrap();
    let directory = desk.directory().to_string();
    assert_eq!(streams(desk, &hash), [directory.clone()]);
    assert_eq!(desk.blob_read(&hash).unwrap(), b"a form");
    // A further version with the same blank names nothing more.
    desk.form_set_save(&own("2026-11.2", &hash), "", "改")
        .unwrap();

    let study = new_study(desk, "甲");
    begin(desk, &study);
    begin(desk, &study);
    let mut all = streams(desk, &hash);
    all.sort();
    let mut want = [directory, study.to_string()];
    want.sort();
    assert_eq!(all, want);
    let doc = desk.study(&study).unwrap().unwrap();
    assert_eq!(doc.of_kind(kind::BLANK).count(), 1);
    assert!(desk.verify().unwrap().problems.is_empty());
}

#[test]
fn a_blank_that_is_not_here_hinders_no_set_and_no_submission() {
    let mut laptop = Laptop::new(812, "李示例");
    let desk = &mut laptop.desk;
    let hash = format!("sha256:{:064x}", 7);
    desk.form_set_save(&own("2026-11.1", &hash), "", "")
        .unwrap();
    let study = new_study(desk, "甲");
    let id = begin(desk, &study);
    assert_eq!(streams(desk, &hash), [""; 0]);
    let found = desk.submission_findings(&study, &id).unwrap();
    assert!(found.iter().any(|one| one.code == "blankElsewhere"));
    let large = vec![0; usize::try_from(BLANK_BYTES_MAX).unwrap() + 1];
    let refused = desk.blank_offer("申请表.docx", large);
    assert!(matches!(refused, Err(DeskError::FileTooLarge { .. })));
}

#[test]
fn filled_forms_are_kept_with_what_was_sent_and_stay() {
    let mut laptop = Laptop::new(813, "李示例");
    let desk = &mut laptop.desk;
    let hash = desk.blank_offer("申请表.docx", b"a form".to_vec()).unwrap();
    desk.form_set_save(&own("2026-11.1", &hash), "", "")
        .unwrap();
    let study = new_study(desk, "甲");
    let id = begin(desk, &study);
    assert_eq!(desk.submission_office_files(&study, &id).unwrap(), []);
    let bytes = b"a form, filled".to_vec();
    let of = desk.blank_offer("filled.docx", bytes.clone()).unwrap();
    let forms = json!({"application": {"blank": hash, "filled": of}});
    let parts = PackageParts {
        list: Vec::new(),
        parts: json!({"own": [], "files": []}),
        office_forms: forms,
        office_files: vec![("3_申请表.docx".to_owned(), bytes.clone())],
    };
    desk.submission_keep_parts(&study, &id, parts).unwrap();
    let on = "2026-01-10";
    let sending = anyway(desk, &study, &id, on);
    send(desk, &study, &id, sending).unwrap();
    let kept = desk.submission_office_files(&study, &id).unwrap();
    let [one] = kept.as_slice() else {
        panic!("{kept:?}")
    };
    assert_eq!(
        (one.form.as_str(), one.file.name.as_str()),
        ("application", "3_申请表.docx")
    );
    assert_eq!(one.blank, hash);
    assert_eq!(desk.blob_read(&one.file.hash).unwrap(), bytes);
    // Neither blank nor filled file is put aside.
    let doc = desk.study(&study).unwrap().unwrap();
    for part in doc.of_kind(kind::BLANK) {
        let seen = doc.seen_with_children(&part.id);
        let refused = desk.archive(&study, &part.id, &seen);
        assert!(matches!(refused, Err(DeskError::Sent)), "{refused:?}");
    }
}
