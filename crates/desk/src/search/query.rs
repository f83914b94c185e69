//! From what a person types to what she finds.

use crate::error::DeskError;
use crate::project::{places, study_rows};
use crate::search::words::{self, Part};
use crate::search::{excerpt, index};
use crate::store::names;
use model::row::SearchHit;
use model::{EntityId, kind};
use rusqlite::{Connection, params};
use std::collections::HashMap;

/// Rows that are ranked for a short list: names and numbers of studies come first among them.
const RANKED_MIN: usize = 2_000;

/// What FTS5 is asked; `None` when nothing can be looked for.
///
/// Every part must be there: a Chinese run as its pairs in a row, a single character and a word as
/// beginnings.
pub(crate) fn to_match(query: &str) -> Option<String> {
    let mut terms = Vec::new();
    for part in words::parts(&words::fold(query)) {
        match part {
            Part::Cjk(run) if run.chars().count() == 1 => terms.push(format!("\"{run}\"*")),
            Part::Cjk(run) => terms.push(format!("\"{}\"", words::pairs(&run).join(" "))),
            Part::Word(word) if word.chars().any(char::is_alphanumeric) => {
                terms.push(format!("\"{}\"*", word.replace('"', " ")));
            }
            // Punctuation alone is not in the index.
            Part::Word(_) => {}
        }
    }
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

/// Finds text registers, the best first: names and numbers of studies, then by rank.
pub(crate) fn search(
    conn: &Connection,
    query: &str,
    limit: usize,
) -> Result<Vec<SearchHit>, DeskError> {
    let Some(wanted) = to_match(query) else {
        return Ok(Vec::new());
    };
    let mut found = rank(conn, &wanted, limit.max(RANKED_MIN))?;
    found.sort_by_key(|row| !is_name(row));
    let mut rows = HashMap::new();
    let mut hits = Vec::new();
    for row in found {
        if hits.len() >= limit {
            break;
        }
        let study = match rows.entry(row.stream) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => {
                new.insert(study_rows::of(conn, row.stream)?)
            }
        };
        let Some(study) = study.as_ref().filter(|study| study.joined.is_none()) else {
            continue;
        };
        if !places::is_shown(conn, row.entity)? {
            continue;
        }
        let name = names::entity_name(conn, row.entity)?;
        let Some(entity) = EntityId::parse(&name) else {
            continue;
        };
        let text = index::text_of_field(conn, row.entity, &row.field)?;
        let (excerpt, marks) = excerpt::around(&text, query);
        let title = if study.title_zh.is_empty() {
            &study.title_en
        } else {
            &study.title_zh
        };
        hits.push(SearchHit {
            study: study.id.clone(),
            title: title.clone(),
            number: study.number.clone(),
            entity,
            kind: row.kind,
            field: row.field,
            excerpt,
            marks,
        });
    }
    Ok(hits)
}

struct Found {
    entity: i64,
    field: String,
    stream: i64,
    kind: String,
}

fn is_name(row: &Found) -> bool {
    row.kind == kind::STUDY
        && ["title", "acronym", "number", "registry"]
            .iter()
            .any(|name| row.field.split('.').next() == Some(name))
}

fn rank(conn: &Connection, wanted: &str, n_max: usize) -> Result<Vec<Found>, rusqlite::Error> {
    conn.prepare_cached(
        "SELECT s.entity, s.field, p.stream, p.kind
         FROM (SELECT rowid AS id, rank AS place FROM search_index
               WHERE search_index MATCH ?1 ORDER BY rank LIMIT ?2) f
         JOIN search_rows s ON s.id = f.id JOIN places p ON p.entity = s.entity
         ORDER BY f.place, f.id",
    )?
    .query_map(
        params![wanted, i64::try_from(n_max).unwrap_or(i64::MAX)],
        |row| {
            Ok(Found {
                entity: row.get(0)?,
                field: row.get(1)?,
                stream: row.get(2)?,
                kind: row.get(3)?,
            })
        },
    )?
    .collect()
}
