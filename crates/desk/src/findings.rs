//! What wants a person's decision: fields in conflict, and studies that are there twice.

use crate::desk::Desk;
use crate::directory::directories;
use crate::error::DeskError;
use crate::project::{conflicts, numbers, places, study_rows};
use crate::store::{doc, heads, names};
use model::reference::Bilingual;
use model::row::{ConflictRow, Finding, StudyRow};
use model::{EntityId, Lang, StudyId, kind};
use rusqlite::Connection;

impl Desk {
    /// Every field in conflict, by study and path; those of the directory last.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn conflicts(&self) -> Result<Vec<ConflictRow>, DeskError> {
        let conn = &self.opened.conn;
        let mut rows = Vec::new();
        for (stream, _) in names::streams(conn)? {
            let Some(study) = study_rows::of(conn, stream)?.filter(|row| row.joined.is_none())
            else {
                continue;
            };
            for (entity, field) in conflicts::of_stream(conn, stream)? {
                rows.extend(conflict_row(
                    conn,
                    stream,
                    (&study.id, title(&study)),
                    entity,
                    field,
                )?);
            }
        }
        rows.sort_by(|a, b| (&a.study, &a.path).cmp(&(&b.study, &b.path)));
        rows.extend(self.directory_conflicts()?);
        Ok(rows)
    }

    /// How many fields are in conflict.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn n_conflicts(&self) -> Result<u64, DeskError> {
        let conn = &self.opened.conn;
        let mut n = 0;
        for (stream, _) in names::streams(conn)? {
            let row = study_rows::of(conn, stream)?.filter(|row| row.joined.is_none());
            n += row.map_or(0, |row| u64::from(row.n_conflicts));
        }
        for (stream, _) in directories(conn)? {
            n += conflicts::of_stream(conn, stream)?.len() as u64;
        }
        Ok(n)
    }

    /// What somebody put aside who had not seen a change of it: whether it stays is not decided.
    /// Study, path and name of each.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn put_aside_unseen(&self) -> Result<Vec<(StudyId, String, String)>, DeskError> {
        let conn = &self.opened.conn;
        let mut found = Vec::new();
        for (stream, _) in names::streams(conn)? {
            let Some(study) = study_rows::of(conn, stream)?.filter(|row| row.joined.is_none())
            else {
                continue;
            };
            let rows: Vec<(i64, String)> = conn
                .prepare_cached(
                    "SELECT entity, kind FROM places WHERE stream = ?1 AND mark = 2 ORDER BY entity",
                )?
                .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            for (entity, kind) in rows {
                let id = names::entity_name(conn, entity)?;
                let name = entity_name(conn, entity, &kind)?;
                found.push((study.id.clone(), format!("{kind}/{id}"), name));
            }
        }
        Ok(found)
    }

    /// What wants a decision and is no conflict of one field.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn findings(&self) -> Result<Vec<Finding>, DeskError> {
        let conn = &self.opened.conn;
        let mut doubled: Vec<(String, String)> = conn
            .prepare_cached(
                "SELECT field, number FROM numbers GROUP BY field, number HAVING count(*) > 1
                 ORDER BY number",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        doubled.retain(|(field, _)| numbers::REGISTRIES.contains(&field.as_str()));
        let mut found = Vec::new();
        for (field, number) in doubled {
            let mut rows = Vec::new();
            for stream in numbers::find(conn, &number, Some(&field))? {
                rows.extend(study_rows::of(conn, stream)?.filter(|row| row.joined.is_none()));
            }
            if rows.len() > 1 {
                found.push(Finding::SameNumber {
                    number,
                    titles: rows.iter().map(|row| title(row).to_owned()).collect(),
                    studies: rows.into_iter().map(|row| row.id).collect(),
                });
            }
        }
        Ok(found)
    }
}

/// A study's title: Chinese or else English.
pub(crate) fn title(row: &StudyRow) -> &str {
    if row.title_zh.is_empty() {
        &row.title_en
    } else {
        &row.title_zh
    }
}

