//! Milestones that a table brings: which are meant, and taking them in.

use crate::desk::{Changed, Desk};
use crate::directory::Sites;
use crate::edit::{Edit, checked, find, refuse_day, save, to_change};
use crate::error::DeskError;
use crate::plan::years;
use crate::project::places;
use crate::store::write::{Change, Reason};
use crate::{ord, time};
use chrono::NaiveDate;
use model::agenda::span;
use model::card::name_key;
use model::columns::DAY;
use model::milestone::incoming::{MilestoneAct, MilestoneChange, MilestoneFault, MilestoneMatch};
use model::milestone::plan::StudyPlan;
use model::{Entity, EntityId, Register, StudyDoc, StudyId, kind, milestone};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncomingMilestone {
    /// The milestone's id, where we wrote the table; else empty.
    pub id: String,
    /// The site as written; empty for the study itself.
    pub site: String,
    /// The site that a person says the text names.
    pub chosen: Option<EntityId>,
    /// The registers, checked; also [`DAY`].
    pub fields: BTreeMap<String, Value>,
}

/// Registers that say which milestone is meant, not what is to change.
const NAMES: [&str; 3] = ["key", "name.zh", "name.en"];

impl Desk {
    /// What rows of a table mean for a study; nothing is written.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn milestones_alike(
        &self,
        study: &StudyId,
        rows: &[IncomingMilestone],
    ) -> Result<Vec<MilestoneMatch>, DeskError> {
        let doc = self.plan_doc(study)?;
        let calendar = years::calendar(&self.opened.conn)?;
        let plan = milestone::plan(&doc, &calendar, Some(self.env.clock.now()));
        let mut sites = Sites::default();
        let mut taken = BTreeSet::new();
        let (today, latest) = (self.env.day(), self.env.latest_today());
        let matches = rows.iter().map(|row| {
            let mut found = meaning(&doc, &mut sites, &settled(row, today));
            forget_told(&plan, &mut found);
            found.fault = fault(&found.changes, &latest);
            // A milestone that an earlier row names is not changed twice.
            match &found.milestone {
                Some(id) if !taken.insert(id.clone()) => MilestoneMatch {
                    act: MilestoneAct::Same,
                    changes: Vec::new(),
                    fault: None,
                    ..found
                },
                _ => found,
            }
        });
        Ok(matches.collect())
    }

    /// Takes in what rows mean: all or nothing, one step back. What somebody changed since the
    /// comparison stays beside it as a conflict.
    ///
    /// # Errors
    /// [`DeskError::WhyMissing`] when planned or actual dates move without a reason; [`DeskError::NotFound`],
    /// [`DeskError::Invalid`].
    pub fn take_milestones(
        &mut self,
        study: &StudyId,
        rows: &[MilestoneMatch],
        why: &str,
    ) -> Result<Changed, DeskError> {
        let why = why.trim();
        let is_move = |change: &MilestoneChange| {
            let is_dated = ["planned", "actual"].contains(&change.field.as_str());
            is_dated && !change.from.is_null() && change.from != change.to
        };
        if why.is_empty() && rows.iter().any(|row| row.changes.iter().any(is_move)) {
            return Err(DeskError::WhyMissing);
        }
        let reason = (!why.is_empty()).then(|| Reason {
            code: Some("replanned".into()),
            text: Some(why.to_owned()),
        });
        let saved = self.transact(|conn, author| {
            let mut changes: Vec<Change> = Vec::new();
            for (n, row) in rows.iter().enumerate() {
                match (row.act, &row.milestone) {
                    (MilestoneAct::Changed, Some(milestone)) => {
                        for change in &row.changes {
                            let (field, value) = (change.field.as_str(), &change.to);
                            refuse_day(kind::MILESTONE, field, value, &author.env.latest_today())?;
                            let edit = Edit {
                                entity: milestone.clone(),
                                field: change.field.clone(),
                                value: change.to.clone(),
                                seen: change.seen.clone(),
                            };
                            changes.extend(to_change(conn, study, edit)?);
                        }
                    }
                    (MilestoneAct::New, _) => {
                        let parent = row.site.clone().unwrap_or_else(|| study.root());
                        let target = find(conn, study, &parent)?;
                        if ![kind::SITE, kind::STUDY].contains(&target.kind.as_str()) {
                            return Err(DeskError::no_entity(parent.as_str()));
                        }
                        let id = EntityId::from_uuid(time::new_id(author.env));
                        let mut put = |field: &str, value| {
                            let id = id.as_str();
                            changes.push(Change::first(id, kind::MILESTONE, field, value));
                        };
                        let n_there = places::children(conn, target.entity)?.len();
                        put("parent", json!({"$ref": parent.as_str()}));
                        put("ord", ord::nth(n_there + n).into());
                        for change in &row.changes {
                            let (field, to) = (change.field.as_str(), &change.to);
                            refuse_day(kind::MILESTONE, field, to, &author.env.latest_today())?;
                            let value = checked(kind::MILESTONE, &change.field, change.to.clone())?;
                            if !value.is_null() {
                                put(&change.field, value);
                            }
                        }
                    }
                    _ => {}
                }
            }
            save(conn, author, study, changes, reason)
        })?;
        if saved.commits.is_empty() {
            return Ok(Changed::default());
        }
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }
}

