//! What the protocol's own sentences say of the number of participants and hospitals.
//!
//! Only a clause that speaks of the study as a whole and names one number is taken: what is said of
//! a group, a site, an event or another study is none of it.

use super::Ctx;
use crate::kind;
use crate::submission::finding::{Finding, at};

/// A clause speaks of the whole study.
const WHOLE: [&str; 12] = [
    "本研究",
    "本试验",
    "共",
    "总样本量",
    "计划入组",
    "拟入组",
    "计划纳入",
    "拟纳入",
    "this study",
    "this trial",
    "in total",
    "a total of",
];
/// A clause speaks of a part, or of something else.
const PART: [&str; 40] = [
    "每",
    "各组",
    "组各",
    "各中心",
    "各家",
    "本中心",
    "试验组",
    "对照组",
    "干预组",
    "事件",
    "脱落",
    "失访",
    "预试验",
    "期中",
    "前",
    "分析集",
    "至少",
    "既往",
    "首",
    "亚组",
    "次",
    "其他",
    "其余",
    "其中",
    "另",
    "文献",
    "per ",
    "each",
    "arm",
    "group",
    "event",
    "at least",
    "interim",
    "pilot",
    "first",
    "previous",
    "other",
    "subset",
    "of whom",
    "at most",
];
/// What is counted, behind the number.
const PEOPLE: [&str; 10] = [
    "名患者",
    "例患者",
    "名受试者",
    "例受试者",
    "名参与者",
    "例参与者",
    "名参加者",
    "patients",
    "participants",
    "subjects",
];
const SITES: [&str; 8] = [
    "家医院",
    "家中心",
    "家研究中心",
    "个中心",
    "个研究中心",
    "hospitals",
    "centres",
    "centers",
];
const DIGITS_ZH: &str = "零一二三四五六七八九十";
const WORDS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
];

pub(super) fn findings(ctx: &Ctx<'_>) -> Vec<Finding> {
    let case = ctx.case;
    let mut found = Vec::new();
    if !ctx.is(&super::WITH_PROTOCOL) {
        return found;
    }
    let root = case.doc.root();
    let size = root.and_then(|root| root.fields.get("enrollment"));
    // Values in conflict are a finding of their own.
    let size = size.filter(|held| !held.conflict);
    let size = size.and_then(|held| held.value().as_u64());
    let sites = case.doc.of_kind(kind::SITE).count() as u64;
    let sites = Some(sites).filter(|n| *n > 0);
    for block in case.doc.of_kind(kind::BLOCK) {
        for field in ["text.zh", "text.en"] {
            let held = block.text(field);
            for (code, counted, wanted) in [
                ("textSampleSize", &PEOPLE[..], size),
                ("textSites", &SITES[..], sites),
            ] {
                let Some(wanted) = wanted else { continue };
                let said = held.split(['。', '；', ';', '，', '\n']);
                let said = said.flat_map(|part| part.split(". "));
                let numbers = said.filter_map(|clause| Some((clause, number(clause, counted)?)));
                if let Some((clause, has)) = numbers.into_iter().find(|(_, n)| *n != wanted) {
                    let finding = Finding::new(code, at(block, field)).with("text", clause.trim());
                    found.push(finding.with("has", has).with("wanted", wanted));
                }
            }
        }
    }
    found
}

/// The one number of what is counted that a clause says of the whole study.
fn number(clause: &str, counted: &[&str]) -> Option<u64> {
    let low = clause.to_lowercase();
    // An English word begins where a word begins: “radiotherapy” speaks of no other patients.
    let spaced = low.replace(|ch: char| ch.is_ascii_punctuation(), " ");
    let spaced = format!(" {spaced} ");
    let speaks = |words: &[&str]| {
        words.iter().any(|word| match word.is_ascii() {
            true => spaced.contains(&format!(" {word}")),
            false => low.contains(word),
        })
    };
    if !speaks(&WHOLE) || speaks(&PART) {
        return None;
    }
    let mut numbers = counted
        .iter()
        .flat_map(|unit| low.match_indices(unit).map(|(end, _)| before(&low[..end])));
    match (numbers.next(), numbers.next()) {
        (Some(only), None) => only,
        _ => None,
    }
}

/// The number at the end of a text; `None` when none stands there.
fn before(text: &str) -> Option<u64> {
    let text = text.trim_end();
    let digits: String = text
        .chars()
        .rev()
        .take_while(|ch| ch.is_ascii_digit() || *ch == ',')
        .collect();
    if !digits.is_empty() {
        let ahead = text[..text.len() - digits.len()].chars().next_back();
        // A range, a part of a decimal number or "±" is not one number.
        if ahead.is_some_and(|ch| "-–~～至到.±≥≤<>约".contains(ch)) {
            return None;
        }
        let plain: String = digits.chars().rev().filter(char::is_ascii_digit).collect();
        return plain.parse().ok();
    }
    let word = text.rsplit(|ch: char| !ch.is_ascii_alphabetic()).next()?;
    if let Some(n) = WORDS.iter().position(|known| *known == word) {
        return Some(n as u64);
    }
    let tail: Vec<char> = text
        .chars()
        .rev()
        .take_while(|ch| DIGITS_ZH.contains(*ch) || *ch == '两')
        .collect();
    match tail.as_slice() {
        ['两'] => Some(2),
        [one] => DIGITS_ZH
            .chars()
            .position(|ch| ch == *one)
            .map(|n| n as u64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_of_the_whole_study_is_a_number_of_it() {
        for (clause, n) in [
            ("本研究在四家医院随机 126 名患者", Some(126)),
            ("本研究共纳入 1,200 例受试者", Some(1200)),
            (
                "This study randomises 126 patients at four hospitals",
                Some(126),
            ),
            (
                "This trial randomises 126 patients to radiotherapy or pharmacotherapy",
                Some(126),
            ),
            ("本研究每组 63 例受试者", None),
            ("前 20 名患者参加预试验", None),
            ("本研究纳入 100–120 名患者", None),
            ("既往研究共 300 名患者", None),
            ("纳入 40 名患者", None),
            ("本研究 40 名患者和 20 名受试者", None),
            ("each arm of this study has 63 patients", None),
        ] {
            assert_eq!(number(clause, &PEOPLE), n, "{clause}");
        }
        for (clause, n) in [
            ("本研究在四家医院随机 126 名患者", Some(4)),
            ("本研究由 12 个研究中心承担", Some(12)),
            ("本研究在两家医院进行", Some(2)),
            ("This study is done at four hospitals", Some(4)),
            ("本研究在十一家医院进行", None),
        ] {
            assert_eq!(number(clause, &SITES), n, "{clause}");
        }
    }
}
