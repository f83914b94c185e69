//! What was found when a vault was opened, and what was done about it.

use super::keychain::KeychainError;
use super::ways::Way;

/// Something that the person, or the caller, should know about the vault just opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum Note {
    /// A way in was missing or damaged and was put back from the copy inside the vault.
    Repaired(Way),
    /// A way in is missing and has to be made anew by the person.
    Missing(Way),
    /// The keychain had lost its entry; a new one was made.
    KeychainRenewed,
    /// The keychain could not be asked; nothing was changed.
    KeychainSilent(KeychainError),
    /// The ways in could not be put right on the disk.
    NotRepaired,
    /// The program did not close the vault the last time.
    NotClosed,
    /// The last changes before a crash are gone: somebody removed the write-ahead log.
    LogMissing,
    /// The database is older than this installation remembers: an old copy was put back.
    RolledBack,
    /// Commits that were in the log are not there any more.
    CommitsMissing,
    /// An older program wrote values that a rule of this one would not take; they were kept.
    ValuesUnfit,
}

impl Note {
    /// The key of the words for the person.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Repaired(_) => "vault.note_repaired",
            Self::Missing(Way::Passphrase) => "vault.note_missing_passphrase",
            Self::Missing(Way::Recovery) => "vault.note_missing_recovery",
            Self::Missing(Way::Keychain) => "vault.note_missing_keychain",
            Self::KeychainRenewed => "vault.note_keychain_renewed",
            Self::KeychainSilent(_) => "vault.note_keychain_silent",
            Self::NotRepaired => "vault.note_not_repaired",
            Self::NotClosed => "vault.note_not_closed",
            Self::LogMissing => "vault.note_log_missing",
            Self::RolledBack => "vault.note_rolled_back",
            Self::CommitsMissing => "vault.note_commits_missing",
            Self::ValuesUnfit => "vault.note_values_unfit",
        }
    }
}
