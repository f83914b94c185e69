//! Contacts that a file brings: who may be here already, and taking them in.

use crate::desk::{Changed, Desk};
use crate::directory::begin;
use crate::directory::book::{Book, Card};
use crate::directory::known::{Known, contacts_of, people_of};
use crate::directory::site_named::Sites;
use crate::edit::{checked, find, head_ids, save};
use crate::error::DeskError;
use crate::project::places;
use crate::store::heads;
use crate::store::write::Change;
use crate::{ord, time};
use model::card::{ContactCard, name_key, register_of};
use model::people::day;
use model::people::incoming::CardMatch;
use model::{EntityId, Lang, StudyDoc, StudyId, kind};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A card of a file, with what a table says beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncomingCard {
    /// The card; its `uid` is an id of ours where we wrote the file.
    pub card: ContactCard,
    /// The site as written; empty when none is.
    pub site: String,
}

/// A card that a person chose to take in.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenCard {
    /// The card.
    pub card: ContactCard,
    /// The site that a contact of a study belongs to; `None` for the study itself.
    pub site: Option<EntityId>,
    /// Who gets what she lacks of it; `None` makes a new entry.
    pub into: Option<EntityId>,
    /// Who of the directory a contact of a study is, by a person's word; whoever she surely is, she
    /// is without it.
    pub person: Option<EntityId>,
}

/// What taking in did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CardsTaken {
    /// New entries.
    pub n_added: usize,
    /// Entries that got something they lacked.
    pub n_completed: usize,
    /// Organisations that are new in the directory.
    pub n_organisations: usize,
}

impl Desk {
    /// Who here may be each of the cards; nothing is written.
    ///
    /// With a study its contacts are meant, without one the directory.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn cards_alike(
        &self,
        study: Option<&StudyId>,
        cards: &[IncomingCard],
    ) -> Result<Vec<CardMatch>, DeskError> {
        let book = self.book()?;
        let doc = study.map(|study| self.study_doc(study)).transpose()?;
        let known = Known::read(match &doc {
            Some(doc) => contacts_of(doc),
            None => people_of(&book),
        });
        let people = doc.as_ref().map(|_| Known::read(people_of(&book)));
        let organisations = Organisations::read(&book);
        let mut sites = Sites::default();
        let mut earlier: HashMap<(String, String), u32> = HashMap::new();
        let matches = (0_u32..).zip(cards).map(|(place, incoming)| {
            let card = &incoming.card;
            let site = doc.as_ref().and_then(|doc| sites.find(doc, &incoming.site));
            let mut named = card.clone();
            if let (Some(doc), Some(site), true) = (&doc, &site, card.organisation.is_empty()) {
                let site = doc.entity(site);
                let facility = site.map_or("", |site| site.text_in("facility", Lang::Zh));
                facility.clone_into(&mut named.organisation);
            }
            // Without a detail the organisation tells two of one name apart.
            let told = match card.details().join("|") {
                none if none.is_empty() => name_key(&named.organisation),
                details => details,
            };
            let sure = (name_key(&card.name), told);
            let twin = earlier.get(&sure).copied();
            earlier.entry(sure).or_insert(place);
            CardMatch {
                alike: known.find(&named),
                person: people
                    .as_ref()
                    .and_then(|people| people.find(&named))
                    .filter(|person| !person.why.is_sure()),
                twin,
                site,
                organisation: organisations.find(&card.organisation),
            }
        });
        Ok(matches.collect())
    }

    /// Takes cards into the directory, or into a study: all or nothing, one step back.
    ///
    /// An entry that is here gets what it lacks; what it has is never changed.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Invalid`].
    pub fn take_cards(
        &mut self,
        study: Option<&StudyId>,
        cards: Vec<ChosenCard>,
    ) -> Result<(CardsTaken, Changed), DeskError> {
        let book = self.book()?;
        let own = self.directory();
        let target = study.cloned().unwrap_or_else(|| own.clone());
        let mut taken = CardsTaken::default();
        let saved = self.transact(|conn, author| {
            begin(conn, author, &target)?;
            let mut sheet = Sheet {
                conn,
                book: &book,
                organisations: Organisations::read(&book),
                directory: own.clone(),
                made: HashMap::new(),
                changes: BTreeMap::new(),
                people: Known::read(people_of(&book)),
                shown: BTreeSet::new(),
                new_id: &|| EntityId::from_uuid(time::new_id(author.env)),
            };
            for (n, chosen) in cards.iter().enumerate() {
                match study {
                    Some(study) => sheet.contact(study, n, chosen, &mut taken)?,
                    None => sheet.person(n, chosen, &mut taken)?,
                }
            }
            let mut saved = Vec::new();
            for (stream, changes) in sheet.changes {
                saved.push((stream.clone(), save(conn, author, &stream, changes, None)?));
            }
            Ok(saved)
        })?;
        let mut changed = Changed::default();
        self.remember_together(&saved)?;
        for (stream, _) in saved {
            changed.add(Changed::study(stream.as_str()));
        }
        Ok((taken, changed))
    }

    /// A study that must be here.
    fn study_doc(&self, study: &StudyId) -> Result<StudyDoc, DeskError> {
        self.study(study)?
            .ok_or_else(|| DeskError::no_study(study.as_str()))
    }
}

