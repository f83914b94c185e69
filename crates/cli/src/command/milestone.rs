//! Commands about milestones: listing, dates, lists that they are made of.

use super::{open, study_doc};
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json};
use desk::{Chosen, Dated, Desk, Edit, Reason};
use model::milestone::list::{DEADLINES, LISTS};
use model::milestone::plan::{Lane, PlanRow, StudyPlan};
use model::milestone::when;
use model::{EntityId, Lang, StudyDoc, label};
use rpc::Failure;
use rpc::failure::FailureKind;
use rpc::work::pdf::find_site;
use serde_json::{Value, json as value_of};
use std::collections::BTreeMap;

/// What may stand behind the options of `milestone set`, with the register that each fills.
const DATES: [(&str, &str); 7] = [
    ("planned", "planned"),
    ("actual", "actual"),
    ("not-applicable", "notApplicable"),
    ("rule", "rule"),
    ("repeat", "repeat"),
    ("note", "note"),
    ("evidence", "evidence"),
];

pub(super) fn run(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(1, "milestone list|set|baseline|template|export|import")? {
        "list" => list(args),
        "set" => set(args),
        "baseline" => baseline(args),
        "template" => template(args),
        "export" => super::contact::export_milestones(args),
        "import" => super::contact::import_milestones(args),
        other => Err(UsageError::no_command("milestone", other).into()),
    }
}

/// The site that `--site` names; `None` without it.
pub(super) fn site(args: &Args, doc: &StudyDoc) -> Result<Option<EntityId>, CommandError> {
    Ok(match args.option("site") {
        Some(word) => Some(find_site(doc, Some(word), machine::lang())?),
        None => None,
    })
}

fn list(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let site = site(args, &doc)?;
    let mut plan = desk.plan(&doc.id)?;
    if site.is_some() {
        plan.lanes.retain(|lane| lane.site == site);
    }
    if args.flag("json") {
        json(&plan);
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    for lane in &plan.lanes {
        println!("{}", lane.name.text(lang));
        for row in &lane.rows {
            println!("    {}", line(&plan, row, lang));
        }
    }
    Ok(Outcome::Good)
}

/// One line: key, name, dates, how it stands.
fn line(plan: &StudyPlan, row: &PlanRow, lang: Lang) -> String {
    let mut line = format!(
        "{}  {}  {}",
        row.key,
        row.name.text(lang),
        status(row, lang)
    );
    let mut add = |name: &str, text: &str| {
        if !text.is_empty() {
            line.push_str(&format!("  {name} {text}"));
        }
    };
    let words = |key| model::label::get(key).map_or("", |label| label.text(lang));
    let (due, forecast) = (row.due_known(), row.forecast_known());
    add(words("plan.actual"), &when::shown(&row.actual, lang));
    add(words("plan.planned"), &when::shown(&row.planned, lang));
    let is_open = row.done_on().is_empty();
    // The day it is due, unless that is what was planned.
    if is_open && due != row.planned {
        let due = when::marked(&row.due_shown(), row.provisional, lang);
        add(words("plan.due"), &due);
    }
    if is_open && forecast != due {
        let forecast = when::marked(&forecast, row.forecast_provisional, lang);
        add(words("plan.forecast"), &forecast);
    }
    add(words("plan.baseline"), &when::shown(&row.baseline, lang));
    if let Some(days) = row.slip.filter(|days| *days != 0) {
        add(words("plan.slip"), &format!("{days:+}"));
    }
    let names: Vec<&str> = row
        .blocked_by
        .iter()
        .filter_map(|id| Some(plan.row(id)?.1.name.text(lang)))
        .collect();
    add(words("plan.blockedBy"), &names.join(", "));
    add(words("plan.rivals"), &row.rival_actuals.join(" / "));
    add(words("plan.rivalPlanned"), &row.rival_planned.join(" / "));
    let called = |ids: &[EntityId]| {
        let found = ids.iter().filter_map(|id| plan.row(id));
        let names: Vec<&str> = found.map(|(_, row)| row.name.text(lang)).collect();
        names.join(", ")
    };
    if !row.actual.is_empty() {
        add(words("plan.early"), &called(&row.missing));
    }
    if row.unproven {
        add(words("plan.unproven"), " ");
    }
    if row.disputed {
        add(words("plan.disputed"), " ");
    }
    if !row.twins.is_empty() {
        add(words("plan.twins"), " ");
    }
    if row.provisional || row.forecast_provisional {
        add(words("cli.provisional"), " ");
    }
    line.trim_end().to_owned()
}

/// The word for how a line stands.
pub(super) fn status(row: &PlanRow, lang: Lang) -> &'static str {
    row.status.label().text(lang)
}

