//! What was given to a registry at one moment.

use crate::desk::{Changed, Desk};
use crate::edit::{checked, find, save};
use crate::error::DeskError;
use crate::project::places;
use crate::store::write::Change;
use crate::{ord, time};
use model::check::Complaint;
use model::reference::Bilingual;
use model::{EntityId, StudyId, kind};
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Desk {
    /// Notes that the facts of a study were given to a registry, and which words they had: by the
    /// keys of the registry's sheet ([`model::registry::values`]).
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::Invalid`] for an unknown registry, or when the day is
    /// not a whole one.
    pub fn upload_note(
        &mut self,
        study: &StudyId,
        registry: &str,
        date: &str,
        values: &BTreeMap<String, Bilingual>,
        note: &str,
    ) -> Result<Changed, DeskError> {
        for (field, text) in [("registry", registry), ("date", date)] {
            if checked(kind::UPLOAD, field, text.into())?.is_null() {
                return Err(invalid(field, Complaint::Missing));
            }
        }
        if date.trim().len() != "2026-11-25".len() {
            return Err(invalid("date", Complaint::NotADate));
        }
        let values = serde_json::to_string(values).map_err(|_| DeskError::Damaged("a sheet"))?;
        let id = EntityId::from_uuid(time::new_id(&self.env));
        let saved = self.transact(|conn, author| {
            let root = find(conn, study, &study.root())?;
            let siblings = places::of_kind(conn, root.stream, kind::UPLOAD)?;
            let last = siblings.last().map(|place| place.ord.as_str());
            let mut changes = vec![
                Change::first(
                    id.as_str(),
                    kind::UPLOAD,
                    "parent",
                    json!({"$ref": study.as_str()}),
                ),
                Change::first(
                    id.as_str(),
                    kind::UPLOAD,
                    "ord",
                    ord::between(last, None).into(),
                ),
            ];
            for (field, text) in [
                ("registry", registry),
                ("date", date),
                ("values", &values),
                ("note", note),
            ] {
                let value: Value = checked(kind::UPLOAD, field, text.into())?;
                if !value.is_null() {
                    changes.push(Change::first(id.as_str(), kind::UPLOAD, field, value));
                }
            }
            save(conn, author, study, changes, None)
        })?;
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }
}

fn invalid(field: &str, complaint: Complaint) -> DeskError {
    DeskError::invalid(kind::UPLOAD, field, complaint)
}
