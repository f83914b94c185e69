//! Days that others rely on move for a reason, whichever way they come; rules that cannot work are
//! refused.

use crate::world::{Laptop, doc, edit, fields};
use desk::{Desk, DeskError, NewStudy, Reason};
use model::check::Complaint;
use model::{EntityId, StudyId, kind};
use serde_json::json;

fn milestone(desk: &Desk, study: &StudyId, key: &str) -> EntityId {
    let doc = doc(desk, study);
    let mut milestones = doc.of_kind(kind::MILESTONE);
    let found = milestones.find(|one| one.text("key") == key);
    found.unwrap().id.clone()
}

fn set(
    desk: &mut Desk,
    study: &StudyId,
    (key, field): (&str, &str),
    value: &str,
    why: Option<&str>,
) -> Result<(), DeskError> {
    let id = milestone(desk, study, key);
    let change = edit(desk, study, &id, field, value.into());
    desk.set(study, change, why.map(|why| Reason::text(why)))
        .map(|_| ())
}

fn study(desk: &mut Desk) -> StudyId {
    let new = NewStudy {
        fields: fields(&[("title.zh", json!("卒中研究"))]),
        template: Some("cn-iit-interventional".into()),
        hospitals: vec!["ruijin".into()],
    };
    desk.create_study(&new).unwrap().0
}

#[test]
fn a_planned_or_frozen_day_moves_for_a_reason_only() {
    let mut laptop = Laptop::new(181, "李明");
    let desk = &mut laptop.desk;
    let study = study(desk);
    for field in ["planned", "baseline"] {
        let of = ("siv", field);
        set(desk, &study, of, "2027-01-04", None).unwrap();
        let refused = set(desk, &study, of, "2027-02-01", None).unwrap_err();
        assert!(matches!(refused, DeskError::WhyMissing), "{refused:?}");
        set(desk, &study, of, "2027-01-04", None).unwrap();
        set(desk, &study, of, "2027-02-01", Some("改期")).unwrap();
    }
}

#[test]
fn a_day_of_another_century_is_refused_whatever_the_reason() {
    let mut laptop = Laptop::new(182, "李明");
    let desk = &mut laptop.desk;
    let study = study(desk);
    for (field, day) in [("actual", "1926-05-05"), ("planned", "2206-01-01")] {
        let refused = set(desk, &study, ("siv", field), day, Some("补录")).unwrap_err();
        let DeskError::Invalid { complaint, .. } = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(complaint, Complaint::FarOff);
    }
}

#[test]
fn a_rule_that_counts_from_itself_or_from_nothing_is_refused() {
    let mut laptop = Laptop::new(183, "李明");
    let desk = &mut laptop.desk;
    let study = study(desk);
    for (key, rule) in [("a", ""), ("b", "a+3d"), ("c", "b+3d")] {
        let new = fields(&[("key", json!(key)), ("rule", json!(rule))]);
        desk.add(&study, kind::MILESTONE, None, new, None).unwrap();
    }
    let complaint = |desk: &mut Desk, rule: &str| match set(desk, &study, ("a", "rule"), rule, None)
    {
        Err(DeskError::Invalid { complaint, .. }) => Some(complaint),
        other => {
            other.unwrap();
            None
        }
    };
    assert_eq!(complaint(desk, "a+3d"), Some(Complaint::Circle));
    assert_eq!(complaint(desk, "c+3d"), Some(Complaint::Circle));
    assert_eq!(complaint(desk, "nosuch+10b"), Some(Complaint::NoAnchor));
    assert_eq!(complaint(desk, "first(siv)"), None);
    assert_eq!(complaint(desk, "enrolled(50)"), None);
}
