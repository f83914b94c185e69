//! The list of material: what is there, in which version, what is lacking.

use super::{chapter, number};
use crate::clean;
use crate::node::{Cell, Column, Manner, Node, Run, Table};
use crate::pen::Pen;
use model::checklist::{self, ChecklistItem};
use model::{Entity, kind, label};

/// The list that a first submission follows.
const LIST: &str = "cn-ec-2023-initial";

/// The list, one row for each document.
pub(crate) fn checklist(pen: &mut Pen<'_>, root: &Entity) -> Vec<Node> {
    let Some(list) = checklist::find(LIST) else {
        return Vec::new();
    };
    let wide = if pen.both() { 17.0 } else { 13.0 };
    let mut table = Table::new(vec![
        Column::fixed(pen.label(label!("pdf.no")), 11.0).centered(),
        Column::share(pen.label(label!("pdf.list.material")), 1.0),
        Column::fixed(pen.name_of(kind::DOCUMENT, "version"), 18.0).kept(),
        Column::fixed(pen.name_of(kind::DOCUMENT, "versionDate"), 24.0).kept(),
        Column::fixed(pen.label(label!("pdf.list.have")), wide).centered(),
        Column::fixed(pen.label(label!("pdf.list.lack")), wide).centered(),
        Column::fixed(pen.label(label!("pdf.list.na")), wide).centered(),
    ]);
    for (n, item) in list.items.iter().enumerate() {
        rows(pen, root, n + 1, item, &mut table);
    }
    let mut out = vec![chapter(pen, label!("pdf.part.list"))];
    out.extend(table.closed());
    out.push(Node::Gap { mm: 2.0 });
    out.push(Node::Para {
        runs: pen
            .sentence(label!("pdf.list.note"), &[])
            .into_iter()
            .map(|run| Run {
                k: Manner::Mute,
                ..run
            })
            .collect(),
    });
    out
}

fn rows(pen: &mut Pen<'_>, root: &Entity, n: usize, item: &ChecklistItem, table: &mut Table) {
    let mut name = vec![words(&pen.pair(&item.name.zh, &item.name.en))];
    if item.conditional {
        name.push(Run {
            k: Manner::Mute,
            ..pen.label(label!("pdf.list.ifApplicable"))
        });
    }
    let documents: Vec<&Entity> = pen
        .doc
        .of_kind(kind::DOCUMENT)
        .filter(|document| item.kinds.iter().any(|kind| kind == document.text("kind")))
        .collect();
    let enclosed = enclosed(pen, root, item);
    if documents.is_empty() || enclosed.is_some() {
        let (note, version, date, have) = match enclosed {
            Some((note, version, date)) => (note, version, date, true),
            None => (pen.todo(), Cell::new(), Cell::new(), false),
        };
        // An item without a document says so only when nothing else answers it.
        name.extend(note);
        let status = if have { "have" } else { "" };
        table.push(row(number(n), name, version, date, status));
    } else {
        table.push(row(number(n), name, Cell::new(), Cell::new(), "-"));
    }
    for document in documents {
        let mut title = pen.value(document, "title");
        if title.is_empty() {
            title = pen.value(document, "kind");
        }
        if let Some(first) = title.first_mut() {
            first.s = format!("· {}", first.s);
        }
        let version = pen.value(document, "version");
        let date = pen.value(document, "versionDate");
        let conflict = document
            .fields
            .get("status")
            .is_some_and(|held| held.conflict);
        let status = if conflict {
            title.extend(pen.value(document, "status"));
            ""
        } else {
            document.text("status")
        };
        table.push(row(blank(), title, version, date, status));
    }
}

/// What of the item stands in this file: a remark, version and day.
fn enclosed(pen: &mut Pen<'_>, root: &Entity, item: &ChecklistItem) -> Option<(Cell, Cell, Cell)> {
    let here = |pen: &Pen<'_>| {
        vec![Run {
            k: Manner::Mute,
            ..pen.label(label!("pdf.list.enclosed"))
        }]
    };
    match item.enclosed.as_str() {
        "protocol" if pen.doc.of_kind(kind::SECTION).next().is_some() => Some((
            here(pen),
            pen.value(root, "version"),
            pen.value(root, "versionDate"),
        )),
        "publication" if !pen.value(root, "publicationPlan").is_empty() => {
            Some((here(pen), Cell::new(), Cell::new()))
        }
        "integrity" | "coi" => Some((here(pen), Cell::new(), Cell::new())),
        _ => None,
    }
}

fn row(no: Cell, name: Cell, version: Cell, date: Cell, status: &str) -> Vec<Cell> {
    let tick = |code: &str| match status {
        "-" => blank(),
        _ => vec![Run {
            s: if status == code { "☑" } else { "☐" }.to_owned(),
            ..Run::default()
        }],
    };
    let or_blank = |cell: Cell| if status == "-" { blank() } else { cell };
    vec![
        no,
        name,
        or_blank(version),
        or_blank(date),
        tick("have"),
        tick("lack"),
        tick("na"),
    ]
}

/// A cell with nothing in it, not even a dash.
fn blank() -> Cell {
    vec![Run {
        s: "\u{a0}".to_owned(),
        ..Run::default()
    }]
}

fn words(text: &str) -> Run {
    Run {
        s: text.to_owned(),
        zh: clean::is_chinese(text),
        ..Run::default()
    }
}

/// How many documents are marked as lacking.
pub(crate) fn lacking(pen: &Pen<'_>) -> usize {
    pen.doc
        .of_kind(kind::DOCUMENT)
        .filter(|document| document.text("status") == "lack")
        .count()
}
