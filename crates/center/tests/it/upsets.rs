//! What happens to the center's machines: a database that takes nothing, replicas of two versions,
//! and asked in turn.

use crate::bench::{Around, Bench, sqlite, start};
use crate::cluster::{Cluster, cluster};
use crate::laptop::Laptop;
use center::store::{Asker, People};
use center::{PostgresStore, Store, StoreError};
use rusqlite::Connection;
use std::path::Path;
use sync::{Address, CenterLink, Http, Note, Outcome};
use tempfile::TempDir;

const STUDY: &str = "s1";

fn http(link: &CenterLink, url: &str) -> Http {
    let pin = link.recognised_by().expect("a pin");
    Http::new(Address::parse(url).expect("an address"), pin)
}

/// One contact with one replica.
async fn meet(laptop: &mut Laptop, link: &CenterLink, url: &str, around: &Around) -> Outcome {
    let outcome = sync::round(&http(link, url), link, laptop, around).await;
    outcome.expect("the laptop's store works")
}

async fn in_step(laptop: &mut Laptop, link: &CenterLink, url: &str, around: &Around) {
    let outcome = meet(laptop, link, url, around).await;
    assert_eq!((outcome.note, outcome.waiting), (Note::Done, 0));
}

async fn on_postgres(cluster: &'static Cluster) -> (Bench<PostgresStore>, String) {
    let address = cluster.database().await;
    let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
    (start(open, TempDir::new().unwrap(), false).await, address)
}

/// Nothing is acknowledged and nothing stored while the database takes nothing; afterwards all of
/// it is, once.
async fn refused_then_taken<S: Store>(
    bench: &Bench<S>,
    harm: impl AsyncFn(bool),
    count: impl AsyncFn() -> u64,
) {
    let (mut li, mut wang) = (Laptop::new(1, "p-li"), Laptop::new(2, "p-wang"));
    let link = bench.enrol(&li, "Li Ming").await;
    let other = bench.enrol(&wang, "Wang Fang").await;
    li.set(STUDY, "phase", "before");
    bench.sync(&mut li, &link).await;
    bench.grant(STUDY, "Wang Fang", center::Role::Coordinator);
    bench.sync(&mut wang, &other).await;
    let n_before = count().await;
    harm(true).await;
    for n in 0..3 {
        li.set(STUDY, "phase", &format!("while {n}"));
        let outcome = bench.round(&mut li, &link).await;
        assert!(outcome.note.is_trouble(), "{:?}", outcome.note);
        assert_eq!((outcome.sent, outcome.waiting), (0, n + 1));
        assert_eq!(count().await, n_before);
    }
    harm(false).await;
    assert_eq!(bench.sync(&mut li, &link).await.0, 3);
    assert_eq!(count().await, n_before + 3);
    bench.sync(&mut wang, &other).await;
    assert_eq!(wang.digest(), li.digest());
}

