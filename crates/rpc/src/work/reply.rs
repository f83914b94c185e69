//! The answers to a committee's questions, as a document of their own.

use crate::failure::{Failure, FailureKind};
use crate::request::PdfLang;
use desk::Desk;
use model::reference::CENTER;
use model::{EntityId, StudyId, kind};
use report::Options;
use std::path::Path;

/// Makes the PDF of a round of questions with its answers. Time: `today` is the local day.
///
/// # Errors
/// When there is no such round, or fonts are missing.
pub fn pdf(
    desk: &Desk,
    (study, reply): (&StudyId, &EntityId),
    lang: PdfLang,
    today: String,
    fonts: &Path,
) -> Result<Vec<u8>, Failure> {
    let gone = || Failure::new(FailureKind::NotFound, "cli.noPath").with("path", reply.as_str());
    let known = desk.ground(study)?.doc;
    let round = known.entity(reply).filter(|one| one.kind == kind::REPLY);
    let submission = round.and_then(|round| round.parent.clone());
    let said = desk.submitted(study, &submission.ok_or_else(gone)?)?;
    let case = said.case()?;
    let round = case.doc.entity(reply).ok_or_else(gone)?;
    let options = Options {
        lang: super::pdf::lang(lang),
        today,
        prepared_by: super::pdf::name(desk.profile(), lang),
        center: &CENTER,
        standing: &said.standing,
    };
    let fonts = super::pdf::fonts(fonts)?;
    let pdf = report::reply(&case, round, &options, &fonts).map_err(super::pdf::failed)?;
    Ok(pdf.bytes)
}
