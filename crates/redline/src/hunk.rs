//! Which words changed: hunks between two lists of words, as a person would mark them.

use crate::segment::Class;
use crate::token::Token;
use imara_diff::{Algorithm, Diff};
use std::collections::HashMap;
use std::ops::Range;

/// Words that were replaced; one of both ranges may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hunk {
    pub(crate) old: Range<usize>,
    pub(crate) new: Range<usize>,
}

impl Hunk {
    fn len(&self) -> usize {
        self.old.len() + self.new.len()
    }

    fn shifted(&self, old: usize, new: usize) -> Self {
        Self {
            old: self.old.start + old..self.old.end + old,
            new: self.new.start + new..self.new.end + new,
        }
    }
}

/// The words that say something, with their places among all tokens.
#[derive(Default)]
pub(crate) struct Content<'a, 't> {
    pub(crate) words: Vec<&'a Token<'t>>,
    pub(crate) places: Vec<usize>,
}

impl<'a, 't> Content<'a, 't> {
    pub(crate) fn of(tokens: &'a [Token<'t>]) -> Self {
        let mut content = Self::default();
        for (place, token) in tokens.iter().enumerate().filter(|(_, t)| t.is_content()) {
            content.words.push(token);
            content.places.push(place);
        }
        content
    }

    fn cells(&self) -> Vec<&[&'a Token<'t>]> {
        self.words.split(|word| word.class == Class::Cell).collect()
    }
}

/// What changed between two texts, over words that say something.
///
/// As long as a row keeps the number of its cells, each cell is compared with itself.
pub(crate) fn hunks<'a, 't>(old: &Content<'a, 't>, new: &Content<'a, 't>) -> Vec<Hunk> {
    let (old_cells, new_cells) = (old.cells(), new.cells());
    if old_cells.len() != new_cells.len() {
        return changes(&old.words, &new.words);
    }
    let (mut found, mut old_at, mut new_at) = (Vec::new(), 0, 0);
    for (old, new) in old_cells.into_iter().zip(new_cells) {
        let hunks = changes(old, new);
        found.extend(hunks.iter().map(|hunk| hunk.shifted(old_at, new_at)));
        old_at += old.len() + 1;
        new_at += new.len() + 1;
    }
    found
}

/// The same hunks over all tokens: what white space changed with them, or by itself.
pub(crate) fn with_spaces(
    hunks: &[Hunk],
    (old, old_content): (&[Token], &Content),
    (new, new_content): (&[Token], &Content),
) -> Vec<Hunk> {
    let mut found = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let mut gap = |old_end: usize, new_end: usize| {
        found.extend(trimmed(old, new, old_at..old_end, new_at..new_end));
        (old_at, new_at) = (old_end + 1, new_end + 1);
    };
    let (mut old_word, mut new_word) = (0, 0);
    let ends = Hunk {
        old: old_content.words.len()..old_content.words.len(),
        new: new_content.words.len()..new_content.words.len(),
    };
    for hunk in hunks.iter().chain([&ends]) {
        for (was, is) in (old_word..hunk.old.start).zip(new_word..) {
            let places = (old_content.places.get(was), new_content.places.get(is));
            if let (Some(old), Some(new)) = places {
                gap(*old, *new);
            }
        }
        (old_word, new_word) = (hunk.old.end, hunk.new.end);
    }
    gap(old.len(), new.len());
    found
}

/// What lies between two kept words, without equal white space at its ends.
fn trimmed(
    old: &[Token],
    new: &[Token],
    mut was: Range<usize>,
    mut is: Range<usize>,
) -> Option<Hunk> {
    let is_kept = |a: usize, b: usize| {
        let pair = old.get(a).zip(new.get(b));
        pair.is_some_and(|(a, b)| a.class == Class::Space && a == b)
    };
    if !was.is_empty() && !is.is_empty() && is_kept(was.start, is.start) {
        (was.start, is.start) = (was.start + 1, is.start + 1);
    }
    if !was.is_empty() && !is.is_empty() && is_kept(was.end - 1, is.end - 1) {
        (was.end, is.end) = (was.end - 1, is.end - 1);
    }
    (!was.is_empty() || !is.is_empty()).then_some(Hunk { old: was, new: is })
}

