//! Packages that were sent of one submission: one, unless two laptops sent it while apart.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Registers of a submission that follow from which package was sent.
pub const KEPT: [&str; 9] = [
    "sentOn",
    "package",
    "packageOf",
    "packageList",
    "packageParts",
    "officeForms",
    "checked",
    "checkedOn",
    "manifest",
];

/// A package that was sent of a submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SentPackage {
    /// The tagged hash of its bytes.
    pub package: String,
    /// The file's name.
    pub name: String,
    /// Units: bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Its pages; 0 where they were not noted.
    pub pages: u32,
    /// `zh`, `en` or `both`; empty where it was not noted.
    pub lang: String,
    /// The day of sending as it was noted with it.
    pub sent_on: String,
    /// Who sent it; empty when unknown.
    pub by_name: String,
    /// The laptop, shortened for reading.
    pub device: String,
    /// Time: device time, UTC, RFC 3339.
    pub at: String,
    /// Offset of the writer's local time. Units: minutes.
    pub tz_minutes: i32,
    /// Whether its bytes are on this laptop.
    pub is_here: bool,
    /// Whether it stands; one that does not was set aside.
    pub stands: bool,
}
