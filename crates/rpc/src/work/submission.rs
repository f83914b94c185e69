//! A submission as a screen shows it.

use crate::response::{
    SentDocument, SubmissionField, SubmissionForm, SubmissionItem, SubmissionSheet,
};
use desk::{Desk, DeskError};
use model::formset;
use model::submission::list::{Row, rows};
use model::submission::matrix;
use model::{EntityId, StudyId, kind};
use serde_json::Value;

/// Everything that is derived for a submission.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Storage`].
pub fn sheet(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
) -> Result<SubmissionSheet, DeskError> {
    let said = desk.submitted(study, submission)?;
    let case = said.case()?;
    let known = desk.submissions(study)?;
    let mut known = known
        .into_iter()
        .flat_map(|row: matrix::MatrixRow| row.submissions);
    let row = known.find(|row| row.id == *submission);
    let hash = desk.submission_hash(study, submission)?;
    let kept = match desk.submission_sent_list(study, submission) {
        Ok(kept) => kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()),
        // It comes with the next contact; what was frozen says enough until then.
        Err(DeskError::FileElsewhere) => None,
        Err(error) => return Err(error),
    };
    let kept: Value = kept.unwrap_or_default();
    let list = rows(&case);
    let forms = list
        .iter()
        .filter(|row| row.item.made == "form" && row.wanted);
    let forms = forms.filter_map(|row| case.set?.form(&row.item.form));
    Ok(SubmissionSheet {
        row: row.ok_or_else(|| DeskError::NotFound {
            what: "entity",
            id: submission.to_string(),
        })?,
        set: case.set.cloned(),
        forms: forms
            .map(|form| SubmissionForm {
                key: form.key.clone(),
                fields: formset::fill(&case, form).iter().map(field).collect(),
            })
            .collect(),
        list: (list.iter())
            .map(|row| SubmissionItem {
                sent: sent_of(&kept, &row.item.key),
                ..item(row)
            })
            .collect(),
        findings: desk.submission_findings(study, submission)?,
        packages: match hash.is_empty() {
            true => Vec::new(),
            false => desk.submission_packages(study, submission)?,
        },
        scans: said
            .doc
            .of_kind(kind::DOCUMENT)
            .filter(|one| !hash.is_empty() && one.text("frozen") == hash)
            .map(|one| one.id.clone())
            .collect(),
        hash,
    })
}

/// The documents of an item by the list that was kept at sending.
fn sent_of(kept: &Value, item: &str) -> Vec<SentDocument> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let files = kept["files"].as_array().into_iter().flatten();
    let files = files.filter(|one| one["item"] == item && !one["document"].is_null());
    let sent = files.map(|one| SentDocument {
        document: one["document"].as_str().and_then(EntityId::parse),
        title: text(&one["title"]),
        version: text(&one["version"]),
        date: text(&one["date"]),
    });
    sent.collect()
}

pub(super) fn item(row: &Row<'_>) -> SubmissionItem {
    let ids = |entities: &[&model::Entity]| entities.iter().map(|one| one.id.clone()).collect();
    SubmissionItem {
        no: u32::try_from(row.no).unwrap_or(u32::MAX),
        key: row.item.key.clone(),
        name: row.item.name.clone(),
        status: row.status,
        wanted: row.wanted,
        ask: row.item.ask,
        made: row.item.made.clone(),
        kinds: row.item.kinds.clone(),
        documents: ids(&row.documents),
        sent: Vec::new(),
        enclosures: ids(&row.enclosures),
        reason: row.reason.to_owned(),
        verification: row.item.verification.clone().unwrap_or_default(),
    }
}

pub(super) fn field(one: &formset::Filled<'_>) -> SubmissionField {
    SubmissionField {
        name: format!("{}.{}", one.part, one.field.key),
        label: one.field.label.clone(),
        text: one.text(),
        answered: one.answered,
        missing: one.is_missing(),
        unresolved: one.unresolved,
    }
}
