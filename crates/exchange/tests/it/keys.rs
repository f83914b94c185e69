//! What parts are called, and that they keep their names from one import to the next.

use crate::material;
use model::incoming::{IncomingPart, IncomingStudy};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn study(sites: Value) -> IncomingStudy {
    let record = json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000001"},
        "contactsLocationsModule": {"locations": sites},
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Survival"}],
            "secondaryOutcomes": [{"measure": "Survival"}, {"measure": "Survival"}],
        },
        "descriptionModule": {"briefSummary": "Same\n\nSame\nOther"},
    }});
    material::one(record.to_string().as_bytes())
}

fn site(facility: &str, contact: &str) -> Value {
    json!({
        "facility": facility, "city": "Shanghai", "zip": "200032", "country": "China",
        "contacts": [{"name": contact, "role": "CONTACT"}],
    })
}

fn of_kind<'a>(study: &'a IncomingStudy, kind: &str) -> Vec<&'a IncomingPart> {
    study
        .parts
        .iter()
        .filter(|part| part.kind == kind)
        .collect()
}

#[test]
fn equal_parts_are_told_apart_by_their_order() {
    let study = study(json!([
        site("Zhongshan Hospital, Fudan University", "Li Wei"),
        site("Zhongshan Hospital, Fudan University", "Wang Fang"),
    ]));
    let sites = of_kind(&study, "site");
    let stem = "Zhongshan Hospital, Fudan University|Shanghai||200032|China";
    assert_eq!(sites[0].key, format!("{stem}#0"));
    assert_eq!(sites[1].key, format!("{stem}#1"));
    assert_eq!(
        (sites[1].place.as_str(), sites[1].ordinal),
        ("Shanghai|200032", 1)
    );
    assert_eq!(sites[0].fields["hospital"], json!("zhongshan"));
    let contacts = of_kind(&study, "contact");
    assert_eq!(
        contacts[1].parent,
        Some(("site".to_owned(), sites[1].key.clone()))
    );
    assert!(contacts[1].key.starts_with(&format!("{stem}#1/")) && contacts[1].ordinal == 0);
    let outcomes: Vec<&str> = of_kind(&study, "outcome")
        .iter()
        .map(|o| o.key.as_str())
        .collect();
    assert_eq!(
        outcomes,
        [
            "PRIMARY|Survival#0",
            "SECONDARY|Survival#0",
            "SECONDARY|Survival#1"
        ]
    );
    let blocks = of_kind(&study, "block");
    assert_eq!(blocks[0].key.replace("#0", "#1"), blocks[1].key);
    assert_ne!(blocks[1].key, blocks[2].key);
    assert_eq!(blocks[2].ordinal, 2);
}

#[test]
fn a_part_put_in_front_does_not_rename_the_others() {
    let before = study(json!([site("A", "Li Wei"), site("B", "Wang Fang")]));
    let after = study(json!([
        site("C", "Zhao Min"),
        site("A", "Li Wei"),
        site("B", "Wang Fang")
    ]));
    let keys = |study: &IncomingStudy| -> BTreeSet<(String, String)> {
        study
            .parts
            .iter()
            .map(|part| (part.kind.clone(), part.key.clone()))
            .collect()
    };
    assert!(keys(&before).is_subset(&keys(&after)));
}

#[test]
fn keys_are_unique_short_and_hold_no_name_of_a_contact() {
    let Some(folder) = material::ctgov("v2") else {
        return;
    };
    for path in material::files(&folder) {
        let study = material::study(&path);
        let mut seen = BTreeSet::new();
        for part in &study.parts {
            assert!(
                seen.insert((&part.kind, &part.key)),
                "{}: {}",
                study.source_id,
                part.key
            );
            assert!(part.key.len() < 500, "{}", part.key);
            let parent = part.parent.as_ref();
            assert!(parent.is_none_or(|(_, key)| part.key.starts_with(key.as_str())));
            let name = part
                .fields
                .get("name.en")
                .and_then(Value::as_str)
                .unwrap_or("");
            if part.kind == "contact" && name.len() > 3 {
                let own = part
                    .key
                    .strip_prefix(parent.map_or("", |(_, key)| key))
                    .expect("prefix");
                assert!(
                    !own.contains(name) && !part.place.contains(name),
                    "{}",
                    part.key
                );
            }
        }
    }
}
