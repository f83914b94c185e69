//! The matrix of submissions as a table.

use crate::host::Laptop;
use serde_json::{Value, json};

#[tokio::test]
async fn a_table_holds_the_sites_and_submissions_that_are_shown() {
    let laptop = Laptop::with_sample().await;
    let study = laptop.study().await;
    let matrix = laptop
        .call("submission.matrix", json!({ "study": study }))
        .await;
    let rows = matrix["rows"].as_array().expect("sites");
    let [first, second] = [&rows[0], &rows[1]];
    let mut begun: Vec<Value> = Vec::new();
    for (site, kind) in [
        (first, "exemption"),
        (first, "consentWaiver"),
        (second, "exemption"),
    ] {
        let new = json!({"study": study, "site": site["site"], "kind": kind, "forms": "",
            "version": null});
        begun.push(laptop.call("submission.new", new).await["entity"].clone());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("table.csv");
    let export = json!({"study": study, "format": "csv", "lang": "zh", "path": path,
        "sites": [first["site"]], "submissions": [begun[1], begun[2]]});
    laptop.call("submission.export", export).await;
    let table = std::fs::read_to_string(&path).expect("a table");
    let lines: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(lines.len(), 1, "{table}");
    assert!(lines[0].contains(first["siteName"].as_str().expect("a name")));
    assert!(lines[0].contains("知情同意"), "{table}");
}
