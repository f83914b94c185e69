//! Days of a study as a calendar shows them: milestones and the ends of approvals.

use crate::doc::{Entity, StudyDoc};
use crate::milestone::plan::{Lane, PlanRow, StudyPlan, What};
use crate::{Label, Lang, kind, label};
use chrono::{Datelike, Days, Months, NaiveDate};

/// A day, month or year in which something is to happen or has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaEntry {
    /// The same on every laptop and after every change.
    pub uid: String,
    /// Counts up with every change, on whichever laptop it is made.
    pub sequence: u32,
    /// When it was last changed: UTC, RFC 3339.
    pub changed_at: String,
    /// What happens, with study and site in front.
    pub title: String,
    /// The same in the other language, the study, dates that contradict each other.
    pub note: String,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: String,
    /// Whether it has happened.
    pub is_done: bool,
    /// How long before the day a calendar reminds of it. Units: days; `None` when it does not.
    pub remind_days: Option<u32>,
    /// The study's short title.
    pub category: String,
}

/// How long before a day calendars remind of it. Units: days.
const REMIND_DAYS: u32 = 7;

/// The days of a study, milestones first, in its order; what does not apply is left out.
///
/// A milestone without a date of its own has the one that its rule gives in the plan. The notes of
/// milestones stay here: a calendar is a file that anybody can read.
pub fn of_study(doc: &StudyDoc, plan: &StudyPlan, lang: Lang) -> Vec<AgendaEntry> {
    let milestones = doc
        .of_kind(kind::MILESTONE)
        .filter(|milestone| milestone.text("notApplicable").is_empty())
        .filter_map(|milestone| of_milestone(doc, plan, milestone, lang));
    let approvals = plan.lanes.iter().flat_map(|lane| {
        let rows = lane.rows.iter();
        rows.filter(|row| row.what == What::ApprovalExpiry)
            .filter_map(|row| of_approval(doc, lane, row, lang))
    });
    let reviews = plan.lanes.iter().flat_map(|lane| {
        let rows = lane.rows.iter();
        rows.filter(|row| row.what == What::ContinuingReview)
            .filter_map(|row| of_review(doc, lane, row, lang))
    });
    milestones.chain(approvals).chain(reviews).collect()
}

fn of_milestone(
    doc: &StudyDoc,
    plan: &StudyPlan,
    milestone: &Entity,
    lang: Lang,
) -> Option<AgendaEntry> {
    let row = plan.row(&milestone.id).map(|(_, row)| row);
    let register = ["actual", "planned", "untyped"]
        .into_iter()
        // What comes back is done for now; its next day follows from the rule.
        .filter(|register| *register != "actual" || milestone.text("repeat").is_empty())
        .find(|register| !milestone.text(register).is_empty());
    let derived = row.and_then(derived);
    if register.is_none() && derived.is_none() {
        return None;
    }
    let site = milestone.parent.as_ref().and_then(|id| doc.entity(id));
    let site = site.filter(|site| site.kind == kind::SITE);
    let name = |lang| match milestone.text_in("name", lang) {
        "" => milestone.text("key").to_owned(),
        name => name.to_owned(),
    };
    let fields = [
        "actual",
        "planned",
        "untyped",
        "notApplicable",
        "name.zh",
        "name.en",
    ];
    let found = Found {
        entity: milestone,
        register: register.unwrap_or("planned"),
        site,
        fields: &fields,
    };
    let mut made = entry(doc, &found, &name, lang);
    if let (None, Some((date, words))) = (register, derived) {
        made.derive(doc, date, words.text(lang));
        if row.is_some_and(|row| row.derived && !row.actual.is_empty()) {
            (made.is_done, made.remind_days) = (true, None);
        }
    }
    let legal = row.map_or("", |row| &row.legal);
    if !legal.is_empty() && !made.is_done && legal != made.date {
        made.note.push('\n');
        made.note
            .push_str(&label!("agenda.legal").fill(lang, &[("date", legal)]));
    }
    Some(made)
}

