//! Two records of one person or one organisation.

use crate::desk::{Changed, Desk};
use crate::edit::{head_ids, save};
use crate::error::DeskError;
use crate::store::write::{Change, Reason};
use model::{EntityId, kind};

impl Desk {
    /// Joins a record of the directory into another of its kind. Nothing is merged or deleted:
    /// the joined one points to the kept one, and everything is read through it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::NotJoinable`] when they are one already or of
    /// different kinds.
    pub fn join_records(
        &mut self,
        keep: &EntityId,
        other: &EntityId,
    ) -> Result<Changed, DeskError> {
        let book = self.book()?;
        let find = |id: &EntityId| {
            let card = book.card(id).cloned();
            card.ok_or_else(|| DeskError::no_entity(id.as_str()))
        };
        let (kept, joined) = (find(keep)?, find(other)?);
        let may_join = [kind::INDIVIDUAL, kind::ORGANISATION].contains(&kept.kind.as_str());
        if kept.id == joined.id || kept.kind != joined.kind || !may_join {
            return Err(DeskError::NotJoinable);
        }
        let directory = joined.directory.clone();
        let saved = self.transact(|conn, author| {
            let pointer = kept.link().to_value();
            let mut change = Change::first(joined.id.as_str(), &joined.kind, "joined", pointer);
            change.p = head_ids(conn, joined.entity, "joined")?;
            let why = Some(Reason {
                code: Some("joined".into()),
                text: None,
            });
            save(conn, author, &directory, vec![change], why)
        })?;
        self.remember(&directory, &saved)?;
        Ok(Changed::study(directory.as_str()))
    }
}
