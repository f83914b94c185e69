//! Files that come from elsewhere and go elsewhere: registry records and Word files, in and out.
//!
//! Pure: bytes and values in, values out; no file, clock or vault. Start with [`ctgov::read`] and
//! [`ctgov::write()`], or with [`word::read()`] and [`word::write`].

pub mod ctgov;
pub mod word;
