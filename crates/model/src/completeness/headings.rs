//! The headings of a template, held against a protocol: what is written below each, what is
//! missing, renamed or out of place.

use super::standard::{self, WantedKind};
use super::{CheckDetail, CheckRemark, CheckRow, CheckStatus, is_unresolved};
use crate::StudyDoc;
use crate::fact::FactPlace;
use crate::outline::{self, OutlineRow, OutlineStatus};
use crate::reference::{Template, TemplateSection};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Deepest level whose headings keep their wording and place.
///
/// Source: ICH M11 guideline, Step 4, 2025-11-19, on levels 1 and 2.
const FIXED_LEVEL: u8 = 2;

/// Facts that belong below headings, by section key.
static HEADING_FACTS: LazyLock<HeadingFacts> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/heading-facts.json"))
        .expect("heading-facts.json is checked")
});

/// Which fields say something about a heading.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadingFacts {
    /// Where the mapping comes from.
    #[cfg_attr(not(test), expect(dead_code, reason = "shown to readers of the data"))]
    pub(super) source: String,
    /// Whether somebody checked it.
    #[cfg_attr(not(test), expect(dead_code, reason = "shown to readers of the data"))]
    pub(super) verification: String,
    /// Headings with paths of facts.
    pub(super) rows: Vec<HeadingFact>,
}

/// The fields of one heading.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadingFact {
    /// The section's key.
    pub(super) key: String,
    /// Paths ([`crate::fact`]).
    pub(super) facts: Vec<String>,
}

pub(super) fn facts() -> &'static HeadingFacts {
    &HEADING_FACTS
}

/// The rows of a template, then own headings that stand where none may.
pub(super) fn rows(doc: &StudyDoc, template: &Template) -> Vec<CheckRow> {
    let outline = outline::outline(doc);
    let place: BTreeMap<&str, usize> = outline
        .iter()
        .enumerate()
        .rev()
        .map(|(n, row)| (row.key.as_str(), n))
        .collect();
    let moved = out_of_order(template, &place);
    let mut rows: Vec<CheckRow> = template
        .sections
        .iter()
        .map(|section| {
            let found = place
                .get(section.key.as_str())
                .and_then(|n| outline.get(*n));
            let mut row = one(doc, section, found);
            if moved.contains(&section.key.as_str()) {
                row.remarks.push(CheckRemark::OutOfOrder);
            }
            if outline
                .iter()
                .filter(|other| other.key == section.key)
                .count()
                > 1
            {
                row.remarks.push(CheckRemark::Twice);
            }
            row
        })
        .collect();
    // Deepest first, so that a heading knows how far what is below it is.
    for level in (1..6).rev() {
        raise(&mut rows, level);
    }
    rows.extend(misplaced(template, &outline));
    rows
}

fn one(doc: &StudyDoc, section: &TemplateSection, found: Option<&OutlineRow>) -> CheckRow {
    let paths = facts().rows.iter().find(|row| row.key == section.key);
    let facts = paths.map_or(Vec::new(), |row| standard::found(doc, &row.facts));
    let mut remarks = Vec::new();
    let status = match found {
        None if section.optional => {
            remarks.push(CheckRemark::LeftOut);
            CheckStatus::NotApplicable
        }
        None => {
            remarks.push(CheckRemark::Missing);
            CheckStatus::Empty
        }
        Some(row) => match row.status {
            OutlineStatus::NotApplicable => CheckStatus::NotApplicable,
            OutlineStatus::Written => CheckStatus::Met,
            OutlineStatus::Empty if !facts.is_empty() => {
                remarks.push(CheckRemark::FieldsOnly);
                CheckStatus::Partly
            }
            OutlineStatus::Empty => CheckStatus::Empty,
        },
    };
    if let Some(row) = found {
        if is_renamed(section, row) {
            remarks.push(CheckRemark::Renamed);
        }
        if row.outdated > 0 {
            remarks.push(CheckRemark::Outdated);
        }
        if row.pending > 0 {
            remarks.push(CheckRemark::Pending);
        }
    }
    if is_unresolved(doc, &facts) {
        remarks.push(CheckRemark::Unresolved);
    }
    let own = found.map(standard::place);
    let is_open = matches!(status, CheckStatus::Empty | CheckStatus::Partly);
    CheckRow {
        key: section.key.clone(),
        number: outline::number_of(&section.key).to_owned(),
        code: section.code.clone(),
        group: "headings".to_owned(),
        kind: WantedKind::Text,
        title: section.title.clone(),
        level: section.level,
        required: !section.optional,
        status,
        reason: found.map(|row| row.reason.clone()).unwrap_or_default(),
        detail: detail(found, &facts),
        missing: own.clone().filter(|_| is_open).into_iter().collect(),
        places: own.into_iter().chain(facts).collect(),
        remarks,
    }
}

fn detail(found: Option<&OutlineRow>, facts: &[FactPlace]) -> CheckDetail {
    let mut detail = CheckDetail {
        facts: u32::try_from(facts.len()).unwrap_or(u32::MAX),
        ..CheckDetail::default()
    };
    if let Some(row) = found {
        detail.blocks = row.blocks;
        detail.zh_characters = row.zh_characters;
        detail.en_characters = row.en_characters;
        detail.outdated = row.outdated;
    }
    detail
}

