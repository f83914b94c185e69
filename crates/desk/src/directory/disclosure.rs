//! Contacts that are given out, and the log of it.

use crate::desk::{Changed, Desk};
use crate::directory::begin;
use crate::directory::known::card_of;
use crate::edit::{checked, save};
use crate::error::DeskError;
use crate::store::doc;
use crate::store::write::Change;
use crate::{ord, time};
use model::card::{ContactCard, name_key};
use model::people::delegation;
use model::people::row::DisclosureRow;
use model::{EntityId, Lang, Link, StudyDoc, StudyId, code, kind};
use serde_json::{Value, json};

/// Most people that an entry of the log names one by one.
const NAMED_MAX: usize = model::check::LIST_LEN_MAX;

/// What stands between the roles of somebody who has several.
const ROLES: &str = " / ";

/// A list of contacts that is about to be given out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disclosure {
    /// The study whose contacts they are; `None` for people of the directory.
    pub study: Option<StudyId>,
    /// `vcf`, `zip`, `csv` or `xlsx`.
    pub format: String,
    /// Whose cards they are.
    pub people: Vec<EntityId>,
    /// To whom.
    pub to: String,
    /// Why.
    pub purpose: String,
}

impl Desk {
    /// Cards of a study's contacts, or of people of the directory; `ids` empty means all, of a
    /// study also those who do something in it today.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when one of them is not there, [`DeskError::Storage`].
    pub fn cards(
        &self,
        study: Option<&StudyId>,
        ids: &[EntityId],
        lang: Lang,
    ) -> Result<Vec<ContactCard>, DeskError> {
        let Some(study) = study else {
            return self.people_cards(ids, lang);
        };
        let doc = self
            .study(study)?
            .ok_or_else(|| DeskError::no_study(study.as_str()))?;
        let all = doc.of_kind(kind::CONTACT);
        let wanted: Vec<_> = all
            .filter(|contact| ids.is_empty() || ids.contains(&contact.id))
            .collect();
        if let Some(gone) = ids
            .iter()
            .find(|id| !wanted.iter().any(|one| one.id == **id))
        {
            return Err(DeskError::no_entity(gone.as_str()));
        }
        let cards = wanted.into_iter().map(|contact| {
            let site = contact.parent.as_ref().and_then(|id| doc.entity(id));
            let site = site.filter(|site| site.kind == kind::SITE);
            ContactCard::of(contact, site, lang)
        });
        let mut cards: Vec<ContactCard> = cards.collect();
        if ids.is_empty() {
            let team = self.team_cards(&doc, lang)?;
            let is_new = |card: &ContactCard| {
                let mut known = cards.iter().map(|known| name_key(&known.name));
                !known.any(|known| known == name_key(&card.name))
            };
            let team: Vec<_> = team.into_iter().filter(is_new).collect();
            cards.extend(team);
        }
        Ok(cards)
    }

    /// Everybody who does something in a study today, by name, with all that she does as her role.
    fn team_cards(&self, doc: &StudyDoc, lang: Lang) -> Result<Vec<ContactCard>, DeskError> {
        let (book, today) = (self.book()?, self.day());
        let mut cards: Vec<ContactCard> = Vec::new();
        for duty in delegation::log(doc, &|id| book.kept(id)) {
            let person = duty.person.as_ref().filter(|_| duty.is_open(today));
            let person = person.and_then(|person| book.card(person));
            let Some(person) = person.filter(|card| !card.archived) else {
                continue;
            };
            let role = code::text("contactRole", &duty.role, lang);
            let known = cards.iter_mut().find(|card| card.uid == person.id.as_str());
            match known {
                Some(card) if card.role.split(ROLES).any(|known| known == role) => {}
                Some(card) => card.role = format!("{}{ROLES}{role}", card.role),
                None => cards.push(ContactCard {
                    role: role.to_owned(),
                    ..card_of(&book, person, lang)
                }),
            }
        }
        cards.sort_by(|a, b| (&a.name, &a.uid).cmp(&(&b.name, &b.uid)));
        Ok(cards)
    }

