//! Studies made or edited by hand: what a record says of them, and what it leaves out.

use crate::{material, stored};
use exchange::ctgov;
use model::doc::{EntityMark, Head, StudyDoc};
use model::{EntityId, Lang};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn fields(value: Value) -> BTreeMap<String, Value> {
    value
        .as_object()
        .expect("object")
        .clone()
        .into_iter()
        .collect()
}

/// A study of the given entities: name, kind, parent's name, registers.
fn study(parts: &[(&str, &str, &str, Value)]) -> StudyDoc {
    let id = stored::study_id();
    let named = |name: &str| match name {
        "" => id.root(),
        name => EntityId::of_import(&id, "test", name),
    };
    let entities = parts
        .iter()
        .enumerate()
        .map(|(n, (name, kind, parent, registers))| {
            let parent = (*kind != "study").then(|| named(parent));
            stored::entity(named(name), kind, parent, n, &fields(registers.clone()))
        });
    StudyDoc {
        entities: entities.collect(),
        id: id.clone(),
    }
}

fn gaps(export: &ctgov::Export) -> Vec<(&str, &str, &str)> {
    export
        .gaps
        .iter()
        .map(|gap| (gap.kind.as_str(), gap.field.as_str(), gap.code))
        .collect()
}

#[test]
fn a_study_in_chinese_alone_says_what_is_missing() {
    let doc = study(&[
        (
            "",
            "study",
            "",
            json!({
                "title.zh": "前列腺癌研究", "status": "DRAFT", "phase": "PHASE2|PHASE3",
                "enrollment": 120, "conditions": {"list": ["Prostate cancer"]},
                "keywords": {"list": []}, "design.masking": "NONE",
            }),
        ),
        (
            "site",
            "site",
            "",
            json!({"facility.zh": "复旦大学附属中山医院", "hospital": "zhongshan"}),
        ),
        ("other", "site", "", json!({"facility.zh": "某某医院"})),
        (
            "pi",
            "contact",
            "site",
            json!({"name.en": "Li Wei", "role": "SITE_PI", "wechat": "x"}),
        ),
        (
            "crc",
            "contact",
            "site",
            json!({"name.en": "Wang Fang", "role": "CRC", "phone": "1"}),
        ),
        (
            "start",
            "milestone",
            "",
            json!({"key": "study_start", "planned": "2027-03"}),
        ),
        (
            "ec",
            "milestone",
            "",
            json!({"key": "ec_approval", "planned": "2027-01"}),
        ),
        ("text", "section", "", json!({"key": "eligibility"})),
        (
            "a",
            "block",
            "text",
            json!({"type": "heading", "text.en": "Inclusion Criteria:"}),
        ),
        (
            "b",
            "block",
            "text",
            json!({"type": "item", "text.en": "Age >= 18 years"}),
        ),
        (
            "c",
            "block",
            "text",
            json!({"type": "item", "text.en": "Signed consent"}),
        ),
        (
            "d",
            "block",
            "text",
            json!({"type": "item", "text.zh": "仅中文"}),
        ),
    ]);
    let export = ctgov::write(&doc);
    assert_eq!(
        export.json,
        json!({"protocolSection": {
            "statusModule": {"startDateStruct": {"date": "2027-03", "type": "ESTIMATED"}},
            "conditionsModule": {"conditions": ["Prostate cancer"]},
            "designModule": {
                "phases": ["PHASE2", "PHASE3"],
                "designInfo": {"maskingInfo": {"masking": "NONE"}},
                "enrollmentInfo": {"count": 120},
            },
            "eligibilityModule": {
                "eligibilityCriteria": "Inclusion Criteria:\n\n* Age \\>= 18 years\n* Signed consent"
            },
            "contactsLocationsModule": {"locations": [{
                "facility": "Zhongshan Hospital, Fudan University",
                "contacts": [{"name": "Li Wei", "role": "PRINCIPAL_INVESTIGATOR"}],
            }]},
        }})
    );
    assert_eq!(
        gaps(&export),
        [
            ("contact", "role", "export.gap.contactLeftOut"),
            ("study", "title.en", "export.gap.englishMissing"),
            ("study", "status", "export.gap.codeLocal"),
            ("block", "text.en", "export.gap.englishMissing"),
            ("site", "facility.en", "export.gap.englishMissing"),
        ]
    );
    for gap in &export.gaps {
        assert!(
            model::label::get(gap.code).is_some(),
            "{} has no words",
            gap.code
        );
        assert!(gap.entity.is_some());
    }
}

