//! Accounts, their devices and persons, and the invitations that make them.

use super::audit;
use super::line::refuse;
use super::people::is_over_all;
use crate::store::sql::{Sql, values};
use crate::store::{Asker, Device, Enrolment, Invitation, Role, Session, StoreError};
use ledger::Hash;
use sync::wire::Problem;

/// How long an invitation is open: ten minutes. Units: milliseconds. Source: decisions.md 23.
const OPEN_MS: i64 = 10 * 60 * 1000;
/// How often an invitation may be tried. Source: decisions.md 23.
const TRIES_MAX: u64 = 5;

pub(super) fn invite(tx: &mut dyn Sql, new: &Invitation<'_>) -> Result<bool, StoreError> {
    tx.execute(
        "DELETE FROM codes WHERE expires_ms <= ?1",
        values![new.now_ms],
    )?;
    let sql = "SELECT 1 FROM codes WHERE handle = ?1";
    if tx.row(sql, values![new.handle])?.is_some() {
        return Ok(false);
    }
    let by_operator = matches!(new.by, Asker::Operator);
    if !by_operator && !is_over_all(tx, new.by)? {
        return refuse(Problem::NoRight);
    }
    let user = match user_id(tx, new.name)? {
        // Whoever had the code could read her studies.
        Some(user) if !by_operator && is_in_use(tx, &user)? => {
            return refuse(Problem::PersonTaken);
        }
        Some(user) => {
            if let Some(role) = new.role {
                let sql = "UPDATE users SET role = ?2 WHERE id = ?1";
                tx.execute(sql, values![&user, role.as_str()])?;
            }
            user
        }
        None => {
            let role = new.role.unwrap_or(Role::Pi).as_str();
            tx.execute(
                "INSERT INTO users(id, name, role, since_ms) VALUES(?1, ?2, ?3, ?4)",
                values![new.new_user, new.name, role, new.now_ms],
            )?;
            new.new_user.to_owned()
        }
    };
    tx.execute(
        "INSERT INTO codes(handle, secret_hash, user_id, n_tries, expires_ms)
         VALUES(?1, ?2, ?3, 0, ?4)",
        values![
            new.handle,
            new.secret_hash.as_str(),
            &user,
            new.now_ms + OPEN_MS
        ],
    )?;
    audit(tx, new.now_ms, "code.made", new.by.id(), &user)?;
    Ok(true)
}

/// Whether an account has, or had, a laptop or a part in a study, or works for the center.
fn is_in_use(tx: &mut dyn Sql, user: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM users u WHERE u.id = ?1 AND (u.role = ?2
                 OR EXISTS (SELECT 1 FROM devices d WHERE d.user_id = u.id)
                 OR EXISTS (SELECT 1 FROM members m WHERE m.user_id = u.id))";
    Ok(tx.row(sql, values![user, Role::Staff.as_str()])?.is_some())
}

pub(super) fn user_id(tx: &mut dyn Sql, name: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT id FROM users WHERE name = ?1";
    tx.row(sql, values![name])?
        .map(|row| row.text(0))
        .transpose()
}

/// Counts the try before anything is compared: guesses made at the same time count, too.
pub(super) fn begin(
    tx: &mut dyn Sql,
    handle: &str,
    challenge: &str,
    now_ms: i64,
) -> Result<Result<(), Problem>, StoreError> {
    let sql = "SELECT n_tries, expires_ms FROM codes WHERE handle = ?1";
    let Some(row) = tx.row(sql, values![handle])? else {
        // It is a try at any of the open invitations, so it counts against each.
        let sql = "UPDATE codes SET n_tries = n_tries + 1 WHERE used_by IS NULL";
        tx.execute(sql, values![])?;
        audit(tx, now_ms, "code.wrong", "unknown", "")?;
        return Ok(Err(Problem::CodeWrong));
    };
    if row.int(1)? <= now_ms {
        return Ok(Err(Problem::CodeExpired));
    }
    if row.natural(0)? >= TRIES_MAX {
        audit(tx, now_ms, "code.spent", "unknown", handle)?;
        return Ok(Err(Problem::CodeSpent));
    }
    let sql = "UPDATE codes SET n_tries = n_tries + 1, challenge = ?2 WHERE handle = ?1";
    tx.execute(sql, values![handle, challenge])?;
    Ok(Ok(()))
}

