//! How a commit travels: the commit's bytes, its signature and its detachable payloads.

use crate::{Commit, CommitError, DeviceKey, Hash, OpValue, PublicKey, SignatureError, canonical};
use serde_json::Value;

/// Why bytes are not a frame, or a frame is not to be believed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FrameError {
    /// The bytes end early or a length is out of bounds.
    #[error("the frame is cut off or malformed")]
    Form,
    /// The commit inside is not one.
    #[error("the frame's commit cannot be read")]
    Commit(#[source] CommitError),
    /// The signature or the key does not fit.
    #[error("the frame's signature is refused")]
    Signature(#[source] SignatureError),
    /// The device id is not the hash of the key.
    #[error("the commit's device is not the owner of the key")]
    Device,
    /// A payload does not have the hash that the commit names, or belongs to nothing.
    #[error("a payload does not fit its commit")]
    Payload,
}

/// Where a payload belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PayloadPlace {
    /// The value of the operation at this index.
    Op(u32),
    /// The reason in words.
    Why,
}

/// A value that travels apart, so that it can be redacted without breaking the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Payload {
    /// Where it belongs.
    pub place: PayloadPlace,
    /// 16 random bytes, in hex.
    pub salt: String,
    /// The value.
    pub value: Value,
}

impl Payload {
    /// The salted hash that the commit carries.
    pub fn hash(salt: &str, value: &Value) -> Option<Hash> {
        let bytes = canonical::to_bytes(value).ok()?;
        Some(Hash::of_parts(&[salt.as_bytes(), &bytes]))
    }

    fn to_json(&self) -> Value {
        let place = match self.place {
            PayloadPlace::Op(idx) => Value::from(idx),
            PayloadPlace::Why => Value::from("why"),
        };
        serde_json::json!({"i": place, "s": self.salt, "v": self.value})
    }

    fn from_json(value: &Value) -> Option<Self> {
        let place = match value.get("i")? {
            Value::String(text) if text == "why" => PayloadPlace::Why,
            number => PayloadPlace::Op(u32::try_from(number.as_u64()?).ok()?),
        };
        let salt = value.get("s")?.as_str()?.to_owned();
        Some(Self { place, salt, value: value.get("v")?.clone() })
    }
}

/// A commit with everything that travels with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The canonical bytes of the commit, as signed.
    pub commit: Vec<u8>,
    /// The signature, `ed25519:<base64url>`.
    pub sig: String,
    /// The detachable values; one that is missing was redacted.
    pub payloads: Vec<Payload>,
}

impl Frame {
    /// Signs a commit.
    ///
    /// # Errors
    /// [`FrameError::Commit`] when the commit has no valid bytes.
    pub fn seal(
        commit: &Commit,
        payloads: Vec<Payload>,
        key: &DeviceKey,
    ) -> Result<Self, FrameError> {
        let bytes = commit.to_bytes().map_err(FrameError::Commit)?;
        let sig = key.sign(&Commit::id_of(&bytes));
        Ok(Self { commit: bytes, sig, payloads })
    }

    /// The commit's id.
    pub fn id(&self) -> Hash {
        Commit::id_of(&self.commit)
    }

    /// Reads the commit.
    ///
    /// # Errors
    /// [`FrameError::Commit`] when it is not one.
    pub fn parse_commit(&self) -> Result<Commit, FrameError> {
        Commit::parse(&self.commit).map_err(FrameError::Commit)
    }

    /// Checks the device, the signature and every payload that is present.
    ///
    /// # Errors
    /// [`FrameError`] names the first thing that does not fit.
    pub fn verify(&self, commit: &Commit, key: &PublicKey) -> Result<(), FrameError> {
        if key.device_id() != commit.dev {
            return Err(FrameError::Device);
        }
        key.verify(&self.id(), &self.sig).map_err(FrameError::Signature)?;
        let mut last = None;
        for payload in &self.payloads {
            // Strictly rising places: none twice.
            if last.is_some_and(|last| last >= payload.place) {
                return Err(FrameError::Payload);
            }
            last = Some(payload.place);
            let named = match payload.place {
                PayloadPlace::Why => commit.why.as_ref().and_then(|why| why.text.as_ref()),
                PayloadPlace::Op(idx) => match commit.ops.get(idx as usize).map(|op| &op.v) {
                    Some(OpValue::Hidden(hash)) => Some(hash),
                    _ => None,
                },
            };
            if named.is_none() || named != Payload::hash(&payload.salt, &payload.value).as_ref() {
                return Err(FrameError::Payload);
            }
        }
        Ok(())
    }

    /// The bytes on the wire: every part with its length as 4 bytes, most significant first.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.commit.len() + 256);
        put(&mut out, &self.commit);
        put(&mut out, self.sig.as_bytes());
        out.extend_from_slice(&length(self.payloads.len()));
        for payload in &self.payloads {
            let bytes = canonical::to_bytes(&payload.to_json()).unwrap_or_default();
            put(&mut out, &bytes);
        }
        out
    }

    /// Reads one frame from the front of the bytes and says how many it took.
    ///
    /// # Errors
    /// [`FrameError::Form`] when the bytes end early or a part is malformed.
    pub fn decode(bytes: &[u8]) -> Result<(Self, usize), FrameError> {
        let mut rest = bytes;
        let commit = take(&mut rest)?.to_vec();
        let sig = String::from_utf8(take(&mut rest)?.to_vec()).map_err(|_| FrameError::Form)?;
        let n = take_length(&mut rest)?;
        if n > crate::OPS_MAX + 1 {
            return Err(FrameError::Form);
        }
        let mut payloads = Vec::new();
        for _ in 0..n {
            let value = serde_json::from_slice(take(&mut rest)?).map_err(|_| FrameError::Form)?;
            payloads.push(Payload::from_json(&value).ok_or(FrameError::Form)?);
        }
        Ok((Self { commit, sig, payloads }, bytes.len() - rest.len()))
    }

    /// Reads frames until the bytes end.
    ///
    /// # Errors
    /// As [`Frame::decode`]; a frame that is cut off spoils the whole.
    pub fn decode_all(mut bytes: &[u8]) -> Result<Vec<Self>, FrameError> {
        let mut frames = Vec::new();
        while !bytes.is_empty() {
            let (frame, used) = Self::decode(bytes)?;
            bytes = bytes.get(used..).ok_or(FrameError::Form)?;
            frames.push(frame);
        }
        Ok(frames)
    }
}

fn length(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(u32::MAX).to_be_bytes()
}

fn put(out: &mut Vec<u8>, part: &[u8]) {
    out.extend_from_slice(&length(part.len()));
    out.extend_from_slice(part);
}

fn take_length(rest: &mut &[u8]) -> Result<usize, FrameError> {
    let (head, tail) = rest.split_first_chunk::<4>().ok_or(FrameError::Form)?;
    *rest = tail;
    Ok(u32::from_be_bytes(*head) as usize)
}

fn take<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], FrameError> {
    let n = take_length(rest)?;
    if n > rest.len() {
        return Err(FrameError::Form);
    }
    let (part, tail) = rest.split_at(n);
    *rest = tail;
    Ok(part)
}
