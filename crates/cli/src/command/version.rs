//! Commands about frozen versions and what committees say about them.

use super::{open, study_doc};
use crate::args::{Args, UsageError};
use crate::output::{CommandError, Outcome, json};
use crate::{machine, value};
use desk::{Desk, Edit, Freeze};
use model::version::{ApprovalRow, Hindrance, Standing, VersionRow, bare_number};
use model::{EntityId, StudyDoc, code, kind, label};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::work::pdf::find_site;
use serde_json::{Value, json as value_of};
use std::collections::BTreeMap;

/// What may stand behind the options of a freeze, with the register that each fills.
const FREEZE_FIELDS: [(&str, &str); 4] = [
    ("reason", "reason"),
    ("reason2", "reason2"),
    ("summary-zh", "summary.zh"),
    ("summary-en", "summary.en"),
];
/// What may stand behind the options of an approval, with the register that each fills.
const APPROVAL_FIELDS: [(&str, &str); 7] = [
    ("status", "status"),
    ("submitted", "submittedOn"),
    ("date", "decidedOn"),
    ("letter", "letter"),
    ("valid-until", "validUntil"),
    ("interval", "intervalMonths"),
    ("conditions", "conditions"),
];

pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(1, "version freeze|list|approve|hindrances")? {
        "freeze" => freeze(args),
        "list" => list(args),
        "approve" => approve(args),
        "hindrances" => hindrances(args),
        other => Err(UsageError::no_command("version", other).into()),
    }
}

fn freeze(args: &Args) -> Result<Outcome, CommandError> {
    let number = args
        .option("number")
        .or_else(|| args.words.get(3).map(String::as_str))
        .ok_or_else(|| UsageError::missing("--number"))?
        .to_owned();
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let standing = desk.standing(&doc.id)?;
    let base = match args.option("base") {
        Some(word) => Some(find(&standing, word)?.id.clone()),
        None => standing.versions.first().map(|version| version.id.clone()),
    };
    let freeze = Freeze {
        number,
        date: args
            .option("date")
            .map_or_else(|| machine::env().today(), str::to_owned),
        base,
        fields: fields(args, kind::VERSION, &FREEZE_FIELDS)?,
        leave_out: args.options("leave-out"),
    };
    let (version, _) = match desk.version_freeze(&doc.id, freeze) {
        Err(desk::DeskError::NotFreezable(rows)) => {
            rows.iter().for_each(print_hindrance);
            let failure = desk::DeskError::NotFreezable(rows);
            return Err(failure.into());
        }
        answer => answer?,
    };
    let standing = desk.standing(&doc.id)?;
    let row = standing.version(&version);
    if args.flag("json") {
        json(&row);
    } else if let Some(row) = row {
        println!("{} {} {}", row.number, row.id, row.hash);
    }
    row.into_iter().for_each(print_doubts);
    Ok(Outcome::Good)
}

/// Says which dates can hardly be right.
fn print_doubts(row: &VersionRow) {
    for doubt in &row.doubts {
        if let Some(label) = model::label::get(&doubt.code) {
            let of = [row.number.as_str(), doubt.site_name.as_str()].join(" ");
            eprintln!("{}: {}", of.trim(), label.text(machine::lang()));
        }
    }
}

fn print_hindrance(row: &Hindrance) {
    let label = model::label::get(&format!("desk.hindrance.{}", row.what));
    let n = row.n.to_string();
    let words = label.map_or_else(
        || row.what.clone(),
        |label| label.fill(machine::lang(), &[("n", &n), ("path", &row.path)]),
    );
    eprintln!("{words}  (--leave-out {})", row.path);
}

fn hindrances(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let rows = desk.hindrances(&doc.id)?;
    if args.flag("json") {
        json(&rows);
    } else {
        rows.iter().for_each(print_hindrance);
    }
    Ok(Outcome::Good)
}

