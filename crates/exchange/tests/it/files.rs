//! Files as people have them: bulk files, broken files, files of something else.

use crate::{material, stored};
use exchange::ctgov::{self, ReadError};
use model::Lang;
use serde_json::json;

fn refusal(bytes: &[u8]) -> ReadError {
    let mut records = ctgov::read(bytes);
    assert_eq!(records.len(), 1);
    records.remove(0).outcome.expect_err("a refusal")
}

fn record(number: &str) -> serde_json::Value {
    json!({"protocolSection": {
        "identificationModule": {"nctId": number, "briefTitle": format!("Title of {number}")}
    }})
}

#[test]
fn the_bulk_file_holds_ten_studies_that_come_back() {
    let Some(path) = material::ctgov("bulk/ctg-studies-10.json") else {
        return;
    };
    let original = material::value(&path);
    let bytes = std::fs::read(&path).expect("bulk file");
    let records = ctgov::read(&bytes);
    assert_eq!(records.len(), 10);
    for (place, record) in records.into_iter().enumerate() {
        assert_eq!(record.index, place);
        assert!(!record.title.is_empty());
        let study = record.outcome.expect("an understood record");
        assert_eq!(study.source_id, record.number);
        let export = ctgov::write(&stored::store(&study));
        assert_eq!(
            export.json["protocolSection"],
            original[place]["protocolSection"]
        );
    }
}

#[test]
fn files_of_something_else_are_refused_with_their_own_sentence() {
    let deep = "[".repeat(400);
    let cases: [(&[u8], &str); 17] = [
        (b"", "import.file_empty"),
        (b" \n\t ", "import.file_empty"),
        (b"\xef\xbb\xbf", "import.file_empty"),
        (b"PK\x03\x04....", "import.is_archive"),
        (b"\x1f\x8b....", "import.is_archive"),
        (b"\xff\xfe{\0}\0", "import.not_text"),
        (b"<!DOCTYPE html><html>Sign in</html>", "import.is_web_page"),
        (
            b"<?xml version=\"1.0\"?><clinical_study rank=\"1\">",
            "import.is_old_xml",
        ),
        (
            b"{\"protocolSection\": {\"identificationModule\"",
            "import.truncated",
        ),
        (b"{\"protocolSection\": nonsense}", "import.not_json"),
        (
            b"nctId\toverallStatus\nNCT00000001\tCOMPLETED",
            "import.not_json",
        ),
        (deep.as_bytes(), "import.too_deep"),
        (b"\"text\"", "import.not_ctgov"),
        (b"{\"resourceType\": \"Bundle\"}", "import.not_ctgov"),
        (b"{\"protocolSection\": []}", "import.not_ctgov"),
        (b"[]", "import.no_records"),
        (
            b"{\"studies\": [], \"nextPageToken\": \"x\"}",
            "import.no_records",
        ),
    ];
    for (bytes, code) in cases {
        let refusal = refusal(bytes);
        assert_eq!(refusal.code(), code, "{}", String::from_utf8_lossy(bytes));
        let words = model::label::get(code).expect("words for every refusal");
        let params = refusal.params();
        let params: Vec<(&str, &str)> = params.iter().map(|(n, v)| (*n, v.as_str())).collect();
        for lang in [Lang::Zh, Lang::En] {
            assert!(
                !words.fill(lang, &params).contains('{'),
                "{code}: a value is missing"
            );
        }
    }
}

#[test]
fn every_reference_record_cut_anywhere_is_refused() {
    let Some(folder) = material::ctgov("v2") else {
        return;
    };
    for path in material::files(&folder).iter().take(40) {
        let bytes = std::fs::read(path).expect("reference file");
        for part in 1..8 {
            let cut = &bytes[..bytes.len() * part / 8];
            let code = refusal(cut).code();
            // A cut through a character of several bytes is no text any more.
            assert!(
                matches!(code, "import.truncated" | "import.not_text"),
                "{code}"
            );
        }
    }
}

#[test]
fn the_older_formats_of_the_reference_data_are_refused() {
    let Some(folder) = material::ctgov("legacy-xml") else {
        return;
    };
    let mut n_files = 0;
    for entry in std::fs::read_dir(folder).expect("folder") {
        let bytes = std::fs::read(entry.expect("entry").path()).expect("file");
        assert_eq!(refusal(&bytes), ReadError::IsOldXml);
        n_files += 1;
    }
    assert_eq!(n_files, 28);
}

