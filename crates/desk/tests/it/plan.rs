//! Plans as people make, move and share them, and what is due today.

use crate::referee::Referee;
use crate::world::{Laptop, doc, fields, set};
use desk::{Chosen, Dated, DeadlineStart, Desk, DeskError, NewStudy};
use model::calendar::YearError;
use model::milestone::plan::{PlanRow, Status, What};
use model::milestone::today::{Reason, Reminder};
use model::{EntityId, StudyId, kind};
use serde_json::json;

/// A study of the template at two hospitals; the clock stands on 1 December 2026.
fn study(desk: &mut Desk) -> (StudyId, Vec<EntityId>) {
    let new = NewStudy {
        fields: fields(&[
            ("title.zh", json!("卒中研究")),
            ("title.en", json!("Stroke")),
        ]),
        template: Some("cn-iit-interventional".into()),
        hospitals: vec!["ruijin".into(), "huashan".into()],
    };
    let (study, _) = desk.create_study(&new).unwrap();
    let sites = doc(desk, &study)
        .of_kind(kind::SITE)
        .map(|site| site.id.clone())
        .collect();
    (study, sites)
}

fn row(desk: &Desk, study: &StudyId, site: Option<&EntityId>, key: &str) -> PlanRow {
    let plan = desk.plan(study).unwrap();
    let lane = plan.lane(site).unwrap();
    lane.rows.iter().find(|row| row.key == key).unwrap().clone()
}

fn dated(row: &PlanRow, field: &str, date: &str) -> Dated {
    Dated {
        milestone: row.id.clone(),
        date: date.into(),
        seen: row.seen.get(field).cloned().unwrap_or_default(),
    }
}

fn write(
    desk: &mut Desk,
    study: &StudyId,
    site: Option<&EntityId>,
    key: &str,
    field: &str,
    value: &str,
) {
    let row = row(desk, study, site, key);
    let edit = crate::world::edit(desk, study, &row.id, field, value.into());
    // What has to come first may be open: then a reason is given.
    let why = (field == "actual").then(|| desk::Reason::text("补录"));
    desk.set(study, edit, why).unwrap();
}

