//! The lines of all plans, kept so that today's list reads those alone that it shows.

use super::years;
use crate::desk::{meta, set_meta};
use crate::error::DeskError;
use crate::store::append::Touched;
use crate::store::{doc, names};
use model::calendar::{Calendar, builtin_years};
use model::milestone::plan::{Lane, PlanRow, Status, StudyPlan, What};
use model::milestone::today::KeptRow;
use model::{EntityId, StudyDoc, StudyId, kind};
use rusqlite::{Connection, Result, params};
use std::collections::{BTreeMap, HashMap};

/// What a plan is worked out from.
pub(crate) const KINDS: [&str; 8] = [
    kind::STUDY,
    kind::SITE,
    kind::MILESTONE,
    kind::VERSION,
    kind::APPROVAL,
    kind::ENROLMENT,
    kind::SUBMISSION,
    kind::DECISION,
];

/// Registers of the study itself that its plan rests on.
const OF_STUDY: [&str; 4] = ["archived", "joined", "enrollment", ledger::DELETED];

/// The form of the lines; a new one makes them anew when the vault is opened.
const FORM: u32 = 4;

/// One line as it stands in the table.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    open: bool,
    due: String,
    blocked: i64,
    waiting: bool,
    /// Whether what is written contradicts itself: different actual days, or done too early.
    conflict: bool,
    row: String,
}

/// Whether what was touched can change the plan.
pub(crate) fn concerns(touched: &Touched, kinds: &BTreeMap<i64, String>) -> bool {
    let is_part = |kind: &String| KINDS.contains(&kind.as_str()) && kind != kind::STUDY;
    kinds.values().any(is_part)
        || touched
            .fields
            .iter()
            .any(|((_, name), of)| of.kind == kind::STUDY && OF_STUDY.contains(&name.as_str()))
}

/// Makes every study's lines anew.
pub(crate) fn redo(conn: &Connection) -> Result<()> {
    let calendar = years::calendar(conn)?;
    for (stream, _) in names::streams(conn)? {
        update_with(conn, stream, &calendar)?;
    }
    Ok(())
}

/// Makes the lines anew where another program, with another calendar, made them.
pub(crate) fn renew(conn: &Connection) -> Result<()> {
    let newest = builtin_years().last().map_or(0, |file| file.year);
    let form = format!("{FORM} {newest}");
    if meta(conn, "plan.form")?.as_deref() == Some(form.as_str()) {
        return Ok(());
    }
    redo(conn)?;
    set_meta(conn, "plan.form", Some(&form))
}

/// Brings the lines of a study in step with its heads; only those that differ are written.
pub(crate) fn update(conn: &Connection, stream: i64) -> Result<()> {
    let calendar = years::calendar(conn)?;
    update_with(conn, stream, &calendar)
}

fn update_with(conn: &Connection, stream: i64, calendar: &Calendar) -> Result<()> {
    let wanted = lines(conn, stream, calendar)?;
    let mut before = stored(conn, stream)?;
    for ((entity, what), (site_stream, line)) in wanted {
        let is_there = before
            .remove(&(entity, what.clone()))
            .is_some_and(|known| known == line);
        if is_there {
            continue;
        }
        conn.prepare_cached(
            "INSERT OR REPLACE INTO plan_rows VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            entity,
            what,
            site_stream,
            line.open,
            line.due,
            line.blocked,
            line.waiting,
            line.conflict,
            line.row
        ])?;
    }
    for (entity, what) in before.into_keys() {
        conn.prepare_cached("DELETE FROM plan_rows WHERE entity = ?1 AND what = ?2")?
            .execute(params![entity, what])?;
    }
    Ok(())
}

type Key = (i64, String);

fn stored(conn: &Connection, stream: i64) -> Result<HashMap<Key, Line>> {
    conn.prepare_cached(
        "SELECT entity, what, open, due, blocked, waiting, conflict, row
         FROM plan_rows WHERE stream = ?1",
    )?
    .query_map([stream], |row| {
        let line = Line {
            open: row.get(2)?,
            due: row.get(3)?,
            blocked: row.get(4)?,
            waiting: row.get(5)?,
            conflict: row.get(6)?,
            row: row.get(7)?,
        };
        Ok(((row.get(0)?, row.get(1)?), line))
    })?
    .collect()
}

