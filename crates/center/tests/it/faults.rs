//! A network that loses, repeats, delays and alters; and what laptops make of it.

use crate::bench::{Around, bench};
use crate::laptop::Laptop;
use std::collections::VecDeque;
use std::sync::Mutex;
use sync::{Note, Offline, Request, Response, Transport};

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    Pass,
    /// The request never arrives.
    LoseRequest,
    /// The center acts, its answer is lost.
    LoseAnswer,
    /// The request arrives twice; the second answer comes back.
    Twice,
    /// The answer to the request before comes back.
    OldAnswer,
    /// The answer ends early.
    Cut,
    /// A byte of the answer is another.
    Flip,
    /// The network's own page with this status.
    Portal(u16),
}

/// A transport with a plan; after its end everything passes.
pub(crate) struct Faulty<T> {
    inner: T,
    plan: Mutex<VecDeque<Fault>>,
    last: Mutex<Option<Response>>,
}

impl<T> Faulty<T> {
    pub(crate) fn new(inner: T, plan: impl IntoIterator<Item = Fault>) -> Self {
        Self {
            inner,
            plan: Mutex::new(plan.into_iter().collect()),
            last: Mutex::new(None),
        }
    }
}

impl<T: Transport> Transport for Faulty<T> {
    async fn send(&self, request: Request) -> Result<Response, Offline> {
        let fault = self.plan.lock().unwrap().pop_front().unwrap_or(Fault::Pass);
        if fault == Fault::LoseRequest {
            return Err(Offline::Timeout);
        }
        if let Fault::Portal(status) = fault {
            let headers = vec![
                (
                    "content-type".to_owned(),
                    "text/html; charset=utf-8".to_owned(),
                ),
                ("location".to_owned(), "http://login.example/".to_owned()),
            ];
            let body = b"<!doctype html><title>Welcome</title>".to_vec();
            return Ok(Response {
                status,
                headers,
                body,
            });
        }
        if fault == Fault::Twice {
            self.inner.send(request.clone()).await?;
        }
        let mut response = self.inner.send(request).await?;
        let old = self.last.lock().unwrap().replace(response.clone());
        match fault {
            Fault::LoseAnswer => return Err(Offline::Broken),
            Fault::OldAnswer => return old.ok_or(Offline::Broken),
            Fault::Cut => response.body.truncate(response.body.len() / 2),
            Fault::Flip => {
                let middle = response.body.len() / 2;
                response.body[middle] ^= 1;
            }
            _ => {}
        }
        Ok(response)
    }
}

const STUDY: &str = "s1";

#[tokio::test(flavor = "multi_thread")]
async fn f34_f35_f42_every_single_fault_at_every_request_heals_with_the_next_contact() {
    let bench = bench().await;
    let faults = [
        Fault::LoseRequest,
        Fault::LoseAnswer,
        Fault::Twice,
        Fault::OldAnswer,
        Fault::Cut,
        Fault::Flip,
        Fault::Portal(200),
        Fault::Portal(302),
        Fault::Portal(511),
    ];
    let (mut a, mut b) = (Laptop::new(1, "p-a"), Laptop::new(2, "p-b"));
    let a_link = bench.enrol(&a, "Li Ming").await;
    let b_link = bench.enrol(&b, "Li Ming").await;
    let mut n = 0;
    for fault in faults {
        // Requests of a contact: rights, push, pull.
        for place in 0..3 {
            n += 1;
            a.set(STUDY, "phase", &format!("a{n}"));
            b.set(STUDY, "phase", &format!("b{n}"));
            bench.round(&mut b, &b_link).await;
            let mut plan = vec![Fault::Pass; place];
            plan.push(fault);
            let faulty = Faulty::new(bench.http(&a_link), plan);
            let outcome = sync::round(&faulty, &a_link, &mut a, &*bench.around)
                .await
                .unwrap();
            if fault != Fault::Twice {
                assert!(
                    outcome.note.is_offline(),
                    "{fault:?} at {place}: {:?}",
                    outcome.note
                );
                let is_portal = matches!(fault, Fault::Portal(_));
                assert_eq!(
                    outcome.note == Note::Portal,
                    is_portal,
                    "{fault:?} at {place}"
                );
            }
            bench.sync(&mut a, &a_link).await;
            bench.sync(&mut b, &b_link).await;
            assert_eq!(a.digest(), b.digest(), "{fault:?} at {place}");
            assert_eq!(a.streams[STUDY].rows.len(), 2 * n, "{fault:?} at {place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f34_f35_random_faults_lose_nothing() {
    let bench = bench().await;
    for seed in 0..6 {
        let draws = Around::new(1000 + seed);
        let study = format!("s{seed}");
        let mut laptops = Vec::new();
        for n in 0..2 {
            let laptop = Laptop::new(10 + 2 * seed as u8 + n, &format!("p-{seed}-{n}"));
            let link = bench.enrol(&laptop, &format!("Person {seed}")).await;
            laptops.push((laptop, link));
        }
        for step in 0..40 {
            let which = draws.below(2) as usize;
            let (laptop, link) = &mut laptops[which];
            laptop.set(
                &study,
                &format!("f{}", draws.below(3)),
                &format!("{seed} {step}"),
            );
            let fault = |n| match n {
                0 => Fault::LoseRequest,
                1 | 2 => Fault::LoseAnswer,
                3 | 4 => Fault::Twice,
                5 => Fault::OldAnswer,
                6 => Fault::Cut,
                7 => Fault::Flip,
                8 => Fault::Portal(200),
                _ => Fault::Pass,
            };
            let plan: Vec<Fault> = (0..6).map(|_| fault(draws.below(16))).collect();
            let faulty = Faulty::new(bench.http(link), plan);
            sync::round(&faulty, link, laptop, &*bench.around)
                .await
                .unwrap();
        }
        for _ in 0..2 {
            for (laptop, link) in &mut laptops {
                bench.sync(laptop, link).await;
            }
        }
        let [(a, _), (b, _)] = laptops.as_slice() else {
            panic!("two laptops")
        };
        assert_eq!(a.digest(), b.digest(), "seed {seed}");
        let all = a.all_values();
        assert!(
            a.written.iter().chain(&b.written).all(|v| all.contains(v)),
            "seed {seed}"
        );
        assert_eq!(a.streams[&study].rows.len(), 40, "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f45_nobody_there_is_offline() {
    let mut bench = bench().await;
    let mut laptop = Laptop::new(1, "p-a");
    let link = bench.enrol(&laptop, "Li Ming").await;
    laptop.set(STUDY, "phase", "PHASE1");
    bench.stop().await;
    let outcome = bench.round(&mut laptop, &link).await;
    assert_eq!((outcome.note, outcome.waiting), (Note::Offline, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn f27_a_wrong_clock_is_said_and_refuses_nothing() {
    let bench = bench().await;
    let mut laptop = Laptop::new(1, "p-a");
    let link = bench.enrol(&laptop, "Li Ming").await;
    laptop.set(STUDY, "phase", "PHASE1");
    let wrong = Around::new(3);
    wrong.pass(-3 * 24 * 3600 * 1000);
    let outcome = sync::round(&bench.http(&link), &link, &mut laptop, &wrong)
        .await
        .unwrap();
    assert_eq!((outcome.note, outcome.sent), (Note::Clock(-4320), 1));
}
