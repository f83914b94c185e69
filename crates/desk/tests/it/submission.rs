//! Submissions from their beginning to the file: what is derived, what is locked, what is refused.

use crate::world::{Laptop, doc, edit, fields, new_study, set as set_field};
use desk::{Decision, Desk, DeskError, NewSubmission, PackageParts, Question, Sending, Whole};
use model::submission::state::State;
use model::{EntityId, StudyId, kind};
use serde_json::{Value, json};

pub(crate) fn site(desk: &mut Desk, study: &StudyId, role: &str) -> EntityId {
    let fields = fields(&[
        ("facility.zh", json!("示例医院")),
        ("committee.zh", json!("示例医院伦理委员会")),
        ("role", json!(role)),
        ("plannedEnrollment", json!(10)),
    ]);
    desk.add(study, kind::SITE, None, fields, None).unwrap().0
}

pub(crate) fn begin(desk: &mut Desk, study: &StudyId, site: &EntityId, kind: &str) -> EntityId {
    let new = NewSubmission {
        kind: kind.into(),
        ..NewSubmission::default()
    };
    desk.submission_new(study, site, new).unwrap().0
}

fn state(desk: &Desk, study: &StudyId, id: &EntityId) -> State {
    let rows = desk.submissions(study).unwrap();
    let mut all = rows.iter().flat_map(|row| &row.submissions);
    all.find(|row| row.id == *id).unwrap().state
}

/// Sends with a package of some bytes.
pub(crate) fn send(
    desk: &mut Desk,
    study: &StudyId,
    id: &EntityId,
    sending: Sending,
) -> Result<desk::Changed, DeskError> {
    let of = desk.submission_content(study, id)?;
    let whole = Whole {
        name: "送审材料.pdf",
        bytes: b"second",
        of: &of,
    };
    desk.submission_send(study, id, sending, &whole)
}

/// Everything that must be settled, left out by name.
pub(crate) fn anyway(desk: &Desk, study: &StudyId, id: &EntityId, on: &str) -> Sending {
    let found = desk.submission_findings(study, id).unwrap();
    Sending {
        on: on.into(),
        leave_out: found.into_iter().map(|one| one.key).collect(),
        why: "试验".into(),
    }
}

