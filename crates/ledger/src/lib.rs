//! The ledger: signed, hash-chained commits of field-level changes, and the rules by which
//! concurrent values stay visible.
//!
//! Pure: bytes in, bytes out. No file, clock, environment, randomness or thread. The permanent
//! format is written down in `docs/sync-protocol.md`. Start reading at [`Commit`], then [`State`].

pub mod canonical;
pub mod commit;
pub mod device;
pub mod frame;
pub mod hash;
pub mod op;
pub mod state;

pub use commit::{Commit, CommitError, Source, Why};
pub use device::{DeviceKey, PublicKey, SignatureError};
pub use frame::{Frame, FrameError, Payload, PayloadPlace};
pub use hash::Hash;
pub use op::{Op, OpId, OpValue};
pub use state::{EntityState, Head, State};

/// Identifies a device: the tagged hash of its tagged public key, `sha256:<hex>`.
pub type DeviceId = String;

/// Most operations that one commit may hold (decisions.md 7).
pub const OPS_MAX: usize = 10_000;
/// Most bytes that one commit may have.
pub const COMMIT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The field that says whether an entity is deleted.
pub const DELETED: &str = "_del";
