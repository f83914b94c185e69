//! Sharing and taking back, laptops, what is kept for review; on both databases.

use crate::bench::{Bench, sqlite, start};
#[cfg(unix)]
use crate::cluster::cluster;
use crate::laptop::Laptop;
#[cfg(unix)]
use center::PostgresStore;
use center::store::{Asker, People, Session};
use center::{Role, Store, StoreError, admin};
use std::path::Path;
use sync::exchange::Failure;
use sync::wire::{DeviceName, MembersSet, ReviewState, RoleSet};
use sync::{Address, CenterLink, Http, Member, Members, Note, Problem, Status};
use tempfile::TempDir;

pub(crate) const STUDY: &str = "01935a00-0000-7000-8000-000000000001";

fn set(changes: &[(&str, Option<&str>)], why: &str) -> MembersSet {
    let change = |(account, role): &(&str, Option<&str>)| RoleSet {
        account: (*account).to_owned(),
        role: role.map(str::to_owned),
    };
    MembersSet {
        changes: changes.iter().map(change).collect(),
        why: Some(why.to_owned()).filter(|text| !text.is_empty()),
    }
}

impl<S: Store> Bench<S> {
    pub(crate) async fn share(
        &self,
        link: &CenterLink,
        changes: &[(&str, Option<&str>)],
        why: &str,
    ) -> Result<(), Failure> {
        let http = self.http(link);
        let set = set(changes, why);
        sync::members::set_members(&http, link, STUDY, &set, &*self.around).await
    }

    pub(crate) async fn members(&self, link: &CenterLink) -> Result<Vec<Member>, Failure> {
        let http = self.http(link);
        let found = sync::members::members(&http, link, STUDY, &*self.around).await;
        found.map(|members| members.list)
    }

    async fn roles(&self, link: &CenterLink) -> Vec<(String, Option<String>)> {
        let list = self.members(link).await.unwrap().into_iter();
        list.map(|member| (member.name, member.role)).collect()
    }
}

fn roles(of: &[(&str, Option<&str>)]) -> Vec<(String, Option<String>)> {
    let own = |(name, role): &(&str, Option<&str>)| ((*name).to_owned(), role.map(str::to_owned));
    of.iter().map(own).collect()
}

fn refused(problem: Problem) -> Result<(), Failure> {
    Err(Failure::Refused(problem))
}

/// The PI shares, takes back, replaces and hands over, and the log says who did what.
async fn sharing<S: Store>(bench: Bench<S>) {
    let (mut li, mut wang) = (Laptop::new(1, "p-li"), Laptop::new(2, "p-wang"));
    let mut zhao = Laptop::new(3, "p-zhao");
    let li_link = bench.enrol(&li, "Li Ming").await;
    let wang_link = bench.enrol(&wang, "Wang Fang").await;
    let zhao_link = bench.enrol(&zhao, "Zhao Lei").await;
    li.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut li, &li_link).await;
    assert_eq!(
        bench.roles(&li_link).await,
        roles(&[("Li Ming", Some("pi"))])
    );
    assert_eq!(
        bench.members(&wang_link).await,
        Err(Failure::Refused(Problem::NotMember))
    );

    let coordinator = Some("coordinator");
    let shared = [("Wang Fang", coordinator)];
    bench.share(&li_link, &shared, "入组开始").await.unwrap();
    assert_eq!(bench.sync(&mut wang, &wang_link).await, (0, 1));
    let list = bench.members(&wang_link).await.unwrap();
    let wang_entry = list.iter().find(|m| m.name == "Wang Fang").unwrap();
    assert_eq!(wang_entry.by, li_link.user);
    assert_eq!(wang_entry.why.as_deref(), Some("入组开始"));

    // A replacement is one step: nobody is without a coordinator, and nobody sees half of it.
    let half = [("Wang Fang", None), ("Nobody", coordinator)];
    let unknown = Problem::NoAccount {
        account: "Nobody".to_owned(),
    };
    assert_eq!(bench.share(&li_link, &half, "").await, refused(unknown));
    assert_eq!(bench.sync(&mut wang, &wang_link).await, (0, 0));
    let whole = [("Wang Fang", None), ("Zhao Lei", coordinator)];
    bench.share(&li_link, &whole, "休产假").await.unwrap();
    assert_eq!(bench.sync(&mut zhao, &zhao_link).await, (0, 1));
    li.set(STUDY, "phase", "PHASE2");
    bench.sync(&mut li, &li_link).await;
    let outcome = bench.round(&mut wang, &wang_link).await;
    assert_eq!((outcome.note, outcome.received), (Note::NoAccess(1), 0));
    assert_eq!(wang.values(STUDY, "phase"), ["PHASE1"]);
    // Whoever left is told that, under the center's signature, and nothing about others.
    assert_eq!(bench.roles(&wang_link).await, roles(&[("Wang Fang", None)]));

    // A study is never without a PI; handing over is one step.
    let last = Err(Failure::Refused(Problem::LastPi));
    assert_eq!(bench.share(&li_link, &[("Li Ming", None)], "").await, last);
    let last = bench
        .share(&li_link, &[("Li Ming", Some("reader"))], "")
        .await;
    assert_eq!(last, refused(Problem::LastPi));
    let over = [
        ("Zhao Lei", Some("pi")),
        ("Li Ming", Some("co-investigator")),
    ];
    bench.share(&li_link, &over, "调任").await.unwrap();
    let now = roles(&[
        ("Li Ming", Some("co-investigator")),
        ("Wang Fang", None),
        ("Zhao Lei", Some("pi")),
    ]);
    assert_eq!(bench.roles(&li_link).await, now);
    let refusal = bench.share(&li_link, &over, "").await;
    assert_eq!(refusal, refused(Problem::NoRight));
    li.set(STUDY, "phase", "PHASE3");
    assert_eq!(bench.sync(&mut li, &li_link).await.0, 1);

    // Nobody is named twice in one step.
    let twice = [("Li Ming", None), ("Li Ming", Some("pi"))];
    let refusal = bench.share(&zhao_link, &twice, "").await;
    assert_eq!(refusal, refused(Problem::Malformed));
}

