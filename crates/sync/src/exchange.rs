//! One request and its answer, and how the answer is known to be the center's.
//!
//! The order of the checks matters: what does not speak the protocol is the network's own page and
//! counts as offline, whatever its status; what speaks it under another key is not the center;
//! what does not carry this request's nonce under the center's signature was altered on the way.

use crate::Surroundings;
use crate::pin::Pin;
use crate::seal;
use crate::transport::{Offline, Request, Response, Transport};
use crate::wire::{
    HEADER_APP, HEADER_KEY, HEADER_NONCE, HEADER_PROTOCOL, HEADER_SEAL, PROTOCOL, Problem, Refusal,
    TYPE_BYTES, TYPE_FRAMES, TYPE_JSON,
};
use data_encoding::HEXLOWER;
use ledger::PublicKey;
use serde::{Serialize, de::DeserializeOwned};

/// How long an ordinary request may take until its answer begins. Units: milliseconds.
pub const TIMEOUT_MS: u64 = 30_000;
/// The slowest network that a large request is given time for. Units: bytes per millisecond.
const SLOWEST: u64 = 4;

/// Why there is no answer to use.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Failure {
    /// No answer came.
    #[error("no answer came")]
    Offline(#[source] Offline),
    /// Something that does not speak the protocol answered.
    #[error("something else than the center answered")]
    Portal,
    /// The answer has another center's key.
    #[error("the answer comes from another center")]
    Pin,
    /// The answer is not the one that was sent, or belongs to another request.
    #[error("the answer was altered on the way")]
    Garbled,
    /// The center's answer cannot be read or contradicts itself.
    #[error("the center's answer makes no sense")]
    Nonsense,
    /// The center speaks another version of the protocol.
    #[error("the center speaks another version")]
    Upgrade,
    /// The center refused.
    #[error("the center refused")]
    Refused(Problem),
}

/// A call to the center.
pub struct Call<'a> {
    /// Path and query, from `/v1`.
    pub path: String,
    /// The body of a `POST`; `None` for a `GET`.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// What authorises it, where something does.
    pub token: Option<&'a str>,
    /// How long it may take until the answer begins. Units: milliseconds.
    pub timeout_ms: u64,
}

impl<'a> Call<'a> {
    /// A `GET`.
    pub fn get(path: String, token: &'a str) -> Self {
        Self {
            path,
            body: None,
            token: Some(token),
            timeout_ms: TIMEOUT_MS,
        }
    }

    /// A `POST` of frames.
    pub fn post_frames(path: String, token: &'a str, body: Vec<u8>) -> Self {
        Self::post_large(path, token, (TYPE_FRAMES, body))
    }

    /// A `POST` of a piece of a file.
    pub fn post_bytes(path: String, token: &'a str, body: Vec<u8>) -> Self {
        Self::post_large(path, token, (TYPE_BYTES, body))
    }

    fn post_large(path: String, token: &'a str, body: (&'static str, Vec<u8>)) -> Self {
        let timeout_ms = TIMEOUT_MS + body.1.len() as u64 / SLOWEST;
        Self {
            path,
            body: Some(body),
            token: Some(token),
            timeout_ms,
        }
    }

    /// A `POST` of a message without a token.
    pub fn post<M: Serialize>(path: &str, message: &M) -> Self {
        let body = serde_json::to_vec(message).unwrap_or_default();
        let body = Some((TYPE_JSON, body));
        Self {
            path: path.to_owned(),
            body,
            token: None,
            timeout_ms: TIMEOUT_MS,
        }
    }

    /// The same with what authorises it.
    pub fn with_token(mut self, token: &'a str) -> Self {
        self.token = Some(token);
        self
    }
}

/// An answer that is the center's.
pub struct Answer {
    /// Its content type.
    pub content_type: String,
    /// Its body.
    pub body: Vec<u8>,
    /// The key that signed it.
    pub key: PublicKey,
}

