//! Secrets in memory, and sealing bytes with them.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::env::Env;

/// Thirty-two secret bytes; wiped when dropped, never shown.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; 32]>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// A fresh random secret.
    pub fn random(env: &Env) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        env.entropy.fill(&mut bytes[..]);
        Self(bytes)
    }

    /// A secret from exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let array: [u8; 32] = bytes.try_into().ok()?;
        Some(Self(Zeroizing::new(array)))
    }

    /// The bytes themselves.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Another secret for one purpose, from which this one cannot be computed.
    ///
    /// Source: RFC 5869 (HKDF with SHA-256).
    pub fn derive(&self, salt: &[u8], purpose: &[u8]) -> Self {
        derive(&self.0[..], salt, purpose)
    }
}

/// A secret from strong material of any length.
///
/// Source: RFC 5869 (HKDF with SHA-256).
pub(crate) fn derive(material: &[u8], salt: &[u8], purpose: &[u8]) -> Secret {
    let mut out = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), material)
        .expand(purpose, &mut out[..])
        .expect("32 bytes are within the length that HKDF gives");
    Secret(out)
}

/// A keyed fingerprint of bytes: equal only for the same secret and the same bytes.
pub(crate) fn fingerprint(secret: &Secret, bytes: &[u8]) -> [u8; 32] {
    let digest = Sha256::digest(bytes);
    *secret.derive(b"pidesk-fingerprint-v1", &digest).bytes()
}

/// Encrypts and authenticates; `context` is authenticated too and must be given again to open.
pub(crate) fn seal(secret: &Secret, nonce: [u8; 24], context: &[u8], plain: &[u8]) -> Vec<u8> {
    cipher(secret)
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: plain,
                aad: context,
            },
        )
        .expect("a short text is within the length that the cipher takes")
}

/// Opens what [`seal`] made; nothing when the secret, the context or a bit differs.
pub(crate) fn unseal(
    secret: &Secret,
    nonce: [u8; 24],
    context: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    cipher(secret)
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: sealed,
                aad: context,
            },
        )
        .ok()
        .map(Zeroizing::new)
}

fn cipher(secret: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(secret.bytes().into())
}
