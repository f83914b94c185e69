//! What one person saved at one moment.

use crate::{COMMIT_BYTES_MAX, DeviceId, Hash, OPS_MAX, Op, OpId, canonical};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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
    /// # Errors
    /// [`CommitError`] when the commit is too large, empty, or holds a value without canonical form.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CommitError> {
        if self.ops.is_empty() {
            return Err(CommitError::Key("ops"));
        }
        let bytes = canonical::to_bytes(&self.to_json()).map_err(|_| CommitError::NotCanonical)?;
        if bytes.len() > COMMIT_BYTES_MAX || self.ops.len() > OPS_MAX {
            return Err(CommitError::TooLarge);
        }
        Ok(bytes)
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// [`CommitError`] says what is wrong; nothing is guessed.
    pub fn parse(bytes: &[u8]) -> Result<Self, CommitError> {
        if bytes.len() > COMMIT_BYTES_MAX {
            return Err(CommitError::TooLarge);
        }
        let value: Value = serde_json::from_slice(bytes).map_err(|_| CommitError::NotJson)?;
        let again = canonical::to_bytes(&value).map_err(|_| CommitError::NotCanonical)?;
        if again != bytes {
            return Err(CommitError::NotCanonical);
        }
        let Value::Object(map) = value else { return Err(CommitError::NotJson) };
        Self::from_json(map)
    }

    /// The id: the hash of the canonical bytes.
    pub fn id_of(bytes: &[u8]) -> Hash {
        Hash::of(bytes)
    }

    /// The id of the operation at a place of this commit.
    pub fn op_id(&self, idx: usize) -> OpId {
        OpId { dev: self.dev.clone(), seq: self.seq, idx: u32::try_from(idx).unwrap_or(u32::MAX) }
    }

    fn to_json(&self) -> Value {
        let mut map = self.extra.clone();
        let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
        put("v", 1.into());
        put("stream", self.stream.clone().into());
        put("dev", self.dev.clone().into());
        put("seq", self.seq.into());
        put("prev", self.prev.as_ref().map(Hash::as_str).into());
        put("lam", self.lam.into());
        put("at", self.at.clone().into());
        put("tz", self.tz_minutes.into());
        put("by", self.by.clone().into());
        put("app", self.app.clone().into());
        put("schema", self.schema.into());
        put("ops", self.ops.iter().map(Op::to_json).collect());
        if !self.deps.is_empty() {
            let deps = self.deps.iter().map(|(dev, seq)| (dev.clone(), Value::from(*seq)));
            put("deps", Value::Object(deps.collect()));
        }
        if let Some(key) = &self.key {
            put("key", key.clone().into());
        }
        if let Some(skew) = self.skew_ms {
            put("skew", skew.into());
        }
        if let Some(role) = &self.role {
            put("role", role.clone().into());
        }
        if let Some(why) = &self.why {
            let mut reason = Map::new();
            if let Some(code) = &why.code {
                reason.insert("code".into(), code.clone().into());
            }
            if let Some(text) = &why.text {
                reason.insert("vh".into(), text.as_str().into());
            }
            put("why", reason.into());
        }
        if let Some(src) = &self.src {
            put(
                "src",
                serde_json::json!({"kind": src.kind, "id": src.id, "version": src.version,
                    "hash": src.hash.as_str()}),
            );
        }
        if let Some(re) = &self.re {
            put("re", re.as_str().into());
        }
        if let Some(adopts) = &self.adopts {
            put("adopts", adopts.as_str().into());
        }
        Value::Object(map)
    }

    fn from_json(mut map: Map<String, Value>) -> Result<Self, CommitError> {
        let grammar = map.shift_remove("v").and_then(|v| v.as_i64()).ok_or(CommitError::Key("v"))?;
        if grammar != 1 {
            return Err(CommitError::Grammar(grammar));
        }
        let mut keys = Keys(&mut map);
        let commit = Self {
            stream: keys.text("stream")?,
            dev: keys.text("dev")?,
            key: keys.optional_text("key")?,
            seq: keys.natural("seq")?,
            prev: keys.hash_or_null("prev")?,
            deps: keys.deps()?,
            lam: keys.natural("lam")?,
            at: keys.text("at")?,
            tz_minutes: keys.integer("tz")?,
            skew_ms: keys.optional_integer("skew")?,
            by: keys.text("by")?,
            role: keys.optional_text("role")?,
            app: keys.text("app")?,
            schema: keys.integer("schema")?,
            why: keys.why()?,
            src: keys.source()?,
            re: keys.optional_hash("re")?,
            adopts: keys.optional_hash("adopts")?,
            ops: keys.ops()?,
            extra: Map::new(),
        };
        if Hash::parse(&commit.dev).is_none() {
            return Err(CommitError::Key("dev"));
        }
        if commit.seq == 0 || (commit.seq == 1) != commit.prev.is_none() {
            return Err(CommitError::Key("prev"));
        }
        Ok(Self { extra: map, ..commit })
    }
}

