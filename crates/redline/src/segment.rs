//! Where the words of a text end.

use crate::number;
use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use std::collections::HashSet;
use std::sync::OnceLock;

/// What a word is to a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    /// A word that says something.
    Word,
    /// A word that holds others together, or a single Han character.
    Weak,
    /// A number with its unit.
    Number,
    /// A mark of punctuation.
    Point,
    /// White space within a line.
    Space,
    /// The end of a line.
    Line,
    /// The end of a cell.
    Cell,
    /// The end of a block, between blocks that were one or become one.
    End,
    /// The place of a note.
    Note,
}

/// Words that say little where everything around them changed. What denies is never among them.
const WEAK: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "in", "into", "is",
    "it", "its", "of", "on", "or", "that", "the", "their", "these", "this", "those", "to", "was",
    "were", "which", "will", "with", "以及", "并且", "其中", "进行", "对于", "由于",
];

fn is_weak(word: &str) -> bool {
    static SET: OnceLock<HashSet<&str>> = OnceLock::new();
    word.len() <= 6
        && SET
            .get_or_init(|| WEAK.iter().copied().collect())
            .contains(word)
}

/// Single characters that turn a sentence around.
const DENYING: &str = "不未无非否禁勿没";

/// Calls with the class and the end of each word. Units: bytes.
pub(crate) fn words(text: &str, mut word: impl FnMut(Class, usize)) {
    let (mut at, mut before) = (0, None);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (class, len) = next(rest, before);
        if class == Class::Word && rest.starts_with(is_han) {
            let run = rest.get(..len).unwrap_or_default();
            han_words(run, |class, end| word(class, at + end));
        } else {
            word(class, at + len);
        }
        before = rest.get(..len).and_then(|done| done.chars().next_back());
        at += len;
    }
}

/// Whether a character belongs to a script written without spaces that the dictionary knows.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The class and length of what a text starts with; a run of Han characters is not yet cut.
fn next(text: &str, before: Option<char>) -> (Class, usize) {
    let Some(first) = text.chars().next() else {
        return (Class::Space, 0);
    };
    let run = |fits: &dyn Fn(char) -> bool| text.find(|c| !fits(c)).unwrap_or(text.len());
    match first {
        '\t' => (Class::Cell, 1),
        '\n' => (Class::Line, 1),
        '\u{2029}' => (Class::End, first.len_utf8()),
        c if is_space(c) => (Class::Space, run(&is_space)),
        _ => {
            if let Some(len) = number::at(text, before) {
                (Class::Number, len)
            } else if is_han(first) {
                (Class::Word, han_run(text))
            } else if first.is_alphabetic() {
                let len = latin_word(text);
                let lower = text.get(..len).unwrap_or_default().to_lowercase();
                let is_weak = is_weak(&lower);
                (if is_weak { Class::Weak } else { Class::Word }, len)
            } else {
                let behind = first.len_utf8();
                let joined = text.get(behind..).unwrap_or_default();
                (
                    Class::Point,
                    behind + joined.find(|c| !is_joined(c)).unwrap_or(joined.len()),
                )
            }
        }
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\n' | '\t' | '\u{2029}')
}

/// Whether a character only changes the one before it.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{20d0}'..='\u{20ff}')
}

/// Han characters up to the next number.
fn han_run(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let behind = chars.peek().map(|(_, c)| *c);
        let is_ordinal = c == '第' && behind.is_some_and(number::is_digit);
        if !is_han(c) || (is_ordinal && at > 0) {
            return at;
        }
    }
    text.len()
}

/// Letters and digits; over hyphens and points where there is a digit (`IL-6`, `COVID-19`, `v2.0`).
fn latin_word(text: &str) -> usize {
    let part = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        let fits = |c: char| (c.is_alphanumeric() && !is_han(c)) || is_joined(c) || c == '_';
        from + rest.find(|c| !fits(c)).unwrap_or(rest.len())
    };
    let first = part(0);
    let mut end = first;
    while let Some(mark) = text.get(end..).and_then(|rest| rest.chars().next()) {
        let behind = end + mark.len_utf8();
        let next = part(behind);
        let joins = match mark {
            '-' | '‐' | '‑' | '\'' | '’' => next > behind,
            '.' => text
                .get(behind..next)
                .is_some_and(|word| word.starts_with(number::is_digit)),
            _ => false,
        };
        if !joins {
            break;
        }
        end = next;
    }
    let whole = text.get(..end).unwrap_or_default();
    if whole.contains(number::is_digit) || whole.contains(['\'', '’']) {
        end + usize::from(
            whole.ends_with(number::is_digit)
                && text.get(end..).is_some_and(|rest| rest.starts_with('+')),
        )
    } else {
        first
    }
}

/// Cuts a run of Han characters by the dictionary; a number in words takes its unit along.
fn han_words(run: &str, mut word: impl FnMut(Class, usize)) {
    let mut ends = segmenter().segment_str(run).skip(1).peekable();
    let mut at = 0;
    while let Some(mut end) = ends.next() {
        let number = at + number::han_number(run.get(at..).unwrap_or_default());
        let mut class = class_of(run.get(at..end).unwrap_or_default());
        if end <= number {
            class = Class::Number;
            while let Some(next) = ends.next_if(|next| *next <= number) {
                end = next;
            }
        }
        word(class, end);
        at = end;
    }
}

fn class_of(word: &str) -> Class {
    let mut chars = word.chars();
    let is_weak = match (chars.next(), chars.next()) {
        (Some(single), None) => !DENYING.contains(single),
        _ => is_weak(word),
    };
    if is_weak { Class::Weak } else { Class::Word }
}

fn segmenter() -> WordSegmenterBorrowed<'static> {
    static SEGMENTER: OnceLock<WordSegmenterBorrowed<'static>> = OnceLock::new();
    *SEGMENTER.get_or_init(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let (mut parts, mut at) = (Vec::new(), 0);
        words(text, |_, end| {
            parts.push(&text[at..end]);
            at = end;
        });
        assert_eq!(parts.join("|"), expected);
    }

    #[test]
    fn words_and_numbers_of_a_protocol() {
        check(
            "连续服用28天,随访期为12个月",
            "连续|服用|28天|,|随|访|期|为|12个月",
        );
        check(
            "每日两次口服5 mg,不良事件",
            "每日|两次|口服|5 mg|,|不良|事件",
        );
        check("随访十二个月，第28天±3天", "随|访|十二个月|，|第28天±3天");
        check("一般情况下三周一次", "一般|情况|下|三周|一次");
        check(
            "IL-6 and PD-L1, double-blind",
            "IL-6| |and| |PD-L1|,| |double|-|blind",
        );
        check(
            "CD8+ T cells; v2.0; don't",
            "CD8+| |T| |cells|;| |v2.0|;| |don't",
        );
        check("1.5 × 10^9/L\t3 天\n", "1.5 × 10^9/L|\t|3 天|\n");
        check("", "");
    }
}
