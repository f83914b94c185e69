//! Commands that make, list and show studies.

use super::{open, people, study_doc, study_id};
use crate::args::{Args, UsageError};
use crate::output::{CommandError, Outcome, json, plain, say};
use crate::{machine, path, value};
use desk::{HistoryScope, NewStudy};
use model::field::{self, Input};
use model::formset::FormSet;
use model::reference::TEMPLATES;
use model::{Entity, EntityMark, Lang, StudyDoc, code, label};
use serde_json::{Map, Value};

/// Longest value of the program's own that is printed whole. Units: characters.
const SHOWN_CHARS_MAX: usize = 200;

pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(
        1,
        "study new|list|show|archive|restore|export|join|share|members",
    )? {
        "new" => new(args),
        "list" => list(args),
        "show" => show(args),
        "archive" | "restore" => archive(args),
        "export" => export(args),
        "join" => join(args),
        "members" => people::members(args),
        "share" | "unshare" | "replace" | "hand-over" => people::change(args),
        other => Err(UsageError::no_command("study", other).into()),
    }
}

fn new(args: &Args) -> Result<Outcome, CommandError> {
    let fields = value::read_all("study", &args.assignments(2)?)?;
    let template = args.option("template").map(template_of).transpose()?;
    let hospitals = args.options("hospital");
    let mut desk = open(args)?;
    let (study, _) = desk.create_study(&NewStudy {
        fields,
        template,
        hospitals,
    })?;
    if args.flag("json") {
        json(&serde_json::json!({ "study": study }));
    } else {
        println!("{study}");
    }
    Ok(Outcome::Good)
}

/// A template by its key, or by the short name that `protocol check` knows it by.
fn template_of(word: &str) -> Result<String, UsageError> {
    let keys = || TEMPLATES.iter().map(|template| template.key.as_str());
    let (first, last) = (format!("{word}-"), format!("-{word}"));
    let short = |key: &&str| key.starts_with(&first) || key.ends_with(&last);
    let found = keys()
        .find(|key| *key == word)
        .or_else(|| keys().find(short));
    found.map(str::to_owned).ok_or_else(|| {
        let all: Vec<&str> = keys().collect();
        UsageError::wanted(&format!("--template {}", all.join("|")), word)
    })
}

