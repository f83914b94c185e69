//! The facts of a study, group by group, and its further numbers and collaborators.

use super::heading;
use crate::node::{Column, Fact, Node, Table};
use crate::pen::Pen;
use model::field::{FIELDS, Input};
use model::{Entity, Label, kind, label};

/// Groups in the order of print; eligibility has a chapter of its own.
fn groups() -> [(&'static str, &'static Label); 9] {
    [
        ("identity", label!("pdf.group.identity")),
        ("state", label!("pdf.group.state")),
        ("protocol", label!("pdf.group.protocol")),
        ("responsible", label!("pdf.group.responsible")),
        ("design", label!("pdf.group.design")),
        ("oversight", label!("pdf.group.oversight")),
        ("sharing", label!("pdf.group.sharing")),
        ("registration", label!("pdf.group.registration")),
        ("record", label!("pdf.group.record")),
    ]
}

/// Every group of facts that has any.
pub(crate) fn all(pen: &mut Pen<'_>, root: &Entity) -> Vec<Node> {
    let mut out = Vec::new();
    for (group, label) in groups() {
        let rows = group_rows(pen, root, group);
        let more = match group {
            "identity" => identifiers(pen),
            "responsible" => collaborators(pen),
            _ => None,
        };
        if rows.is_empty() && more.is_none() {
            continue;
        }
        out.push(heading(2, pen.label(label)));
        if !rows.is_empty() {
            out.push(Node::Facts { rows });
        }
        out.extend(more);
    }
    out
}

/// The labelled values of one group.
pub(crate) fn group_rows(pen: &mut Pen<'_>, root: &Entity, group: &str) -> Vec<Fact> {
    FIELDS
        .iter()
        .filter(|field| {
            field.kind == root.kind && field.group == group && field.input != Input::Residue
        })
        .filter_map(|field| {
            let value = pen.value(root, field.name);
            (!value.is_empty()).then(|| Fact::new(pen.field_label(field), value))
        })
        .collect()
}

fn identifiers(pen: &mut Pen<'_>) -> Option<Node> {
    let mut table = Table::new(vec![
        Column::share(pen.name_of(kind::IDENTIFIER, "id"), 1.0),
        Column::fixed(pen.name_of(kind::IDENTIFIER, "type"), 38.0).worded(pen.both()),
        Column::share(pen.name_of(kind::IDENTIFIER, "domain"), 1.0),
    ]);
    for entity in pen.doc.of_kind(kind::IDENTIFIER) {
        table.push(
            ["id", "type", "domain"]
                .map(|name| pen.value(entity, name))
                .to_vec(),
        );
    }
    table.closed()
}

fn collaborators(pen: &mut Pen<'_>) -> Option<Node> {
    let mut table = Table::new(vec![
        Column::share(pen.label(label!("pdf.collaborator")), 1.0),
        Column::fixed(pen.name_of(kind::COLLABORATOR, "class"), 44.0).worded(pen.both()),
    ]);
    for entity in pen.doc.of_kind(kind::COLLABORATOR) {
        table.push(
            ["name", "class"]
                .map(|name| pen.value(entity, name))
                .to_vec(),
        );
    }
    table.closed()
}
