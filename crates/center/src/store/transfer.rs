//! Moves everything from the SQLite file into PostgreSQL, under the same ids and numbers: laptops
//! notice nothing.

use super::postgres::PostgresStore;
use super::sql::{Around, Engine, Sql, Values, values};
use super::sqlite::SqliteStore;
use super::{StoreError, rules};

/// How many rows are carried at a time; a row may hold a commit of 4 MiB.
const ROWS: i64 = 100;

/// A table: how its rows are counted, read in parts, and written.
struct Table {
    n_rows: &'static str,
    read: &'static str,
    write: &'static str,
}

macro_rules! table {
    ($name:literal, $columns:literal, $places:literal) => {
        Table {
            n_rows: concat!("SELECT count(*) FROM ", $name),
            read: concat!(
                "SELECT rowid, ",
                $columns,
                " FROM ",
                $name,
                " WHERE rowid > ?1 ORDER BY rowid LIMIT ?2"
            ),
            write: concat!(
                "INSERT INTO ",
                $name,
                "(",
                $columns,
                ") VALUES(",
                $places,
                ")"
            ),
        }
    };
}

/// Every table but `settings`, those first that others name. Sign-ins to the console end with the
/// move; programs say of themselves that they run.
const TABLES: [Table; 13] = [
    table!("users", "id, name, role, since_ms", "?1, ?2, ?3, ?4"),
    table!(
        "persons",
        "id, user_id, name, dev, challenge, sig, since_ms",
        "?1, ?2, ?3, ?4, ?5, ?6, ?7"
    ),
    table!(
        "devices",
        "id, user_id, public_key, token_hash, introduced_by, since_ms, revoked_ms, label, seen_ms, \
         app",
        "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10"
    ),
    table!(
        "codes",
        "handle, secret_hash, user_id, n_tries, challenge, expires_ms, used_by",
        "?1, ?2, ?3, ?4, ?5, ?6, ?7"
    ),
    table!(
        "streams",
        "id, next_sseq, digest, since_ms",
        "?1, ?2, ?3, ?4"
    ),
    table!(
        "members",
        "stream, user_id, role, since_ms, until_ms",
        "?1, ?2, ?3, ?4, ?5"
    ),
    table!(
        "commits",
        "stream, sseq, dev, seq, hash, lam, person, pushed_by, received_ms, status, digest, frame, \
         held_why",
        "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13"
    ),
    table!(
        "lines",
        "stream, dev, seq, hash, lam, lam_seen",
        "?1, ?2, ?3, ?4, ?5, ?6"
    ),
    table!("line_seen", "stream, dev, other, seq", "?1, ?2, ?3, ?4"),
    table!("acl_commits", "stream, seq, hash, frame", "?1, ?2, ?3, ?4"),
    table!(
        "reviews",
        "stream, hash, is_adopted, sseq",
        "?1, ?2, ?3, ?4"
    ),
    table!("registry_numbers", "number, stream", "?1, ?2"),
    // In order, under numbers that the new table gives.
    table!("audits", "at_ms, what, who, about", "?1, ?2, ?3, ?4"),
];

/// Copies the whole store; how many commits there were. Nobody can write to the old one meanwhile,
/// and nobody can use it afterwards.
///
/// # Errors
/// [`StoreError::Occupied`] when the new one holds anything; [`StoreError`]. Then nothing changed.
pub fn transfer(from: &SqliteStore, to: &PostgresStore, now_ms: i64) -> Result<u64, StoreError> {
    from.run(Around::Alone, |old| {
        // The work on the old side is not begun again, so its hands are lent to the new side.
        let old = std::cell::RefCell::new(old);
        let n = to.run(Around::Alone, |new| {
            copy(&mut **old.borrow_mut(), new, now_ms)
        })?;
        let sql = "INSERT INTO settings(key, value) VALUES('moved', 'yes')";
        old.borrow_mut().execute(sql, values![])?;
        Ok(n)
    })
}

fn copy(old: &mut dyn Sql, new: &mut dyn Sql, now_ms: i64) -> Result<u64, StoreError> {
    for table in &TABLES {
        if count(new, table)? > 0 {
            return Err(StoreError::Occupied);
        }
    }
    let mut n_commits = 0;
    for table in &TABLES {
        let mut after = 0;
        loop {
            let rows = old.query(table.read, values![after, ROWS])?;
            let Some(last) = rows.last() else { break };
            after = last.int(0)?;
            let rows: Vec<Values> = rows.into_iter().map(|mut row| row.0.split_off(1)).collect();
            new.execute_each(table.write, rows)?;
        }
        let n = count(new, table)?;
        if n != count(old, table)? {
            return Err(StoreError::Damaged("not every row was copied"));
        }
        if table.n_rows.ends_with(" commits") {
            n_commits = n;
        }
    }
    // The same life of the data goes on.
    let epoch = rules::setting(old, rules::EPOCH)?;
    rules::set_setting(
        new,
        rules::EPOCH,
        &epoch.ok_or(StoreError::Damaged("no epoch"))?,
    )?;
    if let Some(key) = rules::setting(old, rules::KEY)? {
        rules::set_setting(new, rules::KEY, &key)?;
    }
    rules::years::copy(old, new)?;
    rules::audit(new, now_ms, "store.moved", "operator", "")?;
    Ok(n_commits)
}

fn count(db: &mut dyn Sql, table: &Table) -> Result<u64, StoreError> {
    let row = db.row(table.n_rows, values![])?;
    row.ok_or(StoreError::Damaged("no count"))?.natural(0)
}
