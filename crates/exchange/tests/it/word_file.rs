//! A Word file taken apart, read with every change accepted or with every one refused.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

/// The parts of a file by name.
pub(crate) struct Parts(pub(crate) BTreeMap<String, Vec<u8>>);

/// An element with its values and what is in it; text has the name `""`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) text: String,
    pub(crate) inside: Vec<Node>,
}

/// Which changes are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    All,
    None,
}

impl Parts {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
        let mut parts = BTreeMap::new();
        for at in 0..zip.len() {
            let mut file = zip.by_index(at).expect("a part");
            let mut data = Vec::new();
            file.read_to_end(&mut data).expect("a whole part");
            assert!(parts.insert(file.name().to_owned(), data).is_none());
        }
        Self(parts)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&String, &[u8])> {
        self.0.iter().map(|(name, data)| (name, data.as_slice()))
    }

    pub(crate) fn xml(&self, name: &str) -> Node {
        let data = self.0.get(name).unwrap_or_else(|| panic!("no {name}"));
        let text = std::str::from_utf8(data).expect("UTF-8");
        node(
            roxmltree::Document::parse(text)
                .expect("well-formed XML")
                .root_element(),
        )
    }
}

fn node(from: roxmltree::Node<'_, '_>) -> Node {
    let name = |space: Option<&str>, name: &str| {
        let known = space.and_then(|space| {
            let mut spaces = from.namespaces();
            spaces
                .find(|known| known.uri() == space)
                .and_then(|known| known.name())
        });
        known.map_or_else(|| name.to_owned(), |prefix| format!("{prefix}:{name}"))
    };
    let values = from.attributes().map(|value| {
        let key = match value.namespace() {
            Some("http://www.w3.org/XML/1998/namespace") => format!("xml:{}", value.name()),
            space => name(space, value.name()),
        };
        (key, value.value().to_owned())
    });
    let tag = from.tag_name();
    Node {
        name: if from.is_element() {
            name(tag.namespace(), tag.name())
        } else {
            String::new()
        },
        values: values.collect(),
        text: from
            .text()
            .filter(|_| from.is_text())
            .unwrap_or_default()
            .to_owned(),
        inside: from.children().map(node).collect(),
    }
}

impl Node {
    pub(crate) fn child(&self, name: &str) -> Option<&Node> {
        self.inside.iter().find(|node| node.name == name)
    }

    pub(crate) fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Every element in it, itself too.
    pub(crate) fn all<'a>(&'a self, out: &mut Vec<&'a Node>) {
        out.push(self);
        self.inside.iter().for_each(|node| node.all(out));
    }

    /// Every element of a name in it.
    pub(crate) fn named(&self, name: &str) -> Vec<&Node> {
        let mut all = Vec::new();
        self.all(&mut all);
        all.retain(|node| node.name == name);
        all
    }
}

/// A paragraph, or a row with its cells (the paragraphs of a cell apart).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Item {
    Paragraph(String),
    Row(Vec<Vec<String>>),
}

/// The text of a file behind its cover and contents; blank paragraphs left out.
pub(crate) fn items(bytes: &[u8], take: Take) -> Vec<Item> {
    let parts = Parts::of(bytes);
    let document = parts.xml("word/document.xml");
    let notes = parts.xml("word/footnotes.xml");
    let text = Text { notes, take };
    let mut items = Vec::new();
    text.story(document.child("w:body").expect("a body"), &mut items);
    items
}

struct Text {
    notes: Node,
    take: Take,
}

impl Text {
    fn story(&self, story: &Node, items: &mut Vec<Item>) {
        let mut carried = String::new();
        for node in &story.inside {
            match node.name.as_str() {
                "w:p" => {
                    carried.push_str(&self.words(node));
                    if !self.loses_end(node) {
                        let text = std::mem::take(&mut carried);
                        if !text.trim().is_empty() {
                            items.push(Item::Paragraph(text));
                        }
                    }
                }
                "w:tbl" => {
                    assert_eq!(carried, "", "text that lost its end before a table");
                    let rows = node.inside.iter().filter(|node| node.name == "w:tr");
                    items.extend(
                        rows.filter(|row| self.is_there(row))
                            .map(|row| self.row(row)),
                    );
                }
                _ => {}
            }
        }
        assert_eq!(carried, "", "text that lost its end");
    }

    fn is_there(&self, row: &Node) -> bool {
        let properties = row.child("w:trPr");
        let has = |name| properties.is_some_and(|node| node.child(name).is_some());
        match self.take {
            Take::All => !has("w:del"),
            Take::None => !has("w:ins"),
        }
    }

    fn row(&self, row: &Node) -> Item {
        let cells = row.inside.iter().filter(|node| node.name == "w:tc");
        let cell = |cell: &Node| {
            let mut items = Vec::new();
            self.story(cell, &mut items);
            let texts = items.into_iter().map(|item| match item {
                Item::Paragraph(text) => text,
                Item::Row(_) => panic!("a table in a table"),
            });
            texts.collect()
        };
        Item::Row(cells.map(cell).collect())
    }

    fn loses_end(&self, paragraph: &Node) -> bool {
        let properties = paragraph
            .child("w:pPr")
            .and_then(|node| node.child("w:rPr"));
        let gone = match self.take {
            Take::All => ["w:del", "w:moveFrom"],
            Take::None => ["w:ins", "w:moveTo"],
        };
        properties.is_some_and(|node| gone.iter().any(|name| node.child(name).is_some()))
    }

    fn words(&self, node: &Node) -> String {
        let gone = match self.take {
            Take::All => ["w:del", "w:moveFrom"],
            Take::None => ["w:ins", "w:moveTo"],
        };
        match node.name.as_str() {
            "w:pPr" | "w:rPr" => String::new(),
            name if gone.contains(&name) => String::new(),
            "w:br" => "\n".to_owned(),
            "w:tab" => "\t".to_owned(),
            "w:t" | "w:delText" => node.inside.iter().map(|node| node.text.as_str()).collect(),
            "w:footnoteReference" => {
                let notes = self.notes.named("w:footnote");
                let note = notes
                    .iter()
                    .find(|note| note.value("w:id") == node.value("w:id"));
                let note = note.expect("the note of a reference");
                let texts: String = note.inside.iter().map(|node| self.words(node)).collect();
                format!("〔{}〕", texts.strip_prefix(' ').unwrap_or(&texts))
            }
            _ => node.inside.iter().map(|node| self.words(node)).collect(),
        }
    }
}
