//! A hospital's name, taken apart so that two can be compared.

use super::words::WORDS;
use super::{han, latin};

/// A name's parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// Whether it is written in Chinese.
    pub(super) is_han: bool,
    /// The whole, without spaces, marks and the campus.
    pub(super) flat: String,
    /// What belongs to this hospital alone: `ruijin`.
    pub(super) own: Vec<String>,
    /// The same in one piece.
    pub(super) whole: String,
    /// The digits in it.
    pub(super) digits: String,
    /// What hospitals of many cities share: `people`, `cancer`, a number.
    pub(super) generic: Vec<String>,
    /// The university that it belongs to; empty when none is named.
    pub(super) university: String,
    /// The part of the hospital; empty for the whole.
    pub(super) campus: String,
    /// The city that the name itself speaks of.
    pub(super) city: Option<&'static str>,
}

impl Name {
    /// Makes what follows from the parts.
    pub(super) fn close(mut self) -> Self {
        self.whole = self.own.concat();
        self.digits = self.whole.chars().filter(char::is_ascii_digit).collect();
        self
    }
}

/// Takes a name apart; `None` when it names no hospital (`Research Site`, a sponsor's number).
pub(super) fn read(text: &str) -> Option<Name> {
    let text = straight(text);
    let (text, bracket) = without_brackets(&text);
    // `Yale University School of Medicine Site Number : 01`
    let text = text.split("site number").next().unwrap_or_default().trim();
    if text.is_empty() || is_placeholder(text) {
        return None;
    }
    let name = if text.chars().any(is_han) {
        han::read(text, &bracket)
    } else {
        latin::read(text)
    };
    let says_which = !name.own.is_empty() || !name.generic.is_empty();
    // A bare 附属医院 or `Hospital` names none; with its university it does.
    let is_bare = name.own.is_empty() && name.generic.iter().all(|word| word == "医院");
    (says_which && (!is_bare || !name.university.is_empty())).then_some(name)
}

/// In lower case, with plain marks and letters of one width.
fn straight(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '’' | '‘' | '`' => '\'',
            '，' | '、' => ',',
            '\u{3000}' => ' ',
            '（' => '(',
            '）' => ')',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .collect::<String>()
        .to_lowercase()
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// The text without what stands in brackets, and the last of that: a site number, a campus.
fn without_brackets(text: &str) -> (String, String) {
    let (mut outside, mut inside, mut is_inside) = (String::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '(' => {
                is_inside = true;
                inside.clear();
            }
            ')' => is_inside = false,
            c if is_inside => inside.push(c),
            c => outside.push(c),
        }
    }
    // A whole name in brackets is a name.
    if outside.trim().is_empty() {
        return (inside.clone(), inside);
    }
    (outside, inside.trim().to_owned())
}

/// Whether a text stands where a hospital's name should and names none.
fn is_placeholder(text: &str) -> bool {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let joined = words.join(" ");
    if WORDS.empty.iter().any(|empty| joined.contains(empty)) {
        return true;
    }
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_code = words.iter().all(|word| has_digit(word));
    // `Zai Lab Site 1001`
    let names_a_site = words
        .iter()
        .zip(words.iter().skip(1))
        .any(|(word, next)| *word == "site" && is_number(next) && !joined.contains("hospital"));
    is_code || names_a_site || ["site", "china", "investigational"].contains(&joined.as_str())
}
