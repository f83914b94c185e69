//! The blocks of a section: paragraphs, lists, tables, figures, notes.

use crate::PdfLang;
use crate::clean;
use crate::grid::{self, Layout, RowText};
use crate::node::{Cell, Figure, Manner, Node, Piece, Run};
use crate::pen::{Pen, find_field, place_of};
use crate::picture;
use crate::rich::{self, refer, refer_run};
use crate::warning::{Warning, WarningCode};
use model::rich::RichText;
use model::{Entity, kind, label, protocol};

/// Deepest indent of an item.
const DEEPEST: u8 = 5;

/// The blocks of a section, without those that nobody has accepted yet.
pub(crate) fn blocks(pen: &mut Pen<'_>, section: &Entity) -> Vec<Node> {
    let doc = pen.doc;
    let found = doc.children(&section.id, kind::BLOCK);
    let found: Vec<&Entity> = found.filter(|block| !protocol::is_pending(block)).collect();
    let mut out = Vec::new();
    let mut numbers = Numbers::default();
    let mut rest = found.as_slice();
    while let Some(block) = rest.first().copied() {
        let is_row = block.text("type") == "row";
        let end = if is_row {
            let same = |other: &&Entity| {
                other.text("type") == "row" && other.text("table") == block.text("table")
            };
            rest.iter().take_while(|other| same(other)).count()
        } else {
            1
        };
        let notes = rest[end..].iter();
        let notes = notes
            .take_while(|other| other.text("type") == "note")
            .count();
        let (these, notes) = (&rest[..end], &rest[end..end + notes]);
        if is_row {
            table(pen, these, notes, &mut out);
        } else {
            one(pen, block, notes, &mut numbers, &mut out);
        }
        rest = &rest[end + notes.len()..];
    }
    out
}

/// A block that is not a row, with its notes at the foot of the page.
fn one(
    pen: &mut Pen<'_>,
    block: &Entity,
    notes: &[&Entity],
    numbers: &mut Numbers,
    out: &mut Vec<Node>,
) {
    let mut runs = pen.value(block, "text");
    let rivals = runs.iter().any(|run| run.k == Manner::Rival);
    let notes: Vec<Cell> = notes.iter().map(|note| pen.value(note, "text")).collect();
    let mut left = notes.clone();
    let referred = runs.iter().map(Run::references).max().unwrap_or(0);
    if rivals || referred == 0 {
        // Several values would refer to one note: it stands below them, once.
        refer(&mut runs, |n| notes.get(n).map(|_| sign(n + 1)));
    } else {
        footnotes(pen, &mut runs, &notes);
        left.drain(..referred.min(left.len()));
    }
    let level = level_of(block);
    match block.text("type") {
        "figure" => figure(pen, block, runs, out),
        // A note that belongs to nothing.
        "note" if !runs.is_empty() => out.push(note(pen, String::new(), runs)),
        _ if runs.is_empty() => {}
        "heading" if !rivals => {
            numbers.end();
            out.push(Node::Lead {
                run: one_line(runs),
            });
        }
        "item" => {
            let mark = if block.text("list") == "number" {
                numbers.next(level, pen.opts.lang)
            } else {
                bullet(level).to_owned()
            };
            out.push(Node::Item { runs, level, mark });
        }
        _ if level > 0 => out.push(Node::Item {
            runs,
            level: level - 1,
            mark: String::new(),
        }),
        _ => {
            numbers.end();
            out.push(Node::Para { runs });
        }
    }
    for (n, runs) in left.into_iter().enumerate() {
        if !runs.is_empty() {
            let mark = if rivals {
                (n + 1).to_string()
            } else {
                String::new()
            };
            out.push(note(pen, mark, runs));
        }
    }
}

