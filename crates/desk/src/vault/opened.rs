//! An open vault, and changing the ways into it.

use std::fmt;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use rusqlite::Connection;

use super::database::set_meta;
use super::disk::{Disk, RealDisk};
use super::envelope::{Envelope, VaultCard, write_both};
use super::error::VaultError;
use super::installation;
use super::kdf::Kdf;
use super::keychain::{Keychain, KeychainError};
use super::lock::{HolderNote, Lock};
use super::note::Note;
use super::recovery::RecoveryCode;
use super::secret::Secret;
use super::ways::{Vaulted, Way, Wrap};
use crate::env::Env;

/// An open vault. Closing is dropping it.
pub struct Opened {
    // Fields are dropped in this order: the note before the database, the lock last.
    _holder: HolderNote,
    /// The database: SQLCipher, WAL, `synchronous=FULL`, foreign keys on, no automatic checkpoint.
    pub conn: Connection,
    /// The folder.
    pub dir: PathBuf,
    /// The vault's name for machines.
    pub id: String,
    /// The vault's key.
    pub key: Secret,
    /// Whether this is the sample.
    pub sample: bool,
    /// Whether this vault was restored, copied, moved or rolled back: it must take a new device
    /// identity before its first edit, and then call [`Opened::mark_installed`].
    pub cloned: bool,
    /// What was found when it was opened.
    pub notes: Vec<Note>,
    envelope: Envelope,
    pub(crate) disk: Box<dyn Disk>,
    _lock: Lock,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("dir", &self.dir)
            .field("id", &self.id)
            .field("cloned", &self.cloned)
            .finish_non_exhaustive()
    }
}

impl Opened {
    pub(crate) fn assemble(
        dir: &Path,
        conn: Connection,
        key: Secret,
        envelope: Envelope,
        lock: Lock,
    ) -> Result<Self, VaultError> {
        Ok(Self {
            _holder: HolderNote::leave(dir)?,
            conn,
            dir: dir.to_owned(),
            id: envelope.id.clone(),
            key,
            sample: envelope.sample,
            cloned: false,
            notes: Vec::new(),
            envelope,
            disk: Box::new(RealDisk),
            _lock: lock,
        })
    }

    /// What can be told of this vault without a key.
    pub fn card(&self) -> VaultCard {
        VaultCard::from(&self.envelope)
    }

    /// The ways in, as they go into a backup.
    pub(crate) fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Gives the vault another passphrase; at every moment the old or the new one opens it.
    ///
    /// # Errors
    /// [`VaultError::EmptyPassphrase`], [`VaultError::Derivation`], [`VaultError::Io`].
    pub fn set_passphrase(
        &mut self,
        passphrase: &str,
        kdf: Kdf,
        env: &Env,
    ) -> Result<(), VaultError> {
        let wrap = Wrap::by_passphrase(&self.vaulted(), passphrase, kdf, env)?;
        self.set_wrap(Way::Passphrase, Some(wrap))
    }

    /// Makes another recovery code; the one before opens no more.
    ///
    /// # Errors
    /// [`VaultError::Io`], [`VaultError::Database`].
    pub fn new_recovery_code(&mut self, env: &Env) -> Result<RecoveryCode, VaultError> {
        let code = RecoveryCode::random(env);
        let wrap = Wrap::by_recovery(&self.vaulted(), &code, env);
        self.set_wrap(Way::Recovery, Some(wrap))?;
        Ok(code)
    }

    /// Lets this laptop's keychain open the vault.
    ///
    /// # Errors
    /// [`VaultError::Keychain`] when it is locked, absent, or does not keep the entry.
    pub fn add_keychain(&mut self, keychain: &dyn Keychain, env: &Env) -> Result<(), VaultError> {
        let wrap = wrap_by_keychain(&self.vaulted(), keychain, env)?;
        let old = self
            .envelope
            .keychain
            .as_ref()
            .and_then(|wrap| wrap.entry.clone());
        self.set_wrap(Way::Keychain, Some(wrap))?;
        forget(keychain, old.as_deref());
        Ok(())
    }

    /// Lets the keychain open the vault no longer.
    ///
    /// # Errors
    /// [`VaultError::Io`], [`VaultError::Database`]; an entry that the keychain keeps against our
    /// wish opens nothing any more and is no error.
    pub fn remove_keychain(&mut self, keychain: &dyn Keychain) -> Result<(), VaultError> {
        let old = self
            .envelope
            .keychain
            .as_ref()
            .and_then(|wrap| wrap.entry.clone());
        self.set_wrap(Way::Keychain, None)?;
        forget(keychain, old.as_deref());
        Ok(())
    }

    /// Gives the vault a name for people, readable without a key.
    ///
    /// # Errors
    /// [`VaultError::Io`], [`VaultError::Database`].
    pub fn set_name(&mut self, name: Option<&str>) -> Result<(), VaultError> {
        let name = name.map(str::to_owned);
        self.save(|envelope| envelope.name = name)
    }

    /// Makes this the vault of this installation, once it has its own device identity.
    ///
    /// # Errors
    /// [`VaultError::Io`], [`VaultError::Database`].
    pub fn mark_installed(&mut self, env: &Env) -> Result<(), VaultError> {
        installation::settle(&self.conn, &self.dir, &self.id, env)?;
        if self.envelope.restored {
            self.save(|envelope| envelope.restored = false)?;
        }
        self.cloned = false;
        Ok(())
    }

    fn vaulted(&self) -> Vaulted<'_> {
        Vaulted {
            id: &self.id,
            key: &self.key,
        }
    }

    fn set_wrap(&mut self, way: Way, wrap: Option<Wrap>) -> Result<(), VaultError> {
        self.save(|envelope| *envelope.wrap_mut(way) = wrap)
    }

    fn save(&mut self, change: impl FnOnce(&mut Envelope)) -> Result<(), VaultError> {
        // The number is used up even when writing fails half-way: no two contents share one.
        self.envelope.revision += 1;
        let mut next = self.envelope.clone();
        change(&mut next);
        let next = next.sealed(&self.key);
        write_both(self.disk.as_ref(), &self.dir, &next)?;
        let inside = Envelope {
            restored: false,
            ..next.clone()
        };
        set_meta(&self.conn, "envelope", &inside.to_bytes())?;
        self.envelope = next;
        Ok(())
    }
}

/// Wraps by a fresh random secret that the keychain keeps under a fresh name.
pub(crate) fn wrap_by_keychain(
    vault: &Vaulted<'_>,
    keychain: &dyn Keychain,
    env: &Env,
) -> Result<Wrap, VaultError> {
    let entry = format!("{}.{}", vault.id, HEXLOWER.encode(&env.random::<6>()));
    let wrapping = Secret::random(env);
    keychain
        .put(&entry, wrapping.bytes())
        .map_err(VaultError::Keychain)?;
    // Some keychains say yes and keep nothing; found out now, not on the day it is needed.
    let kept = keychain
        .get(&entry)
        .map_err(VaultError::Keychain)?
        .map(zeroize::Zeroizing::new);
    if kept.is_none_or(|kept| kept.as_slice() != wrapping.bytes()) {
        return Err(VaultError::Keychain(KeychainError::NotKept));
    }
    Ok(Wrap::by_keychain(vault, &entry, &wrapping, env))
}

fn forget(keychain: &dyn Keychain, entry: Option<&str>) {
    if let Some(entry) = entry
        && let Err(error) = keychain.remove(entry)
    {
        log::warn!("an old keychain entry stays behind: {}", error.code());
    }
}
