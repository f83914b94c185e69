//! Several replicas on one PostgreSQL database: nothing skipped, doubled or lost.

use crate::bench::{Around, enrol_over};
use crate::cluster::{Cluster, cluster};
use crate::laptop::Laptop;
use crate::program::{Serving, last_line, now_ms, run_with, serve_with};
use center::{PostgresStore, Store};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use sync::{Address, CenterLink, Code, Http, Note};
use tempfile::TempDir;

const STUDY: &str = "s1";
const N_REPLICAS: usize = 3;
const N_WRITERS: u8 = 4;

/// Every seventh commit becomes visible late, so that a later number could overtake it.
const LATE: &str = "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$;
    CREATE TRIGGER late AFTER INSERT ON commits FOR EACH ROW WHEN (NEW.seq % 7 = 3)
    EXECUTE FUNCTION late()";

/// Replicas as processes of their own, each with the same key.
struct Replicas {
    data: TempDir,
    address: String,
    running: Vec<Serving>,
}

impl Replicas {
    fn start(address: String) -> Self {
        let data = TempDir::new().unwrap();
        let mut replicas = Self {
            data,
            address,
            running: Vec::new(),
        };
        for _ in 0..N_REPLICAS {
            let serving = replicas.serve("127.0.0.1:0");
            replicas.running.push(serving);
        }
        replicas
    }

    fn serve(&self, listen: &str) -> Serving {
        serve_with(self.data.path(), listen, Some(&self.address))
    }

    fn urls(&self) -> Vec<String> {
        self.running
            .iter()
            .map(|serving| serving.1.clone())
            .collect()
    }

    /// Kills a replica as a power cut would and starts it again at the same address.
    fn kill(&mut self, n: usize) {
        let url = self.running[n].1.clone();
        let listen = url.trim_start_matches("http://").to_owned();
        let old = self.running.remove(n);
        drop(old);
        let new = self.serve(&listen);
        assert_eq!(new.1, url);
        self.running.insert(n, new);
    }

    async fn enrol(&self, laptop: &Laptop, around: &Around) -> CenterLink {
        let invited = run_with(
            &["invite", "--user", "Li Ming"],
            self.data.path(),
            Some(&self.address),
        );
        let code = Code::parse(&last_line(&invited)).unwrap();
        let url = &self.running[0].1;
        let http = Http::new(Address::parse(url).unwrap(), code.pin());
        enrol_over(&http, url, laptop, &code, around).await.unwrap()
    }
}

fn clock() -> Arc<Around> {
    let around = Around::new(5);
    around.now_ms.store(now_ms(), Ordering::Relaxed);
    Arc::new(around)
}

/// One contact with one replica; whether it went through to its end.
async fn contact(laptop: &mut Laptop, link: &CenterLink, url: &str, around: &Around) -> bool {
    let pin = link.recognised_by().unwrap();
    let http = Http::new(Address::parse(url).unwrap(), pin);
    let outcome = sync::round(&http, link, laptop, around).await.unwrap();
    outcome.note == Note::Done && outcome.waiting == 0
}

/// Contacts one replica after the other until one answers to the end.
async fn settle(laptop: &mut Laptop, link: &CenterLink, urls: &[String], around: &Around) {
    let begun = Instant::now();
    for url in urls.iter().cycle() {
        if contact(laptop, link, url, around).await {
            return;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "no replica answers"
        );
        tokio::task::yield_now().await;
    }
}

async fn check_numbers(cluster: &Cluster, address: &str, n: i64) {
    let all = "SELECT count(*) FROM commits";
    assert_eq!(cluster.number(address, all).await, n, "lost or doubled");
    // Gap-free from one on.
    let last = "SELECT max(sseq) FROM commits";
    assert_eq!(cluster.number(address, last).await, n);
    let next = "SELECT next_sseq FROM streams";
    assert_eq!(cluster.number(address, next).await, n + 1);
}

/// How long processes are killed, one each second, when this runs on its own
/// (`cargo xtask soak cluster`). Units: seconds.
fn soak_seconds() -> Option<u64> {
    std::env::var("PIDESK_SOAK").ok()?.parse().ok()
}

