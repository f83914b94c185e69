//! What has to come first: of a milestone itself, and of the study before anybody is enrolled.

use super::plan::{Lane, PlanRow, Status, StudyPlan, What};
use super::rule::Rule;
use super::when::When;
use crate::EntityId;
use std::collections::HashMap;

impl StudyPlan {
    /// What has to come before a milestone and was not done on a day; without a day, what is open.
    ///
    /// The gates of a study's milestone that its first site brings about hold for every site.
    pub fn missing_on(&self, id: &EntityId, day: Option<When>) -> Vec<EntityId> {
        let rows = by_id(&self.lanes);
        let Some((lane, row)) = self.row(id) else {
            return Vec::new();
        };
        missing(row, &gates(&self.lanes, lane, row), &rows, day)
    }
}

/// Notes for every milestone what has to come first, and who stands for the same thing.
pub(super) fn note(lanes: &mut [Lane]) {
    let rows = by_id(lanes);
    let mut found: HashMap<EntityId, (Vec<EntityId>, Vec<EntityId>)> = HashMap::new();
    for lane in lanes.iter() {
        let mut by_key: HashMap<&str, Vec<&EntityId>> = HashMap::new();
        let milestones = || lane.rows.iter().filter(|row| row.what == What::Milestone);
        for row in milestones().filter(|row| !row.key.is_empty()) {
            by_key.entry(&row.key).or_default().push(&row.id);
        }
        for row in milestones() {
            let day = When::parse(&row.actual);
            let is_asked = row.status != Status::NotApplicable;
            let needs = if is_asked {
                missing(row, &gates(lanes, lane, row), &rows, day)
            } else {
                Vec::new()
            };
            let same = by_key.get(row.key.as_str()).into_iter().flatten();
            let twins: Vec<EntityId> = same
                .filter(|id| **id != &row.id)
                .map(|id| (*id).clone())
                .collect();
            if !needs.is_empty() || !twins.is_empty() {
                found.insert(row.id.clone(), (needs, twins));
            }
        }
    }
    for row in lanes.iter_mut().flat_map(|lane| &mut lane.rows) {
        let is_milestone = row.what == What::Milestone;
        if let Some((missing, twins)) = found.remove(&row.id).filter(|_| is_milestone) {
            (row.missing, row.twins) = (missing, twins);
        }
    }
}

/// Whether it is open, and the first day on which it may have been done.
type Done = HashMap<EntityId, (bool, Option<When>)>;

fn by_id(lanes: &[Lane]) -> Done {
    let rows = lanes.iter().flat_map(|lane| &lane.rows);
    let milestones = rows.filter(|row| matches!(row.what, What::Milestone | What::Deadline));
    milestones
        .map(|row| (row.id.clone(), (row.is_open(), When::parse(&row.actual))))
        .collect()
}

fn missing(row: &PlanRow, gates: &[EntityId], rows: &Done, day: Option<When>) -> Vec<EntityId> {
    let is_missing = |id: &&EntityId| {
        rows.get(id).is_some_and(|(is_open, done)| {
            let is_later = matches!((done, day), (Some(done), Some(day)) if done.first > day.last);
            *is_open || is_later
        })
    };
    let mut found: Vec<EntityId> = Vec::new();
    for id in row.needs.iter().chain(gates).filter(is_missing) {
        if !found.contains(id) {
            found.push(id.clone());
        }
    }
    found
}

/// What the study's milestone needs that the first of the sites' milestones of this key is.
fn gates(lanes: &[Lane], lane: &Lane, row: &PlanRow) -> Vec<EntityId> {
    if lane.site.is_none() || row.key.is_empty() {
        return Vec::new();
    }
    let own = lanes.iter().filter(|lane| lane.site.is_none());
    let rows = own.flat_map(|lane| &lane.rows);
    let is_gate = |gate: &&PlanRow| matches!(Rule::parse(&gate.rule), Some(Rule::First(key)) if key == row.key);
    let gates = rows.filter(is_gate);
    gates.flat_map(|gate| gate.needs.iter().cloned()).collect()
}
