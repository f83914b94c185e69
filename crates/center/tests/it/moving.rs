//! From the folder's own database to PostgreSQL; backups of PostgreSQL put back.

use crate::bench::{Around, Bench, enrol_over, start};
use crate::cluster::cluster;
use crate::laptop::Laptop;
use crate::program::{last_line, now_ms, run_with, serve_with};
use center::{PostgresStore, Store, StoreError, admin};
use std::path::Path;
use std::sync::atomic::Ordering;
use sync::{Address, CenterLink, Code, Http, Note, Outcome};
use tempfile::TempDir;

const STUDY: &str = "s1";

async fn contact(laptop: &mut Laptop, link: &CenterLink, url: &str, around: &Around) -> Outcome {
    let address = Address::parse(url).unwrap();
    let http = Http::new(address, link.recognised_by().unwrap());
    sync::round(&http, link, laptop, around).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn f65_no_laptop_notices_that_the_data_moved() {
    let Some(cluster) = cluster() else { return };
    let (address, dir) = (cluster.database().await, TempDir::new().unwrap());
    let around = Around::new(5);
    around.now_ms.store(now_ms(), Ordering::Relaxed);
    let serving = serve_with(dir.path(), "127.0.0.1:0", None);
    let invited = run_with(&["invite", "--user", "Li Ming"], dir.path(), None);
    let code = Code::parse(&last_line(&invited)).unwrap();
    let http = Http::new(Address::parse(&serving.1).unwrap(), code.pin());
    let mut laptop = Laptop::new(1, "p-1");
    let link = enrol_over(&http, &serving.1, &laptop, &code, &around)
        .await
        .unwrap();
    for n in 0..250 {
        laptop.set(STUDY, &format!("f{}", n % 9), &n.to_string());
    }
    laptop.set("s2", "registry.nct", "NCT00000001");
    assert_eq!(
        contact(&mut laptop, &link, &serving.1, &around).await.sent,
        251
    );
    let before = laptop.digest();

    // It serves while the data is moved: it is shut out, and says nothing that would be lost.
    let moved = run_with(&["move", "--to", &address], dir.path(), None);
    assert_eq!(
        last_line(&moved),
        "251 commits were moved; serve them with --database"
    );
    laptop.set(STUDY, "phase", "written meanwhile");
    let outcome = contact(&mut laptop, &link, &serving.1, &around).await;
    assert_eq!((outcome.sent, outcome.waiting), (0, 1));
    drop(serving);

    // From PostgreSQL: the same numbers and digests, so nothing travels again.
    let serving = serve_with(dir.path(), "127.0.0.1:0", Some(&address));
    let outcome = contact(&mut laptop, &link, &serving.1, &around).await;
    assert_eq!(
        (outcome.note, outcome.sent, outcome.received),
        (Note::Done, 1, 0)
    );
    assert_eq!(outcome.epoch, Some(link.epoch.clone()));
    let mut fresh = Laptop::new(1, "p-1");
    contact(&mut fresh, &link, &serving.1, &around).await;
    assert_eq!(fresh.digest(), laptop.digest());
    assert_ne!(laptop.digest(), before);

    // The folder's own database is closed for good, and a database in use is not written over.
    for args in [
        &["invite", "--user", "Wang"][..],
        &["move", "--to", &address],
    ] {
        let refused = run_with(args, dir.path(), None);
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("was moved to PostgreSQL"), "{said}");
    }
    let other = TempDir::new().unwrap();
    drop(serve_with(other.path(), "127.0.0.1:0", None));
    last_line(&run_with(&["invite", "--user", "Wang"], other.path(), None));
    let refused = run_with(&["move", "--to", &address], other.path(), None);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("is not empty"), "{said}");
    last_line(&run_with(&["invite", "--user", "Wang"], other.path(), None));
}

async fn bench_on(address: &str) -> Bench<PostgresStore> {
    let open = |_: &Path| PostgresStore::open(address, "first-life").unwrap();
    start(open, TempDir::new().unwrap(), false).await
}

#[tokio::test(flavor = "multi_thread")]
async fn f61_a_database_put_back_from_yesterday_gets_back_what_it_lost() {
    let Some(cluster) = cluster() else { return };
    let address = cluster.database().await;
    let mut bench = bench_on(&address).await;
    let (mut a, mut b) = (Laptop::new(1, "p-a"), Laptop::new(2, "p-b"));
    let a_link = bench.enrol(&a, "Li Ming").await;
    let b_link = bench.enrol(&b, "Li Ming").await;
    a.set(STUDY, "phase", "a1");
    bench.sync(&mut a, &a_link).await;
    bench.sync(&mut b, &b_link).await;
    // The backup that docs/center tells of, made while replicas serve.
    let name = |address: &str| address.rsplit('=').next().unwrap().to_owned();
    let dump = bench.dir.path().join("backup.sql");
    cluster.run("pg_dump", &[], &name(&address), &dump);
    for n in 2..5 {
        a.set(STUDY, "phase", &format!("a{n}"));
        b.set(STUDY, "title.en", &format!("b{n}"));
        bench.sync(&mut a, &a_link).await;
        bench.sync(&mut b, &b_link).await;
    }
    bench.sync(&mut a, &a_link).await;
    let before = a.digest();
    assert_eq!(before, b.digest());

    let restored = cluster.database().await;
    let said = bench.dir.path().join("said");
    let file = dump.to_str().unwrap();
    let args = ["-q", "-v", "ON_ERROR_STOP=1", "-f", file];
    cluster.run("psql", &args, &name(&restored), &said);
    let open = |_: &Path| PostgresStore::open(&restored, "another-life").unwrap();
    bench.restart(open).await;
    // Nobody told the laptops.
    let outcome = bench.round(&mut a, &a_link).await;
    assert!(
        outcome.notes.contains(&Note::Restored),
        "{:?}",
        outcome.notes
    );
    bench.round(&mut b, &b_link).await;
    assert_eq!(bench.sync(&mut a, &a_link).await, (0, 0));
    assert_eq!((a.digest(), b.digest()), (before.clone(), before.clone()));
    let mut fresh = Laptop::new(3, "p-c");
    let link = bench.enrol(&fresh, "Li Ming").await;
    bench.sync(&mut fresh, &link).await;
    assert_eq!(fresh.digest(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_epoch_is_told_by_replicas_that_run() {
    let Some(cluster) = cluster() else { return };
    let bench = bench_on(&cluster.database().await).await;
    let mut a = Laptop::new(1, "p-a");
    let link = bench.enrol(&a, "Li Ming").await;
    a.set(STUDY, "phase", "a1");
    bench.sync(&mut a, &link).await;
    admin::renew_epoch(&*bench.store(), &*bench.around).unwrap();
    let outcome = bench.round(&mut a, &link).await;
    assert!(
        outcome.notes.contains(&Note::Restored),
        "{:?}",
        outcome.notes
    );
    assert_eq!(outcome.epoch, Some(bench.store().epoch().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn f69_a_database_of_a_newer_program_is_left_alone() {
    let Some(cluster) = cluster() else { return };
    let address = cluster.database().await;
    drop(PostgresStore::open(&address, "first-life").unwrap());
    cluster
        .execute(&address, "INSERT INTO steps(n) VALUES(99)")
        .await;
    let opened = PostgresStore::open(&address, "x").map(|_| ());
    assert!(matches!(opened, Err(StoreError::Newer)), "{opened:?}");
}
