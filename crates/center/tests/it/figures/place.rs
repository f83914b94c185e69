//! A center on a PostgreSQL database of its own, and laptops enrolled there.

use super::courier::Courier;
use crate::bench::{self, Bench};
use crate::cluster::{Cluster, cluster};
use crate::laptop::Laptop;
use center::PostgresStore;
use ledger::DeviceKey;
use sync::{CenterLink, Http, Note};
use tempfile::TempDir;
use testkit::Writing;

pub(crate) const STUDY: &str = "0195a3c2-7b1e-7c00-8000-000000000000";
pub(crate) const PERSON: &str = "p-1";

/// A center in this process.
pub(crate) struct Place {
    pub(crate) cluster: &'static Cluster,
    pub(crate) address: String,
    pub(crate) bench: Bench<PostgresStore>,
}

impl Place {
    /// `None`, said plainly, where PostgreSQL is not installed.
    pub(crate) async fn open() -> Option<Self> {
        let cluster = cluster()?;
        let address = cluster.database().await;
        let open = |_: &std::path::Path| PostgresStore::open(&address, "first-life").unwrap();
        let bench = bench::start(open, TempDir::new().unwrap(), false).await;
        Some(Self {
            cluster,
            address,
            bench,
        })
    }

    /// Enrols the device of a secret.
    pub(crate) async fn enrol(&self, secret: u8, person: &str) -> CenterLink {
        let laptop = Laptop::new(secret, person);
        assert_eq!(laptop.id(), DeviceKey::from_secret(&[secret; 32]).id());
        self.bench.enrol(&laptop, &format!("Person {person}")).await
    }

    /// One device with so many commits that wait.
    pub(crate) async fn writer(&self, n: usize, n_ops: usize) -> (CenterLink, Courier, Writing) {
        let link = self.enrol(1, PERSON).await;
        let mut writing = Writing::new(1, STUDY, PERSON, n_ops);
        let courier = Courier::new(STUDY, writing.write(n));
        (link, courier, writing)
    }

    /// One contact; nothing may be left to do.
    pub(crate) async fn contact(&self, http: &Http, link: &CenterLink, courier: &mut Courier) {
        let around = &*self.bench.around;
        let outcome = sync::round(http, link, courier, around).await.unwrap();
        assert_eq!((outcome.note, outcome.waiting), (Note::Done, 0));
        // The clock stands still: the next contact finds a full share of requests again.
    }

    /// Forgets every commit and whose study it was; devices stay.
    pub(crate) async fn empty(&self) {
        let sql = "TRUNCATE commits, lines, line_seen, streams, members, registry_numbers";
        self.cluster.execute(&self.address, sql).await;
    }
}
