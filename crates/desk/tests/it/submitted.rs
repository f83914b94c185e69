//! A submission is checked and filled as the version says that it submits, whatever was written
//! into the study since.

use crate::submission::{begin, site};
use crate::version::freeze;
use crate::world::{Laptop, edit, fields, new_study, set};
use desk::Desk;
use model::formset::fill;
use model::submission::Finding;
use model::{EntityId, StudyId, kind};
use serde_json::json;

/// What was found in a place of the study, of a document or of a form.
fn found(desk: &Desk, study: &StudyId, submission: &EntityId, code: &str) -> Vec<Finding> {
    let all = desk.submission_findings(study, submission).unwrap();
    all.into_iter().filter(|one| one.code == code).collect()
}

#[test]
fn a_check_holds_documents_against_the_submitted_version() {
    let mut laptop = Laptop::new(1, "林示例");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    set(desk, &study, "enrollment", json!(240));
    set(desk, &study, "officialTitle.zh", json!("定稿的题目"));
    let at = site(desk, &study, "LEAD");
    freeze(desk, &study, "9.6", "2026-01-05");
    let id = begin(desk, &study, &at, "initial");
    let said = fields(&[
        ("kind", json!("consent")),
        ("status", json!("have")),
        ("says.enrollment", json!(240)),
        ("says.title", json!("定稿的题目")),
    ]);
    let consent = desk.add(&study, kind::DOCUMENT, None, said, None).unwrap();
    let consent = consent.0;
    let before = desk.submission_content(&study, &id).unwrap();
    set(desk, &study, "enrollment", json!(300));
    set(desk, &study, "officialTitle.zh", json!("后来的题目"));
    for code in ["sampleSizeDiffers", "titleDiffers"] {
        assert_eq!(found(desk, &study, &id, code), [], "{code}");
    }
    // That the study was written on since is said, and changes nothing of what is submitted.
    assert_eq!(found(desk, &study, &id, "workingDiffers").len(), 1);
    assert_eq!(desk.submission_content(&study, &id).unwrap(), before);

    let later = edit(desk, &study, &consent, "says.enrollment", json!(300));
    desk.set(&study, later, None).unwrap();
    let differ = found(desk, &study, &id, "sampleSizeDiffers");
    assert_eq!(differ.len(), 1);
    assert_eq!(differ[0].params["wanted"].zh, "240");
}

#[test]
fn a_field_that_only_the_working_text_fills_is_missing() {
    let mut laptop = Laptop::new(2, "林示例");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let at = site(desk, &study, "LEAD");
    freeze(desk, &study, "9.6", "2026-01-05");
    let id = begin(desk, &study, &at, "initial");
    let is_of_results = |one: &Finding| one.params["field"].zh == "预期结果";
    let is_missing = |desk: &Desk| {
        let missing = found(desk, &study, &id, "fieldMissing");
        missing.iter().any(is_of_results)
    };
    assert!(is_missing(desk));
    let outcome = fields(&[
        ("type", json!("PRIMARY")),
        ("measure.zh", json!("4711 天内无进展")),
    ]);
    desk.add(&study, kind::OUTCOME, None, outcome, None)
        .unwrap();
    assert!(is_missing(desk), "the submitted version says nothing of it");
    let printed = |desk: &Desk| {
        let said = desk.submitted(&study, &id).unwrap();
        let case = said.case().unwrap();
        let forms = case.set.unwrap().forms.iter();
        let fields = forms.flat_map(|form| fill(&case, form));
        fields.filter(|field| field.zh.contains("4711")).count()
    };
    assert_eq!(printed(desk), 0);
    let version = freeze(desk, &study, "9.7", "2026-01-06");
    let newer = edit(
        desk,
        &study,
        &id,
        "version",
        json!({"$ref": version.as_str()}),
    );
    desk.set(&study, newer, None).unwrap();
    assert!(printed(desk) > 0 && !is_missing(desk));
}
