//! What a list of milestones would give, before anything is written.

use super::list::MilestoneList;
use super::network::{Due, Network};
use super::of_doc::{self, Scene};
use super::when::{self, Precision, When};
use crate::calendar::Calendar;
use crate::reference::Bilingual;
use crate::{EntityId, StudyDoc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// One milestone of a list, with the day that follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PreviewRow {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// The milestone that is here already; its dates are left alone.
    pub existing: Option<EntityId>,
    /// The day: as given, as it stands, or by the rule. Time: `YYYY-MM-DD`, or as given; empty when
    /// nothing gives one.
    pub date: String,
    /// Whether the day follows from the rule.
    pub by_rule: bool,
    /// The last day that the law allows where days were counted over days off; else empty.
    pub legal: String,
    /// Whether the day rests on working days that are not announced yet.
    pub provisional: bool,
    /// What its date follows from; empty when a person sets it.
    pub rule: String,
    /// `verified`, `secondary` or `unverified`; empty without a rule.
    pub rule_verification: String,
    /// The instrument; empty when none is named.
    pub source: String,
    /// Keys of those that must be done before it.
    pub needs: Vec<String>,
}

/// The days that a list gives at a place of a study, from days that a person chose by key.
pub fn preview(
    doc: &StudyDoc,
    site: Option<&EntityId>,
    list: &MilestoneList,
    dates: &BTreeMap<String, String>,
    calendar: &Calendar,
) -> Vec<PreviewRow> {
    let Scene {
        sites,
        curves,
        whole,
        entities,
        mut nodes,
    } = of_doc::scene(doc);
    let place = site.and_then(|id| sites.iter().position(|site| site.id == *id));
    let lane = place.map_or(0, |place| place + 1);
    let mut rows = Vec::new();
    for item in &list.items {
        let given = dates.get(&item.key).and_then(|text| When::parse(text));
        let known = nodes
            .iter()
            .position(|node| node.lane == lane && node.key == item.key);
        let n = known.unwrap_or(nodes.len());
        if known.is_none() {
            nodes.push(of_doc::of_item(lane, item));
        }
        let mut is_given = false;
        if let Some(node) = nodes.get_mut(n)
            && node.planned.is_none()
        {
            node.planned = given;
            is_given = given.is_some();
            if node.rule.is_none() {
                node.rule = item.rule();
            }
        }
        rows.push((item, n, is_given));
    }
    let reaches = |lane: usize, percent: u8| {
        let curve = match lane.checked_sub(1) {
            None => Some(&whole),
            Some(n) => curves.get(n).map(|(_, curve)| curve),
        };
        curve?.reaches(percent)
    };
    let own: Vec<bool> = nodes
        .iter()
        .map(|node| node.planned.is_some() || node.actual.is_some())
        .collect();
    let network = Network::new(calendar, nodes, None, &reaches);
    let known = |due: Due| when::as_known(&due.safe.to_string(), due.precision);
    rows.into_iter()
        .map(|(item, n, is_given)| {
            let due = network.scheduled(n);
            let given = dates.get(&item.key).filter(|_| is_given);
            let counted =
                due.filter(|due| due.precision == Precision::Day && due.legal != due.safe);
            PreviewRow {
                key: item.key.clone(),
                name: item.name.clone(),
                existing: entities.get(n).map(|(_, entity)| entity.id.clone()),
                date: match (given, due) {
                    (Some(given), _) => given.clone(),
                    (None, due) => due.map(known).unwrap_or_default(),
                },
                by_rule: due.is_some() && !own.get(n).copied().unwrap_or(false),
                legal: counted.map(|due| due.legal.to_string()).unwrap_or_default(),
                provisional: due.is_some_and(|due| due.provisional),
                rule: item.rule.clone(),
                rule_verification: item.rule_verification.clone(),
                source: item.source.clone(),
                needs: item.needs.clone(),
            }
        })
        .collect()
}
