//! Why a file is not read.

use thiserror::Error;

/// Why a file is refused as a Word file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WordRefusal {
    /// The file is larger than [`super::BYTES_MAX`].
    #[error("file of {bytes} bytes is too large")]
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// No bytes.
    #[error("file is empty")]
    Empty,
    /// Protected with a password.
    #[error("file is encrypted")]
    Encrypted,
    /// Word 97–2003.
    #[error("file is in the older Word format")]
    OldWord,
    /// Rich text.
    #[error("file is rich text")]
    RichText,
    /// OpenDocument.
    #[error("file is an OpenDocument file")]
    OpenDocument,
    /// PDF.
    #[error("file is a PDF")]
    Pdf,
    /// HTML.
    #[error("file is a web page")]
    WebPage,
    /// A workbook or slides.
    #[error("file is a workbook or slides")]
    OtherOffice,
    /// Anything else.
    #[error("file is not a Word file")]
    NotWord,
    /// An archive that breaks off.
    #[error("file breaks off")]
    Truncated,
    /// A part that cannot be unpacked or is not XML.
    #[error("part {part} is damaged")]
    Damaged {
        /// The part; empty when it is the package itself.
        part: String,
    },
    /// No main document in the package.
    #[error("file has no document")]
    NoDocument,
    /// Two parts of one name: programs would read different texts.
    #[error("a part is in the file twice")]
    PartTwice,
    /// A part whose name leads out of the package.
    #[error("a part has an impossible name")]
    PartName,
    /// XML with a document type: Word writes none, and entities can fill memory.
    #[error("part {part} declares a document type")]
    Entities {
        /// The part.
        part: String,
    },
    /// Our own export with both languages one below the other: whose text a paragraph is cannot be
    /// told once somebody has worked on it.
    #[error("file holds both languages of an export")]
    BothLanguages,
    /// Our own redline with its tracked changes open: its new text would come back as suggestions.
    #[error("file is a redline with open changes")]
    Redline,
    /// Unpacked it would be too large, too deep or of too many parts.
    #[error("part {part} is too large once unpacked")]
    TooMuch {
        /// The part; empty when it is the package itself.
        part: String,
    },
}

impl WordRefusal {
    /// The label key of the sentence for people (`labels/word.tsv`).
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "word.refused.tooLarge",
            Self::Empty => "word.refused.empty",
            Self::Encrypted => "word.refused.encrypted",
            Self::OldWord => "word.refused.oldWord",
            Self::RichText => "word.refused.richText",
            Self::OpenDocument => "word.refused.openDocument",
            Self::Pdf => "word.refused.pdf",
            Self::WebPage => "word.refused.webPage",
            Self::OtherOffice => "word.refused.otherOffice",
            Self::NotWord => "word.refused.notWord",
            Self::Truncated => "word.refused.truncated",
            Self::Damaged { .. } => "word.refused.damaged",
            Self::NoDocument => "word.refused.noDocument",
            Self::PartTwice => "word.refused.partTwice",
            Self::PartName => "word.refused.partName",
            Self::Entities { .. } => "word.refused.entities",
            Self::BothLanguages => "word.refused.bothLanguages",
            Self::Redline => "word.refused.redline",
            Self::TooMuch { .. } => "word.refused.tooMuch",
        }
    }
}
