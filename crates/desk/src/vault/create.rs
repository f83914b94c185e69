//! Making a vault, in steps that leave a whole vault or none.

use std::fs;
use std::path::Path;

use data_encoding::HEXLOWER;

use super::database::{create_database, open_database, set_meta, write_log_on_close};
use super::disk::{Disk, RealDisk, write_whole};
use super::envelope::{Envelope, FORMAT, write_both};
use super::error::VaultError;
use super::installation;
use super::kdf::Kdf;
use super::lock::Lock;
use super::opened::Opened;
use super::place::{Surroundings, check_place};
use super::recovery::RecoveryCode;
use super::secret::Secret;
use super::ways::{Vaulted, Wrap};
use super::{
    BLOB_FOLDER, DB_FILE, HOLDER_FILE, LOCK_FILE, STAGED_DB_FILE, WAYS_BACKUP_FILE, WAYS_FILE,
};
use crate::env::Env;

/// Makes a vault in an empty or new folder and opens it.
///
/// The recovery code is shown to the person now; nobody can show it again.
///
/// # Errors
/// [`VaultError::AlreadyAVault`], [`VaultError::FolderNotEmpty`],
/// [`VaultError::UnsuitableFolder`], [`VaultError::EmptyPassphrase`], [`VaultError::Io`].
pub fn create(
    dir: &Path,
    passphrase: &str,
    kdf: Kdf,
    env: &Env,
    sample: bool,
) -> Result<(Opened, RecoveryCode), VaultError> {
    if passphrase.is_empty() {
        return Err(VaultError::EmptyPassphrase);
    }
    let lock = prepare_folder(dir)?;
    let key = Secret::random(env);
    let id = HEXLOWER.encode(&env.random::<16>());
    let code = RecoveryCode::random(env);
    let vault = Vaulted { id: &id, key: &key };
    let envelope = Envelope {
        format: FORMAT,
        id: id.clone(),
        name: None,
        sample,
        revision: 1,
        passphrase: Some(Wrap::by_passphrase(&vault, passphrase, kdf, env)?),
        recovery: Some(Wrap::by_recovery(&vault, &code, env)),
        keychain: None,
        seal: String::new(),
        restored: false,
    }
    .sealed(&key);
    let conn = create_database(&dir.join(STAGED_DB_FILE), &key)?;
    set_meta(&conn, "id", id.as_bytes())?;
    set_meta(&conn, "envelope", &envelope.to_bytes())?;
    conn.close()
        .map_err(|(_, error)| VaultError::database("closing the new database")(error))?;
    put_in_place(&RealDisk, dir, &envelope)?;
    let conn = open_database(&dir.join(DB_FILE), &key)?;
    write_log_on_close(&conn, true)?;
    installation::settle(&conn, dir, &id, env)?;
    let opened = Opened::assemble(dir, conn, key, envelope, lock)?;
    Ok((opened, code))
}

/// Makes the folder ready for a new vault and takes its lock.
pub(crate) fn prepare_folder(dir: &Path) -> Result<Lock, VaultError> {
    check_place(dir, &Surroundings::of_this_machine())?;
    fs::create_dir_all(dir).map_err(VaultError::io("making the folder", dir))?;
    // Looked at before a lock file is made in what may be somebody's folder, and once more after.
    refuse_used(dir)?;
    let lock = Lock::take(dir)?;
    refuse_used(dir)?;
    clear_leftovers(dir)?;
    let blobs = dir.join(BLOB_FOLDER);
    fs::create_dir_all(&blobs).map_err(VaultError::io("making the folder", &blobs))?;
    Ok(lock)
}

/// Turns a staged database and its ways in into a vault.
///
/// The second copy of the ways is written before the database gets its name: from that moment on
/// the vault can be opened, and before it there is none.
pub(crate) fn put_in_place(
    disk: &dyn Disk,
    dir: &Path,
    envelope: &Envelope,
) -> Result<(), VaultError> {
    let staged = dir.join(STAGED_DB_FILE);
    disk.sync(&staged)
        .map_err(VaultError::io("saving", &staged))?;
    let backup = dir.join(WAYS_BACKUP_FILE);
    write_whole(disk, &backup, &envelope.to_bytes()).map_err(VaultError::io("writing", &backup))?;
    disk.rename(&staged, &dir.join(DB_FILE))
        .map_err(VaultError::io("naming", &staged))?;
    disk.sync_folder(dir)
        .map_err(VaultError::io("saving", dir))?;
    write_both(disk, dir, envelope)
}

/// What the file manager leaves in any folder.
const NOT_COUNTED: &[&str] = &[".DS_Store", "desktop.ini", "Thumbs.db"];

/// Files of a making that was cut off.
const LEFTOVERS: &[&str] = &[
    STAGED_DB_FILE,
    "vault.db.new-journal",
    "vault.db.new-wal",
    "vault.db.new-shm",
    WAYS_BACKUP_FILE,
    "vault.json.bak.new",
    "vault.json.new",
    HOLDER_FILE,
];

fn refuse_used(dir: &Path) -> Result<(), VaultError> {
    if dir.join(WAYS_FILE).exists() || dir.join(DB_FILE).exists() {
        return Err(VaultError::AlreadyAVault {
            dir: dir.to_owned(),
        });
    }
    let is_unfinished = dir.join(STAGED_DB_FILE).exists();
    let entries = fs::read_dir(dir).map_err(VaultError::io("reading", dir))?;
    for entry in entries {
        let entry = entry.map_err(VaultError::io("reading", dir))?;
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        let is_empty_blobs = name == BLOB_FOLDER
            && (is_unfinished || fs::read_dir(entry.path()).is_ok_and(|mut e| e.next().is_none()));
        let is_ours = name == LOCK_FILE
            || NOT_COUNTED.contains(&name)
            || is_empty_blobs
            || (is_unfinished && LEFTOVERS.contains(&name));
        if !is_ours {
            return Err(VaultError::FolderNotEmpty {
                dir: dir.to_owned(),
            });
        }
    }
    Ok(())
}

/// Removes what an unfinished making left; there is no vault here, so nothing of anyone's is lost.
fn clear_leftovers(dir: &Path) -> Result<(), VaultError> {
    let blobs = dir.join(BLOB_FOLDER);
    if blobs.exists() {
        fs::remove_dir_all(&blobs).map_err(VaultError::io("clearing", &blobs))?;
    }
    // The staged database goes last: while it is there the folder counts as unfinished.
    for name in LEFTOVERS.iter().skip(1).chain([&STAGED_DB_FILE]) {
        let path = dir.join(name);
        if path.exists() {
            fs::remove_file(&path).map_err(VaultError::io("clearing", &path))?;
        }
    }
    Ok(())
}
