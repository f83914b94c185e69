//! Saves that are one step back and forth together.

use super::Undone;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::store::write::Saved;
use ledger::DELETED;
use model::{EntityId, StudyId};

impl Desk {
    /// Remembers saves of one deed, of several studies, that go back in one step; with `also` the
    /// newest save before them goes back with them.
    pub(crate) fn remember_together(
        &mut self,
        saved: &[(StudyId, Saved)],
        also: bool,
    ) -> Result<(), DeskError> {
        let mut follows = also;
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

    /// Whether the newest save of this sitting made this entity.
    pub(crate) fn was_just_made(&self, id: &EntityId) -> bool {
        let step = self.sitting.done.last();
        let mut effects = step.into_iter().flat_map(|step| &step.effects);
        effects.any(|effect| effect.e == id.as_str() && effect.f == DELETED && effect.own.is_none())
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
