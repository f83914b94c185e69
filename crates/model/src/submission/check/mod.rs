//! Is a submission complete, and does everything in it fit together?
//!
//! Every finding names a place, a plain reason and the rule that it rests on. That nothing is found
//! never says that what is there is good.

mod course;
mod documents;
mod items;
mod made;
mod people;
mod protocol;
mod radicals;
mod text;
mod values;
mod words;

use super::case::Case;
use super::finding::Finding;
use super::list::{self, Row};
use crate::formset::OwnSets;
use crate::people::credential::Credential;
use crate::{EntityId, Lang};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

pub use words::Read;

/// What was found in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Why it cannot be put into a package, a code of `package.refusal`; empty when it can.
    pub refused: String,
    /// Pages of it that are damaged in part, from 1.
    pub broken: Vec<usize>,
    /// Fonts that it does not embed, in the order in which they come.
    pub fonts: Vec<String>,
    /// What its words say; `None` while nobody read them.
    pub read: Option<Read>,
}

impl Looked {
    /// Whether it is no PDF, and perhaps a file of Word or Excel.
    pub fn is_other_kind(&self) -> bool {
        self.refused == "notPdf"
    }
}

/// What a check reads besides the submission.
#[derive(Clone, Debug)]
pub struct Check<'a> {
    /// The submission, in the study as it says it ([`super::as_submitted`]).
    pub case: Case<'a>,
    /// The form sets of this vault, besides the shipped ones.
    pub own_sets: &'a OwnSets,
    /// The day in Shanghai.
    pub today: NaiveDate,
    /// What people of the study can show, by contact; whoever is not named here has the
    /// certificate's end that stands with the contact.
    pub credentials: &'a BTreeMap<EntityId, Vec<Credential>>,
    /// Hashes of the files that are on this laptop; `None` where nobody looked.
    pub here: Option<&'a BTreeSet<String>>,
    /// Files that were looked into, by their hash.
    pub looked: &'a BTreeMap<String, Looked>,
}

/// What a check reads, with the committee's list answered.
struct Ctx<'a> {
    check: &'a Check<'a>,
    case: Case<'a>,
    rows: Vec<Row<'a>>,
}

impl Ctx<'_> {
    /// Whether the submission is of one of some types.
    fn is(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.case.kind())
    }
}

/// Types that put a protocol before the committee.
const WITH_PROTOCOL: [&str; 3] = ["initial", "resubmission", "amendment"];

/// Checks a submission; findings in the order of weight, then as a reader meets them. Of what was
/// sent or taken back only what was noted since is checked.
pub fn check(check: &Check<'_>) -> Vec<Finding> {
    let case = check.case;
    let ctx = Ctx {
        check,
        case,
        rows: list::rows(&case),
    };
    let has = |field: &str| !crate::fact::is_blank(case.submission.value(field));
    let mut found = match has("manifest") || has("withdrawnOn") {
        true => course::noted(&ctx),
        false => content(&ctx),
    };
    found.sort_by_key(|finding| finding.level);
    found
}

/// What is put before the committee.
fn content(ctx: &Ctx<'_>) -> Vec<Finding> {
    let mut found = items::findings(ctx);
    found.extend(documents::findings(ctx));
    found.extend(made::findings(ctx));
    found.extend(protocol::findings(ctx));
    found.extend(text::findings(ctx));
    found.extend(people::findings(ctx));
    found.extend(values::findings(ctx));
    found.extend(course::findings(ctx));
    found.extend(course::noted(ctx));
    found
}

/// Text without what writers vary: spaces, full-width forms, radicals for characters, case, dashes
/// and brackets.
fn folded(text: &str) -> String {
    let plain = text.chars().filter_map(|ch| {
        let ch = match ch {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(ch as u32 - 0xfee0).unwrap_or(ch),
            other => radicals::character(other),
        };
        ch.is_alphanumeric().then_some(ch)
    });
    plain.flat_map(char::to_lowercase).collect()
}

/// Whether a text is one of an entity's bilingual texts, as readers see it.
fn is_one_of(text: &str, texts: [&str; 2]) -> bool {
    let wanted = folded(text);
    let known: Vec<String> = texts
        .into_iter()
        .map(folded)
        .filter(|t| !t.is_empty())
        .collect();
    // A title in both languages, one behind the other, holds each.
    known.is_empty() || known.iter().any(|known| wanted.contains(known.as_str()))
}

/// A name in Chinese, else in English.
fn name_of(entity: &crate::Entity) -> crate::reference::Bilingual {
    crate::reference::Bilingual {
        zh: entity.text_in("name", Lang::Zh).to_owned(),
        en: entity.text_in("name", Lang::En).to_owned(),
    }
}

#[cfg(test)]
mod faults;
#[cfg(test)]
mod faults_tests;
#[cfg(test)]
mod items_tests;
#[cfg(test)]
mod tests;
