//! The laptop's side of the exchange: what it holds, wants to send and takes in.

use crate::wire::{Status, Taken};
use ledger::{Frame, Hash};

/// A stream as the laptop holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamState {
    /// The stream.
    pub stream: String,
    /// The center's number up to which everything is stored here.
    pub cursor: u64,
    /// The greatest of the center's numbers that a commit here has: it may be above the cursor,
    /// where something was confirmed and what lies between was not fetched yet.
    pub confirmed: u64,
    /// Own commits that the center has not confirmed.
    pub waiting: u64,
    /// The digest at the cursor, where the laptop keeps it; lets a changed past be noticed.
    pub digest: Option<Hash>,
}

/// What the center says of this laptop's rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Whether its access was withdrawn.
    pub is_revoked: bool,
    /// Stream and role, of every stream that its account may read.
    pub roles: Vec<(String, String)>,
}

/// A commit that the center holds durably.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The device.
    pub dev: String,
    /// The commit's number among the device's.
    pub seq: u64,
    /// The center's number of it.
    pub sseq: u64,
    /// Time: receipt at the center, UTC, RFC 3339.
    pub received_at: String,
    /// What became of it.
    pub status: Status,
    /// The center's signature under the above, see [`ledger::Receipt`].
    pub receipt: String,
}

impl From<Taken> for Confirmed {
    fn from(taken: Taken) -> Self {
        let Taken {
            dev,
            seq,
            sseq,
            received_at,
            status,
            receipt,
        } = taken;
        Self {
            dev,
            seq,
            sseq,
            received_at,
            status,
            receipt,
        }
    }
}

/// A commit from the center.
#[derive(Clone, Debug, PartialEq)]
pub struct Pulled {
    /// The center's number of it.
    pub sseq: u64,
    /// Time: receipt at the center, UTC, RFC 3339.
    pub received_at: String,
    /// What became of it.
    pub status: Status,
    /// The center's signature under the above, see [`ledger::Receipt`].
    pub receipt: String,
    /// The commit.
    pub frame: Frame,
}

/// Commits from the center, without gaps, in its order.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The cursor before.
    pub from: u64,
    /// The cursor after.
    pub to: u64,
    /// The digest at `to`.
    pub digest: Hash,
    /// One commit per number.
    pub pulled: Vec<Pulled>,
}

/// What taking in a page did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Commits that were not here before.
    pub n: u64,
    /// Why the page was not taken to its end; 0 when it was. The cursor stands before the first
    /// commit that was not taken.
    pub n_problems: u64,
    /// Whether it ended where another commit of that device and number stands here.
    pub is_fork: bool,
}

/// What a laptop holds. Every function is one transaction, durable when it returns.
pub trait Replica {
    /// Why the laptop could not.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Every stream that is here or was subscribed to.
    ///
    /// # Errors
    /// When the store fails.
    fn streams(&mut self) -> Result<Vec<StreamState>, Self::Error>;

    /// The oldest own commits that are not confirmed, in the order they were written, at least
    /// one when there is one.
    ///
    /// # Errors
    /// When the store fails.
    fn outbox(
        &mut self,
        stream: &str,
        n_commits_max: usize,
        n_bytes_max: usize,
    ) -> Result<Vec<Frame>, Self::Error>;

    /// Notes that the center holds these commits. The cursor stays.
    ///
    /// # Errors
    /// When the store fails.
    fn confirm(&mut self, stream: &str, confirmed: &[Confirmed]) -> Result<(), Self::Error>;

    /// Stores a page and moves the cursor, both or neither. Commits that are here already are
    /// noted as confirmed, own ones in place of [`Replica::confirm`].
    ///
    /// # Errors
    /// When the store fails.
    fn accept(&mut self, stream: &str, page: Page) -> Result<Accepted, Self::Error>;

    /// Takes a new device identity, because the center holds other commits under the old one, and
    /// issues the unconfirmed commits again.
    ///
    /// # Errors
    /// When the store fails.
    fn fork(&mut self, stream: &str) -> Result<(), Self::Error>;

    /// Adds a stream that the center told of.
    ///
    /// # Errors
    /// When the store fails.
    fn subscribe(&mut self, stream: &str) -> Result<(), Self::Error>;

    /// Notes what the center says of this laptop's rights.
    ///
    /// # Errors
    /// When the store fails.
    fn note_rights(&mut self, rights: &Rights) -> Result<(), Self::Error> {
        let _ = rights;
        Ok(())
    }

    /// Puts the cursor back to 0 and every commit back into the outbox, because the center lost
    /// something (a restored backup). Nothing is deleted; what the center still has is confirmed
    /// again. `false` when this laptop cannot do that.
    ///
    /// In the order of the numbers that they had, the unconfirmed ones last. Own commits are
    /// enough, but then what several laptops wrote in turns needs as many contacts of each; the
    /// others' are signed by their authors and may be handed in by anybody.
    ///
    /// # Errors
    /// When the store fails.
    fn rewind(&mut self, stream: &str) -> Result<bool, Self::Error> {
        let _ = stream;
        Ok(false)
    }
}
