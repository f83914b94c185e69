//! What decides the meaning of a sentence: numbers, how often, how and where something is given,
//! what denies, permits and compares.

use crate::segment::Class;
use crate::token::Token;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

/// Words in letters, in lower case.
const WORDS: &str = include_str!("../data/decisive.txt");

/// What a word of Han characters holds when it decides.
const HAN: &str = include_str!("../data/decisive-han.txt");

/// Numerals in Han characters; a word of nothing else is a number.
const HAN_NUMERALS: &str = "〇零一二两三四五六七八九十百千万亿半";

/// Whether a sentence means something else without this word.
pub(crate) fn is_decisive(token: &Token) -> bool {
    match token.class {
        Class::Number => true,
        Class::Point => token.text().contains(|c| "≥≤＞＜><±≈≧≦⩾⩽=≠+−".contains(c)),
        Class::Word | Class::Weak if token.is_han() => {
            let text = token.text();
            text.chars().all(|c| HAN_NUMERALS.contains(c))
                || HAN.split_whitespace().any(|part| text.contains(part))
        }
        Class::Word | Class::Weak => {
            let text = token.text().to_lowercase();
            text.contains(|c: char| c.is_ascii_digit()) || words().contains(text.as_str())
        }
        _ => false,
    }
}

/// The sentences that some words stand in. Shape: places among the words.
pub(crate) fn sentence_of(places: &Range<usize>, words: &[&Token]) -> Range<usize> {
    let from = (0..places.start).rev().find(|at| ends(*at, words));
    let to = (places.end..words.len()).find(|at| ends(*at, words));
    from.map_or(0, |at| at + 1)..to.map_or(words.len(), |at| at) + 1
}

/// Whether a sentence, a list's item or a cell ends with this word.
fn ends(at: usize, words: &[&Token]) -> bool {
    let Some(word) = words.get(at) else {
        return true;
    };
    match word.class {
        Class::Cell | Class::Line | Class::End => true,
        Class::Point => match word.text().as_str() {
            "；" | ";" | "。" | "！" | "!" | "？" | "?" => true,
            // The point of "e.g." ends nothing.
            "." => words.get(at + 1).is_none_or(|next| {
                let first = next.text().chars().next();
                first.is_none_or(|c| c.is_uppercase() || !c.is_alphanumeric() || next.is_han())
            }),
            _ => false,
        },
        _ => false,
    }
}

fn words() -> &'static HashSet<&'static str> {
    static SET: OnceLock<HashSet<&str>> = OnceLock::new();
    SET.get_or_init(|| WORDS.split_whitespace().collect())
}
