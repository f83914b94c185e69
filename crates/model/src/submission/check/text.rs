//! What the protocol's own sentences say of the number of participants and hospitals.
//!
//! Only a clause that speaks of the study as a whole and names one number is taken: what is said of
//! a group, a site, an event or another study is none of it.

use super::Ctx;
use crate::kind;
use crate::submission::finding::{Finding, at};

/// A clause speaks of the whole study.
const WHOLE: [&str; 20] = [
    "本研究",
    "本试验",
    "共",
    "总计",
    "合计",
    "总样本量",
    "计划入组",
    "拟入组",
    "计划纳入",
    "拟纳入",
    "计划招募",
    "拟招募",
    "this study",
    "this trial",
    "in total",
    "a total of",
    "will be enrolled",
    "will be recruited",
    "will enrol",
    "will recruit",
];
/// A clause speaks of a part, or of something else.
const PART: [&str; 50] = [
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
    "筛选",
    "报道",
    "报告",
    "发生",
    "死亡",
    "收治",
    "screened",
    "reported",
    "published",
    "et al",
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
const PEOPLE: [&str; 18] = [
    "名患者",
    "例患者",
    "名患儿",
    "例患儿",
    "名儿童",
    "例儿童",
    "名受试者",
    "例受试者",
    "名参与者",
    "例参与者",
    "名参加者",
    "名病人",
    "例病人",
    "patients",
    "participants",
    "subjects",
    "children",
    "infants",
];
/// Who is counted, before a number with a bare unit: “受试者 240 例”.
const COUNTED: [&str; 9] = [
    "受试者",
    "研究参与者",
    "参与者",
    "参加者",
    "患者",
    "患儿",
    "儿童",
    "病人",
    "病例",
];
/// What a number with a bare unit follows where it is the total: “共 240 例”, “拟入组 240 例”.
const TOTAL: [&str; 9] = [
    "共",
    "总计",
    "合计",
    "计划入组",
    "拟入组",
    "计划纳入",
    "拟纳入",
    "计划招募",
    "拟招募",
];
/// What may stand between such a word and its number.
const TAKEN: [&str; 5] = ["纳入", "入组", "招募", "募集", "为"];
/// Units of people that say nothing of them.
const UNITS: [char; 3] = ['例', '名', '人'];
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
                let mut said = numbers(held, counted);
                if let Some((clause, has)) = said.find(|(_, n)| *n != wanted) {
                    let finding = Finding::new(code, at(block, field)).with("text", clause.trim());
                    found.push(finding.with("has", has).with("wanted", wanted));
                }
            }
        }
    }
    found
}

/// The clauses of a text that say how many people take part in the whole study.
pub(super) fn people(text: &str) -> impl Iterator<Item = (&str, u64)> {
    numbers(text, &PEOPLE)
}

fn numbers<'a>(text: &'a str, counted: &'a [&str]) -> impl Iterator<Item = (&'a str, u64)> {
    let clauses = text.split(['。', '；', ';', '，', '\n']);
    let clauses = clauses.flat_map(|part| part.split(". "));
    clauses.filter_map(|clause| Some((clause, number(clause, counted)?)))
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
    if speaks(&PART) {
        return None;
    }
    let is_whole = speaks(&WHOLE);
    let of_people = counted == PEOPLE;
    let units = counted.iter().filter(|_| is_whole);
    let numbers =
        units.flat_map(|unit| low.match_indices(unit).map(|(end, _)| before(&low[..end])));
    let bare = bare(&low, is_whole).filter(|_| of_people);
    let mut numbers = numbers.chain(bare).flatten();
    match (numbers.next(), numbers.next()) {
        (Some(only), None) => only,
        _ => None,
    }
}

