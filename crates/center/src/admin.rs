//! What an operator does beside the running server, on the same data folder.

use crate::console;
use crate::enrolment::secret_hash;
use crate::identity::{self, Identity, IdentityError};
use crate::store::postgres::PostgresStore;
use crate::store::sqlite::SqliteStore;
use crate::store::transfer::transfer;
use crate::store::{
    Asker, Invitation, MemberChange, MemberOrder, Role, Store, StoreError, Withdrawal,
};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use sync::wire::Problem;
use sync::{Code, Members, Pin, Surroundings};

/// How many handles are drawn before giving up; there are 1,024 and an invitation lives 10 minutes.
const HANDLE_DRAWS: usize = 200;
/// The database in the data folder.
const DATABASE: &str = "center.db";
/// Longest account name. Units: bytes.
const NAME_BYTES_MAX: usize = 200;

/// Why an operator's order was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The data folder cannot be made.
    #[error("cannot use the data folder {path}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// Nothing was ever served from there.
    #[error(
        "there is no database in {0}; a center on PostgreSQL wants --database or PIDESK_DATABASE"
    )]
    NoData(PathBuf),
    /// An order with another key would print codes that open nothing.
    #[error("there is no center.key in {0}; name the folder of a center that has been served")]
    NoKey(PathBuf),
    /// A key that is made now would be another than the one that laptops know.
    #[error(
        "the database is that of a center whose center.key is not in {0}; copy it there from another \
         replica or from the backup, or say new-key and connect every laptop anew"
    )]
    KeyElsewhere(PathBuf),
    /// Laptops would take this program for somebody else.
    #[error(
        "the database is that of a center with another key than {0} has; copy that center's \
         center.key there, or after a backup was put back say restored"
    )]
    OtherKey(PathBuf),
    /// The key failed.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The name is empty, too long or has control characters.
    #[error("this cannot be the name of an account")]
    Name,
    /// No account has the name.
    #[error("there is no account {0}; invite it first")]
    NoAccount(String),
    /// The account has no such laptop, or it was withdrawn already.
    #[error("{0} has no such laptop with access; people lists them by their whole ids")]
    NoLaptop(String),
    /// The account is that of a member of studies.
    #[error("{0} is not staff of the center; the console is for accounts with the role staff")]
    NotStaff(String),
    /// No study has the id or number.
    #[error("there is no study {0} at this center")]
    NoStudy(String),
    /// Several studies have the number.
    #[error("several studies have the number {0}; use one of these ids: {1}")]
    SeveralStudies(String, String),
    /// The role is none that a member can have.
    #[error("nobody can be that in a study")]
    Role,
    /// The file is no table of a year's working days.
    #[error("{0} is no table of a year's working days")]
    Year(PathBuf, #[source] model::calendar::YearError),
    /// The file cannot be read.
    #[error("cannot read {0}")]
    Unread(PathBuf, #[source] io::Error),
    /// There are too many open invitations.
    #[error("there are too many open invitations; wait ten minutes")]
    TooManyOpen,
}

/// Opens the database of a data folder, makes both the first time.
///
/// # Errors
/// [`AdminError`].
pub fn open(dir: &Path, around: &dyn Surroundings) -> Result<SqliteStore, AdminError> {
    make_folder(dir)?;
    let path = dir.join(DATABASE);
    keep_private(&path).map_err(|source| AdminError::Folder {
        path: dir.to_owned(),
        source,
    })?;
    Ok(SqliteStore::open(&path, &new_id(around))?)
}

/// Opens a PostgreSQL database.
///
/// # Errors
/// [`AdminError`].
pub fn open_postgres(
    address: &str,
    around: &dyn Surroundings,
) -> Result<PostgresStore, AdminError> {
    Ok(PostgresStore::open(address, &new_id(around))?)
}

/// The center's key in a data folder, made the first time: the one that the database knows.
///
/// # Errors
/// [`AdminError::KeyElsewhere`], [`AdminError::OtherKey`]; [`AdminError`].
pub fn identity<S: Store>(
    store: &S,
    dir: &Path,
    around: &dyn Surroundings,
) -> Result<Identity, AdminError> {
    make_folder(dir)?;
    if store.key()?.is_some() && !dir.join(identity::FILE).exists() {
        return Err(AdminError::KeyElsewhere(dir.to_owned()));
    }
    let identity = Identity::open(dir, around)?;
    let own = identity.public().to_text();
    // Of two that start in the same moment with keys of their own, one is the center.
    match store.own(&own)? == own {
        true => Ok(identity),
        false => Err(AdminError::OtherKey(dir.to_owned())),
    }
}

/// Makes another key for the center; the old one stays beside it. Laptops refuse the center until
/// they are connected anew.
///
/// # Errors
/// [`AdminError`]; said again it does the whole again.
pub fn new_key<S: Store>(
    store: &S,
    dir: &Path,
    around: &dyn Surroundings,
) -> Result<(), AdminError> {
    make_folder(dir)?;
    identity::put_aside(dir)?;
    let identity = Identity::open(dir, around)?;
    Ok(store.set_key(&identity.public().to_text(), around.now_ms())?)
}

/// Looks whether a folder is that of a center that was served before: only serving makes one.
///
/// # Errors
/// [`AdminError::NoKey`], and [`AdminError::NoData`] where the data should be there, too.
pub fn check_served(dir: &Path, is_data_elsewhere: bool) -> Result<(), AdminError> {
    if !dir.join(identity::FILE).exists() {
        return Err(AdminError::NoKey(dir.to_owned()));
    }
    check_data(dir, is_data_elsewhere)
}

/// Looks whether the data of a center is in a folder, where it is not elsewhere.
///
/// # Errors
/// [`AdminError::NoData`].
pub fn check_data(dir: &Path, is_data_elsewhere: bool) -> Result<(), AdminError> {
    match is_data_elsewhere || dir.join(DATABASE).exists() {
        true => Ok(()),
        false => Err(AdminError::NoData(dir.to_owned())),
    }
}

/// Moves the data of a folder into an empty PostgreSQL database; how many commits there were.
///
/// # Errors
/// [`AdminError`]; then the folder goes on as before.
pub fn move_to_postgres(
    dir: &Path,
    address: &str,
    around: &dyn Surroundings,
) -> Result<u64, AdminError> {
    if !dir.join(DATABASE).is_file() {
        return Err(AdminError::NoData(dir.to_owned()));
    }
    let old = open(dir, around)?;
    let new = PostgresStore::open(address, &new_id(around))?;
    Ok(transfer(&old, &new, around.now_ms())?)
}

fn make_folder(dir: &Path) -> Result<(), AdminError> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|source| AdminError::Folder {
        path: dir.to_owned(),
        source,
    })
}

