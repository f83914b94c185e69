//! What a committee decided: noted, and corrected only with a reason.

use super::course::{below, may, not_before};
use super::round::Question;
use super::state_of;
use crate::desk::{Changed, Desk};
use crate::edit::{checked, save};
use crate::error::DeskError;
use crate::store::write::{Change, Reason};
use crate::time;
use model::submission::content::CORRECTED_DECISION;
use model::submission::rounds;
use model::submission::state::{State, Step};
use model::version::STOPS;
use model::{Entity, EntityId, StudyDoc, StudyId, kind};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a committee decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// Code of `decisionResult`.
    pub result: String,
    /// Further registers of the decision: number, day, validity, interval, conditions.
    pub fields: BTreeMap<String, Value>,
    /// What the re-review must answer, point by point, where the committee sends the submission
    /// back; empty for each line of the conditions.
    pub points: Vec<Question>,
    /// Whether it is noted although a question is open, or another decision was noted before.
    pub anyway: bool,
}

/// What a decision says of the approval that is noted with it: register, and what it is there.
const OF_APPROVAL: [(&str, &str); 5] = [
    ("date", "decidedOn"),
    ("number", "letter"),
    ("validUntil", "validUntil"),
    ("intervalMonths", "intervalMonths"),
    ("conditions", "conditions"),
];

impl Desk {
    /// Notes what the committee decided; of a submission with a protocol version also as the
    /// approval of that version at the site, which the next comparison starts from. Points that a
    /// re-review must answer become a round.
    ///
    /// # Errors
    /// [`DeskError::QuestionOpen`] and [`DeskError::DecidedBefore`] when nobody said that it is so
    /// nevertheless; [`DeskError::PointsWithoutReview`], [`DeskError::TooEarly`],
    /// [`DeskError::NotNow`], [`DeskError::Invalid`], [`DeskError::NotFound`].
    pub fn submission_decide(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        decision: Decision,
    ) -> Result<(EntityId, Changed), DeskError> {
        let said = self.submitted(study, submission)?;
        let case = said.case()?;
        may(&case, Step::Decide)?;
        match state_of(&case) {
            State::Queried if !decision.anyway => return Err(DeskError::QuestionOpen),
            State::Decided if !decision.anyway => return Err(DeskError::DecidedBefore),
            _ => {}
        }
        if let Some(day) = decision.fields.get("date").and_then(Value::as_str) {
            self.follows(&case, (kind::DECISION, "date"), day)?;
            // No approval ends before it is given.
            let until = decision.fields.get("validUntil").and_then(Value::as_str);
            until.map_or(Ok(()), |until| not_before(until, day))?;
        }
        let result = checked(kind::DECISION, "result", json!(decision.result))?;
        if result.is_null() {
            return Err(DeskError::missing(kind::DECISION, "result"));
        }
        let points = points_of(&decision)?;
        let id = EntityId::from_uuid(time::new_id(&self.env));
        let mut changes = below(&id, kind::DECISION, submission, None);
        changes.push(Change::first(id.as_str(), kind::DECISION, "result", result));
        let mut said = BTreeMap::new();
        for (field, value) in decision.fields {
            let value = checked(kind::DECISION, &field, value)?;
            if !value.is_null() {
                changes.push(Change::first(
                    id.as_str(),
                    kind::DECISION,
                    &field,
                    value.clone(),
                ));
                said.insert(field, value);
            }
        }
        let status = approval_status(&decision.result);
        // Of a report, only what renews or stops an approval says something about the version.
        let says = |status: &&str| {
            let renews = case.kind() == "continuing" && *status == "approved";
            !case.is_report() || renews || STOPS.contains(status)
        };
        if let (Some(version), Some(status)) = (case.version(), status.filter(says)) {
            changes.extend(self.approval(&version.id, case.site, status, case.submission, &said));
        }
        if !points.is_empty() {
            let days = ["receivedOn", "date"].into_iter();
            let on = days.filter_map(|field| said.get(field)).next();
            let on = on.cloned().unwrap_or_default();
            changes.extend(self.round(&case, &on, points)?.1);
        }
        let saved = self.transact(|conn, author| save(conn, author, study, changes, None))?;
        self.remember(study, &saved)?;
        Ok((id, Changed::study(study.as_str())))
    }