#[test]
fn a_site_is_planned_from_its_initiation_and_replanned_for_a_reason() {
    let mut laptop = Laptop::new(70, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let site = Some(&sites[0]);
    let dates = [("siv".to_owned(), "2027-03-19".to_owned())].into();
    let preview = desk
        .milestone_preview(&study, site, "cn-iit-site", &dates)
        .unwrap();
    let of = |key: &str| preview.iter().find(|row| row.key == key).unwrap();
    assert_eq!(
        (
            of("siv").date.as_str(),
            of("site_ec_submitted").date.as_str()
        ),
        ("2027-03-19", "2027-02-12")
    );
    assert!(of("siv").existing.is_some());
    // Nothing was written by looking.
    assert_eq!(row(desk, &study, site, "siv").due, "");
    let chosen = [Chosen {
        key: "siv".into(),
        planned: "2027-03-19".into(),
    }];
    desk.milestone_apply(&study, &sites[..1], "cn-iit-site", &chosen)
        .unwrap();
    let siv = row(desk, &study, site, "siv");
    assert_eq!(
        (siv.planned.as_str(), siv.status, siv.provisional),
        ("2027-03-19", Status::Blocked, false)
    );
    assert!(row(desk, &study, site, "site_ec_submitted").provisional);

    let offer = desk.baseline_offer(&study, Some(site.cloned())).unwrap();
    assert_eq!(offer.len(), 21);
    desk.baseline(&study, offer, "").unwrap();
    assert!(
        desk.baseline_offer(&study, Some(site.cloned()))
            .unwrap()
            .is_empty()
    );

    let siv = row(desk, &study, site, "siv");
    let refused = desk.replan(&study, vec![dated(&siv, "planned", "2027-04-02")], " ");
    assert!(matches!(refused, Err(DeskError::WhyMissing)));
    desk.replan(
        &study,
        vec![dated(&siv, "planned", "2027-04-02")],
        "合同延迟",
    )
    .unwrap();
    let siv = row(desk, &study, site, "siv");
    assert_eq!((siv.baseline.as_str(), siv.slip), ("2027-03-19", Some(14)));
    // Another baseline wants a reason too.
    let again = vec![dated(&siv, "baseline", "2027-04-02")];
    assert!(matches!(
        desk.baseline(&study, again.clone(), ""),
        Err(DeskError::WhyMissing)
    ));
    desk.baseline(&study, again, "第二版计划").unwrap();
    assert_eq!(row(desk, &study, site, "siv").slip, Some(0));
    let history = desk
        .history(&desk::HistoryScope::Study(study), 3, 0)
        .unwrap();
    assert!(
        history
            .iter()
            .any(|entry| entry.why_text.as_deref() == Some("合同延迟"))
    );
    assert_eq!(desk.verify().unwrap().problems, []);
}

#[test]
fn copying_takes_names_and_rules_and_never_dates() {
    let mut laptop = Laptop::new(71, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    write(
        desk,
        &study,
        Some(&sites[0]),
        "siv",
        "planned",
        "2027-03-19",
    );
    write(
        desk,
        &study,
        Some(&sites[0]),
        "siv_agenda",
        "rule",
        "siv-9d",
    );
    let other = crate::world::new_study(desk, "另一项研究");
    let (site, _) = desk
        .add(
            &other,
            kind::SITE,
            None,
            fields(&[("facility.zh", json!("华东"))]),
            None,
        )
        .unwrap();
    desk.milestone_clone((&study, Some(&sites[0])), (&other, Some(&site)))
        .unwrap();
    let plan = desk.plan(&other).unwrap();
    let rows = &plan.lane(Some(&site)).unwrap().rows;
    assert_eq!(rows.len(), 28);
    assert!(
        rows.iter()
            .all(|row| row.due.is_empty() && row.actual.is_empty())
    );
    assert_eq!(row(desk, &other, Some(&site), "siv_agenda").rule, "siv-9d");
    // Copying again adds nothing.
    desk.milestone_clone((&study, Some(&sites[0])), (&other, Some(&site)))
        .unwrap();
    assert_eq!(
        desk.plan(&other)
            .unwrap()
            .lane(Some(&site))
            .unwrap()
            .rows
            .len(),
        28
    );
}

#[test]
fn a_list_goes_to_several_sites_in_one_step() {
    let mut laptop = Laptop::new(78, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let chosen = [Chosen {
        key: "siv".into(),
        planned: "2027-03-19".into(),
    }];
    // A site that is named twice is one site.
    let places: Vec<EntityId> = sites.iter().chain(&sites).cloned().collect();
    desk.milestone_apply(&study, &places, "cn-iit-site", &chosen)
        .unwrap();
    for site in &sites {
        let siv = row(desk, &study, Some(site), "siv");
        assert_eq!(siv.planned, "2027-03-19");
    }
    desk.undo().unwrap().unwrap();
    for site in &sites {
        assert_eq!(row(desk, &study, Some(site), "siv").planned, "");
    }
}

#[test]
fn what_was_made_without_rules_gets_them_and_keeps_its_dates() {
    let mut laptop = Laptop::new(72, "李明");
    let desk = &mut laptop.desk;
    let study = crate::world::new_study(desk, "旧研究");
    let held = fields(&[
        ("key", json!("stat_review")),
        ("planned", json!("2026-12-24")),
    ]);
    desk.add(&study, kind::MILESTONE, None, held, None).unwrap();
    let chosen = ["protocol_draft", "stat_review"].map(|key| Chosen {
        key: key.into(),
        planned: "2026-12-07".into(),
    });
    desk.milestone_apply(&study, &[], "cn-iit-study", &chosen)
        .unwrap();
    let review = row(desk, &study, None, "stat_review");
    assert_eq!(
        (review.planned.as_str(), review.rule.as_str()),
        ("2026-12-24", "protocol_draft+10b")
    );
    assert_eq!(desk.plan(&study).unwrap().lanes[0].rows.len(), 2);
    let unknown = desk.milestone_apply(&study, &[], "cn-iit-site", &chosen);
    assert!(matches!(
        unknown,
        Err(DeskError::UnknownName { what: "list", .. })
    ));
}

#[test]
fn today_says_what_is_late_due_blocked_expiring_and_awaited() {
    let mut laptop = Laptop::new(73, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    write(
        desk,
        &study,
        Some(&sites[0]),
        "siv",
        "planned",
        "2026-12-18",
    );
    write(
        desk,
        &study,
        None,
        "funding_confirmed",
        "planned",
        "2026-12-31",
    );
    write(desk, &study, None, "protocol_draft", "planned", "2026-11");
    write(desk, &study, None, "publication", "planned", "2027-06-01");
    write(
        desk,
        &study,
        None,
        "lead_ec_submitted",
        "actual",
        "2026-11-20",
    );
    set_site(desk, &study, &sites[1], "approvalValidUntil", "2027-01-20");
    let today = desk.today(30).unwrap();
    assert_eq!(
        (today.today.as_str(), today.until.as_str()),
        ("2026-12-01", "2026-12-31")
    );
    let keys = |reason| -> Vec<&str> {
        let lines = today.lines.iter().filter(|line| line.reason == reason);
        lines.map(|line| line.key.as_str()).collect()
    };
    assert_eq!(keys(Reason::Blocked), ["siv"]);
    assert_eq!(keys(Reason::Expiring), ["approval_expiry"]);
    // Five working days after the submission.
    assert_eq!(keys(Reason::Waiting), ["lead_ec_accepted"]);
    assert!(keys(Reason::Overdue).contains(&"protocol_draft"));
    assert!(keys(Reason::Overdue).contains(&"site_ec_submitted"));
    assert!(keys(Reason::Due).contains(&"funding_confirmed"));
    assert!(!keys(Reason::Due).contains(&"publication"));
    let siv = today.lines.iter().find(|line| line.key == "siv").unwrap();
    assert_eq!(
        (siv.n, siv.days_left, siv.site.as_ref()),
        (10, Some(17), Some(&sites[0]))
    );
    assert_eq!(
        (siv.kind.as_str(), siv.field.as_str()),
        (kind::MILESTONE, "actual")
    );
    assert_eq!(today.missing_years, [] as [i32; 0]);
    assert_eq!(desk.today(60).unwrap().missing_years, [2027]);

    let ready = desk.readiness(&study, &sites[0]).unwrap();
    assert_eq!(ready.next.unwrap().key, "siv");
    assert_eq!(
        (ready.n_done, ready.n_needed, ready.blocking.len()),
        (0, 10, 10)
    );
    // A study that was put aside wants nothing.
    desk.archive_study(&study).unwrap();
    assert_eq!(desk.today(30).unwrap().lines, []);
    desk.restore_study(&study).unwrap();
    assert_eq!(desk.today(30).unwrap().lines.len(), today.lines.len());
    assert_eq!(desk.verify().unwrap().problems, []);
}

fn set_site(desk: &mut Desk, study: &StudyId, site: &EntityId, field: &str, value: &str) {
    let edit = crate::world::edit(desk, study, site, field, value.into());
    desk.set(study, edit, None).unwrap();
}

#[test]
fn a_deadline_begins_with_its_event() {
    let mut laptop = Laptop::new(74, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let start = |key: &str, trigger: &str| DeadlineStart {
        key: key.into(),
        site: Some(sites[0].clone()),
        trigger: trigger.into(),
        ..DeadlineStart::default()
    };
    // Twenty-four hours want a moment, not a day.
    let day_alone = desk.deadline_start(&study, &start("sae_initial_device", "2026-11-30"));
    assert!(matches!(day_alone, Err(DeskError::Invalid { .. })));
    let (sae, _) = desk
        .deadline_start(&study, &start("sae_initial_device", "2026-11-30T23:00"))
        .unwrap();
    let plan = desk.plan(&study).unwrap();
    let found = plan.row(&sae).unwrap().1;
    assert_eq!(
        (found.what, found.due_at.as_str()),
        (What::Deadline, "2026-12-01T23:00:00+08:00")
    );
    desk.deadline_start(&study, &start("dsur", "2026-12-01"))
        .unwrap();
    // 2027-02-01 is a Monday; nobody knows its year's holidays yet.
    let dsur = row(desk, &study, Some(&sites[0]), "dsur");
    assert_eq!((dsur.due.as_str(), dsur.provisional), ("2027-02-01", true));
    let dated = desk.deadline_start(&study, &start("approval_expiry", "2026-12-01"));
    assert!(matches!(dated, Err(DeskError::Invalid { .. })));
    let unknown = desk.deadline_start(&study, &start("nothing", "2026-12-01"));
    assert!(matches!(
        unknown,
        Err(DeskError::UnknownName {
            what: "deadline",
            ..
        })
    ));
}

#[test]
fn a_year_that_is_loaded_moves_what_rested_on_it_and_back() {
    let mut laptop = Laptop::new(75, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    write(
        desk,
        &study,
        Some(&sites[0]),
        "siv",
        "planned",
        "2027-02-18",
    );
    let activated = |desk: &Desk| {
        let row = row(desk, &study, Some(&sites[0]), "site_activated");
        (row.due, row.provisional)
    };
    assert_eq!(activated(desk), ("2027-02-23".into(), true));
    let digest = desk.digest().unwrap();
    assert!(matches!(desk.calendar_load(b"{}"), Err(DeskError::Year(_))));
    let file = r#"{"year":2027,"papers":["https://example.org"],"days":[
        {"date":"2027-01-01","isOffDay":true},{"date":"2027-02-08","isOffDay":true},
        {"date":"2027-02-09","isOffDay":true},{"date":"2027-02-10","isOffDay":true},
        {"date":"2027-02-19","isOffDay":true},{"date":"2027-04-05","isOffDay":true},
        {"date":"2027-10-01","isOffDay":true}]}"#;
    // One day of a year is no year: what is built in or provisional stays.
    let part = r#"{"year":2026,"days":[{"date":"2026-03-03","isOffDay":true}]}"#;
    let refused = desk.calendar_load(part.as_bytes()).unwrap_err();
    assert!(matches!(refused, DeskError::Year(YearError::Incomplete)));
    let (year, _) = desk.calendar_load(file.as_bytes()).unwrap();
    assert_eq!(year, 2027);
    // The Friday is off: Monday, Tuesday, Wednesday.
    assert_eq!(activated(desk), ("2027-02-24".into(), false));
    let years = desk.calendar_years().unwrap();
    let last: Vec<_> = years
        .iter()
        .rev()
        .take(2)
        .map(|row| (row.year, row.from.as_str()))
        .collect();
    assert_eq!(last, [(2028, "missing"), (2027, "loaded")]);
    // The lists over all studies were counted anew, too.
    assert_eq!(desk.plans().unwrap()[0].sites[0].to, "2027-02-24");
    assert_eq!(desk.verify().unwrap().problems, []);
    desk.calendar_forget(2027).unwrap();
    assert_eq!(activated(desk), ("2027-02-23".into(), true));
    assert!(matches!(
        desk.calendar_forget(2026),
        Err(DeskError::NotFound { .. })
    ));
    // The ledger knows nothing of this.
    assert_eq!(desk.digest().unwrap(), digest);
}

#[test]
fn nobody_is_reminded_twice() {
    let mut laptop = Laptop::new(76, "李明");
    let desk = &mut laptop.desk;
    let study = crate::world::new_study(desk, "研究");
    let held = fields(&[("key", json!("x")), ("planned", json!("2026-12-20"))]);
    let (milestone, _) = desk.add(&study, kind::MILESTONE, None, held, None).unwrap();
    let given = |desk: &mut Desk| -> Vec<i32> {
        desk.reminders_due()
            .unwrap()
            .iter()
            .map(|r| r.days)
            .collect()
    };
    assert_eq!(given(desk), [30]);
    assert_eq!(given(desk), [] as [i32; 0]);
    // Nobody saw it: it is given again.
    let line = desk.today(30).unwrap().lines[0].clone();
    let unseen = Reminder { line, days: 30 };
    desk.reminders_untold(&[unseen]).unwrap();
    assert_eq!(given(desk), [30]);
    assert_eq!(given(desk), [] as [i32; 0]);
    // It is nearer now; the thirty days are over.
    let edit = crate::world::edit(desk, &study, &milestone, "planned", json!("2026-12-02"));
    desk.set(&study, edit, Some(desk::Reason::text("提前")))
        .unwrap();
    assert_eq!(given(desk), [1]);
    assert_eq!(given(desk), [] as [i32; 0]);
    let edit = crate::world::edit(desk, &study, &milestone, "actual", json!("2026-12-01"));
    desk.set(&study, edit, None).unwrap();
    assert_eq!(given(desk), [] as [i32; 0]);
}

#[test]
fn enrolment_is_counted_and_foretold() {
    let mut laptop = Laptop::new(77, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    set(desk, &study, "enrollment", json!(100));
    for (date, n) in [("2026-10-02", 0), ("2026-12-01", 30)] {
        let count = fields(&[
            ("date", json!(date)),
            ("screened", json!(n)),
            ("enrolled", json!(n)),
        ]);
        desk.add(&study, kind::ENROLMENT, Some(sites[0].clone()), count, None)
            .unwrap();
    }
    let plan = desk.plan(&study).unwrap();
    assert_eq!(
        (
            plan.lanes[0].enrolment.enrolled,
            plan.lanes[0].enrolment.pace
        ),
        (30, Some(15.0))
    );
    assert_eq!(row(desk, &study, None, "enrol_25").status, Status::Achieved);
    assert_eq!(row(desk, &study, None, "lpi").forecast, "2027-04-20");
    assert_eq!(desk.verify().unwrap().problems, []);
}

#[test]
fn all_plans_stand_side_by_side() {
    let mut laptop = Laptop::new(78, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    crate::world::new_study(desk, "没有日期的研究");
    write(
        desk,
        &study,
        Some(&sites[0]),
        "siv",
        "planned",
        "2026-12-18",
    );
    write(
        desk,
        &study,
        None,
        "protocol_draft",
        "planned",
        "2026-11-10",
    );
    let plans = desk.plans().unwrap();
    assert_eq!(plans.len(), 2);
    assert_eq!(plans[0].study, study);
    assert_eq!(
        (plans[0].from.as_str(), plans[0].sites.len()),
        ("2026-12-01", 2)
    );
    let site = &plans[0].sites[0];
    assert_eq!(
        (site.from.as_str(), site.to.as_str(), site.n),
        ("2026-12-01", "2027-02-03", 28)
    );
    assert!(
        plans[0]
            .points
            .iter()
            .any(|point| point.key == "protocol_draft" && point.overdue)
    );
    assert_eq!(plans[1].from, "");
}

#[test]
fn two_actual_days_after_an_exchange_stay_until_somebody_decides() {
    let mut center = Referee::default();
    let (mut hers, mut his) = (Laptop::new(79, "李明"), Laptop::new(80, "王芳"));
    let (study, sites) = study(&mut hers.desk);
    let meet = |center: &mut Referee, a: &mut Desk, b: &mut Desk| {
        for _ in 0..2 {
            for desk in [&mut *a, &mut *b] {
                center.push_one(desk, study.as_str());
                desk.subscribe(study.as_str()).unwrap();
                center.pull(desk, study.as_str());
            }
        }
    };
    meet(&mut center, &mut hers.desk, &mut his.desk);
    let site = Some(&sites[0]);
    write(&mut hers.desk, &study, site, "siv", "actual", "2026-11-19");
    write(&mut his.desk, &study, site, "siv", "actual", "2026-11-20");
    // What only one of them moved goes together without a question.
    write(
        &mut his.desk,
        &study,
        site,
        "site_fpi",
        "planned",
        "2026-Q4",
    );
    meet(&mut center, &mut hers.desk, &mut his.desk);
    for desk in [&mut hers.desk, &mut his.desk] {
        let siv = row(desk, &study, site, "siv");
        assert_eq!(siv.rival_actuals, ["2026-11-19", "2026-11-20"]);
        assert_eq!(row(desk, &study, site, "site_fpi").due, "2026-12-31");
        let today = desk.today(30).unwrap();
        let found = today
            .lines
            .iter()
            .find(|line| line.reason == Reason::Conflict)
            .unwrap();
        assert_eq!(
            (found.entity.as_ref(), found.rival_actuals.len()),
            (Some(&siv.id), 2)
        );
        let n_torn = today
            .lines
            .iter()
            .filter(|line| line.reason == Reason::Conflict);
        assert_eq!(n_torn.count(), 1, "what has a line is not counted again");
        assert_eq!(
            u64::from(today.counts.conflict),
            desk.n_conflicts().unwrap()
        );
        assert_eq!(desk.verify().unwrap().problems, []);
    }
    let siv = row(&hers.desk, &study, site, "siv").id;
    let edit = crate::world::edit(&hers.desk, &study, &siv, "actual", json!("2026-11-19"));
    hers.desk.resolve(&study, edit, "会议纪要").unwrap();
    meet(&mut center, &mut hers.desk, &mut his.desk);
    assert!(row(&his.desk, &study, site, "siv").rival_actuals.is_empty());
    let today = his.desk.today(30).unwrap();
    assert!(
        today
            .lines
            .iter()
            .all(|line| line.reason != Reason::Conflict)
    );
    assert_eq!(his.desk.today(30).unwrap(), hers.desk.today(30).unwrap());
}

/// Prints the figures of a vault of 100 studies at 1,000 sites: `-- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a check"]
fn today_over_a_big_vault() {
    let mut laptop = Laptop::new(81, "李明");
    let desk = &mut laptop.desk;
    let began = std::time::Instant::now();
    let mut studies = Vec::new();
    for n in 0..100 {
        let new = NewStudy {
            fields: fields(&[("title.zh", json!(format!("研究 {n}")))]),
            template: Some("cn-iit-observational".into()),
            hospitals: vec!["ruijin".into(); 10],
        };
        let (study, _) = desk.create_study(&new).unwrap();
        let plan = desk.plan(&study).unwrap();
        let moves = plan.lanes.iter().enumerate().filter_map(|(place, lane)| {
            let siv = lane.milestone("siv")?;
            let month = (n + place) % 12 + 1;
            Some(dated(siv, "planned", &format!("2027-{month:02}-15")))
        });
        desk.replan(&study, moves.collect(), "计划").unwrap();
        studies.push(study);
    }
    eprintln!("made in {:?}", began.elapsed());
    let timed = |what: &str, ask: &mut dyn FnMut() -> usize| {
        let mut times: Vec<_> = (0..9)
            .map(|_| {
                let began = std::time::Instant::now();
                let n = ask();
                (began.elapsed(), n)
            })
            .collect();
        times.sort();
        eprintln!("{what}: {:?}, {} of them", times[4].0, times[4].1);
    };
    timed("today, lines", &mut || desk.today(30).unwrap().lines.len());
    timed("all plans, studies", &mut || desk.plans().unwrap().len());
    timed("one plan, rows", &mut || {
        let plan = desk.plan(&studies[0]).unwrap();
        plan.lanes.iter().map(|lane| lane.rows.len()).sum()
    });
    let counts = desk.today(30).unwrap().counts;
    eprintln!("{counts:?}");
    let siv = row(desk, &studies[0], None, "protocol_draft").id;
    let began = std::time::Instant::now();
    let edit = crate::world::edit(desk, &studies[0], &siv, "planned", json!("2027-01-05"));
    let read = began.elapsed();
    desk.set(&studies[0], edit, None).unwrap();
    eprintln!("one date set: {:?}", began.elapsed() - read);
}

#[test]
fn f57_a_list_that_two_laptops_apply_apart_is_there_once() {
    let mut center = Referee::default();
    let (mut a, mut b) = (Laptop::new(91, "李明"), Laptop::new(92, "王芳"));
    let study = crate::world::new_study(&mut a.desk, "卒中研究");
    let sites = [crate::version::add_site(&mut a.desk, &study, "瑞金医院")];
    crate::protocol::meet(&mut center, &mut a, &mut b);
    let site = Some(&sites[0]);
    let chosen = |planned: &str| {
        [Chosen {
            key: "siv".into(),
            planned: planned.into(),
        }]
    };
    for (laptop, planned) in [(&mut a, "2027-03-19"), (&mut b, "2027-04-16")] {
        laptop
            .desk
            .milestone_apply(&study, &sites[..1], "cn-iit-site", &chosen(planned))
            .unwrap();
    }
    crate::protocol::meet(&mut center, &mut a, &mut b);
    for desk in [&a.desk, &b.desk] {
        let plan = desk.plan(&study).unwrap();
        let rows = &plan.lane(site).unwrap().rows;
        let visits: Vec<_> = rows.iter().filter(|row| row.key == "siv").collect();
        assert_eq!(visits.len(), 1);
        assert_eq!(visits[0].conflicts, ["planned"]);
    }
    // Put aside and applied again it is another one.
    let first = row(&a.desk, &study, site, "siv").id;
    let seen = doc(&a.desk, &study).seen_with_children(&first);
    a.desk.archive(&study, &first, &seen).unwrap();
    a.desk
        .milestone_apply(&study, &sites[..1], "cn-iit-site", &chosen("2027-05-14"))
        .unwrap();
    assert_ne!(row(&a.desk, &study, site, "siv").id, first);
}

#[test]
fn what_was_done_is_not_later_than_today() {
    let mut laptop = Laptop::new(93, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let chosen = [Chosen {
        key: "siv".into(),
        planned: "2027-03-19".into(),
    }];
    desk.milestone_apply(&study, &sites, "cn-iit-site", &chosen)
        .unwrap();
    let visit = row(desk, &study, Some(&sites[0]), "siv").id;
    let mut set = |value: &str| {
        let edit = crate::world::edit(desk, &study, &visit, "actual", value.into());
        desk.set(&study, edit, Some(desk::Reason::text("补录")))
    };
    let error = set("2026-12-02").unwrap_err();
    assert_eq!(
        error.params(),
        [
            ("kind", kind::MILESTONE.to_owned()),
            ("field", "actual".to_owned()),
            ("complaint", "desk.check.inFuture".to_owned())
        ]
    );
    assert!(set("2027").is_err());
    // The month has begun.
    assert!(set("2026-12").is_ok() && set("2026-12-01").is_ok());
}

#[test]
fn a_table_moves_no_baseline() {
    let mut laptop = Laptop::new(94, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let site = Some(&sites[0]);
    write(desk, &study, site, "siv", "planned", "2027-03-19");
    write(desk, &study, site, "siv", "baseline", "2027-03-19");
    let incoming = desk::IncomingMilestone {
        id: row(desk, &study, site, "siv").id.to_string(),
        site: String::new(),
        chosen: None,
        fields: fields(&[
            ("planned", json!("2027-04-16")),
            ("baseline", json!("2027-04-16")),
        ]),
    };
    let found = desk.milestones_alike(&study, &[incoming]).unwrap();
    let moved: Vec<&str> = found[0]
        .changes
        .iter()
        .map(|one| one.field.as_str())
        .collect();
    assert_eq!(moved, ["planned"]);
}

#[test]
fn a_conflict_says_at_which_hospital_it_stands() {
    let mut laptop = Laptop::new(31, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let milestone = row(desk, &study, sites.first(), "siv").id;
    let old_form = crate::world::edit(desk, &study, &milestone, "note", json!("甲"));
    let form = crate::world::edit(desk, &study, &milestone, "note", json!("乙"));
    desk.set(&study, form, None).unwrap();
    desk.set(&study, old_form, None).unwrap();
    let conflicts = desk.conflicts().unwrap();
    let said: Vec<_> = conflicts.iter().map(|row| &row.place).collect();
    let hospital = model::reference::CENTER
        .hospitals
        .iter()
        .find(|one| one.code == "ruijin")
        .unwrap();
    assert_eq!(said, [&hospital.name]);
    assert!(
        conflicts[0].entity_name.zh.contains("启动"),
        "{conflicts:?}"
    );
    assert!(
        !conflicts[0].entity_name.en.contains("启动"),
        "{conflicts:?}"
    );
}

#[test]
fn one_milestone_there_twice_is_one_question_on_today_until_one_is_put_aside() {
    let mut laptop = Laptop::new(32, "李明");
    let desk = &mut laptop.desk;
    let (study, sites) = study(desk);
    let first = row(desk, &study, sites.first(), "siv").id;
    let again = fields(&[("key", json!("siv")), ("name.zh", json!("启动会"))]);
    let at = sites.first().cloned();
    let (second, _) = desk.add(&study, kind::MILESTONE, at, again, None).unwrap();
    let asked = |desk: &Desk| {
        let lines = desk.today(30).unwrap().lines;
        let lines = lines
            .into_iter()
            .filter(|line| line.reason == Reason::Doubled);
        lines.map(|line| line.entity.unwrap()).collect::<Vec<_>>()
    };
    let one = asked(desk);
    assert_eq!(one.len(), 1);
    assert!([&first, &second].contains(&&one[0]));
    let seen = doc(desk, &study).seen_with_children(&second);
    desk.archive(&study, &second, &seen).unwrap();
    assert!(asked(desk).is_empty());
}
