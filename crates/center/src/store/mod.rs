//! What the center keeps, behind one trait: in one SQLite file, or in PostgreSQL for several replicas.
//!
//! The rules are written once ([`rules`]) over the little that they need of a database ([`sql`]);
//! both databases have the same tables by the same numbered steps. Every function is one transaction, durable when it returns. Truth: streams, commits, devices,
//! members. The order of a stream is a counter row that is taken in the same transaction, so a
//! number is never visible before its commit, and never missing.

pub mod console;
pub mod people;
pub mod postgres;
mod rules;
mod schema;
pub mod sql;
pub mod sqlite;
pub mod transfer;

pub use console::Console;
use ledger::{Commit, Hash};
pub use people::{Asker, MemberChange, MemberLog, MemberOrder, People};
use sync::wire::{Item, Problem, Pushed, Readable, Status, Taken, YearMark};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It may not be done; said to the laptop as it is.
    #[error("refused")]
    Refused(Problem),
    /// SQLite failed.
    #[error("the database failed")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL failed.
    #[error("the database failed")]
    Postgres(#[from] tokio_postgres::Error),
    /// PostgreSQL did not answer, or the connection to it broke.
    #[error("the database cannot be reached")]
    Unreachable,
    /// The store of files failed; the log says how.
    #[error("the store of files failed")]
    Files,
    /// The address of the database cannot be read.
    #[error("this is not the address of a PostgreSQL database")]
    Address,
    /// Passwords and studies would cross a network in the open.
    #[error(
        "the database is on another machine; add sslmode=verify-full and sslrootcert=FILE so that \
         the connection is encrypted, or sslmode=disable when the network between is your own"
    )]
    Open,
    /// Nobody said by whom the database's certificate must be issued.
    #[error(
        "sslmode needs sslrootcert=FILE: the certificate, in PEM, of the authority that issued the \
         database's certificate"
    )]
    NoAuthorities,
    /// The file with the authorities cannot be read, or holds none.
    #[error("the file that sslrootcert names holds no certificate in PEM, or cannot be read")]
    Authorities,
    /// No TLS came about: the server has none, or its certificate is not the right one.
    #[error(
        "the database server was not trusted: it offers no TLS, or its certificate is not from \
         the authority in sslrootcert, is out of date, or is for another name; nothing was sent"
    )]
    Distrusted,
    /// The data was moved into PostgreSQL.
    #[error("the data of this folder was moved to PostgreSQL; name that database with --database")]
    Moved,
    /// Data can be moved into an empty database alone.
    #[error("the new database is not empty; nothing was moved")]
    Occupied,
    /// PostgreSQL acknowledges before data is on disk.
    #[error("the database server runs with fsync off and can lose what it acknowledged")]
    NotDurable,
    /// A row cannot be what it is.
    #[error("the database is damaged: {0}")]
    Damaged(&'static str),
    /// The database was made by a newer version of the program.
    #[error("the database was made by a newer version of this program")]
    Newer,
    /// The library's SQLite is one with a known fault.
    #[error("this program was built with SQLite {0}, which can lose data")]
    Unfit(&'static str),
}

/// What a member may do in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Principal investigator.
    Pi,
    /// Co-investigator.
    CoInvestigator,
    /// Study coordinator.
    Coordinator,
    /// Reads; what it writes is kept for review.
    Reader,
    /// Works for the center: sees accounts, laptops and who is a member of what, and no study. An
    /// account has it, never a member.
    Staff,
}

impl Role {
    /// Every role, in the order of rights.
    pub const ALL: [Self; 5] = [
        Self::Pi,
        Self::CoInvestigator,
        Self::Coordinator,
        Self::Reader,
        Self::Staff,
    ];

    /// The word in the database, on the wire and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pi => "pi",
            Self::CoInvestigator => "co-investigator",
            Self::Coordinator => "coordinator",
            Self::Reader => "reader",
            Self::Staff => "staff",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Whether what it writes is in force.
    pub fn may_write(self) -> bool {
        matches!(self, Self::Pi | Self::CoInvestigator | Self::Coordinator)
    }

