//! What a caller sends.

use model::{EntityId, Lang, StudyId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

/// Declares request types with the derives that the contract needs.
macro_rules! request {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Serialize, Deserialize, TS)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
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

request! {
    /// Nothing.
    Nothing {}
    /// A vault's folder; `None` means the standard place.
    VaultPath {
        /// The folder.
        path: Option<String>,
    }
    /// A new vault.
    VaultCreate {
        /// The folder; `None` means a new one in the standard place.
        path: Option<String>,
        /// The passphrase.
        passphrase: String,
        /// Who works here.
        profile: Profile,
    }
    /// Opening a vault.
    VaultOpen {
        /// The folder.
        path: String,
        /// Which way in.
        way: WayIn,
        /// The passphrase or recovery code; empty for the keychain.
        secret: String,
    }
    /// A new passphrase for the open vault.
    PassphraseSet {
        /// The new passphrase.
        passphrase: String,
    }
    /// Text to be judged as a passphrase.
    PassphraseJudge {
        /// The text; never stored.
        passphrase: String,
    }
    /// Turns the keychain as a way in on or off.
    KeychainSet {
        /// On or off.
        on: bool,
    }
    /// Restoring a copy.
    VaultRestore {
        /// The copy.
        file: String,
    }
    /// Who works here.
    Profile {
        /// Name, Chinese.
        name_zh: String,
        /// Name, English.
        name_en: String,
        /// Partner hospital's code, or any hospital's name.
        hospital: String,
        /// Role code.
        role: String,
    }
    /// A setting of this laptop.
    SettingSet {
        /// Its name.
        key: String,
        /// Its value; `None` forgets it.
        value: Option<String>,
    }
    /// One study.
    StudyRef {
        /// The study.
        study: StudyId,
    }
    /// A new study.
    StudyCreate {
        /// Registers of the study.
        fields: BTreeMap<String, Value>,
        /// A template's key.
        template: Option<String>,
        /// Codes of partner hospitals that take part; the first leads.
        hospitals: Vec<String>,
    }
    /// A new part of a study.
    EntityAdd {
        /// The study.
        study: StudyId,
        /// The kind.
        kind: String,
        /// What it belongs to; `None` means the study.
        parent: Option<EntityId>,
        /// Its registers.
        fields: BTreeMap<String, Value>,
        /// The sibling that it follows; `None` means at the end.
        after: Option<EntityId>,
    }
    /// A part of a study.
    EntityRef {
        /// The study.
        study: StudyId,
        /// The part.
        entity: EntityId,
        /// The operations that were on screen, of it and its children.
        seen: Vec<String>,
    }
    /// Moving a part among its siblings.
    EntityMove {
        /// The study.
        study: StudyId,
        /// The part.
        entity: EntityId,
        /// The sibling that it follows; `None` means to the front.
        after: Option<EntityId>,
    }
    /// Saving one value.
    FieldSet {
        /// The study.
        study: StudyId,
        /// The entity.
        entity: EntityId,
        /// The register.
        field: String,
        /// The new value; null clears.
        value: Value,
        /// The form token: the operations that were on screen.
        seen: Vec<String>,
        /// The reason in words.
        why: Option<String>,
    }
    /// Keeping what is being typed.
    DraftPut {
        /// The study.
        study: StudyId,
        /// The entity.
        entity: EntityId,
        /// The register.
        field: String,
        /// What is typed so far; `None` forgets the draft.
        value: Option<Value>,
        /// The form token that the typing started from.
        seen: Vec<String>,
    }
    /// A search.
    Search {
        /// The words.
        query: String,
        /// Most hits wanted.
        limit: u32,
    }
    /// Which part of the history.
    History {
        /// The study; `None` means all.
        study: Option<StudyId>,
        /// The entity; `None` means the whole study.
        entity: Option<EntityId>,
        /// The register; `None` means the whole entity.
        field: Option<String>,
        /// Most entries wanted.
        limit: u32,
        /// Entries to skip.
        skip: u32,
    }
    /// Joining two studies with one number.
    StudyJoin {
        /// The one that stays.
        keep: StudyId,
        /// The one that goes into it.
        other: StudyId,
    }
    /// Files to import.
    ImportFiles {
        /// Files and folders.
        paths: Vec<String>,
    }
    /// Carrying out a preview.
    ImportRun {
        /// The preview's job.
        job: u32,
        /// Places of the records in the preview that are wanted.
        chosen: Vec<u32>,
    }
    /// A running job.
    JobRef {
        /// The job.
        job: u32,
    }
    /// An export to the registry's format.
    ExportCtgov {
        /// The study.
        study: StudyId,
        /// The file to write.
        path: String,
    }
    /// A PDF.
    PdfExport {
        /// The study.
        study: StudyId,
        /// Which document.
        kind: PdfKind,
        /// The site, for what is about one.
        site: Option<EntityId>,
        /// The version, for a protocol; `None` is the working text.
        version: Option<EntityId>,
        /// The language.
        lang: PdfLang,
        /// The file to write.
        path: String,
    }
    /// A file on this laptop.
    FileRef {
        /// The file.
        path: String,
    }
    /// Asking for a file's name.
    PickFile {
        /// What for.
        purpose: PickPurpose,
        /// A proposed name, for saving.
        name: String,
    }
    /// Connecting to a center.
    Connect {
        /// Its address.
        url: String,
        /// The one-time code.
        code: String,
    }
    /// The folder for daily copies.
    BackupFolder {
        /// The folder; `None` turns the daily copy off.
        path: Option<String>,
    }
    /// The language of the interface, for menus and titles.
    LangSet {
        /// The language.
        lang: Lang,
    }
    /// A line for the log; content and names never go there.
    LogLine {
        /// A code of the interface, such as `ui.error`.
        code: String,
        /// The place in the interface.
        place: String,
    }
}

/// A way into a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WayIn {
    /// By passphrase.
    Passphrase,
    /// By recovery code.
    Recovery,
    /// By the system's keychain.
    Keychain,
}

