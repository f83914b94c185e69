//! The course of a submission and of the study: days in order, rounds, replies, decisions.

use super::Ctx;
use crate::people::day;
use crate::submission::finding::{Finding, at};
use crate::submission::list::{Row, Status};
use crate::submission::rounds;
use crate::{Entity, StudyDoc, code, fact, kind};
use chrono::NaiveDate;

/// Longest interval of continuing review. Units: months. Source: the rule `intervalTooLong`.
const INTERVAL_MONTHS_MAX: u64 = 12;

/// What must be right before it is sent.
pub(super) fn findings(ctx: &Ctx<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    period(ctx, &mut found);
    let case = ctx.case;
    let previous = rounds::previous(case.doc, case.submission);
    if ctx.is(&["resubmission"]) {
        let is_reply = |row: &Row<'_>| row.item.made == "reply" && row.status == Status::Have;
        let has_none = rounds::spoken_of(case.doc, case.submission).is_empty();
        if previous.is_none() {
            let place = at(case.submission, "previous");
            found.push(Finding::new("previousMissing", place));
        } else if has_none && !ctx.rows.iter().any(is_reply) {
            // Who encloses a reply of her own has the questions there.
            let place = at(case.submission, "questions");
            found.push(Finding::new("questionsMissing", place));
        }
    }
    unanswered(ctx, previous, &mut found);
    found
}

/// What is noted of its course, also after it was sent; of what was taken back only that no reason
/// is given, of what is filed nothing.
pub(super) fn noted(ctx: &Ctx<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let submission = ctx.case.submission;
    let is_blank = |field: &str| fact::is_blank(submission.value(field));
    if !is_blank("withdrawnOn") && is_blank("withdrawnReason") {
        let place = at(submission, "withdrawnReason");
        found.push(Finding::new("withdrawnWithoutReason", place));
    }
    if !is_blank("withdrawnOn") || !is_blank("filedOn") {
        return found;
    }
    order(ctx, &mut found);
    // Nobody waits for an answer any more once it is decided.
    let open = Some(submission).filter(|_| ctx.case.decision().is_none());
    unanswered(ctx, open, &mut found);
    decision(ctx, &mut found);
    found
}

/// Days that must not come before others.
fn order(ctx: &Ctx<'_>, found: &mut Vec<Finding>) {
    let case = ctx.case;
    let submission = case.submission;
    let mut pairs: Vec<(&Entity, &str, &Entity, &str)> =
        vec![(submission, "acceptedOn", submission, "sentOn")];
    if let Some(version) = case.version() {
        pairs.push((submission, "sentOn", version, "date"));
    }
    if let Some(decision) = case.decision() {
        pairs.push((decision, "date", submission, "sentOn"));
        pairs.push((decision, "validUntil", decision, "date"));
        pairs.push((submission, "filedOn", decision, "date"));
    }
    for reply in case.replies() {
        pairs.push((reply, "receivedOn", submission, "sentOn"));
        pairs.push((reply, "sentOn", reply, "receivedOn"));
    }
    for (late, late_field, early, early_field) in pairs {
        let (has, wanted) = (late.text(late_field), early.text(early_field));
        // A month is before a day only when all of it is.
        if let Some((end, start)) = day::last(has).zip(day::first(wanted))
            && end < start
        {
            found.push(
                Finding::new("daysReversed", at(late, late_field))
                    .with_field("later", &late.kind, late_field)
                    .with_field("earlier", &early.kind, early_field)
                    .with("has", has)
                    .with("wanted", wanted),
            );
        }
    }
}

