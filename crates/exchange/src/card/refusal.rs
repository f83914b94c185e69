//! Why a file of cards, or one card, is not read.

use thiserror::Error;

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CardRefusal {
    /// Larger than [`super::BYTES_MAX`], or an archive that unpacks to more.
    #[error("file is too large")]
    TooLarge,
    /// No bytes.
    #[error("file is empty")]
    Empty,
    /// A calendar.
    #[error("file is a calendar")]
    Calendar,
    /// No `BEGIN:VCARD` in it.
    #[error("file holds no card")]
    NotCards,
    /// More than [`super::CARDS_MAX`].
    #[error("file holds too many cards")]
    TooMany,
    /// An archive that cannot be unpacked.
    #[error("archive is damaged")]
    Damaged,
}

impl CardRefusal {
    /// The label key of the sentence for people (`labels/contact.tsv`).
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "card.refused.tooLarge",
            Self::Empty => "card.refused.empty",
            Self::Calendar => "card.refused.calendar",
            Self::NotCards => "card.refused.notCards",
            Self::TooMany => "card.refused.tooMany",
            Self::Damaged => "card.refused.damaged",
        }
    }
}

/// Why one card of a file is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CardFault {
    /// It has no `END:VCARD`.
    #[error("card breaks off")]
    Unfinished,
    /// No name, no organisation, nothing to reach anybody by.
    #[error("card names nobody")]
    Nobody,
    /// A text or the number of its lines is beyond all use.
    #[error("card is too long")]
    TooLong,
}

impl CardFault {
    /// The label key of the sentence for people (`labels/contact.tsv`).
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unfinished => "card.left.unfinished",
            Self::Nobody => "card.left.nobody",
            Self::TooLong => "card.left.tooLong",
        }
    }
}
