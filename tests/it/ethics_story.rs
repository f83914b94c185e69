//! A submission to an ethics committee, from the study to the letter, with attachments of all kinds.

use crate::laptop::Laptop;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A study with one site, a frozen version and a submission; study and submission.
fn begun(laptop: &Laptop) -> (String, String) {
    let words = [
        "study",
        "new",
        "title.zh=早期帕金森病运动干预",
        "officialTitle.zh=早期帕金森病运动干预研究",
    ];
    let more = [
        "acronym=WALK",
        "number.org=W-1",
        "enrollment=40",
        "--template",
        "cn-iit-interventional",
        "--hospital",
        "huashan",
    ];
    let made = laptop.json(&[&words[..], &more[..]].concat());
    let study = made["study"].as_str().expect("an id").to_owned();
    laptop.ok(&[
        "version",
        "freeze",
        &study,
        "--number",
        "1.0",
        "--date",
        "2026-03-05",
    ]);
    let new = laptop.json(&["submission", "new", &study, "initial", "--site", "huashan"]);
    assert_eq!(new["state"], "draft");
    assert_eq!(new["forms"], "cn-generic@2026-11.1");
    (study, new["id"].as_str().expect("an id").to_owned())
}

fn add(laptop: &Laptop, study: &str, file: &Path, kind: &str, title: &str) -> String {
    let (file, title) = (file.to_str().expect("text"), format!("title.zh={title}"));
    let words = ["document", "add", study, file, "--kind", kind, &title];
    let more = ["version=1.0", "versionDate=2026-03-01", "language=zh"];
    let added = laptop.json(&[&words[..], &more[..]].concat());
    added["id"].as_str().expect("an id").to_owned()
}

fn package(laptop: &Laptop, words: &[&str], folder: &str) -> (Option<i32>, Value) {
    package_in(laptop, "zh", words, folder)
}

fn package_in(laptop: &Laptop, lang: &str, words: &[&str], folder: &str) -> (Option<i32>, Value) {
    let out = laptop.path(folder);
    let all = ["submission", "package"];
    let out_words = ["--lang", lang, "-o", out.to_str().expect("text")];
    let output = laptop.run(&[&all[..], words, &out_words[..]].concat());
    let manifest = std::fs::read(out.join("manifest.json")).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    });
    (
        output.status.code(),
        serde_json::from_slice(&manifest).expect("a list"),
    )
}

/// Every page of the whole belongs to one part that the list names: ours or a file's.
fn every_page_has_its_part(manifest: &Value) {
    let mut pages = Vec::new();
    for list in ["own", "files"] {
        for part in manifest[list].as_array().expect("parts") {
            if let Some(first) = part["firstPage"].as_u64() {
                pages.extend(first..=part["lastPage"].as_u64().expect("a page"));
            }
        }
    }
    pages.sort_unstable();
    let all = manifest["package"]["pages"].as_u64().expect("pages");
    assert_eq!(pages, (1..=all).collect::<Vec<_>>());
    let own = manifest["own"].as_array().expect("parts").iter();
    let own: Vec<&str> = own.filter_map(|one| one["part"].as_str()).collect();
    assert_eq!(own[..3], ["letter", "contents", "list"]);
    for part in ["form", "sheet"] {
        assert!(own.contains(&part), "{part}: {own:?}");
    }
}

