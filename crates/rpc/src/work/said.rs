//! What is said of contacts and of this laptop's own log, by label key.

use crate::failure::Failure;
use desk::Desk;
use std::collections::BTreeMap;
use sync::Note;

/// What is to be said of a contact: of the center first, when something is wrong with it; then of
/// this laptop's own log.
pub(super) fn said(desk: &Desk, note: Option<Note>) -> Result<Option<Note>, Failure> {
    let note = note.filter(|note| *note != Note::Done);
    if note
        .as_ref()
        .is_some_and(|note| note.is_trouble() && !note.is_offline())
    {
        return Ok(note);
    }
    let (n_missing, n_lost) = (desk.n_missing()?, desk.n_lost()?);
    Ok(match (n_missing, n_lost) {
        (0, 0) => note,
        (0, n) => Some(Note::Lost(n)),
        (n, _) => Some(Note::Missing(n)),
    })
}

/// A note by its label key, and the values that its words name.
pub(super) fn words(note: Option<Note>) -> (Option<String>, BTreeMap<String, String>) {
    let Some(note) = note else {
        return (None, BTreeMap::new());
    };
    let params = note.params().into_iter();
    let params = params.map(|(name, value)| (name.to_owned(), value));
    (Some(note.key().to_owned()), params.collect())
}
