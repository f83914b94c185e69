//! The office's own blank of a form of one's own set: attached, mapped, listed, removed. Each
//! change is a version of the set.

use super::blank::print;
use super::form_set::named;
use super::open;
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json};
use desk::{Desk, DeskError, KnownSet};
use model::formset::{BlankCell, SetForm};
use model::label;
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::work::blank::{self, BlankLook};
use rpc::work::{blank_edit, package};
use serde_json::json as value_of;
use std::path::Path;

/// A form of a set by key.
fn form<'a>(args: &Args, one: &'a mut KnownSet) -> Result<&'a mut SetForm, CommandError> {
    let key = args.word(4, "FORM")?;
    let missing = || Failure::new(FailureKind::NotFound, "cli.noPath").with("path", key);
    let found = one.set.forms.iter_mut().find(|form| form.key == key);
    Ok(found.ok_or_else(missing)?)
}

/// The set that words name, as it is changed.
fn opened(args: &Args) -> Result<(Desk, KnownSet), CommandError> {
    let desk = open(args)?;
    let known = desk.form_sets()?;
    let one = named(args, 3, &known)?.clone();
    Ok((desk, one))
}

/// Keeps a further version of a set.
fn save(args: &Args, desk: &mut Desk, one: KnownSet, why: &str) -> Result<String, CommandError> {
    let mut set = one.set;
    let from = format!("{} {}", set.key, set.version);
    set.version = desk.form_set_version(&set.key)?;
    desk.form_set_save(&set, &from, args.option("why").unwrap_or(why))?;
    Ok(set.version)
}

/// Gives a form its blank. What was mapped stays where the places are still there.
pub(super) fn attach(args: &Args) -> Result<Outcome, CommandError> {
    let (mut desk, mut one) = opened(args)?;
    let (name, kind, bytes) = blank_edit::read(Path::new(args.word(5, "FILE")?))?;
    let form = form(args, &mut one)?;
    let before = match &form.blank {
        Some(before) => desk.blank_read(&before.sha256).ok(),
        None => None,
    };
    let file = (name.as_str(), kind, bytes.as_slice());
    let taken = blank_edit::take(file, form, before.as_deref(), &package::helper()?)?;
    form.blank = Some(taken.blank.clone());
    if args.flag("proposed") {
        blank_edit::agree(form, &taken.look);
    }
    let n_cells = form.blank.as_ref().map_or(0, |blank| blank.cells.len());
    desk.blank_offer(&name, bytes)?;
    let lang = machine::lang();
    let why = label!("blank.why.attached").fill(lang, &[("file", &name)]);
    let version = save(args, &mut desk, one, &why)?;
    if args.flag("json") {
        json(&value_of!({
            "version": version, "sha256": taken.blank.sha256, "places": taken.look.places.len(),
            "mapped": n_cells, "moved": taken.moved, "lost": taken.lost,
        }));
        return Ok(Outcome::Good);
    }
    let (n, places) = (n_cells.to_string(), taken.look.places.len().to_string());
    let params = [("file", name.as_str()), ("n", &n), ("places", &places)];
    println!(
        "{version}  {}",
        label!("blank.attached").fill(lang, &params)
    );
    for at in &taken.lost {
        eprintln!("{}", label!("blank.lost").fill(lang, &[("at", at)]));
    }
    Ok(Outcome::Good)
}

/// A blank as it is here.
fn looked(desk: &Desk, form: &SetForm) -> Result<(BlankLook, Vec<u8>), CommandError> {
    let none = || Failure::new(FailureKind::NotFound, "blank.none");
    let own = form.blank.as_ref().ok_or_else(none)?;
    let bytes = desk.blank_read(&own.sha256).map_err(|error| match error {
        DeskError::FileElsewhere => {
            Failure::new(FailureKind::NotFound, "blank.elsewhere").with("file", &own.name)
        }
        error => error.into(),
    })?;
    let found = blank::look(own.kind, &bytes, Some(form), &package::helper()?)?;
    Ok((found, bytes))
}

/// Says which places take which fields: pairs of words; `-` for a field leaves the place blank.
pub(super) fn map(args: &Args) -> Result<Outcome, CommandError> {
    let (mut desk, mut one) = opened(args)?;
    let form = form(args, &mut one)?;
    let (found, bytes) = looked(&desk, form)?;
    let pairs = args.rest(5);
    if pairs.is_empty() || !pairs.len().is_multiple_of(2) {
        return Err(UsageError::wanted("PLACE FIELD …", "").into());
    }
    for pair in pairs.chunks_exact(2) {
        if let [at, field] = pair {
            let field = if field == "-" { "" } else { field };
            blank_edit::map(form, &found, &bytes, at, field)?;
        }
    }
    let n = form.blank.as_ref().map_or(0, |blank| blank.cells.len());
    let name = form.name.text(machine::lang()).to_owned();
    let why = label!("blank.why.mapped").fill(machine::lang(), &[("form", &name)]);
    let version = save(args, &mut desk, one, &why)?;
    if args.flag("json") {
        json(&value_of!({"version": version, "mapped": n}));
    } else {
        println!("{version}  {n}");
    }
    Ok(Outcome::Good)
}

/// Takes the blank of a form away: the form is printed as ours again.
pub(super) fn remove(args: &Args) -> Result<Outcome, CommandError> {
    let (mut desk, mut one) = opened(args)?;
    let form = form(args, &mut one)?;
    let none = || Failure::new(FailureKind::NotFound, "blank.none");
    let own = form.blank.take().ok_or_else(none)?;
    let why = label!("blank.why.removed").fill(machine::lang(), &[("file", &own.name)]);
    println!("{}", save(args, &mut desk, one, &why)?);
    Ok(Outcome::Good)
}

/// Lists the blanks of a set with their mappings; of one form also the places that take nothing.
pub(super) fn list(args: &Args) -> Result<Outcome, CommandError> {
    let (desk, mut one) = opened(args)?;
    if args.words.len() > 4 {
        let form = form(args, &mut one)?;
        let (mut found, _) = looked(&desk, form)?;
        let cells: &[BlankCell] = form.blank.as_ref().map_or(&[], |blank| &blank.cells);
        let mapped = |at: &str| cells.iter().find(|cell| cell.at == at);
        if args.flag("json") {
            json(&value_of!({"look": found, "cells": cells}));
            return Ok(Outcome::Good);
        }
        for cell in cells {
            println!("{}\t{}", cell.at, cell.field);
        }
        found.places.retain(|one| mapped(&one.place.at).is_none());
        print(&found);
        return Ok(Outcome::Good);
    }
    let with = one.set.forms.iter().filter(|form| form.blank.is_some());
    if args.flag("json") {
        let rows = with.map(|form| value_of!({"form": form.key, "blank": form.blank}));
        json(&rows.collect::<Vec<_>>());
        return Ok(Outcome::Good);
    }
    for form in with {
        if let Some(blank) = &form.blank {
            println!("{}\t{}\t{}", form.key, blank.name, blank.cells.len());
        }
    }
    Ok(Outcome::Good)
}
