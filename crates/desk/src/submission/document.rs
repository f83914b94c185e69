//! Files of documents, and of a submission as a whole.

use crate::desk::{Changed, Desk};
use crate::edit::{checked, find, head_ids, operation, save};
use crate::error::DeskError;
use crate::store::write::Change;
use crate::submission::{content_hash, lock};
use model::file::{BlobRef, mime_of};
use model::{EntityId, StudyId, kind};
use serde_json::{Value, json};
use std::io::Read;

/// What a package was made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PackageParts {
    /// Our own pages and the files: numbers, hashes and ids, no words. Shape: `own` and `files`,
    /// as in the list that lies beside a package.
    pub parts: Value,
    /// The blanks of the office that were filled. Shape: form → `blank` and `filled`, both tagged
    /// hashes.
    pub office_forms: Option<Value>,
}

impl Desk {
    /// Gives a document its file; `seen` names what was on screen of the one before.
    ///
    /// # Errors
    /// [`DeskError::FileTooLarge`], [`DeskError::Invalid`] for a name that is none,
    /// [`DeskError::StaleForm`], [`DeskError::NotFound`], [`DeskError::Vault`].
    pub fn document_attach(
        &mut self,
        study: &StudyId,
        document: &EntityId,
        name: &str,
        bytes: &mut dyn Read,
        seen: &[String],
    ) -> Result<(BlobRef, Changed), DeskError> {
        let place = Place {
            study,
            entity: document,
            kind: kind::DOCUMENT,
            field: "file",
        };
        self.attach(place, name, bytes, seen)
    }

    /// Keeps the whole package of a submission that is not sent yet, so that what was sent can be
    /// shown as it was; an earlier one is replaced.
    ///
    /// # Errors
    /// [`DeskError::Sent`] when the submission was sent, and as [`Desk::document_attach`].
    pub fn submission_keep(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        name: &str,
        bytes: &mut dyn Read,
    ) -> Result<(BlobRef, Changed), DeskError> {
        let target = find(&self.opened.conn, study, submission)?;
        lock::refuse_change(&self.opened.conn, &target, "package")?;
        let heads = head_ids(&self.opened.conn, target.entity, "package")?;
        let seen: Vec<String> = heads.iter().map(ToString::to_string).collect();
        let place = Place {
            study,
            entity: submission,
            kind: kind::SUBMISSION,
            field: "package",
        };
        let (file, changed) = self.attach(place, name, bytes, &seen)?;
        let of = content_hash(&self.ground(study)?.case(submission)?);
        self.write_own(study, submission, vec![("packageOf", json!(of))], None)?;
        Ok((file, changed))
    }

    /// Notes what a package of a submission was made of.
    ///
    /// # Errors
    /// As [`Self::submission_keep`].
    pub fn submission_keep_parts(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        parts: PackageParts,
    ) -> Result<Changed, DeskError> {
        let target = find(&self.opened.conn, study, submission)?;
        let mut fields = vec![("packageParts", parts.parts)];
        fields.extend(parts.office_forms.map(|forms| ("officeForms", forms)));
        for (field, _) in &fields {
            lock::refuse_change(&self.opened.conn, &target, field)?;
        }
        self.write_own(study, submission, fields, None)
    }

    fn attach(
        &mut self,
        place: Place<'_>,
        name: &str,
        bytes: &mut dyn Read,
        seen: &[String],
    ) -> Result<(BlobRef, Changed), DeskError> {
        let Place {
            study,
            entity: id,
            kind,
            field,
        } = place;
        // Nothing is stored for what is not there.
        if find(&self.opened.conn, study, id)?.kind != kind {
            return Err(DeskError::no_entity(id.as_str()));
        }
        let stored = self.blob_put(bytes)?;
        let file = BlobRef {
            hash: stored.hash,
            size: stored.size,
            mime: mime_of(name).to_owned(),
            name: name.to_owned(),
        };
        let value = checked(kind, field, file.to_value())?;
        let saved = self.transact(|conn, author| {
            let target = find(conn, study, id)?;
            let mut p = Vec::new();
            for text in seen {
                let belongs = |entity, name: &str| entity == target.entity && name == field;
                p.push(operation(conn, target.stream, text, belongs)?.0);
            }
            let change = Change::first(id.as_str(), kind, field, value);
            save(conn, author, study, vec![Change { p, ..change }], None)
        })?;
        self.remember(study, &saved)?;
        Ok((file, Changed::study(study.as_str())))
    }
}

/// A register that holds a file.
struct Place<'a> {
    study: &'a StudyId,
    entity: &'a EntityId,
    kind: &'static str,
    field: &'static str,
}
