//! Networks and centers that give no events: news come later, and everything comes.

use crate::bench::{Bench, bench};
use crate::laptop::Laptop;
use center::SqliteStore;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use sync::{CenterLink, Http, Listener, Patience};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const STUDY: &str = "s1";
const EVENTS: &str = "GET /v1/events ";
const WAIT: &str = "GET /v1/wait?";

/// What is done to a request for hints between a laptop and its center.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Meddling {
    /// The center does not know the path, as one from before there were events.
    OldCenter,
    /// A page of the network's own instead.
    Page,
    /// The answer never comes through: something waits for its end.
    HoldBack,
    /// Its head comes through, no event.
    HeadAlone,
    /// The connection is cut.
    Cut,
    /// A byte of the events is another.
    Altered,
    /// No hint of any kind comes through, long polls neither.
    NoHints,
}

struct Meddler {
    url: String,
    n_events: Arc<AtomicUsize>,
    n_waits: Arc<AtomicUsize>,
}

async fn meddler(bench: &Bench<SqliteStore>, how: Meddling) -> Meddler {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let to = bench.url.trim_start_matches("http://").to_owned();
    let (n_events, n_waits) = (Arc::default(), Arc::default());
    let meddler = Meddler {
        url,
        n_events: Arc::clone(&n_events),
        n_waits: Arc::clone(&n_waits),
    };
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let counts = (Arc::clone(&n_events), Arc::clone(&n_waits));
            tokio::spawn(carry(stream, to.clone(), how, counts));
        }
    });
    meddler
}

/// Carries one connection; `None` at its end.
async fn carry(
    mut laptop: TcpStream,
    to: String,
    how: Meddling,
    (n_events, n_waits): (Arc<AtomicUsize>, Arc<AtomicUsize>),
) -> Option<()> {
    let mut center = TcpStream::connect(&to).await.ok()?;
    let (mut asked, mut said) = ([0; 65_536], [0; 65_536]);
    let mut is_events = false;
    loop {
        tokio::select! {
            n = laptop.read(&mut asked) => {
                let n = n.ok().filter(|n| *n > 0)?;
                let text = String::from_utf8_lossy(&asked[..n]).into_owned();
                is_events = text.starts_with(EVENTS);
                n_events.fetch_add(usize::from(is_events), Ordering::Relaxed);
                n_waits.fetch_add(usize::from(text.starts_with(WAIT)), Ordering::Relaxed);
                match how {
                    Meddling::OldCenter if is_events => {
                        let old = text.replace(EVENTS, "GET /v1/unknown ");
                        is_events = false;
                        center.write_all(old.as_bytes()).await.ok()?;
                    }
                    Meddling::Page if is_events => {
                        let page = "<!doctype html><title>Welcome</title>";
                        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length";
                        let answer = format!("{head}: {}\r\n\r\n{page}", page.len());
                        laptop.write_all(answer.as_bytes()).await.ok()?;
                    }
                    Meddling::Cut if is_events => return None,
                    Meddling::NoHints if is_events || text.starts_with(WAIT) => {}
                    _ => center.write_all(&asked[..n]).await.ok()?,
                }
            }
            n = center.read(&mut said) => {
                let n = n.ok().filter(|n| *n > 0)?;
                let text = String::from_utf8_lossy(&said[..n]).into_owned();
                match how {
                    Meddling::HoldBack if is_events => {}
                    Meddling::HeadAlone if is_events => {
                        if let Some((head, _)) = text.split_once("\r\n\r\n") {
                            laptop.write_all(format!("{head}\r\n\r\n").as_bytes()).await.ok()?;
                        }
                    }
                    Meddling::Altered if is_events => {
                        let other = text.replace("\"now\"", "\"nOw\"");
                        laptop.write_all(other.as_bytes()).await.ok()?;
                    }
                    _ => laptop.write_all(&said[..n]).await.ok()?,
                }
            }
        }
    }
}

