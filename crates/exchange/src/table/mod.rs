//! Tables (CSV, xlsx) of contacts and milestones, in and out; also the one workbook that a
//! coordinator keeps: sheet → row of heads → columns → rows.
//!
//! Start with [`read`], [`guess`] and [`rows`]; out with [`contacts`], [`people`],
//! [`milestones`].

mod cell;
mod csv;
mod date;
mod export;
mod guard;
mod guess;
mod refusal;
mod rows;
mod xlsx;

pub use cell::{Cell, Sheet, Workbook};
pub use export::{Table, contacts, milestones, people, submissions};
pub use guess::{guess, known_fields, settle};
pub use refusal::{RowFault, TableRefusal};
pub use rows::{LICENCE, MOBILE, POSITION, Row, Rows, rows};

use crate::charset::Charset;

/// Largest file. Units: bytes.
pub const BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Most rows of all sheets.
pub const ROWS_MAX: usize = 50_000;
/// Most cells with something in them, of all sheets.
pub const CELLS_MAX: usize = 500_000;
/// Most columns that are read of a sheet.
const COLUMNS_MAX: usize = 256;
/// Longest cell that is read. Units: characters.
const CELL_CHARS_MAX: usize = 32_767;

/// Reads a workbook (xlsx), or a table of cells separated by commas, semicolons or tabs.
///
/// `charset` is what a person chose for a table; `None` lets its bytes be judged.
///
/// # Errors
/// [`TableRefusal`] when the file as a whole is not read.
pub fn read(bytes: &[u8], charset: Option<Charset>) -> Result<Workbook, TableRefusal> {
    if bytes.len() as u64 > BYTES_MAX {
        return Err(TableRefusal::TooLarge);
    }
    match bytes {
        _ if bytes.iter().all(u8::is_ascii_whitespace) => Err(TableRefusal::Empty),
        // An older workbook, or a new one with a password around it.
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(TableRefusal::OldOrEncrypted),
        [b'P', b'K', 3, 4, ..] => xlsx::read(bytes),
        [b'%', b'P', b'D', b'F', ..] => Err(TableRefusal::NotATable),
        _ => csv::read(bytes, charset),
    }
}
