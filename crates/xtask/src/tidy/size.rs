//! How long files may be.

use super::{File, Finding};
use crate::Failure;
use std::path::Path;

/// A file longer than this in bytes does not belong into the project without a reason.
const BYTES_MAX: u64 = 700_000;
/// Lines of the whole shell: it stays thin.
const SHELL_LINES_MAX: usize = 1200;
const SHELL: &str = "src-tauri/src";

/// An accepted exception: path, limit, reason.
type Exception<'a> = (&'a str, usize, &'a str);

/// Checks lines; exceptions are rows `path<TAB>limit<TAB>reason`.
pub(super) fn check(files: &[File], exceptions: &str) -> Vec<Finding> {
    let (exceptions, mut findings) = read(exceptions);
    for file in files {
        let Some((lines, limit)) = measure(file) else {
            continue;
        };
        let limit = exceptions
            .iter()
            .find(|(path, ..)| *path == file.path)
            .map_or(limit, |(_, limit, _)| *limit);
        if lines > limit {
            let what = format!("{lines} lines, {limit} allowed (exceptions: xtask/tidy.tsv)");
            findings.push(Finding::new(&file.path, 0, what));
        }
    }
    for (path, ..) in exceptions {
        if !files.iter().any(|file| file.path == path) {
            findings.push(Finding::new(
                path,
                0,
                "is in xtask/tidy.tsv and does not exist",
            ));
        }
    }
    let shell = files.iter().filter(|file| file.path.starts_with(SHELL));
    let lines: usize = shell.map(|file| file.text.lines().count()).sum();
    if lines > SHELL_LINES_MAX {
        let what = format!("{lines} lines in all, {SHELL_LINES_MAX} allowed: the shell is thin");
        findings.push(Finding::new(SHELL, 0, what));
    }
    findings
}

fn read(table: &str) -> (Vec<Exception<'_>>, Vec<Finding>) {
    let mut exceptions = Vec::new();
    let mut findings = Vec::new();
    for (n, line) in table.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        match cells.as_slice() {
            [path, limit, reason]
                if !reason.trim().is_empty() && limit.parse::<usize>().is_ok() =>
            {
                exceptions.push((*path, limit.parse().unwrap_or(0), *reason));
            }
            _ => {
                let what = "path, limit and reason wanted, with tabs between";
                findings.push(Finding::new("crates/xtask/tidy.tsv", n + 1, what));
            }
        }
    }
    (exceptions, findings)
}

/// Lines that count, and the limit for this sort of file.
fn measure(file: &File) -> Option<(usize, usize)> {
    let path = file.path.as_str();
    if path.ends_with(".gen.ts") {
        return None;
    }
    let is_test = path.contains("/tests/") || path.starts_with("tests/") || path.contains(".test.");
    if path.ends_with(".rs") {
        let lines = if is_test {
            file.text.lines().count()
        } else {
            without_tests(&file.text)
        };
        return Some((lines, if is_test { 800 } else { 500 }));
    }
    let lines = file.text.lines().count();
    if path.ends_with(".svelte") {
        Some((lines, 300))
    } else if path.starts_with("ui/") && path.ends_with(".ts") {
        Some((lines, if is_test { 600 } else { 400 }))
    } else if path == "docs/architecture.md" {
        Some((lines, 300))
    } else {
        None
    }
}

/// Lines before the tests at the end of a file.
fn without_tests(text: &str) -> usize {
    text.lines()
        .position(|line| line.starts_with("#[cfg(test)]"))
        .unwrap_or(text.lines().count())
}

/// Checks bytes: nothing large is committed.
pub(super) fn bytes(root: &Path, paths: &[String]) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for path in paths {
        let full = root.join(path);
        let size = std::fs::metadata(&full)
            .map_err(|source| Failure::File { path: full, source })?
            .len();
        if size > BYTES_MAX {
            findings.push(Finding::new(
                path,
                0,
                format!("{size} bytes, {BYTES_MAX} allowed"),
            ));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, lines: usize) -> File {
        File {
            path: path.to_owned(),
            text: "//! x\n".repeat(lines),
        }
    }

    #[test]
    fn long_files_are_found() {
        assert_eq!(check(&[file("crates/desk/src/a.rs", 500)], "").len(), 0);
        assert_eq!(check(&[file("crates/desk/src/a.rs", 501)], "").len(), 1);
        assert_eq!(check(&[file("ui/src/A.svelte", 301)], "").len(), 1);
        assert_eq!(check(&[file("ui/src/lib/a.ts", 401)], "").len(), 1);
        assert_eq!(
            check(&[file("ui/src/lib/labels.gen.ts", 4000)], "").len(),
            0
        );
    }

    #[test]
    fn tests_at_the_end_do_not_count() {
        let text = format!(
            "//! x\n{}#[cfg(test)]\n{}",
            "\n".repeat(400),
            "\n".repeat(400)
        );
        assert_eq!(
            check(
                &[File {
                    path: "crates/a/src/a.rs".to_owned(),
                    text
                }],
                ""
            )
            .len(),
            0
        );
    }

    #[test]
    fn an_exception_has_a_limit_and_a_reason() {
        let long = [file("crates/desk/src/a.rs", 600)];
        assert_eq!(
            check(&long, "crates/desk/src/a.rs\t650\tone table\n").len(),
            0
        );
        assert_eq!(
            check(&long, "crates/desk/src/a.rs\t550\tone table\n").len(),
            1
        );
        assert_eq!(check(&long, "crates/desk/src/a.rs\t650\t\n").len(), 2);
        assert_eq!(
            check(&[], "crates/desk/src/gone.rs\t650\tone table\n").len(),
            1
        );
    }

    #[test]
    fn the_shell_is_measured_as_a_whole() {
        let files: Vec<File> = (0..3)
            .map(|n| file(&format!("{SHELL}/{n}.rs"), 450))
            .collect();
        assert_eq!(check(&files, "").len(), 1);
    }
}
