//! Who may do what in which stream.

use super::accounts::user_id;
use super::audit;
use super::console::end_all;
use crate::store::sql::{Row, Sql, values};
use crate::store::{Role, StoreError, Withdrawal};
use sync::wire::Readable;

/// A member's standing.
pub(super) struct Membership {
    pub(super) role: Role,
    /// Whether it ended.
    pub(super) is_over: bool,
}

pub(super) const MEMBERSHIP: &str =
    "SELECT role, until_ms IS NOT NULL FROM members WHERE stream = ?1 AND user_id = ?2";

pub(super) fn read_membership(row: &Row) -> Result<Membership, StoreError> {
    let role = Role::parse(&row.text(0)?).ok_or(StoreError::Damaged("a role is unknown"))?;
    let is_over = row.is(1)?;
    Ok(Membership { role, is_over })
}

pub(super) fn membership(
    db: &mut dyn Sql,
    stream: &str,
    user: &str,
) -> Result<Option<Membership>, StoreError> {
    let row = db.row(MEMBERSHIP, values![stream, user])?;
    row.as_ref().map(read_membership).transpose()
}

pub(super) fn readable(db: &mut dyn Sql, user: &str) -> Result<Vec<Readable>, StoreError> {
    let sql = "SELECT s.id, m.role, s.next_sseq - 1, s.digest
               FROM members m JOIN streams s ON s.id = m.stream
               WHERE m.user_id = ?1 AND m.until_ms IS NULL ORDER BY s.id";
    let rows = db.query(sql, values![user])?;
    let read = |row: &Row| {
        Ok(Readable {
            stream: row.text(0)?,
            role: row.text(1)?,
            head: row.natural(2)?,
            digest: row.text(3)?,
        })
    };
    rows.iter().map(read).collect()
}

pub(super) fn find_streams(db: &mut dyn Sql, study: &str) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT id FROM streams WHERE id = ?1
               UNION SELECT stream FROM registry_numbers WHERE number = ?2";
    let rows = db.query(sql, values![study, &study.to_ascii_uppercase()])?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// Sets a role; a membership that ended begins again.
pub(super) fn set_member(
    tx: &mut dyn Sql,
    stream: &str,
    user: &str,
    role: Role,
    now_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO members(stream, user_id, role, since_ms) VALUES(?1, ?2, ?3, ?4)
         ON CONFLICT(stream, user_id) DO UPDATE SET
           role = excluded.role, since_ms = excluded.since_ms, until_ms = NULL",
        values![stream, user, role.as_str(), now_ms],
    )?;
    Ok(())
}

pub(super) fn withdraw(
    tx: &mut dyn Sql,
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
            let n = tx.execute(sql, values![&user, now_ms])?;
            (n + end_all(tx, &user)?, "")
        }
        Withdrawal::Device(dev) => (withdraw_laptop(tx, &user, dev, now_ms)?, dev),
    };
    audit(tx, now_ms, "access.withdrawn", &user, about)?;
    Ok(n)
}

/// Withdraws a laptop by any identity that it ever had: what a device introduced is the same one,
/// and so is what introduced it, whose token it carries.
pub(super) fn withdraw_laptop(
    tx: &mut dyn Sql,
    user: &str,
    dev: &str,
    now_ms: i64,
) -> Result<u64, StoreError> {
    let sql = "UPDATE devices SET revoked_ms = ?3 WHERE user_id = ?1 AND revoked_ms IS NULL
               AND COALESCE(introduced_by, id) =
                 (SELECT COALESCE(introduced_by, id) FROM devices WHERE id = ?2)";
    tx.execute(sql, values![user, dev, now_ms])
}
