//! The list of a package: what the committee wants, what goes along, on which pages.

use super::{chapter, number};
use crate::node::{Cell, Column, Manner, Node, Run, Table};
use crate::package::{Enclosed, OwnPart, is_had, own_range};
use crate::pen::Pen;
use model::submission::list::{Row, Status};
use model::{kind, label};

/// The list, one row for each item and for each file that answers it.
pub(crate) fn list(
    pen: &mut Pen<'_>,
    rows: &[Row<'_>],
    enclosed: &[Enclosed],
    own: &[OwnPart],
) -> Vec<Node> {
    let wide = if pen.both() { 15.0 } else { 12.0 };
    let mut table = Table::new(vec![
        Column::fixed(pen.label(label!("pdf.no")), 10.0).centered(),
        Column::share(pen.label(label!("pdf.list.material")), 1.0),
        Column::fixed(pen.name_of(kind::DOCUMENT, "version"), 17.0).kept(),
        Column::fixed(pen.name_of(kind::DOCUMENT, "versionDate"), 23.0).kept(),
        Column::fixed(pen.label(label!("pdf.list.pages")), 20.0).centered(),
        Column::fixed(pen.label(label!("pdf.list.have")), wide).centered(),
        Column::fixed(pen.label(label!("pdf.list.lack")), wide).centered(),
        Column::fixed(pen.label(label!("pdf.list.na")), wide).centered(),
    ]);
    for row in rows {
        item(pen, row, (enclosed, own), &mut table);
    }
    let mut out = vec![chapter(pen, label!("pdf.part.list"))];
    out.extend(table.closed());
    out.push(Node::Gap { mm: 2.0 });
    let note = pen.sentence(label!("pdf.list.note"), &[]);
    let runs = note.into_iter().map(|run| Run {
        k: Manner::Mute,
        ..run
    });
    out.push(Node::Para {
        runs: runs.collect(),
    });
    out
}

fn item(
    pen: &mut Pen<'_>,
    row: &Row<'_>,
    (enclosed, ours): (&[Enclosed], &[OwnPart]),
    table: &mut Table,
) {
    let words = pen.pair(&row.item.name.zh, &row.item.name.en);
    let mut name = vec![pen.text(&words, None)];
    let status = match row.status {
        Status::NotApplicable => "na",
        Status::Open => "open",
        _ if is_had(row, enclosed) => "have",
        _ => "lack",
    };
    if row.status == Status::NotApplicable && !row.reason.is_empty() {
        let reason = pen.text(row.reason, None);
        name.push(Run {
            k: Manner::Mute,
            ..reason
        });
    }
    if status == "lack" && row.status != Status::Lack {
        let absent = pen.label(label!("pdf.list.noFile"));
        name.push(Run {
            k: Manner::Mute,
            ..absent
        });
    }
    if status == "open" {
        let undecided = pen.label(label!("pdf.list.open"));
        name.push(Run {
            k: Manner::Mute,
            ..undecided
        });
    }
    let own: Vec<&Enclosed> = enclosed.iter().filter(|one| one.no == row.no).collect();
    if own.is_empty() && status == "have" && !row.item.made.is_empty() {
        let here = pen.label(label!("pdf.list.enclosed"));
        name.push(Run {
            k: Manner::Mute,
            ..here
        });
    }
    let marks = ["have", "lack", "na"].map(|code| tick(status == code));
    let [have, lack, na] = marks;
    let here = own_range(row, ours).filter(|_| status == "have");
    let here = cell(pen, &pages(here));
    table.push(vec![
        number(row.no),
        name,
        blank(),
        blank(),
        here,
        have,
        lack,
        na,
    ]);
    for one in own {
        let title = pen.text(&one.title, None);
        let mut name = vec![Run {
            s: format!("· {}", title.s),
            ..title
        }];
        if !one.refused.is_empty() {
            let why = pen.text(&one.refused, None);
            name.push(Run {
                k: Manner::Todo,
                ..why
            });
        }
        if !one.note.is_empty() {
            let note = pen.text(&one.note, None);
            name.push(Run {
                k: Manner::Mute,
                ..note
            });
        }
        let (version, date) = (cell(pen, &one.version), cell(pen, &one.date));
        let pages = cell(pen, &pages(one.range));
        table.push(vec![
            blank(),
            name,
            version,
            date,
            pages,
            blank(),
            blank(),
            blank(),
        ]);
    }
}

fn pages(range: Option<(usize, usize)>) -> String {
    match range {
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first}–{last}"),
        None => String::new(),
    }
}

fn cell(pen: &mut Pen<'_>, text: &str) -> Cell {
    match text {
        "" => blank(),
        text => vec![pen.text(text, None)],
    }
}

fn tick(is: bool) -> Cell {
    vec![Run {
        s: if is { "☑" } else { "☐" }.to_owned(),
        ..Run::default()
    }]
}

/// A cell with nothing in it, not even a dash.
fn blank() -> Cell {
    vec![Run {
        s: "\u{a0}".to_owned(),
        ..Run::default()
    }]
}
