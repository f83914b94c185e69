//! Old and new text beside each other.

use super::body::{is_new, item_mark, was_old};
use super::reading::{Reading, labelled, say};
use super::span::{self, View};
use crate::grid::Layout;
use crate::node::{self, Cell, Manner, Node, Pair, Pairs, Run, Side};
use crate::parts::block::{self, Numbers};
use crate::pen::Pen;
use crate::rich::refer;
use model::label;
use redline::{Line, State, What};

/// The lines of a section as a table of two columns.
pub(super) fn pairs(pen: &mut Pen<'_>, reading: &Reading<'_>, lines: &[&Line]) -> Option<Node> {
    if lines.is_empty() {
        return None;
    }
    let (mut old, mut new) = (Numbers::default(), Numbers::default());
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let left = if was_old(line) {
            side(pen, line, View::Old, &mut old)
        } else {
            Side::default()
        };
        let mut right = if is_new(line) {
            side(pen, line, View::New, &mut new)
        } else {
            Side::default()
        };
        if let Some(remark) = reading.remark(pen, line) {
            match right.cells.last_mut() {
                Some(cell) => say(cell, remark),
                None => say(&mut right.runs, remark),
            }
        }
        let cells = |side: &Side| side.cells.iter().chain([&side.runs]).any(node::is_long);
        rows.push(Pair {
            long: cells(&left) || cells(&right),
            old: left,
            new: right,
            changed: line.state != State::Same,
        });
    }
    let head = |pen: &mut Pen<'_>, label: &model::Label, version: &crate::VersionLabel| {
        let words = pen.word(label);
        let line = pen.version_line(version);
        pen.text(&format!("{words}　{line}"), None)
    };
    let heads = [
        head(pen, label!("pdf.redline.was"), &reading.meta.from),
        head(pen, label!("pdf.redline.now"), &reading.meta.to),
    ];
    Some(Node::Pairs(Pairs { heads, rows }))
}

fn side(pen: &mut Pen<'_>, line: &Line, view: View, numbers: &mut Numbers) -> Side {
    let mut mark = String::new();
    match line.kind.as_str() {
        "item" => mark = item_mark(pen, line, true, numbers),
        "note" => mark = pen.word(label!("pdf.note")),
        "paragraph" | "heading" if line.level == 0 => numbers.end(),
        _ => {}
    }
    if line.kind == "row" {
        let mut cells = span::cells(pen, line, view);
        for cell in &mut cells {
            refer(cell, |n| Some(block::raised(n)));
        }
        let layout = Layout::read(&line.layout);
        return Side {
            spans: (0..cells.len()).map(|cell| layout.span(cell)).collect(),
            cells,
            ..Side::default()
        };
    }
    let mut runs = span::runs(pen, line, view);
    refer(&mut runs, |n| Some(block::sign(n + 1)));
    if line.what == What::Fact {
        runs = labelled(&pen.word(label!("pdf.list.na")), runs);
    }
    if line.kind == "figure" {
        let word = Run {
            k: Manner::Mute,
            ..pen.label(label!("pdf.figure"))
        };
        let mut with: Cell = vec![word];
        with.append(&mut runs);
        runs = with;
    }
    Side {
        mark,
        level: line.level,
        strong: line.kind == "heading",
        runs,
        ..Side::default()
    }
}
