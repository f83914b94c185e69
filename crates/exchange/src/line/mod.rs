//! Content lines, the form that address cards and calendars share.
//!
//! Source: RFC 5545, 3.1; RFC 2426, 2; vCard 2.1 for quoted-printable and bare parameters.

mod read;
mod value;
mod write;

pub(crate) use read::{Line, read};
pub(crate) use value::{Escapes, split, text};
pub(crate) use write::{Lines, escape};

/// Longest line that is written, without its end. Units: octets.
pub(crate) const OCTETS_MAX: usize = 75;
