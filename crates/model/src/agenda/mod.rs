//! Days of a study as a calendar shows them: milestones and the ends of approvals.

mod gone;
mod rests;
mod writes;

pub use writes::Writes;

use crate::calendar::deadline::Start;
use crate::doc::{Entity, StudyDoc};
use crate::milestone::When;
use crate::milestone::plan::{Lane, PlanRow, StudyPlan, What};
use crate::milestone::rule::{Rule, TRIGGER};
use crate::reference::CENTER;
use crate::{EntityId, Label, Lang, kind, label};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta};
use rests::Rests;

/// A day, month or year in which something is to happen or has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaEntry {
    /// The same on every laptop and after every change.
    pub uid: String,
    /// Counts up when what the entry rests on was written, on whichever laptop, see [`Writes`].
    pub sequence: u32,
    /// When it was last changed: UTC, RFC 3339.
    pub changed_at: String,
    /// What happens, then the site and the study in short: a telephone shows the first words alone.
    /// `~` in front says that the day may still move.
    pub title: String,
    /// The same in full in both languages, why its day may move, dates that contradict each other.
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
        rests: Rests::new(doc, writes),
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
    rests: Rests<'a>,
    lang: Lang,
}

/// The registers of a milestone that hold its days.
const DAYS: [&str; 3] = ["actual", "planned", "untyped"];

impl<'a> Maker<'a> {
    fn milestone(&self, milestone: &'a Entity) -> Option<AgendaEntry> {
        if !milestone.is_shown() || !milestone.text("notApplicable").is_empty() {
            return None;
        }
        let row = self.plan.row(&milestone.id).map(|(_, row)| row);
        let stands = |register: &&str| match row {
            // What sites or enrolment tell has happened, whatever was planned.
            Some(row) if row.derived => false,
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
        if let (None, Some(derived)) = (register, derived) {
            derive(&mut made, &derived.date, derived.words.text(self.lang));
            if row.is_some_and(|row| row.derived) {
                (made.is_done, made.remind) = (true, None);
            }
            if derived.provisional {
                self.mark_provisional(&mut made);
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
            if row.is_some_and(|row| row.provisional) {
                self.say_provisional(&mut made, legal);
            }
        }
        Some(made)
    }

    fn named(&self, milestone: &'a Entity) -> impl Fn(Lang) -> String + use<'a> {
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

/// A day that is worked out.
struct Derived {
    date: String,
    /// What it is.
    words: &'static Label,
    /// Whether it rests on working days that are not announced yet.
    provisional: bool,
}

/// The day that a rule gives, or that the sites tell.
fn derived(row: &PlanRow) -> Option<Derived> {
    let (date, words, provisional) = match row.what {
        // The sites say that it has happened.
        _ if row.derived => (row.actual.clone(), label!("agenda.done"), false),
        What::Deadline => (row.due_known(), label!("agenda.deadline"), row.provisional),
        _ if row.forecast.is_empty() => {
            (row.due_known(), label!("agenda.expected"), row.provisional)
        }
        _ => (
            row.forecast_known(),
            label!("agenda.expected"),
            row.forecast_provisional,
        ),
    };
    (!date.is_empty()).then_some(Derived {
        date,
        words,
        provisional,
    })
}

impl<'a> Maker<'a> {
    fn review(&self, lane: &Lane, row: &PlanRow) -> Option<AgendaEntry> {
        let entity = self.doc.entity(&row.id)?;
        let mut made = self.entry_at(entity, &row.field, lane.site.as_ref(), &|lang| {
            row.name.text(lang).to_owned()
        });
        made.uid = uid_of(row.what, &row.id);
        made.is_done = false;
        derive(
            &mut made,
            &row.due,
            label!("agenda.deadline").text(self.lang),
        );
        if row.provisional {
            self.mark_provisional(&mut made);
        }
        self.remind(&mut made, row);
        (!row.due.is_empty()).then_some(made)
    }

    /// Says in an entry that its day may still move, and why: where it is read first, and below.
    fn mark_provisional(&self, made: &mut AgendaEntry) {
        made.title.insert(0, '~');
        let date = made.date.clone();
        self.say_provisional(made, &date);
    }

    /// Says below an entry which years' working days are not announced yet, up to that of a day.
    fn say_provisional(&self, made: &mut AgendaEntry, date: &str) {
        let years = self.plan.missing_years.iter().map(i32::to_string);
        let years: Vec<String> = years
            .filter(|year| year.as_str() <= date.get(..4).unwrap_or(date))
            .collect();
        let why = if years.is_empty() {
            label!("ui.today.provisional").text(self.lang).to_owned()
        } else {
            let between = if self.lang == Lang::Zh { "、" } else { ", " };
            label!("plan.provisional").fill(self.lang, &[("year", &years.join(between))])
        };
        if made.note.lines().all(|line| line != why) {
            made.note.push('\n');
            made.note.push_str(&why);
        }
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
        Some(made)
    }

    /// An entry of an entity at the site that it belongs to.
    fn entry(
        &self,
        entity: &'a Entity,
        register: &str,
        name: &dyn Fn(Lang) -> String,
    ) -> AgendaEntry {
        let site = match entity.kind.as_str() {
            kind::SITE => Some(entity.id.clone()),
            kind::APPROVAL => entity.reference("site"),
            _ => entity.parent.clone(),
        };
        self.entry_at(entity, register, site.as_ref(), name)
    }

    fn entry_at(
        &self,
        entity: &'a Entity,
        register: &str,
        site: Option<&EntityId>,
        name: &dyn Fn(Lang) -> String,
    ) -> AgendaEntry {
        let (doc, lang) = (self.doc, self.lang);
        let site = site
            .and_then(|id| doc.entity(id))
            .filter(|site| site.kind == kind::SITE);
        let is_done = register == "actual";
        let facility = |lang| site.map_or("", |site| site.text_in("facility", lang));
        let title = |lang| {
            let site = CENTER.short_name_of(facility(lang), lang);
            joined([&name(lang), site, &study_name(doc, lang)])
        };
        let whole = |lang| {
            let study = doc.root().map_or("", |root| root.text_in("title", lang));
            joined([&name(lang), facility(lang), study])
        };
        let other = if lang == Lang::Zh { Lang::En } else { Lang::Zh };
        let state = if is_done {
            label!("agenda.done")
        } else {
            label!("agenda.planned")
        };
        let mut note = vec![state.text(lang).to_owned()];
        for whole in [whole(lang), whole(other)] {
            if whole != title(lang) && !note.contains(&whole) {
                note.push(whole);
            }
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
        let rest = match entity.kind.as_str() {
            kind::MILESTONE => self.rests.of_milestone(entity),
            _ => self.rests.of_letter(entity),
        };
        let (sequence, changed_at) = self.rests.count(&rest);
        AgendaEntry {
            uid: uid_of(What::Milestone, &entity.id),
            sequence,
            changed_at,
            title: title(lang),
            note: note.join("\n"),
            date: entity.text(register).to_owned(),
            is_done,
            is_cancelled: false,
            at: String::new(),
            remind: (!is_done).then_some(REMIND),
            category: study_name(doc, lang),
        }
    }
}

/// The parts that say something, one after the other.
fn joined(parts: [&str; 3]) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// Takes a day that is worked out.
fn derive(made: &mut AgendaEntry, date: &str, words: &str) {
    made.date = date.to_owned();
    let rest = made.note.split_once('\n').map(|(_, rest)| rest.to_owned());
    made.note = match rest {
        Some(rest) => format!("{words}\n{rest}"),
        None => words.to_owned(),
    };
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
