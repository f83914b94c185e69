//! Word files: read from the disk with a limit, written from a version or the working text.

use super::redline::{label_of, state};
use crate::app::{App, blocking};
use crate::failure::{Failure, FailureKind};
use crate::request::PdfLang;
use crate::{Event, Host};
use desk::{Desk, DeskError};
use exchange::word::write::{self as word, Head, Langs, WordFile};
use model::word::{IncomingProtocol, IncomingSection, WordPlan};
use model::{Entity, EntityId, Lang, Register, StudyDoc, StudyId, label, protocol};
use report::VersionLabel;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A file that was read and matched, waiting for the person.
pub struct ReadWord {
    /// What it holds.
    pub incoming: IncomingProtocol,
    /// What would happen.
    pub plan: WordPlan,
    /// Its name, without the folder.
    pub file: String,
}

/// Reads a file and matches it with a study, as a job that can be stopped between its two steps.
///
/// # Errors
/// As [`read`]; `failure.cancelled` when it was stopped.
pub(crate) async fn read_and_match<H: Host>(
    app: &App<H>,
    job: u32,
    stop: Arc<AtomicBool>,
    study: StudyId,
    path: PathBuf,
) -> Result<ReadWord, Failure> {
    let file = name_of(&path);
    let step = |stage: &str, done: u32| {
        if stop.load(Ordering::Relaxed) {
            return Err(Failure::new(FailureKind::Refused, "failure.cancelled"));
        }
        app.emit(Event::Progress {
            job,
            stage: stage.to_owned(),
            done,
            total: 2,
            what: file.clone(),
        });
        Ok(())
    };
    step("wordRead", 0)?;
    let incoming = blocking(move || read(&path)).await?;
    step("wordMatch", 1)?;
    let (incoming, plan) = app
        .with_desk(move |desk| {
            let plan = desk.word_plan(&study, &incoming)?;
            Ok((incoming, plan))
        })
        .await?;
    step("wordMatch", 2)?;
    Ok(ReadWord {
        incoming,
        plan,
        file,
    })
}

/// Reads a Word file.
///
/// # Errors
/// When it cannot be read, is too large, or is refused; the sentence says which.
pub fn read(path: &Path) -> Result<IncomingProtocol, Failure> {
    let file = name_of(path);
    let unreadable = |error: std::io::Error| {
        log::info!("a Word file was not read: {}", error.kind());
        Failure::new(FailureKind::Unavailable, "failure.read").with("path", &file)
    };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > exchange::word::read::BYTES_MAX {
        return Err(refused("word.refused.tooLarge", &file));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let incoming =
        exchange::word::read(&bytes).map_err(|refusal| refused(refusal.code(), &file))?;
    let says = |section: &IncomingSection| {
        !section.title.is_blank() || !section.suggestions.is_empty() || !section.blocks.is_empty()
    };
    if !incoming.sections.iter().any(says) {
        return Err(refused("word.refused.noDocument", &file));
    }
    Ok(incoming)
}

fn refused(key: &str, file: &str) -> Failure {
    log::info!("a Word file was refused: {key}");
    Failure::new(FailureKind::Refused, key).with("file", file)
}

/// The name of a file without its folder.
pub fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

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
    let head = Head {
        note: notes(&[(&label, &doc)], super::pdf::first(lang)),
        state: Some(desk.word_base(study, version)?),
        ..head(&label)
    };
    let mut file = word::write(&protocol::of(&doc), &head, langs(lang));
    file.warnings.extend(in_conflict(&doc));
    if lang == PdfLang::Both {
        file.warnings.push("word.out.bothOneWay");
    }
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
        note: String::new(),
        state: None,
    }
}

/// What versions do not say, in sentences.
pub(super) fn notes(sides: &[(&VersionLabel, &StudyDoc)], lang: Lang) -> String {
    let missing = sides
        .iter()
        .filter_map(|(label, doc)| label.missing_sentence(doc, lang));
    let disputed = sides
        .iter()
        .filter_map(|(_, doc)| disputed_sentence(doc, lang));
    missing.chain(disputed).collect::<Vec<_>>().join(" ")
}

/// A remark when some text of the protocol has several values: the file shows one.
pub(super) fn in_conflict(doc: &StudyDoc) -> Option<&'static str> {
    (n_disputed(doc) > 0).then_some("word.out.conflict")
}

/// How many values of the protocol are in conflict.
pub(super) fn n_disputed(doc: &StudyDoc) -> usize {
    let parts = doc.entities.iter().filter(|part| part.is_shown());
    let disputed = |part: &Entity| {
        let fields = part.fields.iter();
        let counts = |(field, register): &(&String, &Register)| {
            register.conflict && protocol::is_in_scope(&part.kind, field)
        };
        fields.filter(counts).count()
    };
    parts.map(disputed).sum()
}

/// What a file with one of several values says on its first page; `None` where nothing is disputed.
pub(super) fn disputed_sentence(doc: &StudyDoc, lang: Lang) -> Option<String> {
    let n = n_disputed(doc);
    (n > 0).then(|| label!("word.out.disputed").fill(lang, &[("n", &n.to_string())]))
}

/// The languages of a Word file.
pub(super) fn langs(lang: PdfLang) -> Langs {
    match lang {
        PdfLang::Zh => Langs::Zh,
        PdfLang::En => Langs::En,
        PdfLang::Both => Langs::Both,
    }
}
