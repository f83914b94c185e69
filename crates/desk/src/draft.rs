//! Typing that was not saved yet: it survives a crash and stays out of the ledger.

use crate::desk::{Changed, Desk};
use crate::edit::{self, Edit};
use crate::error::DeskError;
use crate::store::names;
use crate::store::write::{Change, Reason, Save, write};
use crate::time;
use model::{EntityId, StudyId, kind};
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
    /// Typing that is no value of its field, or whose form is gone: kept as a text to be read.
    pub n_as_text: u64,
    /// What screens must read again.
    pub changed: Changed,
}

/// The code of the reason of edits that were made of typing.
const TYPED: &str = "typed";
/// Begins the register that holds as a text what was typed into a field and is no value of it.
const TYPED_INTO: &str = "typed/";

impl Desk {
    /// Makes edits of the typing in a stream, each with its own form token, because the stream is
    /// about to be erased. What is no value of its field becomes a text beside it, so that whoever
    /// reviews it can read it.
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
                entity: draft.entity.clone(),
                field: draft.field.clone(),
                value: draft.value.clone(),
                seen: draft.seen.clone(),
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
                Err(error) => {
                    log::info!("typing is kept as a text: {}", error.code());
                    self.keep_as_text(&study, number, &draft)?;
                    saved.n_as_text += 1;
                    saved.changed.add(Changed::study(stream));
                }
            }
        }
        Ok(saved)
    }

    /// Makes a readable commit of typing that cannot be saved where it was typed.
    fn keep_as_text(
        &mut self,
        study: &StudyId,
        stream: i64,
        draft: &Draft,
    ) -> Result<(), DeskError> {
        let text = match &draft.value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let field = Some(format!("{TYPED_INTO}{}", draft.field));
        let field = field.filter(|name| ledger::op::is_field_name(name));
        self.transact(|conn, author| {
            // What it was typed into may never have been added.
            let (entity, kind) = match edit::find(conn, study, &draft.entity) {
                Ok(target) => (draft.entity.clone(), target.kind),
                Err(error) if error.is_of_vault() => return Err(error),
                Err(_) => (study.root(), kind::STUDY.to_owned()),
            };
            let field = field.unwrap_or_else(|| TYPED.to_owned());
            let change = Change::first(entity.as_str(), &kind, &field, text.into());
            let save = Save {
                stream: study.as_str().to_owned(),
                changes: vec![change],
                why: Some(Reason {
                    code: Some(TYPED.into()),
                    text: None,
                }),
                src: None,
            };
            write(conn, author, save)?;
            Ok(forget(conn, stream, &draft.entity, &draft.field)?)
        })
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
