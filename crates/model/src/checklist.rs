//! Lists of what a committee wants to see (`data/checklists.json`).
//!
//! A list says where it comes from and whether somebody has compared it with its source; one that
//! is `unverified` is shown as such and is never printed as law.

use crate::reference::Bilingual;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use ts_rs::TS;

/// A list of material for one kind of submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Checklist {
    /// Its key, for example `cn-ec-2023-initial`.
    pub key: String,
    /// Its version.
    pub version: String,
    /// Its name.
    pub name: Bilingual,
    /// The rule that it is taken from.
    pub source: String,
    /// The article of the rule.
    pub article: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
    /// What is wanted, in order.
    pub items: Vec<ChecklistItem>,
}

/// Something that a committee wants to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChecklistItem {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// Kinds of document (`documentKind`) that answer it.
    pub kinds: Vec<String>,
    /// The part of our own submission that answers it; empty when none does.
    pub enclosed: String,
    /// Whether it is wanted only in some studies.
    pub conditional: bool,
}

/// Every list.
pub static CHECKLISTS: LazyLock<Vec<Checklist>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/checklists.json"))
        .expect("checklists.json is checked")
});

/// A list by key.
pub fn find(key: &str) -> Option<&'static Checklist> {
    CHECKLISTS.iter().find(|list| list.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_on_a_list_is_a_kind_of_document() {
        for list in CHECKLISTS.iter() {
            assert!(["verified", "secondary", "unverified"].contains(&list.verification.as_str()));
            for item in &list.items {
                for kind in &item.kinds {
                    assert!(crate::code::find("documentKind", kind).is_some(), "{kind}");
                }
            }
        }
        assert_eq!(
            find("cn-ec-2023-initial").map(|list| list.items.len()),
            Some(11)
        );
    }
}
