//! Having a submission checked, and sending it: from then on it stays as it is.

use super::{Submitted, content_hash, round, state_of};
use crate::desk::{Changed, Desk, stream_of};
use crate::edit::{checked, find, head_ids, save};
use crate::error::DeskError;
use crate::store::write::{Change, Reason};
use ledger::{Hash, canonical};
use model::file::{BlobRef, mime_of};
use model::people::day;
use model::submission::list::{enclosed, rows};
use model::submission::state::Step;
use model::submission::{Case, Finding, Level};
use model::{EntityId, StudyId, kind};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The whole package as it goes out.
pub struct Whole<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// What the submission held when it was made: [`Desk::submission_content`].
    pub of: &'a str,
}

/// How a submission is sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sending {
    /// The day. Time: `YYYY-MM-DD`.
    pub on: String,
    /// Keys of findings that must be settled and are sent along nevertheless.
    pub leave_out: Vec<String>,
    /// Why they are.
    pub why: String,
}

impl Desk {
    /// Checks a submission and notes that it was checked as it is now, when nothing must be
    /// settled.
    ///
    /// # Errors
    /// [`DeskError::NotNow`] when it was sent; [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn submission_check(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<(Vec<Finding>, Changed), DeskError> {
        let said = self.submitted(study, submission)?;
        let found = self.findings_of(&said)?;
        let case = said.case()?;
        let state = state_of(&case);
        let must = found.iter().any(|one| one.level == Level::Must);
        if must || !state.allows(Step::Check) {
            return Ok((found, Changed::default()));
        }
        let today = self.shanghai_day().to_string();
        let hash = content_hash(&case);
        let changed = self.write_own(
            study,
            submission,
            vec![("checked", json!(hash)), ("checkedOn", json!(today))],
            None,
        )?;
        Ok((found, changed))
    }

    /// Whether a submission can be sent as it is; refuses as [`Desk::submission_send`] does.
    ///
    /// # Errors
    /// As [`Desk::submission_send`].
    pub fn submission_sendable(
        &self,
        study: &StudyId,
        submission: &EntityId,
        sending: &Sending,
    ) -> Result<(), DeskError> {
        let said = self.submitted(study, submission)?;
        self.left_out(&said, sending).map(drop)
    }

    /// What is left out by name, when nothing else stands against sending.
    fn left_out(&self, said: &Submitted, sending: &Sending) -> Result<BTreeSet<String>, DeskError> {
        let on = checked(kind::SUBMISSION, "sentOn", json!(sending.on))?;
        if on.is_null() {
            return Err(DeskError::missing(kind::SUBMISSION, "sentOn"));
        }
        let state = state_of(&said.case()?);
        if !state.allows(Step::Send) {
            return Err(DeskError::NotNow {
                state: state.code(),
            });
        }
        self.day_has_come(kind::SUBMISSION, "sentOn", &sending.on)?;
        let found = self.findings_of(said)?;
        let must = found.into_iter().filter(|one| one.level == Level::Must);
        let (left_out, open): (Vec<_>, Vec<_>) =
            must.partition(|one| sending.leave_out.contains(&one.key));
        if !open.is_empty() {
            return Err(DeskError::NotSendable(open));
        }
        if !left_out.is_empty() && sending.why.trim().is_empty() {
            return Err(DeskError::WhyMissing);
        }
        Ok(left_out.into_iter().map(|one| one.key).collect())
    }

    /// The package that was kept with a submission, with its name, when it was made of what the
    /// submission holds now.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Damaged`], [`DeskError::Storage`].
    pub fn submission_kept(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<Option<(String, Vec<u8>)>, DeskError> {
        let said = self.submitted(study, submission)?;
        let case = said.case()?;
        let is_of_now = case.submission.text("packageOf") == content_hash(&case);
        let kept = BlobRef::read(case.submission.value("package")).filter(|_| is_of_now);
        // Two laptops kept one each, or a sending was given up: the list is of another package.
        let is_without = case.submission.value("packageList").is_null();
        let kept = kept.filter(|file| is_without || self.list_of(&case, &file.hash).is_some());
        match kept.map(|file| Ok((self.blob_read(&file.hash)?, file.name))) {
            Some(Ok((bytes, name))) => Ok(Some((name, bytes))),
            Some(Err(DeskError::FileElsewhere)) | None => Ok(None),
            Some(Err(error)) => Err(error),
        }
    }

    /// What was sent: the package's name and its exact bytes, whatever was written since; `None`
    /// while it was not sent.
    ///
    /// # Errors
    /// [`DeskError::NothingKept`]; [`DeskError::SentTwice`]; [`DeskError::FileElsewhere`];
    /// [`DeskError::Damaged`] when the bytes here have not the hash that the manifest names; [`DeskError::NotFound`].
    pub fn submission_sent(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<Option<(String, Vec<u8>)>, DeskError> {
        let said = self.submitted(study, submission)?;
        let held = said.case()?.submission;
        let manifest = held.value("manifest");
        if manifest.is_null() {
            return Ok(None);
        }
        let is_twice = held
            .fields
            .get("manifest")
            .is_some_and(|held| held.conflict);
        if is_twice {
            return Err(DeskError::SentTwice);
        }
        let hash = manifest["package"].as_str().ok_or(DeskError::NothingKept)?;
        // The manifest says what was sent, whatever came into the register beside it.
        let bytes = self.blob_read(hash)?;
        let name = BlobRef::read(held.value("package")).map_or_else(String::new, |file| file.name);
        let name = Some(name).filter(|name| !name.is_empty());
        Ok(Some((name.unwrap_or_else(|| "package.pdf".into()), bytes)))
    }

    /// The hash of the list that was kept with a package, by the package's tagged hash.
    fn list_of(&self, case: &Case<'_>, package: &str) -> Option<String> {
        let list = BlobRef::read(case.submission.value("packageList"))?.hash;
        let read: Value = serde_json::from_slice(&self.blob_read(&list).ok()?).ok()?;
        let of = read["package"]["sha256"].as_str()?;
        (Some(of) == package.strip_prefix("sha256:")).then_some(list)
    }

    /// The list that lay beside what was sent, byte by byte; `None` when no list was kept with it.
    ///
    /// # Errors
    /// [`DeskError::FileElsewhere`]; [`DeskError::Damaged`]; [`DeskError::NotFound`].
    pub fn submission_sent_list(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<Option<Vec<u8>>, DeskError> {
        let said = self.submitted(study, submission)?;
        let held = said.case()?.submission;
        let list = held.value("manifest")["list"].as_str();
        list.map(|hash| self.blob_read(hash)).transpose()
    }

    /// Freezes a submission, keeps its package and notes that it was sent; needs no network.
    ///
    /// # Errors
    /// [`DeskError::LetterLater`]; [`DeskError::NotNow`] when it was sent already;
    /// [`DeskError::NotSendable`] with what must be settled and is not left out by name; [`DeskError::WhyMissing`] when something is left out
    /// without a reason; [`DeskError::Invalid`] for a day that is none.
    pub fn submission_send(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        sending: Sending,
        whole: &Whole<'_>,
    ) -> Result<Changed, DeskError> {
        let said = self.submitted(study, submission)?;
        let left_out = self.left_out(&said, &sending)?;
        let on = checked(kind::SUBMISSION, "sentOn", json!(sending.on))?;
        let case = said.case()?;
        if whole.of != content_hash(&case) {
            return Err(DeskError::StaleForm);
        }
        letter_fits(case.submission.value("packageParts"), &sending.on)?;
        let mut bytes = whole.bytes;
        let stored = self.blob_put(&mut bytes)?;
        let file = BlobRef {
            hash: stored.hash,
            size: stored.size,
            mime: mime_of(whole.name).to_owned(),
            name: whole.name.to_owned(),
        };
        let package = checked(kind::SUBMISSION, "package", file.to_value())?;
        let mut manifest = manifest(&said, &case, &left_out, &file.hash);
        // The list has words, which can be redacted: its hash alone is frozen.
        if let Some(list) = self.list_of(&case, &file.hash) {
            manifest["list"] = list.into();
        }
        let why = Reason {
            code: Some("sent".into()),
            text: Some(sending.why.trim().to_owned()).filter(|why| !why.is_empty()),
        };
        let fields = vec![
            ("sentOn", on.clone()),
            ("package", package),
            ("manifest", manifest),
        ];
        let own = fields
            .into_iter()
            .map(|(field, value)| (submission.clone(), field, value));
        let all = own.chain(round::carried(&case, &on)).collect();
        let changed = self.write_all(study, all, Some(why))?;
        // What was sent is not taken back by a step back.
        self.begin_sitting();
        Ok(changed)
    }

    /// Writes registers of one entity that only this program writes, over all that stands there.
    pub(super) fn write_own(
        &mut self,
        study: &StudyId,
        entity: &EntityId,
        fields: Vec<(&str, Value)>,
        why: Option<Reason>,
    ) -> Result<Changed, DeskError> {
        let fields = fields.into_iter();
        let all = fields.map(|(field, value)| (entity.clone(), field, value));
        self.write_all(study, all.collect(), why)
    }

    /// Writes such registers of several entities at once.
    pub(super) fn write_all(
        &mut self,
        study: &StudyId,
        fields: Vec<(EntityId, &str, Value)>,
        why: Option<Reason>,
    ) -> Result<Changed, DeskError> {
        let saved = self.transact(|conn, author| {
            stream_of(conn, study)?;
            let mut changes = Vec::new();
            for (entity, field, value) in fields {
                let target = find(conn, study, &entity)?;
                let p = head_ids(conn, target.entity, field)?;
                let change = Change::first(entity.as_str(), &target.kind, field, value);
                changes.push(Change { p, ..change });
            }
            save(conn, author, study, changes, why)
        })?;
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }
}

/// Refuses a sending day before the day that the letter of a package bears. Shape: `parts` as in
/// [`crate::PackageParts`]; those of older programs name no day.
pub(super) fn letter_fits(parts: &Value, on: &str) -> Result<(), DeskError> {
    let date = parts["date"].as_str().unwrap_or_default();
    match day::last(on).zip(day::first(date)) {
        Some((sent, letter)) if sent < letter => Err(DeskError::LetterLater { date: date.into() }),
        _ => Ok(()),
    }
}

/// What was sent: hashes alone, so that names in it can still be redacted.
fn manifest(
    said: &Submitted,
    case: &Case<'_>,
    left_out: &BTreeSet<String>,
    package: &str,
) -> Value {
    let all = rows(case);
    let files: Vec<Value> = enclosed(&all)
        .iter()
        .map(|one| {
            let file = one.file.as_ref().map(|file| file.hash.as_str());
            json!([one.item.key, one.document.id.as_str(), file])
        })
        .collect();
    let version = case
        .version()
        .and_then(|one| said.standing.version(&one.id));
    let set = case.set.map(|set| {
        let value = serde_json::to_value(set).unwrap_or_default();
        let bytes = canonical::to_bytes(&value).unwrap_or_default();
        json!({"key": set.key, "version": set.version, "hash": Hash::of(&bytes).as_str()})
    });
    let mut manifest = json!({
        "v": 1,
        "stream": said.doc.id.as_str(),
        "submission": case.submission.id.as_str(),
        "content": content_hash(case),
        "protocol": version.map(|row| row.hash.clone()),
        "forms": set,
        "files": files,
        "package": package,
        "leftOut": left_out,
    });
    // Blank and filled file of each form that is the office's own; where each part stands.
    for (register, name) in [("officeForms", "officeForms"), ("packageParts", "parts")] {
        let noted = case.submission.value(register);
        if !noted.is_null() {
            manifest[name] = noted.clone();
        }
    }
    manifest
}

/// The hash of a manifest: the name of what was sent.
pub(crate) fn hash(manifest: &Value) -> String {
    Hash::of(&canonical::to_bytes(manifest).unwrap_or_default())
        .as_str()
        .to_owned()
}
