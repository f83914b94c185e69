//! What a file holds, in order, with its tracked changes still in it: paragraphs and tables.

use super::limits::REVISIONS_MAX;
use super::numbering::Numbered;
use model::EntityId;

/// Whether something is in the text before the tracked changes, after them, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum When {
    /// In both.
    #[default]
    Always,
    /// Put in by a tracked change.
    Put,
    /// Taken out by a tracked change.
    Taken,
    /// Put in and taken out again: in neither.
    Never,
}

impl When {
    /// What stands inside another tracked change.
    pub(super) fn within(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, when) | (when, Self::Always) => when,
            (a, b) if a == b => a,
            _ => Self::Never,
        }
    }

    /// Whether it is there in a view.
    pub(super) fn is_in(self, view: View) -> bool {
        match self {
            Self::Always => true,
            Self::Put => view == View::After,
            Self::Taken => view == View::Before,
            Self::Never => false,
        }
    }
}

/// One of the two texts of a file with tracked changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// All changes refused.
    Before,
    /// All changes taken.
    After,
}

/// What is said of letters by themselves, not by the style of their paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) underline: bool,
    pub(super) strike: bool,
    pub(super) sub: bool,
    pub(super) sup: bool,
    /// Place in the list of addresses.
    pub(super) link: Option<usize>,
    /// Bold as displayed, by whatever says so.
    pub(super) is_strong: bool,
    /// Units: half points.
    pub(super) size: u32,
}

/// Which of the two lists of notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NoteKind {
    Foot,
    End,
}

/// A note that the text refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NoteRef {
    pub(super) kind: NoteKind,
    pub(super) id: String,
}

/// A picture that is still in its part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) part: String,
    /// Units: pixels (96 an inch); 0 when it is not said.
    pub(super) width: u32,
    /// Units: as `width`.
    pub(super) height: u32,
}

/// A part of a paragraph.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text {
        text: String,
        look: Look,
        when: When,
    },
    Note {
        note: NoteRef,
        when: When,
    },
    Picture {
        picture: Picture,
        when: When,
    },
    /// What stands in a text box.
    TextBox {
        flow: Vec<Flow>,
        when: When,
    },
    /// Here the words begin that a comment is about.
    Comment(String),
}

/// Who made a tracked change, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Revision {
    pub(super) author: String,
    /// Time: RFC 3339; empty when unknown.
    pub(super) at: String,
}

impl Revision {
    /// Adds it to a list that has each once and not too many.
    pub(super) fn add_to(&self, revisions: &mut Vec<Self>) {
        if revisions.len() < REVISIONS_MAX && !revisions.contains(self) {
            revisions.push(self.clone());
        }
    }
}

/// What a paragraph is, apart from its words.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// Name of its style, in lower case.
    pub(super) style: String,
    /// Level of a heading, from 1.
    pub(super) outline: Option<u8>,
    /// The number that it has in its list.
    pub(super) number: Option<Numbered>,
    /// It stands in a text box, where there are no headings.
    pub(super) is_boxed: bool,
}

/// A paragraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Paragraph {
    pub(super) shape: Shape,
    pub(super) pieces: Vec<Piece>,
    /// Its end: put in, it was split by a tracked change; taken out, it was joined to the next.
    pub(super) end: When,
    pub(super) revisions: Vec<Revision>,
    /// The section or block that an earlier export named here.
    pub(super) mark: Option<EntityId>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) flow: Vec<Flow>,
    /// Columns that it covers.
    pub(super) span: usize,
    /// `start`, `cont` or empty: joined with cells above or below.
    pub(super) joined: &'static str,
}

/// A row of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) is_head: bool,
    pub(super) when: When,
    pub(super) revisions: Vec<Revision>,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    /// Widths of its columns; units: as the file has them.
    pub(super) widths: Vec<u32>,
}

/// A paragraph or a table.
#[derive(Clone, Debug)]
pub(super) enum Flow {
    Paragraph(Box<Paragraph>),
    Table(Table),
}
