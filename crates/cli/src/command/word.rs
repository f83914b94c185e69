//! Word files: a protocol in, a protocol out, and the suggestions that a file brought.

use super::version::find_side;
use super::{open, study_doc};
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json, plain, sentence};
use model::word::WordPlan;
use model::{Entity, EntityId, Lang, StudyDoc, code, kind, label};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::work::word;
use std::collections::HashSet;
use std::path::PathBuf;

/// `import --study STUDY FILE.docx`
pub(super) fn import(args: &Args) -> Result<Outcome, CommandError> {
    let file = PathBuf::from(args.word(1, "FILE.docx")?);
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.required("study")?)?;
    let mut incoming = word::read(&file)?;
    match args.option("lang") {
        None => {}
        Some("zh") => incoming.lang = Some(Lang::Zh),
        Some("en") => incoming.lang = Some(Lang::En),
        Some(other) => return Err(UsageError::wanted("--lang zh|en", other).into()),
    }
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
        say_since(&plan);
        remark(incoming.warnings.iter().chain(&incoming.not_carried));
        return Ok(Outcome::Good);
    }
    let mut choices = plan.choices();
    if args.flag("keep-gone") {
        choices.archive_gone = false;
    } else if !args.flag("archive-gone") {
        refuse_another(&plan, &doc)?;
    }
    say_since(&plan);
    let name = word::name_of(&file);
    let (report, _) = desk.word_import(&doc.id, &incoming, &plan, &choices, &name)?;
    if args.flag("json") {
        json(&report);
    } else {
        println!("sections {}", report.sections);
        println!("blocks {}", report.blocks);
        println!("suggestions {}", report.suggestions);
        println!("archived {}", report.archived);
        println!("conflicts {}", report.conflicts);
    }
    remark(report.warnings.iter().chain(&report.not_carried));
    Ok(Outcome::Good)
}

/// Says which earlier state a file was held against.
fn say_since(plan: &WordPlan) {
    let lang = machine::lang();
    if let Some(since) = &plan.since {
        let n = since.changed.to_string();
        let at = since.at.get(.."2026-11-26".len()).unwrap_or_default();
        let sentence = if since.version.is_empty() {
            label!("word.since.working").fill(lang, &[("at", at), ("n", &n)])
        } else {
            label!("word.since.version").fill(lang, &[("version", &since.version), ("n", &n)])
        };
        eprintln!("{sentence}");
        if since.both > 0 {
            let both = label!("word.since.both").fill(lang, &[("n", &since.both.to_string())]);
            eprintln!("{both}");
        }
    }
    remark(plan.warning.iter());
}

/// Refuses a file that lacks much of the protocol: it may be another one's.
fn refuse_another(plan: &WordPlan, doc: &StudyDoc) -> Result<(), CommandError> {
    /// Fewer are part of any revision.
    const FEW: usize = 5;
    let text = match plan.lang {
        Lang::Zh => "text.zh",
        Lang::En => "text.en",
    };
    let here: HashSet<&EntityId> = doc
        .of_kind(kind::BLOCK)
        .filter(|block| !block.rich(text).is_blank())
        .map(|block| &block.id)
        .collect();
    let n_blocks = here.len();
    let gone = plan.gone.iter().map(|gone| &gone.block);
    let n_gone = gone.filter(|block| here.contains(block)).count();
    let is_all = n_gone == n_blocks && n_gone > 1;
    if !is_all && (n_gone <= FEW || n_gone * 3 <= n_blocks) {
        return Ok(());
    }
    Err(Failure::new(FailureKind::Refused, "cli.muchGone")
        .with("n", n_gone.to_string())
        .with("of", n_blocks.to_string())
        .into())
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
            return Err(UsageError::no_command("suggestion", other).into());
        }
    };
    let chosen = match args.word(3, "ID|all")? {
        "all" => open,
        word => vec![one(&doc, word)?],
    };
    // One that cannot be taken keeps none of the others from it.
    let is_one = chosen.len() == 1;
    let mut outcome = Outcome::Good;
    for entity in chosen {
        match desk.suggestion_settle(&doc.id, &entity.id, accept) {
            Ok(_) => {}
            Err(error) if is_one => return Err(error.into()),
            Err(error) => {
                let why = sentence(&Failure::from(error), machine::lang());
                eprintln!("suggestion/{}: {why}", entity.id);
                outcome = Outcome::Partly;
            }
        }
    }
    Ok(outcome)
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
            code::text("suggestionKind", entity.text("kind"), machine::lang()),
            entity.text("author"),
            entity.text("at"),
            plain(&entity.text("from").into()),
            plain(&entity.text("to").into()),
            plain(&entity.text("note").into()),
        );
    }
}