/// Gives references their footnotes. Each language has the note in its own words; a note that is
/// in one language only stands once, and both texts refer to it.
fn footnotes(pen: &mut Pen<'_>, runs: &mut Cell, notes: &[Cell]) {
    let many = runs.len() > 1;
    let mut set: Vec<(usize, Cell, String)> = Vec::new();
    for (i, run) in runs.iter_mut().enumerate() {
        refer_run(run, |n| {
            let note = notes.get(n).filter(|note| !note.is_empty())?;
            let is_plain = note.iter().all(|run| run.k == Manner::Plain);
            let own = if many && is_plain {
                vec![note.get(i).or(note.first())?.clone()]
            } else {
                note.clone()
            };
            let before = set.iter().find(|(of, text, _)| *of == n && *text == own);
            let (f, l) = match before {
                Some((_, _, name)) => (Cell::new(), name.clone()),
                None => {
                    pen.footnotes += 1;
                    let name = format!("fn-{}", pen.footnotes);
                    set.push((n, own.clone(), name.clone()));
                    (own, name)
                }
            };
            Some(Piece {
                n: "*".to_owned(),
                f,
                l,
                ..Piece::default()
            })
        });
    }
}

fn note(pen: &Pen<'_>, mark: String, runs: Cell) -> Node {
    let mark = if mark.is_empty() {
        pen.word(label!("pdf.note"))
    } else {
        mark
    };
    Node::Note { mark, runs }
}

/// The sign of a note that stands below.
pub(crate) fn sign(n: usize) -> Piece {
    Piece {
        n: n.to_string(),
        ..Piece::default()
    }
}

/// How deep a block is indented.
fn level_of(block: &Entity) -> u8 {
    let level = block.value("level").as_u64().unwrap_or(0);
    u8::try_from(level).unwrap_or(DEEPEST).min(DEEPEST)
}

/// The sign before an item without a number.
pub(crate) fn bullet(level: u8) -> &'static str {
    ["•", "–", "·"][usize::from(level) % 3]
}

/// Numbers of items, level by level.
#[derive(Default)]
pub(crate) struct Numbers([u32; DEEPEST as usize + 1]);

impl Numbers {
    /// A list is over.
    pub(crate) fn end(&mut self) {
        *self = Self::default();
    }

    /// The next number of a level; deeper lists begin anew.
    pub(crate) fn next(&mut self, level: u8, lang: PdfLang) -> String {
        let level = usize::from(level.min(DEEPEST));
        for deeper in &mut self.0[level + 1..] {
            *deeper = 0;
        }
        self.0[level] += 1;
        let n = self.0[level];
        match (level % 3, lang) {
            (1, PdfLang::En) => format!("{})", letters(n)),
            (1, _) => format!("（{n}）"),
            (2, PdfLang::En) => format!("{})", roman(n)),
            (2, _) => format!("{n})"),
            _ => format!("{n}."),
        }
    }
}

/// a, b, … z, aa, ab …
pub(crate) fn letters(n: u32) -> String {
    let mut n = n.max(1);
    let mut out = Vec::new();
    while n > 0 {
        let digit = u8::try_from((n - 1) % 26).unwrap_or(0);
        out.insert(0, char::from(b'a' + digit));
        n = (n - 1) / 26;
    }
    out.into_iter().collect()
}

