//! What the exchange costs in things that can be counted: requests, bytes, statements. Seconds
//! depend on the machine; these do not.

use crate::bench::{self, Bench, sqlite};
use crate::figures::courier::Courier;
use crate::laptop::Laptop;
use center::store::sql::{Around, Engine, Insert, Row, Sql, Values};
use center::store::{Asker, People, Withdrawal};
use center::{SqliteStore, Store, StoreError};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use sync::body::COMMITS_MAX;
use sync::{CenterLink, Http, Note, Offline, Request, Response, Transport};
use tempfile::TempDir;
use testkit::Writing;

const STUDY: &str = "s1";
const PERSON: &str = "p-1";

/// The transport, and what went over it.
struct Counted {
    http: Http,
    n_requests: AtomicU64,
    n_bytes: AtomicU64,
}

impl Transport for Counted {
    async fn send(&self, request: Request) -> Result<Response, Offline> {
        self.n_requests.fetch_add(1, Ordering::Relaxed);
        let asked = request.body.len();
        let answer = self.http.send(request).await?;
        let n_bytes = (asked + answer.body.len()) as u64;
        self.n_bytes.fetch_add(n_bytes, Ordering::Relaxed);
        Ok(answer)
    }
}

/// One contact; how many requests it took and how many bytes of bodies.
async fn contact<S: Store>(
    bench: &Bench<S>,
    link: &CenterLink,
    courier: &mut Courier,
) -> (u64, u64) {
    let counted = Counted {
        http: bench.http(link),
        n_requests: AtomicU64::new(0),
        n_bytes: AtomicU64::new(0),
    };
    let outcome = sync::round(&counted, link, courier, &*bench.around).await;
    let outcome = outcome.unwrap();
    assert_eq!((outcome.note, outcome.waiting), (Note::Done, 0));
    (
        counted.n_requests.into_inner(),
        counted.n_bytes.into_inner(),
    )
}

async fn enrol<S: Store>(bench: &Bench<S>) -> CenterLink {
    bench.enrol(&Laptop::new(1, PERSON), "Li Ming").await
}

/// What a hundred operations cost after a history: requests and bytes of the one who sends and of
/// the one who receives; and the bytes of the commits themselves.
async fn hundred_after(n: usize) -> ([(u64, u64); 2], u64) {
    let bench = bench::bench().await;
    let link = enrol(&bench).await;
    let mut writing = Writing::new(1, STUDY, PERSON, 1);
    let mut writer = Courier::new(STUDY, writing.write(n));
    let mut reader = Courier::new(STUDY, Vec::new());
    contact(&bench, &link, &mut writer).await;
    contact(&bench, &link, &mut reader).await;
    let more = writing.write(100);
    let n_bytes = more.iter().map(|frame| frame.encode().len() as u64).sum();
    writer.add(more);
    let sent = contact(&bench, &link, &mut writer).await;
    let received = contact(&bench, &link, &mut reader).await;
    assert_eq!(reader.n_received, n as u64 + 100);
    ([sent, received], n_bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_operations_take_two_requests_each_way_however_long_the_history() {
    let (short, n_bytes) = hundred_after(1_100).await;
    let (long, _) = hundred_after(6_000).await;
    for ((n_short, bytes_short), (n_long, bytes_long)) in short.into_iter().zip(long) {
        assert_eq!((n_short, n_long), (2, 2));
        assert!(bytes_long <= 2 * n_bytes, "{bytes_long} for {n_bytes}");
        // Numbers have more digits later, and that is all.
        assert!(bytes_long <= bytes_short + bytes_short / 50);
    }
}

/// The store, and how many statements it was asked for.
struct Watched {
    inner: SqliteStore,
    n_runs: Arc<Mutex<u64>>,
}

struct WatchedSql<'a> {
    inner: &'a mut dyn Sql,
    n_runs: &'a Mutex<u64>,
}

impl WatchedSql<'_> {
    fn count(&self, n: usize) {
        *self.n_runs.lock().unwrap() += n as u64;
    }
}

impl Sql for WatchedSql<'_> {
    // On PostgreSQL many rows are one copy.
    fn insert(&mut self, into: &'static Insert, rows: Vec<Values>) -> Result<(), StoreError> {
        self.count(1);
        self.inner.insert(into, rows)
    }

    fn execute_each(&mut self, sql: &'static str, each: Vec<Values>) -> Result<u64, StoreError> {
        self.count(each.len());
        self.inner.execute_each(sql, each)
    }

    fn query_each(
        &mut self,
        sql: &'static str,
        each: Vec<Values>,
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        self.count(each.len());
        self.inner.query_each(sql, each)
    }
}

impl Engine for Watched {
    const ABOUT: (&'static str, &'static str) = SqliteStore::ABOUT;

