//! Which register each key of a record becomes, written out by hand.

use crate::material;
use model::incoming::IncomingStudy;
use serde_json::{Value, json};

fn record() -> Value {
    json!({"protocolSection": {
        "identificationModule": {
            "nctId": "NCT00000001", "briefTitle": "Short", "officialTitle": "Official",
            "acronym": "ACR", "organization": {"fullName": "Center", "class": "OTHER"},
            "orgStudyIdInfo": {"id": "SC-1", "type": "NIH", "link": "https://example.org/1"},
            "secondaryIdInfos": [{"id": "U1", "type": "REGISTRY", "domain": "WHO", "link": "l"}],
        },
        "statusModule": {
            "statusVerifiedDate": "2026-01", "overallStatus": "SUSPENDED",
            "lastKnownStatus": "RECRUITING", "whyStopped": "Funds",
            "expandedAccessInfo": {"hasExpandedAccess": false},
            "startDateStruct": {"date": "2026-02", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2027-03-04", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2028"},
            "studyFirstSubmitDate": "2025-01-01", "studyFirstSubmitQcDate": "2025-01-02",
            "studyFirstPostDateStruct": {"date": "2025-01-03", "type": "ESTIMATED"},
            "resultsFirstSubmitDate": "2025-02-01", "resultsFirstSubmitQcDate": "2025-02-02",
            "resultsFirstPostDateStruct": {"date": "2025-02-03", "type": "ACTUAL"},
            "dispFirstSubmitDate": "2025-03-01", "dispFirstSubmitQcDate": "2025-03-02",
            "dispFirstPostDateStruct": {"date": "2025-03-03", "type": "ACTUAL"},
            "lastUpdateSubmitDate": "2025-04-01",
            "lastUpdatePostDateStruct": {"date": "2025-04-03", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {
            "responsibleParty": {
                "type": "SPONSOR_INVESTIGATOR", "investigatorFullName": "Li Wei",
                "investigatorTitle": "Professor", "investigatorAffiliation": "Hospital",
                "oldNameTitle": "Old name", "oldOrganization": "Old organisation",
            },
            "leadSponsor": {"name": "Sponsor", "class": "INDUSTRY"},
            "collaborators": [{"name": "Partner", "class": "NETWORK"}],
        },
        "oversightModule": {
            "oversightHasDmc": true, "isFdaRegulatedDrug": false, "isFdaRegulatedDevice": true,
            "isUnapprovedDevice": true, "isUsExport": false,
        },
        "descriptionModule": {"briefSummary": "Why.", "detailedDescription": "How."},
        "conditionsModule": {"conditions": ["C1", "C2"], "keywords": ["K1"]},
        "designModule": {
            "studyType": "INTERVENTIONAL", "patientRegistry": true, "targetDuration": "1 Year",
            "phases": ["PHASE1", "PHASE2"],
            "designInfo": {
                "allocation": "RANDOMIZED", "interventionModel": "PARALLEL",
                "interventionModelDescription": "Model", "primaryPurpose": "TREATMENT",
                "observationalModel": "COHORT", "timePerspective": "PROSPECTIVE",
                "maskingInfo": {
                    "masking": "DOUBLE", "maskingDescription": "Blinding",
                    "whoMasked": ["INVESTIGATOR", "PARTICIPANT"],
                },
            },
            "bioSpec": {"retention": "SAMPLES_WITH_DNA", "description": "Blood"},
            "enrollmentInfo": {"count": 120, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [{
                "label": "Arm", "type": "EXPERIMENTAL", "description": "D",
                "interventionNames": ["Drug: X"],
            }],
            "interventions": [{
                "type": "DRUG", "name": "X", "description": "E", "armGroupLabels": ["Arm"],
                "otherNames": ["Y"],
            }],
        },
        "outcomesModule": {
            "otherOutcomes": [{"measure": "M", "description": "F", "timeFrame": "T"}],
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Age \\>= 18\n  * sub",
            "healthyVolunteers": false, "sex": "ALL", "genderBased": true,
            "genderDescription": "G", "minimumAge": "18 Years", "maximumAge": "75 Years",
            "stdAges": ["ADULT", "OLDER_ADULT"], "studyPopulation": "P",
            "samplingMethod": "PROBABILITY_SAMPLE",
        },
        "contactsLocationsModule": {
            "centralContacts": [{
                "name": "Wang Fang", "role": "CONTACT", "phone": "1", "phoneExt": "2",
                "email": "a@example.org",
            }],
            "overallOfficials": [{
                "name": "Li Wei", "affiliation": "Hospital", "role": "STUDY_CHAIR",
            }],
            "locations": [{
                "facility": "Huashan Hospital", "status": "RECRUITING", "city": "Shanghai",
                "state": "Shanghai", "zip": "200040", "country": "China",
                "contacts": [{"name": "Zhao Min", "role": "SUB_INVESTIGATOR"}],
                "geoPoint": {"lat": 31.22222, "lon": 121.45806},
            }],
        },
        "referencesModule": {
            "references": [{"pmid": "17", "type": "RESULT", "citation": "Book"}],
            "seeAlsoLinks": [{"label": "Site", "url": "https://example.org"}],
        },
        "ipdSharingStatementModule": {
            "ipdSharing": "YES", "description": "Plan", "infoTypes": ["SAP", "ICF"],
            "timeFrame": "Later", "accessCriteria": "Ask", "url": "https://example.org/ipd",
        },
    }})
}

#[test]
fn registers_of_the_study() {
    let study = material::one(record().to_string().as_bytes());
    let expected = json!({
        "registry.nct": "NCT00000001", "title.en": "Short", "officialTitle.en": "Official",
        "acronym": "ACR", "organization.en": "Center", "organizationClass": "OTHER",
        "number.org": "SC-1", "number.orgType": "NIH", "number.orgLink": "https://example.org/1",
        "statusVerified": "2026-01", "status": "SUSPENDED", "lastKnownStatus": "RECRUITING",
        "whyStopped.en": "Funds", "expandedAccess": false,
        "record.firstSubmit": "2025-01-01", "record.firstSubmitQc": "2025-01-02",
        "record.firstPost": "2025-01-03", "record.firstPostType": "ESTIMATED",
        "record.resultsFirstSubmit": "2025-02-01", "record.resultsFirstSubmitQc": "2025-02-02",
        "record.resultsFirstPost": "2025-02-03", "record.resultsFirstPostType": "ACTUAL",
        "record.dispFirstSubmit": "2025-03-01", "record.dispFirstSubmitQc": "2025-03-02",
        "record.dispFirstPost": "2025-03-03", "record.dispFirstPostType": "ACTUAL",
        "record.lastUpdateSubmit": "2025-04-01", "record.lastUpdatePost": "2025-04-03",
        "record.lastUpdatePostType": "ACTUAL",
        "responsible.type": "SPONSOR_INVESTIGATOR", "responsible.name.en": "Li Wei",
        "responsible.title.en": "Professor", "responsible.affiliation.en": "Hospital",
        "responsible.oldName": "Old name", "responsible.oldOrganization": "Old organisation",
        "sponsor.en": "Sponsor", "sponsorClass": "INDUSTRY",
        "oversight.hasDmc": true, "oversight.fdaDrug": false, "oversight.fdaDevice": true,
        "oversight.unapprovedDevice": true, "oversight.usExport": false,
        "conditions": {"list": ["C1", "C2"]}, "keywords": {"list": ["K1"]},
        "studyType": "INTERVENTIONAL", "design.patientRegistry": true,
        "design.targetDuration": "1 Year", "phase": "PHASE1|PHASE2",
        "design.allocation": "RANDOMIZED", "design.interventionModel": "PARALLEL",
        "design.interventionModelDescription.en": "Model", "design.primaryPurpose": "TREATMENT",
        "design.observationalModel": "COHORT", "design.timePerspective": "PROSPECTIVE",
        "design.masking": "DOUBLE", "design.maskingDescription.en": "Blinding",
        "design.whoMasked": "INVESTIGATOR|PARTICIPANT",
        "design.bioSpecRetention": "SAMPLES_WITH_DNA", "design.bioSpecDescription.en": "Blood",
        "enrollment": 120, "enrollmentType": "ESTIMATED",
        "eligibility.healthyVolunteers": false, "eligibility.sex": "ALL",
        "eligibility.genderBased": true, "eligibility.genderDescription.en": "G",
        "eligibility.minimumAge": "18 Years", "eligibility.maximumAge": "75 Years",
        "eligibility.stdAges": "ADULT|OLDER_ADULT", "eligibility.studyPopulation.en": "P",
        "eligibility.samplingMethod": "PROBABILITY_SAMPLE",
        "ipd.sharing": "YES", "ipd.description.en": "Plan", "ipd.infoTypes": "SAP|ICF",
        "ipd.timeFrame.en": "Later", "ipd.accessCriteria.en": "Ask",
        "ipd.url": "https://example.org/ipd",
    });
    assert_eq!(json!(study.fields), expected);
    assert_eq!(study.source_version, "2025-04-03");
    assert_eq!(
        (study.warnings, study.not_understood),
        (vec!["import.warning.dateUntyped".to_owned()], Vec::new(),)
    );
}

fn parts(study: &IncomingStudy, kind: &str) -> Value {
    study
        .parts
        .iter()
        .filter(|part| part.kind == kind)
        .map(|part| json!(part.fields))
        .collect()
}

#[test]
fn registers_of_the_parts() {
    let study = material::one(record().to_string().as_bytes());
    let check = |kind: &str, expected: Value| assert_eq!(parts(&study, kind), expected, "{kind}");
    check(
        "identifier",
        json!([{"id": "U1", "type": "REGISTRY", "domain": "WHO", "link": "l"}]),
    );
    check(
        "collaborator",
        json!([{"name.en": "Partner", "class": "NETWORK"}]),
    );
    check(
        "arm",
        json!([{
            "label.en": "Arm", "type": "EXPERIMENTAL", "description.en": "D",
            "interventions": {"list": ["Drug: X"]},
        }]),
    );
    check(
        "intervention",
        json!([{
            "type": "DRUG", "name.en": "X", "description.en": "E", "arms": {"list": ["Arm"]},
            "otherNames": {"list": ["Y"]},
        }]),
    );
    check(
        "outcome",
        json!([{
            "type": "OTHER", "measure.en": "M", "description.en": "F", "timeFrame.en": "T",
        }]),
    );
    check(
        "contact",
        json!([
            {"scope": "CENTRAL", "name.en": "Wang Fang", "role": "CONTACT", "phone": "1",
             "phoneExt": "2", "email": "a@example.org"},
            {"scope": "OFFICIAL", "name.en": "Li Wei", "affiliation.en": "Hospital",
             "role": "STUDY_CHAIR"},
            {"scope": "SITE", "name.en": "Zhao Min", "role": "SUB_INVESTIGATOR"},
        ]),
    );
    check(
        "site",
        json!([{
            "facility.en": "Huashan Hospital", "hospital": "huashan", "status": "RECRUITING",
            "city": "Shanghai", "state": "Shanghai", "zip": "200040", "country": "China",
            "lat": "31.22222", "lon": "121.45806",
        }]),
    );
    check(
        "reference",
        json!([{"pmid": "17", "type": "RESULT", "citation": "Book"}]),
    );
    check(
        "link",
        json!([{"label": "Site", "url": "https://example.org"}]),
    );
    check(
        "milestone",
        json!([
            {"key": "study_start", "name.zh": "研究开始", "name.en": "Study start",
             "actual": "2026-02"},
            {"key": "primary_completion", "name.zh": "主要终点完成", "name.en": "Primary completion",
             "planned": "2027-03-04"},
            {"key": "completion", "name.zh": "研究完成", "name.en": "Study completion",
             "untyped": "2028"},
        ]),
    );
    check(
        "section",
        json!([
            {"key": "summary", "title.zh": "简介", "title.en": "Brief summary"},
            {"key": "description", "title.zh": "详细说明", "title.en": "Detailed description"},
            {"key": "eligibility", "title.zh": "入选与排除标准", "title.en": "Eligibility criteria"},
        ]),
    );
    let blocks = parts(&study, "block");
    assert_eq!(blocks[3]["text.en"], json!("Age >= 18"));
    assert_eq!(
        (&blocks[3]["type"], &blocks[3]["level"]),
        (&json!("item"), &Value::Null)
    );
    assert_eq!(
        (&blocks[4]["text.en"], &blocks[4]["level"]),
        (&json!("sub"), &json!(1))
    );
    let source = blocks[3]["source"].as_str().expect("source");
    let source: Value = serde_json::from_str(source).expect("JSON");
    let expected = json!({
        "raw": "* Age \\>= 18", "sep": "\n", "type": "item", "text": "Age >= 18",
    });
    assert_eq!(source, expected);
}

#[test]
fn the_table_has_no_row_that_the_record_above_lacks() {
    let study = material::one(record().to_string().as_bytes());
    let table = include_str!("../../data/ctgov.tsv");
    let mut n_rows = 0;
    for row in table.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [owner, _, shape, target] = cells[..] else {
            panic!("four cells: {row}")
        };
        if matches!(shape, "parts" | "milestone" | "section") {
            continue;
        }
        let has = match owner {
            "study" => study.fields.contains_key(target),
            owner => study
                .parts
                .iter()
                .any(|p| p.kind == owner && p.fields.contains_key(target)),
        };
        assert!(has, "{row}");
        n_rows += 1;
    }
    assert!(n_rows > 100);
}

#[test]
fn a_namesake_in_another_city_is_no_partner_hospital() {
    let mut record = record();
    let site = &mut record["protocolSection"]["contactsLocationsModule"]["locations"][0];
    site["facility"] = json!("Zhongshan Hospital");
    site["city"] = json!("Xiamen");
    let study = material::one(record.to_string().as_bytes());
    assert_eq!(parts(&study, "site")[0].get("hospital"), None);
}