/// Takes known keys out of a commit's object; what is left is unknown and kept.
struct Keys<'a>(&'a mut Map<String, Value>);

impl Keys<'_> {
    fn optional_text(&mut self, key: &'static str) -> Result<Option<String>, CommitError> {
        match self.0.shift_remove(key) {
            None => Ok(None),
            Some(Value::String(text)) if text.len() <= 400 => Ok(Some(text)),
            Some(_) => Err(CommitError::Key(key)),
        }
    }

    fn text(&mut self, key: &'static str) -> Result<String, CommitError> {
        self.optional_text(key)?.ok_or(CommitError::Key(key))
    }

    fn optional_integer(&mut self, key: &'static str) -> Result<Option<i64>, CommitError> {
        match self.0.shift_remove(key) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or(CommitError::Key(key)),
        }
    }

    fn integer(&mut self, key: &'static str) -> Result<i64, CommitError> {
        self.optional_integer(key)?.ok_or(CommitError::Key(key))
    }

    fn natural(&mut self, key: &'static str) -> Result<u64, CommitError> {
        u64::try_from(self.integer(key)?).map_err(|_| CommitError::Key(key))
    }

    fn optional_hash(&mut self, key: &'static str) -> Result<Option<Hash>, CommitError> {
        match self.optional_text(key)? {
            None => Ok(None),
            Some(text) => Hash::parse(&text).map(Some).ok_or(CommitError::Key(key)),
        }
    }

    fn hash_or_null(&mut self, key: &'static str) -> Result<Option<Hash>, CommitError> {
        if self.0.get(key) == Some(&Value::Null) {
            self.0.shift_remove(key);
            return Ok(None);
        }
        self.optional_hash(key)?.map(Some).ok_or(CommitError::Key(key))
    }

    fn deps(&mut self) -> Result<BTreeMap<DeviceId, u64>, CommitError> {
        let error = CommitError::Key("deps");
        match self.0.shift_remove("deps") {
            None => Ok(BTreeMap::new()),
            Some(Value::Object(map)) => map
                .into_iter()
                .map(|(dev, seq)| Some((dev, seq.as_u64()?)))
                .collect::<Option<_>>()
                .ok_or(error),
            Some(_) => Err(error),
        }
    }

    fn why(&mut self) -> Result<Option<Why>, CommitError> {
        let error = CommitError::Key("why");
        match self.0.shift_remove("why") {
            None => Ok(None),
            Some(Value::Object(mut map)) => {
                let mut keys = Keys(&mut map);
                let code = keys.optional_text("code").map_err(|_| error.clone())?;
                let text = keys.optional_hash("vh").map_err(|_| error)?;
                Ok(Some(Why { code, text }))
            }
            Some(_) => Err(error),
        }
    }

    fn source(&mut self) -> Result<Option<Source>, CommitError> {
        let error = CommitError::Key("src");
        match self.0.shift_remove("src") {
            None => Ok(None),
            Some(Value::Object(mut map)) => {
                let mut keys = Keys(&mut map);
                let mut text = |key| keys.text(key).map_err(|_| error.clone());
                let (kind, id, version) = (text("kind")?, text("id")?, text("version")?);
                let hash = Hash::parse(&text("hash")?).ok_or(error)?;
                Ok(Some(Source { kind, id, version, hash }))
            }
            Some(_) => Err(error),
        }
    }

    fn ops(&mut self) -> Result<Vec<Op>, CommitError> {
        let Some(Value::Array(items)) = self.0.shift_remove("ops") else {
            return Err(CommitError::Key("ops"));
        };
        if items.is_empty() {
            return Err(CommitError::Key("ops"));
        }
        if items.len() > OPS_MAX {
            return Err(CommitError::TooLarge);
        }
        items
            .into_iter()
            .map(|item| Op::from_json(item).ok_or(CommitError::Key("ops")))
            .collect()
    }
}