#[test]
fn a_submission_runs_its_course_and_what_was_sent_stays() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let study = new_study(&mut desk, "甲");
    let at = site(&mut desk, &study, "LEAD");
    let version = crate::version::freeze(&mut desk, &study, "1.0", "2026-01-05");
    let id = begin(&mut desk, &study, &at, "initial");
    let begun = doc(&desk, &study).entity(&id).unwrap().clone();
    assert_eq!(begun.text("forms"), "cn-generic");
    assert_eq!(begun.reference("version"), Some(version.clone()));
    assert_eq!(begun.value("round"), &json!(1));
    assert_eq!(state(&desk, &study, &id), State::Draft);

    // Nothing is sent while something must be settled, and nothing by the way.
    let on = "2026-01-10".to_owned();
    let refused = send(
        &mut desk,
        &study,
        &id,
        Sending {
            on: on.clone(),
            ..Sending::default()
        },
    );
    assert!(matches!(refused, Err(DeskError::NotSendable(rows)) if rows.len() > 3));
    let silent = Sending {
        why: String::new(),
        ..anyway(&desk, &study, &id, &on)
    };
    assert!(matches!(
        send(&mut desk, &study, &id, silent),
        Err(DeskError::WhyMissing)
    ));
    let early = desk.submission_decide(&study, &id, Decision::default());
    assert!(matches!(early, Err(DeskError::NotNow { state: "draft" })));

    let answer = fields(&[
        ("form", json!("application")),
        ("field", json!("basic.refused")),
        ("text.zh", json!("否")),
    ]);
    let answer = desk
        .add(&study, kind::ANSWER, Some(id.clone()), answer, None)
        .unwrap()
        .0;
    // The package is kept until it is sent, the last one made.
    for text in ["first", "second"] {
        let mut bytes = text.as_bytes();
        let kept = desk.submission_keep(&study, &id, "送审材料.pdf", &mut bytes);
        assert_eq!(kept.unwrap().0.size, text.len() as u64);
    }
    let forms = json!({"application": {"blank": "sha256:b", "filled": "sha256:f"}});
    let parts = json!({"own": [{"part": "letter", "firstPage": 1, "lastPage": 2}], "files": []});
    let made = PackageParts {
        list: Vec::new(),
        parts: parts.clone(),
        office_forms: forms.clone(),
        office_files: Vec::new(),
    };
    desk.submission_keep_parts(&study, &id, made).unwrap();
    let sending = anyway(&desk, &study, &id, &on);
    send(&mut desk, &study, &id, sending).unwrap();
    assert_eq!(state(&desk, &study, &id), State::Sent);
    let late = desk.submission_keep_parts(&study, &id, PackageParts::default());
    assert!(matches!(late, Err(DeskError::Sent)));
    let late = desk.submission_keep(&study, &id, "送审材料.pdf", &mut &b"third"[..]);
    assert!(matches!(late, Err(DeskError::Sent)));
    let held = doc(&desk, &study).entity(&id).unwrap().clone();
    let kept = model::file::BlobRef::read(held.value("package")).unwrap();
    assert_eq!(held.value("manifest")["package"], kept.hash.as_str());
    assert_eq!(held.value("manifest")["officeForms"], forms);
    assert_eq!(held.value("manifest")["parts"], parts);
    assert_eq!(desk.blob_read(&kept.hash).unwrap(), b"second");
    let manifest = doc(&desk, &study)
        .entity(&id)
        .unwrap()
        .value("manifest")
        .clone();
    assert_eq!(manifest["forms"]["key"], "cn-generic");
    assert!(manifest["content"].as_str().unwrap().starts_with("sha256:"));

    // Locked: its own registers, its parts, new parts, putting it aside.
    let change = |desk: &mut Desk, entity: &EntityId, field: &str, value: Value| {
        desk.set(&study, edit(desk, &study, entity, field, value), None)
    };
    let sent = |answer: Result<desk::Saved, DeskError>| matches!(answer, Err(DeskError::Sent));
    assert!(sent(change(&mut desk, &id, "type", json!("amendment"))));
    assert!(sent(change(&mut desk, &answer, "text.zh", json!("是"))));
    let more = fields(&[("item", json!("other")), ("status", json!("na"))]);
    let more = desk.add(&study, kind::ENCLOSURE, Some(id.clone()), more, None);
    assert!(matches!(more, Err(DeskError::Sent)));
    let seen = doc(&desk, &study).seen_with_children(&id);
    assert!(matches!(
        desk.archive(&study, &id, &seen),
        Err(DeskError::Sent)
    ));
    change(&mut desk, &id, "note", json!("送交窗口")).unwrap();

    desk.submission_accept(&study, &id, "2026-01-12", "受理 7")
        .unwrap();
    assert_eq!(state(&desk, &study, &id), State::Accepted);
    let question = Question {
        number: "1".into(),
        text: "请说明随访".into(),
    };
    let (reply, _) = desk
        .submission_ask(&study, &id, "2026-01-20", vec![question])
        .unwrap();
    assert_eq!(state(&desk, &study, &id), State::Queried);
    let unanswered = desk.submission_answer(&study, &reply, "2026-01-22");
    assert!(matches!(unanswered, Err(DeskError::Unanswered { number }) if number == "1"));
    let point = doc(&desk, &study)
        .of_kind(kind::POINT)
        .next()
        .unwrap()
        .id
        .clone();
    change(&mut desk, &point, "answer.zh", json!("已补充")).unwrap();
    desk.submission_answer(&study, &reply, "2026-01-22")
        .unwrap();
    assert_eq!(state(&desk, &study, &id), State::Answered);
    assert!(sent(change(&mut desk, &point, "answer.zh", json!("改过"))));
    assert!(
        desk.submission_answer(&study, &reply, "2026-01-23")
            .is_err()
    );

    let decision = Decision {
        result: "approved".into(),
        fields: fields(&[
            ("number", json!("2026-伦审-1")),
            ("date", json!("2026-02-01")),
            ("intervalMonths", json!(12)),
        ]),
        anyway: false,
        points: Vec::new(),
    };
    desk.submission_decide(&study, &id, decision).unwrap();
    assert_eq!(state(&desk, &study, &id), State::Decided);
    let standing = desk.standing(&study).unwrap();
    let counts = standing.site(&at).unwrap();
    assert_eq!(
        (counts.current.as_ref(), counts.letter.as_str()),
        (Some(&version), "2026-伦审-1")
    );
    let late = desk.submission_withdraw(&study, &id, "2026-02-02", "另行安排");
    assert!(matches!(late, Err(DeskError::NotNow { state: "decided" })));
    desk.submission_file(&study, &id, "2026-02-03", "柜 3")
        .unwrap();
    assert_eq!(state(&desk, &study, &id), State::Filed);
    assert!(desk.verify().unwrap().problems.is_empty());
}

