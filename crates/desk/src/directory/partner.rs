//! The center's partner hospitals as organisations of the directory.
//!
//! A partner becomes an organisation when it is first needed: by a site of a study, or by somebody
//! who works there. Whoever looks for it finds the one that is here, whatever it is called.

use crate::desk::{Changed, Desk};
use crate::directory::begin;
use crate::directory::book::{Book, Card};
use crate::edit::save;
use crate::error::DeskError;
use crate::store::write::{Author, Change};
use crate::{ord, time};
use model::reference::{CENTER, Hospital};
use model::{EntityId, Link, StudyId, kind};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Desk {
    /// Partner hospitals that no organisation here is, in the order of display.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn partners_missing(&self) -> Result<Vec<String>, DeskError> {
        let book = self.book()?;
        let here = Here::read(&book);
        let missing = CENTER.hospitals.iter().filter(|one| here.of(one).is_none());
        Ok(missing.map(|one| one.code.clone()).collect())
    }

    /// The organisation that is a partner hospital; it is added where there is none.
    ///
    /// # Errors
    /// [`DeskError::UnknownName`] for the code of no partner.
    pub fn partner(&mut self, code: &str) -> Result<(EntityId, Changed), DeskError> {
        let hospital = find_hospital(code)?;
        let book = self.book()?;
        let links = self.transact(|conn, author| links(conn, author, &book, &[hospital]))?;
        let link = links.get(code).ok_or_else(|| unknown(code))?;
        let changed = Changed::study(link.directory.as_str());
        Ok((link.entity.clone(), changed))
    }
}

/// A partner hospital by its code.
pub(crate) fn find_hospital(code: &str) -> Result<&'static Hospital, DeskError> {
    let mut hospitals = CENTER.hospitals.iter();
    hospitals
        .find(|hospital| hospital.code == code)
        .ok_or_else(|| unknown(code))
}

fn unknown(code: &str) -> DeskError {
    DeskError::UnknownName {
        what: "hospital",
        name: code.to_owned(),
    }
}

/// Pointers to the organisations of partner hospitals, by their codes; those that are missing are
/// added to the own directory.
///
/// A commit of its own: taking back the site that needed it does not take back the hospital.
pub(crate) fn links(
    conn: &Connection,
    author: &Author<'_>,
    book: &Book,
    hospitals: &[&Hospital],
) -> Result<BTreeMap<String, Link>, DeskError> {
    let here = Here::read(book);
    let directory = StudyId::of_directory(author.person);
    let mut found = BTreeMap::new();
    let mut changes = Vec::new();
    for hospital in hospitals {
        if found.contains_key(&hospital.code) {
            continue;
        }
        let link = here.of(hospital).unwrap_or_else(|| {
            let id = EntityId::from_uuid(time::new_id(author.env));
            changes.extend(new(&id, &directory, hospital));
            Link {
                entity: id,
                directory: directory.clone(),
            }
        });
        found.insert(hospital.code.clone(), link);
    }
    if !changes.is_empty() {
        begin(conn, author, &directory)?;
        save(conn, author, &directory, changes, None)?;
    }
    Ok(found)
}

/// The fields of a new site with the organisation that its partner hospital is.
pub(crate) fn with_hospital(
    conn: &Connection,
    author: &Author<'_>,
    book: &Book,
    kind: &str,
    mut fields: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, DeskError> {
    let code = fields.get("hospital").and_then(Value::as_str);
    let hospital = code.and_then(|code| find_hospital(code).ok());
    if let Some(hospital) = hospital
        && kind == kind::SITE
        && !fields.contains_key(super::ORGANISATION)
    {
        let links = links(conn, author, book, &[hospital])?;
        let link = links.values().next().map(Link::to_value);
        fields.extend(link.map(|link| (super::ORGANISATION.to_owned(), link)));
    }
    Ok(fields)
}

fn new(id: &EntityId, directory: &StudyId, hospital: &Hospital) -> Vec<Change> {
    let fields: [(&str, Value); 9] = [
        ("parent", json!({"$ref": directory.as_str()})),
        ("ord", ord::nth(0).into()),
        ("kind", "HOSPITAL".into()),
        ("hospital", hospital.code.as_str().into()),
        ("name.zh", hospital.name.zh.as_str().into()),
        ("name.en", hospital.name.en.as_str().into()),
        ("short.zh", hospital.short.zh.as_str().into()),
        ("short.en", hospital.short.en.as_str().into()),
        ("city", hospital.city.zh.as_str().into()),
    ];
    let fields = fields.into_iter();
    fields
        .map(|(field, value)| Change::first(id.as_str(), kind::ORGANISATION, field, value))
        .collect()
}

/// The organisations of a book, by what says which partner they are.
struct Here<'a>(Vec<(&'a Card, Vec<&'static str>)>);

impl<'a> Here<'a> {
    fn read(book: &'a Book) -> Self {
        let all = book.of_kind(kind::ORGANISATION);
        let used = all.filter(|card| !card.archived);
        Self(
            used.map(|card| {
                (
                    card,
                    super::spelling::facility_of(book, card).known().to_vec(),
                )
            })
            .collect(),
        )
    }

    /// The one that says so by its code, else by one of its names.
    fn of(&self, hospital: &Hospital) -> Option<Link> {
        let code = hospital.code.as_str();
        let says = |card: &Card| card.text("hospital") == code;
        let named = || self.0.iter().find(|(_, known)| known.contains(&code));
        let found = self.0.iter().find(|(card, _)| says(card)).or_else(named);
        found.map(|(card, _)| card.link())
    }
}
