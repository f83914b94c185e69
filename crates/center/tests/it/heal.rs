//! Identities used twice, centers put back from a backup, centers that lost everything.

use crate::bench::{bench, sqlite};
use crate::laptop::Laptop;
use center::{SqliteStore, admin};
use std::fs;
use sync::Note;

const STUDY: &str = "s1";

#[tokio::test(flavor = "multi_thread")]
async fn f31_a_cloned_laptop_takes_a_new_identity_and_both_keep_their_edits() {
    let bench = bench().await;
    let mut one = Laptop::new(1, "p-a");
    let link = bench.enrol(&one, "Li Ming").await;
    one.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut one, &link).await;
    // A disk image: the same identity on two machines, each with work of its own.
    let mut two = one.clone();
    one.set(STUDY, "phase", "one");
    one.set(STUDY, "title.en", "one's title");
    two.set(STUDY, "phase", "two");
    two.set(STUDY, "phase", "two, better");
    assert_eq!(bench.sync(&mut one, &link).await, (2, 0));
    let outcome = bench.round(&mut two, &link).await;
    assert_eq!(
        (outcome.note, outcome.sent, outcome.waiting),
        (Note::ForkHealed, 2, 0)
    );
    assert_eq!(outcome.received, 2);
    bench.sync(&mut one, &link).await;
    assert_eq!(one.digest(), two.digest());
    assert_eq!(one.values(STUDY, "phase"), ["one", "two, better"]);
    // Both go on under their own names.
    one.set(STUDY, "phase", "agreed");
    two.set(STUDY, "title.en", "two's title");
    bench.sync(&mut one, &link).await;
    bench.sync(&mut two, &link).await;
    bench.sync(&mut one, &link).await;
    assert_eq!(one.digest(), two.digest());
}

#[tokio::test(flavor = "multi_thread")]
async fn f32_a_laptop_from_an_old_backup_loses_nothing() {
    let bench = bench().await;
    let mut laptop = Laptop::new(1, "p-a");
    let link = bench.enrol(&laptop, "Li Ming").await;
    laptop.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut laptop, &link).await;
    let mut old = laptop.clone();
    for n in 0..5 {
        laptop.set(STUDY, "phase", &format!("later {n}"));
    }
    bench.sync(&mut laptop, &link).await;
    // The backup is put back and somebody writes before the first contact.
    old.set(STUDY, "phase", "from the backup");
    let outcome = bench.round(&mut old, &link).await;
    assert_eq!(
        (outcome.note, outcome.received, outcome.waiting),
        (Note::ForkHealed, 5, 0)
    );
    assert_eq!(old.values(STUDY, "phase"), ["from the backup", "later 4"]);
}

/// What a center's folder holds at a moment.
fn copy_of(bench: &crate::bench::Bench<SqliteStore>) -> Vec<u8> {
    // The server is stopped: everything is in the one file or its log; ask SQLite for a whole copy.
    let to = bench.dir.path().join("copy.db");
    let connection = rusqlite::Connection::open(bench.dir.path().join("center.db")).unwrap();
    connection
        .execute("VACUUM INTO ?1", [to.to_str().unwrap()])
        .unwrap();
    let bytes = fs::read(&to).unwrap();
    fs::remove_file(&to).unwrap();
    bytes
}

async fn put_back(bench: &mut crate::bench::Bench<SqliteStore>, copy: &[u8]) {
    bench.stop().await;
    let path = bench.dir.path().join("center.db");
    let copy = copy.to_vec();
    // The old store is closed before its file is replaced.
    bench
        .restart(move |dir| {
            let _ = fs::remove_file(dir.join("center.db-wal"));
            let _ = fs::remove_file(dir.join("center.db-shm"));
            fs::write(&path, &copy).unwrap();
            sqlite(dir)
        })
        .await;
}

