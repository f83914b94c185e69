//! The center's partner hospitals as organisations of the directory.
//!
//! A partner becomes an organisation when a person first needs it there; that a site of a study
//! names the partner writes nothing into anybody's directory. Whoever looks for it finds the one
//! that is here, whatever it is called.

use crate::desk::{Changed, Desk};
use crate::directory::begin;
use crate::directory::book::{Book, Card};
use crate::edit::save;
use crate::error::DeskError;
use crate::store::write::Change;
use crate::{ord, time};
use model::reference::{CENTER, Hospital};
use model::{EntityId, Link, StudyId, kind};
use serde_json::{Value, json};

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

    /// The organisation that is a partner hospital; it is added to the own directory where there
    /// is none.
    ///
    /// # Errors
    /// [`DeskError::UnknownName`] for the code of no partner.
    pub fn partner(&mut self, code: &str) -> Result<(EntityId, Changed), DeskError> {
        let hospital = find_hospital(code)?;
        let book = self.book()?;
        if let Some(link) = Here::read(&book).of(hospital) {
            return Ok((link.entity, Changed::default()));
        }
        let directory = self.directory();
        let id = EntityId::from_uuid(time::new_id(&self.env));
        let changes = new(&id, &directory, hospital);
        let saved = self.transact(|conn, author| {
            begin(conn, author, &directory)?;
            save(conn, author, &directory, changes, None)
        })?;
        self.remember(&directory, &saved)?;
        Ok((id, Changed::study(directory.as_str())))
    }
}

impl Desk {
    /// The organisation here that is a partner hospital; `None` where there is none.
    pub(crate) fn partner_here(&self, code: &str) -> Result<Option<EntityId>, DeskError> {
        let book = self.book()?;
        let mut hospitals = CENTER.hospitals.iter();
        let hospital = hospitals.find(|hospital| hospital.code == code);
        Ok(hospital
            .and_then(|hospital| Here::read(&book).of(hospital))
            .map(|link| link.entity))
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
