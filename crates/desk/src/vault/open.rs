//! Opening a vault by any of its ways, and putting right what is wrong with the others.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::database::{is_sound, meta, open_database, set_meta};
use super::disk::RealDisk;
use super::envelope::{Envelope, read_both, write_both};
use super::error::{Part, VaultError};
use super::installation::{self, Agreement};
use super::keychain::{Keychain, KeychainError};
use super::lock::{HolderNote, Lock};
use super::note::Note;
use super::opened::{Opened, wrap_by_keychain};
use super::place::{Surroundings, check_place};
use super::recovery::RecoveryCode;
use super::secret::Secret;
use super::ways::{Key, Vaulted, Way, Wrap};
use super::{DB_FILE, WAYS_BACKUP_FILE, WAYS_FILE};
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
    let log_length = fs::metadata(dir.join("vault.db-wal")).ok().map(|metadata| metadata.len());
    let found = find_way(dir, &copies, key, keychain)?;
    let mut notes = Vec::new();
    if !was_closed {
        notes.push(Note::NotClosed);
        if log_length.is_none() {
            notes.push(Note::LogMissing);
        }
    }
    // A log after a crash, or one that somebody put there, may not belong to this database.
    if log_length.is_some_and(|length| length > 0) && !is_sound(&found.conn)? {
        return Err(VaultError::Damaged { dir: dir.to_owned(), part: Part::Database });
    }
    let agreement = installation::compare_and_count(&found.conn, dir, &found.copy.id, env)?;
    if agreement == Agreement::Older {
        notes.push(Note::RolledBack);
    }
    let is_restored = copies.iter().any(|copy| copy.restored);
    let is_cloned = is_restored || agreement != Agreement::Same;
    let mut repair = Repair { dir, copies: &copies, found: &found, notes: &mut notes };
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
struct Found {
    way: Way,
    /// The copy of the ways whose wrap worked.
    copy: Envelope,
    key: Secret,
    conn: Connection,
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
            Ok(conn) => return Ok(Found { way, copy: copy.clone(), key: secret, conn }),
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
    if weight(&new) >= weight(&old) { new } else { old }
}

fn from_keychain(
    wrap: &Wrap,
    vault_id: &str,
    keychain: &dyn Keychain,
) -> Result<Option<Secret>, VaultError> {
    let no_entry = VaultError::NoSuchWay { way: Way::Keychain };
    let Some(entry) = &wrap.entry else { return Err(no_entry) };
    let kept = keychain.get(entry).map_err(VaultError::Keychain)?.ok_or(no_entry)?;
    let kept = zeroize::Zeroizing::new(kept);
    Ok(wrap.open_by_keychain(vault_id, &kept))
}

fn open_ours(dir: &Path, vault_id: &str, key: &Secret) -> Result<Connection, VaultError> {
    let conn = open_database(&dir.join(DB_FILE), key)?;
    let inside = meta(&conn, "id")?;
    if inside.as_deref() == Some(vault_id.as_bytes()) {
        Ok(conn)
    } else {
        Err(VaultError::Damaged { dir: dir.to_owned(), part: Part::Database })
    }
}

/// Puts the ways in right with what the open vault knows.
struct Repair<'a> {
    dir: &'a Path,
    copies: &'a [Envelope],
    found: &'a Found,
    notes: &'a mut Vec<Note>,
}

impl Repair<'_> {
    /// The newest ways that a holder of the key wrote, with the wrap that just worked.
    ///
    /// A wrap that worked is never replaced by another, however new: the person has just shown
    /// what they know.
    fn newest(&self) -> Result<Envelope, VaultError> {
        let inside = self.inside()?;
        let ours = |copy: &&Envelope| {
            copy.id == self.found.copy.id && copy.is_sealed_by(&self.found.key)
        };
        let newest = self.copies.iter().chain(&inside).filter(ours).max_by_key(|c| c.revision);
        let mut envelope = newest.unwrap_or(&self.found.copy).clone();
        let way = self.found.way;
        *envelope.wrap_mut(way) = self.found.copy.wrap(way).cloned();
        Ok(envelope)
    }

    /// The copy of the ways inside the vault.
    fn inside(&self) -> Result<Option<Envelope>, VaultError> {
        match meta(&self.found.conn, "envelope")? {
            Some(bytes) => Envelope::from_bytes(&bytes),
            None => Ok(None),
        }
    }

    fn look_at_ways(&mut self, envelope: &mut Envelope) {
        for way in [Way::Passphrase, Way::Recovery] {
            match envelope.wrap(way) {
                None => self.notes.push(Note::Missing(way)),
                Some(wrap) if self.copies.iter().any(|copy| copy.wrap(way) != Some(wrap)) => {
                    self.notes.push(Note::Repaired(way));
                }
                Some(_) => {}
            }
        }
    }

    fn look_at_keychain(&mut self, envelope: &mut Envelope, keychain: &dyn Keychain, env: &Env) {
        let Some(wrap) = &envelope.keychain else { return };
        if self.found.way == Way::Keychain {
            return;
        }
        let vault = Vaulted { id: &self.found.copy.id, key: &self.found.key };
        match from_keychain(wrap, vault.id, keychain) {
            Ok(Some(key)) if key.bytes() == vault.key.bytes() => return,
            Ok(_) | Err(VaultError::NoSuchWay { .. }) => {}
            Err(VaultError::Keychain(error)) => {
                self.notes.push(Note::KeychainSilent(error));
                return;
            }
            Err(_) => return,
        }
        // Gone, or somebody else's: a new entry beside it, nothing is written over.
        match wrap_by_keychain(&vault, keychain, env) {
            Ok(wrap) => {
                envelope.keychain = Some(wrap);
                self.notes.push(Note::KeychainRenewed);
            }
            Err(VaultError::Keychain(error)) => self.notes.push(Note::KeychainSilent(error)),
            Err(_) => self.notes.push(Note::KeychainSilent(KeychainError::NotKept)),
        }
    }

    /// Writes the ways where they differ; a disk that refuses does not keep the vault shut.
    fn write(&mut self, mut envelope: Envelope) -> Envelope {
        if !envelope.is_sealed_by(&self.found.key) {
            envelope.revision += 1;
            envelope = envelope.sealed(&self.found.key);
        }
        let bytes = envelope.to_bytes();
        let is_on_disk = [WAYS_FILE, WAYS_BACKUP_FILE]
            .iter()
            .all(|name| fs::read(self.dir.join(name)).is_ok_and(|found| found == bytes));
        let written = if is_on_disk {
            Ok(())
        } else {
            write_both(&RealDisk, self.dir, &envelope)
        };
        let inside = Envelope { restored: false, ..envelope.clone() }.to_bytes();
        let kept = match meta(&self.found.conn, "envelope") {
            Ok(Some(known)) if known == inside => Ok(()),
            _ => set_meta(&self.found.conn, "envelope", &inside),
        };
        if let Err(error) = written.and(kept) {
            log::warn!("the ways into the vault are not put right: {}", error.code());
            self.notes.push(Note::NotRepaired);
        }
        envelope
    }
}
