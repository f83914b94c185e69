//! A PDF of a study.

use crate::failure::{Failure, FailureKind};
use crate::request::{PdfKind, PdfLang};
use desk::{Desk, DeskError, Profile};
use model::milestone::Readiness;
use model::milestone::plan::StudyPlan;
use model::people::row::{ContactStanding, DutyRow};
use model::reference::CENTER;
use model::version::Standing;
use model::{Entity, EntityId, Lang, StudyDoc, StudyId};
use report::{Fonts, Options, Pdf, ReportError, Team};
use std::path::{Path, PathBuf};

/// Everything that a PDF is made from.
pub struct Job {
    /// The study; of a protocol, as its version has it.
    pub doc: StudyDoc,
    /// Where its protocol stands.
    pub standing: Standing,
    /// Which document.
    pub kind: PdfKind,
    /// The site, for what is about one.
    pub site: Option<EntityId>,
    /// The version, for a protocol; `None` is the working text.
    pub version: Option<EntityId>,
    /// The language.
    pub lang: PdfLang,
    /// Who prepares it.
    pub prepared_by: Profile,
    /// The local day. Time: `YYYY-MM-DD`.
    pub today: String,
    /// The folder of fonts.
    pub fonts: PathBuf,
    /// What is derived, for the kinds that print it.
    pub derived: Derived,
}

/// What a document says beside the values of a study.
#[derive(Debug, Default)]
pub struct Derived {
    /// The plan, for a timeline.
    pub plan: Option<StudyPlan>,
    /// How ready the site is.
    pub ready: Option<Readiness>,
    /// The delegation log of the site.
    pub duties: Vec<DutyRow>,
    /// How the contacts of the site stand with their certificates.
    pub contacts: Vec<ContactStanding>,
}

/// Works out what a kind of document says beside the values of a study.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Storage`].
pub fn derive(
    desk: &Desk,
    study: &StudyId,
    kind: PdfKind,
    site: Option<&EntityId>,
) -> Result<Derived, DeskError> {
    let mut derived = Derived::default();
    match (kind, site) {
        (PdfKind::Timeline, _) => derived.plan = Some(desk.plan(study)?),
        (PdfKind::Readiness, Some(site)) => {
            derived.ready = Some(desk.readiness(study, site)?);
            derived.duties = desk.delegation(study, Some(site))?;
            derived.contacts = desk.contact_standings(study, Some(site))?;
        }
        (PdfKind::Delegation, Some(site)) => {
            derived.duties = desk.delegation(study, Some(site))?;
        }
        _ => {}
    }
    Ok(derived)
}

/// What a PDF of a study is made from, read from the vault.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Storage`].
pub fn read(
    desk: &Desk,
    study: &StudyId,
    version: Option<&EntityId>,
) -> Result<(StudyDoc, Standing), DeskError> {
    let doc = super::redline::state(desk, study, version)?;
    Ok((doc, desk.standing(study)?))
}

/// Makes the PDF.
///
/// # Errors
/// When fonts are missing, the site is not one of the study, or typesetting fails.
pub fn make(job: &Job) -> Result<Pdf, Failure> {
    let fonts = fonts(&job.fonts)?;
    let options = Options {
        lang: lang(job.lang),
        today: job.today.clone(),
        prepared_by: name(&job.prepared_by, job.lang),
        center: &CENTER,
        standing: &job.standing,
    };
    let made = match (job.kind, &job.site) {
        (PdfKind::Dossier, _) => report::dossier(&job.doc, &options, &fonts),
        (PdfKind::Protocol, _) => {
            let label = super::redline::label_of(&job.doc, &job.standing, job.version.as_ref());
            let label = match &job.site {
                Some(site) => label.at(&job.standing, site),
                None => label,
            };
            report::protocol(&job.doc, &label, &options, &fonts)
        }
        (PdfKind::Submission, Some(site)) => report::submission(&job.doc, site, &options, &fonts),
        (PdfKind::Timeline, _) => {
            let plan = job.derived.plan.as_ref().ok_or_else(no_study)?;
            report::timeline(&job.doc, plan, &options, &fonts)
        }
        (PdfKind::Readiness, Some(_)) => {
            let ready = job.derived.ready.as_ref().ok_or_else(no_study)?;
            let team = Team {
                duties: &job.derived.duties,
                contacts: &job.derived.contacts,
            };
            report::readiness(&job.doc, ready, team, &options, &fonts)
        }
        (PdfKind::Delegation, Some(site)) => {
            report::delegation(&job.doc, site, &job.derived.duties, &options, &fonts)
        }
        (PdfKind::Submission | PdfKind::Readiness | PdfKind::Delegation, None) => {
            return Err(Failure::new(FailureKind::Invalid, "failure.noSite"));
        }
    };
    made.map_err(failed)
}

