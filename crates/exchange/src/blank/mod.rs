//! An office's own blank of a form, as Word or Excel: which places it has, and the same file with
//! those places filled.
//!
//! `docx`, `xlsx`: places found and filled. `beside`: the words that belong to a place.
//! `splice`, `pack`: changes that leave all else as it was.
//!
//! Invariant: the filled file differs from the blank in the places alone: other parts keep their
//! bytes, and so does everything around the places in the parts that hold them. Words of the
//! office are never taken out, except underscores of a gap, and hints that a content control shows
//! until it is filled.

mod beside;
mod docx;
mod pack;
mod splice;
mod xlsx;

use crate::word::read::package::Package;
use model::formset::{BlankKind, BlankPlace, CellValue};
use thiserror::Error;

/// Most places that are listed.
pub const PLACES_MAX: usize = 2_000;
/// Tick boxes as offices type them.
const BOXES: [char; 5] = ['□', '☐', '▢', '◻', '❑'];
/// A box with its tick.
const TICKED: char = '☑';
/// A tick without a box.
const TICK: &str = "√";

/// Why a blank is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BlankRefusal {
    /// It is another kind of file.
    #[error("file is of another kind")]
    OtherKind,
    /// It is of an Office before 2007, whatever its name says.
    #[error("file is of an old kind")]
    OldKind,
    /// It is protected with a password.
    #[error("file is encrypted")]
    Locked,
    /// It cannot be unpacked or read.
    #[error("file is damaged")]
    Damaged,
    /// It carries macros, which would run on whoever opens what is filled.
    #[error("file carries macros")]
    Macros,
    /// It is larger than any form.
    #[error("file is too large")]
    TooLarge,
}

impl BlankRefusal {
    /// The label key of the sentence for people.
    pub fn code(self) -> &'static str {
        match self {
            Self::OtherKind => "blank.refused.otherKind",
            Self::OldKind => "blank.refused.oldKind",
            Self::Locked => "blank.refused.locked",
            Self::Damaged => "blank.refused.damaged",
            Self::Macros => "blank.refused.macros",
            Self::TooLarge => "blank.refused.tooLarge",
        }
    }
}

/// A filled blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The file.
    pub bytes: Vec<u8>,
    /// Places that are not in the blank, or that take no words.
    pub lost: Vec<String>,
}

/// Lists the places of a blank that can be filled.
///
/// # Errors
/// [`BlankRefusal`]; [`BlankRefusal::OtherKind`] for a PDF.
pub fn places(kind: BlankKind, bytes: &[u8]) -> Result<Vec<BlankPlace>, BlankRefusal> {
    let mut package = open(bytes)?;
    let mut places = match kind {
        BlankKind::Docx => docx::places(&mut package)?,
        BlankKind::Xlsx => xlsx::places(&mut package)?,
        BlankKind::Pdf => return Err(BlankRefusal::OtherKind),
    };
    places.truncate(PLACES_MAX);
    Ok(places)
}

/// Fills places of a blank; what is empty leaves its place as it is.
///
/// # Errors
/// As [`places`].
pub fn fill(kind: BlankKind, bytes: &[u8], values: &[CellValue]) -> Result<Filled, BlankRefusal> {
    let mut package = open(bytes)?;
    let (parts, lost) = match kind {
        BlankKind::Docx => docx::fill(&mut package, values)?,
        BlankKind::Xlsx => xlsx::fill(&mut package, values)?,
        BlankKind::Pdf => return Err(BlankRefusal::OtherKind),
    };
    drop(package);
    Ok(Filled {
        bytes: pack::repack(bytes, &parts)?,
        lost,
    })
}

fn open(bytes: &[u8]) -> Result<Package<'_>, BlankRefusal> {
    let package = Package::open(bytes)?;
    let has_macros = package.names().any(|name| name.ends_with("vbaproject.bin"));
    if has_macros {
        return Err(BlankRefusal::Macros);
    }
    Ok(package)
}

impl From<crate::word::WordRefusal> for BlankRefusal {
    fn from(refusal: crate::word::WordRefusal) -> Self {
        use crate::word::WordRefusal as Word;
        match refusal {
            Word::Encrypted => Self::Locked,
            Word::TooLarge { .. } | Word::TooMuch { .. } => Self::TooLarge,
            Word::OldWord => Self::OldKind,
            Word::RichText
            | Word::OpenDocument
            | Word::Pdf
            | Word::WebPage
            | Word::OtherOffice
            | Word::NotWord
            | Word::Empty
            | Word::NoDocument => Self::OtherKind,
            _ => Self::Damaged,
        }
    }
}
