//! What an importer makes of a Word file: sections, blocks, suggestions, before they meet a study.

use crate::rich::RichText;
use crate::{EntityId, Lang, StudyDoc};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use ts_rs::TS;

/// A protocol as a file has it.
///
/// Texts are those *without* its tracked changes; the changes are suggestions beside them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncomingProtocol {
    /// The tagged hash of the bytes that were read (`sha256:…`).
    pub source_hash: String,
    /// What the text was written from, as an export of ours says; `None` in any other file.
    pub base: Option<WordBase>,
    /// Whether it names sections or blocks of a study, as our exports do.
    pub is_marked: bool,
    /// The language that most of its text is in.
    pub lang: Option<Lang>,
    /// Its sections; text before the first heading stands in one with an empty title.
    pub sections: Vec<IncomingSection>,
    /// What is in the file and not carried, by label key (`word.notCarried.*`), each once.
    pub not_carried: Vec<String>,
    /// Remarks by label key.
    pub warnings: Vec<String>,
}

/// The state of a study that an export showed, so that the file can be held against it when it
/// comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordBase {
    /// A frozen version.
    Version(EntityId),
    /// The working text: how many commits of each device were known. Devices by the first
    /// [`WordBase::DEVICE_DIGITS`] digits of their name.
    Working(Vec<(String, u64)>),
}

impl WordBase {
    /// How many hex digits of a device's name a mark has: a bookmark has at most 40 letters.
    pub const DEVICE_DIGITS: usize = 16;
    const VERSION: &str = "_pdOf";
    const DEVICE: &str = "_pdAt";

    /// The bookmarks that say so.
    pub fn marks(&self) -> Vec<String> {
        match self {
            Self::Version(id) => vec![format!("{}{}", Self::VERSION, id.as_str().replace('-', ""))],
            Self::Working(seen) => seen
                .iter()
                .map(|(device, n)| format!("{}{device}_{n}", Self::DEVICE))
                .collect(),
        }
    }

    /// Reads what [`WordBase::marks`] wrote, among other bookmarks; `None` when nothing says it.
    pub fn of_marks<'a>(marks: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut seen: Vec<(String, u64)> = Vec::new();
        for mark in marks {
            if let Some(hex) = mark.strip_prefix(Self::VERSION)
                && let Some(id) = EntityId::from_hex(hex)
            {
                return Some(Self::Version(id));
            }
            let said = mark
                .strip_prefix(Self::DEVICE)
                .and_then(|said| said.split_once('_'));
            if let Some((device, n)) = said
                && device.len() == Self::DEVICE_DIGITS
                && device.bytes().all(|byte| byte.is_ascii_hexdigit())
                && let Ok(n) = n.parse()
            {
                seen.push((device.to_lowercase(), n));
            }
        }
        (!seen.is_empty()).then_some(Self::Working(seen))
    }
}

/// A section of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncomingSection {
    /// The section that an earlier export named here.
    pub mark: Option<EntityId>,
    /// Its number as it reads in the file, `4.2`; empty when it has none.
    pub number: String,
    /// Its title, without the number.
    pub title: RichText,
    /// How deep it stands, from 1.
    pub level: u8,
    /// How it was found to be a heading.
    pub by: HeadingBy,
    /// Why it does not apply, as a line that an export of ours wrote says; else empty.
    pub not_applicable: String,
    /// Tracked changes of its title and remarks on it; `remove` when the whole line is taken out.
    pub suggestions: Vec<IncomingSuggestion>,
    /// What stands in it.
    pub blocks: Vec<IncomingBlock>,
}

/// How a line was found to be a heading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HeadingBy {
    /// By its style or outline level.
    #[default]
    Style,
    /// By the number in front of it.
    Number,
    /// By standing alone in bold.
    Bold,
    /// It is none: the text before the first heading.
    Start,
}

/// A block of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncomingBlock {
    /// The block that an earlier export named here.
    pub mark: Option<EntityId>,
    /// Code of the list `blockType`.
    pub kind: String,
    /// Indent of an item, from 0.
    pub level: u8,
    /// Code of the list `listType`, of an item.
    pub list: String,
    /// Number of the table in the file, of a row.
    pub table: Option<u32>,
    /// Layout of a row, as text of JSON.
    pub layout: String,
    /// The text without tracked changes; empty for a block that a tracked change adds.
    pub text: RichText,
    /// The picture of a figure, as text of JSON.
    pub image: String,
    /// Tracked changes of this block and remarks on it.
    pub suggestions: Vec<IncomingSuggestion>,
}

/// A tracked change or a remark.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncomingSuggestion {
    /// Code of the list `suggestionKind`.
    pub kind: String,
    /// The block's text once all tracked changes of it are taken; for `change` and `add`.
    pub to: RichText,
    /// The words that a remark points to.
    pub quote: String,
    /// The remark.
    pub note: String,
    /// Who made it, as the file says.
    pub author: String,
    /// When, as the file says. Time: RFC 3339; empty when unknown.
    pub at: String,
}

