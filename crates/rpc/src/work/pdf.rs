//! A PDF of a study.

use crate::failure::{Failure, FailureKind};
use crate::request::{PdfKind, PdfLang};
use chrono::{DateTime, Duration, Utc};
use model::reference::CENTER;
use model::version::Standing;
use model::{EntityId, StudyDoc};
use report::{Fonts, Options, Pdf};
use std::path::PathBuf;

/// Everything that a PDF is made from.
pub struct Job {
    /// The study.
    pub doc: StudyDoc,
    /// Which document.
    pub kind: PdfKind,
    /// The site, for a submission.
    pub site: Option<EntityId>,
    /// The language.
    pub lang: PdfLang,
    /// Who prepares it.
    pub prepared_by: desk::Profile,
    /// Time: now, UTC.
    pub now: DateTime<Utc>,
    /// Offset of local time. Units: minutes.
    pub offset_minutes: i32,
    /// The folder of fonts.
    pub fonts: PathBuf,
}

/// Makes the PDF.
///
/// # Errors
/// When fonts are missing, the site is not one of the study, or typesetting fails.
pub fn make(job: &Job) -> Result<Pdf, Failure> {
    let fonts = Fonts::load(&job.fonts).map_err(|error| {
        log::warn!("fonts: {error}");
        Failure::new(FailureKind::Unavailable, "failure.fonts").with("path", job.fonts.display())
    })?;
    let local = job.now + Duration::minutes(i64::from(job.offset_minutes));
    let name = match job.lang {
        PdfLang::En if !job.prepared_by.name_en.is_empty() => &job.prepared_by.name_en,
        _ if job.prepared_by.name_zh.is_empty() => &job.prepared_by.name_en,
        _ => &job.prepared_by.name_zh,
    };
    let standing = Standing::default();
    let options = Options {
        lang: match job.lang {
            PdfLang::Zh => report::PdfLang::Zh,
            PdfLang::En => report::PdfLang::En,
            PdfLang::Both => report::PdfLang::Both,
        },
        today: local.format("%Y-%m-%d").to_string(),
        prepared_by: name.clone(),
        center: &CENTER,
        standing: &standing,
    };
    let made = match (job.kind, &job.site) {
        (PdfKind::Dossier, _) => report::dossier(&job.doc, &options, &fonts),
        (PdfKind::Submission, Some(site)) => report::submission(&job.doc, site, &options, &fonts),
        (PdfKind::Submission, None) => {
            return Err(Failure::new(FailureKind::Invalid, "failure.noSite"));
        }
    };
    made.map_err(|error| {
        log::error!("pdf: {error}");
        Failure::new(FailureKind::Internal, "failure.pdf")
    })
}

/// The site that a word names: an id, a partner hospital's code, a number, or part of a name;
/// without a word, the only site there is.
///
/// # Errors
/// When no site or more than one fits.
pub fn find_site(doc: &StudyDoc, word: Option<&str>) -> Result<EntityId, Failure> {
    let sites: Vec<&model::Entity> = doc.of_kind(model::kind::SITE).collect();
    let Some(word) = word else {
        return match sites.as_slice() {
            [only] => Ok(only.id.clone()),
            sites => {
                Err(Failure::new(FailureKind::Invalid, "cli.noSiteGiven").with("n", sites.len()))
            }
        };
    };
    let folded = word.to_lowercase();
    let exact = |site: &&&model::Entity| {
        site.id.as_str() == word || site.text("hospital") == word || site.text("number") == word
    };
    let named = |site: &&&model::Entity| {
        ["facility.zh", "facility.en"]
            .iter()
            .any(|field| site.text(field).to_lowercase().contains(&folded))
    };
    let mut fitting: Vec<_> = sites.iter().filter(exact).collect();
    if fitting.is_empty() {
        fitting = sites.iter().filter(named).collect();
    }
    match fitting.as_slice() {
        [only] => Ok(only.id.clone()),
        _ => Err(Failure::new(FailureKind::NotFound, "cli.noSite").with("site", word)),
    }
}
