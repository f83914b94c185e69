//! Which approval counts: stops, letters of a month, impossible letters, disputed texts.

use crate::protocol::{meet, save, set};
use crate::referee::Referee;
use crate::version::{add_site, approve, freeze, protocol};
use crate::world::{Laptop, edit};
use desk::{Desk, Freeze};
use model::{EntityId, StudyId};
use serde_json::json;

fn base(desk: &Desk, study: &StudyId, site: &EntityId) -> Option<EntityId> {
    let standing = desk.standing(study).unwrap();
    standing.site(site).unwrap().current.clone()
}

/// Writes over a part of a record, as a person does who has it on screen.
fn say(desk: &mut Desk, study: &StudyId, part: &EntityId, field: &str, value: &str) {
    let form = edit(desk, study, part, field, json!(value));
    desk.set(study, form, None).unwrap();
}

#[test]
fn a_stop_of_an_older_version_never_outranks_a_newer_approval() {
    let mut laptop = Laptop::new(330, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let site = add_site(desk, &study, "瑞金医院");
    let one = freeze(desk, &study, "1.0", "2026-01-10");
    let letter = approve(desk, &study, &one, &site, "2026-02-01");
    let two = freeze(desk, &study, "2.0", "2026-03-10");
    approve(desk, &study, &two, &site, "2026-03-20");
    for (field, value) in [("status", "terminated"), ("decidedOn", "2026-04-02")] {
        say(desk, &study, &letter, field, value);
    }
    assert_eq!(base(desk, &study, &site), Some(two));
}

#[test]
fn a_letter_of_a_month_counts_to_the_end_of_the_month() {
    let mut laptop = Laptop::new(331, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let site = add_site(desk, &study, "瑞金医院");
    let one = freeze(desk, &study, "1.0", "2026-01-10");
    approve(desk, &study, &one, &site, "2026-02-01");
    let two = freeze(desk, &study, "2.0", "2026-03-10");
    let letter = approve(desk, &study, &two, &site, "2026-03");
    assert_eq!(base(desk, &study, &site), Some(two.clone()));
    say(desk, &study, &letter, "decidedOn", "2026");
    assert_eq!(base(desk, &study, &site), Some(two));
}

#[test]
fn an_impossible_letter_supersedes_nothing() {
    let mut laptop = Laptop::new(332, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let site = add_site(desk, &study, "瑞金医院");
    let one = freeze(desk, &study, "1.0", "2026-05-10");
    approve(desk, &study, &one, &site, "2026-04-01");
    let standing = desk.standing(&study).unwrap();
    assert_eq!(standing.versions[0].state, "frozen");
    assert_eq!(base(desk, &study, &site), None);
}

#[test]
fn a_letter_of_a_day_to_come_approves_nothing_yet() {
    let mut laptop = Laptop::new(335, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let site = add_site(desk, &study, "瑞金医院");
    let one = freeze(desk, &study, "1.0", "2026-01-10");
    approve(desk, &study, &one, &site, "2026-02-01");
    let two = freeze(desk, &study, "2.0", "2026-03-10");
    approve(desk, &study, &two, &site, "2099-03-20");
    let standing = desk.standing(&study).unwrap();
    assert!(!standing.is_approved(&two, Some(&site)) && !standing.is_approved(&two, None));
    assert_eq!(standing.version(&two).unwrap().state, "frozen");
    assert_eq!(base(desk, &study, &site), Some(one));
    // Nor does one that was noted by hand.
    let other = add_site(desk, &study, "华山医院");
    for (field, value) in [("approvedVersion", "2.0"), ("approvalDate", "2099-03-20")] {
        say(desk, &study, &other, field, value);
    }
    assert_eq!(base(desk, &study, &other), None);
}

#[test]
fn the_last_word_of_a_committee_counts_and_a_stopped_version_is_a_draft() {
    let mut laptop = Laptop::new(336, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let site = add_site(desk, &study, "瑞金医院");
    let one = freeze(desk, &study, "1.0", "2026-01-10");
    approve(desk, &study, &one, &site, "2026-02-01");
    // The stop is a letter of its own, as a decision on a submission writes it.
    let stop = approve(desk, &study, &one, &site, "2026-05-01");
    say(desk, &study, &stop, "status", "suspended");
    let standing = desk.standing(&study).unwrap();
    assert!(!standing.is_approved(&one, Some(&site)));
    assert_eq!(base(desk, &study, &site), Some(one.clone()));
    // A further letter takes it up again.
    approve(desk, &study, &one, &site, "2026-06-01");
    let standing = desk.standing(&study).unwrap();
    assert!(standing.is_approved(&one, Some(&site)));
    assert_eq!(standing.site(&site).unwrap().letter, "批件 2026-06-01");
    assert_eq!(standing.version(&one).unwrap().approvals.len(), 3);
}

#[test]
fn a_stop_counts_only_where_the_version_was_approved_before() {
    let mut laptop = Laptop::new(338, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let site = add_site(desk, &study, "瑞金医院");
    let one = freeze(desk, &study, "1.0", "2026-01-10");
    // Approved late, after the newer version was dated.
    approve(desk, &study, &one, &site, "2026-03-15");
    let two = freeze(desk, &study, "2.0", "2026-03-01");
    let record = approve(desk, &study, &two, &site, "2026-04-01");
    // Only submitted, and then the study is stopped: nobody approved it.
    say(desk, &study, &record, "status", "submitted");
    say(desk, &study, &record, "status", "suspended");
    assert_eq!(
        base(desk, &study, &site),
        Some(two.clone()),
        "it was approved once"
    );
    say(desk, &study, &record, "decidedOn", "2026-06-01");
    assert_eq!(base(desk, &study, &site), Some(two));
    let three = freeze(desk, &study, "3.0", "2026-05-01");
    let fresh = approve(desk, &study, &three, &site, "2026-05-02");
    say(desk, &study, &fresh, "status", "withdrawn");
    assert_ne!(base(desk, &study, &site), Some(three));
}

#[test]
fn a_version_that_was_only_submitted_is_no_base_when_the_study_stops() {
    let mut laptop = Laptop::new(339, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let site = add_site(desk, &study, "瑞金医院");
    let one = freeze(desk, &study, "1.0", "2026-01-10");
    approve(desk, &study, &one, &site, "2026-01-15");
    let two = freeze(desk, &study, "2.0", "2026-02-01");
    let fields = crate::world::fields(&[
        ("site", json!({"$ref": site.as_str()})),
        ("status", json!("submitted")),
        ("submittedOn", json!("2026-02-03")),
    ]);
    let record = desk.add(&study, model::kind::APPROVAL, Some(two), fields, None);
    let record = record.unwrap().0;
    for (field, value) in [("status", "suspended"), ("decidedOn", "2026-02-20")] {
        say(desk, &study, &record, field, value);
    }
    assert_eq!(base(desk, &study, &site), Some(one));
}

#[test]
fn two_records_of_one_letter_are_pointed_out() {
    let (mut center, mut a, mut b) = (
        Referee::default(),
        Laptop::new(340, "李明"),
        Laptop::new(341, "王芳"),
    );
    let study = protocol(&mut a.desk);
    let site = add_site(&mut a.desk, &study, "瑞金医院");
    let one = freeze(&mut a.desk, &study, "1.0", "2026-01-10");
    meet(&mut center, &mut a, &mut b);
    for (laptop, day) in [(&mut a, "2026-04-10"), (&mut b, "2026-04-20")] {
        let record = approve(&mut laptop.desk, &study, &one, &site, day);
        let form = edit(
            &laptop.desk,
            &study,
            &record,
            "letter",
            json!("伦审 2026-2"),
        );
        laptop.desk.set(&study, form, None).unwrap();
    }
    meet(&mut center, &mut a, &mut b);
    for desk in [&a.desk, &b.desk] {
        let standing = desk.standing(&study).unwrap();
        let doubts = &standing.versions[0].doubts;
        let codes: Vec<&str> = doubts.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, ["version.doubt.twoDecisions"]);
    }
    // Taken back later: the last word counts, whichever record it stands in.
    let rows = a.desk.standing(&study).unwrap().versions[0]
        .approvals
        .clone();
    for (field, value) in [("status", "withdrawn"), ("decidedOn", "2026-05-12")] {
        say(&mut a.desk, &study, &rows[0].id, field, value);
    }
    let standing = a.desk.standing(&study).unwrap();
    assert!(!standing.is_approved(&one, None));
    assert_eq!(base(&a.desk, &study, &site), None);
}

#[test]
fn dates_that_can_hardly_be_right_are_pointed_out_and_a_number_is_used_once() {
    let mut laptop = Laptop::new(337, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let one = freeze(desk, &study, "1.0", "1926-01-10");
    let two = desk.version_freeze(
        &study,
        Freeze {
            base: Some(one.clone()),
            ..crate::version::number("2.0", "1925-12-31")
        },
    );
    let two = two.unwrap().0;
    let standing = desk.standing(&study).unwrap();
    let codes = |id: &EntityId| -> Vec<String> {
        let doubts = &standing.version(id).unwrap().doubts;
        doubts.iter().map(|one| one.code.clone()).collect()
    };
    assert_eq!(codes(&one), ["version.doubt.dateLongAgo"]);
    assert_eq!(
        codes(&two),
        ["version.doubt.dateLongAgo", "version.doubt.beforeBase"]
    );
    for taken in ["1", "1.00", "V1.0", "版本 1"] {
        let again = desk.version_freeze(&study, crate::version::number(taken, "2026-11-25"));
        assert_eq!(again.unwrap_err().code(), "sameVersion", "{taken}");
    }
    freeze(desk, &study, "1.10", "2026-11-25");
    freeze(desk, &study, "1.1", "2026-11-25");
}

#[test]
fn a_text_in_conflict_is_nobodys_version() {
    let (mut center, mut a, mut b) = (
        Referee::default(),
        Laptop::new(333, "李明"),
        Laptop::new(334, "王芳"),
    );
    let study = protocol(&mut a.desk);
    meet(&mut center, &mut a, &mut b);
    for (laptop, text) in [(&mut a, "口服 8 mg"), (&mut b, "口服 10 mg")] {
        let change = set(&laptop.desk, &study, 11, "text.zh", json!(text));
        save(&mut laptop.desk, &study, vec![change]);
        freeze(&mut laptop.desk, &study, "2.0", "2026-05-10");
        let standing = laptop.desk.standing(&study).unwrap();
        assert!(standing.working_equals.is_some());
    }
    meet(&mut center, &mut a, &mut b);
    for desk in [&a.desk, &b.desk] {
        assert_eq!(desk.standing(&study).unwrap().working_equals, None);
    }
}
