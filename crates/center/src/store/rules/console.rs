//! Who may look at the console, and what it counts.

use super::accounts::user_id;
use super::audit;
use super::line::refuse;
use crate::store::console::{CONSOLE, Overview, ReplicaCard, StreamCard};
use crate::store::sql::{Row, Sql, integer, values};
use crate::store::{Role, Session, StoreError};
use ledger::Hash;
use sync::wire::Problem;

/// How long a code is open. Units: milliseconds.
const OPEN_MS: i64 = 10 * 60 * 1000;
/// How long a session lasts, used or not. Units: milliseconds.
const SESSION_MS: i64 = 8 * 3_600 * 1000;
/// How long a session lasts while nobody uses it. Units: milliseconds.
const IDLE_MS: i64 = 30 * 60 * 1000;
/// How exactly it is kept when a session was last used. Units: milliseconds.
const SEEN_MS: i64 = 60 * 1000;
/// How long a program is named that said nothing more. Units: milliseconds.
const REPLICA_MS: i64 = 24 * 3_600 * 1000;

pub(super) fn code(
    tx: &mut dyn Sql,
    name: &str,
    new_user: &str,
    (code, now_ms): (&Hash, i64),
) -> Result<(), StoreError> {
    let staff = Role::Staff.as_str();
    let user = match user_id(tx, name)? {
        Some(user) => user,
        None => {
            let sql = "INSERT INTO users(id, name, role, since_ms) VALUES(?1, ?2, ?3, ?4)";
            tx.execute(sql, values![new_user, name, staff, now_ms])?;
            new_user.to_owned()
        }
    };
    let sql = "SELECT 1 FROM users WHERE id = ?1 AND role = ?2";
    if tx.row(sql, values![&user, staff])?.is_none() {
        return refuse(Problem::NoRight);
    }
    tx.execute(
        "DELETE FROM console_codes WHERE expires_ms <= ?1",
        values![now_ms],
    )?;
    let sql = "INSERT INTO console_codes(hash, user_id, expires_ms) VALUES(?1, ?2, ?3)";
    tx.execute(sql, values![code.as_str(), &user, now_ms + OPEN_MS])?;
    audit(tx, now_ms, "console.code", "operator", &user)
}

/// A refusal is carried out of the transaction: the code is used up whatever happens.
pub(super) fn enter(
    tx: &mut dyn Sql,
    code: &Hash,
    session: &Hash,
    now_ms: i64,
) -> Result<Result<(), Problem>, StoreError> {
    let sql = "SELECT user_id, expires_ms FROM console_codes WHERE hash = ?1";
    let Some(row) = tx.row(sql, values![code.as_str()])? else {
        audit(tx, now_ms, "console.wrong", "unknown", "")?;
        return Ok(Err(Problem::CodeWrong));
    };
    let (user, expires_ms) = (row.text(0)?, row.int(1)?);
    let sql = "DELETE FROM console_codes WHERE hash = ?1";
    tx.execute(sql, values![code.as_str()])?;
    if expires_ms <= now_ms {
        return Ok(Err(Problem::CodeExpired));
    }
    let sql = "DELETE FROM console_sessions WHERE since_ms <= ?1";
    tx.execute(sql, values![now_ms - SESSION_MS])?;
    let sql = "INSERT INTO console_sessions(hash, user_id, since_ms, seen_ms)
               VALUES(?1, ?2, ?3, ?3)";
    tx.execute(sql, values![session.as_str(), &user, now_ms])?;
    audit(tx, now_ms, "console.entered", &user, "")?;
    Ok(Ok(()))
}

pub(super) fn session(
    db: &mut dyn Sql,
    session: &Hash,
    now_ms: i64,
) -> Result<Option<Session>, StoreError> {
    let sql = "SELECT u.id, u.name, s.seen_ms FROM console_sessions s JOIN users u
               ON u.id = s.user_id
               WHERE s.hash = ?1 AND s.since_ms > ?2 AND s.seen_ms > ?3 AND u.role = ?4";
    let with = values![
        session.as_str(),
        now_ms - SESSION_MS,
        now_ms - IDLE_MS,
        Role::Staff.as_str()
    ];
    let Some(row) = db.row(sql, with)? else {
        return Ok(None);
    };
    if row.int(2)? <= now_ms - SEEN_MS {
        let sql = "UPDATE console_sessions SET seen_ms = ?2 WHERE hash = ?1";
        db.execute(sql, values![session.as_str(), now_ms])?;
    }
    Ok(Some(Session {
        dev: CONSOLE.to_owned(),
        user: row.text(0)?,
        name: row.text(1)?,
        is_revoked: false,
    }))
}

