//! What the sections are made of: paragraphs, rows, figures and notes in the order of the blocks.

use super::draft::{Draft, drafts};
use super::flow::{Flow, NoteRef, Paragraph, Picture, Piece, Revision, Row, Table, View, When};
use super::limits::REPEATED_MAX;
use super::notices::{self, Notices};
use super::package::Package;
use super::pen::{joined, lines, row_text};
use super::picture::Pictures;
use model::EntityId;
use model::rich::{Mark, MarkKind, RichText};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// One block in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    pub(super) what: What,
    pub(super) before: RichText,
    pub(super) after: RichText,
    pub(super) when: When,
    pub(super) revisions: Vec<Revision>,
    pub(super) comments: Vec<String>,
    pub(super) mark: Option<EntityId>,
}

/// What a block in the making is.
#[derive(Clone, Debug, Default)]
pub(super) enum What {
    /// A paragraph, heading or item; which one is decided later, in sight of all of them.
    Paragraph(Box<Draft>),
    /// A row: the number of its table and its layout.
    Row { table: u32, layout: String },
    /// A figure with its picture.
    Figure(String),
    /// A note.
    #[default]
    Note,
}

/// Makes items from what a file holds.
pub(super) struct Items<'p, 'b> {
    pub(super) package: &'p mut Package<'b>,
    pub(super) pictures: Pictures,
    pub(super) links: Vec<String>,
    /// What each note holds.
    pub(super) notes: BTreeMap<NoteRef, Vec<Flow>>,
    pub(super) notices: Notices,
    n_tables: u32,
    /// Notes that were given.
    given: BTreeSet<NoteRef>,
    /// How much may still be given again. Units: bytes.
    left_again: usize,
}

impl<'p, 'b> Items<'p, 'b> {
    /// Starts.
    pub(super) fn new(
        package: &'p mut Package<'b>,
        links: Vec<String>,
        notes: BTreeMap<NoteRef, Vec<Flow>>,
        notices: Notices,
    ) -> Self {
        Self {
            package,
            pictures: Pictures::default(),
            links,
            notes,
            notices,
            n_tables: 0,
            given: BTreeSet::new(),
            left_again: REPEATED_MAX,
        }
    }

    /// Makes the items of some paragraphs and tables.
    pub(super) fn of(&mut self, flow: &[Flow], out: &mut Vec<Item>) {
        let mut run: Vec<&Paragraph> = Vec::new();
        for one in flow {
            match one {
                Flow::Paragraph(paragraph) => run.push(paragraph),
                Flow::Table(table) => {
                    self.paragraphs(&run, out);
                    run.clear();
                    self.table(table, out);
                }
            }
        }
        self.paragraphs(&run, out);
    }

    fn paragraphs(&mut self, run: &[&Paragraph], out: &mut Vec<Item>) {
        for mut draft in drafts(run, &self.links) {
            let notes = std::mem::take(&mut draft.notes);
            let pictures = std::mem::take(&mut draft.pictures);
            let boxes = std::mem::take(&mut draft.boxes);
            let (revisions, when) = (draft.revisions.clone(), draft.when);
            // What stands around a picture alone is the picture's.
            let mut left = (Vec::new(), None);
            let has_text = !draft.before.is_empty() || !draft.after.is_empty() || !notes.is_empty();
            if has_text {
                out.push(Item {
                    before: std::mem::take(&mut draft.before),
                    after: std::mem::take(&mut draft.after),
                    when,
                    revisions: std::mem::take(&mut draft.revisions),
                    comments: std::mem::take(&mut draft.comments),
                    mark: draft.mark.take(),
                    what: What::Paragraph(Box::new(draft)),
                });
            } else {
                left = (draft.comments, draft.mark);
            }
            for (note, note_when) in notes {
                self.note(&note, when.within(note_when), &revisions, out);
            }
            for (picture, picture_when) in pictures {
                let figure = self.figure(&picture, when.within(picture_when), &revisions);
                out.extend(figure.map(|figure| Item {
                    comments: std::mem::take(&mut left.0),
                    mark: left.1.take(),
                    ..figure
                }));
            }
            for flow in boxes {
                self.of(&flow, out);
            }
            if let Some(last) = out.last_mut() {
                last.comments.append(&mut left.0);
            }
        }
    }

    fn figure(&mut self, picture: &Picture, when: When, revisions: &[Revision]) -> Option<Item> {
        let Some(value) = self.pictures.take(self.package, picture) else {
            self.notices.leave(notices::PICTURE);
            return None;
        };
        Some(Item {
            what: What::Figure(value),
            when,
            revisions: revisions.to_vec(),
            ..Item::default()
        })
    }

