//! Word files: a protocol in, a protocol out, and the suggestions that a file brought.

use super::version::find_side;
use super::{open, study_doc};
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json, plain};
use model::{Entity, StudyDoc, kind};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::work::word;
use std::path::PathBuf;

/// `import --study STUDY FILE.docx`
pub(super) fn import(args: &Args) -> Result<Outcome, CommandError> {
    let file = PathBuf::from(args.word(1, "FILE.docx")?);
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.required("study")?)?;
    let incoming = word::read(&file)?;
    let plan = desk.word_plan(&doc.id, &incoming)?;
    if args.flag("dry-run") {
        if args.flag("json") {
            json(&plan);
        } else {
            let counts = &plan.counts;
            println!("new {}", counts.new);
            println!("changed {}", counts.changed);
            println!("moved {}", counts.moved);
            println!("same {}", counts.same);
            println!("unsure {}", counts.unsure);
            println!("gone {}", counts.gone);
            println!("suggestions {}", counts.suggestions);
        }
        remark(incoming.warnings.iter().chain(&incoming.not_carried));
        return Ok(Outcome::Good);
    }
    let name = word::name_of(&file);
    let (report, _) = desk.word_import(&doc.id, &incoming, &plan, &plan.choices(), &name)?;
    if args.flag("json") {
        json(&report);
    } else {
        println!("sections {}", report.sections);
        println!("blocks {}", report.blocks);
        println!("suggestions {}", report.suggestions);
        println!("archived {}", report.archived);
    }
    remark(report.warnings.iter().chain(&report.not_carried));
    Ok(Outcome::Good)
}

/// Says what a reader should know about a file, by label keys.
fn remark<'a>(keys: impl Iterator<Item = &'a String>) {
    for label in keys.filter_map(|key| model::label::get(key)) {
        eprintln!("{}", label.text(machine::lang()));
    }
}

/// `study export STUDY --format docx`
pub(super) fn export(args: &Args) -> Result<Outcome, CommandError> {
    let out = args.out()?;
    let lang = super::lang(args, "both")?;
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let standing = desk.standing(&doc.id)?;
    let version = find_side(&standing, args.option("version"))?;
    let file = word::write(&desk, &doc.id, version.as_ref(), lang)?;
    rpc::places::write_file(&out, &file.bytes)?;
    for remark in word::remarks(&file, machine::lang()) {
        eprintln!("{remark}");
    }
    println!("{}", out.display());
    Ok(Outcome::Good)
}

/// `suggestion list|accept|dismiss`
pub(super) fn suggestion(args: &Args) -> Result<Outcome, CommandError> {
    let verb = args.word(1, "suggestion list|accept|dismiss")?;
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let open: Vec<&Entity> = doc
        .of_kind(kind::SUGGESTION)
        .filter(|entity| entity.text("status") == "open")
        .collect();
    let accept = match verb {
        "list" => {
            list(args, &open);
            return Ok(Outcome::Good);
        }
        "accept" => true,
        "dismiss" => false,
        other => {
            return Err(UsageError(format!("there is no command suggestion {other}")).into());
        }
    };
    let chosen = match args.word(3, "the suggestion, or all")? {
        "all" => open,
        word => vec![one(&doc, word)?],
    };
    for entity in chosen {
        desk.suggestion_settle(&doc.id, &entity.id, accept)?;
    }
    Ok(Outcome::Good)
}

fn one<'a>(doc: &'a StudyDoc, word: &str) -> Result<&'a Entity, CommandError> {
    let id = word.strip_prefix("suggestion/").unwrap_or(word);
    doc.of_kind(kind::SUGGESTION)
        .find(|entity| entity.id.as_str() == id)
        .ok_or_else(|| {
            Failure::new(FailureKind::NotFound, "cli.noPath")
                .with("path", word)
                .into()
        })
}

fn list(args: &Args, open: &[&Entity]) {
    if args.flag("json") {
        json(&open);
        return;
    }
    for entity in open {
        println!(
            "suggestion/{} {} {} {}: {} → {} {}",
            entity.id,
            entity.text("kind"),
            entity.text("author"),
            entity.text("at"),
            plain(&entity.text("from").into()),
            plain(&entity.text("to").into()),
            plain(&entity.text("note").into()),
        );
    }
}
