//! Lists of what a protocol must say, as data: SPIRIT 2025, title page and synopsis of M11.

use super::{CheckDetail, CheckRemark, CheckRow, CheckStatus, is_unresolved};
use crate::fact::{FactPath, FactPlace};
use crate::outline::{self, OutlineRow, OutlineStatus};
use crate::reference::Bilingual;
use crate::{StudyDoc, criteria, kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use ts_rs::TS;

/// The key of the check against SPIRIT.
pub(super) const SPIRIT: &str = "spirit-2025";
/// The key of the template of M11.
pub(super) const M11: &str = "m11-2025";

/// A list of what a protocol must say.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Standard {
    /// Its key.
    pub key: String,
    /// Its version.
    pub version: String,
    /// Its name.
    pub name: Bilingual,
    /// Where it comes from.
    pub source: Bilingual,
    /// The part of the source.
    pub article: Bilingual,
    /// Since when it holds. Time: a date, or a part of one.
    pub valid_from: String,
    /// `verified`, `secondary` or `unverified`: of the mapping to our fields and sections.
    pub verification: String,
    /// What is wanted, in order.
    pub rows: Vec<StandardRow>,
}

/// Something that a protocol must say.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StandardRow {
    /// Its key; of SPIRIT, its number.
    pub key: String,
    /// The part of the list.
    pub group: String,
    /// How it is met.
    pub kind: WantedKind,
    /// What is wanted, in own words.
    pub title: Bilingual,
    /// Its NCI code; empty when it has none.
    #[serde(default)]
    pub code: String,
    /// Whether it may not be missing.
    #[serde(default)]
    pub required: bool,
    /// Paths of facts ([`crate::fact`]): of each group one is wanted.
    pub facts: Vec<Vec<String>>,
    /// Keys of sections, by family of templates; `~` in front of one that says more than this
    /// item, so that its being written does not yet show that the item is met.
    pub sections: BTreeMap<String, Vec<String>>,
    /// Paths of which one says that the row does not apply to such a study.
    #[serde(default)]
    pub unless: Vec<String>,
}

/// How something is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WantedKind {
    /// By fields of the study.
    Field,
    /// By text of the protocol.
    Text,
    /// By both.
    Structured,
}

/// Families of templates: sections of one family are looked for in a protocol made from it.
pub(super) const FAMILIES: [(&str, &str); 4] = [
    ("m11", M11),
    ("interventional", "cn-iit-interventional"),
    ("observational", "cn-iit-observational"),
    ("ctgov", ""),
];

/// Keys of the sections of an imported registry record.
pub(super) const REGISTRY_SECTIONS: [&str; 3] = ["summary", "description", "eligibility"];

static STANDARDS: LazyLock<[Standard; 2]> = LazyLock::new(|| {
    [
        include_str!("../../data/spirit-2025.json"),
        include_str!("../../data/m11-elements.json"),
    ]
    .map(|text| serde_json::from_str(text).expect("the standards are checked"))
});

/// Every list.
pub fn standards() -> &'static [Standard] {
    STANDARDS.as_slice()
}

pub(super) fn spirit() -> &'static Standard {
    let [spirit, _] = &*STANDARDS;
    spirit
}

pub(super) fn m11_elements() -> &'static Standard {
    let [_, elements] = &*STANDARDS;
    elements
}

/// The rows of a list, held against a protocol.
pub(super) fn rows(doc: &StudyDoc, standard: &Standard) -> Vec<CheckRow> {
    let outline = outline::outline(doc);
    let family = family(doc, &outline);
    standard
        .rows
        .iter()
        .map(|row| one(doc, &outline, family, row))
        .collect()
}