pub(super) fn finish(
    tx: &mut dyn Sql,
    new: &Enrolment<'_>,
) -> Result<Result<Session, Problem>, StoreError> {
    let user = match prove(tx, new)? {
        Ok(user) => user,
        Err(problem) => return Ok(Err(problem)),
    };
    if device(tx, new.dev)?.is_some_and(|d| d.user != user || d.is_revoked) {
        return Ok(Err(Problem::DeviceTaken));
    }
    let sql = "SELECT user_id FROM persons WHERE id = ?1";
    if let Some(owner) = tx.row(sql, values![new.person])?
        && owner.text(0)? != user
    {
        return Ok(Err(Problem::PersonTaken));
    }
    tx.execute(
        "INSERT INTO devices(id, user_id, public_key, token_hash, since_ms)
         VALUES(?1, ?2, ?3, ?4, ?5)
         ON CONFLICT(id) DO UPDATE SET token_hash = excluded.token_hash",
        values![new.dev, &user, new.key, new.token_hash.as_str(), new.now_ms],
    )?;
    tx.execute(
        "INSERT INTO persons(id, user_id, name, dev, challenge, sig, since_ms)
         VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(id) DO NOTHING",
        values![
            new.person,
            &user,
            new.name,
            new.dev,
            new.challenge,
            new.sig,
            new.now_ms
        ],
    )?;
    // The challenge stays: the same request is sent again when its answer is lost.
    let sql = "UPDATE codes SET used_by = ?2 WHERE handle = ?1";
    tx.execute(sql, values![new.handle, new.dev])?;
    audit(tx, new.now_ms, "device.enrolled", &user, new.dev)?;
    let sql = "SELECT name FROM users WHERE id = ?1";
    let name = tx.row(sql, values![&user])?;
    let name = name
        .ok_or(StoreError::Damaged("an account is missing"))?
        .text(0)?;
    Ok(Ok(Session {
        dev: new.dev.to_owned(),
        user,
        name,
        is_revoked: false,
    }))
}

/// Checks the proof and gives the invited account. A wrong proof uses the challenge up.
fn prove(tx: &mut dyn Sql, new: &Enrolment<'_>) -> Result<Result<String, Problem>, StoreError> {
    let sql = "SELECT user_id, secret_hash, challenge, expires_ms, used_by FROM codes
               WHERE handle = ?1";
    let Some(row) = tx.row(sql, values![new.handle])? else {
        return Ok(Err(Problem::CodeWrong));
    };
    // Hashes are compared, so the time it takes tells nothing of the secret.
    let is_right = row.maybe_text(2)?.as_deref() == Some(new.challenge)
        && row.text(1)? == new.secret_hash.as_str();
    if !is_right {
        tx.execute(
            "UPDATE codes SET challenge = NULL WHERE handle = ?1",
            values![new.handle],
        )?;
        audit(tx, new.now_ms, "code.wrong", "unknown", new.handle)?;
        return Ok(Err(Problem::CodeWrong));
    }
    if row.int(3)? <= new.now_ms {
        return Ok(Err(Problem::CodeExpired));
    }
    // The same device again: the answer to its first request was lost.
    match row.maybe_text(4)? {
        Some(dev) if dev != new.dev => Ok(Err(Problem::CodeUsed)),
        _ => Ok(Ok(row.text(0)?)),
    }
}

pub(super) fn session(db: &mut dyn Sql, token_hash: &Hash) -> Result<Option<Session>, StoreError> {
    let sql = "SELECT d.id, d.user_id, u.name, d.revoked_ms IS NOT NULL
               FROM devices d JOIN users u ON u.id = d.user_id WHERE d.token_hash = ?1";
    let Some(row) = db.row(sql, values![token_hash.as_str()])? else {
        return Ok(None);
    };
    Ok(Some(Session {
        dev: row.text(0)?,
        user: row.text(1)?,
        name: row.text(2)?,
        is_revoked: row.is(3)?,
    }))
}

pub(super) fn device(db: &mut dyn Sql, dev: &str) -> Result<Option<Device>, StoreError> {
    let sql = "SELECT user_id, public_key, revoked_ms IS NOT NULL FROM devices WHERE id = ?1";
    let Some(row) = db.row(sql, values![dev])? else {
        return Ok(None);
    };
    Ok(Some(Device {
        user: row.text(0)?,
        key: row.text(1)?,
        is_revoked: row.is(2)?,
    }))
}

/// Notes a device that an enrolled one introduced: its successor after a restore or a clone.
pub(super) fn introduce(
    tx: &mut dyn Sql,
    by: &Session,
    dev: &str,
    key: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO devices(id, user_id, public_key, introduced_by, since_ms, revoked_ms)
         VALUES(?1, ?2, ?3, ?4, ?5, (SELECT revoked_ms FROM devices WHERE id = ?4))
         ON CONFLICT(id) DO NOTHING",
        values![dev, &by.user, key, &by.dev, now_ms],
    )?;
    audit(tx, now_ms, "device.introduced", &by.dev, dev)
}
