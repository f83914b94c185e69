//! What a caller gets about contacts and milestones that come in or go out as files.

use model::EntityId;
use model::columns::{ColumnChoice, Mapping};
use model::milestone::incoming::{MilestoneAct, MilestoneChange, MilestoneFault};
use model::people::incoming::Alike;
use model::people::row::DisclosureRow;
use serde::Serialize;
use ts_rs::TS;

response! {
    /// A file of contacts, read and held against what is here.
    ContactPreview {
        /// Names the preview when it is carried out.
        preview: u32,
        /// The file's name.
        file: String,
        /// What its letters were read as; empty for a workbook.
        charset: String,
        /// Whether that was guessed, so that a person should look.
        guessed: bool,
        /// Which column is which field, of a table.
        mapping: Option<Mapping>,
        /// What a column can be.
        choices: Vec<ColumnChoice>,
        /// The contacts, in the order of the file.
        rows: Vec<ContactRow>,
        /// What is not understood and not taken.
        left_out: Vec<LeftOutRow>,
        /// What the cards hold and contacts do not keep (`BDAY`, `PHOTO`).
        not_kept: Vec<String>,
    }
    /// A contact of a file.
    ContactRow {
        /// Its name.
        name: String,
        /// Its name in Latin letters beside a Chinese one.
        latin_name: String,
        /// The hospital or company.
        organisation: String,
        /// Whether the directory has an organisation of exactly this name.
        known_organisation: bool,
        /// The department.
        department: String,
        /// The professional title.
        title: String,
        /// The role in words.
        role: String,
        /// Telephones and fax machines.
        phones: Vec<PhoneRow>,
        /// E-mail addresses.
        emails: Vec<String>,
        /// WeChat.
        wechat: String,
        /// To when a GCP certificate is valid; empty when it is not said. Time: as written.
        gcp_until: String,
        /// What else is said.
        note: String,
        /// The site as written; empty when none is.
        site_text: String,
        /// The site of the study that this names.
        site: Option<EntityId>,
        /// Who here may be meant.
        alike: Option<Alike>,
        /// Whether there is little doubt that she is.
        sure: bool,
        /// Who of the directory a contact of a study may be, where there is doubt.
        person: Option<Alike>,
        /// The place of an earlier row that says the same.
        twin: Option<u32>,
    }
    /// A telephone or a fax machine of a contact.
    PhoneRow {
        /// The number as written.
        number: String,
        /// The extension; empty when there is none.
        extension: String,
        /// What it is: words under `phone.line.<line>`.
        line: String,
        /// The owner's own word for it; empty when there is none.
        label: String,
    }
    /// Something of a file that is not taken.
    LeftOutRow {
        /// The sheet of a workbook; else empty.
        sheet: String,
        /// The row or line, from 1.
        row: u32,
        /// The head of the column; empty when the whole row is meant.
        head: String,
        /// What stands there, as far as it was read.
        value: String,
        /// Why, by label key.
        reason: String,
    }
    /// A table of milestones, read and held against the study.
    MilestoneFile {
        /// Names the preview when it is carried out.
        preview: u32,
        /// The file's name.
        file: String,
        /// What its letters were read as; empty for a workbook.
        charset: String,
        /// Whether that was guessed, so that a person should look.
        guessed: bool,
        /// Which column is which field.
        mapping: Mapping,
        /// What a column can be.
        choices: Vec<ColumnChoice>,
        /// The rows, in the order of the file.
        rows: Vec<MilestoneFileRow>,
        /// What is not understood and not taken.
        left_out: Vec<LeftOutRow>,
    }
    /// A milestone of a table.
    MilestoneFileRow {
        /// The sheet of a workbook; else empty.
        sheet: String,
        /// The row, from 1.
        row: u32,
        /// The site as written; empty for the study itself.
        site_text: String,
        /// The site of the study that this names.
        site: Option<EntityId>,
        /// The milestone that is meant.
        milestone: Option<EntityId>,
        /// Its key.
        key: String,
        /// Its name, Chinese.
        name_zh: String,
        /// Its name, English.
        name_en: String,
        /// What taking the row in would do.
        act: MilestoneAct,
        /// What would change, or what a new one has.
        changes: Vec<MilestoneChange>,
        /// Why it cannot be taken in; `None` when it can.
        fault: Option<MilestoneFault>,
    }
    /// Contacts were taken in.
    ContactsTaken {
        /// New entries.
        added: u32,
        /// Entries that got something they lacked.
        completed: u32,
        /// New organisations.
        organisations: u32,
    }
    /// The log of contacts that were given out, the newest first.
    ContactExports {
        /// Its entries.
        rows: Vec<DisclosureRow>,
    }
}
