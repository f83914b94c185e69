//! What the center's files take, and what is left on their disk.

use crate::blob_store::BlobStore;
use crate::blob_trouble::{Trouble, failed};
use crate::serve::Center;
use crate::store::{Store, StoreError};
use futures_util::TryStreamExt as _;
use std::time::Duration;
use tokio::time::Instant;

/// How long an answer is good for: listing many files takes time. Units: milliseconds.
const FRESH_MS: u64 = 60_000;

/// How much is used and left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Files of studies: how many, and their size. Units: bytes.
    pub(crate) files: Option<(u64, u64)>,
    /// The disk of the files: what is free, and all of it. Units: bytes.
    pub(crate) disk: Option<(u64, u64)>,
}

impl BlobStore {
    /// How many files there are, what is half received included, and their size.
    async fn count(&self) -> Result<(u64, u64), StoreError> {
        let mut list = self.objects.list(None);
        let (mut n, mut bytes) = (0, 0);
        while let Some(meta) = list.try_next().await.map_err(|error| failed(&error))? {
            n += 1;
            bytes += meta.size;
        }
        Ok((n, bytes))
    }

    /// What is free on the disk, and all of it.
    fn disk(&self) -> Option<(u64, u64)> {
        let folder = self.folder.as_ref()?;
        let free = fs4::available_space(folder).ok()?;
        Some((free, fs4::total_space(folder).ok()?))
    }
}

impl<S: Store> Center<S> {
    /// What is used and left, as of a minute ago at most.
    pub(crate) async fn usage(&self) -> Usage {
        let mut known = self.usage.lock().await;
        if let Some((asked, usage)) = &*known
            && asked.elapsed() < Duration::from_millis(FRESH_MS)
        {
            return *usage;
        }
        let Some(blobs) = self.blobs.get() else {
            return Usage::default();
        };
        let usage = Usage {
            files: match blobs.trouble() {
                // Whoever looks at the console does not wait for it.
                Some(Trouble::Unreachable) => None,
                _ => blobs.count().await.ok(),
            },
            disk: blobs.disk(),
        };
        *known = Some((Instant::now(), usage));
        usage
    }
}
