//! Commands about submissions to ethics committees.

use super::{document, open, reply, sent, study_doc, version};
use crate::args::{Args, UsageError};
use crate::output::{CommandError, Outcome, json};
use crate::{machine, value};
use desk::{Decision, Desk, DeskError, Edit, NewSubmission, Question, Sending};
use model::file::BlobRef;
use model::submission::matrix::MatrixRow;
use model::submission::{Finding, Level};
use model::{EntityId, StudyDoc, code, formset, kind, label};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::work::package;
use rpc::work::pdf::find_site;
use rpc::work::send as rpc_send;
use serde_json::json as value_of;
use std::collections::BTreeMap;
use std::path::Path;

/// What may stand behind the options of a decision, with the register that each fills.
const DECISION_FIELDS: [(&str, &str); 5] = [
    ("letter", "number"),
    ("date", "date"),
    ("valid-until", "validUntil"),
    ("interval", "intervalMonths"),
    ("conditions", "conditions"),
];

pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(1, "submission list|new|check|send|…")? {
        "sets" => sets(args),
        "list" => list(args),
        "new" => new(args),
        "check" => check(args),
        "send" => send(args),
        "accept" | "file" | "withdraw" => course(args),
        "ask" => reply::ask(args),
        "answer" => reply::answer(args),
        "decide" => decide(args),
        "package" => package(args),
        "verify" => sent::verify(args),
        "choose" => sent::choose(args),
        "correct" => correct(args),
        other => Err(UsageError::no_command("submission", other).into()),
    }
}

fn sets(args: &Args) -> Result<Outcome, CommandError> {
    let lang = machine::lang();
    if args.flag("json") {
        json(&formset::shipped());
        return Ok(Outcome::Good);
    }
    for set in formset::shipped() {
        let verification = code::text("verification", &set.verification, lang);
        println!(
            "{} {} {} ({verification})",
            set.key,
            set.version,
            set.name.text(lang)
        );
    }
    Ok(Outcome::Good)
}

