//! What is understood of each record is what somebody else counted in it.

use crate::{material, stored};
use exchange::ctgov;
use model::incoming::{IncomingPart, IncomingStudy};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

fn text(fields: &BTreeMap<String, Value>, register: &str) -> String {
    match fields.get(register) {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn count(study: &IncomingStudy, fits: impl Fn(&IncomingPart) -> bool) -> String {
    study
        .parts
        .iter()
        .filter(|part| fits(part))
        .count()
        .to_string()
}

fn milestone(study: &IncomingStudy, key: &str) -> String {
    let part = study
        .parts
        .iter()
        .find(|part| part.kind == "milestone" && part.key == key);
    let date = |part: &IncomingPart| {
        ["actual", "planned", "untyped"]
            .iter()
            .map(|register| text(&part.fields, register))
            .find(|date| !date.is_empty())
    };
    part.and_then(date).unwrap_or_default()
}

/// The eligibility text as it would be exported from the stored study.
fn eligibility(study: &IncomingStudy) -> String {
    let export = ctgov::write(&stored::store(study)).json;
    let text = export.pointer("/protocolSection/eligibilityModule/eligibilityCriteria");
    text.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn counted(study: &IncomingStudy) -> BTreeMap<&'static str, String> {
    let of_kind = |kind: &str| count(study, |part| part.kind == kind);
    let outcome = |code: &str| {
        count(study, |p| {
            p.kind == "outcome" && text(&p.fields, "type") == code
        })
    };
    let contact = |scope: &str| {
        count(study, |p| {
            p.kind == "contact" && text(&p.fields, "scope") == scope
        })
    };
    let site = |register: &str, value: &str| {
        count(study, |p| {
            p.kind == "site" && text(&p.fields, register).contains(value)
        })
    };
    let criteria = eligibility(study);
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(criteria.as_bytes()));
    BTreeMap::from([
        ("nctId", text(&study.fields, "registry.nct")),
        ("studyType", text(&study.fields, "studyType")),
        ("overallStatus", text(&study.fields, "status")),
        ("phases", text(&study.fields, "phase")),
        ("enrollment", text(&study.fields, "enrollment")),
        ("start", milestone(study, "study_start")),
        ("primaryCompletion", milestone(study, "primary_completion")),
        ("completion", milestone(study, "completion")),
        ("sites", of_kind("site")),
        ("sitesChina", site("country", "China")),
        ("sitesShanghai", site("city", "Shanghai")),
        ("siteContacts", contact("SITE")),
        ("centralContacts", contact("CENTRAL")),
        ("overallOfficials", contact("OFFICIAL")),
        ("primaryOutcomes", outcome("PRIMARY")),
        ("secondaryOutcomes", outcome("SECONDARY")),
        ("otherOutcomes", outcome("OTHER")),
        ("arms", of_kind("arm")),
        ("interventions", of_kind("intervention")),
        ("secondaryIds", of_kind("identifier")),
        ("eligibilityChars", criteria.chars().count().to_string()),
        ("eligibilitySha256_16", hash[..16].to_owned()),
        (
            "hasResults",
            u8::from(study.not_carried.iter().any(|p| p == "resultsSection")).to_string(),
        ),
        ("sections", {
            let mut sections = study.not_carried.clone();
            sections.push("protocolSection".to_owned());
            sections.sort();
            sections.join(",")
        }),
    ])
}

#[test]
fn every_column_of_the_counts_is_understood_the_same() {
    let (Some(folder), Some(table)) = (material::ctgov("v2"), material::ctgov("counts.tsv")) else {
        return;
    };
    let mut n_records = 0;
    for row in material::table(&table) {
        let number = row["nctId"].clone();
        let counted = counted(&material::study(&folder.join(format!("{number}.json"))));
        for (column, expected) in &row {
            let ours = counted.get(column.as_str());
            assert_eq!(ours, Some(expected), "{number}: {column}");
        }
        n_records += 1;
    }
    assert_eq!(n_records, 298);
}

#[test]
fn what_is_alike_or_untyped_is_said() {
    let Some(folder) = material::ctgov("v2") else {
        return;
    };
    let (mut sites, mut outcomes, mut dates, mut untyped) = (0, 0, 0, 0);
    for path in material::files(&folder) {
        let study = material::study(&path);
        let says = |code: &str| usize::from(study.warnings.iter().any(|warning| warning == code));
        sites += says("import.warning.sitesAlike");
        outcomes += says("import.warning.outcomesAlike");
        let milestones: Vec<_> = study
            .parts
            .iter()
            .filter(|p| p.kind == "milestone")
            .collect();
        dates += milestones.len();
        untyped += milestones
            .iter()
            .filter(|p| p.fields.contains_key("untyped"))
            .count();
    }
    // Counted in the records by other means; outcomes are alike within one type.
    assert_eq!((sites, outcomes, dates, untyped), (10, 14, 888, 73));
}
