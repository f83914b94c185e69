//! The store in PostgreSQL: any number of replicas on one database, which alone holds anything.
//!
//! The order of a stream is its counter row, as in SQLite; here several transactions run at once
//! and wait for each other on that row alone. Accounts, codes and rights change one after the
//! other. The store's functions wait for their answers, so the connections live on a small
//! runtime of their own and may be used from any thread.

mod address;
mod copy;
mod link;
mod tls;

use super::sql::{Around, Engine, Sql};
use super::{StoreError, schema};
use address::Address;
use link::Link;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::AsyncMessage;
use tokio_postgres::error::SqlState;

/// Most connections of one replica; further requests wait for one.
const LINKS_MAX: usize = 12;
/// How often a piece of work is begun again when the database asks for it.
const TURNS_MAX: usize = 10;
/// How long to wait before listening again after the connection broke. Units: milliseconds.
const LISTEN_AGAIN_MS: u64 = 1_000;
/// Names the lock under which accounts, codes, rights and tables are changed: "PIDC".
const ALONE: &str = "SELECT pg_advisory_xact_lock(1346978883)";
/// What every replica is told after each change.
const NOTIFY: &str = "NOTIFY pidesk_center";
/// What a connection promises: durable before it is said, and never holding a row for ever.
const PROMISES: &str = "SET synchronous_commit = on; SET client_min_messages = warning;
    SET statement_timeout = '60s'; SET lock_timeout = '30s';
    SET idle_in_transaction_session_timeout = '60s'; SET standard_conforming_strings = on";

/// A store in a PostgreSQL database.
pub struct PostgresStore {
    runtime: Option<Runtime>,
    handle: Handle,
    address: Address,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Link>,
    n_out: usize,
}

impl PostgresStore {
    /// Opens a database by its address, `postgres://user:password@host:port/name`; makes the
    /// tables the first time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(address: &str, new_epoch: &str) -> Result<Self, StoreError> {
        let address = Address::read(address)?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()
            .map_err(|_| StoreError::Unreachable)?;
        let store = Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
            address,
            pool: Mutex::default(),
            returned: Condvar::new(),
        };
        let mut lent = store.take()?;
        migrate(&mut lent.link, new_epoch)?;
        lent.give_back();
        Ok(store)
    }

    fn take(&self) -> Result<Lent<'_>, StoreError> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        while pool.n_out >= LINKS_MAX {
            let waited = self.returned.wait(pool);
            pool = waited.unwrap_or_else(PoisonError::into_inner);
        }
        pool.n_out += 1;
        let place = Place(self);
        while let Some(link) = pool.idle.pop() {
            if link.is_alive() {
                return Ok(Lent { link, place });
            }
        }
        drop(pool);
        let link = Link::open(&self.handle, self.address.clone(), PROMISES)?;
        Ok(Lent { link, place })
    }

    /// Drops connections that waited while the database was restarted.
    fn forget_idle(&self) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.idle.clear();
    }
}

/// One of the places for connections; free again when this is dropped, whatever happened.
struct Place<'a>(&'a PostgresStore);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut pool = self.0.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.n_out -= 1;
        drop(pool);
        self.0.returned.notify_one();
    }
}

/// A connection in use: closed, unless it is given back.
struct Lent<'a> {
    link: Link,
    place: Place<'a>,
}

impl Lent<'_> {
    fn give_back(self) {
        let Self { link, place } = self;
        if link.is_alive() {
            let mut pool = place.0.pool.lock().unwrap_or_else(PoisonError::into_inner);
            pool.idle.push(link);
        }
    }
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        // Connections end with their runtime; waiting for it is not possible from everywhere.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn migrate(link: &mut Link, new_epoch: &str) -> Result<(), StoreError> {
    let row = (link as &mut dyn Sql).row("SELECT current_setting('fsync', true)", Vec::new())?;
    if row.is_some_and(|row| row.maybe_text(0).ok().flatten().as_deref() == Some("off")) {
        return Err(StoreError::NotDurable);
    }
    // Replicas that start at once make the tables once.
    let begin = format!("BEGIN; {ALONE}; CREATE TABLE IF NOT EXISTS steps(n BIGINT PRIMARY KEY)");
    link.simple(&begin)?;
    let made = (|| {
        let newest = "SELECT coalesce(max(n), 0) FROM steps";
        let row = (link as &mut dyn Sql).row(newest, Vec::new())?;
        let version = row.ok_or(StoreError::Damaged("no version"))?.int(0)?;
        if version > schema::VERSION {
            return Err(StoreError::Newer);
        }
        for (n, step) in (1..).zip(schema::STEPS) {
            if n > version {
                link.simple(&schema::for_postgres(step))?;
                let sql = "INSERT INTO steps(n) VALUES(?1)";
                (link as &mut dyn Sql).execute(sql, super::sql::values![n])?;
            }
        }
        if version == 0 {
            let sql = "INSERT INTO settings(key, value) VALUES('epoch', ?1)";
            (link as &mut dyn Sql).execute(sql, super::sql::values![new_epoch])?;
        }
        Ok(())
    })();
    link.simple(if made.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    made
}

