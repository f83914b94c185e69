//! Two laptops and a USB stick.

use crate::referee::Referee;
use crate::world::{Laptop, doc, new_study, set, values};
use desk::DeskError;
use desk::vault::Kdf;
use model::StudyId;
use serde_json::json;

const WORDS: &str = "stick 优盘";

fn out(laptop: &Laptop, study: &StudyId) -> Vec<u8> {
    let kdf = Kdf::quick_for_tests();
    laptop
        .desk
        .bundle_out(std::slice::from_ref(study), WORDS, kdf)
        .unwrap()
}

fn sound(laptop: &Laptop) {
    let report = laptop.desk.verify().unwrap();
    assert_eq!(report.problems, []);
}

#[test]
fn what_two_laptops_wrote_apart_meets_by_stick_and_again_at_the_center() {
    let mut li = Laptop::new(61, "李明");
    let mut wang = Laptop::new(62, "王芳");
    let study = new_study(&mut li.desk, "甲");
    let first = out(&li, &study);
    let taken = wang.desk.bundle_in(&first, WORDS).unwrap();
    assert_eq!((taken.n_new, taken.n_known), (1, 0));
    assert_eq!(taken.studies, [study.clone()]);
    set(&mut li.desk, &study, "acronym", json!("LI"));
    set(&mut wang.desk, &study, "acronym", json!("WANG"));
    // There and back, twice, in any order: the same.
    let (from_li, from_wang) = (out(&li, &study), out(&wang, &study));
    for _ in 0..2 {
        li.desk.bundle_in(&from_wang, WORDS).unwrap();
        wang.desk.bundle_in(&from_li, WORDS).unwrap();
        wang.desk.bundle_in(&first, WORDS).unwrap();
    }
    let again = li.desk.bundle_in(&from_wang, WORDS).unwrap();
    assert_eq!((again.n_new, again.problems.len()), (0, 0));
    assert_eq!(li.desk.digest().unwrap(), wang.desk.digest().unwrap());
    assert_eq!(doc(&li.desk, &study), doc(&wang.desk, &study));
    assert_eq!(values(&li.desk, &study, &study.root(), "acronym").len(), 2);
    assert_eq!(li.desk.n_conflicts().unwrap(), 1);
    sound(&li);
    sound(&wang);
    // Whoever reaches the center first hands all of it in; nothing is doubled.
    let mut center = Referee::default();
    center.sync(&mut wang.desk);
    center.sync(&mut li.desk);
    assert_eq!(
        (li.desk.waiting().unwrap(), wang.desk.waiting().unwrap()),
        (0, 0)
    );
    assert_eq!(center.n(study.as_str()), 3);
    assert_eq!(li.desk.digest().unwrap(), wang.desk.digest().unwrap());
    sound(&li);
}

#[test]
fn a_stick_that_is_damaged_or_of_somebody_else_changes_nothing() {
    let mut li = Laptop::new(63, "李明");
    let mut wang = Laptop::new(64, "王芳");
    let study = new_study(&mut li.desk, "ZZHIDDEN");
    let good = out(&li, &study);
    assert!(!good.windows(8).any(|bytes| bytes == b"ZZHIDDEN"));
    let wrong = wang.desk.bundle_in(&good, "another");
    assert!(matches!(wrong, Err(DeskError::BundleKey)));
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        let answer = wang.desk.bundle_in(&bad, WORDS);
        assert!(answer.is_err(), "byte {at}");
    }
    for at in (0..good.len()).step_by(7) {
        assert!(
            wang.desk.bundle_in(&good[..at], WORDS).is_err(),
            "cut at {at}"
        );
    }
    assert!(wang.desk.streams().unwrap().is_empty());
    let empty = li.desk.bundle_out(&[study], "", Kdf::quick_for_tests());
    assert!(empty.is_err());
}

#[test]
fn a_later_stick_alone_says_what_is_missing() {
    let mut li = Laptop::new(65, "李明");
    let mut copy = Laptop::new(66, "王芳");
    let study = new_study(&mut li.desk, "甲");
    copy.desk.bundle_in(&out(&li, &study), WORDS).unwrap();
    // Two laptops under one identity: the second is not believed, and what was here stays.
    let mut twin = Laptop::new(65, "李明");
    let other = new_study(&mut twin.desk, "乙");
    let taken = copy.desk.bundle_in(&out(&twin, &other), WORDS).unwrap();
    assert_eq!(other, study, "the same seed gives the same ids");
    assert_eq!((taken.n_new, taken.problems.len()), (0, 1));
    assert_eq!(taken.problems[0].code, "fork");
    assert_eq!(doc(&copy.desk, &study), doc(&li.desk, &study));
    sound(&copy);
}
