//! What an importer makes of a Word file: sections, blocks, suggestions, before they meet a study.

use crate::EntityId;
use crate::Lang;
use crate::rich::RichText;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A protocol as a file has it.
///
/// Texts are those *without* its tracked changes; the changes are suggestions beside them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncomingProtocol {
    /// The tagged hash of the bytes that were read (`sha256:…`).
    pub source_hash: String,
    /// The language that most of its text is in.
    pub lang: Option<Lang>,
    /// Its sections; text before the first heading stands in one with an empty title.
    pub sections: Vec<IncomingSection>,
    /// What is in the file and not carried, by label key (`word.notCarried.*`), each once.
    pub not_carried: Vec<String>,
    /// Remarks by label key.
    pub warnings: Vec<String>,
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
