//! Files that come from elsewhere and go elsewhere: registry records, Word files, address cards,
//! calendars, tables.
//!
//! Pure: bytes and values in, values out; no file, clock or vault. Start with [`ctgov::read`] and
//! [`ctgov::write()`], with [`word::read()`] and [`word::write`], with [`card::read()`],
//! [`ics::write()`] or [`table::read()`]. [`words()`] tells the words of a Word or Excel file.

pub mod archive;
pub mod blank;
pub mod card;
pub mod charset;
pub mod ctgov;
pub mod ics;
mod line;
pub mod table;
pub mod word;
mod words;

pub use words::words;
