//! One connection: statements are prepared once and sent without waiting in between.

use super::address::Address;
use super::copy;
use crate::store::StoreError;
use crate::store::sql::{Insert, Row, Sql, Value, Values};
use bytes::{Bytes, BytesMut};
use futures_util::SinkExt;
use futures_util::future::{try_join, try_join_all};
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Statement};

/// How long an answer may take; the database gives up earlier. Units: milliseconds.
const ANSWER_MS: u64 = 90_000;
/// Most runs of a statement that are under way at once.
const RUNS_MAX: usize = 512;
/// From this many rows on a copy costs less than as many statements.
const COPY_MIN: usize = 8;

pub(super) struct Link {
    handle: Handle,
    client: Arc<Client>,
    statements: HashMap<&'static str, Statement>,
    /// What begins a transaction: said together with its first statement.
    due: Option<String>,
}

impl Link {
    pub(super) fn open(
        handle: &Handle,
        address: Address,
        promises: &'static str,
    ) -> Result<Self, StoreError> {
        let client = wait(handle, async move {
            let (client, connection) = address.config.connect(address.tls).await?;
            tokio::spawn(async move {
                // Whoever waits for an answer is told that there will be none.
                if let Err(error) = connection.await {
                    log::warn!("a connection to the database ended: {error}");
                }
            });
            client.batch_execute(promises).await?;
            Ok(client)
        })?;
        Ok(Self {
            handle: handle.clone(),
            client: Arc::new(client),
            statements: HashMap::new(),
            due: None,
        })
    }

    pub(super) fn is_alive(&self) -> bool {
        !self.client.is_closed()
    }

    /// Begins a transaction with the next statement; without words, none.
    pub(super) fn begin_with(&mut self, sql: Option<String>) {
        self.due = sql;
    }

    /// Whether a transaction that was to begin did not: nothing of it was done.
    pub(super) fn is_due(&self) -> bool {
        self.due.is_some()
    }

    /// Begins the transaction that is due, where one is.
    fn begin(&mut self) -> Result<(), StoreError> {
        if let Some(due) = self.due.clone() {
            self.simple(&due)?;
            self.due = None;
        }
        Ok(())
    }

    /// Runs statements without values.
    pub(super) fn simple(&mut self, sql: &str) -> Result<(), StoreError> {
        let (client, sql) = (Arc::clone(&self.client), sql.to_owned());
        wait(
            &self.handle,
            async move { client.batch_execute(&sql).await },
        )
    }

    /// Says something without waiting for the answer.
    pub(super) fn tell(&self, sql: &'static str) {
        let client = Arc::clone(&self.client);
        self.handle.spawn(async move {
            // A hint that is lost costs delay alone.
            let _ = client.batch_execute(sql).await;
        });
    }

    fn statement(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let (client, said) = (Arc::clone(&self.client), places(sql));
        let statement = wait(&self.handle, async move { client.prepare(&said).await })?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    /// Sends a part of the runs at once and gathers their answers in order.
    fn each<T, F>(
        &mut self,
        sql: &'static str,
        each: Vec<Values>,
        run: fn(Arc<Client>, Statement, Values) -> F,
    ) -> Result<Vec<T>, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, tokio_postgres::Error>> + Send + 'static,
    {
        if each.is_empty() {
            return Ok(Vec::new());
        }
        let statement = self.statement(sql)?;
        let mut answers = Vec::with_capacity(each.len());
        let mut each = each.into_iter().peekable();
        while each.peek().is_some() {
            let runs: Vec<F> = each
                .by_ref()
                .take(RUNS_MAX)
                .map(|values| run(Arc::clone(&self.client), statement.clone(), values))
                .collect();
            let (client, due) = (Arc::clone(&self.client), self.due.clone());
            answers.extend(wait(&self.handle, async move {
                let Some(due) = due else {
                    return try_join_all(runs).await;
                };
                // In this order, and without waiting for the first answer.
                let (_, answers) = try_join(client.batch_execute(&due), try_join_all(runs)).await?;
                Ok(answers)
            })?);
            self.due = None;
        }
        Ok(answers)
    }
}

/// Waits for an answer on any thread, whether or not it belongs to a runtime.
fn wait<T: Send + 'static>(
    handle: &Handle,
    work: impl Future<Output = Result<T, tokio_postgres::Error>> + Send + 'static,
) -> Result<T, StoreError> {
    let (answer, answered) = sync_channel(1);
    handle.spawn(async move {
        let limit = Duration::from_millis(ANSWER_MS);
        let _ = answer.send(tokio::time::timeout(limit, work).await);
    });
    match answered.recv() {
        Ok(Ok(Ok(value))) => Ok(value),
        Ok(Ok(Err(error))) if is_distrust(&error) => {
            log::warn!("the connection to the database is not closed to others: {error}");
            Err(StoreError::Distrusted)
        }
        Ok(Ok(Err(error))) if is_broken(&error) => {
            log::warn!("the database gave no answer: {error}");
            Err(StoreError::Unreachable)
        }
        Ok(Ok(Err(error))) => Err(error.into()),
        Ok(Err(_)) | Err(_) => Err(StoreError::Unreachable),
    }
}

