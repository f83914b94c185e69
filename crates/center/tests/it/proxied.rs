//! A real laptop's exchange with a real center through a network that a script spoils: what the
//! list of faults says must hold, by its numbers.

use crate::bench::{Bench, bench, bench_tls, sqlite};
use crate::laptop::Laptop;
use center::{Role, SqliteStore};
use std::net::SocketAddr;
use std::time::Duration;
use sync::{Address, CenterLink, Http, Note, Outcome};
use testkit::proxy::{Fate, Proxy};
use tokio::time::Instant;

const STUDY: &str = "s1";
/// How long a laptop may take to notice that nobody is there any more. Source: fault F39.
const NOTICED: Duration = Duration::from_secs(30);

/// One laptop behind a spoilt road, and a colleague's that is near the center.
struct Road {
    bench: Bench<SqliteStore>,
    proxy: Proxy,
    far: Laptop,
    far_link: CenterLink,
    near: Laptop,
    near_link: CenterLink,
    n: usize,
}

fn address(url: &str) -> SocketAddr {
    let place = url.split("//").nth(1).expect("an address");
    place.parse().expect("an address")
}

async fn road(bench: Bench<SqliteStore>) -> Road {
    let (mut far, mut near) = (Laptop::new(1, "p-far"), Laptop::new(2, "p-near"));
    let mut far_link = bench.enrol(&far, "Li Ming").await;
    let near_link = bench.enrol(&near, "Wang Fang").await;
    far.set(STUDY, "phase", "begun");
    bench.sync(&mut far, &far_link).await;
    bench.grant(STUDY, "Wang Fang", Role::Coordinator);
    bench.sync(&mut near, &near_link).await;
    let proxy = Proxy::before(address(&bench.url)).await.expect("a port");
    let scheme = bench.url.split("//").next().expect("a scheme");
    far_link.url = format!("{scheme}//{}", proxy.address());
    Road {
        bench,
        proxy,
        far,
        far_link,
        near,
        near_link,
        n: 0,
    }
}

impl Road {
    fn http(&self) -> Http {
        let url = Address::parse(&self.far_link.url).expect("an address");
        Http::new(url, self.far_link.recognised_by().expect("a pin"))
    }

    async fn contact_over(&mut self, http: &Http) -> Outcome {
        let outcome = sync::round(http, &self.far_link, &mut self.far, &*self.bench.around);
        outcome.await.expect("the laptop's store works")
    }

    async fn contact(&mut self) -> Outcome {
        let http = self.http();
        self.contact_over(&http).await
    }

    /// Both write; what the near one wrote is at the center.
    async fn both_write(&mut self, n_edits: usize) {
        for _ in 0..n_edits {
            self.n += 1;
            self.far.set(STUDY, "phase", &format!("far {}", self.n));
            self.near.set(STUDY, "site", &format!("near {}", self.n));
        }
        self.bench.sync(&mut self.near, &self.near_link).await;
    }

    /// The road is good again: one contact is enough, and everything is there once.
    async fn heals(&mut self, after: &str) {
        self.proxy.script([]);
        self.proxy.stand(Fate::Pass);
        let outcome = self.contact().await;
        assert_eq!((outcome.note, outcome.waiting), (Note::Done, 0), "{after}");
        self.bench.sync(&mut self.near, &self.near_link).await;
        assert_eq!(self.far.digest(), self.near.digest(), "{after}");
        let n = self.far.streams[STUDY].rows.len();
        assert_eq!(
            n,
            self.far.written.len() + self.near.written.len(),
            "{after}"
        );
        let all = self.far.all_values();
        let mut written = self.far.written.iter().chain(&self.near.written);
        assert!(written.all(|value| all.contains(value)), "{after}");
    }

