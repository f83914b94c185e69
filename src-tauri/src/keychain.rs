//! The system's keychain, where there is one.

use desk::vault::{Keychain, KeychainError, NoKeychain};
use std::sync::Arc;

const SERVICE: &str = "org.pidesk.desktop";

struct SystemKeychain;

/// The system's keychain, or none: then the passphrase is asked for.
pub fn system() -> Arc<dyn Keychain> {
    // Asking for an entry finds out whether there is a store at all, without touching one.
    match keyring::Entry::new(SERVICE, "probe") {
        Ok(_) => Arc::new(SystemKeychain),
        Err(error) => {
            log::info!("no keychain: {error}");
            Arc::new(NoKeychain)
        }
    }
}

fn failed(error: &keyring::Error) -> KeychainError {
    log::warn!("keychain: {error}");
    KeychainError::Unavailable
}

impl Keychain for SystemKeychain {
    fn is_available(&self) -> bool {
        true
    }

    fn get(&self, vault_id: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        let entry = keyring::Entry::new(SERVICE, vault_id).map_err(|error| failed(&error))?;
        match entry.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    fn put(&self, vault_id: &str, secret: &[u8]) -> Result<(), KeychainError> {
        let entry = keyring::Entry::new(SERVICE, vault_id).map_err(|error| failed(&error))?;
        entry.set_secret(secret).map_err(|error| failed(&error))
    }

    fn remove(&self, vault_id: &str) -> Result<(), KeychainError> {
        let entry = keyring::Entry::new(SERVICE, vault_id).map_err(|error| failed(&error))?;
        match entry.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }
}
