//! Plans of small studies, and laws that every plan keeps.

use super::list::{self, MilestoneList};
use super::plan::{PlanRow, Status, StudyPlan, What};
use super::*;
use crate::calendar::Calendar;
use crate::testing::{self, add};
use crate::{EntityId, StudyDoc, kind};
use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

fn site_list() -> &'static MilestoneList {
    list::list("cn-iit-site").unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A plan at nine in the morning in Shanghai.
pub(super) fn on(doc: &StudyDoc, day: &str) -> StudyPlan {
    plan(
        doc,
        Calendar::builtin(),
        Some(at(&format!("{day}T01:00:00Z"))),
    )
}

/// Adds the milestones of a list as applying it does, without dates.
fn apply(doc: &mut StudyDoc, parent: Option<&EntityId>, list: &MilestoneList) {
    for item in &list.items {
        let mut fields = json!({"key": item.key, "name.zh": item.name.zh, "name.en": item.name.en,
            "needs": {"list": item.needs}, "awaitsReply": item.awaits_reply, "origin": list.origin()});
        if !item.rule.is_empty() {
            fields["rule"] = item.rule.as_str().into();
        }
        add(doc, kind::MILESTONE, parent, fields);
    }
}

pub(super) fn site(doc: &mut StudyDoc) -> EntityId {
    let site = add(
        doc,
        kind::SITE,
        None,
        json!({"facility.zh": "瑞金", "facility.en": "Ruijin"}),
    );
    apply(doc, Some(&site), site_list());
    site
}

fn put(doc: &mut StudyDoc, parent: &EntityId, key: &str, field: &str, values: &[Value]) {
    let fits = |e: &&mut crate::Entity| e.parent.as_ref() == Some(parent) && e.text("key") == key;
    let entity = doc.entities.iter_mut().find(fits).unwrap();
    entity
        .fields
        .insert(field.into(), testing::register(values, 2));
}

pub(super) fn set(doc: &mut StudyDoc, parent: &EntityId, key: &str, field: &str, value: &str) {
    put(doc, parent, key, field, &[value.into()]);
}

pub(super) fn row<'a>(plan: &'a StudyPlan, site: Option<&EntityId>, key: &str) -> &'a PlanRow {
    let lane = plan.lane(site).unwrap();
    lane.rows.iter().find(|row| row.key == key).unwrap()
}

#[test]
fn what_is_counted_back_and_late_pushes_what_it_is_counted_from() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    set(&mut doc, &site, "siv", "planned", "2026-03-20");
    set(&mut doc, &site, "siv", "baseline", "2026-03-20");
    for key in ["site_feasibility", "site_selected", "office_application"] {
        set(&mut doc, &site, key, "actual", "2026-01-04");
    }
    // In time: nothing moves.
    let plan = on(&doc, "2026-02-10");
    assert_eq!(row(&plan, Some(&site), "siv").forecast, "2026-03-20");
    // The submission was due on 13 February, five weeks before; two weeks later it is still open.
    let plan = on(&doc, "2026-02-27");
    let siv = row(&plan, Some(&site), "siv");
    assert!(siv.forecast.as_str() > "2026-03-20", "{}", siv.forecast);
    assert!(siv.slip.is_some_and(|days| days > 0), "{:?}", siv.slip);
    assert!(!siv.pushed_by.is_empty());
}

#[test]
fn what_is_counted_back_from_a_quarter_lies_before_it() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    set(&mut doc, &site, "siv", "planned", "2026-Q4");
    let plan = on(&doc, "2026-01-05");
    let submitted = row(&plan, Some(&site), "site_ec_submitted");
    assert!(submitted.due.as_str() < "2026-10-01", "{}", submitted.due);
}

#[test]
fn a_site_is_counted_back_from_its_initiation() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    set(&mut doc, &site, "siv", "planned", "2026-03-20");
    let plan = on(&doc, "2026-01-05");
    // 35 days before is a Friday; 18 days before a Monday; 12 days before a Sunday.
    for (key, due, legal) in [
        ("site_ec_submitted", "2026-02-13", ""),
        ("site_ec_meeting", "2026-03-02", ""),
        ("site_ec_approval_filed", "2026-03-06", ""),
        ("training", "2026-03-20", ""),
        ("site_activated", "2026-03-25", ""),
    ] {
        let row = row(&plan, Some(&site), key);
        assert_eq!(
            (row.due.as_str(), row.legal.as_str()),
            (due, legal),
            "{key}"
        );
    }
    assert_eq!(row(&plan, Some(&site), "site_fpi").status, Status::Blocked);
    assert_eq!(row(&plan, Some(&site), "site_lpi").due, "");
    let lane = plan.lane(Some(&site)).unwrap();
    assert_eq!(lane.origins, [site_list().origin()]);
    assert_eq!(lane.bars[0].key, "startup");
    assert_eq!(
        (lane.bars[0].from.as_str(), lane.bars[0].to.as_str()),
        ("2026-01-05", "2026-03-25")
    );
}

