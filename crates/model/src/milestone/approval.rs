//! What committees' letters ask for: an end of validity, a review, an answer that is awaited.

use super::list;
use super::of_doc::both;
use super::plan::{Lane, PlanRow, SOON_DAYS, Status, What};
use super::when::{Precision, When};
use crate::calendar::Calendar;
use crate::calendar::deadline::{self, Period, Unit};
use crate::reference::Bilingual;
use crate::{Entity, EntityId, StudyDoc, kind};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Interval of continuing review where the letter names none. Units: months.
/// Source: `continuing_review` of `data/deadlines.json`.
const INTERVAL_MONTHS: i64 = 12;

/// Sites that are over ask for nothing more.
const OVER: [&str; 3] = ["COMPLETED", "TERMINATED", "WITHDRAWN"];

/// What a letter says, wherever it was noted.
struct Letter<'a> {
    entity: &'a Entity,
    kind: &'static str,
    decided: Option<NaiveDate>,
    valid_until: &'a str,
    valid_field: &'static str,
    interval: Option<i64>,
}

/// Adds the lines that the letters of a site ask for.
pub(super) fn add(doc: &StudyDoc, calendar: &Calendar, today: Option<NaiveDate>, lane: &mut Lane) {
    let Some(site) = lane.site.as_ref().and_then(|id| doc.entity(id)) else {
        return;
    };
    let is_closed = lane
        .milestone("site_closed")
        .is_some_and(|row| row.status == Status::Achieved);
    if is_closed || OVER.contains(&site.text("status")) {
        return;
    }
    let (expiring, reviewed) = standing(doc, site);
    if let Some(letter) = expiring {
        let expiry = When::parse(letter.valid_until).map(|when| (when.last, when.precision));
        if let Some((day, precision)) = expiry {
            let name = words("approval_expiry");
            let mut row = line(&letter, What::ApprovalExpiry, name, letter.valid_field);
            row.precision = precision;
            lane.rows.push(dated(row, today, day, None, false));
        }
    }
    if let Some(letter) = reviewed {
        let is_begun = lane.rows.iter().any(|row| row.key == "continuing_review");
        if let Some(decided) = letter.decided.filter(|_| !is_begun) {
            // Twelve months are the most that the measures allow, whatever a letter says.
            let said = letter.interval.filter(|n| *n > 0);
            let n = said.map_or(INTERVAL_MONTHS, |n| n.min(INTERVAL_MONTHS));
            let period = Period {
                n,
                unit: Unit::Months,
            };
            if let Some(end) = deadline::count(calendar, decided, period) {
                let name = words("continuing_review");
                let mut row = line(&letter, What::ContinuingReview, name, "decidedOn");
                row.rule = format!("trigger+{period}");
                row.trigger = decided.to_string();
                let legal = Some(end.legal);
                lane.rows
                    .push(dated(row, today, end.safe, legal, end.provisional));
            }
        }
    }
    let waiting = approvals(doc, &site.id).filter(|approval| {
        approval.text("status") == "submitted" && approval.text("decidedOn").is_empty()
    });
    for approval in waiting {
        let letter = Letter {
            entity: approval,
            kind: kind::APPROVAL,
            decided: None,
            valid_until: "",
            valid_field: "validUntil",
            interval: None,
        };
        let mut row = line(&letter, What::Reply, committee(site), "decidedOn");
        row.waiting = true;
        row.trigger = approval.text("submittedOn").to_owned();
        lane.rows.push(row);
    }
}

fn approvals<'a>(doc: &'a StudyDoc, site: &'a EntityId) -> impl Iterator<Item = &'a Entity> {
    doc.of_kind(kind::APPROVAL)
        .filter(move |approval| approval.reference("site").as_ref() == Some(site))
}

