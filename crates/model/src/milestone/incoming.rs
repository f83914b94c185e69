//! What a table of milestones means for a study.

use crate::EntityId;
use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

/// What a row of a table would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MilestoneAct {
    /// A milestone that is not here.
    New,
    /// One that is here, with other values.
    Changed,
    /// One that is here as the row says.
    Same,
    /// The site that it names is not one of the study, or not surely one.
    NoSite,
}

/// A value that would change.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MilestoneChange {
    /// The register.
    pub field: String,
    /// As it is; null when it is empty.
    pub from: Value,
    /// As the table has it.
    pub to: Value,
    /// The operations that the comparison saw.
    #[serde(skip)]
    pub seen: Vec<String>,
}

/// Why a row cannot be taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MilestoneFault {
    /// The register.
    pub field: String,
    /// The stable word of what is wrong with it; its words are under `desk.check.<code>`.
    pub complaint: String,
}

/// What a row of a table means.
#[derive(Clone, Debug, PartialEq)]
pub struct MilestoneMatch {
    /// What it would do.
    pub act: MilestoneAct,
    /// The site; `None` for the study itself.
    pub site: Option<EntityId>,
    /// The milestone that is meant; `None` for a new one.
    pub milestone: Option<EntityId>,
    /// What would change, or what a new one has.
    pub changes: Vec<MilestoneChange>,
    /// Why it cannot be taken in; `None` when it can.
    pub fault: Option<MilestoneFault>,
}
