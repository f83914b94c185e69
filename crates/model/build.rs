//! Turns `labels/*.tsv` into a table; a missing or doubled word stops the build.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{env, fs, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=labels");
    let mut labels = BTreeMap::new();
    let mut files: Vec<_> = fs::read_dir("labels")
        .expect("labels folder")
        .map(|entry| entry.expect("labels entry").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "tsv"))
        .collect();
    files.sort();
    for path in files {
        println!("cargo:rerun-if-changed={}", path.display());
        let text = fs::read_to_string(&path).expect("labels are UTF-8");
        for (n, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let place = format!("{}:{}", path.display(), n + 1);
            let cells: Vec<&str> = line.split('\t').collect();
            let [key, zh, en] = cells.as_slice() else {
                panic!("{place}: three cells wanted")
            };
            assert!(
                ![*key, *zh, *en].iter().any(|cell| cell.trim().is_empty()),
                "{place}: a cell is empty"
            );
            let old = labels.insert((*key).to_owned(), ((*zh).to_owned(), (*en).to_owned()));
            assert!(old.is_none(), "{place}: the key {key} is there twice");
        }
    }
    let mut out = String::from("/// Every label, by key.\npub static LABELS: &[Label] = &[\n");
    for (key, (zh, en)) in &labels {
        writeln!(out, "    Label {{ key: {key:?}, zh: {zh:?}, en: {en:?} }},").expect("string");
    }
    out.push_str("];\n");
    let path = Path::new(&env::var("OUT_DIR").expect("OUT_DIR")).join("labels.rs");
    fs::write(path, out).expect("labels.rs");
}