#[test]
fn a_late_contract_pushes_the_forecast_and_nothing_that_was_planned() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    set(&mut doc, &site, "siv", "planned", "2026-03-20");
    set(&mut doc, &site, "siv", "baseline", "2026-03-20");
    set(&mut doc, &site, "site_contract", "planned", "2026-04-15");
    let plan = on(&doc, "2026-01-05");
    let siv = row(&plan, Some(&site), "siv");
    assert_eq!(
        (siv.planned.as_str(), siv.due.as_str()),
        ("2026-03-20", "2026-03-20")
    );
    assert_eq!((siv.forecast.as_str(), siv.slip), ("2026-04-15", Some(26)));
    let contract = &row(&plan, Some(&site), "site_contract").id;
    assert_eq!(siv.pushed_by, [contract.clone()]);
    // Three working days after a Wednesday.
    let activated = row(&plan, Some(&site), "site_activated");
    assert_eq!(activated.forecast, "2026-04-20");
    // What is counted back from the visit keeps its own schedule.
    assert_eq!(row(&plan, Some(&site), "drug_ready").due, "2026-03-17");
}

#[test]
fn nothing_open_is_expected_in_the_past() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    set(&mut doc, &site, "siv", "planned", "2026-03-20");
    let late = on(&doc, "2026-03-30");
    let siv = row(&late, Some(&site), "siv");
    assert_eq!((siv.status, siv.days_left), (Status::Overdue, Some(-10)));
    // The application to the office, due sixty days before, is not made yet.
    assert_eq!(siv.forecast, "2026-05-29");
    for item in &site_list().items {
        if item.key != "siv" && item.rule.starts_with("siv-") {
            set(&mut doc, &site, &item.key, "actual", "2026-03-10");
        }
    }
    let late = on(&doc, "2026-03-30");
    assert_eq!(row(&late, Some(&site), "siv").forecast, "2026-03-30");
    set(&mut doc, &site, "siv", "actual", "2026-03-19");
    let done = on(&doc, "2026-03-30");
    let siv = row(&done, Some(&site), "siv");
    assert_eq!(
        (siv.status, siv.forecast.as_str(), siv.days_left),
        (Status::Achieved, "2026-03-19", None)
    );
    assert!(siv.blocked_by.is_empty());
}

#[test]
fn a_milestone_that_does_not_apply_blocks_nobody() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    for item in &site_list().items {
        if item.key != "drug_ready" && item.key.as_str() < "siv" {
            set(&mut doc, &site, &item.key, "actual", "2026-01-04");
        }
    }
    for key in [
        "site_contract",
        "site_ec_submitted",
        "site_ec_meeting",
        "site_ec_approval_filed",
        "training",
    ] {
        set(&mut doc, &site, key, "actual", "2026-01-04");
    }
    let plan = on(&doc, "2026-01-05");
    let drug = row(&plan, Some(&site), "drug_ready").id.clone();
    assert_eq!(row(&plan, Some(&site), "siv").blocked_by, [drug]);
    let ready = readiness(&plan, &site).unwrap();
    assert_eq!(
        (ready.n_done, ready.n_needed, ready.blocking.len()),
        (9, 10, 1)
    );
    set(&mut doc, &site, "drug_ready", "notApplicable", "无试验用药");
    let plan = on(&doc, "2026-01-05");
    assert_eq!(row(&plan, Some(&site), "siv").status, Status::Undated);
    let ready = readiness(&plan, &site).unwrap();
    assert_eq!(
        (ready.n_done, ready.n_needed, ready.blocking.len()),
        (9, 9, 0)
    );
}

#[test]
fn what_others_are_counted_from_is_told_and_what_nobody_proves() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    set(&mut doc, &site, "siv", "actual", "2026-03-19");
    set(&mut doc, &site, "siv_agenda", "actual", "2026-03-10");
    set(&mut doc, &site, "siv_agenda", "note", "邮件确认");
    let plan = on(&doc, "2026-03-30");
    let found = |key| {
        let row = row(&plan, Some(&site), key);
        (row.counted_from, row.unproven)
    };
    // The activation is counted from the visit.
    assert_eq!(found("siv"), (true, true));
    assert_eq!(found("siv_agenda"), (false, false));
    assert_eq!(found("materials"), (false, false));
}

