//! The digest of a stream: a hash chain over the ids of its commits in the center's order.
//!
//! Two who name the same number and the same digest hold the same commits in the same order.

use crate::Hash;

/// What precedes a stream's id in the first link of its chain.
pub const PREFIX: &[u8] = b"pidesk-stream-v1\0";

/// The digest of a stream without commits.
pub fn start(stream: &str) -> Hash {
    Hash::of_parts(&[PREFIX, stream.as_bytes()])
}

/// The digest after one more commit: SHA-256 over both tagged texts, one after the other.
pub fn next(digest: &Hash, commit: &Hash) -> Hash {
    Hash::of_parts(&[digest.as_str().as_bytes(), commit.as_str().as_bytes()])
}