#[test]
fn one_bad_file_never_spoils_a_package() {
    let Some(data) = testkit::shared_or_skip("data/pdf") else {
        return;
    };
    let laptop = Laptop::of("林示例");
    let (study, submission) = begun(&laptop);
    let locked = add(
        &laptop,
        &study,
        &data.join("pypdf/005-libreoffice-writer-password__libreoffice-writer-password.pdf"),
        "insurance",
        "保险单",
    );
    for (file, kind, title) in [
        (
            "pypdf/026-latex-multicolumn__multicolumn.pdf",
            "consent",
            "知情同意书",
        ),
        ("qpdf/qpdf__lin-special.pdf", "cv", "简历"),
        ("qpdf/extend-c-api__bad.pdf", "funding", "经费说明"),
        (
            "qpdf/qpdf__manual-appearances.pdf",
            "scientificReview",
            "科学性论证意见",
        ),
    ] {
        add(&laptop, &study, &data.join(file), kind, title);
    }
    let word = laptop.path("a.docx");
    std::fs::write(&word, b"PK no document").expect("a file");
    add(&laptop, &study, &word, "other", "补充说明");

    // What is missing is said with its place and its rule.
    let output = laptop.run(&["submission", "check", &study, &submission, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).expect("findings");
    let missing = found
        .iter()
        .find(|one| one["code"] == "fieldMissing")
        .expect("a finding");
    assert_eq!(missing["level"], "must");
    assert!(
        missing["rule"]["source"]
            .as_str()
            .is_some_and(|source| !source.is_empty())
    );
    assert!(missing["place"]["kind"].is_string());

    let words = [study.as_str(), submission.as_str()];
    let (code, manifest) = package(&laptop, &words, "out");
    assert_eq!(code, Some(1), "some files were refused");
    let files = manifest["files"].as_array().expect("files");
    let of = |item: &str| {
        files
            .iter()
            .find(|file| file["item"] == item)
            .expect("the file")
    };
    let refused: BTreeMap<&str, &Value> = files
        .iter()
        .filter(|file| !file["refused"].is_null())
        .map(|file| (file["title"].as_str().unwrap_or_default(), &file["refused"]))
        .collect();
    assert_eq!(refused["保险单"], "password");
    assert_eq!(refused["经费说明"], "notPdf");
    assert_eq!(refused["补充说明"], "notPdf");
    assert_eq!(refused.len(), 3);
    assert_eq!(of("consent")["pages"], 3);
    assert_eq!(of("scientificReview")["fieldsDrawn"], 25);

    // Files follow one another without a gap but their own sheets; nothing is lost.
    let taken = files.iter().filter(|file| file["refused"].is_null());
    let mut next =
        manifest["package"]["ownPages"].as_u64().expect("pages") - taken.clone().count() as u64 + 2;
    for file in taken {
        assert_eq!(file["firstPage"], next, "{file}");
        next = file["lastPage"].as_u64().expect("a page") + 2;
    }
    assert_eq!(manifest["package"]["pages"], next - 2);
    every_page_has_its_part(&manifest);
    for file in files.iter().chain([&manifest["package"]]) {
        let name = file["name"].as_str().expect("a name");
        let bytes = std::fs::read(laptop.path("out").join(name)).expect(name);
        let hash = package::hash(&bytes);
        assert_eq!(
            hash.strip_prefix("sha256:"),
            file["sha256"].as_str(),
            "{name}"
        );
    }
    // The exact bytes go along, and come out of the vault.
    let original = std::fs::read(data.join("qpdf/qpdf__lin-special.pdf")).expect("the file");
    let name = of("people")["name"].as_str().expect("a name");
    assert_eq!(
        std::fs::read(laptop.path("out").join(name)).expect(name),
        original
    );

    // The same again gives the same bytes; with its password the locked file goes along.
    let (_, again) = package(&laptop, &words, "again");
    assert_eq!(again, manifest);
    let password = format!("{locked}=openpassword");
    let (_, opened) = package(
        &laptop,
        &[words[0], words[1], "--password", &password],
        "opened",
    );
    let opened = opened["files"].as_array().expect("files");
    let insurance = opened
        .iter()
        .find(|file| file["item"] == "insurance")
        .expect("it");
    assert_eq!(
        (insurance["pages"].as_u64(), insurance["refused"].is_null()),
        (Some(1), true)
    );

    // In both languages what goes along is called in both, where it has a name in both.
    let (_, both) = package_in(&laptop, "both", &words, "both");
    let whole = both["package"]["name"].as_str().expect("a name");
    if let Some(text) = crate::language_story::text_of(&laptop.path("both").join(whole)) {
        let text: String = text.split_whitespace().collect();
        assert!(text.contains("打开需要密码Itwantsapassword"), "{text}");
    }
    let called = |manifest: &Value, item: &str| {
        let files = manifest["files"].as_array().expect("files");
        let mut files = files.iter().filter(|file| file["item"] == item);
        files.next().expect("it")["title"]
            .as_str()
            .expect("a title")
            .to_owned()
    };
    assert_eq!(called(&both, "insurance"), "保险单");
    let protocol = called(&manifest, "protocol");
    assert!(
        called(&both, "protocol").starts_with(&format!("{protocol} ")),
        "{protocol}"
    );
}

#[test]
fn what_identifies_a_patient_is_found_in_the_words_of_a_file() {
    let laptop = Laptop::of("林示例");
    let (study, submission) = begun(&laptop);
    // A page as this program prints it: its letters are numbers of a font.
    let other = laptop.json(&["study", "new", "title.zh=患者住院号 00123456 的随访"]);
    let file = laptop.path("记录.pdf");
    let other = other["study"].as_str().expect("an id");
    laptop.ok(&[
        "pdf",
        other,
        "--lang",
        "zh",
        "-o",
        file.to_str().expect("text"),
    ]);
    let document = add(&laptop, &study, &file, "consent", "知情同意书");
    let output = laptop.run(&["submission", "check", &study, &submission, "--json"]);
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).expect("findings");
    let marks: Vec<&Value> = found
        .iter()
        .filter(|one| one["code"] == "fileMarks")
        .collect();
    assert_eq!(marks.len(), 1, "{found:?}");
    assert_eq!(marks[0]["place"]["entity"], document);
    assert_eq!(marks[0]["level"], "should");
    // The same in Word: no PDF, and read all the same.
    let file = laptop.path("记录.docx");
    let path = file.to_str().expect("text");
    laptop.ok(&["study", "export", other, "--format", "docx", "-o", path]);
    let document = add(&laptop, &study, &file, "consent", "另一份知情同意书");
    let output = laptop.run(&["submission", "check", &study, &submission, "--json"]);
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).expect("findings");
    let marks = found.iter().filter(|one| one["code"] == "fileMarksInside");
    let marked: Vec<&Value> = marks.map(|one| &one["place"]["entity"]).collect();
    assert_eq!(marked, [document.as_str()], "{found:?}");
}

