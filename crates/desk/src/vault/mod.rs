//! The vault: one encrypted folder that holds everything a laptop knows.
//!
//! ```text
//! vault.db        the database (SQLCipher, raw random key)
//! vault.json      the ways in: the key, wrapped by passphrase, recovery code, keychain
//! vault.json.bak  the same, written second
//! lock            held by the one program that has the vault open
//! lock.pid        who that is; left behind when it did not close
//! blobs/          attachments
//! ```
//!
//! Invariants: the key is made once and never again; no way in is written over by a guess; a
//! secret reaches no error, no log line and no `Debug`; one program at a time.
//!
//! Start with [`create`] and [`open`](fn@open).

mod create;
mod database;
mod disk;
mod envelope;
mod error;
mod installation;
mod kdf;
mod keychain;
mod lock;
mod note;
mod open;
mod opened;
mod place;
mod recovery;
mod repair;
mod secret;
mod strength;
#[cfg(test)]
mod tests;
mod ways;

pub use create::create;
pub use database::{APPLICATION_ID, SQLITE_FLOOR, refuse_newer_schema};
pub use envelope::{FORMAT, VaultCard, describe};
pub use error::{Part, VaultError};
pub use kdf::Kdf;
pub use keychain::{Keychain, KeychainError, NoKeychain};
pub use note::Note;
pub use open::open;
pub use opened::Opened;
pub use place::{Mount, Surroundings, Unsuitable, check_place};
pub use recovery::RecoveryCode;
pub use secret::Secret;
pub use strength::{Strength, passphrase_strength};
pub use ways::{Key, Way};

pub(crate) use create::{prepare_folder, put_in_place};
pub(crate) use database::open_database;
pub(crate) use disk::{Disk, RealDisk, create_private, write_whole};
pub(crate) use envelope::Envelope;
pub(crate) use secret::{derive, seal, unseal};

/// The database of a vault.
pub const DB_FILE: &str = "vault.db";
/// The ways in.
pub const WAYS_FILE: &str = "vault.json";
/// The second copy of the ways in.
pub const WAYS_BACKUP_FILE: &str = "vault.json.bak";
/// The folder of attachments.
pub const BLOB_FOLDER: &str = "blobs";
/// The lock.
pub(crate) const LOCK_FILE: &str = "lock";
/// Who holds the lock.
pub(crate) const HOLDER_FILE: &str = "lock.pid";
/// The database while a vault is being made or restored.
pub(crate) const STAGED_DB_FILE: &str = "vault.db.new";
