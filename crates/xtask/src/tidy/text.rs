//! What may stand in which file.

use super::{File, Finding};

/// A word that belongs to some places only.
struct Rule {
    /// Any of these in a line breaks the rule.
    words: &'static [&'static str],
    /// Whether the file is looked at.
    applies: fn(&str) -> bool,
    what: &'static str,
}

/// Machine paths are put together here so that this file does not hold them.
const RULES: [Rule; 7] = [
    Rule {
        words: &[
            concat!("Utc", "::now"),
            concat!("Local", "::now"),
            concat!("SystemTime", "::now"),
        ],
        applies: |path| path.ends_with(".rs") && !reads_the_clock(path),
        what: "the clock is read in a program's main and in testkit only",
    },
    Rule {
        words: &[concat!("@tauri", "-apps/")],
        applies: |path| path.starts_with("ui/src/") && !path.starts_with("ui/src/platform/"),
        what: "only ui/src/platform knows Tauri",
    },
    Rule {
        words: &[concat!("/wo", "rk/"), concat!("/ro", "ot/")],
        applies: |path| !is_lock(path),
        what: "a path of one machine",
    },
    Rule {
        words: &[
            concat!("#[", "ignore]"),
            concat!("should", "_panic"),
            concat!("#[", "allow("),
        ],
        applies: |path| path.ends_with(".rs"),
        what: "no test is left out without a reason or expects a panic; expect(reason) instead of allow",
    },
    Rule {
        words: &[
            concat!(".only", "("),
            concat!("@ts", "-ignore"),
            concat!("@ts", "-nocheck"),
        ],
        applies: is_interface,
        what: "no single test left on, no silenced type error",
    },
    Rule {
        words: &[
            concat!("TO", "DO"),
            concat!("FIX", "ME"),
            concat!("XX", "X:"),
        ],
        applies: |path| path.ends_with(".rs") || is_interface(path),
        what: "unfinished work belongs into an issue",
    },
    Rule {
        words: &["！", "!"],
        applies: |path| path.starts_with("crates/model/labels/"),
        what: "no exclamation marks",
    },
];

fn reads_the_clock(path: &str) -> bool {
    let clocks = [
        "src-tauri/src/main.rs",
        "src-tauri/src/clock.rs",
        "crates/cli/src/main.rs",
        "crates/cli/src/machine.rs",
        "crates/center/src/main.rs",
    ];
    clocks.contains(&path)
        // It talks to the running program, which has the real clock.
        || path == "crates/center/tests/it/program.rs"
        || path.starts_with("tests/src/bin/")
        || path.starts_with("crates/testkit/")
        || path.starts_with("crates/xtask/")
}

fn is_lock(path: &str) -> bool {
    path == "Cargo.lock" || path == "ui/package-lock.json"
}

fn is_interface(path: &str) -> bool {
    path.starts_with("ui/") && (path.ends_with(".ts") || path.ends_with(".svelte"))
}

/// Checks one file.
pub(super) fn check(file: &File) -> Vec<Finding> {
    let File { path, text } = file;
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| (rule.applies)(path)) {
        for (n, line) in text.lines().enumerate() {
            if rule.words.iter().any(|word| line.contains(word)) {
                findings.push(Finding::new(path, n + 1, rule.what));
            }
        }
    }
    if path.ends_with(".rs") && !text.starts_with("//!") {
        findings.push(Finding::new(path, 1, "opens without //! (what is it for)"));
    }
    findings.extend(lock(file));
    findings
}

/// Lock files name the public index of Rust crates, and no address of an npm package at all.
fn lock(file: &File) -> Vec<Finding> {
    let (key, allowed) = match file.path.as_str() {
        "Cargo.lock" => (
            "source = ",
            "\"registry+https://github.com/rust-lang/crates.io-index\"",
        ),
        "ui/package-lock.json" => ("\"resolved\": ", "\"file:"),
        path if path.ends_with(".npmrc") => {
            return vec![Finding::new(
                path,
                0,
                "registry settings belong to the machine",
            )];
        }
        _ => return Vec::new(),
    };
    file.text
        .lines()
        .enumerate()
        .filter_map(|(n, line)| {
            let value = line.trim_start().strip_prefix(key)?;
            let what = "names a registry of one machine";
            (!value.starts_with(allowed)).then(|| Finding::new(&file.path, n + 1, what))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> usize {
        check(&File {
            path: path.to_owned(),
            text: text.to_owned(),
        })
        .len()
    }

    #[test]
    fn the_clock_is_read_in_main_and_testkit() {
        let text = concat!("//! x\nfn f() { chrono::Utc", "::now(); }\n");
        assert_eq!(findings("crates/desk/src/store.rs", text), 1);
        assert_eq!(findings("src-tauri/src/main.rs", text), 0);
        assert_eq!(findings("crates/testkit/src/clock.rs", text), 0);
    }

    #[test]
    fn only_the_platform_folder_knows_tauri() {
        let text = concat!("import { invoke } from '@tauri", "-apps/api/core';\n");
        assert_eq!(findings("ui/src/views/Today.ts", text), 1);
        assert_eq!(findings("ui/src/platform/tauri.ts", text), 0);
    }

    #[test]
    fn paths_of_one_machine_are_found_anywhere() {
        assert_eq!(findings("README.md", concat!("see /ro", "ot/x\n")), 1);
        assert_eq!(findings("README.md", "see docs/architecture.md\n"), 0);
    }

    #[test]
    fn a_file_opens_with_its_purpose() {
        assert_eq!(findings("crates/desk/src/a.rs", "fn f() {}\n"), 1);
        assert_eq!(findings("crates/desk/src/a.rs", "//! What for.\n"), 0);
    }

    #[test]
    fn lock_files_name_public_registries() {
        let other = "source = \"registry+https://mirror.example/index\"\n";
        assert_eq!(findings("Cargo.lock", other), 1);
        let own = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
        assert_eq!(findings("Cargo.lock", own), 0);
        let npm = "      \"resolved\": \"https://mirror.example/a.tgz\",\n";
        assert_eq!(findings("ui/package-lock.json", npm), 1);
        assert_eq!(
            findings("ui/.npmrc", "registry=https://mirror.example\n"),
            1
        );
    }

    #[test]
    fn words_for_people_do_not_shout() {
        assert_eq!(
            findings("crates/model/labels/app.tsv", "a.b\t好！\tGood\n"),
            1
        );
        assert_eq!(
            findings("crates/model/labels/app.tsv", "a.b\t好\tGood\n"),
            0
        );
    }
}
