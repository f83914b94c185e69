//! Statements that people sign by hand.

use super::{chapter, heading, team};
use crate::dossier;
use crate::node::{Cell, Node, SignLine};
use crate::pen::Pen;
use model::{Entity, Label, label};

/// Integrity, conflict of interest, publication, and the investigator's commitment.
pub(crate) fn statements(pen: &mut Pen<'_>, root: &Entity, site: &Entity) -> Vec<Node> {
    let mut out = vec![chapter(pen, label!("pdf.part.statements"))];
    out.push(heading(2, pen.label(label!("pdf.integrity"))));
    for text in [label!("pdf.integrity.truth"), label!("pdf.integrity.agree")] {
        out.push(Node::Para {
            runs: titled(pen, root, text),
        });
    }
    out.push(Node::Sign {
        lines: vec![line(pen, label!("pdf.sign.leader"))],
    });

    out.push(heading(2, pen.label(label!("pdf.commitment"))));
    for text in [
        label!("pdf.commitment.protocol"),
        label!("pdf.commitment.report"),
    ] {
        out.push(Node::Para {
            runs: titled(pen, root, text),
        });
    }
    out.push(Node::Sign {
        lines: vec![line(pen, label!("pdf.sign.leader"))],
    });

    out.push(heading(2, pen.label(label!("pdf.coi"))));
    out.push(Node::Para {
        runs: titled(pen, root, label!("pdf.coi.text")),
    });
    out.push(Node::Para {
        runs: pen.sentence(label!("pdf.coi.change"), &[]),
    });
    out.push(team::interests(pen, root, site));

    let plan = pen.value(root, "publicationPlan");
    if !plan.is_empty() {
        out.push(heading(2, pen.label(label!("pdf.publication"))));
        out.push(Node::Para { runs: plan });
        out.push(Node::Sign {
            lines: vec![line(pen, label!("pdf.sign.leader"))],
        });
    }
    out
}

/// A sentence that names the study as the letter and the forms do.
fn titled(pen: &mut Pen<'_>, root: &Entity, label: &Label) -> Cell {
    let langs = pen.langs();
    let said = langs.iter().map(|lang| {
        let title = dossier::official(pen, root, *lang);
        pen.text(&label.fill(*lang, &[("title", &title)]), None)
    });
    said.collect()
}

/// A line to sign on, with the day.
pub(crate) fn line(pen: &Pen<'_>, who: &Label) -> SignLine {
    SignLine {
        label: pen.label(who),
        date: pen.label(label!("pdf.sign.day")),
    }
}
