//! What a check says of protocols that are empty, half written, wrongly ordered, or the sample.

use super::*;
use crate::fact::FactPath;
use crate::kind;
use crate::testing;
use serde_json::json;
use std::collections::BTreeSet;

fn row<'a>(sheet: &'a CheckSheet, key: &str) -> &'a CheckRow {
    sheet
        .rows
        .iter()
        .find(|row| row.key == key)
        .expect("the row")
}

fn m11() -> crate::StudyDoc {
    let mut doc = testing::empty();
    testing::add_sections(&mut doc, "m11-2025");
    doc
}

fn figures(counts: CheckCounts) -> [u32; 4] {
    [
        counts.met,
        counts.partly,
        counts.empty,
        counts.not_applicable,
    ]
}

#[test]
fn spirit_has_34_items_in_53_rows() {
    // Source: SPIRIT 2025 statement, checklist.
    let rows = &standard::spirit().rows;
    assert_eq!(rows.len(), 53);
    let keys: BTreeSet<&str> = rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(keys.len(), 53);
    let item = |key: &str| {
        key.trim_end_matches(|c: char| c.is_ascii_lowercase())
            .parse::<u32>()
    };
    let items: Vec<u32> = rows
        .iter()
        .map(|row| item(&row.key).expect("a number"))
        .collect();
    assert!(items.is_sorted());
    assert_eq!(items.iter().collect::<BTreeSet<_>>().len(), 34);
    let letters = [
        "1ab", "3abcd", "7ab", "9ab", "14ab", "15abcd", "21ab", "24abc", "25ab", "27abcd", "28ab",
        "32ab",
    ];
    for group in letters {
        let number = group.trim_end_matches(|c: char| c.is_ascii_lowercase());
        for letter in group.trim_start_matches(number).chars() {
            assert!(
                keys.contains(format!("{number}{letter}").as_str()),
                "{number}{letter}"
            );
        }
    }
}

#[test]
fn every_path_names_a_field_and_every_key_a_section() {
    let key_is_known = |family: &str, key: &String| {
        let key = key.trim_start_matches('~');
        let (_, template) = standard::FAMILIES
            .iter()
            .find(|(name, _)| *name == family)
            .expect("a family");
        match reference::template(template) {
            Some(template) => template.sections.iter().any(|section| section.key == key),
            None => standard::REGISTRY_SECTIONS.contains(&key),
        }
    };
    for standard in standards() {
        assert_eq!(standard.verification, "unverified", "the mapping is ours");
        for row in &standard.rows {
            for path in row.facts.iter().flatten().chain(&row.unless) {
                let read = FactPath::parse(path);
                assert!(
                    read.is_some_and(|path| path.is_known()),
                    "{}: {path}",
                    row.key
                );
            }
            for (family, keys) in &row.sections {
                for key in keys {
                    assert!(key_is_known(family, key), "{}: {family} {key}", row.key);
                }
            }
            let is_met_by_something = !row.facts.is_empty() || !row.sections.is_empty();
            assert!(is_met_by_something, "{}", row.key);
        }
    }
    let facts = headings::facts();
    assert_eq!(facts.verification, "unverified");
    assert!(!facts.source.is_empty());
    for row in &facts.rows {
        let mut sections = reference::TEMPLATES.iter().flat_map(|t| &t.sections);
        assert!(
            sections.any(|section| section.key == row.key),
            "{}",
            row.key
        );
        for path in &row.facts {
            assert!(
                FactPath::parse(path).is_some_and(|path| path.is_known()),
                "{path}"
            );
        }
    }
}