#[test]
fn a_byte_order_mark_and_the_list_answer_are_fine() {
    let answer = json!({"studies": [record("NCT00000001"), record("NCT00000002")]});
    let bytes = [b"\xef\xbb\xbf".as_slice(), answer.to_string().as_bytes()].concat();
    let numbers: Vec<String> = ctgov::read(&bytes).into_iter().map(|r| r.number).collect();
    assert_eq!(numbers, ["NCT00000001", "NCT00000002"]);
}

#[test]
fn each_record_is_refused_on_its_own() {
    let file = json!([
        record("NCT00000001"),
        record("NCT1"),
        {"protocolSection": {"identificationModule": {"nctId": 7, "briefTitle": "Seven"}}},
        "no record",
        {"protocolSection": {}},
        record("NCT00000001"),
        record("NCT00000002"),
    ]);
    let records = ctgov::read(file.to_string().as_bytes());
    let codes: Vec<&str> = records
        .iter()
        .map(|record| {
            record
                .outcome
                .as_ref()
                .map_or_else(ReadError::code, |_| "read")
        })
        .collect();
    assert_eq!(
        codes,
        [
            "read",
            "import.no_number",
            "import.no_number",
            "import.not_ctgov",
            "import.no_number",
            "import.number_twice",
            "read",
        ]
    );
    assert_eq!((records[1].number.as_str(), records[1].index), ("NCT1", 1));
    assert_eq!(records[2].title, "Seven");
}

#[test]
fn limits_hold() {
    let text = "x".repeat(ctgov::TEXT_CHARS_MAX + 1);
    let long = json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": text}
    }});
    assert_eq!(
        refusal(long.to_string().as_bytes()),
        ReadError::TextTooLong {
            path: "identificationModule.briefTitle".to_owned()
        }
    );
    let sites = vec![json!({"city": "Shanghai"}); ctgov::PARTS_MAX + 1];
    let wide = json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000001"},
        "contactsLocationsModule": {"locations": sites}
    }});
    assert_eq!(
        refusal(wide.to_string().as_bytes()),
        ReadError::TooManyParts
    );
    let many = vec![json!(1); ctgov::RECORDS_MAX + 1];
    assert_eq!(
        refusal(serde_json::to_string(&many).expect("text").as_bytes()).code(),
        "import.too_many_records"
    );
    let large = vec![b' '; ctgov::FILE_BYTES_MAX + 1];
    assert_eq!(
        refusal(&large),
        ReadError::FileTooLarge { bytes: large.len() }
    );
}

#[test]
fn unknown_modules_and_wrong_types_travel_unharmed() {
    let protocol = json!({
        "identificationModule": {
            "nctId": "NCT00000001", "briefTitle": 5, "acronym": null, "officialTitle": "",
            "orgStudyIdInfo": {}, "nctIdAliases": ["NCT00000009"],
            "secondaryIdInfos": [{"id": "A", "new": {"deep": [1, 2.5]}}, {}],
        },
        "statusModule": {
            "startDateStruct": {"date": "2024-05", "type": "ANTICIPATED", "note": 1},
            "completionDateStruct": "2025", "primaryCompletionDateStruct": {"type": "ACTUAL"},
            "overallStatus": "BRAND_NEW",
        },
        "descriptionModule": {"briefSummary": ["a"], "detailedDescription": "\n \n"},
        "conditionsModule": {"conditions": [], "keywords": ["a", 1]},
        "contactsLocationsModule": {
            "locations": [{"facility": "A", "geoPoint": {"lat": "31", "lon": 121.5, "alt": 4}}],
            "centralContacts": ["Somebody"],
        },
        "futureModule": {"anything": [true, null, {"x": 1}]},
        "designModule": "none",
    });
    let record = json!({"protocolSection": protocol, "annotationSection": {}});
    let study = material::one(record.to_string().as_bytes());
    assert_eq!(
        ctgov::write(&stored::store(&study)).json["protocolSection"],
        protocol
    );
    assert_eq!(study.not_carried, ["annotationSection"]);
    assert_eq!(
        study.not_understood,
        [
            "conditionsModule.keywords",
            "contactsLocationsModule.centralContacts",
            "contactsLocationsModule.locations[].geoPoint.alt",
            "contactsLocationsModule.locations[].geoPoint.lat",
            "descriptionModule.briefSummary",
            "descriptionModule.detailedDescription",
            "designModule",
            "futureModule",
            "identificationModule.briefTitle",
            "identificationModule.nctIdAliases",
            "identificationModule.secondaryIdInfos[].new",
            "statusModule.completionDateStruct",
            "statusModule.primaryCompletionDateStruct",
            "statusModule.startDateStruct",
        ]
    );
    assert!(
        study
            .warnings
            .contains(&"import.warning.code_unknown".to_owned())
    );
    for code in &study.warnings {
        assert!(model::label::get(code).is_some(), "{code} has no words");
    }
}
