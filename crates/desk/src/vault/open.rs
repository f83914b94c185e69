//! Opening a vault by any of its ways, and putting right what is wrong with the others.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::DB_FILE;
use super::database::{is_sound, meta, open_database, write_log_on_close};
use super::envelope::{Envelope, read_both};
use super::error::{Part, VaultError};
use super::installation::{self, Agreement};
use super::keychain::Keychain;
use super::lock::{HolderNote, Lock};
use super::note::Note;
use super::opened::Opened;
use super::place::{Surroundings, check_place};
use super::recovery::RecoveryCode;
use super::repair::Repair;
use super::secret::Secret;
use super::ways::{Key, Way, Wrap};
use crate::env::Env;

/// Opens the vault in a folder.
///
/// # Errors
/// [`VaultError::WrongKey`] and the recovery code's errors change nothing on the disk;
/// [`VaultError::InUse`] when another program has it open; [`VaultError::Damaged`] when a part
/// cannot be read, and then nothing new is made in its place.
pub fn open(
    dir: &Path,
    key: Key<'_>,
    keychain: &dyn Keychain,
    env: &Env,
) -> Result<Opened, VaultError> {
    check_place(dir, &Surroundings::of_this_machine())?;
    // Read before the lock, so that no lock file is made in a folder that is no vault, and again
    // with it, because the holder may just have changed them.
    read_both(dir)?;
    let lock = Lock::take(dir)?;
    let copies = read_both(dir)?;
    let was_closed = !HolderNote::was_left(dir);
    let log_length = fs::metadata(dir.join("vault.db-wal"))
        .ok()
        .map(|metadata| metadata.len());
    let found = find_way(dir, &copies, key, keychain)?;
    let mut notes = Vec::new();
    if !was_closed {
        notes.push(Note::NotClosed);
        if log_length.is_none() {
            notes.push(Note::LogMissing);
        }
    }
    // A log after a crash, or one that somebody put there, may not belong to this database. Until
    // that is known, closing must not write it into the database.
    if log_length.is_some_and(|length| length > 0) && !is_sound(&found.conn)? {
        return Err(VaultError::Damaged {
            dir: dir.to_owned(),
            part: Part::Database,
        });
    }
    write_log_on_close(&found.conn, true)?;
    let agreement = installation::compare_and_count(&found.conn, dir, &found.copy.id, env)?;
    if agreement == Agreement::Older {
        notes.push(Note::RolledBack);
    }
    let is_restored = copies.iter().any(|copy| copy.restored);
    let is_cloned = is_restored || agreement != Agreement::Same;
    let mut repair = Repair {
        dir,
        copies: &copies,
        found: &found,
        notes: &mut notes,
    };
    let mut envelope = repair.newest()?;
    envelope.restored = is_restored;
    repair.look_at_ways(&mut envelope);
    if !is_cloned {
        repair.look_at_keychain(&mut envelope, keychain, env);
    }
    let envelope = repair.write(envelope);
    let Found { key, conn, .. } = found;
    let mut opened = Opened::assemble(dir, conn, key, envelope, lock)?;
    opened.cloned = is_cloned;
    opened.notes = notes;
    Ok(opened)
}

/// A way that worked.
pub(super) struct Found {
    pub(super) way: Way,
    /// The copy of the ways whose wrap worked.
    pub(super) copy: Envelope,
    pub(super) key: Secret,
    pub(super) conn: Connection,
}

/// Tries the wraps of both copies; the database itself says whether a key is the right one.
fn find_way(
    dir: &Path,
    copies: &[Envelope],
    key: Key<'_>,
    keychain: &dyn Keychain,
) -> Result<Found, VaultError> {
    let way = key.way();
    let code = match key {
        Key::Recovery(text) => Some(RecoveryCode::parse(text)?),
        _ => None,
    };
    let mut failure = VaultError::NoSuchWay { way };
    let mut tried: Vec<(&str, &Wrap)> = Vec::new();
    for copy in copies {
        let Some(wrap) = copy.wrap(way) else { continue };
        if tried.contains(&(copy.id.as_str(), wrap)) {
            continue;
        }
        tried.push((&copy.id, wrap));
        let secret = match (key, &code) {
            (Key::Passphrase(text), _) => wrap.open_by_passphrase(&copy.id, text),
            (Key::Recovery(_), Some(code)) => Ok(wrap.open_by_recovery(&copy.id, code)),
            _ => from_keychain(wrap, &copy.id, keychain),
        };
        let secret = match secret {
            Ok(Some(secret)) => secret,
            Ok(None) => {
                failure = worse(failure, VaultError::WrongKey { way });
                continue;
            }
            Err(error) => {
                failure = worse(failure, error);
                continue;
            }
        };
        match open_ours(dir, &copy.id, &secret) {
            Ok(conn) => {
                return Ok(Found {
                    way,
                    copy: copy.clone(),
                    key: secret,
                    conn,
                });
            }
            Err(error) => failure = worse(failure, error),
        }
    }
    Err(failure)
}

/// The failure that says more: a key that was right for its wrap proves damage elsewhere.
fn worse(old: VaultError, new: VaultError) -> VaultError {
    let weight = |error: &VaultError| match error {
        VaultError::NoSuchWay { .. } => 0,
        VaultError::Keychain(_) | VaultError::Derivation { .. } => 1,
        VaultError::WrongKey { .. } => 2,
        _ => 3,
    };
    if weight(&new) >= weight(&old) {
        new
    } else {
        old
    }
}

/// The vault key, when the keychain holds what the wrap wants.
pub(super) fn from_keychain(
    wrap: &Wrap,
    vault_id: &str,
    keychain: &dyn Keychain,
) -> Result<Option<Secret>, VaultError> {
    let no_entry = VaultError::NoSuchWay { way: Way::Keychain };
    let Some(entry) = &wrap.entry else {
        return Err(no_entry);
    };
    let kept = keychain
        .get(entry)
        .map_err(VaultError::Keychain)?
        .ok_or(no_entry)?;
    let kept = zeroize::Zeroizing::new(kept);
    Ok(wrap.open_by_keychain(vault_id, &kept))
}

fn open_ours(dir: &Path, vault_id: &str, key: &Secret) -> Result<Connection, VaultError> {
    let conn = open_database(&dir.join(DB_FILE), key)?;
    let inside = meta(&conn, "id")?;
    if inside.as_deref() == Some(vault_id.as_bytes()) {
        Ok(conn)
    } else {
        Err(VaultError::Damaged {
            dir: dir.to_owned(),
            part: Part::Database,
        })
    }
}
