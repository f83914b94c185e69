//! A center whose key was replaced, and replicas whose clocks are apart.

use crate::bench::{Around, Bench, bench, enrol_over, sqlite, start};
#[cfg(unix)]
use crate::cluster::cluster;
use crate::laptop::Laptop;
use crate::people::STUDY;
#[cfg(unix)]
use center::PostgresStore;
use center::{Hand, Role, Store, admin};
use std::path::Path;
use std::sync::Arc;
use sync::{Address, CenterLink, Code, Http, Note, Outcome, Status};
use tempfile::TempDir;

const MINUTE_MS: i64 = 60_000;

/// The key changes while a laptop is away: it tells the center nothing, and goes on with a new code
/// and everything that it wrote. Who is a member is signed anew.
async fn rekeyed<S: Store>(mut bench: Bench<S>, open: impl Fn(&Path) -> S) {
    let (mut li, mut wang) = (Laptop::new(1, "p-li"), Laptop::new(2, "p-wang"));
    let li_link = bench.enrol(&li, "Li Ming").await;
    let wang_link = bench.enrol(&wang, "Wang Fang").await;
    li.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut li, &li_link).await;
    for (role, why) in [("coordinator", "入组开始"), ("co-investigator", "调任")] {
        let shared = [("Wang Fang", Some(role))];
        bench.share(&li_link, &shared, why).await.unwrap();
    }
    bench.sync(&mut wang, &wang_link).await;
    let before = bench.members(&li_link).await.unwrap();
    assert_eq!(before[1].why.as_deref(), Some("调任"));

    wang.set(STUDY, "phase", "PHASE2");
    let old = bench.pin();
    bench.replace_key(&open).await;
    assert_ne!(bench.pin(), old);
    let outcome = bench.round(&mut wang, &wang_link).await;
    assert_eq!(
        (outcome.note, outcome.sent, outcome.waiting),
        (Note::Pin, 0, 1)
    );
    assert_eq!(wang.values(STUDY, "phase"), ["PHASE2"]);

    let wang_link = bench.enrol(&wang, "Wang Fang").await;
    assert_eq!(bench.sync(&mut wang, &wang_link).await, (1, 0));
    let li_link = bench.enrol(&li, "Li Ming").await;
    assert_eq!(bench.sync(&mut li, &li_link).await, (0, 1));
    assert_eq!(li.digest(), wang.digest());
    // The same word about everybody, under the key that laptops know now; and it goes on.
    assert_eq!(bench.members(&li_link).await.unwrap(), before);
    let ended = [("Wang Fang", None)];
    bench.share(&li_link, &ended, "离职").await.unwrap();
    let after = bench.members(&li_link).await.unwrap();
    assert_eq!(
        (after[0].clone(), &after[1].role),
        (before[0].clone(), &None)
    );
    // Replaced once more, before anybody read the log.
    bench.replace_key(&open).await;
    let li_link = bench.enrol(&li, "Li Ming").await;
    assert_eq!(bench.members(&li_link).await.unwrap(), after);
}

#[tokio::test(flavor = "multi_thread")]
async fn f46_a_new_key_of_the_center_wants_a_new_code_and_no_new_vault() {
    rekeyed(bench().await, sqlite).await;
    #[cfg(unix)]
    if let Some(cluster) = cluster() {
        let address = cluster.database().await;
        let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
        rekeyed(start(open, TempDir::new().unwrap(), false).await, open).await;
    }
}

/// A replica as a laptop reaches it, with its clock.
struct Apart {
    url: String,
    around: Arc<Around>,
}

impl Apart {
    async fn enrol(&self, laptop: &Laptop, code: &Code) -> CenterLink {
        let http = Http::new(Address::parse(&self.url).unwrap(), code.pin());
        let link = enrol_over(&http, &self.url, laptop, code, &self.around).await;
        link.unwrap()
    }

    async fn round(&self, laptop: &mut Laptop, link: &CenterLink) -> Outcome {
        let pin = link.recognised_by().unwrap();
        let http = Http::new(Address::parse(&self.url).unwrap(), pin);
        let outcome = sync::round(&http, link, laptop, &*self.around).await;
        outcome.unwrap()
    }
}