fn set(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let word = args.word(3, "KEY|ID")?;
    let site = site(args, &doc)?;
    let plan = desk.plan(&doc.id)?;
    let row = find(&plan, site.as_ref(), word)?.clone();
    let why = args.option("why").unwrap_or_default();
    let mut edits = Vec::new();
    let given = DATES
        .iter()
        .filter_map(|(option, field)| Some((*field, args.option(option)?)));
    for (field, text) in given {
        let day = if ["planned", "actual"].contains(&field) {
            written_day(text)
        } else {
            text.to_owned()
        };
        let text = day.as_str();
        if field == "notApplicable" && text.trim().is_empty() && row.not_applicable.is_empty() {
            return Err(UsageError::wanted("--not-applicable REASON", "").into());
        }
        // Whoever decides between two says why, here as everywhere.
        let held = doc.entity(&row.id).and_then(|one| one.fields.get(field));
        if held.is_some_and(|held| held.conflict) && why.trim().is_empty() {
            return Err(UsageError::missing("--why").into());
        }
        // A plan that is moved has its reason; a first date needs none.
        if field == "planned" && !row.planned.is_empty() && row.planned != text {
            let dated = Dated {
                milestone: row.id.clone(),
                date: text.to_owned(),
                seen: row.seen.get("planned").cloned().unwrap_or_default(),
            };
            desk.replan(&doc.id, vec![dated], why)?;
            continue;
        }
        edits.push(edit(&doc, &row, field, text));
    }
    let reason = (!why.is_empty()).then(|| Reason::text(why.to_owned()));
    desk.set_many(&doc.id, edits, reason)?;
    show(&desk, &doc, &row.id, args)
}

/// A day as the window takes it too, `2026-9-5` or `2026/9/5`, in the form that is stored; anything
/// else as it is.
fn written_day(text: &str) -> String {
    let parts: Vec<&str> = text.trim().split(['-', '/', '.']).collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [year, rest @ ..]
            if year.len() == 4
                && (1..=2).contains(&rest.len())
                && parts.iter().all(is_number)
                && rest.iter().all(|part| (1..=2).contains(&part.len())) =>
        {
            let rest = rest.iter().map(|part| format!("-{part:0>2}"));
            format!("{year}{}", rest.collect::<String>())
        }
        _ => text.to_owned(),
    }
}

fn edit(doc: &StudyDoc, row: &PlanRow, field: &str, text: &str) -> Edit {
    let register = doc.entity(&row.id).and_then(|e| e.fields.get(field));
    Edit {
        entity: row.id.clone(),
        field: field.to_owned(),
        value: match field {
            _ if text.is_empty() => Value::Null,
            "evidence" => value_of!({ "$ref": text.trim_start_matches("document/") }),
            _ => text.into(),
        },
        seen: register.map(model::Register::seen).unwrap_or_default(),
    }
}

fn show(desk: &Desk, doc: &StudyDoc, id: &EntityId, args: &Args) -> Result<Outcome, CommandError> {
    let plan = desk.plan(&doc.id)?;
    if let Some((_, row)) = plan.row(id) {
        if args.flag("json") {
            json(row);
        } else {
            println!("{}", line(&plan, row, machine::lang()));
        }
    }
    Ok(Outcome::Good)
}