    fn note(&mut self, note: &NoteRef, when: When, revisions: &[Revision], out: &mut Vec<Item>) {
        let is_first = self.given.insert(note.clone());
        // A second reference to one note gets its text again, so that each mark has its note; only
        // a hostile file refers to a long one again and again.
        let flow = match self.notes.get(note) {
            Some(flow) if is_first || self.left_again > 0 => flow.as_slice(),
            _ => &[],
        };
        let text = |view| joined(lines(flow, view, &self.links).into_iter(), "\n").finish();
        let (before, after) = (text(View::Before), text(View::After));
        if !is_first {
            let again = before.text.len() + after.text.len() + 1;
            self.left_again = self.left_again.saturating_sub(again);
        }
        let mut item = Item {
            what: What::Note,
            before,
            after,
            when,
            revisions: revisions.to_vec(),
            ..Item::default()
        };
        gather(flow, &mut |paragraph| {
            item.comments.extend(comments_of(paragraph));
            for revision in &paragraph.revisions {
                revision.add_to(&mut item.revisions);
            }
            if item.mark.is_none() {
                item.mark.clone_from(&paragraph.mark);
            }
            if paragraph
                .pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Picture { .. }))
            {
                self.notices.leave(notices::PICTURE);
            }
        });
        out.push(item);
    }

    fn table(&mut self, table: &Table, out: &mut Vec<Item>) {
        self.n_tables += 1;
        let (mut notes, mut pictures) = (Vec::new(), Vec::new());
        // Where every row is said to be repeated on each page, the first one is meant.
        let n_heads = if table.rows.iter().all(|row| row.is_head) {
            1
        } else {
            table.rows.len()
        };
        for (n, row) in table.rows.iter().enumerate() {
            if row.when == When::Never {
                continue;
            }
            let is_head = row.is_head && n < n_heads;
            let text = |view| {
                let text = row_text(row, view, &self.links);
                if is_head { not_bold(&text) } else { text }
            };
            let mut item = Item {
                what: What::Row {
                    table: self.n_tables,
                    layout: layout(row, is_head, &table.widths),
                },
                before: text(View::Before),
                after: text(View::After),
                when: row.when,
                revisions: row.revisions.clone(),
                ..Item::default()
            };
            for cell in &row.cells {
                if cell.flow.iter().any(|flow| matches!(flow, Flow::Table(_))) {
                    self.notices.warn(notices::NESTED);
                }
                gather(&cell.flow, &mut |paragraph| {
                    item.comments.extend(comments_of(paragraph));
                    for revision in &paragraph.revisions {
                        revision.add_to(&mut item.revisions);
                    }
                    if item.mark.is_none() {
                        item.mark.clone_from(&paragraph.mark);
                    }
                    for piece in &paragraph.pieces {
                        match piece {
                            Piece::Note { note, when } => {
                                notes.push((note.clone(), row.when.within(*when)));
                            }
                            Piece::Picture { picture, when } => {
                                pictures.push((picture.clone(), row.when.within(*when)));
                            }
                            _ => {}
                        }
                    }
                });
            }
            out.push(item);
        }
        for (note, when) in notes.into_iter().filter(|(_, when)| *when != When::Never) {
            self.note(&note, when, &[], out);
        }
        for (picture, when) in pictures
            .into_iter()
            .filter(|(_, when)| *when != When::Never)
        {
            out.extend(self.figure(&picture, when, &[]));
        }
    }
}

fn comments_of(paragraph: &Paragraph) -> impl Iterator<Item = String> {
    paragraph.pieces.iter().filter_map(|piece| match piece {
        Piece::Comment(id) => Some(id.clone()),
        _ => None,
    })
}

/// Visits every paragraph in a flow, those in tables and text boxes too, in order.
fn gather(flow: &[Flow], visit: &mut dyn FnMut(&Paragraph)) {
    for one in flow {
        match one {
            Flow::Paragraph(paragraph) => {
                visit(paragraph);
                for piece in &paragraph.pieces {
                    if let Piece::TextBox { flow, .. } = piece {
                        gather(flow, visit);
                    }
                }
            }
            Flow::Table(table) => {
                for cell in table.rows.iter().flat_map(|row| &row.cells) {
                    gather(&cell.flow, visit);
                }
            }
        }
    }
}

/// The layout of a row, as text of JSON; empty when it is the plain one.
fn layout(row: &Row, is_head: bool, widths: &[u32]) -> String {
    let mut layout = Map::new();
    if row.cells.iter().any(|cell| cell.span != 1) {
        let spans = row.cells.iter().map(|cell| Value::from(cell.span));
        layout.insert("span".into(), spans.collect());
    }
    if row.cells.iter().any(|cell| !cell.joined.is_empty()) {
        let joined = row.cells.iter().map(|cell| Value::from(cell.joined));
        layout.insert("vm".into(), joined.collect());
    }
    let total: u64 = widths.iter().map(|width| u64::from(*width)).sum();
    let n_columns: usize = row.cells.iter().map(|cell| cell.span).sum();
    if n_columns == widths.len() && widths.iter().all(|width| *width > 0) {
        let share = |width: &u32| Value::from((u64::from(*width) * 1000 + total / 2) / total);
        layout.insert("w".into(), widths.iter().map(share).collect());
    }
    if is_head {
        layout.insert("head".into(), true.into());
    }
    if layout.is_empty() {
        return String::new();
    }
    Value::Object(layout).to_string()
}

/// A head row's text: cells that are bold as a whole are so for being in the head.
fn not_bold(text: &RichText) -> RichText {
    let mut cells: Vec<(u32, u32)> = Vec::new();
    let mut from = 0;
    for cell in text.text.split('\t') {
        let to = from + u32::try_from(cell.chars().count()).unwrap_or(u32::MAX - from - 1);
        cells.push((from, to));
        from = to + 1;
    }
    let mut marks = Vec::new();
    for mark in &text.marks {
        if mark.kind != MarkKind::Bold {
            marks.push(mark.clone());
            continue;
        }
        for (from, to) in &cells {
            let (start, end) = (mark.from.max(*from), mark.to.min(*to));
            if start < end && (start, end) != (*from, *to) {
                marks.push(Mark {
                    from: start,
                    to: end,
                    ..mark.clone()
                });
            }
        }
    }
    RichText::new(text.text.clone(), marks)
}