/// The study's own days against the approval that is asked for.
fn period(ctx: &Ctx<'_>, found: &mut Vec<Finding>) {
    let (doc, site) = (ctx.case.doc, ctx.case.site);
    let root = doc.id.root();
    let of = |parent, key: &str| milestone(doc, parent, key);
    let start = of(&root, "study_start");
    let end = of(&root, "completion");
    if let Some(((first, start), (milestone, end))) = start.zip(end)
        && end < start
    {
        let field = field_of(milestone);
        found.push(
            Finding::new("periodReversed", at(milestone, field))
                .with("start", day_text(first))
                .with("end", day_text(milestone)),
        );
    }
    if !ctx.is(&["initial", "exemption"]) {
        return;
    }
    // What other committees approved lets the study begin there, not here.
    let is_approved = |row: &crate::version::SiteStanding| !row.approved_on.is_empty();
    let begun_elsewhere = ctx.case.standing.sites.iter().any(is_approved);
    let mut starts: Vec<_> = of(&site.id, "site_fpi").into_iter().collect();
    if !begun_elsewhere {
        starts.extend(start);
        starts.extend(of(&root, "fpi"));
    }
    let decided = ctx
        .case
        .decision()
        .map(|one| one.text("date"))
        .and_then(day::first);
    let until = decided.unwrap_or(ctx.check.today);
    for (milestone, _) in starts.into_iter().filter(|(_, day)| *day < until) {
        let finding = Finding::new("startBeforeApproval", at(milestone, field_of(milestone)));
        found.push(finding.with("date", day_text(milestone)));
    }
}

/// A milestone by key with its day, the actual before the planned one.
fn milestone<'a>(
    doc: &'a StudyDoc,
    parent: &'a crate::EntityId,
    key: &str,
) -> Option<(&'a Entity, NaiveDate)> {
    let mut known = doc.children(parent, kind::MILESTONE);
    let one = known.find(|milestone| milestone.text("key") == key)?;
    Some((one, day::last(day_text(one))?))
}

fn field_of(milestone: &Entity) -> &'static str {
    if milestone.text("actual").is_empty() {
        "planned"
    } else {
        "actual"
    }
}

fn day_text(milestone: &Entity) -> &str {
    milestone.text(field_of(milestone))
}

/// Questions about a submission that wait for an answer.
fn unanswered(ctx: &Ctx<'_>, submission: Option<&Entity>, found: &mut Vec<Finding>) {
    let doc = ctx.case.doc;
    let all = submission
        .into_iter()
        .flat_map(|one| rounds::below(doc, one));
    // What was sent is locked; it is not for this check to say it again.
    for round in all.filter(|round| round.text("sentOn").is_empty()) {
        let points = doc.children(&round.id, kind::POINT);
        for point in points.filter(|point| rounds::is_open(point)) {
            let finding = Finding::new("pointUnanswered", at(point, "answer.zh"));
            found.push(finding.with("number", point.text("number")));
        }
    }
}

fn decision(ctx: &Ctx<'_>, found: &mut Vec<Finding>) {
    let case = ctx.case;
    let Some(decision) = case.decision() else {
        return;
    };
    let months = decision.value("intervalMonths").as_u64();
    if let Some(n) = months.filter(|n| *n > INTERVAL_MONTHS_MAX) {
        found.push(Finding::new("intervalTooLong", at(decision, "intervalMonths")).with("n", n));
    }
    if decision.text("result") == "approved" && decision.reference("document").is_none() {
        found.push(Finding::new("letterMissing", at(decision, "document")));
    }
    // What is said of a report is no word about the version.
    if case.is_report() {
        return;
    }
    let row = case
        .version()
        .and_then(|version| case.standing.version(&version.id));
    let approvals = row.map_or(&[][..], |row| row.approvals.as_slice());
    let here = approvals
        .iter()
        .filter(|approval| approval.site == case.site.id);
    let Some(approval) = here.max_by(|a, b| a.decided_on.cmp(&b.decided_on)) else {
        return;
    };
    // An approval that was suspended later says so itself.
    let is_later = approval.decided_on.as_str() > decision.text("date");
    let has = decision.text("result");
    let words = |list: &str, code: &str| crate::reference::Bilingual {
        zh: code::text(list, code, crate::Lang::Zh).to_owned(),
        en: code::text(list, code, crate::Lang::En).to_owned(),
    };
    let letters_differ = !approval.letter.is_empty()
        && !decision.text("number").is_empty()
        && approval.letter != decision.text("number");
    if !is_later && approval.status != "submitted" && (approval.status != has || letters_differ) {
        let (has, wanted) = if letters_differ {
            let text = |text: &str| crate::reference::Bilingual {
                zh: text.into(),
                en: text.into(),
            };
            (text(decision.text("number")), text(&approval.letter))
        } else {
            (
                words("decisionResult", has),
                words("approvalStatus", &approval.status),
            )
        };
        found.push(
            Finding::new("decisionDiffers", at(decision, "result"))
                .with_words("has", has)
                .with_words("wanted", wanted),
        );
    }
}
