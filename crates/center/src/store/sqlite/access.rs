//! Who may do what in which stream.

use super::accounts::user_id;
use super::{audit, natural};
use crate::store::{Role, StoreError, Withdrawal};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::wire::Readable;

/// A member's standing.
pub(super) struct Membership {
    pub(super) role: Role,
    /// Whether it ended.
    pub(super) is_over: bool,
}

pub(super) fn membership(
    c: &Connection,
    stream: &str,
    user: &str,
) -> Result<Option<Membership>, StoreError> {
    let sql = "SELECT role, until_ms IS NOT NULL FROM members WHERE stream = ?1 AND user_id = ?2";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?));
    let row = c
        .prepare_cached(sql)?
        .query_row([stream, user], read)
        .optional()?;
    row.map(|(role, is_over)| {
        let role = Role::parse(&role).ok_or(StoreError::Damaged("a role is unknown"))?;
        Ok(Membership { role, is_over })
    })
    .transpose()
}

pub(super) fn readable(c: &Connection, user: &str) -> Result<Vec<Readable>, StoreError> {
    let sql = "SELECT s.id, m.role, s.next_sseq - 1, s.digest
               FROM members m JOIN streams s ON s.id = m.stream
               WHERE m.user_id = ?1 AND m.until_ms IS NULL ORDER BY s.id";
    let mut statement = c.prepare_cached(sql)?;
    let mut rows = statement.query([user])?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        let head = natural(row.get(2)?)?;
        list.push(Readable {
            stream: row.get(0)?,
            role: row.get(1)?,
            head,
            digest: row.get(3)?,
        });
    }
    Ok(list)
}

pub(super) fn find_streams(c: &Connection, study: &str) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT id FROM streams WHERE id = ?1
               UNION SELECT stream FROM registry_numbers WHERE number = upper(?1)";
    let mut statement = c.prepare_cached(sql)?;
    let rows = statement.query_map([study], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Sets a role; a membership that ended begins again.
pub(super) fn set_member(
    tx: &Transaction<'_>,
    stream: &str,
    user: &str,
    role: Role,
    now_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO members(stream, user_id, role, since_ms) VALUES(?1, ?2, ?3, ?4)
         ON CONFLICT(stream, user_id) DO UPDATE SET
           role = excluded.role, since_ms = excluded.since_ms, until_ms = NULL",
        params![stream, user, role.as_str(), now_ms],
    )?;
    Ok(())
}

pub(super) fn grant(
    tx: &Transaction<'_>,
    stream: &str,
    name: &str,
    role: Role,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let Some(user) = user_id(tx, name)? else {
        return Ok(false);
    };
    set_member(tx, stream, &user, role, now_ms)?;
    audit(
        tx,
        now_ms,
        "member.granted",
        &user,
        &format!("{stream} {}", role.as_str()),
    )?;
    Ok(true)
}

pub(super) fn withdraw(
    tx: &Transaction<'_>,
    name: &str,
    what: Withdrawal<'_>,
    now_ms: i64,
) -> Result<u64, StoreError> {
    let Some(user) = user_id(tx, name)? else {
        return Ok(0);
    };
    let (n, about) = match what {
        Withdrawal::Devices => {
            let sql = "UPDATE devices SET revoked_ms = ?2
                       WHERE user_id = ?1 AND revoked_ms IS NULL";
            (tx.execute(sql, params![user, now_ms])?, String::new())
        }
        Withdrawal::Device(dev) => {
            // What the device introduced is the same laptop.
            let sql = "UPDATE devices SET revoked_ms = ?3 WHERE user_id = ?1
                       AND (id = ?2 OR introduced_by = ?2) AND revoked_ms IS NULL";
            (tx.execute(sql, params![user, dev, now_ms])?, dev.to_owned())
        }
        Withdrawal::Stream(stream) => {
            let sql = "UPDATE members SET until_ms = ?3
                       WHERE user_id = ?1 AND stream = ?2 AND until_ms IS NULL";
            (
                tx.execute(sql, params![user, stream, now_ms])?,
                stream.to_owned(),
            )
        }
    };
    audit(tx, now_ms, "access.withdrawn", &user, &about)?;
    Ok(n as u64)
}
