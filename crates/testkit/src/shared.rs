//! Material for tests that lies beside the repository, not in it.

use std::path::{Path, PathBuf};

/// The path of a file or folder of the shared material, if this machine has it.
///
/// It is found by walking up from this crate to a folder that has `shared/README.md`.
pub fn shared(path: &str) -> Option<PathBuf> {
    let start = Path::new(env!("CARGO_MANIFEST_DIR"));
    let base = start
        .ancestors()
        .find(|folder| folder.join("shared/README.md").is_file())?;
    let found = base.join("shared").join(path);
    found.exists().then_some(found)
}

/// As [`shared`], and says in a plain line when the material is not there.
pub fn shared_or_skip(path: &str) -> Option<PathBuf> {
    let found = shared(path);
    if found.is_none() {
        eprintln!("skipped: shared/{path} is not on this machine");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_none() {
        assert_eq!(shared("no/such/file"), None);
    }

    #[test]
    fn finds_the_list_of_the_material() {
        if let Some(path) = shared_or_skip("README.md") {
            assert!(path.is_file());
        }
    }
}
