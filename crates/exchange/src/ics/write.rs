//! Days of studies as telephones and mail programs take them.

use crate::line::Lines;
use chrono::{DateTime, NaiveDate};
use model::agenda::{AgendaEntry, span};

/// A calendar with a name. Days stay days: they have no time and no time zone; what is due at a
/// moment is there in UTC, and takes no time.
///
/// Entries whose date is none are left out.
pub fn write(name: &str, entries: &[AgendaEntry]) -> String {
    let mut lines = Lines::default();
    lines.put("BEGIN", "VCALENDAR");
    lines.put("VERSION", "2.0");
    lines.put("PRODID", "-//PI Desk//EN");
    lines.put("CALSCALE", "GREGORIAN");
    lines.put_text("X-WR-CALNAME", name);
    for entry in entries {
        if let Some((first, after)) = span(&entry.date) {
            put(&mut lines, entry, first, after);
        }
    }
    lines.put("END", "VCALENDAR");
    lines.into_text()
}

fn put(lines: &mut Lines, entry: &AgendaEntry, first: NaiveDate, after: NaiveDate) {
    let day = |date: NaiveDate| date.format("%Y%m%d").to_string();
    lines.put("BEGIN", "VEVENT");
    lines.put_text("UID", &entry.uid);
    lines.put("SEQUENCE", &entry.sequence.to_string());
    // Without METHOD this is when the entry was last changed (3.8.7.2), so equal studies give
    // equal bytes.
    lines.put("DTSTAMP", &stamp(&entry.changed_at));
    if entry.at.is_empty() {
        lines.put("DTSTART;VALUE=DATE", &day(first));
        lines.put("DTEND;VALUE=DATE", &day(after));
    } else {
        lines.put("DTSTART", &stamp(&entry.at));
    }
    lines.put_text("SUMMARY", &entry.title);
    lines.put_text("DESCRIPTION", &entry.note);
    lines.put_text("CATEGORIES", &entry.category);
    let status = match (entry.is_cancelled, entry.is_done) {
        (true, _) => "CANCELLED",
        (false, true) => "CONFIRMED",
        (false, false) => "TENTATIVE",
    };
    lines.put("STATUS", status);
    // A day of a study does not make anybody busy.
    lines.put("TRANSP", "TRANSPARENT");
    if let Some(ahead) = entry.remind {
        lines.put("BEGIN", "VALARM");
        lines.put("ACTION", "DISPLAY");
        lines.put_text("DESCRIPTION", &entry.title);
        let ahead = match (ahead.num_days(), ahead.num_minutes()) {
            (days, minutes) if days > 0 && days * 24 * 60 == minutes => format!("-P{days}D"),
            (_, minutes) => format!("-PT{minutes}M"),
        };
        lines.put("TRIGGER", &ahead);
        lines.put("END", "VALARM");
    }
    lines.put("END", "VEVENT");
}

/// A moment in the form that calendars want; the beginning of time when it is none.
fn stamp(at: &str) -> String {
    DateTime::parse_from_rfc3339(at)
        .map_or(DateTime::UNIX_EPOCH, |at| at.to_utc())
        .format("%Y%m%dT%H%M%SZ")
        .to_string()
}