/// Makes the file for the owner alone, before the database writes into it; its log follows suit.
fn keep_private(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}

fn new_id(around: &dyn Surroundings) -> String {
    let mut bytes = [0; 10];
    around.random(&mut bytes);
    data_encoding::HEXLOWER.encode(&bytes)
}

/// Makes a code for a new account, or for a further laptop of a known one.
///
/// # Errors
/// [`AdminError`].
pub fn invite<S: Store>(
    store: &S,
    identity: &Identity,
    name: &str,
    role: Option<Role>,
    around: &dyn Surroundings,
) -> Result<Code, AdminError> {
    invite_by(Asker::Operator, store, identity, (name, role), around)
}

/// The same for somebody else than the operator.
///
/// # Errors
/// [`AdminError`].
pub fn invite_by<S: Store>(
    by: Asker<'_>,
    store: &S,
    identity: &Identity,
    (name, role): (&str, Option<Role>),
    around: &dyn Surroundings,
) -> Result<Code, AdminError> {
    let name = account_name(name)?;
    let pin = Pin::Key(identity.public());
    for _ in 0..HANDLE_DRAWS {
        let mut random = [0; 7];
        around.random(&mut random);
        let code = Code::new(&random, &pin);
        let is_kept = store.invite(&Invitation {
            by,
            name,
            role,
            new_user: &format!("u_{}", new_id(around)),
            handle: code.handle(),
            secret_hash: &secret_hash(code.handle(), code.secret()),
            now_ms: around.now_ms(),
        })?;
        if is_kept {
            return Ok(code);
        }
    }
    Err(AdminError::TooManyOpen)
}

fn account_name(name: &str) -> Result<&str, AdminError> {
    let name = name.trim();
    let fits = (1..=NAME_BYTES_MAX).contains(&name.len()) && !name.chars().any(char::is_control);
    fits.then_some(name).ok_or(AdminError::Name)
}

