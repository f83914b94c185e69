//! What a document is made of, before it is typeset: headings, paragraphs, facts, tables,
//! signatures. The templates know these and nothing of studies.

use serde::Serialize;

/// A piece of text in one manner.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Run {
    /// The text; lines end with U+000A, places to break a long word are U+200B.
    pub(crate) s: String,
    /// Whether it is set as Chinese.
    pub(crate) zh: bool,
    /// How it is set.
    pub(crate) k: Manner,
    /// Who and when, for a rival value.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) note: String,
    /// The text in pieces, where it has marks or changes; they say the same as `s`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) p: Vec<Piece>,
}

/// A stretch of text with the same marks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Piece {
    /// The text, as in a run.
    pub(crate) s: String,
    /// Words of the marks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) m: Vec<&'static str>,
    /// The address of a link.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) h: String,
    /// A raised sign that refers to a note.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) n: String,
    /// What stands in the footnote.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) f: Cell,
    /// The name of the footnote; without a text it refers to the one that was set before.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) l: String,
    /// Put in or taken out.
    #[serde(skip_serializing_if = "Change::is_none")]
    pub(crate) c: Change,
}

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Change {
    /// Nothing.
    #[default]
    None,
    /// It was put in.
    Ins,
    /// It was taken out.
    Del,
    /// It came from elsewhere.
    Move,
}

impl Change {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// How a piece of text is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Manner {
    /// As it is.
    #[default]
    Plain,
    /// Grey: remarks.
    Mute,
    /// Something that a person still has to fill in.
    Todo,
    /// The word that a value is unresolved.
    Unresolved,
    /// One of several standing values.
    Rival,
}

/// The content of a cell or paragraph: pieces one under the other.
pub(crate) type Cell = Vec<Run>;

/// A part of a document.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "t", rename_all = "camelCase")]
pub(crate) enum Node {
    /// A heading, with a bookmark and a line in the contents.
    Heading {
        level: u8,
        run: Run,
        fresh: bool,
        numbered: bool,
    },
    /// A heading inside the protocol text: no bookmark.
    Lead { run: Run },
    /// A paragraph; pieces of a second language follow as their own paragraph.
    Para { runs: Cell },
    /// An item of a list.
    Item { runs: Cell, level: u8, mark: String },
    /// Labelled values.
    Facts { rows: Vec<Fact> },
    /// A table with a repeated head.
    Table(Table),
    /// A table of the protocol text, as its writer laid it out.
    Grid(Grid),
    /// Parts that stand on pages of their own, turned to landscape.
    Wide { nodes: Vec<Node> },
    /// A picture with what is written below it.
    Figure(Figure),
    /// A note below a table or paragraph, with the sign that refers to it.
    Note { mark: String, runs: Cell },
    /// Parts that changed, with a line in the margin.
    Bar {
        nodes: Vec<Node>,
        /// Whether it stays with what follows, as a heading does.
        tied: bool,
    },
    /// Old and new text beside each other.
    Pairs(Pairs),
    /// The timeline.
    Timeline(crate::timeline::Picture),
    /// Lines to sign on: what, and whose name is printed.
    Sign { lines: Vec<SignLine> },
    /// What follows begins on a new page.
    Page,
    /// What follows is a part of its own, on a new page.
    Part,
    /// A sheet in front of a file that is put in, with how many pages that has.
    /// `pages` is 0 where nothing is put in behind it.
    Divider { run: Run, below: Run, pages: usize },
    /// White space.
    Gap { mm: f64 },
    /// The table of contents.
    Contents { title: String },
    /// The letter's address, subject, or closing, set apart.
    Letter { runs: Cell, manner: LetterPart },
}

impl Node {
    /// A heading without a number; anything else as it is.
    pub(crate) fn plain(self) -> Self {
        match self {
            Self::Heading {
                level, run, fresh, ..
            } => Self::Heading {
                level,
                run,
                fresh,
                numbered: false,
            },
            other => other,
        }
    }
}

/// Where in a letter a piece stands.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum LetterPart {
    Title,
    To,
    Subject,
    Closing,
}

/// A labelled value.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Fact {
    pub(crate) label: Run,
    pub(crate) value: Cell,
    /// Whether the row may go over a page end.
    pub(crate) long: bool,
}

/// A line to sign on.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SignLine {
    pub(crate) label: Run,
    pub(crate) date: Run,
}

/// A table.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// Whether every cell is a box, to be written in by hand.
    pub(crate) boxed: bool,
}

/// A column: its head and its share of the width.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Column {
    pub(crate) head: Run,
    /// Fixed width. Units: millimetres; 0 takes a share of what is left.
    pub(crate) mm: f64,
    /// Share of what is left.
    pub(crate) fr: f64,
    pub(crate) center: bool,
    /// Whether the column stands even when every cell is empty.
    #[serde(skip)]
    pub(crate) keep: bool,
}

/// A row.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    /// Whether the row may go over a page end; a short one stays whole.
    pub(crate) long: bool,
}

/// A table of the protocol text: cells may span columns and rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Grid {
    /// Relative widths.
    pub(crate) w: Vec<f64>,
    /// Columns that hold ticks and short words only.
    pub(crate) center: Vec<bool>,
    /// How many of the rows are the head.
    pub(crate) head: usize,
    pub(crate) rows: Vec<GridRow>,
}

/// A row of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct GridRow {
    pub(crate) cells: Vec<GridCell>,
    /// Whether the row may go over a page end.
    pub(crate) long: bool,
}

/// A cell of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct GridCell {
    /// Columns that it spans.
    pub(crate) x: usize,
    /// Rows that it spans.
    pub(crate) y: usize,
    /// Whether it may go over a page end: a short one keeps its rows together.
    pub(crate) b: bool,
    pub(crate) runs: Cell,
}

