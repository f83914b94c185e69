//! The running server: connections in, requests to [`crate::api`], an orderly end.

use crate::api;
use crate::blob_age::keep_clearing;
use crate::blob_store::BlobStore;
use crate::blob_trouble::keep_looking;
use crate::guard::LARGE_BODIES_MAX;
use crate::health::Health;
use crate::identity::Identity;
use crate::limits::Limits;
use crate::replica::keep_reporting;
use crate::seats::Seats;
use crate::storage::Usage;
use crate::store::{Store, StoreError};
use crate::witness::Words;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use ledger::{Hash, Receipt};
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;
use sync::Surroundings;
use sync::wire::{CAPABILITIES, Envelope, PROTOCOL, Problem};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

/// Most connections at once; further ones wait.
const CONNECTIONS_MAX: usize = 1024;
/// How long the TLS handshake, and the headers of a request, may take. Units: milliseconds.
const HEADERS_MS: u64 = 15_000;
/// Most bytes of a request's headers.
const HEADERS_BYTES_MAX: usize = 16 * 1024;
/// How long open requests may go on after the end was asked for. Units: milliseconds.
const FAREWELL_MS: u64 = 5_000;

/// Where the store's work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// On threads for blocking work.
    Threads,
    /// In place, one after the other: for simulations, where order must not depend on threads.
    Inline,
}

/// Everything that requests share.
pub struct Center<S> {
    pub(crate) store: Arc<S>,
    pub(crate) identity: Identity,
    pub(crate) around: Arc<dyn Surroundings>,
    pub(crate) limits: Limits,
    /// Those who listen.
    pub(crate) seats: Seats,
    pub(crate) large_bodies: Semaphore,
    /// Pieces of files have places of their own: a store of files that hangs holds up no commits.
    pub(crate) pieces: Semaphore,
    pub(crate) changes: watch::Sender<u64>,
    pub(crate) stopping: watch::Sender<bool>,
    /// What laptops said that stands.
    pub(crate) words: Words,
    /// The files of studies, once there is a place for them.
    pub(crate) blobs: OnceLock<BlobStore>,
    pub(crate) health: tokio::sync::Mutex<Option<Health>>,
    pub(crate) usage: tokio::sync::Mutex<Option<(tokio::time::Instant, Usage)>>,
    /// What this program calls itself among the replicas.
    pub(crate) replica_id: OnceLock<String>,
    epoch: RwLock<String>,
    work: Work,
}

impl<S: Store> Center<S> {
    /// The center's word, signed, that it holds a commit.
    pub(crate) fn receipt(
        &self,
        (stream, commit): (&str, &Hash),
        (sseq, received_at): (u64, &str),
    ) -> String {
        let receipt = Receipt {
            stream,
            commit,
            sseq,
            received_at,
        };
        receipt.sign(self.identity.key())
    }

    /// Brings a store and a key together.
    ///
    /// # Errors
    /// [`StoreError`] when the store has no epoch.
    pub fn new(
        store: Arc<S>,
        identity: Identity,
        around: Arc<dyn Surroundings>,
        work: Work,
    ) -> Result<Arc<Self>, StoreError> {
        let epoch = store.epoch()?;
        let changes = watch::Sender::new(0);
        let woken = changes.clone();
        store.listen(Box::new(move || woken.send_modify(|n| *n += 1)));
        Ok(Arc::new(Self {
            store,
            identity,
            around,
            limits: Limits::default(),
            seats: Seats::default(),
            large_bodies: Semaphore::new(LARGE_BODIES_MAX),
            pieces: Semaphore::new(LARGE_BODIES_MAX),
            changes,
            stopping: watch::Sender::new(false),
            words: Words::default(),
            blobs: OnceLock::new(),
            health: tokio::sync::Mutex::new(None),
            usage: tokio::sync::Mutex::new(None),
            replica_id: OnceLock::new(),
            epoch: RwLock::new(epoch),
            work,
        }))
    }

    /// Says where the files of studies are kept; said once. Without it there are none.
    pub fn keep_blobs(&self, blobs: BlobStore) {
        let _ = self.blobs.set(blobs);
    }

