//! Commands about contacts, the directory, and milestones and days as files.

use super::{lang, open, register_words, study_id};
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json, say};
use desk::{Desk, PeopleFilter};
use model::milestone::incoming::MilestoneAct;
use model::{EntityId, Lang, StudyId, label};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::request::{ContactFormat, ContactRead, MilestoneRead, PdfLang, TableFormat};
use rpc::response::{ContactRow, LeftOutRow, MilestoneFileRow};
use rpc::work::{calendar, contact, milestones, table};
use std::collections::BTreeMap;
use std::path::Path;

pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(1, "contact import|export|list|exports")? {
        "import" => import(args),
        "export" => export(args),
        "list" => list(args),
        "exports" => exports(args),
        other => Err(UsageError::no_command("contact", other).into()),
    }
}

/// The study that `--study` names; `None` without it.
fn study(args: &Args, desk: &mut Desk) -> Result<Option<StudyId>, CommandError> {
    match args.option("study") {
        Some(word) => Ok(Some(study_id(desk, word)?)),
        None => Ok(None),
    }
}

/// One language, where both make no sense.
fn one_lang(args: &Args) -> Result<Lang, UsageError> {
    let standard = match machine::lang() {
        Lang::Zh => "zh",
        Lang::En => "en",
    };
    match lang(args, standard)? {
        PdfLang::Zh => Ok(Lang::Zh),
        PdfLang::En => Ok(Lang::En),
        PdfLang::Both => Err(UsageError::wanted("--lang zh|en", "both")),
    }
}

/// The ending of the file that `-o` names.
fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_lowercase()
}

fn words(key: &str) -> &str {
    model::label::get(key).map_or(key, |label| label.text(machine::lang()))
}

/// Says what letters were taken for where a file did not say it.
fn print_guess(charset: &str, guessed: bool) {
    if guessed {
        let said = label!("cli.charsetGuessed").fill(machine::lang(), &[("name", charset)]);
        eprintln!("{said}");
    }
}

fn print_left_out(rows: &[LeftOutRow]) {
    for row in rows {
        let (place, cell) = (format!("{}:{}", row.sheet, row.row), &row.value);
        eprintln!("{place} {} {cell}: {}", row.head, words(&row.reason));
    }
}

fn import(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let request = ContactRead {
        study: study(args, &mut desk)?,
        path: args.word(2, "FILE")?.to_owned(),
        charset: args.option("charset").map(str::to_owned),
        mapping: mapping(args)?,
    };
    let remembered = table::remembered(&desk)?;
    let mut read = contact::read(&request, remembered.as_ref())?;
    read.hold(&desk)?;
    let preview = read.preview(0);
    print_guess(&preview.charset, preview.guessed);
    let is_partial = !preview.left_out.is_empty() || preview.rows.is_empty();
    let outcome = if is_partial {
        Outcome::Partly
    } else {
        Outcome::Good
    };
    if preview.rows.is_empty() {
        eprintln!("{}", label!("cli.noContactRows").text(machine::lang()));
    }
    if args.flag("dry-run") {
        if args.flag("json") {
            json(&preview);
            return Ok(outcome);
        }
        for row in &preview.rows {
            let alike = row.alike.as_ref().map_or("", |alike| &alike.name);
            println!("{}  {}  {}", row.name, row.organisation, alike);
        }
        print_proposed(&preview.rows);
        print_left_out(&preview.left_out);
        return Ok(outcome);
    }
    let mut chosen = read.proposed();
    for row in same_rows(args)? {
        let person = preview.rows.get(row.wrapping_sub(1));
        let person = person.and_then(|found| found.person.as_ref());
        let choice = chosen.iter_mut().find(|one| one.row as usize + 1 == row);
        let (Some(person), Some(choice)) = (person, choice) else {
            let values = [("row", &*row.to_string())];
            return Err(UsageError::said(label!("cli.nobodyProposed"), &values).into());
        };
        choice.person = Some(person.id.clone());
    }
    let (taken, _) = read.take(&mut desk, &chosen)?;
    if args.flag("json") {
        json(&serde_json::json!({ "taken": taken, "leftOut": preview.left_out }));
    } else {
        say(label!("cli.added"), taken.added);
        say(label!("cli.completed"), taken.completed);
        say(label!("cli.organisations"), taken.organisations);
        print_left_out(&preview.left_out);
    }
    Ok(outcome)
}

