//! Documents, references and links.

use super::{flowing, heading};
use crate::node::{Column, Node, Run, Table};
use crate::pen::Pen;
use model::{kind, label};

/// The facts of every document.
pub(crate) fn documents(pen: &mut Pen<'_>) -> Vec<Node> {
    let mut table = Table::new(vec![
        Column::share(pen.name_of(kind::DOCUMENT, "title"), 1.6),
        Column::share(pen.name_of(kind::DOCUMENT, "kind"), 1.0),
        Column::fixed(pen.name_of(kind::DOCUMENT, "version"), 18.0),
        Column::fixed(pen.name_of(kind::DOCUMENT, "versionDate"), 24.0),
        Column::fixed(pen.name_of(kind::DOCUMENT, "status"), 18.0).worded(pen.both()),
        Column::fixed(pen.name_of(kind::DOCUMENT, "language"), 18.0).worded(pen.both()),
        Column::share(pen.name_of(kind::DOCUMENT, "location"), 1.0),
    ]);
    for document in pen.doc.of_kind(kind::DOCUMENT) {
        let cells = [
            "title",
            "kind",
            "version",
            "versionDate",
            "status",
            "language",
            "location",
        ];
        table.push(cells.map(|name| pen.value(document, name)).to_vec());
    }
    let nodes = table.closed().into_iter().collect();
    flowing(pen, label!("pdf.part.documents"), nodes)
}

/// Literature and links.
pub(crate) fn references(pen: &mut Pen<'_>) -> Vec<Node> {
    let mut out = Vec::new();
    for (n, reference) in pen.doc.of_kind(kind::REFERENCE).enumerate() {
        let mut runs = pen.value(reference, "citation");
        for run in pen.value(reference, "pmid") {
            let text = format!("PMID: {}", run.s);
            match runs.last_mut() {
                Some(last) if !last.s.contains(&run.s) => last.s = format!("{} {text}", last.s),
                Some(_) => {}
                None => runs.push(Run { s: text, ..run }),
            }
        }
        out.push(Node::Item {
            runs,
            level: 0,
            mark: format!("[{}]", n + 1),
        });
    }
    if !out.is_empty() {
        out.insert(0, heading(2, pen.label(label!("pdf.literature"))));
    }
    let mut table = Table::new(vec![
        Column::share(pen.name_of(kind::LINK, "label"), 1.0),
        Column::share(pen.name_of(kind::LINK, "url"), 1.4),
    ]);
    for link in pen.doc.of_kind(kind::LINK) {
        table.push(["label", "url"].map(|name| pen.value(link, name)).to_vec());
    }
    if let Some(table) = table.closed() {
        out.push(heading(2, pen.label(label!("pdf.links"))));
        out.push(table);
    }
    flowing(pen, label!("pdf.part.references"), out)
}
