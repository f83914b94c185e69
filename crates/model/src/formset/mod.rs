//! What an ethics committee wants, as data (`data/form-sets.json`): lists of documents with their
//! conditions, forms with their fields, how changes are shown, how files are named, copies, limits.
//!
//! A set has a version, says where it comes from and whether somebody has compared it with its
//! source; what is `unverified` is shown as such and is never printed as law. A submission keeps
//! the set that it was begun with, so every version that was ever shipped stays in the data.

mod blank;
mod carry;
mod condition;
mod fault;
mod fill;
pub mod limits;
mod naming;
mod own;
mod piece;
mod propose;
mod source;
mod wording;

use crate::reference::Bilingual;
use crate::{Entity, StudyDoc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use ts_rs::TS;

pub use blank::{
    Blank, BlankCell, BlankKind, BlankPlace, BlankProposal, CellHow, CellValue, SheetCell, Step,
    is_place, page_rect, sheet_cell, steps,
};
pub use carry::{Carried, carry};
pub use condition::{holds, is_known};
pub use fault::{Fault, faults};
pub use fill::{Filled, fill, is_source};
pub use naming::{NameParts, file_name};
pub use own::{OwnSets, in_order, is_kept, is_newer, next_version};
pub use piece::{named, pieces, whole};
pub use propose::{propose, values};
pub use source::{Choice, condition_words, conditions, sources};

/// The set that every committee starts from.
pub const GENERIC: &str = "cn-generic";

/// Everything that one committee asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormSet {
    /// Its key.
    pub key: String,
    /// Its version.
    pub version: String,
    /// Its name.
    pub name: Bilingual,
    /// Where it comes from.
    pub source: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
    /// Since when it holds. Time: a date, or a part of one.
    #[serde(default)]
    pub valid_from: String,
    /// What is to be known about it.
    #[serde(default)]
    pub note: Option<Bilingual>,
    /// Language of the material: `zh`, `en` or `both`.
    pub language: String,
    /// How many copies.
    pub copies: Copies,
    /// How changes are shown.
    pub redline: RedlineRule,
    /// How files are named.
    pub naming: NamingRule,
    /// What the portal takes.
    pub limits: FileLimits,
    /// Keys of `deadlines.json` that follow from an approval.
    #[serde(default)]
    pub deadlines: Vec<String>,
    /// Its forms.
    pub forms: Vec<SetForm>,
    /// What is wanted, by type of submission.
    pub lists: Vec<SetList>,
}

/// How many copies a committee wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Copies {
    /// Copies on paper.
    pub paper: u32,
    /// Whether files are wanted as well.
    pub electronic: bool,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
}

/// How changes are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RedlineRule {
    /// `underline`, `shaded`, `clean` or `sideBySide`.
    pub style: String,
    /// Whether the clean text is wanted as well.
    pub clean: bool,
    /// Where it comes from; empty as the set.
    #[serde(default)]
    pub source: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
}

/// How files are named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NamingRule {
    /// A pattern of `{study}`, `{no}`, `{item}`, `{title}`, `{version}`, `{date}`, `{lang}`.
    pub pattern: String,
    /// Where it comes from; empty as the set.
    #[serde(default)]
    pub source: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
}

/// What a portal takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileLimits {
    /// Largest file; `None` without a limit. Units: bytes.
    #[serde(default)]
    pub file_bytes_max: Option<u64>,
    /// Ends of names that it takes, as `pdf`; empty for any.
    #[serde(default)]
    pub types: Vec<String>,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
}

/// A form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetForm {
    /// Its key, unique in the set.
    pub key: String,
    /// The office's own number of it; empty when it has none.
    #[serde(default)]
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
    /// Its parts, in order.
    pub parts: Vec<SetFormPart>,
    /// The office's own blank; without one the form is printed as ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub blank: Option<Blank>,
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetFormPart {
    /// Its key, unique in the form.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// What is printed above the place to sign, as whoever signs declares it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<Bilingual>,
    /// Its fields, in order.
    pub fields: Vec<SetFormField>,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetFormField {
    /// Its key, unique in its part.
    pub key: String,
    /// What the form calls it.
    pub label: Bilingual,
    /// Where its content comes from, one after the other ([`fill()`]); without any, a person
    /// answers it.
    #[serde(default)]
    pub fill: Vec<String>,
    /// What goes into it.
    #[serde(default)]
    pub kind: FieldKind,
    /// Whether it may not stay empty.
    #[serde(default)]
    pub required: bool,
}

/// What goes into a field of a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FormFieldKind")]
pub enum FieldKind {
    /// Text.
    #[default]
    Text,
    /// A row for each entry.
    Table,
    /// A signature by hand: left blank.
    Sign,
    /// The day of the signature, by hand: left blank.
    SignDate,
}

/// What is wanted for one or several types of submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetList {
    /// Codes of `submissionType`.
    pub types: Vec<String>,
    /// The studies that it is for ([`holds`]); empty for all.
    #[serde(default)]
    pub when: Vec<Vec<String>>,
    /// Its name.
    pub name: Bilingual,
    /// The rule that it is taken from.
    pub source: String,
    /// The article of the rule; empty when it has none.
    #[serde(default)]
    pub article: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
    /// What is wanted, in order.
    pub items: Vec<SetItem>,
}

