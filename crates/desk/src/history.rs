//! Who changed what, when, why, from which value to which.

use crate::desk::{Desk, stream_of};
use crate::edit::find;
use crate::error::DeskError;
use crate::findings;
use crate::store::places_of_ops::{self as places, OpPlace};
use crate::store::{heads, names, people};
use model::row::HistoryEntry;
use model::{EntityId, StudyId};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

/// Whose history is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryScope {
    /// Everything in the vault.
    All,
    /// One study.
    Study(StudyId),
    /// One entity.
    Entity(StudyId, EntityId),
    /// One register.
    Field(StudyId, EntityId, String),
}

/// One operation with its commit, as it is read.
struct Row {
    place: OpPlace,
    stream: i64,
    entity: i64,
    kind: String,
    field: String,
    cmp: String,
    preds: String,
    device: String,
    seq: i64,
    person: String,
    at: String,
    tz_minutes: i32,
    received_at: Option<String>,
    why_code: Option<String>,
    source: Option<String>,
}

impl Desk {
    /// The changes, newest first in the order of arrival, which no clock decides.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn history(
        &self,
        scope: &HistoryScope,
        limit: usize,
        skip: usize,
    ) -> Result<Vec<HistoryEntry>, DeskError> {
        let conn = &self.opened.conn;
        let (stream, entity, field) = match scope {
            HistoryScope::All => (None, None, None),
            HistoryScope::Study(study) => (Some(stream_of(conn, study)?), None, None),
            HistoryScope::Entity(study, entity) => {
                let target = find(conn, study, entity)?;
                (Some(target.stream), Some(target.entity), None)
            }
            HistoryScope::Field(study, entity, field) => {
                let target = find(conn, study, entity)?;
                (
                    Some(target.stream),
                    Some(target.entity),
                    Some(field.as_str()),
                )
            }
        };
        let rows = read(conn, (stream, entity, field), limit, skip)?;
        let mut people = people::Names::default();
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            entries.extend(to_entry(conn, row, &mut people)?);
        }
        Ok(entries)
    }

    /// What was written into a register, the oldest first; also of one that nobody reads, whole.
    pub(crate) fn written(
        &self,
        study: &StudyId,
        entity: &EntityId,
        field: &str,
    ) -> Result<Vec<HistoryEntry>, DeskError> {
        let conn = &self.opened.conn;
        let target = find(conn, study, entity)?;
        let scope = (Some(target.stream), Some(target.entity), Some(field));
        let mut people = people::Names::default();
        let mut entries = Vec::new();
        for row in read(conn, scope, usize::MAX, 0)?.into_iter().rev() {
            let to = heads::value_of(&row.cmp);
            let entry = to_entry(conn, row, &mut people)?;
            entries.extend(entry.map(|entry| HistoryEntry { to, ..entry }));
        }
        Ok(entries)
    }
}

type Scope<'a> = (Option<i64>, Option<i64>, Option<&'a str>);

