//! A new hospital needs no code: its form set is copied, changed, used, changed again.

use crate::laptop::Laptop;
use serde_json::{Value, json};

fn write(laptop: &Laptop, name: &str, set: &Value) -> String {
    let path = laptop.path(name);
    std::fs::write(&path, set.to_string()).expect("a file");
    path.display().to_string()
}

fn read(laptop: &Laptop, name: &str) -> Value {
    let bytes = std::fs::read(laptop.path(name)).expect("the file");
    serde_json::from_slice(&bytes).expect("a set")
}

/// The submission's list in words, and the version of its set.
fn sheet(laptop: &Laptop, study: &str, id: &str) -> (String, Vec<String>) {
    let rows = laptop.json(&["submission", "list", study]);
    let rows = rows.as_array().expect("sites");
    let mut all = rows
        .iter()
        .flat_map(|row| row["submissions"].as_array().expect("some"));
    let row = all.find(|row| row["id"] == id).expect("the submission");
    let found = laptop.run(&["submission", "check", study, id, "--json"]);
    let found: Vec<Value> = serde_json::from_slice(&found.stdout).expect("findings");
    let texts = found
        .iter()
        .map(|one| one["text"].as_str().expect("words").to_owned());
    (
        row["forms"].as_str().expect("a set").to_owned(),
        texts.collect(),
    )
}

