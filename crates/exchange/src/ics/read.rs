//! Events of a calendar that another program wrote; what is odd in one stops no other.

use super::{BYTES_MAX, EVENTS_MAX};
use crate::line::{self, Escapes, Line, text};
use thiserror::Error;

/// What a calendar holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFile {
    /// The events, in the order of the file.
    pub events: Vec<Event>,
    /// Rules of repetition in the whole file, those of time zones among them.
    pub n_rules: usize,
    /// Lines that are none of the format.
    pub n_odd_lines: usize,
}

/// An event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Its id; empty when it has none.
    pub uid: String,
    /// What happens.
    pub title: String,
    /// What else is said.
    pub note: String,
    /// The day it begins on, `YYYY-MM-DD` where the event is; empty when it has none.
    pub date: String,
    /// How it repeats, as written (`FREQ=YEARLY`); empty when it does not.
    pub rule: String,
}

/// Why a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum IcsRefusal {
    /// Larger than [`BYTES_MAX`].
    #[error("file is too large")]
    TooLarge,
    /// No bytes.
    #[error("file is empty")]
    Empty,
    /// No component in it.
    #[error("file is no calendar")]
    NotCalendar,
    /// More than [`EVENTS_MAX`].
    #[error("file holds too many events")]
    TooMany,
}

impl IcsRefusal {
    /// The label key of the sentence for people (`labels/agenda.tsv`).
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "ics.refused.tooLarge",
            Self::Empty => "ics.refused.empty",
            Self::NotCalendar => "ics.refused.notCalendar",
            Self::TooMany => "ics.refused.tooMany",
        }
    }
}

/// Reads a calendar, or components without one around them.
///
/// # Errors
/// [`IcsRefusal`] when the file as a whole is not read.
pub fn read(bytes: &[u8]) -> Result<EventFile, IcsRefusal> {
    if bytes.len() as u64 > BYTES_MAX {
        return Err(IcsRefusal::TooLarge);
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(IcsRefusal::Empty);
    }
    let (lines, _) = line::read(bytes, None);
    let mut file = EventFile::default();
    // The components around the line, by name; what is inside an event (an alarm) is not of it.
    let mut open: Vec<String> = Vec::new();
    let mut n_components = 0_usize;
    let mut event: Option<(usize, Event)> = None;
    for line in &lines {
        match line.name.as_str() {
            "BEGIN" => {
                n_components += 1;
                open.push(line.value.trim().to_ascii_uppercase());
                if open.last().is_some_and(|name| name == "VEVENT") && event.is_none() {
                    if file.events.len() >= EVENTS_MAX {
                        return Err(IcsRefusal::TooMany);
                    }
                    event = Some((open.len(), Event::default()));
                }
            }
            "END" => {
                open.pop();
                if let Some((_, done)) = event.take_if(|(depth, _)| open.len() < *depth) {
                    file.events.push(done);
                }
            }
            name => {
                file.n_odd_lines += usize::from(name.is_empty());
                file.n_rules += usize::from(name == "RRULE");
                if let Some((depth, event)) = &mut event
                    && *depth == open.len()
                {
                    event.take(line);
                }
            }
        }
    }
    if n_components == 0 {
        return Err(IcsRefusal::NotCalendar);
    }
    Ok(file)
}

impl Event {
    fn take(&mut self, line: &Line) {
        let to = match line.name.as_str() {
            "UID" => &mut self.uid,
            "SUMMARY" => &mut self.title,
            "DESCRIPTION" => &mut self.note,
            "RRULE" => &mut self.rule,
            "DTSTART" => {
                self.date = day(&line.value);
                return;
            }
            _ => return,
        };
        if to.is_empty() {
            *to = text(&line.value, Escapes::New);
        }
    }
}

/// The day of `YYYYMMDD` or `YYYYMMDDTHHMMSS`; empty when it is none.
fn day(value: &str) -> String {
    let digits: String = value
        .trim()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    chrono::NaiveDate::parse_from_str(&digits, "%Y%m%d")
        .map_or_else(|_| String::new(), |date| date.to_string())
}
