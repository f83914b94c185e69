//! Whether the center can do its work, for whoever watches over it: a proxy before several
//! replicas, or an operator.

use crate::blob_store::BlobStore;
use crate::blob_trouble::Trouble;
use crate::guard::message;
use crate::serve::Center;
use crate::store::Store;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long an answer of the store is good for, however often is asked. Units: milliseconds.
const FRESH_MS: u64 = 1_000;

/// What the store said last.
pub(crate) struct Health {
    asked: Instant,
    is_store_well: bool,
}

/// 200 when the store answers, 503 when it does not or when the program is about to end. How the
/// store of files is, is said beside it: commits go on without one.
pub(crate) async fn health<S: Store>(State(center): State<Arc<Center<S>>>) -> Response {
    let is_store_well = {
        // Whoever asks meanwhile waits for the same answer.
        let mut health = center.health.lock().await;
        let fresh = Duration::from_millis(FRESH_MS);
        match &*health {
            Some(known) if known.asked.elapsed() < fresh => known.is_store_well,
            _ => {
                let is_store_well = center.work(|store| store.epoch()).await.is_ok();
                let asked = Instant::now();
                *health = Some(Health {
                    asked,
                    is_store_well,
                });
                is_store_well
            }
        }
    };
    let is_ending = *center.stopping.borrow();
    let status = if is_store_well && !is_ending {
        200
    } else {
        503
    };
    let trouble = center.blobs.get().and_then(BlobStore::trouble);
    let state = json!({
        "program": concat!("pidesk-center ", env!("CARGO_PKG_VERSION")),
        "store": if is_store_well { "ok" } else { "unreachable" },
        "files": trouble.map_or("ok", Trouble::as_str),
        "ending": is_ending,
    });
    message(status, &state)
}
