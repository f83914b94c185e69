//! The table of one year, compiled in or from a file.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use serde::Deserialize;

/// The days of one year that differ from Monday to Friday.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearFile {
    /// The year that the notice is for; its days may lie in the December before.
    pub year: i32,
    /// Addresses of the notices.
    pub sources: Vec<String>,
    /// The days, and whether they are worked.
    pub days: Vec<(NaiveDate, bool)>,
}

/// Why a file is not the table of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearError {
    /// It is not JSON with `year` and `days`.
    NotAYear,
    /// It has no day.
    Empty,
    /// A day is none of the calendar, or is there twice.
    Day,
    /// A day lies outside of the year and the December before it.
    Outside,
    /// Holidays that every year has are missing: working days would be counted wrongly.
    Incomplete,
}

impl YearError {
    /// The stable word; its sentence is under `calendar.year.<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAYear => "notAYear",
            Self::Empty => "empty",
            Self::Day => "day",
            Self::Outside => "outside",
            Self::Incomplete => "incomplete",
        }
    }
}

impl std::fmt::Display for YearError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the file is no table of a year: {}", self.code())
    }
}

impl std::error::Error for YearError {}

#[derive(Deserialize)]
struct Wire {
    year: i32,
    #[serde(default)]
    papers: Vec<String>,
    days: Vec<WireDay>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDay {
    date: String,
    is_off_day: bool,
}

impl YearFile {
    /// Reads the JSON that is passed around for a year: `{year, papers, days: [{date, isOffDay}]}`.
    ///
    /// # Errors
    /// [`YearError`] says what is wrong; a file is taken whole or not at all.
    pub fn read(bytes: &[u8]) -> Result<Self, YearError> {
        let wire: Wire = serde_json::from_slice(bytes).map_err(|_| YearError::NotAYear)?;
        let mut days = Vec::with_capacity(wire.days.len());
        for day in wire.days {
            let date: NaiveDate = day.date.parse().map_err(|_| YearError::Day)?;
            days.push((date, !day.is_off_day));
        }
        let year = Self {
            year: wire.year,
            sources: wire.papers,
            days,
        };
        year.checked()
    }

    fn checked(mut self) -> Result<Self, YearError> {
        if self.days.is_empty() {
            return Err(YearError::Empty);
        }
        let n = self.days.len();
        self.days.sort_unstable();
        self.days.dedup_by_key(|(date, _)| *date);
        if self.days.len() < n {
            return Err(YearError::Day);
        }
        let belongs = |date: &NaiveDate| {
            date.year() == self.year || (date.year(), date.month()) == (self.year - 1, 12)
        };
        if !self.days.iter().all(|(date, _)| belongs(date)) {
            return Err(YearError::Outside);
        }
        if self.is_whole() {
            Ok(self)
        } else {
            Err(YearError::Incomplete)
        }
    }

    /// Whether the holidays are there that every year has had since 2008: those with a day of the
    /// calendar, and a day or more around Qingming and the Spring Festival.
    /// Source: 全国年节及纪念日放假办法 (2007, 2013, 2024), 第二条.
    fn is_whole(&self) -> bool {
        let off = |month: u32, day: u32| {
            let Some(date) = NaiveDate::from_ymd_opt(self.year, month, day) else {
                return false;
            };
            let said = self.days.binary_search_by_key(&date, |(day, _)| *day);
            match said.ok().and_then(|place| self.days.get(place)) {
                Some((_, is_worked)) => !is_worked,
                None => matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
            }
        };
        let any = |from: (u32, u32), n: u64, least: usize| {
            let first = NaiveDate::from_ymd_opt(self.year, from.0, from.1);
            let days = first.into_iter().flat_map(|first| {
                (0..n).filter_map(move |more| first.checked_add_days(Days::new(more)))
            });
            let off = days.filter(|day| self.days.contains(&(*day, false)));
            off.count() >= least
        };
        let fixed = [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)];
        fixed.into_iter().all(|(month, day)| off(month, day))
            && any((4, 1), 10, 1)
            && any((1, 18), 40, 3)
    }
}

/// The tables that are compiled in (`data/holidays.tsv`).
pub fn builtin_years() -> Vec<YearFile> {
    let mut years: Vec<YearFile> = Vec::new();
    for row in crate::tsv::rows(include_str!("../../data/holidays.tsv")) {
        let [year, kind, days, _name, _verification] = row.as_slice() else {
            panic!("holidays.tsv: five cells wanted: {row:?}")
        };
        let year: i32 = year.parse().expect("holidays.tsv: a year");
        if years.last().is_none_or(|last| last.year != year) {
            years.push(YearFile {
                year,
                ..YearFile::default()
            });
        }
        let Some(last) = years.last_mut() else {
            continue;
        };
        match *kind {
            "source" => last.sources.push((*days).to_owned()),
            kind => last
                .days
                .extend(range(days).map(|day| (day, kind == "work"))),
        }
    }
    years
}

fn range(days: &str) -> impl Iterator<Item = NaiveDate> {
    let (first, last) = days.split_once("..").unwrap_or((days, days));
    let read = |day: &str| day.parse::<NaiveDate>().expect("holidays.tsv: a day");
    let last = read(last);
    read(first).iter_days().take_while(move |day| *day <= last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_none_is_named() {
        for (text, error) in [
            ("", YearError::NotAYear),
            ("{\"year\":2027}", YearError::NotAYear),
            ("{\"year\":2027,\"days\":[]}", YearError::Empty),
            (
                "{\"year\":2027,\"days\":[{\"date\":\"2027-02-30\",\"isOffDay\":true}]}",
                YearError::Day,
            ),
            (
                "{\"year\":2027,\"days\":[{\"date\":\"2026-05-01\",\"isOffDay\":true}]}",
                YearError::Outside,
            ),
            (
                "{\"year\":2026,\"days\":[{\"date\":\"2026-03-03\",\"isOffDay\":true}]}",
                YearError::Incomplete,
            ),
        ] {
            assert_eq!(YearFile::read(text.as_bytes()), Err(error), "{text}");
        }
    }

    #[test]
    fn the_built_in_tables_hold_together() {
        let years = builtin_years();
        assert_eq!(years.len(), 9);
        for year in years {
            assert!(!year.sources.is_empty(), "{}", year.year);
            assert!(year.checked().is_ok());
        }
    }
}
