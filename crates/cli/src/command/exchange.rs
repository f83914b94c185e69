//! Commands that read and write what others use: records, PDFs, the center.

use super::version::find_side;
use super::{open, study_doc, study_id};
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json, say};
use model::label;
use model::row::{ImportEntry, ImportStatus};
use rpc::request::PdfKind;
use rpc::work::{import, pdf};
use std::path::PathBuf;

pub(super) fn import(args: &Args) -> Result<Outcome, CommandError> {
    let paths: Vec<PathBuf> = args.rest(1).iter().map(PathBuf::from).collect();
    if paths.is_empty() {
        return Err(UsageError::missing("FILE").into());
    }
    let mut desk = open(args)?;
    let mut entries: Vec<ImportEntry> = Vec::new();
    for path in import::list_files(&paths) {
        for record in import::read_file(&path) {
            let entry = if args.flag("dry-run") {
                import::preview(&mut desk, &record)?
            } else {
                import::import(&mut desk, &record).0
            };
            entries.push(entry);
        }
    }
    if args.flag("json") {
        json(&entries);
    } else {
        entries.iter().for_each(print_entry);
    }
    let refused = entries
        .iter()
        .any(|entry| entry.status == ImportStatus::Refused);
    Ok(if refused || entries.is_empty() {
        Outcome::Partly
    } else {
        Outcome::Good
    })
}

fn print_entry(entry: &ImportEntry) {
    let status = match entry.status {
        ImportStatus::Imported => "imported",
        ImportStatus::Updated => "updated",
        ImportStatus::Unchanged => "unchanged",
        ImportStatus::Refused => "refused",
    };
    let lang = machine::lang();
    let reason = entry.reason.as_deref().map(|code| {
        model::label::get(code).map_or(code.to_owned(), |label| label.text(lang).to_owned())
    });
    let line = format!(
        "{status:<10} {}#{} {}",
        entry.file, entry.index, entry.number
    );
    match reason {
        Some(reason) => eprintln!("{line}: {reason}"),
        None => println!("{line}"),
    }
    for change in &entry.changes {
        println!(
            "    {} {} {}",
            change.kind, change.entity_name, change.field
        );
    }
}

pub(super) fn pdf(args: &Args) -> Result<Outcome, CommandError> {
    let out = args.out()?;
    args.required("lang")?;
    let lang = super::lang(args, "zh")?;
    let kind = match args.option("kind").unwrap_or("dossier") {
        "dossier" => PdfKind::Dossier,
        "submission" => PdfKind::Submission,
        "protocol" => PdfKind::Protocol,
        "readiness" => PdfKind::Readiness,
        "delegation" => PdfKind::Delegation,
        "timeline" => PdfKind::Timeline,
        other => {
            let wanted = "--kind dossier|submission|protocol|readiness|delegation|timeline";
            return Err(UsageError::wanted(wanted, other).into());
        }
    };
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(1, "STUDY")?)?;
    let site = match (kind, args.option("site")) {
        (PdfKind::Dossier | PdfKind::Protocol | PdfKind::Timeline, _) => None,
        (PdfKind::Submission | PdfKind::Readiness | PdfKind::Delegation, word) => {
            Some(pdf::find_site(&doc, word, machine::lang())?)
        }
    };
    let version = match kind {
        PdfKind::Protocol => find_side(&desk.standing(&doc.id)?, args.option("version"))?,
        _ => None,
    };
    let (doc, standing) = pdf::read(&desk, &doc.id, version.as_ref())?;
    let derived = pdf::derive(&desk, &doc.id, kind, site.as_ref())?;
    let made = pdf::make(&pdf::Job {
        derived,
        doc,
        standing,
        kind,
        site,
        version,
        lang,
        prepared_by: desk.profile().clone(),
        today: machine::env().today(),
        fonts: machine::fonts(),
    })?;
    rpc::places::write_file(&out, &made.bytes)?;
    for warning in &made.warnings {
        eprintln!("{}", warning.text(machine::lang()));
    }
    let (file, n) = (out.display().to_string(), made.pages.to_string());
    let values = [("file", file.as_str()), ("n", &n)];
    println!("{}", label!("cli.pages").fill(machine::lang(), &values));
    Ok(Outcome::Good)
}

pub(super) fn connect(args: &Args) -> Result<Outcome, CommandError> {
    let (url, code) = (args.required("center")?, args.required("code")?);
    let mut desk = open(args)?;
    let link = runtime().block_on(rpc::work::sync::connect(
        &mut desk,
        &machine::env(),
        url,
        code,
    ))?;
    println!("{} ({})", link.url, link.user);
    Ok(Outcome::Good)
}

pub(super) fn sync(args: &Args) -> Result<Outcome, CommandError> {
    if args.words.get(1).is_some_and(|word| word == "bundle") {
        return bundle(args);
    }
    let desk = open(args)?;
    let round = runtime().block_on(rpc::work::sync::one_round(desk, &machine::env()))?;
    if args.flag("json") {
        json(&round);
    } else {
        say(label!("cli.sent"), round.sent);
        say(label!("cli.received"), round.received);
        say(label!("cli.conflicts"), round.conflicts);
        say(label!("cli.waiting"), round.waiting);
        let files = round.files;
        say(label!("cli.filesSent"), files.sent);
        say(label!("cli.filesReceived"), files.received);
        say(label!("cli.filesWaiting"), files.waiting);
        say(label!("cli.filesElsewhere"), files.elsewhere);
        if let Some(note) = round.note.as_deref().and_then(model::label::get) {
            let params = round.note_params.iter();
            let params: Vec<(&str, &str)> = params.map(|(k, v)| (&**k, &**v)).collect();
            println!("{}", note.fill(machine::lang(), &params));
        }
    }
    Ok(Outcome::Good)
}

/// Studies by USB stick: `sync bundle out STUDY... -o FILE` and `sync bundle in FILE`.
fn bundle(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let words = machine::bundle_passphrase()?;
    if args.word(2, "sync bundle out|in")? == "out" {
        let out = args.out()?;
        let studies = args.rest(3).iter().map(|word| study_id(&mut desk, word));
        let studies = studies.collect::<Result<Vec<_>, _>>()?;
        if studies.is_empty() {
            return Err(UsageError::missing("STUDY").into());
        }
        rpc::work::bundle::write(&desk, &studies, &words, machine::kdf(), &out)?;
        println!("{}", out.display());
        return Ok(Outcome::Good);
    }
    let file = PathBuf::from(args.word(3, "FILE")?);
    let bytes = rpc::work::bundle::read(&file)?;
    let taken = desk.bundle_in(&bytes, &words)?;
    let problems: Vec<String> = taken
        .problems
        .iter()
        .map(|problem| problem.text(machine::lang()))
        .collect();
    if args.flag("json") {
        json(&serde_json::json!({
            "studies": taken.studies,
            "new": taken.n_new,
            "known": taken.n_known,
            "problems": problems,
        }));
    } else {
        say(label!("cli.bundleNew"), taken.n_new);
        say(label!("cli.bundleKnown"), taken.n_known);
        for problem in &problems {
            say(label!("cli.problem"), problem);
        }
    }
    let is_whole = problems.is_empty();
    Ok(if is_whole {
        Outcome::Good
    } else {
        Outcome::Partly
    })
}

pub(super) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}
