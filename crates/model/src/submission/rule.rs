//! The rules behind findings, as data (`data/submission-rules.tsv`, in English `data/rule-words.tsv`).

use super::finding::Level;
use crate::Lang;
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
    /// The instrument in English, with its own name beside it; as it is named where a set of one's
    /// own names it.
    pub source_en: String,
    /// The article in English.
    pub article_en: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
}

impl Rule {
    /// A rule as it is named in Chinese; what has no line in the data is called the same in English.
    pub(super) fn named(source: &str, article: &str, verification: &str) -> Self {
        Self {
            source: source.to_owned(),
            article: article.to_owned(),
            source_en: in_english(source),
            article_en: in_english(article),
            verification: verification.to_owned(),
        }
    }

    /// Instrument and article, as a reader of a language reads them.
    pub fn text(&self, lang: Lang) -> String {
        let [source, article] = match lang {
            Lang::Zh => [&self.source, &self.article],
            Lang::En => [&self.source_en, &self.article_en],
        };
        let apart = if lang == Lang::En && !article.is_empty() {
            ", "
        } else {
            " "
        };
        format!("{source}{apart}{article}").trim_end().to_owned()
    }
}

/// Words of `data/rule-words.tsv`: whether they are somebody else's, Chinese, English.
static WORDS: LazyLock<Vec<[&str; 3]>> = LazyLock::new(|| {
    let rows = crate::tsv::rows(include_str!("../../data/rule-words.tsv"));
    let rows = rows.map(|row| row.try_into());
    rows.map(|row| row.unwrap_or_else(|row| panic!("rule-words.tsv: three cells wanted: {row:?}")))
        .collect()
});

/// Words in English; of what others wrote, its own name stays beside them.
fn in_english(zh: &str) -> String {
    match WORDS.iter().find(|[_, known, _]| *known == zh) {
        Some(["of", zh, en]) => format!("{en} ({zh})"),
        Some([_, _, en]) => (*en).to_owned(),
        None => zh.to_owned(),
    }
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
    let rule = Rule::named(line.source, line.article, line.verification);
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

    #[test]
    fn every_rule_is_named_in_english_and_a_law_keeps_its_own_name_beside_it() {
        let shipped = crate::formset::shipped().iter().flat_map(|set| &set.lists);
        let of_lists = shipped.map(|list| Rule::named(&list.source, &list.article, ""));
        let all = codes().map(|code| find(code).1).chain(of_lists);
        for rule in all {
            for (zh, en) in [
                (&rule.source, &rule.source_en),
                (&rule.article, &rule.article_en),
            ] {
                assert!(zh.is_empty() || zh != en, "{zh} has no English");
            }
        }
        let (_, rule) = find("fileMarks");
        let said = rule.text(Lang::En);
        assert_eq!(
            said,
            "Personal Information Protection Law (个人信息保护法), Article 28"
        );
        assert_eq!(rule.text(Lang::Zh), "个人信息保护法 第二十八条");
        // A set of one's own names what it rests on in its own words.
        assert_eq!(Rule::named("本院规定", "", "").text(Lang::En), "本院规定");
    }
}
