//! Contacts and calendars as files, as the interface takes them in and gives them out.

use crate::host::Laptop;
use serde_json::{Value, json};

const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:丁;小丽;;;\r\nFN:丁小丽\r\n\
ORG:复旦大学附属中山医院;肿瘤内科\r\nTITLE:副主任医师\r\nTEL;TYPE=CELL:13800138000\r\n\
EMAIL:ding@example.com\r\nBDAY:1980-01-01\r\nEND:VCARD\r\n\
BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E8=8A=B3\r\n\
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=E8=8A=B3\r\nTEL;WORK:021-64041990\r\n\
ORG;CHARSET=UTF-8:复旦大学附属中山医院\r\nEND:VCARD\r\n\
BEGIN:VCARD\r\nVERSION:4.0\r\nFN:\r\nEND:VCARD\r\n";

fn write(laptop: &Laptop, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = laptop.path(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

async fn read(laptop: &Laptop, path: &str) -> Value {
    let req = json!({"study": null, "path": path, "charset": null, "mapping": null});
    laptop.call("contact.read", req).await
}

fn all(preview: &Value) -> Value {
    let n = preview["rows"].as_array().unwrap().len();
    let rows: Vec<Value> = (0..n)
        .map(|row| json!({"row": row, "into": null, "site": null}))
        .collect();
    json!({"preview": preview["preview"], "rows": rows})
}

async fn people(laptop: &Laptop) -> Vec<Value> {
    let list = json!({"query": "", "archived": false, "skip": 0, "limit": 1000});
    let answer = laptop.call("directory.list", list).await;
    answer["people"].as_array().unwrap().clone()
}

fn export(format: &str, path: &str) -> Value {
    json!({"study": null, "people": [], "format": format, "lang": "zh", "to": "伦理办公室",
        "purpose": "联系受理", "path": path})
}

#[tokio::test]
async fn cards_come_in_once_and_the_second_time_are_known() {
    let laptop = Laptop::with_sample().await;
    let n_before = people(&laptop).await.len();
    let path = write(&laptop, "phone.vcf", CARDS);
    let preview = read(&laptop, &path).await;
    assert_eq!(preview["rows"][0]["name"], "丁小丽");
    let phone = json!({"number": "13800138000", "extension": "", "line": "mobile", "label": ""});
    assert_eq!(preview["rows"][0]["phones"], json!([phone]));
    assert_eq!(preview["rows"][0]["alike"], Value::Null);
    assert_eq!(preview["leftOut"][0]["reason"], "card.left.nobody");
    assert_eq!(preview["notKept"], json!(["BDAY"]));
    // Looking writes nothing.
    assert_eq!(people(&laptop).await.len(), n_before);

    let taken = laptop.call("contact.import", all(&preview)).await;
    assert_eq!(taken["added"], 2);
    assert_eq!(taken["organisations"].as_u64().unwrap() <= 1, true);
    let now = people(&laptop).await;
    assert_eq!(now.len(), n_before + 2);
    let ding = now.iter().find(|row| row["nameZh"] == "丁小丽").unwrap();
    assert_eq!(ding["mobile"], "13800138000");
    assert_eq!(ding["organisationName"]["zh"], "复旦大学附属中山医院");
    assert_eq!(ding["department"]["zh"], "肿瘤内科");
    // A preview is carried out once.
    let gone = laptop.refused("contact.import", all(&preview)).await;
    assert_eq!(gone, "failure.noPreview");

    // The same card with more in it completes her and changes nothing that she has.
    let more = CARDS.replace("TITLE:副主任医师", "TITLE:主任医师\r\nX-WECHAT:dxl");
    let path = write(&laptop, "later.vcf", more);
    let preview = read(&laptop, &path).await;
    let alike = &preview["rows"][0]["alike"];
    assert_eq!(
        (&alike["id"], &alike["why"]),
        (&ding["id"], &json!("nameAndDetail"))
    );
    assert_eq!(preview["rows"][0]["sure"], true);
    assert_eq!(preview["rows"][0]["knownOrganisation"], true);
    let chosen = json!({"preview": preview["preview"],
        "rows": [{"row": 0, "into": ding["id"], "site": null}]});
    let taken = laptop.call("contact.import", chosen).await;
    assert_eq!(
        taken,
        json!({"added": 0, "completed": 1, "organisations": 0})
    );
    let now = people(&laptop).await;
    let ding = now.iter().find(|row| row["nameZh"] == "丁小丽").unwrap();
    assert_eq!(
        (&ding["title"]["zh"], &ding["wechat"]),
        (&json!("副主任医师"), &json!("dxl"))
    );

    // One step back takes the whole file back.
    laptop.call("edit.undo", json!({})).await;
    laptop.call("edit.undo", json!({})).await;
    assert_eq!(people(&laptop).await.len(), n_before);
}

#[tokio::test]
async fn an_import_is_whole_or_not_at_all() {
    let laptop = Laptop::with_sample().await;
    let before = people(&laptop).await.len();
    let path = write(&laptop, "phone.vcf", CARDS);
    let preview = read(&laptop, &path).await;
    let nobody = "0190a6c4-0000-7000-8000-00000000ffff";
    let chosen = json!({"preview": preview["preview"], "rows": [
        {"row": 0, "into": null, "site": null}, {"row": 1, "into": nobody, "site": null}]});
    let code = laptop.refused("contact.import", chosen).await;
    assert_eq!(code, "desk.error.notFound");
    assert_eq!(people(&laptop).await.len(), before);
    // The person can choose again.
    laptop.call("contact.import", all(&preview)).await;
    assert_eq!(people(&laptop).await.len(), before + 2);
}

#[tokio::test]
async fn the_columns_of_a_table_are_mapped_once() {
    let laptop = Laptop::with_sample().await;
    let table = "\u{feff}谁,手机,单位,生日\r\n赵一,13900139001,华山医院,1/1\r\n";
    let path = write(&laptop, "team.csv", table);
    let preview = read(&laptop, &path).await;
    // No head says that this is a name.
    assert_eq!(preview["rows"], json!([]));
    let mut mapping = preview["mapping"].clone();
    assert_eq!(mapping["sheets"][0]["rows"], "skip");
    mapping["sheets"][0] = json!({"sheet": "", "rows": "contacts", "headRow": 1, "columns": [
        {"column": 1, "head": "谁", "field": "name"}, {"column": 2, "head": "手机", "field": "mobile"},
        {"column": 3, "head": "单位", "field": "affiliation"}, {"column": 4, "head": "生日", "field": ""}]});
    let req = json!({"study": null, "path": path, "charset": null, "mapping": mapping});
    let preview = laptop.call("contact.read", req).await;
    assert_eq!(preview["rows"][0]["name"], "赵一");
    let fields: Vec<_> = preview["choices"].as_array().unwrap().iter().collect();
    assert!(
        fields
            .iter()
            .any(|one| one["field"] == "mobile" && one["zh"] == "手机")
    );
    laptop.call("contact.import", all(&preview)).await;

    let later = "\u{feff}生日,单位,谁,手机\r\n1/1,华山医院,钱二,13900139002\r\n";
    let path = write(&laptop, "later.csv", later);
    let preview = read(&laptop, &path).await;
    assert_eq!(preview["rows"][0]["name"], "钱二");
    assert_eq!(preview["rows"][0]["knownOrganisation"], true);
}

#[tokio::test]
async fn a_certificate_of_a_table_is_held_by_whom_it_names() {
    let laptop = Laptop::with_sample().await;
    let until = async |name: &str| -> Vec<Value> {
        let people = people(&laptop).await;
        let row = people.iter().find(|row| row["nameZh"] == name).unwrap();
        let entry = json!({"id": row["id"]});
        let sheet = laptop.call("person.get", entry).await;
        let held = sheet["credentials"].as_array().unwrap().iter();
        held.map(|one| one["fields"]["validUntil"]["heads"][0]["value"].clone())
            .collect()
    };
    let table = |day: &str| format!("\u{feff}姓名,手机,GCP证书到期\r\n赵一,13900139001,{day}\r\n");
    for (day, completed, held) in [
        ("2027/3/31", 0, vec!["2027-03-31"]),
        // What is valid as long is here already.
        ("2027-03-31", 0, vec!["2027-03-31"]),
        ("2026-12-31", 0, vec!["2027-03-31"]),
        ("2030年3月31日", 1, vec!["2027-03-31", "2030-03-31"]),
    ] {
        let path = write(&laptop, "team.csv", table(day));
        let preview = read(&laptop, &path).await;
        let row = &preview["rows"][0];
        assert_eq!(row["gcpUntil"].as_str().unwrap().len(), 10, "{day}");
        let into = row["alike"]["id"].clone();
        let import = json!({"preview": preview["preview"],
            "rows": [{"row": 0, "into": into, "site": null}]});
        let taken = laptop.call("contact.import", import).await;
        assert_eq!(taken["completed"], completed, "{day}");
        assert_eq!(until("赵一").await, held, "{day}");
    }
}

#[tokio::test]
async fn every_export_says_to_whom_and_why() {
    let laptop = Laptop::with_sample().await;
    let path = write(&laptop, "phone.vcf", CARDS);
    let preview = read(&laptop, &path).await;
    laptop.call("contact.import", all(&preview)).await;
    let n = people(&laptop).await.len();
    let out = laptop.path("out.vcf").display().to_string();
    let mut silent = export("vcf", &out);
    silent["to"] = json!(" ");
    assert_eq!(
        laptop.refused("contact.export", silent).await,
        "desk.error.invalid"
    );
    assert!(
        !laptop.path("out.vcf").exists(),
        "nothing leaves without the log"
    );

    for format in ["vcf", "zip", "csv", "xlsx"] {
        let out = laptop.path(&format!("out.{format}")).display().to_string();
        laptop.call("contact.export", export(format, &out)).await;
        // What was given out is known when it comes back, each by her own id.
        let back = read(&laptop, &out).await;
        let rows = back["rows"].as_array().unwrap();
        assert_eq!(rows.len(), n, "{format}");
        assert!(
            rows.iter().all(|row| row["alike"]["why"] == "id"),
            "{format}: {rows:?}"
        );
    }
    let log = laptop.call("contact.exports", json!({})).await;
    let rows = log["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    let formats: std::collections::BTreeSet<_> = rows
        .iter()
        .map(|row| row["format"].as_str().unwrap())
        .collect();
    assert_eq!(formats.len(), 4);
    assert_eq!(
        (&rows[0]["to"], &rows[0]["n"]),
        (&json!("伦理办公室"), &json!(n))
    );
    assert!(!rows[0]["byName"].as_str().unwrap().is_empty());
    // The log is no step that can be taken back, and cannot be put aside.
    let undone = laptop.call("edit.undo", json!({})).await;
    assert_eq!(undone["done"], true);
    let log = laptop.call("contact.exports", json!({})).await;
    assert_eq!(log["rows"].as_array().unwrap().len(), 4);
    let list = json!({"query": "", "archived": false, "skip": 0, "limit": 1});
    let directory = laptop.call("directory.list", list).await["directory"].clone();
    let away = json!({"study": directory, "entity": rows[0]["id"], "seen": []});
    let code = laptop.refused("entity.archive", away).await;
    assert_eq!(code, "desk.error.readOnlyField");
}

#[tokio::test]
async fn contacts_of_a_study_go_to_their_site() {
    let laptop = Laptop::with_sample().await;
    let study = laptop.study().await;
    let doc = laptop.call("study.get", json!({ "study": study })).await;
    let entities = doc["doc"]["entities"].as_array().unwrap().clone();
    let site = entities.iter().find(|one| one["kind"] == "site").unwrap();
    let name = site["fields"]["facility.zh"]["heads"][0]["value"]
        .as_str()
        .unwrap();
    let table = format!("姓名,角色,手机,中心\n孙三,研究护士,13900139003,{name}\n");
    let path = write(&laptop, "site.csv", table);
    let req = json!({"study": study, "path": path, "charset": null, "mapping": null});
    let preview = laptop.call("contact.read", req).await;
    assert_eq!(preview["rows"][0]["site"], site["id"]);
    let chosen = json!({"preview": preview["preview"],
        "rows": [{"row": 0, "into": null, "site": site["id"]}]});
    laptop.call("contact.import", chosen).await;
    let doc = laptop.call("study.get", json!({ "study": study })).await;
    let entities = doc["doc"]["entities"].as_array().unwrap();
    let text = |one: &Value, field: &str| one["fields"][field]["heads"][0]["value"].clone();
    let sun = entities
        .iter()
        .find(|one| one["kind"] == "contact" && text(one, "name.zh") == "孙三")
        .unwrap();
    assert_eq!(sun["parent"], site["id"]);
    assert_eq!(text(sun, "role"), "RESEARCH_NURSE");
    assert_eq!(text(sun, "phone"), "13900139003");
    let req = json!({"study": study, "people": [sun["id"]], "format": "vcf", "lang": "zh",
        "to": "CRO", "purpose": "培训", "path": laptop.path("sun.vcf").display().to_string()});
    laptop.call("contact.export", req).await;
    let written = std::fs::read_to_string(laptop.path("sun.vcf")).unwrap();
    assert!(
        written.contains("FN:孙三") && written.contains(name),
        "{written}"
    );
}

#[tokio::test]
async fn what_is_no_contact_file_is_refused_in_words() {
    let laptop = Laptop::with_sample().await;
    for (name, bytes, code) in [
        (
            "a.ics",
            &b"BEGIN:VCALENDAR\nEND:VCALENDAR\n"[..],
            "card.refused.calendar",
        ),
        ("a.vcf", b"", "card.refused.empty"),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "table.refused.oldOrEncrypted",
        ),
        ("a.xlsx", b"PK\x03\x04 cut", "table.refused.damaged"),
    ] {
        let path = write(&laptop, name, bytes);
        let req = json!({"study": null, "path": path, "charset": null, "mapping": null});
        assert_eq!(laptop.refused("contact.read", req).await, code, "{name}");
    }
    let req = json!({"study": null, "path": laptop.path("none.vcf").display().to_string(),
        "charset": null, "mapping": null});
    assert_eq!(laptop.refused("contact.read", req).await, "failure.read");
    let path = write(&laptop, "b.vcf", CARDS);
    let req = json!({"study": null, "path": path, "charset": "Klingon", "mapping": null});
    assert_eq!(laptop.refused("contact.read", req).await, "failure.charset");
}

#[tokio::test]
async fn a_calendar_keeps_its_ids_and_counts_up() {
    let laptop = Laptop::with_sample().await;
    let study = laptop.study().await;
    let out = laptop.path("days.ics").display().to_string();
    let req = json!({"study": study, "lang": "zh", "path": out});
    laptop.call("calendar.export", req.clone()).await;
    let first = std::fs::read(laptop.path("days.ics")).unwrap();
    let events = exchange::ics::read(&first).unwrap().events;
    assert!(!events.is_empty());
    // Nothing changed: the same file.
    laptop.call("calendar.export", req.clone()).await;
    assert_eq!(std::fs::read(laptop.path("days.ics")).unwrap(), first);

    let plan = laptop.call("plan.get", json!({ "study": study })).await;
    let lanes = plan["lanes"].as_array().unwrap().iter();
    let rows = lanes.flat_map(|lane| lane["rows"].as_array().unwrap());
    let row = rows
        .clone()
        .find(|row| row["what"] == "milestone" && row["planned"] != "" && row["actual"] == "")
        .unwrap();
    let replan = json!({"study": study, "why": "合同推迟", "dates": [
        {"milestone": row["id"], "date": "2027-05-06", "seen": row["seen"]["planned"]}]});
    laptop.call("plan.replan", replan).await;
    laptop.call("calendar.export", req).await;
    let text = std::fs::read_to_string(laptop.path("days.ics")).unwrap();
    let later = exchange::ics::read(text.as_bytes()).unwrap().events;
    let ids = |events: &[exchange::ics::Event]| -> Vec<String> {
        events.iter().map(|event| event.uid.clone()).collect()
    };
    assert_eq!(ids(&later), ids(&events));
    let sequence = |text: &str| -> u32 {
        let of = text.split("BEGIN:VEVENT").find(|part| {
            let part = part.replace("\r\n ", "");
            part.contains(&format!("UID:{}@", row["id"].as_str().unwrap()))
        });
        let line = of
            .unwrap()
            .lines()
            .find_map(|line| line.strip_prefix("SEQUENCE:"));
        line.unwrap().parse().unwrap()
    };
    assert!(sequence(&text) > sequence(&String::from_utf8(first).unwrap()));
    assert!(text.contains("BEGIN:VALARM") && text.contains("DTSTART;VALUE=DATE:20270506"));
    let all = json!({"study": null, "lang": "en", "path": out});
    laptop.call("calendar.export", all).await;
    let every = std::fs::read(laptop.path("days.ics")).unwrap();
    assert!(exchange::ics::read(&every).unwrap().events.len() >= later.len());
}

#[tokio::test]
async fn the_coordinators_workbook_moves_dates_after_a_look() {
    let laptop = Laptop::with_sample().await;
    let study = laptop.study().await;
    let out = laptop.path("plan.csv").display().to_string();
    let export = json!({"study": study, "format": "csv", "lang": "zh", "path": out});
    laptop.call("milestone.export", export).await;
    let read = json!({"study": study, "path": out, "charset": null, "mapping": null, "sites": {}});
    let preview = laptop.call("milestone.read", read.clone()).await;
    let rows = preview["rows"].as_array().unwrap();
    assert!(rows.len() > 3);
    assert!(rows.iter().all(|row| row["act"] == "same"), "{rows:?}");

    let plan = laptop.call("plan.get", json!({ "study": study })).await;
    let lanes = plan["lanes"].as_array().unwrap().iter();
    let all: Vec<Value> = lanes
        .flat_map(|lane| lane["rows"].as_array().unwrap().clone())
        .collect();
    let row = all
        .iter()
        .find(|row| row["what"] == "milestone" && row["planned"] != "" && row["actual"] == "")
        .unwrap();
    let table = std::fs::read_to_string(&out).unwrap();
    let id = row["id"].as_str().unwrap();
    let moved: Vec<String> = table
        .lines()
        .map(|line| match line.contains(id) {
            true => line.replace(row["planned"].as_str().unwrap(), "2028-02-03"),
            false => line.to_owned(),
        })
        .collect();
    std::fs::write(
        &out,
        moved.join("\r\n") + "\r\n瓶颈评审,,自拟事项,,2028-03-01\r\n",
    )
    .unwrap();
    let preview = laptop.call("milestone.read", read.clone()).await;
    let rows = preview["rows"].as_array().unwrap();
    let place = rows.iter().position(|one| one["milestone"] == id).unwrap();
    let change = rows[place]["changes"].as_array().unwrap();
    assert!(
        change
            .iter()
            .any(|one| one["field"] == "planned" && one["to"] == "2028-02-03")
    );
    // A date does not move without a reason, and nothing else moves with it.
    let mut import = json!({"preview": preview["preview"], "rows": [place], "why": ""});
    let code = laptop.refused("milestone.import", import.clone()).await;
    assert_eq!(code, "desk.error.whyMissing");
    import["why"] = json!("合同推迟");
    laptop.call("milestone.import", import).await;
    let plan = laptop.call("plan.get", json!({ "study": study })).await;
    assert!(plan.to_string().contains("2028-02-03"));
    let again = laptop.call("milestone.read", read).await;
    assert_eq!(again["rows"][place]["act"], "same");
    laptop.call("edit.undo", json!({})).await;
    let plan = laptop.call("plan.get", json!({ "study": study })).await;
    assert!(!plan.to_string().contains("2028-02-03"));
}

#[tokio::test]
async fn a_workbook_of_sites_makes_milestones_where_none_are() {
    let laptop = Laptop::with_sample().await;
    let study = laptop.study().await;
    let doc = laptop.call("study.get", json!({ "study": study })).await;
    let entities = doc["doc"]["entities"].as_array().unwrap().clone();
    let site = entities.iter().find(|one| one["kind"] == "site").unwrap();
    let name = site["fields"]["facility.zh"]["heads"][0]["value"]
        .as_str()
        .unwrap();
    let table =
        format!("中心,事项,计划日期\n{name},院内质控会,2028-01-05\n火星医院,启动会,2028-01-06\n");
    let path = write(&laptop, "sites.csv", table);
    let read = json!({"study": study, "path": path, "charset": null, "mapping": null, "sites": {}});
    let preview = laptop.call("milestone.read", read).await;
    let acts: Vec<_> = preview["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["act"])
        .collect();
    assert_eq!(acts, ["new", "noSite"]);
    let import = json!({"preview": preview["preview"], "rows": [0, 1], "why": ""});
    laptop.call("milestone.import", import).await;
    let doc = laptop.call("study.get", json!({ "study": study })).await;
    let entities = doc["doc"]["entities"].as_array().unwrap();
    let new: Vec<_> = entities
        .iter()
        .filter(|one| one["kind"] == "milestone")
        .filter(|one| one.to_string().contains("院内质控会"))
        .collect();
    assert_eq!(new.len(), 1);
    assert_eq!(new[0]["parent"], site["id"]);
}

#[tokio::test]
async fn somebody_who_is_forgotten_is_in_no_answer() {
    let laptop = Laptop::with_sample().await;
    let path = write(&laptop, "phone.vcf", CARDS);
    let preview = read(&laptop, &path).await;
    laptop.call("contact.import", all(&preview)).await;
    let ding = people(&laptop).await;
    let ding = ding.iter().find(|row| row["nameZh"] == "丁小丽").unwrap();
    let forget = json!({"id": ding["id"], "why": ""});
    assert_eq!(
        laptop.refused("person.forget", forget).await,
        "desk.error.whyMissing"
    );
    laptop
        .call(
            "person.forget",
            json!({"id": ding["id"], "why": "本人要求"}),
        )
        .await;
    assert!(
        people(&laptop)
            .await
            .iter()
            .all(|row| row["id"] != ding["id"])
    );
    let out = laptop.path("out.vcf").display().to_string();
    laptop.call("contact.export", export("vcf", &out)).await;
    let sheet = laptop.call("person.get", json!({"id": ding["id"]})).await;
    let history = json!({"study": null, "entity": null, "field": null, "limit": 500, "skip": 0});
    let history = laptop.call("history.list", history).await;
    for said in [
        std::fs::read_to_string(&out).unwrap(),
        sheet.to_string(),
        history.to_string(),
    ] {
        assert!(
            !said.contains("丁小丽") && !said.contains("13800138000"),
            "{said}"
        );
    }
    let report = laptop.call("vault.verify", json!({})).await;
    assert_eq!(
        (&report["problems"], &report["projectionsEqual"]),
        (&json!([]), &json!(true))
    );
}
