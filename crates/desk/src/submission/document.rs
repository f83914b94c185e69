//! Files of documents, and of a submission as a whole.

use crate::desk::{Changed, Desk};
use crate::edit::{checked, find, head_ids, save};
use crate::error::DeskError;
use crate::store::write::Change;
use crate::submission::{content_hash, lock};
use crate::token;
use model::file::{BlobRef, mime_of};
use model::reference::Bilingual;
use model::submission::list::rows;
use model::{EntityId, StudyId, kind};
use serde_json::{Value, json};
use std::io::Read;

/// A form of the office's own, filled and kept.
#[derive(Clone, Debug, PartialEq)]
pub struct OfficeFile {
    /// Place of its item in the list, from 1; 0 when it is in no list any more.
    pub no: usize,
    /// Key of the item.
    pub item: String,
    /// Key of the form.
    pub form: String,
    /// What the form is called.
    pub title: Bilingual,
    /// The hash of the blank.
    pub blank: String,
    /// The filled file.
    pub file: BlobRef,
}

/// What a package was made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PackageParts {
    /// The list that lies beside the package, byte by byte; empty when none was made.
    pub list: Vec<u8>,
    /// Our own pages and the files: numbers, hashes and ids, no words. Shape: `own` and `files`,
    /// as in the list that lies beside a package, `date`, the day that the letter bears, and `lang`,
    /// the language of our pages.
    pub parts: Value,
    /// The blanks of the office that were filled; null where there are none. Shape: form →
    /// `blank` and `filled`, both tagged hashes.
    pub office_forms: Value,
    /// What came of each of them: name and bytes.
    pub office_files: Vec<(String, Vec<u8>)>,
}

/// The name of the list beside a package.
const LIST: &str = "manifest.json";

impl Desk {
    /// Gives a document its file, and with it one that was noted as lacking is there; `seen` names
    /// what was on screen of the file before.
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
        let register = self.register(study, submission, "package")?;
        let seen = register.map(|held| held.seen()).unwrap_or_default();
        let place = Place {
            study,
            entity: submission,
            kind: kind::SUBMISSION,
            field: "package",
        };
        let (file, changed) = self.attach(place, name, bytes, &seen)?;
        let of = content_hash(&self.submitted(study, submission)?.case()?);
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
        for field in ["packageParts", "packageList", "officeForms"] {
            lock::refuse_change(&self.opened.conn, &target, field)?;
        }
        let list = match parts.list.as_slice() {
            [] => Value::Null,
            mut bytes => {
                let stored = self.blob_put(&mut bytes)?;
                let file = BlobRef {
                    hash: stored.hash,
                    size: stored.size,
                    mime: mime_of(LIST).to_owned(),
                    name: LIST.to_owned(),
                };
                checked(kind::SUBMISSION, "packageList", file.to_value())?
            }
        };
        let own = vec![("packageParts", parts.parts), ("packageList", list)];
        let mut changed = self.write_own(study, submission, own, None)?;
        let (forms, files) = (parts.office_forms, parts.office_files);
        changed.add(self.keep_forms(study, submission, forms, &files)?);
        Ok(changed)
    }

    /// Notes which blanks were filled and keeps what came of each, with its blank, so that the
    /// study alone tells what was sent.
    fn keep_forms(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        forms: Value,
        files: &[(String, Vec<u8>)],
    ) -> Result<Changed, DeskError> {
        let target = find(&self.opened.conn, study, submission)?;
        let is_new = head_ids(&self.opened.conn, target.entity, "officeForms")?.is_empty();
        if forms.is_null() && is_new {
            return Ok(Changed::default());
        }
        let set = self.submitted(study, submission)?.case()?.set.cloned();
        let mut named = match set {
            Some(set) => self.blanks_to_name(study, &set)?,
            None => Vec::new(),
        };
        named.extend(self.files_to_name(study, files)?);
        let naming = self.naming(submission, &named);
        let saved = self.transact(|conn, author| {
            let p = head_ids(conn, target.entity, "officeForms")?;
            let id = submission.as_str();
            let change = Change::first(id, kind::SUBMISSION, "officeForms", forms);
            let mut changes = vec![Change { p, ..change }];
            changes.extend(naming);
            save(conn, author, study, changes, None)
        })?;
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }

    /// The office's own forms as they were sent, or as the package that is kept has them.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn submission_office_files(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<Vec<OfficeFile>, DeskError> {
        let held = self.submitted(study, submission)?;
        let case = held.case()?;
        // What the manifest says was sent, whatever came into the register beside it.
        let said = match case.submission.value("manifest") {
            manifest if manifest.is_null() => case.submission.value("officeForms"),
            manifest => &manifest["officeForms"],
        };
        let all = rows(&case);
        let named: Vec<BlobRef> = (held.doc.of_kind(kind::BLANK))
            .filter_map(|one| BlobRef::read(one.value("file")))
            .collect();
        let forms = said.as_object().into_iter().flatten();
        let found = forms.filter_map(|(form, hashes)| {
            let hash = hashes["filled"].as_str()?;
            let row = all.iter().find(|row| row.item.form == *form);
            let title = case.set.and_then(|set| set.form(form));
            Some(OfficeFile {
                no: row.map_or(0, |row| row.no),
                item: row.map_or_else(String::new, |row| row.item.key.clone()),
                title: title.map_or_else(Bilingual::default, |form| form.name.clone()),
                blank: hashes["blank"].as_str().unwrap_or_default().to_owned(),
                file: named.iter().find(|file| file.hash == hash)?.clone(),
                form: form.clone(),
            })
        });
        let mut found: Vec<OfficeFile> = found.collect();
        found.sort_by(|a, b| (a.no, &a.form).cmp(&(b.no, &b.form)));
        Ok(found)
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
        // A document with a file lacks no longer.
        let status = (kind == kind::DOCUMENT).then(|| self.register(study, id, "status"));
        let status = status.transpose()?.flatten();
        let is_lacking = status.is_some_and(|held| held.value() == "lack");
        let saved = self.transact(|conn, author| {
            let target = find(conn, study, id)?;
            let p = token::seen(conn, target.stream, seen, |entity, name| {
                entity == target.entity && name == field
            })?;
            let change = Change::first(id.as_str(), kind, field, value);
            let mut changes = vec![Change { p, ..change }];
            if is_lacking {
                let p = head_ids(conn, target.entity, "status")?;
                let change = Change::first(id.as_str(), kind, "status", json!("have"));
                changes.push(Change { p, ..change });
            }
            save(conn, author, study, changes, None)
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
