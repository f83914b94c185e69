//! What laptops can ask.

use crate::admit::believe;
use crate::blob;
use crate::console;
use crate::enrolment;
use crate::events;
use crate::guard::{bearer, bytes, guard, message, refusal, text, token_hash};
use crate::health::health;
use crate::parts::in_parts;
use crate::people;
use crate::serve::Center;
use crate::store::people::ACL_SUFFIX;
use crate::store::{Batch, Session, Store};
use crate::witness;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, middleware};
use ledger::{Hash, value::is_id};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use sync::body;
use sync::wire::{
    HEADER_APP, Me, PageHead, Problem, Pushed, Readable, TYPE_FRAMES, WAIT_SECONDS_MAX, Waited,
};
use tokio::time::Instant;

/// How often whoever waits looks for what another program wrote (an invitation, a grant).
/// Units: milliseconds.
pub(crate) const LOOK_MS: u64 = 2_000;

/// Longest version of a laptop's program. Units: bytes.
const APP_BYTES_MAX: usize = 80;

/// Every request that the center answers.
pub(crate) fn router<S: Store>(center: Arc<Center<S>>) -> Router {
    Router::new()
        .route("/v1/enrol/begin", post(enrolment::begin::<S>))
        .route("/v1/enrol/finish", post(enrolment::finish::<S>))
        .route("/v1/me", get(me::<S>))
        .route("/v1/wait", get(wait::<S>))
        .route("/v1/events", get(events::events::<S>))
        .route("/v1/accounts", get(people::accounts::<S>))
        .route("/v1/devices", get(people::devices::<S>))
        .route("/v1/devices/name", post(people::name_device::<S>))
        .route("/v1/devices/revoke", post(people::revoke_device::<S>))
        .route(
            "/v1/members/{stream}",
            get(people::members::<S>).post(people::set_members::<S>),
        )
        .route("/v1/held", get(people::held::<S>))
        .route("/v1/years/{year}", get(people::year::<S>))
        .route("/v1/sync/{stream}/push", post(push::<S>))
        .route("/v1/sync/{stream}/pull", get(pull::<S>))
        .route("/v1/states", post(witness::states::<S>))
        .merge(blob::routes::<S>())
        // Said here, so that it is sealed as well: of two routers' own ones the later would stay.
        .fallback(|| async { StatusCode::NOT_FOUND })
        // The guard has read the body already, under its own limits.
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(
            Arc::clone(&center),
            guard::<S>,
        ))
        // Whoever watches over the center has no token and needs no seal.
        .route("/health", get(health::<S>))
        // People come by a door of their own.
        .merge(console::routes::<S>())
        .with_state(center)
}

async fn me<S: Store>(
    State(center): State<Arc<Center<S>>>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
) -> Response {
    let (user, dev) = (session.user.clone(), session.dev.clone());
    let app = text(&headers, HEADER_APP);
    let is_version = app.len() <= APP_BYTES_MAX && app.bytes().all(|b| b.is_ascii_graphic());
    let app = if is_version {
        app.to_owned()
    } else {
        String::new()
    };
    let (is_revoked, now_ms) = (session.is_revoked, center.around.now_ms());
    let found = center
        .work(move |store| {
            // A database that can only be read answers all the same.
            if let Err(error) = store.note_contact(&dev, &app, now_ms) {
                log::warn!("a contact was not noted: {error}");
            }
            let years = match is_revoked {
                true => Vec::new(),
                false => store.years()?,
            };
            Ok((readable(store, &user, is_revoked)?, years))
        })
        .await;
    match found {
        Err(problem) => refusal(&center, problem),
        Ok((streams, years)) => message(
            200,
            &Me {
                center: center.envelope(),
                user: session.user,
                name: session.name,
                revoked: is_revoked,
                mark: mark(is_revoked, &streams),
                streams,
                years,
            },
        ),
    }
}

fn readable<S: Store>(
    store: &S,
    user: &str,
    is_revoked: bool,
) -> Result<Vec<Readable>, crate::StoreError> {
    if is_revoked {
        Ok(Vec::new())
    } else {
        store.readable(user)
    }
}

/// What stands for a laptop at a moment.
pub(crate) struct Seen {
    pub(crate) is_revoked: bool,
    pub(crate) streams: Vec<Readable>,
    pub(crate) epoch: String,
}

/// Looks anew what stands for whoever has a token; `None` when nobody has it any more.
pub(crate) fn seen<S: Store>(
    store: &S,
    token: &Hash,
    user: &str,
) -> Result<Option<Seen>, crate::StoreError> {
    let Some(session) = store.session(token)? else {
        return Ok(None);
    };
    let is_revoked = session.is_revoked;
    Ok(Some(Seen {
        is_revoked,
        streams: readable(store, user, is_revoked)?,
        epoch: store.epoch()?,
    }))
}

/// A text that changes whenever there is something new for an account.
pub(crate) fn mark(is_revoked: bool, streams: &[Readable]) -> String {
    let lines = streams
        .iter()
        .map(|s| format!("{} {} {} {}\n", s.stream, s.role, s.head, s.digest));
    let hash = Hash::of(format!("{is_revoked}\n{}", lines.collect::<String>()).as_bytes());
    hash.as_str()
        .trim_start_matches("sha256:")
        .chars()
        .take(32)
        .collect()
}