/// Gives empty headings of a level the state of what is below them.
fn raise(rows: &mut [CheckRow], level: u8) {
    for at in 0..rows.len() {
        let (head, tail) = rows.split_at_mut(at + 1);
        let Some(row) = head.last_mut().filter(|row| row.level == level) else {
            continue;
        };
        // Facts alone do not make a heading, and its own text does not need what is below.
        if row.detail.zh_characters + row.detail.en_characters > 0
            || !matches!(row.status, CheckStatus::Empty | CheckStatus::Partly)
            || row.remarks.contains(&CheckRemark::Missing)
        {
            continue;
        }
        let below = tail.iter().take_while(|below| below.level > level);
        let states: Vec<CheckStatus> = below
            .filter(|below| below.level == level + 1)
            .map(|below| below.status)
            .filter(|status| *status != CheckStatus::NotApplicable)
            .collect();
        if states.is_empty() || states.iter().all(|status| *status == CheckStatus::Empty) {
            continue;
        }
        row.remarks.push(CheckRemark::Below);
        row.remarks
            .retain(|remark| *remark != CheckRemark::FieldsOnly);
        if states.iter().all(|status| *status == CheckStatus::Met) {
            row.status = CheckStatus::Met;
            row.missing.clear();
        } else {
            row.status = CheckStatus::Partly;
        }
    }
}

/// Whether fixed wording was changed; the Chinese wording is our own and may be.
fn is_renamed(section: &TemplateSection, row: &OutlineRow) -> bool {
    section.level <= FIXED_LEVEL
        && !section.code.is_empty()
        && !row.title.en.trim().is_empty()
        && wording(&row.title.en) != wording(&section.title.en)
}

/// The words of a heading without its number, in lower case.
fn wording(title: &str) -> String {
    let words = title.split_whitespace();
    let is_number = |word: &&str| word.chars().all(|c| c.is_ascii_digit() || c == '.');
    words
        .skip_while(is_number)
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// Fixed headings outside the longest run that stands in the template's order.
fn out_of_order<'a>(template: &'a Template, place: &BTreeMap<&str, usize>) -> Vec<&'a str> {
    let fixed: Vec<(&str, usize)> = template
        .sections
        .iter()
        .filter(|section| section.level <= FIXED_LEVEL && !section.code.is_empty())
        .filter_map(|section| Some((section.key.as_str(), *place.get(section.key.as_str())?)))
        .collect();
    // For each heading: the longest run that ends with it, and the one before it in that run.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::new();
    for (n, (_, at)) in fixed.iter().enumerate() {
        let before = fixed.iter().zip(&runs).take(n).enumerate();
        let best = before
            .filter(|(_, ((_, other), _))| other < at)
            .max_by_key(|(m, (_, (length, _)))| (*length, std::cmp::Reverse(*m)))
            .map(|(m, (_, (length, _)))| (*length, m));
        runs.push(match best {
            Some((length, m)) => (length + 1, Some(m)),
            None => (1, None),
        });
    }
    let last = (0..runs.len()).max_by_key(|n| runs.get(*n).map(|run| run.0));
    let mut kept = Vec::new();
    let mut next = last;
    while let Some(n) = next {
        kept.push(n);
        next = runs.get(n).and_then(|run| run.1);
    }
    let moved = fixed.iter().enumerate().filter(|(n, _)| !kept.contains(n));
    moved.map(|(_, (key, _))| *key).collect()
}

/// Own headings of a fixed level that a heading of the template follows at their level.
fn misplaced(template: &Template, outline: &[OutlineRow]) -> Vec<CheckRow> {
    let is_fixed = |row: &OutlineRow| template.sections.iter().any(|s| s.key == row.key);
    if template
        .sections
        .iter()
        .all(|section| section.code.is_empty())
    {
        return Vec::new();
    }
    let mut rows = Vec::new();
    for (n, row) in outline.iter().enumerate() {
        if is_fixed(row) || row.level > FIXED_LEVEL {
            continue;
        }
        let behind = outline.iter().skip(n + 1);
        let mut siblings = behind
            .take_while(|other| other.level >= row.level)
            .filter(|other| other.level == row.level);
        if siblings.any(is_fixed) {
            rows.push(own(row));
        }
    }
    rows
}

fn own(row: &OutlineRow) -> CheckRow {
    CheckRow {
        key: row.key.clone(),
        number: String::new(),
        code: String::new(),
        group: "ownHeadings".to_owned(),
        kind: WantedKind::Text,
        title: row.title.clone(),
        level: row.level,
        required: false,
        status: match row.status {
            OutlineStatus::Written => CheckStatus::Met,
            OutlineStatus::Empty => CheckStatus::Empty,
            OutlineStatus::NotApplicable => CheckStatus::NotApplicable,
        },
        reason: row.reason.clone(),
        places: vec![standard::place(row)],
        missing: Vec::new(),
        detail: detail(Some(row), &[]),
        remarks: vec![CheckRemark::NotAtTheEnd],
    }
}
