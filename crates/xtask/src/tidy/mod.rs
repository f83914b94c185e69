//! `cargo xtask tidy`: the house rules as a program.
//!
//! - [`edges`]: who may know whom (the table in docs/architecture.md).
//! - [`text`]: what may stand in which file.
//! - [`size`]: how long files may be; exceptions with reasons in `tidy.tsv`.
//! - [`listed`]: what must be named somewhere: crates, test files.

mod edges;
mod listed;
mod size;
mod text;

use crate::{Failure, shell, tree};
use std::path::Path;

/// A broken rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    /// Counted from 1; 0 for the file as a whole.
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            what: what.into(),
        }
    }
}

/// A text file of the project.
pub(crate) struct File {
    path: String,
    text: String,
}

/// Checks everything and lists what is broken.
pub(crate) fn step(root: &Path) -> Result<(), Failure> {
    shell::say("tidy");
    let paths = tree::files(root)?;
    let mut findings = size::bytes(root, &paths)?;
    let files: Vec<File> = paths
        .into_iter()
        .filter_map(|path| {
            let text = std::fs::read_to_string(root.join(&path)).ok()?;
            Some(File { path, text })
        })
        .collect();
    let mut metadata = shell::cargo(root, &["metadata", "--no-deps", "--format-version", "1"]);
    metadata.env_remove("CARGO_TERM_COLOR");
    let crates = edges::crates(&shell::output(metadata)?)?;
    let exceptions = tree::read(&root.join("crates/xtask/tidy.tsv"))?;
    findings.extend(edges::check(&crates));
    findings.extend(files.iter().flat_map(text::check));
    findings.extend(size::check(&files, &exceptions));
    findings.extend(listed::check(&files, &crates));
    for finding in &findings {
        let Finding { path, line, what } = finding;
        if *line == 0 {
            println!("{path}: {what}");
        } else {
            println!("{path}:{line}: {what}");
        }
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Failure::Untidy(findings.len()))
    }
}