fn list(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let rows = desk.submissions(&doc.id)?;
    if args.flag("json") {
        json(&rows);
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    for MatrixRow {
        site_name,
        approved_version,
        submissions,
        ..
    } in &rows
    {
        println!("{site_name}: {approved_version}");
        for one in submissions {
            let kind = code::text("submissionType", &one.kind, lang);
            let state = code::text("submissionState", one.state.code(), lang);
            let words = [
                &one.id.to_string(),
                kind,
                &one.round.to_string(),
                &one.version,
                state,
                &one.letter,
            ];
            println!("  {}", words.join("  "));
        }
    }
    Ok(Outcome::Good)
}

fn new(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let kind = args.word(3, "TYPE")?.to_owned();
    let site = find_site(&doc, args.option("site"), machine::lang())?;
    let version = match args.option("version") {
        Some(word) => Some(version::find(&desk.standing(&doc.id)?, word)?.id.clone()),
        None => None,
    };
    let new = NewSubmission {
        kind,
        forms: args.option("forms").unwrap_or_default().to_owned(),
        version,
        fields: value::read_all(kind::SUBMISSION, &args.assignments(4)?)?,
    };
    let (id, _) = desk.submission_new(&doc.id, &site, new)?;
    said(args, &desk, &doc, &id)
}

/// Says how far a submission is now.
pub(super) fn said(
    args: &Args,
    desk: &Desk,
    doc: &StudyDoc,
    id: &EntityId,
) -> Result<Outcome, CommandError> {
    let rows = desk.submissions(&doc.id)?;
    let mut all = rows.iter().flat_map(|row| &row.submissions);
    let row = all.find(|row| row.id == *id);
    if args.flag("json") {
        json(&row);
    } else if let Some(row) = row {
        let state = code::text("submissionState", row.state.code(), machine::lang());
        println!("submission/{id} {state}");
    }
    Ok(Outcome::Good)
}

/// The study and the submission that words name: by id, or the only open one of a site.
pub(super) fn find(args: &Args, desk: &mut Desk) -> Result<(StudyDoc, EntityId), CommandError> {
    let doc = study_doc(desk, args.word(2, "STUDY")?)?;
    let word = args.word(3, "SUBMISSION")?;
    let bare = word.strip_prefix("submission/").unwrap_or(word);
    let found = doc
        .of_kind(kind::SUBMISSION)
        .find(|one| one.id.as_str() == bare)
        .map(|one| one.id.clone());
    let missing = || Failure::new(FailureKind::NotFound, "cli.noPath").with("path", word);
    let id = found.ok_or_else(missing)?;
    Ok((doc, id))
}

fn check(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let (doc, id) = find(args, &mut desk)?;
    look(args, &mut desk, &doc, &id)?;
    let (found, _) = desk.submission_check(&doc.id, &id)?;
    if args.flag("json") {
        let lang = machine::lang();
        let rows = found.iter().map(|one| {
            let mut row = value_of!(one);
            row["text"] = one.text(lang).into();
            row
        });
        json(&rows.collect::<Vec<_>>());
    } else {
        found.iter().for_each(print);
    }
    let is_open = found.iter().any(|one| one.level == Level::Must);
    Ok(if is_open {
        Outcome::Partly
    } else {
        Outcome::Good
    })
}

fn print(one: &Finding) {
    let lang = machine::lang();
    let level = code::text("findingLevel", one.level.code(), lang);
    println!("{level}: {}  [{}]", one.text(lang), one.code);
    let grade = code::text("verification", &one.rule.verification, lang);
    println!("    {} ({grade})", one.rule.text(lang));
}

fn send(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let (doc, id) = find(args, &mut desk)?;
    let sending = Sending {
        on: day(args),
        leave_out: args.options("leave-out"),
        why: args.option("why").unwrap_or_default().to_owned(),
    };
    look(args, &mut desk, &doc, &id)?;
    // Who names a language gets it, whatever was kept before.
    let is_anew = match super::lang_named(args)? {
        Some(lang) if !args.flag("anew") => !rpc_send::is_kept_in(&desk, &doc.id, &id, lang)?,
        _ => args.flag("anew"),
    };
    let sent = match rpc_send::prepare(&desk, &doc.id, &id, &sending, is_anew) {
        Ok(prepared) => {
            let ready = prepared.ready(&wanted(args, &desk, &doc, &sending.on)?)?;
            rpc_send::send(&mut desk, &doc.id, &id, sending, &ready)
        }
        Err(error) => Err(error),
    };
    match sent {
        Err(DeskError::NotSendable(rows)) => {
            for row in &rows {
                eprintln!("{}  (--leave-out {})", row.text(machine::lang()), row.key);
            }
            Err(DeskError::NotSendable(rows).into())
        }
        answer => {
            answer?;
            said(args, &desk, &doc, &id)
        }
    }
}

/// Looks into the files of a submission, with the passwords that are given.
fn look(args: &Args, desk: &mut Desk, doc: &StudyDoc, id: &EntityId) -> Result<(), CommandError> {
    let passwords = passwords(args, doc)?;
    let files = rpc_send::unlooked(desk, &doc.id, id, &passwords)?;
    let looked = rpc_send::look(files, &package::helper()?, &passwords);
    rpc_send::note(desk, looked);
    Ok(())
}

/// What a package is made with; its letter bears the day.
fn wanted(
    args: &Args,
    desk: &Desk,
    doc: &StudyDoc,
    today: &str,
) -> Result<package::Wanted, CommandError> {
    Ok(package::Wanted {
        lang: super::lang(args, "zh")?,
        author: desk.profile().clone(),
        today: today.to_owned(),
        fonts: machine::fonts(),
        passwords: passwords(args, doc)?,
        helper: package::helper()?,
        step: Box::new(|_, _, _| Ok(())),
    })
}

/// The passwords of files, by the id of their document: named by it, or by the file's name.
fn passwords(args: &Args, doc: &StudyDoc) -> Result<BTreeMap<String, String>, CommandError> {
    let mut passwords = BTreeMap::new();
    for pair in args.options("password") {
        let Some((word, password)) = pair.split_once('=') else {
            return Err(UsageError::wanted("--password FILE=PASSWORD", "").into());
        };
        let bare = word.strip_prefix("document/").unwrap_or(word);
        let fits = |one: &&model::Entity| {
            let file = BlobRef::read(one.value("file"));
            one.id.as_str() == bare || file.is_some_and(|file| file.name == word)
        };
        let known: Vec<_> = doc.of_kind(kind::DOCUMENT).filter(fits).collect();
        if known.is_empty() {
            return Err(Failure::new(FailureKind::NotFound, "cli.noPath")
                .with("path", word)
                .into());
        }
        for one in known {
            passwords.insert(one.id.to_string(), password.to_owned());
        }
    }
    Ok(passwords)
}

/// Corrects what was noted after a submission was sent.
fn correct(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let (doc, id) = find(args, &mut desk)?;
    let why = args.option("why").unwrap_or_default();
    let (field, value) = (args.word(4, "FIELD")?, args.word(5, "VALUE")?);
    desk.submission_correct(&doc.id, &id, field, value, why)?;
    said(args, &desk, &doc, &id)
}

pub(super) fn day(args: &Args) -> String {
    args.option("date")
        .map_or_else(|| machine::env().today(), str::to_owned)
}

fn course(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let (doc, id) = find(args, &mut desk)?;
    let (on, option) = (day(args), |name| args.option(name).unwrap_or_default());
    match args.word(1, "")? {
        "accept" => desk.submission_accept(&doc.id, &id, &on, option("number"))?,
        "file" => desk.submission_file(&doc.id, &id, &on, option("note"))?,
        _ => desk.submission_withdraw(&doc.id, &id, &on, option("why"))?,
    };
    said(args, &desk, &doc, &id)
}

fn decide(args: &Args) -> Result<Outcome, CommandError> {
    let result = args.word(4, "DECISION")?.to_owned();
    let mut fields = BTreeMap::new();
    for (option, register) in DECISION_FIELDS {
        if let Some(text) = args.option(option) {
            fields.insert(
                register.to_owned(),
                value::read(kind::DECISION, register, text)?,
            );
        }
    }
    fields
        .entry("date".to_owned())
        .or_insert_with(|| day(args).into());
    let mut desk = open(args)?;
    let (doc, id) = find(args, &mut desk)?;
    let scan = args.option("letter-file").map(Path::new);
    if let Some(path) = scan {
        // Nothing is noted while the letter cannot be read.
        document::opened(path)?;
    }
    let has_number = fields.contains_key("number");
    let is_approved = result == "approved";
    let decision = Decision {
        result,
        fields,
        points: Question::numbered(args.options("point")),
        anyway: args.flag("anyway"),
    };
    let (decision, _) = desk.submission_decide(&doc.id, &id, decision)?;
    let lang = machine::lang();
    match scan {
        Some(path) => {
            let site = doc.entity(&id).and_then(|one| one.parent.clone());
            let letter = document::letter(&mut desk, &doc, site, path, args.option("letter"))?;
            let edit = Edit {
                entity: decision,
                field: "document".into(),
                value: value_of!({ "$ref": letter }),
                seen: Vec::new(),
            };
            desk.set(&doc.id, edit, None)?;
        }
        None if is_approved => eprintln!("{}", label!("cli.noLetterFile").text(lang)),
        None => {}
    }
    if is_approved && !has_number {
        eprintln!("{}", label!("cli.noLetterNumber").text(lang));
    }
    said(args, &desk, &doc, &id)
}

fn package(args: &Args) -> Result<Outcome, CommandError> {
    let out = args.out()?;
    let mut desk = open(args)?;
    let (doc, id) = find(args, &mut desk)?;
    if let Some(outcome) = sent::written(args, &desk, (&doc, &id), &out)? {
        return Ok(outcome);
    }
    look(args, &mut desk, &doc, &id)?;
    let found = desk.submission_findings(&doc.id, &id)?;
    let n_open = found.iter().filter(|one| one.level == Level::Must).count();
    let material = package::read(&desk, &doc.id, &id)?;
    let mut made = package::make(&material, &wanted(args, &desk, &doc, &day(args))?)?;
    made.with_word = args.flag("docx");
    let written = package::write(&made, &out, args.flag("zip"))?;
    if args.flag("keep")
        && let Some((name, bytes)) = made.files.first()
    {
        desk.submission_keep(&doc.id, &id, name, &mut bytes.as_slice())?;
        desk.submission_keep_parts(&doc.id, &id, made.kept_parts(args.flag("zip")))?;
    }
    let lang = machine::lang();
    for remark in made.remarks(lang) {
        eprintln!("{remark}");
    }
    if n_open > 0 {
        let (vault, study) = (args.required("vault")?, args.word(2, "STUDY")?);
        let command = format!("pidesk submission check --vault {vault:?} {study} {id}");
        let params = [("n", &*n_open.to_string()), ("command", &command)];
        eprintln!("{}", label!("package.openFindings").fill(lang, &params));
    }
    if args.flag("json") {
        let mut said = made.manifest.clone();
        said["openFindings"] = n_open.into();
        said["written"] = value_of!({ "folder": out, "files": written });
        json(&said);
    } else {
        print_written(&made, &out, &written);
    }
    Ok(if made.is_whole() {
        Outcome::Good
    } else {
        Outcome::Partly
    })
}

/// Says what was written and where.
fn print_written(made: &package::Made, out: &Path, written: &[String]) {
    let lang = machine::lang();
    let folder = out.display().to_string();
    println!(
        "{}",
        label!("package.written").fill(lang, &[("folder", &folder)])
    );
    let (whole, _) = made.whole();
    for name in written {
        let what = if name == whole {
            let pages = made.pages.to_string();
            label!("package.whole").fill(lang, &[("pages", &pages)])
        } else if name == "manifest.json" {
            label!("package.manifest").text(lang).to_owned()
        } else if name.ends_with(".zip") && !made.files.iter().any(|(known, _)| known == name) {
            let n = made.single(true).to_string();
            label!("package.zip").fill(lang, &[("n", &n)])
        } else {
            String::new()
        };
        println!("  {}", [name, what.as_str()].join("  ").trim_end());
    }
}
