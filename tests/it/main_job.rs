//! The main job on real records: read, search, edit, print, copy, restore.

use crate::laptop::Laptop;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn records() -> Option<PathBuf> {
    testkit::shared("data/ctgov/v2")
}

/// By value, whatever the order of keys.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let map: BTreeMap<_, _> = map.iter().map(|(k, v)| (k.clone(), sorted(v))).collect();
            map.into_iter().collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[test]
fn real_records_come_in_and_go_out_unharmed() {
    let Some(folder) = records() else {
        eprintln!("skipped: the shared registry records are not here");
        return;
    };
    let laptop = Laptop::of("李示例");
    let folder_text = folder.to_str().expect("text");
    let report = laptop.json(&["import", folder_text]);
    let entries = report.as_array().expect("entries");
    assert_eq!(entries.len(), 298);
    assert!(entries.iter().all(|entry| entry["status"] == "imported"));
    let again = laptop.json(&["import", folder_text]);
    let unchanged = |entry: &Value| entry["status"] == "unchanged";
    assert!(again.as_array().expect("entries").iter().all(unchanged));

    for entry in entries.iter().step_by(29) {
        let number = entry["number"].as_str().expect("a number");
        let out = laptop.path("out.json");
        let out_text = out.to_str().expect("text");
        laptop.ok(&[
            "study", "export", number, "--format", "ctgov", "-o", out_text,
        ]);
        let read = |path: PathBuf| -> Value {
            serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
        };
        let original = read(folder.join(format!("{number}.json")));
        let exported = read(out);
        assert_eq!(
            sorted(&exported["protocolSection"]),
            sorted(&original["protocolSection"]),
            "{number}"
        );
    }

    let number = entries[0]["number"].as_str().expect("a number");
    laptop.ok(&["edit", number, "title.zh", "晚期肺癌联合治疗研究"]);
    for query in ["肺", "肺癌", "联合治疗"] {
        let hits = laptop.json(&["search", query]);
        assert!(
            hits.as_array()
                .expect("hits")
                .iter()
                .any(|hit| hit["number"] == number),
            "{query}: {hits}"
        );
    }

    let copy = laptop.path("copy.pideskbackup");
    laptop.ok(&["backup", "-o", copy.to_str().expect("text")]);
    let digest = laptop.digest();
    let other = Laptop::bare();
    other.ok(&["restore", copy.to_str().expect("text")]);
    assert_eq!(other.digest(), digest, "unsent edits included");
}

#[test]
fn a_study_by_hand_becomes_two_documents() {
    let laptop = Laptop::of("李示例");
    let words = [
        "study",
        "new",
        "title.zh=早期帕金森病运动干预",
        "--template",
        "cn-iit-interventional",
        "--hospital",
        "huashan",
        "--hospital",
        "ruijin",
    ];
    let study = laptop.json(&words)["study"]
        .as_str()
        .expect("an id")
        .to_owned();
    let shown = laptop.json(&["study", "show", &study]);
    let sites: Vec<_> = shown["parts"]
        .as_array()
        .expect("parts")
        .iter()
        .filter(|part| part["kind"] == "site")
        .collect();
    assert_eq!(sites.len(), 2);
    let contact = laptop.ok(&[
        "add",
        &study,
        "contact",
        "name.zh=张示例",
        "role=CRC",
        "phone=021-0000 0001",
    ]);
    assert!(contact.starts_with("contact/"));
    laptop.ok(&["archive", &study, contact.trim()]);
    laptop.ok(&["restore-part", &study, contact.trim()]);
    for (kind, lang) in [("dossier", "zh"), ("dossier", "both"), ("submission", "zh")] {
        let out = laptop.path("out.pdf");
        let mut words = vec![
            "pdf",
            &study,
            "--kind",
            kind,
            "--lang",
            lang,
            "-o",
            out.to_str().expect("text"),
        ];
        if kind == "submission" {
            words.extend(["--site", "ruijin"]);
        }
        laptop.ok(&words);
        let bytes = std::fs::read(&out).expect("a file");
        assert!(bytes.starts_with(b"%PDF-"), "{kind} {lang}");
    }
    assert_eq!(laptop.json(&["conflicts"]), json!([]));
}