#[tokio::test(flavor = "multi_thread")]
async fn f64_a_database_that_takes_nothing_is_acknowledged_by_nobody() {
    let Some(cluster) = cluster() else { return };
    // A standby after a switch, which reads and does not write.
    let (bench, address) = on_postgres(cluster).await;
    let name = address.rsplit('=').next().unwrap().to_owned();
    let admin = cluster.address("postgres");
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE application_name = 'pidesk-center' AND datname = current_database()";
    let n_commits = "SELECT count(*) FROM commits";
    let count = async || cluster.number(&address, n_commits).await as u64;
    let standby = async |is_on: bool| {
        let word = if is_on { "on" } else { "off" };
        let sql = format!("ALTER DATABASE {name} SET default_transaction_read_only = {word}");
        cluster.execute(&admin, &sql).await;
        cluster.execute(&address, end).await;
    };
    refused_then_taken(&bench, standby, count).await;

    // A disk that is full: PostgreSQL's own error.
    let (bench, address) = on_postgres(cluster).await;
    let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON commits EXECUTE FUNCTION full_disk()";
    let room = "DROP TRIGGER full_disk ON commits; DROP FUNCTION full_disk()";
    let count = async || cluster.number(&address, n_commits).await as u64;
    let disk = async |is_full: bool| {
        let sql = if is_full { full } else { room };
        cluster.execute(&address, sql).await;
    };
    refused_then_taken(&bench, disk, count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f64_a_folder_that_takes_nothing_is_acknowledged_by_nobody() {
    let bench = start(sqlite, TempDir::new().unwrap(), false).await;
    let file = bench.dir.path().join("center.db");
    let run = |sql: &str| Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    let harm = async |is_full: bool| {
        run(match is_full {
            true => {
                "CREATE TRIGGER full_disk BEFORE INSERT ON commits
                 BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            }
            false => "DROP TRIGGER full_disk",
        });
    };
    let count = async || {
        let conn = Connection::open(&file).unwrap();
        let sql = "SELECT count(*) FROM commits";
        conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap() as u64
    };
    refused_then_taken(&bench, harm, count).await;
}

/// What the next version may do to the tables while this one runs: add.
const NEXT_STEP: &str = "ALTER TABLE commits ADD COLUMN added TEXT;
    ALTER TABLE users ADD COLUMN added BIGINT NOT NULL DEFAULT 0;
    CREATE TABLE added(id TEXT PRIMARY KEY);
    INSERT INTO steps(n) SELECT max(n) + 1 FROM steps";

#[tokio::test(flavor = "multi_thread")]
async fn f63_a_replica_goes_on_serving_when_a_newer_one_has_added_to_the_tables() {
    let Some(cluster) = cluster() else { return };
    let (bench, address) = on_postgres(cluster).await;
    let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
    let second = bench.replica(open).await;
    let mut li = Laptop::new(1, "p-li");
    let link = bench.enrol(&li, "Li Ming").await;
    li.set(STUDY, "phase", "old");
    in_step(&mut li, &link, &bench.url, &bench.around).await;
    cluster.execute(&address, NEXT_STEP).await;
    // Both that run already serve: pushes, pulls, accounts, codes.
    let mut wang = Laptop::new(2, "p-wang");
    let other = bench.enrol(&wang, "Wang Fang").await;
    bench.grant(STUDY, "Wang Fang", center::Role::Coordinator);
    for (n, url) in [&bench.url, &second, &bench.url].into_iter().enumerate() {
        li.set(STUDY, "phase", &format!("new {n}"));
        in_step(&mut li, &link, url, &bench.around).await;
        in_step(&mut wang, &other, &second, &bench.around).await;
        assert_eq!(wang.digest(), li.digest());
    }
    let all = bench
        .store()
        .accounts_with_laptops(Asker::Operator)
        .unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(
        cluster
            .number(&address, "SELECT count(*) FROM commits")
            .await,
        4
    );
    // One of the old version that starts only now leaves the newer tables alone.
    let late = PostgresStore::open(&address, "x").map(|_| ());
    assert!(matches!(late, Err(StoreError::Newer)), "{late:?}");
    in_step(&mut li, &link, &second, &bench.around).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f67_what_was_written_at_one_replica_is_read_at_the_next() {
    let Some(cluster) = cluster() else { return };
    let (bench, address) = on_postgres(cluster).await;
    let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
    let urls = [
        bench.url.clone(),
        bench.replica(open).await,
        bench.replica(open).await,
    ];
    let (mut li, mut wang) = (Laptop::new(1, "p-li"), Laptop::new(2, "p-wang"));
    let link = bench.enrol(&li, "Li Ming").await;
    let other = bench.enrol(&wang, "Wang Fang").await;
    li.set(STUDY, "phase", "0");
    in_step(&mut li, &link, &urls[1], &bench.around).await;
    bench.grant(STUDY, "Wang Fang", center::Role::Coordinator);
    for n in 1..=60 {
        li.set(STUDY, "phase", &n.to_string());
        in_step(&mut li, &link, &urls[n % 3], &bench.around).await;
        // Its own answer at the next replica, and the other laptop's at the third.
        let again = meet(&mut li, &link, &urls[(n + 1) % 3], &bench.around).await;
        assert_eq!((again.note, again.sent, again.received), (Note::Done, 0, 0));
        in_step(&mut wang, &other, &urls[(n + 2) % 3], &bench.around).await;
        assert_eq!(wang.digest(), li.digest(), "after {n}");
    }
}
