//! The delegation log of a study.

use crate::desk::Desk;
use crate::directory::book::Book;
use crate::error::DeskError;
use chrono::NaiveDate;
use model::people::credential::{self, Credential, Standing};
use model::people::delegation::{self, Duty, Finding};
use model::people::role;
use model::people::row::DutyRow;
use model::reference::Bilingual;
use model::{Entity, EntityId, Lang, StudyDoc, StudyId};
use std::collections::BTreeMap;

impl Desk {
    /// The delegation log of a study with what is wrong with it: removed entries too, by site and
    /// first day. With a site only what is done there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn delegation(
        &self,
        study: &StudyId,
        site: Option<&EntityId>,
    ) -> Result<Vec<DutyRow>, DeskError> {
        let doc = self
            .study(study)?
            .ok_or_else(|| DeskError::no_study(study.as_str()))?;
        let (book, today) = (self.book()?, self.day());
        let log = delegation::log(&doc, &|id| book.kept(id));
        let held = held_by(&book, &log);
        let mut rows = Vec::new();
        for duty in &log {
            let is_asked = site.is_none_or(|site| duty.site.as_ref() == Some(site));
            if let Some(entity) = doc.entity(&duty.id).filter(|_| is_asked) {
                let findings = judged(duty, &log, &held, &study.root(), today);
                let standings = asked(duty, &held, &study.root(), today);
                let row = row(&doc, &book, duty, entity, today);
                rows.push(DutyRow {
                    breach: findings.iter().any(Finding::is_breach),
                    findings,
                    standings,
                    ..row
                });
            }
        }
        rows.sort_by(|a, b| (&a.site, &a.from, &a.id).cmp(&(&b.site, &b.from, &b.id)));
        Ok(rows)
    }

    /// What would be wrong with an entry that is not written yet.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn duty_findings(&self, study: &StudyId, duty: Duty) -> Result<Vec<Finding>, DeskError> {
        let doc = self
            .study(study)?
            .ok_or_else(|| DeskError::no_study(study.as_str()))?;
        let (book, today) = (self.book()?, self.day());
        let mut log = delegation::log(&doc, &|id| book.kept(id));
        let kept = |id: &Option<EntityId>| id.as_ref().map(|id| book.kept(id));
        let duty = Duty {
            person: kept(&duty.person),
            authorised_by: kept(&duty.authorised_by),
            ..duty
        };
        log.push(duty.clone());
        let held = held_by(&book, &log);
        Ok(judged(&duty, &log, &held, &study.root(), today))
    }
}

type Held = BTreeMap<EntityId, Vec<Credential>>;

/// What everybody in a log can show; of somebody whose record is in another directory it is said
/// that nothing can be.
fn held_by(book: &Book, log: &[Duty]) -> Held {
    let mut held = Held::new();
    for person in log.iter().filter_map(|duty| duty.person.as_ref()) {
        if book.card(person).is_some() && !held.contains_key(person) {
            held.insert(person.clone(), book.credentials(person));
        }
    }
    held
}

fn judged(
    duty: &Duty,
    log: &[Duty],
    held: &Held,
    study: &EntityId,
    today: NaiveDate,
) -> Vec<Finding> {
    let mut findings = delegation::findings(duty, log, held, study, today);
    let is_here = duty.person.as_ref().is_none_or(|id| held.contains_key(id));
    if is_here {
        return findings;
    }
    findings.retain(|finding| !is_about_credentials(finding));
    let asks = role::find(&duty.role).is_some_and(|rule| !rule.credentials.is_empty());
    if asks && duty.is_open(today) {
        findings.push(Finding::CredentialsElsewhere);
    }
    findings
}

fn is_about_credentials(finding: &Finding) -> bool {
    matches!(
        finding,
        Finding::CredentialAtStart { .. } | Finding::CredentialNow { .. }
    )
}

/// How a person stands today with what the role asks for.
fn asked(duty: &Duty, held: &Held, study: &EntityId, today: NaiveDate) -> Vec<Standing> {
    let held = duty.person.as_ref().and_then(|person| held.get(person));
    let rule = role::find(&duty.role).filter(|_| !duty.is_removed);
    let (Some(held), Some(rule)) = (held, rule) else {
        return Vec::new();
    };
    let kinds = rule.credentials.iter();
    kinds
        .map(|kind| credential::standing(held, kind, Some(study), today))
        .collect()
}

/// An entry as it is written, before it is judged.
fn row(doc: &StudyDoc, book: &Book, duty: &Duty, entity: &Entity, today: NaiveDate) -> DutyRow {
    let site = duty.site.as_ref().and_then(|site| doc.entity(site));
    let person = duty.person.as_ref().and_then(|id| book.card(id));
    let name = |field: &str| {
        let known = person.map_or("", |card| book.text(&card.id, field));
        if known.is_empty() {
            entity.text(field)
        } else {
            known
        }
        .to_owned()
    };
    let by = duty.authorised_by.as_ref();
    let by_name = by.map(|id| name_of(doc, book, id)).unwrap_or_default();
    DutyRow {
        id: duty.id.clone(),
        site: duty.site.clone(),
        site_name: site
            .map_or("", |site| site.text_in("facility", Lang::Zh))
            .to_owned(),
        person: person
            .map(|card| card.link())
            .or_else(|| entity.link("person")),
        name_zh: name("name.zh"),
        name_en: name("name.en"),
        role: duty.role.clone(),
        tasks: duty.tasks.clone(),
        from: entity.text("from").to_owned(),
        until: entity.text("until").to_owned(),
        authorised_by: by_name,
        authorised_on: entity.text("authorisedOn").to_owned(),
        initials: entity.text("initials").to_owned(),
        open: duty.is_open(today),
        removed: duty.is_removed,
        breach: false,
        standings: Vec::new(),
        findings: Vec::new(),
    }
}

/// A name from the directory, or else as an entry of the log has it.
fn name_of(doc: &StudyDoc, book: &Book, id: &EntityId) -> Bilingual {
    if book.card(id).is_some() {
        return book.pair(id, "name");
    }
    let entries = doc.entities.iter();
    let mut own = entries.filter(|entity| {
        entity.kind == model::kind::ASSIGNMENT && entity.reference("person").as_ref() == Some(id)
    });
    own.next()
        .map(|entity| Bilingual {
            zh: entity.text("name.zh").to_owned(),
            en: entity.text("name.en").to_owned(),
        })
        .unwrap_or_default()
}