#[test]
fn a_locked_file_goes_out_with_its_password_and_a_letter_that_is_missing_is_said() {
    let Some(data) = testkit::shared_or_skip("data/pdf") else {
        return;
    };
    const NAME: &str = "005-libreoffice-writer-password__libreoffice-writer-password.pdf";
    let laptop = Laptop::of("林示例");
    let (study, submission) = begun(&laptop);
    let file = data.join("pypdf").join(NAME);
    add(&laptop, &study, &file, "insurance", "保险单");
    let check = |more: &[&str]| -> Vec<Value> {
        let words = ["submission", "check", &study, &submission, "--json"];
        let output = laptop.run(&[&words[..], more].concat());
        serde_json::from_slice(&output.stdout).expect("findings")
    };
    let has = |found: &[Value], code: &str| found.iter().any(|one| one["code"] == code);
    assert!(has(&check(&[]), "fileLocked"));
    let password = format!("{NAME}=openpassword");
    let found = check(&["--password", &password]);
    assert!(!has(&found, "fileLocked"));
    let wrong = check(&["--password", &format!("{NAME}=another")]);
    assert!(has(&wrong, "fileLocked"));

    let words = ["submission", "send", &study, &submission];
    let more = [
        "--date",
        "2026-03-10",
        "--why",
        "试验",
        "--password",
        &password,
    ];
    let mut send = [&words[..], &more[..]].concat();
    for key in found.iter().filter_map(|one| one["key"].as_str()) {
        send.extend(["--leave-out", key]);
    }
    assert_eq!(laptop.json(&send)["state"], "sent");
    let (_, manifest) = package(&laptop, &[&study, &submission], "sent");
    let mut files = manifest["files"].as_array().expect("files").iter();
    let insurance = files.find(|one| one["item"] == "insurance").expect("it");
    assert_eq!(insurance["pages"], 1);

    let decide = ["submission", "decide", &study, &submission, "approved"];
    let day = ["--date", "2026-03-20", "--letter", "W-EC-1"];
    let output = laptop.run(&[&decide[..], &day[..]].concat());
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("--letter-file"), "{said}");
    assert!(has(&check(&[]), "letterMissing"));
    let scan = file.to_str().expect("text");
    let again = ["--anyway", "--letter-file", scan];
    laptop.ok(&[&decide[..], &day[..], &again[..]].concat());
    assert!(!has(&check(&[]), "letterMissing"));
}