#[test]
fn archived_parts_and_unresolved_conflicts_show() {
    let mut doc = study(&[
        ("", "study", "", json!({"acronym": "ONE"})),
        ("a", "arm", "", json!({"label.en": "Arm A"})),
        ("b", "arm", "", json!({"label.en": "Arm B"})),
    ]);
    doc.entities[1].mark = EntityMark::Archived;
    let acronym = doc.entities[0].fields.get_mut("acronym").expect("acronym");
    let rival = Head {
        value: json!("TWO"),
        ..acronym.heads[0].clone()
    };
    acronym.heads.push(rival);
    acronym.conflict = true;
    let export = ctgov::write(&doc);
    assert_eq!(
        export.json["protocolSection"],
        json!({
            "identificationModule": {"acronym": "ONE"},
            "armsInterventionsModule": {"armGroups": [{"label": "Arm B"}]},
        })
    );
    assert_eq!(
        gaps(&export),
        [("study", "acronym", "export.gap.inConflict")]
    );
}

fn set(doc: &mut StudyDoc, kind: &str, register: &str, from: &str, to: Value) {
    let entity = doc
        .entities
        .iter_mut()
        .find(|entity| entity.kind == kind && entity.text(register) == from)
        .expect("the entity to edit");
    entity
        .fields
        .insert(register.to_owned(), stored::register(to));
}

#[test]
fn edits_of_an_imported_study_are_in_its_record_and_nothing_else_changes() {
    let record = json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "extra": 1},
        "statusModule": {
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2026-01", "type": "ESTIMATED", "note": "x"},
        },
        "eligibilityModule": {"eligibilityCriteria": "Inclusion:\n\n1. Age \\>= 18\n2. \\[b\\]\n\n"},
        "contactsLocationsModule": {"locations": [{"facility": "A", "new": [1]}, {"facility": "B"}]},
    }});
    let mut doc = stored::store(&material::one(record.to_string().as_bytes()));
    set(
        &mut doc,
        "study",
        "status",
        "RECRUITING",
        json!("COMPLETED"),
    );
    set(&mut doc, "milestone", "actual", "", json!("2026-02-03"));
    set(
        &mut doc,
        "block",
        "text.en",
        "1. Age >= 18",
        json!("1. Age >= 20"),
    );
    set(&mut doc, "site", "facility.en", "A", json!("A Hospital"));
    let mut expected = record;
    let protocol = &mut expected["protocolSection"];
    protocol["statusModule"]["overallStatus"] = json!("COMPLETED");
    protocol["statusModule"]["startDateStruct"] =
        json!({"date": "2026-02-03", "type": "ACTUAL", "note": "x"});
    protocol["eligibilityModule"]["eligibilityCriteria"] =
        json!("Inclusion:\n\n1. Age \\>= 20\n2. \\[b\\]\n\n");
    protocol["contactsLocationsModule"]["locations"][0]["facility"] = json!("A Hospital");
    assert_eq!(ctgov::write(&doc).json, expected);
}

#[test]
fn a_quarter_is_no_month_of_the_registry() {
    let export = |actual: &str, planned: &str| {
        let milestone = json!({"key": "study_start", "actual": actual, "planned": planned});
        let doc = study(&[
            ("", "study", "", json!({"title.en": "T"})),
            ("m", "milestone", "", milestone),
        ]);
        let export = ctgov::write(&doc);
        let date = &export.json["protocolSection"]["statusModule"]["startDateStruct"];
        let gaps: Vec<(String, &str)> = export
            .gaps
            .iter()
            .filter(|gap| gap.kind == "milestone")
            .map(|gap| (gap.field.clone(), gap.code))
            .collect();
        (date.clone(), gaps)
    };
    let left_out = |field: &str| (Value::Null, vec![(field.to_owned(), "export.gap.quarter")]);
    // What has been is not given out as planned instead.
    assert_eq!(export("2026-Q3", "2026-08"), left_out("actual"));
    assert_eq!(export("", "2027-Q1"), left_out("planned"));
    let month = json!({"date": "2026-09", "type": "ACTUAL"});
    assert_eq!(export("2026-09", "2026-Q2"), (month, Vec::new()));
}

#[test]
fn gaps_are_told_in_both_languages() {
    let doc = study(&[("", "study", "", json!({"title.zh": "研究"}))]);
    let export = ctgov::write(&doc);
    assert_eq!(
        export.gaps[0].sentence(Lang::Zh),
        "简短标题：没有英文，未导出。"
    );
    assert_eq!(
        export.gaps[0].sentence(Lang::En),
        "Short title: there is no English text, so this was left out."
    );
}
