//! Opening the encrypted database: the one place that sets its switches.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Once;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};
use zeroize::Zeroizing;

use super::error::{Part, VaultError};
use super::secret::Secret;

/// Marks the database as ours: `PiDk`.
pub const APPLICATION_ID: i32 = 0x5069_446b;

/// The oldest SQLite that a vault is safe with.
///
/// Source: sqlite.org, "The WAL-reset bug", fixed in 3.51.3.
pub const SQLITE_FLOOR: i32 = 3_051_003;

const BUSY_TIMEOUT_MS: u32 = 5_000;

/// Most decrypted pages that are kept at hand. Units: KiB.
const PAGE_CACHE_KIB: i64 = 32 * 1024;

const CIPHER_TRIES: u32 = 2_000;
const CIPHER_PAUSE: Duration = Duration::from_millis(1);

/// Opens a database with a key, sets every switch and reads once.
///
/// It never makes a file; [`create_database`] does. Closing does not write the log into the
/// database until [`write_log_on_close`] is called: the log may not belong to it.
///
/// # Errors
/// [`VaultError::Damaged`] when the file is missing, empty, or the key does not open it.
pub(crate) fn open_database(path: &Path, key: &Secret) -> Result<Connection, VaultError> {
    let damaged = || VaultError::Damaged {
        dir: path.parent().unwrap_or(path).to_owned(),
        part: Part::Database,
    };
    // An empty file would be taken for a new database and "opened" by any key.
    match fs::metadata(path) {
        Ok(metadata) if metadata.len() > 0 => {}
        Ok(_) => return Err(damaged()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(damaged()),
        Err(error) => return Err(VaultError::io("reading", path)(error)),
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = connect(path, key, flags)?;
    write_log_on_close(&conn, false)?;
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    })
    .map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => damaged(),
        _ => VaultError::database("reading the database")(error),
    })?;
    set_switches(&conn)?;
    Ok(conn)
}

/// Makes a new, empty database with a key.
pub(crate) fn create_database(path: &Path, key: &Secret) -> Result<Connection, VaultError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = connect(path, key, flags)?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(VaultError::database("marking the database"))?;
    conn.execute_batch(
        "CREATE TABLE vault_meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
    )
    .map_err(VaultError::database("making the first table"))?;
    Ok(conn)
}

fn connect(path: &Path, key: &Secret, flags: OpenFlags) -> Result<Connection, VaultError> {
    let found = rusqlite::version_number();
    if found < SQLITE_FLOOR {
        return Err(VaultError::OldSqlite {
            found,
            floor: SQLITE_FLOOR,
        });
    }
    wait_for_the_cipher();
    let conn = Connection::open_with_flags(path, flags)
        .map_err(VaultError::database("opening the database"))?;
    let mut pragma = Zeroizing::new(String::with_capacity(96));
    pragma.push_str("PRAGMA key = \"x'");
    for byte in key.bytes() {
        write!(pragma, "{byte:02x}").expect("a string takes text");
    }
    pragma.push_str("'\"");
    // The cause is dropped on purpose: SQLite's messages may quote the statement, and the key.
    conn.execute_batch(&pragma)
        .map_err(|_| VaultError::NoEncryption)?;
    // Plain SQLite takes the key silently and encrypts nothing.
    let cipher: Option<String> = conn
        .query_row("PRAGMA cipher_version", [], |row| row.get(0))
        .optional()
        .map_err(VaultError::database("asking for the cipher"))?;
    if cipher.is_none_or(|version| version.is_empty()) {
        return Err(VaultError::NoEncryption);
    }
    // Its own log goes to stderr, past our rules about what may be logged. Locked memory stays
    // off: it wants more than ordinary limits allow, and only protects against a live machine.
    conn.execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA temp_store = MEMORY")
        .map_err(VaultError::database("setting up the cipher"))?;
    Ok(conn)
}

/// Opens one empty database until it takes a key, before the first vault of this process.
///
/// SQLite calls itself ready before SQLCipher has set itself up (`SQLITE_EXTRA_INIT` runs outside
/// of its lock), so of eight threads that open their first database at once, one was refused its
/// key in two of 300 processes.
fn wait_for_the_cipher() {
    static READY: Once = Once::new();
    READY.call_once(|| {
        for _ in 0..CIPHER_TRIES {
            let took = Connection::open_in_memory()
                .and_then(|conn| conn.execute_batch("PRAGMA key = 'none'"));
            if took.is_ok() {
                return;
            }
            std::thread::sleep(CIPHER_PAUSE);
        }
    });
}

fn set_switches(conn: &Connection) -> Result<(), VaultError> {
    let doing = "setting up the database";
    let mode: String = conn
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(VaultError::database(doing))?;
    if mode != "wal" {
        log::warn!("the database is in journal mode {mode}, not wal");
    }
    // Every page that is read is decrypted and its code checked, so that those that are needed again
    // stay: with SQLite's own 2 MB the indexes of a million operations are read anew at each edit.
    conn.pragma_update(None, "cache_size", -PAGE_CACHE_KIB)
        .map_err(VaultError::database(doing))?;
    // One writer checkpoints when it is idle; without full synchronous an acknowledged edit could
    // be lost at a power cut; `fullfsync` is what macOS needs for the same.
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
         PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0;
         PRAGMA trusted_schema = OFF",
    )
    .map_err(VaultError::database(doing))?;
    conn.busy_timeout(Duration::from_millis(u64::from(BUSY_TIMEOUT_MS)))
        .map_err(VaultError::database(doing))
}

/// Whether closing writes the log into the database, as it does by itself.
pub(crate) fn write_log_on_close(conn: &Connection, is_on: bool) -> Result<(), VaultError> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !is_on)
        .map(|_| ())
        .map_err(VaultError::database("setting up the database"))
}

/// Reads every page; `false` when one is damaged.
pub(crate) fn is_sound(conn: &Connection) -> Result<bool, VaultError> {
    let answer: Result<String, _> = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    match answer {
        Ok(text) => Ok(text == "ok"),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Ok(false),
            _ => Err(VaultError::database("checking the database")(error)),
        },
    }
}

/// Refuses a database whose schema a newer program wrote; gives its version otherwise.
///
/// # Errors
/// [`VaultError::Newer`].
pub fn refuse_newer_schema(conn: &Connection, known: u32) -> Result<u32, VaultError> {
    let found: u32 = conn
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(VaultError::database("reading the schema's version"))?;
    if found > known {
        Err(VaultError::Newer { found, known })
    } else {
        Ok(found)
    }
}

/// A value of the vault's own small table.
pub(crate) fn meta(conn: &Connection, key: &str) -> Result<Option<Vec<u8>>, VaultError> {
    conn.query_row(
        "SELECT value FROM vault_meta WHERE key = ?1",
        [key],
        |row| row.get(0),
    )
    .optional()
    .map_err(VaultError::database("reading the vault's own table"))
}

/// Sets a value of the vault's own small table.
pub(crate) fn set_meta(conn: &Connection, key: &str, value: &[u8]) -> Result<(), VaultError> {
    conn.execute(
        "INSERT INTO vault_meta (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
    .map(|_| ())
    .map_err(VaultError::database("writing the vault's own table"))
}