/// Two replicas, one with a clock that is ahead: numbers follow from what came first, a right and a
/// token hold from the moment they are given or taken, whichever clock says what.
async fn clocks<S: Store>(bench: Bench<S>, open: impl Fn(&Path) -> S, ahead_ms: i64) {
    let around = Arc::new(Around::new(8));
    around.pass(ahead_ms);
    let url = bench.replica_with(open, around.clone()).await;
    let behind = Apart {
        url: bench.url.clone(),
        around: bench.around.clone(),
    };
    let ahead = Apart { url, around };
    let code = |name: &str, at: &Apart| {
        admin::invite(&*bench.store(), &bench.identity, name, None, &*at.around).unwrap()
    };
    let grant = |name: &str, role: Option<Role>, at: &Apart| {
        let hand = Hand {
            identity: &bench.identity,
            around: &*at.around,
        };
        admin::grant(&*bench.store(), STUDY, name, role, hand).unwrap();
    };
    let (mut li, mut wang) = (Laptop::new(1, "p-li"), Laptop::new(2, "p-wang"));
    // A code of either serves at the other.
    let li_link = ahead.enrol(&li, &code("Li Ming", &behind)).await;
    let first = behind.enrol(&wang, &code("Wang Fang", &ahead)).await;
    // A token that is newer by order, and older by its clock, is the one that counts.
    let newer = ahead.enrol(&wang, &code("Wang Fang", &ahead)).await;
    let wang_link = behind.enrol(&wang, &code("Wang Fang", &behind)).await;
    for at in [&ahead, &behind] {
        for old in [&first, &newer] {
            assert_eq!(at.round(&mut wang, old).await.note, Note::UnknownDevice);
        }
        assert_eq!(at.round(&mut wang, &wang_link).await.note, Note::Done);
    }

    li.set(STUDY, "phase", "v0");
    assert_eq!(ahead.round(&mut li, &li_link).await.sent, 1);
    // Given at the one ahead, used at once at the one behind.
    grant("Wang Fang", Some(Role::Coordinator), &ahead);
    assert_eq!(behind.round(&mut wang, &wang_link).await.received, 1);
    for n in 1..7 {
        let at = [&behind, &ahead];
        // Each answers what the other wrote a moment ago, at the other replica.
        wang.set(STUDY, "phase", &format!("wang {n}"));
        let said = at[n % 2].round(&mut wang, &wang_link).await;
        assert_eq!((said.note, said.sent, said.waiting), (Note::Done, 1, 0));
        let said = at[(n + 1) % 2].round(&mut li, &li_link).await;
        assert_eq!((said.note, said.received), (Note::Done, 1));
        li.set(STUDY, "phase", &format!("li {n}"));
        assert_eq!(at[n % 2].round(&mut li, &li_link).await.sent, 1);
        let said = at[(n + 1) % 2].round(&mut wang, &wang_link).await;
        assert_eq!((said.note, said.received), (Note::Done, 1));
        assert_eq!(wang.values(STUDY, "phase"), [format!("li {n}")]);
    }
    assert_eq!(li.digest(), wang.digest());
    let numbers = li.streams[STUDY].rows.iter().map(|row| row.sseq);
    assert!(
        numbers.eq((1..=13).map(Some)),
        "in the order in which they came"
    );

    // Taken at the one ahead: at the one behind it is over, though its clock says that it is not.
    grant("Wang Fang", None, &ahead);
    wang.set(STUDY, "phase", "after the end");
    let said = behind.round(&mut wang, &wang_link).await;
    assert!(said.notes.contains(&Note::Quarantined(1)), "{said:?}");
    // And the other way round: given again at the one behind, by an earlier clock than its end.
    grant("Wang Fang", Some(Role::Coordinator), &behind);
    wang.set(STUDY, "phase", "again");
    let said = ahead.round(&mut wang, &wang_link).await;
    assert!(!said.notes.contains(&Note::Quarantined(1)), "{said:?}");
    ahead.round(&mut li, &li_link).await;
    let status: Vec<Status> = li.streams[STUDY]
        .rows
        .iter()
        .map(|row| row.status)
        .collect();
    assert_eq!(status[13..], [Status::Quarantined, Status::Accepted]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f66_replicas_with_clocks_apart_order_by_what_came_and_know_each_others_tokens() {
    for ahead_ms in [5 * MINUTE_MS, -5 * MINUTE_MS] {
        clocks(bench().await, sqlite, ahead_ms).await;
    }
    #[cfg(unix)]
    if let Some(cluster) = cluster() {
        let address = cluster.database().await;
        let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
        let bench = start(open, TempDir::new().unwrap(), false).await;
        clocks(bench, open, 5 * MINUTE_MS).await;
    }
}