/// Rights are those of the moment of receipt, whatever a laptop's clock says.
async fn receipt<S: Store>(bench: Bench<S>, open: impl Fn(&Path) -> S) {
    let (mut li, mut wang) = (Laptop::new(1, "p-li"), Laptop::new(2, "p-wang"));
    let li_link = bench.enrol(&li, "Li Ming").await;
    let wang_link = bench.enrol(&wang, "Wang Fang").await;
    let mut wang_elsewhere = wang_link.clone();
    wang_elsewhere.url = bench.replica(open).await;
    li.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut li, &li_link).await;
    bench.grant(STUDY, "Wang Fang", Role::Coordinator);
    bench.sync(&mut wang, &wang_link).await;
    wang.set(STUDY, "phase", "PHASE2");
    bench
        .share(&li_link, &[("Wang Fang", None)], "")
        .await
        .unwrap();
    let mark = bench.round(&mut li, &li_link).await.mark;

    // On the other replica, at the very next request.
    let http = Http::new(
        Address::parse(&wang_elsewhere.url).unwrap(),
        wang_elsewhere.recognised_by().unwrap(),
    );
    let outcome = sync::round(&http, &wang_elsewhere, &mut wang, &*bench.around)
        .await
        .unwrap();
    assert_eq!((outcome.sent, outcome.received, outcome.waiting), (1, 0, 0));
    let notes = [Note::NoAccess(1), Note::Quarantined(1)];
    assert_eq!(outcome.notes, notes);
    bench.sync(&mut li, &li_link).await;
    assert_ne!(bench.round(&mut li, &li_link).await.mark, mark);
    assert_eq!(li.values(STUDY, "phase"), ["PHASE1"]);
    let row = li.streams[STUDY].rows.last().unwrap();
    assert_eq!(
        (row.status, row.commit.by.as_str()),
        (Status::Quarantined, "p-wang")
    );

    // The author sees it, and what becomes of it; the PI sees it and why.
    let hash = row.frame.id();
    let (http, around) = (bench.http(&li_link), &*bench.around);
    let list = sync::members::held(&http, &li_link, Some(STUDY), around).await;
    let list = list.unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(
        (
            list[0].hash.as_str(),
            list[0].why.as_str(),
            list[0].author.as_str()
        ),
        (hash.as_str(), "ended", "Wang Fang")
    );
    let own = || async {
        let list = sync::members::held(&http, &wang_link, None, around).await;
        list.unwrap()[0].state
    };
    assert_eq!(own().await, ReviewState::Open);
    li.review(STUDY, hash.as_str(), false);
    bench.sync(&mut li, &li_link).await;
    assert_eq!(own().await, ReviewState::Dismissed);

    // With the right back, what comes from now on is in force; what was kept stays kept.
    bench.grant(STUDY, "Wang Fang", Role::Coordinator);
    wang.set(STUDY, "title.en", "In force");
    let outcome = bench.round(&mut wang, &wang_link).await;
    assert_eq!((outcome.note, outcome.sent), (Note::Done, 1));
    bench.sync(&mut li, &li_link).await;
    assert_eq!(li.values(STUDY, "phase"), ["PHASE1"]);
    assert_eq!(li.values(STUDY, "title.en"), ["In force"]);
}

