//! A hospital's own Word and Excel forms, from the file that its office gave out to what was sent:
//! attached, mapped, filled in their places alone, kept, and on the other laptops.

use crate::center::Center;
use crate::laptop::Laptop;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

const LIST: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const BASE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const S: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A file of parts, as Word and Excel keep theirs.
fn packed(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).expect("a part");
        zip.write_all(text.as_bytes()).expect("its text");
    }
    zip.finish().expect("a file").into_inner()
}

fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a file of parts");
    let mut found = BTreeMap::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        found.insert(part.name().to_owned(), text);
    }
    found
}

fn types(main: &str, of: &str) -> String {
    format!(
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="{main}" ContentType="application/vnd.openxmlformats-officedocument.{of}.main+xml"/></Types>"#
    )
}

fn relation(kind: &str, target: &str) -> String {
    format!(
        r#"<Relationships xmlns="{LIST}"><Relationship Id="rId1" Type="{BASE}/{kind}" Target="{target}"/></Relationships>"#
    )
}

/// The office's application: a table of rows, each a label and an empty cell, and boxes.
fn word(rows: &[&str]) -> Vec<u8> {
    let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let row = |label: &&str| format!("<w:tr>{}<w:tc><w:p/></w:tc></w:tr>", cell(label));
    let rows: String = rows.iter().map(row).collect();
    let boxes = cell("□干预性研究 □观察性研究");
    let body = format!(
        "<w:p><w:r><w:t>示范医院伦理审查申请表</w:t></w:r></w:p><w:tbl>{rows}<w:tr>{}{boxes}</w:tr></w:tbl><w:p/>",
        cell("研究类型")
    );
    let document = format!(r#"<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>"#);
    packed(&[
        (
            "[Content_Types].xml",
            types("/word/document.xml", "wordprocessingml.document"),
        ),
        (
            "_rels/.rels",
            relation("officeDocument", "word/document.xml"),
        ),
        ("word/document.xml", document),
        (
            "word/media/note.xml",
            "<note>the office’s own</note>".into(),
        ),
    ])
}

/// The office's table of funds.
fn excel() -> Vec<u8> {
    let label = |cell: &str, text: &str| {
        format!(r#"<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    };
    let rows = [(1, "研究项目名称"), (2, "经费金额")].map(|(n, text)| {
        let label = label(&format!("A{n}"), text);
        format!(r#"<row r="{n}">{label}<c r="B{n}" s="1"/></row>"#)
    });
    let sheet = format!(
        r#"<worksheet xmlns="{S}"><sheetData>{}<row r="3">{}</row></sheetData></worksheet>"#,
        rows.concat(),
        label("A3", "伦理委员会办公室填写")
    );
    let book = format!(
        r#"<workbook xmlns="{S}" xmlns:r="{BASE}"><sheets><sheet name="经费" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let mut all = types("/xl/workbook.xml", "spreadsheetml.sheet");
    let of_sheet = r#"<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
    all = all.replace("</Types>", of_sheet);
    packed(&[
        ("[Content_Types].xml", all),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", book),
        (
            "xl/_rels/workbook.xml.rels",
            relation("worksheet", "worksheets/sheet1.xml"),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

/// A compound file with a stream of that name, as Office encrypts and as it wrote before 2007.
fn compound(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0_u8; 2048];
    bytes[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    for (at, unit) in stream.encode_utf16().enumerate() {
        bytes[1024 + 2 * at..1026 + 2 * at].copy_from_slice(&unit.to_le_bytes());
    }
    bytes
}

fn file(laptop: &Laptop, name: &str, bytes: &[u8]) -> String {
    let path = laptop.path(name);
    fs::write(&path, bytes).expect("a file");
    path.display().to_string()
}

fn connect(laptop: &Laptop, center: &Center, user: &str) {
    let code = center.invite(user);
    laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
}

/// The hospital's set: the generic one with a table of funds more.
fn own_set(laptop: &Laptop) {
    let path = laptop.path("set.json").display().to_string();
    laptop.ok(&["form-set", "export", "cn-generic", "-o", &path]);
    let bytes = fs::read(&path).expect("the set");
    let mut set: Value = serde_json::from_slice(&bytes).expect("a set");
    set["key"] = json!("model-ec");
    set["version"] = json!("2026-11.1");
    let name = json!({"zh": "经费表", "en": "Table of funds"});
    let field = |key: &str, zh: &str, en: &str, fill: Value| json!({"key": key, "label": {"zh": zh, "en": en}, "fill": fill});
    let fields = [
        field(
            "title",
            "研究项目名称",
            "Title",
            json!(["study/officialTitle"]),
        ),
        field("amount", "经费金额", "Amount", json!([])),
    ];
    let form = json!({
        "key": "funds", "code": "SF-02", "name": name, "verification": "unverified",
        "parts": [{"key": "all", "name": name, "fields": fields}],
    });
    set["forms"].as_array_mut().expect("forms").push(form);
    let item = json!({"key": "funds", "name": name, "made": "form", "form": "funds"});
    let items = set["lists"][0]["items"].as_array_mut().expect("items");
    items.insert(3, item);
    let path = file(laptop, "own.json", set.to_string().as_bytes());
    laptop.ok(&["form-set", "import", &path]);
    laptop.ok(&["form-set", "use", "model-ec", "--hospital", "huashan"]);
}

fn blank(laptop: &Laptop, words: &[&str]) -> Value {
    laptop.json(&[&["form-set", "blank"], words].concat())
}

/// Makes the package into a folder; gives its list.
fn package(laptop: &Laptop, study: &str, submission: &str, folder: &str) -> Value {
    let out = laptop.path(folder);
    let path = out.display().to_string();
    laptop.run(&[
        "submission",
        "package",
        study,
        submission,
        "--lang",
        "zh",
        "-o",
        &path,
    ]);
    let bytes = fs::read(out.join("manifest.json")).expect("a list");
    serde_json::from_slice(&bytes).expect("a list")
}

fn office_file<'a>(list: &'a Value, form: &str) -> &'a Value {
    let mut files = list["files"].as_array().expect("files").iter();
    let found = files.find(|one| one["office"]["form"] == form);
    found.unwrap_or_else(|| panic!("{form} is not in the package: {list:#}"))
}

fn bytes_of(laptop: &Laptop, folder: &str, listed: &Value) -> Vec<u8> {
    let name = listed["name"].as_str().expect("a name");
    fs::read(laptop.path(folder).join(name)).expect("the file")
}

/// The pieces of a text that stand in one file and not in the other, by their places.
fn differing(one: &str, other: &str, at: &str) -> Vec<usize> {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split(at).collect(), other.split(at).collect());
    assert_eq!(one.len(), other.len(), "{other:?}");
    let both = one.iter().zip(&other).enumerate();
    both.filter(|(_, (a, b))| a != b).map(|(n, _)| n).collect()
}

fn pages_text(pdf: &Path) -> Option<String> {
    let run = std::process::Command::new("pdftotext")
        .arg(pdf)
        .arg("-")
        .output();
    run.ok()
        .map(|run| String::from_utf8_lossy(&run.stdout).into_owned())
}

#[test]
fn an_offices_own_forms_go_from_the_blank_to_what_was_sent() {
    let center = Center::start();
    let (li, home, wang) = (
        Laptop::of("李示例"),
        Laptop::of("李示例"),
        Laptop::of("王示例"),
    );
    let study = li.json(&[
        "study",
        "new",
        "title.zh=心衰早期干预",
        "officialTitle.zh=心衰早期干预研究",
        "acronym=HEART",
        "studyType=INTERVENTIONAL",
        "--hospital",
        "huashan",
    ]);
    let study = study["study"].as_str().expect("an id").to_owned();
    li.ok(&[
        "version",
        "freeze",
        &study,
        "--number",
        "1.0",
        "--date",
        "2026-03-05",
    ]);
    own_set(&li);

    // The office's files are attached and mapped; each change is a version of the set.
    let rows = ["研究项目名称", "项目编号", "食堂意见"];
    let (blank_word, blank_excel) = (word(&rows), excel());
    let word_path = file(&li, "申请表.docx", &blank_word);
    let excel_path = file(&li, "经费表.xlsx", &blank_excel);
    let taken = blank(&li, &["attach", "model-ec", "application", &word_path]);
    assert_eq!(taken["mapped"], 0, "nothing is mapped unasked: {taken}");
    let map = [
        "map",
        "model-ec",
        "application",
        "t1/r1c2",
        "basic.title",
        "t1/r2c2",
        "basic.number",
        "t1/r4c2/p1/b1",
        "basic.type",
        "t1/r4c2/p1/b2",
        "basic.type",
    ];
    assert_eq!(blank(&li, &map)["mapped"], 4);
    let taken = blank(
        &li,
        &["attach", "model-ec", "funds", &excel_path, "--proposed"],
    );
    assert_eq!(taken["mapped"], 2);
    let listed = blank(&li, &["list", "model-ec"]);
    assert_eq!(listed[0]["form"], "application");
    assert_eq!(listed[1]["blank"]["name"], "经费表.xlsx");

    // The check names what would stay empty, with its place.
    let new = ["submission", "new", &study, "initial", "--site", "huashan"];
    let made = li.json(&new);
    let submission = made["id"].as_str().expect("an id").to_owned();
    let output = li.run(&["submission", "check", &study, &submission, "--json"]);
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).expect("findings");
    let empty: Vec<&Value> = found
        .iter()
        .filter(|one| one["code"] == "blankFieldEmpty")
        .collect();
    assert!(
        empty
            .iter()
            .any(|one| one["place"]["field"] == "funds/all.amount"),
        "{empty:?}"
    );

    // The package has both files, filled in the mapped places alone.
    let list = package(&li, &study, &submission, "package");
    let application = office_file(&list, "application");
    assert_eq!(application["office"]["kind"], "docx");
    assert_eq!(
        application["office"]["fieldsFilled"],
        json!(["basic.title", "basic.type"])
    );
    assert_eq!(
        application["office"]["fieldsBlank"],
        json!(["basic.number"])
    );
    let filled_word = bytes_of(&li, "package", application);
    let (old, new) = (parts(&blank_word), parts(&filled_word));
    assert_eq!(
        old.keys().collect::<Vec<_>>(),
        new.keys().collect::<Vec<_>>()
    );
    for (name, text) in &old {
        let is_main = name == "word/document.xml";
        assert!(is_main || new[name] == *text, "{name} was changed");
    }
    let (old, new) = (&old["word/document.xml"], &new["word/document.xml"]);
    // Cells in the order of the file: the title's, and the boxes.
    assert_eq!(differing(old, new, "<w:tc>"), [2, 8]);
    assert!(new.contains("心衰早期干预研究") && new.contains("☑干预性研究 □观察性研究"));
    let funds = office_file(&list, "funds");
    let filled_excel = bytes_of(&li, "package", funds);
    let (old, new) = (parts(&blank_excel), parts(&filled_excel));
    let sheet = "xl/worksheets/sheet1.xml";
    assert_eq!(differing(&old[sheet], &new[sheet], "<c "), [2]);
    assert_eq!(funds["office"]["fieldsBlank"], json!(["all.amount"]));
    // In the one PDF a sheet names each file.
    let whole = list["package"]["name"].as_str().expect("a name");
    if let Some(text) = pages_text(&li.path("package").join(whole)) {
        let text: String = text.split_whitespace().collect();
        assert!(text.contains("伦理委员会原表作为单独文件随附"), "{text}");
        assert!(text.contains(application["name"].as_str().expect("a name")));
    } else {
        eprintln!("skipped: pdftotext is not installed");
    }

    // Sent: the filled files are kept with it.
    let keys: Vec<&str> = found.iter().filter_map(|one| one["key"].as_str()).collect();
    let mut send = vec!["submission", "send", &study, &submission];
    send.extend(["--date", "2026-03-10", "--why", "先递交"]);
    for key in &keys {
        send.extend(["--leave-out", key]);
    }
    assert_eq!(li.json(&send)["state"], "sent");
    let sent = package(&li, &study, &submission, "sent");
    assert_eq!(
        office_file(&sent, "application")["sha256"],
        application["sha256"]
    );

    // The office gives out a new file: what is still there keeps its field, by its words.
    let rows = ["研究项目名称", "传真", "项目编号"];
    let path = file(&li, "申请表2027.docx", &word(&rows));
    let taken = blank(&li, &["attach", "model-ec", "application", &path]);
    assert_eq!(taken["mapped"], 4);
    assert_eq!(taken["moved"], json!(["t1/r2c2"]));
    li.ok(&["edit", &study, "officialTitle.zh", "改了题目"]);
    let again = package(&li, &study, &submission, "again");
    let listed = office_file(&again, "application");
    assert_eq!(listed["office"]["blank"], application["office"]["blank"]);
    assert!(
        bytes_of(&li, "again", listed) == filled_word,
        "another file"
    );
    assert!(bytes_of(&li, "again", office_file(&again, "funds")) == filled_excel);

    // Her other laptop has set and blanks through the center.
    connect(&li, &center, "li");
    li.ok(&["sync"]);
    connect(&home, &center, "li");
    home.ok(&["sync"]);
    home.ok(&["sync"]);
    let there = blank(&home, &["list", "model-ec", "application"]);
    assert_eq!(there["look"]["sha256"], taken["sha256"]);
    // A member of the study has what was sent, without her directory.
    connect(&wang, &center, "wang");
    center.grant(&study, "wang", "coordinator");
    wang.ok(&["sync"]);
    wang.ok(&["sync"]);
    let theirs = package(&wang, &study, &submission, "theirs");
    let listed = office_file(&theirs, "application");
    assert!(
        bytes_of(&wang, "theirs", listed) == filled_word,
        "another file"
    );
    for laptop in [&li, &home, &wang] {
        assert_eq!(laptop.json(&["verify"])["problems"], json!([]));
    }
}

#[test]
fn a_member_makes_the_package_with_blanks_that_came_with_the_study() {
    let center = Center::start();
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let words = [
        "study",
        "new",
        "officialTitle.zh=心衰早期干预研究",
        "--hospital",
        "huashan",
    ];
    let study = li.json(&words)["study"].as_str().expect("an id").to_owned();
    own_set(&li);
    let path = file(&li, "申请表.docx", &word(&["研究项目名称"]));
    blank(
        &li,
        &["attach", "model-ec", "application", &path, "--proposed"],
    );
    let new = ["submission", "new", &study, "initial", "--site", "huashan"];
    let submission = li.json(&new)["id"].as_str().expect("an id").to_owned();
    connect(&li, &center, "li");
    li.ok(&["sync"]);
    connect(&wang, &center, "wang");
    center.grant(&study, "wang", "coordinator");
    wang.ok(&["sync"]);
    wang.ok(&["sync"]);
    let here = package(&li, &study, &submission, "package");
    let there = package(&wang, &study, &submission, "package");
    let (here, there) = (
        office_file(&here, "application"),
        office_file(&there, "application"),
    );
    assert_eq!(here["sha256"], there["sha256"]);
    assert!(there["refused"].is_null());
}

#[test]
fn a_file_that_cannot_be_a_blank_is_refused_in_plain_words() {
    let li = Laptop::of("李示例");
    own_set(&li);
    let empty = word(&[]).len();
    assert!(empty > 0);
    let with_macros = packed(&[
        (
            "[Content_Types].xml",
            types("/word/document.xml", "wordprocessingml.document"),
        ),
        (
            "_rels/.rels",
            relation("officeDocument", "word/document.xml"),
        ),
        ("word/vbaProject.bin", "macro".into()),
        (
            "word/document.xml",
            format!(r#"<w:document xmlns:w="{W}"><w:body><w:p/></w:body></w:document>"#),
        ),
    ]);
    let without_places = packed(&[
        (
            "[Content_Types].xml",
            types("/word/document.xml", "wordprocessingml.document"),
        ),
        (
            "_rels/.rels",
            relation("officeDocument", "word/document.xml"),
        ),
        (
            "word/document.xml",
            format!(
                r#"<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>须知</w:t></w:r></w:p></w:body></w:document>"#
            ),
        ),
    ]);
    let locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 EncryptedPackage".to_vec();
    for (name, bytes, says) in [
        ("form.docm", with_macros.clone(), "macros"),
        ("form.docx", with_macros, "macros"),
        ("old.doc", locked, "old kind"),
        ("locked.docx", compound("EncryptedPackage"), "locked"),
        ("locked.xlsx", compound("EncryptedPackage"), "locked"),
        ("renamed.docx", compound("WordDocument"), "old kind"),
        ("notes.txt", b"notes".to_vec(), "no Word, Excel or PDF"),
        ("cut.docx", word(&["研究项目名称"])[..200].to_vec(), ""),
        ("rules.docx", without_places, "no place to fill in"),
        ("large.xlsx", vec![b'P'; 21 * 1024 * 1024], "too large"),
    ] {
        let path = file(&li, name, &bytes);
        let words = [
            "form-set",
            "blank",
            "attach",
            "model-ec",
            "application",
            &path,
        ];
        let (_, said) = li.refused(&words);
        assert!(said.contains(says), "{name}: {said}");
    }
    // What comes with the program is copied, not changed; a field or place that is not there is said.
    let path = file(&li, "form.docx", &word(&["研究项目名称"]));
    li.refused(&[
        "form-set",
        "blank",
        "attach",
        "cn-generic",
        "application",
        &path,
    ]);
    li.ok(&[
        "form-set",
        "blank",
        "attach",
        "model-ec",
        "application",
        &path,
    ]);
    for (at, field, says) in [
        ("t9/r1c1", "basic.title", "t9/r1c1"),
        ("t1/r1c2", "basic.colour", "basic.colour"),
    ] {
        let words = [
            "form-set",
            "blank",
            "map",
            "model-ec",
            "application",
            at,
            field,
        ];
        let (_, said) = li.refused(&words);
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn the_filled_pages_of_an_offices_pdf_go_into_the_one_pdf() {
    let Some(data) = testkit::shared_or_skip("data/pdf") else {
        return;
    };
    let li = Laptop::of("李示例");
    let words = [
        "study",
        "new",
        "officialTitle.zh=心衰早期干预研究",
        "--hospital",
        "huashan",
    ];
    let study = li.json(&words)["study"].as_str().expect("an id").to_owned();
    own_set(&li);
    let path = data.join("pypdf/012-libreoffice-form__libreoffice-form.pdf");
    let path = path.display().to_string();
    let taken = blank(&li, &["attach", "model-ec", "application", &path]);
    assert_eq!(taken["mapped"], 0);
    let rect = "page:1@60,700,300,40";
    let map = ["map", "model-ec", "application"];
    let of_title = ["field:First Name", "basic.title"];
    let of_unit = [rect, "investigators.piUnit"];
    let said = blank(&li, &[&map[..], &of_title, &of_unit].concat());
    assert_eq!(said["mapped"], 2);
    // A place beside the page is none.
    let beside = ["page:1@560,700,300,40", "basic.title"];
    li.refused(&[&["form-set", "blank"], &map[..], &beside].concat());
    let new = ["submission", "new", &study, "initial", "--site", "huashan"];
    let submission = li.json(&new)["id"].as_str().expect("an id").to_owned();
    let list = package(&li, &study, &submission, "package");
    let form = office_file(&list, "application");
    assert_eq!(form["office"]["kind"], "pdf");
    let filled = json!(["basic.title", "investigators.piUnit"]);
    assert_eq!(form["office"]["fieldsFilled"], filled);
    assert_eq!(form["firstPage"], form["lastPage"]);
    let whole = list["package"]["name"].as_str().expect("a name");
    match pages_text(&li.path("package").join(whole)) {
        Some(text) => assert!(text.matches("心衰早期干预研究").count() > 1, "{text}"),
        None => eprintln!("skipped: pdftotext is not installed"),
    }
}
