//! Calendars (iCalendar): days of studies out, events of any program in.
//!
//! Source: RFC 5545.

mod read;
mod write;

pub use read::{Event, EventFile, IcsRefusal, read};
pub use write::write;

/// Largest file. Units: bytes.
pub const BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Most events in one file.
pub const EVENTS_MAX: usize = 20_000;
