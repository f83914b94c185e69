//! Two studies with one registry number become one (decisions.md 17).
//!
//! The values of the other study are issued again into the kept one. Equal values are skipped;
//! where only one side departs from what was imported, the edited one stands; where both do, both
//! stand and show as a conflict. The other study then points to the kept one, leaves the lists,
//! and stays in the ledger.

use crate::desk::{Changed, Desk, stream_of};
use crate::error::DeskError;
use crate::import::{BaseOp, Known, base_of_entity, known_parts};
use crate::project::places::{self, PlaceRow};
use crate::project::{is_content, numbers};
use crate::store::heads::{self, HeadRow};
use crate::store::names;
use crate::store::write::{self, Change, Reason, Save};
use ledger::{DELETED, Hash, OpId, Source};
use model::{EntityId, EntityMark, StudyId, kind};
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

impl Desk {
    /// Joins a study into another that carries the same registry number.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::NotJoinable`] when they are one, have no registry
    /// number in common, or one of them was joined before.
    pub fn join(&mut self, keep: &StudyId, other: &StudyId) -> Result<Changed, DeskError> {
        self.transact(|conn, author| {
            let (to, from) = (stream_of(conn, keep)?, stream_of(conn, other)?);
            if keep == other || !have_number_in_common(conn, to, from)? {
                return Err(DeskError::NotJoinable);
            }
            for study in [keep, other] {
                let root = root_of(conn, study)?;
                if !heads::shown(conn, root, "joined")?.is_null() {
                    return Err(DeskError::NotJoinable);
                }
            }
            let mut plan = Join::new(conn, keep, other, to, from)?;
            plan.study()?;
            plan.parts()?;
            let rounds = std::mem::take(&mut plan.rounds);
            for changes in rounds {
                let save = Save {
                    stream: keep.as_str().to_owned(),
                    changes,
                    why: Some(Reason {
                        code: Some("joined".into()),
                        text: None,
                    }),
                    src: Some(source(conn, other, from)?),
                };
                write::write(conn, author, save)?;
            }
            let root = root_of(conn, other)?;
            let pointer = json!({"$ref": keep.as_str()});
            let mut change = Change::first(other.as_str(), kind::STUDY, "joined", pointer);
            change.p = heads::of_field(conn, root, "joined")?
                .into_iter()
                .map(|h| h.id)
                .collect();
            let why = Some(Reason {
                code: Some("joined".into()),
                text: None,
            });
            let stream = other.as_str().to_owned();
            write::write(
                conn,
                author,
                Save {
                    stream,
                    changes: vec![change],
                    why,
                    src: None,
                },
            )?;
            let mut changed = Changed::study(keep.as_str());
            changed.add(Changed::study(other.as_str()));
            Ok(changed)
        })
    }
}

fn root_of(conn: &Connection, study: &StudyId) -> Result<i64, DeskError> {
    let stream = stream_of(conn, study)?;
    names::entity(conn, stream, study.as_str())?.ok_or_else(|| DeskError::no_study(study.as_str()))
}

fn have_number_in_common(conn: &Connection, a: i64, b: i64) -> Result<bool, DeskError> {
    let mut statement = conn.prepare_cached(
        "SELECT a.field FROM numbers a JOIN numbers b ON b.field = a.field AND b.number = a.number
         WHERE a.stream = ?1 AND b.stream = ?2",
    )?;
    let fields: Vec<String> = statement
        .query_map([a, b], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(fields
        .iter()
        .any(|field| numbers::REGISTRIES.contains(&field.as_str())))
}

/// Where the values come from: the other study, as its newest commit has it.
fn source(conn: &Connection, other: &StudyId, stream: i64) -> Result<Source, DeskError> {
    let hash: Option<String> = conn
        .query_row(
            "SELECT hash FROM tips WHERE stream = ?1 ORDER BY lam DESC, hash DESC LIMIT 1",
            [stream],
            |row| row.get(0),
        )
        .optional()?;
    let hash = hash.as_deref().and_then(Hash::parse);
    Ok(Source {
        kind: "join".to_owned(),
        id: other.as_str().to_owned(),
        version: String::new(),
        hash: hash.ok_or(DeskError::Damaged("the other study's chain"))?,
    })
}

/// A study being joined into another.
struct Join<'a> {
    conn: &'a Connection,
    keep: &'a StudyId,
    other: &'a StudyId,
    to: i64,
    from: i64,
    /// Entities of the other study and what they are in the kept one.
    names: HashMap<i64, String>,
    /// One commit gives one field one value, so several values that stand side by side go into
    /// several saves.
    rounds: Vec<Vec<Change>>,
}

