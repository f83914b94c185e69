//! What changed between two protocols, and how two changes of one text go together.
//!
//! Pure: values in, values out. Start with [`redline`] (two protocols), [`merge()`] (three texts) and
//! [`matching::match_protocol`] (which block of a Word file is which block of the study).

mod diff;
mod hunk;
pub mod line;
mod merge;
mod number;
mod piece;
mod segment;
mod token;

pub use diff::diff;
pub use line::{Counts, Line, Redline, Span, SpanOp, State, What};
pub use merge::{Merge, merge};
