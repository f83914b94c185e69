//! Days as calendars take them: a number that only counts up, whoever exports.

use crate::referee::Referee;
use crate::world::{Laptop, doc, edit, fields};
use desk::{Desk, NewStudy};
use model::agenda::AgendaEntry;
use model::{Lang, StudyId, kind};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

fn study(desk: &mut Desk) -> StudyId {
    let new = NewStudy {
        fields: fields(&[("title.zh", json!("卒中研究"))]),
        template: Some("cn-iit-interventional".into()),
        hospitals: vec!["ruijin".into(), "huashan".into()],
    };
    let study = desk.create_study(&new).unwrap().0;
    for date in ["2026-12-01", "2027-01-04"] {
        set(desk, &study, "siv", "planned", date);
    }
    study
}

/// Sets a register of the milestone of a key, at the first site that has one.
fn set(desk: &mut Desk, study: &StudyId, key: &str, field: &str, value: &str) {
    let doc = doc(desk, study);
    let milestone = doc
        .of_kind(kind::MILESTONE)
        .find(|one| one.text("key") == key);
    let change = edit(desk, study, &milestone.unwrap().id, field, value.into());
    desk.set(study, change, Some(desk::Reason::text("改期")))
        .unwrap();
}

fn exported(desk: &Desk, study: &StudyId) -> BTreeMap<String, AgendaEntry> {
    let entries = desk.agenda(study, Lang::Zh).unwrap();
    let by_uid: BTreeMap<String, AgendaEntry> = entries
        .into_iter()
        .map(|one| (one.uid.clone(), one))
        .collect();
    assert!(by_uid.len() > 5);
    by_uid
}

/// What is in both files and says something else has a higher number in the newer one.
fn counts_up(
    before: &BTreeMap<String, AgendaEntry>,
    after: &BTreeMap<String, AgendaEntry>,
) -> usize {
    let mut n_changed = 0;
    for (uid, old) in before {
        let new = &after[uid];
        let told = |one: &AgendaEntry| {
            (
                one.date.clone(),
                one.note.clone(),
                one.title.clone(),
                one.is_done,
                one.is_cancelled,
            )
        };
        if told(old) == told(new) {
            assert!(new.sequence >= old.sequence, "{old:?} {new:?}");
        } else {
            n_changed += 1;
            assert!(new.sequence > old.sequence, "{old:?} {new:?}");
        }
    }
    n_changed
}

#[test]
fn two_laptops_that_wrote_apart_count_up_when_they_meet_and_when_it_is_settled() {
    let mut center = Referee::default();
    let (mut hers, mut his) = (Laptop::new(171, "李明"), Laptop::new(172, "王芳"));
    let study = study(&mut hers.desk);
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
    set(&mut hers.desk, &study, "siv", "planned", "2027-05-10");
    set(&mut his.desk, &study, "siv", "planned", "2027-05-20");
    let apart = [&hers, &his].map(|laptop| exported(&laptop.desk, &study));
    meet(&mut center, &mut hers.desk, &mut his.desk);
    let met = exported(&hers.desk, &study);
    assert_eq!(met, exported(&his.desk, &study));
    for before in &apart {
        assert!(counts_up(before, &met) > 0);
    }
    let milestone = doc(&hers.desk, &study);
    let milestone = milestone
        .of_kind(kind::MILESTONE)
        .find(|one| one.text("key") == "siv");
    let id = milestone.unwrap().id.clone();
    let settled = edit(&hers.desk, &study, &id, "planned", json!("2027-05-20"));
    hers.desk.resolve(&study, settled, "会议纪要").unwrap();
    let after = exported(&hers.desk, &study);
    assert!(counts_up(&met, &after) > 0);
}

#[test]
fn replanning_one_site_leaves_the_events_of_the_other_alone() {
    let mut laptop = Laptop::new(175, "李明");
    let study = study(&mut laptop.desk);
    let milestones: Vec<_> = doc(&laptop.desk, &study)
        .of_kind(kind::MILESTONE)
        .cloned()
        .collect();
    let visits = milestones.iter().filter(|one| one.text("key") == "siv");
    let [here, there] = visits.collect::<Vec<_>>()[..] else {
        panic!("a visit at each of two sites");
    };
    let change = edit(
        &laptop.desk,
        &study,
        &there.id,
        "planned",
        json!("2027-02-01"),
    );
    laptop.desk.set(&study, change, None).unwrap();
    let before = exported(&laptop.desk, &study);
    let change = edit(
        &laptop.desk,
        &study,
        &here.id,
        "planned",
        json!("2027-05-10"),
    );
    let why = Some(desk::Reason::text("改期"));
    laptop.desk.set(&study, change, why).unwrap();
    let after = exported(&laptop.desk, &study);
    assert!(counts_up(&before, &after) > 1);
    let elsewhere = milestones.iter().filter(|one| one.parent == there.parent);
    let uids = elsewhere.map(|one| format!("{}@pi-desk", one.id));
    let events: Vec<_> = uids.filter_map(|uid| after.get(&uid)).collect();
    assert!(events.len() > 3);
    for one in events {
        assert_eq!(before.get(&one.uid), Some(one));
    }
}

#[test]
fn a_day_that_passes_changes_nothing_and_what_ends_is_taken_back() {
    let mut laptop = Laptop::new(173, "李明");
    let study = study(&mut laptop.desk);
    let before = exported(&laptop.desk, &study);
    laptop.bench.env.clock = Arc::new(testkit::FixedClock::at("2028-01-10T08:00:00Z"));
    let mut laptop = laptop.reopen();
    assert_eq!(exported(&laptop.desk, &study), before);
    set(
        &mut laptop.desk,
        &study,
        "siv",
        "notApplicable",
        "与中山合并",
    );
    let after = exported(&laptop.desk, &study);
    assert!(counts_up(&before, &after) > 0);
    // With it what was counted from it.
    assert_eq!(after.len(), before.len());
    assert!(after.values().filter(|one| one.is_cancelled).count() > 1);
}

#[test]
fn a_calendar_that_moves_a_day_counts_up_and_so_does_one_that_is_forgotten() {
    let mut laptop = Laptop::new(174, "李明");
    let study = study(&mut laptop.desk);
    let before = exported(&laptop.desk, &study);
    let off = [
        "2026-12-02",
        "2027-01-01",
        "2027-01-05",
        "2027-01-06",
        "2027-01-07",
        "2027-01-20",
        "2027-02-05",
        "2027-02-06",
        "2027-02-07",
        "2027-04-05",
        "2027-05-01",
        "2027-10-01",
        "2027-10-02",
        "2027-10-03",
    ];
    let off = off.map(|day| json!({"date": day, "isOffDay": true}));
    let file = json!({"year": 2027, "days": off}).to_string();
    laptop.desk.calendar_load(file.as_bytes()).unwrap();
    let loaded = exported(&laptop.desk, &study);
    assert!(counts_up(&before, &loaded) > 0);
    laptop.desk.calendar_forget(2027).unwrap();
    let forgotten = exported(&laptop.desk, &study);
    assert!(counts_up(&loaded, &forgotten) > 0);
    let newest =
        |all: &BTreeMap<String, AgendaEntry>| all.values().map(|one| one.changed_at.clone()).max();
    assert!(newest(&loaded) >= newest(&before));
}
