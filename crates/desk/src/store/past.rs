//! A study as it was when only some commits of it were known.
//!
//! The same answer as the tables of heads and places gave then; what was redacted or quarantined
//! since stays so.

use crate::error::DeskError;
use crate::project::places::PlaceRow;
use crate::store::doc::{self, Held};
use crate::store::places_of_ops::{self as places_of, OpPlace};
use crate::store::{Standing, heads, names};
use ledger::{Commit, DELETED};
use model::{EntityMark, StudyDoc, StudyId};
use rusqlite::{Connection, OptionalExtension, Result, params};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How many commits of each device are known, by the device's number here.
pub(crate) type Seen = BTreeMap<i64, i64>;

/// What is known of a stream now: devices by name.
pub(crate) fn now(conn: &Connection, stream: i64) -> Result<Vec<(String, u64)>> {
    conn.prepare_cached(
        "SELECT d.name, t.seq FROM tips t JOIN devices d ON d.id = t.device
         WHERE t.stream = ?1 ORDER BY d.name",
    )?
    .query_map([stream], |row| {
        let seq: i64 = row.get(1)?;
        Ok((row.get(0)?, u64::try_from(seq).unwrap_or(0)))
    })?
    .collect()
}

/// Finds devices by the beginning of their names; `None` when one of the commits is not here.
pub(crate) fn of_names(
    conn: &Connection,
    stream: i64,
    wanted: &[(String, u64)],
) -> Result<Option<Seen>> {
    let mut seen = Seen::new();
    for (name, n) in wanted {
        let tip: Option<(i64, i64)> = conn
            .prepare_cached(
                "SELECT t.device, t.seq FROM tips t JOIN devices d ON d.id = t.device
                 WHERE t.stream = ?1 AND substr(d.name, 1, ?3) = ?2",
            )?
            .query_row(params![stream, name, name.len() as i64], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let n = i64::try_from(*n).unwrap_or(i64::MAX);
        match tip {
            Some((device, tip)) if n <= tip => seen.insert(device, n),
            _ => return Ok(None),
        };
    }
    Ok(Some(seen))
}

/// What a device knew when it had made a commit, with that commit.
pub(crate) fn of_commit(conn: &Connection, commit: i64) -> Result<Seen> {
    let (stream, device, seq): (i64, i64, i64) = conn.query_row(
        "SELECT stream, device, seq FROM commits WHERE id = ?1",
        [commit],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let mut seen = Seen::from([(device, seq)]);
    let mut statement = conn.prepare_cached(
        "SELECT bytes FROM commits
         WHERE stream = ?1 AND device = ?2 AND seq <= ?3 AND status <> 3",
    )?;
    let mut rows = statement.query(params![stream, device, seq])?;
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        let deps = Commit::parse(&bytes).map(|commit| commit.deps);
        for (name, n) in deps.unwrap_or_default() {
            if let Some(other) = names::device(conn, &name)? {
                let n = i64::try_from(n).unwrap_or(i64::MAX);
                let known = seen.entry(other).or_default();
                *known = n.max(*known);
            }
        }
    }
    Ok(seen)
}

/// When the newest of some commits was made. Time: RFC 3339, UTC; empty without any.
pub(crate) fn at(conn: &Connection, stream: i64, seen: &Seen) -> Result<String> {
    let mut newest = String::new();
    for (device, n) in seen {
        let at: Option<String> = conn
            .prepare_cached(
                "SELECT at FROM commits
                 WHERE stream = ?1 AND device = ?2 AND seq <= ?3 AND status <> 3
                 ORDER BY seq DESC LIMIT 1",
            )?
            .query_row(params![stream, device, n], |row| row.get(0))
            .optional()?;
        newest = newest.max(at.unwrap_or_default());
    }
    Ok(newest)
}

/// A study as it was with some commits; `None` when it was not there yet.
pub(crate) fn study(
    conn: &Connection,
    id: &StudyId,
    seen: &Seen,
) -> std::result::Result<Option<StudyDoc>, DeskError> {
    let Some(stream) = names::stream(conn, id.as_str())? else {
        return Ok(None);
    };
    let past = Past::read(conn, stream, seen)?;
    let rows = past.places(conn, stream)?;
    let ids = doc::entity_ids(conn, stream)?;
    let mut held = Held::new(stream, &rows);
    for ((entity, field), standing) in &past.heads {
        for place in standing {
            held.add(conn, *entity, field, (*place, past.cmp(conn, *place)?))?;
        }
    }
    Ok(doc::assemble(id, rows, &ids, held))
}

/// The operations that nobody had replaced.
struct Past {
    heads: BTreeMap<(i64, String), Vec<OpPlace>>,
}

impl Past {
    fn read(conn: &Connection, stream: i64, seen: &Seen) -> Result<Self> {
        let mut found: Vec<(i64, String, OpPlace, Vec<OpPlace>)> = Vec::new();
        let mut passed: HashMap<OpPlace, Vec<OpPlace>> = HashMap::new();
        let mut statement = conn.prepare_cached(
            "SELECT c.device, c.seq, c.status, o.commit_id, o.idx, o.entity, o.field, o.preds
             FROM commits c JOIN ops o ON o.commit_id = c.id
             WHERE c.stream = ?1 AND c.status <> 3 ORDER BY c.id, o.idx",
        )?;
        let mut rows = statement.query([stream])?;
        while let Some(row) = rows.next()? {
            let (device, seq, status): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if seen.get(&device).is_none_or(|n| seq > *n) {
                continue;
            }
            let place = OpPlace {
                commit: row.get(3)?,
                idx: row.get(4)?,
            };
            let preds: String = row.get(7)?;
            let preds = places_of::from_text(&preds);
            if status == Standing::Counts as i64 {
                found.push((row.get(5)?, row.get(6)?, place, preds));
            } else {
                // Who replaces a quarantined operation replaces what that one replaced.
                passed.insert(place, preds);
            }
        }
        let mut replaced: HashSet<OpPlace> = HashSet::new();
        for (.., preds) in &found {
            let mut open = preds.clone();
            while let Some(place) = open.pop() {
                if replaced.insert(place) {
                    open.extend(passed.get(&place).into_iter().flatten());
                }
            }
        }
        let mut heads: BTreeMap<(i64, String), Vec<OpPlace>> = BTreeMap::new();
        for (entity, field, place, _) in found {
            if !replaced.contains(&place) {
                heads.entry((entity, field)).or_default().push(place);
            }
        }
        Ok(Self { heads })
    }

    /// Value or salted hash of an operation.
    fn cmp(&self, conn: &Connection, place: OpPlace) -> Result<String> {
        conn.prepare_cached(
            "SELECT coalesce(o.value, p.value, o.hidden) FROM ops o
             LEFT JOIN payloads p ON p.commit_id = o.commit_id AND p.idx = o.idx
             WHERE o.commit_id = ?1 AND o.idx = ?2",
        )?
        .query_row(params![place.commit, place.idx], |row| row.get(0))
    }

    fn places(&self, conn: &Connection, stream: i64) -> Result<Vec<PlaceRow>> {
        let kinds: HashMap<i64, String> = conn
            .prepare_cached("SELECT entity, kind FROM places WHERE stream = ?1")?
            .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_>>()?;
        let entities: BTreeSet<i64> = self.heads.keys().map(|(entity, _)| *entity).collect();
        let mut rows = Vec::with_capacity(entities.len());
        for entity in entities {
            let parent = self.shown(conn, entity, "parent")?;
            let parent = match parent.get("$ref").and_then(Value::as_str) {
                Some(name) => names::entity(conn, stream, name)?,
                None => None,
            };
            let ord = self.shown(conn, entity, "ord")?;
            rows.push(PlaceRow {
                entity,
                kind: kinds.get(&entity).cloned().unwrap_or_default(),
                parent,
                ord: ord.as_str().unwrap_or_default().to_owned(),
                mark: EntityMark::Live,
            });
        }
        let marks = self.marks(conn, &rows)?;
        for (row, mark) in rows.iter_mut().zip(marks) {
            row.mark = mark;
        }
        Ok(rows)
    }

    /// The value that was displayed: that of the newest operation.
    fn shown(&self, conn: &Connection, entity: i64, field: &str) -> Result<Value> {
        let standing = self.heads.get(&(entity, field.to_owned()));
        let mut newest: Option<((i64, String, i64, i64), OpPlace)> = None;
        for place in standing.into_iter().flatten() {
            let key = conn
                .prepare_cached(
                    "SELECT c.lam, d.name, c.seq FROM commits c JOIN devices d ON d.id = c.device
                     WHERE c.id = ?1",
                )?
                .query_row([place.commit], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, place.idx))
                })?;
            if newest.as_ref().is_none_or(|(known, _)| *known < key) {
                newest = Some((key, *place));
            }
        }
        match newest {
            Some((_, place)) => Ok(heads::value_of(&self.cmp(conn, place)?)),
            None => Ok(Value::Null),
        }
    }

    /// Whether each entity was shown: a deletion that missed a change below it does not count.
    fn marks(&self, conn: &Connection, rows: &[PlaceRow]) -> Result<Vec<EntityMark>> {
        let mut children: HashMap<i64, Vec<i64>> = HashMap::new();
        for row in rows {
            if let Some(parent) = row.parent {
                children.entry(parent).or_default().push(row.entity);
            }
        }
        let mut fields: HashMap<i64, Vec<(&str, &Vec<OpPlace>)>> = HashMap::new();
        for ((entity, field), standing) in &self.heads {
            fields.entry(*entity).or_default().push((field, standing));
        }
        let mut marks = Vec::with_capacity(rows.len());
        for row in rows {
            if self.deletions(conn, row.entity)?.is_empty() {
                marks.push(EntityMark::Live);
                continue;
            }
            let (mut saw, mut open) = (BTreeSet::new(), Vec::new());
            let (mut parts, mut known) = (vec![row.entity], HashSet::from([row.entity]));
            while let Some(part) = parts.pop() {
                let below = children.get(&part).into_iter().flatten();
                parts.extend(below.filter(|child| known.insert(**child)));
                let deletions = self.deletions(conn, part)?;
                for place in &deletions {
                    let text: String = conn
                        .prepare_cached("SELECT saw FROM ops WHERE commit_id = ?1 AND idx = ?2")?
                        .query_row(params![place.commit, place.idx], |row| row.get(0))?;
                    saw.extend(places_of::from_text(&text));
                }
                let others = fields.get(&part).into_iter().flatten();
                let others = others.flat_map(|(_, standing)| standing.iter());
                open.extend(others.filter(|place| !deletions.contains(place)));
            }
            let is_all_seen = open.iter().all(|place| saw.contains(*place));
            marks.push(if is_all_seen {
                EntityMark::Archived
            } else {
                EntityMark::EditedUnseen
            });
        }
        Ok(marks)
    }

    fn deletions(&self, conn: &Connection, entity: i64) -> Result<Vec<OpPlace>> {
        let mut found = Vec::new();
        let standing = self.heads.get(&(entity, DELETED.to_owned()));
        for place in standing.into_iter().flatten() {
            if self.cmp(conn, *place)? == "true" {
                found.push(*place);
            }
        }
        Ok(found)
    }
}