/// A picture; without a file, a box that says why there is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Figure {
    /// Name of the file in the typesetter's world; empty without one.
    pub(crate) file: String,
    /// Natural width. Units: points; 0 where it is not known.
    pub(crate) width: f64,
    /// What a reader who cannot see it is told.
    pub(crate) alt: String,
    /// Why there is no picture.
    pub(crate) missing: Cell,
    pub(crate) caption: Cell,
}

/// Old and new text beside each other.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Pairs {
    /// What stands above the columns.
    pub(crate) heads: [Run; 2],
    pub(crate) rows: Vec<Pair>,
}

/// One line of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Pair {
    pub(crate) old: Side,
    pub(crate) new: Side,
    pub(crate) changed: bool,
    /// Whether it may go over a page end.
    pub(crate) long: bool,
}

/// One side of a line.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Side {
    /// Bullet or number of an item.
    pub(crate) mark: String,
    pub(crate) level: u8,
    /// Whether it is set as a heading.
    pub(crate) strong: bool,
    pub(crate) runs: Cell,
    /// The cells, where it is the row of a table.
    pub(crate) cells: Vec<Cell>,
    /// Columns that each of them spans.
    pub(crate) spans: Vec<usize>,
}

/// Rows with a cell above this many characters may go over a page end: a row that is kept whole
/// and is taller than a page would be cut off.
const LONG_CELL: usize = 240;

pub(crate) fn is_long(cell: &Cell) -> bool {
    cell.iter()
        .map(|run| run.s.chars().count() + run.note.chars().count())
        .sum::<usize>()
        > LONG_CELL
}

impl Fact {
    pub(crate) fn new(label: Run, value: Cell) -> Self {
        let long = is_long(&value);
        Self { label, value, long }
    }
}

impl Table {
    pub(crate) fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            rows: Vec::new(),
            boxed: false,
        }
    }

    /// The same with a line around every cell.
    pub(crate) fn boxed(self) -> Self {
        Self {
            boxed: true,
            ..self
        }
    }

    pub(crate) fn push(&mut self, cells: Vec<Cell>) {
        let long = cells.iter().any(is_long);
        self.rows.push(Row { cells, long });
    }

    /// The table without the columns in which nothing stands; `None` when no row is left.
    pub(crate) fn closed(mut self) -> Option<Node> {
        if self.rows.is_empty() {
            return None;
        }
        let filled: Vec<bool> = self
            .columns
            .iter()
            .enumerate()
            .map(|(i, column)| {
                column.keep
                    || self
                        .rows
                        .iter()
                        .any(|row| row.cells.get(i).is_some_and(|c| !c.is_empty()))
            })
            .collect();
        let mut keep = filled.iter();
        self.columns.retain(|_| *keep.next().unwrap_or(&true));
        for row in &mut self.rows {
            let mut keep = filled.iter();
            row.cells.retain(|_| *keep.next().unwrap_or(&true));
        }
        self.share_by_content();
        // Without a column that takes what is left, the last one does.
        if self.columns.iter().all(|column| column.fr == 0.0)
            && let Some(last) = self.columns.last_mut()
        {
            last.fr = 1.0;
        }
        Some(Node::Table(self))
    }

    /// Gives columns that share what is left a share by what stands in them: a column of long
    /// texts becomes wide, one of short words does not stay wide for nothing.
    fn share_by_content(&mut self) {
        /// Shares stay within these bounds, so that no column becomes a thread.
        const BOUNDS: (f64, f64) = (3.6, 16.0);
        let rows = &self.rows;
        for (i, column) in self
            .columns
            .iter_mut()
            .enumerate()
            .filter(|(_, c)| c.fr > 0.0)
        {
            let lengths: Vec<f64> = rows
                .iter()
                .filter_map(|row| row.cells.get(i))
                .map(space_wanted)
                .collect();
            let most = lengths.iter().copied().fold(0.0, f64::max);
            let mean = lengths.iter().sum::<f64>() / count(lengths.len());
            let wanted = f64::midpoint(mean.sqrt(), most.sqrt());
            column.fr = wanted
                .max(space_of(&column.head.s).sqrt())
                .clamp(BOUNDS.0, BOUNDS.1);
        }
    }
}

pub(crate) fn count(n: usize) -> f64 {
    u32::try_from(n.max(1)).map_or(f64::MAX, f64::from)
}

/// How much room a cell wants. Units: Latin letters.
pub(crate) fn space_wanted(cell: &Cell) -> f64 {
    cell.iter()
        .map(|run| space_of(&run.s) + space_of(&run.note))
        .sum()
}

pub(crate) fn space_of(text: &str) -> f64 {
    text.chars()
        .map(|ch| if crate::clean::is_han(ch) { 2.0 } else { 1.0 })
        .sum()
}

impl Column {
    /// A column of fixed width. Units: millimetres.
    pub(crate) fn fixed(head: Run, mm: f64) -> Self {
        Self {
            head,
            mm,
            ..Self::default()
        }
    }

    /// A column that shares what is left.
    pub(crate) fn share(head: Run, fr: f64) -> Self {
        Self {
            head,
            fr,
            ..Self::default()
        }
    }

    pub(crate) fn centered(mut self) -> Self {
        self.center = true;
        self
    }

    /// A column of coded words: two languages need more room than one.
    pub(crate) fn worded(mut self, both: bool) -> Self {
        if both {
            self.mm *= 1.35;
        }
        self
    }

    pub(crate) fn kept(mut self) -> Self {
        self.keep = true;
        self
    }
}
