//! Why a file or a record is not read.

use thiserror::Error;

/// A record that is not read, or a file that is not, with what could be learnt of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("record {index} is refused")]
pub struct Refusal {
    /// Place of the record in the file, from 0; 0 also when the file as a whole is refused.
    pub index: usize,
    /// Its registry number; empty when it could not be read.
    pub number: String,
    /// Its title; empty when it could not be read.
    pub title: String,
    /// Why.
    #[source]
    pub reason: ReadError,
}

impl Refusal {
    /// The label key of the sentence for people (`labels/import.tsv`).
    pub fn code(&self) -> &'static str {
        self.reason.code()
    }
}

/// Why a file or one of its records is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The file is larger than [`super::BYTES_MAX`].
    #[error("file of {bytes} bytes is too large")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Nothing but white space.
    #[error("file is empty")]
    Empty,
    /// Not UTF-8.
    #[error("file is not UTF-8 text")]
    NotText,
    /// A zip or gzip archive.
    #[error("file is an archive")]
    Archive,
    /// HTML: an error page, a sign-in page, a saved page.
    #[error("file is a web page")]
    WebPage,
    /// The registry's older XML.
    #[error("file is a record in the older XML format")]
    OldXml,
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
    /// More records than [`super::RECORDS_MAX`].
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
    /// A text longer than [`super::TEXT_CHARS_MAX`].
    #[error("text at {path} is too long")]
    TextTooLong {
        /// Where in the record.
        path: String,
    },
    /// More parts than [`super::PARTS_MAX`].
    #[error("record has too many parts")]
    TooManyParts,
}

impl ReadError {
    /// The label key of the sentence for people (`labels/import.tsv`).
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "import.tooLarge",
            Self::Empty => "import.empty",
            Self::NotText => "import.notText",
            Self::Archive => "import.archive",
            Self::WebPage => "import.webPage",
            Self::OldXml => "import.oldXml",
            Self::Truncated { .. } => "import.truncated",
            Self::NotJson { .. } => "import.notJson",
            Self::TooDeep => "import.tooDeep",
            Self::NotCtgov => "import.notCtgov",
            Self::NoRecords => "import.noRecords",
            Self::TooManyRecords { .. } => "import.tooManyRecords",
            Self::NoNumber => "import.noNumber",
            Self::NumberTwice { .. } => "import.numberTwice",
            Self::TextTooLong { .. } => "import.textTooLong",
            Self::TooManyParts => "import.tooManyParts",
        }
    }
}