/// The family that the sections of a protocol are of.
pub(super) fn family(doc: &StudyDoc, outline: &[OutlineRow]) -> &'static str {
    let is_observational = doc
        .root()
        .is_some_and(|root| root.text("studyType") == "OBSERVATIONAL");
    let n_of = |template: &str| {
        let is_in = |key: &str| match crate::reference::template(template) {
            Some(template) => template.sections.iter().any(|section| section.key == key),
            None => REGISTRY_SECTIONS.contains(&key),
        };
        outline.iter().filter(|row| is_in(&row.key)).count()
    };
    let best = FAMILIES.iter().map(|(name, template)| {
        let fits_type = (*name == "observational") == is_observational;
        (n_of(template), fits_type, *name)
    });
    // Of equals the study's type decides.
    best.max_by_key(|(n, fits_type, _)| (*n, *fits_type))
        .map_or("m11", |(_, _, name)| name)
}

/// The template of that family; the check against SPIRIT fits sections of any origin.
pub(super) fn template_of(doc: &StudyDoc) -> &'static str {
    let family = family(doc, &outline::outline(doc));
    let known = FAMILIES.iter().find(|(name, _)| *name == family);
    known.map_or(SPIRIT, |(_, key)| if key.is_empty() { SPIRIT } else { key })
}

/// What the sections of a row hold.
#[derive(Default)]
struct Text {
    n_wanted: usize,
    n_written: usize,
    n_not_applicable: usize,
    is_broad: bool,
    /// Whether a section is not in the protocol at all.
    is_absent: bool,
    reason: String,
    detail: CheckDetail,
    is_pending: bool,
    places: Vec<FactPlace>,
    missing: Vec<FactPlace>,
}

fn one(doc: &StudyDoc, outline: &[OutlineRow], family: &str, row: &StandardRow) -> CheckRow {
    let text = text(outline, row.sections.get(family).map_or(&[], Vec::as_slice));
    let facts = facts(doc, &row.facts);
    let by_design = row.unless.iter().find_map(|path| {
        let found = FactPath::parse(path)?.found(doc);
        (!found.is_empty()).then_some(found)
    });
    let mut remarks = Vec::new();
    let status = if by_design.is_some() && text.n_written == 0 {
        remarks.push(CheckRemark::ByDesign);
        CheckStatus::NotApplicable
    } else if text.n_wanted > 0 && text.n_not_applicable == text.n_wanted {
        CheckStatus::NotApplicable
    } else {
        judge(row.kind, &facts, &text, &mut remarks)
    };
    let places = [facts.places, text.places].concat();
    let mut missing = text.missing;
    if row.kind != WantedKind::Text {
        missing.splice(0..0, facts.wanted);
    }
    if row
        .facts
        .iter()
        .flatten()
        .any(|p| p.starts_with("criteria:"))
        && !criteria::of(doc).unsorted.is_empty()
    {
        remarks.push(CheckRemark::NotSplit);
    }
    let detail = CheckDetail {
        facts: facts.n,
        facts_wanted: facts.n_groups,
        facts_met: facts.n_met,
        ..text.detail
    };
    let is_open = !matches!(status, CheckStatus::Met | CheckStatus::NotApplicable);
    if is_open && text.is_absent && text.n_written == 0 {
        remarks.push(CheckRemark::Missing);
    }
    if detail.outdated > 0 {
        remarks.push(CheckRemark::Outdated);
    }
    if is_unresolved(doc, &places) {
        remarks.push(CheckRemark::Unresolved);
    }
    if text.is_pending {
        remarks.push(CheckRemark::Pending);
    }
    CheckRow {
        key: row.key.clone(),
        number: number(row),
        code: row.code.clone(),
        group: row.group.clone(),
        kind: row.kind,
        title: row.title.clone(),
        level: 1,
        required: row.required,
        status,
        reason: text.reason,
        places,
        missing: if is_open { missing } else { Vec::new() },
        detail,
        remarks,
    }
}

fn number(row: &StandardRow) -> String {
    let is_number = row.key.starts_with(|c: char| c.is_ascii_digit());
    if is_number { &row.key } else { "" }.to_owned()
}