/// The same every day. Units: seconds.
const SECONDS: u64 = 5;
/// In a soak every so-manieth kill is of one of the database's own processes: all its connections
/// end, and it recovers from its log. Every day others use the same database server.
const DATABASE_EACH: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f58_f59_four_writers_on_three_replicas_that_are_killed_lose_nothing() {
    let Some(cluster) = cluster() else { return };
    let address = cluster.database().await;
    let mut replicas = Replicas::start(address.clone());
    cluster.execute(&address, LATE).await;
    let around = clock();
    let mut first = Laptop::new(N_WRITERS + 1, "p-reader");
    let link = replicas.enrol(&first, &around).await;
    first.set(STUDY, "phase", "begun");
    settle(&mut first, &link, &replicas.urls(), &around).await;

    let is_over = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for n in 1..=N_WRITERS {
        let mut laptop = Laptop::new(n, &format!("p-{n}"));
        let link = replicas.enrol(&laptop, &around).await;
        let (urls, around) = (replicas.urls(), Arc::clone(&around));
        let is_over = Arc::clone(&is_over);
        writers.push(tokio::spawn(async move {
            let mut i = usize::from(n);
            while !is_over.load(Ordering::Relaxed) {
                for _ in 0..3 {
                    laptop.set(STUDY, &format!("f{}", i % 5), &format!("{n}-{i}"));
                    i += 1;
                }
                // Another replica each time; a failed contact is gone on with at the next one.
                contact(&mut laptop, &link, &urls[i % urls.len()], &around).await;
            }
            (laptop, link)
        }));
    }
    // A reader that follows by its cursor alone, while everything happens: a number that became
    // visible after a later one would be missing here for ever.
    let reading = {
        let (urls, around) = (replicas.urls(), Arc::clone(&around));
        let is_over = Arc::clone(&is_over);
        tokio::spawn(async move {
            let mut i = 0;
            while !is_over.load(Ordering::Relaxed) {
                contact(&mut first, &link, &urls[i % urls.len()], &around).await;
                i += 1;
            }
            (first, link)
        })
    };
    let killing = address.clone();
    let replicas = tokio::task::spawn_blocking(move || {
        let seconds = Duration::from_secs(soak_seconds().unwrap_or(SECONDS));
        let begun = Instant::now();
        let mut n_kills = 0;
        while begun.elapsed() < seconds {
            std::thread::sleep(Duration::from_secs(1));
            if soak_seconds().is_some() && n_kills % DATABASE_EACH == DATABASE_EACH - 1 {
                let handle = tokio::runtime::Handle::current();
                handle.block_on(cluster.crash(&killing));
            } else {
                replicas.kill(n_kills % N_REPLICAS);
            }
            n_kills += 1;
        }
        assert!(n_kills > 0);
        println!("{n_kills} processes were killed");
        replicas
    })
    .await
    .unwrap();
    is_over.store(true, Ordering::Relaxed);

    let urls = replicas.urls();
    let mut laptops = vec![reading.await.unwrap()];
    for writer in writers {
        laptops.push(writer.await.unwrap());
    }
    for _ in 0..2 {
        for (laptop, link) in &mut laptops {
            settle(laptop, link, &urls, &around).await;
        }
    }
    let written: BTreeSet<String> = laptops
        .iter()
        .flat_map(|(l, _)| l.written.clone())
        .collect();
    let digest = laptops[0].0.digest();
    for (laptop, _) in &laptops {
        assert_eq!(laptop.digest(), digest);
        assert_eq!(laptop.all_values(), written);
        let local = &laptop.streams[STUDY];
        let numbers: Vec<u64> = {
            let mut numbers: Vec<u64> = local.rows.iter().filter_map(|row| row.sseq).collect();
            numbers.sort_unstable();
            numbers
        };
        assert_eq!(numbers, (1..=written.len() as u64).collect::<Vec<_>>());
    }
    assert!(written.len() > 50, "{} commits in all", written.len());
    check_numbers(cluster, &address, written.len() as i64).await;
    println!("{} commits by {N_WRITERS} writers", written.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_is_woken_by_what_another_took() {
    let Some(cluster) = cluster() else { return };
    let address = cluster.database().await;
    let open = || PostgresStore::open(&address, "first-life").unwrap();
    let (one, other) = (open(), open());
    let (woken, wakes) = std::sync::mpsc::channel();
    let wake = move || {
        // Nobody waits any more when the test is over.
        let _ = woken.send(());
    };
    Store::listen(&other, Box::new(wake));
    // That it listens now.
    wakes.recv_timeout(Duration::from_secs(20)).unwrap();
    one.set_epoch("second-life", 1).unwrap();
    wakes.recv_timeout(Duration::from_secs(20)).unwrap();
    assert_eq!(other.epoch().unwrap(), "second-life");
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_start_at_once_make_the_tables_once() {
    let Some(cluster) = cluster() else { return };
    let address = cluster.database().await;
    let starts: Vec<_> = (0..6)
        .map(|n| {
            let address = address.clone();
            std::thread::spawn(move || {
                let store = PostgresStore::open(&address, &format!("life-{n}")).unwrap();
                store.epoch().unwrap()
            })
        })
        .collect();
    let epochs: BTreeSet<String> = starts.into_iter().map(|s| s.join().unwrap()).collect();
    assert_eq!(epochs.len(), 1);
    assert_eq!(
        cluster
            .number(&address, "SELECT max(n) - count(*) FROM steps")
            .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn f60_connections_that_the_database_ended_are_made_anew() {
    let Some(cluster) = cluster() else { return };
    let address = cluster.database().await;
    let store = PostgresStore::open(&address, "first-life").unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE application_name = 'pidesk-center' AND datname = current_database()";
    for n in 0..3 {
        cluster.execute(&address, end).await;
        assert_eq!(store.epoch().unwrap().len(), "first-life".len());
        cluster.execute(&address, end).await;
        store.set_epoch(&format!("first-lif{n}"), 1).unwrap();
    }
}
