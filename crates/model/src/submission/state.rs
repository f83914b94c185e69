//! How far a submission is. Derived from what is written, never stored.

use super::case::decision_of;
use crate::{Entity, StudyDoc, fact, kind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How far a submission is; the words are the list `submissionState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SubmissionState")]
pub enum State {
    /// Being put together.
    Draft,
    /// Checked, and not changed since.
    Checked,
    /// Sent: frozen.
    Sent,
    /// The office took it in.
    Accepted,
    /// The committee asks; a round is not answered.
    Queried,
    /// Every round is answered.
    Answered,
    /// The committee decided.
    Decided,
    /// Put away.
    Filed,
    /// Taken back.
    Withdrawn,
}

/// What a person does with a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SubmissionStep")]
pub enum Step {
    /// Has it checked.
    Check,
    /// Freezes and sends it.
    Send,
    /// Notes that the office took it in.
    Accept,
    /// Notes questions of the committee.
    Query,
    /// Sends the answers of a round.
    Answer,
    /// Notes the decision.
    Decide,
    /// Puts it away.
    File,
    /// Takes it back.
    Withdraw,
}

impl State {
    /// The code of the list `submissionState`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Checked => "checked",
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Queried => "queried",
            Self::Answered => "answered",
            Self::Decided => "decided",
            Self::Filed => "filed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether its content may still change.
    pub fn is_open_to_edits(self) -> bool {
        matches!(self, Self::Draft | Self::Checked)
    }

    /// Whether something is still to be done or awaited.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Decided | Self::Filed | Self::Withdrawn)
    }

    /// Whether a step may follow.
    ///
    /// A committee may decide or ask without a note of acceptance, and decide again (a letter that
    /// was corrected); a submission that is decided is not taken back.
    pub fn allows(self, step: Step) -> bool {
        match step {
            Step::Check | Step::Send => self.is_open_to_edits(),
            Step::Accept => self == Self::Sent,
            Step::Query => matches!(self, Self::Sent | Self::Accepted | Self::Answered),
            Step::Answer => self == Self::Queried,
            Step::Decide => {
                matches!(
                    self,
                    Self::Sent | Self::Accepted | Self::Queried | Self::Answered | Self::Decided
                )
            }
            Step::File => self == Self::Decided,
            Step::Withdraw => self.is_open(),
        }
    }
}

/// How far a submission is. `content`: the hash of what it holds now, as `checked` names it;
/// `None` where nobody worked it out, and then a check does not count.
pub fn of(doc: &StudyDoc, submission: &Entity, content: Option<&str>) -> State {
    let has = |field: &str| !fact::is_blank(submission.value(field));
    if has("withdrawnOn") {
        return State::Withdrawn;
    }
    if !has("manifest") {
        let checked = submission.text("checked");
        let is_checked = !checked.is_empty() && content == Some(checked);
        return if is_checked {
            State::Checked
        } else {
            State::Draft
        };
    }
    if decision_of(doc, submission).is_some() {
        return if has("filedOn") {
            State::Filed
        } else {
            State::Decided
        };
    }
    let mut replies = doc.children(&submission.id, kind::REPLY).peekable();
    if replies.peek().is_some() {
        let is_answered = |reply: &Entity| !reply.text("sentOn").is_empty();
        return if replies.all(is_answered) {
            State::Answered
        } else {
            State::Queried
        };
    }
    if has("acceptedOn") {
        State::Accepted
    } else {
        State::Sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EntityId;
    use crate::testing::{self, register};
    use serde_json::{Value, json};

    fn put(doc: &mut StudyDoc, id: &EntityId, field: &str, value: Value) {
        let entity = doc.entities.iter_mut().find(|entity| entity.id == *id);
        let fields = &mut entity.expect("the entity").fields;
        fields.insert(field.into(), register(&[value], 2));
    }

    #[test]
    fn the_state_follows_from_what_is_written() {
        let mut doc = testing::empty();
        let site = testing::add(&mut doc, "site", None, json!({}));
        let id = testing::add(
            &mut doc,
            "submission",
            Some(&site),
            json!({"type": "initial"}),
        );
        let now = |doc: &StudyDoc, content| of(doc, doc.entity(&id).unwrap(), content);
        assert_eq!(now(&doc, Some("a")), State::Draft);
        put(&mut doc, &id, "checked", json!("a"));
        assert_eq!(now(&doc, Some("a")), State::Checked);
        assert_eq!(now(&doc, Some("b")), State::Draft, "changed since");
        assert_eq!(now(&doc, None), State::Draft);
        put(&mut doc, &id, "manifest", json!({"v": 1}));
        assert_eq!(now(&doc, Some("b")), State::Sent);
        put(&mut doc, &id, "acceptedOn", json!("2026-11-02"));
        assert_eq!(now(&doc, None), State::Accepted);
        let reply = testing::add(&mut doc, "reply", Some(&id), json!({"round": 1}));
        assert_eq!(now(&doc, None), State::Queried);
        put(&mut doc, &reply, "sentOn", json!("2026-11-09"));
        assert_eq!(now(&doc, None), State::Answered);
        testing::add(&mut doc, "reply", Some(&id), json!({"round": 2}));
        assert_eq!(now(&doc, None), State::Queried, "a further round");
        testing::add(
            &mut doc,
            "decision",
            Some(&id),
            json!({"result": "approved"}),
        );
        assert_eq!(now(&doc, None), State::Decided);
        put(&mut doc, &id, "filedOn", json!("2026-12-01"));
        assert_eq!(now(&doc, None), State::Filed);
        put(&mut doc, &id, "withdrawnOn", json!("2026-12-02"));
        assert_eq!(now(&doc, None), State::Withdrawn);
    }

    #[test]
    fn steps_follow_states() {
        use State::*;
        let all = [
            Draft, Checked, Sent, Accepted, Queried, Answered, Decided, Filed, Withdrawn,
        ];
        for (step, from) in [
            (Step::Check, vec![Draft, Checked]),
            (Step::Send, vec![Draft, Checked]),
            (Step::Accept, vec![Sent]),
            (Step::Query, vec![Sent, Accepted, Answered]),
            (Step::Answer, vec![Queried]),
            (
                Step::Decide,
                vec![Sent, Accepted, Queried, Answered, Decided],
            ),
            (Step::File, vec![Decided]),
            (
                Step::Withdraw,
                vec![Draft, Checked, Sent, Accepted, Queried, Answered],
            ),
        ] {
            let may: Vec<State> = all.into_iter().filter(|state| state.allows(step)).collect();
            assert_eq!(may, from, "{step:?}");
        }
        for state in all {
            assert!(crate::code::find("submissionState", state.code()).is_some());
        }
    }
}
