//! Offices' own blanks: held ready until a set that names them is saved; then a directory names
//! them for its sets, and a study for its submissions, so that they travel with both.
//!
//! Invariant: a stream names each content once. Whoever has the study has what its submissions are
//! made with, also without the directory.

use crate::desk::Desk;
use crate::edit::checked;
use crate::error::DeskError;
use crate::store::write::Change;
use crate::{ord, time};
use model::file::{BlobRef, mime_of};
use model::formset::FormSet;
use model::{EntityId, StudyId, kind};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Largest blank. Units: bytes.
pub const BLANK_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// Most blanks that are held ready; the oldest goes first.
const OFFERED_MAX: usize = 16;

/// A blank that no set names yet.
pub(crate) struct Offered {
    hash: String,
    bytes: Vec<u8>,
}

impl Desk {
    /// Holds a blank ready until a set that names it is saved; gives its hash. Nothing is stored.
    ///
    /// # Errors
    /// [`DeskError::FileTooLarge`], [`DeskError::Invalid`] for a name that is none.
    pub fn blank_offer(&mut self, name: &str, bytes: Vec<u8>) -> Result<String, DeskError> {
        if bytes.len() as u64 > BLANK_BYTES_MAX {
            return Err(DeskError::FileTooLarge {
                bytes_max: BLANK_BYTES_MAX,
            });
        }
        let hash = format!(
            "sha256:{}",
            data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes))
        );
        reference(&hash, bytes.len() as u64, name)?;
        self.offered.retain(|one| one.hash != hash);
        if self.offered.len() >= OFFERED_MAX {
            self.offered.remove(0);
        }
        self.offered.push(Offered {
            hash: hash.clone(),
            bytes,
        });
        Ok(hash)
    }

    /// The bytes of a blank: one that is held ready, or that is stored.
    ///
    /// # Errors
    /// As [`Desk::blob_read`].
    pub fn blank_read(&self, hash: &str) -> Result<Vec<u8>, DeskError> {
        match self.offered.iter().find(|one| one.hash == hash) {
            Some(one) => Ok(one.bytes.clone()),
            None => self.blob_read(hash),
        }
    }

    /// The blanks of a set that are here and that a stream does not name yet, stored.
    pub(crate) fn blanks_to_name(
        &mut self,
        stream: &StudyId,
        set: &FormSet,
    ) -> Result<Vec<BlobRef>, DeskError> {
        let blanks = set.forms.iter().filter_map(|form| form.blank.as_ref());
        let blanks: Vec<(String, String)> = blanks
            .map(|blank| (blank.sha256.clone(), blank.name.clone()))
            .collect();
        let mut files = Vec::new();
        for (hash, name) in blanks {
            match self.blank_read(&hash) {
                Ok(bytes) => files.push((name, bytes)),
                // It comes with the next contact, or is attached again.
                Err(DeskError::FileElsewhere | DeskError::Damaged(_)) => {}
                Err(error) => return Err(error),
            }
        }
        self.files_to_name(stream, &files)
    }

    /// Files that a stream does not name yet, stored.
    pub(crate) fn files_to_name(
        &mut self,
        stream: &StudyId,
        files: &[(String, Vec<u8>)],
    ) -> Result<Vec<BlobRef>, DeskError> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.files()?.into_iter();
        let known = known.filter(|one| one.stream == stream.as_str());
        let mut known: BTreeSet<String> = known.map(|one| one.hash).collect();
        let mut found = Vec::new();
        for (name, bytes) in files {
            let stored = self.blob_put(&mut bytes.as_slice())?;
            if known.insert(stored.hash.clone()) {
                found.push(reference(&stored.hash, stored.size, name)?);
            }
        }
        Ok(found)
    }

    /// What is written so that files are named below an entity.
    pub(crate) fn naming(&self, parent: &EntityId, files: &[BlobRef]) -> Vec<Change> {
        let one = |(n, file): (usize, &BlobRef)| {
            let id = EntityId::from_uuid(time::new_id(&self.env));
            let first = |field, value| Change::first(id.as_str(), kind::BLANK, field, value);
            [
                first("parent", json!({"$ref": parent.as_str()})),
                first("ord", ord::nth(n).into()),
                first("file", file.to_value()),
            ]
        };
        files.iter().enumerate().flat_map(one).collect()
    }

    /// Lets go of what was held ready and is stored now.
    pub(crate) fn blanks_stored(&mut self, set: &FormSet) {
        let blanks = set.forms.iter().filter_map(|form| form.blank.as_ref());
        let hashes: BTreeSet<&str> = blanks.map(|blank| blank.sha256.as_str()).collect();
        self.offered
            .retain(|one| !hashes.contains(one.hash.as_str()));
    }
}

fn reference(hash: &str, size: u64, name: &str) -> Result<BlobRef, DeskError> {
    let file = BlobRef {
        hash: hash.to_owned(),
        size,
        mime: mime_of(name).to_owned(),
        name: name.to_owned(),
    };
    checked(kind::BLANK, "file", file.to_value())?;
    Ok(file)
}
