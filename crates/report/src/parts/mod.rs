//! The parts that documents are put together from; each gives its nodes, or none when the study
//! has nothing to say there.

pub(crate) mod application;
pub(crate) mod block;
pub(crate) mod checklist;
pub(crate) mod design;
pub(crate) mod facts;
pub(crate) mod form;
pub(crate) mod history;
pub(crate) mod letter;
pub(crate) mod material;
pub(crate) mod milestones;
pub(crate) mod papers;
pub(crate) mod protocol;
pub(crate) mod reply;
pub(crate) mod sites;
pub(crate) mod statements;
pub(crate) mod team;

use crate::node::{Cell, Node, Run};
use crate::pen::Pen;
use model::Label;

/// A heading of the first level, on a new page.
pub(crate) fn chapter(pen: &Pen<'_>, label: &Label) -> Node {
    Node::Heading {
        level: 1,
        run: pen.label(label),
        fresh: true,
        numbered: true,
    }
}

/// A heading of a lower level.
pub(crate) fn heading(level: u8, run: Run) -> Node {
    // A title that brings its own number keeps it.
    let is_own = |text: &str| {
        let (mark, rest) = text.split_at_checked(1).unwrap_or_default();
        let is_letter = mark.starts_with(|c: char| c.is_ascii_uppercase());
        mark.starts_with(|c: char| c.is_ascii_digit()) || (is_letter && rest.starts_with(' '))
    };
    let numbered = level < 3 && !is_own(&run.s);
    Node::Heading {
        level,
        run,
        fresh: false,
        numbered,
    }
}

/// A chapter with its nodes; nothing when there are none.
pub(crate) fn chapter_of(pen: &Pen<'_>, label: &Label, nodes: Vec<Node>) -> Vec<Node> {
    if nodes.is_empty() {
        return nodes;
    }
    std::iter::once(chapter(pen, label)).chain(nodes).collect()
}

/// A chapter that follows on the same page when there is room.
pub(crate) fn flowing(pen: &Pen<'_>, label: &Label, nodes: Vec<Node>) -> Vec<Node> {
    if nodes.is_empty() {
        return nodes;
    }
    let run = pen.label(label);
    let head = Node::Heading {
        level: 1,
        run,
        fresh: false,
        numbered: true,
    };
    std::iter::once(head).chain(nodes).collect()
}

/// A number in its own cell.
pub(crate) fn number(n: usize) -> Cell {
    vec![Run {
        s: n.to_string(),
        ..Run::default()
    }]
}
