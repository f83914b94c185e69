//! What one person saved at one moment.

use crate::read::{Part, read};
use crate::{COMMIT_BYTES_MAX, DeviceId, Hash, OPS_MAX, Op, OpId, PublicKey, canonical};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};

/// Why bytes are not a commit.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum CommitError {
    /// The commit is larger than [`COMMIT_BYTES_MAX`] or has more than [`OPS_MAX`] operations.
    #[error("the commit is too large")]
    TooLarge,
    /// The bytes are not JSON.
    #[error("the commit is not JSON")]
    NotJson,
    /// The bytes are JSON but not in canonical form.
    #[error("the commit is not in canonical form")]
    NotCanonical,
    /// A required key is missing or has a wrong type.
    #[error("the commit's `{0}` is missing or malformed")]
    Key(&'static str),
    /// An operation is malformed; the place in the commit and the key.
    #[error("operation {0} of the commit: its `{1}` is missing or malformed")]
    Op(usize, &'static str),
    /// An unknown key has the name of a known one.
    #[error("the commit would be read differently from how it was written")]
    Ambiguous,
    /// The log grammar is newer than this version reads.
    #[error("the commit has log grammar {0}, this version reads 1")]
    Grammar(i64),
}

/// Why a change was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// A coded reason.
    pub code: Option<String>,
    /// The salted hash of the reason in words; the words travel as a payload.
    pub text: Option<Hash>,
}

/// Where imported values came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What was read, for example `ctgov`.
    pub kind: String,
    /// The record's own number, for example a registry number.
    pub id: String,
    /// The record's own version, for example the date of its last update.
    pub version: String,
    /// The hash of the bytes that were read.
    pub hash: Hash,
}

/// A commit: 1 to [`OPS_MAX`] operations, atomic, signed as a whole.
///
/// Time: `at` is UTC with milliseconds, `tz_minutes` the offset at the device; evidence, never order.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// The stream, unit of order and access.
    pub stream: String,
    /// The device that signed.
    pub dev: DeviceId,
    /// The device's public key; present in its first commit of a stream.
    pub key: Option<String>,
    /// Number among this device's commits of the stream, from 1.
    pub seq: u64,
    /// Id of this device's previous commit in the stream; `None` for the first.
    pub prev: Option<Hash>,
    /// Newest number seen of other devices since the own previous commit.
    pub deps: BTreeMap<DeviceId, u64>,
    /// Lamport number; decides only which value is displayed first.
    pub lam: u64,
    /// Device time, UTC, RFC 3339 with milliseconds.
    pub at: String,
    /// Offset of local time from UTC. Units: minutes.
    pub tz_minutes: i64,
    /// Known error of the device's clock against the server. Units: milliseconds.
    pub skew_ms: Option<i64>,
    /// The person.
    pub by: String,
    /// The person's role when saving.
    pub role: Option<String>,
    /// The program's version.
    pub app: String,
    /// The version of the field table that the program wrote with.
    pub schema: i64,
    /// The reason, where one was given.
    pub why: Option<Why>,
    /// The imported record, where there is one.
    pub src: Option<Source>,
    /// The commit that this one issues again under a new device identity.
    pub re: Option<Hash>,
    /// A quarantined commit that this one adopts.
    pub adopts: Option<Hash>,
    /// The changes.
    pub ops: Vec<Op>,
    /// Keys that this version does not know; kept.
    pub extra: Map<String, Value>,
}

impl Commit {
    /// The canonical bytes.
    ///
    /// Invariant: what is written can be read and reads the same, so no device can save a commit
    /// that others refuse.
    ///
    /// # Errors
    /// [`CommitError`] when the commit breaks any rule that [`Commit::parse`] checks.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CommitError> {
        if self.ops.len() > OPS_MAX {
            return Err(CommitError::TooLarge);
        }
        let bytes = canonical::to_bytes(&self.to_json()).map_err(|_| CommitError::NotCanonical)?;
        if Self::parse(&bytes)? == *self {
            Ok(bytes)
        } else {
            Err(CommitError::Ambiguous)
        }
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// [`CommitError`] says what is wrong; nothing is guessed.
    pub fn parse(bytes: &[u8]) -> Result<Self, CommitError> {
        if bytes.len() > COMMIT_BYTES_MAX {
            return Err(CommitError::TooLarge);
        }
        let Some(part) = read(bytes) else {
            let is_json = serde_json::from_slice::<Value>(bytes).is_ok();
            return Err(match is_json {
                true => CommitError::NotCanonical,
                false => CommitError::NotJson,
            });
        };
        let Part::Object(object) = part else {
            return Err(CommitError::NotJson);
        };
        let commit = Self::from_json(object)?;
        commit.check()?;
        Ok(commit)
    }

    /// The device's public key, where the commit carries it.
    pub fn public_key(&self) -> Option<PublicKey> {
        self.key
            .as_deref()
            .and_then(|key| PublicKey::parse(key).ok())
    }

    /// The id: the hash of the canonical bytes.
    pub fn id_of(bytes: &[u8]) -> Hash {
        Hash::of(bytes)
    }

    /// The id of the operation at a place of this commit.
    pub fn op_id(&self, idx: usize) -> OpId {
        OpId {
            dev: self.dev.clone(),
            seq: self.seq,
            idx: u32::try_from(idx).unwrap_or(u32::MAX),
        }
    }

    /// Checks the rules that tie the keys together.
    fn check(&self) -> Result<(), CommitError> {
        if !Hash::is_one(&self.dev) {
            return Err(CommitError::Key("dev"));
        }
        if self.seq == 0 {
            return Err(CommitError::Key("seq"));
        }
        if (self.seq == 1) != self.prev.is_none() {
            return Err(CommitError::Key("prev"));
        }
        if self.lam == 0 {
            return Err(CommitError::Key("lam"));
        }
        let fits = self
            .public_key()
            .is_some_and(|key| key.device_id() == self.dev);
        if !fits && (self.seq == 1 || self.key.is_some()) {
            return Err(CommitError::Key("key"));
        }
        let dep_is_fine =
            |(dev, seq): (&String, &u64)| *dev != self.dev && *seq > 0 && Hash::is_one(dev);
        if !self.deps.iter().all(dep_is_fine) {
            return Err(CommitError::Key("deps"));
        }
        self.check_ops()
    }

    fn check_ops(&self) -> Result<(), CommitError> {
        let mut fields = HashSet::with_capacity(self.ops.len());
        let mut own = self.op_id(0);
        for (idx, op) in self.ops.iter().enumerate() {
            own.idx = u32::try_from(idx).unwrap_or(u32::MAX);
            op.check_references(&own)
                .map_err(|key| CommitError::Op(idx, key))?;
            // One moment gives one field one value.
            if !fields.insert((&op.e, &op.f)) {
                return Err(CommitError::Op(idx, "f"));
            }
        }
        Ok(())
    }
}
