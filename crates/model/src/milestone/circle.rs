//! Whether a rule can work: its anchor is there, and does not count from the milestone itself.

use super::plan::{Lane, PlanRow, StudyPlan};
use super::rule::Rule;
use crate::EntityId;
use crate::check::Complaint;
use std::collections::HashSet;

impl StudyPlan {
    /// What is wrong with a rule that somebody wants to give to a milestone.
    pub fn refuse_rule(&self, id: &EntityId, rule: &Rule) -> Option<Complaint> {
        let (lane, _) = self.row(id)?;
        let first = self.anchors(lane, rule);
        if first.is_empty() && names(rule) {
            return Some(Complaint::NoAnchor);
        }
        let mut open = first;
        let mut seen = HashSet::new();
        while let Some((lane, row)) = open.pop() {
            if row.id == *id {
                return Some(Complaint::Circle);
            }
            if seen.insert(&row.id)
                && let Some(rule) = Rule::parse(&row.rule)
            {
                open.extend(self.anchors(lane, &rule));
            }
        }
        None
    }

    /// The milestones that a rule of a lane counts from.
    fn anchors<'a>(&'a self, lane: &'a Lane, rule: &Rule) -> Vec<(&'a Lane, &'a PlanRow)> {
        let of = |lane: &'a Lane, key: &str| Some((lane, lane.milestone(key)?));
        match rule {
            Rule::Offset { .. } => {
                let whole = || self.lanes.iter().find(|lane| lane.site.is_none());
                let key = rule.anchor().unwrap_or_default();
                let here = of(lane, key).or_else(|| of(whole()?, key));
                here.into_iter().collect()
            }
            Rule::First(key) | Rule::Last(key) => {
                let sites = self.lanes.iter().filter(|lane| lane.site.is_some());
                sites.filter_map(|lane| of(lane, key)).collect()
            }
            Rule::Enrolled(_) => Vec::new(),
        }
    }
}

/// Whether a rule names a milestone.
fn names(rule: &Rule) -> bool {
    rule.anchor().is_some() || matches!(rule, Rule::First(_) | Rule::Last(_))
}
