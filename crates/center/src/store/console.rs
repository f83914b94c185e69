//! What the console shows of the whole center: ids, names of accounts and numbers, no study.

use super::{Session, StoreError};
use ledger::Hash;

/// What stands in a session where a laptop has its device id.
pub const CONSOLE: &str = "console";

/// The center in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Accounts.
    pub n_accounts: u64,
    /// Laptops whose access was not withdrawn.
    pub n_devices: u64,
    /// Studies.
    pub n_streams: u64,
    /// Commits.
    pub n_commits: u64,
    /// Commits that are kept for review and were not decided about.
    pub n_held: u64,
}

/// A study in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamCard {
    /// Its id.
    pub stream: String,
    /// The number of its newest commit.
    pub head: u64,
    /// Present members.
    pub n_members: u64,
    /// Commits that are kept for review and were not decided about.
    pub n_held: u64,
    /// What its commits take. Units: bytes.
    pub bytes: u64,
    /// When its newest commit came. Time: milliseconds since 1970-01-01 UTC.
    pub newest_ms: Option<i64>,
}

/// A program that serves the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaCard {
    /// Made anew at each start.
    pub id: String,
    /// When it started. Time: milliseconds since 1970-01-01 UTC.
    pub since_ms: i64,
    /// When it last said that it runs. Time: milliseconds since 1970-01-01 UTC.
    pub seen_ms: i64,
    /// The program's version.
    pub version: String,
    /// How many laptops listen to it.
    pub n_listening: u64,
}

/// The database in which the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// Its name and version.
    pub name: String,
    /// Its size. Units: bytes.
    pub bytes: u64,
}

/// What the console asks.
pub trait Console {
    /// Keeps a one-time code for an account of the role staff; makes the account when the name is
    /// new.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `NoRight` when the account is another's.
    fn console_code(
        &self,
        name: &str,
        new_user: &str,
        code: &Hash,
        now_ms: i64,
    ) -> Result<(), StoreError>;

    /// Uses a code up and begins a session under a hash.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `CodeWrong` or `CodeExpired`.
    fn console_enter(&self, code: &Hash, session: &Hash, now_ms: i64) -> Result<(), StoreError>;

    /// Who has a session; `None` when it ended or its account is no longer staff.
    ///
    /// # Errors
    /// [`StoreError`].
    fn console_session(&self, session: &Hash, now_ms: i64) -> Result<Option<Session>, StoreError>;

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`].
    fn console_leave(&self, session: &Hash, now_ms: i64) -> Result<(), StoreError>;

    /// The center in numbers.
    ///
    /// # Errors
    /// [`StoreError`].
    fn overview(&self) -> Result<Overview, StoreError>;

    /// The studies whose ids come after a text, so many at most.
    ///
    /// # Errors
    /// [`StoreError`].
    fn stream_cards(&self, after: &str, n_max: u32) -> Result<Vec<StreamCard>, StoreError>;

    /// Notes that a program runs.
    ///
    /// # Errors
    /// [`StoreError`].
    fn report_replica(&self, replica: &ReplicaCard) -> Result<(), StoreError>;

    /// Notes that a program ended.
    ///
    /// # Errors
    /// [`StoreError`].
    fn forget_replica(&self, id: &str) -> Result<(), StoreError>;

    /// The programs that said within a day that they run, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    fn replicas(&self, now_ms: i64) -> Result<Vec<ReplicaCard>, StoreError>;

    /// The database.
    ///
    /// # Errors
    /// [`StoreError`].
    fn database(&self) -> Result<Database, StoreError>;
}
