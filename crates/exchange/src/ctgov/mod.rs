//! ClinicalTrials.gov, API version 2: records in and out, and what differs between two of them.
//!
//! - `table`: which path of a record is which register; everything else is driven by it.
//! - `refusal`: why a file or a record is not read. `limits`: how much is read.
//! - `file`: from bytes to records. `read`: from a record to a [`model::incoming::IncomingStudy`];
//!   `reader`: the walk through it.
//! - `key`: what a part is called in the record. `shape`: single values. `markdown`: texts.
//! - `node`: a study as a tree, from a stored one or from an incoming one.
//! - `write`: from the tree to a record. `diff`: two records compared.
//!
//! Invariant: what `read` accepts, `write` gives back equal by value: keys that no rule knows, and
//! values of a type that the rule does not expect, travel in the `residue` register of their owner.

mod diff;
mod file;
mod key;
mod limits;
mod markdown;
mod node;
mod read;
mod reader;
mod refusal;
mod shape;
mod table;
mod text;
mod write;

pub use diff::{Change, Diff, diff};
pub use file::read;
pub use limits::{BYTES_MAX, PARTS_MAX, RECORDS_MAX, TEXT_CHARS_MAX};
pub use refusal::{ReadError, Refusal};
pub use write::{Export, Gap, write, write_incoming};

/// What the importer calls itself in a commit's source.
pub const SOURCE_KIND: &str = "ctgov";
