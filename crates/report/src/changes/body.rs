//! The text with its changes: facts as a table, then section by section.

use super::reading::{Reading, labelled, say};
use super::sign::Signs;
use super::span::{self, View};
use super::{RedlineMeta, RedlineStyle, facts, side};
use crate::grid::{self, Layout, RowText};
use crate::node::{Cell, Figure, Node, Piece, Run};
use crate::parts::block::{self, Numbers};
use crate::parts::heading;
use crate::parts::protocol::number_of;
use crate::pen::Pen;
use model::{Entity, label};
use redline::{Line, Redline, State, What};

/// A section with its lines.
pub(super) struct Group<'a> {
    pub(super) title: Option<&'a Line>,
    pub(super) lines: Vec<&'a Line>,
}

/// Whether a line is there in the new text.
pub(super) fn is_new(line: &Line) -> bool {
    !matches!(line.state, State::Removed | State::MovedAway { .. })
}

/// Whether a line was there in the old text, at this place.
pub(super) fn was_old(line: &Line) -> bool {
    !matches!(line.state, State::Added | State::Moved { .. })
}

pub(super) fn body(pen: &mut Pen<'_>, redline: &Redline, meta: &RedlineMeta<'_>) -> Vec<Node> {
    let (facts, text): (Vec<&Line>, Vec<&Line>) = redline
        .lines
        .iter()
        .partition(|line| line.what == What::Fact && line.section.is_none());
    let groups = groups(&text);
    let reading = Reading::new(pen, meta, &groups);
    let mut out = Vec::new();
    let facts = facts::tables(pen, &facts, meta);
    if !facts.is_empty() {
        out.push(begin(pen, label!("pdf.part.keyFacts"), meta));
        out.extend(facts);
    }
    let mut parts = Vec::new();
    let mut left_out = 0;
    let mut last = 1;
    for (i, group) in groups.iter().enumerate() {
        let level = group.title.map_or(1, |title| title.level.max(1));
        if meta.only_changed && !is_changed(group) {
            let mut below = groups[i + 1..]
                .iter()
                .take_while(|other| other.title.is_some_and(|title| title.level > level));
            if !below.any(is_changed) {
                left_out += 1;
                continue;
            }
            // Only the heading, above the changed ones below it.
            let head = Group {
                title: group.title,
                lines: Vec::new(),
            };
            section(pen, &reading, &head, (level + 1).min(last + 1), &mut parts);
        } else {
            section(pen, &reading, group, (level + 1).min(last + 1), &mut parts);
        }
        last = (level + 1).min(last + 1);
    }
    if !parts.is_empty() || left_out > 0 {
        out.push(begin(pen, label!("pdf.redline.text"), meta));
    }
    if left_out > 0 {
        let n = left_out.to_string();
        let runs = pen.sentence(label!("pdf.redline.leftOut"), &[("n", &n)]);
        let mute = |run: Run| Run {
            k: crate::node::Manner::Mute,
            ..run
        };
        out.push(Node::Para {
            runs: runs.into_iter().map(mute).collect(),
        });
    }
    out.extend(parts);
    out
}

/// The heading of a part; with the changed sections only, parts are short and share a page.
fn begin(pen: &Pen<'_>, label: &model::Label, meta: &RedlineMeta<'_>) -> Node {
    Node::Heading {
        level: 1,
        run: pen.label(label),
        fresh: !meta.only_changed,
        numbered: false,
    }
}

fn groups<'a>(lines: &[&'a Line]) -> Vec<Group<'a>> {
    let mut out: Vec<Group<'a>> = Vec::new();
    for line in lines {
        let belongs = out.last().is_some_and(|group| {
            let section = group.title.map(|title| &title.entity);
            section == line.section.as_ref()
        });
        if line.what == What::Title {
            out.push(Group {
                title: Some(line),
                lines: Vec::new(),
            });
        } else if belongs {
            if let Some(group) = out.last_mut() {
                group.lines.push(line);
            }
        } else {
            let title = out
                .iter()
                .filter_map(|group| group.title)
                .find(|title| Some(&title.entity) == line.section.as_ref());
            // Lines of a section that was already left: its title is not printed twice.
            match out.last_mut().filter(|_| title.is_some()) {
                Some(group) => group.lines.push(line),
                None => out.push(Group {
                    title: None,
                    lines: vec![line],
                }),
            }
        }
    }
    out
}

fn is_changed(group: &Group<'_>) -> bool {
    let changed = |line: &&Line| line.state != State::Same;
    group.title.iter().any(changed) || group.lines.iter().any(changed)
}

