//! The command line's manners: exit codes, one sentence, wrong passphrases.

use crate::laptop::Laptop;

#[test]
fn wrong_usage_is_exit_2_and_a_failure_is_exit_1_with_one_sentence() {
    let laptop = Laptop::of("Li Example");
    assert_eq!(laptop.refused(&["nonsense"]).0, 2);
    assert_eq!(laptop.refused(&["study", "show"]).0, 2);
    let (code, sentence) = laptop.refused(&["study", "show", "NCT00000000"]);
    assert_eq!((code, sentence.lines().count()), (1, 1), "{sentence}");
    assert!(sentence.contains("NCT00000000"), "{sentence}");
}

#[test]
fn a_vault_is_never_made_over_another() {
    let laptop = Laptop::of("Li Example");
    let digest = laptop.digest();
    assert_eq!(laptop.refused(&["init"]).0, 1);
    assert_eq!(laptop.digest(), digest);
}

#[test]
fn a_broken_file_is_named_and_the_others_come_in() {
    let laptop = Laptop::of("Li Example");
    let folder = laptop.path("records");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("broken.json"), b"{\"protocolSection\":{").expect("a file");
    std::fs::write(
        folder.join("good.json"),
        br#"{"protocolSection":{"identificationModule":{"nctId":"NCT99999902","briefTitle":"A"}}}"#,
    )
    .expect("a file");
    let output = laptop.run(&["import", "--json", folder.to_str().expect("text")]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let status = |n: usize| report[n]["status"].clone();
    assert_eq!(
        (status(0), status(1)),
        ("refused".into(), "imported".into())
    );
    assert!(
        report[0]["file"]
            .as_str()
            .expect("a name")
            .ends_with("broken.json")
    );
}

#[test]
fn a_field_that_is_not_there_brings_the_nearest_and_all_that_can_be_set() {
    let laptop = Laptop::of("林示例");
    let made = laptop.json(&["study", "new", "title.zh=步行研究"]);
    let study = made["study"].as_str().expect("an id");
    let file = laptop.path("同意书.pdf");
    std::fs::write(&file, b"%PDF-1.4").expect("a file");
    let add = ["document", "add", study, file.to_str().expect("text")];
    let (code, said) = laptop.refused(&[&add[..], &["title=x"]].concat());
    assert_eq!(code, 2);
    assert!(
        said.contains("no field title; did you mean title.zh, title.en?"),
        "{said}"
    );
    assert!(
        said.contains("  versionDate") && said.contains("Version date"),
        "{said}"
    );
    assert!(
        !said.contains("says.residue") && !said.contains("--help"),
        "{said}"
    );
    let said = laptop.chinese(&[&add[..], &["版本=1.0"]].concat());
    assert!(said.contains("没有字段 版本，是否指 version"), "{said}");
    assert!(
        said.contains("可以设置的字段") && said.contains("版本日期"),
        "{said}"
    );
    let said = laptop.chinese(&[&add[..], &["--kind", "letter"]].concat());
    assert!(
        said.contains("不能填 letter") && said.contains("知情同意书"),
        "{said}"
    );
    let said = laptop.chinese(&["edit", study, "enrollment", "many"]);
    assert!(said.contains("请填写从 0 开始的整数"), "{said}");
    let said = laptop.chinese(&["edit", study, "acronim", "WALK"]);
    assert!(said.contains("是否指 acronym"), "{said}");
    let said = laptop.chinese(&["add", study, "site", "华山医院"]);
    assert!(said.contains("字段=值"), "{said}");
    assert_eq!(
        laptop.json(&["document", "list", study]),
        serde_json::json!([])
    );
}

#[test]
fn a_site_that_is_not_there_brings_those_that_are() {
    let laptop = Laptop::with_sample();
    let studies = laptop.json(&["study", "list"]);
    let study = studies[0]["id"].as_str().expect("an id").to_owned();
    let new = ["submission", "new", &study, "initial"];
    let said = laptop.chinese(&[&new[..], &["--site", "99"]].concat());
    assert!(said.contains("没有中心“99”"), "{said}");
    let all = said.lines().filter(|line| line.starts_with("  ")).count();
    assert!(all > 1 && said.contains("  01  "), "{said}");
    let said = laptop.chinese(&[&new[..], &["--site", "医院"]].concat());
    assert!(said.contains("都符合“医院”，请写明一家"), "{said}");
    assert!(
        said.lines().filter(|line| line.starts_with("  ")).count() > 1,
        "{said}"
    );
    let said = laptop.chinese(&new);
    assert!(
        said.contains("请用 --site 指定一家") && said.contains("  01  "),
        "{said}"
    );
    let made = laptop.json(&["study", "new", "title.zh=步行研究"]);
    let bare = made["study"].as_str().expect("an id");
    let said = laptop.chinese(&["submission", "new", bare, "initial", "--site", "1"]);
    assert_eq!(said.trim(), "这项研究还没有中心。");
}