#[test]
fn two_actual_days_stay_side_by_side() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    put(
        &mut doc,
        &site,
        "siv",
        "actual",
        &["2026-03-19".into(), "2026-03-17".into()],
    );
    let plan = on(&doc, "2026-03-30");
    let siv = row(&plan, Some(&site), "siv");
    assert_eq!(siv.rival_actuals, ["2026-03-17", "2026-03-19"]);
    assert_eq!(siv.conflicts, ["actual"]);
    assert_eq!(siv.actual, "2026-03-19");
}

#[test]
fn the_study_learns_from_its_sites() {
    let mut doc = testing::empty();
    apply(&mut doc, None, list::list("cn-iit-study").unwrap());
    let root = doc.id.root();
    let (one, two) = (site(&mut doc), site(&mut doc));
    set(&mut doc, &one, "siv", "planned", "2026-05-08");
    set(&mut doc, &two, "siv", "planned", "2026-04-10");
    set(&mut doc, &root, "fpi", "planned", "2026-09");
    set(&mut doc, &one, "site_fpi", "planned", "2026-08-03");
    let plan = on(&doc, "2026-01-05");
    let first = row(&plan, None, "first_site_initiated");
    assert_eq!((first.due.as_str(), first.derived), ("2026-04-10", false));
    // Due a working day before it: the database.
    assert_eq!(row(&plan, None, "edc_ready").due, "2026-04-10");
    // The study planned September, the site expects August.
    let fpi = row(&plan, None, "fpi");
    assert_eq!(
        (fpi.due.as_str(), fpi.precision),
        ("2026-09-30", Precision::Month)
    );
    assert_eq!(fpi.forecast, "2026-08-03");
    set(&mut doc, &two, "siv", "actual", "2026-04-09");
    let plan = on(&doc, "2026-05-05");
    let first = row(&plan, None, "first_site_initiated");
    assert_eq!(
        (first.status, first.actual.as_str(), first.derived),
        (Status::Achieved, "2026-04-09", true)
    );
}

#[test]
fn enrolment_foretells_the_last_participant() {
    let mut doc = testing::empty();
    testing::set(&mut doc, "enrollment", 100);
    apply(&mut doc, None, list::list("cn-iit-study").unwrap());
    let site = site(&mut doc);
    for (date, n) in [("2026-03-01", 0), ("2026-03-31", 30)] {
        add(
            &mut doc,
            kind::ENROLMENT,
            Some(&site),
            json!({"date": date, "screened": n, "enrolled": n}),
        );
    }
    let plan = on(&doc, "2026-04-01");
    let quarter = row(&plan, None, "enrol_25");
    assert_eq!(
        (quarter.status, quarter.actual.as_str()),
        (Status::Achieved, "2026-03-31")
    );
    assert_eq!(row(&plan, None, "lpi").forecast, "2026-06-09");
    assert_eq!(plan.lane(None).unwrap().enrolment.pace, Some(30.0));
}

#[test]
fn a_deadline_of_hours_is_late_from_its_moment_on() {
    let mut doc = testing::empty();
    let fields = json!({"key": "sae_initial_device", "rule": "trigger+24h", "trigger": "2026-02-14T22:30",
        "origin": list::deadline("sae_initial_device").unwrap().origin()});
    add(&mut doc, kind::MILESTONE, None, fields);
    let status = |now: &str| {
        let plan = plan(&doc, Calendar::builtin(), Some(at(now)));
        let row = row(&plan, None, "sae_initial_device").clone();
        (row.what, row.due_at, row.status)
    };
    let due = "2026-02-15T22:30:00+08:00".to_owned();
    assert_eq!(
        status("2026-02-15T14:29:00Z"),
        (What::Deadline, due.clone(), Status::DueSoon)
    );
    assert_eq!(
        status("2026-02-15T14:31:00Z"),
        (What::Deadline, due, Status::Overdue)
    );
}

#[test]
fn who_waits_for_an_answer_is_told_so() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    let waits = |doc: &StudyDoc| {
        row(
            &on(doc, "2026-02-20"),
            Some(&site),
            "site_ec_approval_filed",
        )
        .waiting
    };
    assert!(!waits(&doc));
    set(&mut doc, &site, "site_ec_submitted", "actual", "2026-02-13");
    assert!(waits(&doc));
    set(
        &mut doc,
        &site,
        "site_ec_approval_filed",
        "actual",
        "2026-02-19",
    );
    assert!(!waits(&doc));
}

