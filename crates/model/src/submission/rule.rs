//! The rules behind findings, as data (`data/submission-rules.tsv`).

use super::finding::Level;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use ts_rs::TS;

/// What a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SubmissionRule")]
pub struct Rule {
    /// The instrument or practice.
    pub source: String,
    /// The article; empty when it has none.
    pub article: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
}

/// One line of the data.
struct Line {
    code: &'static str,
    level: Level,
    source: &'static str,
    article: &'static str,
    verification: &'static str,
}

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| {
    crate::tsv::rows(include_str!("../../data/submission-rules.tsv"))
        .map(|row| match row.as_slice() {
            [code, level, source, article, verification] => Line {
                code,
                level: match *level {
                    "must" => Level::Must,
                    "should" => Level::Should,
                    "note" => Level::Note,
                    other => panic!("submission-rules.tsv: unknown level {other}"),
                },
                source,
                article: if *article == "-" { "" } else { article },
                verification,
            },
            _ => panic!("submission-rules.tsv: five cells wanted: {row:?}"),
        })
        .collect()
});

/// Every code of a finding.
pub fn codes() -> impl Iterator<Item = &'static str> {
    LINES.iter().map(|line| line.code)
}

/// The level and the rule of a code.
pub(super) fn find(code: &str) -> (Level, Rule) {
    let line = LINES.iter().find(|line| line.code == code);
    let line = line.unwrap_or_else(|| panic!("submission-rules.tsv has no line {code}"));
    let rule = Rule {
        source: line.source.to_owned(),
        article: line.article.to_owned(),
        verification: line.verification.to_owned(),
    };
    (line.level, rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_is_there_once_has_words_and_is_graded() {
        let mut seen = BTreeSet::new();
        for line in LINES.iter() {
            assert!(seen.insert(line.code), "{} twice", line.code);
            let key = format!("submission.finding.{}", line.code);
            assert!(crate::label::get(&key).is_some(), "{key}");
            let grade = crate::code::find("verification", line.verification);
            assert!(grade.is_some() && !line.source.is_empty(), "{}", line.code);
            let level = crate::code::find("findingLevel", line.level.code());
            assert!(level.is_some());
        }
    }
}
