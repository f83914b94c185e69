//! A center in process on a free port, and laptops that talk to it over real connections.

use crate::laptop::Laptop;
use center::{
    BlobLimits, BlobStore, Center, Hand, Identity, Role, SqliteStore, Store, Work, admin, launch,
};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use sync::{
    Address, Applicant, CenterLink, Code, EnrolError, Http, Note, Outcome, Pin, Surroundings,
};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a server that ended may hold its store.
const CLOSED_WITHIN: Duration = Duration::from_secs(30);

/// Repeatable randomness and a clock that is set by hand.
pub(crate) struct Around {
    state: AtomicU64,
    pub(crate) now_ms: AtomicI64,
}

impl Around {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: AtomicU64::new(seed),
            now_ms: AtomicI64::new(1_795_400_000_000),
        }
    }

    /// A number of the same randomness.
    pub(crate) fn draw(&self) -> u64 {
        // SplitMix64: every call is another point of one sequence.
        let x = self
            .state
            .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub(crate) fn below(&self, limit: u64) -> u64 {
        self.draw() % limit
    }

    pub(crate) fn pass(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Surroundings for Around {
    fn random(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.draw().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }

    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::Relaxed)
    }
}

/// Opens the store of files, where the center's folder is.
pub(crate) type Files = Arc<dyn Fn(&Path) -> BlobStore + Send + Sync>;

fn in_folder(dir: &Path) -> BlobStore {
    BlobStore::in_folder(&dir.join("files"), BlobLimits::default()).expect("a folder for files")
}

/// A running center.
pub(crate) struct Bench<S> {
    files: Files,
    store: Option<Arc<S>>,
    pub(crate) url: String,
    pub(crate) around: Arc<Around>,
    pub(crate) dir: TempDir,
    pub(crate) identity: Identity,
    stop: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

pub(crate) fn sqlite(dir: &Path) -> SqliteStore {
    SqliteStore::open(&dir.join("center.db"), "first-life").expect("the store opens")
}

pub(crate) async fn bench() -> Bench<SqliteStore> {
    bench_with(Arc::new(in_folder)).await
}

/// A center with its files elsewhere.
pub(crate) async fn bench_with(files: Files) -> Bench<SqliteStore> {
    start_with(sqlite, TempDir::new().expect("a folder"), false, files).await
}

pub(crate) async fn bench_tls() -> Bench<SqliteStore> {
    start(sqlite, TempDir::new().expect("a folder"), true).await
}

pub(crate) async fn start<S: Store>(
    open: impl Fn(&Path) -> S,
    dir: TempDir,
    is_tls: bool,
) -> Bench<S> {
    start_with(open, dir, is_tls, Arc::new(in_folder)).await
}

async fn start_with<S: Store>(
    open: impl Fn(&Path) -> S,
    dir: TempDir,
    is_tls: bool,
    files: Files,
) -> Bench<S> {
    let around = Arc::new(Around::new(7));
    let identity = Identity::open(dir.path(), &*around).expect("a key");
    let mut bench = Bench {
        files,
        store: Some(Arc::new(open(dir.path()))),
        url: String::new(),
        around,
        identity,
        stop: None,
        dir,
    };
    bench.serve(is_tls).await;
    bench
}

impl<S: Store> Bench<S> {
    async fn serve(&mut self, is_tls: bool) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let scheme = if is_tls { "https" } else { "http" };
        self.url = format!("{scheme}://{}", listener.local_addr().expect("an address"));
        let identity = Identity::open(self.dir.path(), &*self.around).expect("the key");
        let tls = is_tls.then(|| identity.tls(None).expect("tls"));
        let around: Arc<dyn Surroundings> = self.around.clone();
        let center = Center::new(self.store(), identity, around, Work::Threads);
        let center = center.expect("a center");
        center.keep_blobs((self.files)(self.dir.path()));
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(launch(listener, center, tls, async {
            let _ = stopped.await;
        }));
        self.stop = Some((stop, task));
    }

    /// Another replica on the same data, with a store of its own; its address.
    pub(crate) async fn replica(&self, open: impl Fn(&Path) -> S) -> String {
        self.replica_with(open, self.around.clone()).await
    }

