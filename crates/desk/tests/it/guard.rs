//! What is asked before something counts as done, and counts that cannot be right.

use crate::world::{Laptop, doc, edit, fields};
use desk::{Desk, DeskError, NewStudy, Reason};
use model::check::Complaint;
use model::milestone::enrolment::CountFault;
use model::milestone::incoming::MilestoneAct;
use model::milestone::plan::PlanRow;
use model::{EntityId, StudyId, kind};
use serde_json::{Value, json};

/// A study of the template at two hospitals; the clock stands on 1 December 2026.
fn study(desk: &mut Desk) -> (StudyId, Vec<EntityId>) {
    let new = NewStudy {
        fields: fields(&[("title.zh", json!("卒中研究"))]),
        template: Some("cn-iit-interventional".into()),
        hospitals: vec!["ruijin".into(), "huashan".into()],
    };
    let (study, _) = desk.create_study(&new).unwrap();
    let doc = doc(desk, &study);
    let sites = doc.of_kind(kind::SITE).map(|site| site.id.clone());
    (study, sites.collect())
}

fn row(desk: &Desk, study: &StudyId, site: Option<&EntityId>, key: &str) -> PlanRow {
    let plan = desk.plan(study).unwrap();
    plan.lane(site).unwrap().milestone(key).unwrap().clone()
}

/// Notes a day; without a reason where `why` is empty.
fn note(
    desk: &mut Desk,
    study: &StudyId,
    row: &PlanRow,
    day: &str,
    why: &str,
) -> Result<(), DeskError> {
    let edit = edit(desk, study, &row.id, "actual", day.into());
    let why = (!why.is_empty()).then(|| Reason::text(why));
    desk.set(study, edit, why).map(|_| ())
}

fn keys(desk: &Desk, study: &StudyId, ids: &[EntityId]) -> Vec<String> {
    let plan = desk.plan(study).unwrap();
    ids.iter()
        .map(|id| plan.row(id).unwrap().1.key.clone())
        .collect()
}

