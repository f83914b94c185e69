//! Why a file of somebody else is not taken.

use serde::{Deserialize, Serialize};

/// Why a file is not taken; the words are `package.refusal.<code>`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    thiserror::Error,
)]
#[serde(rename_all = "camelCase")]
pub enum Refusal {
    /// It opens with a password alone, and none was given.
    #[error("the file wants a password")]
    Password,
    /// The password that was given is not its own.
    #[error("the password is not the file's")]
    WrongPassword,
    /// It is locked in a way that cannot be opened here.
    #[error("the file is locked in an unknown way")]
    UnknownLock,
    /// It is no PDF.
    #[error("the file is no PDF")]
    NotPdf,
    /// It has no page.
    #[error("the file has no page")]
    NoPages,
    /// It is damaged beyond what can be repaired.
    #[error("the file is damaged")]
    Damaged,
    /// It has more pages than a package takes.
    #[error("the file has too many pages")]
    TooManyPages,
    /// It wants more memory than it may have.
    #[error("the file is too large")]
    TooLarge,
    /// It wants more time than it may have.
    #[error("the file takes too long")]
    TooSlow,
    /// The process that opened it ended by itself.
    #[error("the file could not be read")]
    Crashed,
}

impl Refusal {
    /// The stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::WrongPassword => "wrongPassword",
            Self::UnknownLock => "unknownLock",
            Self::NotPdf => "notPdf",
            Self::NoPages => "noPages",
            Self::Damaged => "damaged",
            Self::TooManyPages => "tooManyPages",
            Self::TooLarge => "tooLarge",
            Self::TooSlow => "tooSlow",
            Self::Crashed => "crashed",
        }
    }
}
