//! What is wrong with a set: codes, paths and keys that do not exist, names without words.

use super::{FormSet, MADE, SetForm, SetItem, SetList, blank, is_known, is_source, naming};
use crate::reference::Bilingual;
use crate::{Lang, code, label};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// Most forms, lists, parts of a form, fields of a part and items of a list.
const PARTS_MAX: usize = 300;
/// Longest key. Units: characters.
const KEY_CHARS_MAX: usize = 60;

/// Something in a set that cannot stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FormSetFault")]
pub struct Fault {
    /// Where: empty for the set, `naming`, `forms/FORM`, `forms/FORM/PART/FIELD`, `lists/N`,
    /// `lists/N/ITEM` with `N` from 0.
    pub place: String,
    /// What is wrong: `formset.fault.<code>`.
    pub code: String,
    /// What stands there.
    pub what: String,
}

impl Fault {
    /// A fault.
    pub fn new(place: &str, code: &str, what: &str) -> Self {
        Self {
            place: place.to_owned(),
            code: code.to_owned(),
            what: what.to_owned(),
        }
    }

    /// In words, the place in front.
    pub fn text(&self, lang: Lang) -> String {
        let key = format!("formset.fault.{}", self.code);
        let words = label::get(&key).map_or_else(
            || self.code.clone(),
            |label| label.fill(lang, &[("what", &self.what)]),
        );
        match self.place.as_str() {
            "" => words,
            place => format!("{place}: {words}"),
        }
    }
}

/// What is wrong with a set.
pub fn faults(set: &FormSet) -> Vec<Fault> {
    let mut found = Found(Vec::new());
    found.want(is_key(&set.key), "", "key", &set.key);
    found.want(is_key(&set.version), "", "version", &set.version);
    found.graded("", &set.verification);
    found.named("", &set.name);
    let language = code::find("language", &set.language);
    found.want(language.is_some(), "language", "language", &set.language);
    let styles = ["underline", "shaded", "clean", "sideBySide"];
    let style = set.redline.style.as_str();
    found.want(styles.contains(&style), "redline", "redline", style);
    let pattern = &set.naming.pattern;
    found.want(naming::is_pattern(pattern), "naming", "naming", pattern);
    for grade in [
        &set.copies.verification,
        &set.redline.verification,
        &set.naming.verification,
        &set.limits.verification,
    ] {
        found.graded("", grade);
    }
    let date = &set.valid_from;
    let is_date = date.is_empty() || crate::check::is_date(date);
    found.want(is_date, "validFrom", "validFrom", date);
    for rule in &set.deadlines {
        let known = crate::milestone::list::deadline(rule);
        found.want(known.is_some(), "deadlines", "deadline", rule);
    }
    found.few("forms", set.forms.len());
    found.few("lists", set.lists.len());
    found.once("", set.forms.iter().map(|form| &form.key));
    for form in &set.forms {
        found.form(form);
    }
    for (n, list) in set.lists.iter().enumerate() {
        found.list(set, list, &format!("lists/{n}"));
    }
    found.0
}

/// Whether a word can be a key: short, of one line, without what divides places.
fn is_key(word: &str) -> bool {
    let fits = |letter: char| !letter.is_control() && !letter.is_whitespace() && letter != '/';
    !word.is_empty() && word.chars().count() <= KEY_CHARS_MAX && word.chars().all(fits)
}

struct Found(Vec<Fault>);

impl Found {
    fn want(&mut self, is: bool, place: &str, code: &str, what: &str) {
        if !is {
            self.0.push(Fault::new(place, code, what));
        }
    }

    fn graded(&mut self, place: &str, word: &str) {
        let grades = ["verified", "secondary", "unverified"];
        self.want(grades.contains(&word), place, "verification", word);
    }

    fn named(&mut self, place: &str, name: &Bilingual) {
        let is_named = !name.zh.trim().is_empty() && !name.en.trim().is_empty();
        let what = [name.zh.as_str(), name.en.as_str()].join(" ");
        self.want(is_named, place, "name", what.trim());
    }

    fn few(&mut self, place: &str, n: usize) {
        self.want(n <= PARTS_MAX, place, "tooMany", &n.to_string());
    }

    fn once<'a>(&mut self, place: &str, keys: impl Iterator<Item = &'a String>) {
        let mut seen = BTreeSet::new();
        for key in keys {
            self.want(is_key(key), place, "key", key);
            self.want(seen.insert(key), place, "twice", key);
        }
    }

    fn form(&mut self, form: &SetForm) {
        let place = format!("forms/{}", form.key);
        self.named(&place, &form.name);
        self.graded(&place, &form.verification);
        self.few(&place, form.parts.len());
        self.once(&place, form.parts.iter().map(|part| &part.key));
        for what in blank::faults(form) {
            self.want(false, &place, "blank", &what);
        }
        for part in &form.parts {
            let place = format!("{place}/{}", part.key);
            self.named(&place, &part.name);
            self.few(&place, part.fields.len());
            self.once(&place, part.fields.iter().map(|field| &field.key));
            for field in &part.fields {
                let place = format!("{place}/{}", field.key);
                self.named(&place, &field.label);
                for source in &field.fill {
                    self.want(is_source(source), &place, "source", source);
                }
            }
        }
    }

    fn list(&mut self, set: &FormSet, list: &SetList, place: &str) {
        self.named(place, &list.name);
        self.graded(place, &list.verification);
        self.want(is_known(&list.when), place, "when", &said(&list.when));
        self.want(!list.types.is_empty(), place, "noType", "");
        for kind in &list.types {
            let known = code::find("submissionType", kind);
            self.want(known.is_some(), place, "type", kind);
        }
        self.few(place, list.items.len());
        self.once(place, list.items.iter().map(|item| &item.key));
        for item in &list.items {
            self.item(set, item, &format!("{place}/{}", item.key));
        }
    }

    fn item(&mut self, set: &FormSet, item: &SetItem, place: &str) {
        self.named(place, &item.name);
        self.want(is_known(&item.when), place, "when", &said(&item.when));
        for kind in &item.kinds {
            let known = code::find("documentKind", kind);
            self.want(known.is_some(), place, "kind", kind);
        }
        let made = item.made.as_str();
        self.want(made.is_empty() || MADE.contains(&made), place, "made", made);
        let is_here = set.form(&item.form).is_some();
        self.want((made == "form") == is_here, place, "form", &item.form);
        let levels = ["", "must", "should"];
        let level = item.level.as_str();
        self.want(levels.contains(&level), place, "level", level);
        if let Some(grade) = &item.verification {
            self.graded(place, grade);
        }
    }
}

fn said(when: &[Vec<String>]) -> String {
    let all = when.iter().map(|all| all.join(" + "));
    all.collect::<Vec<_>>().join(" / ")
}
