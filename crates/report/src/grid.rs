//! Rows of the protocol text as a table: spans, heads, widths.

use crate::node::{self, Cell, Grid, GridCell, GridRow};
use serde_json::Value;

/// More columns than this no page can hold.
const MOST_COLUMNS: usize = 40;
/// A head of more rows would leave no room for the rest.
const MOST_HEADS: usize = 6;

/// A row before it is fitted into its table.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowText {
    pub(crate) layout: Layout,
    pub(crate) cells: Vec<Cell>,
    /// Set across the whole table instead of the cells.
    pub(crate) across: Cell,
}

/// How the cells of a row stand; what is not said is one column, no merging, equal widths.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    span: Vec<usize>,
    vertical: Vec<String>,
    widths: Vec<f64>,
    head: bool,
}

impl Layout {
    /// Reads a row's `layout`; what cannot be read counts as not said.
    pub(crate) fn read(text: &str) -> Self {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        let list = |key: &str| value.get(key).and_then(Value::as_array).cloned();
        let span = |cell: &Value| {
            let n = usize::try_from(cell.as_u64().unwrap_or(1)).unwrap_or(1);
            n.clamp(1, MOST_COLUMNS)
        };
        let width = |cell: &Value| cell.as_f64().filter(|w| w.is_finite() && *w > 0.0);
        let word = |cell: &Value| cell.as_str().unwrap_or_default().to_owned();
        let widths = list("w").unwrap_or_default();
        Self {
            span: list("span").unwrap_or_default().iter().map(span).collect(),
            vertical: list("vm").unwrap_or_default().iter().map(word).collect(),
            widths: widths.iter().filter_map(width).collect(),
            head: value.get("head") == Some(&Value::Bool(true)),
        }
    }

    /// The same without cells that go over several rows: where rows come and go, they no longer fit.
    pub(crate) fn without_vertical(mut self) -> Self {
        self.vertical.clear();
        self
    }

    pub(crate) fn span(&self, cell: usize) -> usize {
        self.span.get(cell).copied().unwrap_or(1)
    }

    fn vertical(&self, cell: usize) -> &str {
        self.vertical.get(cell).map_or("", String::as_str)
    }
}

/// A cell that goes over several rows, while rows are put in below it.
#[derive(Clone, Copy)]
struct Open {
    row: usize,
    cell: usize,
    span: usize,
}

/// Fits rows into a table in which every place is taken once.
pub(crate) fn grid(rows: Vec<RowText>) -> Grid {
    let columns = rows.iter().map(columns_of).max().unwrap_or(1).max(1);
    let head = heads(&rows);
    let w = widths(&rows, columns);
    let short: Vec<Vec<bool>> = self::columns(&rows[head..], columns)
        .iter()
        .map(|cells| cells.iter().map(|cell| is_tick(cell)).collect())
        .collect();
    let mut out: Vec<GridRow> = Vec::with_capacity(rows.len());
    let mut open: Vec<Option<Open>> = vec![None; columns];
    for (r, row) in rows.into_iter().enumerate() {
        if r == head {
            // A cell of the head ends with the head.
            open.fill(None);
        }
        let mut fitted = GridRow::default();
        let mut at = 0;
        let layout = row.layout;
        let cells = if row.across.is_empty() {
            row.cells
        } else {
            open.fill(None);
            fitted.put(columns, row.across);
            at = columns;
            Vec::new()
        };
        for (i, runs) in cells.into_iter().enumerate() {
            if at >= columns {
                // More cells than any page holds: the last one takes them.
                if let Some(last) = fitted.cells.last_mut() {
                    last.runs.extend(runs);
                }
                continue;
            }
            let span = layout.span(i).min(columns - at);
            let vertical = layout.vertical(i);
            let above = open[at].filter(|open| open.span == span && vertical == "cont");
            match above {
                Some(origin) => {
                    if let Some(cell) = out
                        .get_mut(origin.row)
                        .and_then(|row| row.cells.get_mut(origin.cell))
                    {
                        cell.y += 1;
                        cell.runs.extend(runs);
                    }
                }
                None => {
                    let begun = (vertical == "start").then_some(Open {
                        row: r,
                        cell: fitted.cells.len(),
                        span,
                    });
                    open[at..at + span].fill(None);
                    open[at] = begun;
                    fitted.put(span, runs);
                }
            }
            at += span;
        }
        if at < columns {
            open[at..].fill(None);
            fitted.put(columns - at, Cell::new());
        }
        fitted.long = fitted.cells.iter().any(|cell| node::is_long(&cell.runs));
        out.push(fitted);
    }
    keep_together(&mut out);
    let center = (0..columns).map(|at| is_short(&short, at)).collect();
    Grid {
        w,
        center,
        head,
        rows: out,
    }
}

