//! What importing a record changes, planned without storing anything.

use crate::env::Env;
use crate::error::DeskError;
use crate::findings;
use crate::import::base::{BaseOp, base_of_entity};
use crate::import::matching::{self, Known, Match};
use crate::import::order;
use crate::project::{is_content, numbers, places, study_rows};
use crate::store::write::Change;
use crate::store::{heads, names};
use crate::time;
use ledger::{DELETED, OpId, canonical};
use model::incoming::{IncomingPart, IncomingStudy, keeps_when_absent};
use model::row::ImportChange;
use model::{StudyId, kind};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What importing a record changes.
pub(crate) struct Plan {
    /// The study, new or here.
    pub(crate) study: StudyId,
    /// Whether it is not here yet.
    pub(crate) is_new: bool,
    /// What is written.
    pub(crate) changes: Vec<Change>,
    /// What a person is shown of it; empty for a new study.
    pub(crate) report: Vec<ImportChange>,
    /// Remarks by label key.
    pub(crate) remarks: Vec<&'static str>,
}

/// An entity that an import writes to.
struct Part<'a> {
    name: &'a str,
    kind: &'a str,
    title: String,
    entity: Option<i64>,
    base: BTreeMap<String, Vec<BaseOp>>,
}

/// Plans an import.
pub(crate) fn make(
    conn: &Connection,
    env: &Env,
    incoming: &IncomingStudy,
) -> Result<Plan, DeskError> {
    let here = find_study(conn, incoming)?;
    let mut plan = Plan {
        study: match &here {
            Some((_, study, _)) => study.clone(),
            None => StudyId::from_uuid(time::new_id(env)),
        },
        is_new: here.is_none(),
        changes: Vec::new(),
        report: Vec::new(),
        remarks: Vec::new(),
    };
    if here.as_ref().is_some_and(|(_, _, n)| *n > 1) {
        plan.remarks.push("desk.import.sameNumber");
    }
    let stream = here.map(|(stream, ..)| stream);
    plan.root(conn, stream, incoming)?;
    plan.parts(conn, stream, incoming)?;
    if plan.is_new {
        plan.report.clear();
    }
    Ok(plan)
}

/// The study that a record belongs to, and how many carry its number.
fn find_study(
    conn: &Connection,
    incoming: &IncomingStudy,
) -> Result<Option<(i64, StudyId, usize)>, DeskError> {
    let mut found = Vec::new();
    for stream in numbers::find(conn, &incoming.source_id, Some(&incoming.match_field))? {
        let row = study_rows::of(conn, stream)?.filter(|row| row.joined.is_none());
        found.extend(row.map(|row| (stream, row.id)));
    }
    let n = found.len();
    // The oldest: ids rise with time.
    found.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(found
        .into_iter()
        .next()
        .map(|(stream, study)| (stream, study, n)))
}

impl Plan {
    fn root(
        &mut self,
        conn: &Connection,
        stream: Option<i64>,
        incoming: &IncomingStudy,
    ) -> Result<(), DeskError> {
        let study = self.study.clone();
        let entity = match stream {
            Some(stream) => names::entity(conn, stream, study.as_str())?,
            None => None,
        };
        let base = match entity {
            Some(entity) => base_of_entity(conn, entity)?,
            None => BTreeMap::new(),
        };
        if !self.is_new && base.is_empty() {
            self.remarks.push("desk.import.handMade");
        }
        let part = Part {
            name: study.as_str(),
            kind: kind::STUDY,
            title: String::new(),
            entity,
            base,
        };
        self.content(conn, &part, &incoming.fields)
    }

