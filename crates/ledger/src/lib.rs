//! The ledger: signed, hash-chained commits of field-level changes, and the rules by which
//! concurrent values stay visible.
//!
//! Pure: bytes in, bytes out. No file, clock, environment, randomness or thread. The permanent
//! format is written down in `docs/sync-protocol.md`. Start reading at [`Commit`], then [`Chain`]
//! (what may follow what), then [`State`] (what stands).

pub mod canonical;
pub mod chain;
pub mod commit;
mod commit_json;
pub mod device;
pub mod digest;
pub mod frame;
pub mod hash;
pub mod op;
pub mod payload;
mod read;
mod receipt;
pub mod state;
pub mod value;

pub use chain::{Arrival, Chain, ChainError};
pub use commit::{Commit, CommitError, Source, Why};
pub use device::{DeviceKey, PublicKey, SignatureError};
pub use frame::{Frame, FrameError};
pub use hash::Hash;
pub use op::{Op, OpId, OpValue};
pub use payload::{Payload, PayloadPlace};
pub use receipt::Receipt;
pub use state::{EntityState, Head, State, comparison};

/// Identifies a device: the tagged hash of its tagged public key, `sha256:<hex>`.
pub type DeviceId = String;

/// Most operations that one commit may hold.
pub const OPS_MAX: usize = 10_000;
/// Most bytes that one commit may have.
pub const COMMIT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most bytes that one frame may have, payloads included.
pub const FRAME_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The field that says whether an entity is deleted.
pub const DELETED: &str = "_del";