/// What importing a file into a study would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WordPlan {
    /// The language that the file is read in.
    pub lang: Lang,
    /// Its sections, in order.
    pub sections: Vec<WordSection>,
    /// Blocks that a person should look at.
    pub unsure: Vec<WordUnsure>,
    /// Known blocks with text in this language that are not in the file.
    pub gone: Vec<WordGone>,
    /// How many of each.
    pub counts: WordCounts,
    /// What the file is held against, when that is an earlier state than today's.
    pub since: Option<WordSince>,
    /// A remark on what it is held against, by label key.
    pub warning: Option<String>,
    /// What each section and block was found to be, in the order of the file.
    #[serde(skip)]
    #[ts(skip)]
    pub found: Vec<FoundSection>,
    /// The study as the file knew it, with what was added since.
    #[serde(skip)]
    #[ts(skip)]
    pub doc: Option<StudyDoc>,
    /// Sections and blocks that the file did not know, or that are put aside here already: it
    /// cannot put them aside.
    #[serde(skip)]
    #[ts(skip)]
    pub untouchable: HashSet<EntityId>,
}

/// An earlier state that a file is held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WordSince {
    /// Number of the version that the file was exported from; empty for a working text.
    pub version: String,
    /// When that state was saved last. Time: RFC 3339, UTC.
    pub at: String,
    /// Sections and blocks that were changed, added or put aside here since then.
    pub changed: u32,
    /// Those of them that the file changes too: both texts will stand, to be settled.
    pub both: u32,
}

/// A section of a file, and what it is in the study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WordSection {
    /// Its place in the file, from 0.
    pub at: u32,
    /// Its number as it reads in the file.
    pub number: String,
    /// Its title, without the number.
    pub title: String,
    /// How deep it stands, from 1.
    pub level: u8,
    /// How it was found to be a heading.
    pub by: HeadingBy,
    /// How many blocks it has.
    pub blocks: u32,
    /// The known section; `None` for a new one.
    pub section: Option<EntityId>,
    /// How sure that is, from 0 to 1.
    pub score: f32,
}

/// A block of a file that is like a known one, and not surely it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WordUnsure {
    /// Its place among all blocks of the file, from 0.
    pub at: u32,
    /// The known block.
    pub block: EntityId,
    /// The known block's text, without marks.
    pub was: String,
    /// Its text in the file.
    pub now: String,
    /// How much alike they are, from 0 to 1.
    pub score: f32,
}

/// A known block, or a known heading, that is not in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WordGone {
    /// The block, or the section itself.
    pub block: EntityId,
    /// Its section.
    pub section: Option<EntityId>,
    /// Its text, without marks.
    pub text: String,
}

/// How many blocks of each; what is neither the same nor changed is new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WordCounts {
    /// New ones.
    pub new: u32,
    /// Known ones with another text, type or layout.
    pub changed: u32,
    /// Ones that say what the known block says.
    pub same: u32,
    /// Known ones that stand elsewhere.
    pub moved: u32,
    /// Ones that a person should look at.
    pub unsure: u32,
    /// Known ones that are not in the file.
    pub gone: u32,
    /// Tracked changes.
    pub suggestions: u32,
    /// Remarks.
    pub comments: u32,
}

/// What a section of a file was found to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundSection {
    /// The known section.
    pub known: Option<EntityId>,
    /// Whether this very file brought it: it was read in before, here or on another laptop.
    pub again: bool,
    /// What its blocks were found to be.
    pub blocks: Vec<FoundBlock>,
}

/// What a block of a file was found to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundBlock {
    /// The known block.
    pub known: Option<EntityId>,
    /// Whether this very file brought it: it was read in before, here or on another laptop.
    pub again: bool,
    /// The known block that it is a part of, when another part keeps the id.
    pub split_from: Option<EntityId>,
    /// Other known blocks whose text went into it.
    pub merged: Vec<EntityId>,
}

/// What a person decides about importing a file; what is not named is as planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WordChoices {
    /// The language; another one than planned makes the plan anew.
    pub lang: Lang,
    /// What sections are.
    pub sections: Vec<SectionChoice>,
    /// What unsure blocks are.
    pub unsure: Vec<UnsureChoice>,
    /// Whether known blocks that are not in the file are put aside.
    pub archive_gone: bool,
    /// Those of them that stay all the same.
    pub keep_gone: Vec<EntityId>,
}

/// What a section of a file is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SectionChoice {
    /// Its place in the file, from 0.
    pub at: u32,
    /// What becomes of it.
    pub to: SectionTarget,
    /// The section of the study, for [`SectionTarget::Existing`].
    pub section: Option<EntityId>,
}

/// What becomes of a section of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SectionTarget {
    /// A new section.
    New,
    /// Nothing of it is imported.
    Skip,
    /// A section that the study has.
    Existing,
}

/// What an unsure block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnsureChoice {
    /// Its place among all blocks of the file, from 0.
    pub at: u32,
    /// Whether it is the known block; else it is a new one.
    pub same: bool,
}

/// What importing a file did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WordReport {
    /// Sections of the file that were imported.
    pub sections: u32,
    /// Blocks of the file that were imported.
    pub blocks: u32,
    /// Tracked changes and remarks that were added.
    pub suggestions: u32,
    /// Known blocks that were put aside.
    pub archived: u32,
    /// Registers that were changed here since the plan was made: both values stand.
    pub conflicts: u32,
    /// How many of each.
    pub counts: WordCounts,
    /// Remarks by label key.
    pub warnings: Vec<String>,
    /// What is in the file and not carried, by label key.
    pub not_carried: Vec<String>,
}

impl WordPlan {
    /// Everything as planned.
    pub fn choices(&self) -> WordChoices {
        WordChoices {
            lang: self.lang,
            sections: Vec::new(),
            unsure: Vec::new(),
            archive_gone: true,
            keep_gone: Vec::new(),
        }
    }
}
