//! A submission as a screen shows it.

use crate::response::{SubmissionField, SubmissionForm, SubmissionItem, SubmissionSheet};
use desk::{Desk, DeskError};
use model::formset;
use model::submission::list::{Row, rows};
use model::submission::matrix;
use model::{EntityId, StudyId, kind};

/// Everything that is derived for a submission.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Storage`].
pub fn sheet(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
) -> Result<SubmissionSheet, DeskError> {
    let ground = desk.ground(study)?;
    let case = ground.case(submission)?;
    let known = desk.submissions(study)?;
    let mut known = known
        .into_iter()
        .flat_map(|row: matrix::MatrixRow| row.submissions);
    let row = known.find(|row| row.id == *submission);
    let hash = desk.submission_hash(study, submission)?;
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
        list: list.iter().map(item).collect(),
        findings: desk.submission_findings(study, submission)?,
        packages: match hash.is_empty() {
            true => Vec::new(),
            false => desk.submission_packages(study, submission)?,
        },
        scans: ground
            .doc
            .of_kind(kind::DOCUMENT)
            .filter(|one| !hash.is_empty() && one.text("frozen") == hash)
            .map(|one| one.id.clone())
            .collect(),
        hash,
    })
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
