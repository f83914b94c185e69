//! Laptops and a crashing center in one simulated network: everything converges, nothing is lost.

use crate::bench::{Around, enrol_over, sqlite};
use crate::laptop::Laptop;
use center::{Center, Hand, Identity, Listen, Role, Work, admin, launch};
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use sync::http::{Dial, Stream};
use sync::{Address, Backoff, CenterLink, Http, Offline, Surroundings};
use tempfile::TempDir;
use turmoil::net::{TcpListener, TcpStream};

const SEEDS: u64 = 24;
const N_LAPTOPS: usize = 3;
const N_EDITS: usize = 25;
const STUDIES: [&str; 2] = ["s1", "s2"];
/// Simulated time with faults, and after it without. Units: steps of 10 ms.
const STEPS_OF_CHAOS: usize = 2_000;
const STEPS_MAX: usize = 30_000;

struct SimListener(TcpListener);

impl Listen for SimListener {
    type Io = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        self.0.accept().await
    }
}

pub(crate) struct SimDial;

impl Dial for SimDial {
    async fn dial(&self) -> Result<Box<dyn Stream>, Offline> {
        let stream = TcpStream::connect(("center", 80))
            .await
            .map_err(|_| Offline::Unreachable)?;
        Ok(Box::new(stream))
    }
}

/// Memory instead of a disk where there is one: the file system is not what is tested here.
pub(crate) fn folder() -> TempDir {
    TempDir::new_in("/dev/shm")
        .or_else(|_| TempDir::new())
        .expect("a folder")
}

/// Enrols the laptops and opens the studies on a real connection, before the weather turns bad.
pub(crate) fn prepare(dir: &Path, around: &Arc<Around>) -> Vec<(Laptop, CenterLink)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Arc::new(sqlite(dir));
        let identity = Identity::open(dir, &**around).unwrap();
        let shared: Arc<dyn Surroundings> = around.clone();
        let key = Identity::open(dir, &**around).unwrap();
        let center = Center::new(Arc::clone(&store), key, shared, Work::Inline).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(launch(listener, center, None, pending()));
        let mut list = Vec::new();
        for n in 0..N_LAPTOPS {
            let mut laptop = Laptop::new(n as u8 + 1, &format!("p-{n}"));
            let name = format!("Person {n}");
            let code = admin::invite(&*store, &identity, &name, None, &**around).unwrap();
            let http = Http::new(Address::parse(&url).unwrap(), code.pin());
            let link = enrol_over(&http, &url, &laptop, &code, around)
                .await
                .unwrap();
            if n == 0 {
                for study in STUDIES {
                    laptop.set(study, "phase", "first");
                }
                sync::round(&http, &link, &mut laptop, &**around)
                    .await
                    .unwrap();
            }
            for study in STUDIES {
                let hand = Hand {
                    identity: &identity,
                    around: &**around,
                };
                admin::grant(&*store, study, &name, Some(Role::Coordinator), hand).unwrap();
            }
            list.push((laptop, link));
        }
        server.abort();
        list
    })
}

/// What the laptops and the weather know of each other.
struct Shared {
    laptops: Vec<Mutex<Laptop>>,
    calm: AtomicBool,
    rested: AtomicUsize,
    n_ready: AtomicUsize,
    n_rounds: AtomicUsize,
    n_offline: AtomicUsize,
}

impl Shared {
    /// Notes that a laptop has nothing left to do; whether all of them have.
    fn all_rest(&self, n: usize) -> bool {
        self.rested.fetch_or(1 << n, Ordering::Relaxed);
        self.rested.load(Ordering::Relaxed).count_ones() as usize == N_LAPTOPS
    }
}

async fn live(n: usize, link: CenterLink, shared: Arc<Shared>, around: Arc<Around>) {
    let mut laptop = shared.laptops[n].lock().unwrap().clone();
    let http = Http::over(SimDial, "center".to_owned(), String::new());
    let mut backoff = Backoff::default();
    let mut n_edits = 0;
    let mut n_quiet = 0;
    loop {
        let is_calm = shared.calm.load(Ordering::Relaxed);
        while n_edits < N_EDITS && (is_calm || around.below(2) == 0) {
            n_edits += 1;
            let study = STUDIES[around.below(STUDIES.len() as u64) as usize];
            laptop.set(
                study,
                &format!("f{}", around.below(4)),
                &format!("{n} {n_edits}"),
            );
        }
        let outcome = sync::round(&http, &link, &mut laptop, &*around).await;
        let pause = match outcome {
            Ok(outcome) if outcome.note.is_trouble() => {
                shared.n_offline.fetch_add(1, Ordering::Relaxed);
                n_quiet = 0;
                let pause = backoff.fail(&*around);
                if is_calm {
                    pause.min(Duration::from_secs(2))
                } else {
                    pause
                }
            }
            Ok(outcome) => {
                backoff.reset();
                let is_quiet = is_calm && outcome.sent + outcome.received + outcome.waiting == 0;
                n_quiet = if is_quiet { n_quiet + 1 } else { 0 };
                Duration::from_millis(200 + around.below(800))
            }
            // A laptop that noticed a fault of its own store stops; the comparison will tell.
            Err(error) => {
                println!("laptop {n} stops: {error}");
                shared.all_rest(n);
                break;
            }
        };
        shared.n_rounds.fetch_add(1, Ordering::Relaxed);
        *shared.laptops[n].lock().unwrap() = laptop.clone();
        // Quiet for longer than any pause of the others, but for one that began in the chaos.
        if n_quiet > 8 && shared.all_rest(n) {
            break;
        }
        tokio::time::sleep(pause).await;
    }
    *shared.laptops[n].lock().unwrap() = laptop;
    shared.n_ready.fetch_add(1, Ordering::Relaxed);
}