#[test]
fn a_number_stands_below_a_page_that_is_full_to_the_edge() {
    let Some(data) = testkit::shared_or_skip("data/pdf") else {
        return;
    };
    let full = data.join("pdfjs/issue1985.pdf");
    let before = std::fs::read(&full).expect("a file");
    let before = package::clean(&before, None).expect("a PDF").sheet;
    assert!(before.feet[0] < 1.0);
    let laptop = Laptop::of("林示例");
    let (study, submission) = begun(&laptop);
    let document = add(&laptop, &study, &full, "consent", "知情同意书");
    let (_, manifest) = package(&laptop, &[&study, &submission], "out");
    let files = manifest["files"].as_array().expect("files");
    let file = files
        .iter()
        .find(|one| one["document"] == document.as_str());
    let page = file.expect("the file")["firstPage"]
        .as_u64()
        .expect("a page");
    let name = manifest["package"]["name"].as_str().expect("a name");
    let whole = std::fs::read(laptop.path("out").join(name)).expect("the package");
    let after = package::clean(&whole, None).expect("a PDF").sheet;
    let at = usize::try_from(page).expect("a number") - 1;
    assert_eq!(after.pages[at], before.pages[0], "size and turn");
    // The lowest that is there now is the number, at its own distance from the edge.
    assert!(after.feet[at] > 5.0, "{}", after.feet[at]);
}

/// The committee asks twice; both answers are given on the command line, one from a file.
fn answered(laptop: &Laptop, study: &str, submission: &str) {
    let of = [study, submission];
    let ask = ["--date", "2026-03-15", "请说明随访", "请补充保险"];
    laptop.ok(&[&["submission", "ask"], &of[..], &ask].concat());
    let answer = [
        &["submission", "answer"],
        &of[..],
        &["--date", "2026-03-20"],
    ]
    .concat();
    let with = |more: &[&'static str]| [&answer[..], more].concat();
    // Without a number nobody knows which question is meant.
    let (code, said) = laptop.refused(&with(&["--text", "随访三个月"]));
    assert_eq!((code, said.contains("1|2")), (2, true), "{said}");
    let file = laptop.path("答复.txt");
    std::fs::write(&file, "已补充保险。\n见附件。\n").expect("a file");
    let file = format!("2={}", file.display());
    let kept = [&answer[..], &["--text-file", &file, "--keep"]].concat();
    assert_eq!(laptop.json(&kept)["state"], "queried");
    // One is still open.
    assert_eq!(laptop.refused(&answer).0, 1);
    let sent = laptop.json(&with(&["--text", "1=随访 = 三个月"]));
    assert_eq!(sent["state"], "answered");
    let shown = laptop.json(&["study", "show", study]).to_string();
    for text in ["随访 = 三个月", "已补充保险。\\n见附件。"] {
        assert!(
            shown.contains(&format!("\"answer.zh\":\"{text}\"")),
            "{text}"
        );
    }
    assert_eq!(laptop.refused(&with(&["--text", "1=另一个"])).0, 1);
}

#[test]
fn a_submission_is_sent_decided_and_its_amendment_starts_from_there() {
    let laptop = Laptop::of("林示例");
    let (study, submission) = begun(&laptop);
    let (code, said) = laptop.refused(&[
        "submission",
        "send",
        &study,
        &submission,
        "--date",
        "2026-03-10",
    ]);
    assert_eq!(code, 1);
    assert!(
        said.contains("--leave-out itemMissing@submission/"),
        "{said}"
    );
    let output = laptop.run(&["submission", "check", &study, &submission, "--json"]);
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).expect("findings");
    let mut words = vec![
        "submission",
        "send",
        &study,
        &submission,
        "--date",
        "2026-03-10",
        "--why",
        "试验",
    ];
    for one in &found {
        words.extend(["--leave-out", one["key"].as_str().expect("a key")]);
    }
    assert_eq!(laptop.json(&words)["state"], "sent");
    let path = format!("submission/{submission}/type");
    let (_, said) = laptop.refused(&["edit", &study, &path, "amendment"]);
    assert!(said.contains("sent"), "{said}");
    laptop.ok(&[
        "submission",
        "accept",
        &study,
        &submission,
        "--date",
        "2026-03-11",
        "--number",
        "7",
    ]);
    answered(&laptop, &study, &submission);
    let decided = [
        "submission",
        "decide",
        &study,
        &submission,
        "approved",
        "--letter",
        "2026-伦审-7",
        "--date",
        "2026-03-30",
        "--interval",
        "12",
        "--valid-until",
        "2027-03-29",
    ];
    assert_eq!(laptop.json(&decided)["state"], "decided");

    laptop.ok(&["edit", &study, "enrollment", "44"]);
    let freeze = [
        "version",
        "freeze",
        &study,
        "--number",
        "2.0",
        "--date",
        "2026-06-01",
    ];
    let why = ["--reason", "newData", "--summary-zh", "样本量调整"];
    laptop.ok(&[&freeze[..], &why[..]].concat());
    let new = laptop.json(&[
        "submission",
        "new",
        &study,
        "amendment",
        "--site",
        "huashan",
    ]);
    let amendment = new["id"].as_str().expect("an id");
    let output = laptop.run(&["submission", "check", &study, amendment, "--json"]);
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).expect("findings");
    let codes: Vec<&str> = found
        .iter()
        .filter_map(|one| one["code"].as_str())
        .collect();
    for code in [
        "baseMissing",
        "baseNotLastApproved",
        "reasonMissing",
        "versionNotNew",
        "approvalMissing",
    ] {
        assert!(!codes.contains(&code), "{codes:?}");
    }
    // Protocol, redline and table of changes are made and put in.
    let (code, manifest) = package(&laptop, &[&study, amendment, "--keep"], "out");
    assert_eq!(code, Some(0));
    let files = manifest["files"].as_array().expect("files");
    let items: Vec<&str> = files
        .iter()
        .filter_map(|file| file["item"].as_str())
        .collect();
    assert_eq!(items, ["protocol", "redline", "changes"]);
    // The list calls the letter what stands on its page.
    let own = manifest["own"].as_array().expect("own pages");
    let letter = own.iter().find(|part| part["part"] == "letter");
    let title = letter.expect("a letter")["title"]
        .as_str()
        .expect("a title");
    assert!(title.contains("修正案审查"), "{title}");
    laptop.digest();
}