fn roman(n: u32) -> String {
    const DIGITS: [(u32, &str); 9] = [
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut n = n;
    let mut out = String::new();
    for (value, digit) in DIGITS {
        while n >= value {
            out.push_str(digit);
            n -= value;
        }
    }
    out
}

/// Rows that stand together, with their notes below.
fn table(pen: &mut Pen<'_>, rows: &[&Entity], notes: &[&Entity], out: &mut Vec<Node>) {
    let mut referred = 0_usize;
    let mut texts: Vec<RowText> = Vec::with_capacity(rows.len());
    for row in rows {
        let mut text = row_text(pen, row);
        // The notes of a row in two languages are the same notes.
        let mut most = 0;
        for cell in text.cells.iter_mut().chain([&mut text.across]) {
            let here = cell.iter().map(Run::references).max().unwrap_or(0);
            let begin = referred + most;
            refer(cell, |n| {
                let n = begin + n;
                (n < notes.len()).then(|| raised(n))
            });
            most += here;
        }
        referred += most;
        texts.push(text);
    }
    if texts
        .iter()
        .all(|row| row.cells.iter().all(Vec::is_empty) && row.across.is_empty())
    {
        return;
    }
    let wide = grid::wants_width(&texts);
    let grid = grid::grid(texts);
    let mut nodes = vec![Node::Grid(grid)];
    for (n, entity) in notes.iter().enumerate() {
        let runs = pen.value(entity, "text");
        if !runs.is_empty() {
            let mark = if n < referred {
                raised(n).n
            } else {
                String::new()
            };
            nodes.push(note(pen, mark, runs));
        }
    }
    if wide {
        out.push(Node::Wide { nodes });
    } else {
        out.extend(nodes);
    }
}

/// Notes of a table have letters: numbers would read as powers.
pub(crate) fn raised(n: usize) -> Piece {
    Piece {
        n: letters(u32::try_from(n + 1).unwrap_or(u32::MAX)),
        ..Piece::default()
    }
}

fn row_text(pen: &mut Pen<'_>, row: &Entity) -> RowText {
    let layout = Layout::read(row.text("layout"));
    let Some(field) = find_field(kind::BLOCK, "text") else {
        return RowText::default();
    };
    let registers = pen.registers(row, field);
    let held: Vec<_> = registers
        .iter()
        .filter_map(|name| Some((name, row.fields.get(name)?)))
        .collect();
    let odd = held
        .iter()
        .any(|(_, held)| held.conflict || held.heads.first().is_some_and(|head| head.redacted));
    if odd {
        return RowText {
            layout,
            cells: Vec::new(),
            across: pen.value(row, "text"),
        };
    }
    let mut cells: Vec<Cell> = Vec::new();
    for (name, held) in held {
        let text = RichText::read(held.value()).unwrap_or_default();
        let place = place_of(row, name);
        for (i, cell) in rich::cells(&text).iter().enumerate() {
            if cells.len() <= i {
                cells.push(Cell::new());
            }
            let run = pen.rich(cell, Some(&place));
            if !run.s.is_empty() && !cells[i].contains(&run) {
                cells[i].push(run);
            }
        }
    }
    RowText {
        layout,
        cells,
        across: Cell::new(),
    }
}

fn figure(pen: &mut Pen<'_>, block: &Entity, caption: Cell, out: &mut Vec<Node>) {
    let held = block.fields.get("image");
    if let Some(held) = held.filter(|held| held.conflict) {
        for head in &held.heads {
            let mut below = caption.clone();
            below.extend(pen.rival_note(block, "image", head));
            let value = head.value.as_str().unwrap_or("");
            out.push(Node::Figure(picture_of(pen, block, value, below)));
        }
    } else {
        let value = block.text("image").to_owned();
        out.push(Node::Figure(picture_of(pen, block, &value, caption)));
    }
}

/// A picture by its value, or a box that says that there is none.
pub(crate) fn picture_of(pen: &mut Pen<'_>, block: &Entity, value: &str, caption: Cell) -> Figure {
    let mut alt = Pen::join(&caption, " ");
    if alt.is_empty() {
        alt = pen.word(label!("pdf.figure"));
    }
    match picture::read(value) {
        Some(read) => {
            let figure = Figure {
                file: read.name.clone(),
                width: read.width,
                alt,
                missing: Cell::new(),
                caption,
            };
            pen.pictures.insert(read.name, read.bytes);
            figure
        }
        None => {
            pen.warn(Warning {
                code: WarningCode::NoPicture,
                place: Some(place_of(block, "image")),
                detail: alt.clone(),
            });
            Figure {
                alt,
                missing: pen.sentence(label!("pdf.noPicture"), &[]),
                caption,
                ..Figure::default()
            }
        }
    }
}

/// A heading inside the text, on one line.
fn one_line(runs: Cell) -> Run {
    if let [run] = runs.as_slice()
        && !run.s.contains('\n')
    {
        return run.clone();
    }
    let text = Pen::join(&runs, " ");
    Run {
        zh: clean::is_chinese(&text),
        s: text,
        ..Run::default()
    }
}
