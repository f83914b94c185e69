//! Clocks that are years off or go back: they order nothing, refuse nothing and poison nothing.

use crate::protocol::meet;
use crate::referee::Referee;
use crate::world::{Laptop, PASSPHRASE, doc, edit, fields, new_study, person, set, values};
use chrono::TimeDelta;
use desk::vault::Kdf;
use desk::{Desk, HistoryScope};
use model::{EntityMark, kind};
use serde_json::json;
use std::sync::Arc;
use testkit::{Bench, FixedClock};

/// A laptop whose clock the test moves.
fn laptop(seed: u64, name: &str, clock: FixedClock) -> (Laptop, Arc<FixedClock>) {
    let clock = Arc::new(clock);
    let mut bench = Bench::new(seed);
    bench.env.clock = clock.clone();
    let dir = bench.path("vault");
    let quick = Kdf::quick_for_tests();
    let env = bench.env.clone();
    let (desk, _) = Desk::create(&dir, PASSPHRASE, quick, env, person(name), false).unwrap();
    (Laptop { bench, dir, desk }, clock)
}

#[test]
fn f27_a_clock_ten_years_ahead_wins_nothing_and_poisons_nothing() {
    let mut center = Referee::default();
    let (mut ahead, clock) = laptop(801, "李明", FixedClock::at("2036-12-01T01:00:00Z"));
    let (mut right, _) = laptop(802, "王芳", FixedClock::default());
    let study = new_study(&mut ahead.desk, "甲");
    set(&mut ahead.desk, &study, "acronym", json!("AHEAD"));
    meet(&mut center, &mut ahead, &mut right);
    // Whoever saw the value replaces it, ten years "earlier".
    set(&mut right.desk, &study, "acronym", json!("RIGHT"));
    meet(&mut center, &mut ahead, &mut right);
    let root = study.root();
    for desk in [&ahead.desk, &right.desk] {
        assert_eq!(values(desk, &study, &root, "acronym"), [json!("RIGHT")]);
    }
    // Put right, and then set to the beginning of the century by an empty battery.
    for years in [10, 25] {
        clock.advance(TimeDelta::days(-365 * years));
        let value = json!(format!("CORRECTED {years}"));
        set(&mut ahead.desk, &study, "acronym", value.clone());
        meet(&mut center, &mut ahead, &mut right);
        assert_eq!(values(&right.desk, &study, &root, "acronym"), [value]);
    }
    // Two who did not see each other's: both stand, whatever the clocks say.
    set(&mut ahead.desk, &study, "version", json!("1.0"));
    set(&mut right.desk, &study, "version", json!("2.0"));
    meet(&mut center, &mut ahead, &mut right);
    assert_eq!(values(&right.desk, &study, &root, "version").len(), 2);
    assert_eq!(right.desk.digest().unwrap(), ahead.desk.digest().unwrap());
    assert_eq!(right.desk.verify().unwrap().problems, []);
}

#[test]
fn f28_a_clock_that_is_put_back_changes_no_order_and_is_shown_as_it_was() {
    let (mut laptop, clock) = laptop(803, "李明", FixedClock::default());
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    for n in 1..=3 {
        set(desk, &study, "acronym", json!(n.to_string()));
        clock.advance(TimeDelta::hours(-2));
    }
    let root = study.root();
    assert_eq!(values(desk, &study, &root, "acronym"), [json!("3")]);
    let field = HistoryScope::Field(study.clone(), root, "acronym".into());
    let entries = desk.history(&field, 10, 0).unwrap();
    let order: Vec<_> = entries.iter().map(|entry| entry.to.clone()).collect();
    assert_eq!(order, [json!("3"), json!("2"), json!("1")]);
    let times: Vec<&str> = entries.iter().map(|entry| entry.at.as_str()).collect();
    assert!(times[0] < times[1] && times[1] < times[2], "{times:?}");
    assert_eq!(desk.verify().unwrap().problems, []);
}

#[test]
fn f30_seventy_thousand_changes_in_one_millisecond_are_no_error() {
    let (mut laptop, _) = laptop(804, "李明", FixedClock::default().step_ms(0));
    let desk = &mut laptop.desk;
    let entry = |n: usize| {
        fields(&[
            ("name.zh", json!(format!("联系人{n:05}"))),
            ("name.en", json!(format!("Contact {n:05}"))),
            ("title.zh", json!("主治医师")),
            ("mobile", json!(format!("139{n:08}"))),
            ("email", json!(format!("c{n:05}@example.org"))),
        ])
    };
    let all = (0..14_000).map(entry).collect();
    let (ids, _) = desk.add_entries(kind::INDIVIDUAL, all).unwrap();
    assert_eq!(ids.len() * 5, 70_000);
    let mut other = Laptop::new(805, "王芳");
    let mut center = Referee::default();
    center.sync(desk);
    center.sync(&mut other.desk);
    assert_eq!(other.desk.digest().unwrap(), desk.digest().unwrap());
}

#[test]
fn f49_a_laptop_that_was_away_for_two_years_brings_nothing_back() {
    let mut center = Referee::default();
    let (mut here, clock) = laptop(806, "李明", FixedClock::default());
    let (mut away, away_clock) = laptop(807, "王芳", FixedClock::default());
    let study = new_study(&mut here.desk, "甲");
    let add = |desk: &mut Desk, name: &str| {
        let site = fields(&[("facility.zh", json!(name))]);
        desk.add(&study, kind::SITE, None, site, None).unwrap().0
    };
    let (gone, kept) = (add(&mut here.desk, "甲医院"), add(&mut here.desk, "乙医院"));
    meet(&mut center, &mut here, &mut away);
    // Offline, early on: an edit of what stays, and something new.
    let change = edit(
        &away.desk,
        &study,
        &kept,
        "facility.zh",
        json!("乙医院东院"),
    );
    away.desk.set(&study, change, None).unwrap();
    let new = add(&mut away.desk, "丙医院");
    // Two years pass; here a site goes, and values change more than once.
    for n in 0..24 {
        clock.advance(TimeDelta::days(30));
        set(&mut here.desk, &study, "version", json!(format!("{n}.0")));
        center.sync(&mut here.desk);
    }
    let seen = doc(&here.desk, &study).seen_with_children(&gone);
    here.desk.archive(&study, &gone, &seen).unwrap();
    center.sync(&mut here.desk);
    away_clock.advance(TimeDelta::days(730));
    let mut away = away.reopen();
    meet(&mut center, &mut away, &mut here);
    center.sync(&mut away.desk);
    for desk in [&here.desk, &away.desk] {
        let doc = doc(desk, &study);
        assert_eq!(doc.entity(&gone).unwrap().mark, EntityMark::Archived);
        assert_eq!(doc.entity(&kept).unwrap().text("facility.zh"), "乙医院东院");
        assert_eq!(doc.entity(&new).unwrap().mark, EntityMark::Live);
        let root = study.root();
        assert_eq!(values(desk, &study, &root, "version"), [json!("23.0")]);
        assert_eq!(desk.verify().unwrap().problems, []);
    }
    assert_eq!(here.desk.digest().unwrap(), away.desk.digest().unwrap());
}
