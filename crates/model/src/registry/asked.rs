//! What registries ask for, as data (`data/registry-*.json`).

use super::SheetLang;
use crate::reference::Bilingual;
use serde::Deserialize;
use std::sync::LazyLock;

/// What a registry asks for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Registry {
    pub(super) key: String,
    pub(super) version: String,
    pub(super) name: Bilingual,
    pub(super) source: Bilingual,
    pub(super) article: Bilingual,
    pub(super) valid_from: String,
    pub(super) verification: String,
    pub(super) pages: Vec<Page>,
    pub(super) rows: Vec<Asked>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    pub(super) key: String,
    pub(super) name: Bilingual,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    pub(super) page: String,
    pub(super) key: String,
    pub(super) number: String,
    pub(super) label: Bilingual,
    /// `yes`, `no`, `unknown`, or a condition ([`CONDITIONS`]).
    pub(super) required: String,
    pub(super) lang: SheetLang,
    /// Sources, of which the first that holds something counts: a path, `self/FIELD` of a
    /// repeated entity, `section:KEY|KEY`, or `fn:NAME`.
    pub(super) from: Vec<String>,
    /// The path of what it is repeated for.
    #[serde(default)]
    pub(super) each: String,
    pub(super) verification: String,
}

/// When a field is required: the path that must find something, or must not.
pub(super) const CONDITIONS: [(&str, &str, bool); 4] = [
    ("public", PUBLIC, true),
    ("diagnostic", "study[registration.diagnostic=true]", true),
    ("randomised", "study[design.allocation=RANDOMIZED]", true),
    ("consent", "study[registration.consentWaived=true]", false),
];

/// Finds something in studies whose record is made public.
pub(super) const PUBLIC: &str = "study[registration.publication=CHICTR]";

pub(super) static REGISTRIES: LazyLock<Vec<Registry>> = LazyLock::new(|| {
    [
        include_str!("../../data/registry-who.json"),
        include_str!("../../data/registry-chictr.json"),
        include_str!("../../data/registry-nmr.json"),
    ]
    .iter()
    .map(|text| serde_json::from_str(text).expect("the registries are checked"))
    .collect()
});
