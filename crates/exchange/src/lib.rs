//! Files that come from elsewhere and go elsewhere: registry records, Word files, address cards.
//!
//! Pure: bytes and values in, values out; no file, clock or vault. Start with [`ctgov::read`] and
//! [`ctgov::write()`], with [`word::read()`] and [`word::write`], or with [`card::read()`].

pub mod card;
pub mod charset;
pub mod ctgov;
mod line;
pub mod word;
