//! What was kept for review, as the PI and its author read it.

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

/// What became of a commit that was kept for review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ReviewState {
    /// Nobody has decided.
    Open,
    /// Its values are in force.
    Adopted,
    /// It was dismissed.
    Dismissed,
}

/// One value of a commit that was kept for review.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldChange {
    /// The entity.
    pub entity: String,
    /// What it is called.
    pub entity_name: String,
    /// Its kind.
    pub kind: String,
    /// The register.
    pub field: String,
    /// What stands there now.
    pub now: Value,
    /// What it would become.
    pub to: Value,
}

/// A commit that was kept for review.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldCommit {
    /// The commit's id.
    pub id: String,
    /// The study.
    pub study: String,
    /// Who wrote it; empty when no name is known.
    pub by: String,
    /// Whether it was written here.
    pub own: bool,
    /// Time: what the author's laptop said, UTC.
    pub at: String,
    /// Time: receipt at the center, UTC.
    pub received_at: Option<String>,
    /// What became of it.
    pub state: ReviewState,
    /// Who decided; empty when nobody did.
    pub decided_by: String,
    /// Why it was dismissed or adopted.
    pub why: Option<String>,
    /// What it would change.
    pub changes: Vec<HeldChange>,
}
