//! The system's keychain, where there is one.

use desk::vault::{Keychain, KeychainError};
use std::sync::Arc;

const SERVICE: &str = "org.pidesk.desktop";

struct SystemKeychain;

/// The system's keychain; `None` where there is none: then the passphrase is asked for.
pub(crate) fn system() -> Option<Arc<dyn Keychain>> {
    // Making an entry finds out whether there is a store at all, without touching one.
    match keyring::Entry::new(SERVICE, "probe") {
        Ok(_) => Some(Arc::new(SystemKeychain)),
        Err(error) => {
            log::info!("no keychain: {error}");
            None
        }
    }
}

fn entry(name: &str) -> Result<keyring::Entry, KeychainError> {
    keyring::Entry::new(SERVICE, name).map_err(|error| KeychainError::Absent(Some(Box::new(error))))
}

fn refused(error: keyring::Error) -> KeychainError {
    KeychainError::Locked(Some(Box::new(error)))
}

impl Keychain for SystemKeychain {
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        match entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    fn put(&self, name: &str, secret: &[u8]) -> Result<(), KeychainError> {
        entry(name)?.set_secret(secret).map_err(refused)
    }

    fn remove(&self, name: &str) -> Result<(), KeychainError> {
        match entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(error)),
        }
    }
}
