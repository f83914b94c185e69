//! What a center signs when it has taken a commit: which one, as which, and when.
//!
//! The order of commits is the center's word. Signed, that word can be shown to others: a version
//! that a committee approved was at the center at that time, and cannot be replaced later.

use crate::canonical;
use crate::device::{DeviceKey, PublicKey, SignatureError};
use crate::hash::Hash;
use serde_json::json;

/// Source: docs/sync-protocol.md, section 14.
const PREFIX: &[u8] = b"pidesk-receipt-v1\0";

/// A center's word for one commit.
#[derive(Clone, Copy, Debug)]
pub struct Receipt<'a> {
    /// The stream.
    pub stream: &'a str,
    /// The commit's id.
    pub commit: &'a Hash,
    /// The center's number of it in the stream.
    pub sseq: u64,
    /// Time: receipt at the center, UTC, RFC 3339, as the center wrote it.
    pub received_at: &'a str,
}

impl Receipt<'_> {
    /// The center's signature.
    pub fn sign(&self, key: &DeviceKey) -> String {
        key.sign_with_prefix(PREFIX, &self.bytes())
    }

    /// Checks a center's signature.
    ///
    /// # Errors
    /// [`SignatureError`] when it is malformed or does not fit.
    pub fn verify(&self, key: &PublicKey, signature: &str) -> Result<(), SignatureError> {
        key.verify_with_prefix(PREFIX, &self.bytes(), signature)
    }

    fn bytes(&self) -> Vec<u8> {
        let said = json!({
            "commit": self.commit.as_str(),
            "received_at": self.received_at,
            "sseq": self.sseq,
            "stream": self.stream,
        });
        canonical::to_text(&said).unwrap_or_default().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_number_time_stream_or_commit_does_not_fit() {
        let key = DeviceKey::from_secret(&[7; 32]);
        let (id, other) = (Hash::of(b"one"), Hash::of(b"two"));
        let receipt = Receipt {
            stream: "s",
            commit: &id,
            sseq: 4,
            received_at: "2026-11-26T00:00:00.000Z",
        };
        let sig = receipt.sign(&key);
        assert_eq!(receipt.verify(&key.public(), &sig), Ok(()));
        for wrong in [
            Receipt { sseq: 5, ..receipt },
            Receipt {
                stream: "t",
                ..receipt
            },
            Receipt {
                commit: &other,
                ..receipt
            },
            Receipt {
                received_at: "2026-11-26T00:00:01.000Z",
                ..receipt
            },
        ] {
            let said = wrong.verify(&key.public(), &sig);
            assert_eq!(said, Err(SignatureError::Mismatch));
        }
        let stranger = DeviceKey::from_secret(&[8; 32]).public();
        assert_eq!(
            receipt.verify(&stranger, &sig),
            Err(SignatureError::Mismatch)
        );
    }
}
