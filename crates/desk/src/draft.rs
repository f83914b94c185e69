//! Typing that was not saved yet: it survives a crash and stays out of the ledger.

use crate::desk::Desk;
use crate::error::DeskError;
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

impl Desk {
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