#[test]
fn what_nobody_decided_is_not_promised_and_open_findings_are_said_with_the_package() {
    let laptop = Laptop::of("林示例");
    let (study, submission) = begun(&laptop);
    let check = laptop.run(&["submission", "check", &study, &submission, "--json"]);
    let found: Vec<Value> = serde_json::from_slice(&check.stdout).expect("findings");
    let count = |what: &str, of: &str| found.iter().filter(|one| one[what] == of).count();
    let (n_lacking, n_open) = (count("code", "itemMissing"), count("code", "itemOpen"));
    let n_must = count("level", "must");
    assert!(n_lacking > 2 && n_open > 2);
    // It says whose list asks for it.
    let missing = found
        .iter()
        .find(|one| one["code"] == "itemMissing")
        .expect("one");
    assert_eq!(missing["rule"]["verification"], "unverified");
    assert!(
        missing["rule"]["article"]
            .as_str()
            .is_some_and(|text| text.contains("第十八条"))
    );

    let out = laptop.path("out");
    let folder = out.to_str().expect("text");
    let words = [
        "submission",
        "package",
        &study,
        &submission,
        "--lang",
        "zh",
        "--zip",
        "-o",
        folder,
    ];
    let said = laptop.chinese(&words);
    assert!(
        said.contains(&format!("还有 {n_must} 处必须解决的问题")),
        "{said}"
    );
    let command = format!(
        "pidesk submission check --vault {:?} {study} {submission}",
        laptop.path("vault")
    );
    assert!(said.contains(&command), "{said}");
    assert!(
        said.contains(&format!("已写入 {folder}")) && said.contains("打包"),
        "{said}"
    );
    for entry in std::fs::read_dir(&out).expect("a folder") {
        let name = entry
            .expect("a file")
            .file_name()
            .into_string()
            .expect("text");
        assert!(said.contains(&name), "{name} is not said: {said}");
    }
    let json = laptop.json(&words);
    assert_eq!(json["openFindings"], n_must);
    assert_eq!(json["written"]["files"].as_array().map(Vec::len), Some(3));

    let whole = out.join(json["package"]["name"].as_str().expect("a name"));
    let Ok(text) = std::process::Command::new("pdftotext")
        .arg("-layout")
        .arg(&whole)
        .arg("-")
        .output()
    else {
        eprintln!("skipped: pdftotext is not on this machine");
        return;
    };
    let text = String::from_utf8(text.stdout).expect("text");
    assert_eq!(text.matches("（未定）").count(), n_open, "{text}");
    assert!(
        text.contains(&format!("的 {n_lacking} 项材料将另行补交")),
        "{text}"
    );
    // Every line that is ticked as lacking is one of them.
    let row = |line: &&str| line.matches(['☑', '☐']).count() == 3;
    let marks = text.lines().filter(row).map(|line| {
        line.chars()
            .filter(|ch| ['☑', '☐'].contains(ch))
            .collect::<String>()
    });
    let marks: Vec<String> = marks.collect();
    let n = |mark: &str| marks.iter().filter(|one| *one == mark).count();
    assert_eq!((n("☐☑☐"), n("☐☐☐")), (n_lacking, n_open), "{text}");
}
