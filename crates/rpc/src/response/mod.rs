//! What a caller gets.

use crate::request::{Profile, WayIn};
use model::code::Code;
use model::doc::Register;
use model::field::Field;
use model::people::role::Role;
use model::reference::{Center, Template};
use model::row::{ConflictRow, Finding, HistoryEntry, ImportEntry, SearchHit, StudyRow};
use model::{EntityId, Lang, StudyDoc, StudyId};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

/// Declares response types with the derives that the contract needs.
macro_rules! response {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Serialize, TS)]
            #[serde(rename_all = "camelCase")]
            pub struct $name { $($(#[$fdoc])* pub $field: $ty),* }
        )*
    };
}

mod contact;
mod directory;
mod formset;
mod people;
mod plan;
mod protocol;
mod registry;
mod submission;
pub use contact::*;
pub use directory::*;
pub use formset::*;
pub use people::*;
pub use plan::*;
pub use protocol::*;
pub use registry::*;
pub use submission::*;

response! {
    /// Done, with nothing to say.
    Done {}
    /// Where the program stands.
    AppState {
        /// The program's version.
        version: String,
        /// Vaults on this laptop, the last used first.
        vaults: Vec<VaultCard>,
        /// The open vault.
        open: Option<OpenVault>,
        /// The language chosen before a vault is open; `None` at the very first start.
        lang: Option<Lang>,
        /// Whether the system has a keychain.
        keychain: bool,
    }
    /// A vault in the picker.
    VaultCard {
        /// Its folder.
        path: String,
        /// What to call it.
        name: String,
        /// Whether it is the sample.
        sample: bool,
        /// Ways in.
        ways: Vec<WayIn>,
    }
    /// The open vault.
    OpenVault {
        /// Its folder.
        path: String,
        /// Whether it is the sample, which cannot be connected.
        sample: bool,
        /// Who works here.
        profile: Profile,
        /// Settings of this laptop.
        settings: BTreeMap<String, String>,
    }
    /// A vault was made.
    VaultCreated {
        /// The code to print and keep.
        recovery_code: String,
        /// The open vault.
        open: OpenVault,
    }
    /// A recovery code, shown once.
    RecoveryCode {
        /// The code.
        code: String,
    }
    /// How good a passphrase is.
    Strength {
        /// From 0 (useless) to 4 (very good).
        score: u8,
        /// The word for it, by label key.
        label: String,
        /// What would help, by label key.
        advice: Option<String>,
    }
    /// The day that every screen calls today.
    AppDay {
        /// The day. Time: `YYYY-MM-DD`.
        today: String,
        /// How long it lasts. Units: seconds.
        left: u32,
    }
    /// Everything that does not change while the program runs.
    Reference {
        /// Every field.
        fields: Vec<Field>,
        /// Every code.
        codes: Vec<Code>,
        /// The center with its hospitals and disease areas.
        center: Center,
        /// Study templates.
        templates: Vec<Template>,
        /// What roles at a site ask for.
        roles: Vec<Role>,
    }
    /// The list of studies.
    StudyList {
        /// Its rows.
        rows: Vec<StudyRow>,
        /// What wants a decision.
        findings: Vec<Finding>,
    }
    /// A study with what is being typed in it.
    StudyAnswer {
        /// The study.
        doc: StudyDoc,
        /// Its line in the list.
        row: StudyRow,
        /// Unsaved typing.
        drafts: Vec<Draft>,
    }
    /// Unsaved typing.
    Draft {
        /// The entity.
        entity: EntityId,
        /// The register.
        field: String,
        /// What was typed.
        value: Value,
        /// The form token that the typing started from.
        seen: Vec<String>,
    }
    /// Unsaved typing in a study or directory.
    DraftList {
        /// The drafts, oldest first.
        drafts: Vec<Draft>,
    }
    /// A study was made.
    StudyCreated {
        /// The study.
        study: StudyId,
    }
    /// A part was added.
    EntityAdded {
        /// The part.
        entity: EntityId,
    }
    /// A value was saved: it is on the disk.
    FieldSaved {
        /// The register as it stands now; `None` when the field was never written.
        register: Option<Register>,
    }
    /// Something was undone or done again.
    Undone {
        /// Whether there was anything to do.
        done: bool,
        /// The study that it was in.
        study: Option<StudyId>,
        /// The entity.
        entity: Option<EntityId>,
        /// Its kind.
        kind: Option<String>,
        /// The register.
        field: Option<String>,
    }
    /// Hits of a search.
    SearchAnswer {
        /// The hits, best first.
        hits: Vec<SearchHit>,
    }
    /// A part of the history, newest first.
    HistoryAnswer {
        /// The entries.
        entries: Vec<HistoryEntry>,
        /// Whether there is more.
        more: bool,
    }
    /// Every field in conflict.
    ConflictList {
        /// The conflicts.
        rows: Vec<ConflictRow>,
    }
    /// A long job was started; its progress comes as events.
    JobStarted {
        /// The job.
        job: u32,
    }
    /// A file was written.
    FileWritten {
        /// The file.
        path: String,
        /// Pages, of a PDF.
        pages: Option<u32>,
        /// Remarks in the language of the interface.
        warnings: Vec<String>,
    }
    /// Chosen files; empty when the person changed her mind.
    Picked {
        /// Files or folders.
        paths: Vec<String>,
    }
    /// The state of the connection.
    SyncStatus {
        /// Whether a center is known.
        connected: bool,
        /// Its address.
        url: Option<String>,
        /// The account's name there.
        user: Option<String>,
        /// `off`, `offline`, `reaching`, `inStep`, `waiting`, `refused`.
        state: String,
        /// Commits that wait.
        waiting: u32,
        /// Files on their way to the center.
        files_to_send: u32,
        /// Files on their way here.
        files_to_receive: u32,
        /// Files that are on another laptop only.
        files_elsewhere: u32,
        /// Fields in conflict.
        conflicts: u32,
        /// Time: last contact, UTC.
        last_contact: Option<String>,
        /// What is wrong, by label key.
        note: Option<String>,
        /// The values that its words name in braces.
        note_params: BTreeMap<String, String>,
    }
    /// The state of the daily copy.
    BackupStatus {
        /// The folder, when it is on.
        folder: Option<String>,
        /// Time: the last good copy, UTC.
        last: Option<String>,
        /// What is wrong, by label key.
        note: Option<String>,
    }
    /// The answer of a check of chain and signatures.
    VerifyAnswer {
        /// Commits.
        commits: u32,
        /// Signatures checked.
        signatures: u32,
        /// Whether rebuilt lists equal the stored ones.
        projections_equal: bool,
        /// The digest of the content.
        digest: String,
        /// What is wrong, in words.
        problems: Vec<String>,
    }
    /// Text about the program for a person who helps.
    Diagnosis {
        /// The text, without content or names.
        text: String,
    }
    /// A preview of an import.
    ImportReport {
        /// One entry per record.
        entries: Vec<ImportEntry>,
    }
}
