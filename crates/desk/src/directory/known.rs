//! Who is here, by what tells people apart.

use crate::directory::book::{Book, Card};
use model::card::{ContactCard, name_key};
use model::people::incoming::{Alike, AlikeWhy};
use model::{EntityId, Lang, StudyDoc, kind};
use std::collections::HashMap;

/// Somebody who is here.
pub(super) struct Person {
    id: EntityId,
    card: ContactCard,
}

/// People of the directory who are not put aside.
pub(super) fn people_of(book: &Book) -> Vec<Person> {
    let people = book.of_kind(kind::INDIVIDUAL).filter(|card| !card.archived);
    people
        .map(|card| Person {
            id: card.id.clone(),
            card: card_of(book, card, Lang::Zh),
        })
        .collect()
}

/// Somebody of the directory as an address book knows her.
pub(super) fn card_of(book: &Book, card: &Card, lang: Lang) -> ContactCard {
    let text = |field: &str| book.text(&card.id, field).to_owned();
    let name_of = |field: &str| {
        let records = book.records(&card.id).into_iter();
        let mut ids = records.filter_map(|record| record.reference(field));
        let named = ids.next().and_then(|id| book.card(&id));
        named.map_or(String::new(), |card| {
            let (first, second) = match lang {
                Lang::Zh => ("name.zh", "name.en"),
                Lang::En => ("name.en", "name.zh"),
            };
            let wanted = card.text(first);
            if wanted.is_empty() {
                card.text(second)
            } else {
                wanted
            }
            .to_owned()
        })
    };
    let (organisation, department) = (name_of("organisation"), name_of("department"));
    ContactCard::of_person(card.id.as_str(), &text, (&organisation, &department), lang)
}

/// Contacts of a study.
pub(super) fn contacts_of(doc: &StudyDoc) -> Vec<Person> {
    doc.of_kind(kind::CONTACT)
        .map(|contact| {
            let site = contact.parent.as_ref().and_then(|id| doc.entity(id));
            let site = site.filter(|site| site.kind == kind::SITE);
            Person {
                id: contact.id.clone(),
                card: ContactCard::of(contact, site, Lang::Zh),
            }
        })
        .collect()
}

/// Those who are here, by what tells them.
pub(super) struct Known {
    people: Vec<Person>,
    by_name: HashMap<String, Vec<usize>>,
    by_detail: HashMap<String, Vec<usize>>,
}

impl Known {
    pub(super) fn read(people: Vec<Person>) -> Self {
        let mut known = Self {
            people: Vec::new(),
            by_name: HashMap::new(),
            by_detail: HashMap::new(),
        };
        for (place, person) in people.iter().enumerate() {
            for name in person.card.names() {
                known.by_name.entry(name).or_default().push(place);
            }
            for detail in person.card.details() {
                known.by_detail.entry(detail).or_default().push(place);
            }
        }
        known.people = people;
        known
    }

    /// Who it surely or perhaps is: by id, name with a detail or
    /// the organisation, a detail, or the name.
    pub(super) fn find(&self, card: &ContactCard) -> Option<Alike> {
        let id = card.uid.rsplit(':').next().and_then(EntityId::parse);
        let by_id = id.and_then(|id| self.people.iter().position(|person| person.id == id));
        let names = card.names();
        let details = card.details();
        let look = |index: &HashMap<String, Vec<usize>>, keys: &[String]| -> Vec<usize> {
            let found = keys.iter().filter_map(|key| index.get(key));
            found.flatten().copied().collect()
        };
        let (named, reached) = (look(&self.by_name, &names), look(&self.by_detail, &details));
        let same_place = self.same_place(card, &named);
        let both = named.iter().find(|place| reached.contains(place));
        let (place, why) = by_id
            .map(|place| (place, AlikeWhy::Id))
            .or(both.map(|place| (*place, AlikeWhy::NameAndDetail)))
            .or(same_place.map(|place| (place, AlikeWhy::NameAndOrganisation)))
            .or(reached.first().map(|place| (*place, AlikeWhy::Detail)))
            .or(named.first().map(|place| (*place, AlikeWhy::Name)))?;
        let person = self.people.get(place)?;
        Some(Alike {
            id: person.id.clone(),
            name: person.card.name.clone(),
            organisation: person.card.organisation.clone(),
            why,
        })
    }

    /// The only one of a name at the card's organisation, unless a detail or the department
    /// speaks against it.
    fn same_place(&self, card: &ContactCard, named: &[usize]) -> Option<usize> {
        let wanted = name_key(&card.organisation);
        let is_other = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
        let fits = |person: &Person| {
            let (own, department) = (&person.card, name_key(&person.card.department));
            name_key(&own.organisation) == wanted
                && !is_other(&department, &name_key(&card.department))
                && (own.details().is_empty() || card.details().is_empty())
        };
        let all = named.iter().copied();
        let mut found = all.filter(|place| self.people.get(*place).is_some_and(fits));
        let first = found.next().filter(|_| !wanted.is_empty())?;
        // A name is found in more than one spelling of it.
        found.all(|place| place == first).then_some(first)
    }
}