fn read(
    conn: &Connection,
    (stream, entity, field): Scope<'_>,
    limit: usize,
    skip: usize,
) -> Result<Vec<Row>, rusqlite::Error> {
    // Where an entity is asked for, its own index leads; else the order of arrival.
    let from = if entity.is_some() {
        "ops o JOIN commits c ON c.id = o.commit_id"
    } else {
        "commits c CROSS JOIN ops o ON o.commit_id = c.id"
    };
    let sql = format!(
        "SELECT o.commit_id, o.idx, c.stream, o.entity, o.kind, o.field,
             coalesce(o.value, p.value, o.hidden), o.preds, d.name, c.seq, c.person, c.at,
             c.tz_minutes, c.received_at, c.why_code, c.source
         FROM {from} JOIN devices d ON d.id = c.device
         LEFT JOIN payloads p ON p.commit_id = o.commit_id AND p.idx = o.idx
         WHERE c.status = 1 AND (?1 IS NULL OR c.stream = ?1) AND (?2 IS NULL OR o.entity = ?2)
             AND (o.field = ?3 OR (?3 IS NULL AND o.kind NOT IN ('person', 'review')
                  AND o.field NOT IN ('parent', 'ord', 'importKey', 'manifest')))
         ORDER BY c.id DESC, o.idx LIMIT ?4 OFFSET ?5"
    );
    let bounds = (
        i64::try_from(limit).unwrap_or(i64::MAX),
        i64::try_from(skip).unwrap_or(0),
    );
    conn.prepare_cached(&sql)?
        .query_map(params![stream, entity, field, bounds.0, bounds.1], |row| {
            Ok(Row {
                place: OpPlace {
                    commit: row.get(0)?,
                    idx: row.get(1)?,
                },
                stream: row.get(2)?,
                entity: row.get(3)?,
                kind: row.get(4)?,
                field: row.get(5)?,
                cmp: row.get(6)?,
                preds: row.get(7)?,
                device: row.get(8)?,
                seq: row.get(9)?,
                person: row.get(10)?,
                at: row.get(11)?,
                tz_minutes: row.get(12)?,
                received_at: row.get(13)?,
                why_code: row.get(14)?,
                source: row.get(15)?,
            })
        })?
        .collect()
}

fn to_entry(
    conn: &Connection,
    row: Row,
    people: &mut people::Names,
) -> Result<Option<HistoryEntry>, DeskError> {
    let study = StudyId::parse(&names::stream_name(conn, row.stream)?);
    let entity = EntityId::parse(&names::entity_name(conn, row.entity)?);
    let (Some(study), Some(entity)) = (study, entity) else {
        return Ok(None);
    };
    let mut from = Vec::new();
    let readable = |value| readable(&row.kind, &row.field, value);
    for pred in places::from_text(&row.preds) {
        from.push(readable(value_at(conn, pred)?));
    }
    let to = readable(heads::value_of(&row.cmp));
    Ok(Some(HistoryEntry {
        op: format!("{}:{}:{}", row.device, row.seq, row.place.idx),
        commit: format!("{}:{}", row.device, row.seq),
        study,
        entity,
        entity_name: findings::both_names(conn, row.entity, &row.kind)?,
        place: findings::place(conn, row.entity)?,
        kind: row.kind,
        field: row.field,
        from,
        to,
        redacted: heads::is_redacted(&row.cmp),
        by: people::person_id(&row.person),
        by_name: people.of(conn, row.stream, &row.person)?,
        device: people::short_device(&row.device),
        at: row.at,
        tz_minutes: row.tz_minutes,
        received_at: row.received_at,
        why_code: row.why_code,
        why_text: why_text(conn, row.place.commit)?,
        source: row.source,
    }))
}

/// What nobody reads, a picture's bytes or what an importer kept, is cut.
fn readable(kind: &str, field: &str, value: Value) -> Value {
    let is_kept = model::field::of_register(kind, field)
        .is_some_and(|field| field.input == model::field::Input::Residue);
    match value {
        Value::String(text) if is_kept => findings::shortened(&text).into(),
        Value::Object(_) if is_kept => Value::Null,
        value => value,
    }
}

fn value_at(conn: &Connection, place: OpPlace) -> Result<Value, rusqlite::Error> {
    let cmp: String = conn
        .prepare_cached(
            "SELECT coalesce(o.value, p.value, o.hidden) FROM ops o
             LEFT JOIN payloads p ON p.commit_id = o.commit_id AND p.idx = o.idx
             WHERE o.commit_id = ?1 AND o.idx = ?2",
        )?
        .query_row(params![place.commit, place.idx], |row| row.get(0))?;
    Ok(heads::value_of(&cmp))
}

fn why_text(conn: &Connection, commit: i64) -> Result<Option<String>, rusqlite::Error> {
    let text: Option<String> = conn
        .prepare_cached("SELECT value FROM payloads WHERE commit_id = ?1 AND idx = -1")?
        .query_row([commit], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
