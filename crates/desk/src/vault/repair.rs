//! Putting the ways into an open vault right: what is missing or damaged comes back from the copy
//! inside the vault; what just worked stays.

use std::fs;
use std::path::Path;

use super::database::{meta, set_meta};
use super::disk::RealDisk;
use super::envelope::{Envelope, write_both};
use super::error::VaultError;
use super::keychain::{Keychain, KeychainError};
use super::note::Note;
use super::open::{Found, from_keychain};
use super::opened::wrap_by_keychain;
use super::ways::{Vaulted, Way};
use super::{WAYS_BACKUP_FILE, WAYS_FILE};
use crate::env::Env;

/// Puts the ways in right with what the open vault knows.
pub(super) struct Repair<'a> {
    pub(super) dir: &'a Path,
    pub(super) copies: &'a [Envelope],
    pub(super) found: &'a Found,
    pub(super) notes: &'a mut Vec<Note>,
}

impl Repair<'_> {
    /// The newest ways that a holder of the key wrote, with the wrap that just worked.
    ///
    /// A wrap that worked is never replaced by another, however new: the person has just shown
    /// what they know.
    pub(super) fn newest(&self) -> Result<Envelope, VaultError> {
        let inside = self.inside()?;
        let ours =
            |copy: &&Envelope| copy.id == self.found.copy.id && copy.is_sealed_by(&self.found.key);
        let newest = self
            .copies
            .iter()
            .chain(&inside)
            .filter(ours)
            .max_by_key(|c| c.revision);
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

    pub(super) fn look_at_ways(&mut self, envelope: &mut Envelope) {
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

    pub(super) fn look_at_keychain(
        &mut self,
        envelope: &mut Envelope,
        keychain: &dyn Keychain,
        env: &Env,
    ) {
        let Some(wrap) = &envelope.keychain else {
            return;
        };
        if self.found.way == Way::Keychain {
            return;
        }
        let vault = Vaulted {
            id: &self.found.copy.id,
            key: &self.found.key,
        };
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
            Err(_) => self
                .notes
                .push(Note::KeychainSilent(KeychainError::NotKept)),
        }
    }

    /// Writes the ways where they differ; a disk that refuses does not keep the vault shut.
    pub(super) fn write(&mut self, mut envelope: Envelope) -> Envelope {
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
        let inside = Envelope {
            restored: false,
            ..envelope.clone()
        }
        .to_bytes();
        let kept = match meta(&self.found.conn, "envelope") {
            Ok(Some(known)) if known == inside => Ok(()),
            _ => set_meta(&self.found.conn, "envelope", &inside),
        };
        if let Err(error) = written.and(kept) {
            log::warn!(
                "the ways into the vault are not put right: {}",
                error.code()
            );
            self.notes.push(Note::NotRepaired);
        }
        envelope
    }
}
