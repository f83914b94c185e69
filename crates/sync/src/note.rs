//! What a contact with the center came to, as a code; the words are in `model/labels/sync.tsv`.

use crate::exchange::Failure;
use crate::transport::Offline;
use crate::wire::{Disbelief, Problem};

/// The result of a contact, or what stood in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Everything was sent and received.
    Done,
    /// The center cannot be reached.
    Offline,
    /// Something else answers, as in a network that wants a log-in first.
    Portal,
    /// The other side is not the laptop's center.
    Pin,
    /// The center is busy; later.
    Busy,
    /// The center failed.
    ServerError,
    /// The versions of laptop and center do not fit.
    Upgrade,
    /// The center does not know this laptop; connect again.
    UnknownDevice,
    /// This laptop's access was withdrawn.
    Revoked,
    /// No right to this many studies any more; they stay here.
    NoAccess(u64),
    /// This many studies were taken back; everything was handed in, and they were erased here.
    Erased(u64),
    /// Everything was handed in, and the vault was erased: its access was withdrawn.
    VaultErased,
    /// The account may not do this.
    NoRight,
    /// A study is never without a PI.
    LastPi,
    /// There is no such account, or it is no member.
    NoAccount(String),
    /// This many of the commits handed in were kept for review: own ones, or, after a center was put
    /// back, those of others.
    Quarantined(u64),
    /// So many commits of others could not be read or believed here; what follows them waits.
    Unreadable(u64),
    /// Changes wait for those of another laptop that the center does not have.
    WaitsForOther,
    /// The center refused a commit.
    Refused(Disbelief),
    /// A commit is too large for the center.
    TooLarge,
    /// This laptop's identity was used elsewhere; it took a new one.
    ForkHealed,
    /// The center's data is older than it was; what it lost is sent again.
    Restored,
    /// The center's data is not the one known here, and this laptop cannot send it again.
    Diverged,
    /// The laptop's clock is off by this many minutes.
    Clock(i64),
    /// The center has no room for a file.
    FilesNoRoom,
    /// A file is damaged, here or at the center; a good one is fetched or sent when there is one.
    FileDamaged,
    /// So many commits are gone from this laptop's log; they come back from the center, or from a
    /// file of another laptop.
    Missing(u64),
    /// So many commits that were written here and not sent yet were gone from the log, with nothing
    /// left of them; what came after them was sent.
    Lost(u64),
    /// What this laptop showed of a study was not what its log says; it was made again.
    Mended,
}

impl Note {
    /// The key of the words.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Done => "sync.done",
            Self::Offline => "sync.offline",
            Self::Portal => "sync.portal",
            Self::Pin => "sync.pin",
            Self::Busy => "sync.busy",
            Self::ServerError => "sync.server-error",
            Self::Upgrade => "sync.upgrade",
            Self::UnknownDevice => "sync.unknown-device",
            Self::Revoked => "sync.revoked",
            Self::NoAccess(_) => "sync.no-access",
            Self::Erased(_) => "sync.erased",
            Self::VaultErased => "sync.vault-erased",
            Self::NoRight => "sync.no-right",
            Self::LastPi => "sync.last-pi",
            Self::NoAccount(_) => "sync.no-account",
            Self::Quarantined(_) => "sync.quarantined",
            Self::Unreadable(_) => "sync.unreadable",
            Self::WaitsForOther => "sync.waits-for-other",
            Self::Refused(why) => match why {
                Disbelief::Author => "sync.refused-author",
                Disbelief::Signature => "sync.refused-signature",
                _ => "sync.refused",
            },
            Self::TooLarge => "sync.too-large",
            Self::ForkHealed => "sync.fork-healed",
            Self::Restored => "sync.restored",
            Self::Diverged => "sync.diverged",
            Self::Clock(_) => "sync.clock",
            Self::FilesNoRoom => "sync.files-no-room",
            Self::FileDamaged => "sync.file-damaged",
            Self::Mended => "sync.mended",
            Self::Missing(_) => "sync.missing",
            Self::Lost(_) => "sync.lost",
        }
    }

    /// The values that the words name in braces.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoAccess(n)
            | Self::Quarantined(n)
            | Self::Unreadable(n)
            | Self::Erased(n)
            | Self::Missing(n)
            | Self::Lost(n) => vec![("n", n.to_string())],
            Self::NoAccount(account) => vec![("account", account.clone())],
            Self::Clock(minutes) => vec![("minutes", minutes.abs().to_string())],
            _ => Vec::new(),
        }
    }

    /// Whether the center could not be reached, which is no fault of anybody.
    pub fn is_offline(&self) -> bool {
        matches!(self, Self::Offline | Self::Portal)
    }

    /// Whether the contact failed, so that trying again soon may help or somebody must act.
    pub fn is_trouble(&self) -> bool {
        !matches!(
            self,
            Self::Done
                | Self::ForkHealed
                | Self::Restored
                | Self::Clock(_)
                | Self::Quarantined(_)
                | Self::NoAccess(_)
                | Self::Erased(_)
                | Self::WaitsForOther
                | Self::FilesNoRoom
                | Self::FileDamaged
                | Self::Mended
                | Self::Missing(_)
                | Self::Lost(_)
        )
    }

    /// How much it matters; of several notes the greatest is shown first.
    pub(crate) fn weight(&self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Clock(_) => 1,
            Self::ForkHealed => 2,
            Self::Restored | Self::Mended => 3,
            Self::Quarantined(_) => 4,
            Self::WaitsForOther => 5,
            Self::NoAccess(_) | Self::Erased(_) | Self::FilesNoRoom | Self::FileDamaged => 6,
            Self::Missing(_) | Self::Lost(_) => 6,
            Self::Busy => 7,
            Self::Offline | Self::Portal => 8,
            Self::ServerError | Self::Upgrade => 9,
            Self::TooLarge | Self::Refused(_) | Self::Diverged | Self::Unreadable(_) => 10,
            Self::NoRight | Self::LastPi | Self::NoAccount(_) => 10,
            Self::UnknownDevice | Self::Revoked | Self::VaultErased => 11,
            Self::Pin => 12,
        }
    }
}

impl From<Failure> for Note {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Offline(Offline::Pin) | Failure::Pin => Self::Pin,
            Failure::Offline(_) | Failure::Garbled => Self::Offline,
            Failure::Portal => Self::Portal,
            Failure::Nonsense => Self::ServerError,
            Failure::Upgrade => Self::Upgrade,
            Failure::Refused(problem) => Self::from(problem),
        }
    }
}

impl From<Problem> for Note {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::UnknownDevice => Self::UnknownDevice,
            Problem::Revoked => Self::Revoked,
            Problem::NotMember => Self::NoAccess(1),
            Problem::NoRight => Self::NoRight,
            Problem::LastPi => Self::LastPi,
            Problem::NoAccount { account } => Self::NoAccount(account),
            Problem::Refused { why, .. } => Self::Refused(why),
            Problem::TooLarge => Self::TooLarge,
            Problem::Busy { .. } => Self::Busy,
            Problem::Protocol { .. } => Self::Upgrade,
            Problem::Dep { .. } => Self::WaitsForOther,
            Problem::NoRoom => Self::FilesNoRoom,
            Problem::WrongBytes => Self::FileDamaged,
            _ => Self::ServerError,
        }
    }
}
