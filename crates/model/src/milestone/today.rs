//! What wants attention over all studies, and where all studies stand.

use super::plan::What;
use super::when::Precision;
use crate::reference::Bilingual;
use crate::{EntityId, Kind, StudyId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One line of a plan as it is kept for lists over all studies; nothing in it depends on today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptRow {
    /// What it is about.
    pub what: What,
    /// The entity that it stands in.
    pub id: EntityId,
    /// The entity's kind.
    pub kind: Kind,
    /// The register that settles it.
    pub field: String,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// The site that it belongs to.
    pub site: Option<EntityId>,
    /// The site's hospital.
    pub site_name: Bilingual,
    /// By the baseline.
    pub baseline: String,
    /// When it was done.
    pub actual: String,
    /// The day it is due.
    pub due: String,
    /// The last day that the law allows, where days were counted.
    pub legal: String,
    /// The moment it is due, for hours.
    pub due_at: String,
    /// How exactly the due day is known.
    pub precision: Precision,
    /// Whether the due day rests on working days that are not announced yet.
    pub provisional: bool,
    /// The day that is to be expected, before today is looked at.
    pub forecast: String,
    /// How exactly the forecast is known.
    #[serde(default)]
    pub forecast_precision: Precision,
    /// Whether the forecast rests on working days that are not announced yet.
    #[serde(default)]
    pub forecast_provisional: bool,
    /// Since when an answer is awaited.
    pub since: String,
    /// Different actual days side by side.
    pub rival_actuals: Vec<String>,
    /// How many that had to come first are still open, of what is done.
    #[serde(default)]
    pub early: u32,
    /// Whether the same milestone is there a second time, and this is the first of them.
    #[serde(default)]
    pub twins: bool,
}

/// Why something is on today's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "TodayReason")]
pub enum Reason {
    /// Its day has passed.
    Overdue,
    /// Its day is within the days that were asked for.
    Due,
    /// An approval ends, or a review is due.
    Expiring,
    /// A site cannot take its next step, which is due soon or late.
    Blocked,
    /// Values stand beside each other after an exchange.
    Conflict,
    /// The same milestone is there twice.
    Doubled,
    /// It is done, and what has to come first is still open.
    Early,
    /// Somebody else has to answer.
    Waiting,
}

/// One line of today's list; it is settled at `entity` (or in the list of conflicts without one).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TodayLine {
    /// Why it is here.
    pub reason: Reason,
    /// What it is about; `None` for all conflicts of a study together.
    pub what: Option<What>,
    /// The study.
    pub study: StudyId,
    /// The study's title.
    pub study_title: Bilingual,
    /// The site.
    pub site: Option<EntityId>,
    /// The site's hospital.
    pub site_name: Bilingual,
    /// The entity where it is settled.
    pub entity: Option<EntityId>,
    /// The entity's kind.
    pub kind: Kind,
    /// The register that settles it.
    pub field: String,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// The day it is due.
    pub due: String,
    /// The last day that the law allows, where days were counted.
    pub legal: String,
    /// The moment it is due, for hours. Time: RFC 3339 in Shanghai.
    pub due_at: String,
    /// How exactly the due day is known.
    pub precision: Precision,
    /// Whether the day rests on working days that are not announced yet.
    pub provisional: bool,
    /// Days until it is due; negative when it is late, `None` without a day.
    pub days_left: Option<i64>,
    /// How many block a site, are in conflict, or had to come first; else 0.
    pub n: u32,
    /// Since when an answer is awaited; empty when nobody noted it.
    pub since: String,
    /// Different actual days side by side.
    pub rival_actuals: Vec<String>,
}

/// How many lines there are, whether or not they are all listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TodayCounts {
    /// [`Reason::Overdue`].
    pub overdue: u32,
    /// [`Reason::Due`].
    pub due: u32,
    /// [`Reason::Expiring`].
    pub expiring: u32,
    /// [`Reason::Blocked`].
    pub blocked: u32,
    /// [`Reason::Conflict`]: fields in conflict, of which one line may stand for several; as many as
    /// the list of conflicts has.
    pub conflict: u32,
    /// [`Reason::Doubled`].
    pub doubled: u32,
    /// [`Reason::Early`].
    pub early: u32,
    /// [`Reason::Waiting`].
    pub waiting: u32,
}

/// What wants attention.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Today {
    /// The day. Time: `YYYY-MM-DD` in Shanghai.
    pub today: String,
    /// The last day that was looked at.
    pub until: String,
    /// The lines: by reason, then by day.
    pub lines: Vec<TodayLine>,
    /// How many there are of each.
    pub counts: TodayCounts,
    /// Years until the last day whose working days are not announced yet.
    pub missing_years: Vec<i32>,
}

/// A credential that ends soon or has ended, of somebody whom a study in use names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CredentialEnd {
    /// The person in the directory; the contact of the study who is nobody there.
    pub person: EntityId,
    /// Her name.
    pub name: Bilingual,
    /// Code of `credentialKind`.
    pub kind: String,
    /// Its last day. Time: `YYYY-MM-DD`.
    pub until: String,
    /// A study that names her.
    pub study: StudyId,
    /// Where it names her: an assignment or a contact.
    pub entity: EntityId,
    /// The site's hospital there; empty for the study as a whole.
    pub site_name: String,
}

/// A study among all studies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StudySpan {
    /// The study.
    pub study: StudyId,
    /// Its title.
    pub title: Bilingual,
    /// Its number.
    pub number: String,
    /// Its status code.
    pub status: String,
    /// Its own milestones that have a day.
    pub points: Vec<PlanPoint>,
    /// Its sites.
    pub sites: Vec<SiteSpan>,
    /// First day of all of it; empty when there is none.
    pub from: String,
    /// Last day of all of it.
    pub to: String,
    /// How many lines are late.
    pub n_overdue: u32,
}

/// A milestone on the line of its study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanPoint {
    /// The milestone.
    pub id: EntityId,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// The day: done, else expected. Time: `YYYY-MM-DD`, or as exactly as it is known.
    pub date: String,
    /// By the baseline; empty when there is none.
    pub baseline: String,
    /// Whether it is done.
    pub done: bool,
    /// Whether its day has passed and it is not done.
    pub overdue: bool,
    /// Whether the day rests on working days that are not announced yet.
    pub provisional: bool,
}

/// A site on the line of its study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SiteSpan {
    /// The site.
    pub site: EntityId,
    /// Its hospital.
    pub name: Bilingual,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// How many milestones are done.
    pub n_done: u32,
    /// How many there are.
    pub n: u32,
    /// How many are late.
    pub n_overdue: u32,
}

/// Something to remind of; it was not reminded of before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Reminder {
    /// What to remind of.
    pub line: TodayLine,
    /// The step: how many days before the day, 0 on it, -1 once it is late.
    pub days: i32,
}

/// A table of a year's working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct YearRow {
    /// The year.
    pub year: i32,
    /// Where its days are from: `builtin`, `loaded`, `center`, or `missing` (not announced yet).
    pub from: String,
    /// Addresses of the notices.
    pub sources: Vec<String>,
    /// When it was loaded. Time: UTC; empty for one that is built in.
    pub loaded_at: String,
    /// Days off that are weekdays, and weekends that are worked.
    pub n_off: u32,
    /// Worked weekend days.
    pub n_work: u32,
}
