//! Which field of a form may belong to which place of a blank, and what goes into each.
//!
//! A proposal is nothing but a likeness of words; it counts once a person agrees.

use super::blank::{BlankPlace, BlankProposal, CellHow, CellValue};
use super::fill::fact;
use super::{FieldKind, Filled, SetForm, fill};
use crate::Lang;
use crate::submission::Case;
use chrono::Datelike;
use std::collections::{BTreeMap, BTreeSet};

/// Least likeness that is proposed. Units: percent.
const LIKENESS_MIN: u8 = 50;
/// Words that say no. A tick without a word of its own is not set by them.
const NO: [&str; 6] = ["否", "无", "不适用", "no", "none", "not applicable"];

/// Holds the words beside places against the labels of a form: a field goes to the place that is
/// most like it; boxes beside one label share its field.
pub fn propose(form: &SetForm, places: Vec<BlankPlace>) -> Vec<BlankProposal> {
    let fields: Vec<_> = form
        .fields()
        .filter(|(_, field)| matches!(field.kind, FieldKind::Text | FieldKind::Table))
        .flat_map(|(part, field)| {
            let name = format!("{}.{}", part.key, field.key);
            let facts = super::pieces(field).into_iter().zip(1..);
            let facts: Vec<_> = facts
                .map(|(label, n)| (format!("{name}#{n}"), label))
                .collect();
            [(name, field.label.clone())].into_iter().chain(facts)
        })
        .collect();
    let mut likes = Vec::new();
    for (at, place) in places.iter().enumerate() {
        for (n, (_, label)) in fields.iter().enumerate() {
            let like = likeness(&place.label, &label.zh).max(likeness(&place.label, &label.en));
            if like >= LIKENESS_MIN {
                likes.push((like, at, n));
            }
        }
    }
    // The most alike first; of equal ones the earlier place and field.
    likes.sort_by_key(|(like, at, n)| (std::cmp::Reverse(*like), *at, *n));
    let mut found: BTreeMap<usize, (u8, usize)> = BTreeMap::new();
    let mut taken: BTreeMap<usize, &str> = BTreeMap::new();
    for (like, at, n) in likes {
        let Some(place) = places.get(at) else {
            continue;
        };
        let is_tick = place.how == CellHow::Tick;
        let is_free = match taken.get(&n) {
            None => true,
            Some(label) => is_tick && *label == place.label,
        };
        if is_free && !found.contains_key(&at) {
            found.insert(at, (like, n));
            taken.insert(n, if is_tick { &place.label } else { "" });
        }
    }
    let found: BTreeMap<usize, (u8, String, _)> = found
        .into_iter()
        .filter_map(|(at, (like, n))| {
            let (name, label) = fields.get(n)?;
            Some((at, (like, name.clone(), label.clone())))
        })
        .collect();
    let proposal = |(at, place)| match found.get(&at) {
        Some((likeness, field, label)) => BlankProposal {
            place,
            field: field.clone(),
            label: Some(label.clone()),
            likeness: *likeness,
        },
        None => BlankProposal {
            place,
            field: String::new(),
            label: None,
            likeness: 0,
        },
    };
    places.into_iter().enumerate().map(proposal).collect()
}

/// How alike two labels are, without brackets, signs and capitals. Units: percent.
fn likeness(one: &str, other: &str) -> u8 {
    let (one, other) = (bare(one), bare(other));
    if one.is_empty() || other.is_empty() {
        return 0;
    }
    if one == other {
        return 100;
    }
    let (short, long) = if one.len() < other.len() {
        (&one, &other)
    } else {
        (&other, &one)
    };
    let count = |text: &str| text.chars().count();
    let percent = |part: usize, whole: usize| u8::try_from(part * 100 / whole.max(1)).unwrap_or(99);
    if count(short) >= 2 && long.contains(short.as_str()) {
        // Part of the other: the more of it the better, and never as good as the same.
        return (50 + percent(count(short), count(long)) / 2).min(99);
    }
    let pairs =
        |text: &str| -> BTreeSet<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (a, b) = (pairs(&one), pairs(&other));
    percent(2 * a.intersection(&b).count(), a.len() + b.len()).min(99)
}