struct Report {
    n_crashes: usize,
    n_rounds: usize,
    n_offline: usize,
}

/// Runs one simulation; says what is wrong at its end.
fn simulate(seed: u64, skips_one: bool) -> Result<Report, String> {
    let dir = folder();
    let around = Arc::new(Around::new(seed.wrapping_mul(0x1_0001)));
    let mut prepared = prepare(dir.path(), &around);
    if skips_one {
        prepared[2].0.skips_one = true;
        prepared[2].0.keeps_digest = false;
    }
    let links: Vec<CenterLink> = prepared.iter().map(|(_, link)| link.clone()).collect();
    let shared = Arc::new(Shared {
        laptops: prepared
            .into_iter()
            .map(|(laptop, _)| Mutex::new(laptop))
            .collect(),
        calm: AtomicBool::new(false),
        rested: AtomicUsize::new(0),
        n_ready: AtomicUsize::new(0),
        n_rounds: AtomicUsize::new(0),
        n_offline: AtomicUsize::new(0),
    });
    let n_crashes = run_sim(seed, dir.path(), &links, &shared, &around)?;
    let laptops: Vec<Laptop> = shared
        .laptops
        .iter()
        .map(|l| l.lock().unwrap().clone())
        .collect();
    compare(dir.path(), &links[0], &laptops, &around)?;
    let count = |n: &AtomicUsize| n.load(Ordering::Relaxed);
    Ok(Report {
        n_crashes,
        n_rounds: count(&shared.n_rounds),
        n_offline: count(&shared.n_offline),
    })
}

/// The center's program in the simulated network.
pub(crate) async fn serve_in(home: PathBuf, clock: Arc<Around>) -> turmoil::Result {
    let identity = Identity::open(&home, &*clock)?;
    let center = Center::new(Arc::new(sqlite(&home)), identity, clock, Work::Inline)?;
    let listener = TcpListener::bind(("0.0.0.0", 80)).await?;
    launch(SimListener(listener), center, None, pending()).await;
    Ok(())
}

fn run_sim(
    seed: u64,
    dir: &Path,
    links: &[CenterLink],
    shared: &Arc<Shared>,
    around: &Arc<Around>,
) -> Result<usize, String> {
    let mut sim = turmoil::Builder::new()
        .rng_seed(seed)
        .tick_duration(Duration::from_millis(10))
        .simulation_duration(Duration::from_secs(3600))
        .min_message_latency(Duration::from_millis(5))
        .max_message_latency(Duration::from_millis(400))
        .enable_random_order()
        .build();
    let (home, clock): (PathBuf, Arc<Around>) = (dir.to_owned(), Arc::clone(around));
    sim.host("center", move || serve_in(home.clone(), Arc::clone(&clock)));
    let name = |n: usize| format!("laptop{n}");
    for (n, link) in links.iter().enumerate() {
        let (link, shared, around) = (link.clone(), Arc::clone(shared), Arc::clone(around));
        sim.client(name(n), async move {
            live(n, link, shared, around).await;
            Ok(())
        });
    }
    // A separate sequence, so that the weather does not depend on what the laptops draw.
    let weather = Around::new(seed ^ 0xdead_beef);
    let (mut n_crashes, mut is_down) = (0, false);
    for step in 0..STEPS_MAX {
        if step < STEPS_OF_CHAOS {
            let laptop = name(weather.below(N_LAPTOPS as u64) as usize);
            match weather.below(500) {
                0..=4 => {
                    n_crashes += 1;
                    sim.crash("center");
                    is_down = true;
                }
                5..=14 if is_down => {
                    sim.bounce("center");
                    is_down = false;
                }
                15..=17 => sim.partition(laptop.as_str(), "center"),
                18 => sim.partition_oneway(laptop.as_str(), "center"),
                19 => sim.partition_oneway("center", laptop.as_str()),
                20..=34 => sim.repair(laptop.as_str(), "center"),
                _ => {}
            }
        } else if step == STEPS_OF_CHAOS {
            if is_down {
                sim.bounce("center");
            }
            (0..N_LAPTOPS).for_each(|n| sim.repair(name(n).as_str(), "center"));
            shared.calm.store(true, Ordering::Relaxed);
        }
        let is_over = sim.step().map_err(|error| format!("simulation: {error}"))?;
        if is_over || shared.n_ready.load(Ordering::Relaxed) == N_LAPTOPS {
            return Ok(n_crashes);
        }
    }
    Err("the laptops do not come to rest".to_owned())
}

