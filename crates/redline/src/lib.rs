//! What changed between two protocols, and how two changes of one text go together.
//!
//! Pure: values in, values out. Start with [`redline`] (two protocols), [`merge()`] (three texts) and
//! [`matching::match_protocol`] (which block of a Word file is which block of the study).

mod align;
mod bag;
mod compare;
mod decisive;
mod diff;
mod fact;
mod group;
mod hunk;
pub mod line;
mod matched;
pub mod matching;
mod merge;
mod number;
mod piece;
mod section;
mod segment;
mod side;
pub mod table;
mod token;
mod weave;
mod why;

pub use compare::redline;
pub use diff::diff;
pub use line::{Counts, Line, Redline, Shape, Span, SpanOp, State, What};
pub use merge::{Merge, merge};
pub use side::{BlockText, FactText, SectionText, Text, accept, reject};
pub use table::{Change, ChangeRow, change_table};
pub use why::explain;
