//! Contacts and milestones of a study as tables.

use super::cell::Cell;
use super::{csv, xlsx};
use model::columns::{ID, SITE};
use model::field::{FIELDS, Field, Input};
use model::{Entity, Lang, StudyDoc, code, kind, label};

/// Rows of cells under a row of heads.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What the sheet is called.
    pub name: String,
    /// The heads first.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table: the register it shows, and its head.
pub(super) struct Column {
    /// A register, [`SITE`] or [`ID`].
    pub(super) register: String,
    pub(super) field: Option<&'static Field>,
}

impl Column {
    /// Its head in one language.
    pub(super) fn head(&self, lang: Lang) -> String {
        let Some(field) = self.field else {
            let label = if self.register == SITE {
                label!("table.site")
            } else {
                label!("table.id")
            };
            return label.text(lang).to_owned();
        };
        let label = match lang {
            Lang::Zh => field.zh,
            Lang::En => field.en,
        };
        let in_language = match model::field::language(&self.register) {
            Some(Lang::Zh) if field.bilingual => label!("table.inChinese"),
            Some(Lang::En) if field.bilingual => label!("table.inEnglish"),
            _ => return label.to_owned(),
        };
        in_language.fill(lang, &[("label", label)])
    }

    fn cell(&self, doc: &StudyDoc, entity: &Entity, lang: Lang) -> Cell {
        let text = match (self.register.as_str(), self.field) {
            (ID, _) => entity.id.as_str(),
            (SITE, _) => site_of(doc, entity).map_or("", |site| site.text_in("facility", lang)),
            (register, Some(field)) if field.input == Input::Code => {
                code::text(field.codes, entity.text(register), lang)
            }
            (register, Some(field)) if field.input == Input::Date => {
                let date = entity.text(register);
                if date.len() == "YYYY-MM-DD".len() {
                    return Cell::Day(date.to_owned());
                }
                date
            }
            (register, _) => entity.text(register),
        };
        match text {
            "" => Cell::Empty,
            text => Cell::Text(text.to_owned()),
        }
    }
}

/// The columns of a kind of entity, in the order of its fields.
pub(super) fn columns(kind: &str) -> Vec<Column> {
    let own = |register: &str| Column {
        register: register.to_owned(),
        field: None,
    };
    let mut columns = vec![own(SITE)];
    for field in FIELDS
        .iter()
        .filter(|field| field.kind == kind && !matches!(field.input, Input::Residue | Input::File))
    {
        let registers = if field.bilingual {
            vec![format!("{}.zh", field.name), format!("{}.en", field.name)]
        } else {
            vec![field.name.to_owned()]
        };
        columns.extend(registers.into_iter().map(|register| Column {
            register,
            field: Some(field),
        }));
    }
    columns.push(own(ID));
    columns
}

fn site_of<'a>(doc: &'a StudyDoc, entity: &Entity) -> Option<&'a Entity> {
    let parent = doc.entity(entity.parent.as_ref()?)?;
    (parent.kind == kind::SITE).then_some(parent)
}

/// The contacts of a study.
pub fn contacts(doc: &StudyDoc, lang: Lang) -> Table {
    let name = label!("table.contacts").text(lang);
    table(doc, kind::CONTACT, name, lang)
}

/// The milestones of a study.
pub fn milestones(doc: &StudyDoc, lang: Lang) -> Table {
    let name = label!("table.milestones").text(lang);
    table(doc, kind::MILESTONE, name, lang)
}

fn table(doc: &StudyDoc, kind: &str, name: &str, lang: Lang) -> Table {
    let columns = columns(kind);
    let head = columns.iter().map(|column| Cell::Text(column.head(lang)));
    let mut rows = vec![head.collect()];
    for entity in doc.of_kind(kind) {
        let cells = columns.iter().map(|column| column.cell(doc, entity, lang));
        rows.push(cells.collect());
    }
    Table {
        name: name.to_owned(),
        rows,
    }
}

impl Table {
    /// As a table of text that Excel opens: UTF-8 with its mark, nothing in it is run.
    pub fn csv(&self) -> Vec<u8> {
        let row = |cells: &Vec<Cell>| {
            let whole = |cell: &Cell| match cell {
                Cell::Text(text) => text.clone(),
                other => other.text(),
            };
            cells.iter().map(whole).collect()
        };
        csv::write(&self.rows.iter().map(row).collect::<Vec<Vec<String>>>())
    }

    /// As a workbook.
    ///
    /// # Errors
    /// When it cannot be written, which the number of rows alone can cause (a million).
    pub fn xlsx(&self) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        xlsx::write(&[(&self.name, &self.rows)])
    }
}
