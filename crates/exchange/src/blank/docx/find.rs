//! From a place to the element that it names.

use crate::word::read::xml::{Node, child, elements, is_w};
use model::formset::{Step, steps};

/// What a place names.
pub(super) enum Target<'a> {
    /// A cell of a table.
    Cell(Node<'a>),
    /// A paragraph.
    Paragraph(Node<'a>),
    /// A tick box of a paragraph, from 1.
    Box(Node<'a>, usize),
    /// A gap of a paragraph, from 1.
    Gap(Node<'a>, usize),
}

/// The body of a document.
pub(super) fn body<'a>(root: Node<'a>) -> Option<Node<'a>> {
    child(root, "body").filter(|_| is_w(root, "document"))
}

/// What stands in a container, as if content controls and the like were not there.
pub(super) fn content<'a>(of: Node<'a>) -> Vec<Node<'a>> {
    let mut out = Vec::new();
    for node in elements(of) {
        let is_wrapper = ["sdtContent", "customXml", "smartTag", "ins"]
            .iter()
            .any(|name| is_w(node, name));
        if is_w(node, "sdt") {
            out.extend(child(node, "sdtContent").into_iter().flat_map(content));
        } else if is_wrapper {
            out.extend(content(node));
        } else {
            out.push(node);
        }
    }
    out
}

/// The elements of one name in a container.
pub(super) fn all<'a>(of: Node<'a>, name: &str) -> Vec<Node<'a>> {
    let mut found = content(of);
    found.retain(|node| is_w(*node, name));
    found
}

/// What a place names; `None` when the document has it not.
pub(super) fn target<'a>(_text: &str, body: Node<'a>, at: &str) -> Option<Target<'a>> {
    let mut node = body;
    let mut target = None;
    for step in steps(at)? {
        let nth = |name, n: usize| all(node, name).get(n - 1).copied();
        match step {
            Step::Table(n) => node = nth("tbl", n)?,
            Step::Cell(row, cell) => {
                let row = nth("tr", row)?;
                node = all(row, "tc").get(cell - 1).copied()?;
                target = Some(Target::Cell(node));
            }
            Step::Paragraph(n) => {
                node = nth("p", n)?;
                target = Some(Target::Paragraph(node));
            }
            Step::Box(n) => target = Some(Target::Box(node, n)),
            Step::Gap(n) => target = Some(Target::Gap(node, n)),
        }
    }
    target
}
