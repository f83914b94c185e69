//! How complete a protocol is: against its template, heading by heading, or against SPIRIT 2025.
//!
//! A row says `met` when what it wants is there. It never says that what is there is good.

mod headings;
mod standard;

use crate::fact::{self, FactPlace};
use crate::reference::{self, Bilingual};
use crate::{StudyDoc, protocol};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use standard::{Standard, StandardRow, WantedKind, standards};

/// A protocol held against a template or a standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckSheet {
    /// The key of the template or standard.
    pub template: String,
    /// Its name.
    pub name: Bilingual,
    /// Where it comes from.
    pub source: Bilingual,
    /// The part of the source; empty when it has none.
    pub article: Bilingual,
    /// Since when the source holds. Time: a date, or a part of one.
    pub valid_from: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
    /// What is wanted, in order.
    pub rows: Vec<CheckRow>,
    /// How many rows are how far.
    pub counts: CheckCounts,
}

/// Something that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckRow {
    /// Its key: of a section, an item, a field.
    pub key: String,
    /// Its number as printed; empty when it has none.
    pub number: String,
    /// Its NCI code; empty when it has none.
    pub code: String,
    /// The part of the sheet: `titlePage`, `synopsis`, `headings`, `ownHeadings`, or a part of
    /// SPIRIT.
    pub group: String,
    /// How it is met.
    pub kind: WantedKind,
    /// What is wanted.
    pub title: Bilingual,
    /// How deep it stands, from 1.
    pub level: u8,
    /// Whether it may not be missing.
    pub required: bool,
    /// How far it is.
    pub status: CheckStatus,
    /// Why it does not apply, in the words of the protocol; empty otherwise.
    pub reason: String,
    /// Where what meets it stands.
    pub places: Vec<FactPlace>,
    /// Where to write what is missing of it.
    pub missing: Vec<FactPlace>,
    /// What was counted.
    pub detail: CheckDetail,
    /// What is to be known beside the status.
    pub remarks: Vec<CheckRemark>,
}

/// How far something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CheckStatus {
    /// What is wanted is there.
    Met,
    /// Some of it is there.
    Partly,
    /// Nothing of it is there.
    Empty,
    /// It does not apply.
    NotApplicable,
}

/// What is to be known about a row beside its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CheckRemark {
    /// The heading is not in the protocol.
    Missing,
    /// The heading is not in the protocol, and its template allows that.
    LeftOut,
    /// The heading is there twice.
    Twice,
    /// Its fixed wording was changed.
    Renamed,
    /// It does not stand in its fixed place.
    OutOfOrder,
    /// An own heading that does not stand at the end of its part.
    NotAtTheEnd,
    /// The text stands below a deeper heading only.
    Below,
    /// The fields are filled, the text is not written.
    FieldsOnly,
    /// The text is written, the fields are not filled.
    TextOnly,
    /// A section is written that says more than this: it wants to be looked at.
    Broad,
    /// By the study's design it does not apply.
    ByDesign,
    /// Criteria stand in the text without a heading that tells them apart.
    NotSplit,
    /// The other language was changed later.
    Outdated,
    /// A value that it rests on is unresolved.
    Unresolved,
    /// Changes are proposed and not yet accepted.
    Pending,
}

/// What was counted for a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckDetail {
    /// Blocks of text.
    pub blocks: u32,
    /// Characters of Chinese text.
    pub zh_characters: u32,
    /// Characters of English text.
    pub en_characters: u32,
    /// Values found.
    pub facts: u32,
    /// Groups of values wanted.
    pub facts_wanted: u32,
    /// Groups of values of which one is there.
    pub facts_met: u32,
    /// Texts whose other language was changed later.
    pub outdated: u32,
}

/// How many rows are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckCounts {
    /// Rows that are met.
    pub met: u32,
    /// Rows that are partly met.
    pub partly: u32,
    /// Rows of which nothing is there.
    pub empty: u32,
    /// Rows that do not apply.
    pub not_applicable: u32,
    /// Required rows that are empty or partly met.
    pub required_open: u32,
    /// Texts of the protocol whose other language was changed later.
    pub outdated: u32,
    /// Headings that are missing, renamed, doubled or out of place.
    pub remarked: u32,
}

/// Short names that people may use for a template.
const ALIASES: [(&str, &str); 4] = [
    ("m11", "m11-2025"),
    ("spirit", "spirit-2025"),
    ("interventional", "cn-iit-interventional"),
    ("observational", "cn-iit-observational"),
];

/// The key that a short name stands for, or the name itself.
pub fn full_key(name: &str) -> &str {
    let alias = ALIASES.iter().find(|(short, _)| *short == name);
    alias.map_or(name, |(_, key)| key)
}

