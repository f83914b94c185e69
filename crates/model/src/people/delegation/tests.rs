//! Laws of a delegation log, rule by rule.

use super::*;
use crate::testing::{self, id};
use serde_json::json;

const SITE: usize = 1;
const OTHER_SITE: usize = 2;
const PI: usize = 10;
const NURSE: usize = 11;

fn on(text: &str) -> NaiveDate {
    day::first(text).unwrap()
}

fn duty(n: usize, person: usize, role: &str, from: &str, until: &str) -> Duty {
    Duty {
        id: id(n),
        site: Some(id(SITE)),
        person: Some(id(person)),
        role: role.into(),
        tasks: vec!["CONSENT".into()],
        from: day::first(from),
        until: day::last(until),
        authorised_by: (role != "SITE_PI").then(|| id(PI)),
        authorised_on: day::first(from),
        is_removed: false,
    }
}

fn credential(kind: &str, issued: &str, until: &str) -> Credential {
    Credential {
        id: id(90),
        kind: kind.into(),
        study: None,
        issued: day::first(issued),
        until: day::last(until),
        waived: String::new(),
        is_shown: true,
    }
}

fn held() -> BTreeMap<EntityId, Vec<Credential>> {
    let both = || {
        vec![
            credential("LICENCE", "2010-01-01", ""),
            credential("GCP", "2025-01-01", "2028-12-31"),
        ]
    };
    BTreeMap::from([(id(PI), both()), (id(NURSE), both())])
}

fn log() -> Vec<Duty> {
    vec![
        duty(20, PI, "SITE_PI", "2026-01-01", "2026-12-31"),
        duty(21, NURSE, "RESEARCH_NURSE", "2026-02-01", ""),
    ]
}

fn of(log: &[Duty], n: usize, today: &str) -> Vec<Finding> {
    findings(&log[n], log, &held(), &id(0), on(today))
}

fn codes(found: &[Finding]) -> Vec<&'static str> {
    found.iter().map(Finding::code).collect()
}

#[test]
fn a_log_in_order_has_no_findings() {
    for n in 0..2 {
        assert_eq!(of(&log(), n, "2026-06-01"), []);
    }
}

#[test]
fn who_authorises_led_this_site_on_that_day() {
    for (role, site, from, until, is_fine) in [
        ("SITE_PI", Some(SITE), "2026-01-01", "2026-02-01", true),
        ("SITE_PI", Some(SITE), "2026-01-01", "2026-01-31", false),
        ("SITE_PI", Some(SITE), "2026-02-02", "", false),
        ("SITE_PI", Some(OTHER_SITE), "2026-01-01", "", false),
        ("PRINCIPAL_INVESTIGATOR", None, "2026-01-01", "", true),
        ("SUB_INVESTIGATOR", Some(SITE), "2026-01-01", "", false),
    ] {
        let mut log = log();
        log[0] = duty(20, PI, role, from, until);
        log[0].site = site.map(id);
        let expected = if is_fine {
            vec![]
        } else {
            vec![Finding::NotInCharge {
                on: "2026-02-01".into(),
            }]
        };
        assert_eq!(
            of(&log, 1, "2026-06-01"),
            expected,
            "{role} {site:?} {from}–{until}"
        );
    }
}

#[test]
fn an_entry_that_was_removed_gives_nobody_charge() {
    let mut log = log();
    log[0].is_removed = true;
    assert_eq!(of(&log, 0, "2026-06-01"), [Finding::Removed]);
    assert_eq!(codes(&of(&log, 1, "2026-06-01")), ["notInCharge"]);
}

#[test]
fn nobody_authorises_himself() {
    let mut log = log();
    log[0].authorised_by = Some(id(PI));
    log[1].authorised_by = Some(id(NURSE));
    for n in 0..2 {
        assert_eq!(of(&log, n, "2026-06-01"), [Finding::AuthorisedBySelf]);
    }
    log[1].authorised_by = None;
    assert_eq!(of(&log, 1, "2026-06-01"), [Finding::NotAuthorised]);
}

#[test]
fn one_role_at_one_site_is_held_once_at_a_time() {
    let since = |on: &str| vec![Finding::Doubled { on: on.into() }];
    let mut log = log();
    for (from, until, found) in [
        ("2026-03-01", "", since("2026-02-01")),
        ("2026-02-01", "", since("2026-02-01")),
        // What ended before is a history, not a double.
        ("2026-01-02", "2026-01-31", vec![]),
    ] {
        log.truncate(2);
        log.push(duty(22, NURSE, "RESEARCH_NURSE", from, until));
        assert_eq!(of(&log, 2, "2026-06-01"), found, "{from}");
        assert_eq!(of(&log, 1, "2026-06-01"), [], "{from}");
        assert!(!found.iter().any(Finding::is_breach));
    }
    log[2] = duty(22, NURSE, "SUB_INVESTIGATOR", "2026-03-01", "");
    assert_eq!(of(&log, 2, "2026-06-01"), []);
    log[2] = duty(22, NURSE, "RESEARCH_NURSE", "2026-03-01", "");
    log[1].is_removed = true;
    assert_eq!(of(&log, 2, "2026-06-01"), []);
}

