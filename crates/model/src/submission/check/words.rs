//! What the words of a document's own file surely say, against the study: its title, the protocol
//! version that it names, how many take part. What could not be read is said, and is no fault.

use super::{Ctx, Looked, folded, text};
use crate::submission::finding::{Finding, Level, at};
use crate::submission::list::Enclosed;
use crate::version::{bare_number, said_number};
use crate::{Entity, tsv};
use std::sync::LazyLock;

/// What was read in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Its words, page after page; cut where they would be too long to keep.
    pub text: String,
    /// Pages whose words seem to hold what identifies a patient, from 1, of a workbook its sheets.
    pub marks: Vec<usize>,
    /// Pages with words that could not be read, from 1; empty in a file of which nothing was read.
    pub unread: Vec<usize>,
    /// Whether any of it was read.
    pub is_read: bool,
}

/// A line of the data.
struct Line {
    kind: &'static str,
    what: &'static str,
    level: Level,
    source: &'static str,
    verification: &'static str,
}

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let rows = tsv::rows(include_str!("../../../data/document-words.tsv"));
    rows.map(|row| match row.as_slice() {
        [kind, what, level, source, verification] => Line {
            kind,
            what,
            level: match *level {
                "should" => Level::Should,
                "note" => Level::Note,
                other => panic!("document-words.tsv: unknown level {other}"),
            },
            source,
            verification,
        },
        _ => panic!("document-words.tsv: five cells wanted: {row:?}"),
    })
    .collect()
});

/// What stands in front of the version of the protocol.
const VERSION: [&str; 3] = ["方案版本号", "方案版本", "protocol version"];
/// What may stand between such a word and the version, or between the version and its date.
const BETWEEN: [&str; 12] = [
    "版本日期",
    "日期",
    "number",
    "no.",
    "dated",
    "date",
    "号",
    "为",
    "v",
    "版",
    "第",
    "of",
];
/// How many letters of a writing a text must have to be written in it.
const WRITTEN: usize = 40;

pub(super) fn findings(ctx: &Ctx<'_>, one: &Enclosed<'_>) -> Vec<Finding> {
    let looked = one
        .file
        .as_ref()
        .and_then(|file| ctx.check.looked.get(&file.hash));
    let Some(read) = looked.and_then(|looked| looked.read.as_ref()) else {
        return Vec::new();
    };
    let document = one.document;
    let mut found: Vec<Finding> = unread(document, looked, read).into_iter().collect();
    let lines = LINES
        .iter()
        .filter(|line| line.kind == document.text("kind"));
    for line in lines {
        let finding = match line.what {
            "title" => title(ctx, document, read),
            "protocol" => protocol(ctx, document, read),
            "participants" => participants(ctx, document, read),
            other => panic!("document-words.tsv: unknown {other}"),
        };
        found.extend(finding.map(|one| one.at(line.level).by(line.source, "", line.verification)));
    }
    found
}

/// What nobody could compare, because its words are a picture or its fonts do not tell them.
fn unread(document: &Entity, looked: Option<&Looked>, read: &Read) -> Option<Finding> {
    let place = at(document, "file");
    if !read.is_read {
        let is_refused = looked.is_some_and(|looked| !looked.refused.is_empty());
        let is_said = is_refused && !looked.is_some_and(Looked::is_other_kind);
        return (!is_said).then(|| Finding::new("fileUnread", place));
    }
    let pages: Vec<String> = read.unread.iter().map(ToString::to_string).collect();
    let finding = || Finding::new("filePagesUnread", place).with("pages", pages.join(", "));
    (!pages.is_empty()).then(finding)
}

/// A document that bears none of the study's titles.
fn title(ctx: &Ctx<'_>, document: &Entity, read: &Read) -> Option<Finding> {
    // The title may stand on a page that was not read.
    if !read.is_read || !read.unread.is_empty() {
        return None;
    }
    let root = ctx.case.doc.root()?;
    let is_wide = |ch: &char| *ch >= '\u{4e00}' && ch.is_alphabetic();
    let n_wide = read.text.chars().filter(is_wide).count();
    let n_latin = read.text.chars().filter(char::is_ascii_alphabetic).count();
    let titles = |lang: &str| {
        let all = ["officialTitle", "title"].map(|field| root.text(&format!("{field}.{lang}")));
        all.map(folded)
            .into_iter()
            .filter(|title| title.chars().count() >= 4)
    };
    let words = folded(&read.text);
    let (zh, en): (Vec<String>, Vec<String>) = (titles("zh").collect(), titles("en").collect());
    // What is written in a language in which the study has no title is held against none.
    let is_comparable = (n_wide >= WRITTEN && !zh.is_empty())
        || (n_wide < WRITTEN && n_latin >= WRITTEN && !en.is_empty());
    let bears = zh
        .iter()
        .chain(&en)
        .any(|title| words.contains(title.as_str()));
    let finding = || {
        let wanted = root.text_in("officialTitle", crate::Lang::Zh);
        Finding::new("titleNotInDocument", at(document, "file")).with("wanted", wanted)
    };
    (is_comparable && !bears).then(finding)
}

