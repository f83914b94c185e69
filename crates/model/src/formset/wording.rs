//! Several facts in one field, in words: two numbers, two days, two ages.

use crate::label;
use crate::registry::value::Pair;
use crate::{Label, Lang};

/// Units of an age as registries write them. Source: ClinicalTrials.gov data element definitions.
const UNITS: [(&str, &str); 4] = [
    ("Year", "岁"),
    ("Month", "个月"),
    ("Week", "周"),
    ("Day", "天"),
];

/// The facts of a field in one line, in the order of its sources.
pub(super) fn worded(sources: &[String], parts: Vec<Pair>) -> Pair {
    let names: Vec<&str> = sources.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["study/eligibility.healthyVolunteers"] => healthy(parts),
        ["study/eligibility.minimumAge" | "study/eligibility.maximumAge"] => {
            Pair::line(parts.into_iter().map(in_years))
        }
        ["here/plannedEnrollment", "study/enrollment"] => {
            let words = [label!("form.here"), label!("form.total")];
            let parts = parts.into_iter().zip(words);
            Pair::line(parts.map(|(part, label)| put_into(part, label)))
        }
        [one, other] if is_day(one) && is_day(other) => between(parts),
        [
            "study/eligibility.minimumAge",
            "study/eligibility.maximumAge",
        ] => between(parts.into_iter().map(in_years).collect()),
        several if several.len() > 1 && several.iter().all(|one| is_design(one)) => {
            let named = parts.into_iter().zip(several);
            Pair::clauses(named.map(|(part, source)| by_name(part, source)))
        }
        _ => Pair::line(parts),
    }
}

fn is_design(source: &str) -> bool {
    source.starts_with("study/design.")
}

/// A fact behind its field's name: “single” alone says nothing of blinding.
fn by_name(part: Pair, source: &str) -> Pair {
    let name = source.split_once('/').map_or("", |(_, name)| name);
    match crate::fact::field_named(crate::kind::STUDY, name) {
        Some(field) => part.named(field.zh, field.en),
        None => part,
    }
}

fn is_day(source: &str) -> bool {
    source.starts_with("milestone[")
}

/// Whom a study asks, from whether it takes healthy people.
fn healthy(parts: Vec<Pair>) -> Pair {
    let mut pair = Pair::line(parts);
    let label = match pair.en.as_str() {
        "Yes" => label!("form.healthy"),
        "No" => label!("form.patients"),
        _ => return pair,
    };
    pair.zh = label.zh.to_owned();
    pair.en = label.en.to_owned();
    pair
}

/// A value within a sentence; nothing where it is missing.
fn put_into(mut part: Pair, label: &Label) -> Pair {
    let put = |text: &str, lang| match text {
        "" => String::new(),
        text => label.fill(lang, &[("n", text)]),
    };
    part.zh = put(&part.zh, Lang::Zh);
    part.en = put(&part.en, Lang::En);
    part
}

/// From one value to the other.
fn between(parts: Vec<Pair>) -> Pair {
    let label = label!("form.to");
    let mut parts = parts.into_iter();
    let mut out = parts.next().unwrap_or_default();
    for part in parts {
        out.push(part, &format!(" {} ", label.zh), &format!(" {} ", label.en));
    }
    out
}

/// An age in Chinese as well.
fn in_years(mut part: Pair) -> Pair {
    if let Some((number, unit)) = part.zh.split_once(' ')
        && let Some((_, zh)) = UNITS
            .iter()
            .find(|(en, _)| unit.trim_end_matches('s') == *en)
    {
        part.zh = format!("{number} {zh}");
        part.en = part.en.to_lowercase();
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(sources: &[&str], values: &[&str]) -> (String, String) {
        let sources: Vec<String> = sources.iter().map(|one| (*one).to_owned()).collect();
        let parts = values.iter().map(|one| Pair::words(one, one)).collect();
        let pair = worded(&sources, parts);
        (pair.zh, pair.en)
    }

    #[test]
    fn two_facts_of_one_field_are_told_apart() {
        let numbers = ["here/plannedEnrollment", "study/enrollment"];
        assert_eq!(
            words(&numbers, &["20", "240"]),
            (
                "本中心 20 例，总计 240 例".into(),
                "20 at this site, 240 in all".into()
            )
        );
        assert_eq!(words(&numbers, &["", "240"]).0, "总计 240 例");
        let ages = [
            "study/eligibility.minimumAge",
            "study/eligibility.maximumAge",
        ];
        assert_eq!(
            words(&ages, &["18 Years", "80 Years"]),
            ("18 岁 至 80 岁".into(), "18 years to 80 years".into())
        );
        let days = [
            "milestone[key=a]/actual|planned",
            "milestone[key=b]/actual|planned",
        ];
        assert_eq!(
            words(&days, &["2026-05-19", "2030-12"]).0,
            "2026-05-19 至 2030-12"
        );
        let design = ["study/design.allocation", "study/design.masking"];
        assert_eq!(
            words(&design, &["A", "B"]),
            (
                "分配方式：A；盲法：B".into(),
                "Allocation: A; Masking: B".into()
            )
        );
        let healthy = ["study/eligibility.healthyVolunteers"];
        assert_eq!(words(&healthy, &["No"]), ("患者".into(), "Patients".into()));
        assert_eq!(words(&["pi/name", "pi/title"], &["甲", "乙"]).0, "甲，乙");
    }
}
