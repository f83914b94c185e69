//! Files of the project: reading, writing, listing, and marks of what was already done.

use crate::{Failure, shell};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Reads a text.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|source| Failure::File {
        path: path.to_path_buf(),
        source,
    })
}

/// Writes a text, making its folder.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |source| Failure::File {
        path: path.to_path_buf(),
        source,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}

/// Every file of the project that git knows or would take, relative, in order.
pub(crate) fn files(root: &Path) -> Result<Vec<String>, Failure> {
    let mut list = shell::command(root, "git", ["ls-files", "-z", "-co", "--exclude-standard"]);
    // A clone made by another user is still ours to read.
    list.env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "safe.directory")
        .env("GIT_CONFIG_VALUE_0", "*");
    let mut files: Vec<String> = shell::output(list)?
        .split('\0')
        .filter(|path| !path.is_empty() && root.join(path).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// A fingerprint of files and folders under the project, names included; absent ones count as such.
pub(crate) fn fingerprint(root: &Path, parts: &[&str]) -> Result<String, Failure> {
    let mut paths = Vec::new();
    for part in parts {
        collect(&root.join(part), &mut paths)?;
    }
    paths.sort();
    let mut hasher = Sha256::new();
    for path in paths {
        let bytes = fs::read(&path).map_err(|source| Failure::File {
            path: path.clone(),
            source,
        })?;
        let name = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .to_string_lossy()
            .into_owned();
        hasher.update((name.len() as u64).to_be_bytes());
        hasher.update(name.as_bytes());
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(&bytes);
    }
    Ok(data_encoding::HEXLOWER.encode(&hasher.finalize()))
}

fn collect(path: &Path, into: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if path.is_file() {
        into.push(path.to_path_buf());
    } else if path.is_dir() {
        let failed = |source| Failure::File {
            path: path.to_path_buf(),
            source,
        };
        for entry in fs::read_dir(path).map_err(failed)? {
            collect(&entry.map_err(failed)?.path(), into)?;
        }
    }
    Ok(())
}

/// Does a step unless its inputs are as they were when it last ended well.
///
/// The mark lies under `target/`, so that `cargo clean` forgets it.
pub(crate) fn once(
    root: &Path,
    step: &str,
    inputs: &[&str],
    outcome: &str,
    work: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mark = root.join("target/xtask").join(step);
    let now = fingerprint(root, inputs)?;
    if root.join(outcome).exists() && fs::read_to_string(&mark).is_ok_and(|then| then == now) {
        return Ok(());
    }
    work()?;
    write(&mark, &now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_done_again_only_when_its_inputs_change() {
        let root = std::env::temp_dir().join(format!("xtask-once-{}", std::process::id()));
        write(&root.join("in/a.txt"), "one").unwrap();
        let done = std::cell::Cell::new(0);
        let step = || {
            once(&root, "step", &["in"], "out.txt", || {
                done.set(done.get() + 1);
                write(&root.join("out.txt"), "made")
            })
            .unwrap();
        };
        step();
        step();
        assert_eq!(done.get(), 1);
        write(&root.join("in/a.txt"), "two").unwrap();
        step();
        assert_eq!(done.get(), 2);
        fs::remove_file(root.join("out.txt")).unwrap();
        step();
        assert_eq!(done.get(), 3);
        fs::remove_dir_all(&root).unwrap();
    }
}