    fn run<T>(
        &self,
        around: Around,
        act: impl Fn(&mut dyn Sql) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.inner.run(around, |inner| {
            act(&mut WatchedSql {
                inner,
                n_runs: &self.n_runs,
            })
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_a_full_page_asks_the_database_as_often_as_sending_one_commit() {
    let n_runs = Arc::new(Mutex::new(0));
    let open = |dir: &std::path::Path| Watched {
        inner: sqlite(dir),
        n_runs: Arc::clone(&n_runs),
    };
    let bench = bench::start(open, TempDir::new().unwrap(), false).await;
    let link = enrol(&bench).await;
    let mut writing = Writing::new(1, STUDY, PERSON, 1);
    let mut writer = Courier::new(STUDY, writing.write(1));
    contact(&bench, &link, &mut writer).await;
    let mut costs = Vec::new();
    for n in [1, COMMITS_MAX] {
        writer.add(writing.write(n));
        *n_runs.lock().unwrap() = 0;
        assert_eq!(contact(&bench, &link, &mut writer).await.0, 2);
        costs.push(*n_runs.lock().unwrap());
    }
    assert_eq!(costs[0], costs[1]);
    assert!(costs[0] <= 17, "{costs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_with_their_laptops_are_one_statement_however_many_there_are() {
    let n_runs = Arc::new(Mutex::new(0));
    let open = |dir: &std::path::Path| Watched {
        inner: sqlite(dir),
        n_runs: Arc::clone(&n_runs),
    };
    let bench = bench::start(open, TempDir::new().unwrap(), false).await;
    bench.invite("Without a laptop", None);
    let mut costs = Vec::new();
    for (first, n) in [(1, 1), (2, 11)] {
        for seed in first..first + n {
            let name = format!("Account {seed}");
            bench
                .enrol(&Laptop::new(seed, &format!("p-{seed}")), &name)
                .await;
        }
        if costs.is_empty() {
            let all = Withdrawal::Devices;
            center::revoke(&*bench.store(), "Account 1", all, &*bench.around).unwrap();
        }
        *n_runs.lock().unwrap() = 0;
        let asker = Asker::Operator;
        let found = bench.store().accounts_with_laptops(asker).unwrap();
        costs.push(*n_runs.lock().unwrap());
        *n_runs.lock().unwrap() = 0;
        // The same as account by account.
        let accounts = bench.store().accounts(asker).unwrap();
        assert_eq!(found.len(), accounts.len());
        for ((account, laptops), known) in found.iter().zip(&accounts) {
            assert_eq!(account, known);
            let known = bench.store().devices(asker, Some(&account.user)).unwrap();
            assert_eq!(*laptops, known);
        }
    }
    assert_eq!(costs, [1, 1]);
}

/// The largest request and how many there were.
struct Largest {
    http: Http,
    n_requests: AtomicU64,
    n_bytes_max: AtomicU64,
}

impl Transport for Largest {
    async fn send(&self, request: Request) -> Result<Response, Offline> {
        self.n_requests.fetch_add(1, Ordering::Relaxed);
        let asked = request.body.len() as u64;
        let answer = self.http.send(request).await?;
        let n_bytes = asked.max(answer.body.len() as u64);
        self.n_bytes_max.fetch_max(n_bytes, Ordering::Relaxed);
        Ok(answer)
    }
}

/// Frames of a backlog: enough for some dozens of pages.
const BACKLOG: usize = 30_000;

#[tokio::test(flavor = "multi_thread")]
async fn f47_a_very_long_backlog_goes_in_pages_of_one_size_both_ways() {
    let bench = bench::bench().await;
    let link = enrol(&bench).await;
    let mut writing = Writing::new(1, STUDY, PERSON, 1);
    let mut writer = Courier::new(STUDY, writing.write(BACKLOG));
    let mut reader = Courier::new(STUDY, Vec::new());
    for courier in [&mut writer, &mut reader] {
        let largest = Largest {
            http: bench.http(&link),
            n_requests: AtomicU64::new(0),
            n_bytes_max: AtomicU64::new(0),
        };
        let outcome = sync::round(&largest, &link, courier, &*bench.around).await;
        let outcome = outcome.unwrap();
        assert_eq!((outcome.note, outcome.waiting), (Note::Done, 0));
        // A page's limit, and what a head adds to it: whatever waits, no more is in memory at once.
        let n_bytes = largest.n_bytes_max.into_inner();
        assert!(
            n_bytes <= 2 * sync::body::PAGE_BYTES as u64,
            "{n_bytes} bytes at once"
        );
        let n_pages = BACKLOG.div_ceil(COMMITS_MAX) as u64;
        assert!(largest.n_requests.into_inner() >= n_pages);
    }
    assert_eq!(reader.n_received, BACKLOG as u64);
}