/// Makes a one-time code for the console, for somebody who works for the center.
///
/// # Errors
/// [`AdminError::NotStaff`] when the account is another's; [`AdminError`].
pub fn console_code<S: Store>(
    store: &S,
    name: &str,
    around: &dyn Surroundings,
) -> Result<String, AdminError> {
    let name = account_name(name)?;
    let code = console::new_code(around);
    let (user, hash) = (format!("u_{}", new_id(around)), console::code_hash(&code));
    match store.console_code(name, &user, &hash, around.now_ms()) {
        Ok(()) => Ok(code),
        Err(StoreError::Refused(Problem::NoRight)) => Err(AdminError::NotStaff(name.to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// What an operator acts with: the center's key, a clock, randomness.
#[derive(Clone, Copy)]
pub struct Hand<'a> {
    /// The key, which signs what is written about members.
    pub identity: &'a Identity,
    /// Clock and randomness.
    pub around: &'a dyn Surroundings,
}

/// Gives an account a role in a study, or ends its membership; gives the study's stream.
///
/// # Errors
/// [`AdminError`].
pub fn grant<S: Store>(
    store: &S,
    study: &str,
    name: &str,
    role: Option<Role>,
    hand: Hand<'_>,
) -> Result<String, AdminError> {
    let stream = find_stream(store, study)?;
    let account = name.trim().to_owned();
    let order = MemberOrder {
        stream: &stream,
        asker: Asker::Operator,
        changes: &[MemberChange { account, role }],
        why: None,
        now_ms: hand.around.now_ms(),
    };
    match store.change_members(&order, hand.identity.key()) {
        Ok(()) => Ok(stream),
        Err(StoreError::Refused(Problem::NoAccount { account })) => {
            Err(AdminError::NoAccount(account))
        }
        Err(StoreError::Refused(Problem::Malformed)) => Err(AdminError::Role),
        Err(error) => Err(error.into()),
    }
}

/// Withdraws an account's access: of one device, or of all its devices.
///
/// # Errors
/// [`AdminError::NoAccount`] or [`AdminError::NoLaptop`] when there was nothing to withdraw.
pub fn revoke<S: Store>(
    store: &S,
    name: &str,
    what: Withdrawal<'_>,
    around: &dyn Surroundings,
) -> Result<u64, AdminError> {
    let name = name.trim();
    let n = store.withdraw(name, what, around.now_ms())?;
    if n > 0 {
        return Ok(n);
    }
    let accounts = store.accounts_with_laptops(Asker::Operator)?;
    match accounts.iter().any(|(account, _)| account.name == name) {
        true => Err(AdminError::NoLaptop(name.to_owned())),
        false => Err(AdminError::NoAccount(name.to_owned())),
    }
}

/// Every account with its laptops, one line each.
///
/// # Errors
/// [`AdminError`].
pub fn list_people<S: Store>(store: &S) -> Result<Vec<String>, AdminError> {
    let mut lines = Vec::new();
    for (account, laptops) in store.accounts_with_laptops(Asker::Operator)? {
        lines.push(format!(
            "{}  {}  {}",
            account.name, account.role, account.user
        ));
        for device in laptops {
            let told = match (device.introduced_by, device.seen) {
                (Some(by), _) => format!("the same laptop as {by}, after a restore or a copy"),
                (None, seen) => format!("last heard of {}", seen.as_deref().unwrap_or("never")),
            };
            let mut line = format!("    {} {} {told}", device.dev, device.label);
            if let Some(at) = device.revoked {
                line.push_str(&format!(", withdrawn {at}"));
            }
            lines.push(line);
        }
    }
    Ok(lines)
}

/// Who is and was a member of a study, one line each.
///
/// # Errors
/// [`AdminError`].
pub fn list_members<S: Store>(
    store: &S,
    study: &str,
    hand: Hand<'_>,
) -> Result<Vec<String>, AdminError> {
    let stream = find_stream(store, study)?;
    let (key, now_ms) = (hand.identity.key(), hand.around.now_ms());
    let log = store.members(Asker::Operator, &stream, key, now_ms)?;
    let unread = || StoreError::Damaged("an entry about a member cannot be read");
    let frames = sync::body::split_frames(&log.frames).map_err(|_| unread())?;
    let names = log.names.into_iter().map(|name| (name.user, name.name));
    let members = Members::read(&stream, &frames, &hand.identity.public(), names.collect())
        .map_err(|_| unread())?;
    let line = |member: &sync::Member| {
        let role = member.role.as_deref().unwrap_or("no member any more");
        format!("{}  {role}  since {}", member.name, member.since)
    };
    Ok(members.list.iter().map(line).collect())
}

/// Tells every laptop that a backup was put back, so that they send what it lacks; the data is that
/// of the folder's key from now on, whichever the backup knew.
///
/// # Errors
/// [`AdminError`].
pub fn restored<S: Store>(
    store: &S,
    dir: &Path,
    around: &dyn Surroundings,
) -> Result<(), AdminError> {
    let key = Identity::open(dir, around)?.public().to_text();
    if store.key()?.is_some_and(|known| known != key) {
        store.set_key(&key, around.now_ms())?;
    }
    renew_epoch(store, around)
}

/// Begins a new life of the data.
///
/// # Errors
/// [`AdminError`].
pub fn renew_epoch<S: Store>(store: &S, around: &dyn Surroundings) -> Result<(), AdminError> {
    Ok(store.set_epoch(&new_id(around), around.now_ms())?)
}

/// Hands out the table of a year's working days; the year.
///
/// # Errors
/// [`AdminError::Unread`], [`AdminError::Year`]; [`AdminError`].
pub fn give_year<S: Store>(
    store: &S,
    file: &Path,
    around: &dyn Surroundings,
) -> Result<i32, AdminError> {
    let unread = |source| AdminError::Unread(file.to_owned(), source);
    let text = fs::read_to_string(file).map_err(unread)?;
    let year = model::calendar::YearFile::read(text.as_bytes())
        .map_err(|source| AdminError::Year(file.to_owned(), source))?
        .year;
    store.set_year(year, Some(&text), around.now_ms())?;
    Ok(year)
}

fn find_stream<S: Store>(store: &S, study: &str) -> Result<String, AdminError> {
    let mut streams = store.find_streams(study.trim())?;
    match streams.len() {
        0 => Err(AdminError::NoStudy(study.to_owned())),
        1 => Ok(streams.swap_remove(0)),
        _ => Err(AdminError::SeveralStudies(
            study.to_owned(),
            streams.join(", "),
        )),
    }
}
