//! Every directory of a vault, read as one.

use crate::directory::uses;
use crate::error::DeskError;
use crate::project::STRUCTURE;
use crate::store::heads;
use crate::store::redact::FORGOTTEN;
use model::people::credential::Credential;
use model::people::row::Use;
use model::reference::Bilingual;
use model::{EntityId, EntityMark, Link, StudyId, kind};
use rusqlite::{Connection, Result, params};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Longest line of records joined one into the next.
const JOINS_MAX: usize = 64;

/// One entry of a directory with its displayed values.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    pub(crate) id: EntityId,
    pub(crate) directory: StudyId,
    /// The stream's and the entity's number.
    pub(crate) stream: i64,
    pub(crate) entity: i64,
    pub(crate) kind: String,
    pub(crate) parent: Option<EntityId>,
    pub(crate) ord: String,
    pub(crate) archived: bool,
    /// Whether all that was known of her is deleted.
    pub(crate) forgotten: bool,
    /// Fields in conflict.
    pub(crate) n_conflicts: u32,
    values: BTreeMap<String, Value>,
}

impl Card {
    /// The displayed text of a register; empty when there is none.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.values
            .get(field)
            .map_or("", |value| model::rich::plain(value))
    }

    /// The text of a bilingual field, Chinese or else English.
    pub(crate) fn either(&self, field: &str) -> &str {
        match self.text(&format!("{field}.zh")) {
            "" => self.text(&format!("{field}.en")),
            text => text,
        }
    }

    /// The displayed value of a register.
    pub(crate) fn value(&self, field: &str) -> Option<&Value> {
        self.values.get(field)
    }

    /// What a register refers to.
    pub(crate) fn reference(&self, field: &str) -> Option<EntityId> {
        EntityId::parse(self.values.get(field)?.get("$ref")?.as_str()?)
    }

    /// The texts of a list.
    pub(crate) fn list(&self, field: &str) -> Vec<&str> {
        let items = self.values.get(field).and_then(|value| value.get("list"));
        let items = items.and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).collect()
    }

    /// How a study refers to it.
    pub(crate) fn link(&self) -> Link {
        Link {
            entity: self.id.clone(),
            directory: self.directory.clone(),
        }
    }

    /// As a credential.
    pub(crate) fn credential(&self) -> Credential {
        Credential::of(self.id.clone(), self.reference("study"), |field| {
            self.text(field)
        })
    }
}

/// Every entry of every directory here, and where studies point at them.
#[derive(Debug, Default)]
pub(crate) struct Book {
    cards: BTreeMap<EntityId, Card>,
    children: HashMap<EntityId, Vec<EntityId>>,
    /// Records joined into one, by the one that is kept.
    joined: HashMap<EntityId, Vec<EntityId>>,
    uses: HashMap<EntityId, Vec<Use>>,
}

impl Book {
    /// Reads everything.
    pub(crate) fn read(conn: &Connection) -> std::result::Result<Self, DeskError> {
        let mut book = Self::default();
        for (stream, directory) in directories(conn)? {
            book.read_directory(conn, stream, &directory)?;
        }
        let mut below: HashMap<EntityId, Vec<EntityId>> = HashMap::new();
        let mut joined: HashMap<EntityId, Vec<EntityId>> = HashMap::new();
        for card in book.cards.values() {
            if let Some(parent) = &card.parent {
                below
                    .entry(parent.clone())
                    .or_default()
                    .push(card.id.clone());
            }
            let kept = book.kept(&card.id);
            if kept != card.id {
                joined.entry(kept).or_default().push(card.id.clone());
            }
        }
        for children in below.values_mut() {
            children.sort_by_key(|id| {
                book.cards
                    .get(id)
                    .map(|card| (card.ord.clone(), id.clone()))
            });
        }
        (book.children, book.joined) = (below, joined);
        for (target, place) in uses::read(conn)? {
            let kept = book.kept(&target);
            book.uses.entry(kept).or_default().push(place);
        }
        Ok(book)
    }

