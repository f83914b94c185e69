//! Days of a study as a calendar shows them: milestones and the ends of approvals.

mod writes;

pub use writes::Writes;

use crate::calendar::deadline::Start;
use crate::doc::{Entity, StudyDoc};
use crate::milestone::When;
use crate::milestone::list;
use crate::milestone::plan::{Lane, PlanRow, StudyPlan, What};
use crate::milestone::rule::{Rule, TRIGGER};
use crate::{EntityId, Label, Lang, kind, label};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta};
use std::collections::HashSet;

/// A day, month or year in which something is to happen or has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaEntry {
    /// The same on every laptop and after every change.
    pub uid: String,
    /// Counts up whenever the entry may have changed, on whichever laptop it was, see [`Writes`].
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
    /// Whether calendars that have it are to take it away.
    pub is_cancelled: bool,
    /// The moment, of what is due at one. Time: RFC 3339; empty for days.
    pub at: String,
    /// How long before it begins a calendar reminds of it; `None` when it does not.
    pub remind: Option<TimeDelta>,
    /// The study's short title.
    pub category: String,
}

/// How long before a day calendars remind of it, where there is that much time.
const REMIND: TimeDelta = TimeDelta::days(7);
/// The same before a moment; at most half of the time that there is.
const REMIND_MOMENT: TimeDelta = TimeDelta::hours(2);

/// The days of a study, milestones first, in its order.
///
/// A milestone without a date of its own has the one that its rule gives in the plan, which is to
/// be one without a moment: a file must not say another day each time it is made. What had a date
/// and no longer applies is an entry that takes itself back. The notes of milestones stay here: a
/// calendar is a file that anybody can read.
pub fn of_study(doc: &StudyDoc, plan: &StudyPlan, writes: &Writes, lang: Lang) -> Vec<AgendaEntry> {
    let maker = Maker {
        doc,
        plan,
        writes,
        lang,
    };
    let milestones = doc
        .entities
        .iter()
        .filter(|one| one.kind == kind::MILESTONE);
    let mut entries: Vec<AgendaEntry> = milestones
        .filter_map(|milestone| {
            let live = maker.milestone(milestone);
            live.or_else(|| maker.milestone_taken_back(milestone))
        })
        .collect();
    for what in [What::ApprovalExpiry, What::ContinuingReview] {
        let rows = plan.lanes.iter().flat_map(|lane| {
            let rows = lane.rows.iter().filter(|row| row.what == what);
            rows.map(move |row| (lane, row))
        });
        let live: Vec<AgendaEntry> = rows
            .filter_map(|(lane, row)| match what {
                What::ApprovalExpiry => maker.approval(lane, row),
                _ => maker.review(lane, row),
            })
            .collect();
        let gone = maker.letters_taken_back(what, &live);
        entries.extend(live);
        entries.extend(gone);
    }
    entries
}

/// What entries are made from.
struct Maker<'a> {
    doc: &'a StudyDoc,
    plan: &'a StudyPlan,
    writes: &'a Writes,
    lang: Lang,
}

/// The registers of a milestone that hold its days.
const DAYS: [&str; 3] = ["actual", "planned", "untyped"];
/// The registers by which a milestone has a day without one of its own.
const RULES: [&str; 3] = ["rule", "trigger", "repeat"];

