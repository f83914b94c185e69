//! Milestones of a site that its first submission to the committee stands for.

use super::when::When;
use crate::submission::case::decision_of;
use crate::submission::rounds;
use crate::{Entity, StudyDoc, kind};

/// How many rounds of one submission are followed back.
const ROUNDS_MAX: usize = 32;

/// When a milestone was reached by what is noted at the submissions of its site: sent, or decided
/// as approved. `None` where they do not say; the milestone's own day goes before.
pub(super) fn day(doc: &StudyDoc, milestone: &Entity) -> Option<When> {
    let site = milestone.parent.as_ref()?;
    let first = doc
        .children(site, kind::SUBMISSION)
        .filter(|one| is_first(doc, one));
    let days: Vec<&str> = match milestone.text("key") {
        "site_ec_submitted" => first.map(|one| one.text("sentOn")).collect(),
        "site_ec_approval_filed" => first
            .filter_map(|one| decision_of(doc, one))
            .filter(|decision| decision.text("result") == "approved")
            .map(|decision| match decision.text("receivedOn") {
                "" => decision.text("date"),
                received => received,
            })
            .collect(),
        _ => return None,
    };
    // Sent again, it was submitted the first time; the days compare as text.
    let first = days.into_iter().filter(|day| !day.is_empty()).min()?;
    When::parse(first)
}

/// Whether a submission that stands is the first one at its site, or a later round of it.
fn is_first(doc: &StudyDoc, submission: &Entity) -> bool {
    let before = |one: &&Entity| rounds::previous(doc, one);
    let mut rounds = std::iter::successors(Some(submission), before).take(ROUNDS_MAX);
    submission.text("withdrawnOn").is_empty() && rounds.any(|one| one.text("type") == "initial")
}

#[cfg(test)]
mod tests {
    use crate::milestone::plan::Status;
    use crate::milestone::tests::{on, row, set, site};
    use crate::testing::{self, add, register};
    use crate::{EntityId, StudyDoc, kind};
    use serde_json::json;

    fn note(doc: &mut StudyDoc, id: &EntityId, field: &str, value: &str) {
        let one = doc.entities.iter_mut().find(|one| one.id == *id).unwrap();
        one.fields
            .insert(field.into(), register(&[json!(value)], 2));
    }

    #[test]
    fn what_was_sent_and_approved_is_not_late_and_a_day_of_its_own_goes_first() {
        let mut doc = testing::empty();
        let site = site(&mut doc);
        set(
            &mut doc,
            &site,
            "site_ec_submitted",
            "planned",
            "2026-03-01",
        );
        set(
            &mut doc,
            &site,
            "site_ec_approval_filed",
            "planned",
            "2026-03-20",
        );
        let looked = |doc: &StudyDoc, key: &str| {
            let plan = on(doc, "2026-04-01");
            let row = row(&plan, Some(&site), key);
            (row.status == Status::Achieved, row.actual.clone())
        };
        let late = (false, String::new());
        assert_eq!(looked(&doc, "site_ec_submitted"), late);
        let fields = json!({"type": "amendment", "sentOn": "2026-03-02"});
        add(&mut doc, kind::SUBMISSION, Some(&site), fields);
        let first = json!({"type": "initial"});
        let first = add(&mut doc, kind::SUBMISSION, Some(&site), first);
        assert_eq!(looked(&doc, "site_ec_submitted"), late);
        note(&mut doc, &first, "sentOn", "2026-03-10");
        assert_eq!(
            looked(&doc, "site_ec_submitted"),
            (true, "2026-03-10".into())
        );
        assert_eq!(looked(&doc, "site_ec_approval_filed"), late);
        // It was to be mended, and was approved in its second round.
        let fields = json!({"result": "modify", "date": "2026-03-15"});
        add(&mut doc, kind::DECISION, Some(&first), fields);
        assert_eq!(looked(&doc, "site_ec_approval_filed"), late);
        let fields = json!({"type": "resubmission", "previous": {"$ref": first.as_str()}, "sentOn": "2026-03-17"});
        let again = add(&mut doc, kind::SUBMISSION, Some(&site), fields);
        let fields =
            json!({"result": "approved", "date": "2026-03-24", "receivedOn": "2026-03-26"});
        add(&mut doc, kind::DECISION, Some(&again), fields);
        assert_eq!(
            looked(&doc, "site_ec_approval_filed"),
            (true, "2026-03-26".into())
        );
        assert_eq!(
            looked(&doc, "site_ec_submitted"),
            (true, "2026-03-10".into())
        );
        set(&mut doc, &site, "site_ec_submitted", "actual", "2026-03-11");
        assert_eq!(
            looked(&doc, "site_ec_submitted"),
            (true, "2026-03-11".into())
        );
        note(&mut doc, &again, "withdrawnOn", "2026-03-30");
        assert_eq!(looked(&doc, "site_ec_approval_filed"), late);
    }
}
