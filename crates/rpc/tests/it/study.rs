//! A study as the interface gets it.

use crate::host::Laptop;
use serde_json::json;

#[tokio::test]
async fn comes_without_the_manifests_of_its_versions() {
    let laptop = Laptop::with_sample().await;
    let study = laptop.study().await;
    // The sample's conflict about the sample size is left out by name.
    let freeze = json!({"study": study, "number": "1.1", "date": "2026-12-01", "base": null,
        "fields": {}, "leaveOut": ["enrollment"]});
    laptop.call("version.freeze", freeze).await;
    let answer = laptop.call("study.get", json!({ "study": study })).await;
    let text = answer.to_string();
    // The fields of a version are there, what it froze (as long as a protocol) is not.
    assert!(text.contains("\"kind\":\"version\""), "{}", &text[..400]);
    assert!(!text.contains("\"manifest\""));
}