impl Maker<'_> {
    fn milestone(&self, milestone: &Entity) -> Option<AgendaEntry> {
        if !milestone.is_shown() || !milestone.text("notApplicable").is_empty() {
            return None;
        }
        let row = self.plan.row(&milestone.id).map(|(_, row)| row);
        let stands = |register: &&str| match row {
            // What comes back is done for now: its next day counts, which follows from its rule
            // unless it was planned anew.
            Some(row) if row.is_due_anew() => {
                *register == "planned" && row.planned == row.due_known()
            }
            _ => *register != "actual" || milestone.text("repeat").is_empty(),
        };
        let register = DAYS
            .into_iter()
            .filter(stands)
            .find(|register| !milestone.text(register).is_empty());
        let derived = row.and_then(derived);
        if register.is_none() && derived.is_none() {
            return None;
        }
        let mut made = self.entry(
            milestone,
            register.unwrap_or("planned"),
            &self.named(milestone),
        );
        if let (None, Some((date, words))) = (register, derived) {
            self.derive(&mut made, &date, words.text(self.lang));
            if row.is_some_and(|row| row.derived && !row.actual.is_empty()) {
                (made.is_done, made.remind) = (true, None);
            }
        }
        if let Some(row) = row.filter(|_| !made.is_done) {
            self.remind(&mut made, row);
        }
        let legal = row.map_or("", |row| &row.legal);
        if !legal.is_empty() && !made.is_done && legal != made.date {
            made.note.push('\n');
            made.note
                .push_str(&label!("agenda.legal").fill(self.lang, &[("date", legal)]));
        }
        Some(made)
    }

    /// A milestone that calendars may have and that has no day any longer.
    fn milestone_taken_back(&self, milestone: &Entity) -> Option<AgendaEntry> {
        if !self.had_day(milestone, &mut HashSet::new()) {
            return None;
        }
        let register = DAYS.into_iter().find(|day| !milestone.text(day).is_empty());
        let name = self.named(milestone);
        let mut made = self.entry(milestone, register.unwrap_or("planned"), &name);
        let row = self.plan.row(&milestone.id).map(|(_, row)| row);
        if let Some(row) = row.filter(|_| register.is_none()) {
            // Where calendars have it: the day that its rule gives if it did apply.
            made.date = row.otherwise_due.clone();
        }
        let is_asked = milestone.is_shown() && milestone.text("notApplicable").is_empty();
        let words = if is_asked {
            label!("agenda.noDay")
        } else {
            label!("agenda.takenBack")
        };
        Some(self.take_back(made, milestone, words))
    }

    /// Whether a milestone may have had a day, of its own or by its rule: one that waits for its
    /// first was in no calendar.
    fn had_day<'a>(&'a self, milestone: &'a Entity, seen: &mut HashSet<&'a EntityId>) -> bool {
        let ever = |fields: &[&str]| fields.iter().any(|f| self.writes.ever(&milestone.id, f));
        if ever(&DAYS) || ever(&["trigger"]) {
            return true;
        }
        if !ever(&["rule"]) || !seen.insert(&milestone.id) {
            return false;
        }
        let Some(rule) = Rule::parse(milestone.text("rule")) else {
            // It was taken away.
            return milestone.text("rule").is_empty();
        };
        let milestones = || {
            self.doc
                .entities
                .iter()
                .filter(|one| one.kind == kind::MILESTONE)
        };
        let root = self.doc.id.root();
        match &rule {
            // Without a count of participants nothing was ever worked out.
            Rule::Enrolled(_) => self
                .doc
                .entities
                .iter()
                .any(|one| one.kind == kind::ENROLMENT),
            Rule::First(key) | Rule::Last(key) => milestones()
                .filter(|one| one.text("key") == key && one.parent.as_ref() != Some(&root))
                .any(|one| self.had_day(one, seen)),
            Rule::Offset { .. } => milestones()
                .filter(|one| Some(one.text("key")) == rule.anchor())
                .filter(|one| one.parent == milestone.parent || one.parent.as_ref() == Some(&root))
                .any(|one| self.had_day(one, seen)),
        }
    }

    /// The ends and reviews that letters name and that no longer count.
    fn letters_taken_back(&self, what: What, live: &[AgendaEntry]) -> Vec<AgendaEntry> {
        let name = |lang| match what {
            What::ApprovalExpiry => label!("agenda.approvalEnds").text(lang).to_owned(),
            _ => list::deadline("continuing_review")
                .map(|rule| rule.name.text(lang).to_owned())
                .unwrap_or_default(),
        };
        let field = |one: &Entity| match (one.kind.as_str(), what) {
            (kind::APPROVAL, What::ApprovalExpiry) => Some("validUntil"),
            (kind::APPROVAL, _) => Some("decidedOn"),
            (kind::SITE, What::ApprovalExpiry) => Some("approvalValidUntil"),
            (kind::SITE, _) => Some("approvalDate"),
            _ => None,
        };
        let noted = self.doc.entities.iter().filter_map(|one| {
            let field = field(one).filter(|field| self.writes.ever(&one.id, field))?;
            Some((one, field))
        });
        noted
            .map(|(one, field)| {
                let mut made = self.entry(one, field, &name);
                made.uid = uid_of(what, &one.id);
                self.take_back(made, one, label!("agenda.takenBack"))
            })
            .filter(|one| live.iter().all(|shown| shown.uid != one.uid))
            .collect()
    }

    fn take_back(&self, mut made: AgendaEntry, entity: &Entity, words: &Label) -> AgendaEntry {
        made.is_cancelled = true;
        (made.is_done, made.remind) = (false, None);
        made.note = words.text(self.lang).to_owned();
        self.count_all(&mut made);
        if span(&made.date).is_none() {
            // A calendar wants some day; it goes by the id.
            let heads = entity.fields.values().flat_map(|field| &field.heads);
            let last = heads.map(|head| head.at.as_str()).max().unwrap_or_default();
            made.date = last.chars().take(10).collect();
        }
        made
    }

    fn named<'a>(&self, milestone: &'a Entity) -> impl Fn(Lang) -> String + use<'a> {
        |lang| match milestone.text_in("name", lang) {
            "" => milestone.text("key").to_owned(),
            name => name.to_owned(),
        }
    }
}

