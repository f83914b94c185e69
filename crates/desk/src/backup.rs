//! Backups: one encrypted file that a vault can be made from again.
//!
//! The file holds the ways in, a consistent copy of the database under the vault's own key, and
//! the attachments; nothing is ever on a disk unencrypted. It is written whole or not at all, and
//! every bit of it is checked before anything is restored. See [`container`] for the layout.

use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::env::Env;
use crate::vault::{
    BLOB_FOLDER, DB_FILE, Disk, Envelope, Opened, RealDisk, VaultCard, VaultError, WAYS_FILE,
    open_database,
};

pub mod container;
mod daily;
mod restore;

pub use container::Header;
pub use daily::{DAILY_KEPT, DailyCopy, daily, forget_daily, last_daily};
pub use restore::restore;

/// How the name of a backup ends.
pub const EXTENSION: &str = "pideskbackup";

/// Why a backup was not written or not restored.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The file is something else.
    #[error("{} is not a backup", file.display())]
    NotABackup {
        /// The file.
        file: PathBuf,
    },
    /// The end of the file is missing.
    #[error("{} is cut off", file.display())]
    CutOff {
        /// The file.
        file: PathBuf,
    },
    /// A bit of the file is not as it was written.
    #[error("{} is damaged", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
    },
    /// A newer program wrote the file.
    #[error("{} has format {found}", file.display())]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its format.
        found: u32,
    },
    /// The backup was to go into the vault's own folder.
    #[error("{} is inside the vault", file.display())]
    InsideVault {
        /// The file.
        file: PathBuf,
    },
    /// The vault refused, or the folder to restore into.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl BackupError {
    /// The key of the words for the person, in `labels/vault.tsv`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotABackup { .. } => "vault.backup_not_a_backup",
            Self::CutOff { .. } => "vault.backup_cut_off",
            Self::Damaged { .. } => "vault.backup_damaged",
            Self::Newer { .. } => "vault.backup_newer",
            Self::InsideVault { .. } => "vault.backup_inside_vault",
            Self::Vault(error) => error.code(),
        }
    }

    /// The values that go into the words, by name.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NotABackup { file }
            | Self::CutOff { file }
            | Self::Damaged { file }
            | Self::Newer { file, .. }
            | Self::InsideVault { file } => vec![("file", file.display().to_string())],
            Self::Vault(error) => error.params(),
        }
    }
}

/// Writes a backup of an open vault to a file; an older file of that name is replaced at the end.
///
/// Call it between transactions. The new file is read back and checked before it gets its name.
///
/// # Errors
/// [`BackupError::InsideVault`]; [`BackupError::Vault`] when a page of the database does not
/// verify or the disk refuses, and then an older file of that name is still whole.
pub fn write(opened: &Opened, to: &Path, env: &Env) -> Result<Header, BackupError> {
    let folder = to
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    refuse_inside(opened, folder, to)?;
    let copy = Scratch(to.with_added_extension("db.tmp"));
    let staged = Scratch(to.with_added_extension("tmp"));
    copy_database(opened, &copy.0)?;
    let header = container::write(&staged.0, parts(opened, &copy.0)?, &card(opened, env)?)?;
    container::verify(&staged.0)?;
    RealDisk
        .rename(&staged.0, to)
        .map_err(VaultError::io("naming", to))?;
    RealDisk
        .sync_folder(folder)
        .map_err(VaultError::io("saving", folder))?;
    Ok(header)
}

/// Reads what a backup says of itself, after checking every bit of it.
///
/// # Errors
/// [`BackupError::NotABackup`], [`BackupError::CutOff`], [`BackupError::Damaged`],
/// [`BackupError::Newer`].
pub fn describe(file: &Path) -> Result<(Header, VaultCard), BackupError> {
    let header = container::verify(file)?;
    let ways = container::read_part(file, &header, WAYS_FILE)?;
    let damaged = || BackupError::Damaged {
        file: file.to_owned(),
    };
    let envelope = Envelope::from_bytes(&ways)?.ok_or_else(damaged)?;
    Ok((header, VaultCard::from(&envelope)))
}

/// A file that is gone when the work on it ends, however it ends.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        for end in ["", "-journal", "-wal", "-shm"] {
            let mut name = self.0.clone().into_os_string();
            name.push(end);
            let _ = fs::remove_file(PathBuf::from(name));
        }
    }
}

/// A consistent copy under the same key, compact and without a log.
fn copy_database(opened: &Opened, to: &Path) -> Result<(), BackupError> {
    let _ = fs::remove_file(to);
    let doing = "copying the database";
    let path = to.to_str().ok_or_else(|| {
        VaultError::io(doing, to)(std::io::Error::from(std::io::ErrorKind::InvalidFilename))
    })?;
    opened
        .conn
        .execute("VACUUM INTO ?1", [path])
        .map_err(VaultError::database(doing))?;
    // Opened once with the vault's key: a copy that could not be restored is worth nothing.
    let conn = open_database(to, &opened.key)?;
    conn.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
        .map_err(VaultError::database(doing))?;
    conn.close()
        .map_err(|(_, error)| VaultError::database(doing)(error))?;
    Ok(())
}

fn card(opened: &Opened, env: &Env) -> Result<container::About, BackupError> {
    let schema = opened
        .conn
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(VaultError::database("reading the schema's version"))?;
    Ok(container::About {
        vault: opened.id.clone(),
        sample: opened.sample,
        made_at: env
            .clock
            .now()
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        app: env.app.clone(),
        schema,
    })
}

fn parts(opened: &Opened, database: &Path) -> Result<Vec<container::Source>, BackupError> {
    let ways = Envelope {
        restored: false,
        ..opened.envelope().clone()
    }
    .to_bytes();
    let mut parts = vec![
        container::Source::bytes(WAYS_FILE, ways),
        container::Source::file(DB_FILE, database),
    ];
    let folder = opened.dir.join(BLOB_FOLDER);
    let mut blobs = Vec::new();
    match fs::read_dir(&folder) {
        Ok(entries) => {
            for entry in entries {
                let path = entry.map_err(VaultError::io("reading", &folder))?.path();
                blobs.push(path);
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(VaultError::io("reading", &folder)(error).into()),
    }
    blobs.sort();
    for path in blobs.into_iter().filter(|path| path.is_file()) {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        parts.push(container::Source::file(
            &format!("{BLOB_FOLDER}/{name}"),
            &path,
        ));
    }
    Ok(parts)
}

fn refuse_inside(opened: &Opened, folder: &Path, to: &Path) -> Result<(), BackupError> {
    let real = folder
        .canonicalize()
        .map_err(VaultError::io("reading", folder))?;
    let vault = opened
        .dir
        .canonicalize()
        .map_err(VaultError::io("reading", &opened.dir))?;
    if real.starts_with(vault) {
        return Err(BackupError::InsideVault {
            file: to.to_owned(),
        });
    }
    Ok(())
}