    fn parts(
        &mut self,
        conn: &Connection,
        stream: Option<i64>,
        incoming: &IncomingStudy,
    ) -> Result<(), DeskError> {
        let known = match stream {
            Some(stream) => matching::known_parts(conn, stream)?,
            None => Vec::new(),
        };
        let matches = matching::match_parts(&self.study, &incoming.parts, &known);
        if matches
            .iter()
            .any(|m| m.is_renamed && m.known.as_ref().is_some_and(|k| !k.place.is_empty()))
        {
            self.remarks.push("desk.import.renamed");
        }
        let ords = ords(conn, &incoming.parts, &matches)?;
        let ids: BTreeMap<(&str, &str), &str> = incoming
            .parts
            .iter()
            .zip(&matches)
            .map(|(part, m)| ((part.kind.as_str(), part.key.as_str()), m.name.as_str()))
            .collect();
        for ((incoming, found), ord) in incoming.parts.iter().zip(&matches).zip(ords) {
            let parent = incoming
                .parent
                .as_ref()
                .and_then(|(kind, key)| ids.get(&(kind.as_str(), key.as_str())))
                .map_or(self.study.as_str(), |id| *id)
                .to_owned();
            self.part(conn, incoming, found, &parent, ord)?;
        }
        let seen: BTreeSet<i64> = matches
            .iter()
            .filter_map(|m| m.known.as_ref().map(|k| k.entity))
            .collect();
        for gone in known.iter().filter(|known| !seen.contains(&known.entity)) {
            self.vanish(conn, gone)?;
        }
        Ok(())
    }

    fn part(
        &mut self,
        conn: &Connection,
        incoming: &IncomingPart,
        found: &Match,
        parent: &str,
        ord: Option<String>,
    ) -> Result<(), DeskError> {
        let entity = found.known.as_ref().map(|known| known.entity);
        let part = Part {
            name: &found.name,
            kind: &incoming.kind,
            title: title(conn, entity, &incoming.kind, &incoming.fields)?,
            base: match entity {
                Some(entity) => base_of_entity(conn, entity)?,
                None => BTreeMap::new(),
            },
            entity,
        };
        self.structure(&part, "parent", json!({"$ref": parent}));
        if let Some(ord) = ord {
            let p = match entity {
                Some(entity) => ids(conn, entity, "ord")?,
                None => Vec::new(),
            };
            let change = Change::first(part.name, part.kind, "ord", ord.into());
            self.changes.push(Change { p, ..change });
        }
        let key = matching::key_value(&incoming.key, &incoming.place);
        self.structure(&part, "importKey", key);
        if part
            .base
            .get(DELETED)
            .and_then(|ops| ops.first())
            .is_some_and(|op| op.cmp == "true")
        {
            self.structure(&part, DELETED, Value::Null);
            self.tell(&part, DELETED, Value::Bool(true), Value::Null, false);
        }
        self.content(conn, &part, &incoming.fields)
    }

    /// Writes a register that places an entity, where it differs from the import before.
    fn structure(&mut self, part: &Part<'_>, field: &str, value: Value) {
        let base = part.base.get(field).map(Vec::as_slice).unwrap_or_default();
        let cmp = canonical::to_text(&value).unwrap_or_default();
        if base.is_empty() || base.iter().any(|op| op.cmp != cmp) {
            let change = Change::first(part.name, part.kind, field, value);
            self.changes.push(Change {
                p: base.iter().map(|op| op.id.clone()).collect(),
                ..change
            });
        }
    }

    /// Writes the registers that differ from the import before.
    fn content(
        &mut self,
        conn: &Connection,
        part: &Part<'_>,
        fields: &BTreeMap<String, Value>,
    ) -> Result<(), DeskError> {
        let registers: BTreeSet<&String> = fields
            .keys()
            .chain(part.base.keys())
            .filter(|field| is_content(field))
            .collect();
        for field in registers {
            let to = fields.get(field).cloned().unwrap_or(Value::Null);
            if to.is_null() && keeps_when_absent(part.kind, field, fields) {
                continue;
            }
            let base = part.base.get(field).map(Vec::as_slice).unwrap_or_default();
            let cmp = canonical::to_text(&to).unwrap_or_default();
            let is_same = match base {
                [] => to.is_null(),
                base => base.iter().all(|op| op.cmp == cmp),
            };
            if is_same {
                continue;
            }
            let from = base
                .first()
                .map_or(Value::Null, |op| heads::value_of(&op.cmp));
            let has_rival = match part.entity {
                Some(entity) => heads::of_field(conn, entity, field)?
                    .iter()
                    .any(|head| head.cmp != cmp && base.iter().all(|op| op.id != head.id)),
                None => false,
            };
            self.tell(part, field, from, to.clone(), has_rival);
            let change = Change::first(part.name, part.kind, field, to);
            self.changes.push(Change {
                p: base.iter().map(|op| op.id.clone()).collect(),
                ..change
            });
        }
        Ok(())
    }

