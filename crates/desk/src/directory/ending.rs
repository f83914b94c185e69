//! Credentials that end soon or have ended, of people who are needed somewhere.

use super::list::{open_roles, standings, uses_on};
use crate::desk::Desk;
use crate::directory::book::Book;
use crate::error::DeskError;
use crate::project::{places, study_rows};
use crate::store::{heads, names};
use chrono::NaiveDate;
use model::milestone::today::CredentialEnd;
use model::people::credential::{self, Credential, Standing};
use model::people::delegation::Finding;
use model::people::row::{ContactStanding, DutyRow};
use model::reference::Bilingual;
use model::{Entity, EntityId, EntityMark, Link, StudyId, kind};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// The day that it was looked on, and the last commit that was here.
pub(crate) type Looked = (NaiveDate, i64);

impl Desk {
    /// Credentials to be looked through for reminders, unless neither the day nor anything stored
    /// is another than when [`Desk::looked`] was told so: the whole directory is read for them.
    pub(crate) fn ending_anew(&self) -> Result<(Looked, Vec<CredentialEnd>), DeskError> {
        let sql = "SELECT coalesce(max(id), 0) FROM commits";
        let last = self.opened.conn.query_row(sql, [], |row| row.get(0))?;
        let now = (self.day(), last);
        let is_known = self.book.borrow().1 == Some(now);
        let ending = if is_known {
            Vec::new()
        } else {
            self.credentials_ending()?
        };
        Ok((now, ending))
    }

    /// Notes that credentials were looked through; `None` has them looked through again.
    pub(crate) fn looked(&self, at: Option<Looked>) {
        self.book.borrow_mut().1 = at;
    }

    /// How the contacts of a study, or of one site, stand with the certificates that they or the
    /// directory tell of, one line for each.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn contact_standings(
        &self,
        study: &StudyId,
        site: Option<&EntityId>,
    ) -> Result<Vec<ContactStanding>, DeskError> {
        let doc = self
            .study(study)?
            .ok_or_else(|| DeskError::no_study(study.as_str()))?;
        let (book, today, root) = (self.book()?, self.day(), study.root());
        let log = self.delegation(study, site)?;
        let contacts = doc.of_kind(kind::CONTACT);
        let of = |contact: &Entity| {
            let said = (contact.text("gcpUntil"), contact.text("role"));
            let known = known_of(&book, contact.link("directory.person"));
            let standings = credential::all_of_contact(&contact.id, said, &known, &root, today);
            let id = contact.id.clone();
            let site = contact.parent.clone().filter(|parent| *parent != root);
            let all = standings.into_iter().map(|standing| ContactStanding {
                contact: id.clone(),
                site: site.clone(),
                ending: standing.state.is_ending() && !is_in_log(&log, contact, &standing),
                standing,
            });
            all.collect::<Vec<_>>()
        };
        let all = contacts.flat_map(of);
        Ok(all
            .filter(|one| site.is_none_or(|site| one.site.as_ref() == Some(site)))
            .collect())
    }

    /// Credentials that expire or have expired, of people and contacts whom a study in use names,
    /// by last day; of a contact who is nobody of the directory `person` is the contact.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn credentials_ending(&self) -> Result<Vec<CredentialEnd>, DeskError> {
        let (book, today) = (self.book()?, self.day());
        let mut found = Vec::new();
        for card in book.of_kind(kind::INDIVIDUAL).filter(|card| !card.archived) {
            let uses = uses_on(&book, &card.id, today);
            // Who is needed nowhere wants no attention today.
            let Some(place) = uses.iter().find(|place| place.open) else {
                continue;
            };
            let name = book.pair(&card.id, "name");
            for standing in standings(&book, &card.id, &open_roles(&uses), today) {
                if !standing.state.is_ending() {
                    continue;
                }
                found.push(CredentialEnd {
                    person: card.id.clone(),
                    name: name.clone(),
                    kind: standing.kind,
                    until: standing.until,
                    study: place.study.clone(),
                    entity: place.entity.clone(),
                    site_name: place.site_name.clone(),
                });
            }
        }
        contacts_ending(&self.opened.conn, &book, today, &mut found)?;
        found.sort_by(|a, b| (&a.until, &a.person).cmp(&(&b.until, &b.person)));
        Ok(found)
    }
}

/// What the person that a contact is in the directory holds.
fn known_of(book: &Book, link: Option<Link>) -> Vec<Credential> {
    link.map_or_else(Vec::new, |link| book.credentials(&link.entity))
}

/// Whether the delegation log says the same of the same name at the same site already.
fn is_in_log(log: &[DutyRow], contact: &Entity, standing: &Standing) -> bool {
    let is_name = |name: &str, field: &str| !name.is_empty() && name == contact.text(field);
    let is_said = |finding: &Finding| match finding {
        Finding::CredentialNow { kind, until, .. } => {
            (kind, until) == (&standing.kind, &standing.until)
        }
        _ => false,
    };
    log.iter().any(|row| {
        row.open
            && row.site == contact.parent
            && (is_name(&row.name_zh, "name.zh") || is_name(&row.name_en, "name.en"))
            && row.findings.iter().any(is_said)
    })
}

/// GCP certificates written beside contacts, where the directory does not know of another one.
fn contacts_ending(
    conn: &Connection,
    book: &Book,
    today: NaiveDate,
    found: &mut Vec<CredentialEnd>,
) -> Result<(), DeskError> {
    for (stream, name) in names::streams(conn)? {
        let row = study_rows::of(conn, stream)?;
        let is_used = row.is_some_and(|row| row.joined.is_none() && !row.archived);
        let Some(study) = StudyId::parse(&name).filter(|_| is_used) else {
            continue;
        };
        let is_away = |place: &places::PlaceRow| place.mark == EntityMark::Archived;
        let sites = places::of_kind(conn, stream, kind::SITE)?.into_iter();
        let away: BTreeSet<i64> = sites.filter(is_away).map(|site| site.entity).collect();
        let contacts = places::of_kind(conn, stream, kind::CONTACT)?.into_iter();
        let here = |place: &places::PlaceRow| {
            !is_away(place) && place.parent.is_none_or(|parent| !away.contains(&parent))
        };
        for place in contacts.filter(here) {
            let text = |field: &str| heads::shown_text(conn, place.entity, field);
            let until = text("gcpUntil")?;
            let Some(id) = EntityId::parse(&names::entity_name(conn, place.entity)?) else {
                continue;
            };
            let link = Link::read(&heads::shown(conn, place.entity, "directory.person")?);
            let known = known_of(book, link);
            // What the directory knows is said there.
            if until.is_empty() || known.iter().any(|one| one.kind == credential::GCP) {
                continue;
            }
            let standing = credential::of_contact(&id, &until, &known, &study.root(), today);
            if !standing.state.is_ending() {
                continue;
            }
            let of_site = |field| {
                let site = place
                    .parent
                    .map(|site| heads::shown_text(conn, site, field));
                site.transpose().map(Option::unwrap_or_default)
            };
            let site_name = match of_site("facility.zh")? {
                name if name.is_empty() => of_site("facility.en")?,
                name => name,
            };
            found.push(CredentialEnd {
                person: id.clone(),
                name: Bilingual {
                    zh: text("name.zh")?,
                    en: text("name.en")?,
                },
                kind: standing.kind,
                until: standing.until,
                study: study.clone(),
                entity: id,
                site_name,
            });
        }
    }
    Ok(())
}
