//! Somebody is forgotten: what is known of her is deleted wherever it is kept.

use crate::desk::{Changed, Desk};
use crate::edit::save;
use crate::error::DeskError;
use crate::store::heads;
use crate::store::redact::FORGOTTEN;
use crate::store::write::{Change, Reason};
use model::{EntityId, StudyId, kind};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// Registers of a study that point at somebody, by kind.
const POINTERS: [(&str, &str); 2] = [
    (kind::CONTACT, "directory.person"),
    (kind::ASSIGNMENT, "person"),
];

impl Desk {
    /// Forgets somebody: names, details and notes of her in the directory, of her credentials, of
    /// her contacts and entries of delegation logs in every study here are deleted for good, in
    /// the history too. Roles, tasks and days stay. Other laptops delete them as they learn of it.
    ///
    /// It cannot be taken back, and neither can what was saved before it.
    ///
    /// # Errors
    /// [`DeskError::WhyMissing`]; [`DeskError::NotFound`] when she is not here or forgotten already.
    pub fn forget_person(&mut self, id: &EntityId, why: &str) -> Result<Changed, DeskError> {
        if why.trim().is_empty() {
            return Err(DeskError::WhyMissing);
        }
        let book = self.book()?;
        let person = book
            .card(id)
            .filter(|card| card.kind == kind::INDIVIDUAL && !card.forgotten);
        let person = person.ok_or_else(|| DeskError::no_entity(id.as_str()))?;
        let records = book.records(&person.id);
        let her: BTreeSet<EntityId> = records.iter().map(|card| card.id.clone()).collect();
        let mut found: BTreeMap<StudyId, Vec<(EntityId, String)>> = BTreeMap::new();
        let own = records.iter().copied().chain(book.all_below(&her));
        for card in own {
            let entries = found.entry(card.directory.clone()).or_default();
            entries.push((card.id.clone(), card.kind.clone()));
        }
        for (study, entity, kind) in pointing_at(&self.opened.conn, &her)? {
            found.entry(study).or_default().push((entity, kind));
        }
        let today = self.env.today();
        // Freed pages of the vault are overwritten.
        self.opened
            .conn
            .pragma_update(None, "secure_delete", true)?;
        self.transact(|conn, author| {
            for (stream, entities) in &found {
                let change = |(id, kind): &(EntityId, String)| {
                    Change::first(id.as_str(), kind, FORGOTTEN, today.as_str().into())
                };
                let why = Reason {
                    code: Some(FORGOTTEN.into()),
                    text: Some(why.trim().to_owned()),
                };
                save(
                    conn,
                    author,
                    stream,
                    entities.iter().map(change).collect(),
                    Some(why),
                )?;
            }
            Ok(())
        })?;
        // Steps back would hold what was deleted.
        self.sitting = crate::undo::Sitting::default();
        self.idle()?;
        let mut changed = Changed::default();
        for stream in found.keys() {
            changed.add(Changed::study(stream.as_str()));
        }
        Ok(changed)
    }
}

/// What of studies points at somebody, also what was put aside and what an older value points at.
fn pointing_at(
    conn: &Connection,
    her: &BTreeSet<EntityId>,
) -> Result<Vec<(StudyId, EntityId, String)>, DeskError> {
    let mut found = Vec::new();
    for (kind, field) in POINTERS {
        let mut statement = conn.prepare_cached(
            "SELECT DISTINCT s.name, e.name, e.id FROM heads h JOIN entities e ON e.id = h.entity
             JOIN streams s ON s.id = e.stream JOIN places p ON p.entity = e.id
             WHERE h.field = ?1 AND p.kind = ?2",
        )?;
        let rows: Vec<(String, String, i64)> = statement
            .query_map([field, kind], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<Result<_, _>>()?;
        for (study, name, entity) in rows {
            let is_her = heads::of_field(conn, entity, field)?.iter().any(|head| {
                let value = head.value();
                let target = value.get("$ref").and_then(serde_json::Value::as_str);
                let target = target.and_then(EntityId::parse);
                target.is_some_and(|target| her.contains(&target))
            });
            if let (true, Some(study), Some(name)) =
                (is_her, StudyId::parse(&study), EntityId::parse(&name))
            {
                found.push((study, name, kind.to_owned()));
            }
        }
    }
    Ok(found)
}
