//! Commands about the vault itself.

use super::open;
use crate::args::Args;
use crate::machine;
use crate::output::{CommandError, Outcome, json, say};
use desk::{Desk, Profile};
use model::label;
use std::path::PathBuf;

pub(super) fn init(args: &Args) -> Result<Outcome, CommandError> {
    let dir = args.vault()?;
    let passphrase = machine::passphrase()?;
    let name = args.option("name").unwrap_or_default().to_owned();
    let is_chinese = !name.is_ascii();
    let profile = Profile {
        name_zh: if is_chinese {
            name.clone()
        } else {
            String::new()
        },
        name_en: if is_chinese { String::new() } else { name },
        hospital: args.option("hospital").unwrap_or_default().to_owned(),
        role: args.option("role").unwrap_or("pi").to_owned(),
    };
    let (desk, code) = Desk::create(
        &dir,
        &passphrase,
        machine::kdf(),
        machine::env(),
        profile,
        false,
    )?;
    drop(desk);
    if args.flag("json") {
        json(&serde_json::json!({ "vault": dir, "recoveryCode": code.as_str() }));
    } else {
        say(label!("cli.vault"), dir.display());
        say(label!("cli.recoveryCode"), code.as_str());
    }
    Ok(Outcome::Good)
}

pub(super) fn sample(args: &Args) -> Result<Outcome, CommandError> {
    let dir = args.vault()?;
    drop(rpc::work::sample::create(
        &dir,
        machine::kdf(),
        &machine::env(),
    )?);
    say(label!("cli.vault"), dir.display());
    say(label!("cli.passphrase"), rpc::work::sample::PASSPHRASE);
    Ok(Outcome::Good)
}

pub(super) fn verify(args: &Args) -> Result<Outcome, CommandError> {
    let desk = open(args)?;
    let report = desk.verify()?;
    let problems: Vec<String> = report
        .problems
        .iter()
        .map(|problem| problem.text(machine::lang()))
        .collect();
    if args.flag("json") {
        json(&serde_json::json!({
            "commits": report.commits,
            "signatures": report.signatures_checked,
            "projectionsEqual": report.projections_equal,
            "digest": report.digest,
            "problems": problems,
            "unfit": report.unfit,
        }));
    } else {
        say(label!("cli.commits"), report.commits);
        say(label!("cli.signatures"), report.signatures_checked);
        let equal = if report.projections_equal {
            label!("cli.rebuildSame")
        } else {
            label!("cli.rebuildOther")
        };
        say(equal, "");
        say(label!("cli.digest"), report.digest);
        for problem in &problems {
            say(label!("cli.problem"), problem);
        }
        for place in &report.unfit {
            say(label!("cli.unfit"), place);
        }
    }
    let good = problems.is_empty() && report.projections_equal;
    Ok(if good { Outcome::Good } else { Outcome::Partly })
}

pub(super) fn backup(args: &Args) -> Result<Outcome, CommandError> {
    let out = args.out()?;
    desk::backup::write(open(args)?.vault(), &out, &machine::env())?;
    println!("{}", out.display());
    Ok(Outcome::Good)
}

pub(super) fn restore(args: &Args) -> Result<Outcome, CommandError> {
    let file = PathBuf::from(args.word(1, "FILE")?);
    let dir = args.vault()?;
    desk::backup::restore(&file, &dir)?;
    println!("{}", dir.display());
    Ok(Outcome::Good)
}
