//! Arms, interventions and outcomes.

use super::{flowing, heading, number};
use crate::node::{Column, Node, Table};
use crate::pen::Pen;
use model::{Lang, kind, label, product};

/// Arms and interventions.
pub(crate) fn arms(pen: &mut Pen<'_>) -> Vec<Node> {
    let mut out = Vec::new();
    let mut table = Table::new(vec![
        Column::share(pen.name_of(kind::ARM, "label"), 1.1),
        Column::fixed(pen.name_of(kind::ARM, "type"), 24.0).worded(pen.both()),
        Column::share(pen.name_of(kind::ARM, "description"), 2.0),
        Column::share(pen.name_of(kind::ARM, "interventions"), 1.0),
    ]);
    for arm in pen.doc.of_kind(kind::ARM) {
        let cells = ["label", "type", "description", "interventions"];
        table.push(cells.map(|name| pen.value(arm, name)).to_vec());
    }
    if let Some(table) = table.closed() {
        out.push(heading(2, pen.label(label!("pdf.arms"))));
        out.push(table);
    }
    let mut table = Table::new(vec![
        Column::share(pen.name_of(kind::INTERVENTION, "name"), 1.1),
        Column::fixed(pen.name_of(kind::INTERVENTION, "type"), 24.0).worded(pen.both()),
        Column::share(pen.name_of(kind::INTERVENTION, "description"), 2.0),
        Column::share(pen.name_of(kind::INTERVENTION, "otherNames"), 0.8),
        Column::share(pen.name_of(kind::INTERVENTION, "arms"), 0.8),
    ]);
    for intervention in pen.doc.of_kind(kind::INTERVENTION) {
        let cells = ["name", "type", "description", "otherNames", "arms"];
        table.push(cells.map(|name| pen.value(intervention, name)).to_vec());
    }
    if let Some(table) = table.closed() {
        out.push(heading(2, pen.label(label!("pdf.interventions"))));
        out.push(table);
    }
    flowing(pen, label!("pdf.part.arms"), out)
}

/// An entry of a list that names arms or interventions, in the languages that are printed.
pub(crate) fn entry(pen: &Pen<'_>, field: &str, item: &str) -> String {
    let of = |lang| product::entry_in(pen.doc, field, item, lang);
    match (of(Lang::Zh), of(Lang::En)) {
        (Some(zh), Some(en)) => pen.pair(&zh, &en),
        _ => item.to_owned(),
    }
}

/// Outcomes by type, the primary ones first.
pub(crate) fn outcomes(pen: &mut Pen<'_>) -> Vec<Node> {
    let mut out = Vec::new();
    for wanted in ["PRIMARY", "SECONDARY", "OTHER", ""] {
        let mut table = Table::new(vec![
            Column::fixed(pen.label(label!("pdf.no")), 11.0).centered(),
            Column::share(pen.name_of(kind::OUTCOME, "measure"), 1.4),
            Column::share(pen.name_of(kind::OUTCOME, "timeFrame"), 0.8),
            Column::share(pen.name_of(kind::OUTCOME, "description"), 1.5),
        ]);
        for outcome in pen.doc.of_kind(kind::OUTCOME) {
            let known = matches!(outcome.text("type"), "PRIMARY" | "SECONDARY" | "OTHER");
            let fits = if wanted.is_empty() {
                !known
            } else {
                outcome.text("type") == wanted
            };
            if fits {
                let mut cells = vec![number(table.rows.len() + 1)];
                cells
                    .extend(["measure", "timeFrame", "description"].map(|n| pen.value(outcome, n)));
                table.push(cells);
            }
        }
        if let Some(table) = table.closed() {
            let title = match wanted {
                "" => pen.label(label!("pdf.outcomesUntyped")),
                code => {
                    let words = pen.code("outcomeType", code);
                    pen.text(&words, None)
                }
            };
            out.push(heading(2, title));
            out.push(table);
        }
    }
    flowing(pen, label!("pdf.part.outcomes"), out)
}
