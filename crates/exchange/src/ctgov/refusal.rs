//! Why a file or a record is not read.

use super::limits::{FILE_BYTES_MAX, PARTS_MAX, RECORDS_MAX, TEXT_CHARS_MAX};
use thiserror::Error;

/// Why a file or one of its records is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The file is larger than [`FILE_BYTES_MAX`].
    #[error("file of {bytes} bytes is too large")]
    FileTooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Nothing but white space.
    #[error("file is empty")]
    FileEmpty,
    /// Not UTF-8.
    #[error("file is not UTF-8 text")]
    NotText,
    /// A zip or gzip archive.
    #[error("file is an archive")]
    IsArchive,
    /// HTML: an error page, a sign-in page, a saved page.
    #[error("file is a web page")]
    IsWebPage,
    /// The registry's older XML.
    #[error("file is a record in the older XML format")]
    IsOldXml,
    /// JSON that breaks off.
    #[error("file breaks off at line {line}")]
    Truncated {
        /// Where, from 1.
        line: usize,
    },
    /// Not JSON.
    #[error("file is not JSON at line {line}, column {column}")]
    NotJson {
        /// Where, from 1.
        line: usize,
        /// Where in the line, from 1.
        column: usize,
    },
    /// Nested deeper than the JSON reader goes (128).
    #[error("file is nested too deeply")]
    TooDeep,
    /// JSON, but no study record.
    #[error("record has no protocolSection")]
    NotCtgov,
    /// A list without records.
    #[error("file holds no records")]
    NoRecords,
    /// More records than [`RECORDS_MAX`].
    #[error("file holds {n_records} records")]
    TooManyRecords {
        /// How many.
        n_records: usize,
    },
    /// No registry number, or one of another form.
    #[error("record has no valid registry number")]
    NoNumber,
    /// An earlier record of the file has the same number.
    #[error("record {number} is in the file twice")]
    NumberTwice {
        /// The number.
        number: String,
    },
    /// A text longer than [`TEXT_CHARS_MAX`].
    #[error("text at {path} is too long")]
    TextTooLong {
        /// Where in the record.
        path: String,
    },
    /// More parts than [`PARTS_MAX`].
    #[error("record has too many parts")]
    TooManyParts,
}

impl ReadError {
    /// The label key of the sentence for people (`labels/import.tsv`).
    pub fn code(&self) -> &'static str {
        match self {
            Self::FileTooLarge { .. } => "import.file_too_large",
            Self::FileEmpty => "import.file_empty",
            Self::NotText => "import.not_text",
            Self::IsArchive => "import.is_archive",
            Self::IsWebPage => "import.is_web_page",
            Self::IsOldXml => "import.is_old_xml",
            Self::Truncated { .. } => "import.truncated",
            Self::NotJson { .. } => "import.not_json",
            Self::TooDeep => "import.too_deep",
            Self::NotCtgov => "import.not_ctgov",
            Self::NoRecords => "import.no_records",
            Self::TooManyRecords { .. } => "import.too_many_records",
            Self::NoNumber => "import.no_number",
            Self::NumberTwice { .. } => "import.number_twice",
            Self::TextTooLong { .. } => "import.text_too_long",
            Self::TooManyParts => "import.too_many_parts",
        }
    }

    /// The named values of the sentence.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::FileTooLarge { .. } => {
                vec![("limit", (FILE_BYTES_MAX / (1024 * 1024)).to_string())]
            }
            Self::Truncated { line } => vec![("line", line.to_string())],
            Self::NotJson { line, column } => {
                vec![("line", line.to_string()), ("column", column.to_string())]
            }
            Self::TooManyRecords { .. } => vec![("limit", RECORDS_MAX.to_string())],
            Self::NumberTwice { number } => vec![("number", number.clone())],
            Self::TextTooLong { path } => {
                vec![
                    ("limit", TEXT_CHARS_MAX.to_string()),
                    ("path", path.clone()),
                ]
            }
            Self::TooManyParts => vec![("limit", PARTS_MAX.to_string())],
            _ => Vec::new(),
        }
    }
}
