//! Saves that are one step back and forth together.

use super::Undone;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::store::write::Saved;
use model::StudyId;

impl Desk {
    /// Remembers saves of one deed, of several studies, that go back in one step.
    pub(crate) fn remember_together(
        &mut self,
        saved: &[(StudyId, Saved)],
    ) -> Result<(), DeskError> {
        let mut follows = false;
        for (study, saved) in saved {
            let n = self.sitting.done.len();
            self.remember(study, saved)?;
            if let Some(step) = self.sitting.done.get_mut(n) {
                step.follows = follows;
                follows = true;
            }
        }
        Ok(())
    }
}

impl Undone {
    /// With what went along in another save.
    pub(super) fn with(self, other: Option<Self>) -> Self {
        let Some(other) = other else {
            return self;
        };
        let mut changed = self.changed;
        changed.add(other.changed);
        Self {
            entity: None,
            kind: None,
            field: None,
            changed,
            ..self
        }
    }
}
