//! What goes to a committee says what the submitted version says, whatever was written since.

use crate::laptop::Laptop;
use std::process::Command;

#[test]
fn letter_list_and_forms_say_what_the_submitted_version_says() {
    let laptop = Laptop::of("林示例");
    let new = [
        "study",
        "new",
        "title.zh=早期帕金森病运动干预",
        "officialTitle.zh=早期帕金森病运动干预研究",
        "acronym=WALK",
        "number.org=W-1",
        "enrollment=40",
        "--template",
        "cn-iit-interventional",
        "--hospital",
        "huashan",
    ];
    let study = laptop.json(&new)["study"]
        .as_str()
        .expect("an id")
        .to_owned();
    let freeze = ["version", "freeze", &study, "--number", "1.0"];
    laptop.ok(&[&freeze[..], &["--date", "2026-03-05"]].concat());
    let submission = laptop.json(&["submission", "new", &study, "initial", "--site", "huashan"]);
    let submission = submission["id"].as_str().expect("an id").to_owned();
    let package = |folder: &str| {
        let out = laptop.path(folder);
        let words = [
            "submission",
            "package",
            &study,
            &submission,
            "--lang",
            "zh",
            "--json",
        ];
        let output = laptop.run(&[&words[..], &["-o", out.to_str().expect("text")]].concat());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        let made: serde_json::Value = serde_json::from_slice(&output.stdout).expect(&error);
        let file = out.join(made["package"]["name"].as_str().expect("a name"));
        let text = Command::new("pdftotext")
            .arg("-layout")
            .arg(&file)
            .arg("-")
            .output();
        text.ok()
            .map(|text| String::from_utf8_lossy(&text.stdout).into_owned())
    };
    let Some(before) = package("before") else {
        eprintln!("skipped: pdftotext is not installed");
        return;
    };
    for (field, value) in [
        ("officialTitle.zh", "后来改写的题目"),
        ("title.zh", "后来改写的简题"),
        ("enrollment", "99"),
    ] {
        laptop.ok(&["edit", &study, field, value]);
    }
    let after = package("after").expect("text");
    assert!(before.contains("早期帕金森病运动干预研究") && before.contains("40"));
    assert!(!after.contains("后来改写"), "{after}");
    assert!(
        !after.contains("99 例") && !after.contains("99例"),
        "{after}"
    );
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(bare(&before), bare(&after));
}

#[test]
fn what_was_sent_is_what_is_given_out_again() {
    let laptop = Laptop::of("林示例");
    let new = [
        "study",
        "new",
        "title.zh=早期帕金森病运动干预",
        "acronym=WALK",
        "--template",
        "cn-iit-interventional",
        "--hospital",
        "huashan",
    ];
    let study = laptop.json(&new)["study"]
        .as_str()
        .expect("an id")
        .to_owned();
    let freeze = ["version", "freeze", &study, "--number", "1.0"];
    laptop.ok(&[&freeze[..], &["--date", "2026-03-05"]].concat());
    let submission = laptop.json(&["submission", "new", &study, "initial", "--site", "huashan"]);
    let submission = submission["id"].as_str().expect("an id").to_owned();
    let package = |folder: &str, more: &[&str]| {
        let out = laptop.path(folder);
        let words = ["submission", "package", &study, &submission, "--lang", "zh"];
        let output = laptop.run(&[&words[..], more, &["-o", out.to_str().expect("text")]].concat());
        let files = std::fs::read_dir(&out).expect("a folder");
        let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        files.sort();
        (files, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    package("today", &["--keep"]);
    let output = laptop.run(&["submission", "check", &study, &submission, "--json"]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("findings");
    let mut words = vec![
        "submission",
        "send",
        &study,
        &submission,
        "--date",
        "2026-03-10",
    ];
    words.extend(["--why", "试验"]);
    for one in found.as_array().expect("a list") {
        words.extend(["--leave-out", one["key"].as_str().expect("a key")]);
    }
    // A letter of today is not sent on a day before.
    let (code, said) = laptop.refused(&words);
    assert_eq!(code, 1);
    assert!(said.contains("Make the package anew"), "{said}");
    let (files, _) = package("before", &["--keep", "--docx", "--date", "2026-03-10"]);
    let ends = |end: &str| {
        files
            .iter()
            .filter(|file| file.extension().is_some_and(|e| e == end))
            .count()
    };
    // Letter, list, application, investigators, statements as Word files; the whole, the protocol.
    assert!(ends("docx") >= 4 && ends("pdf") >= 2, "{files:?}");
    let whole = files.iter().find(|file| {
        let name = file
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        name.contains("送审材料") && name.ends_with(".pdf")
    });
    let before = std::fs::read(whole.expect("the whole")).expect("bytes");
    assert_eq!(laptop.json(&words)["state"], "sent");
    let correct = ["submission", "correct", &study, &submission, "sentOn"];
    let (_, said) = laptop.refused(&[&correct[..], &["2026-03-09", "--why", "笔误"]].concat());
    assert!(said.contains("2026-03-10"), "{said}");
    laptop.ok(&[&correct[..], &["2026-03-11", "--why", "笔误"]].concat());
    laptop.ok(&["edit", &study, "title.zh", "后来改写的题目"]);
    let (files, said) = package("after", &[]);
    let [pdf, manifest] = files.as_slice() else {
        panic!("{files:?} {said}");
    };
    assert_eq!(manifest.file_name().expect("a name"), "manifest.json");
    assert!(said.starts_with("Sent:"), "{said}");
    assert!(std::fs::read(pdf).expect("bytes") == before);
}
