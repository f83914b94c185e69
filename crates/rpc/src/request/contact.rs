//! What a caller sends about contacts, milestones and calendars that come in or go out as files.

use model::columns::Mapping;
use model::{EntityId, Lang, StudyId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

request! {
    /// Reading a file of contacts: cards (vCard), a table (CSV, xlsx), or a zip of cards.
    ContactRead {
        /// The study whose contacts they become; `None` for people of the directory.
        study: Option<StudyId>,
        /// The file.
        path: String,
        /// What its letters are (`GB18030`, `Big5`, `UTF-8`); `None` lets the file tell.
        charset: Option<String>,
        /// Which column is which field; `None` takes what was chosen before, or the heads' words.
        mapping: Option<Mapping>,
    }
    /// Taking in what was chosen of a preview: all of it or nothing.
    ContactImport {
        /// The preview.
        preview: u32,
        /// The chosen rows.
        rows: Vec<ContactChoice>,
    }
    /// A row of a preview that is wanted.
    ContactChoice {
        /// Its place in the preview.
        row: u32,
        /// Who gets what she lacks of it; `None` makes a new entry.
        into: Option<EntityId>,
        /// The site that a contact of a study belongs to; `None` for the study itself.
        site: Option<EntityId>,
        /// Who of the directory a contact of a study is, by a person's word.
        person: Option<EntityId>,
    }
    /// Giving contacts out; it is noted in the log.
    ContactExport {
        /// The study whose contacts are meant; `None` for people of the directory.
        study: Option<StudyId>,
        /// Whose; empty for all.
        people: Vec<EntityId>,
        /// As what.
        format: ContactFormat,
        /// The language of names that are known in both.
        lang: Lang,
        /// To whom.
        to: String,
        /// Why.
        purpose: String,
        /// The file to write.
        path: String,
    }
    /// Somebody is forgotten: what is known of her is deleted for good.
    PersonForget {
        /// The person in the directory.
        id: EntityId,
        /// Why, in words.
        why: String,
    }
    /// Reading a table of milestones (CSV, xlsx).
    MilestoneRead {
        /// The study.
        study: StudyId,
        /// The file.
        path: String,
        /// What its letters are; `None` lets the file tell.
        charset: Option<String>,
        /// Which column is which field; `None` takes what was chosen before, or the heads' words.
        mapping: Option<Mapping>,
        /// Sites that a person says texts of the file name, by the text.
        sites: BTreeMap<String, EntityId>,
    }
    /// Taking in what was chosen of a preview: all of it or nothing.
    MilestoneImport {
        /// The preview.
        preview: u32,
        /// Places of the rows in the preview that are wanted.
        rows: Vec<u32>,
        /// Why; needed when planned dates move.
        why: String,
    }
    /// The milestones of a study as a table.
    MilestoneExport {
        /// The study.
        study: StudyId,
        /// As what.
        format: TableFormat,
        /// The language of heads and names.
        lang: Lang,
        /// The file to write.
        path: String,
    }
    /// A calendar file.
    CalendarExport {
        /// The study; `None` for all that are in use.
        study: Option<StudyId>,
        /// The language of its words.
        lang: Lang,
        /// The file to write.
        path: String,
    }
}

/// As what a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TableFormat {
    /// A table of text.
    Csv,
    /// A workbook.
    Xlsx,
}

/// As what contacts are given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ContactFormat {
    /// One file of cards (vCard 3.0).
    Vcf,
    /// A zip archive of single cards, for programs that take the first card of a file alone.
    Zip,
    /// A table of text.
    Csv,
    /// A workbook.
    Xlsx,
}

impl ContactFormat {
    /// The ending of its files, which the log names it by.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Vcf => "vcf",
            Self::Zip => "zip",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format of an ending.
    pub fn of(ending: &str) -> Option<Self> {
        let all = [Self::Vcf, Self::Zip, Self::Csv, Self::Xlsx];
        all.into_iter()
            .find(|format| format.ending().eq_ignore_ascii_case(ending))
    }
}
