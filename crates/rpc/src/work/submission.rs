//! A submission as a screen shows it.

use crate::response::{SubmissionField, SubmissionForm, SubmissionItem, SubmissionSheet};
use desk::{Desk, DeskError};
use model::formset;
use model::submission::list::{Row, rows};
use model::submission::{Case, matrix};
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
    let missing = |what, id: &str| DeskError::NotFound {
        what,
        id: id.to_owned(),
    };
    let doc = desk
        .study(study)?
        .ok_or_else(|| missing("study", study.as_str()))?;
    let standing = desk.standing(study)?;
    let own = desk.own_sets(&doc)?;
    let case = Case::of(&doc, submission, &standing, &own);
    let case = case.ok_or_else(|| missing("entity", submission.as_str()))?;
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
        row: row.ok_or_else(|| missing("entity", submission.as_str()))?,
        set: case.set.cloned(),
        forms: forms
            .map(|form| SubmissionForm {
                key: form.key.clone(),
                fields: formset::fill(&case, form).iter().map(field).collect(),
            })
            .collect(),
        list: list.iter().map(item).collect(),
        findings: desk.submission_findings(study, submission)?,
        scans: doc
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
