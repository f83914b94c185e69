//! Which block was which: by id, by equal text, by similar text in order, anywhere.

use crate::bag::Bag;
use imara_diff::{Algorithm, Diff};
use model::EntityId;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

/// From here on two texts in one place are taken for one that was changed.
pub(crate) const ALIKE: f32 = 0.4;
/// From here on a text in another place is taken for one that was moved.
const ALIKE_FAR: f32 = 0.75;
/// Shorter texts are not looked for elsewhere: they say the same by chance. Units: words.
const FAR_WORDS_MIN: usize = 8;
/// Longer lists without any fixed point are compared near the diagonal only.
const PAIRS_MAX: usize = 20_000;
const BAND: usize = 30;

/// Something to find again.
pub(crate) struct Item<'a> {
    /// Its entity, or the one that a file names.
    pub(crate) id: Option<&'a EntityId>,
    /// The number of its section; the same in both lists for sections that are one.
    pub(crate) section: usize,
    /// Its type: rows, figures and notes are never taken for text.
    pub(crate) kind: &'a str,
    /// Its text.
    pub(crate) text: String,
    bag: OnceCell<Bag>,
}

/// How a pair was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum How {
    Id,
    Equal,
    Similar(f32),
}

/// For each of the new ones, the old one and how it was found.
pub(crate) type Pairs = Vec<Option<(usize, How)>>;

impl<'a> Item<'a> {
    pub(crate) fn new(
        id: Option<&'a EntityId>,
        section: usize,
        kind: &'a str,
        text: String,
    ) -> Self {
        let bag = OnceCell::new();
        Self {
            id,
            section,
            kind,
            text,
            bag,
        }
    }

    pub(crate) fn bag(&self) -> &Bag {
        self.bag.get_or_init(|| Bag::of(&self.text))
    }

    fn family(&self) -> &str {
        match self.kind {
            "row" | "figure" | "note" => self.kind,
            _ => "",
        }
    }

    fn key(&self) -> (&str, &str) {
        (self.family(), &self.text)
    }

    fn alike(&self, other: &Self) -> f32 {
        if self.family() == other.family() {
            self.bag().alike(other.bag())
        } else {
            0.0
        }
    }
}

/// Finds the old items again among the new ones.
pub(crate) fn pair(old: &[Item], new: &[Item]) -> Pairs {
    let mut found = Found {
        old,
        new,
        pairs: vec![None; new.len()],
        is_used: vec![false; old.len()],
    };
    found.by_id();
    found.equal_in_order();
    found.equal_anywhere();
    found.similar_in_order();
    found.similar_anywhere();
    found.pairs
}

/// Which members of the longest run that only grows; the rest was moved.
pub(crate) fn in_order(places: &[usize]) -> Vec<bool> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let n = ends.partition_point(|end| places[*end] < *place);
        before.push(n.checked_sub(1).map(|n| ends[n]));
        if n == ends.len() {
            ends.push(at);
        } else {
            ends[n] = at;
        }
    }
    let mut stays = vec![false; places.len()];
    let mut next = ends.last().copied();
    while let Some(at) = next {
        stays[at] = true;
        next = before[at];
    }
    stays
}

/// Places in the old list and in the new one.
type Both = (Vec<usize>, Vec<usize>);

struct Found<'s, 'a> {
    old: &'s [Item<'a>],
    new: &'s [Item<'a>],
    pairs: Pairs,
    is_used: Vec<bool>,
}

impl<'s, 'a> Found<'s, 'a> {
    fn take(&mut self, old: usize, new: usize, how: How) {
        if !self.is_used[old] && self.pairs[new].is_none() {
            self.is_used[old] = true;
            self.pairs[new] = Some((old, how));
        }
    }

    /// What is still open in each section: old ones, new ones.
    fn open(&self) -> Vec<Both> {
        let mut open: BTreeMap<usize, Both> = BTreeMap::new();
        for (at, item) in self
            .old
            .iter()
            .enumerate()
            .filter(|(at, _)| !self.is_used[*at])
        {
            open.entry(item.section).or_default().0.push(at);
        }
        for (at, item) in self
            .new
            .iter()
            .enumerate()
            .filter(|(at, _)| self.pairs[*at].is_none())
        {
            open.entry(item.section).or_default().1.push(at);
        }
        open.into_values()
            .filter(|(old, new)| !old.is_empty() && !new.is_empty())
            .collect()
    }

