//! How a laptop and its center exchange commits: messages, the exchange itself without input or
//! output, and a driver over HTTP.
//!
//! Nothing here stores anything: what a laptop holds is behind [`Replica`], the network is behind
//! [`Transport`], clock and randomness are behind [`Surroundings`]. Start with [`Round`] (what one
//! contact does), then [`drive`] (how it is carried out). The bytes are written down in the section
//! "Wire" of `docs/sync-protocol.md`.

pub mod backoff;
pub mod body;
pub mod code;
pub mod drive;
pub mod enrol;
pub mod exchange;
pub mod files;
pub mod http;
pub mod link;
pub mod listen;
pub mod members;
pub mod note;
pub mod outcome;
mod page;
pub mod pin;
pub mod replica;
pub mod round;
pub mod seal;
pub mod transport;
pub mod wire;
pub mod witness;

pub use backoff::Backoff;
pub use code::{Code, CodeError};
pub use drive::{round, wait};
pub use enrol::{Applicant, EnrolError, enrol};
pub use exchange::Failure;
pub use files::{FileState, FilesOutcome, Here, Settled, Shelf, files, hand_in};
pub use http::Http;
pub use ledger::digest;
pub use link::{Address, AddressError, CenterLink};
pub use listen::{Listener, Patience};
pub use members::{Member, Members};
pub use note::Note;
pub use outcome::Outcome;
pub use pin::Pin;
pub use replica::{Accepted, Confirmed, Page, Pulled, Replica, Rights, StreamState};
pub use round::{Ask, Reply, Round, Step};
pub use transport::{Offline, Request, Response, Transport};
pub use wire::{Problem, Status};
pub use witness::{StreamDigest, Sworn, Witness, compare};

/// What the exchange needs of the world besides the network.
pub trait Surroundings: Send + Sync {
    /// Fills bytes with secret randomness.
    fn random(&self, bytes: &mut [u8]);
    /// The clock. Time: milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> i64;
}