/// The letters that say until when an approval is valid, and from when its review is counted; where
/// there are none, what was noted at the site by hand.
///
/// An amendment's letter that says nothing of validity or interval changes neither.
fn standing<'a>(doc: &'a StudyDoc, site: &'a Entity) -> (Option<Letter<'a>>, Option<Letter<'a>>) {
    let day = |entity: &Entity, field: &str| entity.text(field).parse::<NaiveDate>().ok();
    let mut letters: Vec<&Entity> = approvals(doc, &site.id)
        .filter(|approval| approval.text("status") == "approved")
        .collect();
    letters.sort_by_key(|approval| (approval.text("decidedOn"), &approval.id));
    let interval = |approval: &Entity| approval.value("intervalMonths").as_i64();
    let letter = |approval: &'a Entity| Letter {
        entity: approval,
        kind: kind::APPROVAL,
        decided: day(approval, "decidedOn"),
        valid_until: approval.text("validUntil"),
        valid_field: "validUntil",
        interval: interval(approval),
    };
    if let Some(first) = letters.first() {
        let says = |approval: &&&Entity| !approval.text("validUntil").is_empty();
        let asks = |approval: &&&Entity| says(approval) || interval(approval).is_some();
        let expiring = letters.iter().rev().find(says);
        let reviewed = letters.iter().rev().find(asks).unwrap_or(first);
        return (
            expiring.map(|approval| letter(approval)),
            Some(letter(reviewed)),
        );
    }
    let is_noted = ["approvalDate", "approvalValidUntil"]
        .iter()
        .any(|field| !site.text(field).is_empty());
    let noted = || Letter {
        entity: site,
        kind: kind::SITE,
        decided: day(site, "approvalDate"),
        valid_until: site.text("approvalValidUntil"),
        valid_field: "approvalValidUntil",
        interval: None,
    };
    (is_noted.then(noted), is_noted.then(noted))
}

fn words(key: &str) -> Bilingual {
    list::deadline(key)
        .map(|rule| rule.name.clone())
        .unwrap_or_default()
}

fn committee(site: &Entity) -> Bilingual {
    let named = both(site, "committee");
    if named.zh.is_empty() {
        both(site, "facility")
    } else {
        named
    }
}

fn line(letter: &Letter<'_>, what: What, name: Bilingual, field: &str) -> PlanRow {
    // At a site that noted its letter by hand, the review is settled by the date noted there.
    let field = match (letter.kind, field) {
        (kind::SITE, "decidedOn") => "approvalDate",
        (_, field) => field,
    };
    let held = letter.entity.fields.iter();
    PlanRow {
        what,
        id: letter.entity.id.clone(),
        kind: letter.kind.to_owned(),
        field: field.to_owned(),
        key: match what {
            What::ApprovalExpiry => "approval_expiry",
            What::ContinuingReview => "continuing_review",
            _ => "",
        }
        .to_owned(),
        name,
        baseline: String::new(),
        planned: String::new(),
        actual: String::new(),
        derived: false,
        rival_actuals: Vec::new(),
        rival_planned: Vec::new(),
        conflicts: held
            .filter(|(_, held)| held.conflict)
            .map(|(field, _)| field.clone())
            .collect(),
        due: String::new(),
        legal: String::new(),
        due_at: String::new(),
        precision: Precision::Day,
        provisional: false,
        forecast: String::new(),
        forecast_precision: Precision::Day,
        forecast_provisional: false,
        disputed: false,
        otherwise_due: String::new(),
        pushed_by: Vec::new(),
        slip: None,
        status: Status::Undated,
        days_left: None,
        rule: String::new(),
        trigger: String::new(),
        repeat: String::new(),
        origin: String::new(),
        needs: Vec::new(),
        blocked_by: Vec::new(),
        missing: Vec::new(),
        twins: Vec::new(),
        waiting: false,
        not_applicable: String::new(),
        note: String::new(),
        evidence: None,
        unproven: false,
        counted_from: false,
        seen: BTreeMap::new(),
    }
}

fn dated(
    row: PlanRow,
    today: Option<NaiveDate>,
    due: NaiveDate,
    legal: Option<NaiveDate>,
    provisional: bool,
) -> PlanRow {
    let left = today.map(|today| (due - today).num_days());
    PlanRow {
        due: due.to_string(),
        legal: legal
            .filter(|legal| *legal != due)
            .map(|legal| legal.to_string())
            .unwrap_or_default(),
        provisional,
        days_left: left,
        status: match left {
            Some(left) if left < 0 => Status::Overdue,
            Some(left) if left <= SOON_DAYS => Status::DueSoon,
            _ => Status::Upcoming,
        },
        ..row
    }
}
