//! Commands about members of a study, laptops, and what was kept for review.

use super::{exchange::runtime, open, register_words, study_id};
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json, shown};
use desk::Desk;
use model::StudyId;
use model::review::{HeldCommit, ReviewState};
use rpc::request::{MemberChange, MemberSet};
use rpc::response::MemberList;
use rpc::work::people::{Way, or_kept};

/// A role in the words of the labels; the word itself where there are none.
fn role_name(role: Option<&str>) -> String {
    let key = format!("member.role.{}", role.unwrap_or("ended"));
    match model::label::get(&key) {
        Some(label) => label.text(machine::lang()).to_owned(),
        None => role.unwrap_or_default().to_owned(),
    }
}

/// `pidesk study members`.
pub(super) fn members(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let study = study_id(&mut desk, args.word(2, "STUDY")?)?;
    let list = ask(&mut desk, &study)?;
    show(args, &list)
}

fn ask(desk: &mut Desk, study: &StudyId) -> Result<MemberList, CommandError> {
    let way = Way::of(desk, &machine::env())?;
    let asked = runtime().block_on(way.members(study));
    Ok(or_kept(desk, study, asked)?)
}

fn show(args: &Args, list: &MemberList) -> Result<Outcome, CommandError> {
    if args.flag("json") {
        json(list);
        return Ok(Outcome::Good);
    }
    for member in &list.members {
        let role = role_name(member.role.as_deref());
        let day = member.since.get(..10).unwrap_or_default();
        println!("{}\t{role}\t{day}\t{}", member.name, member.by);
    }
    if list.is_kept {
        let words = model::label::get("member.kept").map(|l| l.text(machine::lang()));
        println!("{} {}", words.unwrap_or_default(), list.as_of);
    }
    Ok(Outcome::Good)
}

/// `pidesk study share|unshare|replace|hand-over`: one step at the center, all of it or nothing.
pub(super) fn change(args: &Args) -> Result<Outcome, CommandError> {
    let set = |account: &str, role: Option<&str>| MemberSet {
        account: account.to_owned(),
        role: role.map(str::to_owned),
    };
    let mut desk = open(args)?;
    let study = study_id(&mut desk, args.word(2, "STUDY")?)?;
    let changes = match args.word(1, "study share|unshare|replace|hand-over")? {
        "share" => vec![set(args.required("with")?, Some(args.required("role")?))],
        "unshare" => vec![set(args.required("with")?, None)],
        "replace" => {
            let (old, new) = (args.required("from")?, args.required("with")?);
            let list = ask(&mut desk, &study)?;
            let is_old = |m: &&rpc::response::MemberRow| m.name == old || m.user == old;
            let role = list.members.iter().find(is_old);
            let role = role.and_then(|member| member.role.clone());
            vec![set(old, None), set(new, role.as_deref())]
        }
        _ => {
            let own = desk.center()?.map(|link| link.user).unwrap_or_default();
            let then = Some(args.option("role").unwrap_or("co-investigator"));
            let then = then.filter(|role| *role != "none");
            vec![set(args.required("with")?, Some("pi")), set(&own, then)]
        }
    };
    let why = args.option("why").unwrap_or_default().to_owned();
    let way = Way::of(&mut desk, &machine::env())?;
    runtime().block_on(way.change_members(&MemberChange {
        study: study.clone(),
        changes,
        why,
    }))?;
    let list = ask(&mut desk, &study)?;
    show(args, &list)
}

/// `pidesk device list|name|revoke`.
pub(super) fn device(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let way = Way::of(&mut desk, &machine::env())?;
    let runtime = runtime();
    let devices = runtime.block_on(way.devices())?.devices;
    // The beginning of an id, or the name, is enough.
    let find = |word: &str| {
        let mut fit = devices.iter().filter(|row| {
            let short = row.device.trim_start_matches("sha256:");
            row.device == word || row.label == word || (word.len() >= 6 && short.starts_with(word))
        });
        match (fit.next(), fit.next()) {
            (Some(row), None) => Ok(row.device.clone()),
            _ => Err(UsageError::wanted("DEVICE (device list)", word)),
        }
    };
    match args.word(1, "device list|name|revoke")? {
        "list" => {}
        "name" => {
            let device = find(args.word(2, "DEVICE")?)?;
            runtime.block_on(way.name_device(&device, args.word(3, "NAME")?))?;
        }
        "revoke" => {
            let device = find(args.word(2, "DEVICE")?)?;
            runtime.block_on(way.revoke_device(&device))?;
        }
        other => return Err(UsageError::no_command("device", other).into()),
    }
    let list = runtime.block_on(way.devices())?;
    if args.flag("json") {
        json(&list);
        return Ok(Outcome::Good);
    }
    for row in &list.devices {
        let id = row.device.trim_start_matches("sha256:");
        let id = id.get(..12).unwrap_or(id);
        let seen = row.seen.as_deref().unwrap_or("—");
        let mark = match (&row.revoked, row.is_this) {
            (Some(_), _) => "✗",
            (None, true) => "*",
            (None, false) => "",
        };
        println!("{id}\t{}\t{seen}\t{mark}", row.label);
    }
    Ok(Outcome::Good)
}

/// `pidesk review list|adopt|dismiss`.
pub(super) fn review(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let verb = args.word(1, "review list|adopt|dismiss")?;
    if verb == "list" {
        let study = match args.words.get(2) {
            Some(word) => Some(study_id(&mut desk, word)?),
            None => None,
        };
        let held = desk.held(study.as_ref())?;
        return show_held(args, &held);
    }
    let study = study_id(&mut desk, args.word(2, "STUDY")?)?;
    let wanted = args.word(3, "ID|all")?;
    let is_wanted = |one: &&HeldCommit| {
        let short = one.id.trim_start_matches("sha256:");
        wanted == "all" || one.id == wanted || (wanted.len() >= 6 && short.starts_with(wanted))
    };
    let held = desk.held(Some(&study))?;
    let open = held.iter().filter(|one| one.state == ReviewState::Open);
    let mut ids: Vec<String> = open.filter(is_wanted).map(|one| one.id.clone()).collect();
    if ids.is_empty() && wanted != "all" {
        ids.push(wanted.to_owned());
    }
    match verb {
        "adopt" => desk.adopt(&study, &ids, args.option("why"))?,
        "dismiss" => desk.dismiss(&study, &ids, args.required("why")?)?,
        other => return Err(UsageError::no_command("review", other).into()),
    };
    let held = desk.held(Some(&study))?;
    show_held(args, &held)
}

fn show_held(args: &Args, held: &[HeldCommit]) -> Result<Outcome, CommandError> {
    if args.flag("json") {
        json(&held);
        return Ok(Outcome::Good);
    }
    for one in held {
        let id = one.id.trim_start_matches("sha256:");
        let id = id.get(..12).unwrap_or(id);
        let key = match one.state {
            ReviewState::Open => "review.open",
            ReviewState::Adopted => "review.adopted",
            ReviewState::Dismissed => "review.dismissed",
        };
        let state = model::label::get(key).map(|label| label.text(machine::lang()));
        let why = one.why.as_deref().unwrap_or_default();
        println!("{id}\t{}\t{}\t{why}", one.by, state.unwrap_or_default());
        for change in &one.changes {
            let lang = machine::lang();
            let value = |value| shown(&change.kind, &change.field, value, lang);
            let (now, to) = (value(&change.now), value(&change.to));
            let field = register_words(&change.kind, &change.field);
            println!("\t{} · {field}: {now} → {to}", change.entity_name);
        }
    }
    Ok(Outcome::Good)
}
