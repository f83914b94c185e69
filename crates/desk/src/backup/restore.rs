//! Making a vault from a backup.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::{BackupError, container};
use crate::vault::{
    BLOB_FOLDER, DB_FILE, Envelope, RealDisk, STAGED_DB_FILE, VaultCard, VaultError, WAYS_FILE,
    prepare_folder, put_in_place,
};

/// Makes a vault from a backup in an empty or new folder: the whole of it or nothing.
///
/// It opens with the ways that opened the vault when the backup was made, and takes a new device
/// identity at its first opening.
///
/// # Errors
/// [`BackupError::NotABackup`], [`BackupError::CutOff`], [`BackupError::Damaged`],
/// [`BackupError::Newer`] before anything is written; [`BackupError::Vault`] when the folder is
/// used or unsuitable, or the disk refuses.
pub fn restore(file: &Path, dir: &Path) -> Result<VaultCard, BackupError> {
    let header = container::verify(file)?;
    let ways = container::read_part(file, &header, WAYS_FILE)?;
    let damaged = || BackupError::Damaged {
        file: file.to_owned(),
    };
    let mut envelope = Envelope::from_bytes(&ways)?.ok_or_else(damaged)?;
    if envelope.id != header.about.vault {
        return Err(damaged());
    }
    envelope.restored = true;
    let was_there = dir.exists();
    let lock = prepare_folder(dir)?;
    let result =
        unpack(file, dir, &header).and_then(|()| Ok(put_in_place(&RealDisk, dir, &envelope)?));
    if let Err(error) = result {
        drop(lock);
        clear(dir, was_there);
        return Err(error);
    }
    Ok(VaultCard::from(&envelope))
}

/// Unpacks the attachments and then the database, which gets its name last.
fn unpack(file: &Path, dir: &Path, header: &container::Header) -> Result<(), BackupError> {
    // While this is there, the folder counts as unfinished and can be used again.
    let staged = dir.join(STAGED_DB_FILE);
    File::create(&staged).map_err(VaultError::io("writing", &staged))?;
    for part in &header.parts {
        let to = match part.name.as_str() {
            WAYS_FILE => continue,
            DB_FILE => staged.clone(),
            name => dir.join(name),
        };
        let writing = |error: io::Error| VaultError::io("writing", &to)(error);
        let mut out = File::create(&to).map_err(writing)?;
        container::copy_part(file, header, &part.name, &mut out)?;
        out.sync_all().map_err(writing)?;
    }
    Ok(())
}

/// Takes back what a failed restoring left, as far as the disk lets us.
fn clear(dir: &Path, was_there: bool) {
    let is_whole = dir.join(DB_FILE).exists();
    if is_whole {
        // The vault is complete and opens; only its second copy of the ways was refused.
        return;
    }
    if was_there {
        let _ = fs::remove_dir_all(dir.join(BLOB_FOLDER));
        for name in [
            "vault.json.bak.new",
            "vault.json.bak",
            "lock",
            STAGED_DB_FILE,
        ] {
            let _ = fs::remove_file(dir.join(name));
        }
    } else {
        let _ = fs::remove_dir_all(dir);
    }
}