fn section(
    pen: &mut Pen<'_>,
    reading: &Reading<'_>,
    group: &Group<'_>,
    depth: u8,
    out: &mut Vec<Node>,
) {
    let style = reading.meta.style;
    if let Some(title) = group.title {
        if style == RedlineStyle::Clean && !is_new(title) {
            return;
        }
        let view = match title.state {
            State::Removed | State::MovedAway { .. } => View::Both,
            // A bookmark must not read the old title and the new one in one.
            State::Changed | State::Split { .. } | State::Merged { .. } => View::Clean,
            _ if style == RedlineStyle::Clean => View::Clean,
            _ => View::New,
        };
        let mut runs = span::runs(pen, title, view);
        if let [_, en] = runs.as_mut_slice() {
            // The number once.
            let number = number_of(&en.s).to_owned();
            strip(en, &number);
        }
        let mut run = join(runs);
        if run.s.trim().is_empty() {
            run = pen.label(label!("pdf.untitled"));
        }
        out.push(heading(depth, run).plain());
        let shown = style != RedlineStyle::Clean && title.state != State::Same;
        let mut about = Cell::new();
        if shown && matches!(title.state, State::Changed) && span::shows_change(pen, title) {
            about = span::runs(pen, title, View::Both);
        }
        if shown && let Some(remark) = reading.remark(pen, title) {
            say(&mut about, remark);
        }
        if !about.is_empty() {
            let mark = pen.word(label!("pdf.redline.titleChanged"));
            let note = Node::Note { mark, runs: about };
            out.push(Node::Bar {
                nodes: vec![note],
                tied: true,
            });
        }
    }
    if style == RedlineStyle::SideBySide {
        out.extend(side::pairs(pen, reading, &group.lines));
    } else {
        lines(pen, reading, &group.lines, out);
    }
}

/// Takes a number off the begin of a run.
fn strip(run: &mut Run, number: &str) {
    if number.is_empty() {
        return;
    }
    if let Some(rest) = run.s.strip_prefix(number) {
        run.s = rest.trim_start().to_owned();
    }
    if let Some(piece) = run.p.first_mut()
        && let Some(rest) = piece.s.strip_prefix(number)
    {
        piece.s = rest.trim_start().to_owned();
    }
}

/// Two languages of a title on one line.
fn join(runs: Cell) -> Run {
    let mut out = Run::default();
    for run in runs {
        if !out.p.is_empty() {
            out.put(Piece {
                s: " ".to_owned(),
                ..Piece::default()
            });
        }
        if run.p.is_empty() {
            out.put(Piece {
                s: run.s,
                ..Piece::default()
            });
        } else {
            out.p.extend(run.p);
        }
    }
    out.close();
    out
}

/// The lines of a section, one under the other.
fn lines(pen: &mut Pen<'_>, reading: &Reading<'_>, lines: &[&Line], out: &mut Vec<Node>) {
    let shown: Vec<&Line> = lines
        .iter()
        .copied()
        .filter(|line| reading.view() == View::Both || is_new(line))
        .collect();
    let mut numbers = Numbers::default();
    let mut rest = shown.as_slice();
    let mut notes = Signs::default();
    while let Some(line) = rest.first().copied() {
        let mut n = 1;
        if line.kind == "row" {
            n = rest
                .iter()
                .take_while(|other| other.kind == "row" && other.table == line.table)
                .count();
        }
        let these = &rest[..n];
        rest = &rest[n..];
        let mut nodes = Vec::new();
        let mut wide = false;
        if line.kind == "row" {
            notes = Signs::letters();
            let (node, is_wide) = table(pen, reading, these, &mut notes);
            nodes.push(node);
            wide = is_wide;
        } else if line.kind == "note" {
            let runs = reading.text(pen, line);
            let mark = notes.next_note();
            let mark = if mark.is_empty() {
                pen.word(label!("pdf.note"))
            } else {
                mark
            };
            nodes.push(Node::Note { mark, runs });
        } else {
            notes = Signs::default();
            let mut runs = reading.text(pen, line);
            notes.give(&mut runs);
            one(pen, reading, line, runs, &mut numbers, &mut nodes);
        }
        let marked = these.iter().any(|line| line.state != State::Same);
        if marked && reading.view() == View::Both {
            nodes = vec![Node::Bar { nodes, tied: false }];
        }
        if wide {
            // A heading goes with the turned page that follows it.
            if let Some(head) = out.pop_if(|node| matches!(node, Node::Heading { .. })) {
                nodes.insert(0, head);
            }
            nodes = vec![Node::Wide { nodes }];
        }
        out.extend(nodes);
    }
}

