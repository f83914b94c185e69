//! Records with anything anywhere: never a panic, and what is accepted comes back.

use crate::{material, stored};
use exchange::ctgov;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// Small and middling reference records; a hand-made one where there are none.
static RECORDS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let own = json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A"},
        "statusModule": {"startDateStruct": {"date": "2024-01", "type": "ACTUAL"}},
        "contactsLocationsModule": {"locations": [{"facility": "A", "contacts": [{"name": "B"}]}]},
        "eligibilityModule": {"eligibilityCriteria": "Inclusion:\n\n* a\n* b"},
    }});
    let mut records = vec![own];
    if let Some(folder) = material::ctgov("v2") {
        let files = material::files(&folder);
        let small = files
            .iter()
            .filter(|path| std::fs::metadata(path).is_ok_and(|facts| facts.len() < 9_000));
        records.extend(small.take(40).map(|path| material::value(path)));
    }
    records
});

fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[ -~\n]{0,12}",
        Just("DRAFT".to_owned()),
        Just("CRC".to_owned()),
        Just("2024-05".to_owned()),
        Just("A|B".to_owned()),
        Just("入选标准：\n\n* 年龄 \\>= 18\r\n".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1_000_000_i32..1_000_000).prop_map(|n| Value::from(f64::from(n) / 1000.0)),
        text.prop_map(Value::from),
    ];
    let keys = prop_oneof![
        "[a-z]{1,4}",
        Just("date".to_owned()),
        Just("name".to_owned())
    ];
    leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Replaces, removes, adds or doubles something at a place that the numbers walk to.
fn mutate(value: &mut Value, walk: &[usize], what: &Value, how: u8) {
    let Some((first, rest)) = walk.split_first() else {
        *value = what.clone();
        return;
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            let name = map.keys().nth(first % map.len()).expect("a key").clone();
            match (rest.is_empty(), how) {
                (true, 0) => drop(map.remove(&name)),
                (true, 1) => drop(map.insert(format!("{name}X"), what.clone())),
                _ => mutate(&mut map[&name], rest, what, how),
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let place = first % items.len();
            match (rest.is_empty(), how) {
                (true, 0) => drop(items.remove(place)),
                (true, 1) => items.push(items[place].clone()),
                _ => mutate(&mut items[place], rest, what, how),
            }
        }
        other => *other = what.clone(),
    }
}

proptest! {
    #[test]
    fn what_is_accepted_comes_back(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(
            (prop::collection::vec(0_usize..64, 1..7), any_value(), 0_u8..4), 1..5
        ),
    ) {
        let mut record = RECORDS[which.index(RECORDS.len())].clone();
        for (walk, what, how) in &changes {
            mutate(&mut record["protocolSection"], walk, what, *how);
        }
        let bytes = record.to_string();
        let mut records = ctgov::read(bytes.as_bytes());
        prop_assert_eq!(records.len(), 1);
        if let Ok(study) = records.remove(0) {
            let export = ctgov::write(&stored::store(&study));
            prop_assert_eq!(&export.json["protocolSection"], &record["protocolSection"]);
            prop_assert_eq!(ctgov::diff(&study, &study), ctgov::Diff::default());
        }
    }

    /// Registers that hold what no form would let in, as another program may have written them.
    #[test]
    fn any_stored_study_is_written_and_read_again(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any_value()), 1..20
        ),
    ) {
        let bytes = RECORDS[which.index(RECORDS.len())].to_string();
        let mut doc = stored::store(&material::one(bytes.as_bytes()));
        let n_entities = doc.entities.len();
        for (entity, register, value) in changes {
            let entity = &mut doc.entities[entity.index(n_entities)];
            let names: Vec<String> = entity.fields.keys().cloned().collect();
            let name = names[register.index(names.len())].clone();
            if name != "registry.nct" {
                entity.fields.insert(name, stored::register(value));
            }
        }
        let export = ctgov::write(&doc);
        let again = material::one(export.json.to_string().as_bytes());
        let twice = ctgov::write(&stored::store(&again));
        prop_assert_eq!(twice.json, export.json);
        prop_assert_eq!(twice.gaps, Vec::new());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!ctgov::read(&bytes).is_empty());
    }

    #[test]
    fn any_json_is_read_or_refused(value in any_value()) {
        let file = json!({"protocolSection": value});
        prop_assert_eq!(ctgov::read(file.to_string().as_bytes()).len(), 1);
    }
}
