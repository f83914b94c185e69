//! What a contact with the center came to.

use crate::note::Note;

/// What a contact came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Own commits that the center confirmed.
    pub sent: u64,
    /// Commits that were not here before.
    pub received: u64,
    /// Own commits that the center has not confirmed.
    pub waiting: u64,
    /// The most important thing to say.
    pub note: Note,
    /// Everything there is to say, most important first.
    pub notes: Vec<Note>,
    /// Streams that were here and that the center no longer shows to this account.
    pub lost: Vec<String>,
    /// The center's mark at the beginning; for [`crate::wait`].
    pub mark: Option<String>,
    /// The center's epoch, to be kept in the link.
    pub epoch: Option<String>,
    /// The tables of working days that the center hands out.
    pub years: Vec<crate::wire::YearMark>,
    /// The center's clock. Time: milliseconds since 1970-01-01 UTC.
    pub center_ms: Option<i64>,
}