/// Every key that [`check`] knows.
pub fn keys() -> Vec<&'static str> {
    let templates = reference::TEMPLATES.iter().map(|t| t.key.as_str());
    templates.chain([standard::SPIRIT]).collect()
}

/// The template that a protocol's sections come from; `spirit-2025` when they come from none.
pub fn template_of(doc: &StudyDoc) -> &'static str {
    standard::template_of(doc)
}

/// Holds a protocol against a template or against `spirit-2025`; `None` when there is no such one.
pub fn check(doc: &StudyDoc, template: &str) -> Option<CheckSheet> {
    let key = full_key(template);
    let (mut sheet, rows) = if key == standard::SPIRIT {
        let spirit = standard::spirit();
        (empty(spirit), standard::rows(doc, spirit))
    } else {
        let template = reference::template(key)?;
        let mut rows = Vec::new();
        if key == standard::M11 {
            rows = standard::rows(doc, standard::m11_elements());
        }
        rows.extend(headings::rows(doc, template));
        let sheet = CheckSheet {
            template: key.to_owned(),
            name: template.name.clone(),
            source: template.source.clone(),
            article: template.article.clone(),
            valid_from: template.valid_from.clone(),
            verification: template.verification.clone(),
            rows: Vec::new(),
            counts: CheckCounts::default(),
        };
        (sheet, rows)
    };
    sheet.counts = count(doc, &rows);
    sheet.rows = rows;
    Some(sheet)
}

fn empty(standard: &Standard) -> CheckSheet {
    CheckSheet {
        template: standard.key.clone(),
        name: standard.name.clone(),
        source: standard.source.clone(),
        article: standard.article.clone(),
        valid_from: standard.valid_from.clone(),
        verification: standard.verification.clone(),
        rows: Vec::new(),
        counts: CheckCounts::default(),
    }
}

fn count(doc: &StudyDoc, rows: &[CheckRow]) -> CheckCounts {
    let mut counts = CheckCounts {
        outdated: outdated(doc),
        ..CheckCounts::default()
    };
    for row in rows {
        let n = match row.status {
            CheckStatus::Met => &mut counts.met,
            CheckStatus::Partly => &mut counts.partly,
            CheckStatus::Empty => &mut counts.empty,
            CheckStatus::NotApplicable => &mut counts.not_applicable,
        };
        *n += 1;
        let is_open = matches!(row.status, CheckStatus::Partly | CheckStatus::Empty);
        counts.required_open += u32::from(row.required && is_open);
        let is_heading = matches!(row.group.as_str(), "headings" | "ownHeadings");
        let is_remarked = row.remarks.iter().any(|remark| remark.is_on_heading());
        counts.remarked += u32::from(is_heading && is_remarked);
    }
    counts
}

/// Texts of the protocol, facts among them, whose other language was changed later.
fn outdated(doc: &StudyDoc) -> u32 {
    let mut n = 0;
    for kind in protocol::KINDS {
        for entity in doc.of_kind(kind).filter(|e| !protocol::is_pending(e)) {
            let fields = crate::field::FIELDS.iter().filter(|field| {
                field.kind == kind
                    && field.bilingual
                    && protocol::is_in_scope(kind, &format!("{}.zh", field.name))
            });
            for field in fields {
                n += u32::from(protocol::outdated(entity, field.name).is_some());
            }
        }
    }
    n
}

impl CheckRemark {
    /// Its word in labels: `check.remark.` and this.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::LeftOut => "leftOut",
            Self::Twice => "twice",
            Self::Renamed => "renamed",
            Self::OutOfOrder => "outOfOrder",
            Self::NotAtTheEnd => "notAtTheEnd",
            Self::Below => "below",
            Self::FieldsOnly => "fieldsOnly",
            Self::TextOnly => "textOnly",
            Self::Broad => "broad",
            Self::ByDesign => "byDesign",
            Self::NotSplit => "notSplit",
            Self::Outdated => "outdated",
            Self::Unresolved => "unresolved",
            Self::Pending => "pending",
        }
    }

    fn is_on_heading(self) -> bool {
        matches!(
            self,
            Self::Missing | Self::Twice | Self::Renamed | Self::OutOfOrder | Self::NotAtTheEnd
        )
    }
}

impl CheckStatus {
    /// Its word in labels: `check.status.` and this.
    pub fn code(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partly => "partly",
            Self::Empty => "empty",
            Self::NotApplicable => "notApplicable",
        }
    }
}

/// Whether one of the places rests on a value in conflict.
fn is_unresolved(doc: &StudyDoc, places: &[FactPlace]) -> bool {
    places.iter().any(|place| fact::is_in_conflict(doc, place))
}

#[cfg(test)]
mod tests;