/// A laptop is named and withdrawn by its person; its own requests end at once.
async fn laptops<S: Store>(bench: Bench<S>, open: impl Fn(&Path) -> S) {
    let (mut li, mut li2) = (Laptop::new(1, "p-li"), Laptop::new(2, "p-li-2"));
    let li_link = bench.enrol(&li, "Li Ming").await;
    bench.around.pass(60_000);
    let mut li2_link = bench.enrol(&li2, "Li Ming").await;
    li.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut li, &li_link).await;
    bench.sync(&mut li2, &li2_link).await;
    let (http, around) = (bench.http(&li_link), &*bench.around);
    let name = DeviceName {
        dev: li2.id(),
        label: "门诊笔记本".to_owned(),
    };
    sync::members::name_device(&http, &li_link, &name, around)
        .await
        .unwrap();
    let list = sync::members::devices(&http, &li_link, None, around)
        .await
        .unwrap();
    let told: Vec<_> = list
        .iter()
        .map(|d| {
            (
                d.dev.as_str(),
                d.label.as_str(),
                d.is_this,
                d.seen.is_some(),
            )
        })
        .collect();
    let (this, other) = (li.id(), li2.id());
    let expected = [
        (this.as_str(), "", true, true),
        (other.as_str(), "门诊笔记本", false, true),
    ];
    assert_eq!(told, expected);

    // Stolen. On any replica no request gets anything any more, nor one that was let in before.
    let let_in = Session {
        dev: li2.id(),
        user: li2_link.user.clone(),
        name: "Li Ming".to_owned(),
        is_revoked: false,
    };
    let store = bench.store();
    assert!(store.pull(&let_in, STUDY, 0).is_ok());
    li2.set(STUDY, "phase", "PHASE2");
    sync::members::revoke_device(&http, &li_link, &li2.id(), around)
        .await
        .unwrap();
    assert!(matches!(
        store.pull(&let_in, STUDY, 0),
        Err(StoreError::Refused(Problem::Revoked))
    ));
    drop(store);
    li.set(STUDY, "title.en", "After the theft");
    bench.sync(&mut li, &li_link).await;
    li2_link.url = bench.replica(open).await;
    let http2 = Http::new(
        Address::parse(&li2_link.url).unwrap(),
        li2_link.recognised_by().unwrap(),
    );
    let outcome = sync::round(&http2, &li2_link, &mut li2, around)
        .await
        .unwrap();
    assert_eq!(
        (
            outcome.note,
            outcome.sent,
            outcome.received,
            outcome.waiting
        ),
        (Note::Revoked, 1, 0, 0)
    );
    assert!(li2.values(STUDY, "title.en").is_empty());
    bench.sync(&mut li, &li_link).await;
    assert_eq!(li.values(STUDY, "phase"), ["PHASE1"]);
    let list = sync::members::held(&http, &li_link, Some(STUDY), around).await;
    assert_eq!(list.unwrap()[0].why, "revoked");
    let list = sync::members::devices(&http, &li_link, None, around)
        .await
        .unwrap();
    assert!(list[0].revoked.is_none() && list[1].revoked.is_some());
}

