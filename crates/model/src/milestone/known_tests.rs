//! Days that are known to the month alone, that rest on holidays not announced yet, that come back
//! or that no holiday moves.

use super::list;
use super::plan::Status;
use super::tests::{on, row, set, site};
use crate::kind;
use crate::testing::{self, add};
use serde_json::json;

#[test]
fn what_follows_from_a_month_is_known_by_the_month() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    set(&mut doc, &site, "siv", "planned", "2026-11");
    set(&mut doc, &site, "siv", "baseline", "2026-11");
    let plan = on(&doc, "2026-06-01");
    let siv = row(&plan, Some(&site), "siv");
    assert_eq!(
        (siv.due_known().as_str(), siv.forecast_known().as_str()),
        ("2026-11", "2026-11")
    );
    assert_eq!(siv.slip, Some(0));
    // Three working days after some day of November end in December at the latest.
    let activated = row(&plan, Some(&site), "site_activated");
    assert_eq!(activated.due, "2026-12-03");
    assert_eq!(
        (activated.due_known(), activated.forecast_known()),
        ("2026-12".to_owned(), "2026-12".to_owned())
    );
    assert_eq!(activated.stands(), ("2026-12".to_owned(), false));
    // No last day of the law is made up of a month.
    let submitted = row(&plan, Some(&site), "site_ec_submitted");
    assert_eq!(
        (submitted.due_known().as_str(), submitted.legal.as_str()),
        ("2026-09", "")
    );
    // Held up until a day, it is that day.
    set(&mut doc, &site, "site_contract", "planned", "2026-12-09");
    let plan = on(&doc, "2026-06-01");
    let siv = row(&plan, Some(&site), "siv");
    assert_eq!(siv.due_known(), "2026-11");
    assert_eq!(siv.forecast_known(), "2026-12-09");
}

#[test]
fn a_day_that_is_set_is_not_provisional_and_its_forecast_may_be() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    set(&mut doc, &site, "siv", "planned", "2026-12-30");
    set(&mut doc, &site, "site_activated", "planned", "2026-12-31");
    let plan = on(&doc, "2026-06-01");
    let activated = row(&plan, Some(&site), "site_activated");
    assert!(!activated.provisional && activated.forecast_provisional);
    assert!(
        activated.forecast.as_str() > "2027",
        "{}",
        activated.forecast
    );
    assert_eq!(plan.missing_years, [2027]);
    // Counted back into a year that is known, from one that is not.
    let mut doc = testing::empty();
    let site = self::site(&mut doc);
    set(&mut doc, &site, "siv", "planned", "2027-01-04");
    let plan = on(&doc, "2026-06-01");
    assert!(row(&plan, Some(&site), "drug_ready").provisional);
    assert_eq!(plan.missing_years, [2027]);
}

#[test]
fn what_is_late_stands_where_it_was_missed_and_is_expected_from_today_on() {
    let mut doc = testing::empty();
    let site = site(&mut doc);
    set(&mut doc, &site, "site_feasibility", "planned", "2026-03-02");
    let plan = on(&doc, "2026-06-01");
    let late = row(&plan, Some(&site), "site_feasibility");
    assert_eq!(late.stands().0, "2026-03-02");
    assert_eq!(late.expected().0, "2026-06-01");
}

#[test]
fn the_end_of_a_validity_is_not_put_off() {
    let ends = |key: &str, rule: &str| {
        let mut doc = testing::empty();
        let fields = json!({"key": key, "rule": rule, "trigger": "2024-02-29",
            "origin": list::deadline(key).unwrap().origin()});
        add(&mut doc, kind::MILESTONE, None, fields);
        let plan = on(&doc, "2026-11-27");
        let row = row(&plan, None, key);
        (row.due.clone(), row.legal.clone())
    };
    // 2027-02-28 is a Sunday.
    let certificate = ("2027-02-26".to_owned(), "2027-02-28".to_owned());
    assert_eq!(ends("gcp_certificate", "trigger+3y"), certificate);
    let period = ("2027-02-26".to_owned(), "2027-03-01".to_owned());
    assert_eq!(ends("registry_update", "trigger+3y"), period);
}

#[test]
fn what_repeats_is_due_anew_after_it_was_done() {
    let mut doc = testing::empty();
    let fields =
        json!({"key": "meeting", "planned": "2026-01-10", "actual": "2026-01-12", "repeat": "3m"});
    add(&mut doc, kind::MILESTONE, None, fields);
    let plan = on(&doc, "2026-04-01");
    let meeting = row(&plan, None, "meeting");
    // Three months later is a Sunday.
    assert_eq!(
        (meeting.due.as_str(), meeting.legal.as_str()),
        ("2026-04-10", "2026-04-13")
    );
    assert_eq!(meeting.status, Status::DueSoon);
    // Its last day is history: what stands is the next one, and the missed one when it is late.
    assert_eq!(meeting.stands().0, "2026-04-10");
    let plan = on(&doc, "2026-05-01");
    let late = row(&plan, None, "meeting");
    assert_eq!(
        (late.stands().0.as_str(), late.expected().0.as_str()),
        ("2026-04-10", "2026-05-01")
    );
}
