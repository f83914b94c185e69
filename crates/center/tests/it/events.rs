//! What a listening laptop hears, over real connections and in simulated time.

use crate::bench::{Around, Bench, bench, sqlite, start};
#[cfg(unix)]
use crate::cluster::cluster;
use crate::laptop::Laptop;
use crate::sim::{SimDial, folder, prepare, serve_in};
#[cfg(unix)]
use center::PostgresStore;
use center::store::Withdrawal;
use center::{Role, Store, admin};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use sync::exchange::Failure;
use sync::http::Flowing;
use sync::seal;
use sync::wire::{HEADER_NONCE, HEADER_PROTOCOL, Hint};
use sync::{CenterLink, Http, Listener, Request};
use tempfile::TempDir;

const STUDY: &str = "s1";
const NONCE: &str = "00112233445566778899aabbccddeeff";
/// Longer than anything here takes, shorter than a long poll. Units: seconds.
const SOON: u64 = 20;

/// A laptop's ear, taken apart: every hint, checked and in order.
struct Ear {
    flowing: Flowing,
    key: ledger::PublicKey,
    text: String,
    n: u64,
}

async fn ear<S: Store>(bench: &Bench<S>, link: &CenterLink) -> Ear {
    ear_at(&bench.http(link), link).await
}

async fn ear_at(http: &Http, link: &CenterLink) -> Ear {
    let request = Request {
        method: "GET",
        path: "/v1/events".to_owned(),
        headers: vec![
            (HEADER_PROTOCOL, "1".to_owned()),
            (HEADER_NONCE, NONCE.to_owned()),
            ("authorization", format!("Bearer {}", link.token)),
        ],
        body: Vec::new(),
        timeout_ms: 10_000,
    };
    let flowing = http.flow(&request).await.unwrap();
    assert_eq!(flowing.head.header("content-type"), "text/event-stream");
    assert_eq!(flowing.head.header("cache-control"), "no-store");
    Ear {
        flowing,
        key: link.key().unwrap(),
        text: String::new(),
        n: 0,
    }
}

impl Ear {
    /// The next hint; `None` when the stream ends in order.
    async fn hint(&mut self) -> Option<Hint> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                let Some(data) = block.strip_prefix(&format!("id: {}\ndata: ", self.n + 1)) else {
                    assert_eq!(block, ": ");
                    continue;
                };
                self.n += 1;
                let (said, sealed) = data.split_once("\ndata: ").unwrap();
                seal::verify_event(&self.key, sealed, NONCE, (self.n, said)).unwrap();
                return Some(serde_json::from_str(said).unwrap());
            }
            let part = tokio::time::timeout(Duration::from_secs(SOON), self.flowing.part());
            let part = part.await.expect("heard in time").expect("no break")?;
            self.text.push_str(std::str::from_utf8(&part).unwrap());
        }
    }

    /// Hints up to the next word that all was said.
    async fn news(&mut self) -> Vec<Hint> {
        let mut hints = Vec::new();
        loop {
            match self.hint().await.expect("the stream goes on") {
                Hint::Now { .. } => return hints,
                hint => hints.push(hint),
            }
        }
    }
}

fn member(role: Option<&str>) -> Hint {
    Hint::Member {
        stream: STUDY.to_owned(),
        role: role.map(str::to_owned),
    }
}

fn head(head: u64) -> Hint {
    Hint::Stream {
        stream: STUDY.to_owned(),
        head,
    }
}

