//! `vault.json`: what a vault is and the ways into it, readable without a key.

use std::fs;
use std::io;
use std::path::Path;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::error::{Part, VaultError};
use super::secret::{Secret, fingerprint};
use super::ways::{Way, Wrap};
use super::{DB_FILE, Disk, WAYS_BACKUP_FILE, WAYS_FILE, write_whole};

/// The newest format of `vault.json` that this program reads and the one that it writes.
pub const FORMAT: u32 = 1;

/// The content of `vault.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Envelope {
    pub(crate) format: u32,
    /// The vault's name for machines: 32 hexadecimal characters.
    pub(crate) id: String,
    /// The vault's name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Whether this is the sample.
    pub(crate) sample: bool,
    /// Goes up by one with every change, so that the newer of two copies is known.
    pub(crate) revision: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) passphrase: Option<Wrap>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recovery: Option<Wrap>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) keychain: Option<Wrap>,
    /// Fingerprint of all of the above, keyed by the vault key. Hex.
    #[serde(default)]
    pub(crate) seal: String,
    /// Whether a backup was restored here and no device identity taken since. Outside the seal:
    /// restoring needs no key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) restored: bool,
}

impl Envelope {
    /// The wrap of one way.
    pub(crate) fn wrap(&self, way: Way) -> Option<&Wrap> {
        match way {
            Way::Passphrase => self.passphrase.as_ref(),
            Way::Recovery => self.recovery.as_ref(),
            Way::Keychain => self.keychain.as_ref(),
        }
    }

    /// The place of one way.
    pub(crate) fn wrap_mut(&mut self, way: Way) -> &mut Option<Wrap> {
        match way {
            Way::Passphrase => &mut self.passphrase,
            Way::Recovery => &mut self.recovery,
            Way::Keychain => &mut self.keychain,
        }
    }

    /// The ways that are there.
    pub(crate) fn ways(&self) -> Vec<Way> {
        let all = [Way::Passphrase, Way::Recovery, Way::Keychain];
        all.into_iter()
            .filter(|way| self.wrap(*way).is_some())
            .collect()
    }

    /// Sets the seal.
    pub(crate) fn sealed(mut self, key: &Secret) -> Self {
        self.seal = self.seal_under(key);
        self
    }

    /// Whether a holder of the key wrote exactly this.
    pub(crate) fn is_sealed_by(&self, key: &Secret) -> bool {
        self.seal == self.seal_under(key)
    }

    fn seal_under(&self, key: &Secret) -> String {
        let bare = Self {
            seal: String::new(),
            restored: false,
            ..self.clone()
        };
        let secret = key.derive(self.id.as_bytes(), b"pidesk-envelope-v1");
        HEXLOWER.encode(&fingerprint(&secret, &bare.to_bytes()))
    }

    /// The file's bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("plain values become JSON")
    }

    /// Reads the bytes of a file; `None` when they are damaged.
    ///
    /// # Errors
    /// [`VaultError::Newer`].
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Option<Self>, VaultError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        match serde_json::from_slice::<Head>(bytes) {
            Ok(head) if head.format > FORMAT => Err(VaultError::Newer {
                found: head.format,
                known: FORMAT,
            }),
            Ok(_) => Ok(serde_json::from_slice(bytes).ok()),
            Err(_) => Ok(None),
        }
    }
}

/// Both copies, as far as they can be read, the first one first.
///
/// # Errors
/// [`VaultError::NotAVault`] when the folder has no vault, [`VaultError::Damaged`] when it has one
/// and neither copy can be read.
pub(crate) fn read_both(dir: &Path) -> Result<Vec<Envelope>, VaultError> {
    let mut found = Vec::new();
    let mut is_there = dir.join(DB_FILE).exists();
    let mut newer = None;
    for name in [WAYS_FILE, WAYS_BACKUP_FILE] {
        let path = dir.join(name);
        match fs::read(&path) {
            Ok(bytes) => {
                is_there |= name == WAYS_FILE;
                match Envelope::from_bytes(&bytes) {
                    Ok(envelope) => found.extend(envelope),
                    Err(error) => newer = Some(error),
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
            Err(error) => return Err(VaultError::io("reading", &path)(error)),
        }
    }
    match newer {
        Some(error) => Err(error),
        None if !is_there => Err(VaultError::NotAVault {
            dir: dir.to_owned(),
        }),
        None if found.is_empty() => Err(VaultError::Damaged {
            dir: dir.to_owned(),
            part: Part::Ways,
        }),
        None => Ok(found),
    }
}

/// Writes both copies, one after the other, so that at every moment one of them is whole.
pub(crate) fn write_both(
    disk: &dyn Disk,
    dir: &Path,
    envelope: &Envelope,
) -> Result<(), VaultError> {
    let bytes = envelope.to_bytes();
    for name in [WAYS_FILE, WAYS_BACKUP_FILE] {
        let path = dir.join(name);
        write_whole(disk, &path, &bytes).map_err(VaultError::io("writing", &path))?;
    }
    Ok(())
}

/// What can be told of a vault without a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VaultCard {
    /// The vault's name for machines.
    pub id: String,
    /// The vault's name for people.
    pub name: Option<String>,
    /// Whether this is the sample.
    pub sample: bool,
    /// The ways that it can be opened.
    pub ways_in: Vec<Way>,
}

impl From<&Envelope> for VaultCard {
    fn from(envelope: &Envelope) -> Self {
        Self {
            id: envelope.id.clone(),
            name: envelope.name.clone(),
            sample: envelope.sample,
            ways_in: envelope.ways(),
        }
    }
}

/// Reads what can be told of the vault in a folder; works while it is open elsewhere.
///
/// # Errors
/// [`VaultError::NotAVault`], [`VaultError::Damaged`], [`VaultError::Newer`], [`VaultError::Io`].
pub fn describe(dir: &Path) -> Result<VaultCard, VaultError> {
    let copies = read_both(dir)?;
    let mut card = VaultCard::from(&copies[0]);
    for copy in &copies[1..] {
        card.ways_in.extend(copy.ways());
    }
    card.ways_in.sort_unstable();
    card.ways_in.dedup();
    Ok(card)
}
