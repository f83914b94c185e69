//! Where a field may be filled from, and when something may be wanted, in words: what an editor
//! offers instead of paths.

use super::{FormSet, is_source, shipped};
use crate::fact::of_head;
use crate::field::{self, Field, Input};
use crate::reference::Bilingual;
use crate::{Lang, code, kind, label, milestone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// A path with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FormSetChoice")]
pub struct Choice {
    /// The path.
    pub path: String,
    /// Whom or what it speaks of.
    pub group: Bilingual,
    /// What of it.
    pub name: Bilingual,
}

/// Heads that speak of one kind.
const HEADS: [(&str, &str); 6] = [
    ("study", kind::STUDY),
    ("here", kind::SITE),
    ("pi", kind::CONTACT),
    ("team", kind::CONTACT),
    ("version", kind::VERSION),
    ("count", kind::ENROLMENT),
];

/// Every source that an editor offers: the fields of whoever and whatever a form speaks of, and
/// what the shipped sets and some others use besides.
pub fn sources(others: &[FormSet]) -> Vec<Choice> {
    let mut paths: Vec<String> = Vec::new();
    for (head, kind) in HEADS {
        let fields = field::FIELDS.iter().filter(|one| one.kind == kind);
        let said = fields.filter(|one| can_be_said(one));
        paths.extend(said.map(|one| format!("{head}/{}", one.name)));
    }
    let used = shipped().iter().chain(others);
    let fields = used
        .flat_map(|set| &set.forms)
        .flat_map(|form| form.fields());
    let used = fields.flat_map(|(_, field)| field.fill.iter().cloned());
    let more = [
        "approved/number",
        "approved/approvedOn",
        "criteria:inclusion",
    ];
    paths.extend(used.chain(more.map(str::to_owned)));
    once(paths.into_iter().filter(|path| is_source(path)))
        .into_iter()
        .map(|path| choice(&path))
        .collect()
}

/// Every condition that an editor offers: those of the shipped sets and of some others.
pub fn conditions(others: &[FormSet]) -> Vec<Choice> {
    let sets = shipped().iter().chain(others);
    let lists = sets.flat_map(|set| &set.lists);
    let all = lists.flat_map(|list| {
        let items = list.items.iter().flat_map(|item| item.when.iter());
        list.when.iter().chain(items).flatten().cloned()
    });
    let opposite = |one: &String| match one.strip_prefix('!') {
        Some(plain) => plain.to_owned(),
        None => format!("!{one}"),
    };
    let both = all.flat_map(|one| [opposite(&one), one]);
    let mut paths = once(both);
    paths.sort_by_key(|path| path.trim_start_matches('!').to_owned());
    paths
        .into_iter()
        .map(|path| Choice {
            name: condition_words(&path),
            group: Bilingual::default(),
            path,
        })
        .collect()
}

fn once(paths: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    paths.filter(|path| seen.insert(path.clone())).collect()
}

/// Whether a field says something on paper.
fn can_be_said(field: &Field) -> bool {
    !matches!(field.input, Input::Residue | Input::Reference | Input::File)
        && !field.name.starts_with("directory.")
}

/// A condition in words.
pub fn condition_words(path: &str) -> Bilingual {
    let (is_not, plain) = match path.strip_prefix('!') {
        Some(plain) => (true, plain),
        None => (false, path),
    };
    let (head, field) = plain.split_once('/').unwrap_or((plain, ""));
    let of = |lang| {
        let mut words = vec![head_words(head, lang)];
        if !field.is_empty() {
            words.push(fields_words(head, field, lang));
        }
        let words = words.join(": ");
        let key = if is_not { "unless" } else { "when" };
        said(&format!("formset.{key}"), &words, lang)
    };
    both(of)
}

fn said(key: &str, what: &str, lang: Lang) -> String {
    label::get(key).map_or_else(
        || what.to_owned(),
        |label| label.fill(lang, &[("what", what)]),
    )
}

fn both(of: impl Fn(Lang) -> String) -> Bilingual {
    Bilingual {
        zh: of(Lang::Zh),
        en: of(Lang::En),
    }
}

/// A source in words.
fn choice(path: &str) -> Choice {
    let (head, fields) = path.rsplit_once('/').unwrap_or((path, ""));
    Choice {
        path: path.to_owned(),
        group: both(|lang| head_words(head, lang)),
        name: both(|lang| fields_words(head, fields, lang)),
    }
}

/// Who or what a head speaks of.
fn head_words(head: &str, lang: Lang) -> String {
    let bare = head.split('[').next().unwrap_or(head);
    if let Some(roles) = head.strip_prefix("here:") {
        return codes("contactRole", roles, lang);
    }
    let mut filters = Vec::new();
    for part in head.split('[').skip(1) {
        let Some((field, values)) = part.trim_end_matches(']').split_once('=') else {
            continue;
        };
        let kind = if bare == "here" {
            kind::SITE
        } else {
            of_head(bare)
        };
        filters.push(filter_words(kind, field, values, lang));
    }
    let key = format!("formset.head.{}", bare.replace(':', "."));
    let own = label::get(&key).map(|label| label.text(lang).to_owned());
    match (own, filters.is_empty()) {
        (Some(words), true) => words,
        (Some(words), false) => format!("{words} · {}", filters.join(" · ")),
        (None, false) => filters.join(" "),
        (None, true) => head.to_owned(),
    }
}

/// What a filter asks for: the words of its codes.
fn filter_words(kind: &str, name: &str, values: &str, lang: Lang) -> String {
    let Some(field) = crate::fact::field_named(kind, name) else {
        return values.to_owned();
    };
    if kind == kind::MILESTONE && name == "key" {
        let own = milestone::list::item(values).map(|item| item.name.text(lang).to_owned());
        let imported = label::get(&format!("import.milestone.{values}"));
        let words = own.or_else(|| imported.map(|label| label.text(lang).to_owned()));
        return words.unwrap_or_else(|| values.to_owned());
    }
    let label = field_words(field, lang);
    match (field.codes, values) {
        ("", "true") => label.to_owned(),
        ("", values) => format!("{label} {values}"),
        (list, values) => codes(list, values, lang),
    }
}

fn codes(list: &str, values: &str, lang: Lang) -> String {
    let words = values.split('|').map(|value| code::text(list, value, lang));
    words.collect::<Vec<_>>().join(" / ")
}

/// What of it: the names of fields, the first that is filled.
fn fields_words(head: &str, fields: &str, lang: Lang) -> String {
    let bare = head.split('[').next().unwrap_or(head);
    let known = HEADS.iter().find(|(name, _)| *name == bare);
    let kind = match (known, bare.starts_with("here:")) {
        (_, true) => kind::CONTACT,
        (Some((_, kind)), _) => kind,
        (None, _) => of_head(bare),
    };
    let words = fields.split('|').map(|name| {
        let own = label::get(&format!("formset.of.{bare}.{name}"));
        let field = crate::fact::field_named(kind, name);
        own.map(|label| label.text(lang))
            .or_else(|| field.map(|field| field_words(field, lang)))
            .unwrap_or(name)
    });
    words.collect::<Vec<_>>().join(" / ")
}

fn field_words(field: &'static Field, lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => field.zh,
        Lang::En => field.en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_has_words_and_none_shows_its_path() {
        let all = sources(&[]);
        assert!(all.len() > 100, "{}", all.len());
        for one in all {
            assert!(is_source(&one.path), "{}", one.path);
            for words in [&one.group.zh, &one.group.en] {
                assert!(!words.is_empty(), "{}", one.path);
                assert!(!words.contains(['[', ']', '=', '|', '_']), "{words}");
            }
            let is_whole = one.path.starts_with("criteria:");
            assert_eq!(one.name.zh.is_empty(), is_whole, "{}", one.path);
            assert!(!one.name.en.contains(['[', '=', '|']), "{}", one.name.en);
        }
    }

    #[test]
    fn every_condition_has_words_both_ways() {
        let all = conditions(&[]);
        assert!(all.len() >= 12, "{}", all.len());
        for one in &all {
            assert!(
                super::super::is_known(&[vec![one.path.clone()]]),
                "{}",
                one.path
            );
            for words in [&one.name.zh, &one.name.en] {
                assert!(!words.contains(['[', '=', '|', '!']), "{words}");
            }
        }
        let device = all.iter().find(|one| one.path == "product[type=DEVICE]");
        assert!(device.expect("it is used").name.zh.contains("器械"));
        let not = all.iter().find(|one| one.path == "!product[type=DEVICE]");
        assert!(not.is_some());
    }
}
