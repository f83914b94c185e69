//! Blocks that were split into several, and several that became one.

use crate::align::{How, Item, Pairs};
use model::EntityId;

/// With a record that it was split or merged, so much of a part must be in the whole; without one,
/// nearly all.
const SHARE_RECORDED: f32 = 0.3;
const SHARE: f32 = 0.8;
/// Shorter texts are found in a longer one by chance. Units: words.
const WORDS_MIN: usize = 4;

/// What the blocks of two protocols say about each other.
#[derive(Default)]
pub(crate) struct Records<'a> {
    /// For each new block, the block that it was split from.
    pub(crate) origins: Vec<Option<&'a EntityId>>,
    /// For each new block, the blocks that went into it.
    pub(crate) merged: Vec<&'a [EntityId]>,
}

/// Splits and merges.
#[derive(Default)]
pub(crate) struct Groups {
    /// For each new block, the old block that it is a part of; the one that is paired with it too.
    pub(crate) split_from: Vec<Option<usize>>,
    /// For each old block, the new block that it is a part of; the one that is paired with it too.
    pub(crate) merged_into: Vec<Option<usize>>,
}

/// Finds them among what is paired; a part that has no pair and whose whole has none gets it.
pub(crate) fn groups(old: &[Item], new: &[Item], pairs: &mut Pairs, records: &Records) -> Groups {
    let mut found = Finder {
        old,
        new,
        partner: vec![None; old.len()],
        groups: Groups {
            split_from: vec![None; new.len()],
            merged_into: vec![None; old.len()],
        },
    };
    for (at, pair) in pairs.iter().enumerate() {
        if let Some((old, _)) = pair {
            found.partner[*old] = Some(at);
        }
    }
    found.merges_on_record(pairs, records);
    found.splits_on_record(pairs, records);
    found.merges(pairs);
    found.splits(pairs);
    found.groups
}

struct Finder<'s, 'a> {
    old: &'s [Item<'a>],
    new: &'s [Item<'a>],
    /// For each old block, the new one that it is paired with.
    partner: Vec<Option<usize>>,
    groups: Groups,
}

impl Finder<'_, '_> {
    fn merges_on_record(&mut self, pairs: &mut Pairs, records: &Records) {
        for (new, merged) in records.merged.iter().enumerate() {
            for id in *merged {
                let place = self.old.iter().position(|item| item.id == Some(id));
                let Some(old) = place.filter(|old| self.is_open(*old)) else {
                    continue;
                };
                if pairs[new].is_none() {
                    self.partner[old] = Some(new);
                    pairs[new] = Some((old, How::Similar(1.0)));
                } else {
                    self.merge(old, new, SHARE_RECORDED, pairs);
                }
            }
        }
    }

    fn splits_on_record(&mut self, pairs: &mut Pairs, records: &Records) {
        for new in 0..self.new.len() {
            // A half may have been split again, or its own origin may be gone since.
            let mut origin = records.origins.get(new).copied().flatten();
            let mut steps = 0;
            while let Some(id) = origin.filter(|_| pairs[new].is_none() && steps < 64) {
                steps += 1;
                if let Some(old) = self.old.iter().position(|item| item.id == Some(id)) {
                    if self.partner[old].is_some() {
                        self.split(old, new, SHARE_RECORDED, pairs);
                    } else if self.groups.merged_into[old].is_none()
                        && self.new[new].bag().share_in(self.old[old].bag()) >= SHARE_RECORDED
                    {
                        self.partner[old] = Some(new);
                        pairs[new] = Some((old, How::Similar(1.0)));
                    }
                    break;
                }
                let half = self.new.iter().position(|item| item.id == Some(id));
                origin = half.and_then(|half| records.origins.get(half).copied().flatten());
            }
        }
    }

    /// A block without a pair behind or before one, whose text is in the pair's old text.
    fn splits(&mut self, pairs: &Pairs) {
        let onward = (1..self.new.len()).map(|new| (new, new - 1));
        let back = (1..self.new.len()).rev().map(|new| (new - 1, new));
        let near: Vec<(usize, usize)> = onward.chain(back).collect();
        for (new, beside) in near {
            if pairs[new].is_some() {
                continue;
            }
            let whole = self.groups.split_from[beside].or(pairs[beside].map(|(old, _)| old));
            if let Some(old) = whole.filter(|_| self.may_join(&self.new[new], &self.new[beside])) {
                self.split(old, new, SHARE, pairs);
            }
        }
    }

    fn merges(&mut self, pairs: &Pairs) {
        let onward = (1..self.old.len()).map(|old| (old, old - 1));
        let back = (1..self.old.len()).rev().map(|old| (old - 1, old));
        let near: Vec<(usize, usize)> = onward.chain(back).collect();
        for (old, beside) in near {
            if !self.is_open(old) {
                continue;
            }
            let whole = self.groups.merged_into[beside].or(self.partner[beside]);
            if let Some(new) = whole.filter(|_| self.may_join(&self.old[old], &self.old[beside])) {
                self.merge(old, new, SHARE, pairs);
            }
        }
    }

    fn is_open(&self, old: usize) -> bool {
        self.partner[old].is_none() && self.groups.merged_into[old].is_none()
    }

    fn may_join(&self, one: &Item, other: &Item) -> bool {
        one.section == other.section
            && one.kind == other.kind
            && !matches!(one.kind, "row" | "figure" | "note")
            && one.bag().len() >= WORDS_MIN
    }

    /// Takes a new block for a part of an old one if its text is in what the other parts leave.
    fn split(&mut self, old: usize, new: usize, share: f32, pairs: &Pairs) {
        let Some(half) = self.partner[old] else {
            return;
        };
        let is_merged = self.groups.merged_into[old].is_some();
        if pairs[new].is_some() || self.groups.split_from[new].is_some() || is_merged {
            return;
        }
        let mut parts = self.new[half].bag().clone();
        for (part, _) in self
            .groups
            .split_from
            .iter()
            .enumerate()
            .filter(|(part, from)| **from == Some(old) && *part != half)
        {
            parts.add(self.new[part].bag());
        }
        let is_part = self.new[new]
            .bag()
            .share_in(&self.old[old].bag().without(&parts))
            >= share;
        let are_plain =
            is_plain(&self.old[old]) && is_plain(&self.new[new]) && is_plain(&self.new[half]);
        if is_part && are_plain {
            self.groups.split_from[half] = Some(old);
            self.groups.split_from[new] = Some(old);
        }
    }

    fn merge(&mut self, old: usize, new: usize, share: f32, pairs: &Pairs) {
        let Some((kept, _)) = pairs[new] else { return };
        let is_split = self.groups.split_from[new].is_some();
        if !self.is_open(old) || is_split {
            return;
        }
        let mut parts = self.old[kept].bag().clone();
        for (part, _) in self
            .groups
            .merged_into
            .iter()
            .enumerate()
            .filter(|(part, into)| **into == Some(new) && *part != kept)
        {
            parts.add(self.old[part].bag());
        }
        let is_part = self.old[old]
            .bag()
            .share_in(&self.new[new].bag().without(&parts))
            >= share;
        let are_plain =
            is_plain(&self.old[old]) && is_plain(&self.old[kept]) && is_plain(&self.new[new]);
        if is_part && are_plain {
            self.groups.merged_into[kept] = Some(new);
            self.groups.merged_into[old] = Some(new);
        }
    }
}

/// A text that has the sign for the end of a block in it cannot be a part.
fn is_plain(item: &Item) -> bool {
    !item.text.contains('\u{2029}')
}
