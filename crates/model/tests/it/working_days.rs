//! Working days against the tables of others, and laws of counting.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use model::calendar::deadline::{self, Period, Unit};
use model::calendar::{Calendar, YearFile};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

#[test]
fn every_day_of_the_official_years_is_as_published() {
    let Some(folder) = testkit::shared_or_skip("data/holidays-cn") else {
        return;
    };
    let mut published: BTreeMap<NaiveDate, bool> = BTreeMap::new();
    let mut loaded = Calendar::default();
    for year in 2018..=2026 {
        let bytes = std::fs::read(folder.join(format!("{year}.json"))).expect("a year's file");
        let file = YearFile::read(&bytes).expect("a year's table");
        published.extend(file.days.iter().copied());
        loaded.add(&file);
    }
    let days = day(2018, 1, 1).iter_days();
    for day in days.take_while(|day| day.year() <= 2026) {
        let is_week = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let expected = published.get(&day).copied().unwrap_or(is_week);
        assert_eq!(Calendar::builtin().is_working(day), expected, "{day}");
        assert_eq!(loaded.is_working(day), expected, "{day}, loaded");
        assert!(!Calendar::builtin().is_provisional(day), "{day}");
    }
}

#[test]
fn a_loaded_year_ends_what_was_provisional() {
    let mut calendar = Calendar::builtin().clone();
    let from = day(2026, 12, 31);
    let before = calendar.add_working_days(from, 3).expect("a day");
    assert!(before.provisional);
    let text = r#"{"year":2027,"days":[{"date":"2027-01-01","isOffDay":true},
        {"date":"2027-01-02","isOffDay":true},{"date":"2027-01-03","isOffDay":true},
        {"date":"2027-01-04","isOffDay":true},{"date":"2027-02-08","isOffDay":true},
        {"date":"2027-02-09","isOffDay":true},{"date":"2027-02-10","isOffDay":true},
        {"date":"2027-04-05","isOffDay":true},{"date":"2027-10-01","isOffDay":true}]}"#;
    calendar.add(&YearFile::read(text.as_bytes()).expect("a table"));
    let after = calendar.add_working_days(from, 3).expect("a day");
    assert_eq!((after.date, after.provisional), (day(2027, 1, 7), false));
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..3_287).prop_map(|n| day(2018, 1, 1) + Days::new(n))
}

proptest! {
    #[test]
    fn counting_there_and_back_ends_on_a_working_day(from in any_day(), n in 1_i64..300) {
        let calendar = Calendar::builtin();
        let there = calendar.add_working_days(from, n).expect("a day");
        prop_assert!(calendar.is_working(there.date) && there.date > from);
        let worked = from.iter_days().skip(1).take_while(|d| *d <= there.date);
        let worked = worked.filter(|d| calendar.is_working(*d)).count();
        prop_assert_eq!(i64::try_from(worked).expect("few"), n);
        if calendar.is_working(from) {
            prop_assert_eq!(calendar.add_working_days(there.date, -n).expect("a day").date, from);
        }
    }

    #[test]
    fn counting_in_two_steps_is_counting_once(from in any_day(), a in 0_i64..90, b in 0_i64..90) {
        let calendar = Calendar::builtin();
        let half = calendar.add_working_days(from, a).expect("a day").date;
        let whole = calendar.add_working_days(from, a + b).expect("a day").date;
        prop_assert_eq!(calendar.add_working_days(half, b).expect("a day").date, whole);
    }

    #[test]
    fn the_safe_end_is_worked_and_never_after_the_legal_one(
        from in any_day(),
        n in 1_i64..120,
        unit in prop_oneof![
            Just(Unit::Days), Just(Unit::WorkingDays), Just(Unit::Months), Just(Unit::Years)
        ],
    ) {
        let calendar = Calendar::builtin();
        let end = deadline::count(calendar, from, Period { n, unit }).expect("a day");
        prop_assert!(calendar.is_working(end.safe) && calendar.is_working(end.legal));
        prop_assert!(end.safe <= end.counted && end.counted <= end.legal);
        let between = end.safe.iter_days().skip(1).take_while(|d| *d < end.legal);
        prop_assert!(between.into_iter().all(|d| !calendar.is_working(d)));
    }
}