    /// A part that the record no longer has: gone as far as imports wrote it.
    fn vanish(&mut self, conn: &Connection, gone: &Known) -> Result<(), DeskError> {
        let base = base_of_entity(conn, gone.entity)?;
        let deleted = base.get(DELETED).map(Vec::as_slice).unwrap_or_default();
        if deleted.first().is_some_and(|op| op.cmp == "true") {
            return Ok(());
        }
        let mut saw: Vec<OpId> = base.values().flatten().map(|op| op.id.clone()).collect();
        saw.sort();
        saw.dedup();
        let part = Part {
            name: &gone.name,
            kind: &gone.kind,
            title: title(conn, Some(gone.entity), &gone.kind, &BTreeMap::new())?,
            entity: Some(gone.entity),
            base: BTreeMap::new(),
        };
        let own: BTreeSet<&OpId> = saw.iter().collect();
        let mut has_rival = false;
        for (field, place) in heads::of_entity(conn, gone.entity)? {
            let id = crate::store::places_of_ops::id_of(conn, place)?;
            has_rival |= is_content(&field) && !own.contains(&id);
        }
        self.tell(&part, DELETED, Value::Null, Value::Bool(true), has_rival);
        let p = deleted.iter().map(|op| op.id.clone()).collect();
        let change = Change::first(&gone.name, &gone.kind, DELETED, true.into());
        self.changes.push(Change { p, saw, ..change });
        Ok(())
    }

    fn tell(&mut self, part: &Part<'_>, field: &str, from: Value, to: Value, conflict: bool) {
        self.report.push(ImportChange {
            kind: part.kind.to_owned(),
            entity_name: part.title.clone(),
            field: field.to_owned(),
            from,
            to,
            conflict,
        });
    }
}

/// What to call a part: as it is called here, or else as the record calls it.
fn title(
    conn: &Connection,
    entity: Option<i64>,
    kind: &str,
    fields: &BTreeMap<String, Value>,
) -> Result<String, DeskError> {
    let here = match entity {
        Some(entity) => findings::entity_name(conn, entity, kind)?,
        None => String::new(),
    };
    let named = findings::NAMES
        .iter()
        .find_map(|field| fields.get(*field)?.as_str());
    Ok(if here.is_empty() {
        findings::shortened(named.unwrap_or_default())
    } else {
        here
    })
}

fn ids(conn: &Connection, entity: i64, field: &str) -> Result<Vec<OpId>, DeskError> {
    Ok(heads::of_field(conn, entity, field)?
        .into_iter()
        .map(|head| head.id)
        .collect())
}

/// The places that parts are given among their siblings; `None` where they keep theirs.
fn ords(
    conn: &Connection,
    parts: &[IncomingPart],
    matches: &[Match],
) -> Result<Vec<Option<String>>, DeskError> {
    let mut families: BTreeMap<(&str, Option<&(String, String)>), Vec<usize>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        families
            .entry((&part.kind, part.parent.as_ref()))
            .or_default()
            .push(at);
    }
    let mut given = vec![None; parts.len()];
    for mut family in families.into_values() {
        family.sort_by_key(|at| parts.get(*at).map(|part| part.ordinal));
        let mut siblings = Vec::new();
        for at in &family {
            let known = matches.get(*at).and_then(|m| m.known.as_ref());
            siblings.push(match known {
                Some(known) => places::of(conn, known.entity)?.map(|place| place.ord),
                None => None,
            });
        }
        for (at, ord) in family.into_iter().zip(order::places(&siblings)) {
            if let Some(slot) = given.get_mut(at) {
                *slot = ord;
            }
        }
    }
    Ok(given)
}
