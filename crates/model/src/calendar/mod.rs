//! Days in mainland China: which are worked, how periods are counted, when a deadline ends.
//!
//! Days are those in Shanghai. Start with [`Calendar::builtin`] and [`deadline::count`].

pub mod deadline;
mod period;
mod year;

pub use period::{Period, Unit};
pub use year::{YearError, YearFile, builtin_years};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Public holidays whose day of the year never changes (month, day).
///
/// Source: 全国年节及纪念日放假办法, as in force since 2025-01-01: New Year 1, Labour Day 2,
/// National Day 3. Holidays of the lunar calendar are known from the notices alone.
const FIXED: [(u32, u32); 6] = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)];

/// Farthest that working days are counted. Units: working days.
pub const WORKING_DAYS_MAX: i64 = 20_000;

/// Which days are worked, by the notices that are known.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, bool>,
    years: BTreeSet<i32>,
}

/// A day found by counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The day.
    pub date: NaiveDate,
    /// Whether a year on the way has no official table yet, so that the day may still change.
    pub provisional: bool,
}

static BUILTIN: LazyLock<Calendar> = LazyLock::new(|| {
    builtin_years()
        .into_iter()
        .fold(Calendar::default(), |mut calendar, year| {
            calendar.add(&year);
            calendar
        })
});

impl Calendar {
    /// The calendar that is compiled in.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Adds the table of a year; one that is there is replaced by it.
    pub fn add(&mut self, year: &YearFile) {
        self.days.retain(|day, _| day.year() != year.year);
        self.days.extend(year.days.iter().copied());
        self.years.insert(year.year);
    }

    /// Years with an official table.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.iter().copied()
    }

    /// Years up to and with the one of a day that have no official table; at most a few are named.
    pub fn missing_years(&self, from: NaiveDate, to: NaiveDate) -> Vec<i32> {
        const N_MAX: usize = 3;
        let years = from.year()..=to.year();
        years
            .filter(|year| !self.years.contains(year))
            .take(N_MAX)
            .collect()
    }

    /// Whether a day is worked: by the table, else Monday to Friday without fixed holidays.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        if let Some(is_working) = self.days.get(&day) {
            return *is_working;
        }
        let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let is_fixed =
            !self.years.contains(&day.year()) && FIXED.contains(&(day.month(), day.day()));
        !is_weekend && !is_fixed
    }

    /// Whether the year of a day has no official table.
    pub fn is_provisional(&self, day: NaiveDate) -> bool {
        !self.years.contains(&day.year())
    }

    /// The n-th working day after a day, which is not counted itself; before it for a negative n.
    ///
    /// For 0 the day itself. `None` when the days do not reach so far, or n is beyond
    /// [`WORKING_DAYS_MAX`]. Source: Civil Code, Art. 201.
    pub fn add_working_days(&self, from: NaiveDate, n: i64) -> Option<Counted> {
        if n.abs() > WORKING_DAYS_MAX {
            return None;
        }
        let mut counted = Counted {
            date: from,
            provisional: n != 0 && self.is_provisional(from),
        };
        let mut left = n.unsigned_abs();
        while left > 0 {
            counted = self.step(counted, n > 0)?;
            if self.is_working(counted.date) {
                left -= 1;
            }
        }
        Some(counted)
    }

    /// The first working day from a day on.
    pub fn next_working(&self, day: NaiveDate) -> Option<Counted> {
        self.nearest(day, true)
    }

    /// The last working day up to a day.
    pub fn last_working(&self, day: NaiveDate) -> Option<Counted> {
        self.nearest(day, false)
    }

    fn nearest(&self, day: NaiveDate, forward: bool) -> Option<Counted> {
        let mut counted = Counted {
            date: day,
            provisional: self.is_provisional(day),
        };
        while !self.is_working(counted.date) {
            counted = self.step(counted, forward)?;
        }
        Some(counted)
    }

    fn step(&self, counted: Counted, forward: bool) -> Option<Counted> {
        let date = if forward {
            counted.date.checked_add_days(Days::new(1))?
        } else {
            counted.date.checked_sub_days(Days::new(1))?
        };
        Some(Counted {
            date,
            provisional: counted.provisional || self.is_provisional(date),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn add(from: &str, n: i64) -> (String, bool) {
        let counted = Calendar::builtin().add_working_days(day(from), n).unwrap();
        (counted.date.to_string(), counted.provisional)
    }

    #[test]
    fn swapped_days_are_counted() {
        // 2026: off 02-15 to 02-23; worked on the Saturdays 02-14 and 02-28.
        assert_eq!(add("2026-02-13", 1), ("2026-02-14".into(), false));
        assert_eq!(add("2026-02-13", 2), ("2026-02-24".into(), false));
        assert_eq!(add("2026-02-27", 1), ("2026-02-28".into(), false));
        assert_eq!(add("2026-02-24", -1), ("2026-02-14".into(), false));
        assert_eq!(add("2026-02-20", 0), ("2026-02-20".into(), false));
    }

    #[test]
    fn a_year_without_a_table_is_provisional() {
        assert_eq!(add("2026-12-30", 1), ("2026-12-31".into(), false));
        // 2027-01-01 is a Friday and a fixed holiday.
        assert_eq!(add("2026-12-31", 1), ("2027-01-04".into(), true));
        assert_eq!(add("2027-04-30", 1), ("2027-05-03".into(), true));
        assert_eq!(add("2017-12-29", 1).1, true);
    }

    #[test]
    fn counting_ends_at_the_limits() {
        assert!(
            Calendar::builtin()
                .add_working_days(NaiveDate::MAX, 1)
                .is_none()
        );
        assert!(
            Calendar::builtin()
                .add_working_days(NaiveDate::MIN, -1)
                .is_none()
        );
        let far = WORKING_DAYS_MAX + 1;
        assert!(
            Calendar::builtin()
                .add_working_days(day("2026-01-01"), far)
                .is_none()
        );
    }
}
