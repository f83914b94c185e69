//! What a committee sends back: its points are answered by the re-review and locked with it; a
//! decision that was noted changes only with a reason.

use crate::submission::{anyway, begin, send, site};
use crate::world::{Laptop, doc, edit, fields, new_study, set as set_field};
use desk::{Decision, Desk, DeskError, Question};
use model::submission::state::State;
use model::{EntityId, StudyId, kind};
use serde_json::json;

/// A submission that was sent on 2026-01-10, with its site.
fn sent(desk: &mut Desk, study: &StudyId) -> (EntityId, EntityId) {
    let at = site(desk, study, "LEAD");
    crate::version::freeze(desk, study, "1.0", "2026-01-05");
    let id = begin(desk, study, &at, "initial");
    let sending = anyway(desk, study, &id, "2026-01-10");
    send(desk, study, &id, sending).unwrap();
    (at, id)
}

fn decided(result: &str, conditions: &str, points: &[&str]) -> Decision {
    Decision {
        result: result.into(),
        fields: fields(&[
            ("date", json!("2026-02-01")),
            ("number", json!("2026-伦审-1")),
            ("conditions", json!(conditions)),
        ]),
        points: Question::numbered(points.iter().map(|&text| text.to_owned())),
        anyway: false,
    }
}

fn points(desk: &Desk, study: &StudyId) -> Vec<(EntityId, String)> {
    let doc = doc(desk, study);
    let points = doc.of_kind(kind::POINT);
    points
        .map(|one| (one.id.clone(), one.text("text").to_owned()))
        .collect()
}

fn row(desk: &Desk, study: &StudyId, id: &EntityId) -> model::submission::matrix::SubmissionRow {
    let rows = desk.submissions(study).unwrap();
    let mut all = rows.into_iter().flat_map(|row| row.submissions);
    all.find(|row| row.id == *id).unwrap()
}

fn codes(desk: &Desk, study: &StudyId, id: &EntityId) -> Vec<String> {
    let found = desk.submission_findings(study, id).unwrap();
    found.into_iter().map(|one| one.code).collect()
}

#[test]
fn a_re_review_answers_what_the_committee_asked_point_by_point() {
    let mut laptop = Laptop::new(1, "林示例");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let (at, id) = sent(desk, &study);
    let none = desk.submission_decide(&study, &id, decided("approved", "", &["请补充"]));
    assert!(matches!(none, Err(DeskError::PointsWithoutReview)));
    let text = "1. 请补充数据安全说明\n2. 请说明随访";
    desk.submission_decide(&study, &id, decided("modify", text, &[]))
        .unwrap();
    assert_eq!(row(desk, &study, &id).state, State::Decided);
    assert_eq!(row(desk, &study, &id).open_points, 2, "they wait here");
    let asked = points(desk, &study);
    let texts: Vec<&str> = asked.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["请补充数据安全说明", "请说明随访"]);

    let again = begin(desk, &study, &at, "resubmission");
    assert_eq!(row(desk, &study, &again).open_points, 2);
    assert_eq!(row(desk, &study, &id).open_points, 0, "they went over");
    let found = codes(desk, &study, &again);
    let n_open = found.iter().filter(|code| *code == "pointUnanswered");
    assert_eq!(n_open.count(), 2);
    assert!(found.contains(&"versionAsReviewed".to_owned()), "{found:?}");
    // What the letter says besides is asked for too, while nothing was sent.
    let more = Question::numbered(["请附批件".to_owned()]);
    desk.submission_ask(&study, &id, "2026-02-03", more)
        .unwrap();
    let numbers = doc(desk, &study);
    let numbers: Vec<&str> = numbers
        .of_kind(kind::POINT)
        .map(|one| one.text("number"))
        .collect();
    assert_eq!(numbers, ["1", "2", "3"], "one list");
    let before = desk.submission_content(&study, &again).unwrap();
    for (point, _) in points(desk, &study) {
        let answer = edit(desk, &study, &point, "answer.zh", json!("已补充"));
        desk.set(&study, answer, None).unwrap();
    }
    assert_ne!(desk.submission_content(&study, &again).unwrap(), before);
    assert!(!codes(desk, &study, &again).contains(&"pointUnanswered".to_owned()));
    // They are not sent by themselves.
    let reply = doc(desk, &study)
        .of_kind(kind::REPLY)
        .next()
        .unwrap()
        .id
        .clone();
    assert!(
        desk.submission_answer(&study, &reply, "2026-02-05")
            .is_err()
    );

    set_field(desk, &study, "title.zh", json!("乙"));
    let content = desk.submission_content(&study, &again).unwrap();
    let sending = anyway(desk, &study, &again, "2026-02-06");
    send(desk, &study, &again, sending).unwrap();
    assert_eq!(desk.submission_content(&study, &again).unwrap(), content);
    let now = doc(desk, &study);
    for reply in now.of_kind(kind::REPLY) {
        assert_eq!(reply.text("sentOn"), "2026-02-06");
        assert_eq!(reply.value("manifest")["with"], again.as_str());
    }
    let (point, _) = &points(desk, &study)[0];
    let late = edit(desk, &study, point, "answer.zh", json!("改过"));
    assert!(matches!(desk.set(&study, late, None), Err(DeskError::Sent)));
    let late = desk.submission_ask(&study, &id, "2026-02-07", Vec::new());
    assert!(matches!(late, Err(DeskError::NotNow { .. })));
    desk.submission_correct(&study, &again, "sentOn", "2026-02-08", "笔误")
        .unwrap();
    let now = doc(desk, &study);
    let mut replies = now.of_kind(kind::REPLY);
    assert!(replies.all(|reply| reply.text("sentOn") == "2026-02-08"));
    assert!(desk.verify().unwrap().problems.is_empty());
}

