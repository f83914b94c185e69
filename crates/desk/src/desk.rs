//! One open vault and the person who works in it.

use crate::directory;
use crate::env::Env;
use crate::error::DeskError;
use crate::hole;
use crate::plan;
use crate::schema;
use crate::store::identity;
use crate::store::people::Profile;
use crate::store::write::Author;
use crate::time;
use crate::undo::Sitting;
use crate::unfit;
use crate::vault::{self, Kdf, Key, Keychain, Opened, RecoveryCode};
use crate::versions;
use ledger::DeviceKey;
use model::{PersonId, StudyId};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// An open vault: every action of the application is a method of it.
///
/// Invariant: one owner at a time, the only writer; an action is stored whole or not at all.
pub struct Desk {
    pub(crate) opened: Opened,
    pub(crate) env: Env,
    pub(crate) key: Arc<DeviceKey>,
    pub(crate) person: PersonId,
    pub(crate) profile: Profile,
    pub(crate) sitting: Sitting,
    /// Files that were looked into, by their hash.
    pub(crate) looked: std::collections::BTreeMap<String, model::submission::Looked>,
    /// Blanks that no form set names yet.
    pub(crate) offered: Vec<crate::blank::Offered>,
    pub(crate) versions: RefCell<versions::Cache>,
    pub(crate) book: RefCell<directory::Cache>,
    pub(crate) chains: RefCell<crate::outbox::Chains>,
    /// How many commits are missing in the logs, once it was counted.
    pub(crate) n_missing: Cell<Option<u64>>,
}

/// Length of the write-ahead log from which on a mass import moves it into the database.
const LOG_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// What screens must read again after an action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// `studies`, `study:<id>`, `conflicts`, `history`, `search`, `settings`.
    pub topics: Vec<String>,
}

impl Changed {
    /// What changes with the content of a study.
    pub(crate) fn study(id: &str) -> Self {
        let mut topics = vec![format!("study:{id}")];
        topics.extend(["studies", "conflicts", "history", "search"].map(str::to_owned));
        Self { topics }
    }

    /// Adds the topics of another change.
    pub fn add(&mut self, other: Self) {
        for topic in other.topics {
            if !self.topics.contains(&topic) {
                self.topics.push(topic);
            }
        }
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk")
            .field("device", &self.key.id())
            .finish_non_exhaustive()
    }
}

impl Desk {
    /// Makes a new vault in an empty or absent folder and opens it.
    ///
    /// # Errors
    /// [`DeskError::Vault`] when the folder or the passphrase is not fit.
    pub fn create(
        dir: &Path,
        passphrase: &str,
        kdf: Kdf,
        env: Env,
        profile: Profile,
        is_sample: bool,
    ) -> Result<(Self, RecoveryCode), DeskError> {
        let (opened, code) = vault::create(dir, passphrase, kdf, &env, is_sample)?;
        let mut desk = Self::from_opened(opened, env)?;
        desk.set_profile(profile)?;
        Ok((desk, code))
    }

    /// Opens a vault.
    ///
    /// # Errors
    /// [`DeskError::Vault`] when the key does not fit or the vault is in use,
    /// [`DeskError::Schema`] when a newer program made it.
    pub fn open(
        dir: &Path,
        key: Key<'_>,
        keychain: &dyn Keychain,
        env: Env,
    ) -> Result<Self, DeskError> {
        let opened = vault::open(dir, key, keychain, &env)?;
        Self::from_opened(opened, env)
    }

    /// Takes an opened vault: makes its tables ready, and a device identity where it needs one.
    ///
    /// # Errors
    /// [`DeskError::Schema`], [`DeskError::Damaged`], [`DeskError::Storage`].
    pub fn from_opened(mut opened: Opened, env: Env) -> Result<Self, DeskError> {
        let is_renewed = schema::migrate(&mut opened.conn)?;
        opened.conn.set_prepared_statement_cache_capacity(256);
        let tx = opened
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let key = match identity::current(&tx)? {
            Some(key) if !opened.cloned => key,
            // A copy of a vault must not sign with the original's identity (decisions.md 13).
            _ => identity::renew(&tx, &env)?,
        };
        let person = match meta(&tx, "person.id")? {
            Some(id) => PersonId::parse(&id).ok_or(DeskError::Damaged("the person's id"))?,
            None => {
                let id = PersonId::from_uuid(time::new_id(&env));
                set_meta(&tx, "person.id", Some(id.as_str()))?;
                id
            }
        };
        let profile = match meta(&tx, "person.profile")? {
            Some(text) => serde_json::from_str(&text)
                .map_err(|_| DeskError::Damaged("the person's profile"))?,
            None => Profile::default(),
        };
        plan::rows::renew(&tx)?;
        let n_missing = hole::n_missing(&tx)?;
        tx.commit()?;
        if n_missing > 0 {
            log::warn!("commits missing in the log: {n_missing}");
            hole::stand_without(&opened.conn)?;
            opened.notes.push(vault::Note::CommitsMissing);
        }
        if is_renewed && !unfit::places(&opened.conn)?.is_empty() {
            opened.notes.push(vault::Note::ValuesUnfit);
        }
        if opened.cloned {
            opened.mark_installed(&env)?;
        }
        Ok(Self {
            opened,
            env,
            key: Arc::new(key),
            person,
            profile,
            sitting: Sitting::default(),
            looked: std::collections::BTreeMap::new(),
            offered: Vec::new(),
            versions: RefCell::default(),
            book: RefCell::default(),
            chains: RefCell::default(),
            n_missing: Cell::new(Some(n_missing)),
        })
    }