    pub(crate) fn envelope(&self) -> Envelope {
        Envelope {
            protocol: PROTOCOL,
            epoch: self
                .epoch
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
            capabilities: CAPABILITIES.map(str::to_owned).to_vec(),
            now_ms: self.around.now_ms(),
        }
    }

    /// Takes note of the store's epoch: it is read anew with each request, because the database
    /// may be put back while replicas run.
    pub(crate) fn note_epoch(&self, epoch: String) {
        let mut known = self.epoch.write().unwrap_or_else(PoisonError::into_inner);
        if *known != epoch {
            log::warn!("a new life of the data begins");
            *known = epoch;
        }
    }

    /// Does the store's work without holding up other requests.
    pub(crate) async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&S) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = match self.work {
            Work::Inline => act(&self.store),
            Work::Threads => {
                let store = Arc::clone(&self.store);
                let done = tokio::task::spawn_blocking(move || act(&store)).await;
                done.map_err(|_| Problem::Internal)?
            }
        };
        done.map_err(|error| match error {
            StoreError::Refused(problem) => problem,
            other => {
                log::error!("store failed: {}", chain(&other));
                // Nothing was acknowledged; the same request may succeed later.
                Problem::Internal
            }
        })
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

/// Gives connections, one after the other.
pub trait Listen: Send + 'static {
    /// A connection.
    type Io: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// Waits for the next connection.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Io, SocketAddr)>> + Send;
}

impl Listen for TcpListener {
    type Io = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, peer) = TcpListener::accept(self).await?;
        // Answers are small and waited for.
        let _ = stream.set_nodelay(true);
        // A laptop that is gone without a word keeps its place no longer than it listens itself.
        #[cfg(target_os = "linux")]
        let _ = socket2::SockRef::from(&stream)
            .set_tcp_user_timeout(Some(Duration::from_millis(3 * sync::wire::BEAT_MS)));
        Ok((stream, peer))
    }
}

/// The address that a request came from.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Whether the connection is encrypted.
#[derive(Clone, Copy)]
pub(crate) struct Secure(pub(crate) bool);

/// Serves until the shutdown future ends, then lets open requests finish for a few seconds.
pub async fn launch<S: Store, L: Listen>(
    mut listener: L,
    center: Arc<Center<S>>,
    tls: Option<TlsAcceptor>,
    shutdown: impl Future<Output = ()> + Send,
) {
    let router = api::router(Arc::clone(&center));
    let clearing = tokio::spawn(keep_clearing(Arc::clone(&center)));
    let looking = tokio::spawn(keep_looking(Arc::clone(&center)));
    let reporting = tokio::spawn(keep_reporting(Arc::clone(&center)));
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accept = async {
            let permit = Arc::clone(&room).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            () = &mut shutdown => break,
            next = accept => next,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                log::warn!("accepting a connection failed: {error}");
                // Out of file handles, for example: give others time to close theirs.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let service = router
            .clone()
            .layer(axum::Extension(Peer(peer.ip())))
            .layer(axum::Extension(Secure(tls.is_some())));
        let stopping = center.stopping.subscribe();
        let tls = tls.clone();
        tokio::spawn(async move {
            let _permit = permit;
            let limit = Duration::from_millis(HEADERS_MS);
            match tls {
                None => talk(stream, service, stopping).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(limit, tls.accept(stream)).await {
                        talk(stream, service, stopping).await;
                    }
                }
            }
        });
    }
    center.stopping.send_replace(true);
    // The store is closed for good once this returns and nobody else has it.
    for task in [clearing, looking] {
        task.abort();
        let _ = task.await;
    }
    let all = u32::try_from(CONNECTIONS_MAX).unwrap_or(u32::MAX);
    let farewell = Duration::from_millis(FAREWELL_MS);
    let end = async { tokio::join!(room.acquire_many(all), reporting) };
    let _ = tokio::time::timeout(farewell, end).await;
}

async fn talk<I: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    stream: I,
    service: axum::Router,
    mut stopping: watch::Receiver<bool>,
) {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(HEADERS_MS))
        .max_buf_size(HEADERS_BYTES_MAX);
    let connection =
        builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|is_stopping| *is_stopping) => {}
    }
    connection.as_mut().graceful_shutdown();
    // A connection that breaks has nobody left to tell.
    let _ = connection.await;
}
