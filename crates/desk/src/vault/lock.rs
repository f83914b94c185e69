//! One program at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::error::VaultError;
use super::{HOLDER_FILE, LOCK_FILE};

/// The lock of a vault folder, free again when dropped, also when the program dies.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock.
    ///
    /// # Errors
    /// [`VaultError::InUse`] when another holder has it.
    pub(crate) fn take(dir: &Path) -> Result<Self, VaultError> {
        let path = dir.join(LOCK_FILE);
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(VaultError::io("opening", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(VaultError::InUse { pid: holder(dir) }),
            Err(TryLockError::Error(error)) => Err(VaultError::io("locking", &path)(error)),
        }
    }
}

/// The name of the holder, in a file of its own: Windows lets nobody read a locked one.
///
/// Dropped before the database is closed; a file that is still there at the next opening means
/// that the last holder did not close.
#[derive(Debug)]
pub(crate) struct HolderNote {
    path: PathBuf,
}

impl HolderNote {
    /// Writes the note; call it with the database open.
    pub(crate) fn leave(dir: &Path) -> Result<Self, VaultError> {
        let path = dir.join(HOLDER_FILE);
        fs::write(&path, std::process::id().to_string())
            .map_err(VaultError::io("writing", &path))?;
        Ok(Self { path })
    }

    /// Whether a note of an earlier holder is there; call it with the lock in hand.
    pub(crate) fn was_left(dir: &Path) -> bool {
        dir.join(HOLDER_FILE).exists()
    }
}

impl Drop for HolderNote {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            log::warn!("the holder's note stays behind: {}", error.kind());
        }
    }
}

fn holder(dir: &Path) -> Option<u32> {
    fs::read_to_string(dir.join(HOLDER_FILE))
        .ok()?
        .trim()
        .parse()
        .ok()
}
