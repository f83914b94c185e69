//! One card from its lines.

use super::refusal::CardFault;
use super::{VALUE_CHARS_MAX, VALUES_MAX};
use crate::line::{Escapes, Line, split, text};
use model::card::{Address, ContactCard, Phone, PhoneLine, is_han, join_name};
use std::collections::{BTreeMap, BTreeSet};

/// Lines that say nothing about the person.
const ABOUT_THE_CARD: [&str; 9] = [
    "BEGIN", "END", "VERSION", "PRODID", "REV", "SOURCE", "NAME", "PROFILE", "CLASS",
];

/// A card under way.
struct Build<'a> {
    card: ContactCard,
    escapes: Escapes,
    /// Groups and the owner's words for them (`X-ABLabel`).
    labels: BTreeMap<&'a str, String>,
    phonetic: [String; 2],
    /// Preferred ones go first: number of those that are in front.
    preferred: [usize; 3],
}

/// The card of some lines; names of what is not kept are added to `not_kept`.
pub(super) fn build(
    lines: &[&Line],
    not_kept: &mut BTreeSet<String>,
) -> Result<ContactCard, CardFault> {
    let is_old = lines
        .iter()
        .any(|line| line.name == "VERSION" && line.value.trim() == "2.1");
    let escapes = if is_old { Escapes::Old } else { Escapes::New };
    let labels = lines
        .iter()
        .filter(|line| line.name == "X-ABLABEL" && !line.group.is_empty())
        .map(|line| (line.group.as_str(), own_word(&text(&line.value, escapes))));
    let mut build = Build {
        card: ContactCard::default(),
        escapes,
        labels: labels.collect(),
        phonetic: Default::default(),
        preferred: [0; 3],
    };
    let mut n_kept = 0;
    for line in lines {
        if line.name.is_empty() || ABOUT_THE_CARD.contains(&line.name.as_str()) {
            continue;
        }
        let is_known = build.is_known(line);
        if is_known && line.value.chars().nth(VALUE_CHARS_MAX).is_some() {
            return Err(CardFault::TooLong);
        }
        if is_known && build.take(line) {
            n_kept += 1;
            if n_kept > VALUES_MAX {
                return Err(CardFault::TooLong);
            }
        } else if !is_known && line.name != "X-ABLABEL" && not_kept.len() < VALUES_MAX {
            not_kept.insert(line.name.chars().take(80).collect());
        }
    }
    build.finish()
}

/// An owner's word without the marks that Apple puts around its own (`_$!<Work>!$_`).
fn own_word(label: &str) -> String {
    let inside = label
        .strip_prefix("_$!<")
        .and_then(|rest| rest.strip_suffix(">!$_"));
    inside.unwrap_or(label).to_owned()
}

impl<'a> Build<'a> {
    fn is_known(&self, line: &Line) -> bool {
        matches!(
            line.name.as_str(),
            "FN" | "N"
                | "UID"
                | "ORG"
                | "TITLE"
                | "ROLE"
                | "TEL"
                | "EMAIL"
                | "ADR"
                | "URL"
                | "NOTE"
                | "X-PHONETIC-FIRST-NAME"
                | "X-PHONETIC-LAST-NAME"
                | super::write::LATIN
                | "X-WECHAT"
                | "X-WEIXIN"
        ) || is_han_name(line)
            || self.is_wechat(line)
    }

    fn label(&self, line: &Line) -> &str {
        self.labels
            .get(line.group.as_str())
            .map_or("", String::as_str)
    }

    fn is_wechat(&self, line: &Line) -> bool {
        let names_it = |word: &str| {
            let word = word.to_lowercase();
            word.contains("wechat") || word.contains("weixin") || word.contains("微信")
        };
        matches!(
            line.name.as_str(),
            "IMPP" | "X-SOCIALPROFILE" | "SOCIALPROFILE" | "URL"
        ) && (names_it(self.label(line))
            || line.params("TYPE").any(names_it)
            || line.params("X-SERVICE-TYPE").any(names_it)
            || line.params("SERVICE-TYPE").any(names_it))
    }