/// Which document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PdfKind {
    /// The study dossier.
    Dossier,
    /// A first ethics submission for one site.
    Submission,
    /// The protocol alone, of one version or the working text.
    Protocol,
    /// How ready a site is, on one page.
    Readiness,
    /// The delegation log of a site, to be signed.
    Delegation,
    /// The timeline of the study.
    Timeline,
}

/// The language of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PdfLang {
    /// Chinese.
    Zh,
    /// English.
    En,
    /// Both.
    Both,
}

impl PdfLang {
    /// Its stable word, as a list of a package and the command line have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
            Self::Both => "both",
        }
    }
}

/// What a file is picked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PickPurpose {
    /// Records to import (several).
    ImportFiles,
    /// A folder of records to import.
    ImportFolder,
    /// A PDF to write.
    SavePdf,
    /// A registry record to write.
    SaveCtgov,
    /// A copy of the vault to write.
    SaveBackup,
    /// A copy of the vault to restore.
    OpenBackup,
    /// A folder for daily copies.
    BackupFolder,
    /// A folder for a vault.
    VaultFolder,
    /// A recovery code as a text file.
    SaveRecovery,
    /// A Word file to read.
    OpenWord,
    /// A Word file to write.
    SaveWord,
    /// A redline as data.
    SaveJson,
    /// Contacts to read: cards or a table.
    OpenContacts,
    /// Contacts to write: cards or a table.
    SaveContacts,
    /// A calendar to write.
    SaveCalendar,
    /// A table to read.
    OpenTable,
    /// A table to write.
    SaveTable,
    /// The file of a document to attach.
    OpenDocument,
    /// The file of a document to write.
    SaveDocument,
    /// A folder for a package.
    PackageFolder,
    /// The table of a year's working days.
    OpenYear,
    /// An office's own blank of a form: Word, Excel, PDF.
    OpenBlank,
    /// A file of studies to write.
    SaveBundle,
    /// A file of studies to take in.
    OpenBundle,
    /// A form set to read.
    OpenFormSet,
    /// A form set to write.
    SaveFormSet,
}
