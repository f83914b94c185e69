//! One person, one organisation, with all that is known.

use crate::desk::Desk;
use crate::directory::book::{Book, Card};
use crate::directory::list;
use crate::error::DeskError;
use crate::store::{doc, heads};
use model::people::row::{OfficeStanding, OrganisationSheet, PersonSheet};
use model::{Entity, EntityId, EntityMark, StudyId, kind};
use rusqlite::Connection;
use std::collections::BTreeMap;

impl Desk {
    /// A person of the directory; a joined record gives the one that is kept, a credential its
    /// holder.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn person_sheet(&self, id: &EntityId) -> Result<PersonSheet, DeskError> {
        let (book, today) = (self.book()?, self.day());
        let card = of_kind(&book, id, kind::INDIVIDUAL)?;
        let uses = list::uses_on(&book, &card.id, today);
        let roles = list::open_roles(&uses);
        let conn = &self.opened.conn;
        let held: Vec<&Card> = book.below(&card.id);
        let shown = book
            .records(&card.id)
            .into_iter()
            .chain(held.iter().copied());
        Ok(PersonSheet {
            row: list::person_row(&book, card, today),
            entity: entity(conn, card)?,
            also: also(conn, &book, card)?,
            homes: homes(card, shown),
            credentials: entities(conn, held.into_iter().filter(is_credential))?,
            standings: list::standings(&book, &card.id, &roles, today),
            uses,
        })
    }

    /// An organisation of the directory; a joined record gives the one that is kept, a part (and
    /// what an office can show) its organisation.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn organisation_sheet(&self, id: &EntityId) -> Result<OrganisationSheet, DeskError> {
        let (book, today) = (self.book()?, self.day());
        let card = of_kind(&book, id, kind::ORGANISATION)?;
        let members = list::members(&book).remove(&card.id).unwrap_or_default();
        let conn = &self.opened.conn;
        let parts = book.below(&card.id);
        let mut shown = book.records(&card.id);
        shown.extend(&parts);
        let mut credentials = Vec::new();
        let mut standings = Vec::new();
        for office in parts.iter().filter(|part| part.kind == kind::OFFICE) {
            let held = book.below(&office.id);
            shown.extend(&held);
            credentials.extend(entities(conn, held.into_iter())?);
            standings.push(OfficeStanding {
                office: office.id.clone(),
                standings: list::standings(&book, &office.id, &[], today),
            });
        }
        let people = members
            .iter()
            .map(|card| list::person_row(&book, card, today));
        Ok(OrganisationSheet {
            row: list::organisation_row(&book, card, members.len()),
            entity: entity(conn, card)?,
            also: also(conn, &book, card)?,
            people: people.collect(),
            parts: entities(conn, parts.into_iter())?,
            credentials,
            standings,
            homes: homes(card, shown),
            uses: list::organisation_uses(&book, &card.id),
        })
    }
}

/// The entry of a kind that something is, or is part of.
fn of_kind<'a>(book: &'a Book, id: &EntityId, kind: &str) -> Result<&'a Card, DeskError> {
    let mut card = book.card(id);
    // A credential of an office is two steps from its organisation.
    for _ in 0..2 {
        let part = card.filter(|card| card.kind != kind);
        let Some(parent) = part.and_then(|part| part.parent.as_ref()) else {
            break;
        };
        card = book.card(parent);
    }
    card.filter(|card| card.kind == kind)
        .ok_or_else(|| DeskError::no_entity(id.as_str()))
}

fn is_credential(card: &&Card) -> bool {
    card.kind == kind::CREDENTIAL
}

/// Where those stand that are in another directory than the entry.
fn homes<'a>(
    entry: &Card,
    shown: impl IntoIterator<Item = &'a Card>,
) -> BTreeMap<EntityId, StudyId> {
    let shown = shown.into_iter();
    let others = shown.filter(|card| card.directory != entry.directory);
    others
        .map(|card| (card.id.clone(), card.directory.clone()))
        .collect()
}

fn also(conn: &Connection, book: &Book, card: &Card) -> Result<Vec<Entity>, DeskError> {
    entities(conn, book.records(&card.id).into_iter().skip(1))
}

fn entities<'a>(
    conn: &Connection,
    cards: impl Iterator<Item = &'a Card>,
) -> Result<Vec<Entity>, DeskError> {
    cards.map(|card| entity(conn, card)).collect()
}

/// An entry with its registers and their rivals.
fn entity(conn: &Connection, card: &Card) -> Result<Entity, DeskError> {
    let mut fields = BTreeMap::new();
    for (field, _) in heads::of_entity(conn, card.entity)? {
        if crate::project::is_content(&field) && !fields.contains_key(&field) {
            let register = doc::register(conn, card.stream, card.entity, &field)?;
            fields.extend(register.map(|register| (field, register)));
        }
    }
    Ok(Entity {
        id: card.id.clone(),
        kind: card.kind.clone(),
        parent: card.parent.clone(),
        ord: card.ord.clone(),
        mark: if card.archived {
            EntityMark::Archived
        } else {
            EntityMark::Live
        },
        fields,
    })
}
