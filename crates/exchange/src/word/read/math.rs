//! Equations as a line of text: `(a+b)/2`, `√(x)`, raised and lowered letters by their marks.

use super::xml::{Node, Ns, attr, elements, name};

/// A part of an equation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) is_sub: bool,
    pub(super) is_sup: bool,
}

/// What an equation holds, in order.
pub(super) fn parts(node: Node<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    walk(node, (false, false), &mut parts);
    parts
}

fn said<'a>(node: Node<'a>, properties: &str, local: &str) -> Option<&'a str> {
    let inner = |node: Node<'a>, local: &str| {
        elements(node).find(|child| name(*child).0 == Ns::M && child.tag_name().name() == local)
    };
    attr(inner(inner(node, properties)?, local)?, "val")
}

fn push(parts: &mut Vec<Part>, text: &str, (is_sub, is_sup): (bool, bool)) {
    if !text.is_empty() {
        parts.push(Part {
            text: text.to_owned(),
            is_sub,
            is_sup,
        });
    }
}

fn walk(node: Node<'_>, at: (bool, bool), parts: &mut Vec<Part>) {
    let (ns, local) = name(node);
    let inside = |parts: &mut Vec<Part>, local: &str, at: (bool, bool)| {
        for child in elements(node).filter(|child| child.tag_name().name() == local) {
            walk(child, at, parts);
        }
    };
    match (ns, local) {
        (Ns::M, "t") => push(parts, node.text().unwrap_or_default(), at),
        (Ns::W, "delText" | "del" | "moveFrom" | "rPr" | "pPr") => {}
        (Ns::M, local) if local.ends_with("Pr") => {}
        (Ns::M, "f") => {
            grouped(node, "num", at, parts);
            push(parts, "/", at);
            grouped(node, "den", at, parts);
        }
        (Ns::M, "sSup" | "sSub" | "sSubSup" | "sPre") => {
            inside(parts, "e", at);
            inside(parts, "sub", (true, false));
            inside(parts, "sup", (false, true));
        }
        (Ns::M, "nary") => {
            push(parts, said(node, "naryPr", "chr").unwrap_or("∫"), at);
            inside(parts, "sub", (true, false));
            inside(parts, "sup", (false, true));
            inside(parts, "e", at);
        }
        (Ns::M, "rad") => {
            inside(parts, "deg", (false, true));
            push(parts, "√", at);
            grouped(node, "e", at, parts);
        }
        (Ns::M, "d") => {
            push(parts, said(node, "dPr", "begChr").unwrap_or("("), at);
            for (n, child) in elements(node)
                .filter(|child| child.tag_name().name() == "e")
                .enumerate()
            {
                if n > 0 {
                    push(parts, said(node, "dPr", "sepChr").unwrap_or("|"), at);
                }
                walk(child, at, parts);
            }
            push(parts, said(node, "dPr", "endChr").unwrap_or(")"), at);
        }
        _ => {
            for child in elements(node) {
                walk(child, at, parts);
            }
        }
    }
}

/// An operand, in brackets when it is more than one sign or number.
fn grouped(node: Node<'_>, local: &str, at: (bool, bool), parts: &mut Vec<Part>) {
    let mut inner = Vec::new();
    for child in elements(node).filter(|child| child.tag_name().name() == local) {
        walk(child, at, &mut inner);
    }
    let is_simple = inner.len() == 1
        && inner
            .iter()
            .all(|part| part.text.chars().all(char::is_alphanumeric));
    if is_simple || inner.is_empty() {
        parts.append(&mut inner);
    } else {
        push(parts, "(", at);
        parts.append(&mut inner);
        push(parts, ")", at);
    }
}
