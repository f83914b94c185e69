//! What every request passes: protocol, pace, token, size; and the seal that every answer gets.

use crate::blob;
use crate::limits::{KNOWN, UNKNOWN};
use crate::serve::{Center, Peer};
use crate::store::{Session, Store};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use ledger::Hash;
use std::sync::Arc;
use std::time::Duration;
use sync::body::BODY_BYTES_MAX;
use sync::files::PIECE_BYTES_MAX;
use sync::seal::{self, is_nonce};
use sync::wire::{
    HEADER_KEY, HEADER_NONCE, HEADER_PROTOCOL, HEADER_SEAL, JSON_BYTES_MAX, PROTOCOL, Problem,
    Refusal, TYPE_EVENTS, TYPE_JSON,
};

/// How long a request's body may take to arrive: a full page at 4 kB/s. Units: milliseconds.
const BODY_MS: u64 = 300_000;
/// Most bytes of an answer.
const ANSWER_BYTES_MAX: usize = BODY_BYTES_MAX + 1024 * 1024;
/// How many commits' bodies, and how many pieces of files, are in memory at once.
pub(crate) const LARGE_BODIES_MAX: usize = 16;

/// The hash under which a token is known.
pub(crate) fn token_hash(token: &str) -> Hash {
    Hash::of_parts(&[b"pidesk-token-v1\0", token.as_bytes()])
}

/// Lets a request through to its handler and seals the answer.
pub(crate) async fn guard<S: Store>(
    State(center): State<Arc<Center<S>>>,
    request: Request,
    next: Next,
) -> Response {
    let nonce = text(request.headers(), HEADER_NONCE).to_owned();
    let path = request.uri().path().to_owned();
    let answer = match admit(&center, request, next).await {
        Ok(answer) => answer,
        Err(problem) => refusal(&center, problem),
    };
    let answer = seal_answer(&center, &nonce, answer).await;
    // Ids and numbers alone: no content, no names, no tokens.
    let level = if answer.status().is_success() {
        log::Level::Debug
    } else {
        log::Level::Info
    };
    log::log!(
        level,
        "answered path={path:?} status={}",
        answer.status().as_u16()
    );
    answer
}

async fn admit<S: Store>(
    center: &Arc<Center<S>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    if !is_nonce(text(&parts.headers, HEADER_NONCE)) {
        return Err(Problem::Malformed);
    }
    if text(&parts.headers, HEADER_PROTOCOL) != PROTOCOL.to_string() {
        return Err(Problem::Protocol { speaks: PROTOCOL });
    }
    let is_enrolment = parts.uri.path().starts_with("/v1/enrol/");
    let session = if is_enrolment {
        None
    } else {
        find_session(center, &parts.headers).await?
    };
    let peer = parts
        .extensions
        .get::<Peer>()
        .map(|peer| peer.0.to_string())
        .unwrap_or_default();
    let (asker, pace) = match &session {
        Some(session) => (session.dev.as_str(), KNOWN),
        None => (peer.as_str(), UNKNOWN),
    };
    let busy = |retry_after_ms| Problem::Busy { retry_after_ms };
    center.limits.take(asker, pace).map_err(busy)?;
    if session.is_none() && !is_enrolment {
        return Err(Problem::UnknownDevice);
    }
    let is_push = session.is_some() && parts.uri.path().ends_with("/push");
    let is_piece = session.is_some() && parts.uri.path().starts_with(blob::PATH);
    let (limit, places) = match (is_push, is_piece) {
        (true, _) => (BODY_BYTES_MAX, Some(&center.large_bodies)),
        (false, true) => (PIECE_BYTES_MAX, Some(&center.pieces)),
        (false, false) => (JSON_BYTES_MAX, None),
    };
    let room = match places {
        Some(places) => places.acquire().await.ok(),
        None => None,
    };
    let read = tokio::time::timeout(Duration::from_millis(BODY_MS), to_bytes(body, limit)).await;
    let bytes = match read {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return Err(Problem::TooLarge),
        Err(_) => return Err(Problem::Malformed),
    };
    if let Some(session) = session {
        parts.extensions.insert::<Session>(session);
    }
    let answer = next
        .run(Request::from_parts(parts, Body::from(bytes)))
        .await;
    drop(room);
    Ok(answer)
}

async fn find_session<S: Store>(
    center: &Arc<Center<S>>,
    headers: &HeaderMap,
) -> Result<Option<Session>, Problem> {
    let Some(token) = bearer(headers) else {
        return Ok(None);
    };
    let hash = token_hash(token);
    let found = center.work(move |store| Ok((store.session(&hash)?, store.epoch()?)));
    let (session, epoch) = found.await?;
    center.note_epoch(epoch);
    Ok(session)
}

/// What authorises a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    text(headers, "authorization").strip_prefix("Bearer ")
}

pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("")
}

/// The answer that carries a refusal.
pub(crate) fn refusal<S: Store>(center: &Center<S>, error: Problem) -> Response {
    let status = error.http_status();
    let refusal = Refusal {
        center: center.envelope(),
        error,
    };
    message(status, &refusal)
}

/// An answer that carries a message.
pub(crate) fn message<M: serde::Serialize>(status: u16, message: &M) -> Response {
    let body = serde_json::to_vec(message).unwrap_or_default();
    bytes(status, TYPE_JSON, body)
}

/// An answer that carries bytes of a content type.
pub(crate) fn bytes(status: u16, content_type: &'static str, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let name = axum::http::header::CONTENT_TYPE;
    response
        .headers_mut()
        .insert(name, HeaderValue::from_static(content_type));
    response
}

async fn seal_answer<S: Store>(center: &Center<S>, nonce: &str, answer: Response) -> Response {
    let answer = match text(answer.headers(), "content-type") {
        // The router's own answers: unknown path or method.
        "" | "text/plain; charset=utf-8" => {
            let status = answer.status();
            let problem = if status.is_server_error() {
                Problem::Internal
            } else {
                Problem::NotFound
            };
            refusal(center, problem)
        }
        _ => answer,
    };
    let key = center.identity.key();
    let mut headers = vec![
        (HEADER_PROTOCOL, PROTOCOL.to_string()),
        (HEADER_NONCE, nonce.to_owned()),
        (HEADER_KEY, key.public().to_text()),
        ("cache-control", "no-store".to_owned()),
    ];
    let (mut parts, mut body) = answer.into_parts();
    let content_type = text(&parts.headers, "content-type");
    // Events go on and are sealed one by one.
    if content_type != TYPE_EVENTS {
        let bytes: Bytes = to_bytes(body, ANSWER_BYTES_MAX).await.unwrap_or_default();
        let sealed = seal::sign(key, nonce, parts.status.as_u16(), content_type, &bytes);
        headers.push((HEADER_SEAL, sealed));
        body = Body::from(bytes);
    }
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            parts.headers.insert(HeaderName::from_static(name), value);
        }
    }
    Response::from_parts(parts, body)
}
