//! One register of what is known here: what the file knew of it, what stands now, what is written.

use crate::edit::checked;
use crate::error::DeskError;
use crate::store::heads::{self, HeadRow};
use crate::store::write::Change;
use crate::store::{names, places_of_ops};
use crate::token;
use crate::word::import::Import;
use ledger::OpId;
use model::{Entity, EntityId};
use rusqlite::params;
use serde_json::Value;

impl Import<'_> {
    /// A register of an entity that was on screen; gives whether it changes.
    ///
    /// Invariant: it replaces what the file knew. A rival of it, and what came in since, stay.
    pub(crate) fn set(
        &mut self,
        entity: &Entity,
        field: &str,
        value: Value,
    ) -> Result<bool, DeskError> {
        let value = checked(&entity.kind, field, value)?;
        let register = entity.fields.get(field);
        if *entity.value(field) == value {
            return Ok(false);
        }
        let mut p = Vec::new();
        if let Some(register) = register {
            let n = if register.conflict {
                1
            } else {
                register.heads.len()
            };
            // A sentence that stands for a text left out of a version has no operation.
            let written = register.heads.iter().filter(|head| !head.op.is_empty());
            for head in written.take(n) {
                p.push(token::read(&head.op).ok_or(DeskError::StaleForm)?.0);
            }
        }
        let now = self.standing(&entity.id, field)?;
        let is_as_then = now.iter().all(|head| p.contains(&head.id));
        if !is_as_then {
            // It is here already: by this file, read before, or because both say the same.
            if now.iter().any(|head| head.value() == value) {
                return Ok(false);
            }
            let is_back = now
                .first()
                .is_some_and(|head| head.value() == *entity.value(field));
            if is_back {
                p = now.iter().take(1).map(|head| head.id.clone()).collect();
            } else if self.was_replaced(entity, field, &value, &p)? {
                return Ok(false);
            } else {
                self.report.conflicts += 1;
            }
        }
        let change = Change::first(entity.id.as_str(), &entity.kind, field, value);
        self.changes.push(Change { p, ..change });
        Ok(true)
    }

    pub(crate) fn heads(&self, id: &EntityId, field: &str) -> Result<Vec<OpId>, DeskError> {
        let standing = self.standing(id, field)?;
        Ok(standing.into_iter().map(|head| head.id).collect())
    }

    fn standing(&self, id: &EntityId, field: &str) -> Result<Vec<HeadRow>, DeskError> {
        match names::entity(self.conn, self.stream, id.as_str())? {
            Some(entity) => Ok(heads::of_field(self.conn, entity, field)?),
            None => Ok(Vec::new()),
        }
    }

    /// Whether a value came after what the file knew and was replaced since: a file that is read
    /// again brings nothing back.
    fn was_replaced(
        &self,
        entity: &Entity,
        field: &str,
        value: &Value,
        then: &[OpId],
    ) -> Result<bool, DeskError> {
        let Some(known) = names::entity(self.conn, self.stream, entity.id.as_str())? else {
            return Ok(false);
        };
        let mut newest = 0;
        for id in then {
            let place = places_of_ops::find(self.conn, self.stream, id)?;
            newest = newest.max(place.map_or(0, |place| place.commit));
        }
        let text = ledger::canonical::to_text(value).unwrap_or_default();
        let n: i64 = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM ops o JOIN commits c ON c.id = o.commit_id
                 LEFT JOIN payloads p ON p.commit_id = o.commit_id AND p.idx = o.idx
                 WHERE o.entity = ?1 AND o.field = ?2 AND c.status = 1 AND c.id > ?3
                 AND coalesce(o.value, p.value) = ?4",
            )?
            .query_row(params![known, field, newest, text], |row| row.get(0))?;
        Ok(n > 0)
    }

    /// The section that a block stands in now.
    pub(crate) fn parent(&self, id: &EntityId) -> Result<String, DeskError> {
        let standing = self.standing(id, "parent")?;
        let value = standing.first().map(HeadRow::value).unwrap_or_default();
        let section = value.get("$ref").and_then(Value::as_str);
        Ok(section.unwrap_or_default().to_owned())
    }
}
