//! The rounds of a committee's questions, and which of them a submission answers.
//!
//! A decision that sends a submission back leaves a round below it; the re-review answers that
//! round and takes it along.

use super::case::decision_of;
use crate::{Entity, Lang, StudyDoc, kind};

/// Codes of `decisionResult` after which a re-review follows.
pub const SENT_BACK: [&str; 2] = ["modify", "resubmit"];

/// Whether the committee's last word is that a submission comes once more.
pub fn is_sent_back(doc: &StudyDoc, submission: &Entity) -> bool {
    decision_of(doc, submission).is_some_and(|one| SENT_BACK.contains(&one.text("result")))
}

/// The submission that a re-review goes on from.
pub fn previous<'a>(doc: &'a StudyDoc, submission: &Entity) -> Option<&'a Entity> {
    doc.entity(&submission.reference("previous")?)
}

/// The re-reviews that go on from a submission and were not taken back.
pub fn following<'a>(
    doc: &'a StudyDoc,
    submission: &'a Entity,
) -> impl Iterator<Item = &'a Entity> {
    doc.of_kind(kind::SUBMISSION).filter(|one| {
        one.reference("previous").as_ref() == Some(&submission.id)
            && one.text("withdrawnOn").is_empty()
    })
}

/// The rounds below a submission, in order.
pub fn below<'a>(doc: &'a StudyDoc, submission: &'a Entity) -> Vec<&'a Entity> {
    let mut rounds: Vec<&Entity> = doc.children(&submission.id, kind::REPLY).collect();
    rounds.sort_by_key(|round| round.value("round").as_u64().unwrap_or(0));
    rounds
}

/// The rounds of the submission before it that a re-review takes along: those that nobody answered
/// there, and once it is sent, those that went with it.
pub fn carried<'a>(doc: &'a StudyDoc, submission: &Entity) -> Vec<&'a Entity> {
    let went = |round: &&Entity| {
        let manifest = round.value("manifest");
        match manifest.is_null() {
            true => round.text("sentOn").is_empty(),
            false => manifest["with"].as_str() == Some(submission.id.as_str()),
        }
    };
    let before = previous(doc, submission);
    let rounds = before.into_iter().flat_map(|before| below(doc, before));
    rounds.filter(went).collect()
}

/// Every round that the reply of a submission speaks of: those of the one before it and its own, by
/// the day that they came.
pub fn spoken_of<'a>(doc: &'a StudyDoc, submission: &'a Entity) -> Vec<&'a Entity> {
    let all = previous(doc, submission).into_iter().chain([submission]);
    let mut rounds: Vec<&Entity> = all.flat_map(|one| below(doc, one)).collect();
    rounds.sort_by(|a, b| a.text("receivedOn").cmp(b.text("receivedOn")));
    rounds
}

/// Whether a question has no answer.
pub fn is_open(point: &Entity) -> bool {
    point.text_in("answer", Lang::Zh).trim().is_empty()
}

/// Whether the reply of a submission would be whole: there are questions, and each has an answer.
pub fn is_replied(doc: &StudyDoc, submission: &Entity) -> bool {
    // What was sent stands as it was sent.
    if !submission.value("manifest").is_null() {
        return true;
    }
    let rounds = spoken_of(doc, submission);
    let mut points = rounds
        .iter()
        .flat_map(|round| doc.children(&round.id, kind::POINT));
    !rounds.is_empty() && !points.any(is_open)
}

/// The points of a letter, one a line, without the numbers that it puts in front.
pub fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| bare(line.trim()).to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

/// A line without its number: `1. `, `2、`, `（3）`.
fn bare(line: &str) -> &str {
    let rest = line.trim_start_matches(['（', '(']);
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let after = rest[digits..].trim_start();
    let mut rest = after.chars();
    let is_end = match rest.next() {
        Some('、' | '．' | ')' | '）') => true,
        // `1.5 mg` is a number of its own.
        Some('.') => !rest.clone().next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    };
    match (1..=3).contains(&digits) && is_end {
        true => rest.as_str().trim(),
        false => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use serde_json::json;

    #[test]
    fn a_letter_is_read_line_by_line() {
        let text = "1. 请说明随访\n\n（2）补充数据安全说明\n 3、1.5 mg 是否合适 \n1.5 mg 的依据\n2026 年的数据";
        assert_eq!(
            lines(text),
            [
                "请说明随访",
                "补充数据安全说明",
                "1.5 mg 是否合适",
                "1.5 mg 的依据",
                "2026 年的数据",
            ]
        );
        assert!(lines(" \n").is_empty());
    }

    #[test]
    fn a_re_review_takes_along_what_the_decision_asked() {
        let mut doc = testing::empty();
        let site = testing::add(&mut doc, kind::SITE, None, json!({}));
        let first = testing::add(&mut doc, kind::SUBMISSION, Some(&site), json!({}));
        let again = json!({"type": "resubmission", "previous": {"$ref": first}});
        let again = testing::add(&mut doc, kind::SUBMISSION, Some(&site), again);
        let of = |doc: &StudyDoc| {
            let again = doc.entity(&again).unwrap();
            let ids = |rounds: Vec<&Entity>| rounds.iter().map(|one| one.id.clone()).collect();
            let both: [Vec<_>; 2] = [ids(carried(doc, again)), ids(spoken_of(doc, again))];
            (both, is_replied(doc, again))
        };
        assert_eq!(of(&doc), ([vec![], vec![]], false), "nothing to reply to");
        let answered = json!({"round": 1, "receivedOn": "2026-01-20", "sentOn": "2026-01-22", "manifest": {"v": 1}});
        let answered = testing::add(&mut doc, kind::REPLY, Some(&first), answered);
        let decided = json!({"round": 2, "receivedOn": "2026-02-01"});
        let decided = testing::add(&mut doc, kind::REPLY, Some(&first), decided);
        let point = json!({"number": "1", "text": "请补充"});
        testing::add(&mut doc, kind::POINT, Some(&decided), point);
        let all = vec![answered, decided.clone()];
        assert_eq!(of(&doc), ([vec![decided.clone()], all.clone()], false));
        let point = doc.entities.iter_mut().find(|one| one.kind == kind::POINT);
        let answer = testing::register(&[json!("已补充")], 2);
        point.unwrap().fields.insert("answer.zh".into(), answer);
        assert_eq!(of(&doc), ([vec![decided.clone()], all.clone()], true));

        // What went along with another submission is no more for this one.
        for (with, carried) in [(again.as_str(), vec![decided.clone()]), ("other", vec![])] {
            let round = doc.entities.iter_mut().find(|one| one.id == decided);
            let manifest = testing::register(&[json!({"v": 1, "with": with})], 3);
            round.unwrap().fields.insert("manifest".into(), manifest);
            assert_eq!(of(&doc).0, [carried, all.clone()], "{with}");
        }
    }
}