    /// Whether it decides about what was kept for review.
    pub fn may_review(self) -> bool {
        self == Self::Pi
    }
}

/// An invitation to be kept.
pub struct Invitation<'a> {
    /// Who invites.
    pub by: Asker<'a>,
    /// The account's name.
    pub name: &'a str,
    /// The account's role; a known account keeps its own when there is none.
    pub role: Option<Role>,
    /// The id for the account if it is new.
    pub new_user: &'a str,
    /// What finds the invitation.
    pub handle: &'a str,
    /// The hash of what proves it.
    pub secret_hash: &'a Hash,
    /// Time: milliseconds since 1970-01-01 UTC.
    pub now_ms: i64,
}

/// The second step of an enrolment, its signature already checked.
pub struct Enrolment<'a> {
    /// What finds the invitation.
    pub handle: &'a str,
    /// The hash of what the laptop gave as proof.
    pub secret_hash: &'a Hash,
    /// The challenge that was signed.
    pub challenge: &'a str,
    /// The device.
    pub dev: &'a str,
    /// The device's public key.
    pub key: &'a str,
    /// The person id that becomes an alias of the account.
    pub person: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// The device's signature over challenge and person; kept as evidence of the alias.
    pub sig: &'a str,
    /// The hash of the new token.
    pub token_hash: &'a Hash,
    /// Time: milliseconds since 1970-01-01 UTC.
    pub now_ms: i64,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The device that was enrolled.
    pub dev: String,
    /// The account's id.
    pub user: String,
    /// The account's name.
    pub name: String,
    /// Whether the device's access was withdrawn.
    pub is_revoked: bool,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The account's id.
    pub user: String,
    /// The public key.
    pub key: String,
    /// Whether its access was withdrawn.
    pub is_revoked: bool,
}

/// A commit that may be believed.
pub struct Believed {
    /// The commit.
    pub commit: Commit,
    /// Its id.
    pub id: Hash,
    /// The frame's bytes.
    pub frame: Vec<u8>,
    /// The account that wrote it; another than the one that hands it in for a courier.
    pub author: String,
    /// Whether its device's access was withdrawn.
    pub is_revoked: bool,
    /// The key of a device that is new here, introduced by the one that asks.
    pub introduces: Option<String>,
}

/// A run of commits for one stream.
pub struct Batch {
    /// The stream.
    pub stream: String,
    /// Who hands them in.
    pub session: Session,
    /// The commits.
    pub commits: Vec<Believed>,
    /// Time: milliseconds since 1970-01-01 UTC.
    pub now_ms: i64,
}

/// What became of a batch: [`Pushed`] without the envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The stream's newest number.
    pub head: u64,
    /// The digest there.
    pub digest: String,
    /// One entry per commit.
    pub taken: Vec<Taken>,
}

impl Admitted {
    /// The answer's form.
    pub fn into_answer(self, center: sync::wire::Envelope, stream: String) -> Pushed {
        Pushed {
            center,
            stream,
            head: self.head,
            digest: self.digest,
            taken: self.taken,
        }
    }
}

/// Commits after a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The stream's newest number.
    pub head: u64,
    /// The digest before the first.
    pub from_digest: String,
    /// The digest after the last.
    pub digest: String,
    /// What is said of each.
    pub items: Vec<Item>,
    /// The id of each.
    pub ids: Vec<String>,
    /// The frames' bytes, one after the other.
    pub frames: Vec<u8>,
}

/// Whose access to withdraw.
#[derive(Clone, Copy, Debug)]
pub enum Withdrawal<'a> {
    /// Of every device of the account.
    Devices,
    /// Of one device.
    Device(&'a str),
}

