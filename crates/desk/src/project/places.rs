//! Where an entity belongs, and whether it is shown.

use crate::store::places_of_ops::{self, OpPlace};
use crate::store::{heads, names};
use ledger::DELETED;
use model::EntityMark;
use rusqlite::{Connection, OptionalExtension, Result, params};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Most generations that are followed; a longer line is a circle.
const GENERATIONS_MAX: usize = 64;

/// An entity's place.
#[derive(Clone, Debug)]
pub(crate) struct PlaceRow {
    /// The entity.
    pub(crate) entity: i64,
    /// Its kind.
    pub(crate) kind: String,
    /// What it belongs to.
    pub(crate) parent: Option<i64>,
    /// Place among its siblings.
    pub(crate) ord: String,
    /// Whether it is shown, by itself.
    pub(crate) mark: EntityMark,
}

fn mark_of(number: i64) -> EntityMark {
    match number {
        1 => EntityMark::Archived,
        2 => EntityMark::EditedUnseen,
        _ => EntityMark::Live,
    }
}

fn read(row: &rusqlite::Row<'_>) -> Result<PlaceRow> {
    Ok(PlaceRow {
        entity: row.get(0)?,
        kind: row.get(1)?,
        parent: row.get(2)?,
        ord: row.get(3)?,
        mark: mark_of(row.get(4)?),
    })
}

/// The place of an entity.
pub(crate) fn of(conn: &Connection, entity: i64) -> Result<Option<PlaceRow>> {
    conn.prepare_cached("SELECT entity, kind, parent, ord, mark FROM places WHERE entity = ?1")?
        .query_row([entity], read)
        .optional()
}

/// The kind of an entity; empty when it was never written.
pub(crate) fn kind(conn: &Connection, entity: i64) -> Result<String> {
    Ok(of(conn, entity)?
        .map(|place| place.kind)
        .unwrap_or_default())
}

/// The places of a stream, in no particular order.
pub(crate) fn of_stream(conn: &Connection, stream: i64) -> Result<Vec<PlaceRow>> {
    conn.prepare_cached("SELECT entity, kind, parent, ord, mark FROM places WHERE stream = ?1")?
        .query_map([stream], read)?
        .collect()
}

/// The entities of a kind in a stream, in order.
pub(crate) fn of_kind(conn: &Connection, stream: i64, kind: &str) -> Result<Vec<PlaceRow>> {
    conn.prepare_cached(
        "SELECT p.entity, p.kind, p.parent, p.ord, p.mark
         FROM places p JOIN entities e ON e.id = p.entity
         WHERE p.stream = ?1 AND p.kind = ?2 ORDER BY p.ord, e.name",
    )?
    .query_map(params![stream, kind], read)?
    .collect()
}

/// The children of an entity, in order.
pub(crate) fn children(conn: &Connection, entity: i64) -> Result<Vec<PlaceRow>> {
    conn.prepare_cached(
        "SELECT p.entity, p.kind, p.parent, p.ord, p.mark
         FROM places p JOIN entities e ON e.id = p.entity
         WHERE p.parent = ?1 ORDER BY p.ord, e.name",
    )?
    .query_map([entity], read)?
    .collect()
}

/// An entity and everything below it.
pub(crate) fn tree(conn: &Connection, entity: i64) -> Result<Vec<i64>> {
    let mut found = vec![entity];
    let mut known = BTreeSet::from([entity]);
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        next += 1;
        for child in children(conn, parent)? {
            if known.insert(child.entity) {
                found.push(child.entity);
            }
        }
    }
    Ok(found)
}

/// Tells whether an entity is shown: neither it nor anything that it belongs to is archived.
pub(crate) fn is_shown(conn: &Connection, entity: i64) -> Result<bool> {
    let mut open = Some(entity);
    for _ in 0..GENERATIONS_MAX {
        let Some(place) = open.map(|entity| of(conn, entity)).transpose()?.flatten() else {
            return Ok(true);
        };
        if place.mark == EntityMark::Archived {
            return Ok(false);
        }
        open = place.parent;
    }
    Ok(true)
}

/// Whether a register says where its entity belongs.
pub(crate) fn rests_on(field: &str) -> bool {
    ["parent", "ord"].contains(&field)
}