fn list(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let standing = desk.standing(&doc.id)?;
    if args.flag("json") {
        json(&standing);
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    for version in &standing.versions {
        let state = label::get(&format!("ui.version.state.{}", version.state));
        let state = state.map_or(version.state.as_str(), |label| label.text(lang));
        println!(
            "{:<8} {} {state:<10} {}",
            version.number, version.date, version.hash
        );
        if version.duplicate {
            println!("         ≠ {}", version.id);
        }
        for approval in &version.approvals {
            println!(
                "         {}: {} {} {}  (approval/{})",
                approval.site_name,
                code::text("approvalStatus", &approval.status, lang),
                approval.decided_on,
                approval.letter,
                approval.id
            );
        }
    }
    standing.versions.iter().for_each(print_doubts);
    for site in &standing.sites {
        let number = if site.number.is_empty() {
            "—"
        } else {
            &site.number
        };
        println!("{}: {number} {}", site.site_name, site.letter);
    }
    Ok(Outcome::Good)
}

/// Notes what a committee says about a version: a further call for the same site and version
/// changes what was noted, unless it names another letter of approval, which stands beside it.
fn approve(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let standing = desk.standing(&doc.id)?;
    let word = args
        .option("version")
        .or_else(|| args.words.get(3).map(String::as_str));
    let version = match word {
        Some(word) => find(&standing, word)?,
        None => standing.versions.first().ok_or_else(|| no_version("—"))?,
    };
    let site = find_site(&doc, args.option("site"), machine::lang())?;
    let mut registers = fields(args, kind::APPROVAL, &APPROVAL_FIELDS)?;
    registers
        .entry("status".to_owned())
        .or_insert_with(|| "approved".into());
    let letter = registers.get("letter").and_then(Value::as_str);
    let is_approval = registers.get("status").and_then(Value::as_str) == Some("approved");
    let is_same = |row: &&ApprovalRow| {
        let is_other = letter.is_some_and(|letter| letter != row.letter);
        row.site == site && !(is_approval && is_other && !row.letter.is_empty() && row.counts)
    };
    let noted = match args.option("record") {
        Some(id) => {
            let id = id.strip_prefix("approval/").unwrap_or(id);
            let found = version.approvals.iter().find(|row| row.id.as_str() == id);
            Some(found.ok_or_else(|| {
                Failure::new(FailureKind::NotFound, "cli.noPath").with("path", id)
            })?)
        }
        None => version.approvals.iter().rev().find(is_same),
    };
    let id = match noted {
        Some(row) => {
            change(&mut desk, &doc, row, registers)?;
            row.id.clone()
        }
        None => {
            registers.insert("site".into(), value_of!({ "$ref": site }));
            let parent = Some(version.id.clone());
            desk.add(&doc.id, kind::APPROVAL, parent, registers, None)?
                .0
        }
    };
    let (version, standing) = (version.id.clone(), desk.standing(&doc.id)?);
    if args.flag("json") {
        json(&standing.site(&site));
    } else {
        println!("approval/{id}");
    }
    standing
        .version(&version)
        .into_iter()
        .for_each(print_doubts);
    Ok(Outcome::Good)
}

fn change(
    desk: &mut Desk,
    doc: &StudyDoc,
    row: &ApprovalRow,
    registers: BTreeMap<String, Value>,
) -> Result<(), CommandError> {
    let held = doc.entity(&row.id);
    let edits = registers.into_iter().map(|(field, value)| Edit {
        entity: row.id.clone(),
        seen: held
            .and_then(|entity| entity.fields.get(&field))
            .map(model::Register::seen)
            .unwrap_or_default(),
        field,
        value,
    });
    desk.set_many(&doc.id, edits.collect(), None)?;
    Ok(())
}

fn fields(
    args: &Args,
    kind: &str,
    options: &[(&str, &str)],
) -> Result<BTreeMap<String, Value>, CommandError> {
    let mut fields = BTreeMap::new();
    for (option, register) in options {
        if let Some(text) = args.option(option) {
            fields.insert((*register).to_owned(), value::read(kind, register, text)?);
        }
    }
    Ok(fields)
}

/// The version that a word names: its number, with or without `V`, or its id.
pub(super) fn find<'a>(standing: &'a Standing, word: &str) -> Result<&'a VersionRow, CommandError> {
    let mut fitting = standing.versions.iter().filter(|version| {
        version.id.as_str() == word || bare_number(&version.number) == bare_number(word)
    });
    match (fitting.next(), fitting.next()) {
        (Some(version), None) => Ok(version),
        (Some(one), Some(other)) => {
            let ids = fitting.map(|version| version.id.as_str());
            let ids: Vec<&str> = [one.id.as_str(), other.id.as_str()]
                .into_iter()
                .chain(ids)
                .collect();
            Err(Failure::new(FailureKind::Refused, "cli.twoVersions")
                .with("version", word)
                .with("ids", ids.join(", "))
                .into())
        }
        _ => Err(no_version(word).into()),
    }
}

fn no_version(word: &str) -> Failure {
    Failure::new(FailureKind::NotFound, "cli.noVersion").with("version", word)
}

/// The version that a word names; `working` (or no word) is the working text.
pub(super) fn find_side(
    standing: &Standing,
    word: Option<&str>,
) -> Result<Option<EntityId>, CommandError> {
    match word {
        None | Some("working" | "draft") => Ok(None),
        Some(word) => Ok(Some(find(standing, word)?.id.clone())),
    }
}
