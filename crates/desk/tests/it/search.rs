//! Search finds everything that a plain scan finds.

use crate::world::{Laptop, doc, fields, new_study, set};
use desk::Desk;
use desk::search::words::{Part, fold, is_cjk, parts};
use model::field::{Input, of_register};
use model::{StudyId, kind};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

type Place = (StudyId, String, String);

/// Every searched text of the studies, folded, with its place.
fn texts(desk: &Desk, studies: &[StudyId]) -> Vec<(Place, String)> {
    let mut found = Vec::new();
    for study in studies {
        for entity in doc(desk, study)
            .entities
            .iter()
            .filter(|entity| entity.is_shown())
        {
            for (register, values) in &entity.fields {
                let is_text = of_register(&entity.kind, register).is_some_and(|field| {
                    matches!(
                        field.input,
                        Input::Line | Input::Text | Input::Rich | Input::List
                    ) && field.name != "key"
                });
                let texts: Vec<String> = values.heads.iter().map(|h| text_of(&h.value)).collect();
                let text = texts.join("\n");
                if is_text && !text.is_empty() {
                    let place = (
                        study.clone(),
                        entity.id.as_str().to_owned(),
                        register.clone(),
                    );
                    found.push((place, fold(&text)));
                }
            }
        }
    }
    found
}

fn text_of(value: &Value) -> String {
    let items = value.get("list").and_then(Value::as_array);
    match items {
        Some(items) => items
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join("\n"),
        None => value.as_str().unwrap_or_default().to_owned(),
    }
}

/// Parts that are looked for: punctuation alone is not.
fn searchable(query: &str) -> Vec<Part> {
    let mut found = parts(&fold(query));
    found.retain(|part| match part {
        Part::Cjk(_) => true,
        Part::Word(word) => word.chars().any(char::is_alphanumeric),
    });
    found
}

/// A Chinese run anywhere; anything else at the beginning of a word.
fn holds(text: &str, part: &Part) -> bool {
    match part {
        Part::Cjk(run) => text.contains(run.as_str()),
        Part::Word(word) => text.match_indices(word.as_str()).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            before.is_none_or(|c| !c.is_alphanumeric() || is_cjk(c))
        }),
    }
}

/// Checks that a query finds every place where a scan finds all of its parts.
fn check(desk: &Desk, texts: &[(Place, String)], query: &str) -> Duration {
    let start = Instant::now();
    let hits = desk.search(query, 100_000).unwrap();
    let took = start.elapsed();
    let found: BTreeSet<Place> = hits
        .iter()
        .map(|hit| {
            (
                hit.study.clone(),
                hit.entity.as_str().to_owned(),
                hit.field.clone(),
            )
        })
        .collect();
    let wanted_parts = searchable(query);
    let wanted: Vec<&Place> = texts
        .iter()
        .filter(|(_, text)| {
            !wanted_parts.is_empty() && wanted_parts.iter().all(|part| holds(text, part))
        })
        .map(|(place, _)| place)
        .collect();
    let missed: Vec<_> = wanted
        .iter()
        .filter(|place| !found.contains(**place))
        .collect();
    assert!(
        missed.is_empty(),
        "{query:?} misses {} of {}: {missed:?}",
        missed.len(),
        wanted.len()
    );
    took
}

/// Recall over all shared records, with Chinese titles given to them.
pub(crate) fn check_recall(desk: &mut Desk, studies: &[StudyId]) {
    let words = [
        "脓毒症",
        "心力衰竭",
        "伦理审批",
        "多中心",
        "随机对照",
        "ＥＣＯＧ评分",
        "SAE报告",
        "随访二十八天",
    ];
    for (n, study) in studies.iter().enumerate() {
        let title = format!(
            "{}与{}的研究（第{}期）",
            words[n % words.len()],
            words[(n / words.len()) % words.len()],
            n % 4 + 1
        );
        set(desk, study, "title.zh", json!(title));
    }
    let texts = texts(desk, studies);
    let mut queries: BTreeSet<String> = [
        "伦理",
        "理审",
        "审批",
        "心",
        "症",
        "随机对照",
        "多中心的",
        "二十八天",
        "SAE报告",
        "报告SAE",
        "ecog",
        "ＥＣＯＧ",
        "ECOG评分",
        "告报",
        "第3期",
        "randomized controlled",
        "placebo-con",
        "Phase 2",
        "COVID-19",
        "β",
        "Crohn's",
        "100 mg",
        "(HER2)",
        "é",
        "-",
        "\"",
        "AND",
        "NOT x",
    ]
    .map(str::to_owned)
    .into();
    // Words of the records themselves, whole and cut short.
    for (_, text) in texts.iter().step_by(401) {
        for word in text
            .split_whitespace()
            .filter(|word| !word.contains('"'))
            .take(3)
        {
            queries.insert(word.to_owned());
            queries.insert(word.chars().take(3).collect());
        }
    }
    let mut times: Vec<Duration> = queries
        .iter()
        .map(|query| check(desk, &texts, query))
        .collect();
    times.sort();
    let p95 = times[times.len() * 95 / 100];
    eprintln!(
        "{} queries over {} texts, all hits: p95 {p95:?}",
        times.len(),
        texts.len()
    );
    let mut short: Vec<Duration> = queries
        .iter()
        .map(|query| {
            let start = Instant::now();
            desk.search(query, 50).unwrap();
            start.elapsed()
        })
        .collect();
    short.sort();
    eprintln!("first 50 hits: p95 {:?}", short[short.len() * 95 / 100]);
}

#[test]
fn chinese_is_found_from_one_character() {
    let mut laptop = Laptop::new(30, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "慢性心衰患者的伦理审批（ＥＣＯＧ评分）");
    let contact = fields(&[
        ("name.zh", json!("王芳")),
        ("note", json!("请联系 SAE报告 组")),
    ]);
    desk.add(&study, kind::CONTACT, None, contact, None)
        .unwrap();
    for (query, n) in [
        ("心", 1),
        ("批", 1),
        ("理审", 1),
        ("伦理审批", 1),
        ("审伦", 0),
        ("ecog", 1),
        ("Ecog评", 1),
        ("sae报告", 1),
        ("告报", 0),
        ("王", 1),
        ("", 0),
        ("，", 0),
    ] {
        assert_eq!(desk.search(query, 10).unwrap().len(), n, "{query}");
    }
    let hit = &desk.search("心衰", 10).unwrap()[0];
    assert_eq!(
        (hit.field.as_str(), hit.excerpt.as_str()),
        ("title.zh", hit.title.as_str())
    );
    assert_eq!(hit.marks, [(2, 4)]);

    // What was replaced is found no more; both values of a conflict are.
    let old_form = crate::world::edit(desk, &study, &study.root(), "title.zh", json!("甲方案"));
    set(desk, &study, "title.zh", json!("乙方案"));
    assert!(desk.search("心衰", 10).unwrap().is_empty());
    desk.set(&study, old_form, None).unwrap();
    assert_eq!(desk.search("甲方", 10).unwrap().len(), 1);
    assert_eq!(desk.search("乙方", 10).unwrap().len(), 1);
    assert_eq!(desk.verify().unwrap().problems, []);
}
