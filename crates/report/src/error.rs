//! What stops an export.

use std::path::PathBuf;

/// Why the faces could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The folder of faces is not there.
    #[error("the font folder {0} is missing; `cargo xtask fonts` fills it")]
    NoFolder(PathBuf),
    /// A face is missing or cannot be read.
    #[error("the font file {path} cannot be read; `cargo xtask fonts` puts it in place")]
    NoFace {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is not a font.
    #[error("the file {0} is not a font")]
    NotAFont(PathBuf),
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The study has no entity of its own.
    #[error("the study has no facts")]
    NoStudy,
    /// The site is not in the study, or is archived.
    #[error("there is no such site in the study")]
    NoSite,
    /// The day given is not `YYYY-MM-DD`.
    #[error("{0} is not a day")]
    NotADay(String),
    /// The values could not be handed to the typesetter.
    #[error("the values of the document cannot be written down")]
    Data(#[from] serde_json::Error),
    /// The typesetter refused: a fault of the templates, never of the values.
    #[error("the document cannot be typeset: {0}")]
    Typeset(String),
    /// The DRAFT mark could not be put on.
    #[error("the DRAFT mark cannot be put on the pages")]
    Mark(#[from] lopdf::Error),
    /// The finished file could not be written down in memory.
    #[error("the pages cannot be written")]
    Write(#[from] std::io::Error),
}