#[test]
fn lists_say_states_in_words() {
    let laptop = Laptop::with_sample();
    let studies = laptop.json(&["study", "list"]);
    let study = studies[0]["id"].as_str().expect("an id").to_owned();
    let freeze = [
        "version",
        "freeze",
        &study,
        "--number",
        "V9.0",
        "--date",
        "2026-11-01",
    ];
    let leave = laptop.json(&["version", "hindrances", &study]);
    let mut words: Vec<&str> = freeze.to_vec();
    for one in leave.as_array().expect("rows") {
        words.extend(["--leave-out", one["path"].as_str().expect("a path")]);
    }
    laptop.ok(&words);
    let approve = [
        "version",
        "approve",
        &study,
        "V9.0",
        "--site",
        "01",
        "--date",
        "2026-11-20",
    ];
    laptop.ok(&approve);
    let codes = |said: &str| -> Vec<String> {
        let is_code = |word: &&str| {
            let letters = word.trim_matches(|ch: char| !ch.is_ascii_alphanumeric());
            let known = model::code::CODES.iter().any(|code| code.code == letters);
            let states = [
                "frozen",
                "submitted",
                "approved",
                "superseded",
                "archived",
                "unresolved",
            ];
            (known && letters.len() > 2 && letters != "GCP") || states.contains(&letters)
        };
        // What stands first is what one types: an id, a key.
        let words = said
            .lines()
            .flat_map(|line| line.split_whitespace().skip(1));
        words.filter(is_code).map(str::to_owned).collect()
    };
    for list in [
        &["version", "list", &study][..],
        &["study", "list"],
        &["document", "list", &study],
        &["submission", "list", &study],
        &["milestone", "list", &study],
        &["suggestion", "list", &study],
        &["contact", "list", "--study", &study],
        &["directory", "people"],
        &["conflicts"],
        &["form-set", "list"],
        &["form-set", "show", "cn-children"],
        &["submission", "sets"],
        &["due"],
        &["review", "list"],
    ] {
        let said = laptop.chinese(list);
        let found = codes(&said);
        assert_eq!(found, [""; 0], "{list:?}: {said}");
    }
    let said = laptop.chinese(&["version", "list", &study]);
    assert!(
        said.contains("已批准") && said.contains(": 批准 2026-11-20"),
        "{said}"
    );
}

#[test]
fn a_document_is_there_with_its_file_only_noted_or_lacking() {
    let laptop = Laptop::of("林示例");
    let made = laptop.json(&["study", "new", "title.zh=步行研究"]);
    let study = made["study"].as_str().expect("an id");
    let file = laptop.path("同意书.pdf");
    std::fs::write(&file, b"%PDF-1.4").expect("a file");
    let file = file.to_str().expect("text");
    laptop.ok(&[
        "document",
        "add",
        study,
        file,
        "--kind",
        "consent",
        "title.zh=同意书",
    ]);
    for (title, status) in [("保险单", "have"), ("批件", "lack"), ("广告", "na")] {
        let (title, status) = (format!("title.zh={title}"), format!("status={status}"));
        laptop.ok(&["add", study, "document", "kind=other", &title, &status]);
    }
    let said = laptop.chinese(&["document", "list", study]);
    for (title, state) in [
        ("同意书", "✓ 已有"),
        ("保险单", "◐ 已登记，缺文件"),
        ("批件", "✕ 缺少"),
        ("广告", "– 不适用"),
    ] {
        let line = said
            .lines()
            .find(|line| line.contains(title))
            .expect("a line");
        assert!(line.contains(state), "{line}");
    }
    let rows = laptop.json(&["document", "list", study]);
    let states = rows
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["state"]);
    let states: Vec<_> = states.collect();
    assert_eq!(states, ["have", "recorded", "lack", "notApplicable"]);
}