#[derive(Deserialize)]
struct WaitQuery {
    mark: String,
    seconds: u64,
}

async fn wait<S: Store>(
    State(center): State<Arc<Center<S>>>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
    query: Result<Query<WaitQuery>, QueryRejection>,
) -> Response {
    let (Ok(Query(query)), Some(token)) = (query, bearer(&headers)) else {
        return refusal(&center, Problem::Malformed);
    };
    let token = token_hash(token);
    let deadline = Instant::now() + Duration::from_secs(query.seconds.min(WAIT_SECONDS_MAX));
    let mut changes = center.changes.subscribe();
    let mut stopping = center.stopping.subscribe();
    loop {
        changes.borrow_and_update();
        let (token, user) = (token.clone(), session.user.clone());
        let seen = match center.work(move |store| seen(store, &token, &user)).await {
            Ok(Some(seen)) => seen,
            Ok(None) => return refusal(&center, Problem::UnknownDevice),
            Err(problem) => return refusal(&center, problem),
        };
        let mark = mark(seen.is_revoked, &seen.streams);
        let is_over = Instant::now() >= deadline || *stopping.borrow_and_update();
        if mark != query.mark || is_over {
            return message(
                200,
                &Waited {
                    center: center.envelope(),
                    mark,
                },
            );
        }
        let look = Instant::now() + Duration::from_millis(LOOK_MS);
        tokio::select! {
            _ = changes.changed() => {}
            _ = stopping.changed() => {}
            () = tokio::time::sleep_until(look.min(deadline)) => {}
        }
    }
}

async fn push<S: Store>(
    State(center): State<Arc<Center<S>>>,
    Extension(session): Extension<Session>,
    Path(stream): Path<String>,
    body: Bytes,
) -> Response {
    match pushed(&center, session, stream, body).await {
        Ok(pushed) => message(200, &pushed),
        Err(problem) => refusal(&center, problem),
    }
}

async fn pushed<S: Store>(
    center: &Arc<Center<S>>,
    session: Session,
    stream: String,
    body: Bytes,
) -> Result<Pushed, Problem> {
    if !is_id(&stream) {
        return Err(Problem::Malformed);
    }
    // Who is a member is the center's own log.
    if stream.ends_with(ACL_SUFFIX) {
        return Err(Problem::NotMember);
    }
    let frames = body::unpack_frames(&body).map_err(|error| match error {
        body::BodyError::TooLarge => Problem::TooLarge,
        body::BodyError::Frame(ledger::FrameError::TooLarge) => Problem::TooLarge,
        _ => Problem::Malformed,
    })?;
    if frames.is_empty() {
        return Err(Problem::Malformed);
    }
    let now_ms = center.around.now_ms();
    let name = stream.clone();
    let signer = Arc::clone(center);
    let admitted = center
        .work(move |store| {
            let commits = believe(store, &session, &stream, frames)?;
            let batch = Batch {
                stream,
                session,
                commits,
                now_ms,
            };
            let mut admitted = store.push(&batch)?;
            signer.changes.send_modify(|n| *n += 1);
            let held: Vec<_> = admitted.taken.iter().zip(&batch.commits).collect();
            let receipts = in_parts(&held, |(taken, new)| {
                signer.receipt((&batch.stream, &new.id), (taken.sseq, &taken.received_at))
            });
            for (taken, receipt) in admitted.taken.iter_mut().zip(receipts) {
                taken.receipt = receipt;
            }
            Ok(admitted)
        })
        .await?;
    Ok(admitted.into_answer(center.envelope(), name))
}

#[derive(Deserialize)]
struct PullQuery {
    after: u64,
}

async fn pull<S: Store>(
    State(center): State<Arc<Center<S>>>,
    Extension(session): Extension<Session>,
    Path(stream): Path<String>,
    query: Result<Query<PullQuery>, QueryRejection>,
) -> Response {
    let Ok(Query(PullQuery { after })) = query else {
        return refusal(&center, Problem::Malformed);
    };
    if session.is_revoked {
        return refusal(&center, Problem::Revoked);
    }
    let name = stream.clone();
    let signer = Arc::clone(&center);
    let read = center
        .work(move |store| {
            let mut slice = store.pull(&session, &name, after)?;
            let held: Vec<_> = slice.items.iter().zip(&slice.ids).collect();
            let receipts = in_parts(&held, |(item, id)| {
                Hash::parse(id)
                    .map(|id| signer.receipt((&name, &id), (item.sseq, &item.received_at)))
                    .unwrap_or_default()
            });
            for (item, receipt) in slice.items.iter_mut().zip(receipts) {
                item.receipt = receipt;
            }
            Ok(slice)
        })
        .await;
    let slice = match read {
        Ok(slice) => slice,
        Err(problem) => return refusal(&center, problem),
    };
    let from = after.min(slice.head);
    let head = PageHead {
        center: center.envelope(),
        stream,
        from,
        to: from + slice.items.len() as u64,
        head: slice.head,
        from_digest: slice.from_digest,
        digest: slice.digest,
        items: slice.items,
    };
    let head = serde_json::to_vec(&head).unwrap_or_default();
    bytes(200, TYPE_FRAMES, body::pack_page(&head, &slice.frames))
}
