//! Commands that count days.

use crate::args::{Args, UsageError};
use crate::output::{CommandError, Outcome, json};
use chrono::NaiveDate;
use model::calendar::{Calendar, WORKING_DAYS_MAX};
use rpc::Failure;
use rpc::failure::FailureKind;

/// `workdays --from DATE --add N`: the N-th working day after a day, which is not counted itself.
pub(super) fn workdays(args: &Args) -> Result<Outcome, CommandError> {
    let from = args.required("from")?;
    let from: NaiveDate = from
        .parse()
        .map_err(|_| UsageError(format!("--from: YYYY-MM-DD wanted, not {from}")))?;
    let n = args.required("add")?;
    let n: i64 = n
        .parse()
        .map_err(|_| UsageError(format!("--add: a whole number wanted, not {n}")))?;
    let counted = Calendar::builtin()
        .add_working_days(from, n)
        .ok_or_else(|| {
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
