//! Typing that was not saved yet: it survives a crash and stays out of the ledger.

use crate::desk::{Changed, Desk};
use crate::edit::Edit;
use crate::error::DeskError;
use crate::store::names;
use crate::store::write::Reason;
use crate::time;
use model::{EntityId, StudyId};
use rusqlite::{Connection, params};
use serde_json::Value;

/// Typing that was not saved yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The entity.
    pub entity: EntityId,
    /// The register.
    pub field: String,
    /// What was typed.
    pub value: Value,
    /// The form token of the form that was open.
    pub seen: Vec<String>,
    /// Time: when it was last kept, UTC.
    pub at: String,
}

/// What became of typing that was saved by the program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypingSaved {
    /// Typing that is an edit now.
    pub n_saved: u64,
    /// Typing that is no value of its field and is kept as it was.
    pub n_kept: u64,
    /// What screens must read again.
    pub changed: Changed,
}

/// The code of the reason of edits that were made of typing.
const TYPED: &str = "typed";

impl Desk {
    /// Makes edits of the typing in a stream, each with its own form token, because the stream is
    /// about to be erased. What is no value of its field stays as it is.
    ///
    /// # Errors
    /// [`DeskError::Storage`] and the like, of the vault itself.
    pub fn save_typing(&mut self, stream: &str) -> Result<TypingSaved, DeskError> {
        let mut saved = TypingSaved::default();
        let (Some(study), Some(number)) = (
            StudyId::parse(stream),
            names::stream(&self.opened.conn, stream)?,
        ) else {
            return Ok(saved);
        };
        for draft in self.drafts(&study)? {
            let edit = Edit {
                entity: draft.entity,
                field: draft.field,
                value: draft.value,
                seen: draft.seen,
            };
            let why = Reason {
                code: Some(TYPED.into()),
                text: None,
            };
            match self.set_many(&study, vec![edit], Some(why)) {
                Ok(changed) => {
                    saved.n_saved += 1;
                    saved.changed.add(changed);
                }
                Err(error) if error.is_of_vault() => return Err(error),
                // One that cannot be saved holds up no other.
                Err(error) => log::info!("typing stays typing: {}", error.code()),
            }
        }
        saved.n_kept = n_typed(&self.opened.conn, Some(number))?;
        Ok(saved)
    }

    /// Keeps typing; the form token goes with it, so that saving it later overwrites nothing.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn draft_put(
        &mut self,
        study: &StudyId,
        entity: &EntityId,
        field: &str,
        value: &Value,
        seen: &[String],
    ) -> Result<(), DeskError> {
        let stream = self.stream(study)?;
        let at = time::instant(&self.env);
        let seen = serde_json::to_string(seen).map_err(|_| DeskError::StaleForm)?;
        self.lightly(|conn| {
            conn.prepare_cached("INSERT OR REPLACE INTO drafts VALUES(?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute(params![
                    stream,
                    entity.as_str(),
                    field,
                    value.to_string(),
                    seen,
                    at
                ])?;
            Ok(())
        })
    }

    /// The typing in a study that was not saved yet.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn drafts(&self, study: &StudyId) -> Result<Vec<Draft>, DeskError> {
        let stream = self.stream(study)?;
        let rows: Vec<[String; 5]> = self
            .opened
            .conn
            .prepare_cached(
                "SELECT entity, field, value, seen, at FROM drafts WHERE stream = ?1
                 ORDER BY at, entity, field",
            )?
            .query_map([stream], |row| {
                Ok([
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                ])
            })?
            .collect::<Result<_, _>>()?;
        let read = |[entity, field, value, seen, at]: [String; 5]| {
            Some(Draft {
                entity: EntityId::parse(&entity)?,
                field,
                value: serde_json::from_str(&value).ok()?,
                seen: serde_json::from_str(&seen).ok()?,
                at,
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Forgets typing.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn draft_drop(
        &mut self,
        study: &StudyId,
        entity: &EntityId,
        field: &str,
    ) -> Result<(), DeskError> {
        let stream = self.stream(study)?;
        self.lightly(|conn| Ok(forget(conn, stream, entity, field)?))
    }
}

/// How much typing of a stream, or of all, is not saved.
pub(crate) fn n_typed(conn: &Connection, stream: Option<i64>) -> Result<u64, rusqlite::Error> {
    let n: i64 = conn.query_row(
        "SELECT count(*) FROM drafts WHERE ?1 IS NULL OR stream = ?1",
        [stream],
        |row| row.get(0),
    )?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// Forgets typing, in the transaction that saves it.
pub(crate) fn forget(
    conn: &Connection,
    stream: i64,
    entity: &EntityId,
    field: &str,
) -> Result<(), rusqlite::Error> {
    conn.prepare_cached("DELETE FROM drafts WHERE stream = ?1 AND entity = ?2 AND field = ?3")?
        .execute(params![stream, entity.as_str(), field])?;
    Ok(())
}

/// Forgets all typing in an entity, in the transaction that puts it aside.
pub(crate) fn forget_entity(
    conn: &Connection,
    stream: i64,
    entity: &EntityId,
) -> Result<(), rusqlite::Error> {
    conn.prepare_cached("DELETE FROM drafts WHERE stream = ?1 AND entity = ?2")?
        .execute(params![stream, entity.as_str()])?;
    Ok(())
}
