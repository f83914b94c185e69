//! Words, codes and fields as TypeScript: a key that is missing does not compile.

use crate::{Failure, tree};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const HEAD: &str = "\
// Made by `cargo xtask gen` from crates/model (labels/*.tsv, data/codes.tsv, data/fields.tsv,
// data/center.json). Do not edit.

/** A text in both languages. */
export interface Words { readonly zh: string; readonly en: string }
/** A code of a list with its words. */
export interface Code extends Words { readonly code: string }
/** How a field is entered and checked; see `Input` in crates/model/src/field.rs. */
export type Input = 'line' | 'text' | 'date' | 'integer' | 'decimal' | 'bool' | 'code' | 'codes'
  | 'list' | 'reference' | 'residue';
/** A field of a kind of entity; a bilingual one has the registers `name.zh` and `name.en`. */
export interface Field extends Words {
  readonly kind: string; readonly name: string; readonly input: Input;
  readonly bilingual: boolean; readonly group: string; readonly codes: CodeList | '';
}
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
    let codes = tree::read(&model.join("data/codes.tsv"))?;
    let center = tree::read(&model.join("data/center.json"))?;
    let fields = tree::read(&model.join("data/fields.tsv"))?;
    let mut out = HEAD.to_owned();
    write_words(&mut out, &words);
    write_codes(&mut out, &codes, &center)?;
    write_fields(&mut out, &fields);
    Ok(out)
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

fn write_words(out: &mut String, words: &BTreeMap<String, (String, String)>) {
    out.push_str("\n/** Every label and message, by key. */\nexport const LABELS = {\n");
    for (key, (zh, en)) in words {
        let _ = writeln!(
            out,
            "  {}: {{ zh: {}, en: {} }},",
            quoted(key),
            quoted(zh),
            quoted(en)
        );
    }
    out.push_str("} as const satisfies Readonly<Record<string, Words>>;\n");
    out.push_str("/** The key of a label; another key is a type error. */\n");
    out.push_str("export type LabelKey = keyof typeof LABELS;\n");
}

fn write_codes(out: &mut String, codes: &str, center: &str) -> Result<(), Failure> {
    let mut lists: Vec<(String, Vec<[String; 3]>)> = Vec::new();
    let mut add =
        |list: &str, code: [String; 3]| match lists.iter_mut().find(|(name, _)| name == list) {
            Some((_, entries)) => entries.push(code),
            None => lists.push((list.to_owned(), vec![code])),
        };
    for row in rows(codes).into_iter().skip(1) {
        if let [list, code, zh, en] = row.as_slice() {
            add(list, [code.clone(), zh.clone(), en.clone()]);
        }
    }
    let center: serde_json::Value = serde_json::from_str(center).map_err(|_| Failure::Answer {
        program: "center.json",
    })?;
    for (list, key, name) in [
        ("hospital", "hospitals", "name"),
        ("diseaseArea", "diseaseAreas", "name"),
    ] {
        for entry in center[key].as_array().into_iter().flatten() {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let (zh, en) = (text(&entry[name]["zh"]), text(&entry[name]["en"]));
            add(list, [text(&entry["code"]), zh, en]);
        }
    }
    out.push_str("\n/** Every coded list, in the order of display. */\nexport const CODES = {\n");
    for (list, entries) in &lists {
        let _ = writeln!(out, "  {list}: [");
        for [code, zh, en] in entries {
            let (code, zh, en) = (quoted(code), quoted(zh), quoted(en));
            let _ = writeln!(out, "    {{ code: {code}, zh: {zh}, en: {en} }},");
        }
        out.push_str("  ],\n");
    }
    out.push_str("} as const satisfies Readonly<Record<string, readonly Code[]>>;\n");
    out.push_str("/** The name of a coded list. */\nexport type CodeList = keyof typeof CODES;\n");
    Ok(())
}

fn write_fields(out: &mut String, fields: &str) {
    out.push_str("\n/** Every field, in the order of display. */\n");
    out.push_str("export const FIELDS: readonly Field[] = [\n");
    for row in rows(fields).into_iter().skip(1) {
        let [kind, name, input, bilingual, _hidden, group, codes, zh, en] = row.as_slice() else {
            continue;
        };
        let codes = if codes == "-" { "" } else { codes };
        let _ = writeln!(
            out,
            "  {{ kind: {}, name: {}, input: {}, bilingual: {}, group: {}, codes: {}, zh: {}, en: {} }},",
            quoted(kind),
            quoted(name),
            quoted(input),
            bilingual == "y",
            quoted(group),
            quoted(codes),
            quoted(zh),
            quoted(en),
        );
    }
    out.push_str("];\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_typed_keys() {
        let words = BTreeMap::from([("app.name".to_owned(), ("台".to_owned(), "“D\"".to_owned()))]);
        let mut out = String::new();
        write_words(&mut out, &words);
        assert!(
            out.contains("\"app.name\": { zh: \"台\", en: \"“D\\\"\" },"),
            "{out}"
        );
        assert!(out.contains("as const satisfies"));
    }

    #[test]
    fn lists_of_the_center_follow_the_coded_lists() {
        let codes = "# words\nlist\tcode\tzh\ten\nsex\tALL\t不限\tAll\nsex\tMALE\t男\tMale\n";
        let center =
            r#"{"hospitals":[{"code":"a","name":{"zh":"甲","en":"A"}}],"diseaseAreas":[]}"#;
        let mut out = String::new();
        write_codes(&mut out, codes, center).unwrap();
        let sex = out.find("  sex: [").unwrap();
        let hospital = out.find("  hospital: [").unwrap();
        assert!(sex < hospital);
        assert_eq!(out.matches("code: ").count(), 3);
    }

    #[test]
    fn the_project_s_own_tables_are_read_whole() {
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model");
        let out = typescript(&model).unwrap();
        let fields = tree::read(&model.join("data/fields.tsv")).unwrap();
        let n_fields = rows(&fields).len() - 1;
        assert_eq!(
            out.matches("bilingual: true").count() + out.matches("bilingual: false").count(),
            n_fields
        );
        assert!(out.contains("\"app.name\""));
    }
}