/// A milestone by key or id, at a site or of the study itself.
fn find<'a>(
    plan: &'a StudyPlan,
    site: Option<&EntityId>,
    word: &str,
) -> Result<&'a PlanRow, CommandError> {
    let of_lane = |lane: &'a Lane| lane.rows.iter().find(|row| row.key == word);
    let by_key = plan.lane(site).and_then(of_lane);
    let rows = || plan.lanes.iter().flat_map(|lane| &lane.rows);
    let by_id = || rows().find(|row| row.id.as_str() == word);
    by_key.or_else(by_id).ok_or_else(|| {
        Failure::new(FailureKind::NotFound, "cli.noMilestone")
            .with("milestone", word)
            .into()
    })
}

fn baseline(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let lane = site(args, &doc)?.map(Some);
    let offer = desk.baseline_offer(&doc.id, lane)?;
    let n = offer.len();
    let why = args.option("why").unwrap_or_default();
    desk.baseline(&doc.id, offer, why)?;
    if args.flag("json") {
        json(&value_of!({ "frozen": n }));
    } else {
        let sentence = if n == 0 {
            label!("cli.baselineStands")
        } else {
            label!("cli.baselined")
        };
        let n = n.to_string();
        println!("{}", sentence.fill(machine::lang(), &[("n", &n)]));
    }
    Ok(Outcome::Good)
}

fn template(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(2, "milestone template list|preview|apply|copy")? {
        "list" => template_list(args),
        "preview" => preview(args),
        "apply" => apply(args),
        "copy" => copy(args),
        other => Err(UsageError::no_command("milestone template", other).into()),
    }
}

fn template_list(args: &Args) -> Result<Outcome, CommandError> {
    if args.flag("json") {
        json(&value_of!({ "lists": *LISTS, "deadlines": *DEADLINES }));
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    for list in LISTS.iter() {
        println!(
            "{}  {}  {}",
            list.origin(),
            list.name.text(lang),
            list.items.len()
        );
    }
    println!(
        "{}@{}  {}",
        DEADLINES.key,
        DEADLINES.version,
        DEADLINES.rules.len()
    );
    for rule in &DEADLINES.rules {
        let source = super::protocol::source(&rule.source, &rule.verification, lang);
        println!(
            "    {}  {}  {}  {source}",
            rule.key,
            rule.period,
            rule.name.text(lang)
        );
    }
    Ok(Outcome::Good)
}

fn dates(args: &Args) -> Result<BTreeMap<String, String>, UsageError> {
    let pairs = args.assignments(5)?.into_iter();
    Ok(pairs
        .map(|(key, date)| (key.to_owned(), date.to_owned()))
        .collect())
}

fn preview(args: &Args) -> Result<Outcome, CommandError> {
    let dates = dates(args)?;
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(3, "STUDY")?)?;
    let site = site(args, &doc)?;
    let rows = desk.milestone_preview(&doc.id, site.as_ref(), args.word(4, "LIST")?, &dates)?;
    if args.flag("json") {
        json(&rows);
        return Ok(Outcome::Good);
    }
    for row in rows {
        println!(
            "{}  {}  {}  {}",
            row.date,
            row.key,
            row.name.text(machine::lang()),
            row.rule
        );
    }
    Ok(Outcome::Good)
}