#[test]
fn a_new_hospital_needs_no_code() {
    let laptop = Laptop::of("李示例");
    let words = [
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
    let made = laptop.json(&[&words[..], &more[..]].concat());
    let study = made["study"].as_str().expect("an id").to_owned();

    // The generic set as a file, with a document more and a field renamed: a set of a new key.
    let file = laptop.path("generic.json").display().to_string();
    laptop.ok(&["form-set", "export", "cn-generic", "-o", &file]);
    let mut set = read(&laptop, "generic.json");
    set["key"] = json!("huashan-ec");
    set["version"] = json!("2026-11.1");
    set["name"] = json!({"zh": "华山医院伦理", "en": "Huashan committee"});
    let lists = set["lists"].as_array_mut().expect("lists");
    let initial = lists
        .iter_mut()
        .find(|list| {
            let types = list["types"].as_array().expect("types");
            types.contains(&json!("initial")) && list["when"].as_array().is_none_or(Vec::is_empty)
        })
        .expect("a list for a first review");
    let name = json!({"zh": "科室同意书", "en": "Consent of the department"});
    let item = json!({"key": "departmentConsent", "name": name});
    initial["items"].as_array_mut().expect("items").push(item);
    let field = &mut set["forms"][0]["parts"][0]["fields"][0];
    assert_eq!(field["key"], "title");
    field["label"] = json!({"zh": "课题全称", "en": "Full title of the project"});
    let path = write(&laptop, "huashan.json", &set);
    laptop.ok(&["form-set", "check", &path]);
    laptop.ok(&["form-set", "import", &path]);
    // The same once more is no second entry.
    laptop.ok(&["form-set", "import", &path]);
    assert_eq!(versions(&laptop, "huashan-ec"), ["2026-11.1"]);

    // The hospital points at it; a submission there is made with it.
    let unknown = laptop.run(&["form-set", "use", "nothing", "--hospital", "huashan"]);
    assert!(!unknown.status.success());
    laptop.ok(&["form-set", "use", "huashan-ec", "--hospital", "huashan"]);
    let new = laptop.json(&["submission", "new", &study, "initial", "--site", "huashan"]);
    assert_eq!(new["forms"], "huashan-ec@2026-11.1");
    let first = new["id"].as_str().expect("an id").to_owned();
    let (_, before) = sheet(&laptop, &study, &first);
    for wanted in ["Consent of the department", "Full title of the project"] {
        assert!(
            before.iter().any(|text| text.contains(wanted)),
            "{before:?}"
        );
    }
    // The study names the set that the submission carries along, and does not print it.
    let shown = laptop.run(&["study", "show", &study]);
    let shown = String::from_utf8(shown.stdout).expect("words");
    let line = shown.lines().find(|line| line.contains("formsKept"));
    let line = line.expect("the set that is kept");
    let wanted = "form set Huashan committee 2026-11.1 (whole with --json)";
    assert!(line.ends_with(wanted), "{line}");
    let longest = shown.lines().map(|line| line.chars().count()).max();
    assert!(
        longest.is_some_and(|longest| longest < 1_000),
        "{longest:?}"
    );

    // Changed again: a version beside the old one, with a reason; the old submission stays.
    set["version"] = json!("2026-11.2");
    set["forms"][0]["parts"][0]["fields"][0]["label"]["en"] = json!("Name of the study");
    let path = write(&laptop, "again.json", &set);
    let silent = laptop.run(&["form-set", "import", &path]);
    assert!(!silent.status.success(), "a reason is wanted");
    assert_eq!(versions(&laptop, "huashan-ec"), ["2026-11.1"]);
    laptop.ok(&["form-set", "import", &path, "--why", "表格改版"]);
    assert_eq!(versions(&laptop, "huashan-ec"), ["2026-11.1", "2026-11.2"]);
    let (forms, after) = sheet(&laptop, &study, &first);
    assert_eq!(forms, "huashan-ec@2026-11.1");
    let of_set = |texts: &[String]| -> Vec<String> {
        let old = |text: &&String| !text.contains("2026-11.2");
        texts.iter().filter(old).cloned().collect()
    };
    assert_eq!(
        of_set(&before),
        of_set(&after),
        "the old submission is as it was"
    );
    assert!(
        after.iter().any(|text| text.contains("2026-11.2")),
        "{after:?}"
    );
    let new = laptop.json(&[
        "submission",
        "new",
        &study,
        "amendment",
        "--site",
        "huashan",
    ]);
    assert_eq!(new["forms"], "huashan-ec@2026-11.2");

    // A version that a submission was made with is neither changed nor put aside.
    set["name"]["zh"] = json!("另一个名称");
    let path = write(&laptop, "other.json", &set);
    let refused = laptop.run(&["form-set", "import", &path, "--why", "改名"]);
    assert!(!refused.status.success(), "the version is taken");
    laptop.ok(&["verify"]);
}

#[test]
fn what_cannot_stand_is_said_in_words_and_nothing_is_kept() {
    let laptop = Laptop::of("李示例");
    let file = laptop.path("generic.json").display().to_string();
    laptop.ok(&["form-set", "export", "cn-children", "-o", &file]);
    let mut set = read(&laptop, "generic.json");
    // What comes with the program is copied, not changed.
    set["name"]["zh"] = json!("改名");
    let path = write(&laptop, "shipped.json", &set);
    assert!(!laptop.run(&["form-set", "import", &path]).status.success());

    set["key"] = json!("own");
    set["naming"]["pattern"] = json!("{planet}");
    set["lists"][0]["items"][0]["kinds"] = json!(["moonRock"]);
    let path = write(&laptop, "wrong.json", &set);
    for command in ["check", "import"] {
        let output = laptop.run(&["form-set", command, &path]);
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            said.contains("naming rule") && said.contains("moonRock"),
            "{said}"
        );
    }
    for (name, text) in [("broken.json", "{\"key\": "), ("list.json", "[1, 2]")] {
        std::fs::write(laptop.path(name), text).expect("a file");
        let path = laptop.path(name).display().to_string();
        let output = laptop.run(&["form-set", "import", &path]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("is no form set"), "{said}");
    }
    let large = laptop.path("large.json");
    std::fs::write(&large, vec![b' '; 1_100_000]).expect("a file");
    let output = laptop.run(&["form-set", "import", &large.display().to_string()]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("too large"), "{said}");
    assert_eq!(versions(&laptop, "own"), [""; 0]);
    assert_eq!(
        laptop.json(&["form-set", "list"]).as_array().map(Vec::len),
        Some(2)
    );
}

fn versions(laptop: &Laptop, key: &str) -> Vec<String> {
    let list = laptop.json(&["form-set", "list"]);
    let all = list.as_array().expect("sets").iter();
    let own = all.filter(|one| one["key"] == key);
    own.map(|one| one["version"].as_str().expect("a version").to_owned())
        .collect()
}
