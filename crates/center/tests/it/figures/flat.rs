//! A hundred new operations after a long history cost what they cost after a short one.

use super::courier::Courier;
use super::place::{PERSON, Place};
use std::time::{Duration, Instant};
use sync::{CenterLink, Http};
use testkit::{Pairs, Writing};

/// How much longer it is to take after a hundred times the history. Source: faults-and-bars P6.
const GOAL: f64 = 1.2;
const N_OPS: usize = 100;

/// A study with a history, one who writes and one who reads.
struct Study {
    stream: String,
    history: Courier,
    writing: Writing,
    reader: Courier,
}

impl Study {
    async fn new(place: &Place, (http, link): (&Http, &CenterLink), name: &str, n: usize) -> Self {
        let mut writing = Writing::new(1, name, PERSON, N_OPS);
        let mut history = Courier::new(name, writing.write(n));
        place.contact(http, link, &mut history).await;
        let mut reader = Courier::new(name, Vec::new());
        place.contact(http, link, &mut reader).await;
        assert_eq!(reader.n_received, n as u64);
        Self {
            stream: name.to_owned(),
            history,
            writing,
            reader,
        }
    }

    /// Sends and receives one more commit.
    async fn go_on(&mut self, place: &Place, (http, link): (&Http, &CenterLink)) -> Duration {
        self.history.add(self.writing.write(1));
        let begun = Instant::now();
        place.contact(http, link, &mut self.history).await;
        place.contact(http, link, &mut self.reader).await;
        begun.elapsed()
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: cargo xtask soak figures"]
async fn a_hundred_operations_after_a_million_cost_what_they_cost_after_ten_thousand() {
    let Some(place) = Place::open().await else {
        return;
    };
    let link = place.enrol(1, PERSON).await;
    let http = place.bench.http(&link);
    let asker = (&http, &link);
    let mut short = Study::new(&place, asker, "short", 10_000 / N_OPS).await;
    let mut long = Study::new(&place, asker, "long", 1_000_000 / N_OPS).await;
    place.cluster.execute(&place.address, "ANALYZE").await;
    for study in [&mut short, &mut long] {
        study.go_on(&place, asker).await;
    }
    let mut pairs = Pairs::default();
    for pair in 0..Pairs::wanted() {
        if Pairs::ours_first(pair) {
            let long = long.go_on(&place, asker).await;
            pairs.add(long, short.go_on(&place, asker).await);
        } else {
            let short = short.go_on(&place, asker).await;
            pairs.add(long.go_on(&place, asker).await, short);
        }
    }
    let what = format!(
        "{N_OPS} operations sent and received: {} (1,000,000 before) and {} (10,000 before)",
        long.stream, short.stream
    );
    pairs.tell(&what).hold_against(&what, GOAL);
}
