//! Files of working days, for handlers and the command line.

use crate::failure::{Failure, FailureKind};
use model::calendar::YearError;
use std::path::Path;

/// Longest file of a year. Units: bytes.
const YEAR_BYTES_MAX: u64 = 1_000_000;

/// Reads the file of a year's working days.
///
/// # Errors
/// `failure.read` when it cannot be read; `desk.error.year` when it is far too long to be one.
pub fn read_year(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| {
        log::info!("a year's file was not read: {}", error.kind());
        Failure::new(FailureKind::Unavailable, "failure.read").with("path", path.display())
    };
    if std::fs::metadata(path).map_err(unreadable)?.len() > YEAR_BYTES_MAX {
        return Err(desk::DeskError::Year(YearError::NotAYear).into());
    }
    std::fs::read(path).map_err(unreadable)
}