fn changes<'a, 't>(old: &[&'a Token<'t>], new: &[&'a Token<'t>]) -> Vec<Hunk> {
    let mut ids: HashMap<&Token, u32> = HashMap::with_capacity(old.len());
    let mut id = |word: &&'a Token<'t>| {
        let next = ids.len() as u32;
        (*ids.entry(*word).or_insert(next)).into()
    };
    let before: Vec<imara_diff::Token> = old.iter().map(&mut id).collect();
    let after: Vec<imara_diff::Token> = new.iter().map(&mut id).collect();
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Histogram, &before, &after, ids.len() as u32);
    let place = |at: Range<u32>| at.start as usize..at.end as usize;
    let mut hunks: Vec<Hunk> = diff
        .hunks()
        .map(|hunk| Hunk {
            old: place(hunk.before),
            new: place(hunk.after),
        })
        .collect();
    slide(&mut hunks, old, new);
    join(hunks, old)
}

/// Moves what was only put in or only taken out to where it reads best: from the end of a sentence
/// to the end of a sentence.
fn slide(hunks: &mut [Hunk], old: &[&Token], new: &[&Token]) {
    for n in 0..hunks.len() {
        let before = n.checked_sub(1).and_then(|n| hunks.get(n)).cloned();
        let behind = hunks.get(n + 1).cloned();
        let Some(hunk) = hunks.get_mut(n) else { return };
        let is_put_in = hunk.old.is_empty();
        if !is_put_in && !hunk.new.is_empty() {
            continue;
        }
        let pick = |hunk: &Hunk| {
            if is_put_in {
                hunk.new.clone()
            } else {
                hunk.old.clone()
            }
        };
        let tokens = if is_put_in { new } else { old };
        // One kept word stays between neighbours, or they would be one hunk.
        let low = before.map_or(0, |hunk| pick(&hunk).end + 1);
        let high = behind.map_or(tokens.len(), |hunk| pick(&hunk).start.saturating_sub(1));
        let best = best_place(tokens, pick(hunk), low, high);
        let move_by = |range: &Range<usize>, from: usize, to: usize| {
            range.start + to - from..range.end + to - from
        };
        let from = pick(hunk).start;
        *hunk = Hunk {
            old: move_by(&hunk.old, from, best),
            new: move_by(&hunk.new, from, best),
        };
    }
}

/// Where a run of words may begin with the same effect.
pub(crate) fn reach(
    tokens: &[&Token],
    run: &Range<usize>,
    low: usize,
    high: usize,
) -> Range<usize> {
    let same = |a: usize, b: usize| tokens.get(a) == tokens.get(b);
    let (mut first, mut last) = (run.start, run.start);
    while first > low && same(first - 1, first + run.len() - 1) {
        first -= 1;
    }
    while last + run.len() < high && same(last, last + run.len()) {
        last += 1;
    }
    first..last
}

fn best_place(tokens: &[&Token], run: Range<usize>, low: usize, high: usize) -> usize {
    let places = reach(tokens, &run, low, high);
    let class = |at: usize| tokens.get(at).map(|token| token.class);
    let edge = |at: usize| match at.checked_sub(1).and_then(|before| tokens.get(before)) {
        None => 4,
        Some(token) if matches!(token.class, Class::Line | Class::End) => 4,
        Some(token) if token.text().starts_with(['.', '。', '!', '！', '?', '？']) => 3,
        Some(token)
            if token
                .text()
                .starts_with([',', '，', ';', '；', ':', '：', '、']) =>
        {
            2
        }
        Some(token) if token.class == Class::Note => 1,
        Some(_) => i32::from(class(at) == Some(Class::Word)),
    };
    (places.start..=places.end)
        .max_by_key(|at| (edge(*at) + edge(*at + run.len()), *at))
        .unwrap_or(run.start)
}

/// Joins changes with what little was kept between them, so that a rewritten sentence does not fall
/// into shreds.
fn join(hunks: Vec<Hunk>, old: &[&Token]) -> Vec<Hunk> {
    let mut joined: Vec<Hunk> = Vec::with_capacity(hunks.len());
    for mut hunk in hunks {
        while let Some(last) = joined.last() {
            let kept = old.get(last.old.end..hunk.old.start).unwrap_or_default();
            let cost: Option<usize> = kept.iter().map(|token| cost(token)).sum();
            if cost.is_none_or(|cost| 2 * cost >= last.len().min(hunk.len())) {
                break;
            }
            hunk.old.start = last.old.start;
            hunk.new.start = last.new.start;
            joined.pop();
        }
        joined.push(hunk);
    }
    joined
}

/// What it costs to give up that a word was kept; `None`: never.
fn cost(token: &Token) -> Option<usize> {
    match token.class {
        Class::Weak | Class::Point | Class::Space => Some(1),
        Class::Word => Some(4),
        Class::Number => Some(8),
        Class::Line | Class::Cell | Class::End | Class::Note => None,
    }
}
