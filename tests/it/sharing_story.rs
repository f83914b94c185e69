//! A PI shares her study, judges what a reader wrote, replaces, takes back, hands over; a laptop is
//! stolen. Through the command line, with the real center.

use crate::center::Center;
use crate::laptop::Laptop;
use serde_json::{Value, json};

fn connect(laptop: &Laptop, center: &Center, user: &str) {
    let code = center.invite(user);
    laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
    laptop.ok(&["sync"]);
}

fn note(laptop: &Laptop) -> Option<String> {
    let round = laptop.json(&["sync"]);
    round["note"].as_str().map(str::to_owned)
}

fn roles(list: &Value) -> Vec<(String, Option<String>)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let members = list["members"].as_array().expect("members").iter();
    members
        .map(|member| (text(&member["name"]).unwrap(), text(&member["role"])))
        .collect()
}

fn acronym(laptop: &Laptop, study: &str) -> Value {
    let doc = laptop.json(&["study", "show", study]);
    doc["fields"]["acronym"].clone()
}

#[test]
fn a_study_is_shared_reviewed_taken_back_and_handed_over() {
    let center = Center::start();
    let (li, wang, zhao) = (
        Laptop::of("李示例"),
        Laptop::of("王示例"),
        Laptop::of("赵示例"),
    );
    let new = li.json(&["study", "new", "title.zh=心衰早期干预", "acronym=A"]);
    let study = new["study"].as_str().expect("an id").to_owned();
    let early = ["study", "members", &study];
    let (_, why) = li.refused(&early);
    assert!(why.contains("No center is connected"), "{why}");
    connect(&li, &center, "li");
    connect(&wang, &center, "wang");
    connect(&zhao, &center, "zhao");
    let alone = zhao.json(&["study", "new", "title.zh=尚未同步"]);
    let alone = alone["study"].as_str().expect("an id").to_owned();
    let (_, why) = zhao.refused(&["study", "members", &alone]);
    assert!(why.contains("not synced"), "{why}");

    // Shared with a reader, whose edit is kept for review and in force nowhere.
    let shared = [
        "study", "share", &study, "--with", "wang", "--role", "reader", "--why", "先看",
    ];
    let list = li.json(&shared);
    let own = |name: &str, role: Option<&str>| (name.to_owned(), role.map(str::to_owned));
    let both = [own("li", Some("pi")), own("wang", Some("reader"))];
    assert_eq!(roles(&list), both);
    wang.ok(&["sync"]);
    wang.ok(&["edit", &study, "acronym", "WANG"]);
    assert_eq!(note(&wang).as_deref(), Some("sync.quarantined"));
    assert_eq!(acronym(&wang, &study), "A");
    li.ok(&["sync"]);
    assert_eq!(acronym(&li, &study), "A");
    let held = li.json(&["review", "list"]);
    assert_eq!(
        (&held[0]["by"], &held[0]["state"]),
        (&json!("王示例"), &json!("open"))
    );
    assert_eq!(held[0]["changes"][0]["to"], "WANG");
    let (_, why) = wang.refused(&["review", "adopt", &study, "all"]);
    assert!(why.contains("Only the PI"), "{why}");
    li.ok(&["review", "adopt", &study, "all"]);
    li.ok(&["sync"]);
    wang.ok(&["sync"]);
    assert_eq!(acronym(&wang, &study), "WANG");
    assert_eq!(wang.json(&["review", "list"])[0]["state"], "adopted");
    assert_eq!(li.digest(), wang.digest());

    // A reader shares nothing.
    let (_, why) = wang.refused(&["study", "share", &study, "--with", "zhao", "--role", "pi"]);
    assert!(why.contains("role"), "{why}");
    let (_, why) = li.refused(&[
        "study", "share", &study, "--with", "nobody", "--role", "reader",
    ]);
    assert!(why.contains("nobody"), "{why}");

    // Replaced in one step. What she had not sent yet is handed in, and then her copy is erased.
    wang.ok(&["edit", &study, "acronym", "LATE"]);
    let list = li.json(&[
        "study", "replace", &study, "--from", "wang", "--with", "zhao",
    ]);
    let three = [
        own("li", Some("pi")),
        own("wang", None),
        own("zhao", Some("reader")),
    ];
    assert_eq!(roles(&list), three);
    assert_eq!(note(&wang).as_deref(), Some("sync.erased"));
    wang.refused(&["study", "show", &study]);
    li.ok(&["sync"]);
    let held = li.json(&["review", "list", &study]);
    assert_eq!(held[0]["changes"][0]["to"], "LATE");
    li.ok(&[
        "review",
        "dismiss",
        &study,
        "all",
        "--why",
        "已由赵示例接手",
    ]);

    // Handed over: the new PI decides from now on.
    let (_, why) = li.refused(&["study", "unshare", &study, "--with", "li"]);
    assert!(why.contains("never without a PI"), "{why}");
    li.ok(&["sync"]);
    zhao.ok(&["sync"]);
    let list = li.json(&[
        "study",
        "hand-over",
        &study,
        "--with",
        "zhao",
        "--why",
        "调任",
    ]);
    assert_eq!(roles(&list)[0], own("li", Some("co-investigator")));
    zhao.ok(&["sync"]);
    zhao.ok(&["study", "unshare", &study, "--with", "li"]);
    assert_eq!(note(&li).as_deref(), Some("sync.erased"));
    zhao.digest();

    // Without the center the list is what it said last.
    drop(center);
    let kept = zhao.json(&["study", "members", &study]);
    assert_eq!(kept["isKept"], true);
    assert_eq!(roles(&kept)[0], own("li", None));
    zhao.ok(&["edit", &study, "acronym", "ALONE"]);
}

