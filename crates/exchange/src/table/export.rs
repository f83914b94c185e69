//! Contacts and milestones of a study as tables.

use super::cell::Cell;
use super::{csv, xlsx};
use model::card::{ContactCard, Phone, PhoneLine};
use model::columns::{ID, SITE};
use model::field::{self, FIELDS, Field, Input};
use model::milestone::plan::StudyPlan;
use model::submission::matrix::MatrixRow;
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
                return day(entity.text(register).to_owned());
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

/// People of the directory, under heads that [`super::guess`] knows again.
pub fn people(cards: &[ContactCard], lang: Lang) -> Table {
    let of_contact = |name: &str| field::of_register(kind::CONTACT, name);
    let head = |register: &'static str| {
        let field = of_contact(register)
            .or_else(|| of_contact(&format!("{register}.zh")))
            .or_else(|| field::of_register(kind::INDIVIDUAL, register))
            .or_else(|| field::of_register(kind::INDIVIDUAL, &format!("{register}.zh")));
        let is_own = register.contains('.') || register == ID;
        match field.filter(|_| !is_own) {
            Some(field) => Cell::Text(match lang {
                Lang::Zh => field.zh.to_owned(),
                Lang::En => field.en.to_owned(),
            }),
            None => Cell::Text(
                Column {
                    register: register.to_owned(),
                    field: of_contact(register),
                }
                .head(lang),
            ),
        }
    };
    let columns = [
        "name",
        "name.en",
        "affiliation",
        "department",
        "title",
        "position",
        "mobile",
        "phone",
        "phoneExt",
        "email",
        "wechat",
        "fax",
        "address",
        "zip",
        "website",
        "note",
        ID,
    ];
    let mut rows = vec![columns.map(head).to_vec()];
    for card in cards {
        let phone =
            |is: &dyn Fn(PhoneLine) -> bool| card.phones.iter().find(|phone| is(phone.line));
        let desk = phone(&|line| !matches!(line, PhoneLine::Mobile | PhoneLine::Fax));
        let number = |phone: Option<&Phone>| phone.map_or("", |phone| &phone.number).to_owned();
        let address = card.addresses.first();
        let first = |all: &[String]| all.first().cloned().unwrap_or_default();
        let (chinese, latin) = if card.han_name.is_empty() {
            (&card.name, &card.latin_name)
        } else {
            (&card.han_name, &card.name)
        };
        let cells = [
            // Both names have their columns, whichever is shown first.
            chinese.clone(),
            latin.clone(),
            card.organisation.clone(),
            card.department.clone(),
            card.title.clone(),
            card.role.clone(),
            number(phone(&|line| line == PhoneLine::Mobile)),
            number(desk),
            desk.map_or("", |phone| &phone.extension).to_owned(),
            first(&card.emails),
            card.wechat.clone(),
            number(phone(&|line| line == PhoneLine::Fax)),
            address.map_or("", |address| &address.text).to_owned(),
            address.map_or("", |address| &address.zip).to_owned(),
            first(&card.websites),
            card.note.clone(),
            card.uid.clone(),
        ];
        let to_cell = |text: String| match text.as_str() {
            "" => Cell::Empty,
            _ => Cell::Text(text),
        };
        rows.push(cells.map(to_cell).to_vec());
    }
    Table {
        name: label!("table.contacts").text(lang).to_owned(),
        rows,
    }
}

/// The milestones of a study, with what its plan says of each: when it is to be expected and how
/// it stands. Those two columns are worked out and are not read back. The actual day is there too
/// where the sites tell it.
pub fn milestones(doc: &StudyDoc, plan: &StudyPlan, lang: Lang) -> Table {
    let name = label!("table.milestones").text(lang);
    let mut table = table(doc, kind::MILESTONE, name, lang);
    let found = || doc.of_kind(kind::MILESTONE).map(|one| plan.row(&one.id));
    let mut columns = columns(kind::MILESTONE).into_iter();
    let actual = columns.position(|column| column.register == "actual");
    for (cells, found) in table.rows.iter_mut().skip(1).zip(found()) {
        let told = found.filter(|(_, row)| row.derived);
        let cell = actual.and_then(|place| cells.get_mut(place));
        if let (Some(cell), Some((_, row))) = (cell, told) {
            *cell = day(row.actual.clone());
        }
    }
    let heads = [label!("table.forecast"), label!("table.status")];
    let heads = heads.map(|head| Cell::Text(head.text(lang).to_owned()));
    let derived = found().map(|found| match found {
        Some((_, row)) => [
            match row.forecast_known() {
                _ if !row.done_on().is_empty() => Cell::Empty,
                known => day(known),
            },
            Cell::Text(row.status.label().text(lang).to_owned()),
        ],
        None => [Cell::Empty, Cell::Empty],
    });
    for (row, cells) in table
        .rows
        .iter_mut()
        .zip(std::iter::once(heads).chain(derived))
    {
        row.extend(cells);
    }
    table
}

/// A day as one, and what is known less exactly as text.
fn day(known: String) -> Cell {
    match known.len() {
        0 => Cell::Empty,
        n if n == "YYYY-MM-DD".len() => Cell::Day(known),
        _ => Cell::Text(known),
    }
}

/// Where every committee of a study stands: a line for each submission, and for each site that has
/// none.
pub fn submissions(rows: &[MatrixRow], lang: Lang) -> Table {
    let word = |list: &str, code: &str| Cell::Text(code::text(list, code, lang).to_owned());
    let text = |text: &str| match text.len() {
        10 if text.parse::<chrono::NaiveDate>().is_ok() => Cell::Day(text.to_owned()),
        _ => Cell::Text(text.to_owned()),
    };
    let heads = [
        label!("table.site"),
        label!("table.submissions.approved"),
        label!("table.submissions.approvedOn"),
        label!("table.submissions.validUntil"),
        label!("table.submissions.type"),
        label!("table.submissions.round"),
        label!("table.submissions.state"),
        label!("table.submissions.version"),
        label!("table.submissions.sentOn"),
        label!("table.submissions.result"),
        label!("table.submissions.letter"),
        label!("table.submissions.decidedOn"),
        label!("table.submissions.recognition"),
        label!("table.submissions.lead"),
    ];
    let heads = heads.map(|head| Cell::Text(head.text(lang).to_owned()));
    let mut lines = vec![heads.to_vec()];
    for row in rows {
        let site = [
            text(&row.site_name),
            text(&row.approved_version),
            text(&row.approved_on),
            text(&row.valid_until),
        ];
        if row.submissions.is_empty() {
            let mut line = site.to_vec();
            line.resize(lines.first().map_or(0, Vec::len), Cell::Text(String::new()));
            lines.push(line);
        }
        for one in &row.submissions {
            let lead = match one.lead_approved {
                None => "",
                Some(true) => label!("pdf.yes").text(lang),
                Some(false) => label!("pdf.negative").text(lang),
            };
            let own = [
                word("submissionType", &one.kind),
                text(&one.round.to_string()),
                word("submissionState", one.state.code()),
                text(&one.version),
                text(&one.sent_on),
                word("decisionResult", &one.result),
                text(&one.letter),
                text(&one.decided_on),
                word("recognitionMode", &one.recognition),
                text(lead),
            ];
            lines.push(site.iter().chain(&own).cloned().collect());
        }
    }
    Table {
        name: label!("table.submissions").text(lang).to_owned(),
        rows: lines,
    }
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
