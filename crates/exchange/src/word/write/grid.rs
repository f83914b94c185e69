//! Layout of rows and widths of columns.

use super::run::is_han;
use super::table::Row;
use serde_json::Value;

/// Width of the text on a page. Units: twips.
pub(super) const TEXT_WIDTH: u32 = 9070;
/// The narrowest column. Units: twips.
const NARROWEST: u32 = 380;
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
    let parts = said.map_or_else(
        || by_words(rows, n_columns),
        |row| row.layout.widths.clone(),
    );
    share(&parts)
}

/// Shares the width of the page out. Units: twips.
fn share(parts: &[f64]) -> Vec<u32> {
    let total: f64 = parts.iter().sum();
    let n = u32::try_from(parts.len()).unwrap_or(1).max(1);
    let floor = NARROWEST.min(TEXT_WIDTH / n);
    let room = f64::from(TEXT_WIDTH - floor * n);
    let width = |part: &f64| floor + (room * part / total.max(f64::MIN_POSITIVE)) as u32;
    parts.iter().map(width).collect()
}

fn by_words(rows: &[Row<'_>], n_columns: usize) -> Vec<f64> {
    let mut parts = vec![WORDS.0; n_columns];
    for row in rows {
        let mut column = 0;
        for (at, cell) in row.cells.iter().enumerate() {
            let span = row.layout.span(at);
            if let (1, Some(part)) = (span, parts.get_mut(column)) {
                for (_, spans) in &cell.texts {
                    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
                    let longest = text.split('\n').map(room).fold(0.0, f64::max);
                    *part = part.max(longest.min(WORDS.1));
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
