//! Submissions to ethics committees: begun, checked, frozen, followed until they are filed.
//!
//! What is right and what follows is decided in `model::submission`; this module reads what those
//! rules want and writes what a person decided.

mod course;
mod decide;
mod document;
pub(crate) mod lock;
mod new;
mod round;
mod send;
mod sent;
mod submitted;
mod twice;

use crate::desk::Desk;
use crate::error::DeskError;
use ledger::{Hash, canonical};
use model::file::BlobRef;
use model::formset::OwnSets;
use model::people::credential::Credential;
use model::submission::list::{enclosed, rows};
use model::submission::matrix::{self, MatrixRow};
use model::submission::state::{self, State};
use model::submission::{Case, Check, Finding, Looked, check, content};
use model::version::Standing;
use model::{Entity, EntityId, StudyDoc, StudyId, kind};
use std::collections::{BTreeMap, BTreeSet};

pub use decide::Decision;
pub use document::{OfficeFile, PackageParts};
pub use new::NewSubmission;
pub use round::Question;
pub use send::{Sending, Whole};
pub use submitted::Submitted;

/// A study with what its submissions are read against.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The study.
    pub doc: StudyDoc,
    /// Where its protocol stands.
    pub standing: Standing,
    /// The form sets of this vault.
    pub own: OwnSets,
}

/// The hash of what a submission holds.
pub(crate) fn content_hash(case: &Case<'_>) -> String {
    // Values come from commits and words, which hold nothing without a canonical form.
    let bytes = canonical::to_bytes(&content(case)).unwrap_or_default();
    Hash::of(&bytes).as_str().to_owned()
}

/// How far a submission is.
pub(crate) fn state_of(case: &Case<'_>) -> State {
    state::of(case.doc, case.submission, Some(&content_hash(case)))
}

impl Desk {
    /// Reads a study with what its submissions are read against.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn ground(&self, study: &StudyId) -> Result<Ground, DeskError> {
        let doc = self
            .study(study)?
            .ok_or_else(|| DeskError::no_study(study.as_str()))?;
        Ok(Ground {
            own: self.own_sets(&doc)?,
            doc,
            standing: self.standing(study)?,
        })
    }

    /// Every site of a study with its submissions.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn submissions(&self, study: &StudyId) -> Result<Vec<MatrixRow>, DeskError> {
        let ground = self.ground(study)?;
        // What was never checked, or is sent, does not ask what it holds.
        let asks =
            |one: &Entity| !one.text("checked").is_empty() && one.value("manifest").is_null();
        let content = |one: &Entity| {
            let said = Some(one).filter(|one| asks(one));
            let said = said.and_then(|one| self.as_said(&ground, &one.id).ok())?;
            Some(content_hash(&said.case().ok()?))
        };
        Ok(matrix::matrix(&ground.doc, &ground.standing, content))
    }

    /// What is missing in a submission, or does not fit.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn submission_findings(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<Vec<Finding>, DeskError> {
        self.findings_of(&self.submitted(study, submission)?)
    }

    pub(crate) fn findings_of(&self, said: &Submitted) -> Result<Vec<Finding>, DeskError> {
        let here = self.blobs_here()?;
        let case = said.case()?;
        let mut found = check(&Check {
            case,
            own_sets: &said.own,
            today: self.shanghai_day(),
            credentials: &self.credentials_of(&said.doc)?,
            here: Some(&here),
            looked: &self.looked,
        });
        // A package that was made of something else says nothing of what is made next.
        if case.submission.text("packageOf") != content_hash(&case) {
            found.retain(|one| !["madeTooLarge", "madeType"].contains(&one.code.as_str()));
        }
        Ok(found)
    }

    /// The documents of a submission whose files are here and were not looked into, or are locked
    /// and named in `again`; with the hash.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn submission_unlooked(
        &self,
        study: &StudyId,
        submission: &EntityId,
        again: &BTreeSet<EntityId>,
    ) -> Result<Vec<(EntityId, BlobRef)>, DeskError> {
        let said = self.submitted(study, submission)?;
        let case = said.case()?;
        let here = self.blobs_here()?;
        let files = enclosed(&rows(&case)).into_iter().filter_map(|one| {
            let file = one.file?;
            let is_wanted = match self.looked.get(&file.hash) {
                None => true,
                // Whoever made a package opened it, and did not read its words.
                Some(found) if found.refused.is_empty() || found.is_other_kind() => {
                    found.read.is_none()
                }
                Some(_) => again.contains(&one.document.id),
            };
            (is_wanted && here.contains(&file.hash)).then(|| (one.document.id.clone(), file))
        });
        Ok(files.collect())
    }

    /// Notes what was found in a file.
    pub fn file_looked(&mut self, hash: &str, mut found: Looked) {
        let known = self.looked.remove(hash).and_then(|known| known.read);
        found.read = found.read.or(known);
        self.looked.insert(hash.to_owned(), found);
    }

    /// The hash of what a submission holds now.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn submission_content(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<String, DeskError> {
        Ok(content_hash(&self.submitted(study, submission)?.case()?))
    }

    /// What the directories here know of the contacts of a study.
    fn credentials_of(
        &self,
        doc: &StudyDoc,
    ) -> Result<BTreeMap<EntityId, Vec<Credential>>, DeskError> {
        let book = self.book()?;
        let mut held = BTreeMap::new();
        for contact in doc.of_kind(kind::CONTACT) {
            let person = contact.link("directory.person").map(|link| link.entity);
            if let Some(person) = person.filter(|person| book.card(person).is_some()) {
                held.insert(contact.id.clone(), book.credentials(&person));
            }
        }
        Ok(held)
    }

    /// The day in Shanghai, which rules and letters count by.
    pub(crate) fn shanghai_day(&self) -> chrono::NaiveDate {
        (self.env.clock.now() + chrono::Duration::hours(8)).date_naive()
    }
}