    /// The decision as an approval of the version at the site.
    fn approval(
        &self,
        version: &EntityId,
        site: &Entity,
        status: &str,
        submission: &Entity,
        said: &BTreeMap<String, Value>,
    ) -> Vec<Change> {
        let id = EntityId::from_uuid(time::new_id(&self.env));
        let mut changes = below(&id, kind::APPROVAL, version, None);
        let mut set = |field: &str, value: Value| {
            if !value.is_null() {
                changes.push(Change::first(id.as_str(), kind::APPROVAL, field, value));
            }
        };
        set("site", json!({"$ref": site.id.as_str()}));
        set("status", json!(status));
        set("submittedOn", submission.value("sentOn").clone());
        for (from, to) in OF_APPROVAL {
            set(to, said.get(from).cloned().unwrap_or_default());
        }
        changes
    }

    /// Corrects a register of the decision that counts, and of the approval that was noted with it.
    pub(super) fn correct_decision(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        field: &str,
        value: &str,
        why: Reason,
    ) -> Result<Changed, DeskError> {
        let said = self.submitted(study, submission)?;
        let case = said.case()?;
        let known = CORRECTED_DECISION.into_iter().find(|known| *known == field);
        let (Some(field), Some(decision)) = (known, case.decision()) else {
            return Err(DeskError::ReadOnlyField {
                kind: kind::DECISION.into(),
                field: field.into(),
            });
        };
        let value = match field {
            "intervalMonths" => value
                .trim()
                .parse::<u64>()
                .map_or(json!(value), |n| json!(n)),
            _ => json!(value),
        };
        let value = checked(kind::DECISION, field, value)?;
        if value.is_null() && ["result", "date"].contains(&field) {
            return Err(DeskError::missing(kind::DECISION, field));
        }
        let day = |wanted: &str| match field == wanted {
            true => value.as_str().unwrap_or_default().to_owned(),
            false => decision.text(wanted).to_owned(),
        };
        if field == "date" {
            self.follows(&case, (kind::DECISION, "date"), &day("date"))?;
        }
        if !day("validUntil").is_empty() {
            not_before(&day("validUntil"), &day("date"))?;
        }
        let mut all = vec![(decision.id.clone(), field, value.clone())];
        let status = |result: &str| approval_status(result).unwrap_or("submitted");
        let approvals = case.version().into_iter().flat_map(|version| {
            let approvals = case.doc.children(&version.id, kind::APPROVAL);
            approvals.filter(|one| {
                one.reference("site").as_ref() == Some(&case.site.id)
                    && one.text("status") == status(decision.text("result"))
                    && one.text("letter") == decision.text("number")
                    && one.text("decidedOn") == decision.text("date")
            })
        });
        for approval in approvals {
            let of = OF_APPROVAL.iter().find(|(from, _)| *from == field);
            all.push(match of {
                Some((_, to)) => (approval.id.clone(), *to, value.clone()),
                None => {
                    let status = status(value.as_str().unwrap_or_default());
                    (approval.id.clone(), "status", json!(status))
                }
            });
        }
        self.write_all(study, all, Some(why))
    }
}

/// The status of an approval that a decision gives a version; `None` when it says nothing of one.
fn approval_status(result: &str) -> Option<&'static str> {
    match result {
        "approved" => Some("approved"),
        "modify" => Some("modify"),
        "resubmit" => Some("resubmit"),
        "rejected" => Some("rejected"),
        "suspended" => Some("suspended"),
        "terminated" => Some("terminated"),
        _ => None,
    }
}

/// What a re-review must answer: what is said point by point, else each line of the conditions.
fn points_of(decision: &Decision) -> Result<Vec<Question>, DeskError> {
    let is_sent_back = rounds::SENT_BACK.contains(&decision.result.as_str());
    match (is_sent_back, decision.points.is_empty()) {
        (false, false) => Err(DeskError::PointsWithoutReview),
        (true, true) => {
            let conditions = decision.fields.get("conditions").and_then(Value::as_str);
            let lines = rounds::lines(conditions.unwrap_or_default());
            Ok(Question::numbered(lines))
        }
        _ => Ok(decision.points.clone()),
    }
}

/// Whether a decision about a submission was ever noted, also one that was put aside since.
pub(super) fn was_decided(doc: &StudyDoc, submission: &EntityId) -> bool {
    let mut decisions = doc.entities.iter().filter(|one| one.kind == kind::DECISION);
    decisions.any(|one| {
        let result = one.fields.get("result");
        let said = result.is_some_and(|held| held.heads.iter().any(|head| !head.value.is_null()));
        one.parent.as_ref() == Some(submission) && said
    })
}
