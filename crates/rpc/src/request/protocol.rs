//! What a caller sends about the text of a protocol, its versions and its redlines.

use super::PdfLang;
use model::protocol::ProtocolChange;
use model::word::WordChoices;
use model::{EntityId, Lang, StudyId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

request! {
    /// Everything that changed in the text at one moment.
    ProtocolSave {
        /// The study.
        study: StudyId,
        /// The changes, in order.
        changes: Vec<ProtocolChange>,
        /// The reason in words.
        why: Option<String>,
    }
    /// A field in conflict.
    ConflictRef {
        /// The study.
        study: StudyId,
        /// The entity.
        entity: EntityId,
        /// The register.
        field: String,
    }
    /// Taking or leaving a suggestion.
    SuggestionSettle {
        /// The study.
        study: StudyId,
        /// The suggestion.
        suggestion: EntityId,
        /// Taken, or left.
        accept: bool,
    }
    /// A version to be frozen.
    VersionFreeze {
        /// The study.
        study: StudyId,
        /// Its number.
        number: String,
        /// Its date. Time: `YYYY-MM-DD`.
        date: String,
        /// The version that it amends.
        base: Option<EntityId>,
        /// Registers of the version: reason, summary, effects.
        fields: BTreeMap<String, Value>,
        /// What may be left out, by the words of the hindrances.
        leave_out: Vec<String>,
    }
    /// Two states of a protocol; `None` is the working text.
    RedlineGet {
        /// The study.
        study: StudyId,
        /// The old one.
        from: Option<EntityId>,
        /// The new one.
        to: Option<EntityId>,
    }
    /// A redline as a file.
    RedlineExport {
        /// The study.
        study: StudyId,
        /// The old one; `None` is the working text.
        from: Option<EntityId>,
        /// The new one; `None` is the working text.
        to: Option<EntityId>,
        /// The site whose committee it is for.
        site: Option<EntityId>,
        /// The language.
        lang: PdfLang,
        /// How changes are shown.
        style: RedlineStyle,
        /// The kind of file.
        format: RedlineFormat,
        /// Whether sections without a change are left out of a PDF.
        only_changed: bool,
        /// The file to write.
        path: String,
    }
    /// A protocol as a Word file.
    WordExport {
        /// The study.
        study: StudyId,
        /// The version; `None` is the working text.
        version: Option<EntityId>,
        /// The language.
        lang: PdfLang,
        /// The file to write.
        path: String,
    }
    /// A Word file to be read for a study.
    WordRead {
        /// The study.
        study: StudyId,
        /// The file.
        path: String,
    }
    /// A Word file that was read, matched again in a language.
    WordMatch {
        /// The study.
        study: StudyId,
        /// The preview.
        preview: u32,
        /// The language that the file is written in.
        lang: Lang,
    }
    /// Taking over a Word file that was read.
    WordRun {
        /// The study.
        study: StudyId,
        /// The preview.
        preview: u32,
        /// What the person chose.
        choices: WordChoices,
    }
}

/// How a redline shows changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RedlineStyle {
    /// New text underlined, old text struck out.
    Underline,
    /// Changed text on a shaded ground.
    Shaded,
    /// The new text alone.
    Clean,
    /// Old and new side by side.
    SideBySide,
    /// The table of changes alone: what, where, why.
    Table,
}

/// The kind of file of a redline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RedlineFormat {
    /// PDF.
    Pdf,
    /// Word, with tracked changes.
    Docx,
    /// Data, for other programs.
    Json,
}