async fn every_hint<S: Store>(mut bench: Bench<S>) {
    let (mut a, b) = (Laptop::new(1, "p-a"), Laptop::new(2, "p-b"));
    let a_link = bench.enrol(&a, "Li Ming").await;
    let b_link = bench.enrol(&b, "Wang Fang").await;
    let mut ear = ear(&bench, &b_link).await;
    assert_eq!(ear.news().await, []);

    a.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut a, &a_link).await;
    bench.grant(STUDY, "Wang Fang", Role::Reader);
    assert_eq!(ear.news().await, [member(Some("reader")), head(1)]);
    a.set(STUDY, "phase", "PHASE2");
    bench.sync(&mut a, &a_link).await;
    assert_eq!(ear.news().await, [head(2)]);
    bench.grant(STUDY, "Wang Fang", Role::Coordinator);
    assert_eq!(ear.news().await, [member(Some("coordinator"))]);
    bench.set_role(STUDY, "Wang Fang", None).unwrap();
    assert_eq!(ear.news().await, [member(None)]);

    // Another life of the data is news, too.
    admin::renew_epoch(&*bench.store(), &*bench.around).unwrap();
    assert_eq!(ear.news().await, []);

    // A withdrawn laptop is told so and hears nothing more.
    let (dev, around) = (b.id(), Arc::clone(&bench.around));
    let what = Withdrawal::Device(&dev);
    admin::revoke(&*bench.store(), "Wang Fang", what, &*around).unwrap();
    assert_eq!(ear.news().await, [Hint::Revoked]);
    assert_eq!(ear.hint().await, None);

    // Who listens when the center ends hears the end, not a break.
    let mut ear = self::ear(&bench, &a_link).await;
    assert_eq!(ear.news().await, []);
    let (end, ()) = tokio::join!(ear.hint(), bench.stop());
    assert_eq!(end, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listening_laptop_hears_every_kind_of_hint_on_sqlite() {
    every_hint(bench().await).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_listening_laptop_hears_every_kind_of_hint_on_postgres() {
    let Some(cluster) = cluster() else { return };
    let address = cluster.database().await;
    let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
    every_hint(start(open, TempDir::new().unwrap(), false).await).await;
}

async fn heard_at_another_replica<S: Store>(open: impl Fn(&Path) -> S + Copy) {
    let bench = start(open, TempDir::new().unwrap(), false).await;
    let other = bench.replica(open).await;
    let mut a = Laptop::new(1, "p-a");
    let link = bench.enrol(&a, "Li Ming").await;
    let elsewhere = CenterLink {
        url: other,
        ..link.clone()
    };
    let mut ear = ear_at(&Http::to(&elsewhere).unwrap(), &elsewhere).await;
    assert_eq!(ear.news().await, []);
    a.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut a, &link).await;
    assert_eq!(ear.news().await, [member(Some("pi")), head(1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_to_one_replica_is_heard_at_another() {
    heard_at_another_replica(sqlite).await;
    #[cfg(unix)]
    if let Some(cluster) = cluster() {
        let address = cluster.database().await;
        heard_at_another_replica(|_| PostgresStore::open(&address, "first-life").unwrap()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_a_laptop_hears_events_and_wakes() {
    let bench = crate::bench::bench_tls().await;
    let (mut a, mut b) = (Laptop::new(1, "p-a"), Laptop::new(2, "p-b"));
    let a_link = bench.enrol(&a, "Li Ming").await;
    let b_link = bench.enrol(&b, "Li Ming").await;
    a.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut a, &a_link).await;
    let mark = bench.round(&mut b, &b_link).await.mark.unwrap();
    let mut listener = Listener::new(bench.http(&b_link));
    // One that was dropped while it waited goes on where it was.
    let again = Duration::from_millis(50);
    let quiet = listener.news(&b_link, &mark, &*bench.around);
    assert!(tokio::time::timeout(again, quiet).await.is_err());
    let writing = async {
        a.set(STUDY, "phase", "PHASE2");
        bench.sync(&mut a, &a_link).await;
    };
    let news = listener.news(&b_link, &mark, &*bench.around);
    let both = async { tokio::join!(news, writing) };
    let both = tokio::time::timeout(Duration::from_secs(SOON), both).await;
    both.expect("woken").0.unwrap();
    assert!(listener.hears_events());
    assert_eq!(bench.sync(&mut b, &b_link).await, (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_hear_nothing() {
    let bench = bench().await;
    let laptop = Laptop::new(1, "p-a");
    let link = bench.enrol(&laptop, "Li Ming").await;
    let stranger = CenterLink {
        token: "no such token".to_owned(),
        ..link
    };
    let mut listener = Listener::new(bench.http(&stranger));
    let heard = listener.news(&stranger, "m", &*bench.around).await;
    let unknown = Failure::Refused(sync::Problem::UnknownDevice);
    assert_eq!(heard, Err(unknown));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_stream_of_one_laptop_ends_its_first() {
    let bench = bench().await;
    let laptop = Laptop::new(1, "p-a");
    let link = bench.enrol(&laptop, "Li Ming").await;
    let mut ears = Vec::new();
    for _ in 0..3 {
        let mut one = ear(&bench, &link).await;
        assert_eq!(one.news().await, []);
        ears.push(one);
    }
    assert_eq!(ears[0].hint().await, None);
    let mut laptop = laptop;
    laptop.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut laptop, &link).await;
    for one in &mut ears[1..] {
        assert_eq!(one.news().await, [member(Some("pi")), head(1)]);
    }
}

/// Simulated: a laptop listens while `weather` happens; how long until it noticed anything.
fn listens_in(weather: impl FnOnce(&mut turmoil::Sim<'_>)) -> (Result<(), Failure>, Duration) {
    let dir = folder();
    let around = Arc::new(Around::new(3));
    let (_, link) = prepare(dir.path(), &around).remove(0);
    let mut sim = turmoil::Builder::new()
        .tick_duration(Duration::from_millis(10))
        .simulation_duration(Duration::from_secs(600))
        .build();
    let (home, clock) = (dir.path().to_owned(), Arc::clone(&around));
    sim.host("center", move || serve_in(home.clone(), Arc::clone(&clock)));
    let noticed = Arc::new(std::sync::Mutex::new(None));
    let told = Arc::clone(&noticed);
    sim.client("laptop", async move {
        let http = || Http::over(SimDial, "center".to_owned(), String::new());
        let mut laptop = Laptop::new(1, "p-0");
        let outcome = sync::round(&http(), &link, &mut laptop, &*around).await?;
        let mark = outcome.mark.expect("a mark");
        let mut listener = Listener::new(http());
        let begun = tokio::time::Instant::now();
        let news = listener.news(&link, &mark, &*around).await;
        *told.lock().unwrap() = Some((news, begun.elapsed()));
        Ok(())
    });
    // Long enough for the first word and a beat.
    for _ in 0..1_500 {
        sim.step().unwrap();
    }
    assert!(noticed.lock().unwrap().is_none(), "it listens");
    weather(&mut sim);
    sim.run().unwrap();
    let noticed = noticed.lock().unwrap().take();
    noticed.expect("noticed")
}

#[test]
fn beats_keep_a_quiet_stream_open_until_there_is_something_to_say() {
    let (heard, after) = listens_in(|sim| {
        for _ in 0..12_000 {
            sim.step().unwrap();
        }
        sim.crash("center");
    });
    // Two minutes without a word of news, and not taken for a silence.
    assert!(
        heard.is_err() && after > Duration::from_secs(130),
        "{after:?}"
    );
}

#[test]
fn a_connection_that_broke_unnoticed_is_found_within_half_a_minute() {
    let (heard, after) = listens_in(|sim| sim.partition("laptop", "center"));
    // It listened for 15 seconds; then silence, and a new connection that does not come about.
    assert!(matches!(&heard, Err(Failure::Offline(_))), "{heard:?}");
    assert!(after < Duration::from_secs(15 + 30 + 11), "{after:?}");
}
