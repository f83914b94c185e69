//! The steps that make and renew the vault's tables: numbered, append-only, all or nothing.

use rusqlite::{Connection, Transaction, TransactionBehavior};

/// The steps, oldest first; `migrations/migrations.lock` pins what they say.
const STEPS: &[(&str, &str)] = &[
    (
        "0001_create_ledger.sql",
        include_str!("../migrations/0001_create_ledger.sql"),
    ),
    (
        "0002_keep_receipts.sql",
        include_str!("../migrations/0002_keep_receipts.sql"),
    ),
    (
        "0003_create_plans.sql",
        include_str!("../migrations/0003_create_plans.sql"),
    ),
    (
        "0004_find_put_aside.sql",
        include_str!("../migrations/0004_find_put_aside.sql"),
    ),
    (
        "0005_index_numbers.sql",
        include_str!("../migrations/0005_index_numbers.sql"),
    ),
];

/// Why the tables could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// A newer program made or renewed this vault.
    #[error("the vault has schema {found}, this program knows up to {known}")]
    Newer {
        /// The vault's schema.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// A step failed; nothing of it is stored.
    #[error("the vault's tables could not be made ready")]
    Storage(#[from] rusqlite::Error),
}

/// Brings the tables to the newest form that this program knows; tells whether an older program had
/// made them.
///
/// # Errors
/// [`SchemaError`]; the vault is then as it was before.
pub(crate) fn migrate(conn: &mut Connection) -> Result<bool, SchemaError> {
    let known = STEPS.len() as i64;
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(SchemaError::Newer { found, known });
    }
    if found == known {
        return Ok(false);
    }
    let tx = Transaction::new(conn, TransactionBehavior::Immediate)?;
    for (_, sql) in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        tx.execute_batch(sql)?;
    }
    tx.pragma_update(None, "user_version", known)?;
    tx.commit()?;
    Ok(found > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::Hash;

    #[test]
    fn f71_no_step_was_edited_after_it_was_pinned() {
        let lock = include_str!("../migrations/migrations.lock");
        let now: String = STEPS
            .iter()
            .map(|(name, sql)| format!("{name}\t{}\n", Hash::of(sql.as_bytes())))
            .collect();
        assert_eq!(now, lock);
    }

    #[test]
    fn f69_a_newer_vault_is_refused_and_left_alone() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.pragma_update(None, "user_version", 99).unwrap();
        let answer = migrate(&mut conn);
        assert!(matches!(
            answer,
            Err(SchemaError::Newer {
                found: 99,
                known: 5
            })
        ));
        let n: i64 = conn
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .unwrap();
        assert_eq!(n, 0);
    }

    #[test]
    fn f70_a_vault_of_every_older_schema_is_renewed() {
        for n in 0..STEPS.len() {
            let mut conn = Connection::open_in_memory().unwrap();
            for (_, sql) in &STEPS[..n] {
                conn.execute_batch(sql).unwrap();
            }
            conn.pragma_update(None, "user_version", n as i64).unwrap();
            assert_eq!(migrate(&mut conn).unwrap(), n > 0);
            conn.prepare("SELECT receipt FROM commits").unwrap();
            conn.prepare("SELECT due FROM plan_rows").unwrap();
            for index in ["commits_sseq", "commits_held"] {
                let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = ?1";
                let n: i64 = conn.query_row(sql, [index], |row| row.get(0)).unwrap();
                assert_eq!(n, 1, "{index}");
            }
        }
    }

    #[test]
    fn migrating_twice_is_migrating_once() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn).unwrap();
        migrate(&mut conn).unwrap();
    }
}