impl<'a> Join<'a> {
    fn new(
        conn: &'a Connection,
        keep: &'a StudyId,
        other: &'a StudyId,
        to: i64,
        from: i64,
    ) -> Result<Self, DeskError> {
        let mut join = Self {
            conn,
            keep,
            other,
            to,
            from,
            names: HashMap::new(),
            rounds: Vec::new(),
        };
        let here: BTreeMap<(String, String), Known> = known_parts(conn, to)?
            .into_iter()
            .map(|known| ((known.kind.clone(), known.key.clone()), known))
            .collect();
        let mut imported = HashMap::new();
        for known in known_parts(conn, from)? {
            let twin = here.get(&(known.kind.clone(), known.key.clone()));
            let name = match twin {
                Some(twin) => twin.name.clone(),
                None => EntityId::of_import(keep, &known.kind, &known.key)
                    .as_str()
                    .to_owned(),
            };
            imported.insert(known.entity, name);
        }
        join.names
            .insert(root_of(conn, other)?, keep.as_str().to_owned());
        for row in places::of_stream(conn, from)? {
            let own = names::entity_name(conn, row.entity)?;
            if row.kind == kind::PERSON || own == other.as_str() {
                continue;
            }
            let name = match imported.get(&row.entity) {
                Some(name) => name.clone(),
                // Made by hand: an id of its own in the kept study, the same on every laptop.
                None => EntityId::of_import(keep, &row.kind, &own)
                    .as_str()
                    .to_owned(),
            };
            join.names.insert(row.entity, name);
        }
        Ok(join)
    }

    fn study(&mut self) -> Result<(), DeskError> {
        let root = root_of(self.conn, self.other)?;
        self.registers(root, kind::STUDY, self.keep.as_str())
    }

    fn parts(&mut self) -> Result<(), DeskError> {
        // In the order of the study, so that new siblings come in their order.
        let mut open = vec![root_of(self.conn, self.other)?];
        let mut done: HashSet<i64> = HashSet::new();
        while let Some(parent) = open.pop() {
            if !done.insert(parent) {
                continue;
            }
            for row in places::children(self.conn, parent)? {
                open.push(row.entity);
                self.part(&row)?;
            }
        }
        Ok(())
    }

    fn part(&mut self, row: &PlaceRow) -> Result<(), DeskError> {
        let Some(name) = self.names.get(&row.entity).cloned() else {
            return Ok(());
        };
        let here = names::entity(self.conn, self.to, &name)?;
        let is_here = match here {
            Some(entity) => places::of(self.conn, entity)?.is_some(),
            None => false,
        };
        if row.mark == EntityMark::Archived && !is_here {
            return Ok(());
        }
        if !is_here {
            self.place(row, &name)?;
        } else if row.mark == EntityMark::Archived {
            self.archive(&name, &row.kind, here)?;
        }
        self.registers(row.entity, &row.kind, &name)
    }

    /// Puts an entity that the kept study does not have where it was in the other.
    fn place(&mut self, row: &PlaceRow, name: &str) -> Result<(), DeskError> {
        let parent = row
            .parent
            .and_then(|parent| self.names.get(&parent))
            .cloned();
        let parent = parent.unwrap_or_else(|| self.keep.as_str().to_owned());
        self.put(
            0,
            Change::first(name, &row.kind, "parent", json!({"$ref": parent})),
        );
        self.put(
            0,
            Change::first(name, &row.kind, "ord", row.ord.as_str().into()),
        );
        let key = heads::shown(self.conn, row.entity, "importKey")?;
        if !key.is_null() {
            self.put(0, Change::first(name, &row.kind, "importKey", key));
        }
        Ok(())
    }

    /// Archived in the other study by somebody who saw what the import had brought: here too,
    /// unless it was edited here.
    fn archive(&mut self, name: &str, kind: &str, here: Option<i64>) -> Result<(), DeskError> {
        let Some(entity) = here else {
            return Ok(());
        };
        let deletions = heads::of_field(self.conn, entity, DELETED)?;
        if deletions.iter().any(|head| head.cmp == "true") {
            return Ok(());
        }
        let mut change = Change::first(name, kind, DELETED, true.into());
        change.p = deletions.into_iter().map(|head| head.id).collect();
        for part in places::tree(self.conn, entity)? {
            let base = base_of_entity(self.conn, part)?;
            change
                .saw
                .extend(base.into_values().flatten().map(|op| op.id));
        }
        change.saw.sort();
        change.saw.dedup();
        self.put(0, change);
        Ok(())
    }

