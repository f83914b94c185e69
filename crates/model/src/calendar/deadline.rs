//! When a period ends.
//!
//! Source: Civil Code, Art. 201–203: days, months and years do not count the first day; hours run
//! from the moment; months and years end on the day of the same number, or on the month's last day;
//! a period whose last day is a day off ends on the day after it. Rules of an instrument go first
//! (Art. 204): they are data of the caller.

use super::Calendar;
use chrono::{
    DateTime, Duration, FixedOffset, Months, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone,
    Utc,
};

pub use super::period::{Period, Unit};

/// When a period begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// On a day, of which the time does not matter.
    Day(NaiveDate),
    /// At a moment.
    Moment(DateTime<FixedOffset>),
}

/// When a period ends, with the moment where it is counted in hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The days.
    pub days: Deadline,
    /// The moment, for periods in hours.
    pub at: Option<DateTime<FixedOffset>>,
}

/// The offset of legal days from UTC. Units: seconds. Days are those in Shanghai.
const SHANGHAI_SECONDS: i32 = 8 * 3600;

/// A moment as the clocks in Shanghai show it.
pub fn in_shanghai<Z: TimeZone>(moment: &DateTime<Z>) -> DateTime<FixedOffset> {
    moment.with_timezone(&shanghai())
}

fn shanghai() -> FixedOffset {
    // Eight hours are within a day; the other branch is never taken.
    FixedOffset::east_opt(SHANGHAI_SECONDS).unwrap_or_else(|| Utc.fix())
}

impl Start {
    /// Reads a day, or a moment: `2026-12-01T22:30` in Shanghai, or RFC 3339 with its offset.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(day) = text.parse::<NaiveDate>() {
            return (text.len() == 10).then_some(Self::Day(day));
        }
        if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
            return Some(Self::Moment(moment));
        }
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
        let moment = shanghai().from_local_datetime(&local).single()?;
        Some(Self::Moment(moment))
    }

    /// The legal day.
    pub fn day(&self) -> NaiveDate {
        match self {
            Self::Day(day) => *day,
            Self::Moment(moment) => in_shanghai(moment).date_naive(),
        }
    }

    /// The moment; a day alone begins with it, which is the cautious reading.
    pub fn moment(&self) -> Option<DateTime<FixedOffset>> {
        match self {
            Self::Moment(moment) => Some(in_shanghai(moment)),
            Self::Day(day) => shanghai()
                .from_local_datetime(&day.and_time(NaiveTime::MIN))
                .single(),
        }
    }
}

/// Counts a period of any unit; `None` when the days do not reach so far.
pub fn end(calendar: &Calendar, start: Start, period: Period) -> Option<End> {
    if period.unit != Unit::Hours {
        let days = count(calendar, start.day(), period)?;
        return Some(End { days, at: None });
    }
    let at = count_hours(start.moment()?, period.n)?;
    let day = at.date_naive();
    // Hours run through days off: nothing is moved, so nothing is provisional.
    let days = Deadline {
        counted: day,
        legal: day,
        safe: day,
        provisional: false,
    };
    Some(End { days, at: Some(at) })
}

/// When a period ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The last day as counted, before days off are looked at.
    pub counted: NaiveDate,
    /// The last day that the law allows: moved behind days off.
    pub legal: NaiveDate,
    /// The last working day on which it is surely in time: an office is closed on a day off.
    pub safe: NaiveDate,
    /// Whether a year on the way has no official table yet.
    pub provisional: bool,
}

/// Counts a period from a day; `None` when the days do not reach so far.
pub fn count(calendar: &Calendar, from: NaiveDate, period: Period) -> Option<Deadline> {
    let (counted, on_the_way) = match period.unit {
        Unit::WorkingDays => {
            let counted = calendar.add_working_days(from, period.n)?;
            (counted.date, counted.provisional)
        }
        Unit::Days => (
            from.checked_add_signed(Duration::try_days(period.n)?)?,
            false,
        ),
        Unit::Hours => return end(calendar, Start::Day(from), period).map(|end| end.days),
        Unit::Months => (add_months(from, period.n)?, false),
        Unit::Years => (add_months(from, period.n.checked_mul(12)?)?, false),
    };
    let legal = if period.n < 0 {
        // Counted back, a day off gives no more time: it is due on the working day before.
        calendar.last_working(counted)?
    } else {
        calendar.next_working(counted)?
    };
    let safe = calendar.last_working(counted)?;
    Some(Deadline {
        counted,
        legal: legal.date,
        safe: safe.date,
        provisional: on_the_way || legal.provisional || safe.provisional,
    })
}