    fn people_cards(&self, ids: &[EntityId], lang: Lang) -> Result<Vec<ContactCard>, DeskError> {
        let book = self.book()?;
        let is_person = |id: &EntityId| {
            let card = book.card(id);
            card.filter(|card| card.kind == kind::INDIVIDUAL)
                .ok_or_else(|| DeskError::no_entity(id.as_str()))
        };
        let people = if ids.is_empty() {
            let all = book.of_kind(kind::INDIVIDUAL);
            all.filter(|card| !card.archived).collect()
        } else {
            ids.iter().map(is_person).collect::<Result<Vec<_>, _>>()?
        };
        let mut cards: Vec<ContactCard> = people
            .into_iter()
            .map(|card| card_of(&book, card, lang))
            .collect();
        cards.sort_by(|a, b| (&a.name, &a.uid).cmp(&(&b.name, &b.uid)));
        cards.dedup_by(|a, b| a.uid == b.uid);
        Ok(cards)
    }

    /// Notes in the log that contacts are given out. It is no step that can be taken back.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] without a receiver or a purpose.
    pub fn disclose(&mut self, disclosure: &Disclosure) -> Result<Changed, DeskError> {
        let directory = self.directory();
        let missing = |field: &str| DeskError::missing(kind::DISCLOSURE, field);
        for (field, text) in [("to", &disclosure.to), ("purpose", &disclosure.purpose)] {
            if text.trim().is_empty() {
                return Err(missing(field));
            }
        }
        let n = disclosure.people.len();
        let named: &[EntityId] = if n <= NAMED_MAX {
            &disclosure.people
        } else {
            &[]
        };
        let study = disclosure.study.as_ref().map(|study| {
            let link = Link {
                entity: study.root(),
                directory: study.clone(),
            };
            link.to_value()
        });
        let fields: [(&str, Value); 6] = [
            ("format", disclosure.format.as_str().into()),
            ("study", study.unwrap_or_default()),
            ("n", n.into()),
            ("people", json!({ "list": named })),
            ("to", disclosure.to.trim().into()),
            ("purpose", disclosure.purpose.trim().into()),
        ];
        self.transact(|conn, author| {
            begin(conn, author, &directory)?;
            let id = EntityId::from_uuid(time::new_id(author.env));
            let change =
                |field: &str, value| Change::first(id.as_str(), kind::DISCLOSURE, field, value);
            let mut changes = vec![
                change("parent", json!({"$ref": directory.as_str()})),
                change("ord", ord::nth(0).into()),
            ];
            for (field, value) in fields {
                let value = checked(kind::DISCLOSURE, field, value)?;
                if !value.is_null() {
                    changes.push(change(field, value));
                }
            }
            save(conn, author, &directory, changes, None)
        })?;
        Ok(Changed::study(directory.as_str()))
    }

    /// The log of contacts that were given out, the newest first.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn disclosures(&self) -> Result<Vec<DisclosureRow>, DeskError> {
        let (book, conn) = (self.book()?, &self.opened.conn);
        let titles = self.studies()?;
        let mut rows = Vec::new();
        for card in book.of_kind(kind::DISCLOSURE) {
            let register = doc::register(conn, card.stream, card.entity, "n")?;
            let Some(head) = register.and_then(|register| register.heads.into_iter().next()) else {
                continue;
            };
            let study = card.value("study").and_then(Link::read);
            let study = study.map(|link| link.directory);
            let title = titles.iter().find(|row| Some(&row.id) == study.as_ref());
            rows.push(DisclosureRow {
                id: card.id.clone(),
                at: head.at,
                by_name: head.by_name,
                title: title.map_or("", crate::findings::title).to_owned(),
                study,
                format: card.text("format").to_owned(),
                n: head
                    .value
                    .as_u64()
                    .and_then(|n| u32::try_from(n).ok())
                    .unwrap_or(0),
                to: card.text("to").to_owned(),
                purpose: card.text("purpose").to_owned(),
            });
        }
        rows.sort_by(|a, b| (&b.at, &b.id).cmp(&(&a.at, &a.id)));
        Ok(rows)
    }
}
