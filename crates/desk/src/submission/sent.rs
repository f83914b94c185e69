//! What was sent, as it was sent.

use super::{content_hash, send};
use crate::desk::Desk;
use crate::error::DeskError;
use model::file::BlobRef;
use model::{Entity, EntityId, StudyId};

/// A submission against what was sent of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsSent {
    /// It is not sent yet.
    Open,
    /// The package that was sent, byte for byte.
    Kept {
        /// Its name.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
        /// Their hash.
        hash: String,
    },
    /// No package was kept; everything that it is made of is as it was.
    Same,
    /// No package was kept, and something that it is made of was changed since.
    Changed,
}

impl Desk {
    /// What was sent of a submission.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::FileElsewhere`] when the package is on another laptop.
    pub fn submission_as_sent(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<AsSent, DeskError> {
        let ground = self.ground(study)?;
        let case = ground.case(submission)?;
        let manifest = case.submission.value("manifest");
        if manifest.is_null() {
            return Ok(AsSent::Open);
        }
        let Some(hash) = manifest["package"].as_str() else {
            let is_same = manifest["content"].as_str() == Some(content_hash(&case).as_str());
            return Ok(if is_same {
                AsSent::Same
            } else {
                AsSent::Changed
            });
        };
        let file = BlobRef::read(case.submission.value("package"));
        let name = file.filter(|file| file.hash == hash).map(|file| file.name);
        Ok(AsSent::Kept {
            bytes: self.blob_read(hash)?,
            hash: hash.to_owned(),
            name: name.unwrap_or_else(|| "package.pdf".to_owned()),
        })
    }

    /// The name of what was sent: the hash of its manifest; empty before it is sent.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn submission_hash(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<String, DeskError> {
        let ground = self.ground(study)?;
        let entity: &Entity = ground.case(submission)?.submission;
        Ok(match entity.value("manifest") {
            manifest if manifest.is_null() => String::new(),
            manifest => send::hash(manifest),
        })
    }
}
