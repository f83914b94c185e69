//! Which block of a file is which block of a study.

use crate::align::{self, How, Item, Pairs};
use crate::group::{self, Groups, Records};
use crate::section::{self, Head};
use model::protocol::{Block, Protocol, Section};
use model::word::{IncomingBlock, IncomingProtocol, IncomingSection};
use model::{EntityId, Lang};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use ts_rs::TS;

/// From here on a similar text is taken for the same block without asking. Units: percent.
pub const SURE_PERCENT: u8 = 60;

/// What of a file is what of a study.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Matching {
    /// For each section of the file.
    pub sections: Vec<SectionMatch>,
    /// Known sections that are not in the file.
    pub gone_sections: Vec<EntityId>,
    /// Known blocks that are not in the file. A block without text in the file's language is never
    /// among them.
    pub gone: Vec<EntityId>,
}

/// What a section of a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SectionMatch {
    /// The known section.
    pub known: Option<EntityId>,
    /// How it was found.
    pub by: MatchedBy,
    /// For each block of it.
    pub blocks: Vec<BlockMatch>,
}

/// What a block of a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlockMatch {
    /// The known block.
    pub known: Option<EntityId>,
    /// How it was found.
    pub by: MatchedBy,
    /// Whether a person should look at it.
    pub unsure: bool,
    /// Whether the known block stands elsewhere.
    pub moved: bool,
    /// The known block that it is a part of, when another part keeps its id.
    pub split_from: Option<EntityId>,
    /// Other known blocks whose text went into it.
    pub merged: Vec<EntityId>,
}

/// How something of a file was found in a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum MatchedBy {
    /// An earlier export had named it.
    Mark,
    /// Its text, title or number is the same.
    Equal,
    /// Its text is alike.
    Similar {
        /// How much of it, from 0 to 100.
        percent: u8,
    },
    /// It was not: it is new.
    New,
}

/// Finds sections and blocks of a file in a study: by the marks of an earlier export, by number,
/// title and equal text, by similar text in order, then anywhere.
pub fn match_protocol(known: &Protocol, incoming: &IncomingProtocol, lang: Lang) -> Matching {
    let heads: Vec<Head> = known
        .sections
        .iter()
        .map(|section| known_head(section, lang))
        .collect();
    let mut found: Vec<Head> = incoming.sections.iter().map(head).collect();
    if !numbers_agree(&heads, &found) {
        // Another plan of numbers: 4.2 of the file is not 4.2 of the template.
        found
            .iter_mut()
            .for_each(|head| head.names.truncate(RANK_NUMBER));
    }
    let mut sections = section::pair(&heads, &found);
    // Text before the first heading stands in a section without a title.
    let is_bare = |zh: &str, en: &str| zh.trim().is_empty() && en.trim().is_empty();
    let is_open = !sections.iter().flatten().any(|(old, _)| *old == 0);
    if is_open
        && let (Some(first), Some(pair @ None)) = (incoming.sections.first(), sections.first_mut())
        && is_bare(&first.title.text, &first.number)
        && let Some(known) = known.sections.first()
        && is_bare(&known.zh.text, &known.en.text)
    {
        *pair = Some((0, How::Equal));
    }
    // A template's section keeps its own words: a heading that is merely alike would lose its.
    for pair in &mut sections {
        let loses_words = pair.is_some_and(|(old, how)| {
            let is_template = known
                .sections
                .get(old)
                .is_some_and(|one| !one.key.is_empty());
            is_template
                && matches!(how, How::Similar(score) if score < f32::from(SURE_PERCENT) / 100.0)
        });
        if loses_words {
            *pair = None;
        }
    }
    let behind = known.sections.len();
    let number = |at: usize| sections[at].map_or(behind + at, |(old, _)| old);

    let old: Vec<(usize, &Block)> =
        in_sections(known.sections.iter().map(|section| &section.blocks));
    let new: Vec<(usize, &IncomingBlock)> =
        in_sections(incoming.sections.iter().map(|section| &section.blocks));
    let old_items: Vec<Item> = old
        .iter()
        .map(|(at, block)| {
            Item::new(
                Some(&block.id),
                *at,
                &block.kind,
                block.text(lang).text.clone(),
            )
        })
        .collect();
    let new_items: Vec<Item> = new
        .iter()
        .map(|(at, block)| {
            Item::new(
                block.mark.as_ref(),
                number(*at),
                &block.kind,
                block.text.text.clone(),
            )
        })
        .collect();
    let mut pairs = align::pair(&old_items, &new_items);
    let groups = group::groups(&old_items, &new_items, &mut pairs, &Records::default());
    let moved = moved(&old_items, &new_items, &pairs);

    let mut matching = Matching {
        sections: sections
            .iter()
            .map(|pair| section_match(known, *pair))
            .collect(),
        gone_sections: gone(&known.sections, &sections)
            .map(|section| section.id.clone())
            .collect(),
        gone: gone(&old, &pairs)
            .filter(|(_, block)| !block.text(lang).is_blank())
            .map(|(_, block)| block.id.clone())
            .collect(),
    };
    let merged: HashSet<&EntityId> = (0..old.len())
        .filter(|at| groups.merged_into[*at].is_some())
        .map(|at| &old[at].1.id)
        .collect();
    matching.gone.retain(|id| !merged.contains(id));
    let pick = Pick {
        old: &old,
        pairs: &pairs,
        groups: &groups,
        moved: &moved,
    };
    for (at, (section, _)) in new.iter().enumerate() {
        matching.sections[*section].blocks.push(pick.block(at));
    }
    matching
}

