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
        let form = edit(desk, &study, &letter, field, json!(value));
        desk.set(&study, form, None).unwrap();
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
    let form = edit(desk, &study, &letter, "decidedOn", json!("2026"));
    desk.set(&study, form, None).unwrap();
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
        let form = edit(desk, &study, &other, field, json!(value));
        desk.set(&study, form, None).unwrap();
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
    let form = edit(desk, &study, &stop, "status", json!("suspended"));
    desk.set(&study, form, None).unwrap();
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
