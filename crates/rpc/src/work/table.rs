//! Tables of others: read from the disk with a limit; which column is which field, remembered.

use crate::failure::{Failure, FailureKind};
use crate::request::TableFormat;
use crate::response::LeftOutRow;
use desk::{Desk, DeskError};
use exchange::charset::Charset;
use exchange::table::{self, RowFault, Rows, Workbook};
use model::columns::{ColumnChoice, Mapping, RowKind, SheetMapping};
use std::path::Path;

/// The setting that keeps what people chose for columns.
const SETTING: &str = "table.columns";
/// Most sheets whose columns are remembered.
const SHEETS_MAX: usize = 60;

/// Reads a file with a limit.
///
/// # Errors
/// `failure.read` when it cannot be read, `too_large` when it is larger.
pub(crate) fn bytes_of(
    path: &Path,
    most: u64,
    too_large: &'static str,
) -> Result<Vec<u8>, Failure> {
    let file = super::word::name_of(path);
    let unreadable = |error: std::io::Error| {
        log::info!("a file was not read: {}", error.kind());
        Failure::new(FailureKind::Unavailable, "failure.read").with("path", &file)
    };
    if std::fs::metadata(path).map_err(unreadable)?.len() > most {
        return Err(refused(too_large, &file));
    }
    std::fs::read(path).map_err(unreadable)
}

/// The failure of a file that is refused as a whole.
pub(crate) fn refused(key: &str, file: &str) -> Failure {
    log::info!("a file was refused: {key}");
    Failure::new(FailureKind::Refused, key).with("file", file)
}

/// The character set that a caller named.
///
/// # Errors
/// `failure.charset` when there is none of that name.
pub(crate) fn charset(name: Option<&str>) -> Result<Option<Charset>, Failure> {
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let unknown = || Failure::new(FailureKind::Invalid, "failure.charset").with("name", name);
    Charset::named(name).map(Some).ok_or_else(unknown)
}

/// A table with what is read of it.
#[derive(Debug)]
pub struct ReadTable {
    /// Which column is which field.
    pub mapping: Mapping,
    /// What its rows say.
    pub rows: Rows,
    /// What its letters were read as; `None` for a workbook.
    pub charset: Option<Charset>,
}

/// Reads a workbook or a table of text.
///
/// # Errors
/// The failure whose sentence says why it is refused.
pub(crate) fn workbook(
    bytes: &[u8],
    charset: Option<Charset>,
    file: &str,
) -> Result<Workbook, Failure> {
    table::read(bytes, charset).map_err(|refusal| refused(refusal.code(), file))
}

/// The rows of a workbook by a mapping; without one by what was chosen before, or its heads.
pub(crate) fn rows_of(
    book: &Workbook,
    mapping: Option<Mapping>,
    remembered: Option<&Mapping>,
) -> ReadTable {
    let mapping = match mapping {
        Some(mapping) => table::settle(book, &mapping),
        None => table::guess(book, remembered),
    };
    ReadTable {
        rows: table::rows(book, &mapping),
        mapping,
        charset: book.charset,
    }
}

/// What a column of some kinds of rows can be.
pub(crate) fn choices(kinds: &[RowKind]) -> Vec<ColumnChoice> {
    kinds
        .iter()
        .copied()
        .flat_map(table::known_fields)
        .collect()
}

/// Cells and rows that were not understood.
pub(crate) fn left_out(faults: &[RowFault]) -> Vec<LeftOutRow> {
    let faults = faults.iter();
    faults
        .map(|fault| LeftOutRow {
            sheet: fault.sheet.clone(),
            row: fault.row,
            head: fault.head.clone(),
            value: fault.value.clone(),
            reason: fault.code.to_owned(),
        })
        .collect()
}

/// What people chose for columns before.
///
/// # Errors
/// [`DeskError::Storage`].
pub fn remembered(desk: &Desk) -> Result<Option<Mapping>, DeskError> {
    let text = desk.setting(SETTING)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Keeps what was chosen for columns, the newest first.
pub(crate) fn remember(desk: &mut Desk, mapping: &Mapping) -> Result<desk::Changed, DeskError> {
    let old = remembered(desk)?.unwrap_or_default().sheets;
    let heads = |sheet: &SheetMapping| -> Vec<String> {
        let columns = sheet.columns.iter().map(|column| column.head.clone());
        columns.collect()
    };
    let mut sheets = mapping.sheets.clone();
    let kept = old.into_iter().filter(|old| {
        let mut new = mapping.sheets.iter();
        !new.any(|new| new.sheet == old.sheet && heads(new) == heads(old))
    });
    sheets.extend(kept.collect::<Vec<_>>());
    sheets.truncate(SHEETS_MAX);
    let text = serde_json::to_string(&Mapping { sheets })
        .map_err(|_| DeskError::Damaged("the columns of a table"))?;
    desk.set_setting(SETTING, &text)
}

/// A table as a file.
pub(crate) fn bytes(
    table: &exchange::table::Table,
    format: TableFormat,
) -> Result<Vec<u8>, Failure> {
    match format {
        TableFormat::Csv => Ok(table.csv()),
        TableFormat::Xlsx => table.xlsx().map_err(|error| {
            log::error!("a table was not written: {error}");
            Failure::new(FailureKind::Internal, "failure.internal")
        }),
    }
}
