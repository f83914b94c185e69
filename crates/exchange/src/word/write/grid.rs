//! Layout of rows and widths of columns.

use super::run::is_han;
use super::table::{self, Row};
use serde_json::Value;

/// Width of the text on a page. Units: twips.
pub(super) const TEXT_WIDTH: u32 = 9070;
/// The narrowest column. Units: twips.
const NARROWEST: u32 = 380;
/// Left and right margin of a cell, with a little to spare. Units: twips.
const MARGINS: u32 = 240;
/// How wide a Latin letter of a table is, and of one with many columns. Units: twips.
const LETTER: f64 = 118.0;
const SMALL: f64 = 94.0;
/// Between these a column's words say how wide it is. Units: Latin letters.
const WORDS: (f64, f64) = (5.0, 46.0);

/// The layout of a row; what it does not say is one column a cell, unmerged.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    spans: Vec<usize>,
    merges: Vec<String>,
    widths: Vec<f64>,
    /// Whether the row is repeated on each page.
    pub(super) is_head: bool,
}

impl Layout {
    pub(super) fn read(text: &str) -> Self {
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            return Self::default();
        };
        let list = |key: &str| {
            value
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
        };
        let columns = |value: &Value| {
            let n = value.as_u64().unwrap_or(1).clamp(1, 63);
            usize::try_from(n).unwrap_or(1)
        };
        Self {
            spans: list("span").map(columns).collect(),
            merges: list("vm")
                .map(|value| value.as_str().unwrap_or_default().to_owned())
                .collect(),
            widths: list("w")
                .map(|value| value.as_f64().unwrap_or_default().max(0.0))
                .collect(),
            is_head: value.get("head") == Some(&Value::Bool(true)),
        }
    }

    /// How many cells it speaks of.
    pub(super) fn n_cells(&self) -> usize {
        match (self.spans.len(), self.merges.len()) {
            (0, 0) => self.widths.len(),
            (spans, merges) => spans.max(merges),
        }
    }

    /// Over how many columns a cell stands.
    pub(super) fn span(&self, at: usize) -> usize {
        self.spans.get(at).copied().unwrap_or(1)
    }

    /// Whether cells below go on with this one.
    pub(super) fn starts(&self, at: usize) -> bool {
        self.merges.get(at).is_some_and(|merge| merge == "start")
    }

    /// Whether a cell goes on with the one above.
    pub(super) fn goes_on(&self, at: usize) -> bool {
        self.merges.get(at).is_some_and(|merge| merge == "cont")
    }

    /// Takes a cell out of the merge with the one above.
    pub(super) fn stand_alone(&mut self, at: usize) {
        if let Some(merge) = self.merges.get_mut(at) {
            "start".clone_into(merge);
        }
    }

    /// Word's term for the merge of a cell; empty for none.
    pub(super) fn merge(&self, at: usize) -> &'static str {
        match self.merges.get(at).map(String::as_str) {
            Some("start") => "restart",
            Some("cont") => "continue",
            _ => "",
        }
    }
}

/// The widths of the columns: as a row says, else by the words in them. Units: twips.
pub(super) fn widths(rows: &[Row<'_>], n_columns: usize) -> Vec<u32> {
    let said = rows.iter().find(|row| {
        let widths = &row.layout.widths;
        widths.len() == n_columns && widths.iter().all(|width| *width > 0.0)
    });
    match said {
        Some(row) => share(&row.layout.widths, &vec![NARROWEST; n_columns]),
        None => {
            let lines = by_words(rows, n_columns, |text| {
                text.split('\n').map(room).fold(0.0, f64::max)
            });
            let longest = by_words(rows, n_columns, |text| {
                text.split(|ch: char| ch.is_whitespace() || is_han(ch))
                    .map(room)
                    .fold(0.0, f64::max)
            });
            let letter = if n_columns >= table::N_COLUMNS_SMALL {
                SMALL
            } else {
                LETTER
            };
            let floor = |room: &f64| MARGINS + (room * letter) as u32;
            let floors: Vec<u32> = longest.iter().map(floor).collect();
            let parts: Vec<f64> = lines
                .iter()
                .map(|room| room.clamp(WORDS.0, WORDS.1))
                .collect();
            share(&parts, &floors)
        }
    }
}

/// Shares the width of the page out, to each column its floor at least where there is room for
/// all of them. Units: twips.
fn share(parts: &[f64], floors: &[u32]) -> Vec<u32> {
    let total: f64 = parts.iter().sum();
    let n = u32::try_from(parts.len()).unwrap_or(1).max(1);
    let even = vec![NARROWEST.min(TEXT_WIDTH / n); parts.len()];
    let is_room = floors.iter().sum::<u32>() <= TEXT_WIDTH;
    let floors = if is_room { floors } else { &even };
    let left = f64::from(TEXT_WIDTH - floors.iter().sum::<u32>().min(TEXT_WIDTH));
    let width =
        |(part, floor): (&f64, &u32)| floor + (left * part / total.max(f64::MIN_POSITIVE)) as u32;
    parts.iter().zip(floors).map(width).collect()
}

/// The most room that a text of each column takes.
fn by_words(rows: &[Row<'_>], n_columns: usize, room: impl Fn(&str) -> f64) -> Vec<f64> {
    let mut parts = vec![0.0_f64; n_columns];
    for row in rows {
        let mut column = 0;
        for (at, cell) in row.cells.iter().enumerate() {
            let span = row.layout.span(at);
            if let (1, Some(part)) = (span, parts.get_mut(column)) {
                for (_, spans) in &cell.texts {
                    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
                    *part = part.max(room(&text));
                }
            }
            column += span;
        }
    }
    parts
}

/// The room that a line takes. Units: Latin letters; a Chinese character counts for two.
fn room(line: &str) -> f64 {
    line.chars()
        .map(|ch| if is_han(ch) { 2.0 } else { 1.0 })
        .sum()
}
