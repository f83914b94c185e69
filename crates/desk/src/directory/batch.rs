//! Many new entries at once, as a file of contacts brings them.

use crate::desk::{Changed, Desk};
use crate::directory::begin;
use crate::edit::{checked, save};
use crate::error::DeskError;
use crate::store::write::Change;
use crate::{ord, time};
use model::{EntityId, kind};
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Desk {
    /// Adds people or organisations to the own directory: all or nothing, one step back.
    ///
    /// # Errors
    /// [`DeskError::UnknownName`] for another kind, [`DeskError::Invalid`].
    pub fn add_entries(
        &mut self,
        kind: &str,
        entries: Vec<BTreeMap<String, Value>>,
    ) -> Result<(Vec<EntityId>, Changed), DeskError> {
        if ![kind::INDIVIDUAL, kind::ORGANISATION].contains(&kind) {
            return Err(DeskError::unknown_kind(kind));
        }
        let directory = self.directory();
        let mut ids = Vec::with_capacity(entries.len());
        let saved = self.transact(|conn, author| {
            begin(conn, author, &directory)?;
            let mut changes = Vec::new();
            for (n, fields) in entries.into_iter().enumerate() {
                let id = EntityId::from_uuid(time::new_id(author.env));
                let mut put = |field: &str, value| {
                    changes.push(Change::first(id.as_str(), kind, field, value))
                };
                put("parent", json!({"$ref": directory.as_str()}));
                put("ord", ord::nth(n).into());
                for (field, value) in fields {
                    let value = checked(kind, &field, value)?;
                    if !value.is_null() {
                        put(&field, value);
                    }
                }
                ids.push(id);
            }
            save(conn, author, &directory, changes, None)
        })?;
        self.remember(&directory, &saved)?;
        Ok((ids, Changed::study(directory.as_str())))
    }
}