#[test]
fn an_amendment_starts_from_what_the_committee_approved_last() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let study = new_study(&mut desk, "甲");
    let at = site(&mut desk, &study, "LEAD");
    let first = crate::version::freeze(&mut desk, &study, "1.0", "2026-01-05");
    let id = begin(&mut desk, &study, &at, "initial");
    let sending = anyway(&desk, &study, &id, "2026-01-10");
    send(&mut desk, &study, &id, sending).unwrap();
    let decision = Decision {
        result: "modify".into(),
        fields: fields(&[("date", json!("2026-02-01"))]),
        anyway: false,
        points: Vec::new(),
    };
    desk.submission_decide(&study, &id, decision).unwrap();

    set_field(&mut desk, &study, "title.zh", json!("乙"));
    let second = crate::version::freeze(&mut desk, &study, "1.1", "2026-02-05");
    let again = begin(&mut desk, &study, &at, "resubmission");
    let begun = doc(&desk, &study).entity(&again).unwrap().clone();
    assert_eq!(begun.value("round"), &json!(2));
    assert_eq!(begun.reference("previous"), Some(id));
    assert_eq!(begun.reference("base"), Some(first));
    let sending = anyway(&desk, &study, &again, "2026-02-06");
    send(&mut desk, &study, &again, sending).unwrap();
    let decision = Decision {
        result: "approved".into(),
        fields: fields(&[("date", json!("2026-02-20"))]),
        anyway: false,
        points: Vec::new(),
    };
    desk.submission_decide(&study, &again, decision).unwrap();

    set_field(&mut desk, &study, "title.zh", json!("丙"));
    crate::version::freeze(&mut desk, &study, "2.0", "2026-05-01");
    // A report speaks of what this committee approved, not of what was frozen since.
    for kind in model::submission::case::REPORTS {
        let report = begin(&mut desk, &study, &at, kind);
        let of = doc(&desk, &study)
            .entity(&report)
            .unwrap()
            .reference("version");
        assert_eq!(of.as_ref(), Some(&second), "{kind}");
    }
    let elsewhere = site(&mut desk, &study, "PARTICIPATING");
    let report = begin(&mut desk, &study, &elsewhere, "deviation");
    let report = doc(&desk, &study).entity(&report).unwrap().clone();
    assert_eq!(report.reference("version"), None, "nothing is approved");

    let amendment = begin(&mut desk, &study, &at, "amendment");
    let begun = doc(&desk, &study).entity(&amendment).unwrap().clone();
    assert_eq!(begun.reference("base"), Some(second));
    let codes: Vec<String> = desk
        .submission_findings(&study, &amendment)
        .unwrap()
        .into_iter()
        .map(|one| one.code)
        .collect();
    assert!(
        !codes.contains(&"baseNotLastApproved".to_owned()),
        "{codes:?}"
    );
    desk.submission_withdraw(&study, &amendment, "2026-05-02", "")
        .unwrap_err();
    desk.submission_withdraw(&study, &amendment, "2026-05-02", "改为另一修正案")
        .unwrap();
    assert_eq!(state(&desk, &study, &amendment), State::Withdrawn);
}

#[test]
fn what_is_not_known_is_refused() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    let study = new_study(&mut desk, "甲");
    let at = site(&mut desk, &study, "LEAD");
    let new = |kind: &str, forms: &str| NewSubmission {
        kind: kind.into(),
        forms: forms.into(),
        ..NewSubmission::default()
    };
    for (new, at) in [
        (new("holiday", ""), at.clone()),
        (new("initial", "no-such-set"), at.clone()),
        (new("initial", ""), study.root()),
    ] {
        assert!(desk.submission_new(&study, &at, new).is_err());
    }
    assert_eq!(doc(&desk, &study).of_kind(kind::SUBMISSION).count(), 0);
}