    /// What the near laptop handed in and the far one did not see yet is taken whole or not at all.
    fn is_whole(&self, n_before: usize, n_edits: usize, after: &str) {
        let n_rows = self.far.streams[STUDY].rows.len();
        let n_new = n_rows - n_before - n_edits;
        assert!(
            n_new == 0 || n_new == n_edits,
            "{n_new} of {n_edits} {after}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f34_a_lost_answer_is_asked_for_again_and_taken_once() {
    let mut road = road(bench().await).await;
    // Rights, then the push: taken, and nobody hears of it.
    for n in 0..3 {
        road.both_write(2).await;
        road.proxy.script([Fate::One, Fate::Keep]);
        let outcome = road.contact().await;
        assert_eq!((outcome.note, outcome.waiting), (Note::Offline, 2), "{n}");
        road.heals("a lost answer").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f35_doubled_late_and_swapped_answers_change_nothing() {
    let mut road = road(bench().await).await;
    for place in 0..3 {
        let before = vec![Fate::One; place];
        road.both_write(1).await;
        road.proxy
            .script([before.clone(), vec![Fate::Twice]].concat());
        assert_eq!(road.contact().await.note, Note::Done, "twice at {place}");
        road.heals("a doubled request").await;
        // The answer comes to the next contact, at every place of it.
        for late in 0..3 {
            road.both_write(1).await;
            road.proxy
                .script([before.clone(), vec![Fate::Keep]].concat());
            assert!(road.contact().await.note.is_offline(), "kept at {place}");
            road.both_write(1).await;
            road.proxy
                .script([vec![Fate::One; late], vec![Fate::GiveKept]].concat());
            let note = road.contact().await.note;
            assert!(
                note.is_offline() || note == Note::Done,
                "{note:?} at {place} {late}"
            );
            road.heals("a late answer").await;
        }
    }
}

/// Cuts a contact after every so many bytes, in one direction, until one gets through.
async fn cuts(mut road: Road, step: usize, cut: impl Fn(usize) -> Fate) {
    let (mut n_bytes, mut n_cut, mut n_whole) = (0, 0, 0);
    while n_whole < 2 {
        let n_before = road.far.streams[STUDY].rows.len();
        road.both_write(3).await;
        road.proxy.stand(cut(n_bytes));
        let note = road.contact().await.note;
        let after = format!("cut after {n_bytes} bytes");
        road.is_whole(n_before, 3, &after);
        match note {
            Note::Done => n_whole += 1,
            Note::Offline => n_cut += 1,
            other => panic!("{other:?} {after}"),
        }
        road.heals(&after).await;
        n_bytes += step;
    }
    assert!(n_cut > 10, "{n_cut} cuts, {n_bytes} bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_an_upload_cut_anywhere_is_gone_on_with() {
    cuts(road(bench_tls().await).await, 97, Fate::CutUp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_a_download_cut_anywhere_leaves_no_half_page() {
    cuts(road(bench_tls().await).await, 97, Fate::CutDown).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f37_cut_off_again_and_again_one_contact_brings_everything() {
    let mut road = road(bench_tls().await).await;
    for n in 0..8 {
        road.proxy.stand(Fate::Refused);
        road.both_write(n).await;
        assert_eq!(road.contact().await.note, Note::Offline);
        road.heals("a partition").await;
    }
}

#[tokio::test]
async fn f38_a_road_that_is_open_in_one_direction_is_offline_and_heals() {
    let mut road = road(bench_tls().await).await;
    for fate in [Fate::DeafUp, Fate::DeafDown] {
        // Long pauses pass at once.
        tokio::time::pause();
        for n in 1..4 {
            road.far.set(STUDY, "phase", &format!("{fate:?} {n}"));
            road.proxy.stand(fate.clone());
            let begun = Instant::now();
            let outcome = road.contact().await;
            assert_eq!(
                (outcome.note, outcome.waiting),
                (Note::Offline, n),
                "{fate:?}"
            );
            assert!(begun.elapsed() <= NOTICED + Duration::from_secs(1));
        }
        tokio::time::resume();
        road.heals("one direction").await;
    }
}

#[tokio::test]
async fn f38_what_the_center_took_unheard_is_taken_once() {
    let mut road = road(bench().await).await;
    road.both_write(2).await;
    road.proxy.script([Fate::One, Fate::DeafDown]);
    tokio::time::pause();
    let outcome = road.contact().await;
    tokio::time::resume();
    assert_eq!((outcome.note, outcome.waiting), (Note::Offline, 2));
    road.heals("an answer into the void").await;
}

#[tokio::test]
async fn f39_a_half_open_connection_is_noticed_within_thirty_seconds() {
    for is_tls in [false, true] {
        let bench = if is_tls {
            bench_tls().await
        } else {
            bench().await
        };
        let mut road = road(bench).await;
        for stop in [0, 40, 400, 1200, 2000] {
            road.both_write(1).await;
            let fate = if stop == 0 {
                Fate::Silent
            } else {
                Fate::StopDown(stop)
            };
            // A connection made anew is good.
            road.proxy.script([fate]);
            tokio::time::pause();
            let begun = Instant::now();
            let note = road.contact().await.note;
            let elapsed = begun.elapsed();
            tokio::time::resume();
            assert!(
                note == Note::Offline || note == Note::Done,
                "{note:?} at {stop}"
            );
            assert!(
                elapsed <= NOTICED + Duration::from_secs(1),
                "{elapsed:?} at {stop}"
            );
            road.heals("a half-open connection").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f40_a_portal_page_is_offline_and_never_read_as_data() {
    let html = "<!doctype html><title>请登录</title><form action=/login></form>";
    let kind = "content-type: text/html; charset=utf-8";
    let pages = [
        Fate::page("200 OK", &[kind], html),
        Fate::page("200 OK", &["content-type: application/json"], "{}"),
        Fate::page(
            "302 Found",
            &[kind, "location: http://login.example/"],
            html,
        ),
        Fate::page("511 Network Authentication Required", &[kind], html),
    ];
    let mut road = road(bench().await).await;
    for page in pages {
        for place in 0..3 {
            road.both_write(1).await;
            let n_rows = road.far.streams[STUDY].rows.len();
            let cursor = road.far.streams[STUDY].cursor;
            road.proxy
                .script([vec![Fate::One; place], vec![page.clone()]].concat());
            assert_eq!(road.contact().await.note, Note::Portal, "at {place}");
            if place < 2 {
                let local = &road.far.streams[STUDY];
                assert_eq!((local.rows.len(), local.cursor), (n_rows, cursor));
            }
            road.heals("a portal").await;
        }
    }
    // Under TLS it is no TLS at all.
    let mut road = self::road(bench_tls().await).await;
    road.both_write(1).await;
    road.proxy.stand(Fate::page("302 Found", &[kind], html));
    let outcome = road.contact().await;
    assert!(outcome.note.is_offline(), "{:?}", outcome.note);
    road.heals("a portal before TLS").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f41_another_certificate_is_refused_and_nothing_is_sent_to_it() {
    let mut road = road(bench_tls().await).await;
    let other = bench_tls_of_another().await;
    road.both_write(1).await;
    road.proxy.stand(Fate::Elsewhere(address(&other.url)));
    let outcome = road.contact().await;
    assert_eq!((outcome.note, outcome.waiting), (Note::Pin, 1));
    road.heals("a foreign certificate").await;
    // A proxy that wants a log-in of its own, before and instead of TLS.
    let kind = "content-type: text/html";
    road.both_write(1).await;
    let login = "proxy-authenticate: Basic realm=hospital";
    let page = Fate::page(
        "407 Proxy Authentication Required",
        &[kind, login],
        "log in",
    );
    road.proxy.stand(page.clone());
    assert!(road.contact().await.note.is_offline());
    road.heals("a proxy's log-in").await;
    let mut plain = self::road(bench().await).await;
    plain.both_write(1).await;
    plain.proxy.stand(page);
    assert_eq!(plain.contact().await.note, Note::Portal);
    plain.heals("a proxy's log-in").await;
}

/// A center with another key.
async fn bench_tls_of_another() -> Bench<SqliteStore> {
    let dir = testkit::folder();
    let strange = crate::bench::Around::new(99);
    center::Identity::open(dir.path(), &strange).expect("a key of its own");
    crate::bench::start(sqlite, dir, true).await
}

#[tokio::test(flavor = "multi_thread")]
async fn f42_answers_that_a_proxy_changed_are_not_believed() {
    let mut road = road(bench().await).await;
    let headers = [
        "pidesk-seal",
        "pidesk-nonce",
        "pidesk-key",
        "pidesk-protocol",
        "content-type",
    ];
    for header in headers {
        for place in 0..3 {
            road.both_write(1).await;
            let script = [vec![Fate::One; place], vec![Fate::Strip(header)]].concat();
            road.proxy.script(script);
            let note = road.contact().await.note;
            assert!(note.is_offline(), "{note:?} without {header} at {place}");
            road.heals(header).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f43_a_gateway_that_asks_to_wait_is_waited_for() {
    let mut road = road(bench().await).await;
    for status in [
        "429 Too Many Requests",
        "502 Bad Gateway",
        "503 Service Unavailable",
    ] {
        let headers = ["retry-after: 120", "content-type: text/plain"];
        for place in 0..3 {
            road.both_write(1).await;
            let page = Fate::page(status, &headers, "later");
            road.proxy
                .script([vec![Fate::One; place], vec![page]].concat());
            let outcome = road.contact().await;
            assert!(outcome.note.is_offline(), "{status}: {:?}", outcome.note);
            road.heals(status).await;
        }
    }
}

#[tokio::test]
async fn f44_a_very_slow_road_is_gone_on_with_and_gets_there() {
    let mut road = road(bench_tls().await).await;
    for n in 0..150 {
        road.far.set(STUDY, "phase", &format!("far {n} 入组三个月"));
    }
    let slow = Fate::Slow {
        delay_ms: 400,
        rate: 10_000,
    };
    // Cut twice on the way: what was taken stays taken.
    let cut = Fate::CutUp(4_000);
    road.proxy
        .script([cut.clone(), cut, slow.clone(), Fate::CutDown(3_000)]);
    road.proxy.stand(slow);
    tokio::time::pause();
    let mut notes = Vec::new();
    for _ in 0..6 {
        let outcome = road.contact().await;
        notes.push(outcome.note.clone());
        if outcome.note == Note::Done && outcome.waiting == 0 {
            break;
        }
    }
    tokio::time::resume();
    assert_eq!(notes.last(), Some(&Note::Done), "{notes:?}");
    road.bench.sync(&mut road.near, &road.near_link).await;
    road.heals("a slow road").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f45_a_center_at_a_new_address_is_found_on_a_connection_that_was_open() {
    let mut road = road(bench().await).await;
    let http = road.http();
    for n in 0..3 {
        road.both_write(1).await;
        assert_eq!(road.contact_over(&http).await.note, Note::Done, "{n}");
        road.bench.restart(sqlite).await;
        road.proxy.move_to(address(&road.bench.url));
        road.both_write(1).await;
        assert_eq!(road.contact_over(&http).await.note, Note::Done, "{n}");
        road.heals("a new address").await;
    }
}
