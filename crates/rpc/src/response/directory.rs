//! What a caller gets about organisations, people and delegation logs.

pub use model::people::row::{OrganisationSheet, PersonSheet, SpellingSheet};

use model::StudyId;
use model::people::delegation::Finding;
use model::people::row::{ContactStanding, DutyRow, OrganisationRow, PersonRow};
use model::reference::Bilingual;
use model::row::ConflictRow;
use serde::Serialize;
use ts_rs::TS;

response! {
    /// The directory: read again when `studies` changed.
    DirectoryAnswer {
        /// The directory that takes new entries: `study` of `entity.add`. It begins with its
        /// first entry.
        directory: StudyId,
        /// People that were asked for.
        people: Vec<PersonRow>,
        /// How many people fit the filter.
        n_people: u32,
        /// Every organisation.
        organisations: Vec<OrganisationRow>,
        /// Codes of partner hospitals that no organisation here is yet (`directory.partner`).
        partners: Vec<String>,
        /// The name of whoever works here, while nobody of the directory has it (`directory.own`).
        own: Option<Bilingual>,
        /// Fields of entries in conflict.
        conflicts: Vec<ConflictRow>,
    }
    /// What would be wrong with an entry of a delegation log.
    DutyFindings {
        /// The findings.
        findings: Vec<Finding>,
    }
    /// A delegation log.
    DelegationLog {
        /// The entries, by site and first day.
        rows: Vec<DutyRow>,
        /// Contacts there of whom a GCP certificate is known.
        contacts: Vec<ContactStanding>,
    }
}