/// What the center keeps.
pub trait Store: People + Console + Send + Sync + 'static {
    /// Names one uninterrupted life of the data.
    ///
    /// # Errors
    /// [`StoreError`].
    fn epoch(&self) -> Result<String, StoreError>;

    /// Begins a new life of the data, after a backup was put back.
    ///
    /// # Errors
    /// [`StoreError`].
    fn set_epoch(&self, epoch: &str, now_ms: i64) -> Result<(), StoreError>;

    /// The public key of the center whose data this is; nothing before it was first served.
    ///
    /// # Errors
    /// [`StoreError`].
    fn key(&self) -> Result<Option<String>, StoreError>;

    /// Says whose data this is, where nobody said so before; the key that counts from then on.
    ///
    /// # Errors
    /// [`StoreError`].
    fn own(&self, key: &str) -> Result<String, StoreError>;

    /// Gives the data to a center with another key.
    ///
    /// # Errors
    /// [`StoreError`].
    fn set_key(&self, key: &str, now_ms: i64) -> Result<(), StoreError>;

    /// The tables of working days that are handed out, by year: the hash of each.
    ///
    /// # Errors
    /// [`StoreError`].
    fn years(&self) -> Result<Vec<YearMark>, StoreError>;

    /// The file of a year, as it was given.
    ///
    /// # Errors
    /// [`StoreError`].
    fn year(&self, year: i32) -> Result<Option<String>, StoreError>;

    /// Hands out another file for a year, or none any more.
    ///
    /// # Errors
    /// [`StoreError`].
    fn set_year(&self, year: i32, file: Option<&str>, now_ms: i64) -> Result<(), StoreError>;

    /// Keeps an invitation; makes the account when the name is new. `false` when the handle is
    /// that of another open invitation.
    ///
    /// # Errors
    /// [`StoreError`].
    fn invite(&self, invitation: &Invitation<'_>) -> Result<bool, StoreError>;

    /// Counts a try and keeps the challenge.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `CodeWrong`, `CodeExpired` or `CodeSpent`.
    fn begin_enrolment(&self, handle: &str, challenge: &str, now_ms: i64)
    -> Result<(), StoreError>;

    /// Uses an invitation; gives the account.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with the reason.
    fn finish_enrolment(&self, enrolment: &Enrolment<'_>) -> Result<Session, StoreError>;

    /// Who has this token.
    ///
    /// # Errors
    /// [`StoreError`].
    fn session(&self, token_hash: &Hash) -> Result<Option<Session>, StoreError>;

    /// A device.
    ///
    /// # Errors
    /// [`StoreError`].
    fn device(&self, dev: &str) -> Result<Option<Device>, StoreError>;

    /// Whether a person id is an alias of an account.
    ///
    /// # Errors
    /// [`StoreError`].
    fn is_person_of(&self, person: &str, user: &str) -> Result<bool, StoreError>;

    /// The streams that an account may read.
    ///
    /// # Errors
    /// [`StoreError`].
    fn readable(&self, user: &str) -> Result<Vec<Readable>, StoreError>;

    /// Whether an account is a member of a stream, or was one.
    ///
    /// # Errors
    /// [`StoreError`].
    fn was_ever_member(&self, user: &str, stream: &str) -> Result<bool, StoreError>;

    /// Takes a batch, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `Fork`, `Gap`, `Dep`, `NotMember` or `Refused`.
    fn push(&self, batch: &Batch) -> Result<Admitted, StoreError>;

    /// Commits of a stream after a number, for a member's laptop whose access stands now, whatever
    /// the session says of the moment when the request came in.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `NotMember` or `Revoked`.
    fn pull(&self, session: &Session, stream: &str, after: u64) -> Result<Slice, StoreError>;

    /// The streams that a study's id or registry number names.
    ///
    /// # Errors
    /// [`StoreError`].
    fn find_streams(&self, study: &str) -> Result<Vec<String>, StoreError>;

    /// Withdraws access; how much of it there was.
    ///
    /// # Errors
    /// [`StoreError`].
    fn withdraw(&self, name: &str, what: Withdrawal<'_>, now_ms: i64) -> Result<u64, StoreError>;

    /// Calls whenever another replica changed something; losing a call costs delay alone.
    fn listen(&self, wake: Box<dyn Fn() + Send + Sync>);
}

/// The word for a status in the database.
pub(crate) fn status_code(status: Status) -> i64 {
    match status {
        Status::Accepted => 1,
        Status::Quarantined => 2,
    }
}

/// Reads the word for a status.
pub(crate) fn status_of(code: i64) -> Status {
    if code == 1 {
        Status::Accepted
    } else {
        Status::Quarantined
    }
}
