//! A hash that carries its algorithm.

use sha2::{Digest, Sha256};

/// A tagged hash, `sha256:<64 lower-case hex digits>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(String);

impl Hash {
    /// Hashes bytes with SHA-256.
    pub fn of(bytes: &[u8]) -> Self {
        Self::of_parts(&[bytes])
    }

    /// Hashes the concatenation of the parts with SHA-256.
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        let mut text = String::with_capacity(71);
        text.push_str("sha256:");
        data_encoding::HEXLOWER.encode_append(&hasher.finalize(), &mut text);
        Self(text)
    }

    /// Reads a tagged hash; `None` when the tag is unknown or the digits are not 64 hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        Self::is_one(text).then(|| Self(text.to_owned()))
    }

    /// Whether a text is a tagged hash.
    pub(crate) fn is_one(text: &str) -> bool {
        text.strip_prefix("sha256:").is_some_and(|digits| {
            let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
            digits.len() == 64 && digits.bytes().all(is_digit)
        })
    }

    /// The tagged text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
