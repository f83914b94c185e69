//! Lists of milestones and rules of deadlines, as data with version, source and verification
//! (`data/milestones.json`, `data/deadlines.json`).

use super::rule::Rule;
use crate::calendar::Period;
use crate::reference::{Bilingual, TemplateMilestone};
use serde::{Deserialize, Deserializer, Serialize};
use std::sync::LazyLock;
use ts_rs::TS;

/// Milestones that are planned together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MilestoneList {
    /// Its key, for example `cn-iit-site`.
    pub key: String,
    /// Its version; whatever is made of it keeps this.
    pub version: String,
    /// Whose milestones they are: `study` or `site`.
    pub level: String,
    /// Its name.
    pub name: Bilingual,
    /// Where it comes from.
    pub source: Bilingual,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
    /// The milestone that is day 0; empty when there is none.
    #[serde(default)]
    pub anchor: String,
    /// Bars of the timeline.
    pub phases: Vec<Phase>,
    /// The milestones, in order.
    pub items: Vec<ListItem>,
}

/// A stretch between two milestones, drawn as a bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "PlanPhase")]
pub struct Phase {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// Key of the milestone that begins it.
    pub from: String,
    /// Key of the milestone that ends it.
    pub to: String,
}

/// A milestone of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "MilestoneListItem")]
pub struct ListItem {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// Whether its place in the path of a study is `verified`, `secondary` or `unverified`.
    pub verification: String,
    /// What its date follows from ([`Rule`]); empty when a person sets it.
    #[serde(default)]
    pub rule: String,
    /// The same as `verification`, for the rule; empty without a rule.
    #[serde(default)]
    pub rule_verification: String,
    /// Keys of those that must be done before it.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Whether somebody else has to answer.
    #[serde(default)]
    pub awaits_reply: bool,
    /// The instrument that asks for it; empty when none is named.
    #[serde(default)]
    pub source: String,
}

/// Rules of deadlines that begin with an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineList {
    /// Its key.
    pub key: String,
    /// Its version.
    pub version: String,
    /// The rules, in order.
    pub rules: Vec<DeadlineRule>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineRule {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// What it is counted from.
    pub trigger: Bilingual,
    /// How long: `24h`, `30d`, `10b` (working days), `12m`, `3y`; empty when a letter sets the day.
    #[serde(default)]
    pub period: String,
    /// Whether it begins anew when it was met.
    #[serde(default)]
    pub repeats: bool,
    /// Whether a validity ends: never put off by a day off.
    #[serde(default, skip_serializing)]
    #[ts(skip)]
    pub expiry: bool,
    /// Whether the day is entered, not counted.
    #[serde(default)]
    pub dated: bool,
    /// Reminders before the day. Units: days.
    #[serde(default)]
    pub warn_days: Vec<u32>,
    /// The instrument.
    pub source: String,
    /// The part of it; empty when it has none.
    #[serde(default)]
    pub article: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
    /// A remark; both languages empty when there is none.
    #[serde(default)]
    pub note: Bilingual,
}

/// Lists of milestones.
pub static LISTS: LazyLock<Vec<MilestoneList>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/milestones.json"))
        .expect("milestones.json is checked")
});

/// Rules of deadlines.
pub static DEADLINES: LazyLock<DeadlineList> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/deadlines.json"))
        .expect("deadlines.json is checked")
});

/// A list by key.
pub fn list(key: &str) -> Option<&'static MilestoneList> {
    LISTS.iter().find(|list| list.key == key)
}

/// A milestone of any list by key.
pub fn item(key: &str) -> Option<&'static ListItem> {
    let mut items = LISTS.iter().flat_map(|list| &list.items);
    items.find(|item| item.key == key)
}

/// A rule of a deadline by key.
pub fn deadline(key: &str) -> Option<&'static DeadlineRule> {
    DEADLINES.rules.iter().find(|rule| rule.key == key)
}

impl MilestoneList {
    /// What whatever is made of it keeps: key and version.
    pub fn origin(&self) -> String {
        format!("{}@{}", self.key, self.version)
    }
}

