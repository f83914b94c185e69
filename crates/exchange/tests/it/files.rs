//! Files as people have them: bulk files, broken files, files of something else.

use crate::{material, stored};
use exchange::ctgov::{self, ReadError, Refusal};
use serde_json::json;

fn refusal(bytes: &[u8]) -> ReadError {
    let mut records = ctgov::read(bytes);
    assert_eq!(records.len(), 1);
    records.remove(0).expect_err("a refusal").reason
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
        let study = record.expect("an understood record");
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
        (b"", "import.empty"),
        (b" \n\t ", "import.empty"),
        (b"\xef\xbb\xbf", "import.empty"),
        (b"PK\x03\x04....", "import.archive"),
        (b"\x1f\x8b....", "import.archive"),
        (b"\xff\xfe{\0}\0", "import.notText"),
        (b"<!DOCTYPE html><html>Sign in</html>", "import.webPage"),
        (
            b"<?xml version=\"1.0\"?><clinical_study rank=\"1\">",
            "import.oldXml",
        ),
        (
            b"{\"protocolSection\": {\"identificationModule\"",
            "import.truncated",
        ),
        (b"{\"protocolSection\": nonsense}", "import.notJson"),
        (
            b"nctId\toverallStatus\nNCT00000001\tCOMPLETED",
            "import.notJson",
        ),
        (deep.as_bytes(), "import.tooDeep"),
        (b"\"text\"", "import.notCtgov"),
        (b"{\"resourceType\": \"Bundle\"}", "import.notCtgov"),
        (b"{\"protocolSection\": []}", "import.notCtgov"),
        (b"[]", "import.noRecords"),
        (
            b"{\"studies\": [], \"nextPageToken\": \"x\"}",
            "import.noRecords",
        ),
    ];
    for (bytes, code) in cases {
        let refusal = refusal(bytes);
        assert_eq!(refusal.code(), code, "{}", String::from_utf8_lossy(bytes));
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
                matches!(code, "import.truncated" | "import.notText"),
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
        assert_eq!(refusal(&bytes), ReadError::OldXml);
        n_files += 1;
    }
    assert_eq!(n_files, 28);
}

#[test]
fn a_byte_order_mark_and_the_list_answer_are_fine() {
    let answer = json!({"studies": [record("NCT00000001"), record("NCT00000002")]});
    let bytes = [b"\xef\xbb\xbf".as_slice(), answer.to_string().as_bytes()].concat();
    let numbers: Vec<String> = ctgov::read(&bytes)
        .into_iter()
        .map(|r| r.expect("understood").source_id)
        .collect();
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
        .map(|r| r.as_ref().map_or_else(Refusal::code, |_| "read"))
        .collect();
    assert_eq!(
        codes,
        [
            "read",
            "import.noNumber",
            "import.noNumber",
            "import.notCtgov",
            "import.noNumber",
            "import.numberTwice",
            "read",
        ]
    );
    let refused: Vec<&Refusal> = records.iter().filter_map(|r| r.as_ref().err()).collect();
    assert_eq!((refused[0].number.as_str(), refused[0].index), ("NCT1", 1));
    assert_eq!((refused[1].title.as_str(), refused[1].index), ("Seven", 2));
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
        "import.tooManyRecords"
    );
    let large = vec![b' '; usize::try_from(ctgov::BYTES_MAX).expect("a size") + 1];
    assert_eq!(refusal(&large), ReadError::TooLarge { bytes: large.len() });
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
            .contains(&"import.warning.codeUnknown".to_owned())
    );
    for code in &study.warnings {
        assert!(model::label::get(code).is_some(), "{code} has no words");
    }
}