fn uid_of(what: What, id: &EntityId) -> String {
    match what {
        What::ApprovalExpiry => format!("{id}-approval@pi-desk"),
        What::ContinuingReview => format!("{id}-review@pi-desk"),
        _ => format!("{id}@pi-desk"),
    }
}

/// The day that a rule gives, and what it is.
fn derived(row: &PlanRow) -> Option<(String, &'static Label)> {
    let (date, words) = match row.what {
        // The sites say that it has happened.
        _ if row.derived && !row.actual.is_empty() => (row.actual.clone(), label!("agenda.done")),
        What::Deadline => (row.due_known(), label!("agenda.deadline")),
        _ if row.forecast.is_empty() => (row.due_known(), label!("agenda.expected")),
        _ => (row.forecast_known(), label!("agenda.expected")),
    };
    (!date.is_empty()).then_some((date, words))
}

impl Maker<'_> {
    fn review(&self, lane: &Lane, row: &PlanRow) -> Option<AgendaEntry> {
        let entity = self.doc.entity(&row.id)?;
        let mut made = self.entry_at(entity, &row.field, lane.site.as_ref(), &|lang| {
            row.name.text(lang).to_owned()
        });
        made.uid = uid_of(row.what, &row.id);
        made.is_done = false;
        self.derive(
            &mut made,
            &row.due,
            label!("agenda.deadline").text(self.lang),
        );
        self.remind(&mut made, row);
        (!row.due.is_empty()).then_some(made)
    }

    /// Gives an entry the moment that it is due at, and a reminder that does not come before what
    /// set it off.
    fn remind(&self, made: &mut AgendaEntry, row: &PlanRow) {
        if made.date == row.due {
            made.at.clone_from(&row.due_at);
        }
        let began = self.began(row);
        made.remind = if let Ok(at) = DateTime::parse_from_rfc3339(&made.at) {
            let began = began.and_then(|began| began.moment());
            let half = began.map_or(REMIND_MOMENT, |began| (at - began) / 2);
            Some(REMIND_MOMENT.min(half))
        } else {
            // A reminder comes when its day begins: the earliest is that of the day after.
            let left = began.zip(span(&made.date));
            let left = left.map(|(began, (first, _))| first - began.day() - TimeDelta::days(1));
            left.map_or(Some(REMIND), |left| Some(REMIND.min(left)))
        };
        made.remind = made.remind.filter(|ahead| *ahead >= TimeDelta::zero());
    }

    /// What a line's day is counted from, once it has been.
    fn began(&self, row: &PlanRow) -> Option<Start> {
        let on = |day: &str| When::parse(day).map(|when| Start::Day(when.last));
        if row.is_due_anew() {
            return on(&row.actual);
        }
        match Rule::parse(&row.rule)? {
            Rule::Offset { before: true, .. } => None,
            Rule::Offset { anchor, .. } if anchor == TRIGGER => Start::parse(&row.trigger),
            Rule::Offset { anchor, .. } => {
                let (lane, _) = self.plan.row(&row.id)?;
                let whole = || self.plan.lane(None)?.milestone(&anchor);
                on(lane.milestone(&anchor).or_else(whole)?.done_on())
            }
            _ => None,
        }
    }

    /// The end of the approval that counts at a site: its letter's, or what was noted with the site.
    fn approval(&self, lane: &Lane, row: &PlanRow) -> Option<AgendaEntry> {
        let entity = self.doc.entity(&row.id)?;
        let mut made = self.entry_at(entity, &row.field, lane.site.as_ref(), &|lang| {
            label!("agenda.approvalEnds").text(lang).to_owned()
        });
        made.uid = uid_of(row.what, &row.id);
        // Which letter counts follows from all of them.
        self.count_all(&mut made);
        Some(made)
    }

    /// Counts and dates an entry by the whole study.
    fn count_all(&self, made: &mut AgendaEntry) {
        let fields = self.doc.entities.iter().flat_map(|one| one.fields.values());
        let last = fields
            .flat_map(|field| &field.heads)
            .max_by_key(|head| (head.lam, &head.at));
        let last = last.map(|head| head.at.as_str()).unwrap_or_default();
        made.changed_at = last.max(self.writes.calendar_at()).to_owned();
        made.sequence = self.writes.whole();
    }

    /// Takes a day that is worked out.
    fn derive(&self, made: &mut AgendaEntry, date: &str, words: &str) {
        // Any change of the study may have moved it.
        self.count_all(made);
        made.date = date.to_owned();
        let rest = made.note.split_once('\n').map(|(_, rest)| rest.to_owned());
        made.note = match rest {
            Some(rest) => format!("{words}\n{rest}"),
            None => words.to_owned(),
        };
    }

    /// An entry of an entity at the site that it belongs to.
    fn entry(&self, entity: &Entity, register: &str, name: &dyn Fn(Lang) -> String) -> AgendaEntry {
        let site = match entity.kind.as_str() {
            kind::SITE => Some(entity.id.clone()),
            kind::APPROVAL => entity.reference("site"),
            _ => entity.parent.clone(),
        };
        self.entry_at(entity, register, site.as_ref(), name)
    }

    fn entry_at(
        &self,
        entity: &Entity,
        register: &str,
        site: Option<&EntityId>,
        name: &dyn Fn(Lang) -> String,
    ) -> AgendaEntry {
        let (doc, lang) = (self.doc, self.lang);
        let site = site
            .and_then(|id| doc.entity(id))
            .filter(|site| site.kind == kind::SITE);
        let is_done = register == "actual";
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
        let state = if is_done {
            label!("agenda.done")
        } else {
            label!("agenda.planned")
        };
        let mut note = vec![state.text(lang).to_owned()];
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
        let of_rule = RULES
            .iter()
            .any(|field| self.writes.ever(&entity.id, field));
        let root = doc.id.root();
        let parts = [Some(&entity.id), site.map(|site| &site.id), Some(&root)];
        let heads = entity.fields.values().flat_map(|field| &field.heads);
        let mut made = AgendaEntry {
            uid: uid_of(What::Milestone, &entity.id),
            sequence: parts
                .into_iter()
                .flatten()
                .map(|id| self.writes.of(id))
                .sum(),
            changed_at: heads.map(|head| head.at.clone()).max().unwrap_or_default(),
            title: title(lang),
            note: note.join("\n"),
            date: entity.text(register).to_owned(),
            is_done,
            is_cancelled: false,
            at: String::new(),
            remind: (!is_done).then_some(REMIND),
            category: study_name(doc, lang),
        };
        if of_rule {
            // What once had its day by a rule goes on from there when it gets one of its own.
            self.count_all(&mut made);
        }
        made
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
mod tests;