/// The day that a rule gives, and what it is.
fn derived(row: &PlanRow) -> Option<(&str, &'static Label)> {
    let (date, words) = match row.what {
        // The sites say that it has happened.
        _ if row.derived && !row.actual.is_empty() => (&row.actual, label!("agenda.done")),
        What::Deadline => (&row.due, label!("agenda.deadline")),
        _ if row.forecast.is_empty() => (&row.due, label!("agenda.expected")),
        _ => (&row.forecast, label!("agenda.expected")),
    };
    (!date.is_empty()).then_some((date, words))
}

fn of_review(doc: &StudyDoc, lane: &Lane, row: &PlanRow, lang: Lang) -> Option<AgendaEntry> {
    let entity = doc.entity(&row.id)?;
    let found = Found {
        entity,
        register: &row.field,
        site: lane.site.as_ref().and_then(|site| doc.entity(site)),
        fields: &[],
    };
    let mut made = entry(doc, &found, &|lang| row.name.text(lang).to_owned(), lang);
    made.uid = format!("{}-review@pi-desk", row.id);
    (made.is_done, made.remind_days) = (false, Some(REMIND_DAYS));
    made.derive(doc, &row.due, label!("agenda.deadline").text(lang));
    (!row.due.is_empty()).then_some(made)
}

impl AgendaEntry {
    /// Takes a day that is worked out: any change of the study may have moved it.
    fn derive(&mut self, doc: &StudyDoc, date: &str, words: &str) {
        let fields = doc
            .entities
            .iter()
            .flat_map(|entity| entity.fields.values());
        let heads = fields.flat_map(|field| &field.heads);
        self.sequence = heads.clone().map(|head| head.lam).max().unwrap_or_default();
        let last = heads.max_by_key(|head| head.lam);
        self.changed_at = last.map(|head| head.at.clone()).unwrap_or_default();
        self.date = date.to_owned();
        let rest = self.note.split_once('\n').map(|(_, rest)| rest.to_owned());
        self.note = match rest {
            Some(rest) => format!("{words}\n{rest}"),
            None => words.to_owned(),
        };
    }
}

/// The end of the approval that counts at a site: its letter's, or what was noted with the site.
fn of_approval(doc: &StudyDoc, lane: &Lane, row: &PlanRow, lang: Lang) -> Option<AgendaEntry> {
    let name = |lang| label!("agenda.approvalEnds").text(lang).to_owned();
    let found = Found {
        entity: doc.entity(&row.id)?,
        register: &row.field,
        site: lane.site.as_ref().and_then(|site| doc.entity(site)),
        fields: &[&row.field],
    };
    let mut found = entry(doc, &found, &name, lang);
    found.uid = format!("{}-approval@pi-desk", row.id);
    Some(found)
}

/// What an entry is made of.
struct Found<'a> {
    entity: &'a Entity,
    /// The register with the date.
    register: &'a str,
    site: Option<&'a Entity>,
    /// The registers whose change changes the entry.
    fields: &'a [&'a str],
}

fn entry(
    doc: &StudyDoc,
    found: &Found<'_>,
    name: &dyn Fn(Lang) -> String,
    lang: Lang,
) -> AgendaEntry {
    let Found {
        entity,
        register,
        site,
        fields,
    } = *found;
    let heads = fields
        .iter()
        .filter_map(|field| entity.fields.get(*field))
        .flat_map(|field| &field.heads);
    let is_done = register == "actual";
    let study = study_name(doc, lang);
    let title = |lang| {
        let site = site.map_or("", |site| site.text_in("facility", lang));
        let parts = [study_name(doc, lang), site.to_owned(), name(lang)];
        let parts: Vec<&str> = parts
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        parts.join(" · ")
    };
    let other = if lang == Lang::Zh { Lang::En } else { Lang::Zh };
    let mut note = vec![if is_done {
        label!("agenda.done").text(lang).to_owned()
    } else {
        label!("agenda.planned").text(lang).to_owned()
    }];
    if title(other) != title(lang) {
        note.push(title(other));
    }
    if let Some(field) = entity.fields.get(register).filter(|field| field.conflict) {
        let mut values: Vec<&str> = field
            .heads
            .iter()
            .filter_map(|head| head.value.as_str())
            .collect();
        values.sort_unstable();
        values.dedup();
        note.push(label!("agenda.unresolved").fill(lang, &[("dates", &values.join(", "))]));
    }
    AgendaEntry {
        uid: format!("{}@pi-desk", entity.id),
        sequence: heads.clone().map(|head| head.lam).max().unwrap_or_default(),
        changed_at: heads.map(|head| head.at.clone()).max().unwrap_or_default(),
        title: title(lang),
        note: note.join("\n"),
        date: entity.text(register).to_owned(),
        is_done,
        remind_days: (!is_done).then_some(REMIND_DAYS),
        category: study,
    }
}

