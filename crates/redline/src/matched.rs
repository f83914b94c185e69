//! Two protocols with what was found to be one and the same.

use crate::align::{self, Item, Pairs};
use crate::group::{self, Groups, Records};
use crate::section::{self, Head};
use model::EntityId;
use model::protocol::{Block, Protocol, Section};

/// A side: its blocks in one list, each with the place of its section.
pub(crate) struct Side<'a> {
    pub(crate) sections: Vec<&'a Section>,
    pub(crate) blocks: Vec<(usize, &'a Block)>,
}

/// Both sides, with which is which.
pub(crate) struct Matched<'a> {
    pub(crate) old: Side<'a>,
    pub(crate) new: Side<'a>,
    /// For each new section, the old one.
    pub(crate) section_of: Vec<Option<usize>>,
    /// For each old section, the new one.
    pub(crate) section_to: Vec<Option<usize>>,
    /// For each new block, the old one.
    pub(crate) block_of: Vec<Option<usize>>,
    /// For each old block, the new one.
    pub(crate) block_to: Vec<Option<usize>>,
    /// Splits and merges.
    pub(crate) groups: Groups,
    /// Whether an old block left its place.
    pub(crate) has_left: Vec<bool>,
    /// Whether an old section left its place.
    pub(crate) section_has_left: Vec<bool>,
}

impl<'a> Side<'a> {
    fn of(protocol: &'a Protocol) -> Self {
        let sections: Vec<&Section> = protocol.sections.iter().collect();
        let blocks = sections.iter().enumerate();
        let blocks =
            blocks.flat_map(|(at, section)| section.blocks.iter().map(move |block| (at, block)));
        Self {
            blocks: blocks.collect(),
            sections,
        }
    }

    fn heads(&self) -> Vec<Head<'a>> {
        let head = |section: &&'a Section| {
            let titles = [&section.zh.text, &section.en.text];
            let bare = titles.map(|title| section::folded(section::numbered(title).1));
            let mut names = vec![section.key.clone()];
            names.extend(titles.map(|title| section::folded(title)));
            names.extend(bare);
            Head {
                id: Some(&section.id),
                names,
                title: format!("{}\n{}", titles[0], titles[1]),
                content: section.blocks.iter().map(text_of).collect(),
            }
        };
        self.sections.iter().map(head).collect()
    }

    fn items(&self, number: impl Fn(usize) -> usize) -> Vec<Item<'a>> {
        let item = |(section, block): &(usize, &'a Block)| {
            Item::new(
                Some(&block.id),
                number(*section),
                &block.kind,
                text_of(block),
            )
        };
        self.blocks.iter().map(item).collect()
    }
}

fn text_of(block: &Block) -> String {
    format!("{}\n{}\n", block.zh.text, block.en.text)
}

/// Finds sections and blocks of an old protocol again in a new one.
pub(crate) fn matched<'a>(old: &'a Protocol, new: &'a Protocol) -> Matched<'a> {
    let (old, new) = (Side::of(old), Side::of(new));
    let section_of: Vec<Option<usize>> = section::pair(&old.heads(), &new.heads())
        .into_iter()
        .map(|pair| pair.map(|(old, _)| old))
        .collect();
    let section_to = inverse(&section_of, old.sections.len());
    let behind = old.sections.len();
    let old_items = old.items(|section| section);
    let new_items = new.items(|section| section_of[section].unwrap_or(behind + section));
    let mut pairs: Pairs = align::pair(&old_items, &new_items);
    let records = Records {
        origins: new
            .blocks
            .iter()
            .map(|(_, block)| block.origin.as_ref())
            .collect(),
        merged: new
            .blocks
            .iter()
            .map(|(_, block)| block.merged.as_slice())
            .collect(),
    };
    let groups = group::groups(&old_items, &new_items, &mut pairs, &records);
    let block_of: Vec<Option<usize>> = pairs.iter().map(|pair| Some((*pair)?.0)).collect();
    let mut matched = Matched {
        block_to: inverse(&block_of, old.blocks.len()),
        has_left: vec![false; old.blocks.len()],
        section_has_left: vec![false; old.sections.len()],
        old,
        new,
        section_of,
        section_to,
        block_of,
        groups,
    };
    matched.find_moved();
    matched
}

fn inverse(pairs: &[Option<usize>], len: usize) -> Vec<Option<usize>> {
    let mut inverse = vec![None; len];
    for (new, old) in pairs.iter().enumerate() {
        if let Some(old) = old {
            inverse[*old] = Some(new);
        }
    }
    inverse
}

impl Matched<'_> {
    fn find_moved(&mut self) {
        let mut places: Vec<Vec<usize>> = vec![Vec::new(); self.new.sections.len()];
        for (new, old) in self.block_of.iter().enumerate() {
            let Some(old) = *old else { continue };
            let section = self.new.blocks[new].0;
            if self.section_of[section] == Some(self.old.blocks[old].0) {
                places[section].push(old);
            } else {
                self.has_left[old] = true;
            }
        }
        for places in places {
            for (old, stays) in places.iter().zip(align::in_order(&places)) {
                self.has_left[*old] = !stays;
            }
        }
        let sections: Vec<usize> = self.section_of.iter().flatten().copied().collect();
        for (old, stays) in sections.iter().zip(align::in_order(&sections)) {
            self.section_has_left[*old] = !stays;
        }
        self.find_parts_that_left();
    }

    /// A part of what was merged keeps its place without saying so if it stood beside the block that
    /// it went into and looked like it; else it left its place.
    fn find_parts_that_left(&mut self) {
        for new in 0..self.new.blocks.len() {
            let Some(kept) =
                self.block_of[new].filter(|old| self.groups.merged_into[*old] == Some(new))
            else {
                continue;
            };
            let stays_with = |old: usize, beside: usize| {
                let (a, b) = (self.old.blocks[old], self.old.blocks[beside]);
                let is_alike = crate::Shape::of(a.1) == crate::Shape::of(b.1);
                self.groups.merged_into[old] == Some(new) && a.0 == b.0 && is_alike
            };
            let (mut first, mut last) = (kept, kept);
            while first > 0 && stays_with(first - 1, first) {
                first -= 1;
            }
            while last + 1 < self.old.blocks.len() && stays_with(last + 1, last) {
                last += 1;
            }
            for old in 0..self.old.blocks.len() {
                let is_part = old != kept && self.groups.merged_into[old] == Some(new);
                if is_part && (self.has_left[kept] || old < first || old > last) {
                    self.has_left[old] = true;
                }
            }
        }
    }

    /// The new entity of an old section; its own when it is gone.
    pub(crate) fn section_id(&self, old: usize) -> &EntityId {
        match self.section_to[old] {
            Some(new) => &self.new.sections[new].id,
            None => &self.old.sections[old].id,
        }
    }

    /// The new blocks that an old one was split into, in order.
    pub(crate) fn halves(&self, old: usize) -> Vec<usize> {
        places(&self.groups.split_from, old)
    }

    /// The old blocks that went into a new one, in order.
    pub(crate) fn parts(&self, new: usize) -> Vec<usize> {
        places(&self.groups.merged_into, new)
    }
}

fn places(list: &[Option<usize>], wanted: usize) -> Vec<usize> {
    let fits = |at: &usize| list[*at] == Some(wanted);
    (0..list.len()).filter(fits).collect()
}