/// Who works for the center replaces a PI who is gone, and never lets herself in.
async fn staff<S: Store>(bench: Bench<S>) {
    let (mut li, staff) = (Laptop::new(1, "p-li"), Laptop::new(2, "p-staff"));
    let li_link = bench.enrol(&li, "Li Ming").await;
    let code = bench.invite("Office", Some(Role::Staff));
    let office = bench.try_enrol(&staff, &code).await.unwrap();
    bench.invite("Zhao Lei", None);
    li.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut li, &li_link).await;
    let in_herself = bench
        .share(&office, &[("Office", Some("reader"))], "")
        .await;
    assert_eq!(in_herself, refused(Problem::NoRight));
    let alone = bench.share(&office, &[("Li Ming", None)], "").await;
    assert_eq!(alone, refused(Problem::LastPi));
    let replaced = [("Li Ming", None), ("Zhao Lei", Some("pi"))];
    bench.share(&office, &replaced, "离职").await.unwrap();
    let list = bench.members(&office).await.unwrap();
    assert!(list.iter().all(|member| member.by == office.user));
    let (http, around) = (bench.http(&office), &*bench.around);
    let accounts = sync::members::accounts(&http, &office, around)
        .await
        .unwrap();
    let names: Vec<_> = accounts
        .iter()
        .map(|a| (a.name.as_str(), a.n_devices))
        .collect();
    assert_eq!(names, [("Li Ming", 1), ("Office", 1), ("Zhao Lei", 0)]);
}