fn one(
    pen: &mut Pen<'_>,
    reading: &Reading<'_>,
    line: &Line,
    runs: Cell,
    numbers: &mut Numbers,
    out: &mut Vec<Node>,
) {
    let level = line.level;
    if line.what == What::Fact {
        // Why a section does not apply.
        let runs = labelled(&pen.word(label!("pdf.list.na")), runs);
        out.push(Node::Para { runs });
        return;
    }
    if line.kind == "figure" && reading.view() == View::Both && is_new(line) {
        out.extend(replaced(pen, reading, line).map(Node::Figure));
    }
    out.push(match line.kind.as_str() {
        "figure" => Node::Figure(figure(pen, reading, line, runs)),
        "heading" => {
            numbers.end();
            Node::Lead { run: join(runs) }
        }
        "item" => Node::Item {
            mark: item_mark(pen, line, is_new(line), numbers),
            runs,
            level,
        },
        _ if level > 0 => Node::Item {
            runs,
            level: level - 1,
            mark: String::new(),
        },
        _ => {
            numbers.end();
            Node::Para { runs }
        }
    });
}

/// Bullet or number of an item; one that is gone takes no number away from the others.
pub(super) fn item_mark(pen: &Pen<'_>, line: &Line, counts: bool, numbers: &mut Numbers) -> String {
    match (line.list == "number", counts) {
        (true, true) => numbers.next(line.level, pen.opts.lang),
        (true, false) => "–".to_owned(),
        (false, _) => block::bullet(line.level).to_owned(),
    }
}

/// The picture that a figure had before, where it is another one now.
fn replaced(pen: &mut Pen<'_>, reading: &Reading<'_>, line: &Line) -> Option<Figure> {
    let old = old_picture(reading, line)?;
    let new = reading.meta.doc.entity(&line.entity)?;
    let (was, is) = (old.text("image"), new.text("image"));
    (was != is && !is.is_empty()).then(|| {
        let caption = pen.sentence(label!("pdf.redline.figureBefore"), &[]);
        block::picture_of(pen, old, was, caption)
    })
}

/// The figure of the old version that has a picture.
fn old_picture<'a>(reading: &Reading<'a>, line: &Line) -> Option<&'a Entity> {
    let id = line.was.as_ref().unwrap_or(&line.entity);
    let old = reading.meta.was.entity(id)?;
    (!old.text("image").is_empty()).then_some(old)
}

/// The picture is that of the new version; one that is gone is shown as it was, and said to be gone.
fn figure(pen: &mut Pen<'_>, reading: &Reading<'_>, line: &Line, caption: Cell) -> Figure {
    let entity = reading
        .meta
        .doc
        .entity(&line.entity)
        .filter(|_| is_new(line));
    match (entity, old_picture(reading, line)) {
        (Some(entity), _) => block::picture_of(pen, entity, entity.text("image"), caption),
        (None, Some(old)) => {
            let mut caption = caption;
            caption.extend(pen.sentence(label!("pdf.redline.figureGone"), &[]));
            block::picture_of(pen, old, old.text("image"), caption)
        }
        (None, None) => Figure {
            alt: pen.word(label!("pdf.figure")),
            missing: pen.sentence(label!("pdf.redline.figureGone"), &[]),
            caption,
            ..Figure::default()
        },
    }
}

fn table(
    pen: &mut Pen<'_>,
    reading: &Reading<'_>,
    lines: &[&Line],
    signs: &mut Signs,
) -> (Node, bool) {
    let rows: Vec<RowText> = lines
        .iter()
        .map(|line| {
            let layout = Layout::read(&line.layout);
            let mut cells = span::cells(pen, line, reading.view());
            if reading.view() == View::Both
                && let Some(remark) = reading.remark(pen, line)
                && let Some(cell) = cells.first_mut()
            {
                say(cell, remark);
            }
            for cell in &mut cells {
                signs.give(cell);
            }
            RowText {
                // A row that is gone stands between those of the new table.
                layout: if is_new(line) {
                    layout
                } else {
                    layout.without_vertical()
                },
                cells,
                across: Cell::new(),
            }
        })
        .collect();
    let wide = grid::wants_width(&rows);
    (Node::Grid(grid::grid(rows)), wide)
}
