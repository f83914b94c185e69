//! What calendars may have and that no longer is: entries that take themselves back.

use super::{AgendaEntry, DAYS, Maker, span, uid_of};
use crate::calendar::deadline::{Start, Unit, count_hours};
use crate::milestone::list;
use crate::milestone::plan::What;
use crate::milestone::rule::{Rule, TRIGGER};
use crate::{Entity, EntityId, Label, kind, label};
use serde_json::Value;
use std::collections::HashSet;

impl<'a> Maker<'a> {
    /// A milestone that calendars may have and that has no day any longer.
    pub(super) fn milestone_taken_back(&self, milestone: &'a Entity) -> Option<AgendaEntry> {
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
        if register.is_none() && self.is_hours(milestone) {
            // What was an event at its hour is taken back as one.
            let at = ends_at(milestone).unwrap_or_else(|| made.changed_at.clone());
            made.date = day_of(&at);
            made.at = at;
        }
        let is_asked = milestone.is_shown() && milestone.text("notApplicable").is_empty();
        let words = if is_asked {
            label!("agenda.noDay")
        } else {
            label!("agenda.takenBack")
        };
        Some(self.take_back(made, words))
    }

    /// Whether a milestone is due at a moment by its rule, or was before that was taken away.
    fn is_hours(&self, milestone: &Entity) -> bool {
        let rule = milestone.text("rule");
        let was = self.writes.values(&milestone.id, "rule").iter();
        let was = was.filter(|_| rule.is_empty()).filter_map(Value::as_str);
        was.chain([rule]).any(|rule| hours(rule).is_some())
    }

    /// Whether a milestone may have had a day, of its own or by its rule: one that waits for its
    /// first was in no calendar.
    fn had_day(&self, milestone: &'a Entity, seen: &mut HashSet<&'a EntityId>) -> bool {
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
    pub(super) fn letters_taken_back(&self, what: What, live: &[AgendaEntry]) -> Vec<AgendaEntry> {
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
                self.take_back(made, label!("agenda.takenBack"))
            })
            .filter(|one| live.iter().all(|shown| shown.uid != one.uid))
            .collect()
    }

    fn take_back(&self, mut made: AgendaEntry, words: &Label) -> AgendaEntry {
        made.is_cancelled = true;
        (made.is_done, made.remind) = (false, None);
        made.note = words.text(self.lang).to_owned();
        if span(&made.date).is_none() {
            // A calendar wants some day; it goes by the id.
            made.date = made.changed_at.chars().take(10).collect();
        }
        made
    }
}

/// How many hours after its own moment a rule lets something end; negative before it.
fn hours(rule: &str) -> Option<i64> {
    match Rule::parse(rule)? {
        Rule::Offset {
            anchor,
            before,
            period,
        } if anchor == TRIGGER && period.unit == Unit::Hours => {
            Some(if before { -period.n } else { period.n })
        }
        _ => None,
    }
}

/// The moment that the rule of hours of a milestone gives. Time: RFC 3339 in Shanghai.
fn ends_at(milestone: &Entity) -> Option<String> {
    let hours = hours(milestone.text("rule"))?;
    let from = Start::parse(milestone.text("trigger"))?.moment()?;
    Some(count_hours(from, hours)?.to_rfc3339())
}

/// The day in Shanghai of a moment; empty when it is none.
fn day_of(moment: &str) -> String {
    Start::parse(moment)
        .map(|start| start.day().to_string())
        .unwrap_or_default()
}
