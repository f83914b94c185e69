//! `cargo xtask gen`: TypeScript that follows from Rust and from the tables of words.

use crate::run::program;
use crate::{Failure, labels, shell, tree};
use std::path::Path;

const CONTRACT: &str = "ui/src/platform/contract.gen.ts";
const WORDS: &str = "ui/src/lib/labels.gen.ts";

/// Writes every generated file; with `check` fails instead when one is stale.
pub(crate) fn step(root: &Path, check: bool) -> Result<(), Failure> {
    words(root, check)?;
    // With the whole workspace's features, as `run` and `test` build: nothing is compiled twice.
    shell::run(shell::cargo(
        root,
        &["build", "--workspace", "--bin", "gen-contract"],
    ))?;
    contract(root, check)
}

/// The words, codes and fields that the interface shows.
pub(crate) fn words(root: &Path, check: bool) -> Result<(), Failure> {
    let text = labels::typescript(&root.join("crates/model"))?;
    place(root, WORDS, &text, check)
}

/// The commands and their types; `gen-contract` must be built.
pub(crate) fn contract(root: &Path, check: bool) -> Result<(), Failure> {
    let made_by = program(root, "gen-contract").display().to_string();
    let no_arguments: [&str; 0] = [];
    let text = shell::output(shell::command(root, &made_by, no_arguments))?;
    place(root, CONTRACT, &text, check)
}

fn place(root: &Path, path: &str, text: &str, check: bool) -> Result<(), Failure> {
    let full = root.join(path);
    let is_current = std::fs::read_to_string(&full).is_ok_and(|old| old == text);
    match (is_current, check) {
        (true, _) => Ok(()),
        (false, true) => Err(Failure::Stale(vec![path.into()])),
        (false, false) => {
            println!("{path}");
            tree::write(&full, text)
        }
    }
}