#[test]
fn every_state_remark_and_part_has_its_words() {
    let remarks = [
        CheckRemark::Missing,
        CheckRemark::LeftOut,
        CheckRemark::Twice,
        CheckRemark::Renamed,
        CheckRemark::OutOfOrder,
        CheckRemark::NotAtTheEnd,
        CheckRemark::Below,
        CheckRemark::FieldsOnly,
        CheckRemark::TextOnly,
        CheckRemark::Broad,
        CheckRemark::ByDesign,
        CheckRemark::NotSplit,
        CheckRemark::Outdated,
        CheckRemark::Unresolved,
        CheckRemark::Pending,
    ];
    for remark in remarks {
        assert_eq!(serde_json::to_value(remark).expect("text"), remark.code());
        assert!(crate::label::get(&format!("check.remark.{}", remark.code())).is_some());
    }
    for status in [
        CheckStatus::Met,
        CheckStatus::Partly,
        CheckStatus::Empty,
        CheckStatus::NotApplicable,
    ] {
        assert_eq!(serde_json::to_value(status).expect("text"), status.code());
        assert!(crate::label::get(&format!("check.status.{}", status.code())).is_some());
    }
    let groups = standards()
        .iter()
        .flat_map(|s| &s.rows)
        .map(|row| row.group.as_str());
    for group in groups.chain(["headings", "ownHeadings"]) {
        assert!(
            crate::label::get(&format!("check.group.{group}")).is_some(),
            "{group}"
        );
    }
}

#[test]
fn an_unknown_template_has_no_sheet() {
    assert_eq!(check(&testing::empty(), "m12"), None);
    assert_eq!(
        check(&testing::empty(), "m11")
            .map(|sheet| sheet.template)
            .as_deref(),
        Some("m11-2025")
    );
    for key in keys() {
        assert!(check(&testing::empty(), key).is_some(), "{key}");
    }
}

#[test]
fn the_template_is_told_from_the_sections() {
    assert_eq!(template_of(&m11()), "m11-2025");
    let of = |n: usize| testing::sample(&crate::sample::studies()[n]);
    assert_eq!(template_of(&of(0)), "cn-iit-interventional");
    assert_eq!(template_of(&of(1)), "cn-iit-observational");
    let mut imported = testing::empty();
    for key in ["summary", "description", "eligibility"] {
        testing::add(&mut imported, kind::SECTION, None, json!({"key": key}));
    }
    assert_eq!(template_of(&imported), "spirit-2025");
}

#[test]
fn an_empty_protocol_of_m11_has_every_heading_and_nothing_else() {
    let sheet = check(&m11(), "m11-2025").expect("a sheet");
    let headings = || sheet.rows.iter().filter(|row| row.group == "headings");
    assert_eq!(headings().count(), 158);
    assert!(headings().all(|row| row.status == CheckStatus::Empty && row.remarks.is_empty()));
    assert_eq!(sheet.rows.len(), 158 + standard::m11_elements().rows.len());
    let required = sheet
        .rows
        .iter()
        .filter(|row| row.required && row.group == "titlePage");
    assert_eq!(required.count(), 7);
    assert_eq!(sheet.counts.remarked, 0);
}

#[test]
fn text_below_lifts_the_headings_above() {
    let mut doc = m11();
    testing::write(&mut doc, "m11.1.1.1", "目的");
    testing::write(&mut doc, "m11.1.1.2", "设计");
    let sheet = check(&doc, "m11").expect("a sheet");
    let above = row(&sheet, "m11.1.1");
    assert_eq!(
        (above.status, above.remarks.as_slice()),
        (CheckStatus::Met, &[CheckRemark::Below][..])
    );
    assert_eq!(row(&sheet, "m11.1").status, CheckStatus::Partly);
    assert_eq!(row(&sheet, "m11.1.1.2").code, "C218517");
}

#[test]
fn what_does_not_apply_carries_its_reason() {
    let mut doc = m11();
    let section = testing::section(&doc, "m11.8.5");
    let place = doc
        .entities
        .iter_mut()
        .find(|e| e.id == section)
        .expect("the section");
    place.fields.insert(
        "notApplicable".into(),
        testing::register(&[json!("不采血")], 1),
    );
    let sheet = check(&doc, "m11").expect("a sheet");
    let row = row(&sheet, "m11.8.5");
    assert_eq!(
        (row.status, row.reason.as_str()),
        (CheckStatus::NotApplicable, "不采血")
    );
}

