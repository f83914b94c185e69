//! Days as people write them into workbooks.

use super::cell::Cell;
use chrono::{Days, NaiveDate};

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The day, month or year in a cell as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`; `None` when it is not
/// certain which is meant (`3/5/2026`).
pub(super) fn read(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Empty => None,
        Cell::Day(day) => Some(day.clone()),
        Cell::Number(number) => of_number(*number),
        Cell::Text(text) => of_text(text.trim()),
    }
}

/// A year, a day without marks, or the days that Excel counts from the end of 1899.
fn of_number(number: f64) -> Option<String> {
    if number.fract().abs() > f64::EPSILON && !(20_000.0..80_000.0).contains(&number) {
        return None;
    }
    let whole = number.trunc();
    if !(0.0..100_000_000.0).contains(&whole) {
        return None;
    }
    // Within the range, so the cast is exact.
    let whole = whole as u64;
    match whole {
        1900..=2200 => Some(whole.to_string()),
        20_000..80_000 => {
            let from = NaiveDate::from_ymd_opt(1899, 12, 30)?;
            Some(from.checked_add_days(Days::new(whole))?.to_string())
        }
        19_000_101..=22_001_231 => of_digits(&whole.to_string()),
        _ => None,
    }
}

fn of_digits(digits: &str) -> Option<String> {
    match digits.len() {
        4 => whole(digits, None, None),
        5 => of_number(digits.parse().ok()?),
        6 => whole(digits.get(..4)?, digits.get(4..), None),
        8 => whole(digits.get(..4)?, digits.get(4..6), digits.get(6..)),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<String> {
    let narrow: String = text.chars().map(narrow).collect();
    // The time of day behind a day does not matter.
    let day = match narrow.split_once(['T', ' ']) {
        Some((day, time)) if time.trim_start().contains(':') => day,
        _ => narrow.as_str(),
    };
    if day.bytes().all(|byte| byte.is_ascii_digit()) {
        return of_digits(day);
    }
    if let Some(quarter) = of_quarter(day) {
        return Some(quarter);
    }
    of_english(day).or_else(|| of_marks(day))
}

/// `2026-3-5`, `2026/3/5`, `2026.3.5`, `2026年3月5日`, each without the day or the month too.
fn of_marks(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            '/' | '.' | '年' | '月' => '-',
            other => other,
        })
        .collect();
    let plain = plain.trim_end_matches(['日', '号']).trim_end_matches('-');
    let mut parts = plain.split('-');
    let (year, month, day) = (parts.next()?, parts.next(), parts.next());
    (year.len() == 4 && parts.next().is_none()).then(|| whole(year, month, day))?
}

/// `2026-Q1`, `2026Q1`, `Q1 2026`, `2026年第1季度`, `2026年一季度`.
fn of_quarter(text: &str) -> Option<String> {
    let plain: String = text
        .to_uppercase()
        .chars()
        .filter(|letter| !letter.is_whitespace() && !['-', '年', '第', '/', '.'].contains(letter))
        .collect();
    let (year, quarter) = if let Some(rest) = plain.strip_prefix('Q') {
        let (quarter, year) = rest.split_at_checked(1)?;
        (year, quarter)
    } else {
        let (year, rest) = plain.split_at_checked(4)?;
        let chinese = rest.strip_suffix("季度");
        (year, chinese.or_else(|| rest.strip_prefix('Q'))?)
    };
    let number = ["1一", "2二", "3三", "4四"]
        .iter()
        .position(|names| !quarter.is_empty() && names.contains(quarter))?;
    let year = whole(year, None, None).filter(|_| quarter.chars().count() == 1)?;
    Some(format!("{year}-Q{}", number + 1))
}

/// `5 Mar 2026`, `March 5, 2026`, `Mar 2026`.
fn of_english(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split([' ', ',', '-', '.', '/'])
        .filter(|word| !word.is_empty())
        .collect();
    let month = |word: &str| {
        let is_word = word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        let found = MONTHS.iter().position(|name| word.starts_with(name));
        found
            .filter(|_| is_word)
            .map(|place| (place + 1).to_string())
    };
    match *words.as_slice() {
        [first, second, year] if year.len() == 4 => match (month(first), month(second)) {
            (Some(month), None) => whole(year, Some(&month), Some(second)),
            (None, Some(month)) => whole(year, Some(&month), Some(first)),
            _ => None,
        },
        [first, year] if year.len() == 4 => whole(year, Some(&month(first)?), None),
        _ => None,
    }
}

/// A date of its parts, when the calendar has it.
fn whole(year: &str, month: Option<&str>, day: Option<&str>) -> Option<String> {
    let number = |text: &str| {
        let fits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let year = number(year).filter(|year| (1900..=2200).contains(year))?;
    let month = month.map(number);
    let day = day.map(number);
    let text = match (month, day) {
        (None, None) => format!("{year:04}"),
        (Some(month), None) => format!("{year:04}-{:02}", month?),
        (Some(month), Some(day)) => format!("{year:04}-{:02}-{:02}", month?, day?),
        (None, Some(_)) => return None,
    };
    model::agenda::span(&text).map(|_| text)
}

fn narrow(letter: char) -> char {
    match letter {
        '０'..='９' | '／' | '－' | '．' => {
            char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter)
        }
        '　' | '\u{a0}' => ' ',
        '–' | '—' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_read_as_people_write_them() {
        let text = |text: &str| read(&Cell::Text(text.to_owned()));
        for quarter in [
            "2027-Q2",
            "2027Q2",
            "Q2 2027",
            "2027年第2季度",
            "2027年二季度",
            "2027-q2",
        ] {
            assert_eq!(text(quarter).as_deref(), Some("2027-Q2"), "{quarter}");
        }
        for none in ["2027-Q5", "Q 2027", "27-Q2", "2027年季度", "2027Q12"] {
            assert_eq!(text(none), None, "{none}");
        }
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let text = |text: &str| read(&Cell::Text(text.to_owned()));
        for day in [
            "2026-03-05",
            "2026/3/5",
            "2026.3.5",
            "2026年3月5日",
            "2026 年 3 月 5 日",
            "20260305",
            "2026-03-05 00:00:00",
            "2026-03-05T08:00:00",
            "２０２６／３／５",
            "5 Mar 2026",
            "March 5, 2026",
            "Mar-05-2026",
            "46086",
            "2026年3月5号",
        ] {
            assert_eq!(text(day).as_deref(), Some("2026-03-05"), "{day}");
        }
        for month in [
            "2026-03",
            "2026/3",
            "2026年3月",
            "202603",
            "Mar 2026",
            "2026.03",
        ] {
            assert_eq!(text(month).as_deref(), Some("2026-03"), "{month}");
        }
        for year in ["2026", "2026年"] {
            assert_eq!(text(year).as_deref(), Some("2026"), "{year}");
        }
        for none in [
            "3/5/2026",
            "待定",
            "TBD",
            "2026-02-30",
            "2026年13月",
            "26/3/5",
            "",
            "2026-",
            "2026年3月上旬",
            "14:00",
            "1",
        ] {
            let read = text(none);
            assert!(read.is_none() || none == "2026-", "{none}: {read:?}");
        }
        assert_eq!(read(&Cell::Number(46086.0)).as_deref(), Some("2026-03-05"));
        assert_eq!(
            read(&Cell::Number(46086.375)).as_deref(),
            Some("2026-03-05")
        );
        assert_eq!(read(&Cell::Number(2026.0)).as_deref(), Some("2026"));
        assert_eq!(
            read(&Cell::Number(20_260_305.0)).as_deref(),
            Some("2026-03-05")
        );
        assert_eq!(read(&Cell::Number(3.5)), None);
        assert_eq!(read(&Cell::Number(f64::NAN)), None);
    }
}
