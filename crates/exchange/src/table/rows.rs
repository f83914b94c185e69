//! The rows of a workbook as contacts and milestones; a row that is not understood is named.

use super::CELL_CHARS_MAX;
use super::cell::{Cell, Sheet, Workbook};
use super::date;
use super::guess::{key_of, known_milestones};
use super::refusal::RowFault;
use model::card::{register_of, role_of};
use model::columns::{ColumnMapping, DAY, ID, MILESTONE, Mapping, RowKind, SITE, SheetMapping};
use model::field::{self, Input};
use model::{check, code, kind};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a row of contacts says beside the fields of a contact: the role in somebody's own words.
pub const POSITION: &str = "position";
/// What a row of contacts says beside the fields of a contact: the number of a mobile telephone.
pub const MOBILE: &str = "mobile";

/// What a row of contacts says beside the fields of a contact: the number of a licence to practise.
pub const LICENCE: &str = "licence";

/// What a workbook says, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// Contacts, in the order of the workbook.
    pub contacts: Vec<Row>,
    /// Milestones, in the order of the workbook.
    pub milestones: Vec<Row>,
    /// What is not taken: cells that are not understood; the row of a milestone goes with them,
    /// that of a contact only with the name.
    pub faults: Vec<RowFault>,
}

/// One contact or milestone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The sheet; empty for a CSV file.
    pub sheet: String,
    /// The row, from 1.
    pub row: u32,
    /// The entity's id, where the program wrote the table; else empty.
    pub id: String,
    /// The site as written; empty when the study itself is meant.
    pub site: String,
    /// The registers, checked; of a contact also [`MOBILE`], [`POSITION`] and [`LICENCE`], of a
    /// milestone [`DAY`].
    pub fields: BTreeMap<String, Value>,
}

/// Reads the rows that a mapping names.
pub fn rows(book: &Workbook, mapping: &Mapping) -> Rows {
    let mut all = Rows::default();
    for (place, mapped) in mapping.sheets.iter().enumerate() {
        let same = |sheet: &&Sheet| sheet.name == mapped.sheet;
        // Sheets of one name do not happen; a CSV file has one, whatever it was called before.
        let Some(sheet) = book.sheets.iter().find(same).or(book.sheets.get(place)) else {
            continue;
        };
        let body = sheet.rows.iter().filter(|(row, _)| *row > mapped.head_row);
        for (number, cells) in body {
            all.take(mapped, *number, cells);
        }
    }
    all
}

impl Rows {
    fn take(&mut self, mapped: &SheetMapping, number: u32, cells: &[Cell]) {
        let n_faults = self.faults.len();
        match mapped.rows {
            RowKind::Skip => {}
            RowKind::Sites => self.take_site(mapped, number, cells),
            RowKind::Contacts | RowKind::Milestones => {
                let is_contact = mapped.rows == RowKind::Contacts;
                let kind = if is_contact {
                    kind::CONTACT
                } else {
                    kind::MILESTONE
                };
                let Some(row) = self.read(kind, mapped, number, cells) else {
                    return;
                };
                if is_contact {
                    // A person is not lost for a certificate that says 长期.
                    let lost = self.faults.iter().skip(n_faults);
                    let mut lost = lost.filter(|fault| names_nobody(mapped, fault));
                    if lost.next().is_none() {
                        self.contacts.push(row);
                    }
                } else if self.faults.len() == n_faults {
                    // Whole rows or none: half a date would be another milestone.
                    self.milestones.push(row);
                }
            }
        }
    }

    /// One entity of a row; `None` when the row says nothing.
    fn read(
        &mut self,
        kind: &'static str,
        mapped: &SheetMapping,
        number: u32,
        cells: &[Cell],
    ) -> Option<Row> {
        let mut row = Row {
            sheet: mapped.sheet.clone(),
            row: number,
            ..Row::default()
        };
        let mut more: Vec<String> = Vec::new();
        let mut is_blank = true;
        for (column, cell) in filled(mapped, cells) {
            is_blank = false;
            let text = cell.text();
            match column.field.as_str() {
                SITE => row.site = text,
                ID => row.id = text,
                _ => match value_of(kind, &column.field, cell) {
                    Ok((register, _)) if row.fields.contains_key(&register) => {
                        more.push(format!("{}: {text}", column.head));
                    }
                    Ok((register, value)) => drop(row.fields.insert(register, value)),
                    // A role in one's own words is kept, not refused.
                    Err(_) if column.field == "role" && !row.fields.contains_key(POSITION) => {
                        row.fields.insert(POSITION.to_owned(), Value::from(text));
                    }
                    Err(code) => self.fault(&row, column, &text, code),
                },
            }
        }
        if is_blank {
            return None;
        }
        // At a site somebody's word for a milestone (启动会) means ours.
        let is_named = row.fields.contains_key("key") || !row.id.is_empty();
        if kind == kind::MILESTONE && !is_named && !row.site.is_empty() {
            let names = ["name.zh", "name.en"].iter();
            let mut names = names.filter_map(|name| row.fields.get(*name)?.as_str());
            if let Some(key) = names.find_map(key_of) {
                row.fields.insert("key".to_owned(), Value::from(key));
            }
        }
        if !more.is_empty() {
            let note = row
                .fields
                .get("note")
                .and_then(Value::as_str)
                .map(str::to_owned);
            let lines: Vec<String> = note.into_iter().chain(more).collect();
            row.fields
                .insert("note".to_owned(), Value::from(lines.join("\n")));
        }
        let names = ["name.zh", "name.en", "key"];
        if !names.iter().any(|name| row.fields.contains_key(*name)) && row.id.is_empty() {
            self.faults.push(RowFault {
                sheet: row.sheet.clone(),
                row: number,
                head: String::new(),
                value: String::new(),
                code: "table.row.noName",
            });
        }
        Some(row)
    }

