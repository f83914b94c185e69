//! What was sent: no later edit changes it, days are corrected only with a reason, and steps that
//! do not follow are refused.

use crate::submission::{anyway, begin, send, site};
use crate::world::{Laptop, doc, edit, fields, new_study};
use desk::{Decision, Desk, DeskError, Question, Whole};
use model::milestone::today::Reason;
use model::{EntityId, Lang, StudyId, kind};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

/// A study with a submission that was sent on 2026-01-10.
fn sent(desk: &mut Desk) -> (StudyId, EntityId, EntityId) {
    let study = new_study(desk, "甲");
    let at = site(desk, &study, "LEAD");
    crate::version::freeze(desk, &study, "1.0", "2026-01-05");
    let id = begin(desk, &study, &at, "initial");
    let sending = anyway(desk, &study, &id, "2026-01-10");
    send(desk, &study, &id, sending).unwrap();
    (study, at, id)
}

#[derive(Clone, Debug)]
enum Later {
    Study(&'static str, u8),
    Site(&'static str, u8),
    Submission(&'static str, u8),
    Keep(u8),
    Again,
    Archive,
    Note(u8),
    Correct(u8),
    Undo,
}

fn later() -> impl Strategy<Value = Vec<Later>> {
    let study = prop::sample::select(vec!["title.zh", "officialTitle.zh", "acronym"]);
    let site = prop::sample::select(vec!["facility.zh", "committee.zh"]);
    let own = prop::sample::select(vec!["type", "language", "sentOn", "forms", "summary.zh"]);
    let step = prop_oneof![
        (study, any::<u8>()).prop_map(|(field, n)| Later::Study(field, n)),
        (site, any::<u8>()).prop_map(|(field, n)| Later::Site(field, n)),
        (own, any::<u8>()).prop_map(|(field, n)| Later::Submission(field, n)),
        any::<u8>().prop_map(Later::Keep),
        Just(Later::Again),
        Just(Later::Archive),
        any::<u8>().prop_map(Later::Note),
        (0..20_u8).prop_map(Later::Correct),
        Just(Later::Undo),
    ];
    prop::collection::vec(step, 1..12)
}

#[test]
fn sent_packages_are_changed_by_no_later_edit() {
    let runner = &mut TestRunner::new(Config::with_cases(16));
    let law = |steps: Vec<Later>| {
        let Laptop {
            bench: _bench,
            mut desk,
            ..
        } = Laptop::new(1, "林示例");
        let (study, at, id) = sent(&mut desk);
        let before = desk.submission_sent(&study, &id).unwrap().unwrap();
        let manifest = doc(&desk, &study)
            .entity(&id)
            .unwrap()
            .value("manifest")
            .clone();
        for step in steps {
            let change = |desk: &mut Desk, on: &EntityId, field: &str, n: u8| {
                let edit = edit(desk, &study, on, field, json!(format!("改 {n}")));
                drop(desk.set(&study, edit, None));
            };
            match step {
                Later::Study(field, n) => change(&mut desk, &study.root(), field, n),
                Later::Site(field, n) => change(&mut desk, &at, field, n),
                Later::Submission(field, n) => change(&mut desk, &id, field, n),
                Later::Note(n) => change(&mut desk, &id, "note", n),
                Later::Keep(n) => {
                    let answer = desk.submission_keep(&study, &id, "x.pdf", &mut &[n][..]);
                    prop_assert!(matches!(answer, Err(DeskError::Sent)));
                }
                Later::Again => {
                    let sending = anyway(&desk, &study, &id, "2026-01-11");
                    prop_assert!(send(&mut desk, &study, &id, sending).is_err());
                }
                Later::Archive => {
                    let seen = doc(&desk, &study).seen_with_children(&id);
                    prop_assert!(desk.archive(&study, &id, &seen).is_err());
                }
                Later::Correct(n) => {
                    let on = format!("2026-02-{:02}", n + 1);
                    desk.submission_correct(&study, &id, "sentOn", &on, "笔误")
                        .unwrap();
                }
                Later::Undo => drop(desk.undo()),
            }
        }
        prop_assert_eq!(desk.submission_sent(&study, &id).unwrap().unwrap(), before);
        let doc = doc(&desk, &study);
        prop_assert_eq!(doc.entity(&id).unwrap().value("manifest"), &manifest);
        prop_assert!(manifest["package"].as_str().unwrap().starts_with("sha256:"));
        Ok(())
    };
    runner.run(&later(), law).unwrap();
}

#[test]
fn sent_days_are_corrected_only_with_a_reason() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let (study, _, id) = sent(&mut desk);
    for value in [json!("2020-01-01"), json!(null)] {
        let edit = edit(&desk, &study, &id, "sentOn", value);
        assert!(matches!(desk.set(&study, edit, None), Err(DeskError::Sent)));
    }
    let mut correct = |field: &str, value: &str, why: &str| {
        desk.submission_correct(&study, &id, field, value, why)
    };
    assert!(matches!(
        correct("sentOn", "2026-01-09", " "),
        Err(DeskError::WhyMissing)
    ));
    assert!(matches!(
        correct("sentOn", "", "x"),
        Err(DeskError::Invalid { .. })
    ));
    assert!(matches!(
        correct("sentOn", "2999-01-01", "x"),
        Err(DeskError::Invalid { .. })
    ));
    for field in ["acceptedOn", "type", "manifest", "package"] {
        let refused = correct(field, "2026-01-09", "x");
        assert!(
            matches!(refused, Err(DeskError::ReadOnlyField { .. })),
            "{field}"
        );
    }
    correct("sentOn", "2026-01-09", "笔误").unwrap();
    let held = doc(&desk, &study);
    assert_eq!(held.entity(&id).unwrap().text("sentOn"), "2026-01-09");
    // Nothing of it is taken back by a step back.
    drop(desk.undo());
    assert!(desk.submission_sent(&study, &id).unwrap().is_some());
}

#[test]
fn sent_days_come_in_order_and_none_is_to_come() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let study = new_study(&mut desk, "甲");
    let at = site(&mut desk, &study, "LEAD");
    crate::version::freeze(&mut desk, &study, "1.0", "2026-01-05");
    let id = begin(&mut desk, &study, &at, "initial");
    let sending = anyway(&desk, &study, &id, "2999-01-01");
    let refused = send(&mut desk, &study, &id, sending);
    assert!(matches!(refused, Err(DeskError::Invalid { .. })));
    // A package of something else is not sent.
    let sending = anyway(&desk, &study, &id, "2026-01-10");
    let whole = Whole {
        name: "x.pdf",
        bytes: b"x",
        of: "sha256:0",
    };
    let refused = desk.submission_send(&study, &id, sending.clone(), &whole);
    assert!(matches!(refused, Err(DeskError::StaleForm)));
    send(&mut desk, &study, &id, sending).unwrap();

    let decision = |date: &str, anyway: bool| Decision {
        result: "approved".into(),
        fields: fields(&[("date", json!(date))]),
        anyway,
        points: Vec::new(),
    };
    let early = desk.submission_decide(&study, &id, decision("2026-01-01", false));
    assert!(matches!(early, Err(DeskError::TooEarly { .. })));
    let mut ended = decision("2026-02-01", true);
    ended
        .fields
        .insert("validUntil".into(), json!("2026-01-31"));
    let ended = desk.submission_decide(&study, &id, ended);
    assert!(matches!(ended, Err(DeskError::TooEarly { .. })));
    let late = desk.submission_decide(&study, &id, decision("2999-01-01", false));
    assert!(matches!(late, Err(DeskError::Invalid { .. })));
    let early = desk.submission_accept(&study, &id, "2026-01-01", "7");
    assert!(matches!(early, Err(DeskError::TooEarly { .. })));

    let question = Question {
        number: "1".into(),
        text: "请说明".into(),
    };
    desk.submission_ask(&study, &id, "2026-01-20", vec![question])
        .unwrap();
    let open = desk.submission_decide(&study, &id, decision("2026-02-01", false));
    assert!(matches!(open, Err(DeskError::QuestionOpen)));
    desk.submission_decide(&study, &id, decision("2026-02-01", true))
        .unwrap();
    let twice = desk.submission_decide(&study, &id, decision("2026-02-02", false));
    assert!(matches!(twice, Err(DeskError::DecidedBefore)));
    assert_eq!(doc(&desk, &study).of_kind(kind::DECISION).count(), 1);
}

#[test]
fn sent_along_is_only_what_is_named_by_its_place() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let study = new_study(&mut desk, "甲");
    let at = site(&mut desk, &study, "LEAD");
    crate::version::freeze(&mut desk, &study, "1.0", "2026-01-05");
    let id = begin(&mut desk, &study, &at, "initial");
    let mut sending = anyway(&desk, &study, &id, "2026-01-10");
    let found = desk.submission_findings(&study, &id).unwrap();
    let twin = found.iter().find(|one| {
        let of = |other: &&model::submission::Finding| other.code == one.code;
        found.iter().filter(of).count() > 1
    });
    let twin = twin.expect("two places of one code");
    sending.leave_out.retain(|key| *key != twin.key);
    match send(&mut desk, &study, &id, sending) {
        Err(DeskError::NotSendable(rows)) => {
            assert!(rows.iter().all(|row| row.key == twin.key), "{rows:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_sent_is_done_in_the_plan_and_late_nowhere() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let study = new_study(&mut desk, "甲");
    let at = site(&mut desk, &study, "LEAD");
    let planned = fields(&[
        ("key", json!("site_ec_submitted")),
        ("planned", json!("2026-01-02")),
    ]);
    let (milestone, _) = desk
        .add(&study, kind::MILESTONE, Some(at.clone()), planned, None)
        .unwrap();
    let looked = |desk: &Desk| {
        let plan = desk.plan(&study).unwrap();
        let actual = plan.row(&milestone).unwrap().1.actual.clone();
        let lines = desk.today(30).unwrap().lines.into_iter();
        let mut overdue = lines.filter(|line| line.reason == Reason::Overdue);
        let agenda = desk.agenda(&study, Lang::En).unwrap();
        let uid = format!("{milestone}@pi-desk");
        let entry = agenda.into_iter().find(|one| one.uid == uid).unwrap();
        (actual, overdue.next().is_some(), entry)
    };
    let (actual, is_late, before) = looked(&desk);
    assert_eq!((actual.as_str(), is_late), ("", true));
    crate::version::freeze(&mut desk, &study, "1.0", "2026-01-05");
    let id = begin(&mut desk, &study, &at, "initial");
    let sending = anyway(&desk, &study, &id, "2026-01-10");
    send(&mut desk, &study, &id, sending).unwrap();
    let (actual, is_late, after) = looked(&desk);
    assert_eq!((actual.as_str(), is_late), ("2026-01-10", false));
    assert!(after.sequence > before.sequence);
    assert_eq!(desk.verify().unwrap().problems, []);
}
