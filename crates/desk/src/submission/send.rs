//! Having a submission checked, and sending it: from then on it stays as it is.

use super::{Ground, content_hash, state_of};
use crate::desk::{Changed, Desk, stream_of};
use crate::edit::{checked, find, head_ids, save};
use crate::error::DeskError;
use crate::store::write::{Change, Reason};
use ledger::{Hash, canonical};
use model::file::BlobRef;
use model::submission::list::{enclosed, rows};
use model::submission::state::Step;
use model::submission::{Case, Finding, Level};
use model::{EntityId, StudyId, kind};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How a submission is sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sending {
    /// The day. Time: `YYYY-MM-DD`.
    pub on: String,
    /// Codes of findings that must be settled and are sent along nevertheless.
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
        let ground = self.ground(study)?;
        let found = self.findings_of(&ground, submission)?;
        let case = ground.case(submission)?;
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

    /// Freezes a submission and notes that it was sent; needs no network.
    ///
    /// # Errors
    /// [`DeskError::NotNow`] when it was sent already; [`DeskError::NotSendable`] with what must be
    /// settled and is not left out by name; [`DeskError::WhyMissing`] when something is left out
    /// without a reason; [`DeskError::Invalid`] for a day that is none.
    pub fn submission_send(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        sending: Sending,
    ) -> Result<Changed, DeskError> {
        let on = checked(kind::SUBMISSION, "sentOn", json!(sending.on))?;
        let left_out = self.submission_may_send(study, submission, &sending)?;
        let ground = self.ground(study)?;
        let case = ground.case(submission)?;
        let manifest = manifest(&ground, &case, &left_out);
        let why = Reason {
            code: Some("sent".into()),
            text: Some(sending.why.trim().to_owned()).filter(|why| !why.is_empty()),
        };
        let fields = vec![("sentOn", on), ("manifest", manifest)];
        self.write_own(study, submission, fields, Some(why))
    }

    /// Whether a submission may be sent: what is sent along nevertheless, by its codes.
    ///
    /// # Errors
    /// As [`Desk::submission_send`].
    pub fn submission_may_send(
        &self,
        study: &StudyId,
        submission: &EntityId,
        sending: &Sending,
    ) -> Result<BTreeSet<String>, DeskError> {
        checked(kind::SUBMISSION, "sentOn", json!(sending.on))?;
        let ground = self.ground(study)?;
        let case = ground.case(submission)?;
        let state = state_of(&case);
        if !state.allows(Step::Send) {
            return Err(DeskError::NotNow {
                state: state.code(),
            });
        }
        let found = self.findings_of(&ground, submission)?;
        let must = found.into_iter().filter(|one| one.level == Level::Must);
        let (left_out, open): (Vec<_>, Vec<_>) =
            must.partition(|one| sending.leave_out.contains(&one.code));
        if !open.is_empty() {
            return Err(DeskError::NotSendable(open));
        }
        if !left_out.is_empty() && sending.why.trim().is_empty() {
            return Err(DeskError::WhyMissing);
        }
        Ok(left_out.into_iter().map(|one| one.code).collect())
    }

    /// Writes registers of one entity that only this program writes, over all that stands there.
    pub(super) fn write_own(
        &mut self,
        study: &StudyId,
        entity: &EntityId,
        fields: Vec<(&str, Value)>,
        why: Option<Reason>,
    ) -> Result<Changed, DeskError> {
        let saved = self.transact(|conn, author| {
            stream_of(conn, study)?;
            let target = find(conn, study, entity)?;
            let mut changes = Vec::new();
            for (field, value) in fields {
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

/// What was sent: hashes alone, so that names in it can still be redacted.
fn manifest(ground: &Ground, case: &Case<'_>, left_out: &BTreeSet<String>) -> Value {
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
        .and_then(|one| ground.standing.version(&one.id));
    let package = BlobRef::read(case.submission.value("package"));
    let set = case.set.map(|set| {
        let value = serde_json::to_value(set).unwrap_or_default();
        let bytes = canonical::to_bytes(&value).unwrap_or_default();
        json!({"key": set.key, "version": set.version, "hash": Hash::of(&bytes).as_str()})
    });
    let mut manifest = json!({
        "v": 1,
        "stream": ground.doc.id.as_str(),
        "submission": case.submission.id.as_str(),
        "content": content_hash(case),
        "protocol": version.map(|row| row.hash.clone()),
        "forms": set,
        "files": files,
        "package": package.map(|file| file.hash),
        "leftOut": left_out,
    });
    // Blank and filled file of each form that is the office's own.
    let office = case.submission.value("officeForms");
    if !office.is_null() {
        manifest["officeForms"] = office.clone();
    }
    manifest
}

/// The hash of a manifest: the name of what was sent.
pub(crate) fn hash(manifest: &Value) -> String {
    Hash::of(&canonical::to_bytes(manifest).unwrap_or_default())
        .as_str()
        .to_owned()
}
