//! What must be named somewhere: crates in the architecture, test files in their binary.

use super::edges::Crate;
use super::{File, Finding};

const ARCHITECTURE: &str = "docs/architecture.md";

/// Checks the lists.
pub(super) fn check(files: &[File], crates: &[Crate]) -> Vec<Finding> {
    let mut findings = architecture(files, crates);
    findings.extend(files.iter().filter_map(|file| unlisted(file, files)));
    findings
}

fn architecture(files: &[File], crates: &[Crate]) -> Vec<Finding> {
    let text = files
        .iter()
        .find(|file| file.path == ARCHITECTURE)
        .map_or("", |f| &f.text);
    crates
        .iter()
        .filter(|member| !text.contains(&format!("`{}`", member.name)))
        .map(|member| Finding::new(ARCHITECTURE, 0, format!("does not name `{}`", member.name)))
        .collect()
}

/// A test file that no `mod` line names would never run.
fn unlisted(file: &File, files: &[File]) -> Option<Finding> {
    let (folder, name) = file.path.rsplit_once('/')?;
    let stem = name.strip_suffix(".rs")?;
    let is_test = format!("/{folder}/").contains("/it/");
    if !is_test || stem == "main" {
        return None;
    }
    let (owner, module) = if stem == "mod" {
        folder.rsplit_once('/')?
    } else {
        (folder, stem)
    };
    let line = format!("mod {module};");
    let parents = [
        format!("{owner}/main.rs"),
        format!("{owner}/mod.rs"),
        format!("{owner}.rs"),
    ];
    let is_listed = files.iter().any(|parent| {
        parents.contains(&parent.path) && parent.text.lines().any(|l| l.trim().ends_with(&line))
    });
    (!is_listed).then(|| Finding::new(&file.path, 0, "no `mod` line names this test file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn every_crate_is_named_in_the_architecture() {
        let crates = [Crate {
            name: "desk".to_owned(),
            dependencies: Vec::new(),
        }];
        assert_eq!(
            check(&[file(ARCHITECTURE, "- `desk`: the vault")], &crates).len(),
            0
        );
        assert_eq!(
            check(&[file(ARCHITECTURE, "- the desktop")], &crates).len(),
            1
        );
    }

    #[test]
    fn a_forgotten_test_file_is_found() {
        let main = file("crates/desk/tests/it/main.rs", "mod kill;\nmod story;\n");
        let kill = file("crates/desk/tests/it/kill.rs", "");
        let lost = file("crates/desk/tests/it/lost.rs", "");
        let deep = file("crates/desk/tests/it/story/mod.rs", "mod first;\n");
        let first = file("crates/desk/tests/it/story/first.rs", "");
        let found = check(&[main, kill, lost, deep, first], &[]);
        let paths: Vec<&str> = found.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["crates/desk/tests/it/lost.rs"]);
    }
}
