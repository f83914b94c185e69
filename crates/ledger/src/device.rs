//! The key of a device, and what it signs.

use crate::{DeviceId, Hash};
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// What precedes a commit's id in the signed bytes, so that a signature serves no other purpose.
pub const SIGNED_PREFIX: &[u8] = b"pidesk-commit-v1\0";

/// Why a signature or a key was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SignatureError {
    /// The key or signature has an unknown algorithm tag or a wrong length.
    #[error("the key or signature is not of a known form")]
    Form,
    /// The signature does not belong to the key and the id.
    #[error("the signature does not fit")]
    Mismatch,
}

/// The signing key of one device.
#[derive(Clone)]
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// Takes 32 secret random bytes as the key.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey::new(self.0.verifying_key())
    }

    /// The device's id.
    pub fn id(&self) -> DeviceId {
        self.public().device_id()
    }

    /// Signs the id of a commit; the answer is `ed25519:<base64url>`.
    pub fn sign(&self, id: &Hash) -> String {
        self.sign_with_prefix(SIGNED_PREFIX, id.as_str().as_bytes())
    }

    /// Signs bytes for another purpose, named by its own prefix.
    pub fn sign_with_prefix(&self, prefix: &[u8], bytes: &[u8]) -> String {
        let signature = self.0.sign(&[prefix, bytes].concat());
        format!("ed25519:{}", BASE64URL_NOPAD.encode(&signature.to_bytes()))
    }
}

/// The public key of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    key: VerifyingKey,
    /// Worked out once: every commit is held against it.
    id: DeviceId,
}

impl PublicKey {
    fn new(key: VerifyingKey) -> Self {
        let id = Hash::of(key_text(&key).as_bytes()).as_str().to_owned();
        Self { key, id }
    }

    /// Reads `ed25519:<base64url>`.
    ///
    /// # Errors
    /// [`SignatureError::Form`] when the tag, the encoding or the point is wrong.
    pub fn parse(text: &str) -> Result<Self, SignatureError> {
        let digits = text.strip_prefix("ed25519:").ok_or(SignatureError::Form)?;
        let raw = BASE64URL_NOPAD
            .decode(digits.as_bytes())
            .map_err(|_| SignatureError::Form)?;
        let raw: [u8; 32] = raw.try_into().map_err(|_| SignatureError::Form)?;
        VerifyingKey::from_bytes(&raw)
            .map(Self::new)
            .map_err(|_| SignatureError::Form)
    }

    /// The tagged text that [`PublicKey::parse`] reads.
    pub fn to_text(&self) -> String {
        key_text(&self.key)
    }

    /// The device's id: the hash of the tagged text.
    pub fn device_id(&self) -> DeviceId {
        self.id.clone()
    }

    /// Whether a device's id is that of this key.
    pub(crate) fn is_of(&self, dev: &str) -> bool {
        self.id == dev
    }

    /// Checks the signature of a commit id.
    ///
    /// # Errors
    /// [`SignatureError`] when the signature is malformed or does not fit.
    pub fn verify(&self, id: &Hash, signature: &str) -> Result<(), SignatureError> {
        self.verify_with_prefix(SIGNED_PREFIX, id.as_str().as_bytes(), signature)
    }

    /// Checks a signature made by [`DeviceKey::sign_with_prefix`].
    ///
    /// # Errors
    /// As [`PublicKey::verify`].
    pub fn verify_with_prefix(
        &self,
        prefix: &[u8],
        bytes: &[u8],
        signature: &str,
    ) -> Result<(), SignatureError> {
        let digits = signature
            .strip_prefix("ed25519:")
            .ok_or(SignatureError::Form)?;
        let raw = BASE64URL_NOPAD
            .decode(digits.as_bytes())
            .map_err(|_| SignatureError::Form)?;
        let signature = Signature::from_slice(&raw).map_err(|_| SignatureError::Form)?;
        self.key
            .verify_strict(&[prefix, bytes].concat(), &signature)
            .map_err(|_| SignatureError::Mismatch)
    }
}

fn key_text(key: &VerifyingKey) -> String {
    format!("ed25519:{}", BASE64URL_NOPAD.encode(key.as_bytes()))
}