    fn open_anywhere(&self) -> Both {
        let is_open = |at: &usize| self.pairs[*at].is_none();
        (
            (0..self.old.len())
                .filter(|at| !self.is_used[*at])
                .collect(),
            (0..self.new.len()).filter(is_open).collect(),
        )
    }

    fn by_id(&mut self) {
        let ids = self.old.iter().enumerate();
        let places: HashMap<&EntityId, usize> =
            ids.filter_map(|(at, item)| Some((item.id?, at))).collect();
        let mut named: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, item) in self.new.iter().enumerate() {
            if let Some(place) = item.id.and_then(|id| places.get(id)) {
                named.entry(*place).or_default().push(at);
            }
        }
        for (old, news) in named {
            // A copied paragraph of a file names the same block: the one that is more like it is it.
            let alike = |at: &usize| self.old[old].alike(&self.new[*at]);
            let best = match news.as_slice() {
                [one] => Some(*one),
                _ => news
                    .into_iter()
                    .rev()
                    .max_by(|a, b| alike(a).total_cmp(&alike(b))),
            };
            if let Some(new) = best {
                self.take(old, new, How::Id);
            }
        }
    }

    /// Equal texts of one section, as many as keep their order.
    fn equal_in_order(&mut self) {
        for (olds, news) in self.open() {
            let mut numbers: HashMap<(&str, &str), u32> = HashMap::new();
            let mut number = |item: &'s Item<'a>| {
                let next = numbers.len() as u32;
                imara_diff::Token(*numbers.entry(item.key()).or_insert(next))
            };
            let before: Vec<_> = olds.iter().map(|at| number(&self.old[*at])).collect();
            let after: Vec<_> = news.iter().map(|at| number(&self.new[*at])).collect();
            let mut diff = Diff::default();
            diff.compute_with(Algorithm::Myers, &before, &after, numbers.len() as u32);
            let kept_old = (0_u32..).zip(&olds).filter(|(n, _)| !diff.is_removed(*n));
            let kept_new = (0_u32..).zip(&news).filter(|(n, _)| !diff.is_added(*n));
            for ((_, old), (_, new)) in kept_old.zip(kept_new) {
                self.take(*old, *new, How::Equal);
            }
        }
    }

    /// Equal texts that stand once in both lists.
    fn equal_anywhere(&mut self) {
        let (olds, news) = self.open_anywhere();
        let mut places: HashMap<(&str, &str), Both> = HashMap::new();
        for at in olds.iter().filter(|at| self.old[**at].bag().len() > 1) {
            places.entry(self.old[*at].key()).or_default().0.push(*at);
        }
        for at in news {
            if let Some(place) = places.get_mut(&self.new[at].key()) {
                place.1.push(at);
            }
        }
        let single: Vec<(usize, usize)> = places
            .values()
            .filter_map(|(old, new)| match (old.as_slice(), new.as_slice()) {
                ([old], [new]) => Some((*old, *new)),
                _ => None,
            })
            .collect();
        for (old, new) in single {
            self.take(old, new, How::Equal);
        }
    }

    /// Similar texts between two fixed points of a section, in order.
    fn similar_in_order(&mut self) {
        let mut found = Vec::new();
        for (olds, news) in self.gaps() {
            found.extend(self.best_in_order(&olds, &news));
        }
        for (old, new, alike) in found {
            self.take(old, new, How::Similar(alike));
        }
    }

    /// The open ones between those of a section that are found and keep their order.
    fn gaps(&self) -> Vec<Both> {
        let mut gaps = Vec::new();
        for (olds, news) in self.open() {
            let section = self.old[olds[0]].section;
            let pairs = self.pairs.iter().enumerate().filter_map(|(new, pair)| {
                let old = (*pair)?.0;
                let here = self.new[new].section == section && self.old[old].section == section;
                here.then_some((old, new))
            });
            let pairs: Vec<(usize, usize)> = pairs.collect();
            let places: Vec<usize> = pairs.iter().map(|(old, _)| *old).collect();
            let fixed = pairs
                .iter()
                .zip(in_order(&places))
                .filter(|(_, stays)| *stays);
            let ends = fixed
                .map(|(pair, _)| *pair)
                .chain([(usize::MAX, usize::MAX)]);
            let (mut olds, mut news) = (olds.as_slice(), news.as_slice());
            for (old, new) in ends {
                let (here, rest) = olds.split_at(olds.partition_point(|at| *at < old));
                let (there, others) = news.split_at(news.partition_point(|at| *at < new));
                (olds, news) = (rest, others);
                if !here.is_empty() && !there.is_empty() {
                    gaps.push((here.to_vec(), there.to_vec()));
                }
            }
        }
        gaps
    }

    /// The pairs in order that are most alike in sum.
    fn best_in_order(&self, olds: &[usize], news: &[usize]) -> Vec<(usize, usize, f32)> {
        let width = news.len() + 1;
        let is_long = olds.len() * news.len() > PAIRS_MAX;
        let alike = |a: usize, b: usize| {
            if is_long && (a * news.len() / olds.len()).abs_diff(b) > BAND {
                return 0.0;
            }
            let alike = self.old[olds[a]].alike(&self.new[news[b]]);
            if alike < ALIKE { 0.0 } else { alike }
        };
        // best[a][b]: the most that is left from here to the ends.
        let mut best = vec![0.0_f32; (olds.len() + 1) * width];
        let mut pair = vec![0.0_f32; olds.len() * width];
        for a in (0..olds.len()).rev() {
            for b in (0..news.len()).rev() {
                let score = alike(a, b);
                pair[a * width + b] = score;
                let without = best[(a + 1) * width + b].max(best[a * width + b + 1]);
                best[a * width + b] = without.max(score + best[(a + 1) * width + b + 1]);
            }
        }
        let (mut a, mut b, mut found) = (0, 0, Vec::new());
        while a < olds.len() && b < news.len() {
            let (here, score) = (best[a * width + b], pair[a * width + b]);
            if score > 0.0 && here <= score + best[(a + 1) * width + b + 1] {
                found.push((olds[a], news[b], score));
                (a, b) = (a + 1, b + 1);
            } else if here <= best[(a + 1) * width + b] {
                a += 1;
            } else {
                b += 1;
            }
        }
        found
    }

    /// Long texts that are much alike wherever they stand, the most alike first.
    fn similar_anywhere(&mut self) {
        let (olds, news) = self.open_anywhere();
        let mut found = Vec::new();
        for old in olds {
            for new in &news {
                let (a, b) = (&self.old[old], &self.new[*new]);
                let (less, more) = (
                    a.bag().len().min(b.bag().len()),
                    a.bag().len().max(b.bag().len()),
                );
                if less < FAR_WORDS_MIN || less * 2 < more {
                    continue;
                }
                let alike = a.alike(b);
                if alike >= ALIKE_FAR {
                    found.push((alike, old, *new));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (alike, old, new) in found {
            self.take(old, new, How::Similar(alike));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_stays() {
        assert_eq!(in_order(&[0, 3, 1, 2, 4]), [true, false, true, true, true]);
        assert_eq!(in_order(&[]), [] as [bool; 0]);
    }

    #[test]
    fn texts_are_found_again() {
        let item = |section, text: &str| Item::new(None, section, "paragraph", text.to_owned());
        let old = [
            item(0, "N/A"),
            item(0, "Subjects take 5 mg daily for 28 days"),
            item(
                0,
                "Blood is taken before each visit of the study by the nurse",
            ),
            item(0, "N/A"),
        ];
        let new = [
            item(0, "N/A"),
            item(0, "Subjects take 10 mg daily for 28 days"),
            item(0, "N/A"),
            item(
                1,
                "Blood is taken before each visit of the study by the nurse",
            ),
            item(1, "Quite another text"),
        ];
        let found: Vec<Option<usize>> = pair(&old, &new)
            .into_iter()
            .map(|pair| Some(pair?.0))
            .collect();
        assert_eq!(found, [Some(0), Some(1), Some(3), Some(2), None]);
    }
}
