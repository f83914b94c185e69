//! The whole life of a center, on any store.

use crate::bench::{Bench, sqlite, start};
#[cfg(unix)]
use crate::cluster::cluster;
use crate::laptop::Laptop;
#[cfg(unix)]
use center::PostgresStore;
use center::store::Withdrawal;
use center::{Role, Store, admin};
use std::path::Path;
use std::time::Duration;
use sync::{Note, Status};
use tempfile::TempDir;

const STUDY: &str = "01935a00-0000-7000-8000-000000000001";

async fn whole_life<S: Store>(open: impl Fn(&Path) -> S + Copy) {
    let mut bench: Bench<S> = start(open, TempDir::new().unwrap(), false).await;

    // A PI's first laptop. Its work from before the center goes along.
    let mut li = Laptop::new(1, "p-li");
    li.set(STUDY, "registry.nct", "NCT01234567");
    li.set(STUDY, "phase", "PHASE1");
    let li_link = bench.enrol(&li, "Li Ming").await;
    assert_eq!(bench.sync(&mut li, &li_link).await, (2, 0));
    assert_eq!(bench.sync(&mut li, &li_link).await, (0, 0));

    // Her second laptop sees the same studies without a grant.
    let mut li2 = Laptop::new(2, "p-li-2");
    let li2_link = bench.enrol(&li2, "Li Ming").await;
    assert_eq!(li2_link.user, li_link.user);
    assert_eq!(bench.sync(&mut li2, &li2_link).await, (0, 2));
    assert_eq!(li.digest(), li2.digest());

    // Somebody else sees nothing, and cannot write into what she does not see.
    let mut wang = Laptop::new(3, "p-wang");
    let wang_link = bench.enrol(&wang, "Wang Fang").await;
    assert_eq!(bench.sync(&mut wang, &wang_link).await, (0, 0));
    wang.set(STUDY, "phase", "PHASE4");
    let outcome = bench.round(&mut wang, &wang_link).await;
    assert_eq!(
        (outcome.note, outcome.sent, outcome.waiting),
        (Note::NoAccess(1), 0, 1)
    );

    // As a reader, named by the registry number, she reads; what she wrote is kept for review.
    bench.grant("nct01234567", "Wang Fang", Role::Reader);
    let outcome = bench.round(&mut wang, &wang_link).await;
    assert_eq!((outcome.sent, outcome.received, outcome.waiting), (1, 2, 0));
    assert_eq!(outcome.note, Note::Quarantined(1));
    assert_eq!(bench.sync(&mut li, &li_link).await, (0, 1));
    assert_eq!(li.values(STUDY, "phase"), ["PHASE1"]);
    let last = li.streams[STUDY].rows.last().unwrap();
    assert_eq!(
        (last.status, last.commit.by.as_str()),
        (Status::Quarantined, "p-wang")
    );
    assert_eq!(li.digest(), wang.digest());

    // As a coordinator she writes; both edit one field while apart and both see both values.
    bench.grant(STUDY, "Wang Fang", Role::Coordinator);
    wang.set(STUDY, "phase", "PHASE2");
    li.set(STUDY, "phase", "PHASE3");
    assert_eq!(bench.sync(&mut wang, &wang_link).await, (1, 0));
    assert_eq!(bench.sync(&mut li, &li_link).await, (1, 1));
    assert_eq!(bench.sync(&mut wang, &wang_link).await, (0, 1));
    assert_eq!(bench.sync(&mut li2, &li2_link).await, (0, 3));
    for laptop in [&li, &li2, &wang] {
        assert_eq!(laptop.values(STUDY, "phase"), ["PHASE2", "PHASE3"]);
        assert_eq!(laptop.digest(), li.digest());
    }

    // The server is restarted; nobody notices.
    bench.restart(open).await;
    li2.set(STUDY, "phase", "PHASE2, agreed");
    assert_eq!(bench.sync(&mut li2, &li2_link).await, (1, 0));
    assert_eq!(bench.sync(&mut wang, &wang_link).await, (0, 1));
    assert_eq!(wang.values(STUDY, "phase"), ["PHASE2, agreed"]);

    // Her laptop is lost: it may hand in what it has, for review, and gets nothing.
    let gone = wang.id();
    let what = Withdrawal::Device(&gone);
    assert_eq!(
        admin::revoke(&*bench.store(), "Wang Fang", what, &*bench.around).unwrap(),
        1
    );
    li.set(STUDY, "title.en", "After the loss");
    bench.sync(&mut li, &li_link).await;
    wang.set(STUDY, "phase", "PHASE1");
    let outcome = bench.round(&mut wang, &wang_link).await;
    assert_eq!(
        (outcome.note, outcome.sent, outcome.received),
        (Note::Revoked, 1, 0)
    );
    assert!(wang.values(STUDY, "title.en").is_empty());
    bench.sync(&mut li, &li_link).await;
    assert_eq!(li.values(STUDY, "phase"), ["PHASE2, agreed"]);

    // With a new laptop she goes on, until her part in the study ends.
    let mut wang2 = Laptop::new(4, "p-wang-2");
    let wang2_link = bench.enrol(&wang2, "Wang Fang").await;
    assert_eq!(bench.sync(&mut wang2, &wang2_link).await.1, 8);
    assert_eq!(wang2.digest(), li.digest());
    bench.set_role("NCT01234567", "Wang Fang", None).unwrap();
    wang2.set(STUDY, "phase", "PHASE4");
    let outcome = bench.round(&mut wang2, &wang2_link).await;
    assert_eq!((outcome.sent, outcome.waiting), (1, 0));
    assert!(
        outcome.notes.contains(&Note::NoAccess(1)),
        "{:?}",
        outcome.notes
    );
    bench.sync(&mut li, &li_link).await;
    assert_eq!(li.values(STUDY, "phase"), ["PHASE2, agreed"]);

    // Refused orders of the operator.
    let unknown = bench.set_role("no-study", "Li Ming", Some(Role::Pi));
    assert!(matches!(unknown, Err(admin::AdminError::NoStudy(_))));
    let unknown = bench.set_role(STUDY, "Nobody", Some(Role::Pi));
    assert!(matches!(unknown, Err(admin::AdminError::NoAccount(_))));
    let none = bench.set_role(STUDY, "Wang Fang", Some(Role::Staff));
    assert!(matches!(none, Err(admin::AdminError::Role)));
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_life_on_sqlite() {
    whole_life(sqlite).await;
}

/// A center on a database of its own; nothing where PostgreSQL is not installed.
#[cfg(unix)]
async fn on_postgres() -> Option<Bench<PostgresStore>> {
    let address = cluster()?.database().await;
    let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
    Some(start(open, TempDir::new().unwrap(), false).await)
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn whole_life_on_postgres() {
    let Some(cluster) = cluster() else { return };
    let address = cluster.database().await;
    whole_life(|_| PostgresStore::open(&address, "first-life").unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_laptop_wakes_when_there_is_news() {
    wakes(crate::bench::bench().await).await;
    #[cfg(unix)]
    if let Some(bench) = on_postgres().await {
        wakes(bench).await;
    }
}

async fn wakes<S: Store>(bench: Bench<S>) {
    let (mut a, mut b) = (Laptop::new(1, "p-a"), Laptop::new(2, "p-b"));
    let a_link = bench.enrol(&a, "Li Ming").await;
    let b_link = bench.enrol(&b, "Li Ming").await;
    a.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut a, &a_link).await;
    let mark = bench.round(&mut b, &b_link).await.mark.unwrap();
    let http = bench.http(&b_link);
    let waiting = sync::wait(&http, &b_link, &mark, &*bench.around);
    let writing = async {
        a.set(STUDY, "phase", "PHASE2");
        bench.sync(&mut a, &a_link).await;
    };
    let limit = Duration::from_secs(20);
    let both = async { tokio::join!(waiting, writing) };
    let (news, ()) = tokio::time::timeout(limit, both).await.expect("woken");
    assert_ne!(news.unwrap(), mark);
    assert_eq!(bench.sync(&mut b, &b_link).await, (0, 1));
    // A mark of the past is answered at once.
    sync::wait(&http, &b_link, &mark, &*bench.around)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_commits_travel_in_pages() {
    pages(crate::bench::bench().await).await;
    #[cfg(unix)]
    if let Some(bench) = on_postgres().await {
        pages(bench).await;
    }
}

async fn pages<S: Store>(bench: Bench<S>) {
    let (mut a, mut b) = (Laptop::new(1, "p-a"), Laptop::new(2, "p-b"));
    let a_link = bench.enrol(&a, "Li Ming").await;
    let b_link = bench.enrol(&b, "Li Ming").await;
    for n in 0..1201 {
        a.set(STUDY, &format!("f{}", n % 7), &n.to_string());
    }
    // One that fills more than a page alone.
    a.set(STUDY, "large", &"x".repeat(3 * 1024 * 1024));
    a.set(STUDY, "after", "y");
    assert_eq!(bench.sync(&mut a, &a_link).await, (1203, 0));
    assert_eq!(bench.sync(&mut b, &b_link).await, (0, 1203));
    assert_eq!(a.digest(), b.digest());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_streams_in_one_contact() {
    let bench = crate::bench::bench().await;
    let (mut a, mut b) = (Laptop::new(1, "p-a"), Laptop::new(2, "p-b"));
    let a_link = bench.enrol(&a, "Li Ming").await;
    let b_link = bench.enrol(&b, "Li Ming").await;
    for n in 0..40 {
        a.set(&format!("study-{n}"), "phase", "PHASE1");
    }
    assert_eq!(bench.sync(&mut a, &a_link).await, (40, 0));
    assert_eq!(bench.sync(&mut b, &b_link).await, (0, 40));
    assert_eq!(a.digest(), b.digest());
}
