//! Tables: rows that stand together, their spans, their widths.

use super::grid::{self, Layout};
use super::notes::{self, Owner};
use super::paper::{Paper, Para};
use super::story::Story;
use super::track::{Fate, Track};
use super::words;
use model::Lang;
use redline::{Line, Span, SpanOp};

/// A row as it is written.
pub(super) struct Row<'a> {
    at: usize,
    pub(super) line: &'a Line,
    pub(super) layout: Layout,
    pub(super) fate: Fate,
    pub(super) cells: Vec<Cell>,
}

/// A cell: its text in each language.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) texts: Vec<(Lang, Vec<Span>)>,
}

/// From this number of columns on the letters are small.
pub(super) const N_COLUMNS_SMALL: usize = 8;
/// What is no longer than this in such a table is a sign, and stands in the middle.
const N_CHARS_SIGN: usize = 3;
/// A row longer than this may be cut by the end of a page. Units: characters.
const N_CHARS_WHOLE: usize = 500;

/// Writes the rows `from..to`, which are one table, and the space behind it.
pub(super) fn write<'a>(paper: &mut Paper<'a>, story: &mut Story, (from, to): (usize, usize)) {
    let lines: &'a [Line] = paper.lines;
    let Some(group) = lines.get(from..to) else {
        return;
    };
    let lines: Vec<(usize, &'a Line)> = (from..).zip(group).collect();
    let rows = weave(paper, &lines);
    let n_columns = rows.iter().map(Row::n_columns).max().unwrap_or(1);
    let widths = grid::widths(&rows, n_columns);
    let has_head = rows.first().is_some_and(|row| row.layout.is_head);
    open(story, &widths, ("TableGrid", has_head));
    for row in &rows {
        write_row(paper, story, row, &widths);
    }
    story.xml.raw("</w:tbl>");
    let fate = rows.first().map_or(Fate::Both, |row| row.fate);
    let is_one = rows.iter().all(|row| row.fate == fate);
    let was_whole = was_one_table(group, paper.lines.get(to..).unwrap_or_default());
    gap(
        paper,
        story,
        match fate {
            _ if was_whole => Fate::New,
            fate if is_one => fate,
            _ => Fate::Both,
        },
    );
}

/// Whether the next table was one with this one before.
fn was_one_table(group: &[Line], next: &[Line]) -> bool {
    let was = |line: &&Line| Fate::of(line).is_old();
    let table = |line: &Line| match &line.before {
        Some(before) => before.table.clone(),
        None => line.table.clone(),
    };
    // What was put in between was not there.
    let rows = next
        .iter()
        .filter(was)
        .take_while(|line| notes::is_row(line));
    match (group.iter().rev().find(was), rows.into_iter().next()) {
        (Some(last), Some(first)) => !table(last).is_empty() && table(last) == table(first),
        _ => false,
    }
}

/// The rows of both sides in one order: one for both where it has the same cells on both.
///
/// Each side is laid out by itself, so that accepting everything gives the new table and refusing
/// everything the old one.
fn weave<'a>(paper: &Paper<'_>, lines: &[(usize, &'a Line)]) -> Vec<Row<'a>> {
    let side = |fate: Fate| {
        let on_side = |line: &Line| {
            let of_line = Fate::of(line);
            if fate == Fate::Gone {
                of_line.is_old()
            } else {
                of_line.is_new()
            }
        };
        let here = lines.iter().filter(|(_, line)| on_side(line));
        let mut rows: Vec<Row<'a>> = here.map(|line| row_of(paper, *line, fate)).collect();
        drop_stray_merges(&mut rows);
        let n_columns = rows.iter().map(Row::n_columns).max().unwrap_or(1);
        rows.iter_mut().for_each(|row| row.fill_up(n_columns));
        rows.into_iter()
    };
    let (mut old, mut new) = (side(Fate::Gone), side(Fate::New));
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let fate = Fate::of(line.1).unmoved();
        let gone = fate.is_old().then(|| old.next()).flatten();
        let come = fate.is_new().then(|| new.next()).flatten();
        match (gone, come) {
            (Some(gone), Some(come)) if gone.has_cells_of(&come) => {
                let mut row = row_of(paper, *line, Fate::Both);
                row.layout = come.layout;
                row.cells.resize(come.cells.len(), Cell::default());
                rows.push(row);
            }
            (gone, come) => rows.extend(gone.into_iter().chain(come)),
        }
    }
    rows
}

/// The start of a table. Units: twips.
pub(super) fn open(story: &mut Story, widths: &[u32], (style, has_head): (&str, bool)) {
    let total = widths.iter().sum::<u32>().to_string();
    let xml = &mut story.xml;
    xml.raw("<w:tbl><w:tblPr>")
        .empty("w:tblStyle", &[("w:val", style)])
        .empty("w:tblW", &[("w:w", &total), ("w:type", "dxa")])
        .raw("<w:tblLayout w:type=\"fixed\"/>")
        .empty(
            "w:tblLook",
            &[("w:val", if has_head { "0020" } else { "0000" })],
        )
        .raw("</w:tblPr><w:tblGrid>");
    for width in widths {
        xml.empty("w:gridCol", &[("w:w", &width.to_string())]);
    }
    xml.raw("</w:tblGrid>");
}

/// The space behind a table; without it Word makes one table of two.
pub(super) fn gap(paper: &mut Paper<'_>, story: &mut Story, fate: Fate) {
    let para = Para::plain("TableGap", &[], Lang::Zh).on(fate);
    paper.paragraph(story, &para, &[]);
}

impl Row<'_> {
    /// Whether a row of the other side has the same cells in the same places.
    fn has_cells_of(&self, other: &Self) -> bool {
        let is_alike = |at: usize| {
            self.layout.span(at) == other.layout.span(at)
                && self.layout.merge(at) == other.layout.merge(at)
        };
        let mut spans = self.line.zh.iter().chain(&self.line.en);
        self.cells.len() == other.cells.len()
            && self.layout.is_head == other.layout.is_head
            && (0..self.cells.len()).all(is_alike)
            && !spans.any(|span| span.op != SpanOp::Same && span.text.contains('\t'))
    }

    fn n_columns(&self) -> usize {
        (0..self.cells.len()).map(|at| self.layout.span(at)).sum()
    }

    /// Adds the blank cells at the end that the text leaves out and the layout knows.
    fn fill_up(&mut self, n_columns: usize) {
        let mut column = self.n_columns();
        for at in self.cells.len()..self.layout.n_cells() {
            column += self.layout.span(at);
            if column > n_columns {
                break;
            }
            self.cells.push(Cell::new(Vec::new()));
        }
    }
}

/// A line as a row of one side, or of both.
fn row_of<'a>(paper: &Paper<'_>, (at, line): (usize, &'a Line), fate: Fate) -> Row<'a> {
    let layout = match (&line.before, fate) {
        (Some(before), Fate::Gone) => Layout::read(&before.layout),
        _ => Layout::read(&line.layout),
    };
    let langs = paper.langs_of(line);
    let texts: Vec<(Lang, Vec<Vec<Span>>)> = langs
        .iter()
        .map(|lang| (*lang, cut(line.spans(*lang), fate)))
        .collect();
    let n_cells = texts.iter().map(|(_, cells)| cells.len()).max();
    let cell = |place: usize| {
        let texts = texts.iter().filter_map(|(lang, cells)| {
            let spans = cells.get(place).cloned().unwrap_or_default();
            (!spans.is_empty()).then_some((*lang, spans))
        });
        Cell::new(texts.collect())
    };
    Row {
        at,
        line,
        layout,
        fate,
        cells: (0..n_cells.unwrap_or(1)).map(cell).collect(),
    }
}

impl Cell {
    pub(super) fn new(mut texts: Vec<(Lang, Vec<Span>)>) -> Self {
        // A number or a code reads the same in both languages; once is enough.
        if let [(_, first), (_, second)] = texts.as_slice()
            && first == second
        {
            texts.truncate(1);
        }
        Self { texts }
    }

    /// The length of its longest text. Units: characters.
    fn n_chars(&self) -> usize {
        let n_chars = |spans: &[Span]| spans.iter().map(|span| span.text.chars().count()).sum();
        let texts = self.texts.iter().map(|(_, spans)| n_chars(spans));
        texts.max().unwrap_or(0)
    }

    fn is_blank(&self) -> bool {
        let mut spans = self.texts.iter().flat_map(|(_, spans)| spans);
        spans.all(|span| span.text.trim().is_empty() && span.marks.is_empty())
    }
}

/// The cells of a row; what belongs to the other side is left out.
fn cut(spans: &[Span], fate: Fate) -> Vec<Vec<Span>> {
    let mut cells = vec![Vec::new()];
    for span in spans.iter().filter(|span| fate.track(span.op).is_some()) {
        for (n, text) in span.text.split('\t').enumerate() {
            if n > 0 {
                cells.push(Vec::new());
            }
            if let Some(cell) = cells.last_mut()
                && (!text.is_empty() || span.text.is_empty())
            {
                cell.push(Span {
                    text: text.to_owned(),
                    ..span.clone()
                });
            }
        }
    }
    cells
}

/// A cell that goes on from above hides its text; where it has any, or nothing is above, it is a
/// cell of its own.
fn drop_stray_merges(rows: &mut [Row<'_>]) {
    let mut open: Vec<usize> = Vec::new();
    for row in rows {
        let mut column = 0;
        let mut next = Vec::new();
        for at in 0..row.cells.len() {
            let is_blank = row.cells.get(at).is_none_or(Cell::is_blank);
            let goes_on = row.layout.goes_on(at) && is_blank && open.contains(&column);
            if row.layout.goes_on(at) && !goes_on {
                row.layout.stand_alone(at);
            }
            if goes_on || row.layout.starts(at) {
                next.push(column);
            }
            column += row.layout.span(at);
        }
        open = next;
    }
}

fn write_row<'a>(paper: &mut Paper<'a>, story: &mut Story, row: &Row<'a>, widths: &[u32]) {
    let mut mark = if row.fate.is_new() {
        paper.mark_of(row.line)
    } else {
        String::new()
    };
    let n_chars: usize = row
        .line
        .zh
        .iter()
        .chain(&row.line.en)
        .map(|span| span.text.len())
        .sum();
    let n_after = widths.len().saturating_sub(row.n_columns());
    let owner = paper.owners.owner(row.at);
    story.xml.raw("<w:tr><w:trPr>");
    if n_after > 0 {
        story
            .xml
            .empty("w:gridAfter", &[("w:val", &n_after.to_string())]);
    }
    story.xml.raw(if n_chars < N_CHARS_WHOLE {
        "<w:cantSplit/>"
    } else {
        ""
    });
    story.xml.raw(if row.layout.is_head {
        "<w:tblHeader/>"
    } else {
        ""
    });
    row_fate(paper, story, row.fate);
    let mut column = 0;
    for (at, cell) in row.cells.iter().enumerate() {
        let span = row.layout.span(at);
        let width: u32 = widths.iter().skip(column).take(span).sum();
        column += span;
        begin_cell(
            story,
            (width, span),
            row.layout.merge(at),
            row.layout.is_head,
        );
        let is_small = widths.len() >= N_COLUMNS_SMALL;
        let style = match (row.layout.is_head, is_small) {
            (true, true) => "TableHeadSmall",
            (true, false) => "TableHead",
            (false, true) if at > 0 && cell.n_chars() <= N_CHARS_SIGN => "TableSign",
            (false, true) => "TableTextSmall",
            (false, false) => "TableText",
        };
        cell_texts(paper, story, (cell, row.fate, style), (&mark, owner));
        mark.clear();
        story.xml.raw("</w:tc>");
    }
    story.xml.raw("</w:tr>");
}

/// Whether the row was put in or taken out, and the end of its properties.
pub(super) fn row_fate(paper: &mut Paper<'_>, story: &mut Story, fate: Fate) {
    match fate.unmoved().mark() {
        Track::Plain => {}
        track => paper.pen.empty(&mut story.xml, track.name()),
    }
    story.xml.raw("</w:trPr>");
}

/// The start of a cell. Units: twips, columns.
pub(super) fn begin_cell(
    story: &mut Story,
    (width, span): (u32, usize),
    merge: &str,
    is_head: bool,
) {
    let xml = &mut story.xml;
    xml.raw("<w:tc><w:tcPr>")
        .empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
    if span > 1 {
        xml.empty("w:gridSpan", &[("w:val", &span.to_string())]);
    }
    if !merge.is_empty() {
        xml.empty("w:vMerge", &[("w:val", merge)]);
    }
    if is_head {
        xml.raw(
            "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"E7E6E6\"/><w:vAlign w:val=\"center\"/>",
        );
    }
    xml.raw("</w:tcPr>");
}

/// The texts of a cell, one paragraph for each language.
pub(super) fn cell_texts(
    paper: &mut Paper<'_>,
    story: &mut Story,
    (cell, fate, style): (&Cell, Fate, &str),
    (mark, owner): (&str, Owner),
) {
    if cell.texts.is_empty() {
        let lang = words::main_lang(paper.langs);
        let para = Para {
            mark,
            ..Para::plain(style, &[], lang)
        };
        paper.paragraph(story, &para, &[]);
    }
    for (n, (lang, spans)) in cell.texts.iter().enumerate() {
        let ids = notes::write(paper, owner, (spans, fate, *lang));
        let is_last = n + 1 == cell.texts.len();
        let para = Para {
            fate,
            // The end of a cell cannot be tracked, so the end before it is.
            end: if is_last || fate != Fate::Both {
                Track::Plain
            } else {
                inner_end(cell)
            },
            mark: if n == 0 { mark } else { "" },
            ..Para::plain(style, spans, *lang)
        };
        paper.paragraph(story, &para, &ids);
    }
}

fn inner_end(cell: &Cell) -> Track {
    let all = |op: SpanOp| {
        let mut texts = cell.texts.iter();
        texts.any(|(_, spans)| spans.iter().all(|span| span.op == op))
    };
    if all(SpanOp::Insert) {
        Track::Ins
    } else if all(SpanOp::Delete) {
        Track::Del
    } else {
        Track::Plain
    }
}