    /// One milestone for every date of a site's row.
    fn take_site(&mut self, mapped: &SheetMapping, number: u32, cells: &[Cell]) {
        let mut site = Row {
            sheet: mapped.sheet.clone(),
            row: number,
            ..Row::default()
        };
        let mut found: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for (column, cell) in filled(mapped, cells) {
            let text = cell.text();
            let Some(milestone) = column.field.strip_prefix(MILESTONE) else {
                if column.field == SITE {
                    site.site = text;
                }
                continue;
            };
            let (key, register) = milestone.split_once('.').unwrap_or((milestone, DAY));
            match date::read(cell) {
                Some(date) => {
                    let fields = found.entry(key.to_owned()).or_default();
                    fields.insert(register.to_owned(), Value::from(date));
                }
                None => self.fault(&site, column, &text, "table.row.notADate"),
            }
        }
        // Each date is a fact of its own: one that is not understood (待定) leaves the others.
        if found.is_empty() {
            return;
        }
        if site.site.is_empty() {
            self.faults.push(RowFault {
                sheet: site.sheet,
                row: number,
                head: String::new(),
                value: String::new(),
                code: "table.row.noSite",
            });
            return;
        }
        for (key, mut fields) in found {
            if let Some((_, name)) = known_milestones().find(|(known, _)| *known == key) {
                fields.insert("name.zh".to_owned(), Value::from(name.zh.as_str()));
                fields.insert("name.en".to_owned(), Value::from(name.en.as_str()));
            }
            fields.insert("key".to_owned(), Value::from(key));
            self.milestones.push(Row {
                fields,
                ..site.clone()
            });
        }
    }

    fn fault(&mut self, row: &Row, column: &ColumnMapping, value: &str, code: &'static str) {
        self.faults.push(RowFault {
            sheet: row.sheet.clone(),
            row: row.row,
            head: column.head.clone(),
            value: value.chars().take(200).collect(),
            code,
        });
    }
}

/// Whether what is wrong with a row leaves nobody to take in: it has no name that is understood.
fn names_nobody(mapped: &SheetMapping, fault: &RowFault) -> bool {
    let mut columns = mapped.columns.iter();
    let is_name = |column: &ColumnMapping| {
        column.head == fault.head && ["name", "name.zh", "name.en"].contains(&column.field.as_str())
    };
    fault.head.is_empty() || columns.any(is_name)
}

/// The cells of a row that are read and hold something.
fn filled<'a>(
    mapped: &'a SheetMapping,
    cells: &'a [Cell],
) -> impl Iterator<Item = (&'a ColumnMapping, &'a Cell)> {
    mapped
        .columns
        .iter()
        .filter(|column| !column.field.is_empty())
        .filter_map(|column| {
            let place = usize::try_from(column.column).ok()?.checked_sub(1)?;
            Some((column, cells.get(place)?))
        })
        .filter(|(_, cell)| !cell.is_blank())
}

/// The register that a cell fills and its value; the label key of what is wrong otherwise.
fn value_of(kind: &str, wanted: &str, cell: &Cell) -> Result<(String, Value), &'static str> {
    let text = cell.text();
    if text.chars().nth(CELL_CHARS_MAX).is_some() {
        return Err("table.row.tooLong");
    }
    let field = field::of_register(kind, wanted);
    let field = match field {
        Some(field) => field,
        None if kind == kind::MILESTONE && wanted == DAY => {
            let day = date::read(cell).ok_or("table.row.notADate")?;
            let day = check::check(kind, "planned", Value::from(day));
            return day
                .map(|day| (DAY.to_owned(), day))
                .map_err(|_| "table.row.doesNotFit");
        }
        None if kind == kind::CONTACT && wanted == MOBILE => {
            field::of_register(kind::INDIVIDUAL, MOBILE).ok_or("table.row.noField")?
        }
        None if kind == kind::CONTACT && wanted == LICENCE => {
            let number = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let number = check::check(kind::CREDENTIAL, "number", Value::from(number));
            return number
                .map(|number| (LICENCE.to_owned(), number))
                .map_err(|_| "table.row.doesNotFit");
        }
        // A bilingual field without its language: the script of the text says which.
        None => field::of_register(kind, &format!("{wanted}.zh")).ok_or("table.row.noField")?,
    };
    let register = if field.bilingual && field.name == wanted {
        register_of(wanted, &text)
    } else {
        wanted.to_owned()
    };
    let value = match field.input {
        Input::Date => Value::from(date::read(cell).ok_or("table.row.notADate")?),
        Input::Code if field.codes == "contactRole" => {
            Value::from(role_of(&text).ok_or("table.row.notACode")?)
        }
        Input::Code => {
            let same = |word: &str| word.eq_ignore_ascii_case(&text);
            let found = code::CODES.iter().find(|entry| {
                entry.list == field.codes && (same(entry.zh) || same(entry.en) || same(entry.code))
            });
            Value::from(found.ok_or("table.row.notACode")?.code)
        }
        Input::Line => Value::from(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        _ => Value::from(text),
    };
    let value = check::check(field.kind, &register, value).map_err(|_| "table.row.doesNotFit")?;
    Ok((register, value))
}
