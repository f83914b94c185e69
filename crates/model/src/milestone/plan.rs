//! The plan of a study as screens, lists and the command line read it. Nothing of it is stored.

use super::enrolment::Enrolment;
use super::when::{self, Precision};
use crate::reference::Bilingual;
use crate::{EntityId, Kind, Label, StudyId, label};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// From how many days before it is due something counts as due soon.
pub const SOON_DAYS: i64 = 30;

/// A study's plan: its own lane, then one for each site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StudyPlan {
    /// The study.
    pub study: StudyId,
    /// The day that it was made for. Time: `YYYY-MM-DD` in Shanghai; empty for none.
    pub today: String,
    /// The lanes, the study's own first.
    pub lanes: Vec<Lane>,
    /// Years in it whose working days are not announced yet.
    pub missing_years: Vec<i32>,
}

/// The study's own milestones, or those of a site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PlanLane")]
pub struct Lane {
    /// The site; `None` for the study itself.
    pub site: Option<EntityId>,
    /// The site's hospital; the study's title.
    pub name: Bilingual,
    /// What its milestones were made of: keys with versions.
    pub origins: Vec<String>,
    /// Bars of the timeline that have a beginning and an end.
    pub bars: Vec<Bar>,
    /// What is planned, in order.
    pub rows: Vec<PlanRow>,
    /// Where enrolment stands.
    pub enrolment: Enrolment,
}

/// A bar of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PlanBar")]
pub struct Bar {
    /// Key of the phase.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// When it began or is to be expected to. Time: `YYYY-MM-DD`, or as exactly as it is known.
    pub from: String,
    /// When it ended or is to be expected to.
    pub to: String,
    /// First day by the baseline; empty when there is none.
    pub baseline_from: String,
    /// Last day by the baseline; empty when there is none.
    pub baseline_to: String,
    /// Whether its end is done.
    pub done: bool,
}

/// What a line of a plan is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
// The contract has one name for each type, and the lines of a comparison are called so already.
#[ts(rename = "PlanWhat")]
pub enum What {
    /// A milestone.
    Milestone,
    /// A deadline that an event began.
    Deadline,
    /// The end of an approval's validity.
    ApprovalExpiry,
    /// The day by which a committee must have reviewed again.
    ContinuingReview,
    /// A submission that nobody has answered yet.
    Reply,
}

/// How something stands; derived, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PlanStatus")]
pub enum Status {
    /// Done.
    Achieved,
    /// Its day has passed.
    Overdue,
    /// Something that it needs is not done.
    Blocked,
    /// Its day is near ([`SOON_DAYS`]).
    DueSoon,
    /// Its day is farther away.
    Upcoming,
    /// It has no day.
    Undated,
    /// It does not apply, with a reason.
    NotApplicable,
}

/// One line of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanRow {
    /// What it is about.
    pub what: What,
    /// The entity that it stands in and where it is settled.
    pub id: EntityId,
    /// The entity's kind.
    pub kind: Kind,
    /// The register that settles it.
    pub field: String,
    /// The milestone's key, or the deadline's; empty for one of the person's own.
    pub key: String,
    /// What to call it.
    pub name: Bilingual,
    /// As it was when the plan was approved.
    pub baseline: String,
    /// As it is planned; empty when it follows from its rule.
    pub planned: String,
    /// When it was done.
    pub actual: String,
    /// Whether the actual day was told by the sites or by enrolment, not noted here.
    pub derived: bool,
    /// Different actual days that stand beside each other after an exchange.
    pub rival_actuals: Vec<String>,
    /// The same of planned days.
    pub rival_planned: Vec<String>,
    /// Registers in conflict.
    pub conflicts: Vec<String>,
    /// The day it is due: surely in time. Time: `YYYY-MM-DD`; empty when it has none.
    pub due: String,
    /// The last day that the law allows, where days were counted; else empty.
    pub legal: String,
    /// The moment it is due, for hours. Time: RFC 3339 in Shanghai; else empty.
    pub due_at: String,
    /// How exactly the due day is known.
    pub precision: Precision,
    /// Whether the due day rests on working days that are not announced yet.
    pub provisional: bool,
    /// What is to be expected. Time: `YYYY-MM-DD`; empty when it cannot be said.
    pub forecast: String,
    /// How exactly the forecast is known.
    pub forecast_precision: Precision,
    /// Whether the forecast rests on working days that are not announced yet.
    pub forecast_provisional: bool,
    /// Whether its days follow from numbers of participants that are in conflict.
    pub disputed: bool,
    /// What holds the forecast up.
    pub pushed_by: Vec<EntityId>,
    /// Forecast minus baseline. Units: days; `None` when one of them is missing.
    pub slip: Option<i64>,
    /// How it stands.
    pub status: Status,
    /// Days until it is due; negative when it is late, `None` without a day.
    pub days_left: Option<i64>,
    /// What its date follows from; empty when a person sets it.
    pub rule: String,
    /// The day or moment that the rule counts from, when it is the line's own.
    pub trigger: String,
    /// How often it is due anew; empty when it is done once.
    pub repeat: String,
    /// What it was made of: list and version; empty for the person's own.
    pub origin: String,
    /// What must be done before it.
    pub needs: Vec<EntityId>,
    /// What of that is not done.
    pub blocked_by: Vec<EntityId>,
    /// What has to come first, gates of the study among it: of what is open, what is open too; of
    /// what is done, what was not done when this was.
    pub missing: Vec<EntityId>,
    /// Others with the same key in the same place: two people added one milestone each.
    pub twins: Vec<EntityId>,
    /// Whether somebody else has to answer, and is being waited for.
    pub waiting: bool,
    /// Why it does not apply.
    pub not_applicable: String,
    /// The day that it would be due by its plan or rule, where it does not apply; else empty.
    pub otherwise_due: String,
    /// A remark.
    pub note: String,
    /// The document that proves the actual day.
    pub evidence: Option<EntityId>,
    /// Whether it is done by the person's own word, without a document or a remark that proves it.
    pub unproven: bool,
    /// Whether other days are counted from its actual day: changing that one wants a reason.
    pub counted_from: bool,
    /// Form tokens of the dates: register, operations on screen.
    pub seen: BTreeMap<String, Vec<String>>,
}

