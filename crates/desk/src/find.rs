//! Search over everything, as an action of the desk.

use crate::desk::Desk;
use crate::error::DeskError;
use crate::search::query;
use model::row::SearchHit;

impl Desk {
    /// Finds text in every study; Chinese from one character, Latin words from their beginning.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<SearchHit>, DeskError> {
        query::search(&self.opened.conn, query, limit)
    }
}
