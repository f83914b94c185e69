//! What laptops can ask about the files of a study. Only its members may.

use crate::blob_store::{Name, Piece, Progress};
use crate::guard::{bytes, message, refusal};
use crate::serve::Center;
use crate::store::{Session, Store};
use crate::{BlobStore, StoreError};
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use ledger::{Hash, value::is_id};
use serde::Deserialize;
use std::sync::Arc;
use sync::files::{
    BlobChecked, BlobHeld, BlobTaken, BlobsAsk, BlobsHeld, HASHES_MAX, PIECE_BYTES_MAX,
};
use sync::wire::{Problem, TYPE_BYTES};

/// What the paths of all requests about files begin with.
pub(crate) const PATH: &str = "/v1/blobs/";

pub(crate) fn routes<S: Store>() -> Router<Arc<Center<S>>> {
    Router::new()
        .route("/v1/blobs/{stream}", post(held::<S>))
        .route("/v1/blobs/{stream}/{hex}", get(read::<S>).post(take::<S>))
        .route("/v1/blobs/{stream}/{hex}/check", post(check::<S>))
}

/// Lets a member of a study to its files. What a laptop holds whose access was withdrawn, or that of
/// somebody whose part in the study ended, may be handed in, like its commits; nothing is handed out
/// to it.
async fn admit<'a, S: Store>(
    center: &'a Arc<Center<S>>,
    session: &Session,
    stream: &str,
    is_handing_in: bool,
) -> Result<&'a BlobStore, Problem> {
    if !is_id(stream) {
        return Err(Problem::Malformed);
    }
    if session.is_revoked && !is_handing_in {
        return Err(Problem::Revoked);
    }
    let (user, name) = (session.user.clone(), stream.to_owned());
    let is_member = center.work(move |store| match is_handing_in {
        true => store.was_ever_member(&user, &name),
        false => Ok(store.readable(&user)?.iter().any(|one| one.stream == name)),
    });
    if !is_member.await? {
        return Err(Problem::NotMember);
    }
    center.blobs.get().ok_or(Problem::NotFound)
}

fn name<'a>(stream: &'a str, hex: &'a str) -> Result<Name<'a>, Problem> {
    match Hash::parse(&format!("sha256:{hex}")) {
        Some(_) => Ok(Name { stream, hex }),
        None => Err(Problem::Malformed),
    }
}

fn problem(error: StoreError) -> Problem {
    match error {
        StoreError::Refused(problem) => problem,
        // Said in the log already; the same request may succeed later.
        _ => Problem::Internal,
    }
}

fn answer<S: Store, M: serde::Serialize>(
    center: &Center<S>,
    result: Result<M, Problem>,
) -> Response {
    match result {
        Ok(said) => message(200, &said),
        Err(problem) => refusal(center, problem),
    }
}

async fn held<S: Store>(
    State(center): State<Arc<Center<S>>>,
    Extension(session): Extension<Session>,
    Path(stream): Path<String>,
    body: Bytes,
) -> Response {
    let result = async {
        let blobs = admit(&center, &session, &stream, true).await?;
        let ask: BlobsAsk = serde_json::from_slice(&body).map_err(|_| Problem::Malformed)?;
        if ask.hashes.len() > HASHES_MAX
            || ask.hashes.iter().any(|hash| Hash::parse(hash).is_none())
        {
            return Err(Problem::Malformed);
        }
        let hexes: Vec<&str> = ask
            .hashes
            .iter()
            .map(|hash| hash.trim_start_matches("sha256:"))
            .collect();
        let held = blobs.held(&stream, &session.dev, &hexes).await;
        let held = held.map_err(problem)?.into_iter().zip(&ask.hashes);
        Ok(BlobsHeld {
            center: center.envelope(),
            blobs: held
                .map(|((whole, offset), hash)| BlobHeld {
                    hash: hash.clone(),
                    whole,
                    offset,
                })
                .collect(),
        })
    };
    answer(&center, result.await)
}

#[derive(Deserialize)]
struct TakeQuery {
    offset: u64,
    size: u64,
}

async fn take<S: Store>(
    State(center): State<Arc<Center<S>>>,
    Extension(session): Extension<Session>,
    Path((stream, hex)): Path<(String, String)>,
    query: Result<Query<TakeQuery>, QueryRejection>,
    body: Bytes,
) -> Response {
    let result = async {
        let blobs = admit(&center, &session, &stream, true).await?;
        let Query(TakeQuery { offset, size }) = query.map_err(|_| Problem::Malformed)?;
        let piece = Piece {
            name: name(&stream, &hex)?,
            dev: &session.dev,
            offset,
            size,
            bytes: body,
        };
        let (offset, whole) = match blobs.take(piece).await.map_err(problem)? {
            Progress::Whole => (size, true),
            Progress::At(offset) => (offset, false),
        };
        Ok(BlobTaken {
            center: center.envelope(),
            offset,
            whole,
        })
    };
    answer(&center, result.await)
}

#[derive(Deserialize)]
struct ReadQuery {
    offset: u64,
    length: u64,
}

async fn read<S: Store>(
    State(center): State<Arc<Center<S>>>,
    Extension(session): Extension<Session>,
    Path((stream, hex)): Path<(String, String)>,
    query: Result<Query<ReadQuery>, QueryRejection>,
) -> Response {
    let result = async {
        let blobs = admit(&center, &session, &stream, false).await?;
        let Query(ReadQuery { offset, length }) = query.map_err(|_| Problem::Malformed)?;
        let end = offset.saturating_add(length.min(PIECE_BYTES_MAX as u64));
        let found = blobs.read(name(&stream, &hex)?, offset..end).await;
        found.map_err(problem)?.ok_or(Problem::NotFound)
    };
    match result.await {
        Ok(piece) => bytes(200, TYPE_BYTES, piece.to_vec()),
        Err(problem) => refusal(&center, problem),
    }
}

async fn check<S: Store>(
    State(center): State<Arc<Center<S>>>,
    Extension(session): Extension<Session>,
    Path((stream, hex)): Path<(String, String)>,
) -> Response {
    let result = async {
        let blobs = admit(&center, &session, &stream, false).await?;
        let good = blobs.check(name(&stream, &hex)?).await.map_err(problem)?;
        Ok(BlobChecked {
            center: center.envelope(),
            good,
        })
    };
    answer(&center, result.await)
}
