//! Sites × submissions: where every committee of a study stands. Derived, never stored.

use super::case::decision_of;
use super::rounds;
use super::state::{self, State};
use crate::version::Standing;
use crate::{Entity, EntityId, Lang, StudyDoc, kind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SubmissionRow {
    /// The submission.
    pub id: EntityId,
    /// Its site.
    pub site: EntityId,
    /// The site's hospital, Chinese or else English.
    pub site_name: String,
    /// The committee, Chinese or else English.
    pub committee: String,
    /// Code of `submissionType`.
    pub kind: String,
    /// Its round, from 1.
    pub round: u32,
    /// How far it is.
    pub state: State,
    /// Number of the protocol version submitted; empty without one.
    pub version: String,
    /// The form set, `KEY@VERSION`.
    pub forms: String,
    /// Day of sending; empty before it.
    pub sent_on: String,
    /// Code of `decisionResult`; empty while there is none.
    pub result: String,
    /// Number of the letter.
    pub letter: String,
    /// Day of the decision.
    pub decided_on: String,
    /// Last day of validity.
    pub valid_until: String,
    /// Code of `recognitionMode`; empty when none is set.
    pub recognition: String,
    /// Whether the lead site's committee approved the version; `None` at the lead site itself.
    pub lead_approved: Option<bool>,
    /// Open questions of the committee.
    pub open_points: u32,
}

/// A site with its submissions, in order of type and round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SubmissionMatrixRow")]
pub struct MatrixRow {
    /// The site.
    pub site: EntityId,
    /// Its hospital, Chinese or else English.
    pub site_name: String,
    /// Code of `siteRole`.
    pub role: String,
    /// Number of the version approved there last; empty without one.
    pub approved_version: String,
    /// Day of that approval.
    pub approved_on: String,
    /// Last day of its validity.
    pub valid_until: String,
    /// The submissions.
    pub submissions: Vec<SubmissionRow>,
}

/// Where every committee stands. `content`: the hash of what a submission holds now, as
/// [`state::of`] wants it.
pub fn matrix(
    doc: &StudyDoc,
    standing: &Standing,
    content: impl Fn(&Entity) -> Option<String>,
) -> Vec<MatrixRow> {
    doc.of_kind(kind::SITE)
        .map(|site| {
            let counts = standing.site(&site.id);
            let of = |read: fn(&crate::version::SiteStanding) -> &String| {
                counts.map(read).cloned().unwrap_or_default()
            };
            let known = doc.children(&site.id, kind::SUBMISSION);
            let mut submissions: Vec<SubmissionRow> = known
                .map(|one| row(doc, standing, site, one, content(one).as_deref()))
                .collect();
            let place = |row: &SubmissionRow| {
                let mut codes = crate::code::CODES
                    .iter()
                    .filter(|c| c.list == "submissionType");
                (codes.position(|code| code.code == row.kind), row.round)
            };
            submissions.sort_by(|a, b| (place(a), &a.sent_on).cmp(&(place(b), &b.sent_on)));
            MatrixRow {
                site: site.id.clone(),
                site_name: site.text_in("facility", Lang::Zh).to_owned(),
                role: site.text("role").to_owned(),
                approved_version: of(|site| &site.number),
                approved_on: of(|site| &site.approved_on),
                valid_until: of(|site| &site.valid_until),
                submissions,
            }
        })
        .collect()
}

/// One submission as a row.
pub fn row(
    doc: &StudyDoc,
    standing: &Standing,
    site: &Entity,
    submission: &Entity,
    content: Option<&str>,
) -> SubmissionRow {
    let version = submission.reference("version");
    let number = version.as_ref().and_then(|id| standing.version(id));
    let decision = decision_of(doc, submission);
    let said = |field: &str| {
        decision
            .map(|one| one.text(field).to_owned())
            .unwrap_or_default()
    };
    let is_lead = site.text("role") == "LEAD";
    let mut sites = doc.of_kind(kind::SITE);
    let lead = sites
        .find(|other| other.text("role") == "LEAD")
        .filter(|_| !is_lead);
    let lead_approved = lead.map(|lead| {
        let fits = |version| standing.is_approved_by(version, &lead.id);
        version.as_ref().is_some_and(fits)
    });
    let state = state::of(doc, submission, content);
    // Nobody waits for the answers of what was taken back.
    let own = match state == State::Withdrawn || rounds::following(doc, submission).next().is_some()
    {
        true => Vec::new(),
        false => rounds::below(doc, submission),
    };
    let carried = match state {
        State::Withdrawn => Vec::new(),
        _ => rounds::carried(doc, submission),
    };
    let replies = own.into_iter().chain(carried);
    let open = replies.filter(|reply| reply.text("sentOn").is_empty());
    let open_points = open
        .map(|reply| doc.children(&reply.id, kind::POINT).count())
        .sum::<usize>();
    let forms = match (submission.text("forms"), submission.text("formsVersion")) {
        ("", _) => String::new(),
        (key, version) => format!("{key}@{version}"),
    };
    SubmissionRow {
        id: submission.id.clone(),
        site: site.id.clone(),
        site_name: site.text_in("facility", Lang::Zh).to_owned(),
        committee: site.text_in("committee", Lang::Zh).to_owned(),
        kind: submission.text("type").to_owned(),
        round: round(submission),
        state,
        version: number.map(|row| row.number.clone()).unwrap_or_default(),
        forms,
        sent_on: submission.text("sentOn").to_owned(),
        result: said("result"),
        letter: said("number"),
        decided_on: said("date"),
        valid_until: said("validUntil"),
        recognition: submission.text("recognition").to_owned(),
        lead_approved,
        open_points: u32::try_from(open_points).unwrap_or(u32::MAX),
    }
}

/// The round of a submission, from 1.
pub fn round(submission: &Entity) -> u32 {
    let round = submission.value("round").as_u64().unwrap_or(1);
    u32::try_from(round).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use serde_json::json;

    #[test]
    fn every_site_has_a_row_and_its_submissions_in_order() {
        let mut doc = testing::sample(&crate::sample::studies()[0]);
        let sites: Vec<EntityId> = doc
            .of_kind(kind::SITE)
            .map(|site| site.id.clone())
            .collect();
        let lead = doc
            .of_kind(kind::SITE)
            .find(|site| site.text("role") == "LEAD");
        let lead = lead.unwrap().id.clone();
        let other = sites.iter().find(|id| **id != lead).unwrap().clone();
        for (site, kind, round) in [
            (&lead, "amendment", 1),
            (&lead, "initial", 2),
            (&lead, "initial", 1),
            (&other, "initial", 1),
        ] {
            let fields = json!({"type": kind, "round": round, "recognition": "simplified"});
            testing::add(&mut doc, "submission", Some(site), fields);
        }
        let rows = matrix(&doc, &Standing::default(), |_| None);
        assert_eq!(rows.len(), sites.len());
        let of = |id: &EntityId| rows.iter().find(|row| row.site == *id).unwrap();
        let kinds: Vec<_> = of(&lead)
            .submissions
            .iter()
            .map(|s| (s.kind.as_str(), s.round))
            .collect();
        assert_eq!(kinds, [("initial", 1), ("initial", 2), ("amendment", 1)]);
        let there = &of(&other).submissions[0];
        assert_eq!(
            (there.state, there.lead_approved),
            (State::Draft, Some(false))
        );
        assert_eq!(of(&lead).submissions[0].lead_approved, None);
    }

    #[test]
    fn nobody_waits_for_the_answers_of_what_was_withdrawn() {
        let mut doc = testing::sample(&crate::sample::studies()[0]);
        let site = doc.of_kind(kind::SITE).next().unwrap().id.clone();
        let open = |doc: &mut StudyDoc, fields| {
            let id = testing::add(doc, "submission", Some(&site), fields);
            let reply = testing::add(doc, "reply", Some(&id), json!({}));
            testing::add(doc, "point", Some(&reply), json!({"number": "1"}));
            let rows = matrix(doc, &Standing::default(), |_| None);
            let mut all = rows.iter().flat_map(|row| &row.submissions);
            all.find(|one| one.id == id).unwrap().open_points
        };
        let sent = json!({"type": "initial", "sentOn": "2026-03-01"});
        assert_eq!(open(&mut doc, sent), 1);
        let taken_back = json!({"sentOn": "2026-03-01", "withdrawnOn": "2026-03-02"});
        assert_eq!(open(&mut doc, taken_back), 0);
    }
}
