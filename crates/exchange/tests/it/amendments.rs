//! Records of one study at several moments: what changed, and what a further import makes of it.

use crate::{material, stored};
use exchange::ctgov::{self, Diff};
use model::incoming::IncomingStudy;
use serde_json::json;
use std::collections::BTreeSet;

struct Step {
    name: String,
    old: IncomingStudy,
    new: IncomingStudy,
    new_record: serde_json::Value,
    expected: String,
}

fn steps() -> Option<Vec<Step>> {
    let folder = material::ctgov("amendments")?;
    let step = |row: std::collections::BTreeMap<String, String>| {
        let files = material::files(&folder.join(&row["nctId"]));
        let first: usize = row["step"]
            .split("->")
            .next()
            .expect("step")
            .parse()
            .expect("number");
        let (old, new) = (&files[first - 1], &files[first]);
        Step {
            name: format!("{} {}", row["nctId"], row["step"]),
            old: material::study(old),
            new: material::study(new),
            new_record: material::value(new),
            expected: row["fieldsChanged"].clone(),
        }
    };
    Some(
        material::table(&folder.join("INDEX.tsv"))
            .into_iter()
            .map(step)
            .collect(),
    )
}

#[test]
fn every_step_offers_the_fields_that_changed() {
    let Some(steps) = steps() else { return };
    assert_eq!(steps.len(), 29);
    for step in steps {
        let Diff { changes, names } = ctgov::diff(&step.old, &step.new);
        let offered: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(offered.join(", "), step.expected, "{}", step.name);
        let of_changes: BTreeSet<String> = changes
            .iter()
            .flat_map(|change| change.names.clone())
            .collect();
        assert_eq!(
            of_changes, names,
            "{}: registers behind the names",
            step.name
        );
        for change in &changes {
            assert!(
                !change.names.is_empty() || change.kind == "block",
                "{}: {} {} changed without a name",
                step.name,
                change.kind,
                change.field
            );
        }
    }
}

#[test]
fn a_record_does_not_differ_from_itself() {
    let Some(steps) = steps() else { return };
    for step in steps {
        assert_eq!(
            ctgov::diff(&step.new, &step.new),
            Diff::default(),
            "{}",
            step.name
        );
    }
}

#[test]
fn a_further_import_exports_as_the_newer_record() {
    let Some(steps) = steps() else { return };
    let mut n_planned_kept = 0;
    for step in steps {
        let before = stored::store(&step.old);
        let after = stored::store_again(&before, &step.new);
        let export = ctgov::write(&after).json;
        assert_eq!(
            export["protocolSection"], step.new_record["protocolSection"],
            "{}",
            step.name
        );
        n_planned_kept += after
            .of_kind("milestone")
            .filter(|m| !m.text("actual").is_empty() && !m.text("planned").is_empty())
            .count();
    }
    assert!(
        n_planned_kept > 0,
        "no step turns a planned date into an actual one"
    );
}

fn record(protocol: serde_json::Value) -> IncomingStudy {
    material::one(json!({"protocolSection": protocol}).to_string().as_bytes())
}

#[test]
fn a_date_that_became_actual_names_its_type_alone() {
    let with = |date_type: &str| {
        record(json!({
            "identificationModule": {"nctId": "NCT00000001"},
            "statusModule": {"startDateStruct": {"date": "2026-03", "type": date_type}},
        }))
    };
    let diff = ctgov::diff(&with("ESTIMATED"), &with("ACTUAL"));
    assert_eq!(diff.names, BTreeSet::from(["statusModule.type".to_owned()]));
    let fields: Vec<&str> = diff
        .changes
        .iter()
        .map(|change| change.field.as_str())
        .collect();
    assert_eq!(fields, ["actual", "planned"]);
}

#[test]
fn a_site_that_is_no_longer_there_is_said() {
    let with = |sites: serde_json::Value| {
        record(json!({
            "identificationModule": {"nctId": "NCT00000001"},
            "contactsLocationsModule": {"locations": sites},
        }))
    };
    let two = with(json!([{"facility": "A", "city": "X"}, {"facility": "B", "city": "X"}]));
    let one = with(json!([{"facility": "B", "city": "X"}]));
    let diff = ctgov::diff(&two, &one);
    let change = &diff.changes[0];
    assert_eq!((change.field.as_str(), &change.to), ("_del", &json!(true)));
    assert_eq!(change.names, ["contactsLocationsModule.locations[]"]);
}