#[test]
fn points_that_nobody_noted_are_missed() {
    let mut laptop = Laptop::new(1, "林示例");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let (at, id) = sent(desk, &study);
    desk.submission_decide(&study, &id, decided("resubmit", "", &[]))
        .unwrap();
    let again = begin(desk, &study, &at, "resubmission");
    assert!(codes(desk, &study, &again).contains(&"questionsMissing".to_owned()));
    let asked = Question::numbered(["请说明".to_owned()]);
    desk.submission_ask(&study, &id, "2026-02-03", asked)
        .unwrap();
    let found = codes(desk, &study, &again);
    assert!(!found.contains(&"questionsMissing".to_owned()), "{found:?}");
}

#[test]
fn rounds_count_within_one_matter() {
    let mut laptop = Laptop::new(1, "林示例");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let (at, id) = sent(desk, &study);
    desk.submission_decide(&study, &id, decided("approved", "", &[]))
        .unwrap();
    let run = |desk: &mut Desk, kind: &str, result: &str| {
        let id = begin(desk, &study, &at, kind);
        let sending = anyway(desk, &study, &id, "2026-01-20");
        send(desk, &study, &id, sending).unwrap();
        desk.submission_decide(&study, &id, decided(result, "请说明", &[]))
            .unwrap();
        let held = row(desk, &study, &id);
        (held.round, id)
    };
    let (round, first) = run(desk, "amendment", "approved");
    assert_eq!(round, 1);
    let (round, second) = run(desk, "amendment", "modify");
    assert_eq!(round, 1, "another amendment is another matter");
    // One that was begun later is no reason to lose sight of what was sent back.
    begin(desk, &study, &at, "amendment");
    let (round, again) = run(desk, "resubmission", "modify");
    assert_eq!(round, 2);
    let of =
        |desk: &Desk, id: &EntityId| doc(desk, &study).entity(id).unwrap().reference("previous");
    assert_eq!(of(desk, &again), Some(second));
    let (round, third) = run(desk, "resubmission", "approved");
    assert_eq!((round, of(desk, &third)), (3, Some(again)));
    assert_ne!(of(desk, &third), Some(first));
}

#[test]
fn decisions_change_only_with_a_reason() {
    let mut laptop = Laptop::new(1, "林示例");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let (at, id) = sent(desk, &study);
    let (decision, _) = desk
        .submission_decide(&study, &id, decided("approved", "", &[]))
        .unwrap();
    for (field, value) in [
        ("result", "rejected"),
        ("number", "X-1"),
        ("date", "2026-02-02"),
    ] {
        let edit = edit(desk, &study, &decision, field, json!(value));
        let refused = desk.set(&study, edit, None);
        assert!(matches!(refused, Err(DeskError::Decided)), "{field}");
    }
    let seen = doc(desk, &study).seen_with_children(&decision);
    let refused = desk.archive(&study, &decision, &seen);
    assert!(matches!(refused, Err(DeskError::Decided)));
    // What was not noted yet is added, as the letter is.
    let more = edit(desk, &study, &decision, "validUntil", json!("2027-02-01"));
    desk.set(&study, more, None).unwrap();

    let mut correct = |field: &str, value: &str, why: &str| {
        desk.submission_correct(&study, &id, field, value, why)
    };
    let silent = correct("decision.result", "rejected", " ");
    assert!(matches!(silent, Err(DeskError::WhyMissing)));
    let empty = correct("decision.result", "", "笔误");
    assert!(matches!(empty, Err(DeskError::Invalid { .. })));
    let early = correct("decision.date", "2026-01-01", "笔误");
    assert!(matches!(early, Err(DeskError::TooEarly { .. })));
    let unknown = correct("decision.document", "x", "笔误");
    assert!(matches!(unknown, Err(DeskError::ReadOnlyField { .. })));
    correct("decision.number", "2026-伦审-2", "笔误").unwrap();
    correct("decision.intervalMonths", "6", "信上写明").unwrap();
    let standing = desk.standing(&study).unwrap();
    let counts = standing.site(&at).unwrap();
    assert_eq!(counts.letter, "2026-伦审-2", "the approval follows");
    desk.submission_correct(&study, &id, "decision.result", "rejected", "看错了")
        .unwrap();
    let standing = desk.standing(&study).unwrap();
    assert_eq!(standing.site(&at).unwrap().current, None);
    let held = doc(desk, &study).entity(&decision).unwrap().clone();
    assert_eq!(held.value("intervalMonths"), &json!(6));
    let refused = desk.submission_withdraw(&study, &id, "2026-02-05", "另行安排");
    assert!(refused.is_err());
    assert_eq!(row(desk, &study, &id).state, State::Decided);
}
