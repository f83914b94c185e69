//! Commands about what is due, deadlines that begin, and how ready a site is.

use super::milestone::site;
use super::{open, study_doc};
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json};
use desk::{DeadlineStart, Desk};
use model::milestone::today::{Reason, TodayLine};
use model::milestone::{Readiness, when};
use model::{Lang, StudyDoc, label};
use rpc::work::pdf::find_site;

/// How far ahead is looked without `--days`. Units: days.
const DAYS: u32 = 30;

/// `due`: what wants attention over all studies.
pub(super) fn due(args: &Args) -> Result<Outcome, CommandError> {
    let days = match args.option("days") {
        None => DAYS,
        Some(text) => text
            .parse()
            .map_err(|_| UsageError::wanted("--days N", text))?,
    };
    let today = open(args)?.today(days)?;
    if args.flag("json") {
        json(&today);
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    let mut last = None;
    for line in &today.lines {
        if last != Some(line.reason) {
            last = Some(line.reason);
            println!("{}", reason(line.reason).text(lang));
        }
        println!("    {}", text(line, lang));
    }
    let counts = &today.counts;
    let n = [
        counts.overdue,
        counts.due,
        counts.expiring,
        counts.blocked,
        counts.conflict,
        counts.early,
        counts.waiting,
    ];
    let n: u32 = n.iter().sum();
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    let rest = n.saturating_sub(today.lines.len());
    if rest > 0 {
        let rest = rest.to_string();
        println!("{}", label!("ui.today.rest").fill(lang, &[("n", &rest)]));
    }
    for year in &today.missing_years {
        let year = year.to_string();
        println!(
            "{}",
            label!("plan.missingYear").fill(lang, &[("year", &year)])
        );
    }
    Ok(Outcome::Good)
}

fn reason(reason: Reason) -> &'static model::Label {
    match reason {
        Reason::Overdue => label!("plan.reason.overdue"),
        Reason::Due => label!("plan.reason.due"),
        Reason::Expiring => label!("plan.reason.expiring"),
        Reason::Blocked => label!("plan.reason.blocked"),
        Reason::Conflict => label!("plan.reason.conflict"),
        Reason::Doubled => label!("plan.reason.doubled"),
        Reason::Early => label!("plan.reason.early"),
        Reason::Waiting => label!("plan.reason.waiting"),
    }
}

fn text(line: &TodayLine, lang: Lang) -> String {
    let due = if line.due_at.is_empty() {
        let due = when::as_known(&line.due, line.precision);
        when::marked(&due, line.provisional, lang)
    } else {
        line.due_at.clone()
    };
    // What is about a study as a whole bears its title already.
    let name = match line.what {
        Some(_) => line.name.text(lang),
        None => "",
    };
    let mut parts = vec![due.as_str(), name];
    let n = line.n.to_string();
    let blocking = label!("plan.nBlocking").fill(lang, &[("n", &n)]);
    let conflicts = label!("plan.nConflicts").fill(lang, &[("n", &n)]);
    let rivals = line.rival_actuals.join(" / ");
    let early = label!("plan.nEarly").fill(lang, &[("n", &n)]);
    match line.reason {
        Reason::Blocked => parts.push(&blocking),
        Reason::Early => parts.push(&early),
        Reason::Conflict if line.n > 0 => parts.push(&conflicts),
        Reason::Doubled => parts.push(label!("plan.twins").text(lang)),
        Reason::Conflict => parts.push(&rivals),
        _ => {}
    }
    parts.push(line.site_name.text(lang));
    parts.push(line.study_title.text(lang));
    parts.retain(|part| !part.is_empty());
    parts.join("  ")
}

/// `deadline start STUDY RULE`: an event began a deadline.
pub(super) fn deadline(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(1, "deadline start")? {
        "start" => {}
        other => return Err(UsageError::no_command("deadline", other).into()),
    }
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let option = |name: &str| args.option(name).unwrap_or_default().to_owned();
    let start = DeadlineStart {
        key: args.word(3, "RULE")?.to_owned(),
        site: site(args, &doc)?,
        trigger: option("from"),
        period: option("period"),
        date: option("date"),
        note: option("note"),
    };
    let (id, _) = desk.deadline_start(&doc.id, &start)?;
    let plan = desk.plan(&doc.id)?;
    let Some((_, row)) = plan.row(&id) else {
        return Ok(Outcome::Good);
    };
    if args.flag("json") {
        json(row);
    } else {
        let lang = machine::lang();
        let due = if row.due_at.is_empty() {
            when::marked(&row.due_known(), row.provisional, lang)
        } else {
            row.due_at.clone()
        };
        let mut parts = vec![due];
        if !row.legal.is_empty() && row.legal != row.due {
            parts.push(label!("agenda.legal").fill(lang, &[("date", &row.legal)]));
        }
        if row.provisional {
            parts.push(label!("cli.provisional").text(lang).to_owned());
        }
        println!("{}", parts.join("  "));
    }
    Ok(Outcome::Good)
}

