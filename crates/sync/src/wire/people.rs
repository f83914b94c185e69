//! Messages about accounts, laptops, members and what is kept for review.

use super::Envelope;
use serde::{Deserialize, Serialize};

/// An account, as whoever works for the center sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCard {
    /// The account's id.
    pub user: String,
    /// Its name.
    pub name: String,
    /// What it was invited as.
    pub role: String,
    /// How many laptops it has whose access was not withdrawn.
    pub n_devices: u64,
    /// Time: when one of them was last heard of, to the hour, UTC, RFC 3339.
    pub seen: Option<String>,
}

/// Answer to `GET /v1/accounts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// About the center.
    pub center: Envelope,
    /// Every account, by name.
    pub accounts: Vec<AccountCard>,
}

/// A laptop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCard {
    /// The device.
    pub dev: String,
    /// What its person calls it; empty for nothing.
    pub label: String,
    /// Time: enrolment, UTC, RFC 3339.
    pub since: String,
    /// Time: when it was last heard of, to the hour, UTC, RFC 3339.
    pub seen: Option<String>,
    /// Time: when its access was withdrawn, UTC, RFC 3339.
    pub revoked: Option<String>,
    /// The identity that the same laptop had before, after a restore or a clone.
    pub introduced_by: Option<String>,
    /// Whether it is the one that asks.
    pub is_this: bool,
    /// The version of its program; empty when it did not say.
    #[serde(default)]
    pub app: String,
}

/// Answer to `GET /v1/devices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// About the center.
    pub center: Envelope,
    /// The laptops, oldest first.
    pub devices: Vec<DeviceCard>,
}

/// Request `POST /v1/devices/name`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceName {
    /// The device.
    pub dev: String,
    /// Its new name.
    pub label: String,
}

/// Request `POST /v1/devices/revoke`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceRef {
    /// The device.
    pub dev: String,
}

/// The name of an account that is in a log of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberName {
    /// The account's id.
    pub user: String,
    /// Its name.
    pub name: String,
}

/// Head of the answer to `GET /v1/members/{stream}`; the log's frames follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersHead {
    /// About the center.
    pub center: Envelope,
    /// The stream.
    pub stream: String,
    /// The names of the accounts in the log.
    pub names: Vec<MemberName>,
    /// Whether the log is whole, and not just what concerns the one who asks.
    pub is_whole: bool,
    /// Whether the one who asks may change it.
    pub may_change: bool,
}

/// One change in [`MembersSet`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleSet {
    /// The account's id or name.
    pub account: String,
    /// Its role from now on; `None` when its membership ends.
    pub role: Option<String>,
}

/// Request `POST /v1/members/{stream}`: all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembersSet {
    /// What changes.
    pub changes: Vec<RoleSet>,
    /// Why, in words.
    pub why: Option<String>,
}

/// What became of a commit that was kept for review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewState {
    /// Its values are in force now, by another commit.
    Adopted,
    /// It was dismissed.
    Dismissed,
    /// Nobody has decided.
    #[serde(other)]
    Open,
}

/// A commit that was kept for review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The stream.
    pub stream: String,
    /// The device.
    pub dev: String,
    /// The commit's number among the device's.
    pub seq: u64,
    /// Its id.
    pub hash: String,
    /// Time: receipt at the center, UTC, RFC 3339.
    pub received_at: String,
    /// Why it is kept: `reader`, `ended`, `stranger`, `revoked` or `review`.
    pub why: String,
    /// What became of it.
    pub state: ReviewState,
    /// The name of the account that wrote it.
    pub author: String,
}

/// Answer to `GET /v1/held`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldList {
    /// About the center.
    pub center: Envelope,
    /// Newest first.
    pub held: Vec<Held>,
}
