//! Commands about what is due, deadlines that begin, and how ready a site is.

use super::milestone::site;
use super::{open, study_doc};
use crate::args::{Args, UsageError};
use crate::machine;
use crate::output::{CommandError, Outcome, json};
use desk::{DeadlineStart, Desk};
use model::milestone::plan::{PlanRow, shown_at};
use model::milestone::today::{CredentialEnd, Reason, Today, TodayLine};
use model::milestone::{Readiness, when};
use model::people::delegation::Finding;
use model::people::row::DutyRow;
use model::reference::Bilingual;
use model::{EntityId, Lang, StudyDoc, code, label};
use rpc::work::pdf::find_site;
use serde::Serialize;

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
    let desk = open(args)?;
    let today = desk.today(days)?;
    // Certificates stand in the list as on screen.
    let credentials = desk.credentials_ending()?;
    if args.flag("json") {
        json(&WithCredentials { today, credentials });
        return Ok(Outcome::Good);
    }
    let lang = machine::lang();
    let mut last = None;
    for (why, line) in listed(&today.lines, &credentials, lang) {
        if last != Some(why) {
            last = Some(why);
            println!("{}", reason(why).text(lang));
        }
        println!("    {line}");
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

/// What wants attention, with the certificates that end.
#[derive(Serialize)]
struct WithCredentials {
    #[serde(flatten)]
    today: Today,
    credentials: Vec<CredentialEnd>,
}

/// The lines in their order, certificates among what expires, each by its day.
fn listed(lines: &[TodayLine], credentials: &[CredentialEnd], lang: Lang) -> Vec<(Reason, String)> {
    let of_line = |line: &TodayLine| (line.reason, line.due.clone(), text(line, lang));
    let is_before = |line: &&TodayLine| line.reason < Reason::Expiring;
    let mut found: Vec<_> = lines.iter().filter(is_before).map(of_line).collect();
    let expiring = lines.iter().filter(|line| line.reason == Reason::Expiring);
    let ending = credentials.iter().map(|one| {
        let kind = code::text("credentialKind", &one.kind, lang);
        let colon = label!("reminder.colon").text(lang);
        let name = format!("{}{colon}{kind}", one.name.text(lang));
        let parts = [one.until.as_str(), &name, &one.site_name];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        (Reason::Expiring, one.until.clone(), parts.join("  "))
    });
    let mut expiring: Vec<_> = expiring.map(of_line).chain(ending).collect();
    expiring.sort_by(|a, b| a.1.cmp(&b.1));
    found.extend(expiring);
    let rest = lines.iter().filter(|line| line.reason > Reason::Expiring);
    found.extend(rest.map(of_line));
    found
        .into_iter()
        .map(|(why, _, line)| (why, line))
        .collect()
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
    let due = shown_at(&line.due_at).unwrap_or_else(|| {
        let due = when::as_known(&line.due, line.precision);
        when::marked(&due, line.provisional, lang)
    });
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
        let mut parts = vec![when::marked(&row.due_shown(), row.provisional, lang)];
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
    let people = unfit(&desk, &doc, &site)?;
    if args.flag("json") {
        json(&WithPeople { ready, people });
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
            (label!("plan.due"), next.due_shown(), next.provisional),
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
    let early = ready.early.iter().map(|row| {
        let words = label!("plan.early").text(lang);
        let day = when::shown(&row.actual, lang);
        format!("{}  {words}  {day}", row.name.text(lang))
    });
    let open = |rows: &[PlanRow]| -> Vec<String> {
        let rows = rows.iter().filter(|row| row.is_open());
        rows.map(|row| {
            let status = super::milestone::status(row, lang);
            let due = when::marked(&row.due_shown(), row.provisional, lang);
            format!("{}  {status}  {due}", row.name.text(lang))
        })
        .collect()
    };
    let people = people.iter().map(|one| {
        let role = code::text("contactRole", &one.role, lang);
        format!("{}  {role}  {}", one.name.text(lang), one.wrong.text(lang))
    });
    // The same order as on screen.
    for (head, lines) in [
        (label!("pdf.readiness.early"), early.collect()),
        (label!("pdf.readiness.blocking"), open(&ready.blocking)),
        (label!("pdf.readiness.people"), people.collect()),
        (label!("pdf.readiness.gates"), open(&ready.study_gates)),
        (label!("pdf.readiness.open"), open(&ready.open)),
        (label!("pdf.readiness.letters"), open(&ready.letters)),
    ] {
        if !lines.is_empty() {
            println!("{}", head.text(lang));
        }
        for line in lines {
            println!("    {}", line.trim_end());
        }
    }
    Ok(Outcome::Good)
}

/// How ready a site is, with who is not fit for what she does there.
#[derive(Serialize)]
struct WithPeople {
    #[serde(flatten)]
    ready: Readiness,
    people: Vec<Unfit>,
}

/// Somebody of a site about whom something is wrong.
#[derive(Serialize)]
struct Unfit {
    /// The entry of the delegation log, or the contact.
    entity: EntityId,
    name: Bilingual,
    /// Code of `contactRole`.
    role: String,
    wrong: Bilingual,
    /// Whether it, or something else about the same entry, breaks a rule.
    breach: bool,
}

/// Who does what at a site without being fit for it: by the delegation log, then contacts.
fn unfit(desk: &Desk, doc: &StudyDoc, site: &EntityId) -> Result<Vec<Unfit>, CommandError> {
    let both = |finding: &Finding| Bilingual {
        zh: finding.text(Lang::Zh),
        en: finding.text(Lang::En),
    };
    let either = |zh: &str, en: &str| Bilingual {
        zh: if zh.is_empty() { en } else { zh }.to_owned(),
        en: if en.is_empty() { zh } else { en }.to_owned(),
    };
    let mut duties = desk.delegation(&doc.id, Some(site))?;
    duties.retain(|duty| duty.open || duty.removed);
    duties.sort_by_key(|duty| !duty.breach);
    let of_duty = |duty: &DutyRow| {
        let found = duty.findings.iter().map(|finding| Unfit {
            entity: duty.id.clone(),
            name: either(&duty.name_zh, &duty.name_en),
            role: duty.role.clone(),
            wrong: both(finding),
            breach: duty.breach,
        });
        found.collect::<Vec<_>>()
    };
    let mut people: Vec<Unfit> = duties.iter().flat_map(of_duty).collect();
    let contacts = desk.contact_standings(&doc.id, Some(site))?;
    people.extend(
        contacts
            .into_iter()
            .filter(|one| one.ending)
            .filter_map(|one| {
                let contact = doc.entity(&one.contact)?;
                let finding = Finding::now(&one.standing);
                Some(Unfit {
                    entity: one.contact,
                    name: either(contact.text("name.zh"), contact.text("name.en")),
                    role: contact.text("role").to_owned(),
                    wrong: both(&finding),
                    breach: finding.is_breach(),
                })
            }),
    );
    Ok(people)
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
                (next.due_shown(), next.provisional)
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

    #[test]
    fn certificates_stand_among_what_expires_by_their_day() {
        let line = |reason: &str, due: &str| -> TodayLine {
            serde_json::from_value(serde_json::json!({
                "reason": reason, "what": "milestone",
                "study": "0190a6c4-0000-7000-8000-000000000001",
                "studyTitle": {"zh": "甲", "en": "A"}, "site": null,
                "siteName": {"zh": "", "en": ""}, "entity": null, "kind": "milestone",
                "field": "actual", "key": "", "name": {"zh": "启动会", "en": "Visit"},
                "due": due, "legal": "", "dueAt": "", "precision": "day",
                "provisional": false, "daysLeft": 3, "n": 0, "since": "",
                "rivalActuals": [],
            }))
            .unwrap()
        };
        let ends: CredentialEnd = serde_json::from_value(serde_json::json!({
            "person": "0190a6c4-0000-7000-8000-000000000002",
            "name": {"zh": "王建国", "en": "Wang Jianguo"}, "kind": "GCP",
            "until": "2026-12-10", "study": "0190a6c4-0000-7000-8000-000000000001",
            "entity": "0190a6c4-0000-7000-8000-000000000003", "siteName": "华山医院",
        }))
        .unwrap();
        let lines = [
            line("due", "2026-12-20"),
            line("expiring", "2026-12-15"),
            line("waiting", "2026-12-01"),
        ];
        let found = listed(&lines, &[ends], Lang::Zh);
        let reasons: Vec<Reason> = found.iter().map(|(why, _)| *why).collect();
        let expiring = Reason::Expiring;
        assert_eq!(reasons, [Reason::Due, expiring, expiring, Reason::Waiting]);
        let gcp = code::text("credentialKind", "GCP", Lang::Zh);
        assert_eq!(found[1].1, format!("2026-12-10  王建国：{gcp}  华山医院"));
    }
}
