//! One study, two hospitals, amendments written in Word on two laptops: each committee gets the
//! redline from what it approved last, and another computer can verify the version.

use crate::center::Center;
use crate::laptop::Laptop;
use serde_json::Value;
use std::io::{Read, Write};

/// Changes words in a Word file, as somebody does who writes in Word.
fn rewrite(laptop: &Laptop, file: &str, words: &[(&str, &str)]) {
    let path = laptop.path(file);
    let bytes = std::fs::read(&path).expect("a file");
    let mut old = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a Word file");
    let mut new = zip::ZipWriter::new(std::fs::File::create(&path).expect("a file"));
    for at in 0..old.len() {
        let mut part = old.by_index(at).expect("a part");
        let mut data = Vec::new();
        part.read_to_end(&mut data).expect("a whole part");
        if part.name() == "word/document.xml" {
            let mut text = String::from_utf8(data).expect("UTF-8");
            for (was, is) in words {
                assert!(text.contains(was), "{was}");
                text = text.replace(was, is);
            }
            data = text.into_bytes();
        }
        new.start_file(part.name(), zip::write::SimpleFileOptions::default())
            .expect("room");
        new.write_all(&data).expect("room");
    }
    new.finish().expect("room");
}

/// Out to Word, changed there, and back.
fn amend(laptop: &Laptop, study: &str, words: &[(&str, &str)]) -> Value {
    let file = laptop.path("amend.docx");
    let file = file.to_str().expect("a path");
    laptop.ok(&[
        "study", "export", study, "--format", "docx", "--lang", "zh", "-o", file,
    ]);
    rewrite(laptop, "amend.docx", words);
    laptop.json(&["import", "--study", study, file])
}

/// What changed between two versions or for a site, as `was → is` of each row.
fn changes(laptop: &Laptop, study: &str, words: &[&str]) -> (Value, Vec<String>) {
    let file = laptop.path("redline.json");
    let out = file.to_str().expect("a path");
    laptop.ok(&[&["redline", study], words, &["-o", out]].concat());
    let answer: Value =
        serde_json::from_slice(&std::fs::read(&file).expect("a file")).expect("JSON");
    let changed = |spans: &Value, op: &str| -> String {
        let spans = spans.as_array().expect("spans").iter();
        let words = spans.filter(|span| span["op"] == op);
        words.filter_map(|span| span["text"].as_str()).collect()
    };
    let rows = answer["table"].as_array().expect("rows");
    let said = rows.iter().map(|row| {
        let (was, is) = (
            changed(&row["wasZh"], "delete"),
            changed(&row["nowZh"], "insert"),
        );
        format!("{was}→{is}")
    });
    (answer.clone(), said.collect())
}

