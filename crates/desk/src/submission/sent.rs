//! What was sent goes by a name of its own.

use super::send;
use crate::desk::Desk;
use crate::error::DeskError;
use model::{Entity, EntityId, StudyId};

impl Desk {
    /// The name of what was sent: the hash of its manifest; empty before it is sent.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn submission_hash(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<String, DeskError> {
        let held = self.submitted(study, submission)?;
        let entity: &Entity = held.case()?.submission;
        Ok(match entity.value("manifest") {
            manifest if manifest.is_null() => String::new(),
            manifest => send::hash(manifest),
        })
    }
}