fn no_study() -> Failure {
    Failure::new(FailureKind::NotFound, "failure.noStudy")
}

/// Loads the faces.
pub(super) fn fonts(folder: &Path) -> Result<Fonts, Failure> {
    Fonts::load(folder).map_err(|error| {
        log::warn!("fonts: {error}");
        Failure::new(FailureKind::Unavailable, "failure.fonts").with("path", folder.display())
    })
}

/// The failure of a document that could not be typeset.
pub(super) fn failed(error: ReportError) -> Failure {
    log::error!("pdf: {error}");
    Failure::new(FailureKind::Internal, "failure.pdf")
}

/// The language of a document.
pub(super) fn lang(lang: PdfLang) -> report::PdfLang {
    match lang {
        PdfLang::Zh => report::PdfLang::Zh,
        PdfLang::En => report::PdfLang::En,
        PdfLang::Both => report::PdfLang::Both,
    }
}

/// The language of what a document has in one language only.
pub(super) fn first(lang: PdfLang) -> Lang {
    match lang {
        PdfLang::En => Lang::En,
        PdfLang::Zh | PdfLang::Both => Lang::Zh,
    }
}

/// A person's name in the language of a document, else in the other one.
pub(super) fn name(person: &Profile, lang: PdfLang) -> String {
    let (zh, en) = (&person.name_zh, &person.name_en);
    let takes_en = zh.is_empty() || (lang == PdfLang::En && !en.is_empty());
    (if takes_en { en } else { zh }).clone()
}

/// The site that a word names: an id, a partner hospital's code, a number, or part of a name;
/// without a word, the only site there is.
///
/// # Errors
/// When no site or more than one fits; the sites that there are, or that fit, are listed.
pub fn find_site(doc: &StudyDoc, word: Option<&str>, lang: Lang) -> Result<EntityId, Failure> {
    let sites: Vec<&Entity> = doc.of_kind(model::kind::SITE).collect();
    let failure = |kind, code, of: &[&Entity]| {
        let listed: Vec<String> = of.iter().map(|site| site_line(site, lang)).collect();
        Failure::new(kind, code)
            .with("n", of.len())
            .with("sites", listed.concat())
    };
    if sites.is_empty() {
        return Err(failure(FailureKind::NotFound, "cli.noSites", &sites));
    }
    let Some(word) = word else {
        return match sites.as_slice() {
            [only] => Ok(only.id.clone()),
            sites => Err(failure(FailureKind::Invalid, "cli.noSiteGiven", sites)),
        };
    };
    let folded = word.to_lowercase();
    // A partner hospital goes by its short name too.
    let partners = &model::reference::CENTER.hospitals;
    let short = partners
        .iter()
        .find(|one| {
            [&one.short.zh, &one.short.en]
                .into_iter()
                .any(|name| name == word)
        })
        .map(|one| one.code.as_str());
    let exact = |site: &&Entity| {
        let hospital = site.text("hospital");
        let is_short = short.is_some_and(|code| code == hospital);
        site.id.as_str() == word || hospital == word || site.text("number") == word || is_short
    };
    let named = |site: &&Entity| {
        ["facility.zh", "facility.en"]
            .iter()
            .any(|field| site.text(field).to_lowercase().contains(&folded))
    };
    let mut fitting: Vec<&Entity> = sites.iter().copied().filter(exact).collect();
    if fitting.is_empty() {
        fitting = sites.iter().copied().filter(named).collect();
    }
    match fitting.as_slice() {
        [only] => Ok(only.id.clone()),
        [] => Err(failure(FailureKind::NotFound, "cli.noSite", &sites).with("site", word)),
        some => Err(failure(FailureKind::NotFound, "cli.someSites", some).with("site", word)),
    }
}

/// A line of a list of sites: what `--site` takes, and what the site is called.
fn site_line(site: &Entity, lang: Lang) -> String {
    let words = [site.text("number"), site.text("hospital")];
    let mut known = words.into_iter().filter(|word| !word.is_empty());
    let word = known.next().unwrap_or(site.id.as_str());
    let name = [
        word,
        site.text_in("facility", lang),
        site.text_in("department", lang),
    ];
    let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
    format!("\n  {}", name.join("  "))
}
