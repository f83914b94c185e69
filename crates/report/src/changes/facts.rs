//! Facts with their changes: a row for each of the study's own, one for each arm, product, outcome.

use super::reading::labelled;
use super::span::{self, View};
use super::{RedlineMeta, RedlineStyle};
use crate::node::{Cell, Column, Node, Run, Table};
use crate::parts::heading;
use crate::pen::Pen;
use model::{EntityId, kind, label};
use redline::{Line, State};

/// The facts, kind by kind; side by side, old and new in two columns.
pub(super) fn tables(pen: &mut Pen<'_>, lines: &[&Line], meta: &RedlineMeta<'_>) -> Vec<Node> {
    let mut out = Vec::new();
    for kind in model::protocol::KINDS {
        let of_kind = |line: &&&Line| line.kind == kind && !is_other_language(pen, line, lines);
        let found: Vec<&Line> = lines.iter().filter(of_kind).copied().collect();
        let mut table = table(pen, meta.style);
        let mut done: Vec<&EntityId> = Vec::new();
        for line in &found {
            let of: Vec<&Line> = if kind == kind::STUDY {
                vec![line]
            } else if done.contains(&&line.entity) {
                continue;
            } else {
                done.push(&line.entity);
                let same = |other: &&&Line| other.entity == line.entity;
                found.iter().filter(same).copied().collect()
            };
            if meta.only_changed && of.iter().all(|line| line.state == State::Same) {
                continue;
            }
            let row = if kind == kind::STUDY {
                one(pen, line, meta.style)
            } else {
                entity(pen, &of, meta.style)
            };
            if row[1..].iter().any(|cell| !cell.is_empty()) {
                table.push(row);
            }
        }
        if let Some(table) = table.closed() {
            out.push(heading(2, kind_label(pen, kind)).plain());
            out.push(table);
        }
    }
    out
}

fn table(pen: &Pen<'_>, style: RedlineStyle) -> Table {
    let item = Column::fixed(pen.label(label!("pdf.redline.fact")), 48.0);
    let column = |label| Column::share(pen.label(label), 1.0).kept();
    Table::new(if style == RedlineStyle::SideBySide {
        vec![
            item,
            column(label!("pdf.redline.was")),
            column(label!("pdf.redline.now")),
        ]
    } else {
        vec![item, column(label!("pdf.redline.value"))]
    })
}

/// The views that have a column.
fn views(style: RedlineStyle) -> &'static [View] {
    match style {
        RedlineStyle::SideBySide => &[View::Old, View::New],
        RedlineStyle::Clean => &[View::Clean],
        RedlineStyle::Underline | RedlineStyle::Shaded | RedlineStyle::Table => &[View::Both],
    }
}

fn name_of(pen: &mut Pen<'_>, line: &Line) -> Run {
    match span::field_of(line) {
        Some(field) => pen.field_label(field),
        None => pen.text(&line.name, None),
    }
}

/// A fact of the study itself.
fn one(pen: &mut Pen<'_>, line: &Line, style: RedlineStyle) -> Vec<Cell> {
    let mut row = vec![vec![name_of(pen, line)]];
    for view in views(style) {
        row.push(span::fact(pen, line, *view));
    }
    row
}

/// An arm, a product, an outcome: its name, and everything else with labels.
fn entity(pen: &mut Pen<'_>, lines: &[&Line], style: RedlineStyle) -> Vec<Cell> {
    let names_it =
        |line: &&&Line| matches!(line.name.as_str(), "label" | "name" | "measure" | "id");
    let name = lines.iter().find(names_it).copied();
    let beside = style == RedlineStyle::SideBySide;
    let mut first = Cell::new();
    if let Some(name) = name {
        let view = if beside { View::Clean } else { views(style)[0] };
        first = span::fact(pen, name, view);
        if first.is_empty() {
            first = span::fact(pen, name, View::Old);
        }
    }
    let mut row = vec![first];
    for view in views(style) {
        let mut cell = Cell::new();
        for line in lines {
            // Beside each other, a changed name stands in both columns too.
            if name.is_some_and(|name| name.name == line.name) && !beside {
                continue;
            }
            let label = name_of(pen, line).s;
            let value = span::fact(pen, line, *view);
            cell.extend(labelled(&label, value));
        }
        row.push(cell);
    }
    // An entity with nothing but a name.
    if !beside && row[1].is_empty() {
        row[1] = std::mem::take(&mut row[0]);
    }
    row
}

/// Whether a fact is in a language that is not printed, and the other language has it too.
fn is_other_language(pen: &Pen<'_>, line: &Line, lines: &[&Line]) -> bool {
    let Some(lang) = model::field::language(&line.name) else {
        return false;
    };
    let Some((field, _)) = line.name.rsplit_once('.') else {
        return false;
    };
    !pen.langs().contains(&lang)
        && lines.iter().any(|other| {
            other.entity == line.entity
                && other.name != line.name
                && other
                    .name
                    .rsplit_once('.')
                    .is_some_and(|(name, _)| name == field)
        })
}

fn kind_label(pen: &Pen<'_>, of: &str) -> Run {
    pen.label(match of {
        kind::ARM => label!("pdf.arms"),
        kind::INTERVENTION => label!("pdf.interventions"),
        kind::OUTCOME => label!("pdf.part.outcomes"),
        kind::IDENTIFIER => label!("pdf.group.identity"),
        _ => label!("pdf.part.facts"),
    })
}
