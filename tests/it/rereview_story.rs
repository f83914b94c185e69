//! What a committee sends back, on the command line: its points are answered by the re-review, and
//! its package says so; each part of ours is a file of its own.

use crate::laptop::Laptop;
use serde_json::Value;

/// Sends a submission with everything left out that stands against it.
fn send(laptop: &Laptop, study: &str, submission: &str, day: &str) {
    let found = laptop.run(&["submission", "check", study, submission, "--json"]);
    let found: Value = serde_json::from_slice(&found.stdout).expect("findings");
    let keys = found.as_array().expect("a list").iter();
    let keys: Vec<&str> = keys.filter_map(|one| one["key"].as_str()).collect();
    let mut words = vec!["submission", "send", study, submission, "--date", day];
    words.extend(["--lang", "zh", "--why", "试验"]);
    for key in &keys {
        words.extend(["--leave-out", key]);
    }
    assert_eq!(laptop.json(&words)["state"], "sent");
}

fn codes(laptop: &Laptop, study: &str, submission: &str) -> Vec<String> {
    let found = laptop.run(&["submission", "check", study, submission, "--json"]);
    let found: Value = serde_json::from_slice(&found.stdout).expect("findings");
    let all = found.as_array().expect("a list").iter();
    all.map(|one| one["code"].as_str().expect("a code").to_owned())
        .collect()
}

#[test]
fn a_re_review_is_written_and_sent_from_what_the_committee_asked() {
    let laptop = Laptop::of("林示例");
    let new = [
        "study",
        "new",
        "title.zh=早期帕金森病运动干预",
        "acronym=WALK",
    ];
    let more = [
        "--template",
        "cn-iit-interventional",
        "--hospital",
        "huashan",
    ];
    let made = laptop.json(&[&new[..], &more[..]].concat());
    let study = made["study"].as_str().expect("an id").to_owned();
    let freeze = ["version", "freeze", &study, "--number", "1.0"];
    laptop.ok(&[&freeze[..], &["--date", "2026-03-05"]].concat());
    let begin = |kind: &str| {
        let new = laptop.json(&["submission", "new", &study, kind, "--site", "huashan"]);
        new["id"].as_str().expect("an id").to_owned()
    };
    let first = begin("initial");
    send(&laptop, &study, &first, "2026-03-10");
    let decide = ["submission", "decide", &study, &first];
    let (_, said) = laptop.refused(&[&decide[..], &["approved", "--point", "请补充"]].concat());
    assert!(said.contains("re-review"), "{said}");
    let conditions = "1. 请补充数据安全说明\n2. 请说明随访安排";
    let modify = ["modify", "--date", "2026-03-20", "--conditions", conditions];
    laptop.ok(&[&decide[..], &modify[..]].concat());

    let again = begin("resubmission");
    let found = codes(&laptop, &study, &again);
    let n_open = found.iter().filter(|code| *code == "pointUnanswered");
    assert_eq!(n_open.count(), 2, "{found:?}");
    assert!(found.contains(&"versionAsReviewed".to_owned()), "{found:?}");
    laptop.ok(&[
        "submission",
        "ask",
        &study,
        &first,
        "--date",
        "2026-03-21",
        "请附委员会名单",
    ]);
    let answer = ["submission", "answer", &study, &again];
    let texts = [
        "--text",
        "1=数据存于本院服务器",
        "--text",
        "2=每三个月随访一次",
    ];
    let state = laptop.json(&[&answer[..], &texts[..], &["--json"]].concat());
    assert_eq!(state["state"], "draft", "they go along with the re-review");
    laptop.ok(&[&answer[..], &["--text", "3=名单见附件"]].concat());
    assert!(!codes(&laptop, &study, &again).contains(&"pointUnanswered".to_owned()));

    let out = laptop.path("out");
    let words = [
        "submission",
        "package",
        &study,
        &again,
        "--lang",
        "zh",
        "--docx",
    ];
    let folder = out.to_str().expect("text");
    let day = ["--date", "2026-03-25", "--keep", "-o", folder];
    laptop.run(&[&words[..], &day[..]].concat());
    let list = std::fs::read(out.join("manifest.json")).expect("a list");
    let list: Value = serde_json::from_slice(&list).expect("a list");
    let own: Vec<&Value> = list["own"].as_array().expect("own").iter().collect();
    for part in ["letter", "list", "reply"] {
        let one = own.iter().find(|one| one["part"] == part).expect(part);
        let name = one["name"].as_str().expect("a name");
        assert!(
            name.starts_with("WALK_") && name.ends_with("_V1.0_20260325.pdf"),
            "{name}"
        );
        let bytes = std::fs::read(out.join(name)).expect("a file");
        let hash = package::hash(&bytes);
        assert_eq!(hash.trim_start_matches("sha256:"), one["sha256"], "{name}");
        package::clean(&bytes, None).expect("a PDF");
    }
    for one in list["word"].as_array().expect("Word files") {
        let name = one["name"].as_str().expect("a name");
        assert!(name.ends_with("_V1.0_20260325.docx"), "{name}");
    }
    if let Ok(text) = std::process::Command::new("pdftotext")
        .arg(out.join(list["package"]["name"].as_str().expect("a name")))
        .arg("-")
        .output()
    {
        let text = String::from_utf8_lossy(&text.stdout).into_owned();
        for words in ["数据存于本院服务器", "每三个月随访一次", "名单见附件"]
        {
            assert!(text.contains(words), "{text}");
        }
    }
    send(&laptop, &study, &again, "2026-03-25");
    let (_, said) = laptop.refused(&[&answer[..], &["--text", "1=改过"]].concat());
    assert!(!said.is_empty());
    laptop.ok(&["submission", "verify", &study, &again]);
}
