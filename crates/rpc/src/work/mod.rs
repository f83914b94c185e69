//! Work that joins crates: reading records, writing documents, the exchange with a center.
//! The window, the command line and the tests use the same functions.

pub mod export;
pub mod import;
pub mod pdf;
mod replica;
pub mod sample;
pub mod sync;

use crate::places::Places;

const LOG_LINES: usize = 200;

/// The end of today's log; the log holds no content.
pub(crate) fn log_tail(places: &Places) -> String {
    let Ok(text) = std::fs::read_to_string(places.root.join("logs").join("pidesk.log")) else {
        return String::new();
    };
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.len().saturating_sub(LOG_LINES);
    lines.get(start..).unwrap_or_default().join("\n")
}
