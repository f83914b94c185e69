//! An office's own blank, looked through before it is given to a form.

use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json};
use model::formset::{self, BlankKind, SetForm};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::work::{blank, package};

/// Lists the places of a blank with the words beside them, and the fields of a form that are like
/// them: nothing but proposals.
pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    let file = args.word(2, "FILE")?;
    let missing = |path: &str| Failure::new(FailureKind::NotFound, "cli.noPath").with("path", path);
    let kind = BlankKind::of_name(file);
    let kind = kind.ok_or_else(|| Failure::new(FailureKind::Invalid, "blank.refused.otherKind"))?;
    let bytes = std::fs::read(file).map_err(|_| missing(file))?;
    let form: Option<&SetForm> = match args.option("form") {
        Some(path) => {
            let Some((set, key)) = path.split_once('/') else {
                return Err(UsageError("--form SET/FORM wanted".into()).into());
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
    Ok(Outcome::Good)
}