fn apply(args: &Args) -> Result<Outcome, CommandError> {
    let dates = dates(args)?;
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(3, "STUDY")?)?;
    let site = site(args, &doc)?;
    let key = args.word(4, "LIST")?;
    let list = model::milestone::list::list(key);
    let items = list.into_iter().flat_map(|list| &list.items);
    let mut chosen: Vec<Chosen> = items
        .map(|item| Chosen {
            key: item.key.clone(),
            planned: dates.get(&item.key).cloned().unwrap_or_default(),
        })
        .collect();
    // A key that the list does not have is named by the desk.
    let is_known = |key: &String| chosen.iter().any(|one| one.key == *key);
    let unknown: Vec<Chosen> = dates
        .iter()
        .filter(|(key, _)| !is_known(key))
        .map(|(key, planned)| Chosen {
            key: key.clone(),
            planned: planned.clone(),
        })
        .collect();
    chosen.extend(unknown);
    let before = desk.plan(&doc.id)?;
    desk.milestone_apply(&doc.id, site.as_slice(), key, &chosen)?;
    let known = |key: &str| {
        before
            .lane(site.as_ref())
            .and_then(|lane| lane.milestone(key))
    };
    let (here, new): (Vec<_>, Vec<_>) = chosen.iter().partition(|one| known(&one.key).is_some());
    let after = desk.plan(&doc.id)?;
    let kept = here.iter().filter_map(|one| {
        let row = after.lane(site.as_ref())?.milestone(&one.key)?;
        let is_other = !one.planned.is_empty() && row.planned != one.planned;
        is_other.then_some((row, one.planned.as_str()))
    });
    let kept: Vec<_> = kept.collect();
    // What was here without a day takes the one that is given.
    let is_dated = |one: &&&Chosen| {
        !one.planned.is_empty() && known(&one.key).is_some_and(|row| row.planned.is_empty())
    };
    let n_dated = here.iter().filter(is_dated).count()
        - kept
            .iter()
            .filter(|(row, _)| row.planned.is_empty())
            .count();
    if args.flag("json") {
        let kept: Vec<Value> = kept
            .iter()
            .map(|(row, asked)| value_of!({"key": row.key, "planned": row.planned, "asked": asked}))
            .collect();
        json(&value_of!({"added": new.len(), "here": here.len(), "dated": n_dated, "kept": kept}));
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    let (n_new, n_here) = (new.len().to_string(), here.len().to_string());
    let n_dated = n_dated.to_string();
    let values = [
        ("new", n_new.as_str()),
        ("here", &n_here),
        ("dated", &n_dated),
    ];
    println!("{}", label!("cli.listApplied").fill(lang, &values));
    for (row, asked) in kept {
        let stands = if row.planned.is_empty() {
            row.due_known()
        } else {
            row.planned.clone()
        };
        let values = [
            ("key", row.key.as_str()),
            ("date", stands.as_str()),
            ("asked", asked),
        ];
        println!("    {}", label!("cli.dateKept").fill(lang, &values));
    }
    Ok(Outcome::Good)
}

fn copy(args: &Args) -> Result<Outcome, CommandError> {
    let mut desk = open(args)?;
    let from = study_doc(&mut desk, args.word(3, "FROM")?)?;
    let to = study_doc(&mut desk, args.word(4, "TO")?)?;
    let from_site = site(args, &from)?;
    let to_site = match args.option("to-site") {
        Some(word) => Some(find_site(&to, Some(word), machine::lang())?),
        None => None,
    };
    let count = |desk: &Desk| -> Result<usize, CommandError> {
        let plan = desk.plan(&to.id)?;
        Ok(plan
            .lane(to_site.as_ref())
            .map_or(0, |lane| lane.rows.len()))
    };
    let before = count(&desk)?;
    desk.milestone_clone((&from.id, from_site.as_ref()), (&to.id, to_site.as_ref()))?;
    let n = count(&desk)?.saturating_sub(before);
    if args.flag("json") {
        json(&value_of!({ "added": n }));
    } else {
        let n = n.to_string();
        println!(
            "{}",
            label!("cli.copied").fill(machine::lang(), &[("n", &n)])
        );
    }
    Ok(Outcome::Good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_taken_as_the_window_takes_it() {
        for (written, stored) in [
            ("2026-9-5", "2026-09-05"),
            ("2026/09/15", "2026-09-15"),
            ("2026.9", "2026-09"),
            ("2026-Q4", "2026-Q4"),
            ("2026", "2026"),
            ("soon", "soon"),
            ("", ""),
        ] {
            assert_eq!(written_day(written), stored);
        }
    }
}