#[test]
fn authorised_after_the_first_day_is_late() {
    let mut log = log();
    log[1].authorised_on = Some(on("2026-02-02"));
    let late = Finding::AuthorisedLate {
        on: "2026-02-02".into(),
    };
    assert_eq!(of(&log, 1, "2026-06-01"), [late]);
}

#[test]
fn what_the_role_asks_for_was_valid_on_the_first_day() {
    let mut held = held();
    held.insert(
        id(NURSE),
        vec![
            credential("LICENCE", "2026-02-02", ""),
            credential("GCP", "2022-01-01", "2026-01-31"),
            credential("GCP", "2026-03-01", "2029-01-31"),
        ],
    );
    let log = log();
    let found = findings(&log[1], &log, &held, &id(0), on("2026-06-01"));
    let at_start = |kind: &str, state| Finding::CredentialAtStart {
        kind: kind.into(),
        state,
        on: "2026-02-01".into(),
    };
    let expected = [
        at_start("LICENCE", State::Missing),
        at_start("GCP", State::Expired),
    ];
    assert_eq!(found, expected);
    assert!(found.iter().all(Finding::is_breach));
}

#[test]
fn what_ends_while_the_entry_runs_is_said_and_after_its_end_no_more() {
    let mut log = log();
    let expiring = of(&log, 1, "2028-11-15");
    let now = |state| Finding::CredentialNow {
        kind: "GCP".into(),
        state,
        until: "2028-12-31".into(),
    };
    assert_eq!(expiring, [now(State::Expiring)]);
    assert!(!expiring[0].is_breach());
    let expired = of(&log, 1, "2029-01-01");
    assert_eq!(expired, [now(State::Expired)]);
    assert!(expired[0].is_breach());
    log[1].until = Some(on("2028-06-30"));
    assert_eq!(of(&log, 1, "2029-01-01"), []);
}

#[test]
fn a_monitor_needs_neither_authorisation_nor_licence() {
    let mut log = log();
    log[1] = duty(21, 12, "CRA", "2026-02-01", "");
    log[1].authorised_by = None;
    log[1].tasks.clear();
    assert_eq!(of(&log, 1, "2026-06-01"), []);
}

#[test]
fn what_is_not_filled_in_is_named() {
    let mut log = log();
    log[1].person = None;
    log[1].from = None;
    log[1].tasks.clear();
    log[1].authorised_by = None;
    let expected = ["noPerson", "noStart", "noTasks", "notAuthorised"];
    let found = of(&log, 1, "2026-06-01");
    assert_eq!(codes(&found), expected);
    assert!(!found.iter().any(Finding::is_breach));
    log[1] = duty(21, NURSE, "RESEARCH_NURSE", "2026-02-02", "2026-02-01");
    assert_eq!(codes(&of(&log, 1, "2026-06-01")), ["endsBeforeStart"]);
}

#[test]
fn a_log_is_read_with_what_was_removed_and_one_person_once() {
    let mut doc = testing::empty();
    let site = testing::add(&mut doc, kind::SITE, None, json!({}));
    let (old, new) = (id(501), id(502));
    let fields = json!({"person": {"$ref": old.as_str()}, "role": "CRC", "tasks": "CONSENT|FILING",
        "from": "2026-03", "until": "2026-05"});
    let entry = testing::add(&mut doc, kind::ASSIGNMENT, Some(&site), fields);
    let who = |id: &EntityId| if *id == old { new.clone() } else { id.clone() };
    let read = &super::log(&doc, &who)[0];
    assert_eq!(
        (read.person.as_ref(), read.site.as_ref()),
        (Some(&new), Some(&site))
    );
    assert_eq!(
        (read.from, read.until),
        (Some(on("2026-03-01")), Some(on("2026-05-31")))
    );
    assert_eq!(read.tasks, ["CONSENT", "FILING"]);
    let mark = |doc: &mut StudyDoc, id: &EntityId| {
        let place = doc.entities.iter().position(|e| e.id == *id).unwrap();
        doc.entities[place].mark = EntityMark::Archived;
    };
    mark(&mut doc, &entry);
    assert!(super::log(&doc, &who)[0].is_removed);
    // The whole site put aside: the entries below it were not deleted.
    mark(&mut doc, &site);
    assert!(!super::log(&doc, &who)[0].is_removed);
}

#[test]
fn every_finding_has_words() {
    let day = || "2026-01-01".to_owned();
    for finding in [
        Finding::Removed,
        Finding::NoPerson,
        Finding::NoRole,
        Finding::NoStart,
        Finding::NoTasks,
        Finding::EndsBeforeStart,
        Finding::Doubled { on: day() },
        Finding::NotAuthorised,
        Finding::AuthorisedBySelf,
        Finding::NotInCharge { on: day() },
        Finding::AuthorisedLate { on: day() },
        Finding::CredentialAtStart {
            kind: "GCP".into(),
            state: State::Expired,
            on: day(),
        },
        Finding::CredentialNow {
            kind: "GCP".into(),
            state: State::Expired,
            until: day(),
        },
    ] {
        let value = serde_json::to_value(&finding).unwrap();
        assert_eq!(value["code"], finding.code());
        let label = crate::label::get(&format!("people.finding.{}", finding.code())).unwrap();
        for param in value
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| *key != "code")
        {
            assert!(label.zh.contains(&format!("{{{param}}}")), "{}", label.key);
            assert!(label.en.contains(&format!("{{{param}}}")), "{}", label.key);
        }
    }
}