/// Acronym or short title.
fn study_name(doc: &StudyDoc, lang: Lang) -> String {
    let Some(root) = doc.root() else {
        return String::new();
    };
    let acronym = root.text("acronym");
    let name = if acronym.is_empty() {
        root.text_in("title", lang)
    } else {
        acronym
    };
    name.to_owned()
}

/// The first day of a date and the day after its last: a month is all its days.
///
/// `None` when it is no date, or ends after the year 9999.
pub fn span(date: &str) -> Option<(NaiveDate, NaiveDate)> {
    if date.contains('Q') {
        let quarter = crate::milestone::When::parse(date)?;
        return Some((quarter.first, quarter.last.succ_opt()?));
    }
    let number = |text: &str| {
        let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let mut parts = date.split('-');
    let year = parts
        .next()
        .filter(|year| year.len() == 4)
        .and_then(number)?;
    let year = i32::try_from(year).ok()?;
    let (month, day) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    let month_number = month.map_or(Some(1), number)?;
    let first = NaiveDate::from_ymd_opt(year, month_number, day.map_or(Some(1), number)?)?;
    let after = match (month, day) {
        (None, _) => first.checked_add_months(Months::new(12))?,
        (_, None) => first.checked_add_months(Months::new(1))?,
        _ => first.checked_add_days(Days::new(1))?,
    };
    (after.year() <= 9999).then_some((first, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{add, empty, register, set};
    use serde_json::json;

    fn days(doc: &StudyDoc, lang: Lang) -> Vec<AgendaEntry> {
        let plan = crate::milestone::plan(doc, crate::calendar::Calendar::builtin(), None);
        of_study(doc, &plan, lang)
    }

    #[test]
    fn a_quarter_is_all_its_days() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let quarter = Some((day("2027-10-01"), day("2028-01-01")));
        assert_eq!(span("2027-Q4"), quarter);
        assert_eq!(span("2027-Q5"), None);
    }

    fn study() -> StudyDoc {
        let mut doc = empty();
        set(&mut doc, "acronym", "ECHO-1");
        let site = add(
            &mut doc,
            kind::SITE,
            None,
            json!({
                "facility.zh": "中山医院", "facility.en": "Zhongshan Hospital",
                "approvalValidUntil": "2027-03-01",
            }),
        );
        let named =
            json!({"name.zh": "首例入组", "name.en": "First participant in", "planned": "2026-05"});
        add(&mut doc, kind::MILESTONE, Some(&site), named);
        let done = json!({"key": "lock", "planned": "2026-01-01", "actual": "2026-02-01", "note": "secret"});
        add(&mut doc, kind::MILESTONE, None, done);
        let not = json!({"name.en": "HGR", "planned": "2026-01-01", "notApplicable": "no samples"});
        add(&mut doc, kind::MILESTONE, None, not);
        add(
            &mut doc,
            kind::MILESTONE,
            None,
            json!({"name.en": "no date"}),
        );
        doc
    }

    #[test]
    fn milestones_and_approvals_are_entries() {
        let doc = study();
        let entries = days(&doc, Lang::Zh);
        let seen: Vec<(&str, &str, bool, Option<u32>)> = entries
            .iter()
            .map(|one| {
                (
                    one.title.as_str(),
                    one.date.as_str(),
                    one.is_done,
                    one.remind_days,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("ECHO-1 · 中山医院 · 首例入组", "2026-05", false, Some(7)),
                ("ECHO-1 · lock", "2026-02-01", true, None),
                (
                    "ECHO-1 · 中山医院 · 伦理批件到期",
                    "2027-03-01",
                    false,
                    Some(7)
                ),
            ]
        );
        assert_eq!(
            entries[0].note,
            "计划\nECHO-1 · Zhongshan Hospital · First participant in"
        );
        assert!(entries.iter().all(|one| !one.note.contains("secret")));
        let ids: std::collections::BTreeSet<&str> =
            entries.iter().map(|one| one.uid.as_str()).collect();
        assert_eq!(ids.len(), 3);
    }

    #[test]
    fn the_end_that_a_letter_names_is_an_entry_of_its_own() {
        let mut doc = study();
        let site = doc.of_kind(kind::SITE).next().expect("a site").id.clone();
        let version = add(&mut doc, kind::VERSION, None, json!({"number": "1.0"}));
        let letter = json!({
            "site": {"$ref": site.as_str()}, "status": "approved",
            "decidedOn": "2026-03-02", "validUntil": "2027-03-01",
        });
        let letter = add(&mut doc, kind::APPROVAL, Some(&version), letter);
        let entries = days(&doc, Lang::Zh);
        let end = format!("{letter}-approval@pi-desk");
        let found = entries.iter().find(|one| one.uid == end).expect("the end");
        assert_eq!(
            (found.title.as_str(), found.date.as_str()),
            ("ECHO-1 · 中山医院 · 伦理批件到期", "2027-03-01")
        );
        // The review that the letter asks for names the site as well.
        let review = entries
            .iter()
            .find(|one| one.uid.ends_with("-review@pi-desk"));
        assert!(
            review
                .expect("a review")
                .title
                .starts_with("ECHO-1 · 中山医院 · ")
        );
    }

    #[test]
    fn a_change_counts_the_sequence_up_and_keeps_the_id() {
        let mut doc = study();
        let before = days(&doc, Lang::En);
        let milestone = doc
            .entities
            .iter_mut()
            .find(|entity| entity.kind == kind::MILESTONE)
            .expect("a milestone");
        let moved = register(&[json!("2026-06-01"), json!("2026-07")], 9);
        milestone.fields.insert("planned".into(), moved);
        let after = days(&doc, Lang::En);
        assert_eq!(after[0].uid, before[0].uid);
        assert_eq!((before[0].sequence, after[0].sequence), (1, 9));
        assert!(
            after[0].note.contains("2026-06-01, 2026-07"),
            "{}",
            after[0].note
        );
        assert_eq!(after[1], before[1]);
    }

    #[test]
    fn what_follows_from_a_rule_is_a_day_and_counts_up_with_its_anchor() {
        let mut doc = empty();
        let anchor = json!({"key": "siv", "name.en": "Initiation", "planned": "2026-03-02"});
        let anchor = add(&mut doc, kind::MILESTONE, None, anchor);
        let follows = json!({"key": "fpi", "name.en": "First in", "rule": "siv+30d"});
        add(&mut doc, kind::MILESTONE, None, follows);
        let deadline = json!({
            "name.en": "Report", "trigger": "2026-03-02", "rule": "trigger+15d", "origin": "sae/1",
        });
        add(&mut doc, kind::MILESTONE, None, deadline);
        let before = days(&doc, Lang::En);
        assert_eq!(before.len(), 3, "{before:?}");
        assert_eq!(before[1].date, "2026-04-01");
        assert_eq!(before[1].note, "Expected");
        assert_eq!(before[1].remind_days, Some(7));
        let entity = doc.entities.iter_mut().find(|one| one.id == anchor);
        let moved = register(&[json!("2026-03-09")], 9);
        entity
            .expect("the anchor")
            .fields
            .insert("planned".into(), moved);
        let after = days(&doc, Lang::En);
        assert_eq!(after[1].uid, before[1].uid);
        assert_eq!(after[1].date, "2026-04-08");
        assert!(after[1].sequence > before[1].sequence);
    }

    #[test]
    fn a_partial_date_is_all_its_days() {
        let text = |date| span(date).map(|(from, to)| format!("{from} {to}"));
        assert_eq!(text("2026-02-28").as_deref(), Some("2026-02-28 2026-03-01"));
        assert_eq!(text("2026-12").as_deref(), Some("2026-12-01 2027-01-01"));
        assert_eq!(text("2028").as_deref(), Some("2028-01-01 2029-01-01"));
        for none in [
            "",
            "26-01",
            "2026-13",
            "2026-02-30",
            "2026-1-1-1",
            "9999-12-31",
            "+026",
        ] {
            assert_eq!(span(none), None, "{none}");
        }
    }
}