pub(super) fn leave(tx: &mut dyn Sql, session: &Hash, now_ms: i64) -> Result<(), StoreError> {
    let sql = "SELECT user_id FROM console_sessions WHERE hash = ?1";
    let Some(row) = tx.row(sql, values![session.as_str()])? else {
        return Ok(());
    };
    let sql = "DELETE FROM console_sessions WHERE hash = ?1";
    tx.execute(sql, values![session.as_str()])?;
    audit(tx, now_ms, "console.left", &row.text(0)?, "")
}

/// Ends everything that an account began at the console.
pub(super) fn end_all(tx: &mut dyn Sql, user: &str) -> Result<u64, StoreError> {
    let codes = "DELETE FROM console_codes WHERE user_id = ?1";
    let sessions = "DELETE FROM console_sessions WHERE user_id = ?1";
    Ok(tx.execute(codes, values![user])? + tx.execute(sessions, values![user])?)
}

/// A condition: a commit that is kept for review and was not decided about.
macro_rules! is_held {
    () => {
        "c.status = 2 AND NOT EXISTS
           (SELECT 1 FROM reviews r WHERE r.stream = c.stream AND r.hash = c.hash)"
    };
}

pub(super) fn overview(db: &mut dyn Sql) -> Result<Overview, StoreError> {
    let sql = concat!(
        "SELECT (SELECT count(*) FROM users),
           (SELECT count(*) FROM devices WHERE revoked_ms IS NULL),
           (SELECT count(*) FROM streams),
           (SELECT CAST(coalesce(sum(next_sseq - 1), 0) AS BIGINT) FROM streams),
           (SELECT count(*) FROM commits c WHERE ",
        is_held!(),
        ")"
    );
    let row = db.row(sql, values![])?;
    let row = row.ok_or(StoreError::Damaged("no count"))?;
    Ok(Overview {
        n_accounts: row.natural(0)?,
        n_devices: row.natural(1)?,
        n_streams: row.natural(2)?,
        n_commits: row.natural(3)?,
        n_held: row.natural(4)?,
    })
}

pub(super) fn stream_cards(
    db: &mut dyn Sql,
    after: &str,
    n_max: u32,
) -> Result<Vec<StreamCard>, StoreError> {
    let sql = concat!(
        "SELECT s.id, s.next_sseq - 1,
           (SELECT count(*) FROM members m WHERE m.stream = s.id AND m.until_ms IS NULL),
           (SELECT count(*) FROM commits c WHERE c.stream = s.id AND ",
        is_held!(),
        "),
           (SELECT CAST(coalesce(sum(octet_length(c.frame)), 0) AS BIGINT) FROM commits c
            WHERE c.stream = s.id),
           (SELECT c.received_ms FROM commits c
            WHERE c.stream = s.id AND c.sseq = s.next_sseq - 1)
         FROM streams s WHERE s.id > ?1 ORDER BY s.id LIMIT ?2"
    );
    let card = |row: &Row| {
        Ok(StreamCard {
            stream: row.text(0)?,
            head: row.natural(1)?,
            n_members: row.natural(2)?,
            n_held: row.natural(3)?,
            bytes: row.natural(4)?,
            newest_ms: row.maybe_int(5)?,
        })
    };
    let rows = db.query(sql, values![after, i64::from(n_max)])?;
    rows.iter().map(card).collect()
}

pub(super) fn report(tx: &mut dyn Sql, replica: &ReplicaCard) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO replicas(id, since_ms, seen_ms, version, n_listening)
         VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(id) DO UPDATE SET
         seen_ms = excluded.seen_ms, n_listening = excluded.n_listening",
        values![
            &replica.id,
            replica.since_ms,
            replica.seen_ms,
            &replica.version,
            integer(replica.n_listening)?
        ],
    )?;
    let sql = "DELETE FROM replicas WHERE seen_ms <= ?1";
    tx.execute(sql, values![replica.seen_ms - REPLICA_MS])?;
    Ok(())
}

pub(super) fn replicas(db: &mut dyn Sql, now_ms: i64) -> Result<Vec<ReplicaCard>, StoreError> {
    let sql = "SELECT id, since_ms, seen_ms, version, n_listening FROM replicas
               WHERE seen_ms > ?1 ORDER BY since_ms, id";
    let card = |row: &Row| {
        Ok(ReplicaCard {
            id: row.text(0)?,
            since_ms: row.int(1)?,
            seen_ms: row.int(2)?,
            version: row.text(3)?,
            n_listening: row.natural(4)?,
        })
    };
    let rows = db.query(sql, values![now_ms - REPLICA_MS])?;
    rows.iter().map(card).collect()
}
