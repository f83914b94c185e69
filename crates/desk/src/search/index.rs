//! The index of words: one row per text register, all its standing values.

use crate::project::rebuild;
use crate::search::words;
use crate::store::heads;
use model::field::{self, Input};
use rusqlite::{Connection, OptionalExtension, Result, params};
use serde_json::Value;
use sha2::Sha256;

/// Tells whether a register is searched: lines, texts and lists that a person reads.
pub(crate) fn is_searched(kind: &str, register: &str) -> bool {
    // A directory has its own filter; ten thousand contacts would crowd the studies out.
    let is_study = !model::kind::OF_DIRECTORY.contains(&kind);
    is_study
        && field::of_register(kind, register).is_some_and(|field| {
            matches!(
                field.input,
                Input::Line | Input::Text | Input::Rich | Input::List
            ) && field.name != "key"
        })
}

/// The text of a value; lists one entry per line.
pub(crate) fn text_of(value: &Value) -> String {
    let text = model::rich::plain(value);
    if !text.is_empty() {
        return text.to_owned();
    }
    let items = value.get("list").and_then(Value::as_array);
    let texts = items.into_iter().flatten().filter_map(Value::as_str);
    texts.collect::<Vec<_>>().join("\n")
}

/// The text of every standing value of a register, the displayed one first.
pub(crate) fn text_of_field(conn: &Connection, entity: i64, field: &str) -> Result<String> {
    let heads = heads::of_field(conn, entity, field)?;
    let mut texts: Vec<String> = Vec::new();
    for head in heads {
        let text = text_of(&head.value());
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    }
    Ok(texts.join("\n"))
}

/// Brings a register's words in step with its heads.
pub(crate) fn update(conn: &Connection, entity: i64, kind: &str, field: &str) -> Result<()> {
    if !is_searched(kind, field) {
        return Ok(());
    }
    let known: Option<i64> = conn
        .prepare_cached("SELECT id FROM search_rows WHERE entity = ?1 AND field = ?2")?
        .query_row(params![entity, field], |row| row.get(0))
        .optional()?;
    let text = words::for_index(&text_of_field(conn, entity, field)?);
    if let Some(id) = known {
        conn.prepare_cached("DELETE FROM search_index WHERE rowid = ?1")?
            .execute([id])?;
    }
    if text.is_empty() {
        return Ok(());
    }
    let id = match known {
        Some(id) => id,
        None => {
            conn.prepare_cached("INSERT INTO search_rows(entity, field) VALUES(?1, ?2)")?
                .execute(params![entity, field])?;
            conn.last_insert_rowid()
        }
    };
    conn.prepare_cached("INSERT INTO search_index(rowid, words) VALUES(?1, ?2)")?
        .execute(params![id, text])?;
    Ok(())
}

/// Forgets all words.
pub(crate) fn clear(conn: &Connection) -> Result<()> {
    conn.execute(
        "INSERT INTO search_index(search_index) VALUES('delete-all')",
        [],
    )?;
    Ok(())
}

/// Forgets the words of one stream.
pub(crate) fn clear_stream(conn: &Connection, stream: i64) -> Result<()> {
    conn.execute(
        "DELETE FROM search_index WHERE rowid IN (SELECT s.id FROM search_rows s
             JOIN entities e ON e.id = s.entity WHERE e.stream = ?1)",
        [stream],
    )?;
    Ok(())
}

/// Adds every word with its place to a hash.
pub(crate) fn hash_words(conn: &Connection, hasher: &mut Sha256) -> Result<()> {
    conn.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words
             USING fts5vocab('main', 'search_index', 'instance')",
    )?;
    // The index gives them by word, row and place; the numbers of rows outlive a rebuild.
    let sql = "SELECT term, doc, offset FROM temp.search_words";
    rebuild::hash_rows(conn, sql, hasher)
}