/// Short, so that the tests are; longer than anything takes that comes at all.
const PATIENCE: Patience = Patience {
    first: Duration::from_millis(800),
    silence: Duration::from_secs(30),
};

/// Two laptops of one person; the second meets the center through the meddler.
async fn pair(
    bench: &Bench<SqliteStore>,
    meddler: &Meddler,
) -> ((Laptop, CenterLink), (Laptop, CenterLink)) {
    let (mut a, b) = (Laptop::new(1, "p-a"), Laptop::new(2, "p-b"));
    let a_link = bench.enrol(&a, "Li Ming").await;
    let mut b_link = bench.enrol(&b, "Li Ming").await;
    b_link.url.clone_from(&meddler.url);
    a.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut a, &a_link).await;
    ((a, a_link), (b, b_link))
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_events_come_through_the_long_poll_brings_the_news() {
    for how in [
        Meddling::OldCenter,
        Meddling::Page,
        Meddling::HoldBack,
        Meddling::HeadAlone,
        Meddling::Cut,
        Meddling::Altered,
    ] {
        let bench = bench().await;
        let meddler = meddler(&bench, how).await;
        let ((mut a, a_link), (mut b, b_link)) = pair(&bench, &meddler).await;
        let http = Http::to(&b_link).unwrap();
        let outcome = sync::round(&http, &b_link, &mut b, &*bench.around).await;
        let mark = outcome.unwrap().mark.unwrap();
        let mut listener = Listener::with_patience(Http::to(&b_link).unwrap(), PATIENCE);
        for n in 0..2 {
            let writing = async {
                while meddler.n_waits.load(Ordering::Relaxed) <= n {
                    tokio::task::yield_now().await;
                }
                a.set(STUDY, "phase", &format!("{how:?} {n}"));
                bench.sync(&mut a, &a_link).await;
            };
            let news = listener.news(&b_link, &mark, &*bench.around);
            let both = async { tokio::join!(news, writing) };
            let both = tokio::time::timeout(Duration::from_secs(20), both).await;
            let (heard, ()) = both.unwrap_or_else(|_| panic!("{how:?}: not woken"));
            assert_eq!(heard, Ok(()), "{how:?}");
            assert!(!listener.hears_events(), "{how:?}");
            let outcome = sync::round(&http, &b_link, &mut b, &*bench.around).await;
            assert_eq!(outcome.unwrap().received, 1, "{how:?}");
        }
        // It does not try again at once what did not work.
        assert_eq!(meddler.n_events.load(Ordering::Relaxed), 1, "{how:?}");
        assert_eq!(a.digest(), b.digest(), "{how:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_hint_contacts_alone_bring_everything() {
    let bench = bench().await;
    let meddler = meddler(&bench, Meddling::NoHints).await;
    let ((mut a, a_link), (mut b, b_link)) = pair(&bench, &meddler).await;
    let http = Http::to(&b_link).unwrap();
    let mut listener = Listener::with_patience(Http::to(&b_link).unwrap(), PATIENCE);
    for n in 0..5 {
        a.set(STUDY, "phase", &format!("a{n}"));
        bench.sync(&mut a, &a_link).await;
        b.set(STUDY, "title.en", &format!("b{n}"));
        let outcome = sync::round(&http, &b_link, &mut b, &*bench.around).await;
        let mark = outcome.unwrap().mark.unwrap();
        // The program waits for its next contact no longer than this test does.
        let news = listener.news(&b_link, &mark, &*bench.around);
        let heard = tokio::time::timeout(Duration::from_millis(300), news).await;
        assert!(heard.is_err(), "a hint came through");
    }
    bench.sync(&mut a, &a_link).await;
    let outcome = sync::round(&http, &b_link, &mut b, &*bench.around).await;
    assert_eq!(outcome.unwrap().note, sync::Note::Done);
    assert_eq!(a.digest(), b.digest());
    assert_eq!(a.streams[STUDY].rows.len(), 11);
}
