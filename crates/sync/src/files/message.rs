//! The messages about files. The bytes are in `docs/sync-protocol.md`.

use crate::wire::Envelope;
use serde::{Deserialize, Serialize};

/// Most bytes of one piece.
pub const PIECE_BYTES_MAX: usize = 1024 * 1024;
/// Most files that are asked about at once.
pub const HASHES_MAX: usize = 150;

/// Request `POST /v1/blobs/{stream}`: what does the center hold of these?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlobsAsk {
    /// Hashes of contents, `sha256:…`.
    pub hashes: Vec<String>,
}

/// Answer to [`BlobsAsk`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobsHeld {
    /// About the center.
    pub center: Envelope,
    /// One entry for each hash that was asked about, in that order.
    pub blobs: Vec<BlobHeld>,
}

/// What the center holds of one content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobHeld {
    /// Its hash.
    pub hash: String,
    /// Its size once it is there whole, its hash checked. Units: bytes.
    pub whole: Option<u64>,
    /// How much of it this laptop has handed in. Units: bytes.
    pub offset: u64,
}

/// Answer to `POST /v1/blobs/{stream}/{hex}?offset=…&size=…` with a piece as its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobTaken {
    /// About the center.
    pub center: Envelope,
    /// Where the next piece begins; elsewhere than behind this one when it did not fit.
    pub offset: u64,
    /// Whether the content is there whole, its hash checked.
    pub whole: bool,
}

/// Answer to `POST /v1/blobs/{stream}/{hex}/check`: the center reads the content again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobChecked {
    /// About the center.
    pub center: Envelope,
    /// Whether it is what its name says; one that is not is gone, and may be handed in again.
    pub good: bool,
}
