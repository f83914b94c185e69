//! Words as TypeScript: a key that is missing does not compile.
//!
//! Codes and fields are not repeated here: the interface asks for them (`app.reference`).

use crate::{Failure, tree};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const HEAD: &str = "\
// Made by `cargo xtask gen` from crates/model/labels/*.tsv. Do not edit.

/** A text in both languages. */
export interface Words { readonly zh: string; readonly en: string }

/** Every label and message, by key. */
export const LABELS = {
";
const FOOT: &str = "\
} as const satisfies Readonly<Record<string, Words>>;

/** The key of a label; another key is a type error. */
export type LabelKey = keyof typeof LABELS;
";

/// The generated file.
pub(crate) fn typescript(model: &Path) -> Result<String, Failure> {
    let mut words = BTreeMap::new();
    for path in tables(&model.join("labels"))? {
        for row in rows(&tree::read(&path)?) {
            if let [key, zh, en] = row.as_slice() {
                words.insert(key.clone(), (zh.clone(), en.clone()));
            }
        }
    }
    Ok(write(&words))
}

fn tables(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |source| Failure::File {
        path: folder.to_path_buf(),
        source,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|ext| ext == "tsv") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Rows of a table; blank lines and comments are skipped.
fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn write(words: &BTreeMap<String, (String, String)>) -> String {
    let mut out = HEAD.to_owned();
    for (key, (zh, en)) in words {
        let _ = writeln!(
            out,
            "  {}: {{ zh: {}, en: {} }},",
            quoted(key),
            quoted(zh),
            quoted(en)
        );
    }
    out.push_str(FOOT);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_typed_keys() {
        let words = BTreeMap::from([("app.name".to_owned(), ("台".to_owned(), "“D\"".to_owned()))]);
        let out = write(&words);
        assert!(
            out.contains("\n  \"app.name\": { zh: \"台\", en: \"“D\\\"\" },\n} as const satisfies"),
            "{out}"
        );
    }

    #[test]
    fn every_word_of_the_project_is_there() {
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model");
        let out = typescript(&model).unwrap();
        let mut n_words = 0;
        for table in tables(&model.join("labels")).unwrap() {
            for row in rows(&tree::read(&table).unwrap()) {
                assert!(
                    out.contains(&format!("\n  {}: {{ zh: ", quoted(&row[0]))),
                    "{row:?}"
                );
                n_words += 1;
            }
        }
        assert!(n_words > 100, "{n_words}");
    }
}