    /// The same with a clock and randomness of its own.
    pub(crate) async fn replica_with(
        &self,
        open: impl Fn(&Path) -> S,
        around: Arc<Around>,
    ) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let identity = Identity::open(self.dir.path(), &*self.around).expect("the key");
        let around: Arc<dyn Surroundings> = around;
        let store = Arc::new(open(self.dir.path()));
        let center = Center::new(store, identity, around, Work::Threads).expect("a center");
        center.keep_blobs((self.files)(self.dir.path()));
        tokio::spawn(launch(listener, center, None, std::future::pending()));
        url
    }

    pub(crate) fn store(&self) -> Arc<S> {
        Arc::clone(self.store.as_ref().expect("the store is open"))
    }

    /// Ends the server in order.
    pub(crate) async fn stop(&mut self) {
        if let Some((stop, task)) = self.stop.take() {
            let _ = stop.send(());
            task.await.expect("the server ends");
        }
    }

    /// Ends the server, opens its store again and serves on another port.
    pub(crate) async fn restart(&mut self, open: impl Fn(&Path) -> S) {
        self.stop().await;
        // Closed before the same file is opened again, or another is put in its place: what a
        // connection that is still open writes when it closes would bring the old data back.
        let store = self.store.take().map(|store| Arc::downgrade(&store));
        let begun = Instant::now();
        while store.as_ref().is_some_and(|store| store.strong_count() > 0) {
            assert!(begun.elapsed() < CLOSED_WITHIN, "somebody keeps the store");
            tokio::task::yield_now().await;
        }
        self.store = Some(Arc::new(open(self.dir.path())));
        self.serve(false).await;
    }

    /// The operator replaces the center's key, as the manual says.
    pub(crate) async fn replace_key(&mut self, open: impl Fn(&Path) -> S) {
        self.stop().await;
        let (store, dir) = (self.store(), self.dir.path());
        admin::new_key(&*store, dir, &*self.around).expect("another key");
        drop(store);
        self.restart(open).await;
        self.identity = Identity::open(self.dir.path(), &*self.around).expect("the new key");
    }

    pub(crate) fn invite(&self, name: &str, role: Option<Role>) -> Code {
        admin::invite(&*self.store(), &self.identity, name, role, &*self.around).expect("a code")
    }

    pub(crate) fn grant(&self, study: &str, name: &str, role: Role) {
        self.set_role(study, name, Some(role)).expect("granted");
    }

    /// The operator's word about a member.
    pub(crate) fn set_role(
        &self,
        study: &str,
        name: &str,
        role: Option<Role>,
    ) -> Result<String, admin::AdminError> {
        let hand = Hand {
            identity: &self.identity,
            around: &*self.around,
        };
        admin::grant(&*self.store(), study, name, role, hand)
    }

    pub(crate) async fn try_enrol(
        &self,
        laptop: &Laptop,
        code: &Code,
    ) -> Result<CenterLink, EnrolError> {
        let http = Http::new(Address::parse(&self.url).expect("an address"), code.pin());
        enrol_over(&http, &self.url, laptop, code, &self.around).await
    }

    /// Invites a person and enrols a laptop of hers.
    pub(crate) async fn enrol(&self, laptop: &Laptop, name: &str) -> CenterLink {
        let code = self.invite(name, None);
        self.try_enrol(laptop, &code).await.expect("enrolled")
    }

    pub(crate) fn http(&self, link: &CenterLink) -> Http {
        let address = Address::parse(&self.url).expect("an address");
        Http::new(address, link.recognised_by().expect("a pin"))
    }

    /// One contact.
    pub(crate) async fn round(&self, laptop: &mut Laptop, link: &CenterLink) -> Outcome {
        let http = self.http(link);
        sync::round(&http, link, laptop, &*self.around)
            .await
            .expect("the laptop's store works")
    }

    /// One contact after which nothing may be left to do.
    pub(crate) async fn sync(&self, laptop: &mut Laptop, link: &CenterLink) -> (u64, u64) {
        let outcome = self.round(laptop, link).await;
        assert_eq!((outcome.note, outcome.waiting), (Note::Done, 0));
        (outcome.sent, outcome.received)
    }

    pub(crate) fn pin(&self) -> Pin {
        Pin::Key(self.identity.public())
    }
}

pub(crate) async fn enrol_over<T: sync::Transport>(
    transport: &T,
    url: &str,
    laptop: &Laptop,
    code: &Code,
    around: &Around,
) -> Result<CenterLink, EnrolError> {
    let sign = |prefix: &[u8], bytes: &[u8]| laptop.key.sign_with_prefix(prefix, bytes);
    let key = laptop.key.public().to_text();
    let applicant = Applicant {
        key: &key,
        sign: &sign,
        person: &laptop.person,
        name: "A name",
    };
    sync::enrol(transport, url, code, &applicant, around).await
}