async fn restored(tells_epoch: bool, keeps_digest: bool, carries_all: bool) {
    let mut bench = bench().await;
    let (mut a, mut b) = (Laptop::new(1, "p-a"), Laptop::new(2, "p-b"));
    (a.keeps_digest, b.keeps_digest) = (keeps_digest, keeps_digest);
    (a.carries_all, b.carries_all) = (carries_all, carries_all);
    let mut a_link = bench.enrol(&a, "Li Ming").await;
    let mut b_link = bench.enrol(&b, "Li Ming").await;
    a.set(STUDY, "phase", "a1");
    bench.sync(&mut a, &a_link).await;
    bench.sync(&mut b, &b_link).await;
    let copy = copy_of(&bench);
    for n in 2..5 {
        a.set(STUDY, "phase", &format!("a{n}"));
        b.set(STUDY, "title.en", &format!("b{n}"));
        bench.sync(&mut a, &a_link).await;
        bench.sync(&mut b, &b_link).await;
    }
    bench.sync(&mut a, &a_link).await;
    let before = a.digest();
    assert_eq!(before, b.digest());
    put_back(&mut bench, &copy).await;
    if tells_epoch {
        admin::renew_epoch(&*bench.store(), &*bench.around).unwrap();
        bench.restart(sqlite).await;
    }
    // Where each brings its own alone, a commit that waits for the other's goes with a later round.
    let mut notes = Vec::new();
    for _ in 0..if carries_all { 1 } else { 6 } {
        let outcome = bench.round(&mut a, &a_link).await;
        a_link.epoch = outcome.epoch.unwrap();
        notes.extend(outcome.notes);
        let outcome = bench.round(&mut b, &b_link).await;
        b_link.epoch = outcome.epoch.unwrap();
        notes.extend(outcome.notes);
    }
    assert!(notes.contains(&Note::Restored), "{notes:?}");
    assert_eq!(bench.sync(&mut a, &a_link).await, (0, 0));
    assert_eq!(bench.sync(&mut b, &b_link).await, (0, 0));
    assert_eq!((a.digest(), b.digest()), (before.clone(), before.clone()));
    let mut fresh = Laptop::new(3, "p-c");
    let link = bench.enrol(&fresh, "Li Ming").await;
    bench.sync(&mut fresh, &link).await;
    assert_eq!(fresh.digest(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn f61_a_restored_center_gets_back_what_it_lost() {
    restored(true, true, true).await;
    restored(true, false, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f61_a_restored_center_is_noticed_without_being_told() {
    restored(false, true, true).await;
    restored(false, false, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_that_cannot_send_again_deletes_nothing() {
    let mut bench = bench().await;
    let mut a = Laptop::new(1, "p-a");
    a.can_rewind = false;
    let link = bench.enrol(&a, "Li Ming").await;
    a.set(STUDY, "phase", "a1");
    bench.sync(&mut a, &link).await;
    let copy = copy_of(&bench);
    a.set(STUDY, "phase", "a2");
    bench.sync(&mut a, &link).await;
    let before = a.digest();
    put_back(&mut bench, &copy).await;
    let outcome = bench.round(&mut a, &link).await;
    assert_eq!(outcome.note, Note::Diverged);
    assert_eq!(a.digest(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn f62_an_empty_center_under_the_same_key_is_not_believed() {
    let mut bench = bench().await;
    let mut a = Laptop::new(1, "p-a");
    let link = bench.enrol(&a, "Li Ming").await;
    a.set(STUDY, "phase", "a1");
    bench.sync(&mut a, &link).await;
    let before = a.digest();
    bench.stop().await;
    bench
        .restart(|dir| SqliteStore::open(&dir.join("empty.db"), "second-life").unwrap())
        .await;
    let outcome = bench.round(&mut a, &link).await;
    assert_eq!((outcome.note, outcome.received), (Note::UnknownDevice, 0));
    assert_eq!(a.digest(), before);
    // Connected anew, the laptop brings everything along.
    let link = bench.enrol(&a, "Li Ming").await;
    let old = sync::CenterLink {
        epoch: "first-life".into(),
        ..link
    };
    let outcome = bench.round(&mut a, &old).await;
    assert_eq!(
        (outcome.note, outcome.sent, outcome.waiting),
        (Note::Restored, 1, 0)
    );
    assert_eq!(a.digest(), before);
}