#[test]
fn missing_renamed_moved_and_own_headings_are_told() {
    let mut doc = m11();
    let gone = testing::section(&doc, "m11.2");
    let optional = testing::section(&doc, "m11.6.9.2");
    doc.entities
        .retain(|entity| entity.id != gone && entity.id != optional);
    let renamed = testing::section(&doc, "m11.4.3");
    for entity in doc
        .entities
        .iter_mut()
        .filter(|entity| entity.id == renamed)
    {
        entity.fields.insert(
            "title.en".into(),
            testing::register(&[json!("4.3 When to Stop")], 1),
        );
    }
    // 14 goes to the front; an own heading stands in front of 5.3.
    let from = doc
        .entities
        .iter()
        .position(|e| e.text("key") == "m11.14")
        .expect("section 14");
    let moved = doc.entities.remove(from);
    doc.entities.insert(1, moved);
    let own = testing::add(
        &mut doc,
        kind::SECTION,
        None,
        json!({"title.en": "Own", "level": 2}),
    );
    let from = doc
        .entities
        .iter()
        .position(|e| e.id == own)
        .expect("the own one");
    let own = doc.entities.remove(from);
    let to = doc
        .entities
        .iter()
        .position(|e| e.text("key") == "m11.5.3")
        .expect("5.3");
    doc.entities.insert(to, own);
    let sheet = check(&doc, "m11").expect("a sheet");
    assert_eq!(row(&sheet, "m11.2").remarks, [CheckRemark::Missing]);
    assert_eq!(row(&sheet, "m11.6.9.2").remarks, [CheckRemark::LeftOut]);
    assert_eq!(row(&sheet, "m11.6.9.2").status, CheckStatus::NotApplicable);
    assert_eq!(row(&sheet, "m11.4.3").remarks, [CheckRemark::Renamed]);
    assert_eq!(row(&sheet, "m11.14").remarks, [CheckRemark::OutOfOrder]);
    let own: Vec<_> = sheet
        .rows
        .iter()
        .filter(|row| row.group == "ownHeadings")
        .collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].remarks, [CheckRemark::NotAtTheEnd]);
    assert_eq!(sheet.counts.remarked, 4);
}

#[test]
fn a_change_in_one_language_is_counted() {
    let mut doc = m11();
    testing::write(&mut doc, "m11.2.1", "目的");
    let block = doc.entities.last_mut().expect("the block");
    block
        .fields
        .insert("text.en".into(), testing::register(&[json!("Purpose")], 2));
    let sheet = check(&doc, "m11").expect("a sheet");
    assert_eq!(sheet.counts.outdated, 1);
    assert_eq!(row(&sheet, "m11.2.1").remarks, [CheckRemark::Outdated]);
}

#[test]
fn a_conflict_below_a_row_is_told() {
    let mut doc = m11();
    let rivals = testing::register(&[json!(40), json!(50)], 1);
    doc.entities[0].fields.insert("enrollment".into(), rivals);
    let sheet = check(&doc, "spirit").expect("a sheet");
    let row = row(&sheet, "19");
    assert_eq!(row.status, CheckStatus::Partly);
    assert_eq!(
        row.remarks,
        [CheckRemark::FieldsOnly, CheckRemark::Unresolved]
    );
}

#[test]
fn the_sample_meets_most_of_spirit() {
    let of = |n: usize| {
        let doc = testing::sample(&crate::sample::studies()[n]);
        check(&doc, "spirit-2025").expect("a sheet")
    };
    let trial = of(0);
    assert_eq!(figures(trial.counts), [31, 21, 1, 0]);
    for (key, status) in [
        ("1a", CheckStatus::Met),
        ("4", CheckStatus::Met),
        ("14a", CheckStatus::Met),
        ("16", CheckStatus::Met),
        ("24b", CheckStatus::Met),
        ("24c", CheckStatus::Partly),
        ("30", CheckStatus::Met),
    ] {
        assert_eq!(row(&trial, key).status, status, "{key}");
    }
    let cohort = of(1);
    assert_eq!(figures(cohort.counts), [25, 13, 3, 12]);
    assert_eq!(row(&cohort, "3d").remarks, [CheckRemark::Missing]);
    assert_eq!(row(&cohort, "21a").status, CheckStatus::NotApplicable);
    assert_eq!(row(&cohort, "21a").remarks, [CheckRemark::ByDesign]);
}

#[test]
fn a_protocol_of_the_house_has_its_sections() {
    let doc = testing::sample(&crate::sample::studies()[0]);
    let sheet = check(&doc, "interventional").expect("a sheet");
    assert_eq!(figures(sheet.counts), [18, 0, 9, 0]);
    assert_eq!(row(&sheet, "background").status, CheckStatus::Met);
    assert_eq!(row(&sheet, "commitment").remarks, [CheckRemark::Missing]);
}
