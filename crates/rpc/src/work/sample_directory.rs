//! The sample's organisations and people, and what they do in its studies.

use crate::failure::Failure;
use desk::{Desk, Edit};
use model::sample::{self, SampleOffice};
use model::{Entity, EntityId, Link, Register, StudyDoc, StudyId, kind};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Fills the directory and the delegation logs of the studies.
pub(super) fn fill(desk: &mut Desk, studies: &[StudyId]) -> Result<(), Failure> {
    let mut keys = Keys {
        home: desk.directory(),
        parts: HashMap::new(),
        people: HashMap::new(),
    };
    keys.organisations(desk)?;
    keys.people(desk)?;
    keys.named(desk)?;
    // The first study is the one that was worked on last: it heads the list.
    for study in studies.iter().rev() {
        keys.study(desk, study)?;
    }
    Ok(())
}

/// What was made, by the keys of the sample.
struct Keys {
    home: StudyId,
    /// Organisations (with an empty second key) and their parts.
    parts: HashMap<(&'static str, &'static str), EntityId>,
    people: HashMap<&'static str, EntityId>,
}

type Fields = BTreeMap<String, Value>;

impl Keys {
    fn add(
        &self,
        desk: &mut Desk,
        kind: &str,
        parent: Option<&EntityId>,
        fields: Fields,
    ) -> Result<EntityId, Failure> {
        Ok(desk.add(&self.home, kind, parent.cloned(), fields, None)?.0)
    }

    fn link(&self, id: Option<&EntityId>) -> Option<Value> {
        let link = Link {
            entity: id?.clone(),
            directory: self.home.clone(),
        };
        Some(link.to_value())
    }

    fn organisations(&mut self, desk: &mut Desk) -> Result<(), Failure> {
        for organisation in &sample::directory().organisations {
            let fields = organisation.fields.clone();
            let id = self.add(desk, kind::ORGANISATION, None, fields)?;
            for part in &organisation.parts {
                let made = self.add(desk, &part.kind, Some(&id), part.fields.clone())?;
                for credential in &part.credentials {
                    self.add(desk, kind::CREDENTIAL, Some(&made), credential.clone())?;
                }
                let key = (organisation.key.as_str(), part.key.as_str());
                self.parts.insert(key, made);
            }
            self.parts.insert((organisation.key.as_str(), ""), id);
        }
        Ok(())
    }

    fn people(&mut self, desk: &mut Desk) -> Result<(), Failure> {
        for person in &sample::directory().people {
            let mut fields = person.fields.clone();
            let organisation = self.parts.get(&(person.organisation.as_str(), ""));
            let key = (person.organisation.as_str(), person.department.as_str());
            let department = self
                .parts
                .get(&key)
                .filter(|_| !person.department.is_empty());
            let places = [("organisation", organisation), ("department", department)];
            for (field, place) in places {
                if let Some(link) = self.link(place) {
                    fields.insert(field.into(), link);
                }
            }
            let id = self.add(desk, kind::INDIVIDUAL, None, fields)?;
            for credential in &person.credentials {
                self.add(desk, kind::CREDENTIAL, Some(&id), credential.clone())?;
            }
            self.people.insert(&person.key, id);
        }
        Ok(())
    }

    /// Who leads a department and whom to ask at a committee or office.
    fn named(&self, desk: &mut Desk) -> Result<(), Failure> {
        let mut edits = Vec::new();
        for organisation in &sample::directory().organisations {
            for part in &organisation.parts {
                let id = self
                    .parts
                    .get(&(organisation.key.as_str(), part.key.as_str()));
                edits.extend(id.into_iter().flat_map(|id| self.people_of(id, part)));
            }
        }
        desk.set_many(&self.home, edits, None)?;
        Ok(())
    }

    fn people_of(&self, id: &EntityId, part: &SampleOffice) -> Vec<Edit> {
        let named = part.people.iter();
        let linked = named
            .filter_map(|(field, key)| Some((field, self.link(self.people.get(key.as_str()))?)));
        linked
            .map(|(field, value)| edit(id, field, value, None))
            .collect()
    }

    fn study(&self, desk: &mut Desk, study: &StudyId) -> Result<(), Failure> {
        let Some(doc) = desk.study(study)? else {
            return Ok(());
        };
        let number = doc.root().map_or("", |root| root.text("number.org"));
        let site_of = |site: &str| {
            let mut sites = doc.of_kind(kind::SITE);
            sites.find(|one| one.text("number") == site)
        };
        let mut edits = self.contacts(&doc);
        let all = sample::directory();
        for site in all.sites.iter().filter(|one| one.study == number) {
            let Some(entity) = site_of(&site.site) else {
                continue;
            };
            let parts = [
                ("organisation", ""),
                ("department", site.department.as_str()),
                ("committee", site.committee.as_str()),
                ("office", site.office.as_str()),
            ];
            for (field, key) in parts {
                let part = self.parts.get(&(site.organisation.as_str(), key));
                let field = format!("directory.{field}");
                if let Some(link) = self.link(part) {
                    edits.push(edit(&entity.id, &field, link, entity.fields.get(&field)));
                }
            }
        }
        desk.set_many(study, edits, None)?;
        for duty in all.duties.iter().filter(|one| one.study == number) {
            let Some(site) = site_of(&duty.site) else {
                continue;
            };
            let mut fields = duty.fields.clone();
            let by = duty.authorised_by.as_deref();
            let people = [
                ("person", self.people.get(duty.person.as_str())),
                ("authorisedBy", by.and_then(|by| self.people.get(by))),
            ];
            for (field, person) in people {
                if let Some(link) = self.link(person) {
                    fields.insert(field.into(), link);
                }
            }
            desk.add(study, kind::ASSIGNMENT, Some(site.id.clone()), fields, None)?;
        }
        Ok(())
    }

    /// Contacts of a study are people of the directory by their names.
    fn contacts(&self, doc: &StudyDoc) -> Vec<Edit> {
        let person_of = |contact: &Entity| {
            let mut people = sample::directory().people.iter();
            let name = contact.text("name.zh");
            people.find(|one| one.fields.get("name.zh").and_then(Value::as_str) == Some(name))
        };
        let contacts = doc.of_kind(kind::CONTACT);
        let known = contacts.filter_map(|contact| {
            let key = person_of(contact)?.key.as_str();
            let link = self.link(self.people.get(key))?;
            Some(edit(&contact.id, "directory.person", link, None))
        });
        known.collect()
    }
}

fn edit(entity: &EntityId, field: &str, value: Value, known: Option<&Register>) -> Edit {
    Edit {
        entity: entity.clone(),
        field: field.into(),
        value,
        seen: known.map(Register::seen).unwrap_or_default(),
    }
}
