//! What was sent: written as it was, verified, and chosen where two laptops sent it while apart.

use super::open;
use super::submission::{find, said};
use crate::args::Args;
use crate::machine;
use crate::output::{CommandError, Outcome, json};
use desk::{Desk, DeskError};
use model::submission::sent::SentPackage;
use model::{EntityId, Label, StudyDoc, StudyId, label};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::work::send::{self, Kept};
use std::path::Path;

/// Writes what was sent into a folder, with `--sent` the package of that hash; `None` while nothing
/// was sent.
pub(super) fn written(
    args: &Args,
    desk: &Desk,
    (doc, id): (&StudyDoc, &EntityId),
    out: &Path,
) -> Result<Option<Outcome>, CommandError> {
    let kept = match args.option("sent") {
        Some(hash) => Some(send::kept_as(desk, &doc.id, id, hash)?),
        None => kept(desk, &doc.id, id)?,
    };
    let Some(kept) = kept else {
        return Ok(None);
    };
    kept.fits(super::lang_named(args)?)?;
    kept.write(out)?;
    for words in kept.list.remarks(machine::lang()) {
        eprintln!("{words}");
    }
    if args.flag("json") {
        let mut said = kept.list.read();
        said["sent"] = true.into();
        json(&said);
    } else {
        println!("{}", out.join(&kept.name).display());
    }
    Ok(Some(Outcome::Good))
}

/// What was sent; where two packages stand, they are named.
fn kept(desk: &Desk, study: &StudyId, id: &EntityId) -> Result<Option<Kept>, CommandError> {
    match send::kept(desk, study, id) {
        Err(DeskError::SentTwice) => {
            for line in lines(desk, study, id)? {
                eprintln!("{line}");
            }
            Err(DeskError::SentTwice.into())
        }
        kept => Ok(kept?),
    }
}

/// Each package that stands, in a line: day, language, pages, who, which laptop, when, hash.
pub(super) fn lines(desk: &Desk, study: &StudyId, id: &EntityId) -> Result<Vec<String>, DeskError> {
    let all = desk.submission_packages(study, id)?;
    let lines = all.iter().filter(|one| one.stands).map(line);
    Ok(lines.collect())
}

fn line(one: &SentPackage) -> String {
    let lang = machine::lang();
    let pages = one.pages.to_string();
    let pages = label!("package.whole").fill(lang, &[("pages", &pages)]);
    let hash = one.package.trim_start_matches("sha256:");
    let words = [
        one.sent_on.as_str(),
        &one.lang,
        &pages,
        &one.by_name,
        &one.device,
        &one.at,
        &one.name,
        hash,
    ];
    let words = words.into_iter().filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("  ")
}

/// Says whether what was sent lies here as it was sent; with FILE also whether that file is it, or a
/// package that was set aside.
pub(super) fn verify(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let (doc, id) = find(args, &mut desk)?;
    let kept = kept(&desk, &doc.id, &id)?;
    let kept = kept.ok_or_else(|| Failure::new(FailureKind::NotFound, "cli.notSent"))?;
    let file = match args.words.get(4) {
        Some(path) => Some(std::fs::read(path).map_err(|error| {
            log::info!("submission: {error}");
            Failure::new(FailureKind::NotFound, "failure.read").with("path", path)
        })?),
        None => None,
    };
    let is_it = file.as_ref().is_none_or(|file| *file == kept.bytes);
    let aside = match file.filter(|_| !is_it) {
        Some(file) => {
            let hash = send::hash(&file);
            let all = desk.submission_packages(&doc.id, &id)?;
            all.into_iter()
                .any(|one| one.package == hash && !one.stands)
        }
        None => false,
    };
    let said = kept.list.read();
    if args.flag("json") {
        let mut said = said;
        said["fits"] = is_it.into();
        said["setAside"] = aside.into();
        json(&said);
    } else {
        let words: &Label = match (is_it, aside) {
            (true, _) => label!("cli.sentFits"),
            (false, true) => label!("cli.sentAside"),
            (false, false) => label!("cli.sentDiffers"),
        };
        let hash = said["package"]["sha256"].as_str().unwrap_or_default();
        println!("{}  {} {hash}", words.text(machine::lang()), kept.name);
    }
    Ok(if is_it {
        Outcome::Good
    } else {
        Outcome::Partly
    })
}

/// Decides which of several packages went to the committee.
pub(super) fn choose(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let (doc, id) = find(args, &mut desk)?;
    let hash = args.word(4, "HASH")?;
    let all = desk.submission_packages(&doc.id, &id)?;
    let among: Vec<String> = all.into_iter().map(|one| one.package).collect();
    let why = args.option("why").unwrap_or_default();
    desk.submission_choose(&doc.id, &id, (hash, &among), why)?;
    said(args, &desk, &doc, &id)
}