impl Engine for PostgresStore {
    const ABOUT: (&'static str, &'static str) = (
        "SELECT 'PostgreSQL ' || current_setting('server_version')",
        "SELECT pg_database_size(current_database())",
    );

    fn run<T>(
        &self,
        around: Around,
        act: impl Fn(&mut dyn Sql) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let begin = match around {
            Around::Nothing => None,
            Around::Snapshot => Some("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned()),
            Around::Push => Some("BEGIN".to_owned()),
            Around::Alone => Some(format!("BEGIN; {ALONE}")),
        };
        let mut turn = 1;
        loop {
            let mut lent = self.take()?;
            lent.link.begin_with(begin.clone());
            let done = finish(&mut lent.link, begin.is_some(), &act);
            if done.is_ok() && matches!(around, Around::Push | Around::Alone) {
                lent.link.tell(NOTIFY);
            }
            let is_untouched = around == Around::Nothing || lent.link.is_due();
            // In doubt another connection is made.
            if matches!(&done, Ok(_) | Err(StoreError::Refused(_))) {
                lent.give_back();
            } else {
                drop(lent);
            }
            match done {
                Err(error) if turn < TURNS_MAX && asks_again(&error) => turn += 1,
                Err(StoreError::Unreachable) if is_untouched && turn == 1 => {
                    self.forget_idle();
                    turn += 1;
                }
                done => return done,
            }
        }
    }

    fn listen(&self, wake: Box<dyn Fn() + Send + Sync>) {
        let address = self.address.clone();
        self.handle.spawn(async move {
            loop {
                let ended = listen(&address, &*wake).await;
                if let Err(error) = ended {
                    log::warn!("listening for other replicas ended: {error}");
                }
                // Whatever was said meanwhile was missed.
                wake();
                tokio::time::sleep(Duration::from_millis(LISTEN_AGAIN_MS)).await;
            }
        });
    }
}

fn finish<T>(
    link: &mut Link,
    is_transaction: bool,
    act: impl Fn(&mut dyn Sql) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    match act(link) {
        done if !is_transaction => done,
        // Nothing was asked.
        done if link.is_due() => done,
        Ok(value) => {
            link.simple("COMMIT")?;
            Ok(value)
        }
        Err(error) => {
            link.simple("ROLLBACK")?;
            Err(error)
        }
    }
}

/// Whether the database undid the work so that another could go on.
fn asks_again(error: &StoreError) -> bool {
    let StoreError::Postgres(error) = error else {
        return false;
    };
    let asks = [
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::T_R_SERIALIZATION_FAILURE,
    ];
    error.code().is_some_and(|code| asks.contains(code))
}

/// Calls for every notification until the connection ends.
async fn listen(
    address: &Address,
    wake: &(dyn Fn() + Send + Sync),
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = address.config.connect(address.tls.clone()).await?;
    let mut listening = std::pin::pin!(client.batch_execute("LISTEN pidesk_center"));
    let mut is_listening = false;
    loop {
        tokio::select! {
            done = &mut listening, if !is_listening => {
                done?;
                is_listening = true;
                // What was said before is looked for once.
                wake();
            }
            message = std::future::poll_fn(|context| connection.poll_message(context)) => {
                match message {
                    Some(Ok(AsyncMessage::Notification(_))) => wake(),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(error),
                    None => return Ok(()),
                }
            }
        }
    }
}
