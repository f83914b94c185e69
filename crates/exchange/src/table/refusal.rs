//! Why a table, or a row of one, is not read.

use thiserror::Error;

/// Why a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TableRefusal {
    /// Larger than [`super::BYTES_MAX`], or unpacked larger than all use.
    #[error("file is too large")]
    TooLarge,
    /// No bytes.
    #[error("file is empty")]
    Empty,
    /// Excel 97–2003, or protected with a password.
    #[error("file is an older workbook or encrypted")]
    OldOrEncrypted,
    /// Neither a workbook nor a table of text.
    #[error("file is no table")]
    NotATable,
    /// A workbook that cannot be unpacked or read.
    #[error("workbook is damaged")]
    Damaged,
    /// More rows than [`super::ROWS_MAX`] or cells than [`super::CELLS_MAX`].
    #[error("too many rows or cells")]
    TooMany,
}

impl TableRefusal {
    /// The label key of the sentence for people (`labels/contact.tsv`).
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "table.refused.tooLarge",
            Self::Empty => "table.refused.empty",
            Self::OldOrEncrypted => "table.refused.oldOrEncrypted",
            Self::NotATable => "table.refused.notATable",
            Self::Damaged => "table.refused.damaged",
            Self::TooMany => "table.refused.tooMany",
        }
    }
}

/// Why a row is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: u32,
    /// The head of the column; empty when the row as a whole is meant.
    pub head: String,
    /// What stands there.
    pub value: String,
    /// The label key of the sentence for people.
    pub code: &'static str,
}
