//! Contacts as files: read and held against what is here, taken in, given out.

use super::table;
use super::word::name_of;
use crate::failure::{Failure, FailureKind};
use crate::request::{ContactChoice, ContactFormat, ContactRead};
use crate::response::{ContactPreview, ContactRow, ContactsTaken, LeftOutRow, PhoneRow};
use desk::{CardsTaken, Changed, ChosenCard, Desk, DeskError, Disclosure, IncomingCard};
use exchange::charset::Charset;
use exchange::{card, table as tables};
use model::card::{ContactCard, Phone};
use model::columns::{Mapping, RowKind};
use model::people::incoming::CardMatch;
use model::{EntityId, Lang, StudyId};
use std::path::Path;

/// A file of contacts that was read, waiting for the person.
pub struct ReadContacts {
    study: Option<StudyId>,
    file: String,
    charset: Option<Charset>,
    mapping: Option<Mapping>,
    cards: Vec<IncomingCard>,
    left_out: Vec<LeftOutRow>,
    not_kept: Vec<String>,
    matches: Vec<CardMatch>,
}

/// Reads a file; what it means for those who are here is asked for by [`ReadContacts::hold`].
///
/// # Errors
/// When it cannot be read, is too large, or is refused; the sentence says which.
pub fn read(req: &ContactRead, remembered: Option<&Mapping>) -> Result<ReadContacts, Failure> {
    let path = Path::new(&req.path);
    let file = name_of(path);
    let charset = table::charset(req.charset.as_deref())?;
    let bytes = table::bytes_of(path, card::BYTES_MAX, "card.refused.tooLarge")?;
    let mut read = ReadContacts {
        study: req.study.clone(),
        file: file.clone(),
        charset: None,
        mapping: None,
        cards: Vec::new(),
        left_out: Vec::new(),
        not_kept: Vec::new(),
        matches: Vec::new(),
    };
    if is_table(&file, &bytes) {
        let book = table::workbook(&bytes, charset, &file)?;
        let rows = table::rows_of(&book, req.mapping.clone(), remembered);
        read.cards = rows
            .rows
            .contacts
            .iter()
            .map(|row| IncomingCard {
                card: ContactCard::of_row(&row.id, &row.fields),
                site: row.site.clone(),
            })
            .collect();
        // What is wrong with rows of milestones is said where milestones are read.
        let of_contacts = |sheet: &str| {
            let mut sheets = rows.mapping.sheets.iter();
            sheets.any(|one| one.sheet == sheet && one.rows == RowKind::Contacts)
        };
        let faults = rows.rows.faults.iter();
        let faults: Vec<_> = faults
            .filter(|fault| of_contacts(&fault.sheet))
            .cloned()
            .collect();
        read.left_out = table::left_out(&faults);
        read.charset = rows.charset;
        read.mapping = Some(rows.mapping);
        return Ok(read);
    }
    let cards = card::read(&bytes, charset).map_err(|why| table::refused(why.code(), &file))?;
    read.charset = Some(cards.charset);
    read.not_kept = cards.not_kept.into_iter().collect();
    let left = cards.left_out.into_iter();
    read.left_out = left
        .map(|one| LeftOutRow {
            sheet: String::new(),
            row: u32::try_from(one.line).unwrap_or(u32::MAX),
            head: String::new(),
            value: one.name,
            reason: one.fault.code().to_owned(),
        })
        .collect();
    let to_incoming = |card| IncomingCard {
        card,
        site: String::new(),
    };
    read.cards = cards.cards.into_iter().map(to_incoming).collect();
    Ok(read)
}

/// Whether a file is a table: by what it begins with, its ending only where that does not tell.
fn is_table(file: &str, bytes: &[u8]) -> bool {
    let ends = |endings: &[&str]| {
        let file = file.to_lowercase();
        endings.iter().any(|ending| file.ends_with(ending))
    };
    match bytes {
        [b'P', b'K', ..] => !ends(&[".zip"]),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => true,
        _ => ends(&[".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls"]),
    }
}

