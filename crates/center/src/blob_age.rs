//! Uploads that nobody went on with: their pieces are cleared away by age.

use crate::blob_store::BlobStore;
use crate::blob_trouble::failed;
use crate::serve::Center;
use crate::store::{Store, StoreError};
use futures_util::TryStreamExt as _;
use object_store::path::Path;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// So long after its last piece an unfinished upload is kept. A laptop that comes later begins
/// that file anew. Units: milliseconds.
const KEPT_MS: i64 = 30 * 24 * 3_600 * 1_000;
/// How often a running center looks.
const EVERY: Duration = Duration::from_secs(24 * 3_600);

impl BlobStore {
    /// Clears uploads away whose last piece arrived before a moment (milliseconds since
    /// 1970-01-01 UTC); how many there were.
    ///
    /// # Errors
    /// When the store of objects cannot be listed or written; what was cleared stays cleared.
    pub async fn clear_begun_before(&self, before_ms: i64) -> Result<usize, StoreError> {
        let mut begun: BTreeMap<String, (i64, Vec<Path>)> = BTreeMap::new();
        let mut list = self.objects.list(Some(&Path::from("part")));
        while let Some(meta) = list.try_next().await.map_err(|error| failed(&error))? {
            let at_ms = meta.last_modified.timestamp_millis();
            let folder = meta.location.as_ref().rsplit_once('/');
            let folder = folder.map_or("", |(folder, _)| folder).to_owned();
            let (newest, paths) = begun.entry(folder).or_insert((at_ms, Vec::new()));
            *newest = at_ms.max(*newest);
            paths.push(meta.location);
        }
        let mut n = 0;
        for (newest, paths) in begun.into_values() {
            if newest >= before_ms {
                continue;
            }
            self.clear(paths).await?;
            n += 1;
        }
        Ok(n)
    }
}

/// Looks at the beginning and then once a day, until the center stops.
pub(crate) async fn keep_clearing<S: Store>(center: Arc<Center<S>>) {
    let Some(blobs) = center.blobs.get() else {
        return;
    };
    let mut stopping = center.stopping.subscribe();
    let mut every = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            _ = every.tick() => {}
            _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
        }
        match blobs
            .clear_begun_before(center.around.now_ms() - KEPT_MS)
            .await
        {
            Ok(0) => {}
            Ok(n) => log::info!("unfinished uploads were cleared away: {n}"),
            Err(error) => log::error!("unfinished uploads cannot be cleared away: {error}"),
        }
    }
}