/// Names whom of the directory contacts of a study may be, and how to say so.
fn print_proposed(rows: &[ContactRow]) {
    for (row, found) in (1_usize..).zip(rows) {
        if let Some(person) = &found.person {
            let named = [person.name.as_str(), person.organisation.as_str()];
            let named: Vec<&str> = named.into_iter().filter(|part| !part.is_empty()).collect();
            let sentence = label!("cli.contactMayBe");
            let values = [
                ("row", row.to_string()),
                ("name", found.name.clone()),
                ("person", named.join(" · ")),
            ];
            let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
            println!("{}", sentence.fill(machine::lang(), &values));
        }
    }
}

/// The rows of `--same 3,7`, from 1.
fn same_rows(args: &Args) -> Result<Vec<usize>, UsageError> {
    let words = args.options("same");
    let rows = words.iter().flat_map(|word| word.split(','));
    rows.map(|row| {
        let row = row.trim();
        row.parse()
            .map_err(|_| UsageError::wanted("--same ROW,ROW", row))
    })
    .collect()
}

fn export(args: &Args) -> Result<Outcome, CommandError> {
    let out = args.out()?;
    let format = ContactFormat::of(&ending(&out))
        .ok_or_else(|| UsageError::wanted("-o FILE.vcf|.zip|.csv|.xlsx", ""))?;
    let (to, why) = (args.required("to")?, args.required("why")?);
    let mut desk = open(args)?;
    let study = study(args, &mut desk)?;
    let mut given = contact::give(&desk, study.as_ref(), &[], format, one_lang(args)?)?;
    given.disclosure.to = to.to_owned();
    given.disclosure.purpose = why.to_owned();
    desk.disclose(&given.disclosure)?;
    rpc::places::write_file(&out, &given.bytes)?;
    println!("{} ({})", out.display(), given.disclosure.people.len());
    Ok(Outcome::Good)
}

fn list(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let Some(study) = study(args, &mut desk)? else {
        return people(args, &desk, args.rest(2));
    };
    let cards = desk.cards(Some(&study), &[], one_lang(args)?)?;
    if args.flag("json") {
        let rows = cards.iter().map(|card| {
            serde_json::json!({
                "id": card.uid, "name": card.name, "organisation": card.organisation,
                "department": card.department, "role": card.role,
                "phones": card.phones.iter().map(|phone| phone.line()).collect::<Vec<_>>(),
                "emails": card.emails, "wechat": card.wechat,
            })
        });
        json(&rows.collect::<Vec<_>>());
        return Ok(Outcome::Good);
    }
    for card in cards {
        let phones = card.phones.iter().map(|phone| phone.said(machine::lang()));
        let phones: Vec<String> = phones.collect();
        let mut parts = vec![card.name, card.role, card.organisation];
        parts.extend(phones);
        parts.extend(card.emails);
        parts.retain(|part| !part.is_empty());
        println!("{}", parts.join("  "));
    }
    Ok(Outcome::Good)
}

fn exports(args: &Args) -> Result<Outcome, CommandError> {
    let rows = open(args)?.disclosures()?;
    if args.flag("json") {
        json(&rows);
        return Ok(Outcome::Good);
    }
    for row in rows {
        let n = row.n.to_string();
        let parts = [
            &row.at,
            &row.by_name,
            &row.to,
            &row.purpose,
            &row.format,
            &n,
            &row.title,
        ];
        let parts: Vec<&str> = parts.iter().map(|part| part.as_str()).collect();
        println!("{}", parts.join("  "));
    }
    Ok(Outcome::Good)
}

/// `directory people|organisations|own|forget`.
pub(super) fn directory(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    match args.word(1, "directory people|organisations|own|forget")? {
        "people" => people(args, &desk, args.rest(2)),
        "organisations" => {
            let rows = desk.organisations()?;
            if args.flag("json") {
                json(&rows);
                return Ok(Outcome::Good);
            }
            for row in rows.iter().filter(|row| !row.archived) {
                println!("{}  {}  {}", row.name_zh, row.name_en, row.city);
            }
            Ok(Outcome::Good)
        }
        "forget" => {
            let id = person(&desk, args.word(2, "PERSON")?)?;
            desk.forget_person(&id, args.required("why")?)?;
            Ok(Outcome::Good)
        }
        "own" => {
            let (id, _) = desk.own_person()?;
            println!("{id}");
            Ok(Outcome::Good)
        }
        other => Err(UsageError::no_command("directory", other).into()),
    }
}