impl ReadContacts {
    /// Holds what was read against what is here.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn hold(&mut self, desk: &Desk) -> Result<(), DeskError> {
        self.matches = desk.cards_alike(self.study.as_ref(), &self.cards)?;
        Ok(())
    }

    /// What a person looks at before anything is written.
    pub fn preview(&self, preview: u32) -> ContactPreview {
        let rows = self.cards.iter().zip(&self.matches).map(to_row);
        ContactPreview {
            preview,
            file: self.file.clone(),
            charset: self.charset.map_or("", |one| one.name()).to_owned(),
            guessed: self.charset.is_some_and(|one| one.guessed),
            choices: match self.mapping {
                Some(_) => table::choices(&[RowKind::Contacts]),
                None => Vec::new(),
            },
            mapping: self.mapping.clone(),
            rows: rows.collect(),
            left_out: self.left_out.clone(),
            not_kept: self.not_kept.clone(),
        }
    }

    /// What is taken when nobody looks: whoever is surely here is completed, what the file says
    /// twice is taken once, everybody else is new.
    pub fn proposed(&self) -> Vec<ContactChoice> {
        let rows = (0_u32..).zip(&self.matches);
        let rows = rows.filter(|(_, one)| one.twin.is_none());
        rows.map(|(row, one)| ContactChoice {
            row,
            into: one
                .alike
                .as_ref()
                .filter(|alike| alike.why.is_sure())
                .map(|alike| alike.id.clone()),
            site: one.site.clone(),
            person: None,
        })
        .collect()
    }

    /// Takes in what was chosen, and remembers the columns.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Invalid`]; nothing is stored then.
    pub fn take(
        &self,
        desk: &mut Desk,
        rows: &[ContactChoice],
    ) -> Result<(ContactsTaken, Changed), DeskError> {
        let mut chosen = Vec::new();
        for row in rows {
            let place = usize::try_from(row.row).unwrap_or(usize::MAX);
            let Some(incoming) = self.cards.get(place) else {
                continue;
            };
            chosen.push(ChosenCard {
                card: incoming.card.clone(),
                site: row.site.clone(),
                into: row.into.clone(),
                person: row.person.clone(),
            });
        }
        let (taken, mut changed) = desk.take_cards(self.study.as_ref(), chosen)?;
        if let Some(mapping) = &self.mapping {
            changed.add(table::remember(desk, mapping)?);
        }
        Ok((told(taken), changed))
    }
}

fn told(taken: CardsTaken) -> ContactsTaken {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    ContactsTaken {
        added: number(taken.n_added),
        completed: number(taken.n_completed),
        organisations: number(taken.n_organisations),
    }
}

fn to_row((incoming, found): (&IncomingCard, &CardMatch)) -> ContactRow {
    let card = &incoming.card;
    ContactRow {
        name: card.name.clone(),
        latin_name: card.latin_name.clone(),
        organisation: card.organisation.clone(),
        known_organisation: found.organisation.is_some(),
        department: card.department.clone(),
        title: card.title.clone(),
        role: card.role.clone(),
        phones: card.phones.iter().map(to_phone).collect(),
        emails: card.emails.clone(),
        wechat: card.wechat.clone(),
        gcp_until: card.gcp_until.clone(),
        note: card.note.clone(),
        site_text: incoming.site.clone(),
        site: found.site.clone(),
        sure: found.alike.as_ref().is_some_and(|one| one.why.is_sure()),
        alike: found.alike.clone(),
        person: found.person.clone(),
        twin: found.twin,
    }
}

fn to_phone(phone: &Phone) -> PhoneRow {
    PhoneRow {
        number: phone.number.clone(),
        extension: phone.extension.clone(),
        line: phone.line.code().to_owned(),
        label: phone.label.clone(),
    }
}

/// What is given out.
pub struct Given {
    /// The file.
    pub bytes: Vec<u8>,
    /// What the log is told.
    pub disclosure: Disclosure,
}

/// Writes contacts as a file; the log is told by [`Desk::disclose`] before it leaves.
///
/// # Errors
/// `failure.noContacts` when there is nobody to give out; [`DeskError::NotFound`].
pub fn give(
    desk: &Desk,
    study: Option<&StudyId>,
    people: &[EntityId],
    format: ContactFormat,
    lang: Lang,
) -> Result<Given, Failure> {
    let cards = desk.cards(study, people, lang)?;
    if cards.is_empty() {
        return Err(Failure::new(FailureKind::Invalid, "failure.noContacts"));
    }
    let impossible = |what: &str| {
        log::error!("contacts were not written: {what}");
        Failure::new(FailureKind::Internal, "failure.internal")
    };
    let rows = || -> Result<tables::Table, Failure> {
        let Some(study) = study else {
            return Ok(tables::people(&cards, lang));
        };
        let doc = desk.study(study)?;
        let doc = doc.ok_or_else(|| Failure::new(FailureKind::NotFound, "failure.noStudy"))?;
        if people.is_empty() {
            return Ok(tables::contacts(&doc, lang));
        }
        let mut part = doc.clone();
        part.entities
            .retain(|entity| entity.kind != model::kind::CONTACT || people.contains(&entity.id));
        Ok(tables::contacts(&part, lang))
    };
    let bytes = match format {
        ContactFormat::Vcf => card::write(&cards).into_bytes(),
        ContactFormat::Zip => card::write_zip(&cards).map_err(|e| impossible(&e.to_string()))?,
        ContactFormat::Csv => rows()?.csv(),
        ContactFormat::Xlsx => rows()?.xlsx().map_err(|e| impossible(&e.to_string()))?,
    };
    let ids = cards.iter().filter_map(|card| EntityId::parse(&card.uid));
    Ok(Given {
        bytes,
        disclosure: Disclosure {
            study: study.cloned(),
            format: format.ending().to_owned(),
            people: ids.collect(),
            ..Disclosure::default()
        },
    })
}
