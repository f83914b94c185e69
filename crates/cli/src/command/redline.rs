//! `pidesk redline`: what changed between two versions, as PDF, Word or data.

use super::version::find_side;
use super::{open, study_doc};
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome};
use model::EntityId;
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::request::{RedlineFormat, RedlineStyle};
use rpc::work::pdf::find_site;
use rpc::work::redline;
use std::path::Path;

pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    let out = args.out()?;
    let format = format_of(&out)?;
    let style = style_of(args.option("style").unwrap_or("underline"))?;
    let lang = super::lang(args, "zh")?;
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(1, "STUDY")?)?;
    let standing = desk.standing(&doc.id)?;
    let site = match args.option("site") {
        Some(word) => Some(find_site(&doc, Some(word), machine::lang())?),
        None => None,
    };
    let from: Option<EntityId> = match (args.option("from"), &site) {
        (Some(word), _) => find_side(&standing, Some(word))?,
        (None, Some(site)) => Some(redline::base_for(&standing, site)?),
        (None, None) => return Err(UsageError::missing("--from|--site").into()),
    };
    let to = find_side(&standing, args.option("to"))?;
    if from == to {
        return Err(Failure::new(FailureKind::Invalid, "cli.sameVersion").into());
    }
    let sides = redline::sides(&desk, &doc.id, from.as_ref(), to.as_ref())?;
    let made = redline::write(
        &sides,
        &redline::Wanted {
            site,
            lang,
            style,
            format,
            only_changed: args.flag("only-changed"),
            author: desk.profile().clone(),
            today: machine::env().today(),
            fonts: machine::fonts(),
        },
    )?;
    rpc::places::write_file(&out, &made.bytes)?;
    for warning in made.words(machine::lang()) {
        eprintln!("{warning}");
    }
    println!("{}", out.display());
    Ok(Outcome::Good)
}

fn format_of(out: &Path) -> Result<RedlineFormat, UsageError> {
    let ending = out.extension().and_then(|ending| ending.to_str());
    match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("pdf") => Ok(RedlineFormat::Pdf),
        Some("docx") => Ok(RedlineFormat::Docx),
        Some("json") => Ok(RedlineFormat::Json),
        _ => Err(UsageError::wanted("-o FILE.pdf|.docx|.json", "")),
    }
}

fn style_of(word: &str) -> Result<RedlineStyle, UsageError> {
    match word {
        "underline" | "strike" => Ok(RedlineStyle::Underline),
        "shaded" => Ok(RedlineStyle::Shaded),
        "clean" => Ok(RedlineStyle::Clean),
        "side-by-side" | "sideBySide" => Ok(RedlineStyle::SideBySide),
        "table" => Ok(RedlineStyle::Table),
        other => Err(UsageError::wanted(
            "--style underline|shaded|clean|side-by-side|table",
            other,
        )),
    }
}