#[test]
fn the_first_participant_before_the_gates_is_asked_about_and_stays_a_finding() {
    let mut laptop = Laptop::new(740, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let site = Some(&sites[0]);
    let first = row(desk, &study, site, "site_fpi");
    assert!(first.missing.len() > 10, "{:?}", first.missing);
    let refused = note(desk, &study, &first, "2026-11-20", "");
    assert!(matches!(refused, Err(DeskError::NeedsOpen { n }) if n == first.missing.len()));
    assert_eq!(row(desk, &study, site, "site_fpi").actual, "");
    let text = "按应急程序先行入组，伦理已口头同意";
    note(desk, &study, &first, "2026-11-20", text).unwrap();

    let first = row(desk, &study, site, "site_fpi");
    let missing = keys(desk, &study, &first.missing);
    assert!(missing.contains(&"site_activated".to_owned()));
    assert!(
        missing.contains(&"lead_ec_approved".to_owned()),
        "{missing:?}"
    );
    // The study's own line, which the site brought about, says so too, and the site's readiness.
    let whole = row(desk, &study, None, "fpi");
    assert!(whole.derived && !whole.missing.is_empty());
    let ready = model::milestone::readiness(&desk.plan(&study).unwrap(), &sites[0]).unwrap();
    let early: Vec<&str> = ready.early.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(early, ["site_fpi"]);

    // What is done afterwards was not done before.
    let approved = row(desk, &study, None, "lead_ec_approved");
    note(desk, &study, &approved, "2026-11-25", "").unwrap();
    let first = row(desk, &study, site, "site_fpi");
    assert!(keys(desk, &study, &first.missing).contains(&"lead_ec_approved".to_owned()));
    // Its day is corrected, for a reason: then it was.
    assert!(matches!(
        note(
            desk,
            &study,
            &row(desk, &study, None, "lead_ec_approved"),
            "2026-11-19",
            ""
        ),
        Err(DeskError::WhyMissing)
    ));
    note(desk, &study, &approved, "2026-11-19", "批件日期抄错").unwrap();
    let first = row(desk, &study, site, "site_fpi");
    assert!(!keys(desk, &study, &first.missing).contains(&"lead_ec_approved".to_owned()));
    let history = desk
        .history(&desk::HistoryScope::Study(study.clone()), 5, 0)
        .unwrap();
    for why in [text, "批件日期抄错"] {
        assert!(
            history
                .iter()
                .any(|entry| entry.why_text.as_deref() == Some(why))
        );
    }
    // Clearing a day that was noted is a change as well.
    let cleared = note(
        desk,
        &study,
        &row(desk, &study, None, "lead_ec_approved"),
        "",
        "",
    );
    assert!(matches!(cleared, Err(DeskError::WhyMissing)));
}

#[test]
fn what_needs_nothing_open_is_noted_without_a_word() {
    let mut laptop = Laptop::new(741, "李明");
    let desk = &mut laptop.desk;
    let (study, _) = study(desk);
    for (key, day) in [
        ("protocol_final", "2026-10-01"),
        ("lead_ec_submitted", "2026-10-08"),
    ] {
        let row = row(desk, &study, None, key);
        note(desk, &study, &row, day, "").unwrap();
        note(desk, &study, &row, day, "").unwrap();
    }
    // Before what it needs.
    let meeting = row(desk, &study, None, "lead_ec_meeting");
    assert!(matches!(
        note(desk, &study, &meeting, "2026-10-20", ""),
        Err(DeskError::NeedsOpen { n: 1 })
    ));
    // Both in one step.
    let accepted = row(desk, &study, None, "lead_ec_accepted");
    let edits = [(&accepted, "2026-10-12"), (&meeting, "2026-10-20")]
        .map(|(row, day)| edit(desk, &study, &row.id, "actual", day.into()));
    desk.set_many(&study, edits.to_vec(), None).unwrap();
    assert!(
        row(desk, &study, None, "lead_ec_meeting")
            .missing
            .is_empty()
    );
}

#[test]
fn counts_of_participants_never_fall_and_are_none_of_tomorrow() {
    let mut laptop = Laptop::new(742, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let add = |desk: &mut Desk, pairs: &[(&str, Value)]| {
        let site = Some(sites[0].clone());
        desk.add(&study, kind::ENROLMENT, site, fields(pairs), None)
    };
    let count = |date: &str, n: u64| vec![("date", json!(date)), ("enrolled", json!(n))];
    // What is planned is said before anybody was counted.
    add(
        desk,
        &[("date", json!("2026-09-01")), ("planned", json!(40))],
    )
    .unwrap();
    let standing = |desk: &Desk| {
        let plan = desk.plan(&study).unwrap();
        let lane = plan.lane(Some(&sites[0])).unwrap();
        let found = &lane.enrolment;
        (found.target, found.enrolled, found.as_of.clone())
    };
    assert_eq!(standing(desk), (40, 0, String::new()));
    let (first, _) = add(desk, &count("2026-10-01", 5)).unwrap();
    let (second, _) = add(desk, &count("2026-11-01", 12)).unwrap();
    let fault = |refused: Result<_, DeskError>| match refused {
        Err(DeskError::Count(fault)) => fault.code(),
        Err(DeskError::Invalid {
            complaint: Complaint::NotADate,
            ..
        }) => "notADate",
        other => panic!("{:?}", other.map(|_: (EntityId, desk::Changed)| ())),
    };
    assert_eq!(fault(add(desk, &count("2026-12-02", 20))), "countFuture");
    assert_eq!(fault(add(desk, &count("2026-11-20", 11))), "countFewer");
    assert_eq!(fault(add(desk, &count("2026-10-15", 13))), "countMore");
    assert_eq!(fault(add(desk, &count("2026-11", 13))), "notADate");
    let mut more = count("2026-11-20", 13);
    more.push(("screened", json!(12)));
    assert_eq!(fault(add(desk, &more)), "countScreened");
    assert_eq!(standing(desk), (40, 12, "2026-11-01".into()));

    // The same holds for a count that is corrected; the later one goes first.
    let change = |desk: &mut Desk, id: &EntityId, n: u64| {
        let edit = edit(desk, &study, id, "enrolled", json!(n));
        desk.set(&study, edit, None)
    };
    assert!(matches!(
        change(desk, &first, 14),
        Err(DeskError::Count(CountFault::More { n: 12, .. }))
    ));
    change(desk, &second, 15).unwrap();
    change(desk, &first, 14).unwrap();
    // A count that was put aside holds nobody up.
    let seen = doc(desk, &study).seen_with_children(&second);
    desk.archive(&study, &second, &seen).unwrap();
    change(desk, &first, 16).unwrap();
    assert_eq!(standing(desk), (40, 16, "2026-10-01".into()));
}

#[test]
fn a_table_names_a_hospital_by_its_short_name() {
    let mut laptop = Laptop::new(743, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let incoming = |site: &str| desk::IncomingMilestone {
        id: String::new(),
        site: site.to_owned(),
        chosen: None,
        fields: fields(&[("key", json!("siv")), ("planned", json!("2027-03-19"))]),
    };
    for (written, wanted) in [
        ("瑞金", Some(&sites[0])),
        ("华山", Some(&sites[1])),
        ("Huashan", Some(&sites[1])),
        ("九院", None),
    ] {
        let found = desk.milestones_alike(&study, &[incoming(written)]).unwrap();
        assert_eq!(found[0].site.as_ref(), wanted, "{written}");
    }
}

#[test]
fn a_row_of_a_table_says_why_it_cannot_come_in_and_which_site_it_is() {
    let mut laptop = Laptop::new(744, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let incoming = |chosen: Option<&EntityId>, day: &str| desk::IncomingMilestone {
        id: String::new(),
        site: "某院".to_owned(),
        chosen: chosen.cloned(),
        fields: fields(&[("key", json!("siv")), ("actual", json!(day))]),
    };
    let rows = [
        incoming(None, "2026-02-02"),
        incoming(Some(&sites[1]), "2026-02-02"),
        incoming(Some(&sites[0]), "2099-02-02"),
    ];
    let found = desk.milestones_alike(&study, &rows).unwrap();
    assert_eq!(found[0].act, MilestoneAct::NoSite);
    assert_eq!(found[1].site.as_ref(), Some(&sites[1]));
    assert_eq!(found[1].fault, None);
    let fault = found[2].fault.as_ref().expect("a fault");
    assert_eq!(
        (fault.field.as_str(), fault.complaint.as_str()),
        ("actual", "inFuture")
    );
    // The others come in without it.
    desk.take_milestones(&study, &found[1..2], "").unwrap();
}

#[test]
fn what_the_sites_tell_is_nothing_new_in_a_table_that_is_read_back() {
    let mut laptop = Laptop::new(745, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let first = row(desk, &study, Some(&sites[1]), "site_fpi");
    let day = edit(desk, &study, &first.id, "actual", json!("2026-11-28"));
    desk.set(&study, day, Some(Reason::text("补录"))).unwrap();
    let whole = row(desk, &study, None, "fpi");
    assert_eq!((whole.derived, whole.actual.as_str()), (true, "2026-11-28"));
    let incoming = |day: &str| desk::IncomingMilestone {
        id: whole.id.to_string(),
        fields: fields(&[("actual", json!(day))]),
        ..desk::IncomingMilestone::default()
    };
    let act = |desk: &Desk, day: &str| {
        let found = desk.milestones_alike(&study, &[incoming(day)]);
        found.unwrap()[0].act
    };
    assert_eq!(act(desk, "2026-11-28"), MilestoneAct::Same);
    assert_eq!(act(desk, "2026-11-27"), MilestoneAct::Changed);
}
