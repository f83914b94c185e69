//! One of the two texts of some paragraphs, written piece by piece.

use super::flow::{Cell, Flow, Look, Paragraph, Piece, Row, View};
use model::rich::{Mark, MarkKind, RichText};

/// A text in the making. Long ones are put together without being copied over and over.
#[derive(Clone, Debug, Default)]
pub(super) struct Pen {
    text: String,
    n_chars: u32,
    marks: Vec<Mark>,
}

impl Pen {
    /// Whether nothing but white space was written; a note counts as something.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.marks.iter().all(|mark| mark.kind != MarkKind::Note)
    }

    /// Writes plain text.
    pub(super) fn plain(&mut self, text: &str) {
        self.text.push_str(text);
        let n = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        self.n_chars = self.n_chars.saturating_add(n);
    }

    /// Writes what a paragraph holds in a view.
    pub(super) fn paragraph(&mut self, paragraph: &Paragraph, view: View, links: &[String]) {
        for piece in &paragraph.pieces {
            match piece {
                Piece::Text { text, look, when } if when.is_in(view) => {
                    let from = self.n_chars;
                    self.plain(text);
                    self.mark(from, look, links);
                }
                Piece::Note { when, .. } if when.is_in(view) => self.marks.push(Mark {
                    from: self.n_chars,
                    to: self.n_chars,
                    kind: MarkKind::Note,
                    href: String::new(),
                }),
                _ => {}
            }
        }
    }

    fn mark(&mut self, from: u32, look: &Look, links: &[String]) {
        let said = [
            (look.bold, MarkKind::Bold),
            (look.italic, MarkKind::Italic),
            (look.underline, MarkKind::Underline),
            (look.strike, MarkKind::Strike),
            (look.sub, MarkKind::Sub),
            (look.sup, MarkKind::Sup),
        ];
        let to = self.n_chars;
        for (_, kind) in said.into_iter().filter(|(is_so, _)| *is_so) {
            self.marks.push(Mark {
                from,
                to,
                kind,
                href: String::new(),
            });
        }
        if let Some(href) = look.link.and_then(|link| links.get(link)) {
            self.marks.push(Mark {
                from,
                to,
                kind: MarkKind::Link,
                href: href.clone(),
            });
        }
    }

    /// Writes what another pen wrote.
    pub(super) fn append(&mut self, other: Self) {
        let by = self.n_chars;
        self.marks.extend(other.marks.into_iter().map(|mark| Mark {
            from: mark.from + by,
            to: mark.to + by,
            ..mark
        }));
        self.text.push_str(&other.text);
        self.n_chars = self.n_chars.saturating_add(other.n_chars);
    }

    /// The text without white space around it.
    pub(super) fn finish(self) -> RichText {
        let kept = self.text.trim();
        let before = self.text.len() - self.text.trim_start().len();
        let n_before = self.text.get(..before).unwrap_or_default().chars().count();
        cut(kept, self.marks, n_before)
    }

    /// Tabs become blanks, since they part the cells of a row.
    fn without_tabs(mut self) -> Self {
        self.text = self.text.replace('\t', " ");
        self
    }

    /// Without white space around it.
    fn trimmed(self) -> Self {
        let rich = self.finish();
        Self {
            n_chars: rich.len(),
            text: rich.text,
            marks: rich.marks,
        }
    }
}

/// A text whose first characters were taken away, with the marks that it had.
pub(super) fn cut(text: &str, marks: Vec<Mark>, n_before: usize) -> RichText {
    let by = u32::try_from(n_before).unwrap_or(u32::MAX);
    let marks = marks.into_iter().map(|mark| Mark {
        from: mark.from.saturating_sub(by),
        to: mark.to.saturating_sub(by),
        ..mark
    });
    RichText::new(text.to_owned(), marks.collect())
}

/// The paragraphs of a view: those whose end is not in it run into the next one.
pub(super) fn groups(paragraphs: &[&Paragraph], view: View) -> Vec<std::ops::Range<usize>> {
    let mut groups = Vec::new();
    let mut from = 0;
    for (at, paragraph) in paragraphs.iter().enumerate() {
        if paragraph.end.is_in(view) || at + 1 == paragraphs.len() {
            groups.push(from..at + 1);
            from = at + 1;
        }
    }
    groups
}

/// The lines of some paragraphs and tables in a view, blank ones left out.
pub(super) fn lines(flow: &[Flow], view: View, links: &[String]) -> Vec<Pen> {
    let mut lines = Vec::new();
    let mut run: Vec<&Paragraph> = Vec::new();
    for one in flow {
        match one {
            Flow::Paragraph(paragraph) => run.push(paragraph),
            Flow::Table(table) => {
                paragraph_lines(&run, view, links, &mut lines);
                run.clear();
                for row in table.rows.iter().filter(|row| row.when.is_in(view)) {
                    nested_row(row, view, links, &mut lines);
                }
            }
        }
    }
    paragraph_lines(&run, view, links, &mut lines);
    lines
}

fn paragraph_lines(run: &[&Paragraph], view: View, links: &[String], lines: &mut Vec<Pen>) {
    for group in groups(run, view) {
        let mut pen = Pen::default();
        let members = run.get(group).unwrap_or_default();
        for paragraph in members {
            pen.paragraph(paragraph, view, links);
        }
        if !pen.is_blank() {
            lines.push(pen.trimmed());
        }
        for paragraph in members {
            for piece in &paragraph.pieces {
                if let Piece::TextBox { flow, when } = piece
                    && when.is_in(view)
                {
                    lines.extend(self::lines(flow, view, links));
                }
            }
        }
    }
}

/// A row of a table in a cell: one line where each of its cells has one.
fn nested_row(row: &Row, view: View, links: &[String], out: &mut Vec<Pen>) {
    let cells: Vec<Vec<Pen>> = row
        .cells
        .iter()
        .map(|cell| lines(&cell.flow, view, links))
        .collect();
    if cells.iter().any(|cell| cell.len() > 1) {
        out.extend(cells.into_iter().flatten());
        return;
    }
    let line = joined(cells.into_iter().flatten(), " ");
    if !line.is_blank() {
        out.push(line);
    }
}

/// Texts with something between them.
pub(super) fn joined(pens: impl Iterator<Item = Pen>, between: &str) -> Pen {
    let mut out = Pen::default();
    for (at, pen) in pens.enumerate() {
        if at > 0 {
            out.plain(between);
        }
        out.append(pen);
    }
    out
}

/// A row's text in a view.
pub(super) fn row_text(row: &Row, view: View, links: &[String]) -> RichText {
    let cell =
        |cell: &Cell| joined(lines(&cell.flow, view, links).into_iter(), "\n").without_tabs();
    let pen = joined(row.cells.iter().map(cell), "\t");
    RichText::new(pen.text, pen.marks)
}