#[test]
fn rules_in_a_circle_give_no_date() {
    let mut doc = testing::empty();
    for (key, rule) in [
        ("a", "b+1d"),
        ("b", "a+1d"),
        ("c", "first(c)"),
        ("d", "d-3d"),
    ] {
        add(
            &mut doc,
            kind::MILESTONE,
            None,
            json!({"key": key, "rule": rule, "needs": {"list": ["a", "b"]}}),
        );
    }
    let site = site(&mut doc);
    set(&mut doc, &site, "siv", "rule", "first(siv)");
    set(&mut doc, &site, "siv_agenda", "rule", "last(siv)");
    let plan = on(&doc, "2026-02-20");
    assert_eq!(row(&plan, None, "a").due, "");
    assert_eq!(row(&plan, Some(&site), "siv").forecast, "");
}

#[test]
fn a_preview_says_what_would_be_written() {
    let mut doc = testing::empty();
    let site = add(&mut doc, kind::SITE, None, json!({}));
    let held = add(
        &mut doc,
        kind::MILESTONE,
        Some(&site),
        json!({"key": "site_contract", "planned": "2026-11-02"}),
    );
    let dates = [
        ("siv".to_owned(), "2027-03-19".to_owned()),
        ("site_contract".to_owned(), "2027-01-01".to_owned()),
    ];
    let rows = preview(
        &doc,
        Some(&site),
        site_list(),
        &dates.into(),
        Calendar::builtin(),
    );
    assert_eq!(rows.len(), 28);
    let row = |key: &str| rows.iter().find(|row| row.key == key).unwrap();
    assert_eq!(
        (row("siv").date.as_str(), row("siv").by_rule),
        ("2027-03-19", false)
    );
    // What is there already keeps its date.
    let contract = row("site_contract");
    assert_eq!(
        (contract.existing.as_ref(), contract.date.as_str()),
        (Some(&held), "2026-11-02")
    );
    let submitted = row("site_ec_submitted");
    assert_eq!(
        (
            submitted.date.as_str(),
            submitted.by_rule,
            submitted.provisional
        ),
        ("2027-02-12", true, true)
    );
    assert_eq!(row("site_lpo").date, "");
}

#[test]
fn registers_with_a_form_of_their_own_are_checked() {
    for (field, good, bad) in [
        ("planned", "2026-Q3", "2026-Q9"),
        ("baseline", "2026-Q1", "soon"),
        ("actual", "2026-Q2", "2026-Q5"),
        ("rule", "siv-35d", "35 days before"),
        ("repeat", "12m", "-3m"),
        ("trigger", "2026-02-14T22:30", "2026-02"),
    ] {
        let check = |text: &str| crate::check::check(kind::MILESTONE, field, text.into());
        assert_eq!(check(good), Ok(good.into()), "{field}");
        assert!(check(bad).is_err(), "{field}");
        assert_eq!(check(" "), Ok(Value::Null), "{field}");
    }
}

proptest! {
    #[test]
    fn every_plan_keeps_its_laws(
        planned in proptest::collection::vec(proptest::option::of(0_u64..500), 28),
        done in proptest::collection::vec(proptest::option::of(0_u64..200), 28),
    ) {
        let base: NaiveDate = "2026-01-01".parse().unwrap();
        let mut doc = testing::empty();
        let site = site(&mut doc);
        for ((item, planned), done) in site_list().items.iter().zip(planned).zip(done) {
            for (field, days) in [("planned", planned), ("actual", done)] {
                if let Some(days) = days {
                    set(&mut doc, &site, &item.key, field, &(base + chrono::Days::new(days)).to_string());
                }
            }
        }
        let plan = on(&doc, "2026-07-01");
        let lane = plan.lane(Some(&site)).unwrap();
        for row in &lane.rows {
            let day = |text: &str| text.parse::<NaiveDate>().ok();
            if !row.actual.is_empty() {
                prop_assert_eq!(row.status, Status::Achieved);
                prop_assert_eq!(&row.forecast, &row.actual);
                continue;
            }
            prop_assert!(row.planned.is_empty() || row.due == row.planned);
            let Some(forecast) = day(&row.forecast) else { continue };
            prop_assert!(row.forecast >= plan.today, "{}", row.key);
            prop_assert!(day(&row.due).is_none_or(|due| forecast >= due));
            for need in &row.blocked_by {
                let need = plan.row(need).unwrap().1;
                prop_assert!(day(&need.forecast).is_none_or(|needed| forecast >= needed), "{}", row.key);
            }
        }
    }
}
