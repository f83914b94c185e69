//! Commands about documents and their files.

use super::{open, study_doc};
use crate::args::{Args, UsageError};
use crate::output::{CommandError, Outcome, json};
use crate::{machine, value};
use desk::Desk;
use model::file::BlobRef;
use model::submission::list::of_document;
use model::{EntityId, Lang, StudyDoc, code, kind, label};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::work::pdf::find_site;
use serde_json::{Value, json as value_of};
use std::fs::File;
use std::path::Path;

pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(1, "document add|list|export")? {
        "add" => add(args),
        "list" => list(args),
        "export" => export(args),
        other => Err(UsageError::no_command("document", other).into()),
    }
}

/// Adds a document with its file; with `--document` another file of one that is there.
fn add(args: &Args) -> Result<Outcome, CommandError> {
    let path = Path::new(args.word(3, "FILE")?);
    let (name, mut file) = opened(path)?;
    let mut fields = value::read_all(kind::DOCUMENT, &args.assignments(4)?)?;
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let (id, seen) = match args.option("document") {
        Some(word) => {
            let known = find(&doc, word)?;
            let held = doc.entity(&known).and_then(|one| one.fields.get("file"));
            (known, held.map(model::Register::seen).unwrap_or_default())
        }
        None => {
            let code = args.option("kind").unwrap_or("other");
            let code = value::read(kind::DOCUMENT, "kind", code)?;
            fields.insert("kind".into(), code);
            fields
                .entry("status".into())
                .or_insert_with(|| "have".into());
            if !fields.contains_key("title.zh") && !fields.contains_key("title.en") {
                let stem = path.file_stem().and_then(|stem| stem.to_str());
                fields.insert("title.zh".into(), stem.unwrap_or(name).into());
            }
            let parent = match args.option("site") {
                Some(word) => Some(find_site(&doc, Some(word), machine::lang())?),
                None => None,
            };
            (
                desk.add(&doc.id, kind::DOCUMENT, parent, fields, None)?.0,
                Vec::new(),
            )
        }
    };
    let (file, _) = desk.document_attach(&doc.id, &id, name, &mut file, &seen)?;
    if args.flag("json") {
        json(&value_of!({ "id": id, "file": file }));
    } else {
        println!("document/{id} {} {}", file.hash, file.size);
    }
    Ok(Outcome::Good)
}

/// A file with its name.
pub(super) fn opened(path: &Path) -> Result<(&str, File), CommandError> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| UsageError::missing("FILE"))?;
    let unreadable = |error: std::io::Error| {
        log::info!("document: {error}");
        Failure::new(FailureKind::NotFound, "failure.read").with("path", path.display())
    };
    Ok((name, File::open(path).map_err(unreadable)?))
}

/// Adds the letter of a committee to a site.
pub(super) fn letter(
    desk: &mut Desk,
    doc: &StudyDoc,
    site: Option<EntityId>,
    path: &Path,
    number: Option<&str>,
) -> Result<EntityId, CommandError> {
    const KIND: &str = "decisionLetter";
    let (name, mut file) = opened(path)?;
    let title = |lang| {
        let name = code::text("documentKind", KIND, lang);
        Value::from(format!("{name} {}", number.unwrap_or_default()).trim())
    };
    let fields = [
        ("kind", KIND.into()),
        ("status", "have".into()),
        ("title.zh", title(Lang::Zh)),
        ("title.en", title(Lang::En)),
    ];
    let fields = fields.map(|(field, value)| (field.to_owned(), value));
    let (id, _) = desk.add(&doc.id, kind::DOCUMENT, site, fields.into(), None)?;
    desk.document_attach(&doc.id, &id, name, &mut file, &[])?;
    Ok(id)
}

fn list(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let here = desk.blobs_here()?;
    let mut rows = Vec::new();
    for one in doc.of_kind(kind::DOCUMENT) {
        let file = BlobRef::read(one.value("file"));
        let is_here = file.as_ref().map(|file| here.contains(&file.hash));
        rows.push(value_of!({
            "id": one.id, "kind": one.text("kind"), "title": one.text_in("title", machine::lang()),
            "version": one.text("version"), "versionDate": one.text("versionDate"),
            "language": one.text("language"), "status": one.text("status"),
            "state": of_document(one).word(), "validUntil": one.text("validUntil"), "file": file, "here": is_here,
        }));
    }
    rows.extend(kept(&desk, &doc)?);
    if args.flag("json") {
        json(&rows);
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        let file = row["file"]["name"].as_str().unwrap_or("—");
        let (state, mark) = (text("state"), mark(text("state")));
        let words = label::get(&format!("ui.ethics.status.{state}"));
        let words = words.map_or(state, |label| label.text(lang));
        let is_elsewhere = row["here"].as_bool() == Some(false);
        let elsewhere = label!("package.refusal.elsewhere").text(lang);
        let parts = [
            text("id"),
            text("title"),
            &[text("version"), text("versionDate")].join(" "),
            &[mark, words].join(" "),
            file,
            if is_elsewhere { elsewhere } else { "" },
        ];
        let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
        println!("{}", parts.collect::<Vec<_>>().join("  "));
    }
    Ok(Outcome::Good)
}

