//! Sending many operations, beside a bare handler that copies the same rows.

use super::bare::Bare;
use super::place::Place;
use std::time::{Duration, Instant};
use sync::body::{COMMITS_MAX, PAGE_BYTES, pack_frames};
use testkit::Pairs;

/// How much longer than the bare program sending is to take. Source: faults-and-bars P4.
const GOAL: f64 = 2.0;

async fn measure(n_commits: usize, n_ops: usize) {
    let Some(place) = Place::open().await else {
        return;
    };
    let (link, courier, _) = place.writer(n_commits, n_ops).await;
    let http = place.bench.http(&link);
    let ours = async || -> Duration {
        place.empty().await;
        let mut sender = courier.again();
        // The share of requests of a laptop grows with the clock, and this one goes without pause.
        let begun = Instant::now();
        place.contact(&http, &link, &mut sender).await;
        begun.elapsed()
    };
    ours().await;
    let mut requests = Vec::new();
    let mut from = 0;
    while from < n_commits {
        let frames = courier.page(from, COMMITS_MAX, PAGE_BYTES);
        let numbers = (from as u64 + 1, (from + frames.len()) as u64);
        requests.push((pack_frames(frames), numbers));
        from += frames.len();
    }
    let n_requests = requests.len();
    let n_bytes: usize = requests.iter().map(|(body, _)| body.len()).sum();
    let mut bare = Bare::new(&place, requests).await;
    bare.push().await;
    let mut pairs = Pairs::default();
    for pair in 0..Pairs::wanted() {
        if Pairs::ours_first(pair) {
            let ours = ours().await;
            pairs.add(ours, bare.push().await);
        } else {
            let bare = bare.push().await;
            pairs.add(ours().await, bare);
        }
    }
    assert_eq!(bare.n_rows().await, n_commits as i64);
    let kept = "SELECT count(*) FROM commits";
    let kept = place.cluster.number(&place.address, kept).await;
    assert_eq!(kept, n_commits as i64);
    let what = format!("push {n_commits} × {n_ops}, {n_requests} requests, {n_bytes} bytes");
    pairs.tell(&what).hold_against(&what, GOAL);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: cargo xtask soak figures"]
async fn a_thousand_commits_of_a_hundred_operations_are_sent_beside_a_bare_copy() {
    measure(1_000, 100).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: cargo xtask soak figures"]
async fn a_hundred_thousand_commits_of_one_operation_are_sent_beside_a_bare_copy() {
    measure(100_000, 1).await;
}
