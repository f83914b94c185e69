//! One function per command.

mod blank;
mod blank_set;
mod calendar;
mod contact;
mod document;
mod edit;
mod exchange;
mod form_set;
mod milestone;
mod people;
mod plan;
mod protocol;
mod redline;
mod registry;
mod reply;
mod sent;
mod study;
mod submission;
mod vault;
mod version;
mod word;

use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome};
use desk::Desk;
use desk::vault::{Key, NoKeychain};
use model::{StudyDoc, StudyId};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::request::PdfLang;

/// Runs the command that the words name.
pub(crate) fn run(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(0, "COMMAND")? {
        "init" => vault::init(args),
        "sample" => vault::sample(args),
        "verify" => vault::verify(args),
        "backup" => vault::backup(args),
        "restore" => vault::restore(args),
        "import" if args.option("study").is_some() => word::import(args),
        "import" => exchange::import(args),
        "pdf" => exchange::pdf(args),
        "connect" => exchange::connect(args),
        "sync" => exchange::sync(args),
        "study" => study::run(args),
        "protocol" => protocol::run(args),
        "registry" => registry::run(args),
        "search" => study::search(args),
        "history" => study::history(args),
        "add" => edit::add(args),
        "edit" => edit::edit(args),
        "resolve" => edit::resolve(args),
        "conflicts" => edit::conflicts(args),
        "version" => version::run(args),
        "redline" => redline::run(args),
        "suggestion" => word::suggestion(args),
        "workdays" => calendar::workdays(args),
        "calendar" => calendar::run(args),
        "milestone" => milestone::run(args),
        "deadline" => plan::deadline(args),
        "due" => plan::due(args),
        "site" => plan::site_command(args),
        "form-set" => form_set::run(args),
        "submission" => submission::run(args),
        "document" => document::run(args),
        "contact" => contact::run(args),
        "device" => people::device(args),
        "review" => people::review(args),
        "directory" => contact::directory(args),
        "ics" => contact::ics(args),
        "archive" => edit::archive(args),
        "restore-part" => edit::restore(args),
        other => Err(UsageError::no_command("", other).into()),
    }
}

/// Opens the vault that `--vault` names.
fn open(args: &Args) -> Result<Desk, CommandError> {
    let dir = args.vault()?;
    let secret = machine::passphrase()?;
    let env = machine::env();
    let mut desk = match Desk::open(&dir, Key::Passphrase(&secret), &NoKeychain, env.clone()) {
        // A recovery code is a way in as well.
        Err(first) => match Desk::open(&dir, Key::Recovery(&secret), &NoKeychain, env) {
            Ok(desk) => desk,
            Err(_) => return Err(first.into()),
        },
        Ok(desk) => desk,
    };
    desk.renew_lease()?;
    Ok(desk)
}

/// The language that was asked for by name; `None` when none was.
fn lang_named(args: &Args) -> Result<Option<PdfLang>, UsageError> {
    args.option("lang").map(|_| lang(args, "zh")).transpose()
}

/// The language of a document: `--lang`, or what it is without.
fn lang(args: &Args, otherwise: &str) -> Result<PdfLang, UsageError> {
    match args.option("lang").unwrap_or(otherwise) {
        "zh" => Ok(PdfLang::Zh),
        "en" => Ok(PdfLang::En),
        "both" => Ok(PdfLang::Both),
        other => Err(UsageError::wanted("--lang zh|en|both", other)),
    }
}

/// A register as people call it, in the language of this machine.
fn register_words<'a>(kind: &str, register: &'a str) -> &'a str {
    crate::output::field_words(kind, register, machine::lang())
}

/// The study that a word names: an id or a number.
fn study_id(desk: &mut Desk, word: &str) -> Result<StudyId, CommandError> {
    desk.find_study(word)?.ok_or_else(|| {
        Failure::new(FailureKind::NotFound, "cli.noStudy")
            .with("study", word)
            .into()
    })
}

fn study_doc(desk: &mut Desk, word: &str) -> Result<StudyDoc, CommandError> {
    let id = study_id(desk, word)?;
    desk.study(&id)?.ok_or_else(|| {
        Failure::new(FailureKind::NotFound, "cli.noStudy")
            .with("study", word)
            .into()
    })
}
