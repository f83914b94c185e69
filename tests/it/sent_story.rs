//! What was sent stays: the package comes out as it went, whatever becomes of the study.

use crate::laptop::Laptop;
use serde_json::Value;
use std::collections::BTreeSet;

/// A study with a site, a frozen version and a submission.
fn begun(laptop: &Laptop) -> (String, String) {
    let words = [
        "study",
        "new",
        "title.zh=早期帕金森病运动干预",
        "acronym=WALK",
    ];
    let more = ["officialTitle.zh=早期帕金森病运动干预研究", "enrollment=40"];
    let place = [
        "--template",
        "cn-iit-interventional",
        "--hospital",
        "huashan",
    ];
    let made = laptop.json(&[&words[..], &more[..], &place[..]].concat());
    let study = made["study"].as_str().expect("an id").to_owned();
    let freeze = ["version", "freeze", &study, "--number", "1.0"];
    laptop.ok(&[&freeze[..], &["--date", "2026-03-05"]].concat());
    let new = laptop.json(&["submission", "new", &study, "initial", "--site", "huashan"]);
    (study, new["id"].as_str().expect("an id").to_owned())
}

fn package(laptop: &Laptop, study: &str, id: &str, folder: &str) -> Vec<u8> {
    let out = laptop.path(folder);
    laptop.run(&[
        "submission",
        "package",
        study,
        id,
        "--lang",
        "zh",
        "-o",
        out.to_str().expect("text"),
    ]);
    let entries = std::fs::read_dir(&out).expect("the folder");
    let pdf = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|end| end == "pdf"));
    std::fs::read(pdf.expect("a package")).expect("its bytes")
}

#[test]
fn a_sent_package_comes_out_as_it_went() {
    let laptop = Laptop::of("李示例");
    let (study, id) = begun(&laptop);
    let found = laptop.run(&["submission", "check", &study, &id, "--json"]);
    let found: Vec<Value> = serde_json::from_slice(&found.stdout).expect("findings");
    let musts = found.iter().filter(|one| one["level"] == "must");
    let codes: BTreeSet<&str> = musts.filter_map(|one| one["code"].as_str()).collect();
    let mut send = vec!["submission", "send", &study, &id, "--date", "2026-03-10"];
    for code in &codes {
        send.extend(["--leave-out", code]);
    }
    // Nobody kept a package: sending makes one and keeps it.
    send.extend(["--why", "试验"]);
    laptop.ok(&send);
    let before = package(&laptop, &study, &id, "before");

    for (path, value) in [("officialTitle.zh", "改了题目"), ("enrollment", "999")] {
        laptop.ok(&["edit", &study, path, value]);
    }
    let after = package(&laptop, &study, &id, "after");
    assert!(
        before == after,
        "{} and {} bytes",
        before.len(),
        after.len()
    );
    let named = |folder: &str| {
        let bytes = std::fs::read(laptop.path(folder).join("manifest.json")).expect("a list");
        let manifest: Value = serde_json::from_slice(&bytes).expect("a list");
        assert_eq!(manifest["asSent"], true);
        manifest["sha256"].as_str().expect("a hash").to_owned()
    };
    assert_eq!(named("before"), named("after"));

    // Nor is the day of sending changed afterwards.
    let day = format!("submission/{id}/sentOn");
    for value in ["2020-01-01", ""] {
        let output = laptop.run(&["edit", &study, &day, value, "--why", "改日期"]);
        assert!(!output.status.success(), "{value}");
    }
    laptop.ok(&["verify"]);
}
