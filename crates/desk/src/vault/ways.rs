//! The ways into a vault: its key, wrapped by something that a person or a laptop has.

use std::fmt;

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use serde::{Deserialize, Serialize};

use super::error::VaultError;
use super::kdf::Kdf;
use super::recovery::RecoveryCode;
use super::secret::{Secret, seal, unseal};
use crate::env::Env;

/// A way into a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// What the person knows.
    Passphrase,
    /// What the person printed.
    Recovery,
    /// What this laptop keeps.
    Keychain,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passphrase => "passphrase",
            Self::Recovery => "recovery code",
            Self::Keychain => "keychain",
        })
    }
}

/// What somebody opens a vault with. It has no `Debug`: it is a secret.
#[derive(Clone, Copy)]
pub enum Key<'a> {
    /// The passphrase.
    Passphrase(&'a str),
    /// The recovery code, as typed.
    Recovery(&'a str),
    /// The entry in this laptop's keychain.
    Keychain,
}

impl Key<'_> {
    /// Which way this is.
    pub fn way(&self) -> Way {
        match self {
            Self::Passphrase(_) => Way::Passphrase,
            Self::Recovery(_) => Way::Recovery,
            Self::Keychain => Way::Keychain,
        }
    }
}

/// The vault key in a wrap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wrap {
    /// Hex.
    pub(crate) salt: String,
    /// Hex.
    pub(crate) nonce: String,
    /// The vault key, XChaCha20-Poly1305. Hex.
    pub(crate) sealed: String,
    /// How the passphrase becomes the wrapping key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kdf: Option<Kdf>,
    /// The entry of the keychain that holds the wrapping key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) entry: Option<String>,
}

impl Wrap {
    /// Wraps the vault key by a passphrase.
    pub(crate) fn by_passphrase(
        vault: &Vaulted<'_>,
        passphrase: &str,
        kdf: Kdf,
        env: &Env,
    ) -> Result<Self, VaultError> {
        if passphrase.is_empty() {
            return Err(VaultError::EmptyPassphrase);
        }
        let salt = env.random::<16>();
        let wrapping = kdf.derive(passphrase, &salt)?;
        Ok(Self {
            kdf: Some(kdf),
            ..Self::seal(vault, Way::Passphrase, &salt, &wrapping, env)
        })
    }

    /// Wraps the vault key by a recovery code.
    pub(crate) fn by_recovery(vault: &Vaulted<'_>, code: &RecoveryCode, env: &Env) -> Self {
        let salt = env.random::<16>();
        Self::seal(vault, Way::Recovery, &salt, &code.wrapping_key(&salt), env)
    }

    /// Wraps the vault key by a wrapping key that the keychain keeps under `entry`.
    pub(crate) fn by_keychain(
        vault: &Vaulted<'_>,
        entry: &str,
        wrapping: &Secret,
        env: &Env,
    ) -> Self {
        let salt = env.random::<16>();
        let key = wrapping.derive(&salt, b"pidesk-keychain-v1");
        Self {
            entry: Some(entry.to_owned()),
            ..Self::seal(vault, Way::Keychain, &salt, &key, env)
        }
    }

    fn seal(vault: &Vaulted<'_>, way: Way, salt: &[u8], wrapping: &Secret, env: &Env) -> Self {
        let nonce = env.random::<24>();
        let sealed = seal(wrapping, nonce, &context(vault.id, way), vault.key.bytes());
        Self {
            salt: HEX.encode(salt),
            nonce: HEX.encode(&nonce),
            sealed: HEX.encode(&sealed),
            kdf: None,
            entry: None,
        }
    }

    /// The vault key, when the passphrase is the right one.
    pub(crate) fn open_by_passphrase(
        &self,
        vault_id: &str,
        passphrase: &str,
    ) -> Result<Option<Secret>, VaultError> {
        let (Some(kdf), Some(salt)) = (self.kdf, bytes(&self.salt)) else {
            return Ok(None);
        };
        if salt.len() < argon2::MIN_SALT_LEN {
            return Ok(None);
        }
        let wrapping = kdf.derive(passphrase, &salt)?;
        Ok(self.unseal(vault_id, Way::Passphrase, &wrapping))
    }

    /// The vault key, when the recovery code is the right one.
    pub(crate) fn open_by_recovery(&self, vault_id: &str, code: &RecoveryCode) -> Option<Secret> {
        let salt = bytes(&self.salt)?;
        self.unseal(vault_id, Way::Recovery, &code.wrapping_key(&salt))
    }

    /// The vault key, when the keychain's secret is the right one.
    pub(crate) fn open_by_keychain(&self, vault_id: &str, kept: &[u8]) -> Option<Secret> {
        let salt = bytes(&self.salt)?;
        let wrapping = Secret::from_slice(kept)?.derive(&salt, b"pidesk-keychain-v1");
        self.unseal(vault_id, Way::Keychain, &wrapping)
    }

    fn unseal(&self, vault_id: &str, way: Way, wrapping: &Secret) -> Option<Secret> {
        let nonce = bytes(&self.nonce)?.try_into().ok()?;
        let plain = unseal(
            wrapping,
            nonce,
            &context(vault_id, way),
            &bytes(&self.sealed)?,
        )?;
        Secret::from_slice(&plain)
    }
}

/// A vault's key with the vault's name: what a wrap is made for.
pub(crate) struct Vaulted<'a> {
    pub(crate) id: &'a str,
    pub(crate) key: &'a Secret,
}

/// What a wrap is bound to, so that it opens as no other way and in no other vault.
fn context(vault_id: &str, way: Way) -> Vec<u8> {
    format!("pidesk-wrap-v1\0{vault_id}\0{way}").into_bytes()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    HEX.decode(hex.as_bytes()).ok()
}
