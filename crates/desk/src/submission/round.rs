//! Rounds of a committee's questions: noted, answered, sent; those that a decision leaves go along
//! with the re-review.

use super::course::{below, may, not_before};
use super::{send, state_of};
use crate::desk::{Changed, Desk};
use crate::edit::{checked, save};
use crate::error::DeskError;
use crate::store::write::Change;
use crate::time;
use model::submission::state::Step;
use model::submission::{Case, rounds};
use model::{Entity, EntityId, StudyDoc, StudyId, kind};
use serde_json::{Value, json};

/// A question of a committee.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// Its number, as printed.
    pub number: String,
    /// What it says.
    pub text: String,
}

impl Question {
    /// Texts as questions, numbered from 1.
    pub fn numbered(texts: impl IntoIterator<Item = String>) -> Vec<Self> {
        let texts = (1..).zip(texts);
        let all = texts.map(|(n, text): (u32, String)| Self {
            number: n.to_string(),
            text,
        });
        all.collect()
    }
}

impl Desk {
    /// Notes a round of questions; of a submission that the committee sent back, those that its
    /// re-review answers.
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
        let said = self.submitted(study, submission)?;
        let case = said.case()?;
        let is_back = is_sent_back(&case);
        if !is_back {
            may(&case, Step::Query)?;
        }
        self.follows(&case, (kind::REPLY, "receivedOn"), on)?;
        let replies = case.replies();
        let open = replies.iter().find(|one| one.text("sentOn").is_empty());
        let (reply, changes) = match open.filter(|_| is_back) {
            // What a re-review answers is one list.
            Some(open) => {
                let known: Vec<&Entity> = case.doc.children(&open.id, kind::POINT).collect();
                let points = self.points(&open.id, &known, questions)?;
                (open.id.clone(), points)
            }
            None => self.round(&case, &json!(on), questions)?,
        };
        let saved = self.transact(|conn, author| save(conn, author, study, changes, None))?;
        self.remember(study, &saved)?;
        Ok((reply, Changed::study(study.as_str())))
    }

    /// A further round of a submission. Shape: `on` the day, null where none is known.
    pub(super) fn round(
        &self,
        case: &Case<'_>,
        on: &Value,
        questions: Vec<Question>,
    ) -> Result<(EntityId, Vec<Change>), DeskError> {
        let n = case.replies().len() + 1;
        let on = checked(kind::REPLY, "receivedOn", on.clone())?;
        let reply = EntityId::from_uuid(time::new_id(&self.env));
        let mut changes = below(&reply, kind::REPLY, &case.submission.id, None);
        for (field, value) in [("round", json!(n)), ("receivedOn", on)] {
            if !value.is_null() {
                changes.push(Change::first(reply.as_str(), kind::REPLY, field, value));
            }
        }
        changes.extend(self.points(&reply, &[], questions)?);
        Ok((reply, changes))
    }

    /// Questions below a round, behind those that are known there.
    fn points(
        &self,
        reply: &EntityId,
        known: &[&Entity],
        questions: Vec<Question>,
    ) -> Result<Vec<Change>, DeskError> {
        let mut changes = Vec::new();
        let mut last = known.last().map(|one| one.ord.clone());
        for question in questions {
            let point = EntityId::from_uuid(time::new_id(&self.env));
            let own = below(&point, kind::POINT, reply, last.as_deref());
            last = own
                .iter()
                .find(|one| one.f == "ord")
                .and_then(|one| Some(one.value.as_str()?.to_owned()));
            changes.extend(own);
            let number = match question.number.parse::<usize>() {
                Ok(number) => (known.len() + number).to_string(),
                Err(_) => question.number,
            };
            for (field, text) in [("number", number), ("text", question.text)] {
                let value = checked(kind::POINT, field, json!(text))?;
                if !value.is_null() {
                    changes.push(Change::first(point.as_str(), kind::POINT, field, value));
                }
            }
        }
        Ok(changes)
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
        let points: Vec<&Entity> = ground.doc.children(reply, kind::POINT).collect();
        if let Some(open) = points.iter().find(|point| rounds::is_open(point)) {
            return Err(DeskError::Unanswered {
                number: open.text("number").to_owned(),
            });
        }
        self.day_has_come(kind::REPLY, "sentOn", on)?;
        not_before(on, round.text("receivedOn"))?;
        let on = checked(kind::REPLY, "sentOn", json!(on))?;
        let manifest = manifest(&ground.doc, reply);
        let fields = vec![("sentOn", on), ("manifest", manifest)];
        let changed = self.write_own(study, reply, fields, None)?;
        // What was sent is not taken back by a step back.
        self.begin_sitting();
        Ok(changed)
    }
}

/// Whether the committee sent a submission back, and no re-review of it was sent yet.
fn is_sent_back(case: &Case<'_>) -> bool {
    let mut others = rounds::following(case.doc, case.submission);
    let is_answered = others.any(|one| !one.value("manifest").is_null());
    rounds::is_sent_back(case.doc, case.submission) && !is_answered
}

/// What was answered, as hashes alone.
fn manifest(doc: &StudyDoc, reply: &EntityId) -> Value {
    let points = doc.children(reply, kind::POINT).map(|point| {
        let both = [point.text("answer.zh"), point.text("answer.en")];
        json!([point.id.as_str(), send::hash(&json!(both))])
    });
    json!({"v": 1, "reply": reply.as_str(), "points": points.collect::<Vec<_>>()})
}

/// What a re-review writes of the rounds that go along with it: they are sent on its day.
pub(super) fn carried(case: &Case<'_>, on: &Value) -> Vec<(EntityId, &'static str, Value)> {
    let rounds = rounds::carried(case.doc, case.submission);
    let sent = rounds.into_iter().flat_map(|round| {
        let mut manifest = manifest(case.doc, &round.id);
        manifest["with"] = case.submission.id.as_str().into();
        [("sentOn", on.clone()), ("manifest", manifest)]
            .map(|(field, value)| (round.id.clone(), field, value))
    });
    sent.collect()
}