/// What is being taken in.
struct Sheet<'a> {
    conn: &'a Connection,
    book: &'a Book,
    organisations: Organisations,
    directory: StudyId,
    /// Organisations and departments of this import, by name and parent.
    made: HashMap<(Option<EntityId>, String), EntityId>,
    changes: BTreeMap<StudyId, Vec<Change>>,
    /// The people of the directory, whom contacts of a study may be.
    people: Known,
    /// Certificates of this import, by person, kind and number or last day.
    shown: BTreeSet<(EntityId, &'static str, String)>,
    new_id: &'a dyn Fn() -> EntityId,
}

impl Sheet<'_> {
    fn person(
        &mut self,
        n: usize,
        chosen: &ChosenCard,
        taken: &mut CardsTaken,
    ) -> Result<(), DeskError> {
        let mut fields = chosen.card.person_fields();
        let known = chosen.into.as_ref().map(|into| {
            let card = self.book.card(into);
            let card = card.filter(|card| card.kind == kind::INDIVIDUAL);
            card.ok_or_else(|| DeskError::no_entity(into.as_str()))
        });
        let known = known.transpose()?;
        // Where she works stays as it is, and a reference stays inside its own directory.
        let may_name = known.is_none_or(|card| {
            card.directory == self.directory && card.reference("organisation").is_none()
        });
        let name = if may_name {
            chosen.card.organisation.as_str()
        } else {
            ""
        };
        if let Some(organisation) = self.organisation(name, taken)? {
            let department = self.department(&organisation, &chosen.card.department)?;
            fields.insert("organisation".into(), json!({"$ref": organisation}));
            if let Some(department) = department {
                fields.insert("department".into(), json!({"$ref": department}));
            }
        }
        match known {
            Some(card) => {
                let (directory, id) = (card.directory.clone(), card.id.clone());
                let is_filled = self.complete(&directory, &id, fields)?;
                let is_shown = self.certificates(&directory, &id, &chosen.card)?;
                taken.n_completed += usize::from(is_filled || is_shown);
                Ok(())
            }
            None => {
                taken.n_added += 1;
                let stream = self.directory.clone();
                let parent = stream.root();
                let id = self.add(&stream, kind::INDIVIDUAL, &parent, n, fields)?;
                self.certificates(&stream, &id, &chosen.card)?;
                Ok(())
            }
        }
    }

    fn contact(
        &mut self,
        study: &StudyId,
        n: usize,
        chosen: &ChosenCard,
        taken: &mut CardsTaken,
    ) -> Result<(), DeskError> {
        let mut fields = chosen.card.fields();
        // Whoever is surely in the directory is the same person in the study.
        let (book, named) = (self.book, self.at_site(study, chosen)?);
        let sure = self.people.find(&named).filter(|one| one.why.is_sure());
        let person = match (&chosen.person, sure) {
            (Some(id), _) => {
                let card = book.card(id).filter(|card| card.kind == kind::INDIVIDUAL);
                Some(card.ok_or_else(|| DeskError::no_entity(id.as_str()))?)
            }
            (None, sure) => sure.and_then(|one| book.card(&one.id)),
        };
        if let Some(card) = person {
            let (directory, id) = (card.directory.clone(), card.id.clone());
            fields.insert("directory.person".into(), card.link().to_value());
            self.certificates(&directory, &id, &chosen.card)?;
        }
        if let Some(into) = &chosen.into {
            taken.n_completed += usize::from(self.complete(study, into, fields)?);
            return Ok(());
        }
        let parent = chosen.site.clone().unwrap_or_else(|| study.root());
        let found = find(self.conn, study, &parent)?;
        if ![kind::SITE, kind::STUDY].contains(&found.kind.as_str()) {
            return Err(DeskError::no_entity(parent.as_str()));
        }
        taken.n_added += 1;
        let siblings = places::children(self.conn, found.entity)?.len();
        self.add(study, kind::CONTACT, &parent, siblings + n, fields)?;
        Ok(())
    }

    fn add(
        &mut self,
        stream: &StudyId,
        kind: &str,
        parent: &EntityId,
        n: usize,
        fields: BTreeMap<String, Value>,
    ) -> Result<EntityId, DeskError> {
        let id = (self.new_id)();
        let mut put = |field: &str, value| {
            let change = Change::first(id.as_str(), kind, field, value);
            self.changes.entry(stream.clone()).or_default().push(change);
        };
        put("parent", json!({"$ref": parent.as_str()}));
        put("ord", ord::nth(n).into());
        for (field, value) in fields {
            let value = checked(kind, &field, value)?;
            if !value.is_null() {
                put(&field, value);
            }
        }
        Ok(id)
    }

    /// The card with the hospital of its site, where it names none itself.
    fn at_site(&self, study: &StudyId, chosen: &ChosenCard) -> Result<ContactCard, DeskError> {
        let mut card = chosen.card.clone();
        if let Some(site) = chosen
            .site
            .as_ref()
            .filter(|_| card.organisation.is_empty())
        {
            let site = find(self.conn, study, site)?.entity;
            for field in ["facility.zh", "facility.en"] {
                if card.organisation.is_empty() {
                    card.organisation = heads::shown_text(self.conn, site, field)?;
                }
            }
        }
        Ok(card)
    }

    /// The certificates that a table speaks of; whether any of them is new here.
    fn certificates(
        &mut self,
        stream: &StudyId,
        person: &EntityId,
        card: &ContactCard,
    ) -> Result<bool, DeskError> {
        let is_certified = self.certificate(stream, person, &card.gcp_until)?;
        Ok(self.licence(stream, person, &card.licence)? || is_certified)
    }

    /// A licence to practise that a table gives the number of, unless it is here.
    fn licence(
        &mut self,
        stream: &StudyId,
        person: &EntityId,
        number: &str,
    ) -> Result<bool, DeskError> {
        let key = name_key(number);
        let mut held = self.book.below(person).into_iter();
        let is_here =
            held.any(|card| card.text("kind") == "LICENCE" && name_key(card.text("number")) == key);
        let one = (person.clone(), "LICENCE", key.clone());
        if key.is_empty() || is_here || !self.shown.insert(one) {
            return Ok(false);
        }
        let fields = BTreeMap::from([
            ("kind".to_owned(), Value::from("LICENCE")),
            ("number".to_owned(), Value::from(number)),
        ]);
        let n = self.book.below(person).len() + 1;
        self.add(stream, kind::CREDENTIAL, person, n, fields)?;
        Ok(true)
    }

    /// A GCP certificate that a table speaks of, unless one that is valid as long is here.
    fn certificate(
        &mut self,
        stream: &StudyId,
        person: &EntityId,
        until: &str,
    ) -> Result<bool, DeskError> {
        let Some(day) = day::last(until) else {
            return Ok(false);
        };
        let held = self.book.credentials(person);
        let mut held = held.iter().filter(|one| one.kind == "GCP" && one.is_shown);
        if held.any(|one| one.until.is_none_or(|until| until >= day)) {
            return Ok(false);
        }
        if !self.shown.insert((person.clone(), "GCP", until.to_owned())) {
            return Ok(false);
        }
        let fields = BTreeMap::from([
            ("kind".to_owned(), Value::from("GCP")),
            ("validUntil".to_owned(), Value::from(until)),
        ]);
        let n = self.book.below(person).len();
        self.add(stream, kind::CREDENTIAL, person, n, fields)?;
        Ok(true)
    }

    /// Fills what an entry lacks, and says whether it lacked any; a text that is there in another
    /// language counts as there.
    fn complete(
        &mut self,
        stream: &StudyId,
        id: &EntityId,
        fields: BTreeMap<String, Value>,
    ) -> Result<bool, DeskError> {
        let target = find(self.conn, stream, id)?;
        let mut n = 0;
        for (field, value) in fields {
            let there = heads::of_field(self.conn, target.entity, &field)?;
            let is_empty = there
                .iter()
                .all(|head| head.value().is_null() && !heads::is_redacted(&head.cmp));
            let changes = self.changes.entry(stream.clone()).or_default();
            let is_set = changes
                .iter()
                .any(|change| change.e == id.as_str() && change.f == field);
            if !is_empty || is_set {
                continue;
            }
            let value = checked(&target.kind, &field, value)?;
            if value.is_null() {
                continue;
            }
            let mut change = Change::first(id.as_str(), &target.kind, &field, value);
            change.p = head_ids(self.conn, target.entity, &field)?;
            changes.push(change);
            n += 1;
        }
        Ok(n > 0)
    }

    /// The organisation of a name: of the directory, of this import, or a new one.
    fn organisation(
        &mut self,
        name: &str,
        taken: &mut CardsTaken,
    ) -> Result<Option<EntityId>, DeskError> {
        if name.trim().is_empty() {
            return Ok(None);
        }
        let is_own = |id: &EntityId| {
            let card = self.book.card(id);
            card.is_some_and(|card| card.directory == self.directory)
        };
        if let Some(id) = self.organisations.find(name).filter(is_own) {
            return Ok(Some(id));
        }
        let key = (None, name_key(name));
        if let Some(id) = self.made.get(&key) {
            return Ok(Some(id.clone()));
        }
        let stream = self.directory.clone();
        let fields = BTreeMap::from([(register_of("name", name), Value::from(name.trim()))]);
        let n = self.made.len();
        let id = self.add(&stream, kind::ORGANISATION, &stream.root(), n, fields)?;
        self.made.insert(key, id.clone());
        taken.n_organisations += 1;
        Ok(Some(id))
    }

    fn department(
        &mut self,
        organisation: &EntityId,
        name: &str,
    ) -> Result<Option<EntityId>, DeskError> {
        let wanted = name_key(name);
        if wanted.is_empty() {
            return Ok(None);
        }
        let is_it = |card: &&Card| {
            let names = [card.text("name.zh"), card.text("name.en")];
            card.kind == kind::DEPARTMENT && names.iter().any(|name| name_key(name) == wanted)
        };
        if let Some(card) = self.book.below(organisation).into_iter().find(is_it) {
            return Ok(Some(card.id.clone()));
        }
        let key = (Some(organisation.clone()), wanted);
        if let Some(id) = self.made.get(&key) {
            return Ok(Some(id.clone()));
        }
        let stream = self.directory.clone();
        let fields = BTreeMap::from([(register_of("name", name), Value::from(name.trim()))]);
        let n = self.made.len();
        let id = self.add(&stream, kind::DEPARTMENT, organisation, n, fields)?;
        self.made.insert(key, id.clone());
        Ok(Some(id))
    }
}

/// The organisations of the directory by every name that they have.
struct Organisations(HashMap<String, EntityId>);

impl Organisations {
    fn read(book: &Book) -> Self {
        let mut found = HashMap::new();
        let all = book.of_kind(kind::ORGANISATION);
        for card in all.filter(|card| !card.archived) {
            for record in book.records(&card.id) {
                let own = ["name.zh", "name.en", "short.zh", "short.en", "registryName"];
                let own = own.map(|field| record.text(field)).into_iter();
                for name in own.chain(record.list("spellings")) {
                    let key = name_key(name);
                    if !key.is_empty() {
                        found.entry(key).or_insert_with(|| card.id.clone());
                    }
                }
            }
        }
        Self(found)
    }

    /// The one that has exactly this name.
    fn find(&self, name: &str) -> Option<EntityId> {
        self.0.get(&name_key(name)).cloned()
    }
}
