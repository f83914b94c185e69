//! A date as exactly as it is known: a day, a month, a quarter or a year.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// How exactly a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "DatePrecision")]
pub enum Precision {
    /// `2026-12-01`.
    Day,
    /// `2026-12`.
    Month,
    /// `2026-Q4`.
    Quarter,
    /// `2026`.
    Year,
}

/// A day, or a span of days that a date stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day: what a plan is held against.
    pub last: NaiveDate,
    /// How exactly it is known.
    pub precision: Precision,
}

impl When {
    /// One day.
    pub fn day(day: NaiveDate) -> Self {
        Self {
            first: day,
            last: day,
            precision: Precision::Day,
        }
    }

    /// Reads `YYYY-MM-DD`, `YYYY-MM`, `YYYY-Qn` or `YYYY`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = match text.split_once('-') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (text, ""),
        };
        let year = number(year, 4)?;
        let (month, n_months, precision) = match rest.split_once('-') {
            Some((month, day)) => {
                let (month, day) = (number(month, 2)?, number(day, 2)?);
                let year = i32::try_from(year).ok()?;
                return NaiveDate::from_ymd_opt(year, month, day).map(Self::day);
            }
            None if rest.is_empty() => (1, 12, Precision::Year),
            None => match rest.strip_prefix('Q') {
                Some(quarter) => {
                    let quarter = number(quarter, 1).filter(|q| (1..=4).contains(q))?;
                    (quarter * 3 - 2, 3, Precision::Quarter)
                }
                None => (number(rest, 2)?, 1, Precision::Month),
            },
        };
        let year = i32::try_from(year).ok().filter(|year| *year > 0)?;
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let last = first.checked_add_months(Months::new(n_months))?;
        Some(Self {
            first,
            last: last.checked_sub_days(Days::new(1))?,
            precision,
        })
    }
}

/// A date for those who know no quarters: the quarter's last month; every other text as it is.
pub fn without_quarter(text: &str) -> String {
    match When::parse(text) {
        Some(when) if when.precision == Precision::Quarter => When {
            precision: Precision::Month,
            first: when.last,
            ..when
        }
        .to_string(),
        _ => text.to_owned(),
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.first.year();
        match self.precision {
            Precision::Day => write!(f, "{}", self.first),
            Precision::Month => write!(f, "{year:04}-{:02}", self.first.month()),
            Precision::Quarter => write!(f, "{year:04}-Q{}", self.first.month().div_ceil(3)),
            Precision::Year => write!(f, "{year:04}"),
        }
    }
}

fn number(text: &str, width: usize) -> Option<u32> {
    let is_plain = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_spans_what_it_does_not_say() {
        for (text, first, last) in [
            ("2026-12-01", "2026-12-01", "2026-12-01"),
            ("2028-02", "2028-02-01", "2028-02-29"),
            ("2026-Q1", "2026-01-01", "2026-03-31"),
            ("2026-Q4", "2026-10-01", "2026-12-31"),
            ("2026", "2026-01-01", "2026-12-31"),
        ] {
            let when = When::parse(text).unwrap();
            let found = (when.first.to_string(), when.last.to_string());
            assert_eq!(found, (first.to_owned(), last.to_owned()), "{text}");
            assert_eq!(when.to_string(), text);
        }
    }

    #[test]
    fn a_registry_gets_the_last_month_of_a_quarter() {
        for (text, partial) in [
            ("2026-Q3", "2026-09"),
            ("2026-08", "2026-08"),
            ("soon", "soon"),
        ] {
            assert_eq!(without_quarter(text), partial);
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "26",
            "2026-",
            "2026-13",
            "2026-Q0",
            "2026-Q5",
            "2026-q1",
            "2026-02-30",
            "2026-2-3",
            "0000",
            "2026-Q1-01",
            "年2026",
        ] {
            assert_eq!(When::parse(text), None, "{text}");
        }
    }
}
