//! How a commit travels: the commit's bytes, its signature and its detachable payloads.

use crate::{
    COMMIT_BYTES_MAX, Commit, CommitError, DeviceId, DeviceKey, FRAME_BYTES_MAX, Hash, OPS_MAX,
    Payload, PublicKey, SignatureError, canonical,
};

/// Longest signature that is read; an `ed25519:` one has 94. Units: bytes.
const SIG_BYTES_MAX: usize = 400;

/// Why bytes are not a frame, or a frame is not to be believed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FrameError {
    /// The bytes end early or a length is out of bounds.
    #[error("the frame is cut off or malformed")]
    Form,
    /// The frame is larger than [`FRAME_BYTES_MAX`].
    #[error("the frame is too large")]
    TooLarge,
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

/// A commit with everything that travels with it.
#[derive(Clone, PartialEq)]
pub struct Frame {
    /// The canonical bytes of the commit, as signed.
    pub commit: Vec<u8>,
    /// The signature, `ed25519:<base64url>`.
    pub sig: String,
    /// The detachable values; one that is missing was redacted.
    pub payloads: Vec<Payload>,
}

/// The keys of a commit that say which one it is.
#[derive(serde::Deserialize)]
struct Place {
    dev: DeviceId,
    seq: u64,
}

/// Shows the id and no content.
impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("Frame");
        out.field("id", &self.id())
            .field("n_payloads", &self.payloads.len());
        out.finish_non_exhaustive()
    }
}

impl Frame {
    /// Signs a commit; the payloads may come in any order.
    ///
    /// # Errors
    /// [`FrameError::Commit`] when the commit breaks a rule, [`FrameError::Device`] when it names
    /// another device, [`FrameError::Payload`] when a payload does not fit,
    /// [`FrameError::TooLarge`] when all of it is too large to travel.
    pub fn seal(
        commit: &Commit,
        mut payloads: Vec<Payload>,
        key: &DeviceKey,
    ) -> Result<Self, FrameError> {
        let bytes = commit.to_bytes().map_err(FrameError::Commit)?;
        let id = Commit::id_of(&bytes);
        if key.id() != commit.dev {
            return Err(FrameError::Device);
        }
        payloads.sort_by_key(|payload| payload.place);
        let frame = Self {
            commit: bytes,
            sig: key.sign(&id),
            payloads,
        };
        frame.check_payloads(commit)?;
        if frame.encode().len() > FRAME_BYTES_MAX {
            return Err(FrameError::TooLarge);
        }
        Ok(frame)
    }

    /// The commit's id.
    pub fn id(&self) -> Hash {
        Commit::id_of(&self.commit)
    }

    /// Whose commit it is and which of hers, without reading or checking the rest.
    pub fn place(&self) -> Option<(DeviceId, u64)> {
        let Place { dev, seq } = serde_json::from_slice(&self.commit).ok()?;
        Some((dev, seq))
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
    /// The commit must be the one that [`Frame::parse_commit`] gave.
    ///
    /// # Errors
    /// [`FrameError`] names the first thing that does not fit.
    pub fn verify(&self, commit: &Commit, key: &PublicKey) -> Result<(), FrameError> {
        self.verify_as((commit, &self.id()), key)
    }

    /// As [`Frame::verify`], for whoever worked out the commit's id already.
    ///
    /// # Errors
    /// As [`Frame::verify`].
    pub fn verify_as(
        &self,
        (commit, id): (&Commit, &Hash),
        key: &PublicKey,
    ) -> Result<(), FrameError> {
        if !key.is_of(&commit.dev) {
            return Err(FrameError::Device);
        }
        key.verify(id, &self.sig).map_err(FrameError::Signature)?;
        self.check_payloads(commit)
    }

    fn check_payloads(&self, commit: &Commit) -> Result<(), FrameError> {
        // Strictly rising places: none twice.
        let is_rising = self.payloads.is_sorted_by(|a, b| a.place < b.place);
        let all_fit = self.payloads.iter().all(|payload| payload.fits(commit));
        if is_rising && all_fit {
            Ok(())
        } else {
            Err(FrameError::Payload)
        }
    }

    /// The bytes on the wire: every part with its length as 4 bytes, most significant first.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.commit.len() + 256);
        self.encode_to(&mut out);
        out
    }

    /// Writes the bytes on the wire behind what is there.
    pub fn encode_to(&self, out: &mut Vec<u8>) {
        put(out, &self.commit);
        put(out, self.sig.as_bytes());
        out.extend_from_slice(&length(self.payloads.len()));
        for payload in &self.payloads {
            let bytes = canonical::to_bytes(&payload.to_json()).unwrap_or_default();
            put(out, &bytes);
        }
    }

    /// Reads one frame from the front of the bytes and says how many it took.
    ///
    /// # Errors
    /// [`FrameError::Form`] when the bytes end early or a part is malformed,
    /// [`FrameError::TooLarge`] when a part or the whole is over its limit.
    pub fn decode(bytes: &[u8]) -> Result<(Self, usize), FrameError> {
        let mut rest = bytes;
        let commit = take(&mut rest, COMMIT_BYTES_MAX)?.to_vec();
        let sig = take(&mut rest, SIG_BYTES_MAX)?.to_vec();
        let sig = String::from_utf8(sig).map_err(|_| FrameError::Form)?;
        let n = take_length(&mut rest)?;
        if n > OPS_MAX + 1 {
            return Err(FrameError::Form);
        }
        let mut payloads = Vec::new();
        for _ in 0..n {
            let part = take(&mut rest, FRAME_BYTES_MAX)?;
            if bytes.len() - rest.len() > FRAME_BYTES_MAX {
                return Err(FrameError::TooLarge);
            }
            payloads.push(Payload::parse(part).ok_or(FrameError::Form)?);
        }
        Ok((
            Self {
                commit,
                sig,
                payloads,
            },
            bytes.len() - rest.len(),
        ))
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

fn take<'a>(rest: &mut &'a [u8], n_max: usize) -> Result<&'a [u8], FrameError> {
    let n = take_length(rest)?;
    if n > n_max {
        return Err(FrameError::TooLarge);
    }
    let (part, tail) = rest.split_at_checked(n).ok_or(FrameError::Form)?;
    *rest = tail;
    Ok(part)
}
