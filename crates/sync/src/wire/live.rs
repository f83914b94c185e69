//! What the center says by itself while a laptop listens.

use serde::{Deserialize, Serialize};

/// Content type of the answer to `GET /v1/events`.
pub const TYPE_EVENTS: &str = "text/event-stream";
/// How often a comment says that the connection is alive. Units: milliseconds.
pub const BEAT_MS: u64 = 10_000;

/// One event: a hint, never a value to rely on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Hint {
    /// A stream has new commits.
    Stream {
        /// The stream.
        stream: String,
        /// The number of its newest commit.
        head: u64,
    },
    /// The account's part in a stream is another.
    Member {
        /// The stream.
        stream: String,
        /// Its role from now on; `None` when its membership ended.
        role: Option<String>,
    },
    /// This laptop's access was withdrawn.
    Revoked,
    /// All that is new was said: comes first, and after every other hint.
    Now {
        /// The mark of `GET /v1/me`.
        mark: String,
        /// Names one uninterrupted life of the center's data.
        epoch: String,
    },
    /// Something that this version does not know.
    #[serde(other)]
    Other,
}