    fn registers(&mut self, from: i64, kind: &str, name: &str) -> Result<(), DeskError> {
        let to = names::entity(self.conn, self.to, name)?;
        let their_base = base_of_entity(self.conn, from)?;
        let our_base = match to {
            Some(to) => base_of_entity(self.conn, to)?,
            None => BTreeMap::new(),
        };
        let mut fields: Vec<String> = heads::of_entity(self.conn, from)?
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        fields.sort();
        fields.dedup();
        let none: Vec<BaseOp> = Vec::new();
        for field in fields {
            if !is_content(&field) || (kind == kind::STUDY && field == "archived") {
                continue;
            }
            let theirs = heads::of_field(self.conn, from, &field)?;
            let ours = match to {
                Some(to) => heads::of_field(self.conn, to, &field)?,
                None => Vec::new(),
            };
            let bases = (
                their_base.get(&field).unwrap_or(&none).as_slice(),
                our_base.get(&field).unwrap_or(&none).as_slice(),
            );
            let Some(replaced) = self.replaced(&theirs, &ours, bases)? else {
                continue;
            };
            let mut missing: Vec<Value> = Vec::new();
            for head in theirs.iter().filter(|head| !heads::is_redacted(&head.cmp)) {
                let value = self.translated(head.value());
                let is_here = !missing.contains(&value)
                    && ours
                        .iter()
                        .all(|h| h.cmp != head.cmp || replaced.contains(&h.id));
                if is_here {
                    missing.push(value);
                }
            }
            for (round, value) in missing.into_iter().enumerate() {
                let p = if round == 0 {
                    replaced.clone()
                } else {
                    Vec::new()
                };
                let change = Change::first(name, kind, &field, value);
                self.put(round, Change { p, ..change });
            }
        }
        Ok(())
    }

    /// What the other study's values replace in the kept one; `None` when they add nothing.
    fn replaced(
        &self,
        theirs: &[HeadRow],
        ours: &[HeadRow],
        (their_base, our_base): (&[BaseOp], &[BaseOp]),
    ) -> Result<Option<Vec<OpId>>, DeskError> {
        let is_here = |head: &HeadRow| ours.iter().any(|our| our.cmp == head.cmp);
        if theirs.iter().all(is_here) {
            return Ok(None);
        }
        if ours.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let all_ours: Vec<OpId> = ours.iter().map(|head| head.id.clone()).collect();
        let (Some(their_import), Some(our_import)) = (their_base.first(), our_base.first()) else {
            // Without a common origin both stand.
            return Ok(Some(Vec::new()));
        };
        let are_theirs_as_imported = theirs.iter().all(|head| head.cmp == their_import.cmp);
        let are_ours_as_imported = ours.iter().all(|head| head.cmp == our_import.cmp);
        if their_import.cmp == our_import.cmp {
            return Ok(match (are_theirs_as_imported, are_ours_as_imported) {
                (true, _) => None,
                (false, true) => Some(all_ours),
                (false, false) => Some(Vec::new()),
            });
        }
        // Imported from two versions of the record and not edited since: the newer version.
        if are_theirs_as_imported && are_ours_as_imported {
            let newer = self.version(their_import)? > self.version(our_import)?;
            return Ok(newer.then_some(all_ours));
        }
        Ok(Some(Vec::new()))
    }

    /// The version of the record that an operation was imported from.
    fn version(&self, op: &BaseOp) -> Result<String, DeskError> {
        let text: Option<String> = self
            .conn
            .prepare_cached("SELECT source FROM commits WHERE id = ?1")?
            .query_row([op.commit], |row| row.get(0))?;
        Ok(text
            .and_then(|text| text.split(' ').nth(2).map(str::to_owned))
            .unwrap_or_default())
    }

    /// References within the other study become references within the kept one.
    fn translated(&self, value: Value) -> Value {
        let target = value.get("$ref").and_then(Value::as_str);
        let entity = target.and_then(|name| names::entity(self.conn, self.from, name).ok()?);
        match entity.and_then(|entity| self.names.get(&entity)) {
            Some(name) => json!({"$ref": name}),
            None => value,
        }
    }

    fn put(&mut self, round: usize, change: Change) {
        while self.rounds.len() <= round {
            self.rounds.push(Vec::new());
        }
        if let Some(changes) = self.rounds.get_mut(round) {
            changes.push(change);
        }
    }
}
