//! Commands about the sheets of registries.

use super::protocol::{lang_of, source};
use super::{open, study_doc};
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json};
use model::registry::SheetRow;
use model::{Lang, label};
use rpc::work::registry;

pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(1, "registry sheet|note")? {
        "sheet" => sheet(args),
        "note" => note(args),
        other => Err(UsageError::no_command("registry", other).into()),
    }
}

fn sheet(args: &Args) -> Result<Outcome, CommandError> {
    let lang = lang_of(args)?;
    let doc = study_doc(&mut open(args)?, args.word(2, "STUDY")?)?;
    let sheet = registry::sheet(&doc, args.word(3, "who|chictr|nmr")?)?;
    if args.flag("json") {
        json(&sheet);
        return Ok(Outcome::Good);
    }
    println!("{}", sheet.name.text(lang));
    println!(
        "{}",
        source(sheet.source.text(lang), &sheet.verification, lang)
    );
    let mut page = String::new();
    for row in &sheet.rows {
        if row.page.text(lang) != page {
            row.page.text(lang).clone_into(&mut page);
            println!("\n{page}");
        }
        print_row(row, lang);
    }
    let n = [sheet.n_missing, sheet.n_changed].map(|n| n.to_string());
    let [missing, changed] = &n;
    println!(
        "\n{}",
        label!("registry.missing").fill(lang, &[("n", missing)])
    );
    if !sheet.uploaded_on.is_empty() {
        let values = [("n", changed.as_str()), ("date", &sheet.uploaded_on)];
        println!("{}", label!("registry.changed").fill(lang, &values));
    }
    Ok(Outcome::Good)
}

fn print_row(row: &SheetRow, lang: Lang) {
    let mut name = row.label.text(lang).to_owned();
    if row.repeat > 0 {
        name.push_str(&format!(" {}", row.repeat));
    }
    let mut marks = Vec::new();
    for (is, label) in [
        (row.missing, label!("registry.isMissing")),
        (row.unresolved, label!("registry.unresolved")),
        (row.changed, label!("registry.isChanged")),
    ] {
        if is {
            marks.push(label.text(lang));
        }
    }
    let marks = match marks.join(", ") {
        marks if marks.is_empty() => marks,
        marks => format!(" [{marks}]"),
    };
    println!("{} {name}{marks}", row.number);
    let mut said = vec![&row.zh, &row.en];
    said.dedup();
    for text in said.into_iter().filter(|text| !text.is_empty()) {
        for line in text.lines() {
            println!("    {line}");
        }
    }
}

fn note(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let name = args.word(3, "who|chictr|nmr")?;
    let values = registry::values(&doc, name)?;
    let date = match args.option("date") {
        Some(date) => date.to_owned(),
        None => machine::env().today(),
    };
    let remark = args.option("note").unwrap_or_default();
    desk.upload_note(&doc.id, name, &date, &values, remark)?;
    if args.flag("json") {
        json(&serde_json::json!({ "registry": name, "date": date, "values": values.len() }));
    }
    Ok(Outcome::Good)
}
