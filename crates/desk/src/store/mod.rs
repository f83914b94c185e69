//! The ledger in tables: what a commit is turned into, and how a new one is made.
//!
//! Local edits and pulled commits take the same way: [`append::append`], then
//! [`crate::project::project`]. Nothing here opens a transaction; the actions do.

pub(crate) mod append;
pub(crate) mod digest;
pub(crate) mod doc;
pub(crate) mod heads;
pub(crate) mod identity;
pub(crate) mod moves;
pub(crate) mod names;
pub(crate) mod past;
pub(crate) mod people;
pub(crate) mod places_of_ops;
pub(crate) mod redact;
pub(crate) mod tips;
pub(crate) mod write;

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It counts.
    Counts = 1,
    /// The center stores it and nobody shows it.
    Quarantined = 2,
    /// It was issued again under another device identity.
    Reissued = 3,
}
