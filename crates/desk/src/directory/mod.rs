//! Organisations and people, shared by every study of a vault.
//!
//! A directory is a stream of its own, addressed like a study's: the same commands write it, and
//! it goes to the center like any other. Each laptop writes new entries into its own directory and
//! reads all that it has as one book ([`book::Book`]); two records of one person or hospital are
//! joined by a pointer, never merged (docs/adr/0009-directory.md). Studies point into it; where
//! they do is found in their heads ([`uses`]), so that nothing derived is stored.

mod batch;
mod begin;
mod book;
mod disclosure;
mod ending;
mod forget;
mod form_set;
mod incoming;
mod join;
mod known;
mod list;
mod log;
mod own;
mod partner;
mod sheet;
mod site_named;
mod spelling;
mod uses;

pub(crate) use begin::{begin, with_name};
pub(crate) use book::directories;
pub use disclosure::Disclosure;
pub use form_set::KnownSet;
pub(crate) use form_set::{named as named_set, refuse_deletion as refuse_set_deletion};
pub use incoming::{CardsTaken, ChosenCard, IncomingCard};
pub use list::{PeopleFilter, PeoplePage};
pub(crate) use partner::find_hospital;
pub(crate) use site_named::Sites;

use crate::desk::Desk;
use crate::error::DeskError;
use book::Book;
use model::StudyId;
use std::sync::Arc;

/// The book as it was read last, and what credentials were last looked through for reminders.
#[derive(Default)]
pub(crate) struct Cache(Option<(u64, Arc<Book>)>, Option<ending::Looked>);

impl Desk {
    /// The directory that this vault writes new entries into; there once something is in it.
    pub fn directory(&self) -> StudyId {
        StudyId::of_directory(&self.person)
    }

    /// Every directory here read as one, with where studies point into it.
    pub(crate) fn book(&self) -> Result<Arc<Book>, DeskError> {
        let conn = &self.opened.conn;
        // Rows changed since the vault was opened: whatever was written, the book is read anew.
        let mark = conn.total_changes();
        let known = self.book.borrow().0.clone();
        if let Some((_, book)) = known.filter(|(known, _)| *known == mark) {
            return Ok(book);
        }
        let book = Arc::new(Book::read(conn)?);
        self.book.borrow_mut().0 = Some((mark, Arc::clone(&book)));
        Ok(book)
    }
}