/// Whether fields and text together meet a row.
fn judge(
    kind: WantedKind,
    facts: &Facts,
    text: &Text,
    remarks: &mut Vec<CheckRemark>,
) -> CheckStatus {
    let wants_facts = kind != WantedKind::Text && facts.n_groups > 0;
    let wants_text = kind != WantedKind::Field && text.n_wanted > 0;
    let has_facts = facts.n_met == facts.n_groups && facts.n_groups > 0;
    let n_settled = text.n_written + text.n_not_applicable;
    let is_written = text.n_written > 0 && n_settled == text.n_wanted;
    // Where a section says more than the item, a field that says just this must speak for it.
    let has_text = is_written && (has_facts || !text.is_broad);
    let something = facts.n_met > 0 || text.n_written > 0;
    let is_met =
        (wants_facts || wants_text) && (!wants_facts || has_facts) && (!wants_text || has_text);
    if wants_text && is_written && !has_text {
        remarks.push(CheckRemark::Broad);
    } else if something && !is_met {
        if text.n_written == 0 {
            remarks.push(CheckRemark::FieldsOnly);
        } else if facts.n_met == 0 && wants_facts {
            remarks.push(CheckRemark::TextOnly);
        }
    }
    match (is_met, something) {
        (true, _) => CheckStatus::Met,
        (false, true) => CheckStatus::Partly,
        (false, false) => CheckStatus::Empty,
    }
}

/// What the vault holds for groups of paths.
struct Facts {
    n: u32,
    n_groups: u32,
    n_met: u32,
    places: Vec<FactPlace>,
    wanted: Vec<FactPlace>,
}

fn facts(doc: &StudyDoc, groups: &[Vec<String>]) -> Facts {
    let mut facts = Facts {
        n: 0,
        n_groups: 0,
        n_met: 0,
        places: Vec::new(),
        wanted: Vec::new(),
    };
    for group in groups {
        let paths: Vec<FactPath> = group.iter().filter_map(|p| FactPath::parse(p)).collect();
        let found: Vec<FactPlace> = paths.iter().flat_map(|path| path.found(doc)).collect();
        facts.n_groups += 1;
        facts.n_met += u32::from(!found.is_empty());
        facts.n += u32::try_from(found.len()).unwrap_or(u32::MAX);
        if found.is_empty() {
            facts
                .wanted
                .extend(paths.first().map(|path| path.wanted(doc)));
        }
        facts.places.extend(found);
    }
    facts
}

/// Values of several paths, counted together, and where they stand.
pub(super) fn found(doc: &StudyDoc, paths: &[String]) -> Vec<FactPlace> {
    let paths = paths.iter().filter_map(|path| FactPath::parse(path));
    paths.flat_map(|path| path.found(doc)).collect()
}

fn text(outline: &[OutlineRow], keys: &[String]) -> Text {
    let mut text = Text {
        n_wanted: keys.len(),
        ..Text::default()
    };
    for key in keys {
        let key = match key.strip_prefix('~') {
            Some(broad) => {
                text.is_broad = true;
                broad
            }
            None => key,
        };
        let below = format!("{key}.");
        let rows = outline
            .iter()
            .filter(|row| row.key == key || row.key.starts_with(&below));
        let rows: Vec<&OutlineRow> = rows.collect();
        let written = rows
            .iter()
            .filter(|row| row.status == OutlineStatus::Written);
        let first = rows.first();
        text.is_absent |= first.is_none();
        let is_off = first.is_some_and(|row| row.status == OutlineStatus::NotApplicable);
        text.n_not_applicable += usize::from(is_off);
        text.n_written += usize::from(!is_off && written.clone().next().is_some());
        if is_off && text.reason.is_empty() {
            text.reason = first.map(|row| row.reason.clone()).unwrap_or_default();
        }
        text.places.extend(written.clone().map(|row| place(row)));
        if !is_off && written.clone().next().is_none() {
            text.missing.extend(first.map(|row| place(row)));
        }
        for row in &rows {
            text.detail.blocks += row.blocks;
            text.detail.zh_characters += row.zh_characters;
            text.detail.en_characters += row.en_characters;
            text.detail.outdated += row.outdated;
            text.is_pending |= row.pending > 0;
        }
    }
    text
}

/// The place of a section.
pub(super) fn place(row: &OutlineRow) -> FactPlace {
    FactPlace {
        kind: kind::SECTION.to_owned(),
        entity: Some(row.id.clone()),
        field: String::new(),
    }
}
