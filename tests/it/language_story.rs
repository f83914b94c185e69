//! A package in one language has no words of ours in the other: only what people wrote stays as it
//! is.

use crate::laptop::Laptop;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Words in Latin letters that a Chinese package has, besides what people wrote.
const KNOWN: [&str; 3] = ["gcp", "nmpa", "pdf"];

pub(crate) fn text_of(pdf: &Path) -> Option<String> {
    let output = Command::new("pdftotext").arg(pdf).arg("-").output();
    let Ok(output) = output else {
        eprintln!("skipped: pdftotext is not on this machine");
        return None;
    };
    Some(String::from_utf8(output.stdout).expect("text"))
}

/// Runs of letters of one kind, long enough to be words.
fn runs(text: &str, is_of: impl Fn(char) -> bool, shortest: usize) -> BTreeSet<String> {
    let runs = text.split(|ch| !is_of(ch));
    let long = runs.filter(|run| run.chars().count() >= shortest);
    long.map(str::to_lowercase).collect()
}

fn is_han(ch: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&ch)
}

/// Makes the package of a submission and gives its text.
fn package(laptop: &Laptop, (study, submission): (&str, &str), lang: &str) -> Option<String> {
    let out = laptop.path(&format!("{submission}-{lang}"));
    let folder = out.to_str().expect("text");
    let words = ["submission", "package", study, submission, "--lang", lang];
    laptop.run(&[&words[..], &["-o", folder]].concat());
    let list = std::fs::read(out.join("manifest.json")).expect("a list");
    let list: Value = serde_json::from_slice(&list).expect("a list");
    text_of(&out.join(list["package"]["name"].as_str().expect("a name")))
}

#[test]
fn a_package_has_no_words_of_ours_in_the_other_language() {
    let laptop = Laptop::with_sample();
    let studies = laptop.json(&["study", "list"]);
    let study = studies[0]["id"].as_str().expect("an id").to_owned();
    let written = laptop.json(&["study", "show", &study]).to_string();
    let written = written.to_lowercase();
    // An attachment whose names are Chinese keeps them.
    let file = laptop.path("知情同意书 第二版.pdf");
    std::fs::write(&file, empty_page()).expect("a file");
    let add = ["document", "add", &study, file.to_str().expect("text")];
    let facts = [
        "--kind",
        "consent",
        "version=V2.0",
        "versionDate=2026-03-05",
    ];
    laptop.ok(&[&add[..], &facts[..], &["title.zh=知情同意书（干预组）"]].concat());
    let title = "知情同意书（干预组）";

    for (kind, site, forms) in [
        ("initial", "huadong", "cn-generic"),
        ("initial", "huadong", "cn-children"),
        ("amendment", "ruijin", "cn-generic"),
        ("resubmission", "ruijin", "cn-generic"),
        ("continuing", "zhongshan", "cn-children"),
        ("completion", "zhongshan", "cn-generic"),
    ] {
        let new = ["submission", "new", &study, kind, "--site", site];
        let made = laptop.json(&[&new[..], &["--forms", forms]].concat());
        let of = (study.as_str(), made["id"].as_str().expect("an id"));
        let Some(english) = package(&laptop, of, "en") else {
            return;
        };
        for run in runs(&english, is_han, 1) {
            let is_theirs = written.contains(&run) || title.contains(&run);
            assert!(is_theirs, "{kind} {forms}, in English: {run}");
        }
        for mark in ['〔', '〕', '（', '）', '；', '：', '／'] {
            let lines = english.lines().filter(|line| line.contains(mark));
            for line in lines {
                assert!(
                    line.chars().any(is_han),
                    "{kind} {forms}, in English: {line}"
                );
            }
        }
        let chinese = package(&laptop, of, "zh").expect("text");
        for run in runs(&chinese, |ch| ch.is_ascii_alphabetic(), 3) {
            let is_theirs = written.contains(&run) || KNOWN.contains(&run.as_str());
            assert!(is_theirs, "{kind} {forms}, in Chinese: {run}");
        }
        assert!(chinese.chars().filter(|ch| is_han(*ch)).count() > 500);
    }
}

/// A file of one empty page.
fn empty_page() -> &'static [u8] {
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
      2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
      3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n\
      trailer<</Root 1 0 R>>"
}
