//! Everything derived, dropped and made again from the stored commits.

use crate::project;
use crate::search;
use crate::store::append::{self, Touched};
use crate::store::{Standing, names, tips};
use ledger::{Commit, Hash};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result, params};
use sha2::{Digest, Sha256};

/// Tables that hold nothing but what follows from the commits, with their keys.
const DERIVED: [(&str, &str); 9] = [
    ("tips", "stream, device"),
    ("seen", "stream, device, other"),
    ("heads", "entity, field, commit_id, idx"),
    ("import_base", "entity, field, commit_id, idx"),
    ("places", "entity"),
    ("conflicts", "entity, field"),
    ("numbers", "stream, field, number"),
    ("study_rows", "stream"),
    ("plan_rows", "entity, what"),
];

/// Drops everything derived and makes it again.
///
/// Invariant: the caller's transaction holds all of it.
pub(crate) fn rebuild(conn: &Connection) -> Result<()> {
    for (table, _) in DERIVED {
        conn.execute(&format!("DELETE FROM {table}"), [])?;
    }
    search::clear(conn)?;
    for (stream, _) in names::streams(conn)? {
        rebuild_stream(conn, stream)?;
    }
    Ok(())
}

fn rebuild_stream(conn: &Connection, stream: i64) -> Result<()> {
    let mut touched = Touched {
        stream,
        ..Touched::default()
    };
    let mut statement = conn.prepare(
        "SELECT id, device, hash, status, bytes FROM commits
         WHERE stream = ?1 AND status <> 3 ORDER BY id",
    )?;
    let mut rows = statement.query([stream])?;
    while let Some(row) = rows.next()? {
        let (id, device, status): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let (hash, bytes): (String, Vec<u8>) = (row.get(2)?, row.get(4)?);
        // What cannot be read any more is found and named by `verify`.
        if let (Ok(commit), Some(hash)) = (Commit::parse(&bytes), Hash::parse(&hash)) {
            tips::admit(conn, stream, device, &commit, &hash)?;
        }
        if status == Standing::Counts as i64 {
            append::move_heads(conn, id, &mut touched)?;
        }
    }
    project::project(conn, &mut touched)
}

/// Makes one stream's part again. What was known of commits that are not here is kept: it is how
/// their absence is noticed.
pub(crate) fn redo_stream(conn: &Connection, stream: i64) -> Result<()> {
    let tips: Vec<(i64, i64, String, i64, i64)> = conn
        .prepare("SELECT device, seq, hash, lam, lam_seen FROM tips WHERE stream = ?1")?
        .query_map([stream], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })?
        .collect::<Result<_>>()?;
    let seen: Vec<(i64, i64, i64)> = conn
        .prepare("SELECT device, other, seq FROM seen WHERE stream = ?1")?
        .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_>>()?;
    redo_stream_anew(conn, stream)?;
    for (device, seq, hash, lam, lam_seen) in tips {
        conn.prepare_cached(
            "INSERT INTO tips VALUES(?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET seq = excluded.seq, hash = excluded.hash,
                 lam = excluded.lam, lam_seen = excluded.lam_seen WHERE excluded.seq > seq",
        )?
        .execute(params![stream, device, seq, hash, lam, lam_seen])?;
    }
    for (device, other, seq) in seen {
        conn.prepare_cached(
            "INSERT INTO seen VALUES(?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)",
        )?
        .execute(params![stream, device, other, seq])?;
    }
    Ok(())
}

/// Makes one stream's part again from the commits that are here and not put aside, and from nothing
/// else.
pub(crate) fn redo_stream_anew(conn: &Connection, stream: i64) -> Result<()> {
    for table in ["heads", "import_base", "conflicts"] {
        conn.execute(
            &format!(
                "DELETE FROM {table} WHERE entity IN (SELECT id FROM entities WHERE stream = ?1)"
            ),
            [stream],
        )?;
    }
    for table in [
        "tips",
        "seen",
        "places",
        "numbers",
        "study_rows",
        "plan_rows",
    ] {
        conn.execute(&format!("DELETE FROM {table} WHERE stream = ?1"), [stream])?;
    }
    search::clear_stream(conn, stream)?;
    rebuild_stream(conn, stream)
}

/// A hash over the content of everything derived.
pub(crate) fn content_hash(conn: &Connection) -> Result<String> {
    let mut hasher = Sha256::new();
    for (table, key) in DERIVED {
        hasher.update(table.as_bytes());
        hash_rows(
            conn,
            &format!("SELECT * FROM {table} ORDER BY {key}"),
            &mut hasher,
        )?;
    }
    search::hash_words(conn, &mut hasher)?;
    Ok(data_encoding::HEXLOWER.encode(&hasher.finalize()))
}

/// Adds every cell that a query gives, with its type and length.
pub(crate) fn hash_rows(conn: &Connection, sql: &str, hasher: &mut Sha256) -> Result<()> {
    let mut statement = conn.prepare(sql)?;
    let n_columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..n_columns {
            let (tag, bytes) = match row.get_ref(column)? {
                ValueRef::Null => (0_u8, Vec::new()),
                ValueRef::Integer(n) => (1, n.to_be_bytes().to_vec()),
                ValueRef::Real(x) => (2, x.to_be_bytes().to_vec()),
                ValueRef::Text(text) => (3, text.to_vec()),
                ValueRef::Blob(blob) => (4, blob.to_vec()),
            };
            hasher.update([tag]);
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(&bytes);
        }
    }
    Ok(())
}
