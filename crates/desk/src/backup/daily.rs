//! The daily copy: one backup a day in a folder of the person's choice, the newest seven kept.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;

use super::{BackupError, EXTENSION, container, write};
use crate::env::Env;
use crate::vault::{Opened, Surroundings, Unsuitable, VaultError, check_place};

/// How many daily copies are kept.
pub const DAILY_KEPT: usize = 7;

/// A daily copy that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DailyCopy {
    /// The day, as the laptop's calendar had it.
    pub date: NaiveDate,
    /// The file.
    pub path: PathBuf,
    /// Its length. Units: bytes.
    pub length: u64,
    /// How many daily copies of this vault are in the folder.
    pub n_kept: usize,
    /// The service that copies the folder elsewhere, for the person to know.
    pub copied_by: Option<String>,
}

/// Writes today's copy, replacing one made earlier today, and removes the oldest beyond `kept`.
///
/// Only files that this function named, of this vault, are ever removed, and only after the new
/// one is whole. A folder that is not there is an error: it may be a disk that is not plugged in.
///
/// # Errors
/// As [`write`].
pub fn daily(
    opened: &Opened,
    folder: &Path,
    kept: usize,
    env: &Env,
) -> Result<DailyCopy, BackupError> {
    let local = env.clock.now() + TimeDelta::minutes(i64::from(env.clock.offset_minutes()));
    let date = local.date_naive();
    let path = folder.join(name(&opened.id, date));
    write(opened, &path, env)?;
    let copies = find(folder, &opened.id)?;
    let n_surplus = copies.len().saturating_sub(kept.max(1));
    // Oldest first; today's stays, even when a wrong clock dated the others later.
    for (_, old) in copies
        .iter()
        .filter(|(_, old)| *old != path)
        .take(n_surplus)
    {
        let is_ours = container::verify(old).is_ok_and(|header| header.about.vault == opened.id);
        if is_ours && let Err(error) = fs::remove_file(old) {
            log::warn!("an old daily copy stays: {}", error.kind());
        }
    }
    let copies = find(folder, &opened.id)?;
    copy(
        &copies,
        folder,
        copies.iter().position(|(_, found)| *found == path),
    )
}

/// The newest daily copy of a vault in a folder, to tell the person when that was.
///
/// # Errors
/// [`BackupError::Vault`] when the folder cannot be read.
pub fn last_daily(folder: &Path, vault_id: &str) -> Result<Option<DailyCopy>, BackupError> {
    let copies = find(folder, vault_id)?;
    match copies.len().checked_sub(1) {
        Some(newest) => copy(&copies, folder, Some(newest)).map(Some),
        None => Ok(None),
    }
}

/// Removes every daily copy of a vault that was erased, or that holds what was taken back.
///
/// # Errors
/// [`BackupError::Vault`] when the folder cannot be read or a copy cannot be removed.
pub fn forget_daily(folder: &Path, vault_id: &str) -> Result<(), BackupError> {
    for (_, path) in find(folder, vault_id)? {
        if container::verify(&path).is_ok_and(|header| header.about.vault == vault_id) {
            fs::remove_file(&path).map_err(VaultError::io("removing", &path))?;
        }
    }
    Ok(())
}

fn copy(
    copies: &[(NaiveDate, PathBuf)],
    folder: &Path,
    at: Option<usize>,
) -> Result<DailyCopy, BackupError> {
    let gone = || VaultError::io("reading", folder)(std::io::ErrorKind::NotFound.into());
    let (date, path) = at.and_then(|at| copies.get(at)).ok_or_else(gone)?;
    let length = fs::metadata(path)
        .map_err(VaultError::io("reading", path))?
        .len();
    let copied_by = match check_place(folder, &Surroundings::of_this_machine()) {
        Err(VaultError::UnsuitableFolder {
            reason: Unsuitable::Cloud(name),
            ..
        }) => Some(name),
        _ => None,
    };
    Ok(DailyCopy {
        date: *date,
        path: path.clone(),
        length,
        n_kept: copies.len(),
        copied_by,
    })
}

/// Enough of the vault's id to tell a person's vaults apart.
const ID_SHOWN: usize = 12;

fn name(vault_id: &str, date: NaiveDate) -> String {
    let id: String = vault_id.chars().take(ID_SHOWN).collect();
    format!("pidesk-{id}-{date}.{EXTENSION}")
}

/// The daily copies of a vault, the oldest first.
fn find(folder: &Path, vault_id: &str) -> Result<Vec<(NaiveDate, PathBuf)>, BackupError> {
    let mut copies = Vec::new();
    let reading = |error| VaultError::io("reading", folder)(error);
    for entry in fs::read_dir(folder).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        let file = entry.file_name();
        let date = file.to_str().and_then(|file| {
            let date = file
                .strip_suffix(EXTENSION)?
                .strip_suffix('.')?
                .get(7 + ID_SHOWN + 1..)?;
            let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
            (name(vault_id, date) == file).then_some(date)
        });
        if let Some(date) = date {
            copies.push((date, entry.path()));
        }
    }
    copies.sort();
    Ok(copies)
}
