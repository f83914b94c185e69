//! The words of a text without their order: how much two texts have in common.

use crate::segment::{self, Class};

/// Fewer words than this are contained in a text by chance.
const WORDS_MIN: usize = 6;

/// Words as numbers, sorted; the same word as often as it stands in the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bag(Vec<u64>);

impl Bag {
    /// The words and numbers of a text, capital letters as small ones.
    pub(crate) fn of(text: &str) -> Self {
        let mut words = Vec::with_capacity(text.len() / 5);
        let mut at = 0;
        segment::words(text, |class, end| {
            if matches!(class, Class::Word | Class::Weak | Class::Number) {
                words.push(hash(text.get(at..end).unwrap_or_default()));
            }
            at = end;
        });
        words.sort_unstable();
        Self(words)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds the words of another.
    pub(crate) fn add(&mut self, other: &Self) {
        self.0.extend(&other.0);
        self.0.sort_unstable();
    }

    /// What is left of it without the words of another.
    pub(crate) fn without(&self, other: &Self) -> Self {
        let mut others = other.0.iter().peekable();
        let is_left = |word: &&u64| {
            while others.next_if(|other| other < word).is_some() {}
            others.next_if(|other| other == word).is_none()
        };
        Self(self.0.iter().filter(is_left).copied().collect())
    }

    fn common(&self, other: &Self) -> usize {
        self.len() - self.without(other).len()
    }

    /// Which share of its words stands in another; from 0 to 1.
    pub(crate) fn share_in(&self, other: &Self) -> f32 {
        ratio(self.common(other), self.len())
    }

    /// How alike two texts are, from 0 to 1. What is wholly contained in a longer one counts as
    /// alike, as it may be a part of it.
    pub(crate) fn alike(&self, other: &Self) -> f32 {
        let (less, more) = (self.len().min(other.len()), self.len() + other.len());
        // Most pairs are nothing alike by their length alone.
        if less == 0 {
            return 0.0;
        }
        let common = self.common(other);
        let alike = ratio(2 * common, more);
        let contained = ratio(common, less);
        if less >= WORDS_MIN && contained >= 0.85 {
            alike.max(0.6 * contained)
        } else {
            alike
        }
    }
}

fn ratio(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}

/// FNV-1a: the same on every machine.
fn hash(word: &str) -> u64 {
    let lower = word.chars().flat_map(char::to_lowercase);
    lower.fold(0xcbf2_9ce4_8422_2325, |hash, c| {
        (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3)
    })
}