    fn read_directory(
        &mut self,
        conn: &Connection,
        stream: i64,
        directory: &StudyId,
    ) -> Result<()> {
        let ids: HashMap<i64, EntityId> = conn
            .prepare_cached("SELECT id, name FROM entities WHERE stream = ?1")?
            .query_map([stream], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?
            .filter_map(|row| {
                let read = row.map(|(id, name)| EntityId::parse(&name).map(|name| (id, name)));
                read.transpose()
            })
            .collect::<Result<_>>()?;
        let mut displayed = displayed(conn, stream)?;
        let conflicts = conflicts(conn, stream)?;
        for place in crate::project::places::of_stream(conn, stream)? {
            let Some(id) = ids.get(&place.entity) else {
                continue;
            };
            if !kind::OF_DIRECTORY.contains(&place.kind.as_str()) {
                continue;
            }
            let values = displayed.remove(&place.entity).unwrap_or_default();
            let is_forgotten = values.contains_key(FORGOTTEN);
            let card = Card {
                id: id.clone(),
                directory: directory.clone(),
                stream,
                entity: place.entity,
                kind: place.kind,
                parent: place.parent.and_then(|parent| ids.get(&parent).cloned()),
                ord: place.ord,
                archived: place.mark == EntityMark::Archived || is_forgotten,
                forgotten: is_forgotten,
                n_conflicts: conflicts.get(&place.entity).copied().unwrap_or(0),
                values,
            };
            self.cards.insert(id.clone(), card);
        }
        Ok(())
    }

    /// An entry; a joined one gives the one that is kept.
    pub(crate) fn card(&self, id: &EntityId) -> Option<&Card> {
        self.cards.get(&self.kept(id))
    }

    /// The record that stands for this one: itself, or the one that it was joined into.
    ///
    /// Two that were joined into each other on two laptops stand for the one with the smaller id.
    pub(crate) fn kept(&self, id: &EntityId) -> EntityId {
        let mut line = BTreeSet::new();
        let mut at = id.clone();
        for _ in 0..JOINS_MAX {
            let next = self
                .cards
                .get(&at)
                .and_then(|card| card.reference("joined"));
            match next {
                // A record that is not here cannot stand for anybody.
                Some(next) if self.cards.contains_key(&next) => {
                    if !line.insert(at.clone()) {
                        // All of the circle: what stands before it does not count.
                        return self.least_of_circle(&at);
                    }
                    at = next;
                }
                _ => return at,
            }
        }
        at
    }

    fn least_of_circle(&self, start: &EntityId) -> EntityId {
        let mut least = start.clone();
        let mut at = start.clone();
        for _ in 0..JOINS_MAX {
            match self
                .cards
                .get(&at)
                .and_then(|card| card.reference("joined"))
            {
                Some(next) if next != *start => at = next,
                _ => break,
            }
            least = least.min(at.clone());
        }
        least
    }

    /// The entry and every record joined into it, the kept one first.
    pub(crate) fn records(&self, id: &EntityId) -> Vec<&Card> {
        let kept = self.kept(id);
        let others = self.joined.get(&kept).map_or(&[][..], Vec::as_slice);
        let ids = std::iter::once(&kept).chain(others.iter().filter(|id| **id != kept));
        ids.filter_map(|id| self.cards.get(id)).collect()
    }

    /// Entries of a kind that stand for themselves.
    pub(crate) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Card> {
        self.cards
            .values()
            .filter(move |card| card.kind == kind && !card.forgotten)
            .filter(move |card| self.kept(&card.id) == card.id)
    }

    /// What belongs to an entry, or to a record joined into it, in order; put aside ones left out.
    pub(crate) fn below(&self, id: &EntityId) -> Vec<&Card> {
        let mut found = Vec::new();
        for record in self.records(id) {
            let children = self.children.get(&record.id).into_iter().flatten();
            found.extend(children.filter_map(|id| self.cards.get(id)));
        }
        found.retain(|card| !card.archived);
        found
    }

    /// Everything that belongs to some entries, put aside or not.
    pub(crate) fn all_below<'a>(
        &'a self,
        ids: &'a BTreeSet<EntityId>,
    ) -> impl Iterator<Item = &'a Card> {
        let children = ids.iter().filter_map(|id| self.children.get(id));
        children.flatten().filter_map(|id| self.cards.get(id))
    }

    /// The credentials of a person or an office.
    pub(crate) fn credentials(&self, id: &EntityId) -> Vec<Credential> {
        let below = self.below(id).into_iter();
        let held = below.filter(|card| card.kind == kind::CREDENTIAL);
        held.map(Card::credential).collect()
    }

    /// The first text of a field that a record of the entry has.
    pub(crate) fn text(&self, id: &EntityId, field: &str) -> &str {
        let records = self.records(id).into_iter();
        let mut texts = records.map(|card| card.text(field));
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// A bilingual field, each language empty where no record of the entry has it.
    pub(crate) fn pair(&self, id: &EntityId, field: &str) -> Bilingual {
        let text = |lang: &str| self.text(id, &format!("{field}.{lang}")).to_owned();
        Bilingual {
            zh: text("zh"),
            en: text("en"),
        }
    }

    /// Where studies point at an entry.
    pub(crate) fn uses(&self, id: &EntityId) -> &[Use] {
        self.uses.get(&self.kept(id)).map_or(&[], Vec::as_slice)
    }
}

/// The directories that are here: the stream's number and the directory's id.
pub(crate) fn directories(conn: &Connection) -> Result<Vec<(i64, StudyId)>> {
    let rows: Vec<(i64, String)> = conn
        .prepare_cached(
            "SELECT s.id, s.name FROM streams s
             JOIN entities e ON e.stream = s.id AND e.name = s.name
             JOIN places p ON p.entity = e.id WHERE p.kind = ?1 ORDER BY s.name",
        )?
        .query_map([kind::DIRECTORY], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    let read = |(stream, name): (i64, String)| Some((stream, StudyId::parse(&name)?));
    Ok(rows.into_iter().filter_map(read).collect())
}

/// The displayed values of a stream, by entity and register.
fn displayed(conn: &Connection, stream: i64) -> Result<HashMap<i64, BTreeMap<String, Value>>> {
    let mut found: HashMap<i64, BTreeMap<String, Value>> = HashMap::new();
    let mut rivals = BTreeSet::new();
    let mut statement = conn.prepare_cached(
        "SELECT h.entity, h.field, h.cmp FROM entities e
         CROSS JOIN heads h ON h.entity = e.id WHERE e.stream = ?1",
    )?;
    let mut rows = statement.query(params![stream])?;
    while let Some(row) = rows.next()? {
        let (entity, field): (i64, String) = (row.get(0)?, row.get(1)?);
        if STRUCTURE.contains(&field.as_str()) {
            continue;
        }
        let value = heads::value_of(row.get_ref(2)?.as_str()?);
        let fields = found.entry(entity).or_default();
        if fields.insert(field.clone(), value).is_some() {
            rivals.insert((entity, field));
        }
    }
    for (entity, field) in rivals {
        let shown = heads::shown(conn, entity, &field)?;
        found.entry(entity).or_default().insert(field, shown);
    }
    Ok(found)
}

fn conflicts(conn: &Connection, stream: i64) -> Result<HashMap<i64, u32>> {
    conn.prepare_cached(
        "SELECT x.entity, count(*) FROM conflicts x JOIN entities e ON e.id = x.entity
         WHERE e.stream = ?1 GROUP BY x.entity",
    )?
    .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}