/// The version of the protocol that a document names, where it names no other one as well.
fn protocol(ctx: &Ctx<'_>, document: &Entity, read: &Read) -> Option<Finding> {
    let (number, date) = ctx.case.named_version()?;
    let named = named(&read.text);
    let is_wanted = |one: &&(String, String)| bare_number(&one.0) == bare_number(number);
    let first = named.first()?;
    let Some(same) = named.iter().find(is_wanted) else {
        let finding = Finding::new("namedVersionInFile", at(document, "file"));
        return Some(
            finding
                .with("has", said_number(&first.0))
                .with("wanted", said_number(number)),
        );
    };
    let is_day = |text: &str| text.len() == "2026-03-05".len();
    let differs = is_day(&same.1) && is_day(date) && same.1 != date;
    differs.then(|| {
        let finding = Finding::new("namedDateInFile", at(document, "file"));
        finding.with("has", &same.1).with("wanted", date)
    })
}

/// Versions of a protocol that a text names, each with the day behind it; an empty day where none
/// is there.
fn named(text: &str) -> Vec<(String, String)> {
    let low = text.to_lowercase();
    let mut found = Vec::new();
    for word in VERSION {
        for (at, _) in low.match_indices(word) {
            let rest = past(&low[at + word.len()..]);
            let version: String = rest
                .chars()
                .take_while(|ch| ch.is_ascii_digit() || *ch == '.')
                .collect();
            let rest = past(&rest[version.len()..]);
            let version = version.trim_end_matches('.');
            // A year is a day, and no version.
            if !version.is_empty() && version.split('.').all(|part| (1..=2).contains(&part.len())) {
                found.push((version.to_owned(), day(rest)));
            }
        }
    }
    found
}

/// A text behind separators and the words that stand between.
fn past(text: &str) -> &str {
    let mut rest = text;
    loop {
        let next = rest
            .trim_start_matches(|ch: char| ch.is_whitespace() || "：:，,、；;（(/_-".contains(ch));
        let next = BETWEEN
            .iter()
            .find_map(|word| next.strip_prefix(word))
            .unwrap_or(next);
        if next.len() == rest.len() {
            return rest;
        }
        rest = next;
    }
}

/// The day at the beginning of a text; empty where there is none.
fn day(text: &str) -> String {
    let mut parts = text.split(|ch: char| !ch.is_ascii_digit());
    let [year, month, day] = [(); 3].map(|()| parts.next().unwrap_or_default());
    let fits = |part: &str| (1..=2).contains(&part.len());
    let is_day = year.len() == 4 && year.starts_with("20") && fits(month) && fits(day);
    match is_day {
        true => format!("{year}-{month:0>2}-{day:0>2}"),
        false => String::new(),
    }
}

/// How many take part in the study as a whole.
fn participants(ctx: &Ctx<'_>, document: &Entity, read: &Read) -> Option<Finding> {
    let wanted = ctx.case.doc.root()?.value("enrollment").as_u64()?;
    let said: Vec<(&str, u64)> = text::people(&read.text).collect();
    let is_there = said.iter().any(|(_, n)| *n == wanted);
    let (clause, has) = said.first().filter(|_| !is_there)?;
    let finding = Finding::new("sampleSizeInFile", at(document, "file"));
    let clause: String = clause.trim().chars().take(80).collect();
    Some(
        finding
            .with("text", clause)
            .with("has", has)
            .with("wanted", wanted),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_behind_the_word_for_it() {
        for (text, version, day) in [
            ("方案版本号：V9.5，2026-03-05", "9.5", "2026-03-05"),
            ("方案版本 2.0 版（日期：2026年3月5日）", "2.0", "2026-03-05"),
            (
                "Protocol Version No. 1.1 dated 2026/11/02",
                "1.1",
                "2026-11-02",
            ),
            ("方案版本号:v1", "1", ""),
        ] {
            let read = named(text);
            assert_eq!(
                read.first(),
                Some(&(version.to_owned(), day.to_owned())),
                "{text}"
            );
        }
        for text in [
            "版本号：V2.0",
            "方案版本日期：2026-03-05",
            "方案版本见附件",
            "方案版本号：____",
        ] {
            assert_eq!(named(text), [], "{text}");
        }
    }
}