fn people(args: &Args, desk: &Desk, words: &[String]) -> Result<Outcome, CommandError> {
    let page = desk.people(&PeopleFilter {
        query: words.join(" "),
        limit: usize::MAX,
        ..PeopleFilter::default()
    })?;
    if args.flag("json") {
        json(&page.rows);
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    let name = |both: &model::reference::Bilingual| {
        let own = both.text(lang);
        match own {
            "" => format!("{}{}", both.zh, both.en),
            own => own.to_owned(),
        }
    };
    for row in page.rows {
        let mut parts = vec![
            row.name_zh,
            row.name_en,
            name(&row.organisation_name),
            row.mobile,
            row.phone,
            row.email,
        ];
        parts.retain(|part| !part.is_empty());
        println!("{}", parts.join("  "));
    }
    Ok(Outcome::Good)
}

/// The one person of the directory that a word names: an id or a whole name.
fn person(desk: &Desk, word: &str) -> Result<EntityId, CommandError> {
    let all = PeopleFilter {
        archived: true,
        limit: usize::MAX,
        ..PeopleFilter::default()
    };
    let rows = desk.people(&all)?.rows;
    let named = rows
        .iter()
        .filter(|row| [row.id.as_str(), &row.name_zh, &row.name_en].contains(&word));
    match named.collect::<Vec<_>>().as_slice() {
        [only] => Ok(only.id.clone()),
        _ => Err(Failure::new(FailureKind::NotFound, "cli.noPerson")
            .with("person", word)
            .into()),
    }
}

/// `ics [STUDY] -o FILE`: the days of a study, or of all.
pub(super) fn ics(args: &Args) -> Result<Outcome, CommandError> {
    let out = args.out()?;
    let mut desk = open(args)?;
    let word = args
        .option("study")
        .or(args.rest(1).first().map(String::as_str));
    let study = match word {
        Some(word) => Some(study_id(&mut desk, word)?),
        None => None,
    };
    let text = calendar::ics(&desk, study.as_ref(), one_lang(args)?)?;
    rpc::places::write_file(&out, text.as_bytes())?;
    println!("{}", out.display());
    Ok(Outcome::Good)
}

/// `milestone export STUDY -o FILE`.
pub(super) fn export_milestones(args: &Args) -> Result<Outcome, CommandError> {
    let out = args.out()?;
    let format = match ending(&out).as_str() {
        "csv" => TableFormat::Csv,
        "xlsx" => TableFormat::Xlsx,
        _ => return Err(UsageError::wanted("-o FILE.csv|.xlsx", "").into()),
    };
    let mut desk = open(args)?;
    let study = study_id(&mut desk, args.word(2, "STUDY")?)?;
    let bytes = milestones::write(&desk, &study, format, one_lang(args)?)?;
    rpc::places::write_file(&out, &bytes)?;
    println!("{}", out.display());
    Ok(Outcome::Good)
}

/// What `--map FILE` says of the columns: a mapping, or all that `--dry-run --json` printed.
fn mapping(args: &Args) -> Result<Option<model::columns::Mapping>, CommandError> {
    let Some(path) = args.option("map") else {
        return Ok(None);
    };
    let unusable = |why: &dyn std::fmt::Display| {
        let values = [("path", path), ("why", &why.to_string())];
        CommandError::from(UsageError::said(label!("cli.noMap"), &values))
    };
    let text = std::fs::read_to_string(path).map_err(|error| unusable(&error))?;
    let mut said: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| unusable(&error))?;
    let places = ["/mapping", "/preview/mapping"];
    let place = places.iter().find(|place| said.pointer(place).is_some());
    let mapping = match place.and_then(|place| said.pointer_mut(place)) {
        Some(inner) => inner.take(),
        None => said,
    };
    let mapping = serde_json::from_value(mapping).map_err(|error| unusable(&error))?;
    Ok(Some(mapping))
}