/// Something that a committee wants to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetItem {
    /// Its key, unique in the list.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// Kinds of document (`documentKind`) that answer it.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The part of our own package that answers it; empty when none does.
    #[serde(default)]
    pub made: String,
    /// The form that answers it, where `made` is `form`.
    #[serde(default)]
    pub form: String,
    /// When it is wanted ([`holds`]); empty for always.
    #[serde(default)]
    pub when: Vec<Vec<String>>,
    /// Whether a person says if it applies.
    #[serde(default)]
    pub ask: bool,
    /// Whether it carries a version and a version date.
    #[serde(default)]
    pub dated: bool,
    /// Whether it is signed.
    #[serde(default)]
    pub signed: bool,
    /// Whether it asks for what the committee has not had: an amended document, a later opinion.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub revised: bool,
    /// `must` or `should`: what it means when it is missing; empty for `must`.
    #[serde(default)]
    pub level: String,
    /// `verified`, `secondary` or `unverified`, where it is graded otherwise than its list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub verification: Option<String>,
}

/// Parts of our own package that may answer an item.
pub const MADE: [&str; 10] = [
    "letter",
    "form",
    "integrity",
    "team",
    "coi",
    "publication",
    "protocol",
    "redline",
    "changes",
    "reply",
];

#[derive(Deserialize)]
struct Shelf {
    hospitals: BTreeMap<String, String>,
    sets: Vec<FormSet>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/form-sets.json"))
        .expect("form-sets.json is checked")
});

/// Every set that comes with the program, every version of it.
pub fn shipped() -> &'static [FormSet] {
    &SHELF.sets
}

/// A set by key and version; without a version, the newest one.
pub fn find<'a>(own: &'a [FormSet], key: &str, version: &str) -> Option<&'a FormSet> {
    let mut sets = own.iter().chain(shipped());
    if version.is_empty() {
        return newest(own, key);
    }
    sets.find(|set| set.key == key && set.version == version)
}

/// The newest version of a set.
pub fn newest<'a>(own: &'a [FormSet], key: &str) -> Option<&'a FormSet> {
    let sets = own.iter().chain(shipped());
    sets.filter(|set| set.key == key)
        .max_by(|a, b| own::in_order(&a.version, &b.version))
}

/// The key of the set that a site starts from: the one that its committee names, else its
/// hospital's, else the generic one.
pub fn key_for<'a>(site: &Entity, named: &'a str) -> &'a str {
    if !named.is_empty() {
        return named;
    }
    key_of_hospital(site.text("hospital"))
}

/// The key of the set that a partner hospital starts from; the generic one for any other.
pub fn key_of_hospital(code: &str) -> &'static str {
    let hospital = SHELF.hospitals.get(code);
    hospital.map_or(GENERIC, |key| key.as_str())
}

/// Longest text of a set. Units: bytes.
pub const SET_BYTES_MAX: usize = 190_000;

/// Reads a set from text, as the editor and the command line give it.
///
/// # Errors
/// The places that are wrong ([`faults`]); one alone where it is no set at all.
pub fn read(text: &str) -> Result<FormSet, Vec<Fault>> {
    if text.len() > SET_BYTES_MAX {
        return Err(vec![Fault::new("", "tooLarge", &text.len().to_string())]);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let set: FormSet = serde_json::from_str(text)
        .map_err(|error| vec![Fault::new("", "unreadable", &error.to_string())])?;
    let faults = faults(&set);
    if faults.is_empty() {
        Ok(set)
    } else {
        Err(faults)
    }
}

impl FormSet {
    /// The list for a type of submission, in a study.
    pub fn list(&self, doc: &StudyDoc, site: &Entity, kind: &str) -> Option<&SetList> {
        let is_for = |list: &&SetList| list.types.iter().any(|known| known == kind);
        let mut lists = self.lists.iter().filter(is_for);
        lists.find(|list| holds(&list.when, doc, site))
    }

    /// A form by key.
    pub fn form(&self, key: &str) -> Option<&SetForm> {
        self.forms.iter().find(|form| form.key == key)
    }
}

impl SetList {
    /// How well an item of the list is known: its own grade, else that of the list.
    pub fn grade<'a>(&'a self, item: &'a SetItem) -> &'a str {
        item.verification.as_ref().unwrap_or(&self.verification)
    }
}

impl SetForm {
    /// Every field, with its part.
    pub fn fields(&self) -> impl Iterator<Item = (&SetFormPart, &SetFormField)> {
        let parts = self.parts.iter();
        parts.flat_map(|part| part.fields.iter().map(move |field| (part, field)))
    }
}

#[cfg(test)]
mod tests;
