//! Commands that read the text of a protocol: its headings, the text itself, what is missing.

use super::{open, study_doc};
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json};
use model::completeness::{self, CheckRow, CheckSheet};
use model::outline::{self, OutlineRow, OutlineStatus};
use model::{Lang, label};
use rpc::work::registry;

pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(1, "protocol outline|text|check")? {
        "outline" => outline(args),
        "text" => text(args),
        "check" => check(args),
        other => Err(UsageError::no_command("protocol", other).into()),
    }
}

fn outline(args: &Args) -> Result<Outcome, CommandError> {
    let lang = lang_of(args)?;
    let doc = study_doc(&mut open(args)?, args.word(2, "STUDY")?)?;
    let rows = outline::outline(&doc);
    if args.flag("json") {
        json(&rows);
        return Ok(Outcome::Good);
    }
    for row in rows {
        println!("{}", outline_line(&row, lang));
    }
    Ok(Outcome::Good)
}

fn outline_line(row: &OutlineRow, lang: Lang) -> String {
    let indent = "  ".repeat(usize::from(row.level.saturating_sub(1)));
    let other = if lang == Lang::Zh { Lang::En } else { Lang::Zh };
    let title = match row.title.text(lang) {
        "" => row.title.text(other),
        title => title,
    };
    let state = match row.status {
        OutlineStatus::Written => {
            let n = [
                row.blocks,
                row.zh_characters,
                row.en_characters,
                row.outdated,
            ];
            let [blocks, zh, en, outdated] = n.map(|n| n.to_string());
            let values = [
                ("blocks", blocks.as_str()),
                ("zh", &zh),
                ("en", &en),
                ("outdated", &outdated),
            ];
            let label = if row.outdated > 0 {
                label!("check.writtenOutdated")
            } else {
                label!("check.written")
            };
            label.fill(lang, &values)
        }
        OutlineStatus::Empty => label!("check.status.empty").text(lang).to_owned(),
        OutlineStatus::NotApplicable => {
            label!("check.notApplicable").fill(lang, &[("why", &row.reason)])
        }
    };
    format!("{indent}{title}  [{state}]")
}

fn text(args: &Args) -> Result<Outcome, CommandError> {
    let lang = lang_of(args)?;
    let doc = study_doc(&mut open(args)?, args.word(2, "STUDY")?)?;
    let text = outline::text(&doc, lang);
    if args.flag("json") {
        json(&serde_json::json!({ "study": doc.id, "lang": lang, "text": text }));
    } else {
        print!("{text}");
    }
    Ok(Outcome::Good)
}

fn check(args: &Args) -> Result<Outcome, CommandError> {
    let lang = lang_of(args)?;
    let doc = study_doc(&mut open(args)?, args.word(2, "STUDY")?)?;
    let template = args.option("template");
    let template = template.unwrap_or_else(|| completeness::template_of(&doc));
    let sheet = registry::check(&doc, template)?;
    if args.flag("json") {
        json(&sheet);
        return Ok(Outcome::Good);
    }
    println!("{}", sheet.name.text(lang));
    println!(
        "{}",
        source(sheet.source.text(lang), &sheet.verification, lang)
    );
    let mut group = "";
    for row in &sheet.rows {
        if row.group != group {
            group = &row.group;
            println!("\n{}", word("check.group", group, lang));
        }
        println!("{}", check_line(row, lang));
    }
    println!("\n{}", counts(&sheet, lang));
    Ok(Outcome::Good)
}

/// The language that `--lang` names, else that of this machine.
pub(super) fn lang_of(args: &Args) -> Result<Lang, UsageError> {
    match args.option("lang") {
        None => Ok(machine::lang()),
        Some("zh") => Ok(Lang::Zh),
        Some("en") => Ok(Lang::En),
        Some(other) => Err(UsageError::wanted("--lang zh|en", other)),
    }
}

/// Where a list comes from, and whether somebody compared it with its source.
pub(super) fn source(source: &str, verification: &str, lang: Lang) -> String {
    let checked = word("check.verification", verification, lang);
    format!("{source} [{checked}]")
}

fn check_line(row: &CheckRow, lang: Lang) -> String {
    let indent = "  ".repeat(usize::from(row.level));
    let title = row.title.text(lang);
    let number = if title.starts_with(row.number.as_str()) {
        ""
    } else {
        &row.number
    };
    let mut line = format!("{indent}{} {number}", mark(row))
        .trim_end()
        .to_owned();
    line.push(' ');
    line.push_str(title);
    if !row.code.is_empty() {
        line.push_str(&format!(" ({})", row.code));
    }
    let remarks = row.remarks.iter();
    let mut notes: Vec<String> = remarks
        .map(|remark| word("check.remark", remark.code(), lang).to_owned())
        .collect();
    if !row.reason.is_empty() {
        notes.push(row.reason.clone());
    }
    if !notes.is_empty() {
        line.push_str(": ");
        line.push_str(&notes.join("; "));
    }
    line
}

/// One sign for each state.
fn mark(row: &CheckRow) -> &'static str {
    match row.status.code() {
        "met" => "✓",
        "partly" => "◐",
        "notApplicable" => "–",
        _ => "·",
    }
}

fn counts(sheet: &CheckSheet, lang: Lang) -> String {
    let n = &sheet.counts;
    let said = |key: &str, n: u32| format!("{} {n}", word("check.status", key, lang));
    [
        format!("✓ {}", said("met", n.met)),
        format!("◐ {}", said("partly", n.partly)),
        format!("· {}", said("empty", n.empty)),
        format!("– {}", said("notApplicable", n.not_applicable)),
        label!("check.outdated").fill(lang, &[("n", &n.outdated.to_string())]),
    ]
    .join("  ")
}

/// The words of a code; the code itself when there are none.
fn word<'a>(area: &str, code: &'a str, lang: Lang) -> &'a str {
    label::get(&format!("{area}.{code}")).map_or(code, |label| label.text(lang))
}