/// A milestone's name in one language; the other one's where it lacks it.
fn name_in(row: &MilestoneFileRow, lang: Lang) -> &str {
    let (own, other) = match lang {
        Lang::Zh => (&row.name_zh, &row.name_en),
        Lang::En => (&row.name_en, &row.name_zh),
    };
    if own.is_empty() { other } else { own }
}

/// `milestone import STUDY FILE`.
pub(super) fn import_milestones(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let request = MilestoneRead {
        study: study_id(&mut desk, args.word(2, "STUDY")?)?,
        path: args.word(3, "FILE")?.to_owned(),
        charset: args.option("charset").map(str::to_owned),
        mapping: mapping(args)?,
        sites: BTreeMap::new(),
    };
    let remembered = table::remembered(&desk)?;
    let mut read = milestones::read(&request, remembered.as_ref())?;
    read.hold(&desk)?;
    let preview = read.preview(0);
    print_guess(&preview.charset, preview.guessed);
    let rows = read.proposed();
    if !args.flag("dry-run") {
        read.take(&mut desk, &rows, args.option("why").unwrap_or_default())?;
    }
    let is_good = |row: &&MilestoneFileRow| row.fault.is_none();
    let good = || preview.rows.iter().filter(is_good);
    let n_of = |act| good().filter(|row| row.act == act).count();
    let n_faulty = preview.rows.len() - good().count();
    let n_nowhere = n_of(MilestoneAct::NoSite);
    let counts = [MilestoneAct::New, MilestoneAct::Changed, MilestoneAct::Same].map(n_of);
    let n_left_out = preview.left_out.len() + n_nowhere + n_faulty;
    if args.flag("json") {
        json(&serde_json::json!({
            "written": !args.flag("dry-run"), "new": counts[0], "changed": counts[1],
            "same": counts[2], "leftOut": n_left_out, "preview": preview,
        }));
    } else {
        for place in &rows {
            let row = preview
                .rows
                .get(usize::try_from(*place).unwrap_or(usize::MAX));
            for change in row.iter().flat_map(|row| &row.changes) {
                let site = row.map_or("", |row| row.site_text.as_str());
                let name = row.map_or("", |row| name_in(row, machine::lang()));
                let words = [site, name].into_iter().filter(|word| !word.is_empty());
                let words = words.collect::<Vec<_>>().join(" · ");
                let field = register_words(model::kind::MILESTONE, &change.field);
                let [from, to] = [&change.from, &change.to].map(crate::output::plain);
                println!("{words}  {field}  {from} → {to}");
            }
        }
        for row in preview
            .rows
            .iter()
            .filter(|row| row.act == MilestoneAct::NoSite)
        {
            let sentence = label!("cli.rowWithoutSite");
            let sentence = sentence.fill(machine::lang(), &[("site", &row.site_text)]);
            eprintln!("{}:{} {sentence}", row.sheet, row.row);
        }
        for (row, fault) in preview
            .rows
            .iter()
            .filter_map(|row| Some((row, row.fault.as_ref()?)))
        {
            let field = register_words(model::kind::MILESTONE, &fault.field);
            let words = model::label::get(&format!("desk.check.{}", fault.complaint));
            let words = words.map_or("", |label| label.text(machine::lang()));
            let name = name_in(row, machine::lang());
            eprintln!("{}:{} {name} · {field}: {words}", row.sheet, row.row);
        }
        print_left_out(&preview.left_out);
        let [new, changed, same, out] =
            [counts[0], counts[1], counts[2], n_left_out].map(|n| n.to_string());
        let values = [
            ("new", &*new),
            ("changed", &changed),
            ("same", &same),
            ("out", &out),
        ];
        let sentence = match (preview.rows.is_empty(), args.flag("dry-run")) {
            (true, _) => label!("cli.noMilestoneRows"),
            (false, true) => label!("cli.milestonesSeen"),
            (false, false) => label!("cli.milestonesTaken"),
        };
        println!("{}", sentence.fill(machine::lang(), &values));
    }
    Ok(if n_left_out == 0 && !preview.rows.is_empty() {
        Outcome::Good
    } else {
        Outcome::Partly
    })
}
