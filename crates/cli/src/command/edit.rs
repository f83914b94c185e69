//! Commands that change values and parts.

use super::{open, register_words, study_doc};
use crate::args::{Args, UsageError};
use crate::output::{CommandError, Outcome, json, shown};
use crate::{machine, path, value};
use desk::{Edit, Reason};
use model::{EntityId, StudyDoc, label};
use rpc::Failure;
use rpc::failure::FailureKind;

pub(super) fn add(args: &Args) -> Result<Outcome, CommandError> {
    let kind = args.word(2, "KIND")?;
    if !model::kind::ALL.contains(&kind) {
        return Err(UsageError::wanted("KIND", kind).into());
    }
    let fields = value::read_all(kind, &args.assignments(3)?)?;
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(1, "STUDY")?)?;
    let parent = match args.option("parent") {
        None => None,
        Some(word) => Some(part(&doc, word)?),
    };
    let (entity, _) = desk.add(&doc.id, kind, parent, fields, None)?;
    if args.flag("json") {
        json(&serde_json::json!({ "path": format!("{kind}/{entity}"), "id": entity }));
    } else {
        println!("{kind}/{entity}");
        if kind == model::kind::SITE {
            let values = [("study", doc.id.as_str()), ("site", entity.as_str())];
            eprintln!(
                "{}",
                label!("cli.siteWithoutList").fill(machine::lang(), &values)
            );
        }
    }
    Ok(Outcome::Good)
}

/// A part by `KIND/ID` or by id.
fn part(doc: &StudyDoc, word: &str) -> Result<EntityId, CommandError> {
    if word.contains('/') {
        return Ok(path::find(doc, word)?.entity);
    }
    let found = doc
        .entities
        .iter()
        .find(|entity| entity.id.as_str() == word);
    let missing = || Failure::new(FailureKind::NotFound, "cli.noPath").with("path", word);
    Ok(found.ok_or_else(missing)?.id.clone())
}

pub(super) fn edit(args: &Args) -> Result<Outcome, CommandError> {
    change(args, false)
}

pub(super) fn resolve(args: &Args) -> Result<Outcome, CommandError> {
    args.required("why")?;
    change(args, true)
}

fn change(args: &Args, resolving: bool) -> Result<Outcome, CommandError> {
    let path = args.word(2, "PATH")?;
    let text = args.word(3, "VALUE")?;
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(1, "STUDY")?)?;
    let place = path::find(&doc, path)?;
    let value = value::read(&place.kind, &place.field, text)?;
    let register = doc
        .entity(&place.entity)
        .and_then(|entity| entity.fields.get(&place.field));
    let in_conflict = register.is_some_and(|register| register.conflict);
    if in_conflict != resolving {
        let code = if in_conflict {
            "cli.inConflict"
        } else {
            "cli.noConflict"
        };
        return Err(Failure::new(FailureKind::Conflict, code)
            .with("path", path)
            .into());
    }
    let seen = register.map(model::Register::seen).unwrap_or_default();
    let why = args.option("why").map(|why| Reason::text(why.to_owned()));
    let edit = Edit {
        entity: place.entity,
        field: place.field,
        value,
        seen,
    };
    if resolving {
        desk.resolve(&doc.id, edit, args.required("why")?)?;
    } else {
        desk.set(&doc.id, edit, why)?;
    }
    Ok(Outcome::Good)
}

pub(super) fn conflicts(args: &Args) -> Result<Outcome, CommandError> {
    let desk = open(args)?;
    let rows = desk.conflicts()?;
    if args.flag("json") {
        json(&rows);
        return Ok(Outcome::Good);
    }
    for row in rows {
        println!("{} {} {}", row.study, row.path, row.title);
        let lang = machine::lang();
        if row.kind == model::kind::SUBMISSION && row.field == "manifest" {
            // One decision settles everything that follows from it.
            println!(
                "  {} · {}",
                row.place.text(lang),
                label!("ui.conflict.sentTwice").text(lang)
            );
            for line in super::sent::lines(&desk, &row.study, &row.entity)? {
                println!("    {line}");
            }
            let id = [("study", row.study.as_str()), ("id", row.entity.as_str())];
            println!("    {}", label!("cli.chooseSent").fill(lang, &id));
            continue;
        }
        let field = register_words(&row.kind, &row.field);
        let mut words = vec![row.place.text(lang), row.entity_name.text(lang), field];
        words.retain(|word| !word.is_empty());
        println!("  {}", words.join(" · "));
        for head in row.heads {
            let value = shown(&row.kind, &row.field, &head.value, lang);
            println!("    {value} ({} {})", head.by_name, head.at);
        }
    }
    for (study, path, name) in desk.put_aside_unseen()? {
        println!("{study} {path} {name}");
        let what = label!("cli.putAsideUnseen").fill(machine::lang(), &[("path", &path)]);
        println!("    {what}");
    }
    Ok(Outcome::Good)
}

pub(super) fn archive(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(1, "STUDY")?)?;
    let id = part(&doc, args.word(2, "KIND/ID")?)?;
    let seen = doc.seen_with_children(&id);
    desk.archive(&doc.id, &id, &seen)?;
    Ok(Outcome::Good)
}

pub(super) fn restore(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(1, "STUDY")?)?;
    let id = part(&doc, args.word(2, "KIND/ID")?)?;
    desk.restore(&doc.id, &id)?;
    Ok(Outcome::Good)
}
