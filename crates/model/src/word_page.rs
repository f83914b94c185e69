//! Pages of ours as plain blocks, for a Word file that a person goes on with.

/// A document: a letter, a list, a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordPages {
    /// Place of its item in the committee's list, from 1; 0 for letter and list.
    pub no: usize,
    /// What it is called.
    pub title: String,
    /// What it says, in order.
    pub blocks: Vec<WordBlock>,
}

/// A part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordBlock {
    /// A heading of a level from 1.
    Heading(u8, String),
    /// A paragraph.
    Line(LineManner, String),
    /// A table: heads, shares of the width, rows.
    Table {
        /// What stands above each column.
        heads: Vec<String>,
        /// Shares of the width, of 1000.
        shares: Vec<u32>,
        /// The rows.
        rows: Vec<Vec<String>>,
    },
    /// Labelled values.
    Facts(Vec<(String, String)>),
    /// Lines to sign on: what, and the word for the day.
    Sign(Vec<(String, String)>),
}

/// How a paragraph is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineManner {
    /// As it is.
    Plain,
    /// Large, in the middle.
    Title,
    /// Strong.
    Strong,
    /// To the right.
    Closing,
    /// Small: a remark.
    Mute,
}