impl ListItem {
    /// Its rule.
    pub fn rule(&self) -> Option<Rule> {
        Rule::parse(&self.rule)
    }
}

impl DeadlineRule {
    /// What a deadline that it began keeps: list, key and version.
    pub fn origin(&self) -> String {
        format!("{}/{}@{}", DEADLINES.key, self.key, DEADLINES.version)
    }

    /// Its length.
    pub fn period(&self) -> Option<Period> {
        Period::parse(&self.period)
    }
}

/// Reads the milestones of a study template, which names them by key alone.
pub(crate) fn by_keys<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<TemplateMilestone>, D::Error> {
    let keys = Vec::<String>::deserialize(deserializer)?;
    let find = |key: String| {
        let item = item(&key).ok_or_else(|| {
            serde::de::Error::custom(format!("milestones.json has no milestone {key}"))
        })?;
        Ok(TemplateMilestone {
            key,
            name: item.name.clone(),
            verification: item.verification.clone(),
        })
    };
    keys.into_iter().map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn assert_mark(mark: &str, place: &str) {
        let known = ["verified", "secondary", "unverified"];
        assert!(known.contains(&mark), "{place}: {mark}");
    }

    #[test]
    fn the_lists_hold_together() {
        let mut all = BTreeSet::new();
        for list in LISTS.iter() {
            assert_mark(&list.verification, &list.key);
            let keys: BTreeSet<&str> = list.items.iter().map(|i| i.key.as_str()).collect();
            for item in &list.items {
                let key = &item.key;
                assert!(all.insert(key), "{key} is there twice");
                assert_mark(&item.verification, key);
                if item.rule.is_empty() {
                    assert!(item.rule_verification.is_empty(), "{key}");
                } else {
                    assert_mark(&item.rule_verification, key);
                    let rule = item
                        .rule()
                        .unwrap_or_else(|| panic!("{key}: {}", item.rule));
                    assert_eq!(rule.to_string(), item.rule, "{key}");
                    // What a registry calls completion is a milestone that no list makes.
                    let is_known = |anchor| keys.contains(anchor) || anchor == "primary_completion";
                    assert!(rule.anchor().is_none_or(is_known), "{key}: {rule}");
                }
                for need in &item.needs {
                    assert!(keys.contains(need.as_str()), "{key} needs {need}");
                }
            }
            for phase in &list.phases {
                assert!(keys.contains(phase.from.as_str()), "{}", phase.key);
                assert!(keys.contains(phase.to.as_str()), "{}", phase.key);
            }
            assert!(list.anchor.is_empty() || keys.contains(list.anchor.as_str()));
        }
        assert_eq!(all.len(), 68);
    }

    #[test]
    fn every_rule_of_a_deadline_can_be_begun() {
        let keys: BTreeSet<&str> = DEADLINES.rules.iter().map(|r| r.key.as_str()).collect();
        assert_eq!((keys.len(), DEADLINES.rules.len()), (21, 21));
        for rule in &DEADLINES.rules {
            let key = &rule.key;
            assert_mark(&rule.verification, key);
            assert!(!rule.source.is_empty(), "{key}");
            assert_eq!(
                rule.period().is_none(),
                rule.dated,
                "{key}: {}",
                rule.period
            );
            let words = [&rule.name, &rule.trigger];
            assert!(
                words.iter().all(|w| !w.zh.is_empty() && !w.en.is_empty()),
                "{key}"
            );
        }
    }

    #[test]
    fn a_template_of_a_study_takes_its_milestones_from_the_lists() {
        let template = crate::reference::template("cn-iit-interventional").unwrap();
        assert_eq!(
            (template.milestones.len(), template.site_milestones.len()),
            (40, 28)
        );
        let siv = template
            .site_milestones
            .iter()
            .find(|m| m.key == "siv")
            .unwrap();
        assert_eq!(siv.name, item("siv").unwrap().name);
    }
}