/// The rank of the name that is only a number.
const RANK_NUMBER: usize = 2;

fn known_head(section: &Section, lang: Lang) -> Head<'_> {
    let titles = [section.title(lang), &section.en, &section.zh];
    let title = titles
        .into_iter()
        .find(|title| !title.is_blank())
        .map_or("", |title| &title.text);
    let (written, bare) = section::numbered(title);
    let keyed = section.key.split_once('.').map_or("", |(_, number)| number);
    let number = if written.is_empty() && is_number(keyed) {
        keyed
    } else {
        written
    };
    let content: Vec<&str> = section
        .blocks
        .iter()
        .map(|block| block.text(lang).text.as_str())
        .collect();
    Head {
        id: Some(&section.id),
        names: names(number, bare),
        title: bare.to_owned(),
        content: content.join("\n"),
    }
}

fn head(section: &IncomingSection) -> Head<'_> {
    let (written, bare) = section::numbered(&section.title.text);
    let number = if section.number.is_empty() {
        written
    } else {
        section.number.trim_end_matches('.')
    };
    let content: Vec<&str> = section
        .blocks
        .iter()
        .map(|block| block.text.text.as_str())
        .collect();
    Head {
        id: section.mark.as_ref(),
        names: names(number, bare),
        title: bare.to_owned(),
        content: content.join("\n"),
    }
}

fn names(number: &str, title: &str) -> Vec<String> {
    let title = section::folded(title);
    let both = if number.is_empty() || title.is_empty() {
        String::new()
    } else {
        format!("{number} {title}")
    };
    vec![both, title, number.to_owned()]
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Whether sections with equal numbers mostly have equal titles.
fn numbers_agree(known: &[Head], found: &[Head]) -> bool {
    let name = |head: &Head, rank: usize| head.names.get(rank).cloned().unwrap_or_default();
    let (mut agree, mut all) = (0, 0);
    for head in found
        .iter()
        .filter(|head| !name(head, RANK_NUMBER).is_empty())
    {
        if let Some(same) = known
            .iter()
            .find(|known| name(known, RANK_NUMBER) == name(head, RANK_NUMBER))
        {
            all += 1;
            agree += usize::from(name(same, 1) == name(head, 1));
        }
    }
    all >= 3 && agree * 2 >= all
}

fn in_sections<'a, T>(sections: impl Iterator<Item = &'a Vec<T>>) -> Vec<(usize, &'a T)> {
    let blocks = sections.enumerate();
    blocks
        .flat_map(|(at, blocks)| blocks.iter().map(move |block| (at, block)))
        .collect()
}

fn gone<'a, T>(old: &'a [T], pairs: &Pairs) -> impl Iterator<Item = &'a T> {
    let found: HashSet<usize> = pairs.iter().flatten().map(|(old, _)| *old).collect();
    old.iter()
        .enumerate()
        .filter(move |(at, _)| !found.contains(at))
        .map(|(_, item)| item)
}

/// Whether the pair of each new block stands elsewhere than it did.
fn moved(old: &[Item], new: &[Item], pairs: &Pairs) -> Vec<bool> {
    let mut moved = vec![false; new.len()];
    let mut here: std::collections::BTreeMap<usize, Vec<(usize, usize)>> = Default::default();
    for (at, pair) in pairs.iter().enumerate() {
        let Some((known, _)) = *pair else { continue };
        if old[known].section == new[at].section {
            here.entry(new[at].section).or_default().push((at, known));
        } else {
            moved[at] = true;
        }
    }
    for pairs in here.into_values() {
        let places: Vec<usize> = pairs.iter().map(|(_, known)| *known).collect();
        for ((at, _), stays) in pairs.iter().zip(align::in_order(&places)) {
            moved[*at] = !stays;
        }
    }
    moved
}

fn section_match(known: &Protocol, pair: Option<(usize, How)>) -> SectionMatch {
    SectionMatch {
        known: pair.map(|(old, _)| known.sections[old].id.clone()),
        by: by(pair.map(|(_, how)| how)),
        blocks: Vec::new(),
    }
}

fn by(how: Option<How>) -> MatchedBy {
    match how {
        None => MatchedBy::New,
        Some(How::Id) => MatchedBy::Mark,
        Some(How::Equal) => MatchedBy::Equal,
        Some(How::Similar(alike)) => MatchedBy::Similar {
            percent: (alike * 100.0).round().clamp(0.0, 100.0) as u8,
        },
    }
}

struct Pick<'s, 'a> {
    old: &'s [(usize, &'a Block)],
    pairs: &'s Pairs,
    groups: &'s Groups,
    moved: &'s [bool],
}

impl Pick<'_, '_> {
    fn block(&self, at: usize) -> BlockMatch {
        let pair = self.pairs[at];
        let by = by(pair.map(|(_, how)| how));
        let id = |old: usize| self.old[old].1.id.clone();
        let whole = self.groups.split_from[at].filter(|_| pair.is_none());
        let parts = (0..self.old.len()).filter(|old| {
            self.groups.merged_into[*old] == Some(at) && pair.is_some_and(|(kept, _)| kept != *old)
        });
        BlockMatch {
            known: pair.map(|(old, _)| id(old)),
            by,
            unsure: matches!(by, MatchedBy::Similar { percent } if percent < SURE_PERCENT),
            moved: self.moved[at],
            split_from: whole.map(id),
            merged: parts.map(id).collect(),
        }
    }
}