/// A cell over a few short rows keeps them on one page; else the next page begins with an empty
/// cell.
fn keep_together(rows: &mut [GridRow]) {
    const MOST_ROWS: usize = 8;
    let long: Vec<bool> = rows.iter().map(|row| row.long).collect();
    for (r, row) in rows.iter_mut().enumerate() {
        for cell in &mut row.cells {
            let below = &long[r..(r + cell.y).min(long.len())];
            cell.b = below.len() > MOST_ROWS || below.contains(&true);
        }
    }
}

/// Columns and what stands in them below the head, where a cell has the column for itself.
type Columns<'a> = Vec<Vec<&'a Cell>>;

fn columns<'a>(rows: &'a [RowText], n: usize) -> Columns<'a> {
    let mut out: Columns<'a> = vec![Vec::new(); n];
    for row in rows {
        let mut at = 0;
        for (i, cell) in row.cells.iter().enumerate() {
            let span = row.layout.span(i);
            if span == 1 && at < n {
                out[at].push(cell);
            }
            at += span;
        }
    }
    out
}

/// Whether rows need a page turned to landscape: so many columns that words would be torn.
pub(crate) fn wants_width(rows: &[RowText]) -> bool {
    /// Columns that fit upright whatever they hold.
    const UPRIGHT: usize = 8;
    /// Room across an upright page. Units: Latin letters at the size of a table with many columns.
    const ROOM: f64 = 116.0;
    /// White space at both sides of a cell. Units: as above.
    const PAD: f64 = 1.4;
    let n = rows.iter().map(columns_of).max().unwrap_or(0);
    if n <= UPRIGHT {
        return false;
    }
    let need = |cells: &Vec<&Cell>| {
        let widest = |cell: &&Cell| cell.iter().map(longest_word).fold(0.0, f64::max);
        cells.iter().map(widest).fold(0.0, f64::max) + PAD
    };
    columns(rows, n).iter().map(need).sum::<f64>() > ROOM
}

/// The widest stretch that is not broken well. Units: Latin letters.
fn longest_word(run: &node::Run) -> f64 {
    /// Chinese may be broken anywhere, but not after every character.
    const HAN: f64 = 8.0;
    let words = run.s.split(|c: char| c.is_whitespace() || c == '\u{200b}');
    let wide = |word: &str| {
        let space = node::space_of(word);
        if word.chars().any(crate::clean::is_han) {
            space.min(HAN)
        } else {
            space
        }
    };
    words.map(wide).fold(0.0, f64::max)
}

/// Whether a cell holds a tick or a short word.
fn is_tick(cell: &Cell) -> bool {
    /// Units: Latin letters.
    const SHORT: f64 = 5.0;
    node::space_wanted(cell) <= SHORT
}

/// Whether a column holds ticks and short words only, and so is centered.
fn is_short(columns: &[Vec<bool>], at: usize) -> bool {
    at > 0
        && columns
            .get(at)
            .is_some_and(|cells| !cells.is_empty() && !cells.contains(&false))
}

impl GridRow {
    fn put(&mut self, x: usize, runs: Cell) {
        self.cells.push(GridCell {
            x,
            y: 1,
            b: false,
            runs,
        });
    }
}

