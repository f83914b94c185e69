//! The store in one SQLite file: WAL, durable at commit, one connection.

mod access;
mod accounts;
mod line;
mod streams;

use super::{
    Admitted, Batch, Device, Enrolment, Invitation, Role, Session, Slice, Store, StoreError,
    Withdrawal,
};
use ledger::Hash;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use sync::wire::Readable;

/// Marks the file as a center's: "PIDC".
const APPLICATION_ID: i64 = 0x5049_4443;
const SCHEMA_VERSION: i64 = 1;
/// Before it two connections that checkpoint at once could lose pages. Source: SQLite 3.51.3.
const SQLITE_VERSION_MIN: i32 = 3_051_003;
/// How long one program waits for the other's transaction. Units: milliseconds.
const BUSY_MS: u64 = 10_000;

/// A store in one SQLite file.
pub struct SqliteStore(Mutex<Connection>);

impl SqliteStore {
    /// Opens the file, makes it the first time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path, new_epoch: &str) -> Result<Self, StoreError> {
        if rusqlite::version_number() < SQLITE_VERSION_MIN {
            return Err(StoreError::Unfit(rusqlite::version()));
        }
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_millis(BUSY_MS))?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA trusted_schema = OFF;",
        )?;
        migrate(&mut connection, new_epoch)?;
        Ok(Self(Mutex::new(connection)))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere rolled its transaction back; the connection is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs one transaction that may write.
    fn write<T>(
        &self,
        act: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.lock();
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = act(&tx)?;
        tx.commit()?;
        Ok(value)
    }
}

fn migrate(connection: &mut Connection, new_epoch: &str) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > SCHEMA_VERSION {
        return Err(StoreError::Newer);
    }
    if version == 0 {
        tx.execute_batch(include_str!("schema.sql"))?;
        tx.execute(
            "INSERT INTO settings(key, value) VALUES('epoch', ?1)",
            params![new_epoch],
        )?;
        tx.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
        ))?;
    }
    tx.commit()?;
    Ok(())
}

/// Notes what was done, by whom and about what; ids alone, no content.
fn audit(
    tx: &Transaction<'_>,
    now_ms: i64,
    what: &str,
    who: &str,
    about: &str,
) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO audits(at_ms, what, who, about) VALUES(?1, ?2, ?3, ?4)")?
        .execute(params![now_ms, what, who, about])?;
    Ok(())
}

/// Reads a number that is never negative.
fn natural(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Damaged("a number is negative"))
}

/// Writes a number; those of the ledger are below 2^53.
fn integer(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Damaged("a number is too large"))
}

impl Store for SqliteStore {
    fn epoch(&self) -> Result<String, StoreError> {
        let sql = "SELECT value FROM settings WHERE key = 'epoch'";
        let epoch = self
            .lock()
            .query_row(sql, [], |row| row.get(0))
            .optional()?;
        epoch.ok_or(StoreError::Damaged("no epoch"))
    }

    fn set_epoch(&self, epoch: &str, now_ms: i64) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "UPDATE settings SET value = ?1 WHERE key = 'epoch'",
                params![epoch],
            )?;
            audit(tx, now_ms, "epoch.renewed", "operator", epoch)
        })
    }

    fn invite(&self, invitation: &Invitation<'_>) -> Result<bool, StoreError> {
        self.write(|tx| accounts::invite(tx, invitation))
    }

    fn begin_enrolment(
        &self,
        handle: &str,
        challenge: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        // A counted try is kept although it is refused: the answer is carried out of the
        // transaction, not raised inside it.
        self.write(|tx| accounts::begin(tx, handle, challenge, now_ms))?
            .map_err(StoreError::Refused)
    }

    fn finish_enrolment(&self, enrolment: &Enrolment<'_>) -> Result<Session, StoreError> {
        self.write(|tx| accounts::finish(tx, enrolment))?
            .map_err(StoreError::Refused)
    }

    fn session(&self, token_hash: &Hash) -> Result<Option<Session>, StoreError> {
        accounts::session(&self.lock(), token_hash)
    }

    fn device(&self, dev: &str) -> Result<Option<Device>, StoreError> {
        accounts::device(&self.lock(), dev)
    }

    fn is_person_of(&self, person: &str, user: &str) -> Result<bool, StoreError> {
        let sql = "SELECT count(*) FROM persons WHERE id = ?1 AND user_id = ?2";
        let connection = self.lock();
        let n: i64 = connection
            .prepare_cached(sql)?
            .query_row([person, user], |row| row.get(0))?;
        Ok(n > 0)
    }

    fn readable(&self, user: &str) -> Result<Vec<Readable>, StoreError> {
        access::readable(&self.lock(), user)
    }

    fn push(&self, batch: &Batch) -> Result<Admitted, StoreError> {
        self.write(|tx| streams::push(tx, batch))
    }

    fn pull(&self, stream: &str, user: &str, after: u64) -> Result<Slice, StoreError> {
        let mut connection = self.lock();
        // One snapshot for rights, rows and digests.
        let tx = connection.transaction()?;
        streams::pull(&tx, stream, user, after)
    }

    fn find_streams(&self, study: &str) -> Result<Vec<String>, StoreError> {
        access::find_streams(&self.lock(), study)
    }

    fn grant(&self, stream: &str, name: &str, role: Role, now_ms: i64) -> Result<bool, StoreError> {
        self.write(|tx| access::grant(tx, stream, name, role, now_ms))
    }

    fn withdraw(&self, name: &str, what: Withdrawal<'_>, now_ms: i64) -> Result<u64, StoreError> {
        self.write(|tx| access::withdraw(tx, name, what, now_ms))
    }
}