/// `site readiness STUDY [SITE]`: what blocks the next step of a site.
pub(super) fn site_command(args: &Args) -> Result<Outcome, CommandError> {
    match args.word(1, "site readiness")? {
        "readiness" => {}
        other => return Err(UsageError::no_command("site", other).into()),
    }
    let mut desk = open(args)?;
    let doc = study_doc(&mut desk, args.word(2, "STUDY")?)?;
    let word = args
        .option("site")
        .or_else(|| args.words.get(3).map(String::as_str));
    let n_sites = doc.of_kind(model::kind::SITE).count();
    if word.is_none() && n_sites > 1 {
        return all_sites(&desk, &doc, args);
    }
    let site = find_site(&doc, word, machine::lang())?;
    let ready = desk.readiness(&doc.id, &site)?;
    if args.flag("json") {
        json(&ready);
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    println!("{}", ready.name.text(lang));
    if let Some(next) = &ready.next {
        let (done, needed) = (ready.n_done.to_string(), ready.n_needed.to_string());
        let values = [
            ("name", next.name.text(lang)),
            ("done", &done),
            ("needed", &needed),
        ];
        println!("{}", label!("plan.next").fill(lang, &values));
        for (label, day, is_provisional) in [
            (label!("plan.due"), next.due_known(), next.provisional),
            (
                label!("plan.forecast"),
                next.forecast_known(),
                next.forecast_provisional,
            ),
        ] {
            if !day.is_empty() {
                let day = when::marked(&day, is_provisional, lang);
                println!("    {} {day}", label.text(lang));
            }
        }
    }
    for row in &ready.early {
        let name = row.name.text(lang);
        println!(
            "    {name}  {}  {}",
            label!("plan.early").text(lang),
            when::shown(&row.actual, lang)
        );
    }
    for row in ready.blocking.iter().chain(&ready.study_gates) {
        let status = super::milestone::status(row, lang);
        let due = when::marked(&row.due_known(), row.provisional, lang);
        println!("    {}  {status}  {due}", row.name.text(lang));
    }
    Ok(Outcome::Good)
}

/// Every site in a line: how far it is, and what comes next.
fn all_sites(desk: &Desk, doc: &StudyDoc, args: &Args) -> Result<Outcome, CommandError> {
    let sites = doc.of_kind(model::kind::SITE);
    let sites = sites.map(|site| desk.readiness(&doc.id, &site.id));
    let sites: Vec<Readiness> = sites.collect::<Result<_, _>>()?;
    if args.flag("json") {
        json(&sites);
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    for ready in &sites {
        let mut parts = vec![ready.name.text(lang).to_owned()];
        if let Some(next) = &ready.next {
            let (done, needed) = (ready.n_done.to_string(), ready.n_needed.to_string());
            let name = next.name.text(lang);
            let values = [("name", name), ("done", &done), ("needed", &needed)];
            parts.push(label!("plan.next").fill(lang, &values));
            let (day, is_provisional) = if next.forecast.is_empty() {
                (next.due_known(), next.provisional)
            } else {
                (next.forecast_known(), next.forecast_provisional)
            };
            parts.push(when::marked(&day, is_provisional, lang));
            let blocking = ready.blocking.iter().chain(&ready.study_gates);
            if let Some(first) = blocking.into_iter().next() {
                let first = first.name.text(lang);
                parts.push(format!("{} {first}", label!("plan.blockedBy").text(lang)));
            }
        }
        parts.retain(|part| !part.is_empty());
        println!("{}", parts.join("  "));
    }
    Ok(Outcome::Good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_its_day_as_it_is_known_and_whether_it_may_move() {
        let line = |precision: &str, provisional: bool| -> TodayLine {
            serde_json::from_value(serde_json::json!({
                "reason": "due", "what": "milestone",
                "study": "0190a6c4-0000-7000-8000-000000000001",
                "studyTitle": {"zh": "甲", "en": "A"}, "site": null,
                "siteName": {"zh": "", "en": ""}, "entity": null, "kind": "milestone",
                "field": "actual", "key": "", "name": {"zh": "启动会", "en": "Visit"},
                "due": "2027-01-31", "legal": "", "dueAt": "", "precision": precision,
                "provisional": provisional, "daysLeft": 3, "n": 0, "since": "",
                "rivalActuals": [],
            }))
            .unwrap()
        };
        assert_eq!(text(&line("day", true), Lang::En), "~2027-01-31  Visit  A");
        assert_eq!(text(&line("day", false), Lang::En), "2027-01-31  Visit  A");
        let month = line("month", false);
        assert_eq!(text(&month, Lang::Zh), "2027年1月  启动会  甲");
        assert_eq!(text(&month, Lang::En), "2027-01  Visit  A");
    }
}
