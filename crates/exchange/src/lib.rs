//! Files that come from elsewhere and go elsewhere: registry records in, registry records out.
//!
//! Pure: bytes and values in, values out; no file, clock or vault. Start with [`ctgov::read`] and
//! [`ctgov::write`].

pub mod ctgov;
