//! Who does the research at a site.

use super::letter::{blank, empty};
use super::{chapter, number, sites};
use crate::node::{Cell, Column, Manner, Node, Row, Run, Table};
use crate::pen::Pen;
use model::submission::case::RESEARCHERS;
use model::{Entity, kind, label};

/// The researchers of a site, the responsible one first.
pub(crate) fn researchers<'a>(pen: &Pen<'a>, site: &Entity) -> Vec<&'a Entity> {
    let mut out: Vec<&Entity> = pen
        .doc
        .entities
        .iter()
        .filter(|entity| {
            entity.kind == kind::CONTACT
                && entity.parent.as_ref() == Some(&site.id)
                && entity.is_shown()
                && RESEARCHERS.contains(&entity.text("role"))
        })
        .collect();
    out.sort_by_key(|entity| !is_leader(entity));
    out
}

fn is_leader(contact: &Entity) -> bool {
    matches!(contact.text("role"), "SITE_PI" | "PRINCIPAL_INVESTIGATOR")
}

/// The contact who leads the site.
pub(crate) fn leader_of<'a>(pen: &Pen<'a>, site: &Entity) -> Option<&'a Entity> {
    researchers(pen, site)
        .into_iter()
        .find(|contact| is_leader(contact))
}

/// The name of who leads the site; at the lead site the study's own.
pub(crate) fn leader(pen: &mut Pen<'_>, root: &Entity, site: &Entity) -> String {
    if let Some(contact) = leader_of(pen, site) {
        return blank(pen, contact, "name");
    }
    if site.text("role") == "LEAD" {
        return blank(pen, root, "responsible.name");
    }
    empty(pen)
}

/// Whom the committee calls: name, phone, e-mail.
pub(crate) fn contact(pen: &mut Pen<'_>, site: &Entity) -> (String, String, String) {
    let doc = pen.doc;
    match model::submission::case::called(doc, site) {
        Some(contact) => {
            let phone = sites::phone(pen, contact);
            let phone = Pen::join(&phone, " ");
            let phone = if phone.is_empty() { empty(pen) } else { phone };
            (
                blank(pen, contact, "name"),
                phone,
                blank(pen, contact, "email"),
            )
        }
        None => (empty(pen), empty(pen), empty(pen)),
    }
}

/// The list of researchers with task and GCP certificate.
pub(crate) fn team(pen: &mut Pen<'_>, root: &Entity, site: &Entity) -> Vec<Node> {
    let people = researchers(pen, site);
    let mut out = vec![chapter(pen, label!("pdf.part.team"))];
    let hospital = sites::facility(pen, site);
    out.push(Node::Facts {
        rows: vec![
            crate::node::Fact::new(pen.name_of(kind::SITE, "facility"), or_todo(pen, hospital)),
            crate::node::Fact::new(
                pen.name_of(kind::SITE, "department"),
                pen.value_or_todo(site, "department"),
            ),
        ],
    });
    out.push(Node::Gap { mm: 4.0 });
    if people.is_empty() {
        let name = leader(pen, root, site);
        out.push(Node::Para {
            runs: pen.sentence(label!("pdf.team.none"), &[("leader", &name)]),
        });
        return out;
    }
    let mut table = Table::new(vec![
        Column::fixed(pen.label(label!("pdf.no")), 11.0).centered(),
        Column::share(pen.name_of(kind::CONTACT, "name"), 0.9),
        Column::share(pen.name_of(kind::CONTACT, "department"), 0.8),
        Column::share(pen.name_of(kind::CONTACT, "role"), 0.9),
        Column::share(pen.name_of(kind::CONTACT, "task"), 1.3).kept(),
        Column::share(pen.name_of(kind::CONTACT, "phone"), 1.0),
        Column::fixed(pen.name_of(kind::CONTACT, "gcpUntil"), 27.0).kept(),
    ]);
    for (n, contact) in people.into_iter().enumerate() {
        let cells = vec![
            number(n + 1),
            sites::name_and_title(pen, contact),
            pen.value(contact, "department"),
            pen.value(contact, "role"),
            pen.value_or_todo(contact, "task"),
            sites::phone(pen, contact),
            certificate(pen, contact),
        ];
        table.push(cells);
    }
    out.extend(table.closed());
    out
}

/// Until when the GCP certificate is valid; says so when it no longer is.
fn certificate(pen: &mut Pen<'_>, contact: &Entity) -> Cell {
    let mut cell = pen.value_or_todo(contact, "gcpUntil");
    let until = contact.text("gcpUntil");
    // A partial date is valid to its end; days compare as text.
    let last = match until.len() {
        4 => format!("{until}-12-31"),
        7 => format!("{until}-31"),
        _ => until.to_owned(),
    };
    if !until.is_empty() && last.as_str() < pen.opts.today.as_str() {
        cell.push(Run {
            k: Manner::Unresolved,
            ..pen.label(label!("pdf.expired"))
        });
    }
    cell
}

fn or_todo(pen: &Pen<'_>, cell: Cell) -> Cell {
    if cell.is_empty() { pen.todo() } else { cell }
}

/// A table in which every researcher declares interests and signs.
pub(crate) fn interests(pen: &mut Pen<'_>, root: &Entity, site: &Entity) -> Node {
    let mut table = Table::new(vec![
        Column::fixed(pen.name_of(kind::CONTACT, "name"), 30.0),
        Column::share(pen.label(label!("pdf.coi.declaration")), 1.0),
        Column::fixed(pen.label(label!("pdf.sign.signature")), 34.0).kept(),
        Column::fixed(pen.label(label!("pdf.sign.date")), 26.0).kept(),
    ]);
    let mut names: Vec<Cell> = researchers(pen, site)
        .into_iter()
        .map(|contact| pen.value(contact, "name"))
        .collect();
    if names.is_empty() {
        let name = leader(pen, root, site);
        names.push(vec![pen.text(&name, None)]);
    }
    // Two empty lines leave room for a signature.
    let room = || {
        vec![Run {
            s: "\u{a0}\n\u{a0}".to_owned(),
            ..Run::default()
        }]
    };
    for name in names {
        let choice = [
            vec![
                pen.label(label!("pdf.coi.without")),
                pen.label(label!("pdf.coi.with")),
            ],
            room(),
        ]
        .concat();
        table.rows.push(Row {
            cells: vec![name, choice, room(), room()],
            long: false,
        });
    }
    Node::Table(table)
}
