//! One part as a tree, with the two dialects of the format (transitional and strict) made one.

use super::limits::{ATTRIBUTES_MAX, DEPTH_MAX, ELEMENTS_MAX, NAMESPACES_MAX};
use super::refusal::WordRefusal;
use roxmltree::{Document, ParsingOptions};

/// An element of a part.
pub(crate) type Node<'a> = roxmltree::Node<'a, 'a>;

/// The vocabularies that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ns {
    /// WordprocessingML.
    W,
    /// Its additions of 2010.
    W14,
    /// Equations.
    M,
    /// Alternative content.
    Mc,
    /// DrawingML, its pictures and shapes.
    Draw,
    /// VML.
    Vml,
    /// Anything else.
    Other,
}

const RELATIONSHIPS: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
];

fn ns_of(uri: Option<&str>) -> Ns {
    match uri {
        Some(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            | "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ) => Ns::W,
        Some("http://schemas.microsoft.com/office/word/2010/wordml") => Ns::W14,
        Some(
            "http://schemas.openxmlformats.org/officeDocument/2006/math"
            | "http://purl.oclc.org/ooxml/officeDocument/math",
        ) => Ns::M,
        Some("http://schemas.openxmlformats.org/markup-compatibility/2006") => Ns::Mc,
        Some(
            "http://schemas.openxmlformats.org/drawingml/2006/main"
            | "http://purl.oclc.org/ooxml/drawingml/main"
            | "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
            | "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing"
            | "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        ) => Ns::Draw,
        Some("urn:schemas-microsoft-com:vml") => Ns::Vml,
        _ => Ns::Other,
    }
}

/// The vocabulary and the name of an element.
pub(crate) fn name<'a>(node: Node<'a>) -> (Ns, &'a str) {
    let tag = node.tag_name();
    (ns_of(tag.namespace()), tag.name())
}

/// Whether an element is one of Word's own by that name.
pub(crate) fn is_w(node: Node<'_>, local: &str) -> bool {
    node.tag_name().name() == local && name(node).0 == Ns::W
}

/// The elements inside.
pub(crate) fn elements<'a>(node: Node<'a>) -> impl Iterator<Item = Node<'a>> {
    node.children().filter(Node::is_element)
}

/// The first of Word's own elements of that name inside.
pub(crate) fn child<'a>(node: Node<'a>, local: &str) -> Option<Node<'a>> {
    elements(node).find(|child| is_w(*child, local))
}

/// An attribute in Word's vocabulary or in none.
pub(crate) fn attr<'a>(node: Node<'a>, local: &str) -> Option<&'a str> {
    let fits = |ns: Option<&str>| ns.is_none() || matches!(ns_of(ns), Ns::W | Ns::W14 | Ns::M);
    node.attributes()
        .find(|attribute| attribute.name() == local && fits(attribute.namespace()))
        .map(|attribute| attribute.value())
}

/// The attribute that names a relationship.
pub(crate) fn relation<'a>(node: Node<'a>, local: &str) -> Option<&'a str> {
    RELATIONSHIPS
        .iter()
        .find_map(|uri| node.attribute((*uri, local)))
}

/// `val` of the first of Word's own elements of that name inside.
pub(crate) fn val<'a>(node: Node<'a>, local: &str) -> Option<&'a str> {
    attr(child(node, local)?, "val")
}

/// A property that is on or off; `None` where it is not said.
pub(crate) fn toggle(node: Node<'_>, local: &str) -> Option<bool> {
    let said = child(node, local)?;
    Some(!matches!(
        attr(said, "val"),
        Some("0" | "false" | "off" | "none")
    ))
}

/// The bytes of a part as text: UTF-8, or UTF-16 with its mark.
pub(crate) fn text_of(bytes: Vec<u8>) -> Option<String> {
    let wide = |big: bool| {
        let units = bytes.get(2..)?.chunks_exact(2).map(|pair| match *pair {
            [a, b] if big => u16::from_be_bytes([a, b]),
            [a, b] => u16::from_le_bytes([a, b]),
            _ => 0,
        });
        char::decode_utf16(units)
            .collect::<Result<String, _>>()
            .ok()
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, ..] => wide(false),
        [0xFE, 0xFF, ..] => wide(true),
        _ => String::from_utf8(bytes).ok(),
    }
}

/// Reads a part whose text was looked through first: what would cost too much is refused.
pub(crate) fn parse<'a>(part: &str, text: &'a str) -> Result<Document<'a>, WordRefusal> {
    look_through(part, text.as_bytes())?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: u32::try_from(ELEMENTS_MAX * 3).unwrap_or(u32::MAX),
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => WordRefusal::Entities {
            part: part.to_owned(),
        },
        roxmltree::Error::NodesLimitReached => WordRefusal::TooMuch {
            part: part.to_owned(),
        },
        _ => WordRefusal::Damaged {
            part: part.to_owned(),
        },
    })
}

/// Counts elements, their depth, attributes and namespaces without building anything.
fn look_through(part: &str, bytes: &[u8]) -> Result<(), WordRefusal> {
    let too_much = || WordRefusal::TooMuch {
        part: part.to_owned(),
    };
    let (mut at, mut depth, mut n_elements, mut n_namespaces) = (0_usize, 0_usize, 0, 0);
    while let Some(skip) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|b| *b == b'<'))
    {
        at += skip + 1;
        let rest = bytes.get(at..).unwrap_or_default();
        let end = match rest {
            [b'!', b'-', b'-', ..] => find(rest, b"-->"),
            [b'!', b'[', ..] => find(rest, b"]]>"),
            [b'?', ..] => find(rest, b"?>"),
            [b'!', ..] => {
                return Err(WordRefusal::Entities {
                    part: part.to_owned(),
                });
            }
            [b'/', ..] => {
                depth = depth.saturating_sub(1);
                find(rest, b">")
            }
            _ => {
                let tag = tag(rest);
                n_elements += 1;
                n_namespaces += tag.n_namespaces;
                depth += usize::from(!tag.is_closed);
                if tag.n_attributes > ATTRIBUTES_MAX {
                    return Err(too_much());
                }
                Some(tag.len)
            }
        };
        if n_elements > ELEMENTS_MAX || depth > DEPTH_MAX || n_namespaces > NAMESPACES_MAX {
            return Err(too_much());
        }
        // What has no end is for the reader of XML to refuse.
        let Some(end) = end else { return Ok(()) };
        at += end;
    }
    Ok(())
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

struct Tag {
    len: usize,
    n_attributes: usize,
    n_namespaces: usize,
    is_closed: bool,
}

fn tag(bytes: &[u8]) -> Tag {
    let mut tag = Tag {
        len: bytes.len(),
        n_attributes: 0,
        n_namespaces: 0,
        is_closed: false,
    };
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, *byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'=') => tag.n_attributes += 1,
            (None, b'x')
                if bytes
                    .get(at..)
                    .is_some_and(|rest| rest.starts_with(b"xmlns")) =>
            {
                tag.n_namespaces += 1;
            }
            (None, b'>') => {
                tag.len = at;
                tag.is_closed = at > 0 && bytes.get(at - 1) == Some(&b'/');
                break;
            }
            _ => {}
        }
    }
    tag
}
