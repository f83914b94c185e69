//! PDFs of a study: the dossier, the first submission to an ethics committee, our own pages of a
//! package, the protocol of a version, the redline of two versions, sheets about a
//! site, the timeline.
//!
//! Values come in as [`model::StudyDoc`] and [`redline::Redline`], bytes go out; no vault, no
//! network, no clock. A document is first written as `node`s (headings, facts, tables) by `parts`,
//! then typeset by `world` with the templates of this crate, then marked as DRAFT by `mark` while
//! what it says is not approved.
//! The same values give the same bytes.

mod changes;
mod clean;
mod dossier;
mod error;
mod file;
mod fonts;
mod grid;
mod mark;
mod node;
mod package;
mod parts;
mod pen;
mod picture;
mod protocol;
mod rich;
mod site;
mod stamps;
mod submission;
mod timeline;
mod typed;
mod version;
mod warning;
mod word_pages;
mod world;

pub use crate::package::{
    Enclosed, Front, OwnDocument, OwnPart, own_documents, package, part, reply, word_pages,
};
pub use changes::{RedlineMeta, RedlineStyle, redline_pdf};
pub use dossier::dossier;
pub use error::{FontError, ReportError};
pub use fonts::Fonts;
pub use parts::letter::title as letter_title;
pub use protocol::{protocol, protocol_submitted};
pub use site::{Team, delegation, readiness};
pub use stamps::{Stamp, stamps};
pub use submission::submission;
pub use timeline::timeline;
pub use typed::{Typed, TypedSheet, typed};
pub use version::VersionLabel;
pub use warning::{Place, Warning, WarningCode};

use model::reference::Center;
use model::version::Standing;

/// The language of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PdfLang {
    /// Chinese; English where there is no Chinese.
    Zh,
    /// English; Chinese where there is no English.
    En,
    /// Labels in both; texts one after the other.
    Both,
}

/// What a document is made with, besides the study.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// The language.
    pub lang: PdfLang,
    /// The local day that the document bears. Time: `YYYY-MM-DD`.
    pub today: String,
    /// Who prepares it; may be empty.
    pub prepared_by: String,
    /// The center.
    pub center: &'a Center,
    /// Versions and approvals; [`Standing::default`] when nothing was ever frozen, and then the
    /// sites' own registers count.
    pub standing: &'a Standing,
}

/// A finished file.
#[derive(Clone, Debug)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
    /// What a reader should know about it.
    pub warnings: Vec<Warning>,
}
