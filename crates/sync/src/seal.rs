//! The center's signature of an answer: it binds the answer to the request and to the center.
//!
//! It stands beside TLS, not instead of it: a cache, a re-writing proxy or another program on the
//! same port is recognised on plain loopback connections, too.

use ledger::{DeviceKey, Hash, PublicKey, SignatureError};

/// What precedes the signed text, so that the signature serves no other purpose.
pub const PREFIX: &[u8] = b"pidesk-answer-v1\0";
/// What precedes the signed text of an event.
pub const EVENT_PREFIX: &[u8] = b"pidesk-event-v1\0";
/// Shortest and longest nonce of a request. Units: bytes.
pub const NONCE_BYTES: std::ops::RangeInclusive<usize> = 16..=64;

/// What is signed: four lines.
fn text(nonce: &str, status: u16, content_type: &str, body: &[u8]) -> String {
    format!("{nonce}\n{status}\n{content_type}\n{}", Hash::of(body))
}

/// Signs an answer.
pub fn sign(key: &DeviceKey, nonce: &str, status: u16, content_type: &str, body: &[u8]) -> String {
    key.sign_with_prefix(PREFIX, text(nonce, status, content_type, body).as_bytes())
}

/// Checks an answer's signature.
///
/// # Errors
/// [`SignatureError`] when it is malformed or does not fit.
pub fn verify(
    key: &PublicKey,
    seal: &str,
    nonce: &str,
    (status, content_type, body): (u16, &str, &[u8]),
) -> Result<(), SignatureError> {
    key.verify_with_prefix(
        PREFIX,
        text(nonce, status, content_type, body).as_bytes(),
        seal,
    )
}

/// What is signed of an event: three lines.
fn event_text(nonce: &str, n: u64, data: &str) -> String {
    format!("{nonce}\n{n}\n{}", Hash::of(data.as_bytes()))
}

/// Signs the event of a number in the answer to a request.
pub fn sign_event(key: &DeviceKey, nonce: &str, n: u64, data: &str) -> String {
    key.sign_with_prefix(EVENT_PREFIX, event_text(nonce, n, data).as_bytes())
}

/// Checks an event's signature.
///
/// # Errors
/// [`SignatureError`] when it is malformed or does not fit.
pub fn verify_event(
    key: &PublicKey,
    seal: &str,
    nonce: &str,
    (n, data): (u64, &str),
) -> Result<(), SignatureError> {
    key.verify_with_prefix(EVENT_PREFIX, event_text(nonce, n, data).as_bytes(), seal)
}

/// Tells whether a text may be a nonce: letters and digits, of a fixed range of lengths.
pub fn is_nonce(text: &str) -> bool {
    NONCE_BYTES.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}
