//! A study as one of its submissions says it: the one reading of check, forms and package.

use super::Ground;
use crate::desk::Desk;
use crate::error::DeskError;
use model::formset::OwnSets;
use model::submission::{Case, as_submitted};
use model::version::Standing;
use model::{EntityId, StudyDoc, StudyId};

/// A study as a submission says it, with what the submission is read against.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// The study: what belongs to the protocol as the submitted version froze it, the rest as it
    /// is now.
    pub doc: StudyDoc,
    /// Where its protocol stands.
    pub standing: Standing,
    /// The form sets of this vault.
    pub own: OwnSets,
    /// The submission.
    pub id: EntityId,
    /// The submitted version as it was frozen; `None` where none is submitted, or it cannot be
    /// read.
    pub frozen: Option<(EntityId, StudyDoc)>,
}

impl Submitted {
    /// The submission.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when it is none, or its site is gone.
    pub fn case(&self) -> Result<Case<'_>, DeskError> {
        Case::of(&self.doc, &self.id, &self.standing, &self.own)
            .ok_or_else(|| DeskError::no_entity(self.id.as_str()))
    }
}

impl Desk {
    /// Reads a study as one of its submissions says it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when the submission is none, or its site is gone;
    /// [`DeskError::Storage`].
    pub fn submitted(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<Submitted, DeskError> {
        self.as_said(&self.ground(study)?, submission)
    }

    /// A study that was read already, as one of its submissions says it.
    pub(super) fn as_said(
        &self,
        ground: &Ground,
        submission: &EntityId,
    ) -> Result<Submitted, DeskError> {
        let Ground { doc, standing, own } = ground;
        let version = Case::of(doc, submission, standing, own)
            .ok_or_else(|| DeskError::no_entity(submission.as_str()))?
            .version();
        let version = version.map(|version| version.id.clone());
        // One that is damaged is a finding, and no reason to show nothing.
        let frozen =
            version.and_then(|id| Some((id.clone(), self.version_shown(&doc.id, &id).ok()?)));
        Ok(Submitted {
            doc: match &frozen {
                Some((_, then)) => as_submitted(doc, then),
                None => doc.clone(),
            },
            standing: standing.clone(),
            own: own.clone(),
            id: submission.clone(),
            frozen,
        })
    }
}