    /// Takes a known line; whether it said anything.
    fn take(&mut self, line: &'a Line) -> bool {
        let whole = text(&line.value, self.escapes);
        if whole.is_empty() {
            return false;
        }
        if self.is_wechat(line) {
            fill(&mut self.card.wechat, after_scheme(&whole));
            return true;
        }
        match line.name.as_str() {
            "FN" => fill(&mut self.card.name, &whole),
            "N" => self.name(&line.value),
            "UID" => fill(&mut self.card.uid, whole.trim_start_matches("urn:uuid:")),
            "ORG" => self.organisation(&line.value),
            "TITLE" => fill(&mut self.card.title, &whole),
            "ROLE" => fill(&mut self.card.role, &whole),
            "TEL" => self.phone(line, &whole),
            "EMAIL" => {
                let email = whole.trim_start_matches("mailto:").to_owned();
                let place = self.place(0, line, self.card.emails.len());
                self.card.emails.insert(place, email);
            }
            "ADR" => self.address(line),
            "URL" => self.card.websites.push(whole),
            "X-WECHAT" | "X-WEIXIN" => fill(&mut self.card.wechat, &whole),
            "X-PHONETIC-FIRST-NAME" => self.phonetic[0] = whole,
            "X-PHONETIC-LAST-NAME" => self.phonetic[1] = whole,
            super::write::LATIN => fill(&mut self.card.latin_name, &whole),
            "NICKNAME" => fill(&mut self.card.han_name, &whole),
            _ => {
                let note = &mut self.card.note;
                if !note.is_empty() {
                    note.push('\n');
                }
                note.push_str(&whole);
            }
        }
        true
    }

    /// Where something goes among its like: behind the preferred ones, or at their end.
    fn place(&mut self, kind: usize, line: &Line, length: usize) -> usize {
        let is_preferred = line.is_type("PREF") || line.params("PREF").next() == Some("1");
        match self.preferred.get_mut(kind) {
            Some(front) if is_preferred => {
                *front += 1;
                *front - 1
            }
            _ => length,
        }
    }

    fn name(&mut self, value: &str) {
        let mut parts = split(value, ';', self.escapes).into_iter();
        let mut next = || parts.next().unwrap_or_default().trim().to_owned();
        if self.card.family.is_empty() && self.card.given.is_empty() {
            self.card.family = next();
            self.card.given = next();
            self.card.additional = next();
            self.card.prefix = next();
            self.card.suffix = next();
        }
    }

    fn organisation(&mut self, value: &str) {
        let parts = split(value, ';', self.escapes);
        let mut parts = parts
            .iter()
            .map(|part| part.trim())
            .filter(|part| !part.is_empty());
        fill(
            &mut self.card.organisation,
            parts.next().unwrap_or_default(),
        );
        let rest: Vec<&str> = parts.collect();
        fill(&mut self.card.department, &rest.join(" "));
    }

    fn phone(&mut self, line: &Line, whole: &str) {
        let label = self.label(line);
        let says = |word: &str| line.is_type(word) || label.eq_ignore_ascii_case(word);
        let lower = label.to_lowercase();
        let is_fax = line.is_type("FAX") || lower.contains("fax") || lower.contains("传真");
        let kind = if is_fax {
            PhoneLine::Fax
        } else if line.is_type("PAGER") {
            PhoneLine::Pager
        } else if says("CELL") || says("IPHONE") || says("MOBILE") || lower.contains("手机") {
            PhoneLine::Mobile
        } else if says("WORK") {
            PhoneLine::Work
        } else if says("HOME") {
            PhoneLine::Home
        } else {
            PhoneLine::Plain
        };
        let (number, extension) = extension(whole.trim_start_matches("tel:"));
        let phone = Phone {
            number,
            extension,
            line: kind,
            label: label.to_owned(),
        };
        let place = self.place(1, line, self.card.phones.len());
        self.card.phones.insert(place, phone);
    }

