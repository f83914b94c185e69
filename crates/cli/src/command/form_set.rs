//! Commands about form sets.

use super::open;
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json};
use desk::{Edit, KnownSet};
use model::formset::Fault;
use model::{Lang, code};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::work::formset as work;
use serde_json::json as value_of;
use std::path::Path;

pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(1, "form-set list|show|export|import|use|check|blank")? {
        "blank" => super::blank::run(args),
        "list" => list(args),
        "show" => show(args),
        "export" => export(args),
        "import" => import(args),
        "use" => point(args),
        "check" => check(args),
        other => Err(UsageError::no_command("form-set", other).into()),
    }
}

fn list(args: &Args) -> Result<Outcome, CommandError> {
    let desk = open(args)?;
    let known = desk.form_sets()?;
    if args.flag("json") {
        let rows = known.iter().map(|one| {
            let hospitals: Vec<&str> = one
                .hospitals
                .iter()
                .map(|(_, name)| name.as_str())
                .collect();
            value_of!({
                "key": one.set.key, "version": one.set.version, "name": one.set.name,
                "verification": one.set.verification, "validFrom": one.set.valid_from,
                "shipped": one.entry.is_none(), "newest": one.newest, "rival": one.rival,
                "submissions": one.n_submissions, "hospitals": hospitals,
                "from": one.from, "reason": one.reason,
            })
        });
        json(&rows.collect::<Vec<_>>());
        return Ok(Outcome::Good);
    }
    known.iter().for_each(line);
    Ok(Outcome::Good)
}

fn line(one: &KnownSet) {
    let lang = machine::lang();
    let set = &one.set;
    let verification = code::text("verification", &set.verification, lang);
    let rival = if one.rival { " ◆" } else { "" };
    let hospitals: Vec<&str> = one
        .hospitals
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    println!(
        "{} {}{rival}  {} ({verification})  {}  {}",
        set.key,
        set.version,
        set.name.text(lang),
        set.valid_from,
        hospitals.join(", ")
    );
}

/// The version that words name; without a version, the newest.
pub(super) fn named<'a>(
    args: &Args,
    at: usize,
    known: &'a [KnownSet],
) -> Result<&'a KnownSet, CommandError> {
    let key = args.word(at, "KEY")?;
    let version = args.option("version").unwrap_or_default();
    let missing = || Failure::new(FailureKind::NotFound, "failure.noFormSetHere").with("key", key);
    Ok(work::find(known, key, version).ok_or_else(missing)?)
}

fn show(args: &Args) -> Result<Outcome, CommandError> {
    let desk = open(args)?;
    let known = desk.form_sets()?;
    let one = named(args, 2, &known)?;
    if args.flag("json") {
        json(&one.set);
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    line(one);
    println!("{}", one.set.source);
    for list in &one.set.lists {
        let types = list.types.iter();
        let types = types.map(|kind| code::text("submissionType", kind, lang));
        let types: Vec<&str> = types.collect();
        let grade = |word: &str| code::text("verification", word, lang).to_owned();
        let name = list.name.text(lang);
        println!(
            "{name} ({}) ({})",
            types.join(", "),
            grade(&list.verification)
        );
        for (item, no) in list.items.iter().zip(1..) {
            let own = item.verification.as_ref();
            let own = own.map_or_else(String::new, |word| format!(" ({})", grade(word)));
            println!("  {no} {}{own}", item.name.text(lang));
        }
    }
    for form in &one.set.forms {
        let grade = code::text("verification", &form.verification, lang);
        println!("{} ({grade})", form.name.text(lang));
        for (_, field) in form.fields() {
            println!("  {}", field.label.text(lang));
        }
    }
    Ok(Outcome::Good)
}

fn export(args: &Args) -> Result<Outcome, CommandError> {
    let out = args.out()?;
    let desk = open(args)?;
    let known = desk.form_sets()?;
    let one = named(args, 2, &known)?;
    rpc::places::write_file(&out, &work::to_file(&one.set))?;
    println!("{}", out.display());
    Ok(Outcome::Good)
}

fn import(args: &Args) -> Result<Outcome, CommandError> {
    let path = args.word(2, "FILE")?.to_owned();
    let set = match work::from_file(Path::new(&path))? {
        Ok(set) => set,
        Err(faults) => return refuse(args, &faults),
    };
    let mut desk = open(args)?;
    let why = args.option("why").unwrap_or_default();
    let (id, _) = desk.form_set_save(&set, "", why)?;
    if args.flag("json") {
        json(&value_of!({"entry": id, "key": set.key, "version": set.version}));
    } else {
        println!("{} {}", set.key, set.version);
    }
    Ok(Outcome::Good)
}

/// Lets a partner hospital start from a set.
fn point(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let known = desk.form_sets()?;
    let key = named(args, 2, &known)?.set.key.clone();
    let (id, _) = desk.partner(args.required("hospital")?)?;
    let rows = desk.organisations()?;
    let row = rows.iter().find(|row| row.id == id);
    let Some(row) = row else {
        return Err(Failure::new(FailureKind::NotFound, "desk.error.notFound").into());
    };
    let before = desk.register(&row.directory, &id, "formSet")?;
    let heads = before.iter().flat_map(|register| &register.heads);
    let edit = Edit {
        entity: id.clone(),
        field: "formSet".to_owned(),
        value: key.as_str().into(),
        seen: heads.map(|head| head.op.clone()).collect(),
    };
    desk.set(&row.directory, edit, None)?;
    println!("{} {key}", row.name_zh);
    Ok(Outcome::Good)
}

fn check(args: &Args) -> Result<Outcome, CommandError> {
    match work::from_file(Path::new(args.word(2, "FILE")?))? {
        Ok(set) => {
            if args.flag("json") {
                json(&value_of!([]));
            } else {
                println!("{} {}", set.key, set.version);
            }
            Ok(Outcome::Good)
        }
        Err(faults) => refuse(args, &faults),
    }
}

/// Says everything that is wrong; nothing is kept.
fn refuse(args: &Args, faults: &[Fault]) -> Result<Outcome, CommandError> {
    let lang: Lang = machine::lang();
    if args.flag("json") {
        let rows = faults.iter().map(
            |fault| value_of!({"place": fault.place, "code": fault.code, "text": fault.text(lang)}),
        );
        json(&rows.collect::<Vec<_>>());
        return Ok(Outcome::Partly);
    }
    for fault in faults {
        eprintln!("{}", fault.text(lang));
    }
    Err(work::refusal(faults, lang).into())
}
