//! The store in one SQLite file: WAL, durable at commit, one connection.

use super::sql::{Around, Engine, Insert, Row, Sql, Value, Values};
use super::{StoreError, schema};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, TransactionBehavior, params, params_from_iter};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Marks the file as a center's: "PIDC".
const APPLICATION_ID: i64 = 0x5049_4443;
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
        check_here(&connection)?;
        Ok(Self(Mutex::new(connection)))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere rolled its transaction back; the connection is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Refuses when the data was moved elsewhere, also by another program meanwhile.
fn check_here(connection: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT 1 FROM settings WHERE key = 'moved'";
    match connection.prepare_cached(sql)?.exists([])? {
        true => Err(StoreError::Moved),
        false => Ok(()),
    }
}

fn migrate(connection: &mut Connection, new_epoch: &str) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > schema::VERSION {
        return Err(StoreError::Newer);
    }
    let done = usize::try_from(version).unwrap_or_default();
    for step in &schema::STEPS[done..] {
        tx.execute_batch(step)?;
    }
    if version == 0 {
        tx.execute(
            "INSERT INTO settings(key, value) VALUES('epoch', ?1)",
            params![new_epoch],
        )?;
    }
    tx.execute_batch(&format!(
        "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {};",
        schema::VERSION
    ))?;
    tx.commit()?;
    Ok(())
}

impl Engine for SqliteStore {
    const ABOUT: (&'static str, &'static str) = (
        "SELECT 'SQLite ' || sqlite_version()",
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    );

    fn run<T>(
        &self,
        around: Around,
        act: impl Fn(&mut dyn Sql) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.lock();
        let behavior = match around {
            Around::Nothing => return act(&mut Open(&connection)),
            Around::Snapshot => TransactionBehavior::Deferred,
            Around::Alone | Around::Push => TransactionBehavior::Immediate,
        };
        let tx = connection.transaction_with_behavior(behavior)?;
        if matches!(around, Around::Alone | Around::Push) {
            check_here(&tx)?;
        }
        let value = act(&mut Open(&tx))?;
        tx.commit()?;
        Ok(value)
    }
}

struct Open<'a>(&'a Connection);

impl Sql for Open<'_> {
    fn insert(&mut self, into: &'static Insert, rows: Vec<Values>) -> Result<(), StoreError> {
        self.execute_each(into.one, rows)?;
        Ok(())
    }

    fn execute_each(&mut self, sql: &'static str, each: Vec<Values>) -> Result<u64, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut n = 0;
        for values in &each {
            n += statement.execute(params_from_iter(values))?;
        }
        Ok(n as u64)
    }

    fn query_each(
        &mut self,
        sql: &'static str,
        each: Vec<Values>,
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let n_columns = statement.column_count();
        let mut lists = Vec::with_capacity(each.len());
        for values in &each {
            let mut rows = statement.query(params_from_iter(values))?;
            let mut list = Vec::new();
            while let Some(row) = rows.next()? {
                let values = (0..n_columns).map(|place| read(row.get_ref(place)?));
                list.push(Row(values.collect::<Result<_, _>>()?));
            }
            lists.push(list);
        }
        Ok(lists)
    }
}

fn read(value: ValueRef<'_>) -> Result<Value, StoreError> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Text(_) => Value::Text(value.as_str().map_err(rusqlite::Error::from)?.to_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(StoreError::Damaged("a number has a fraction")),
    })
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => rusqlite::types::Null.into(),
            Self::Int(value) => (*value).into(),
            Self::Text(value) => value.as_str().into(),
            Self::Bytes(value) => value.as_slice().into(),
        })
    }
}