/// A row whose day is either what happened, when it is wholly past, or what is planned.
fn settled(row: &IncomingMilestone, today: NaiveDate) -> IncomingMilestone {
    let mut row = row.clone();
    let Some(day) = row.fields.remove(DAY) else {
        return row;
    };
    let after = day.as_str().and_then(span).map(|(_, after)| after);
    let register = match after {
        Some(after) if after > today.succ_opt().unwrap_or(today) => "planned",
        _ => "actual",
    };
    // What a head says of its own goes before what is taken from the day.
    row.fields.entry(register.to_owned()).or_insert(day);
    row
}

/// The first value that cannot be written as it is.
fn fault(changes: &[MilestoneChange], today: &str) -> Option<MilestoneFault> {
    changes.iter().find_map(|change| {
        let (field, to) = (change.field.as_str(), &change.to);
        let refused = refuse_day(kind::MILESTONE, field, to, today)
            .and_then(|()| checked(kind::MILESTONE, field, to.clone()).map(drop));
        match refused {
            Err(DeskError::Invalid { complaint, .. }) => Some(MilestoneFault {
                field: change.field.clone(),
                complaint: complaint.code().to_owned(),
            }),
            _ => None,
        }
    })
}

/// What the sites tell of a milestone stands in our own tables; read back, it is nothing new.
fn forget_told(plan: &StudyPlan, found: &mut MilestoneMatch) {
    let row = found.milestone.as_ref().and_then(|id| plan.row(id));
    let Some((_, row)) = row.filter(|(_, row)| row.derived) else {
        return;
    };
    let is_told =
        |change: &MilestoneChange| change.field == "actual" && change.to == row.actual.as_str();
    found.changes.retain(|change| !is_told(change));
    if found.act == MilestoneAct::Changed && found.changes.is_empty() {
        found.act = MilestoneAct::Same;
    }
}

fn meaning(doc: &StudyDoc, sites: &mut Sites, row: &IncomingMilestone) -> MilestoneMatch {
    let by_id = EntityId::parse(&row.id).and_then(|id| doc.entity(&id));
    let by_id = by_id.filter(|one| one.kind == kind::MILESTONE && one.is_shown());
    let is_here = |id: &EntityId| {
        let found = doc.entity(id);
        found.is_some_and(|one| one.kind == kind::SITE && one.is_shown())
    };
    let chosen = row.chosen.clone().filter(is_here);
    let site = chosen.or_else(|| sites.find(doc, &row.site));
    if by_id.is_none() && site.is_none() && !row.site.trim().is_empty() {
        return MilestoneMatch {
            act: MilestoneAct::NoSite,
            site,
            milestone: None,
            changes: Vec::new(),
            fault: None,
        };
    }
    let parent = site.clone().unwrap_or_else(|| doc.id.root());
    let found = by_id.or_else(|| by_name(doc, &parent, row));
    let change = |(field, to): (&String, &Value)| {
        let register = found.and_then(|found| found.fields.get(field));
        MilestoneChange {
            field: field.clone(),
            from: register.map_or(Value::Null, |one| one.value().clone()),
            to: to.clone(),
            seen: register.map(Register::seen).unwrap_or_default(),
        }
    };
    let wanted = row.fields.iter().filter(|(field, _)| {
        found.is_none() || by_id.is_some() || !NAMES.contains(&field.as_str())
    });
    let mut changes: Vec<MilestoneChange> = wanted.map(change).collect();
    // A baseline is set for all at once and for a reason: no table moves one.
    let is_moved_baseline =
        |change: &MilestoneChange| change.field == "baseline" && !change.from.is_null();
    changes.retain(|change| change.from != change.to && !is_moved_baseline(change));
    let act = match (found, changes.is_empty()) {
        (None, _) => MilestoneAct::New,
        (Some(_), true) => MilestoneAct::Same,
        (Some(_), false) => MilestoneAct::Changed,
    };
    MilestoneMatch {
        act,
        site,
        milestone: found.map(|found| found.id.clone()),
        changes,
        fault: None,
    }
}

/// The one milestone of a place that has the row's key or name.
fn by_name<'a>(
    doc: &'a StudyDoc,
    parent: &EntityId,
    row: &IncomingMilestone,
) -> Option<&'a Entity> {
    let text = |field: &str| row.fields.get(field).and_then(Value::as_str).unwrap_or("");
    let here = || {
        doc.of_kind(kind::MILESTONE)
            .filter(|one| one.parent.as_ref() == Some(parent))
    };
    let has_key = |one: &&Entity| !text("key").is_empty() && one.text("key") == text("key");
    let has_name = |one: &&Entity| {
        ["name.zh", "name.en"].iter().any(|field| {
            let name = name_key(text(field));
            !name.is_empty() && name_key(one.text(field)) == name
        })
    };
    let one = |mut found: Vec<&'a Entity>| (found.len() == 1).then(|| found.remove(0));
    one(here().filter(has_key).collect()).or_else(|| one(here().filter(has_name).collect()))
}
