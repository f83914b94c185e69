//! Lists that screens and the command line show: studies, hits, history, conflicts, findings.

use crate::reference::Bilingual;
use crate::{EntityId, Head, Kind, PersonId, StudyId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// One line of the list of studies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StudyRow {
    /// The study.
    pub id: StudyId,
    /// Short title, Chinese; empty when there is none.
    pub title_zh: String,
    /// Short title, English; empty when there is none.
    pub title_en: String,
    /// Acronym; empty when there is none.
    pub acronym: String,
    /// The first registry number there is (NCT, ChiCTR, national), else the study number.
    pub number: String,
    /// Status code.
    pub status: String,
    /// Phase codes joined by `|`.
    pub phase: String,
    /// Study type code.
    pub study_type: String,
    /// Disease area codes, as entered or else as the conditions point to.
    pub disease_areas: Vec<String>,
    /// Partner hospital codes of its sites.
    pub hospitals: Vec<String>,
    /// Name of the lead site or of the first one, Chinese or else English.
    pub lead_site: String,
    /// Shown sites.
    pub n_sites: u32,
    /// Fields in conflict.
    pub n_conflicts: u32,
    /// Protocol version; empty when there is none.
    pub version: String,
    /// Whether it is archived.
    pub archived: bool,
    /// The study that this one was joined into.
    pub joined: Option<StudyId>,
    /// Time: newest commit's device time, UTC.
    pub changed_at: String,
    /// Name of who wrote the newest commit.
    pub changed_by: String,
    /// Whether commits wait for the center.
    pub waiting: bool,
}

/// One hit of a search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// The study.
    pub study: StudyId,
    /// The study's title, Chinese or else English.
    pub title: String,
    /// The study's number.
    pub number: String,
    /// The entity that holds the hit.
    pub entity: EntityId,
    /// Its kind.
    pub kind: Kind,
    /// The register that holds the hit.
    pub field: String,
    /// Text around the hit.
    pub excerpt: String,
    /// Ranges of the hit in the excerpt. Units: UTF-16 code units, start and end.
    pub marks: Vec<(u32, u32)>,
}

/// One change in the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// The operation.
    pub op: String,
    /// Number of the commit within the device's own, with the device: groups what was saved at once.
    pub commit: String,
    /// The study.
    pub study: StudyId,
    /// The entity.
    pub entity: EntityId,
    /// Its kind.
    pub kind: Kind,
    /// What to call the entity (site name, milestone name), empty for the study.
    pub entity_name: Bilingual,
    /// What the entity lies in (the hospital of a milestone), empty for what is the study's own.
    pub place: Bilingual,
    /// The register.
    pub field: String,
    /// The values that it replaced.
    pub from: Vec<Value>,
    /// The new value.
    pub to: Value,
    /// Whether the new value was redacted.
    pub redacted: bool,
    /// Who.
    pub by: PersonId,
    /// The writer's name; empty when unknown.
    pub by_name: String,
    /// The laptop, shortened for reading.
    pub device: String,
    /// Time: device time, UTC.
    pub at: String,
    /// Offset of the writer's local time. Units: minutes.
    pub tz_minutes: i32,
    /// Time: when the center received it, UTC; `None` while it waits.
    pub received_at: Option<String>,
    /// Coded reason.
    pub why_code: Option<String>,
    /// Reason in words.
    pub why_text: Option<String>,
    /// Imported from (`ctgov NCT… 2026-02-05`), where it was.
    pub source: Option<String>,
}

/// One field in conflict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConflictRow {
    /// The study.
    pub study: StudyId,
    /// The study's title.
    pub title: String,
    /// The entity.
    pub entity: EntityId,
    /// Its kind.
    pub kind: Kind,
    /// What to call the entity; empty for the study.
    pub entity_name: Bilingual,
    /// What it lies in, from the outermost: the hospital, the section; empty for the study's own.
    pub place: Bilingual,
    /// The register.
    pub field: String,
    /// The path that the command line uses.
    pub path: String,
    /// The standing values.
    pub heads: Vec<Head>,
}

/// Something that wants a person's decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Finding {
    /// Two studies carry one registry number (decisions.md 17).
    SameNumber {
        /// The number.
        number: String,
        /// The studies.
        studies: Vec<StudyId>,
        /// Their titles.
        titles: Vec<String>,
    },
}

/// What an import would do, or did, with one record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportEntry {
    /// The file.
    pub file: String,
    /// Place of the record in the file, from 0.
    pub index: u32,
    /// Outcome.
    pub status: ImportStatus,
    /// The study, where there is one.
    pub study: Option<StudyId>,
    /// The record's own number; empty when it could not be read.
    pub number: String,
    /// The record's title; empty when it could not be read.
    pub title: String,
    /// Changed fields of an update.
    pub changes: Vec<ImportChange>,
    /// Remarks by label key.
    pub warnings: Vec<String>,
    /// Paths kept as residue.
    pub not_understood: Vec<String>,
    /// Paths not carried.
    pub not_carried: Vec<String>,
    /// Why it was refused, by label key.
    pub reason: Option<String>,
}

/// Outcome of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ImportStatus {
    /// A new study.
    Imported,
    /// A study that was here, with changes.
    Updated,
    /// A study that was here, without changes.
    Unchanged,
    /// Not read; nothing of it is stored.
    Refused,
}

/// One changed field of an update.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportChange {
    /// The entity's kind.
    pub kind: Kind,
    /// What to call the entity; empty for the study.
    pub entity_name: String,
    /// The register; `_del` when the record no longer has the entity.
    pub field: String,
    /// The value at the previous import; null for a new one.
    pub from: Value,
    /// The value now.
    pub to: Value,
    /// Whether a local edit stands, so that both will show.
    pub conflict: bool,
}