    /// What the person at this laptop says about herself.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The id of the person at this laptop.
    pub fn person(&self) -> &PersonId {
        &self.person
    }

    /// The id of the device identity that signs now.
    pub fn device(&self) -> String {
        self.key.id()
    }

    /// The key that signs now, for proving to the center who asks.
    pub fn device_key(&self) -> &DeviceKey {
        &self.key
    }

    /// The vault's folder.
    pub fn dir(&self) -> &Path {
        &self.opened.dir
    }

    /// Whether this is the built-in sample, which cannot be connected to a center.
    pub fn is_sample(&self) -> bool {
        self.opened.sample
    }

    /// The opened vault: ways in, folder, id.
    pub fn vault(&mut self) -> &mut Opened {
        &mut self.opened
    }

    /// The database, for the daily copy.
    pub fn connection(&self) -> &Connection {
        &self.opened.conn
    }

    /// Says who the person is; every study learns it with her next commit there.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn set_profile(&mut self, profile: Profile) -> Result<Changed, DeskError> {
        let text = serde_json::to_string(&profile).map_err(|_| DeskError::Damaged("a profile"))?;
        set_meta(&self.opened.conn, "person.profile", Some(&text))?;
        self.profile = profile;
        Ok(Changed {
            topics: vec!["settings".into()],
        })
    }

    /// A setting of the window or of the person at this laptop.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn setting(&self, key: &str) -> Result<Option<String>, DeskError> {
        Ok(self
            .opened
            .conn
            .query_row("SELECT value FROM settings WHERE key = ?1", [key], |row| {
                row.get(0)
            })
            .optional()?)
    }

    /// Every setting.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn settings(&self) -> Result<BTreeMap<String, String>, DeskError> {
        Ok(self
            .opened
            .conn
            .prepare_cached("SELECT key, value FROM settings")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?)
    }

    /// Keeps a setting.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<Changed, DeskError> {
        self.lightly(|conn| {
            conn.execute(
                "INSERT OR REPLACE INTO settings VALUES(?1, ?2)",
                [key, value],
            )?;
            Ok(())
        })?;
        Ok(Changed {
            topics: vec!["settings".into()],
        })
    }

    /// Does what waits for a quiet moment: moves the write-ahead log into the database.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn idle(&mut self) -> Result<(), DeskError> {
        let conn = &self.opened.conn;
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Moves the write-ahead log into the database when it has become long.
    pub(crate) fn rest_when_long(&mut self) -> Result<(), DeskError> {
        let log = self.opened.dir.join(format!("{}-wal", vault::DB_FILE));
        let is_long = std::fs::metadata(log).is_ok_and(|file| file.len() > LOG_BYTES_MAX);
        if is_long { self.idle() } else { Ok(()) }
    }

    /// One hash over heads and commits: equal after a restore and on two laptops in step.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn digest(&self) -> Result<String, DeskError> {
        Ok(crate::store::digest::of_vault(&self.opened.conn)?)
    }

    /// Runs an action in one transaction, which is stored durably before this returns.
    pub(crate) fn transact<T>(
        &mut self,
        action: impl FnOnce(&Connection, &Author<'_>) -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        let tx = self
            .opened
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let author = Author {
            key: &self.key,
            person: &self.person,
            profile: &self.profile,
            env: &self.env,
        };
        let answer = action(&tx, &author)?;
        tx.commit()?;
        Ok(answer)
    }

    /// Runs a small write that may be lost at a power cut: typing, settings.
    pub(crate) fn lightly(
        &mut self,
        action: impl FnOnce(&Connection) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        let conn = &self.opened.conn;
        conn.execute_batch("PRAGMA synchronous = NORMAL")?;
        let full = Full(conn);
        let answer = action(conn);
        drop(full);
        answer
    }

    /// The number of a study's stream.
    pub(crate) fn stream(&self, study: &StudyId) -> Result<i64, DeskError> {
        stream_of(&self.opened.conn, study)
    }
}

/// Makes writes durable again when it goes, also when what was done lightly broke in the middle.
struct Full<'a>(&'a Connection);

impl Drop for Full<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.execute_batch("PRAGMA synchronous = FULL") {
            log::error!("writes are not made durable: {error}");
        }
    }
}

/// The number of a study's stream.
pub(crate) fn stream_of(conn: &Connection, study: &StudyId) -> Result<i64, DeskError> {
    crate::store::names::stream(conn, study.as_str())?
        .ok_or_else(|| DeskError::no_study(study.as_str()))
}

/// A fact about this vault that is no edit.
pub(crate) fn meta(conn: &Connection, key: &str) -> Result<Option<String>, rusqlite::Error> {
    conn.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| {
        row.get(0)
    })
    .optional()
}

/// Keeps or forgets a fact about this vault.
pub(crate) fn set_meta(
    conn: &Connection,
    key: &str,
    value: Option<&str>,
) -> Result<(), rusqlite::Error> {
    match value {
        Some(value) => conn.execute("INSERT OR REPLACE INTO meta VALUES(?1, ?2)", [key, value])?,
        None => conn.execute("DELETE FROM meta WHERE key = ?1", [key])?,
    };
    Ok(())
}