#[test]
fn each_committee_gets_the_redline_from_what_it_approved_last() {
    let center = Center::start();
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let words = [
        "study",
        "new",
        "--template",
        "interventional",
        "--hospital",
        "zhongshan",
        "--hospital",
        "ruijin",
        "title.zh=试验甲",
        "enrollment=120",
    ];
    let study = li.json(&words)["study"].as_str().expect("an id").to_owned();
    for (laptop, user) in [(&li, "li"), (&wang, "wang")] {
        let code = center.invite(user);
        laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
        laptop.ok(&["sync"]);
    }
    center.grant(&study, "wang", "co-investigator");

    // The first text, written in Word: 给药 and 访视 in two blocks.
    let first = amend(&li, &study, &[]);
    assert_eq!(first["counts"]["changed"], 0, "nothing was changed in Word");
    let sections = li.json(&["protocol", "outline", &study]);
    let section = sections[0]["id"].as_str().expect("an id");
    for text in [
        "口服甲药 5 mg，每日一次，连续服用28天。",
        "第 4 周随访一次。",
    ] {
        li.ok(&[
            "add",
            &study,
            "block",
            "--parent",
            section,
            "type=paragraph",
            &format!("text.zh={text}"),
        ]);
    }
    li.ok(&["sync"]);
    li.ok(&[
        "version",
        "freeze",
        &study,
        "--number",
        "1.0",
        "--date",
        "2026-01-05",
    ]);
    for site in ["zhongshan", "ruijin"] {
        li.ok(&[
            "version",
            "approve",
            &study,
            "--version",
            "1.0",
            "--site",
            site,
            "--status",
            "approved",
            "--date",
            "2026-02-01",
            "--letter",
            "EC-1",
        ]);
    }
    // A later edit changes nothing that was approved.
    let report = amend(&li, &study, &[("28天", "21天")]);
    assert_eq!(report["counts"]["changed"], 1);
    li.ok(&["sync"]);
    li.ok(&[
        "version",
        "freeze",
        &study,
        "--number",
        "1.1",
        "--date",
        "2026-03-01",
        "--base",
        "1.0",
        "--reason",
        "safetyInformation",
    ]);
    li.ok(&[
        "version",
        "approve",
        &study,
        "--version",
        "1.1",
        "--site",
        "zhongshan",
        "--status",
        "approved",
        "--date",
        "2026-03-20",
        "--letter",
        "EC-2",
    ]);
    li.ok(&["sync"]);
    wang.ok(&["sync"]);
    assert_eq!(li.digest(), wang.digest());

    // Apart: both change the same sentence in Word, and one another place.
    amend(&li, &study, &[("5 mg", "10 mg")]);
    amend(&wang, &study, &[("5 mg", "15 mg"), ("第 4 周", "第 6 周")]);
    li.ok(&["sync"]);
    wang.ok(&["sync"]);
    li.ok(&["sync"]);
    let conflicts = li.json(&["conflicts"]);
    let conflicts = conflicts.as_array().expect("rows");
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    let (code, sentence) = li.refused(&["version", "freeze", &study, "--number", "1.2"]);
    assert_eq!(code, 1, "{sentence}");
    let hindrances = wang.json(&["version", "hindrances", &study]);
    assert!(hindrances.to_string().contains("conflict"), "{hindrances}");
    let path = format!(
        "block/{}/text.zh",
        conflicts[0]["entity"].as_str().expect("an id")
    );
    wang.ok(&[
        "resolve",
        &study,
        &path,
        "口服甲药 10 mg，每日一次，连续服用21天。",
        "--why",
        "安全性",
    ]);
    wang.ok(&[
        "version",
        "freeze",
        &study,
        "--number",
        "1.2",
        "--date",
        "2026-06-01",
        "--base",
        "1.1",
        "--leave-out",
        "unsent",
        "--reason",
        "newData",
    ]);
    wang.ok(&["sync"]);
    li.ok(&["sync"]);
    assert_eq!(li.digest(), wang.digest());

    // Each laptop says the same, and each committee has its own base.
    for laptop in [&li, &wang] {
        let (answer, rows) = changes(laptop, &study, &["--site", "zhongshan", "--to", "1.2"]);
        assert_eq!(answer["from"]["number"], "1.1");
        assert_eq!(rows, ["5 mg→10 mg", "第 4 周→第 6 周"]);
        let (answer, rows) = changes(laptop, &study, &["--site", "ruijin", "--to", "1.2"]);
        assert_eq!(answer["from"]["number"], "1.0");
        assert_eq!(rows, ["5 mg28天→10 mg21天", "第 4 周→第 6 周"]);
        let rows = laptop.json(&["version", "list", &study]);
        let rows = rows["versions"].as_array().expect("rows");
        assert_eq!(rows.len(), 3);
        for row in rows {
            assert_eq!(row["intact"], true, "{row}");
            assert_eq!(row["confirmed"], true, "signed by the center: {row}");
        }
    }
    let hash =
        |laptop: &Laptop| laptop.json(&["version", "list", &study])["versions"][0]["hash"].clone();
    assert_eq!(hash(&li), hash(&wang));

    // The files for the committee.
    for name in ["redline.pdf", "redline.docx"] {
        let path = li.path(name);
        let out = path.to_str().expect("a path");
        li.ok(&[
            "redline", &study, "--site", "ruijin", "--to", "1.2", "--lang", "zh", "-o", out,
        ]);
        assert!(std::fs::metadata(&path).expect("a file").len() > 5_000);
    }
    let table = li.path("table.docx");
    let out = table.to_str().expect("a path");
    li.ok(&[
        "redline", &study, "--site", "ruijin", "--to", "1.2", "--style", "table", "-o", out,
    ]);
}
