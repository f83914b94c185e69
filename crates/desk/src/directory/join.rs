//! Two records of one person or one organisation.

use crate::desk::{Changed, Desk};
use crate::edit::{head_ids, save};
use crate::error::DeskError;
use crate::store::write::{Change, Reason};
use model::{EntityId, kind};
use serde_json::Value;

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

    /// Parts a record again from the one that it was joined into.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::NotJoinable`] when it stands for itself.
    pub fn part_records(&mut self, other: &EntityId) -> Result<Changed, DeskError> {
        let book = self.book()?;
        let records = book.records(other).into_iter();
        let joined = records.filter(|card| card.reference("joined").is_some());
        let mut joined = joined.filter(|card| card.id == *other);
        let card = joined.next().cloned();
        let card = match (card, book.card(other)) {
            (Some(card), _) => card,
            (None, Some(_)) => return Err(DeskError::NotJoinable),
            (None, None) => return Err(DeskError::no_entity(other.as_str())),
        };
        let saved = self.transact(|conn, author| {
            let mut change = Change::first(card.id.as_str(), &card.kind, "joined", Value::Null);
            change.p = head_ids(conn, card.entity, "joined")?;
            save(conn, author, &card.directory, vec![change], None)
        })?;
        self.remember(&card.directory, &saved)?;
        Ok(Changed::study(card.directory.as_str()))
    }
}
