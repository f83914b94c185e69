//! Word files, written from a version or the working text.

use super::redline::{label_of, state};
use crate::request::PdfLang;
use desk::{Desk, DeskError};
use exchange::word::write::{self as word, Head, Langs, WordFile};
use model::{EntityId, Lang, StudyId, protocol};
use report::VersionLabel;

/// Writes a version or the working text as a Word file.
///
/// # Errors
/// When there is no such study or version.
pub fn write(
    desk: &Desk,
    study: &StudyId,
    version: Option<&EntityId>,
    lang: PdfLang,
) -> Result<WordFile, DeskError> {
    let standing = desk.standing(study)?;
    let doc = state(desk, study, version)?;
    let label = label_of(&doc, &standing, version);
    let file = word::write(&protocol::of(&doc), &head(&label), langs(lang));
    Ok(file)
}

/// What a reader should know about a file, in words.
pub fn remarks(file: &WordFile, lang: Lang) -> Vec<String> {
    let words = |key: &&'static str| Some(model::label::get(key)?.text(lang).to_owned());
    file.warnings.iter().filter_map(words).collect()
}

/// What a Word file says of itself.
pub(super) fn head(label: &VersionLabel) -> Head {
    Head {
        number: label.number.clone(),
        date: label.date.clone(),
        base: String::new(),
        is_draft: !label.is_approved(),
    }
}

/// The languages of a Word file.
pub(super) fn langs(lang: PdfLang) -> Langs {
    match lang {
        PdfLang::Zh => Langs::Zh,
        PdfLang::En => Langs::En,
        PdfLang::Both => Langs::Both,
    }
}
