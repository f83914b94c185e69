//! What is asked before something is noted as done, and which counts cannot stand together.

use crate::desk::Desk;
use crate::edit::{Edit, find};
use crate::error::DeskError;
use crate::project::places;
use crate::store::heads;
use crate::store::write::Reason;
use model::check::Complaint;
use model::milestone::When;
use model::milestone::enrolment::{CountFault, Tally};
use model::milestone::rule::Rule;
use model::{EntityId, EntityMark, StudyId, kind};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The days of a milestone that others rely on.
const MOVED_FOR_A_REASON: [&str; 2] = ["planned", "baseline"];

impl Desk {
    /// Refuses, without a reason, to move a day that was noted, planned or frozen, and a first actual
    /// day while what has to come first is open; and a rule that cannot work, whatever the reason.
    pub(crate) fn refuse_days(
        &self,
        study: &StudyId,
        edits: &[Edit],
        why: Option<&Reason>,
    ) -> Result<(), DeskError> {
        self.refuse_rules(study, edits)?;
        let says = |why: &Reason| why.code.is_some() || why.text.is_some();
        if why.is_some_and(says) {
            return Ok(());
        }
        let conn = &self.opened.conn;
        for edit in edits
            .iter()
            .filter(|edit| MOVED_FOR_A_REASON.contains(&edit.field.as_str()))
        {
            let target = find(conn, study, &edit.entity)?;
            let before = heads::shown(conn, target.entity, &edit.field)?;
            let is_moved = !is_blank(&before) && before != edit.value;
            if target.kind == kind::MILESTONE && is_moved {
                return Err(DeskError::WhyMissing);
            }
        }
        let today = self.env.latest_today();
        let mut plan = None;
        let done: BTreeSet<&EntityId> = edits
            .iter()
            .filter(|edit| edit.field == "actual" && !is_blank(&edit.value))
            .map(|edit| &edit.entity)
            .collect();
        for edit in edits.iter().filter(|edit| edit.field == "actual") {
            let target = find(conn, study, &edit.entity)?;
            if target.kind != kind::MILESTONE {
                continue;
            }
            let before = heads::shown(conn, target.entity, "actual")?;
            let text = edit.value.as_str().unwrap_or_default().trim();
            let is_same = before.as_str().unwrap_or_default() == text;
            if !is_blank(&before) && !is_same {
                return Err(DeskError::WhyMissing);
            }
            // A day to come is refused whatever the reason.
            let is_to_come = |day: &When| day.first.to_string() > today;
            let day = When::parse(text).filter(|day| !is_same && !is_to_come(day));
            let Some(day) = day else {
                continue;
            };
            let plan = match &mut plan {
                Some(plan) => plan,
                None => plan.insert(self.plan(study)?),
            };
            let missing = plan.missing_on(&edit.entity, Some(day)).into_iter();
            // What is noted in the same step is not open.
            let n = missing.filter(|id| !done.contains(id)).count();
            if n > 0 {
                return Err(DeskError::NeedsOpen { n });
            }
        }
        Ok(())
    }
}

impl Desk {
    fn refuse_rules(&self, study: &StudyId, edits: &[Edit]) -> Result<(), DeskError> {
        let mut plan = None;
        for edit in edits.iter().filter(|edit| edit.field == "rule") {
            let Some(rule) = edit
                .value
                .as_str()
                .and_then(|text| Rule::parse(text.trim()))
            else {
                continue;
            };
            let plan = match &mut plan {
                Some(plan) => plan,
                None => plan.insert(self.plan(study)?),
            };
            if let Some(complaint) = plan.refuse_rule(&edit.entity, &rule) {
                return Err(DeskError::invalid(kind::MILESTONE, &edit.field, complaint));
            }
        }
        Ok(())
    }
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_none_or(|text| text.trim().is_empty())
}

/// Refuses a count that cannot be right beside the others of its site.
///
/// `own`: the count itself where it is there already; `fields`: what is written.
pub(crate) fn refuse_count(
    conn: &Connection,
    site: i64,
    own: Option<i64>,
    fields: &BTreeMap<String, Value>,
    today: &str,
) -> Result<(), DeskError> {
    let value = |field: &str| match (fields.get(field), own) {
        (Some(value), _) => Ok(value.clone()),
        (None, Some(entity)) => heads::shown(conn, entity, field),
        (None, None) => Ok(Value::Null),
    };
    let date = value("date")?;
    let (screened, enrolled) = (value("screened")?, value("enrolled")?);
    if enrolled.is_null() && screened.is_null() {
        return Ok(());
    }
    let tally = Tally::read(date.as_str().unwrap_or_default(), &screened, &enrolled);
    let tally =
        tally.ok_or_else(|| DeskError::invalid(kind::ENROLMENT, "date", Complaint::NotADate))?;
    let mut others = Vec::new();
    for place in places::children(conn, site)? {
        let is_other = place.kind == kind::ENROLMENT && Some(place.entity) != own;
        if !is_other || place.mark == EntityMark::Archived {
            continue;
        }
        let date = heads::shown_text(conn, place.entity, "date")?;
        let screened = heads::shown(conn, place.entity, "screened")?;
        let enrolled = heads::shown(conn, place.entity, "enrolled")?;
        others.extend(Tally::read(&date, &screened, &enrolled));
    }
    match tally.fault(&others, today) {
        Some(fault) => Err(DeskError::Count(fault)),
        None => Ok(()),
    }
}

/// The same for edits of counts that are there.
pub(crate) fn refuse_counts(
    conn: &Connection,
    study: &StudyId,
    edits: &[Edit],
    today: &str,
) -> Result<(), DeskError> {
    let mut written: BTreeMap<&EntityId, BTreeMap<String, Value>> = BTreeMap::new();
    for edit in edits {
        let fields = written.entry(&edit.entity).or_default();
        fields.insert(edit.field.clone(), edit.value.clone());
    }
    for (entity, fields) in written {
        let target = find(conn, study, entity)?;
        if target.kind != kind::ENROLMENT {
            continue;
        }
        let site = places::of(conn, target.entity)?.and_then(|place| place.parent);
        if let Some(site) = site {
            refuse_count(conn, site, Some(target.entity), &fields, today)?;
        }
    }
    Ok(())
}

impl DeskError {
    /// What the words about a count speak of.
    pub(crate) fn of_count(fault: &CountFault) -> Vec<(&'static str, String)> {
        match fault {
            CountFault::Future | CountFault::MoreThanScreened => Vec::new(),
            CountFault::Fewer { on, n } | CountFault::More { on, n } => {
                vec![("on", on.to_string()), ("n", n.to_string())]
            }
        }
    }
}