/// A label without what is in brackets, spaces, signs and capitals.
fn bare(label: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for ch in label.chars() {
        match ch {
            '（' | '(' | '【' | '[' => depth += 1,
            '）' | ')' | '】' | ']' => depth = depth.saturating_sub(1),
            // “Name and title” is “name, title”.
            '与' | '和' => {}
            _ if depth == 0 && ch.is_alphanumeric() => out.extend(ch.to_lowercase()),
            _ => {}
        }
    }
    out
}

/// What goes into the places of a form's blank.
pub fn values(case: &Case<'_>, form: &SetForm, lang: Lang) -> Vec<CellValue> {
    let Some(blank) = &form.blank else {
        return Vec::new();
    };
    let filled = fill(case, form);
    let value = |cell: &super::BlankCell| {
        let is_named = |one: &&Filled<'_>| {
            super::whole(&cell.field) == format!("{}.{}", one.part, one.field.key)
        };
        let alone = match super::named(form, &cell.field) {
            Some((_, field, Some(n))) => Some(fact(case, field, n)),
            _ => None,
        };
        let (zh, en) = match &alone {
            Some(pair) => (pair.zh.trim(), pair.en.trim()),
            None => filled
                .iter()
                .find(is_named)
                .map_or(("", ""), |one| (one.zh.trim(), one.en.trim())),
        };
        let (first, second) = match lang {
            Lang::Zh => (zh, en),
            Lang::En => (en, zh),
        };
        let text = if first.is_empty() { second } else { first };
        // The words of a box are the office's, whatever language is printed.
        let is_said = || is_ticked(zh, &cell.says) || is_ticked(en, &cell.says);
        CellValue {
            at: cell.at.clone(),
            how: cell.how,
            text: written(text, cell.how, lang),
            ticked: cell.how == CellHow::Tick && is_said(),
        }
    };
    blank.cells.iter().map(value).collect()
}

fn written(text: &str, how: CellHow, lang: Lang) -> String {
    match how {
        CellHow::Lines => text.to_owned(),
        CellHow::Tick => String::new(),
        CellHow::Date => day(text, lang),
        CellHow::Text => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let between = if lang == Lang::Zh { "；" } else { "; " };
            lines.collect::<Vec<_>>().join(between)
        }
    }
}

/// A day as the language writes it; what is none stays as it is.
fn day(text: &str, lang: Lang) -> String {
    match (text.parse::<chrono::NaiveDate>(), lang) {
        (Ok(day), Lang::Zh) => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        _ => text.to_owned(),
    }
}

