//! A hospital's name in Latin letters, taken apart.

use super::name::Name;
use super::words::{WORDS, Words};

/// A word, or what stands between two parts of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Break,
}

impl Token {
    fn word(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Break => "",
        }
    }
}

/// Takes a name apart; the text is in lower case and without what stands in brackets.
pub(super) fn read(text: &str) -> Name {
    let words: &Words = &WORDS;
    let mut tokens = tokens(text, words);
    let mut name = Name {
        campus: campus(&mut tokens, words),
        ..Name::default()
    };
    name.city = tokens.iter().find_map(|token| words.city(token.word()));
    name.flat = tokens
        .iter()
        .map(Token::word)
        .filter(|word| !["the", "of", "and", "to"].contains(word))
        .collect();
    name.university = university(&mut tokens, words);
    let mut district = Vec::new();
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        let next = tokens.get(i + 1).map_or("", Token::word);
        let word = token.word();
        i += 1;
        if words.district.contains(next) {
            district.push(word.to_owned());
            continue;
        }
        let is_place = words.district.contains(word) || words.city(word).is_some();
        let says_nothing = word.is_empty() || is_place;
        if says_nothing || words.stop.contains(word) {
            continue;
        }
        let list = if is_ordinal(word) || words.generic.contains(word) {
            &mut name.generic
        } else {
            &mut name.own
        };
        if !list.iter().any(|known| known == word) {
            list.push(word.to_owned());
        }
    }
    name.generic.sort();
    // A district's People's Hospital is not the city's.
    if name.own.is_empty() {
        name.own = district;
    }
    // `Keio University Hospital`
    if name.own.is_empty() && name.generic.is_empty() && !name.university.is_empty() {
        name.own.push(name.university.clone());
    }
    name.close()
}

fn is_ordinal(word: &str) -> bool {
    const ORDINALS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    ORDINALS.contains(&word)
}

fn tokens(text: &str, words: &Words) -> Vec<Token> {
    let text = text
        .replace("'s", "")
        .replace('\'', "")
        .replace('&', " and ")
        .replace("no.", "no");
    let mut tokens = Vec::new();
    for part in text.split([',', ';', '/', '(', ')']) {
        let mut was_no = false;
        for word in part.split(|c: char| !c.is_alphanumeric()) {
            if word.is_empty() {
                continue;
            }
            if word == "no" {
                was_no = true;
                continue;
            }
            let word = if std::mem::take(&mut was_no) {
                format!("no{word}")
            } else {
                word.to_owned()
            };
            match words.glued(&word) {
                Some((first, second)) => {
                    tokens.push(Token::Word(first.to_owned()));
                    tokens.push(Token::Word(words.usual(second)));
                }
                None => tokens.push(Token::Word(words.usual(&word))),
            }
        }
        tokens.push(Token::Break);
    }
    tokens
}

/// Takes out what names a part of the hospital: `Jiading Branch`, `East Campus`.
fn campus(tokens: &mut Vec<Token>, words: &Words) -> String {
    let Some(at) = tokens
        .iter()
        .position(|token| words.campus.contains(token.word()))
    else {
        return String::new();
    };
    let before = at.checked_sub(1).and_then(|place| tokens.get(place));
    let named = before
        .map(Token::word)
        .filter(|word| !word.is_empty() && !words.stop.contains(word))
        .map(str::to_owned);
    let from = if named.is_some() { at - 1 } else { at };
    tokens.drain(from..=at);
    named.unwrap_or_else(|| "branch".to_owned())
}

/// Takes out the university that a hospital belongs to.
fn university(tokens: &mut Vec<Token>, words: &Words) -> String {
    let Some(at) = tokens
        .iter()
        .position(|token| token.word() == words.university)
    else {
        return String::new();
    };
    let ends = |token: &Token| token.word().is_empty() || words.breaks.contains(token.word());
    let is_city = |token: &Token| words.city(token.word()).is_some();
    let before = tokens.get(..at).unwrap_or_default();
    let mut from = before.iter().rposition(ends).map_or(0, |place| place + 1);
    // In `Ruijin Shanghai Jiaotong University` the city says where the university's name begins.
    let city = before
        .iter()
        .rposition(is_city)
        .filter(|city| *city >= from);
    let mut name: String = String::new();
    if let Some(city) = city {
        from = city;
    }
    for token in tokens.get(from..at).unwrap_or_default() {
        if !is_city(token) {
            name.push_str(token.word());
        }
    }
    let mut to = at + 1;
    let has_of = tokens.get(to).is_some_and(|token| token.word() == "of");
    if name.is_empty() && has_of {
        let rest = tokens.get(to + 1..).unwrap_or_default();
        let is_over = |token: &Token| ends(token) && token.word() != "and";
        let n = rest.iter().position(is_over).unwrap_or(rest.len());
        name = rest.iter().take(n).map(Token::word).collect();
        to += 1 + n;
    }
    if name.is_empty() {
        let city = before
            .iter()
            .rev()
            .find_map(|token| words.city(token.word()));
        name = city.unwrap_or_default().to_owned();
    }
    tokens.splice(from..to, [Token::Break]);
    name
}