impl Answer {
    /// Reads the body as a message.
    ///
    /// # Errors
    /// [`Failure::Nonsense`] when it is none.
    pub fn message<M: DeserializeOwned>(&self) -> Result<M, Failure> {
        if self.content_type != TYPE_JSON {
            return Err(Failure::Nonsense);
        }
        serde_json::from_slice(&self.body).map_err(|_| Failure::Nonsense)
    }
}

/// Makes a call and gives the center's answer.
///
/// # Errors
/// [`Failure`] says why there is none.
pub async fn ask<T: Transport>(
    transport: &T,
    pin: &Pin,
    call: Call<'_>,
    around: &dyn Surroundings,
) -> Result<Answer, Failure> {
    let nonce = nonce(around);
    let response =
        transport
            .send(request(call, &nonce))
            .await
            .map_err(|offline| match offline {
                Offline::Pin => Failure::Pin,
                other => Failure::Offline(other),
            })?;
    check(response, pin, &nonce)
}

pub(crate) fn nonce(around: &dyn Surroundings) -> String {
    let mut bytes = [0; 16];
    around.random(&mut bytes);
    HEXLOWER.encode(&bytes)
}

pub(crate) fn request(call: Call<'_>, nonce: &str) -> Request {
    let mut headers = vec![
        (HEADER_PROTOCOL, PROTOCOL.to_string()),
        (HEADER_NONCE, nonce.to_owned()),
        (HEADER_APP, env!("CARGO_PKG_VERSION").to_owned()),
    ];
    // No cache on the way may answer in the center's place.
    headers.push(("cache-control", "no-store".to_owned()));
    if let Some(token) = call.token {
        headers.push(("authorization", format!("Bearer {token}")));
    }
    let (method, body) = match call.body {
        None => ("GET", Vec::new()),
        Some((content_type, body)) => {
            headers.push(("content-type", content_type.to_owned()));
            ("POST", body)
        }
    };
    Request {
        method,
        path: call.path,
        headers,
        body,
        timeout_ms: call.timeout_ms,
    }
}