/// Brings places and marks in step with the heads; `kinds` names the touched entities, `moved` those
/// of which a register that [`rests_on`] names was written. The kinds that they have now.
pub(crate) fn update(
    conn: &Connection,
    stream: i64,
    kinds: &BTreeMap<i64, String>,
    moved: &BTreeSet<i64>,
) -> Result<BTreeMap<i64, String>> {
    let mut to_mark = BTreeMap::new();
    let mut placed = BTreeMap::new();
    for (entity, kind) in kinds {
        let before = of(conn, *entity)?;
        let kind = before.as_ref().map_or(kind, |place| kind.min(&place.kind));
        placed.insert(*entity, kind.clone());
        let is_there = before.as_ref().is_some_and(|place| place.kind == *kind);
        if is_there && !moved.contains(entity) {
            add_line(conn, before, &mut to_mark)?;
            continue;
        }
        let parent = heads::shown(conn, *entity, "parent")?;
        let parent = match parent.get("$ref").and_then(Value::as_str) {
            Some(name) => Some(names::entity_or_new(conn, stream, name)?),
            None => None,
        };
        let ord = heads::shown_text(conn, *entity, "ord")?;
        conn.prepare_cached(
            "INSERT INTO places VALUES(?1, ?2, ?3, ?4, ?5, 0)
             ON CONFLICT DO UPDATE SET kind = excluded.kind, parent = excluded.parent,
                 ord = excluded.ord",
        )?
        .execute(params![entity, stream, kind, parent, ord])?;
        add_line(conn, of(conn, *entity)?, &mut to_mark)?;
        let old = before.and_then(|place| place.parent);
        let old = old.map(|parent| of(conn, parent)).transpose()?.flatten();
        add_line(conn, old, &mut to_mark)?;
    }
    for (entity, before) in to_mark {
        let mark = find_mark(conn, entity)?;
        if mark != before {
            conn.prepare_cached("UPDATE places SET mark = ?2 WHERE entity = ?1")?
                .execute(params![entity, mark as i64])?;
        }
    }
    Ok(placed)
}

/// Adds an entity and everything that it belongs to, with their marks.
fn add_line(
    conn: &Connection,
    first: Option<PlaceRow>,
    found: &mut BTreeMap<i64, EntityMark>,
) -> Result<()> {
    let mut open = first;
    while let Some(place) = open {
        if found.insert(place.entity, place.mark).is_some() {
            break;
        }
        let parent = place.parent.filter(|parent| !found.contains_key(parent));
        open = parent.map(|parent| of(conn, parent)).transpose()?.flatten();
    }
    Ok(())
}

/// Says whether an entity is shown; the same answer as [`ledger::State::entity`].
fn find_mark(conn: &Connection, entity: i64) -> Result<EntityMark> {
    if standing_deletions(conn, entity)?.is_empty() {
        return Ok(EntityMark::Live);
    }
    let mut seen: BTreeSet<OpPlace> = BTreeSet::new();
    let mut open = Vec::new();
    for part in tree(conn, entity)? {
        let deletions = standing_deletions(conn, part)?;
        for place in &deletions {
            seen.extend(what_it_saw(conn, *place)?);
        }
        let others = heads::of_entity(conn, part)?
            .into_iter()
            .map(|(_, place)| place);
        open.extend(others.filter(|place| !deletions.contains(place)));
    }
    let is_all_seen = open.iter().all(|place| seen.contains(place));
    Ok(if is_all_seen {
        EntityMark::Archived
    } else {
        EntityMark::EditedUnseen
    })
}

fn standing_deletions(conn: &Connection, entity: i64) -> Result<Vec<OpPlace>> {
    let heads = heads::of_field(conn, entity, DELETED)?;
    Ok(heads
        .into_iter()
        .filter(|head| head.cmp == "true")
        .map(|head| head.place)
        .collect())
}

fn what_it_saw(conn: &Connection, place: OpPlace) -> Result<Vec<OpPlace>> {
    let text: String = conn
        .prepare_cached("SELECT saw FROM ops WHERE commit_id = ?1 AND idx = ?2")?
        .query_row(params![place.commit, place.idx], |row| row.get(0))?;
    Ok(places_of_ops::from_text(&text))
}