async fn fresh() -> Bench<center::SqliteStore> {
    start(sqlite, TempDir::new().unwrap(), false).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pi_shares_takes_back_replaces_and_hands_over() {
    sharing(fresh().await).await;
    #[cfg(unix)]
    if let Some(cluster) = cluster() {
        let address = cluster.database().await;
        let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
        sharing(start(open, TempDir::new().unwrap(), false).await).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f56_rights_are_those_of_the_receipt_and_nothing_is_dropped() {
    receipt(fresh().await, sqlite).await;
    #[cfg(unix)]
    if let Some(cluster) = cluster() {
        let address = cluster.database().await;
        let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
        receipt(start(open, TempDir::new().unwrap(), false).await, open).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f77_a_withdrawn_laptop_hands_in_and_gets_nothing() {
    laptops(fresh().await, sqlite).await;
    #[cfg(unix)]
    if let Some(cluster) = cluster() {
        let address = cluster.database().await;
        let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
        laptops(start(open, TempDir::new().unwrap(), false).await, open).await;
    }
}

/// A laptop that was put back from a copy goes by a second identity with the token of the first.
async fn one_laptop<S: Store>(bench: Bench<S>) {
    let mut laptop = Laptop::new(1, "p-li");
    let link = bench.enrol(&laptop, "Li Ming").await;
    laptop.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut laptop, &link).await;
    let mut old = laptop.clone();
    laptop.set(STUDY, "phase", "PHASE2");
    bench.sync(&mut laptop, &link).await;
    let mut older = old.clone();
    old.set(STUDY, "phase", "PHASE3");
    assert_eq!(bench.round(&mut old, &link).await.note, Note::ForkHealed);
    let (store, around) = (bench.store(), &*bench.around);
    let lines = admin::list_people(&*store).unwrap();
    let second = format!("the same laptop as {}", laptop.id());
    let line = lines.iter().find(|line| line.contains(&second)).unwrap();
    let dev = line.trim().split(' ').next().unwrap();
    assert_ne!(dev, laptop.id());
    let revoke = |name: &str, dev: &str| {
        let n = center::revoke(
            &*store,
            name,
            center::store::Withdrawal::Device(dev),
            around,
        );
        n.map_err(|error| error.to_string())
    };
    let none = "Li Ming has no such laptop with access; people lists them by their whole ids";
    assert_eq!(revoke("Li Ming", &dev[..20]), Err(none.to_owned()));
    assert!(
        revoke("Nobody", dev)
            .unwrap_err()
            .contains("no account Nobody")
    );
    assert_eq!(revoke("Li Ming", dev), Ok(2));
    assert_eq!(revoke("Li Ming", dev), Err(none.to_owned()));
    assert_eq!(bench.round(&mut old, &link).await.note, Note::Revoked);
    assert_eq!(bench.round(&mut laptop, &link).await.note, Note::Revoked);
    // Put back once more, and withdrawn before its first contact: what it wrote since is handed in
    // under a third identity, for review, and that one gets nothing either.
    older.set(STUDY, "phase", "PHASE4");
    let outcome = bench.round(&mut older, &link).await;
    assert_eq!((outcome.sent, outcome.waiting, outcome.received), (1, 0, 0));
    assert_ne!(older.id(), laptop.id());
    let lines = admin::list_people(&*store).unwrap();
    let line = lines
        .iter()
        .find(|line| line.contains(&older.id()))
        .unwrap();
    assert!(line.contains("withdrawn"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_is_withdrawn_by_any_identity_that_it_had() {
    one_laptop(fresh().await).await;
    #[cfg(unix)]
    if let Some(cluster) = cluster() {
        let address = cluster.database().await;
        let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
        one_laptop(start(open, TempDir::new().unwrap(), false).await).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_of_the_center_replaces_a_pi() {
    staff(fresh().await).await;
    #[cfg(unix)]
    if let Some(cluster) = cluster() {
        let address = cluster.database().await;
        let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
        staff(start(open, TempDir::new().unwrap(), false).await).await;
    }
}

/// A center's file of before there were logs of members.
fn old_file(path: &Path) {
    let old = rusqlite::Connection::open(path).unwrap();
    old.execute_batch(include_str!("../../src/store/migrations/0001.sql"))
        .unwrap();
    old.execute_batch(&format!(
        "INSERT INTO settings VALUES('epoch', 'old-life');
         INSERT INTO users VALUES('u_1', 'Li Ming', 'pi', 1), ('u_2', 'Wang Fang', 'pi', 2);
         INSERT INTO streams VALUES('{STUDY}', 1, 'sha256:{}', 3);
         INSERT INTO members VALUES('{STUDY}', 'u_1', 'pi', 3, NULL),
           ('{STUDY}', 'u_2', 'reader', 4, 5);
         PRAGMA user_version = 1;",
        "0".repeat(64)
    ))
    .unwrap();
}

#[test]
fn a_center_of_before_gets_its_logs_from_what_it_knew() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("center.db");
    old_file(&path);
    let store = center::SqliteStore::open(&path, "unused").unwrap();
    assert_eq!(store.epoch().unwrap(), "old-life");
    let key = ledger::DeviceKey::from_secret(&[9; 32]);
    let read = || {
        let log = store.members(Asker::Operator, STUDY, &key, 9).unwrap();
        let frames = sync::body::split_frames(&log.frames).unwrap();
        let names = log.names.into_iter().map(|name| (name.user, name.name));
        Members::read(STUDY, &frames, &key.public(), names.collect()).unwrap()
    };
    let list = read().list;
    let told: Vec<_> = list
        .iter()
        .map(|m| (m.name.as_str(), m.role.as_deref(), m.by.as_str()))
        .collect();
    let expected = [
        ("Li Ming", Some("pi"), "center"),
        ("Wang Fang", None, "center"),
    ];
    assert_eq!(told, expected);
    assert!(read().has_ended("u_2"));
    // Written once.
    assert_eq!(read().list, list);
}

#[test]
fn f79_a_log_of_members_that_was_altered_is_not_believed() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("center.db");
    old_file(&path);
    let store = center::SqliteStore::open(&path, "unused").unwrap();
    let key = ledger::DeviceKey::from_secret(&[9; 32]);
    let log = store.members(Asker::Operator, STUDY, &key, 9).unwrap();
    let frames = sync::body::split_frames(&log.frames).unwrap();
    let read = |frames: &[ledger::Frame], stream: &str, key: &ledger::DeviceKey| {
        Members::read(stream, frames, &key.public(), Default::default()).is_ok()
    };
    assert!(read(&frames, STUDY, &key));
    // Another key, another study, another order, an entry twice, an altered one.
    let other = ledger::DeviceKey::from_secret(&[8; 32]);
    assert!(!read(&frames, STUDY, &other));
    assert!(!read(&frames, "another-study", &key));
    let turned: Vec<_> = frames.iter().rev().cloned().collect();
    assert!(!read(&turned, STUDY, &key));
    let doubled = [frames[0].clone(), frames[0].clone()];
    assert!(!read(&doubled, STUDY, &key));
    let mut altered = frames.clone();
    let text = String::from_utf8(altered[0].commit.clone()).unwrap();
    altered[0].commit = text.replace("\"pi\"", "\"xx\"").into_bytes();
    assert_ne!(altered[0].commit, frames[0].commit);
    assert!(!read(&altered, STUDY, &key));
}