pub(crate) fn check(response: Response, pin: &Pin, nonce: &str) -> Result<Answer, Failure> {
    let content_type = response.header("content-type").to_owned();
    let protocol = response.header(HEADER_PROTOCOL);
    let is_ours = matches!(content_type.as_str(), TYPE_JSON | TYPE_FRAMES | TYPE_BYTES);
    if protocol.is_empty() || !is_ours {
        return Err(Failure::Portal);
    }
    let key = PublicKey::parse(response.header(HEADER_KEY)).map_err(|_| Failure::Garbled)?;
    if !pin.fits(&key) {
        return Err(Failure::Pin);
    }
    let signed = (
        response.status,
        content_type.as_str(),
        response.body.as_slice(),
    );
    if response.header(HEADER_NONCE) != nonce
        || seal::verify(&key, response.header(HEADER_SEAL), nonce, signed).is_err()
    {
        return Err(Failure::Garbled);
    }
    if protocol != PROTOCOL.to_string() {
        return Err(Failure::Upgrade);
    }
    if response.status == 200 {
        return Ok(Answer {
            content_type,
            body: response.body,
            key,
        });
    }
    let refusal: Refusal = serde_json::from_slice(&response.body).map_err(|_| Failure::Nonsense)?;
    Err(Failure::Refused(refusal.error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::DeviceKey;

    const NONCE: &str = "00112233445566778899aabbccddeeff";

    fn key() -> DeviceKey {
        DeviceKey::from_secret(&[1; 32])
    }

    fn sealed(status: u16, content_type: &str, body: &[u8]) -> Response {
        let headers = [
            ("content-type", content_type.to_owned()),
            (HEADER_PROTOCOL, "1".to_owned()),
            (HEADER_NONCE, NONCE.to_owned()),
            (HEADER_KEY, key().public().to_text()),
            (
                HEADER_SEAL,
                seal::sign(&key(), NONCE, status, content_type, body),
            ),
        ];
        let headers = headers.map(|(n, v)| (n.to_owned(), v)).to_vec();
        Response {
            status,
            headers,
            body: body.to_vec(),
        }
    }

    fn set(mut response: Response, name: &str, value: &str) -> Response {
        response.headers.retain(|(n, _)| n != name);
        response.headers.push((name.to_owned(), value.to_owned()));
        response
    }

    fn outcome(response: Response) -> Result<Vec<u8>, Failure> {
        check(response, &Pin::Key(key().public()), NONCE).map(|answer| answer.body)
    }

    #[test]
    fn the_centers_answer_is_taken() {
        assert_eq!(outcome(sealed(200, TYPE_JSON, b"{}")), Ok(b"{}".to_vec()));
    }

    #[test]
    fn f40_a_page_of_the_network_is_offline() {
        let page = |status, content_type: &str| Response {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: b"<html>Please log in</html>".to_vec(),
        };
        for status in [200, 302, 401, 403, 407, 409, 502, 511] {
            for content_type in ["text/html", "application/json", TYPE_JSON, ""] {
                assert_eq!(
                    outcome(page(status, content_type)),
                    Err(Failure::Portal),
                    "{status}"
                );
            }
        }
        // Headers that a proxy kept from an older answer do not make a page the center's.
        let kept = set(sealed(200, TYPE_JSON, b"{}"), "content-type", "text/html");
        assert_eq!(outcome(kept), Err(Failure::Portal));
    }

    #[test]
    fn f42_an_altered_answer_is_not_taken() {
        let good = || sealed(200, TYPE_JSON, b"{\"a\":1}");
        let mut cut = good();
        cut.body.pop();
        assert_eq!(outcome(cut), Err(Failure::Garbled));
        let mut status = good();
        status.status = 403;
        assert_eq!(outcome(status), Err(Failure::Garbled));
        assert_eq!(
            outcome(set(good(), "content-type", TYPE_FRAMES)),
            Err(Failure::Garbled)
        );
        // A cached answer to an earlier request.
        let old = set(good(), HEADER_NONCE, "ffeeddccbbaa99887766554433221100");
        assert_eq!(outcome(old), Err(Failure::Garbled));
        assert_eq!(outcome(set(good(), HEADER_SEAL, "")), Err(Failure::Garbled));
        assert_eq!(outcome(set(good(), HEADER_KEY, "")), Err(Failure::Garbled));
    }

    #[test]
    fn another_key_is_another_center() {
        let other = DeviceKey::from_secret(&[2; 32]).public().to_text();
        let answer = set(sealed(200, TYPE_JSON, b"{}"), HEADER_KEY, &other);
        assert_eq!(outcome(answer), Err(Failure::Pin));
    }

    #[test]
    fn refusals_carry_their_reason() {
        let body = br#"{"center":{"protocol":1,"epoch":"e","capabilities":[],"now_ms":1},
            "error":{"code":"gap","have":3}}"#;
        let gap = Failure::Refused(Problem::Gap { have: 3 });
        assert_eq!(outcome(sealed(409, TYPE_JSON, body)), Err(gap));
        let newer = String::from_utf8_lossy(body).replace("gap", "moon-phase");
        let other = Failure::Refused(Problem::Other);
        assert_eq!(
            outcome(sealed(409, TYPE_JSON, newer.as_bytes())),
            Err(other)
        );
        assert_eq!(
            outcome(sealed(500, TYPE_JSON, b"oops")),
            Err(Failure::Nonsense)
        );
    }

    #[test]
    fn another_version_is_said_so() {
        assert_eq!(
            outcome(set(sealed(200, TYPE_JSON, b"{}"), HEADER_PROTOCOL, "2")),
            Err(Failure::Upgrade)
        );
    }
}
