//! What becomes of a submission that was sent: taken in, asked about, answered, decided, filed.

use super::{decide, send, state_of};
use crate::desk::{Changed, Desk};
use crate::edit::{checked, refuse_day};
use crate::error::DeskError;
use crate::ord;
use crate::store::write::{Change, Reason};
use model::people::day;
use model::submission::content::CORRECTED;
use model::submission::state::Step;
use model::submission::{Case, rounds};
use model::{EntityId, StudyId, kind};
use serde_json::json;

/// Refuses a step that does not follow from where a submission is.
pub(super) fn may(case: &Case<'_>, step: Step) -> Result<(), DeskError> {
    let state = state_of(case);
    if state.allows(step) {
        Ok(())
    } else {
        Err(DeskError::NotNow {
            state: state.code(),
        })
    }
}

impl Desk {
    /// Notes that the office took a submission in.
    ///
    /// # Errors
    /// [`DeskError::NotNow`], [`DeskError::Invalid`], [`DeskError::NotFound`].
    pub fn submission_accept(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        on: &str,
        number: &str,
    ) -> Result<Changed, DeskError> {
        let said = self.submitted(study, submission)?;
        let case = said.case()?;
        may(&case, Step::Accept)?;
        self.follows(&case, (kind::SUBMISSION, "acceptedOn"), on)?;
        let fields = [("acceptedOn", on), ("acceptance", number)];
        self.write_checked(study, submission, &fields)
    }

    /// Puts a decided submission away.
    ///
    /// # Errors
    /// [`DeskError::NotNow`], [`DeskError::Invalid`], [`DeskError::NotFound`].
    pub fn submission_file(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        on: &str,
        at: &str,
    ) -> Result<Changed, DeskError> {
        let said = self.submitted(study, submission)?;
        let case = said.case()?;
        may(&case, Step::File)?;
        self.follows(&case, (kind::SUBMISSION, "filedOn"), on)?;
        self.write_checked(study, submission, &[("filedOn", on), ("filedAt", at)])
    }

    /// Takes a submission back, for a reason.
    ///
    /// # Errors
    /// [`DeskError::NotNow`], [`DeskError::WhyMissing`], [`DeskError::Invalid`].
    pub fn submission_withdraw(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        on: &str,
        why: &str,
    ) -> Result<Changed, DeskError> {
        if why.trim().is_empty() {
            return Err(DeskError::WhyMissing);
        }
        let said = self.submitted(study, submission)?;
        let case = said.case()?;
        may(&case, Step::Withdraw)?;
        if decide::was_decided(case.doc, submission) {
            return Err(DeskError::Decided);
        }
        self.follows(&case, (kind::SUBMISSION, "withdrawnOn"), on)?;
        let fields = [("withdrawnOn", on), ("withdrawnReason", why)];
        self.write_checked(study, submission, &fields)
    }

    /// Corrects what was noted of a submission after it was sent, `decision.<register>` of its
    /// decision; the ledger keeps what stood there, who corrected it, and why.
    ///
    /// # Errors
    /// [`DeskError::WhyMissing`]; [`DeskError::ReadOnlyField`] for anything else of it and for what
    /// was not noted; [`DeskError::LetterLater`], [`DeskError::TooEarly`], [`DeskError::Invalid`],
    /// [`DeskError::NotFound`].
    pub fn submission_correct(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        field: &str,
        value: &str,
        why: &str,
    ) -> Result<Changed, DeskError> {
        if why.trim().is_empty() {
            return Err(DeskError::WhyMissing);
        }
        let reason = Reason {
            code: Some("corrected".into()),
            text: Some(why.trim().to_owned()),
        };
        if let Some(field) = field.strip_prefix("decision.") {
            return self.correct_decision(study, submission, field, value, reason);
        }
        let said = self.submitted(study, submission)?;
        let case = said.case()?;
        let known = CORRECTED.into_iter().find(|known| *known == field);
        let noted = known.filter(|field| !case.submission.text(field).is_empty());
        let Some(field) = noted else {
            return Err(DeskError::ReadOnlyField {
                kind: kind::SUBMISSION.into(),
                field: field.into(),
            });
        };
        let value = checked(kind::SUBMISSION, field, json!(value))?;
        if value.is_null() && field.ends_with("On") {
            return Err(DeskError::missing(kind::SUBMISSION, field));
        }
        let day = value.as_str().unwrap_or_default();
        if field == "sentOn" {
            self.day_has_come(kind::SUBMISSION, field, day)?;
            send::letter_fits(&case.submission.value("manifest")["parts"], day)?;
        } else if field.ends_with("On") {
            self.follows(&case, (kind::SUBMISSION, field), day)?;
        }
        let mut all = vec![(submission.clone(), field, value.clone())];
        if field == "sentOn" {
            // Answers that went along went on the same day.
            let rounds = rounds::carried(case.doc, case.submission);
            all.extend(
                rounds
                    .iter()
                    .map(|round| (round.id.clone(), field, value.clone())),
            );
        }
        self.write_all(study, all, Some(reason))
    }

    /// Refuses a day that has not come yet.
    pub(super) fn day_has_come(&self, kind: &str, field: &str, on: &str) -> Result<(), DeskError> {
        refuse_day(kind, field, &json!(on), &self.env.latest_today())
    }

    /// Refuses a day that has not come yet, or lies before the submission was sent.
    pub(super) fn follows(
        &self,
        case: &Case<'_>,
        (kind, field): (&str, &str),
        on: &str,
    ) -> Result<(), DeskError> {
        self.day_has_come(kind, field, on)?;
        not_before(on, case.submission.text("sentOn"))
    }

    fn write_checked(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        fields: &[(&'static str, &str)],
    ) -> Result<Changed, DeskError> {
        let mut own = Vec::new();
        for (field, text) in fields {
            let value = checked(kind::SUBMISSION, field, json!(text))?;
            if !value.is_null() {
                own.push((*field, value));
            }
        }
        self.write_own(study, submission, own, None)
    }
}

/// Refuses a day before another one; a month is before a day only when all of it is.
pub(super) fn not_before(on: &str, first: &str) -> Result<(), DeskError> {
    match day::last(on).zip(day::first(first)) {
        Some((late, early)) if late < early => Err(DeskError::TooEarly { date: first.into() }),
        _ => Ok(()),
    }
}

/// A new entity below another one, last of all.
pub(super) fn below(
    id: &EntityId,
    kind: &str,
    parent: &EntityId,
    after: Option<&str>,
) -> Vec<Change> {
    let link = json!({"$ref": parent.as_str()});
    vec![
        Change::first(id.as_str(), kind, "parent", link),
        Change::first(id.as_str(), kind, "ord", ord::between(after, None).into()),
    ]
}
