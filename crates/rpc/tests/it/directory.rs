//! The directory and delegation logs, as the interface gets them.

use crate::host::Laptop;
use serde_json::{Value, json};

async fn list(laptop: &Laptop, query: &str) -> Value {
    let ask = json!({"query": query, "archived": false, "skip": 0, "limit": 50});
    laptop.call("directory.list", ask).await
}

async fn add(laptop: &Laptop, study: &Value, kind: &str, parent: Value, fields: Value) -> Value {
    let add = json!({"study": study, "kind": kind, "parent": parent, "fields": fields,
        "after": null});
    laptop.call("entity.add", add).await["entity"].clone()
}

#[tokio::test]
async fn a_person_has_a_hospital_a_credential_and_a_duty() {
    let laptop = Laptop::with_sample().await;
    let directory = list(&laptop, "").await["directory"].clone();
    let hospital = json!({"name.zh": "第一中心医院", "kind": "HOSPITAL"});
    let hospital = add(&laptop, &directory, "organisation", Value::Null, hospital).await;
    let person = json!({"name.zh": "钱多多", "mobile": "13900000001",
        "organisation": {"$ref": hospital}});
    let person = add(&laptop, &directory, "individual", Value::Null, person).await;
    let gcp = json!({"kind": "GCP", "issued": "2022-01-01", "validUntil": "2025-01-01"});
    add(&laptop, &directory, "credential", person.clone(), gcp).await;
    let found = list(&laptop, "钱 第一中心").await;
    assert_eq!(
        (&found["nPeople"], &found["people"][0]["id"]),
        (&json!(1), &person)
    );
    assert_eq!(list(&laptop, "没有这个人").await["nPeople"], 0);

    let study = json!(laptop.study().await);
    let link = json!({"$ref": person, "stream": directory});
    let duty = json!({"person": link, "role": "CRC", "from": "2026-01-01"});
    add(&laptop, &study, "assignment", Value::Null, duty).await;
    let log = laptop
        .call("delegation.get", json!({"study": study, "site": null}))
        .await;
    let rows = log["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["nameZh"] == "钱多多").unwrap();
    assert!(row["findings"].to_string().contains("GCP"), "{row}");
    let sheet = laptop.call("person.get", json!({ "id": person })).await;
    assert_eq!(sheet["row"]["nStudies"], 1);
    assert_eq!(sheet["credentials"].as_array().unwrap().len(), 1);
    let sheet = laptop
        .call("organisation.get", json!({ "id": hospital }))
        .await;
    assert_eq!(sheet["people"][0]["id"], person);
}

#[tokio::test]
async fn records_and_spellings_are_joined_only_when_somebody_says_so() {
    let laptop = Laptop::with_sample().await;
    let directory = list(&laptop, "").await["directory"].clone();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let person = json!({"name.zh": "孙二", "mobile": "13900000002"});
        ids.push(add(&laptop, &directory, "individual", Value::Null, person).await);
    }
    let sheet = laptop.call("spelling.suggest", json!({})).await;
    let doubled = sheet["doubled"].as_array().unwrap();
    assert!(
        doubled
            .iter()
            .any(|one| one["names"] == json!(["孙二", "孙二"]))
    );
    assert_eq!(
        list(&laptop, "孙二").await["nPeople"],
        2,
        "nothing is joined by itself"
    );
    let join = json!({"keep": ids[0], "other": ids[1]});
    laptop.call("directory.join", join.clone()).await;
    assert_eq!(list(&laptop, "孙二").await["nPeople"], 1);
    assert_eq!(
        laptop.refused("directory.join", join).await,
        "desk.error.notJoinable"
    );
    laptop.call("edit.undo", json!({})).await;
    assert_eq!(list(&laptop, "孙二").await["nPeople"], 2);

    let hospital = json!({"name.zh": "复旦大学附属中山医院", "city": "上海"});
    let hospital = add(&laptop, &directory, "organisation", Value::Null, hospital).await;
    let study = json!(laptop.study().await);
    let site = json!({"facility.zh": "中山医院", "city": "上海"});
    let site = add(&laptop, &study, "site", Value::Null, site).await;
    let join = json!({"organisation": hospital, "sites": [{"study": study, "site": site}]});
    laptop.call("spelling.join", join).await;
    let sheet = laptop
        .call("organisation.get", json!({ "id": hospital }))
        .await;
    assert_eq!(sheet["row"]["nSites"], 1);
}