/// Registers that name an entity, the best first.
pub(crate) const NAMES: [&str; 15] = [
    "name.zh",
    "name.en",
    "facility.zh",
    "facility.en",
    "title.zh",
    "title.en",
    "label.zh",
    "label.en",
    "measure.zh",
    "measure.en",
    "label",
    "id",
    "citation",
    "text.zh",
    "text.en",
];

/// What to call an entity: its name or title in Chinese or else English; empty for the study.
pub(crate) fn entity_name(
    conn: &Connection,
    entity: i64,
    kind: &str,
) -> Result<String, rusqlite::Error> {
    if kind == kind::STUDY {
        return Ok(String::new());
    }
    for field in NAMES {
        let text = heads::shown_text(conn, entity, field)?;
        if !text.is_empty() {
            return Ok(shortened(&text));
        }
    }
    Ok(String::new())
}

/// What to call an entity in each language; the other language's name where one lacks it.
pub(crate) fn both_names(
    conn: &Connection,
    entity: i64,
    kind: &str,
) -> Result<Bilingual, rusqlite::Error> {
    let zh = entity_name(conn, entity, kind)?;
    if zh.is_empty() {
        return Ok(Bilingual::default());
    }
    for field in NAMES.iter().filter_map(|field| field.strip_suffix(".zh")) {
        let text = heads::shown_text(conn, entity, &format!("{field}.en"))?;
        let is_first = !heads::shown_text(conn, entity, &format!("{field}.zh"))?.is_empty();
        if !text.is_empty() {
            let en = shortened(&text);
            return Ok(Bilingual { zh, en });
        }
        if is_first {
            break;
        }
    }
    Ok(Bilingual { en: zh.clone(), zh })
}

/// What an entity lies in, from the outermost, without the study.
pub(crate) fn place(conn: &Connection, entity: i64) -> Result<Bilingual, rusqlite::Error> {
    let mut names: Vec<Bilingual> = Vec::new();
    let mut above = places::of(conn, entity)?.and_then(|place| place.parent);
    while let Some(parent) = above {
        let name = both_names(conn, parent, &places::kind(conn, parent)?)?;
        names.extend(Some(name).filter(|name| !name.zh.is_empty()));
        above = places::of(conn, parent)?.and_then(|place| place.parent);
    }
    names.reverse();
    let joined = |lang| {
        let names: Vec<&str> = names.iter().map(|name| name.text(lang)).collect();
        names.join(" · ")
    };
    Ok(Bilingual {
        zh: joined(Lang::Zh),
        en: joined(Lang::En),
    })
}

/// A register that stands in conflict, as it is listed.
pub(crate) fn conflict_row(
    conn: &Connection,
    stream: i64,
    (study, title): (&StudyId, &str),
    entity: i64,
    field: String,
) -> Result<Option<ConflictRow>, DeskError> {
    let kind = places::kind(conn, entity)?;
    let register = doc::register(conn, stream, entity, &field)?;
    let id = EntityId::parse(&names::entity_name(conn, entity)?);
    let (Some(register), Some(id)) = (register, id) else {
        return Ok(None);
    };
    Ok(Some(ConflictRow {
        study: study.clone(),
        title: title.to_owned(),
        path: path(&kind, &id, &field),
        entity_name: both_names(conn, entity, &kind)?,
        place: place(conn, entity)?,
        entity: id,
        kind,
        field,
        heads: register.heads,
    }))
}

/// The path of a register as the command line and `study show` write it.
pub(crate) fn path(kind: &str, entity: &EntityId, field: &str) -> String {
    if kind == kind::STUDY {
        field.to_owned()
    } else {
        format!("{kind}/{entity}/{field}")
    }
}

/// The first line, cut where it is long.
pub(crate) fn shortened(text: &str) -> String {
    const CHARS_MAX: usize = 80;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= CHARS_MAX {
        return line.to_owned();
    }
    let mut short: String = line.chars().take(CHARS_MAX).collect();
    short.push('…');
    short
}
