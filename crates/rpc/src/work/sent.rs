//! The package of a submission that was sent, and keeping it when it is sent.

use super::package::{self, Made, Wanted};
use crate::failure::{Failure, FailureKind};
use crate::request::PdfLang;
use ::package::sandbox::Sandbox;
use desk::{AsSent, Desk, DeskError};
use model::{EntityId, StudyId};
use serde_json::json;

/// The package as it was sent; `None` while it may still be made anew.
///
/// # Errors
/// `failure.sentChanged` when none was kept and what it is made of was changed since;
/// [`DeskError::FileElsewhere`] when it is on another laptop.
pub fn as_sent(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
    helper: Sandbox,
) -> Result<Option<Made>, Failure> {
    match desk.submission_as_sent(study, submission)? {
        AsSent::Open | AsSent::Same => Ok(None),
        AsSent::Changed => Err(Failure::new(FailureKind::Refused, "failure.sentChanged")),
        AsSent::Kept { name, bytes, hash } => {
            let clean = helper.clean(&bytes, None);
            let pages = clean.map_or(0, |clean| clean.sheet.pages.len());
            let manifest = json!({
                "asSent": true, "whole": name, "sha256": hash, "pages": pages, "files": [],
            });
            Ok(Some(Made {
                files: vec![(name, bytes)],
                manifest,
                pages,
                warnings: Vec::new(),
                word: Vec::new(),
                with_word: false,
                helper,
            }))
        }
    }
}

/// Whether no package is kept with a submission yet.
///
/// # Errors
/// [`DeskError::NotFound`].
pub fn lacks_package(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
) -> Result<bool, DeskError> {
    let register = desk.register(study, submission, "package")?;
    Ok(register.is_none_or(|register| register.value().is_null()))
}

/// The language that a submission's package is in.
///
/// # Errors
/// [`DeskError::NotFound`].
pub fn language(desk: &Desk, study: &StudyId, submission: &EntityId) -> Result<PdfLang, DeskError> {
    let register = desk.register(study, submission, "language")?;
    let word = register.map(|register| register.value().clone());
    Ok(match word.as_ref().and_then(serde_json::Value::as_str) {
        Some("en") => PdfLang::En,
        Some("both") => PdfLang::Both,
        _ => PdfLang::Zh,
    })
}

/// Makes the package of a submission that is about to be sent, and keeps it with it.
///
/// # Errors
/// As [`package::make`] and `Desk::submission_keep`.
pub fn keep(
    desk: &mut Desk,
    study: &StudyId,
    submission: &EntityId,
    wanted: &Wanted,
) -> Result<(), Failure> {
    let material = package::read(desk, study, submission)?;
    let made = package::make(&material, wanted)?;
    let (name, mut bytes) = made.whole();
    desk.submission_keep(study, submission, name, &mut bytes)?;
    Ok(())
}
