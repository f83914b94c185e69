//! Days out of dates that may be months or years.

use chrono::{Days, Months, NaiveDate};

/// The first day of a date (`2027-03` is 2027-03-01); `None` when it is no date.
pub fn first(date: &str) -> Option<NaiveDate> {
    if !crate::check::is_date(date) {
        return None;
    }
    let whole = match date.len() {
        4 => format!("{date}-01-01"),
        7 => format!("{date}-01"),
        _ => date.to_owned(),
    };
    NaiveDate::parse_from_str(&whole, "%Y-%m-%d").ok()
}

/// The last day of a date (`2027-03` is 2027-03-31); `None` when it is no date.
pub fn last(date: &str) -> Option<NaiveDate> {
    let months = match date.len() {
        4 => 12,
        7 => 1,
        _ => return first(date),
    };
    first(date)?
        .checked_add_months(Months::new(months))?
        .checked_sub_days(Days::new(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_and_a_year_have_a_first_and_a_last_day() {
        let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        for (date, begins, ends) in [
            ("2027-03-05", "2027-03-05", "2027-03-05"),
            ("2028-02", "2028-02-01", "2028-02-29"),
            ("2027-12", "2027-12-01", "2027-12-31"),
            ("2027", "2027-01-01", "2027-12-31"),
            ("2027-02-30", "", ""),
            ("soon", "", ""),
        ] {
            assert_eq!(
                (text(first(date)), text(last(date))),
                (begins.into(), ends.into()),
                "{date}"
            );
        }
    }
}
