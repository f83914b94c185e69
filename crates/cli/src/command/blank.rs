//! An office's own blank, looked through before it is given to a form.

use super::blank_set;
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json};
use model::formset::{self, SetForm};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::work::blank::BlankLook;
use rpc::work::{blank, blank_edit, package};
use std::path::Path;

/// A blank of a set, or a file that may become one.
pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(2, "attach|map|list|remove|FILE")? {
        "attach" => blank_set::attach(args),
        "map" => blank_set::map(args),
        "list" => blank_set::list(args),
        "remove" => blank_set::remove(args),
        file => look(args, file),
    }
}

/// Lists the places of a blank with the words beside them, and the fields of a form that are like
/// them: nothing but proposals.
fn look(args: &Args, file: &str) -> Result<Outcome, CommandError> {
    let missing = |path: &str| Failure::new(FailureKind::NotFound, "cli.noPath").with("path", path);
    let (_, kind, bytes) = blank_edit::read(Path::new(file))?;
    let form: Option<&SetForm> = match args.option("form") {
        Some(path) => {
            let Some((set, key)) = path.split_once('/') else {
                return Err(UsageError::wanted("--form SET/FORM", "").into());
            };
            let set = formset::newest(&[], set);
            Some(
                set.and_then(|set| set.form(key))
                    .ok_or_else(|| missing(path))?,
            )
        }
        None => None,
    };
    let found = blank::look(kind, &bytes, form, &package::helper()?)?;
    if args.flag("json") {
        json(&found);
        return Ok(Outcome::Good);
    }
    print(&found);
    Ok(Outcome::Good)
}

/// Places with the words beside them and what is proposed for them; the pages of a PDF.
pub(super) fn print(found: &BlankLook) {
    let lang = machine::lang();
    for one in &found.places {
        let said = match one.place.says.as_str() {
            "" => one.place.label.clone(),
            says => format!("{} □ {says}", one.place.label),
        };
        match &one.label {
            Some(label) => println!(
                "{}\t{said}\t{} ({}) {} %?",
                one.place.at,
                one.field,
                label.text(lang),
                one.likeness
            ),
            None => println!("{}\t{said}", one.place.at),
        }
    }
    for ((width, height), page) in found.pages.iter().zip(1..) {
        println!("page:{page}@0,0,{width},{height}");
    }
}
