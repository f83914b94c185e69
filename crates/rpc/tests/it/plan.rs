//! Plans, what is due, working days, and the sheets made of them, as the interface gets them.

use crate::host::Laptop;
use serde_json::{Value, json};

async fn site(laptop: &Laptop, study: &str) -> Value {
    let plan = laptop.call("plan.get", json!({ "study": study })).await;
    let lanes = plan["lanes"].as_array().unwrap().clone();
    lanes
        .into_iter()
        .find(|lane| !lane["site"].is_null())
        .unwrap()["site"]
        .clone()
}

#[tokio::test]
async fn a_list_becomes_milestones_that_plan_today_and_readiness_show() {
    let laptop = Laptop::with_sample().await;
    let fields = json!({"title.zh": "六家医院"});
    let made = json!({"fields": fields, "template": null, "hospitals": []});
    let study = laptop.call("study.create", made).await["study"].clone();
    let add = json!({"study": study, "kind": "site", "parent": null,
        "fields": {"facility.zh": "中山医院"}, "after": null});
    let site = laptop.call("entity.add", add).await["entity"].clone();
    let lists = laptop.call("milestone.lists", json!({})).await;
    let lists = lists["lists"].as_array().unwrap().clone();
    let list = lists.iter().find(|list| list["level"] == "site").unwrap();
    let ask = json!({"study": study, "site": site, "list": list["key"], "dates": {}});
    let preview = laptop.call("milestone.preview", ask).await;
    let rows = preview["rows"].as_array().unwrap();
    assert!(rows.len() > 5);
    let chosen: Vec<Value> = rows
        .iter()
        .map(|row| json!({"key": row["key"], "planned": "2026-12-07"}))
        .collect();
    let apply = json!({"study": study, "sites": [site], "list": list["key"], "rows": chosen});
    laptop.call("milestone.apply", apply).await;

    let plan = laptop.call("plan.get", json!({ "study": study })).await;
    let lanes = plan["lanes"].as_array().unwrap();
    let lane = lanes.iter().find(|lane| lane["site"] == site).unwrap();
    assert_eq!(lane["rows"].as_array().unwrap().len(), rows.len());
    // The bench's clock stands in November 2026.
    let today = laptop.call("today.get", json!({"days": 60})).await;
    let lines = today["lines"].as_array().unwrap();
    assert!(
        lines
            .iter()
            .any(|line| line["study"] == study && line["site"] == site)
    );
    let ready = laptop
        .call("readiness.get", json!({"study": study, "site": site}))
        .await;
    assert_eq!(ready["nDone"], 0);
    assert!(!ready["blocking"].as_array().unwrap().is_empty());

    let row = lane["rows"][0].clone();
    let dates = json!([{"milestone": row["id"], "date": "2026-12-07", "seen": row["seen"]["baseline"]
        .as_array().cloned().unwrap_or_default()}]);
    let baseline = json!({"study": study, "dates": dates, "why": ""});
    laptop.call("plan.baseline", baseline).await;
    let moved =
        json!([{"milestone": row["id"], "date": "2027-01-11", "seen": row["seen"]["planned"]}]);
    let silent = json!({"study": study, "dates": moved, "why": " "});
    assert_eq!(
        laptop.refused("plan.replan", silent).await,
        "desk.error.whyMissing"
    );
    let replan = json!({"study": study, "dates": moved, "why": "合同推迟"});
    laptop.call("plan.replan", replan).await;
    let plan = laptop.call("plan.get", json!({ "study": study })).await;
    let lanes = plan["lanes"].as_array().unwrap();
    let all = lanes
        .iter()
        .flat_map(|lane| lane["rows"].as_array().unwrap());
    let now = all.clone().find(|one| one["id"] == row["id"]).unwrap();
    assert_eq!(
        (&now["baseline"], &now["planned"]),
        (&json!("2026-12-07"), &json!("2027-01-11"))
    );
    assert_eq!(now["slip"], 35);

    let other = laptop.study().await;
    let clone = json!({"from": study, "fromSite": site, "to": other, "toSite": null});
    laptop.call("milestone.clone", clone).await;
    let spans = laptop.call("plan.all", json!({})).await;
    assert!(
        spans["studies"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["study"] == study)
    );
}

#[tokio::test]
async fn a_deadline_runs_from_its_event_and_years_come_from_a_file() {
    let laptop = Laptop::with_sample().await;
    let study = laptop.study().await;
    let lists = laptop.call("milestone.lists", json!({})).await;
    let rules = lists["deadlines"].as_object().unwrap().values();
    let rule = rules
        .filter_map(Value::as_array)
        .flatten()
        .find(|rule| rule["key"].is_string())
        .unwrap()
        .clone();
    let start = json!({"study": study, "key": rule["key"], "site": site(&laptop, &study).await,
        "trigger": "2026-11-20T22:30", "period": "15d", "date": "", "note": ""});
    let made = laptop.call("deadline.start", start).await["milestone"].clone();
    let plan = laptop.call("plan.get", json!({ "study": study })).await;
    let lanes = plan["lanes"].as_array().unwrap();
    let mut rows = lanes
        .iter()
        .flat_map(|lane| lane["rows"].as_array().unwrap());
    let row = rows.find(|row| row["id"] == made).unwrap();
    assert_eq!(
        (&row["what"], &row["due"]),
        (&json!("deadline"), &json!("2026-12-04"))
    );

    let years = laptop.call("calendar.years", json!({})).await;
    assert!(
        years["years"]
            .as_array()
            .unwrap()
            .iter()
            .any(|year| year["year"] == 2026)
    );
    let nothing = laptop.path("nothing.json").display().to_string();
    std::fs::write(&nothing, "[1, 2]").unwrap();
    let code = laptop
        .refused("calendar.load", json!({"path": nothing}))
        .await;
    assert_eq!(code, "desk.error.year");
}

#[tokio::test]
async fn the_sheets_of_a_site_and_the_timeline_are_written() {
    let laptop = Laptop::with_sample().await;
    if !rpc::places::fonts().exists() {
        eprintln!("skipped: fonts are not here");
        return;
    }
    let study = laptop.study().await;
    let site = site(&laptop, &study).await;
    for kind in ["readiness", "delegation", "timeline"] {
        let path = laptop.path(&format!("{kind}.pdf"));
        let export = json!({"study": study, "kind": kind, "site": site, "version": null,
            "lang": "zh", "path": path.display().to_string()});
        let written = laptop.call("export.pdf", export).await;
        assert!(written["pages"].as_u64().unwrap() >= 1, "{kind}");
        assert!(std::fs::read(&path).unwrap().starts_with(b"%PDF"), "{kind}");
    }
    let none = json!({"study": study, "kind": "readiness", "site": null, "version": null,
        "lang": "zh", "path": laptop.path("none.pdf").display().to_string()});
    assert_eq!(laptop.refused("export.pdf", none).await, "failure.noSite");
}