/// Whether no TLS came about: the library has no other word for it.
fn is_distrust(error: &tokio_postgres::Error) -> bool {
    error
        .to_string()
        .starts_with("error performing TLS handshake")
}

/// Whether the connection broke, or the database is going down or coming up.
fn is_broken(error: &tokio_postgres::Error) -> bool {
    let Some(code) = error.code() else {
        return true;
    };
    ["08", "57P"]
        .iter()
        .any(|class| code.code().starts_with(class))
}

/// Writes the places of a statement as PostgreSQL does.
fn places(sql: &str) -> String {
    sql.replace('?', "$")
}

impl Sql for Link {
    fn insert(&mut self, into: &'static Insert, rows: Vec<Values>) -> Result<(), StoreError> {
        if rows.len() < COPY_MIN {
            self.execute_each(into.one, rows)?;
            return Ok(());
        }
        let statement = self.statement(into.many)?;
        self.begin()?;
        let (client, rows) = (Arc::clone(&self.client), copy::rows(&rows));
        wait(&self.handle, async move {
            let sink = client.copy_in::<_, Bytes>(&statement).await?;
            let mut sink = std::pin::pin!(sink);
            sink.send(rows).await?;
            sink.finish().await
        })?;
        Ok(())
    }

    fn execute_each(&mut self, sql: &'static str, each: Vec<Values>) -> Result<u64, StoreError> {
        let counts = self.each(sql, each, |client, statement, values| async move {
            client.execute_raw(&statement, values).await
        })?;
        Ok(counts.iter().sum())
    }

    fn query_each(
        &mut self,
        sql: &'static str,
        each: Vec<Values>,
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let lists = self.each(sql, each, |client, statement, values| async move {
            let values: Vec<&(dyn ToSql + Sync)> = values
                .iter()
                .map(|value| value as &(dyn ToSql + Sync))
                .collect();
            client.query(&statement, &values).await
        })?;
        let read_all = |rows: Vec<tokio_postgres::Row>| rows.iter().map(read).collect();
        lists.into_iter().map(read_all).collect()
    }
}

fn read(row: &tokio_postgres::Row) -> Result<Row, StoreError> {
    let mut values = Vec::with_capacity(row.len());
    for (place, column) in row.columns().iter().enumerate() {
        let value = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(place)?.map(Value::Int),
            Type::INT4 => {
                let value: Option<i32> = row.try_get(place)?;
                value.map(|value| Value::Int(value.into()))
            }
            Type::BOOL => {
                let value: Option<bool> = row.try_get(place)?;
                value.map(|value| Value::Int(value.into()))
            }
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(place)?.map(Value::Bytes),
            _ => row.try_get::<_, Option<String>>(place)?.map(Value::Text),
        };
        values.push(value.unwrap_or(Value::Null));
    }
    Ok(Row(values))
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => match *kind {
                Type::INT4 => i32::try_from(*value)?.to_sql(kind, out),
                _ => value.to_sql(kind, out),
            },
            // No text of ours has a character that PostgreSQL cannot keep; what asks with one
            // asks for something that is not there.
            Self::Text(value) if value.contains('\0') => {
                value.replace('\0', "\u{1}").to_sql(kind, out)
            }
            Self::Text(value) => value.to_sql(kind, out),
            Self::Bytes(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT4, Type::INT8, Type::TEXT, Type::BYTEA].contains(kind)
    }

    to_sql_checked!();
}
