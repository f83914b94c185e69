//! Contacts, the calendar and a coordinator's table, through the command line.

use crate::laptop::Laptop;
use serde_json::json;

fn write(laptop: &Laptop, name: &str, text: &str) -> String {
    let path = laptop.path(name);
    std::fs::write(&path, text).expect("a file");
    path.display().to_string()
}

#[test]
fn contacts_come_in_go_out_with_a_log_and_are_forgotten() {
    let laptop = Laptop::of("Li Example");
    let cards = "BEGIN:VCARD\nVERSION:3.0\nFN:丁小丽\nN:丁;小丽;;;\nORG:中山医院\n\
                 TEL;TYPE=CELL:13800138000\nEND:VCARD\n";
    let file = write(&laptop, "phone.vcf", cards);
    let preview = laptop.json(&["contact", "import", &file, "--dry-run"]);
    assert_eq!(preview["rows"][0]["name"], "丁小丽");
    assert_eq!(laptop.json(&["contact", "list"]), json!([]));
    let done = laptop.json(&["contact", "import", &file]);
    assert_eq!(
        done["taken"],
        json!({"added": 1, "completed": 0, "organisations": 1})
    );
    // Once more: she is known.
    let done = laptop.json(&["contact", "import", &file]);
    assert_eq!(
        done["taken"],
        json!({"added": 0, "completed": 0, "organisations": 0})
    );
    assert_eq!(
        laptop.json(&["contact", "list"])[0]["mobile"],
        "13800138000"
    );
    assert!(
        laptop
            .ok(&["directory", "organisations"])
            .contains("中山医院")
    );

    let out = laptop.path("out.xlsx").display().to_string();
    assert_eq!(laptop.refused(&["contact", "export", "-o", &out]).0, 2);
    let to = ["--to", "伦理办公室", "--why", "联系受理"];
    laptop.ok(&[&["contact", "export", "-o", &out][..], &to].concat());
    let log = laptop.json(&["contact", "exports"]);
    assert_eq!(
        (&log[0]["to"], &log[0]["n"]),
        (&json!("伦理办公室"), &json!(1))
    );

    laptop.ok(&["directory", "forget", "丁小丽", "--why", "本人要求"]);
    assert_eq!(laptop.json(&["contact", "list"]), json!([]));
    let (code, _) = laptop.refused(&[&["contact", "export", "-o", &out][..], &to].concat());
    assert_eq!(code, 1, "there is nobody to give out");

    let other = laptop.path("other.csv");
    std::fs::write(&other, "rule,days\nsae,7\n").expect("written");
    let other = other.display().to_string();
    let (code, said) = laptop.refused(&["contact", "import", &other, "--dry-run"]);
    assert!(code == 1 && said.contains("a column of names"), "{said}");
    laptop.digest();
}

#[test]
fn milestones_go_into_a_table_and_a_calendar_and_come_back() {
    let laptop = Laptop::of("Li Example");
    let made = laptop.ok(&["study", "new", "title.zh=心动研究"]);
    let study = made.trim().to_owned();
    laptop.ok(&[
        "add",
        &study,
        "milestone",
        "name.zh=首例入组",
        "planned=2027-03-01",
    ]);
    let table = laptop.path("plan.csv").display().to_string();
    laptop.ok(&["milestone", "export", &study, "-o", &table]);
    let text = std::fs::read_to_string(&table).expect("a table");
    write(
        &laptop,
        "plan.csv",
        &text.replace("2027-03-01", "2027-04-02"),
    );
    let (code, _) = laptop.refused(&["milestone", "import", &study, &table]);
    assert_eq!(code, 1, "a date does not move without a reason");
    laptop.ok(&["milestone", "import", &study, &table, "--why", "合同推迟"]);
    let days = laptop.path("days.ics").display().to_string();
    laptop.ok(&["ics", &study, "--lang", "zh", "-o", &days]);
    let days = std::fs::read_to_string(&days).expect("a calendar");
    assert!(days.contains("DTSTART;VALUE=DATE:20270402"), "{days}");
    assert!(days.contains("SUMMARY:首例入组 · 心动研究"), "{days}");
}

#[test]
fn a_workbook_in_ones_own_words_is_looked_at_assigned_and_taken_in() {
    let laptop = Laptop::of("Li Example");
    let study = laptop.ok(&["study", "new", "title.zh=心动研究"]);
    let study = study.trim().to_owned();
    let name = "facility.zh=上海交通大学医学院附属第九人民医院";
    laptop.ok(&["add", &study, "site", name, "city=上海"]);
    let table = write(
        &laptop,
        "own.csv",
        "医院,伦理递交,启动会,何时签\n上海九院,2020-01-06,2099-03-18,2020-02-03\n",
    );
    let import = ["milestone", "import", &study, &table];
    let mut preview = laptop.json(&[&import[..], &["--dry-run"]].concat());
    // What is past happened, what is to come is planned; the preview says which.
    let said = |preview: &serde_json::Value, key: &str| {
        let rows = preview["preview"]["rows"].as_array().cloned();
        let rows = rows.unwrap_or_default();
        let row = rows.into_iter().find(|row| row["key"] == key);
        row.map_or(json!(null), |row| {
            let dated = row["changes"].as_array().cloned().unwrap_or_default();
            let dated = dated.into_iter().map(|change| change["field"].clone());
            let days = ["\"planned\"", "\"actual\""];
            json!(
                dated
                    .filter(|one| days.contains(&one.to_string().as_str()))
                    .collect::<Vec<_>>()
            )
        })
    };
    assert_eq!(said(&preview, "site_ec_submitted"), json!(["actual"]));
    assert_eq!(said(&preview, "siv"), json!(["planned"]));
    assert_eq!(said(&preview, "site_contract"), json!(null));
    // What the dry run printed is fed back as it stands, with one column more assigned.
    let columns = &mut preview["preview"]["mapping"]["sheets"][0]["columns"];
    assert_eq!(columns[3]["field"], "");
    columns[3]["field"] = json!("milestone:site_contract.actual");
    let map = write(&laptop, "map.json", &preview.to_string());
    let done = laptop.json(&[&import[..], &["--map", &map]].concat());
    assert_eq!((&done["new"], &done["leftOut"]), (&json!(3), &json!(0)));
    assert_eq!(said(&done, "site_contract"), json!(["actual"]));
    // The assignment is remembered, and nothing comes twice.
    let again = laptop.json(&import);
    assert_eq!((&again["new"], &again["same"]), (&json!(0), &json!(3)));
}
