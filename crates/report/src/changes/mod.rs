//! The redline of two versions as a document: what is compared, the table of changes, the text.

mod body;
mod facts;
mod front;
mod reading;
mod side;
mod sign;
mod span;

use crate::dossier;
use crate::error::ReportError;
use crate::file::{self, Sheet};
use crate::fonts::Fonts;
use crate::pen::Pen;
use crate::version::VersionLabel;
use crate::{Options, Pdf, PdfLang};
use model::{EntityId, StudyDoc};
use redline::{ChangeRow, Redline};

/// How changes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedlineStyle {
    /// New text underlined, old text struck out.
    Underline,
    /// New text on a shaded ground, old text small and struck out.
    Shaded,
    /// The new text only.
    Clean,
    /// Old text left, new text right, changed words marked.
    SideBySide,
    /// The table of changes alone.
    Table,
}

/// What is compared, and how it is shown.
#[derive(Clone, Debug)]
pub struct RedlineMeta<'a> {
    /// The study as it is in the new version: names and pictures come from here.
    pub doc: &'a StudyDoc,
    /// The study as it is in the old version: the pictures that are gone or were replaced.
    pub was: &'a StudyDoc,
    /// The study as it is now: its sites and committees.
    pub now: &'a StudyDoc,
    /// The old version.
    pub from: VersionLabel,
    /// The new version.
    pub to: VersionLabel,
    /// The site for whose committee it is made.
    pub site: Option<&'a EntityId>,
    /// How changes are shown.
    pub style: RedlineStyle,
    /// Whether sections without a change are left out.
    pub only_changed: bool,
    /// How many values of both sides are in conflict, of which one is shown.
    pub disputed: usize,
}

impl RedlineStyle {
    fn word(self) -> &'static str {
        match self {
            Self::Underline | Self::Table => "underline",
            Self::Shaded => "shaded",
            Self::Clean => "clean",
            Self::SideBySide => "sideBySide",
        }
    }
}

/// Makes the redline of two versions, with the rows of [`redline::change_table`].
///
/// The DRAFT mark is on it while the new text is not frozen; a clean copy is the text itself and
/// bears the mark until the version is approved.
///
/// # Errors
/// When the study has no facts, the day is not one, or the templates are at fault.
pub fn redline_pdf(
    redline: &Redline,
    rows: &[ChangeRow],
    meta: &RedlineMeta<'_>,
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Pdf, ReportError> {
    let root = meta.doc.root().ok_or(ReportError::NoStudy)?;
    let today = file::day(opts)?;
    let mut pen = Pen::new(meta.doc, opts, fonts);
    let cover = front::cover(&mut pen, root, redline, meta);
    let mut nodes = Vec::new();
    if meta.style != RedlineStyle::Clean {
        nodes.extend(front::table(&mut pen, rows, meta));
    }
    if meta.style != RedlineStyle::Table {
        nodes.extend(body::body(&mut pen, redline, meta));
    }
    let name = dossier::title(&mut pen, root);
    let title = pen.word(front::title(meta.style));
    let both = front::versions(&mut pen, meta);
    let draft =
        !meta.to.is_frozen() || (meta.style == RedlineStyle::Clean && !meta.to.is_approved());
    let sheet = Sheet {
        title: format!("{name} · {title} · {both}"),
        author: dossier::author(&mut pen, root),
        lang: file::lang_code(opts.lang),
        both: opts.lang == PdfLang::Both,
        today,
        header: [dossier::short(&name), both],
        footer: [
            dossier::number(&mut pen, root),
            dossier::prepared_line(&mut pen),
        ],
        page_of: file::page_of(opts.lang),
        style: meta.style.word(),
        flipped: meta.style == RedlineStyle::SideBySide,
        cover: Some(cover),
        body: nodes,
    };
    file::finish(&sheet, draft, pen, fonts)
}
