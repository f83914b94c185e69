//! Files that carry studies without a network: writing them whole, reading them within limits.

use crate::Failure;
use crate::failure::FailureKind;
use crate::places::write_file;
use desk::vault::Kdf;
use desk::{BUNDLE_BYTES_MAX, Desk, DeskError};
use model::StudyId;
use std::path::Path;

/// Writes studies into an encrypted file.
///
/// # Errors
/// What the studies say, an empty passphrase, or that the file cannot be written.
pub fn write(
    desk: &Desk,
    studies: &[StudyId],
    passphrase: &str,
    kdf: Kdf,
    path: &Path,
) -> Result<(), Failure> {
    let bytes = desk.bundle_out(studies, passphrase, kdf)?;
    write_file(path, &bytes)
}

/// The bytes of such a file.
///
/// # Errors
/// When it cannot be read, or is larger than any such file.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable =
        |_| Failure::new(FailureKind::Unavailable, "failure.read").with("path", path.display());
    if std::fs::metadata(path).map_err(unreadable)?.len() > BUNDLE_BYTES_MAX {
        return Err(DeskError::NotABundle.into());
    }
    std::fs::read(path).map_err(unreadable)
}
