//! What becomes of a submission that was sent: taken in, asked about, answered, decided, filed.

use super::{send, state_of};
use crate::desk::{Changed, Desk};
use crate::edit::{checked, refuse_day, save};
use crate::error::DeskError;
use crate::store::write::{Change, Reason};
use crate::{ord, time};
use model::people::day;
use model::submission::content::CORRECTED;
use model::submission::state::{State, Step};
use model::version::STOPS;
use model::{EntityId, StudyId, kind};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a committee decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// Code of `decisionResult`.
    pub result: String,
    /// Further registers of the decision: number, day, validity, interval, conditions.
    pub fields: BTreeMap<String, Value>,
    /// Whether it is noted although a question is open, or another decision was noted before.
    pub anyway: bool,
}

/// A question of a committee.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// Its number, as printed.
    pub number: String,
    /// What it says.
    pub text: String,
}

impl Desk {
    /// Refuses a step that does not follow from where a submission is.
    fn may(&self, study: &StudyId, submission: &EntityId, step: Step) -> Result<(), DeskError> {
        let said = self.submitted(study, submission)?;
        let state = state_of(&said.case()?);
        if state.allows(step) {
            Ok(())
        } else {
            Err(DeskError::NotNow {
                state: state.code(),
            })
        }
    }

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
        self.may(study, submission, Step::Accept)?;
        self.follows(study, submission, kind::SUBMISSION, "acceptedOn", on)?;
        let fields = [("acceptedOn", on), ("acceptance", number)];
        self.write_checked(study, submission, &fields)
    }

    /// Notes a round of questions.
    ///
    /// # Errors
    /// [`DeskError::NotNow`], [`DeskError::Invalid`], [`DeskError::NotFound`].
    pub fn submission_ask(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        on: &str,
        questions: Vec<Question>,
    ) -> Result<(EntityId, Changed), DeskError> {
        self.may(study, submission, Step::Query)?;
        let said = self.submitted(study, submission)?;
        let round = said.case()?.replies().len() + 1;
        self.follows(study, submission, kind::REPLY, "receivedOn", on)?;
        let on = checked(kind::REPLY, "receivedOn", json!(on))?;
        let reply = EntityId::from_uuid(time::new_id(&self.env));
        let mut changes = below(&reply, kind::REPLY, submission, None);
        changes.push(Change::first(
            reply.as_str(),
            kind::REPLY,
            "round",
            json!(round),
        ));
        changes.push(Change::first(reply.as_str(), kind::REPLY, "receivedOn", on));
        let mut last: Option<String> = None;
        for question in questions {
            let point = EntityId::from_uuid(time::new_id(&self.env));
            let own = below(&point, kind::POINT, &reply, last.as_deref());
            last = own
                .iter()
                .find(|one| one.f == "ord")
                .and_then(|one| Some(one.value.as_str()?.to_owned()));
            changes.extend(own);
            for (field, text) in [("number", question.number), ("text", question.text)] {
                let value = checked(kind::POINT, field, json!(text))?;
                if !value.is_null() {
                    changes.push(Change::first(point.as_str(), kind::POINT, field, value));
                }
            }
        }
        let saved = self.transact(|conn, author| save(conn, author, study, changes, None))?;
        self.remember(study, &saved)?;
        Ok((reply, Changed::study(study.as_str())))
    }

    /// Sends the answers of a round; from then on they stay as they are.
    ///
    /// # Errors
    /// [`DeskError::NotNow`] when the round was sent, [`DeskError::Unanswered`] when a question has
    /// no answer, [`DeskError::Invalid`], [`DeskError::NotFound`].
    pub fn submission_answer(
        &mut self,
        study: &StudyId,
        reply: &EntityId,
        on: &str,
    ) -> Result<Changed, DeskError> {
        let ground = self.ground(study)?;
        let round = ground
            .doc
            .entity(reply)
            .filter(|one| one.kind == kind::REPLY);
        let round = round.ok_or_else(|| DeskError::no_entity(reply.as_str()))?;
        let parent = round
            .parent
            .clone()
            .ok_or_else(|| DeskError::no_entity(reply.as_str()))?;
        let state = state_of(&self.as_said(&ground, &parent)?.case()?);
        if !state.allows(Step::Answer) || !round.text("sentOn").is_empty() {
            return Err(DeskError::NotNow {
                state: state.code(),
            });
        }
        let mut points = Vec::new();
        for point in ground.doc.children(reply, kind::POINT) {
            let answer = point.text_in("answer", model::Lang::Zh);
            if answer.trim().is_empty() {
                return Err(DeskError::Unanswered {
                    number: point.text("number").to_owned(),
                });
            }
            let both = [point.text("answer.zh"), point.text("answer.en")];
            points.push(json!([point.id.as_str(), send::hash(&json!(both))]));
        }
        self.day_has_come(kind::REPLY, "sentOn", on)?;
        not_before(on, round.text("receivedOn"))?;
        let on = checked(kind::REPLY, "sentOn", json!(on))?;
        let manifest = json!({"v": 1, "reply": reply.as_str(), "points": points});
        let fields = vec![("sentOn", on), ("manifest", manifest)];
        let changed = self.write_own(study, reply, fields, None)?;
        // What was sent is not taken back by a step back.
        self.begin_sitting();
        Ok(changed)
    }

    /// Notes what the committee decided; of a submission with a protocol version also as the
    /// approval of that version at the site, which the next comparison starts from.
    ///
    /// # Errors
    /// [`DeskError::QuestionOpen`] and [`DeskError::DecidedBefore`] when nobody said that it is so
    /// nevertheless; [`DeskError::TooEarly`], [`DeskError::NotNow`], [`DeskError::Invalid`],
    /// [`DeskError::NotFound`].
    pub fn submission_decide(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        decision: Decision,
    ) -> Result<(EntityId, Changed), DeskError> {
        self.may(study, submission, Step::Decide)?;
        let said = self.submitted(study, submission)?;
        let case = said.case()?;
        match state_of(&case) {
            State::Queried if !decision.anyway => return Err(DeskError::QuestionOpen),
            State::Decided if !decision.anyway => return Err(DeskError::DecidedBefore),
            _ => {}
        }
        if let Some(day) = decision.fields.get("date").and_then(Value::as_str) {
            self.follows(study, submission, kind::DECISION, "date", day)?;
            // No approval ends before it is given.
            let until = decision.fields.get("validUntil").and_then(Value::as_str);
            until.map_or(Ok(()), |until| not_before(until, day))?;
        }
        let result = checked(kind::DECISION, "result", json!(decision.result))?;
        if result.is_null() {
            let complaint = model::check::Complaint::Missing;
            return Err(DeskError::Invalid {
                kind: kind::DECISION.into(),
                field: "result".into(),
                complaint,
            });
        }
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
        let saved = self.transact(|conn, author| save(conn, author, study, changes, None))?;
        self.remember(study, &saved)?;
        Ok((id, Changed::study(study.as_str())))
    }

    /// The decision as an approval of the version at the site.
    fn approval(
        &self,
        version: &EntityId,
        site: &model::Entity,
        status: &str,
        submission: &model::Entity,
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
        for (from, to) in [
            ("date", "decidedOn"),
            ("number", "letter"),
            ("validUntil", "validUntil"),
            ("intervalMonths", "intervalMonths"),
            ("conditions", "conditions"),
        ] {
            set(to, said.get(from).cloned().unwrap_or_default());
        }
        changes
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
        self.may(study, submission, Step::File)?;
        self.follows(study, submission, kind::SUBMISSION, "filedOn", on)?;
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
        self.may(study, submission, Step::Withdraw)?;
        self.follows(study, submission, kind::SUBMISSION, "withdrawnOn", on)?;
        let fields = [("withdrawnOn", on), ("withdrawnReason", why)];
        self.write_checked(study, submission, &fields)
    }

    /// Corrects what was noted of a submission after it was sent; the ledger keeps what stood there,
    /// who corrected it, and why.
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
            let complaint = model::check::Complaint::Missing;
            return Err(DeskError::Invalid {
                kind: kind::SUBMISSION.into(),
                field: field.into(),
                complaint,
            });
        }
        let day = value.as_str().unwrap_or_default();
        if field == "sentOn" {
            self.day_has_come(kind::SUBMISSION, field, day)?;
            send::letter_fits(&case.submission.value("manifest")["parts"], day)?;
        } else if field.ends_with("On") {
            self.follows(study, submission, kind::SUBMISSION, field, day)?;
        }
        let why = Reason {
            code: Some("corrected".into()),
            text: Some(why.trim().to_owned()),
        };
        self.write_own(study, submission, vec![(field, value)], Some(why))
    }

    /// Refuses a day that has not come yet.
    pub(super) fn day_has_come(&self, kind: &str, field: &str, on: &str) -> Result<(), DeskError> {
        refuse_day(kind, field, &json!(on), &self.env.latest_today())
    }

    /// Refuses a day that has not come yet, or lies before the submission was sent.
    fn follows(
        &self,
        study: &StudyId,
        submission: &EntityId,
        kind: &str,
        field: &str,
        on: &str,
    ) -> Result<(), DeskError> {
        self.day_has_come(kind, field, on)?;
        let said = self.submitted(study, submission)?;
        not_before(on, said.case()?.submission.text("sentOn"))
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
fn not_before(on: &str, first: &str) -> Result<(), DeskError> {
    match day::last(on).zip(day::first(first)) {
        Some((late, early)) if late < early => Err(DeskError::TooEarly { date: first.into() }),
        _ => Ok(()),
    }
}

/// A new entity below another one, last of all.
fn below(id: &EntityId, kind: &str, parent: &EntityId, after: Option<&str>) -> Vec<Change> {
    let link = json!({"$ref": parent.as_str()});
    vec![
        Change::first(id.as_str(), kind, "parent", link),
        Change::first(id.as_str(), kind, "ord", ord::between(after, None).into()),
    ]
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
