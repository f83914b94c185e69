//! The network as the exchange sees it: a request goes out, an answer comes back, or none does.

use std::future::Future;

/// Why no answer came.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Offline {
    /// The address has no reachable host.
    #[error("no connection to the center")]
    Unreachable,
    /// No answer came in time.
    #[error("the center did not answer in time")]
    Timeout,
    /// The connection ended before the answer was complete.
    #[error("the connection broke")]
    Broken,
    /// The answer is larger than any answer may be.
    #[error("the answer is too large")]
    TooLarge,
    /// The other side's certificate does not have the center's key.
    #[error("the other side does not have the center's key")]
    Pin,
}

/// A request.
#[derive(Clone)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query, from `/v1`.
    pub path: String,
    /// Headers by lower-case name.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// How long it may take until an answer begins. Units: milliseconds.
    pub timeout_ms: u64,
}

/// An answer.
#[derive(Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers by lower-case name.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of a header; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, value)| value)
    }
}

/// Carries requests to one center.
pub trait Transport: Send + Sync {
    /// Sends a request and waits for its answer.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, Offline>> + Send;
}
