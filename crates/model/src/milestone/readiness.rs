//! How ready a site is, and what blocks its next step.

use super::enrolment::Enrolment;
use super::plan::{PlanRow, Status, StudyPlan, What};
use crate::EntityId;
use crate::reference::Bilingual;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The gate of enrolment among the study's own milestones.
const ENROLMENT_GATE: &str = "fpi";

/// How ready a site is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Readiness {
    /// The site.
    pub site: EntityId,
    /// Its hospital.
    pub name: Bilingual,
    /// The next milestone that waits for others; `None` when there is none any more.
    pub next: Option<PlanRow>,
    /// What blocks it, the most urgent first.
    pub blocking: Vec<PlanRow>,
    /// What is done and was done before what has to come first.
    pub early: Vec<PlanRow>,
    /// Everything else that is open before it, by its day; what has none comes last.
    pub open: Vec<PlanRow>,
    /// What is done of what the next step needs.
    pub n_done: u32,
    /// What the next step needs, those that do not apply left out.
    pub n_needed: u32,
    /// Gates of the study that are open: nobody may be enrolled anywhere before them.
    pub study_gates: Vec<PlanRow>,
    /// Ends of validity and answers that are awaited.
    pub letters: Vec<PlanRow>,
    /// Where enrolment stands.
    pub enrolment: Enrolment,
    /// Years whose working days are not announced yet, where one of its days rests on them.
    pub missing_years: Vec<i32>,
}

/// How ready a site of a plan is; `None` when it is not in it.
pub fn readiness(plan: &StudyPlan, site: &EntityId) -> Option<Readiness> {
    let lane = plan.lane(Some(site))?;
    let milestones = || lane.rows.iter().filter(|row| row.what == What::Milestone);
    let place = milestones().position(|row| row.is_open() && !row.needs.is_empty());
    let next = place.and_then(|place| milestones().nth(place));
    let find = |id: &EntityId| plan.row(id).map(|(_, row)| row);
    let mut blocking: Vec<PlanRow> = next
        .into_iter()
        .flat_map(|next| &next.blocked_by)
        .filter_map(find)
        .cloned()
        .collect();
    blocking.sort_by_key(by_day);
    let before = place.unwrap_or(usize::MAX);
    let is_else = |row: &&PlanRow| row.is_open() && !blocking.iter().any(|b| b.id == row.id);
    let mut open: Vec<PlanRow> = milestones().take(before).filter(is_else).cloned().collect();
    open.sort_by_key(by_day);
    let is_early = |row: &&PlanRow| row.status == Status::Achieved && !row.missing.is_empty();
    let needed = next.into_iter().flat_map(|next| &next.needs);
    let needed: Vec<&PlanRow> = needed
        .filter_map(find)
        .filter(|row| row.status != Status::NotApplicable)
        .collect();
    let n = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let gates = plan
        .lane(None)
        .and_then(|own| own.milestone(ENROLMENT_GATE));
    let gates = gates.into_iter().flat_map(|gate| &gate.blocked_by);
    let mut study_gates: Vec<PlanRow> = gates.filter_map(find).cloned().collect();
    study_gates.sort_by_key(by_day);
    let letters: Vec<PlanRow> = lane
        .rows
        .iter()
        .filter(|row| !matches!(row.what, What::Milestone))
        .cloned()
        .collect();
    // A mark is explained where it stands.
    let is_marked = |row: &PlanRow| row.is_open() && (row.provisional || row.forecast_provisional);
    let is_shown = [&blocking, &open, &study_gates, &letters]
        .into_iter()
        .flatten()
        .chain(next)
        .any(is_marked);
    let missing_years = if is_shown {
        plan.missing_years.clone()
    } else {
        Vec::new()
    };
    Some(Readiness {
        site: site.clone(),
        name: lane.name.clone(),
        n_done: n(needed.iter().filter(|row| !row.is_open()).count()),
        n_needed: n(needed.len()),
        next: next.cloned(),
        blocking,
        early: milestones().filter(is_early).cloned().collect(),
        open,
        study_gates,
        letters,
        enrolment: lane.enrolment.clone(),
        missing_years,
    })
}

/// The most urgent first; a line without a day comes last.
fn by_day(row: &PlanRow) -> (bool, String) {
    let day = if row.due.is_empty() {
        &row.forecast
    } else {
        &row.due
    };
    (day.is_empty(), day.clone())
}
