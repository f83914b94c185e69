//! Sets of one's own: those of the directories, and those that submissions keep.
//!
//! A submission that uses a set of a directory carries it along (`formsKept`): whoever has the
//! study reads it as it was made, whatever becomes of the directory.

use super::{FormSet, find, newest, shipped};
use crate::{Entity, EntityId, StudyDoc, kind};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The register of a submission that keeps a set.
const KEPT: &str = "formsKept";

/// Sets that do not come with the program.
#[derive(Clone, Debug, Default)]
pub struct OwnSets {
    /// Those of the directories, every version.
    pub book: Vec<FormSet>,
    kept: BTreeMap<EntityId, FormSet>,
}

impl OwnSets {
    /// What the directories have, and what the submissions of a study keep.
    pub fn of(doc: &StudyDoc, book: Vec<FormSet>) -> Self {
        let submissions = doc.of_kind(kind::SUBMISSION);
        let kept = submissions.filter_map(|one| {
            let set = serde_json::from_str(one.text(KEPT)).ok()?;
            Some((one.id.clone(), set))
        });
        Self {
            kept: kept.collect(),
            book,
        }
    }

    /// The set that a submission was begun with.
    pub fn of_submission(&self, submission: &Entity) -> Option<&FormSet> {
        let (key, version) = (submission.text("forms"), submission.text("formsVersion"));
        let fits = |set: &&FormSet| set.key == key && set.version == version;
        let kept = self.kept.get(&submission.id).filter(fits);
        kept.or_else(|| find(&self.book, key, version))
    }

    /// The newest version of a set.
    pub fn newest(&self, key: &str) -> Option<&FormSet> {
        newest(&self.book, key)
    }
}

/// Whether a submission must carry a set along: it does not come with the program.
pub fn is_kept(set: &FormSet) -> bool {
    !shipped().contains(set)
}

/// A version for a set that is saved in a month (`YYYY-MM`), behind all that are there.
pub fn next_version<'a>(known: impl Iterator<Item = &'a str>, month: &str) -> String {
    let known: BTreeSet<&str> = known.collect();
    let mut names = (1..).map(|n: u32| format!("{month}.{n}"));
    let is_behind = |name: &String| {
        known
            .iter()
            .all(|one| in_order(one, name) == Ordering::Less)
    };
    let newest = known.iter().max_by(|a, b| in_order(a, b)).copied();
    match newest {
        // A clock that runs behind, or a version of another kind: one more step of it.
        Some(newest) if in_order(newest, &format!("{month}.{}", u32::MAX)) != Ordering::Less => {
            format!("{newest}.1")
        }
        _ => names.find(is_behind).unwrap_or_default(),
    }
}

/// Whether a version stands behind another.
pub fn is_newer(version: &str, than: &str) -> bool {
    in_order(version, than) == Ordering::Greater
}

/// The order of versions: numbers by their worth, the rest by letters.
pub fn in_order(a: &str, b: &str) -> Ordering {
    pieces(a).cmp(&pieces(b)).then_with(|| a.cmp(b))
}

/// A version as its numbers and what stands between them.
fn pieces(version: &str) -> Vec<(u64, String)> {
    let mut found: Vec<(u64, String)> = Vec::new();
    let mut rest = version;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let words = tail
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (word, next) = tail.split_at(words);
        found.push((number.parse().unwrap_or(u64::MAX), word.to_owned()));
        rest = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use serde_json::json;

    #[test]
    fn versions_stand_in_the_order_of_their_numbers() {
        for (less, more) in [
            ("2026-11.9", "2026-11.10"),
            ("2026-11.1", "2026-12.1"),
            ("2026-11", "2026-11.1"),
            ("1", "2026-11.1"),
        ] {
            assert_eq!(in_order(less, more), Ordering::Less, "{less} {more}");
        }
    }

    #[test]
    fn a_new_version_is_behind_all_that_are_there() {
        for (known, version) in [
            (vec![], "2026-11.1"),
            (vec!["2026-11.1", "2026-11.9"], "2026-11.10"),
            (vec!["2026-10.4"], "2026-11.1"),
            (vec!["2027-01.2"], "2027-01.2.1"),
        ] {
            let next = next_version(known.iter().copied(), "2026-11");
            assert_eq!(next, version);
            let is_behind = |one: &&str| in_order(one, &next) == Ordering::Less;
            assert!(known.iter().all(|one| is_behind(&one)), "{known:?}");
        }
    }

    #[test]
    fn what_a_submission_keeps_goes_before_the_directory() {
        let mut doc = testing::empty();
        let site = testing::add(&mut doc, "site", None, json!({}));
        let mut mine = shipped()[0].clone();
        (mine.key, mine.version) = ("mine".into(), "1".into());
        let mut other = mine.clone();
        other.name.en = "Another under the same version".into();
        let text = serde_json::to_string(&mine).unwrap();
        let said = json!({"forms": "mine", "formsVersion": "1", "formsKept": text});
        let with = testing::add(&mut doc, "submission", Some(&site), said);
        let said = json!({"forms": "mine", "formsVersion": "1"});
        let without = testing::add(&mut doc, "submission", Some(&site), said);
        let own = OwnSets::of(&doc, vec![other.clone()]);
        let set = |id| own.of_submission(doc.entity(id).unwrap());
        assert_eq!(set(&with), Some(&mine));
        assert_eq!(set(&without), Some(&other));
        assert!(is_kept(&mine) && !is_kept(&shipped()[0]));
    }
}