    fn address(&mut self, line: &Line) {
        let parts = split(&line.value, ';', self.escapes);
        let part = |place: usize| {
            let text = parts.get(place).map_or("", |part| part.trim());
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        // Post-office box, extended, street, town, region, postcode, country.
        let small_first = [0, 1, 2, 3, 4, 6].map(part);
        let zip = part(5);
        let mut filled: Vec<&str> = small_first
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        let is_chinese = filled.iter().any(|part| part.chars().any(is_han));
        let text = if is_chinese && filled.len() > 1 {
            // A Chinese address begins with the largest.
            filled.reverse();
            filled.concat()
        } else {
            filled.join(", ")
        };
        let place = self.place(2, line, self.card.addresses.len());
        if !text.is_empty() || !zip.is_empty() {
            self.card.addresses.insert(place, Address { text, zip });
        }
    }

    fn finish(self) -> Result<ContactCard, CardFault> {
        let Self {
            mut card, phonetic, ..
        } = self;
        if card.name.is_empty() {
            let given = [card.given.as_str(), card.additional.as_str()];
            let name = join_name(&card.family, given.join(" ").trim());
            let whole = [card.prefix.as_str(), name.as_str(), card.suffix.as_str()];
            whole.join(" ").trim().clone_into(&mut card.name);
        }
        if card.name.is_empty() {
            card.name.clone_from(&card.organisation);
        }
        let has_han = card.name.chars().any(is_han);
        if has_han {
            let [given, family] = phonetic;
            let latin = join_name(&family, &given);
            fill(&mut card.latin_name, &latin);
            card.han_name.clear();
        } else {
            card.latin_name.clear();
        }
        // The program's own lines in the note, which repeat what stands in a place of its own.
        let wechat = card.wechat.clone();
        let lines = card.note.lines().filter(|line| {
            let is_wechat = super::write::WECHAT.iter().any(|word| {
                line.strip_prefix(word)
                    .is_some_and(|id| id.trim() == wechat)
            });
            let ext = line.split_once(";ext=");
            let is_extension = ext.is_some_and(|(number, digits)| {
                card.phones.iter_mut().any(|phone| {
                    let fits = phone.number == number.trim();
                    if fits && phone.extension.is_empty() {
                        phone.extension = digits.trim().to_owned();
                    }
                    fits
                })
            });
            !(is_extension || is_wechat && !wechat.is_empty())
        });
        card.note = lines.collect::<Vec<_>>().join("\n");
        let is_reachable = !card.phones.is_empty() || !card.emails.is_empty();
        if card.name.is_empty() {
            if !is_reachable {
                return Err(CardFault::Nobody);
            }
            let phone = card.phones.first().map(|phone| phone.number.clone());
            card.name = card.emails.first().cloned().or(phone).unwrap_or_default();
        }
        Ok(card)
    }
}

/// A name that is said to be the Chinese one; other nicknames are not kept.
fn is_han_name(line: &Line) -> bool {
    let is_chinese = |language: &str| language.to_lowercase().starts_with("zh");
    line.name == "NICKNAME" && line.params("LANGUAGE").any(is_chinese)
}

/// Fills a text that is still empty: the first of its kind counts.
fn fill(text: &mut String, value: &str) {
    if text.is_empty() {
        value.trim().clone_into(text);
    }
}

/// What follows the scheme of an address (`weixin:abc`, `x-apple:abc`).
fn after_scheme(value: &str) -> &str {
    match value.split_once(':') {
        Some((scheme, rest)) if !rest.starts_with("//") && !scheme.contains(' ') => rest,
        _ => value,
    }
}

/// A number and the extension behind it.
fn extension(number: &str) -> (String, String) {
    for mark in [";ext=", " ext. ", " ext ", " x", "转", "分机"] {
        if let Some((number, rest)) = number.split_once(mark) {
            let rest = rest.trim();
            if !rest.is_empty() && rest.chars().all(|letter| letter.is_ascii_digit()) {
                let number = number.trim().trim_end_matches([',', '，']).to_owned();
                return (number, rest.to_owned());
            }
        }
    }
    (number.trim().to_owned(), String::new())
}