/// When a period of hours ends: nights, weekends and holidays count.
pub fn count_hours(from: DateTime<FixedOffset>, hours: i64) -> Option<DateTime<FixedOffset>> {
    from.checked_add_signed(Duration::try_hours(hours)?)
}

fn add_months(from: NaiveDate, n: i64) -> Option<NaiveDate> {
    let months = Months::new(u32::try_from(n.unsigned_abs()).ok()?);
    if n < 0 {
        from.checked_sub_months(months)
    } else {
        from.checked_add_months(months)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, n: i64, unit: Unit, expected: (&str, &str, bool)) {
        let from: NaiveDate = from.parse().unwrap();
        let end = count(Calendar::builtin(), from, Period { n, unit }).unwrap();
        let found = (end.legal.to_string(), end.safe.to_string(), end.provisional);
        assert_eq!(
            (found.0.as_str(), found.1.as_str(), found.2),
            expected,
            "{from} {n} {unit:?}"
        );
    }

    #[test]
    fn periods_end_as_the_civil_code_says() {
        // The first day is not counted.
        check(
            "2026-03-02",
            30,
            Unit::Days,
            ("2026-04-01", "2026-04-01", false),
        );
        // Ends on 02-20, within the Spring Festival: legal behind it, safe before it.
        check(
            "2026-01-21",
            30,
            Unit::Days,
            ("2026-02-24", "2026-02-14", false),
        );
        // Month ends.
        check(
            "2026-01-31",
            1,
            Unit::Months,
            ("2026-02-28", "2026-02-28", false),
        );
        check(
            "2024-02-29",
            1,
            Unit::Years,
            ("2025-02-28", "2025-02-28", false),
        );
        check(
            "2026-08-31",
            -6,
            Unit::Months,
            ("2026-02-28", "2026-02-28", false),
        );
        // A working Sunday is no day off.
        check(
            "2026-08-20",
            1,
            Unit::Months,
            ("2026-09-20", "2026-09-20", false),
        );
        check(
            "2026-02-12",
            10,
            Unit::WorkingDays,
            ("2026-03-04", "2026-03-04", false),
        );
        check(
            "2026-03-05",
            12,
            Unit::Months,
            ("2027-03-05", "2027-03-05", true),
        );
    }

    #[test]
    fn hours_run_through_nights_and_holidays() {
        let from = DateTime::parse_from_rfc3339("2026-02-14T22:30:00+08:00").unwrap();
        let end = count_hours(from, 24).unwrap();
        assert_eq!(end.to_rfc3339(), "2026-02-15T22:30:00+08:00");
    }

    #[test]
    fn a_period_of_hours_ends_at_its_moment_and_on_a_day_off_too() {
        let hours = Period::parse("24h").unwrap();
        let ends = |text| {
            let end = end(Calendar::builtin(), Start::parse(text).unwrap(), hours).unwrap();
            (end.days.legal.to_string(), end.at.unwrap().to_rfc3339())
        };
        let expected = ("2026-02-15".into(), "2026-02-15T22:30:00+08:00".into());
        assert_eq!(ends("2026-02-14T22:30"), expected);
        // The same moment, told from London.
        assert_eq!(ends("2026-02-14T14:30:00Z"), expected);
        let from_midnight = ("2026-02-15".into(), "2026-02-15T00:00:00+08:00".into());
        assert_eq!(ends("2026-02-14"), from_midnight);
        for text in ["2026-2-1", "2026-02", "2026-02-30", "2026-02-14 22:30", ""] {
            assert_eq!(Start::parse(text), None, "{text}");
        }
        // Late in the evening of London it is the next day in Shanghai.
        let start = Start::parse("2026-03-01T20:00:00Z").unwrap();
        assert_eq!(start.day().to_string(), "2026-03-02");
    }

    #[test]
    fn what_cannot_be_counted_is_none() {
        let from: NaiveDate = "2026-03-02".parse().unwrap();
        for unit in [
            Unit::Hours,
            Unit::Days,
            Unit::WorkingDays,
            Unit::Months,
            Unit::Years,
        ] {
            let period = Period { n: i64::MAX, unit };
            assert_eq!(count(Calendar::builtin(), from, period), None, "{unit:?}");
        }
    }
}
