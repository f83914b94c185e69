//! Files of documents.

use crate::desk::{Changed, Desk};
use crate::edit::{find, operation, save};
use crate::error::DeskError;
use crate::store::write::Change;
use model::file::{BlobRef, mime_of};
use model::{EntityId, StudyId, kind};
use std::io::Read;

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
        // Nothing is stored for a document that is not there.
        if find(&self.opened.conn, study, document)?.kind != kind::DOCUMENT {
            return Err(DeskError::no_entity(document.as_str()));
        }
        let stored = self.blob_put(bytes)?;
        let file = BlobRef {
            hash: stored.hash,
            size: stored.size,
            mime: mime_of(name).to_owned(),
            name: name.to_owned(),
        };
        let value = crate::edit::checked(kind::DOCUMENT, "file", file.to_value())?;
        let saved = self.transact(|conn, author| {
            let target = find(conn, study, document)?;
            let mut p = Vec::new();
            for text in seen {
                let (id, _) = operation(conn, target.stream, text, |entity, field| {
                    entity == target.entity && field == "file"
                })?;
                p.push(id);
            }
            let change = Change::first(document.as_str(), kind::DOCUMENT, "file", value);
            save(conn, author, study, vec![Change { p, ..change }], None)
        })?;
        self.remember(study, &saved)?;
        Ok((file, Changed::study(study.as_str())))
    }
}