fn list(args: &Args) -> Result<Outcome, CommandError> {
    let rows = open(args)?.studies()?;
    if args.flag("json") {
        json(&rows);
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    for row in rows {
        let titles = match lang {
            Lang::Zh => [&row.title_zh, &row.title_en],
            Lang::En => [&row.title_en, &row.title_zh],
        };
        let title = titles.into_iter().find(|title| !title.is_empty());
        let title = title.map_or("", |title| title);
        let archived = if row.archived {
            label!("cli.archived").text(lang)
        } else {
            ""
        };
        let status = code::text("status", &row.status, lang);
        let conflicts = if row.n_conflicts > 0 {
            format!(" ◆{}", row.n_conflicts)
        } else {
            String::new()
        };
        println!(
            "{}  {:<14} {status:<24} {title}{archived}{conflicts}",
            row.id, row.number
        );
    }
    Ok(Outcome::Good)
}

fn show(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    if args.flag("json") {
        json(&as_json(&doc));
        return Ok(Outcome::Good);
    }
    say(label!("cli.study"), &doc.id);
    for entity in &doc.entities {
        let mark = match entity.mark {
            EntityMark::Live => "",
            EntityMark::Archived => label!("cli.archived").text(machine::lang()),
            EntityMark::EditedUnseen => label!("cli.archivedEdited").text(machine::lang()),
        };
        for (field, register) in &entity.fields {
            let path = path::of(&doc, entity, field);
            if register.conflict {
                println!(
                    "{path}{mark}: ◆ {}",
                    label!("pdf.unresolved").text(machine::lang())
                );
                for head in &register.heads {
                    let value = shown(entity, field, &head.value);
                    println!("    {value} ({} {})", head.by_name, head.at);
                }
            } else if !register.value().is_null() {
                println!("{path}{mark}: {}", shown(entity, field, register.value()));
            }
        }
    }
    Ok(Outcome::Good)
}

/// A value as a line shows it: what is no fact for people to read is named, not printed whole.
fn shown(entity: &Entity, field: &str, value: &Value) -> String {
    let lang = machine::lang();
    let text = plain(value);
    let known = field::of_register(&entity.kind, field);
    let is_for_people = known.is_none_or(|field| field.input != Input::Residue);
    let n = text.chars().count();
    if is_for_people || n <= SHOWN_CHARS_MAX {
        return text;
    }
    let set = value.as_str();
    let set = set.and_then(|text| serde_json::from_str::<FormSet>(text).ok());
    match set {
        Some(set) => {
            let name = format!("{} {}", set.name.text(lang), set.version);
            label!("cli.setInside").fill(lang, &[("set", &name)])
        }
        None => label!("cli.longInside").fill(lang, &[("n", &n.to_string())]),
    }
}

/// A study as `--json` prints it: values by path, parts with their own, and what is in conflict.
fn as_json(doc: &StudyDoc) -> Value {
    let mut conflicts = Map::new();
    let mut parts = Vec::new();
    let mut root = Map::new();
    for entity in &doc.entities {
        let mut fields = Map::new();
        for (field, register) in &entity.fields {
            if register.conflict {
                let values = serde_json::to_value(&register.heads).expect("plain values");
                conflicts.insert(path::of(doc, entity, field), values);
            }
            if !register.value().is_null() {
                fields.insert(field.clone(), register.value().clone());
            }
        }
        if entity.id == doc.id.root() {
            root = fields;
        } else {
            parts.push(serde_json::json!({
                "kind": entity.kind,
                "id": entity.id,
                "parent": entity.parent,
                "mark": entity.mark,
                "path": format!("{}/{}", entity.kind, entity.id),
                "fields": fields,
            }));
        }
    }
    serde_json::json!({ "id": doc.id, "fields": root, "parts": parts, "conflicts": conflicts })
}

fn archive(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let id = study_id(&mut desk, args.word(2, "STUDY")?)?;
    if args.word(1, "COMMAND")? == "archive" {
        desk.archive_study(&id)?;
    } else {
        desk.restore_study(&id)?;
    }
    Ok(Outcome::Good)
}

fn export(args: &Args) -> Result<Outcome, CommandError> {
    match args.option("format") {
        Some("ctgov") => {}
        Some("docx") => return super::word::export(args),
        _ => return Err(UsageError::wanted("--format ctgov|docx", "").into()),
    }
    let out = args.out()?;
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let (bytes, gaps) = rpc::work::export::ctgov(&doc, machine::lang());
    rpc::places::write_file(&out, &bytes)?;
    for gap in gaps {
        eprintln!("{gap}");
    }
    Ok(Outcome::Good)
}

fn join(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let keep = study_id(&mut desk, args.word(2, "KEEP")?)?;
    let other = study_id(&mut desk, args.word(3, "OTHER")?)?;
    desk.join(&keep, &other)?;
    Ok(Outcome::Good)
}

pub(super) fn search(args: &Args) -> Result<Outcome, CommandError> {
    let query = args.rest(1).join(" ");
    if query.trim().is_empty() {
        return Err(UsageError::missing("QUERY").into());
    }
    let limit = args
        .option("limit")
        .and_then(|n| n.parse().ok())
        .unwrap_or(100);
    let hits = open(args)?.search(&query, limit)?;
    if args.flag("json") {
        json(&hits);
        return Ok(Outcome::Good);
    }
    for hit in hits {
        println!(
            "{:<14} {}/{} {}: {}",
            hit.number, hit.kind, hit.entity, hit.field, hit.excerpt
        );
    }
    Ok(Outcome::Good)
}

pub(super) fn history(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(1, "STUDY")?)?;
    let scope = match args.words.get(2) {
        None => HistoryScope::Study(doc.id.clone()),
        Some(word) => {
            let place = path::find(&doc, word)?;
            if place.field.is_empty() {
                HistoryScope::Entity(doc.id.clone(), place.entity)
            } else {
                HistoryScope::Field(doc.id.clone(), place.entity, place.field)
            }
        }
    };
    let limit = args
        .option("limit")
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000);
    let entries = desk.history(&scope, limit, 0)?;
    if args.flag("json") {
        json(&entries);
        return Ok(Outcome::Good);
    }
    for entry in entries {
        let from = entry.from.iter().map(plain).collect::<Vec<_>>().join(" | ");
        let why = entry
            .why_text
            .or(entry.why_code)
            .or(entry.source)
            .unwrap_or_default();
        let lang = machine::lang();
        let mut names = vec![entry.place.text(lang), entry.entity_name.text(lang)];
        names.retain(|name| !name.is_empty());
        let names = names.iter().map(|name| format!("{name} · "));
        println!(
            "{} {:<12} {}{} {}: {} → {}  {why}",
            entry.at,
            entry.by_name,
            names.collect::<String>(),
            entry.kind,
            entry.field,
            from,
            plain(&entry.to)
        );
    }
    Ok(Outcome::Good)
}
