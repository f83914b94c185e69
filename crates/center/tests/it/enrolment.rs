//! Enrolment: codes, tries, time, pins, lost answers.

use crate::bench::{bench, bench_tls, enrol_over};
use crate::faults::{Fault, Faulty};
use crate::laptop::Laptop;
use sync::{Address, Code, EnrolError, Failure, Http, Note, Problem};

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
async fn over_tls_the_key_is_pinned() {
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