fn lines(
    conn: &Connection,
    stream: i64,
    calendar: &Calendar,
) -> Result<BTreeMap<Key, (i64, Line)>> {
    let mut found = BTreeMap::new();
    let name = names::stream_name(conn, stream)?;
    let Some(id) = StudyId::parse(&name) else {
        return Ok(found);
    };
    let doc = match doc::part(conn, &id, &KINDS) {
        Ok(doc) => doc,
        Err(DeskError::Storage(error)) => return Err(error),
        // What cannot be read any more is found and named by `verify`.
        Err(_) => None,
    };
    let Some(doc) = doc else {
        return Ok(found);
    };
    let is_used = is_used(&doc);
    let plan = model::milestone::plan(&doc, calendar, None);
    for lane in &plan.lanes {
        let next = next_step(&plan, lane);
        for row in &lane.rows {
            let Some(entity) = names::entity(conn, stream, row.id.as_str())? else {
                continue;
            };
            let is_next = next.is_some_and(|next| next.id == row.id);
            let early = early(&plan, row);
            let line = to_line(lane, row, is_used, is_next, early);
            found.insert((entity, what_text(row.what).to_owned()), (stream, line));
        }
    }
    Ok(found)
}

/// Whether a study is worked on: neither put aside nor joined into another one.
fn is_used(doc: &StudyDoc) -> bool {
    let root = doc.root().filter(|root| root.is_shown());
    root.is_some_and(|root| {
        root.value("archived").as_bool() != Some(true) && root.reference("joined").is_none()
    })
}

/// The step of a site that waits for others.
fn next_step<'a>(plan: &StudyPlan, lane: &'a Lane) -> Option<&'a PlanRow> {
    debug_assert!(plan.today.is_empty());
    lane.site.as_ref()?;
    let mut rows = lane.rows.iter();
    rows.find(|row| row.is_open() && !row.needs.is_empty())
}

/// How many that have to come before something that is done are still open.
fn early(plan: &StudyPlan, row: &PlanRow) -> u32 {
    // A day that the sites tell is settled at the sites.
    if row.status != Status::Achieved || row.derived {
        return 0;
    }
    let is_open = |id: &&EntityId| plan.row(id).is_some_and(|(_, row)| row.is_open());
    let n = row.missing.iter().filter(is_open).count();
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The word for what a line is about; the one that its JSON has, too.
pub(super) fn what_text(what: What) -> &'static str {
    match what {
        What::Milestone => "milestone",
        What::Deadline => "deadline",
        What::ApprovalExpiry => "approvalExpiry",
        What::ContinuingReview => "continuingReview",
        What::Reply => "reply",
    }
}

/// A line as it is kept.
pub(super) fn to_kept(lane: &Lane, row: &PlanRow) -> KeptRow {
    KeptRow {
        what: row.what,
        id: row.id.clone(),
        kind: row.kind.clone(),
        field: row.field.clone(),
        key: row.key.clone(),
        name: row.name.clone(),
        site: lane.site.clone(),
        site_name: if lane.site.is_some() {
            lane.name.clone()
        } else {
            Default::default()
        },
        baseline: row.baseline.clone(),
        actual: row.actual.clone(),
        due: row.due.clone(),
        legal: row.legal.clone(),
        due_at: row.due_at.clone(),
        precision: row.precision,
        provisional: row.provisional,
        forecast: row.forecast.clone(),
        forecast_precision: row.forecast_precision,
        forecast_provisional: row.forecast_provisional,
        since: row.trigger.clone(),
        rival_actuals: row.rival_actuals.clone(),
        early: 0,
        // Two of one key are one question: the first asks it.
        twins: !row.twins.is_empty() && row.twins.iter().all(|twin| row.id < *twin),
    }
}

fn to_line(lane: &Lane, row: &PlanRow, is_used: bool, is_next: bool, early: u32) -> Line {
    let is_open = is_used && row.is_open();
    let kept = KeptRow {
        early,
        ..to_kept(lane, row)
    };
    Line {
        open: is_open,
        due: row.due.clone(),
        blocked: if is_next {
            i64::try_from(row.blocked_by.len()).unwrap_or(i64::MAX)
        } else {
            0
        },
        waiting: is_open && row.waiting,
        conflict: is_used && (!row.rival_actuals.is_empty() || kept.twins || early > 0),
        row: serde_json::to_string(&kept).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_the_one_of_the_json() {
        for what in [
            What::Milestone,
            What::Deadline,
            What::ApprovalExpiry,
            What::ContinuingReview,
            What::Reply,
        ] {
            assert_eq!(serde_json::to_value(what).unwrap(), what_text(what));
        }
    }
}
