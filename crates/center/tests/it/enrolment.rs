//! Enrolment: codes, tries, time, pins, lost answers.

use crate::bench::{Bench, bench, bench_tls, enrol_over, sqlite, start};
#[cfg(unix)]
use crate::cluster::cluster;
use crate::faults::{Fault, Faulty};
use crate::laptop::Laptop;
#[cfg(unix)]
use center::PostgresStore;
use center::Store;
use std::path::Path;
use sync::{Address, Code, EnrolError, Failure, Http, Note, Problem};
use tempfile::TempDir;

fn refused(error: EnrolError) -> Problem {
    match error {
        EnrolError::Failed(Failure::Refused(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

/// The code with another character at a place.
fn garbled(code: &Code, place: usize) -> Code {
    let text = code.to_text().replace('-', "");
    let other = if text.chars().nth(place) == Some('7') {
        '8'
    } else {
        '7'
    };
    let text: String = text
        .chars()
        .enumerate()
        .map(|(i, c)| if i == place { other } else { c })
        .collect();
    Code::parse(&text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_tries_spend_a_code() {
    let bench = bench().await;
    let laptop = Laptop::new(1, "p-1");
    // A wrong secret, a wrong handle, and a pin that is not this center's all count.
    for (place, expected) in [
        (5, "sync.code-wrong"),
        (0, "sync.code-wrong"),
        (29, "sync.code-other-center"),
    ] {
        let code = bench.invite("Li Ming", None);
        for _ in 0..5 {
            let error = bench
                .try_enrol(&laptop, &garbled(&code, place))
                .await
                .unwrap_err();
            assert_eq!(error.key(), expected, "place {place}");
        }
        let error = bench.try_enrol(&laptop, &code).await.unwrap_err();
        assert_eq!(refused(error), Problem::CodeSpent, "place {place}");
    }
    // Four wrong tries leave one.
    let code = bench.invite("Li Ming", None);
    for _ in 0..4 {
        assert!(bench.try_enrol(&laptop, &garbled(&code, 9)).await.is_err());
    }
    bench.try_enrol(&laptop, &code).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_are_counted_across_restarts() {
    let mut bench = bench().await;
    let laptop = Laptop::new(1, "p-1");
    let code = bench.invite("Li Ming", None);
    for _ in 0..5 {
        assert!(bench.try_enrol(&laptop, &garbled(&code, 4)).await.is_err());
        bench.restart(crate::bench::sqlite).await;
    }
    let error = bench.try_enrol(&laptop, &code).await.unwrap_err();
    assert_eq!(refused(error), Problem::CodeSpent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_open_for_ten_minutes() {
    let bench = bench().await;
    let code = bench.invite("Li Ming", None);
    bench.around.pass(10 * 60 * 1000 - 1);
    let late = bench.invite("Wang Fang", None);
    bench
        .try_enrol(&Laptop::new(1, "p-1"), &code)
        .await
        .unwrap();
    bench.around.pass(10 * 60 * 1000);
    let error = bench
        .try_enrol(&Laptop::new(2, "p-2"), &late)
        .await
        .unwrap_err();
    assert_eq!(error.key(), "sync.code-expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_admits_one_laptop() {
    let bench = bench().await;
    let code = bench.invite("Li Ming", None);
    let laptop = Laptop::new(1, "p-1");
    let first = bench.try_enrol(&laptop, &code).await.unwrap();
    let error = bench
        .try_enrol(&Laptop::new(2, "p-2"), &code)
        .await
        .unwrap_err();
    assert_eq!(refused(error), Problem::CodeUsed);
    // The same laptop again, as when the answer was lost: a new token, the old one is void.
    let again = bench.try_enrol(&laptop, &code).await.unwrap();
    assert_eq!(first.user, again.user);
    let mut laptop = laptop;
    assert_eq!(
        bench.round(&mut laptop, &first).await.note,
        Note::UnknownDevice
    );
    assert_eq!(bench.round(&mut laptop, &again).await.note, Note::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_does_not_cost_the_code() {
    let bench = bench().await;
    let code = bench.invite("Li Ming", None);
    let laptop = Laptop::new(1, "p-1");
    let http = Http::new(Address::parse(&bench.url).unwrap(), code.pin());
    let faulty = Faulty::new(http, [Fault::Pass, Fault::LoseAnswer]);
    let lost = enrol_over(&faulty, &bench.url, &laptop, &code, &bench.around).await;
    assert_eq!(lost.unwrap_err().key(), "sync.offline");
    bench.try_enrol(&laptop, &code).await.unwrap();
    // The second step twice, as a transport does when a kept connection breaks.
    let code = bench.invite("Li Ming", None);
    let laptop = Laptop::new(2, "p-2");
    let http = Http::new(Address::parse(&bench.url).unwrap(), code.pin());
    let twice = Faulty::new(http, [Fault::Pass, Fault::Twice]);
    let link = enrol_over(&twice, &bench.url, &laptop, &code, &bench.around)
        .await
        .unwrap();
    let mut laptop = laptop;
    assert_eq!(bench.round(&mut laptop, &link).await.note, Note::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_or_device_of_another_account_is_refused() {
    let bench = bench().await;
    bench.enrol(&Laptop::new(1, "p-1"), "Li Ming").await;
    let code = bench.invite("Wang Fang", None);
    let error = bench
        .try_enrol(&Laptop::new(2, "p-1"), &code)
        .await
        .unwrap_err();
    assert_eq!(refused(error), Problem::PersonTaken);
    let error = bench
        .try_enrol(&Laptop::new(1, "p-9"), &code)
        .await
        .unwrap_err();
    assert_eq!(refused(error), Problem::DeviceTaken);
    bench
        .try_enrol(&Laptop::new(2, "p-2"), &code)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn f41_over_tls_the_key_is_pinned() {
    let (ours, other) = (bench_tls().await, bench_tls().await);
    assert!(ours.url.starts_with("https://"));
    let mut laptop = Laptop::new(1, "p-1");
    let link = ours.enrol(&laptop, "Li Ming").await;
    laptop.set("s1", "phase", "PHASE1");
    assert_eq!(ours.sync(&mut laptop, &link).await, (1, 0));
    // A code of one center at the address of another: nothing secret is sent.
    let code = ours.invite("Li Ming", None);
    // Both benches draw the same key from the same seed unless one is made different.
    assert_eq!(ours.pin(), other.pin());
    let stranger = stranger_tls().await;
    let http = Http::new(Address::parse(&stranger.url).unwrap(), code.pin());
    let wrong = enrol_over(
        &http,
        &stranger.url,
        &Laptop::new(2, "p-2"),
        &code,
        &ours.around,
    )
    .await;
    assert_eq!(wrong.unwrap_err().key(), "sync.code-other-center");
    // A connected laptop whose address now leads to another center sends nothing.
    laptop.set("s1", "phase", "PHASE2");
    let outcome = stranger.round(&mut laptop, &link).await;
    assert_eq!((outcome.note, outcome.waiting), (Note::Pin, 1));
    assert_eq!(ours.sync(&mut laptop, &link).await, (1, 0));
}

async fn stranger_tls() -> crate::bench::Bench<center::SqliteStore> {
    let dir = tempfile::TempDir::new().unwrap();
    let key = format!("ed25519-secret:{}\n", "Q".repeat(43));
    std::fs::write(dir.path().join("center.key"), key).unwrap();
    crate::bench::start(crate::bench::sqlite, dir, true).await
}

#[tokio::test(flavor = "multi_thread")]
async fn on_loopback_the_key_is_checked_by_signature() {
    let ours = bench().await;
    let dir = tempfile::TempDir::new().unwrap();
    let key = format!("ed25519-secret:{}\n", "Q".repeat(43));
    std::fs::write(dir.path().join("center.key"), key).unwrap();
    let stranger = crate::bench::start(crate::bench::sqlite, dir, false).await;
    let mut laptop = Laptop::new(1, "p-1");
    let link = ours.enrol(&laptop, "Li Ming").await;
    laptop.set("s1", "phase", "PHASE1");
    let outcome = stranger.round(&mut laptop, &link).await;
    assert_eq!((outcome.note, outcome.waiting), (Note::Pin, 1));
}

/// A token is renewed, the answer is lost, the laptop asks again: it is never shut out, and whoever
/// comes with a token from before the last one is refused, at every replica, at once.
async fn renewing<S: Store>(bench: Bench<S>, open: impl Fn(&Path) -> S) {
    let mut laptop = Laptop::new(1, "p-1");
    let first = bench.enrol(&laptop, "Li Ming").await;
    assert_eq!(bench.round(&mut laptop, &first).await.note, Note::Done);
    let code = bench.invite("Li Ming", None);
    let http = Http::new(Address::parse(&bench.url).unwrap(), code.pin());
    let faulty = Faulty::new(http, [Fault::Pass, Fault::LoseAnswer]);
    let lost = enrol_over(&faulty, &bench.url, &laptop, &code, &bench.around).await;
    assert_eq!(lost.unwrap_err().key(), "sync.offline");
    // The center acted: the old token is void already, and the code still serves this laptop.
    let stale = bench.round(&mut laptop, &first).await;
    assert_eq!(stale.note, Note::UnknownDevice);
    let second = bench.try_enrol(&laptop, &code).await.unwrap();
    let third = bench.try_enrol(&laptop, &code).await.unwrap();
    laptop.set("s1", "phase", "PHASE1");
    assert_eq!(bench.sync(&mut laptop, &third).await, (1, 0));
    let replica = bench.replica(open).await;
    for old in [&first, &second] {
        for url in [&bench.url, &replica] {
            let pin = old.recognised_by().expect("a pin");
            let http = Http::new(Address::parse(url).unwrap(), pin);
            let reused = sync::round(&http, old, &mut laptop, &*bench.around).await;
            assert_eq!(reused.unwrap().note, Note::UnknownDevice);
        }
    }
    // The reuse shut nobody out, and another key gets nothing for the same code.
    assert_eq!(bench.round(&mut laptop, &third).await.note, Note::Done);
    let other = bench.try_enrol(&Laptop::new(2, "p-2"), &code).await;
    assert_eq!(refused(other.unwrap_err()), Problem::CodeUsed);
}

#[tokio::test(flavor = "multi_thread")]
async fn f76_a_lost_answer_about_a_token_shuts_nobody_out_and_reuse_is_refused() {
    renewing(bench().await, sqlite).await;
    #[cfg(unix)]
    if let Some(cluster) = cluster() {
        let address = cluster.database().await;
        let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
        renewing(start(open, TempDir::new().unwrap(), false).await, open).await;
    }
}
