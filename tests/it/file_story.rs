//! A file attached on one laptop without a network is on the other after both met the center: the
//! same bytes, in a document and in a package.

use crate::center::Center;
use crate::laptop::Laptop;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

fn connect(laptop: &Laptop, center: &Center, user: &str) {
    let code = center.invite(user);
    laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
}

/// The name of a file's content.
fn hex(added: &Value) -> String {
    let hash = added["file"]["hash"].as_str().expect("a hash");
    hash.trim_start_matches("sha256:").to_owned()
}

/// A PDF of some pages: the study's own dossier as this program prints it.
fn a_pdf(laptop: &Laptop, study: &str) -> PathBuf {
    let path = laptop.path("知情同意书 V1.0.pdf");
    let out = path.to_str().expect("a path");
    laptop.ok(&["pdf", study, "--lang", "zh", "-o", out]);
    path
}

/// A study of one laptop that the center has and the other one may see.
fn shared_study(center: &Center, li: &Laptop, wang: &Laptop) -> String {
    let new = [
        "study",
        "new",
        "title.zh=心衰早期干预",
        "--hospital",
        "zhongshan",
    ];
    let study = li.json(&new)["study"].as_str().expect("an id").to_owned();
    connect(li, center, "li");
    li.ok(&["sync"]);
    connect(wang, center, "wang");
    center.grant(&study, "wang", "coordinator");
    study
}

#[test]
fn a_file_attached_without_a_network_is_the_same_on_the_other_laptop() {
    let center = Center::start();
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let study = shared_study(&center, &li, &wang);
    wang.ok(&["sync"]);

    // Nobody is asked for a network.
    let pdf = a_pdf(&li, &study);
    let bytes = fs::read(&pdf).expect("the pdf");
    let path = pdf.to_str().expect("a path");
    let added = li.json(&["document", "add", &study, path, "--kind", "consent"]);
    let document = added["id"].as_str().expect("an id");
    let hex = hex(&added);

    // The other laptop hears of it before it has it, says so, and works on.
    let sent = li.json(&["sync"]);
    let up = json!({"sent": 1, "received": 0, "waiting": 0, "elsewhere": 0});
    assert_eq!(sent["files"], up);
    assert_eq!(sent["waiting"], 0);
    let out = wang.path("consent.pdf");
    let out_text = out.to_str().expect("a path");
    let export = ["document", "export", &study, document, "-o", out_text];
    wang.refused(&export);
    let met = wang.json(&["sync"]);
    let down = json!({"sent": 0, "received": 1, "waiting": 0, "elsewhere": 0});
    assert_eq!(met["files"], down);
    let rows = wang.json(&["document", "list", &study]);
    assert_eq!(rows[0]["here"], true);
    wang.ok(&export);
    assert_eq!(fs::read(&out).expect("the copy"), bytes);
    assert_eq!(li.digest(), wang.digest());

    // Nothing travels twice.
    for laptop in [&li, &wang] {
        let again = laptop.json(&["sync"]);
        let none = json!({"sent": 0, "received": 0, "waiting": 0, "elsewhere": 0});
        assert_eq!(again["files"], none);
    }

    // The package that the other one makes holds it, byte for byte.
    let out = wang.ok(&[
        "submission",
        "new",
        &study,
        "initial",
        "--site",
        "zhongshan",
    ]);
    let submission = out.split_whitespace().next().expect("an id");
    let folder = wang.path("package");
    let folder_text = folder.to_str().expect("a path");
    wang.ok(&[
        "submission",
        "package",
        &study,
        submission,
        "-o",
        folder_text,
    ]);
    let manifest = fs::read(folder.join("manifest.json")).expect("a manifest");
    let manifest = String::from_utf8(manifest).expect("text");
    assert!(manifest.contains(&hex), "{manifest}");
}

#[test]
fn f19_a_file_that_is_on_neither_side_is_said_to_be_on_the_other_laptop() {
    let center = Center::start();
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let study = shared_study(&center, &li, &wang);
    let file = li.path("certificate.pdf");
    fs::write(&file, b"%PDF-1.7 a certificate").expect("a file");
    let path = file.to_str().expect("a path");
    let added = li.json(&["document", "add", &study, path]);
    let document = added["id"].as_str().expect("an id");
    // Its bytes are gone from the disk, whole or in part, before the first contact.
    let hex = hex(&added);
    let stored = li.path("vault").join("blobs").join(&hex);
    let whole = fs::read(&stored).expect("the stored file");
    fs::write(&stored, &whole[..40]).expect("a cut file");
    let sent = li.json(&["sync"]);
    assert_eq!(
        (&sent["waiting"], &sent["files"]["sent"]),
        (&json!(0), &json!(0))
    );
    let met = wang.json(&["sync"]);
    assert_eq!(met["files"]["elsewhere"], 1);
    let out = wang.path("c.pdf");
    let out = out.to_str().expect("a path");
    let export = ["document", "export", &study, document, "-o", out];
    let (_, sentence) = wang.refused(&export);
    assert!(sentence.contains("still on the other laptop"), "{sentence}");
    // It is whole again (a backup was put back): it goes up, and down.
    fs::write(&stored, &whole).expect("the stored file");
    assert_eq!(li.json(&["sync"])["files"]["sent"], 1);
    assert_eq!(wang.json(&["sync"])["files"]["received"], 1);
    wang.ok(&export);
    // Spoilt on the other laptop's disk: found when it is opened, fetched again with the next sync.
    let theirs = wang.path("vault").join("blobs").join(&hex);
    let mut spoilt = fs::read(&theirs).expect("the stored file");
    spoilt[50] ^= 1;
    fs::write(&theirs, spoilt).expect("a spoilt file");
    wang.refused(&export);
    assert_eq!(wang.json(&["sync"])["files"]["received"], 1);
    wang.ok(&export);
    assert_eq!(wang.json(&["verify"])["problems"], json!([]));
}
