//! What the rules need of a database: statements with numbered places, run many at a time.
//!
//! The rules in [`super::rules`] are written once over this; SQLite and PostgreSQL read the same
//! statements.

use super::StoreError;

/// A value that goes into a statement or comes out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number, or whether something is so.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

/// The values for one run of a statement.
pub type Values = Vec<Value>;

/// Makes the values for one run of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::sql::Value::from($value)),*] };
}
pub(crate) use values;

/// A row that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub Values);

impl Row {
    /// A whole number.
    pub(crate) fn int(&self, place: usize) -> Result<i64, StoreError> {
        match self.0.get(place) {
            Some(Value::Int(value)) => Ok(*value),
            _ => Err(StoreError::Damaged("a number is missing")),
        }
    }

    /// A number that is never negative.
    pub(crate) fn natural(&self, place: usize) -> Result<u64, StoreError> {
        u64::try_from(self.int(place)?).map_err(|_| StoreError::Damaged("a number is negative"))
    }

    /// A whole number that may be absent.
    pub(crate) fn maybe_int(&self, place: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(place) {
            Some(Value::Null) => Ok(None),
            _ => self.int(place).map(Some),
        }
    }

    /// Whether something is so.
    pub(crate) fn is(&self, place: usize) -> Result<bool, StoreError> {
        Ok(self.int(place)? != 0)
    }

    /// A text.
    pub(crate) fn text(&self, place: usize) -> Result<String, StoreError> {
        self.maybe_text(place)?
            .ok_or(StoreError::Damaged("a text is missing"))
    }

    /// A text that may be absent.
    pub(crate) fn maybe_text(&self, place: usize) -> Result<Option<String>, StoreError> {
        match self.0.get(place) {
            Some(Value::Text(value)) => Ok(Some(value.clone())),
            Some(Value::Null) => Ok(None),
            _ => Err(StoreError::Damaged("a text is not one")),
        }
    }

    /// Bytes.
    pub(crate) fn bytes(&self, place: usize) -> Result<&[u8], StoreError> {
        match self.0.get(place) {
            Some(Value::Bytes(value)) => Ok(value),
            _ => Err(StoreError::Damaged("bytes are missing")),
        }
    }
}

/// Writes a number; those of the ledger are below 2^53.
pub(crate) fn integer(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Damaged("a number is too large"))
}

/// Where rows are added: the statement for one, and the same for a copy of many.
pub struct Insert {
    /// `INSERT INTO table(columns) VALUES(places)`.
    pub(crate) one: &'static str,
    /// PostgreSQL's words for many.
    pub(crate) many: &'static str,
}

/// Names a table, its columns, and as many places.
macro_rules! insert {
    ($table:literal, $columns:literal, $places:literal) => {
        $crate::store::sql::Insert {
            one: concat!(
                "INSERT INTO ",
                $table,
                "(",
                $columns,
                ") VALUES(",
                $places,
                ")"
            ),
            many: concat!("COPY ", $table, "(", $columns, ") FROM STDIN BINARY"),
        }
    };
}
pub(crate) use insert;

/// A database within one transaction, or between transactions for a single question.
///
/// Places are written `?1`, `?2`, …. A statement is run once for each entry, without waiting in
/// between where the database is elsewhere.
pub trait Sql {
    /// Adds rows to a table; fails where one is there already.
    ///
    /// # Errors
    /// [`StoreError`].
    fn insert(&mut self, into: &'static Insert, rows: Vec<Values>) -> Result<(), StoreError>;

    /// Runs a statement that gives no rows; how many rows it changed in all.
    ///
    /// # Errors
    /// [`StoreError`].
    fn execute_each(&mut self, sql: &'static str, each: Vec<Values>) -> Result<u64, StoreError>;

    /// Runs a statement that gives rows; one list for each entry.
    ///
    /// # Errors
    /// [`StoreError`].
    fn query_each(
        &mut self,
        sql: &'static str,
        each: Vec<Values>,
    ) -> Result<Vec<Vec<Row>>, StoreError>;
}

impl dyn Sql + '_ {
    /// Runs a statement once.
    pub(crate) fn execute(&mut self, sql: &'static str, with: Values) -> Result<u64, StoreError> {
        self.execute_each(sql, vec![with])
    }

    /// Every row.
    pub(crate) fn query(
        &mut self,
        sql: &'static str,
        with: Values,
    ) -> Result<Vec<Row>, StoreError> {
        let mut lists = self.query_each(sql, vec![with])?;
        lists.pop().ok_or(StoreError::Damaged("no answer"))
    }

    /// The only row, if there is one.
    pub(crate) fn row(
        &mut self,
        sql: &'static str,
        with: Values,
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, with)?.into_iter().next())
    }
}

/// What a piece of work needs of the transaction around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    /// One question, no transaction.
    Nothing,
    /// Several questions about one moment.
    Snapshot,
    /// Accounts, codes and rights are changed: one such piece of work after the other.
    Alone,
    /// Commits are taken: as many at once as there are streams.
    Push,
}

/// A database that the rules run on.
pub trait Engine: Send + Sync + 'static {
    /// Statements that say the database's name and version, and its size in bytes.
    const ABOUT: (&'static str, &'static str);

    /// Does a piece of work and makes it durable; nothing of it stays when it fails. The work may
    /// be done again from its beginning when the database asks for it.
    ///
    /// # Errors
    /// What the work says, or the database.
    fn run<T>(
        &self,
        around: Around,
        act: impl Fn(&mut dyn Sql) -> Result<T, StoreError>,
    ) -> Result<T, StoreError>;

    /// Calls whenever another replica changed something; losing a call costs delay alone.
    fn listen(&self, _wake: Box<dyn Fn() + Send + Sync>) {}
}