impl Status {
    /// Its words.
    pub fn label(self) -> &'static Label {
        match self {
            Self::Achieved => label!("plan.status.achieved"),
            Self::Overdue => label!("plan.status.overdue"),
            Self::Blocked => label!("plan.status.blocked"),
            Self::DueSoon => label!("plan.status.dueSoon"),
            Self::Upcoming => label!("plan.status.upcoming"),
            Self::Undated => label!("plan.status.undated"),
            Self::NotApplicable => label!("plan.status.notApplicable"),
        }
    }
}

impl StudyPlan {
    /// A line by its entity, with its lane.
    pub fn row(&self, id: &EntityId) -> Option<(&Lane, &PlanRow)> {
        let mut rows = self
            .lanes
            .iter()
            .flat_map(|lane| lane.rows.iter().map(move |row| (lane, row)));
        rows.find(|(_, row)| row.id == *id)
    }

    /// The lane of a site; the study's own for `None`.
    pub fn lane(&self, site: Option<&EntityId>) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.site.as_ref() == site)
    }
}

impl Lane {
    /// A milestone by key.
    pub fn milestone(&self, key: &str) -> Option<&PlanRow> {
        let mut rows = self.rows.iter();
        rows.find(|row| row.what == What::Milestone && row.key == key)
    }

    /// Lines of a status.
    pub fn n_of(&self, status: Status) -> usize {
        self.rows.iter().filter(|row| row.status == status).count()
    }
}

/// A moment in Shanghai as it is shown, `YYYY-MM-DD HH:MM`; `None` for none.
pub fn shown_at(moment: &str) -> Option<String> {
    let minutes = moment.get(.."YYYY-MM-DDTHH:MM".len())?;
    Some(minutes.replace('T', " "))
}

impl PlanRow {
    /// Whether something is still to be done.
    pub fn is_open(&self) -> bool {
        !matches!(self.status, Status::Achieved | Status::NotApplicable)
    }

    /// The due day, as exactly as it is known.
    pub fn due_known(&self) -> String {
        when::as_known(&self.due, self.precision)
    }

    /// The due day as it is shown: with its hour in Shanghai where it is due at a moment.
    pub fn due_shown(&self) -> String {
        shown_at(&self.due_at).unwrap_or_else(|| self.due_known())
    }

    /// The forecast, as exactly as it is known.
    pub fn forecast_known(&self) -> String {
        when::as_known(&self.forecast, self.forecast_precision)
    }

    /// As it was; late, the day that was missed; else as it is to be expected, planned or due. Says
    /// too whether that day rests on working days that are not announced yet.
    pub fn stands(&self) -> (String, bool) {
        if self.status == Status::Overdue && !self.due.is_empty() {
            return (self.due_known(), self.provisional);
        }
        self.expected()
    }

    /// The day that settles it; empty when it is open, as what was done and is due anew is.
    pub fn done_on(&self) -> &str {
        if self.is_due_anew() { "" } else { &self.actual }
    }

    /// Whether it was done and comes back: its actual day is history, its next day stands.
    pub fn is_due_anew(&self) -> bool {
        !self.repeat.is_empty() && !self.actual.is_empty() && !self.derived
    }

    /// As it was, else as it is to be expected, else as it is planned or due; and whether that day
    /// rests on working days that are not announced yet.
    pub fn expected(&self) -> (String, bool) {
        if !self.done_on().is_empty() {
            return (self.actual.clone(), false);
        }
        if !self.forecast.is_empty() {
            return (self.forecast_known(), self.forecast_provisional);
        }
        if !self.planned.is_empty() {
            return (self.planned.clone(), false);
        }
        (self.due_known(), self.provisional)
    }
}
