//! Commands about working days.

use super::open;
use crate::args::{Args, UsageError};
use crate::output::{CommandError, Outcome, json};
use chrono::{Datelike as _, NaiveDate};
use model::calendar::{Calendar, WORKING_DAYS_MAX};
use rpc::Failure;
use rpc::failure::FailureKind;
use std::path::Path;

/// `workdays --from DATE --add N`: the N-th working day after a day, which is not counted itself.
///
/// With a vault, its loaded years count as well.
pub(super) fn workdays(args: &Args) -> Result<Outcome, CommandError> {
    let from = args.required("from")?;
    let from: NaiveDate = from
        .parse()
        .map_err(|_| UsageError::wanted("--from YYYY-MM-DD", from))?;
    let n = args.required("add")?;
    let n: i64 = n.parse().map_err(|_| UsageError::wanted("--add N", n))?;
    let calendar = match args.option("vault") {
        Some(_) => open(args)?.calendar()?,
        None => Calendar::builtin().clone(),
    };
    let counted = calendar.add_working_days(from, n);
    let counted = counted.filter(|counted| (1..=9999).contains(&counted.date.year()));
    let counted = counted.ok_or_else(|| {
        Failure::new(FailureKind::Invalid, "cli.tooFar").with("max", WORKING_DAYS_MAX)
    })?;
    let date = counted.date.to_string();
    if args.flag("json") {
        json(&serde_json::json!({ "date": date, "provisional": counted.provisional }));
    } else if counted.provisional {
        let year = model::label!("cli.provisional").text(crate::machine::lang());
        println!("{date} ({year})");
    } else {
        println!("{date}");
    }
    Ok(Outcome::Good)
}

/// `calendar list|load|forget`: the years whose working days are known.
pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    match args.word(1, "calendar list|load|forget")? {
        "list" => {}
        "load" => {
            let bytes = rpc::work::plan::read_year(Path::new(args.word(2, "FILE")?))?;
            desk.calendar_load(&bytes)?;
        }
        "forget" => {
            let year = args.word(2, "YEAR")?;
            let year = year.parse().map_err(|_| UsageError::wanted("YEAR", year))?;
            desk.calendar_forget(year)?;
        }
        other => return Err(UsageError::no_command("calendar", other).into()),
    }
    let years = desk.calendar_years()?;
    if args.flag("json") {
        json(&years);
        return Ok(Outcome::Good);
    }
    let lang = crate::machine::lang();
    for row in years {
        let from = match row.from.as_str() {
            "builtin" => model::label!("plan.year.builtin"),
            "loaded" => model::label!("plan.year.loaded"),
            "center" => model::label!("plan.year.center"),
            _ => model::label!("plan.year.missing"),
        };
        println!("{}  {}", row.year, from.text(lang));
    }
    Ok(Outcome::Good)
}
