//! Two hundred laptops that come back at the same moment, and what the program needs of memory.

use crate::bench::{Around, enrol_over};
use crate::cluster::cluster;
use crate::laptop::Laptop;
use crate::program::{Serving, last_line, now_ms, run_with, serve_with};
use center::Role;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use sync::{Address, CenterLink, Code, Http, Note};
use tempfile::TempDir;

const N_LAPTOPS: usize = 200;
/// How many work on one study.
const N_MEMBERS: usize = 5;
const N_EDITS: usize = 20;
/// How many enrol at one replica: it lets an address without a token ask forty times at once.
const N_ENROLLED: usize = 15;
/// Most memory of the serving program meanwhile. Units: KiB.
const PEAK_KIB_MAX: u64 = 128 * 1024;
/// Most memory of one that has nothing to do. Units: KiB. Source: faults-and-bars P12.
const IDLE_KIB_MAX: u64 = 30 * 1024;

/// A number of a process's own account of its memory. Units: KiB.
fn memory(serving: &Serving, file: &str, key: &str) -> u64 {
    let path = format!("/proc/{}/{file}", serving.pid());
    let text = std::fs::read_to_string(path).unwrap();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Laptop and connection of one person.
struct Desk {
    laptop: Laptop,
    link: CenterLink,
    study: String,
}

struct Center {
    data: TempDir,
    address: String,
    serving: Serving,
    around: Arc<Around>,
}

impl Center {
    fn order(&self, args: &[&str]) -> String {
        last_line(&run_with(args, self.data.path(), Some(&self.address)))
    }

    /// Enrols a person's laptop by way of a replica.
    async fn enrol(&self, n: usize, door: &Serving) -> Desk {
        let laptop = Laptop::new(n as u8, &format!("p-{n}"));
        let code = self.order(&["invite", "--user", &format!("Person {n}")]);
        let code = Code::parse(&code).unwrap();
        let http = Http::new(Address::parse(&door.1).unwrap(), code.pin());
        let link = enrol_over(&http, &door.1, &laptop, &code, &self.around);
        Desk {
            link: CenterLink {
                url: self.serving.1.clone(),
                ..link.await.unwrap()
            },
            laptop,
            study: format!("study-{}", n / N_MEMBERS),
        }
    }
}

/// One contact, and how long it took. Nothing may stand in its way and nothing be left.
async fn contact(desk: &mut Desk, around: &Around) -> Duration {
    let begun = Instant::now();
    let http = Http::to(&desk.link).unwrap();
    let outcome = sync::round(&http, &desk.link, &mut desk.laptop, around).await;
    let outcome = outcome.unwrap();
    assert_eq!((outcome.note, outcome.waiting), (Note::Done, 0));
    begun.elapsed()
}

fn start(data: TempDir, address: String) -> Center {
    let around = Around::new(5);
    around.now_ms.store(now_ms(), Ordering::Relaxed);
    Center {
        serving: serve_with(data.path(), "127.0.0.1:0", Some(&address)),
        data,
        address,
        around: Arc::new(around),
    }
}

fn idle(data: &Path, address: &str) -> (u64, u64) {
    let replica = serve_with(data, "127.0.0.1:0", Some(address));
    let sizes = (
        memory(&replica, "status", "VmRSS:"),
        memory(&replica, "smaps_rollup", "Pss:"),
    );
    assert!(sizes.0 <= IDLE_KIB_MAX, "{sizes:?}");
    sizes
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute: cargo xtask soak figures"]
async fn two_hundred_laptops_that_return_at_once_are_all_served() {
    let Some(cluster) = cluster() else { return };
    let center = start(TempDir::new().unwrap(), cluster.database().await);
    let mut desks = Vec::new();
    let door = || serve_with(center.data.path(), "127.0.0.1:0", Some(&center.address));
    let mut open = door();
    for n in 0..N_LAPTOPS {
        if n % N_ENROLLED == N_ENROLLED - 1 {
            open = door();
        }
        let mut desk = center.enrol(n, &open).await;
        if n % N_MEMBERS == 0 {
            desk.laptop.set(&desk.study, "phase", "begun");
            contact(&mut desk, &center.around).await;
        } else {
            let user = format!("Person {n}");
            let role = Role::CoInvestigator.as_str();
            center.order(&[
                "grant",
                "--study",
                &desk.study,
                "--user",
                &user,
                "--role",
                role,
            ]);
            contact(&mut desk, &center.around).await;
        }
        desks.push(desk);
    }
    drop(open);
    for (n, desk) in desks.iter_mut().enumerate() {
        for i in 0..N_EDITS {
            desk.laptop
                .set(&desk.study, &format!("f{i}"), &format!("{n}-{i}"));
        }
    }
    let before = memory(&center.serving, "status", "VmHWM:");
    let begun = Instant::now();
    let contacts: Vec<_> = desks
        .into_iter()
        .map(|mut desk| {
            let around = Arc::clone(&center.around);
            tokio::spawn(async move {
                let took = contact(&mut desk, &around).await;
                (desk, took)
            })
        })
        .collect();
    let mut desks = Vec::new();
    let mut times = Vec::new();
    for contact in contacts {
        let (desk, took) = contact.await.unwrap();
        desks.push(desk);
        times.push(took);
    }
    let all = begun.elapsed();
    times.sort();
    let peak = memory(&center.serving, "status", "VmHWM:");
    // What the others wrote in the same moment.
    for desk in &mut desks {
        contact(desk, &center.around).await;
    }
    for group in desks.chunks(N_MEMBERS) {
        for desk in group {
            assert_eq!(desk.laptop.digest(), group[0].laptop.digest());
            let n = desk.laptop.all_values().len();
            assert_eq!(n, N_MEMBERS * N_EDITS + 1);
        }
    }
    let n = N_LAPTOPS * N_EDITS + N_LAPTOPS / N_MEMBERS;
    let kept = "SELECT count(*) FROM commits";
    assert_eq!(cluster.number(&center.address, kept).await, n as i64);
    let (rss, pss) = idle(center.data.path(), &center.address);
    println!(
        "{N_LAPTOPS} laptops, {n} commits: all in {:.2} s, one in {:.2} s at the median, {:.2} s at \
         most; peak {peak} KiB (before {before}); idle replica RSS {rss} KiB, PSS {pss} KiB",
        all.as_secs_f64(),
        times[N_LAPTOPS / 2].as_secs_f64(),
        times[N_LAPTOPS - 1].as_secs_f64(),
    );
    assert!(peak <= PEAK_KIB_MAX, "{peak} KiB");
}
