//! The operating system's keychain, as the vault sees it.

use std::error::Error as StdError;

use thiserror::Error;

/// Why the keychain did not answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeychainError {
    /// It is locked, or the person said no.
    #[error("the keychain is locked")]
    Locked(#[source] Option<Box<dyn StdError + Send + Sync>>),
    /// This machine has none, or it cannot be reached.
    #[error("there is no keychain")]
    Absent(#[source] Option<Box<dyn StdError + Send + Sync>>),
    /// It did not give back what it was given.
    #[error("the keychain did not keep the entry")]
    NotKept,
}

impl KeychainError {
    /// The key of the words for the person.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Locked(_) => "vault.keychain_locked",
            Self::Absent(_) => "vault.keychain_absent",
            Self::NotKept => "vault.keychain_not_kept",
        }
    }
}

/// A keeper of one small secret an entry.
///
/// The vault makes a fresh entry name for every wrap, so it never writes over an entry.
/// Invariant for implementers: an entry that cannot be read just now is an error, not `None`.
pub trait Keychain: Send + Sync {
    /// The secret of an entry; `None` only when the keychain is sure to have no such entry.
    ///
    /// # Errors
    /// When the keychain is locked or cannot be reached.
    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, KeychainError>;

    /// Keeps a secret.
    ///
    /// # Errors
    /// When the keychain is locked or cannot be reached.
    fn put(&self, entry: &str, secret: &[u8]) -> Result<(), KeychainError>;

    /// Forgets an entry; one that is not there is no error.
    ///
    /// # Errors
    /// When the keychain is locked or cannot be reached.
    fn remove(&self, entry: &str) -> Result<(), KeychainError>;
}

/// The keychain of a machine that has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoKeychain;

impl Keychain for NoKeychain {
    fn get(&self, _entry: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        Err(KeychainError::Absent(None))
    }

    fn put(&self, _entry: &str, _secret: &[u8]) -> Result<(), KeychainError> {
        Err(KeychainError::Absent(None))
    }

    fn remove(&self, _entry: &str) -> Result<(), KeychainError> {
        Err(KeychainError::Absent(None))
    }
}
