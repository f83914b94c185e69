//! A redline as everybody shows it: lines in reading order, each with spans of text.

use model::rich::MarkKind;
use model::{EntityId, Lang};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What changed from one protocol to another, in the reading order of the new one; what is gone
/// stands where it stood.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Redline {
    /// Every line, unchanged ones too.
    pub lines: Vec<Line>,
    /// How many of each.
    pub counts: Counts,
}

/// One fact, section title or block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// What it is.
    pub what: What,
    /// The entity in the new protocol; of something removed, in the old one.
    pub entity: EntityId,
    /// The same block in the old protocol, where it had another entity (two Word files).
    pub was: Option<EntityId>,
    /// The section that it stands in, by its entity in the new protocol unless it is gone; `None`
    /// for facts, but why a section does not apply stands in it.
    pub section: Option<EntityId>,
    /// Of a fact, its kind of entity; of a block, its type; of a title, `section`.
    pub kind: String,
    /// Of a fact, its register without the language; of a title, the section's key; else empty.
    pub name: String,
    /// Level of a title, from 1; indent of an item, from 0.
    pub level: u8,
    /// Code of `listType` of an item.
    pub list: String,
    /// The table that a row belongs to.
    pub table: String,
    /// Layout of a row, as text of JSON.
    pub layout: String,
    /// Its type, level and list before, where one of them changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub before: Option<Shape>,
    /// What became of it.
    pub state: State,
    /// The Chinese text with its changes; the cells of a row are parted by U+0009. Where a block
    /// ended that went into this one, U+2029 was taken out, a span by itself.
    pub zh: Vec<Span>,
    /// The English text with its changes.
    pub en: Vec<Span>,
}

/// What a block is besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    /// Its type; of a title, `section`.
    pub kind: String,
    /// Level of a title, from 1; indent of an item, from 0.
    pub level: u8,
    /// Code of `listType` of an item.
    pub list: String,
    /// The table that a row belongs to.
    pub table: String,
    /// Layout of a row, as text of JSON.
    pub layout: String,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum What {
    /// A register outside the text; a value that is in no language stands in both.
    Fact,
    /// The title of a section.
    Title,
    /// A block.
    Block,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum State {
    /// As it was.
    Same,
    /// Its text, type or level changed.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands elsewhere than before; its text may have changed too.
    Moved {
        /// The section that it came from; of a title, the one that it stood behind, itself where it
        /// was the first.
        from: EntityId,
    },
    /// The place that a moved one left: its old text, all of it deleted.
    MovedAway {
        /// The section that it went to; of a title, the one that it stands behind now, itself
        /// where it is the first.
        to: EntityId,
    },
    /// It holds a part of what was one block.
    Split {
        /// The block that was split.
        from: EntityId,
    },
    /// It holds what was several blocks.
    Merged {
        /// The blocks that went into it, in the order of their texts; itself among them.
        from: Vec<EntityId>,
    },
}

/// A piece of text that was kept, put in or taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// Kept, put in or taken out.
    pub op: SpanOp,
    /// The text.
    pub text: String,
    /// Marks over all of it; a note has the empty text.
    pub marks: Vec<MarkKind>,
    /// The address of a link; empty otherwise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[ts(optional, as = "Option<String>")]
    pub href: String,
}

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SpanOp {
    /// In both.
    Same,
    /// In the new one only.
    Insert,
    /// In the old one only.
    Delete,
}

/// How many lines of each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Lines with a changed text, type or level; split and merged ones too.
    pub changed: u32,
    /// New lines.
    pub added: u32,
    /// Lines that are gone.
    pub removed: u32,
    /// Lines that stand elsewhere.
    pub moved: u32,
}

impl Shape {
    pub(crate) fn of(block: &model::protocol::Block) -> Self {
        Self {
            kind: block.kind.clone(),
            level: block.level,
            list: block.list.clone(),
            table: block.table.clone(),
            layout: block.layout.clone(),
        }
    }

    /// What a person sees of it: not the name of its table, nor how wide its cells are.
    pub(crate) fn looks_like(&self, other: &Self) -> bool {
        let layout = |shape: &Self| {
            let mut layout = serde_json::from_str(&shape.layout).unwrap_or(serde_json::Value::Null);
            layout.as_object_mut().map(|map| map.remove("w"));
            layout
        };
        (&self.kind, self.level, &self.list) == (&other.kind, other.level, &other.list)
            && (self.layout == other.layout || layout(self) == layout(other))
    }
}

impl Line {
    /// A line without text.
    pub(crate) fn new(what: What, entity: &EntityId, shape: Shape, state: State) -> Self {
        Self {
            what,
            entity: entity.clone(),
            was: None,
            section: None,
            kind: shape.kind,
            name: String::new(),
            level: shape.level,
            list: shape.list,
            table: shape.table,
            layout: shape.layout,
            before: None,
            state,
            zh: Vec::new(),
            en: Vec::new(),
        }
    }

    /// Its shape in the new protocol.
    pub(crate) fn shape(&self) -> Shape {
        Shape {
            kind: self.kind.clone(),
            level: self.level,
            list: self.list.clone(),
            table: self.table.clone(),
            layout: self.layout.clone(),
        }
    }

    /// The spans in a language.
    pub fn spans(&self, lang: Lang) -> &[Span] {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}
