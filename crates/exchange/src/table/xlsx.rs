//! Workbooks, through calamine in and rust_xlsxwriter out.

use super::cell::{Cell, Sheet, Workbook};
use super::guard::{as_it_was, harmless};
use super::refusal::TableRefusal;
use super::{CELL_CHARS_MAX, CELLS_MAX, COLUMNS_MAX, ROWS_MAX};
use calamine::{DataRef, Reader as _, Xlsx};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, XlsxError};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// Everything that the package unpacks to. Units: bytes.
const UNPACKED_MAX: u64 = 96 * 1024 * 1024;
/// Most parts of a package.
const PARTS_MAX: usize = 5_000;
/// Most sheets.
const SHEETS_MAX: usize = 200;
/// Most cells that are looked at, filled or not.
const LOOKED_AT_MAX: usize = 2_000_000;

/// Reads a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Workbook, TableRefusal> {
    check(bytes)?;
    let damaged = |_| TableRefusal::Damaged;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let names = book.sheet_names();
    if names.len() > SHEETS_MAX {
        return Err(TableRefusal::TooMany);
    }
    let mut left = Left {
        cells: CELLS_MAX,
        rows: ROWS_MAX,
        looked_at: LOOKED_AT_MAX,
    };
    let mut sheets = Vec::new();
    for name in names {
        // A sheet of pictures or charts has no cells.
        let Ok(merged) = book.merge_cells_by_sheet_name(&name) else {
            continue;
        };
        let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
        let mut cells = book.worksheet_cells_reader(&name).map_err(damaged)?;
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            left.looked_at = left.looked_at.checked_sub(1).ok_or(TableRefusal::TooMany)?;
            let (row, column) = cell.get_position();
            put(&mut rows, row, column, of_data(cell.get_value()), &mut left)?;
        }
        for region in merged {
            let (from, column) = region.start;
            // Down a column only: a title across the sheet is not the head of each column.
            let value = rows
                .get(&from)
                .and_then(|row| row.get(column as usize))
                .cloned();
            let Some(value) = value.filter(|value| !value.is_blank()) else {
                continue;
            };
            let below: Vec<u32> = rows
                .range(from..=region.end.0.max(from))
                .map(|(row, _)| *row)
                .collect();
            for row in below.into_iter().skip(1) {
                put(&mut rows, row, column, value.clone(), &mut left)?;
            }
        }
        sheets.push(Sheet {
            name,
            rows: rows
                .into_iter()
                .map(|(row, cells)| (row.saturating_add(1), cells))
                .collect(),
        });
    }
    Ok(Workbook {
        sheets,
        charset: None,
    })
}

/// What may still come.
struct Left {
    cells: usize,
    rows: usize,
    looked_at: usize,
}

fn put(
    rows: &mut BTreeMap<u32, Vec<Cell>>,
    row: u32,
    column: u32,
    cell: Cell,
    left: &mut Left,
) -> Result<(), TableRefusal> {
    let column = column as usize;
    if cell.is_blank() || column >= COLUMNS_MAX {
        return Ok(());
    }
    left.cells = left.cells.checked_sub(1).ok_or(TableRefusal::TooMany)?;
    if !rows.contains_key(&row) {
        left.rows = left.rows.checked_sub(1).ok_or(TableRefusal::TooMany)?;
    }
    let cells = rows.entry(row).or_default();
    if cells.len() <= column {
        cells.resize(column + 1, Cell::Empty);
    }
    if let Some(place) = cells.get_mut(column) {
        *place = cell;
    }
    Ok(())
}

fn of_data(data: &DataRef<'_>) -> Cell {
    let text = |text: &str| {
        let text = as_it_was(text);
        Cell::Text(text.chars().take(CELL_CHARS_MAX + 1).collect())
    };
    match data {
        DataRef::Empty | DataRef::Error(_) => Cell::Empty,
        DataRef::String(found) => text(found),
        DataRef::SharedString(found) => text(found),
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(found) => Cell::Text(if *found { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(at) if at.is_datetime() && at.as_f64() >= 1.0 => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            Cell::Day(format!("{year:04}-{month:02}-{day:02}"))
        }
        DataRef::DateTime(at) => Cell::Number(at.as_f64()),
        DataRef::DateTimeIso(at) => text(at),
        DataRef::DurationIso(found) => text(found),
    }
}

/// Unpacks everything once and counts: the list of an archive may lie about sizes, and what reads
/// the workbook keeps all that comes.
fn check(bytes: &[u8]) -> Result<(), TableRefusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| TableRefusal::Damaged)?;
    if archive.len() > PARTS_MAX || archive.has_overlapping_files().unwrap_or(true) {
        return Err(TableRefusal::TooLarge);
    }
    let mut left = UNPACKED_MAX;
    let mut is_workbook = false;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|_| TableRefusal::Damaged)?;
        let name = part.name().replace('\\', "/").to_lowercase();
        is_workbook |= name == "xl/workbook.xml";
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let size = size.map_err(|_| TableRefusal::Damaged)?;
        left = left.checked_sub(size).ok_or(TableRefusal::TooLarge)?;
    }
    if is_workbook {
        Ok(())
    } else {
        Err(TableRefusal::NotATable)
    }
}

/// Writes a workbook of named sheets, the first row of each as its head.
///
/// A cell longer than Excel takes (32,767 characters) is cut.
pub(super) fn write(sheets: &[(&str, &[Vec<Cell>])]) -> Result<Vec<u8>, XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    // Same values, same bytes: the moment of writing is not among them.
    let properties =
        DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    book.set_properties(&properties);
    let head = Format::new().set_bold();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    // Says to a spreadsheet that what follows is text, also after somebody edits the cell.
    let quoted = Format::new().set_quote_prefix();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (row, cells) in (0_u32..).zip(rows.iter()) {
            for (column, cell) in (0_u16..).zip(cells) {
                match cell {
                    Cell::Empty => {}
                    Cell::Number(number) => {
                        sheet.write_number(row, column, *number)?;
                    }
                    Cell::Day(text) => match ExcelDateTime::parse_from_str(text) {
                        Ok(at) => {
                            sheet.write_datetime_with_format(row, column, &at, &day)?;
                        }
                        Err(_) => {
                            sheet.write_string(row, column, text)?;
                        }
                    },
                    Cell::Text(text) => {
                        let text: String = text.chars().take(CELL_CHARS_MAX).collect();
                        if row == 0 {
                            sheet.write_string_with_format(row, column, &text, &head)?;
                        } else if text.starts_with('\'') {
                            // Would be taken for a text that was made harmless.
                            sheet.write_string(row, column, harmless(&text))?;
                        } else if harmless(&text) == text {
                            sheet.write_string(row, column, &text)?;
                        } else {
                            sheet.write_string_with_format(row, column, &text, &quoted)?;
                        }
                    }
                }
            }
        }
    }
    book.save_to_buffer()
}
