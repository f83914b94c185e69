//! What went to a committee: kept when it is sent, the same bytes after every later edit and on the
//! other laptop; a damaged file is found before.

use crate::center::Center;
use crate::laptop::Laptop;
use serde_json::Value;
use std::fs;
use std::path::Path;

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

fn findings(laptop: &Laptop, study: &str, submission: &str) -> Vec<Value> {
    let output = laptop.run(&["submission", "check", study, submission, "--json"]);
    serde_json::from_slice(&output.stdout).expect("findings")
}

#[test]
fn sent_material_is_the_same_after_edits_and_on_the_other_laptop() {
    let center = Center::start();
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let new = [
        "study",
        "new",
        "title.zh=心衰早期干预",
        "--hospital",
        "zhongshan",
    ];
    let study = li.json(&new)["study"].as_str().expect("an id").to_owned();
    li.ok(&[
        "version",
        "freeze",
        &study,
        "--number",
        "1.0",
        "--date",
        "2026-03-05",
    ]);
    let connect = |laptop: &Laptop, user: &str| {
        let code = center.invite(user);
        laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
    };
    connect(&li, "li");
    li.ok(&["sync"]);
    connect(&wang, "wang");
    center.grant(&study, "wang", "coordinator");

    // A damaged file is found at its document, by the check.
    let broken = li.path("保险.pdf");
    fs::write(&broken, b"%PDF-1.7 cut off").expect("a file");
    let added = li.json(&[
        "document",
        "add",
        &study,
        text(&broken),
        "--kind",
        "insurance",
    ]);
    let document = added["id"].as_str().expect("an id").to_owned();
    let new = [
        "submission",
        "new",
        &study,
        "initial",
        "--site",
        "zhongshan",
    ];
    let made = li.json(&new);
    let submission = made["id"].as_str().expect("an id").to_owned();
    let found = findings(&li, &study, &submission);
    let at_file = |one: &&Value| {
        one["place"]["entity"] == document.as_str()
            && ["fileDamaged", "fileNoPages"].contains(&one["code"].as_str().unwrap_or_default())
    };
    let damaged = found.iter().find(at_file).expect("the damaged file");
    assert_eq!(damaged["level"], "must");

    let keys: Vec<&str> = found.iter().filter_map(|one| one["key"].as_str()).collect();
    let mut send = vec!["submission", "send", &study, &submission];
    send.extend(["--date", "2026-03-10", "--why", "试验"]);
    for key in &keys {
        send.extend(["--leave-out", key]);
    }
    let of_package = ["submission", "package", &study, &submission, "-o"];
    let at_sending = li.path("at sending");
    let keep = [text(&at_sending), "--keep", "--date", "2026-03-10"];
    li.run(&[&of_package[..], &keep[..]].concat());
    let at_sending = fs::read(at_sending.join("manifest.json")).expect("a list");
    assert_eq!(li.json(&send)["state"], "sent");

    // The bytes come out of the vault, and their hash is the one in the record.
    let first = li.path("first.pdf");
    let path = format!("submission/{submission}");
    li.ok(&["document", "export", &study, &path, "-o", text(&first)]);
    let bytes = fs::read(&first).expect("the package");
    assert!(bytes.starts_with(b"%PDF"));
    let said = li.json(&["submission", "verify", &study, &submission, text(&first)]);
    assert_eq!(said["fits"], true);

    li.ok(&["edit", &study, "title.zh", "改了题目"]);
    li.ok(&["edit", &study, "enrollment", "999"]);
    for (field, value) in [
        ("title.zh", "改了名称"),
        ("version", "9.9"),
        ("versionDate", "2026-09-09"),
    ] {
        let path = format!("document/{document}/{field}");
        li.ok(&["edit", &study, &path, value]);
    }
    li.ok(&["archive", &study, &format!("document/{document}")]);
    let package = |laptop: &Laptop, folder: &str| {
        let out = laptop.path(folder);
        let words = [
            "submission",
            "package",
            &study,
            &submission,
            "-o",
            text(&out),
        ];
        laptop.ok(&words);
        let manifest = fs::read(out.join("manifest.json")).expect("a list");
        assert!(manifest == at_sending, "another list");
        let manifest: Value = serde_json::from_slice(&manifest).expect("a list");
        assert_eq!(manifest["package"]["sha256"], said["package"]["sha256"]);
        fs::read(out.join(manifest["package"]["name"].as_str().expect("a name"))).expect("it")
    };
    assert!(package(&li, "again") == bytes, "another package");
    // The kept package was Chinese: it is said, and no other one is given for it.
    let list: Value = serde_json::from_slice(&at_sending).expect("a list");
    assert_eq!(list["lang"], "zh");
    let english = li.path("english");
    let other = [&of_package[..], &[text(&english), "--lang", "en"]].concat();
    let refused = li.run(&other);
    let said_of_it = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said_of_it}");
    assert!(
        said_of_it.contains("Chinese version was sent"),
        "{said_of_it}"
    );
    assert!(!english.exists(), "written all the same");
    let output = li.run(&[&of_package[..], &[text(&english), "--lang", "zh"]].concat());
    let said_of_it = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said_of_it.contains("Chinese version was sent"),
        "{said_of_it}"
    );
    let path = format!("submission/{submission}");
    let export = ["document", "export", &study, &path, "--lang", "both", "-o"];
    let output = li.run(&[&export[..], &[text(&english)]].concat());
    assert_eq!(output.status.code(), Some(1));
    // Its list names every part with its pages, and the files with their hashes.
    let list = fs::read(li.path("again").join("manifest.json")).expect("a list");
    let list: Value = serde_json::from_slice(&list).expect("a list");
    let pages = |list_name: &str| {
        let all = list[list_name].as_array().expect("parts").iter();
        let all = all.filter(|one| one["firstPage"].is_u64());
        let one = |one: &Value| {
            one["lastPage"].as_u64().expect("a page") + 1 - one["firstPage"].as_u64().expect("one")
        };
        all.map(one).sum::<u64>()
    };
    let written = package::clean(&bytes, None).expect("a PDF").sheet.pages;
    assert_eq!(pages("own") + pages("files"), written.len() as u64);
    let of = |one: &&Value| one["document"] == document.as_str();
    let file = list["files"].as_array().expect("files").iter().find(of);
    let file = file.expect("the damaged file");
    let hash = package::hash(b"%PDF-1.7 cut off");
    assert_eq!(file["sha256"].as_str(), hash.strip_prefix("sha256:"));
    assert_eq!(file["title"], "保险");

    // The other laptop has it after the exchange, and says that it is what was sent.
    for laptop in [&li, &wang, &wang] {
        laptop.ok(&["sync"]);
    }
    assert!(package(&wang, "there") == bytes, "another package there");
    let there = wang.json(&["submission", "verify", &study, &submission]);
    assert_eq!(there["package"]["sha256"], said["package"]["sha256"]);
    let other = wang.path("other.pdf");
    fs::write(&other, b"%PDF-1.7 another").expect("a file");
    let output = wang.run(&["submission", "verify", &study, &submission, text(&other)]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_was_sent_without_a_list_is_listed_by_its_hashes_and_by_no_name_of_today() {
    let laptop = Laptop::of("李示例");
    let new = ["study", "new", "title.zh=心衰", "--hospital", "zhongshan"];
    let study = laptop.json(&new)["study"].as_str().expect("it").to_owned();
    let file = laptop.path("保险.pdf");
    fs::write(&file, b"%PDF-1.7 cut off").expect("a file");
    let add = ["document", "add", &study, text(&file)];
    laptop.ok(&[&add[..], &["--kind", "insurance"]].concat());
    let new = ["submission", "new", &study, "initial", "--site"];
    let new = laptop.json(&[&new[..], &["zhongshan"]].concat());
    let submission = new["id"].as_str().expect("an id").to_owned();
    {
        // As an older program sent it.
        let mut desk = laptop.desk();
        let study = model::StudyId::parse(&study).expect("an id");
        let id = model::EntityId::parse(&submission).expect("an id");
        let found = desk.submission_findings(&study, &id).expect("findings");
        let sending = desk::Sending {
            on: "2026-03-10".into(),
            leave_out: found.into_iter().map(|one| one.key).collect(),
            why: "试验".into(),
        };
        let of = desk.submission_content(&study, &id).expect("content");
        let whole = desk::Whole {
            name: "送审材料.pdf",
            bytes: b"%PDF-1.7 kept",
            of: &of,
        };
        let sent = desk.submission_send(&study, &id, sending, &whole);
        sent.expect("sent");
    }
    let out = laptop.path("out");
    let words = ["submission", "package", &study, &submission, "-o"];
    let output = laptop.run(&[&words[..], &[text(&out)]].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("kept no list"), "{said}");
    assert!(said.contains("did not note the language"), "{said}");
    let list = fs::read(out.join("manifest.json")).expect("a list");
    let list: Value = serde_json::from_slice(&list).expect("a list");
    assert_eq!(list["listKept"], false);
    let file = &list["files"][0];
    assert_eq!(file["item"], "insurance");
    let hash = package::hash(b"%PDF-1.7 cut off");
    assert_eq!(file["sha256"].as_str(), hash.strip_prefix("sha256:"));
    assert!(file["title"].is_null(), "{file}");
}
