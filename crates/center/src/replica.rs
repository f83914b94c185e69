//! A running program says of itself that it runs, for the console of whichever replica is asked.

use crate::serve::Center;
use crate::store::Store;
use crate::store::console::ReplicaCard;
use std::sync::Arc;
use std::time::Duration;

/// How often.
const EVERY: Duration = Duration::from_secs(30);

/// Says so until the center stops, and takes the word back then.
pub(crate) async fn keep_reporting<S: Store>(center: Arc<Center<S>>) {
    let id = center.random_text();
    let id = center.replica_id.get_or_init(|| id).clone();
    let since_ms = center.around.now_ms();
    let mut stopping = center.stopping.subscribe();
    let mut every = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            _ = every.tick() => {}
            _ = stopping.wait_for(|is_stopping| *is_stopping) => break,
        }
        let card = ReplicaCard {
            id: id.clone(),
            since_ms,
            seen_ms: center.around.now_ms(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            n_listening: center.seats.n_taken() as u64,
        };
        // What failed is in the log already; the next word is said in time.
        let _ = center.work(move |store| store.report_replica(&card)).await;
    }
    let _ = center.work(move |store| store.forget_replica(&id)).await;
}