/// Whether a value sets a tick: it says the box's word as a whole, or, without one, anything but no.
fn is_ticked(text: &str, says: &str) -> bool {
    let text = text.trim().to_lowercase();
    let says = says.trim().to_lowercase();
    if says.is_empty() {
        return !text.is_empty() && !NO.contains(&text.as_str());
    }
    let is_end = |ch: char| !ch.is_alphanumeric();
    let is_han = |ch: char| ('\u{4e00}'..='\u{9fff}').contains(&ch);
    text.match_indices(&says).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text
            .get(at + says.len()..)
            .and_then(|text| text.chars().next());
        // Chinese has no spaces between words, but "不是" is not "是", nor "非药物" "药物".
        let is_denied = before.is_some_and(|ch| matches!(ch, '不' | '非' | '无' | '未'));
        let cuts = |ch: Option<char>| ch.is_some_and(|ch| !is_end(ch) && !is_han(ch));
        !is_denied && !cuts(before) && !cuts(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(at: &str, how: CellHow, label: &str, says: &str) -> BlankPlace {
        BlankPlace {
            at: at.into(),
            how,
            label: label.into(),
            holds: String::new(),
            says: says.into(),
        }
    }

    #[test]
    fn labels_of_a_blank_find_their_fields_and_strangers_find_none() {
        let set = super::super::newest(&[], super::super::GENERIC).unwrap();
        let form = set.form("application").unwrap();
        let places = vec![
            place("a", CellHow::Text, "研究项目名称", ""),
            place("b", CellHow::Text, "主要研究者 姓名、职称", ""),
            place("c", CellHow::Tick, "研究类型（勾选）", "药物临床试验"),
            place("d", CellHow::Tick, "研究类型（勾选）", "医疗器械"),
            place("e", CellHow::Text, "Ages:", ""),
            place("f", CellHow::Text, "食堂意见", ""),
            place("g", CellHow::Text, "", ""),
        ];
        let found = propose(form, places);
        let fields: Vec<&str> = found.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields[0], "basic.title");
        assert_eq!(found[0].likeness, 100);
        assert_eq!(fields[1], "investigators.pi");
        assert_eq!((fields[2], fields[3]), ("basic.type", "basic.type"));
        assert_eq!(fields[4], "participants.ages");
        assert_eq!((fields[5], fields[6]), ("", ""));
    }

    #[test]
    fn cells_of_their_own_get_facts_of_their_own() {
        let set = super::super::newest(&[], super::super::GENERIC).unwrap();
        let mut form = set.form("application").unwrap().clone();
        let labels = [
            "本中心例数",
            "总例数",
            "主要研究者姓名",
            "职称",
            "主要研究者姓名与职称",
        ];
        let places = labels.map(|label| place(label, CellHow::Text, label, ""));
        let found = propose(&form, places.to_vec());
        let fields: Vec<&str> = found.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "participants.numbers#1",
                "participants.numbers#2",
                "investigators.pi#1",
                "investigators.pi#2",
                "investigators.pi"
            ]
        );
        assert_eq!(found[1].label.as_ref().unwrap().zh, "总例数");
        let cells = found.iter().map(|one| super::super::BlankCell {
            field: one.field.clone(),
            at: one.place.at.clone(),
            how: CellHow::Text,
            says: String::new(),
        });
        form.blank = Some(super::super::Blank {
            sha256: format!("sha256:{}", "a".repeat(64)),
            name: "申请表.docx".into(),
            kind: super::super::BlankKind::Docx,
            cells: cells.collect(),
        });
        let mut doc = crate::testing::empty();
        crate::testing::set(&mut doc, "enrollment", 240);
        let fields = serde_json::json!({"plannedEnrollment": 20});
        let site = crate::testing::add(&mut doc, "site", None, fields);
        let fields =
            serde_json::json!({"role": "SITE_PI", "name.zh": "李示例", "title.zh": "主任医师"});
        crate::testing::add(&mut doc, "contact", Some(&site), fields);
        let submission =
            crate::submission::case::imagined(doc.entity(&site).unwrap(), "initial", None);
        let standing = crate::version::Standing::default();
        let case = Case {
            doc: &doc,
            submission: &submission,
            site: doc.entity(&site).unwrap(),
            standing: &standing,
            set: Some(set),
        };
        let put: Vec<String> = (values(&case, &form, Lang::Zh).into_iter())
            .map(|one| one.text)
            .collect();
        assert_eq!(put, ["20", "240", "李示例", "主任医师", "李示例，主任医师"]);
    }

    #[test]
    fn a_box_is_ticked_by_its_own_word() {
        for (text, says, ticked) in [
            ("药物临床试验", "药物临床试验", true),
            ("药物临床试验；观察", "观察", true),
            ("非药物", "药物", false),
            ("不是", "是", false),
            ("是", "是", true),
            ("", "是", false),
            ("interventional", "intervention", false),
            ("Drug trial", "drug", true),
            ("有", "", true),
            ("否", "", false),
            ("", "", false),
        ] {
            assert_eq!(is_ticked(text, says), ticked, "{text} {says}");
        }
    }

    #[test]
    fn values_follow_the_way_of_their_place() {
        assert_eq!(written("甲\n 乙 ", CellHow::Text, Lang::Zh), "甲；乙");
        assert_eq!(written("a\nb", CellHow::Lines, Lang::En), "a\nb");
        assert_eq!(
            written("2026-03-05", CellHow::Date, Lang::Zh),
            "2026年3月5日"
        );
        assert_eq!(written("是", CellHow::Tick, Lang::Zh), "");
    }
}
