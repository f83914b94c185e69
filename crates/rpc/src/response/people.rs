//! What a caller gets about members, laptops and what was kept for review.

use model::StudyId;
use model::review::HeldCommit;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

response! {
    /// The laptops of this account.
    DeviceList {
        /// The laptops, oldest first.
        devices: Vec<DeviceRow>,
    }
    /// A laptop.
    DeviceRow {
        /// The device.
        device: String,
        /// What its person calls it; may be empty.
        label: String,
        /// Time: since when it is connected, UTC.
        since: String,
        /// Time: when it was last heard of, UTC.
        seen: Option<String>,
        /// Time: when its access was withdrawn, UTC.
        revoked: Option<String>,
        /// Whether it is this one.
        is_this: bool,
    }
    /// What was kept for review.
    ReviewList {
        /// Newest first.
        held: Vec<HeldCommit>,
        /// The studies in it about which this person decides.
        decides: Vec<StudyId>,
    }
    /// What taking in a file of studies did.
    BundleTaken {
        /// The studies in it.
        studies: Vec<StudyId>,
        /// How many changes were not here before.
        n_new: usize,
        /// How many changes were here.
        n_known: usize,
        /// Why a study was not taken to its end.
        problems: Vec<BundleProblem>,
    }
    /// Where a study was not taken to its end.
    BundleProblem {
        /// Key of the label.
        code: String,
        /// The commit.
        place: String,
    }
}

/// Who is and was a member of a study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberList {
    /// The study.
    pub study: StudyId,
    /// Everybody, by name.
    pub members: Vec<MemberRow>,
    /// Whether this account may change it.
    pub may_change: bool,
    /// Time: when the center said so, UTC.
    pub as_of: String,
    /// Whether the center was out of reach, and this is what it said last.
    pub is_kept: bool,
}

/// A member, or somebody who was one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberRow {
    /// The account's id.
    pub user: String,
    /// Its name.
    pub name: String,
    /// Its role; `None` when its part ended.
    pub role: Option<String>,
    /// Time: since when, UTC.
    pub since: String,
    /// Who said so: an account's name, or empty for the center itself.
    pub by: String,
    /// Why, where a reason was given.
    pub why: Option<String>,
}