/// All laptops and the center hold the same, and every value that anybody wrote is there.
fn compare(
    dir: &Path,
    link: &CenterLink,
    laptops: &[Laptop],
    around: &Arc<Around>,
) -> Result<(), String> {
    let fresh = read_all(dir, link, around)?;
    for (n, laptop) in laptops.iter().enumerate() {
        if laptop.digest() != fresh.digest() {
            return Err(format!("laptop {n} differs from the center"));
        }
    }
    let all = fresh.all_values();
    let mut n_written = 0;
    for laptop in laptops {
        n_written += laptop.written.len();
        if let Some(lost) = laptop.written.iter().find(|value| !all.contains(*value)) {
            return Err(format!("the value {lost:?} is lost"));
        }
    }
    let n_rows: usize = fresh.streams.values().map(|local| local.rows.len()).sum();
    if n_rows != n_written {
        return Err(format!("{n_written} edits became {n_rows} commits"));
    }
    for local in fresh.streams.values() {
        let sseqs: Vec<u64> = local.rows.iter().filter_map(|row| row.sseq).collect();
        if sseqs != (1..=sseqs.len() as u64).collect::<Vec<_>>() {
            return Err("the center's numbers have a gap".to_owned());
        }
    }
    Ok(())
}

/// What the center holds, read by a laptop that holds nothing.
fn read_all(dir: &Path, link: &CenterLink, around: &Arc<Around>) -> Result<Laptop, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let identity = Identity::open(dir, &**around).unwrap();
        let shared: Arc<dyn Surroundings> = around.clone();
        let center = Center::new(Arc::new(sqlite(dir)), identity, shared, Work::Inline).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(launch(listener, center, None, pending()));
        let link = CenterLink {
            url,
            ..link.clone()
        };
        let http = Http::to(&link).unwrap();
        let mut fresh = Laptop::new(200, "p-fresh");
        let outcome = sync::round(&http, &link, &mut fresh, &**around).await;
        server.abort();
        match outcome {
            Ok(outcome) if !outcome.note.is_trouble() => Ok(fresh),
            other => Err(format!("the center cannot be read: {other:?}")),
        }
    })
}

#[test]
fn f37_f38_laptops_and_a_crashing_center_converge() {
    let (mut n_crashes, mut n_rounds, mut n_offline) = (0, 0, 0);
    for seed in 0..SEEDS {
        match simulate(seed, false) {
            Ok(report) => {
                n_crashes += report.n_crashes;
                n_rounds += report.n_rounds;
                n_offline += report.n_offline;
            }
            Err(wrong) => panic!("seed {seed}: {wrong}"),
        }
    }
    println!("{SEEDS} seeds: {n_crashes} crashes, {n_rounds} contacts, {n_offline} in vain");
    // The weather was bad indeed.
    assert!(n_crashes > SEEDS as usize * 5 && n_offline > SEEDS as usize * 5);
}

#[test]
fn f39_a_connection_that_says_nothing_is_closed() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let dir = folder();
    let mut sim = turmoil::Builder::new()
        .simulation_duration(Duration::from_secs(60))
        .build();
    let home = dir.path().to_owned();
    sim.host("center", move || {
        serve_in(home.clone(), Arc::new(Around::new(1)))
    });
    for (name, begins_with) in [
        ("silent", ""),
        ("slow", "GET /v1/me HTTP/1.1\r\nhost: x\r\n"),
    ] {
        sim.client(name, async move {
            let mut stream = TcpStream::connect(("center", 80)).await?;
            stream.write_all(begins_with.as_bytes()).await?;
            let mut rest = Vec::new();
            let closed = stream.read_to_end(&mut rest);
            tokio::time::timeout(Duration::from_secs(20), closed)
                .await
                .expect("closed")
                .ok();
            Ok(())
        });
    }
    sim.run().unwrap();
}

#[test]
fn a_planted_fault_is_found() {
    for seed in 0..3 {
        let found = simulate(seed, true).err();
        println!("seed {seed}: {found:?}");
        assert!(
            found.is_some(),
            "seed {seed}: the cursor skipped a commit unnoticed"
        );
    }
}