/// Numbers with a unit that says not of whom, where the words before say it; without a word of the
/// whole study only what says nothing else.
fn bare(low: &str, is_whole: bool) -> impl Iterator<Item = Option<Option<u64>>> {
    let ends = low.char_indices().filter(|(_, ch)| UNITS.contains(ch));
    ends.filter_map(move |(end, unit)| {
        let behind = low[end + unit.len_utf8()..].trim_start().chars().next();
        // “240 例样本” counts something else.
        if behind.is_some_and(char::is_alphanumeric) {
            return None;
        }
        let ahead = low[..end].trim_end();
        let ahead = ahead.trim_end_matches(|ch: char| ch.is_ascii_digit() || ch == ',');
        let ahead = ahead.trim_end_matches([' ', '：', ':']);
        let ends_in = |words: &[&str]| words.iter().find_map(|word| ahead.strip_suffix(word));
        let is_total = is_whole && {
            let rest = ends_in(&TAKEN).unwrap_or(ahead).trim_end();
            let follows = |word: &str| rest.ends_with(word) || ahead.ends_with(word);
            // A case is somebody who takes part, a person may be anybody.
            let mut of_people = COUNTED.iter().chain(&TAKEN);
            TOTAL.iter().any(|word| follows(word))
                && (unit == '例' || of_people.any(|word| low.contains(word)))
        };
        let is_of_people = ends_in(&COUNTED).is_some_and(|rest| is_whole || rest.trim().is_empty());
        (is_total || is_of_people).then(|| before(&low[..end]))
    })
}

/// The number at the end of a text; `Some(None)` for one that is not said plainly (a range, a
/// part of a decimal number), `None` when none stands there.
fn before(text: &str) -> Option<Option<u64>> {
    let text = text.trim_end();
    let digits: String = text
        .chars()
        .rev()
        .take_while(|ch| ch.is_ascii_digit() || *ch == ',')
        .collect();
    if !digits.is_empty() {
        let ahead = text[..text.len() - digits.len()].trim_end();
        // A range, a part of a decimal number or "±" is not one number.
        if ahead.ends_with(|ch: char| "-–~～至到.±≥≤<>约".contains(ch)) {
            return Some(None);
        }
        let plain: String = digits.chars().rev().filter(char::is_ascii_digit).collect();
        return Some(plain.parse().ok());
    }
    let word = text.rsplit(|ch: char| !ch.is_ascii_alphabetic()).next()?;
    if let Some(n) = WORDS.iter().position(|known| *known == word) {
        return Some(Some(n as u64));
    }
    let tail: Vec<char> = text
        .chars()
        .rev()
        .take_while(|ch| DIGITS_ZH.contains(*ch) || *ch == '两')
        .collect();
    match tail.as_slice() {
        ['两'] => Some(Some(2)),
        [one] => {
            let n = DIGITS_ZH.chars().position(|ch| ch == *one);
            Some(n.map(|n| n as u64))
        }
        [] => None,
        _ => Some(None),
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
            ("共纳入 999 名患儿", Some(999)),
            ("计划纳入 999 例患儿", Some(999)),
            ("本研究纳入 999 名儿童", Some(999)),
            ("共 999 例", Some(999)),
            ("共纳入999例。", Some(999)),
            ("拟入组 120 例", Some(120)),
            ("受试者 999 人", Some(999)),
            ("受试者999名", Some(999)),
            ("受试者：999 例", Some(999)),
            ("本研究纳入 6～12 岁患儿 120 例", Some(120)),
            ("计划入组受试者 120 例（含脱落）", None),
            ("拟招募受试者 120 人", Some(120)),
            ("a total of 120 children aged 6 to 12 years", Some(120)),
            ("A total of 120 participants", Some(120)),
            ("120 subjects will be enrolled", Some(120)),
            (
                "In this study of patients 126 patients are randomised",
                Some(126),
            ),
            ("每组 60 例", None),
            ("前 10 例", None),
            ("前 10 例受试者", None),
            ("a previous study of 300 patients in total", None),
            ("共 18 岁以下", None),
            ("共 3 名研究者", None),
            ("研究团队共 3 人", None),
            ("国内报道共 35 例", None),
            ("共 240 例样本", None),
            ("共筛选 400 例", None),
            ("2023 年至 2025 年共 3 年", None),
            ("共约 120 例", None),
            ("共 100 ～ 120 例", None),
            ("筛查合格的受试者 30 人", None),
            ("对照组共 60 例", None),
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
