//! What can go wrong with a vault.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::keychain::KeychainError;
use super::place::Unsuitable;
use super::ways::Way;

/// A part of the vault folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `vault.json` and its copy: no way in can be read.
    Ways,
    /// `vault.db` is missing, cut off, of another vault, or its pages do not verify.
    Database,
}

/// Why a vault was not made, opened or changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The passphrase, code or keychain entry does not open this vault.
    #[error("the {way} does not open this vault")]
    WrongKey {
        /// Which way was tried.
        way: Way,
    },
    /// A group of the recovery code has a typo.
    #[error("group {group} of the recovery code has a typo")]
    RecoveryTypo {
        /// Counted from 1.
        group: usize,
    },
    /// The recovery code is too short or too long.
    #[error("the recovery code has {found} characters, not {wanted}")]
    RecoveryLength {
        /// Characters given.
        found: usize,
        /// Characters of a whole code.
        wanted: usize,
    },
    /// A passphrase was empty.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// This vault was never given that way in, or it is lost.
    #[error("this vault has no {way}")]
    NoSuchWay {
        /// Which way was tried.
        way: Way,
    },
    /// The keychain could not be asked.
    #[error("asking the keychain")]
    Keychain(#[source] KeychainError),
    /// There is no vault in the folder.
    #[error("no vault in {}", dir.display())]
    NotAVault {
        /// The folder.
        dir: PathBuf,
    },
    /// There is a vault in the folder already; it is never written over.
    #[error("a vault is in {} already", dir.display())]
    AlreadyAVault {
        /// The folder.
        dir: PathBuf,
    },
    /// The folder for a new vault holds other files.
    #[error("{} is not empty", dir.display())]
    FolderNotEmpty {
        /// The folder.
        dir: PathBuf,
    },
    /// Another program, or another window, has the vault open.
    #[error("the vault is open in another program ({pid:?})")]
    InUse {
        /// Its process number, when it could be read.
        pid: Option<u32>,
    },
    /// A vault must not live in this folder.
    #[error("a vault must not live in {}: {reason}", dir.display())]
    UnsuitableFolder {
        /// The folder.
        dir: PathBuf,
        /// Why.
        reason: Unsuitable,
    },
    /// A part of the vault is damaged or missing.
    #[error("{part:?} of the vault in {} is damaged", dir.display())]
    Damaged {
        /// The folder.
        dir: PathBuf,
        /// What is damaged.
        part: Part,
    },
    /// A newer program wrote this vault.
    #[error("the vault has format {found}, this program knows {known}")]
    Newer {
        /// The format of the vault.
        found: u32,
        /// The newest format that this program reads.
        known: u32,
    },
    /// The program was built with an unsafe SQLite.
    #[error("SQLite {found} is older than {floor}")]
    OldSqlite {
        /// The version in the program.
        found: i32,
        /// The oldest safe version.
        floor: i32,
    },
    /// The program was built without encryption.
    #[error("this SQLite does not encrypt")]
    NoEncryption,
    /// The passphrase could not be turned into a key, as on a laptop without enough memory.
    #[error("deriving a key with {memory_kib} KiB of memory")]
    Derivation {
        /// The memory that it wants.
        memory_kib: u32,
    },
    /// The database refused.
    #[error("{doing}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// The disk refused.
    #[error("{doing} {}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl VaultError {
    /// The key of the words for the person, in `labels/vault.tsv`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongKey {
                way: Way::Passphrase,
            } => "vault.wrong_passphrase",
            Self::WrongKey { way: Way::Recovery } => "vault.wrong_recovery",
            Self::WrongKey { way: Way::Keychain } => "vault.wrong_keychain",
            Self::RecoveryTypo { .. } => "vault.recovery_typo",
            Self::RecoveryLength { .. } => "vault.recovery_length",
            Self::EmptyPassphrase => "vault.empty_passphrase",
            Self::NoSuchWay {
                way: Way::Passphrase,
            } => "vault.no_passphrase",
            Self::NoSuchWay { way: Way::Recovery } => "vault.no_recovery",
            Self::NoSuchWay { way: Way::Keychain } => "vault.no_keychain",
            Self::Keychain(source) => source.code(),
            Self::NotAVault { .. } => "vault.not_a_vault",
            Self::AlreadyAVault { .. } => "vault.already_a_vault",
            Self::FolderNotEmpty { .. } => "vault.folder_not_empty",
            Self::InUse { .. } => "vault.in_use",
            Self::UnsuitableFolder { reason, .. } => reason.code(),
            Self::Damaged {
                part: Part::Ways, ..
            } => "vault.damaged_ways",
            Self::Damaged {
                part: Part::Database,
                ..
            } => "vault.damaged_database",
            Self::Newer { .. } => "vault.newer",
            Self::OldSqlite { .. } | Self::NoEncryption => "vault.unsafe_build",
            Self::Derivation { .. } => "vault.derivation",
            Self::Database { .. } => "vault.database",
            Self::Io { .. } => "vault.io",
        }
    }

    /// The values that go into the words, by name.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::RecoveryTypo { group } => vec![("group", group.to_string())],
            Self::RecoveryLength { found, wanted } => {
                vec![("found", found.to_string()), ("wanted", wanted.to_string())]
            }
            Self::NotAVault { dir }
            | Self::AlreadyAVault { dir }
            | Self::FolderNotEmpty { dir }
            | Self::Damaged { dir, .. } => vec![("folder", shown(dir))],
            Self::UnsuitableFolder { dir, reason } => {
                vec![("folder", shown(dir)), ("place", reason.place().to_owned())]
            }
            Self::Io { path, .. } => vec![("path", shown(path))],
            _ => Vec::new(),
        }
    }

    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn database(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| Self::Database { doing, source }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
