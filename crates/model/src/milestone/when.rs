//! A date as exactly as it is known: a day, a month, a quarter or a year.

use crate::{Lang, label};
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// How exactly a date is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "DatePrecision")]
pub enum Precision {
    /// `2026-12-01`.
    #[default]
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

    /// The day, month, quarter or year that a day lies in.
    pub fn around(day: NaiveDate, precision: Precision) -> Option<Self> {
        let (month, n_months) = match precision {
            Precision::Day => return Some(Self::day(day)),
            Precision::Month => (day.month(), 1),
            Precision::Quarter => (day.month0() / 3 * 3 + 1, 3),
            Precision::Year => (1, 12),
        };
        Self::months(day.year(), month, n_months, precision)
    }

    fn months(year: i32, month: u32, n_months: u32, precision: Precision) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let last = first.checked_add_months(Months::new(n_months))?;
        Some(Self {
            first,
            last: last.checked_sub_days(Days::new(1))?,
            precision,
        })
    }

    /// As it is read by a person: `2026-12-01`, 2026年12月, 2026 Q4.
    pub fn text(&self, lang: Lang) -> String {
        let label = match self.precision {
            Precision::Day => return self.to_string(),
            Precision::Month => label!("date.month"),
            Precision::Quarter => label!("date.quarter"),
            Precision::Year => label!("date.year"),
        };
        let (year, month) = (self.first.year(), self.first.month());
        let values = [
            ("year", format!("{year:04}")),
            ("month", month.to_string()),
            ("mm", format!("{month:02}")),
            ("n", month.div_ceil(3).to_string()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        label.fill(lang, &values)
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
        Self::months(year, month, n_months, precision)
    }
}

/// A stored date as it is read by a person; what is no date as it is.
pub fn shown(text: &str, lang: Lang) -> String {
    When::parse(text).map_or_else(|| text.to_owned(), |when| when.text(lang))
}

/// A date of a plan as it is read by a person; `~` says that it rests on working days that are not
/// announced yet.
pub fn marked(text: &str, is_provisional: bool, lang: Lang) -> String {
    let mark = if is_provisional && !text.is_empty() {
        "~"
    } else {
        ""
    };
    format!("{mark}{}", shown(text, lang))
}

/// A day as exactly as it is known, as it would be stored: `2026-12-31` by the month is `2026-12`.
pub fn as_known(day: &str, precision: Precision) -> String {
    let found = day
        .parse()
        .ok()
        .and_then(|day| When::around(day, precision));
    found.map_or_else(|| day.to_owned(), |when| when.to_string())
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
    fn a_day_is_said_as_exactly_as_it_is_known() {
        for (precision, stored, zh, en) in [
            (Precision::Day, "2026-11-30", "2026-11-30", "2026-11-30"),
            (Precision::Month, "2026-11", "2026年11月", "2026-11"),
            (Precision::Quarter, "2026-Q4", "2026年第4季度", "2026 Q4"),
            (Precision::Year, "2026", "2026年", "2026"),
        ] {
            assert_eq!(as_known("2026-11-30", precision), stored);
            assert_eq!(shown(stored, Lang::Zh), zh);
            assert_eq!(shown(stored, Lang::En), en);
        }
        assert_eq!(shown("2026-03", Lang::Zh), "2026年3月");
        assert_eq!(shown("soon", Lang::En), "soon");
        assert_eq!(as_known("", Precision::Month), "");
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
