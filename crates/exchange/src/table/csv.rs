//! Cells separated by commas, semicolons or tabs. Source: RFC 4180.

use super::cell::{Cell, Sheet, Workbook};
use super::guard::{as_it_was, harmless};
use super::refusal::TableRefusal;
use super::{CELL_CHARS_MAX, CELLS_MAX, COLUMNS_MAX, ROWS_MAX};
use crate::charset::{self, Charset};

/// Reads a table of text.
pub(super) fn read(bytes: &[u8], wanted: Option<Charset>) -> Result<Workbook, TableRefusal> {
    let (bytes, marked) = charset::unmarked(bytes);
    let charset = match (marked, wanted) {
        (Some(_), _) => Charset::UTF_8,
        (None, Some(wanted)) => wanted,
        (None, None) => Charset::guess(&bytes),
    };
    let text = charset.text(&bytes);
    // Texts have no such letters; pictures, archives and programs do.
    if text.contains('\0') {
        return Err(TableRefusal::NotATable);
    }
    let (at, text) = separator(&text);
    let mut table = Reader::new(at);
    for letter in text.chars() {
        table.take(letter)?;
    }
    table.end_row()?;
    Ok(Workbook {
        sheets: vec![table.sheet],
        charset: Some(marked.unwrap_or(charset)),
    })
}

/// What separates the cells: said in a first line `sep=;`, or what the first line has most of.
fn separator(text: &str) -> (char, &str) {
    let first = text.lines().next().unwrap_or_default();
    if let Some(said) = first.strip_prefix("sep=")
        && let Some(at) = said.chars().next()
    {
        let rest = text.get(first.len()..).unwrap_or_default();
        return (at, rest.trim_start_matches(['\r', '\n']));
    }
    let count = |at: &char| {
        let mut is_quoted = false;
        first
            .chars()
            .filter(|letter| {
                is_quoted ^= *letter == '"';
                letter == at && !is_quoted
            })
            .count()
    };
    let most = [';', '\t', ','].into_iter().max_by_key(count);
    (most.unwrap_or(','), text)
}

struct Reader {
    at: char,
    sheet: Sheet,
    row: Vec<Cell>,
    number: u32,
    cell: String,
    n_chars: usize,
    n_cells: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Plain,
    Quoted,
    /// Behind a quote inside of quotes: the end, or the first of two.
    Quote,
    /// Behind CR.
    Return,
}

impl Reader {
    fn new(at: char) -> Self {
        Self {
            at,
            sheet: Sheet::default(),
            row: Vec::new(),
            number: 1,
            cell: String::new(),
            n_chars: 0,
            n_cells: 0,
            state: State::Plain,
        }
    }

    fn take(&mut self, letter: char) -> Result<(), TableRefusal> {
        match (self.state, letter) {
            (State::Return, '\n') => self.state = State::Plain,
            (State::Quoted, '"') => self.state = State::Quote,
            (State::Quoted, _) => self.push(letter),
            (State::Quote, '"') => {
                self.push('"');
                self.state = State::Quoted;
            }
            (State::Plain | State::Return, '"') if self.cell.is_empty() => {
                self.state = State::Quoted;
            }
            (_, '\n' | '\r') => {
                self.end_row()?;
                self.state = if letter == '\r' {
                    State::Return
                } else {
                    State::Plain
                };
            }
            _ if letter == self.at => {
                self.end_cell();
                self.state = State::Plain;
            }
            _ => {
                self.push(letter);
                self.state = State::Plain;
            }
        }
        Ok(())
    }

    fn push(&mut self, letter: char) {
        // One beyond the limit, so that a cell that is too long is told from one that just fits.
        if self.n_chars <= CELL_CHARS_MAX {
            self.cell.push(letter);
            self.n_chars += 1;
        }
    }

    fn end_cell(&mut self) {
        let text = as_it_was(&self.cell);
        if self.row.len() < COLUMNS_MAX {
            self.row.push(if text.is_empty() {
                Cell::Empty
            } else {
                Cell::Text(text.to_owned())
            });
        }
        self.cell.clear();
        self.n_chars = 0;
    }

    fn end_row(&mut self) -> Result<(), TableRefusal> {
        self.end_cell();
        let row = std::mem::take(&mut self.row);
        let n_filled = row.iter().filter(|cell| !cell.is_blank()).count();
        if n_filled > 0 {
            self.n_cells += n_filled;
            if self.n_cells > CELLS_MAX || self.sheet.rows.len() >= ROWS_MAX {
                return Err(TableRefusal::TooMany);
            }
            self.sheet.rows.push((self.number, row));
        }
        self.number = self.number.saturating_add(1);
        Ok(())
    }
}

/// Writes a table: UTF-8 with its mark, which Excel wants, every cell in quotes, nothing to run.
pub(super) fn write(rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    for row in rows {
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            text.push('"');
            text.push_str(&harmless(cell).replace('"', "\"\""));
            text.push('"');
        }
        text.push_str("\r\n");
    }
    text.into_bytes()
}
