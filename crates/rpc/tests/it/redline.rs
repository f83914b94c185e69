//! Two texts compared, as the interface gets them.

use crate::host::Laptop;
use serde_json::{Value, json};

const OLD: &str = r#"{"mime":"image/png","data":"AAAA"}"#;
const NEW: &str = r#"{"mime":"image/png","data":"BBBB"}"#;

async fn a_block(laptop: &Laptop, study: &str) -> Value {
    let answer = laptop.call("study.get", json!({ "study": study })).await;
    let entities = answer["doc"]["entities"].as_array().unwrap();
    let is_text = |one: &&Value| one["kind"] == "block" && one["fields"]["text.zh"].is_object();
    entities.iter().find(is_text).unwrap().clone()
}

async fn set(laptop: &Laptop, study: &str, field: &str, value: &str) {
    let block = a_block(laptop, study).await;
    let heads = block["fields"][field]["heads"].as_array().cloned();
    let seen: Vec<_> = heads
        .into_iter()
        .flatten()
        .map(|head| head["op"].clone())
        .collect();
    let change = json!({"do": "set", "entity": block["id"], "field": field, "value": value,
        "seen": seen});
    let save = json!({"study": study, "changes": [change], "why": null});
    laptop.call("protocol.save", save).await;
}

#[tokio::test]
async fn shows_the_old_picture_where_the_new_one_is_another() {
    let laptop = Laptop::with_sample().await;
    let study = laptop.study().await;
    set(&laptop, &study, "type", "figure").await;
    set(&laptop, &study, "image", OLD).await;
    let freeze = json!({"study": study, "number": "1.1", "date": "2026-12-01", "base": null,
        "fields": {}, "leaveOut": ["enrollment"]});
    let frozen = laptop.call("version.freeze", freeze).await;
    let sides = json!({"study": study, "from": frozen["version"], "to": null});

    let block = a_block(&laptop, &study).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let pictures = laptop.call("redline.pictures", sides.clone()).await;
    // A picture that is kept is sent once.
    assert_eq!(pictures, json!({"old": {}, "new": {&block: OLD}}));

    set(&laptop, &study, "image", NEW).await;
    let pictures = laptop.call("redline.pictures", sides).await;
    assert_eq!(
        pictures,
        json!({"old": {&block: OLD}, "new": {&block: NEW}})
    );
}
