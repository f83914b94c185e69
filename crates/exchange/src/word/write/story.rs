//! A part of the file that holds text: its XML and what it refers to.

use super::xml::Xml;

/// The body or the notes.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) xml: Xml,
    pub(super) relations: Relations,
}

/// What a part refers to, by id (`rId1`, `rId2`, …).
#[derive(Debug, Default)]
pub(super) struct Relations {
    rows: Vec<Relation>,
}

#[derive(Debug, PartialEq, Eq)]
struct Relation {
    /// Last word of the type's address.
    kind: &'static str,
    target: String,
    is_outside: bool,
}

/// Where the types of relations live.
const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

impl Relations {
    /// Refers to a part of the file; gives the id.
    pub(super) fn part(&mut self, kind: &'static str, target: &str) -> String {
        self.add(Relation {
            kind,
            target: target.to_owned(),
            is_outside: false,
        })
    }

    /// Refers to an address; the same one gets the same id.
    pub(super) fn link(&mut self, href: &str) -> String {
        self.add(Relation {
            kind: "hyperlink",
            target: address(href),
            is_outside: true,
        })
    }

    fn add(&mut self, relation: Relation) -> String {
        let known = self.rows.iter().position(|row| *row == relation);
        let place = known.unwrap_or_else(|| {
            self.rows.push(relation);
            self.rows.len() - 1
        });
        format!("rId{}", place + 1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The part that lists them.
    pub(super) fn write(&self) -> String {
        let mut xml = Xml::default();
        xml.raw(super::HEAD).raw(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
        );
        for (place, row) in self.rows.iter().enumerate() {
            let id = format!("rId{}", place + 1);
            let kind = match row.kind {
                whole if whole.contains('/') => whole.to_owned(),
                word => format!("{TYPES}{word}"),
            };
            let mut values = vec![("Id", &*id), ("Type", &*kind), ("Target", &*row.target)];
            if row.is_outside {
                values.push(("TargetMode", "External"));
            }
            xml.empty("Relationship", &values);
        }
        xml.raw("</Relationships>");
        xml.into_string()
    }
}

/// An address as Word takes it: what may not stand in one is written as its bytes. Word calls a
/// file damaged when a target is not an address.
fn address(href: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(href.len());
    for ch in href.trim().chars() {
        match ch {
            ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '\0'..='\u{1f}' => {
                // Writing to a text cannot fail.
                let _ = write!(out, "%{:02X}", u32::from(ch));
            }
            ch => out.push(ch),
        }
    }
    out
}