/// The shape of a state.
fn mark(state: &str) -> &'static str {
    match state {
        "have" => "✓",
        "recorded" => "◐",
        "lack" => "✕",
        _ => "–",
    }
}

/// What lies with submissions: packages that were sent, and answers to questions.
fn kept(desk: &Desk, doc: &StudyDoc) -> Result<Vec<Value>, CommandError> {
    let lang = machine::lang();
    let mut rows = Vec::new();
    for one in desk.submissions(&doc.id)? {
        let of = |kind: &str| format!("{kind} · {}", one.site_name);
        for sent in one.submissions.iter().filter(|row| !row.sent_on.is_empty()) {
            let name = code::text("submissionType", &sent.kind, lang);
            rows.push(value_of!({
                "id": format!("submission/{}", sent.id), "kind": "package", "title": of(name),
                "version": sent.version, "versionDate": sent.sent_on, "status": "have",
                "state": "have",
            }));
        }
        for submission in &one.submissions {
            for reply in doc.children(&submission.id, kind::REPLY) {
                let name = code::text("documentKind", "reply", lang);
                let day = match reply.text("sentOn") {
                    "" => reply.text("receivedOn"),
                    sent => sent,
                };
                let is_sent = !reply.text("sentOn").is_empty();
                let state = if is_sent { "have" } else { "lack" };
                rows.push(value_of!({
                    "id": format!("reply/{}", reply.id), "kind": "reply", "title": of(name),
                    "version": reply.value("round").to_string(), "versionDate": day,
                    "status": state, "state": state,
                }));
            }
        }
    }
    Ok(rows)
}

/// Writes the exact bytes of a document's file, of a package that was sent, or the answers to
/// questions as a PDF.
fn export(args: &Args) -> Result<Outcome, CommandError> {
    let out = args.out()?;
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let word = args.word(3, "DOCUMENT")?;
    if let Some(id) = word.strip_prefix("submission/").and_then(EntityId::parse) {
        let kept = rpc::work::send::kept(&desk, &doc.id, &id)?;
        let kept = kept.ok_or(desk::DeskError::NothingKept)?;
        kept.fits(super::lang_named(args)?)?;
        let bytes = kept.bytes;
        rpc::places::write_file(&out, &bytes)?;
        println!("{} {}", out.display(), bytes.len());
        return Ok(Outcome::Good);
    }
    if let Some(id) = word.strip_prefix("reply/").and_then(EntityId::parse) {
        let (lang, today) = (super::lang(args, "zh")?, machine::env().today());
        let of = (&doc.id, &id);
        let bytes = rpc::work::reply::pdf(&desk, of, lang, today, &machine::fonts())?;
        rpc::places::write_file(&out, &bytes)?;
        println!("{} {}", out.display(), bytes.len());
        return Ok(Outcome::Good);
    }
    let id = find(&doc, word)?;
    let held = doc.entity(&id).map(|one| one.value("file"));
    let file = held.and_then(BlobRef::read);
    let missing = || Failure::new(FailureKind::NotFound, "cli.noFile");
    let bytes = desk.blob_read(&file.ok_or_else(missing)?.hash)?;
    rpc::places::write_file(&out, &bytes)?;
    println!("{} {}", out.display(), bytes.len());
    Ok(Outcome::Good)
}

fn find(doc: &StudyDoc, word: &str) -> Result<EntityId, CommandError> {
    let bare = word.strip_prefix("document/").unwrap_or(word);
    let mut all = doc.of_kind(kind::DOCUMENT);
    let found = all
        .find(|one| one.id.as_str() == bare)
        .map(|one| one.id.clone());
    let missing = || Failure::new(FailureKind::NotFound, "cli.noPath").with("path", word);
    Ok(found.ok_or_else(missing)?)
}