#[test]
fn f77_what_was_typed_and_not_saved_is_handed_in_before_anything_is_erased() {
    let center = Center::start();
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let new = li.json(&["study", "new", "title.zh=心衰早期干预", "acronym=A"]);
    let study = new["study"].as_str().expect("an id").to_owned();
    connect(&li, &center, "li");
    connect(&wang, &center, "wang");
    center.grant(&study, "wang", "coordinator");
    wang.ok(&["sync"]);
    wang.types(&study, "acronym", &json!("HALF DONE"));
    wang.types(&study, "enrollment", &json!("about 120"));
    li.ok(&["study", "unshare", &study, "--with", "wang"]);

    // What is a value is handed in as one; what is none as a text that can be read.
    let met = wang.json(&["sync"]);
    assert_eq!(met["note"], "sync.erased");
    assert_eq!(met["waiting"], 0);
    wang.refused(&["study", "show", &study]);
    li.ok(&["sync"]);
    let held = li.json(&["review", "list", &study]);
    let all: Vec<_> = held.as_array().expect("a list").iter().collect();
    let change = |field: &str| {
        let mut changes = all.iter().map(|one| &one["changes"][0]);
        let found = changes.find(|change| change["field"] == field);
        found.expect("it was handed in")["to"].clone()
    };
    assert_eq!(change("acronym"), "HALF DONE");
    assert_eq!(change("typed/enrollment"), "about 120");
    assert_eq!(acronym(&li, &study), "A");
    li.digest();

    // A whole vault the same.
    let stolen = Laptop::of("李示例");
    connect(&stolen, &center, "li");
    stolen.types(&study, "acronym", &json!("ON THE WAY"));
    let list = li.json(&["device", "list"]);
    let mut devices = list["devices"].as_array().expect("devices").iter();
    let other = devices.find(|row| row["isThis"] == false).expect("two");
    li.ok(&["device", "revoke", other["device"].as_str().unwrap()]);
    assert_eq!(note(&stolen).as_deref(), Some("sync.vault-erased"));
    li.ok(&["sync"]);
    let held = li.json(&["review", "list", &study]);
    assert_eq!(held[0]["changes"][0]["to"], "ON THE WAY");
}

#[test]
fn f77_a_stolen_laptop_hands_in_and_erases_itself() {
    let center = Center::start();
    let (desk, stolen) = (Laptop::of("李示例"), Laptop::of("李示例"));
    let new = desk.json(&["study", "new", "title.zh=心衰早期干预", "acronym=A"]);
    let study = new["study"].as_str().expect("an id").to_owned();
    connect(&desk, &center, "li");
    connect(&stolen, &center, "li");
    stolen.ok(&["edit", &study, "acronym", "ON THE WAY"]);
    let list = desk.json(&["device", "list"]);
    let devices = list["devices"].as_array().expect("devices");
    let other = devices.iter().find(|row| row["isThis"] == false).unwrap();
    let id = other["device"].as_str().unwrap();
    desk.ok(&["device", "name", id, "门诊笔记本"]);
    let list = desk.json(&["device", "revoke", "门诊笔记本"]);
    let row = &list["devices"].as_array().expect("devices")[1];
    assert!(row["revoked"].is_string(), "{list}");
    desk.ok(&["edit", &study, "title.en", "Never seen there"]);
    desk.ok(&["sync"]);

    assert_eq!(note(&stolen).as_deref(), Some("sync.vault-erased"));
    for name in ["vault.db", "vault.json", "vault.json.bak", "blobs"] {
        assert!(!stolen.path("vault").join(name).exists(), "{name}");
    }
    stolen.refused(&["study", "list"]);
    desk.ok(&["sync"]);
    let held = desk.json(&["review", "list", &study]);
    assert_eq!(held[0]["changes"][0]["to"], "ON THE WAY");
    assert_eq!(acronym(&desk, &study), "A");
    desk.digest();
}

#[test]
fn f77_files_of_the_last_commits_are_handed_in_before_anything_is_erased() {
    let center = Center::start();
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let stolen = Laptop::of("李示例");
    let new = li.json(&["study", "new", "title.zh=心衰早期干预", "acronym=A"]);
    let study = new["study"].as_str().expect("an id").to_owned();
    connect(&li, &center, "li");
    connect(&stolen, &center, "li");
    connect(&wang, &center, "wang");
    center.grant(&study, "wang", "coordinator");
    wang.ok(&["sync"]);
    let attach = |laptop: &Laptop, name: &str| {
        let path = laptop.path(name);
        std::fs::write(&path, name.repeat(50_000)).expect("a file");
        let path = path.to_str().expect("a path").to_owned();
        laptop.ok(&["document", "add", &study, &path, "--kind", "other"]);
    };
    attach(&wang, "签字页扫描.txt");
    attach(&stolen, "随访表.txt");
    li.ok(&["study", "unshare", &study, "--with", "wang"]);
    let list = li.json(&["device", "list"]);
    let mut devices = list["devices"].as_array().expect("devices").iter();
    let other = devices.find(|row| row["isThis"] == false).expect("two");
    li.ok(&["device", "revoke", other["device"].as_str().unwrap()]);

    assert_eq!(note(&wang).as_deref(), Some("sync.erased"));
    let left = std::fs::read_dir(wang.path("vault").join("blobs")).map(Iterator::count);
    assert_eq!(left.unwrap_or(0), 0);
    assert_eq!(note(&stolen).as_deref(), Some("sync.vault-erased"));
    li.ok(&["sync"]);
    li.ok(&["review", "adopt", &study, "all"]);
    li.ok(&["sync"]);
    let rows = li.json(&["document", "list", &study]);
    let rows = rows.as_array().expect("documents");
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["here"] == true), "{rows:?}");
    li.digest();
}