fn columns_of(row: &RowText) -> usize {
    let n: usize = (0..row.cells.len()).map(|i| row.layout.span(i)).sum();
    n.min(MOST_COLUMNS)
}

/// The rows at the top that say they are the head; none when nothing would be left.
fn heads(rows: &[RowText]) -> usize {
    let n = rows.iter().take_while(|row| row.layout.head).count();
    if n > MOST_HEADS || n >= rows.len() {
        0
    } else {
        n
    }
}

/// The widths that the writer gave, else widths by what stands in the columns.
fn widths(rows: &[RowText], columns: usize) -> Vec<f64> {
    /// No column becomes a thread. Units: share of the whole.
    const LEAST: f64 = 0.025;
    let given = rows
        .iter()
        .map(|row| &row.layout.widths)
        .find(|widths| widths.len() == columns);
    if let Some(given) = given {
        let whole: f64 = given.iter().sum();
        return given.iter().map(|w| (w / whole).max(LEAST)).collect();
    }
    let wanted: Vec<Vec<f64>> = self::columns(rows, columns)
        .iter()
        .map(|cells| cells.iter().map(|cell| node::space_wanted(cell)).collect())
        .collect();
    wanted
        .iter()
        .map(|lengths| {
            let most = lengths.iter().copied().fold(0.0, f64::max);
            let mean = lengths.iter().sum::<f64>() / node::count(lengths.len());
            f64::midpoint(mean.sqrt(), most.sqrt()).clamp(2.4, 14.0)
        })
        .enumerate()
        // The names at the left of a table of ticks.
        .map(|(at, w)| if at == 0 && columns > 8 { w * 1.5 } else { w })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Run;

    fn row(layout: &str, cells: &[&str]) -> RowText {
        let cell = |text: &&str| {
            vec![Run {
                s: (*text).to_owned(),
                ..Run::default()
            }]
        };
        RowText {
            layout: Layout::read(layout),
            cells: cells.iter().map(cell).collect(),
            across: Cell::new(),
        }
    }

    /// Every place of the table is taken exactly once.
    fn is_tight(grid: &Grid) -> bool {
        let columns = grid.w.len();
        let mut taken = vec![vec![false; columns]; grid.rows.len()];
        for (r, row) in grid.rows.iter().enumerate() {
            for cell in &row.cells {
                let Some(at) = taken[r].iter().position(|taken| !taken) else {
                    return false;
                };
                for line in taken.iter_mut().skip(r).take(cell.y) {
                    for place in &mut line[at..at + cell.x] {
                        if std::mem::replace(place, true) {
                            return false;
                        }
                    }
                }
            }
        }
        taken.iter().flatten().all(|taken| *taken)
    }

    #[test]
    fn spans_go_over_columns_and_rows() {
        let grid = grid(vec![
            row(r#"{"span":[1,2],"head":true}"#, &["访视", "治疗期"]),
            row(r#"{"vm":["start","",""]}"#, &["血压", "1", "2"]),
            row(r#"{"vm":["cont","",""]}"#, &["", "3", "4"]),
            row("", &["体重", "5"]),
        ]);
        assert_eq!((grid.head, grid.w.len()), (1, 3));
        assert_eq!((grid.rows[1].cells[0].x, grid.rows[1].cells[0].y), (1, 2));
        assert_eq!(grid.rows[2].cells.len(), 2);
        assert!(is_tight(&grid));
    }

    #[test]
    fn layouts_that_do_not_fit_still_give_a_whole_table() {
        for layout in [
            r#"{"vm":["cont","cont","cont"]}"#,
            r#"{"span":[9,9,0],"head":true}"#,
            r#"{"span":"x","vm":[1,2],"w":[0,-1,"a"]}"#,
            "not JSON",
        ] {
            let rows = vec![
                row(r#"{"vm":["start","start"],"head":true}"#, &["a", "b"]),
                row(layout, &["c", "d", "e"]),
                row(layout, &["f"]),
                row("", &["g", "h", "i", "j"]),
            ];
            assert!(is_tight(&grid(rows)), "{layout}");
        }
    }
}
