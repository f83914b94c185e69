//! The places of a document, with the words beside each.

use super::super::PLACES_MAX;
use super::super::beside::{Words, asks, options, plain};
use super::control::{check_box, name_of};
use super::find::{all, content};
use super::para::{gaps, is_box, letters, words};
use crate::word::read::xml::{Node, attr, child, is_w, val};
use model::formset::{BlankPlace, CellHow};
use std::collections::BTreeMap;

/// Widest span that counts. Units: columns.
const SPAN_MAX: u32 = 64;

/// Lists the places below a body.
pub(super) fn places(text: &str, body: Node<'_>) -> Vec<BlankPlace> {
    let mut list = List {
        text,
        places: Vec::new(),
    };
    list.container(body, "", "");
    list.places
}

struct List<'a> {
    text: &'a str,
    places: Vec<BlankPlace>,
}

impl List<'_> {
    /// Paragraphs and tables of a body or a cell.
    fn container(&mut self, of: Node<'_>, at: &str, beside: &str) {
        let (mut n_tables, mut n_paragraphs) = (0, 0);
        for node in content(of) {
            if self.places.len() >= PLACES_MAX {
                return;
            }
            if is_w(node, "tbl") {
                n_tables += 1;
                self.table(node, &format!("{at}t{n_tables}"));
            } else if is_w(node, "p") {
                n_paragraphs += 1;
                self.paragraph(node, &format!("{at}p{n_paragraphs}"), beside, at.is_empty());
            }
        }
    }

    fn table(&mut self, table: Node<'_>, at: &str) {
        let mut beside = Words::default();
        // What a cell that reaches down says, by its column.
        let mut down: BTreeMap<u32, String> = BTreeMap::new();
        for (row, r) in all(table, "tr").into_iter().zip(1..) {
            let mut column = 1;
            let cells: Vec<Node<'_>> = all(row, "tc");
            let mut todo = Vec::new();
            for (cell, c) in cells.into_iter().zip(1..) {
                let properties = child(cell, "tcPr");
                let span = properties.and_then(|said| val(said, "gridSpan"));
                let span: u32 = span.and_then(|span| span.parse().ok()).unwrap_or(1);
                let reach = properties.and_then(|said| child(said, "vMerge"));
                let is_below = reach.is_some_and(|reach| attr(reach, "val") != Some("restart"));
                let said = match is_below {
                    true => down.get(&column).cloned().unwrap_or_default(),
                    false => self.said(cell),
                };
                if reach.is_some() {
                    down.insert(column, said.clone());
                } else {
                    down.remove(&column);
                }
                for covered in 0..span.clamp(1, SPAN_MAX) {
                    beside.note(r, column + covered, &said);
                }
                if !is_below {
                    todo.push((cell, c, column, said));
                }
                column += span.clamp(1, SPAN_MAX);
            }
            for (cell, c, column, said) in todo {
                let at = format!("{at}/r{r}c{c}");
                let label = beside.beside(r, column);
                self.cell(cell, &at, &label, &said);
            }
        }
    }

    /// What the paragraphs of a cell say.
    fn said(&self, cell: Node<'_>) -> String {
        let lines = all(cell, "p")
            .into_iter()
            .map(|paragraph| words(&letters(self.text, paragraph)));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn cell(&mut self, cell: Node<'_>, at: &str, label: &str, said: &str) {
        let has_more = !all(cell, "tbl").is_empty()
            || cell
                .descendants()
                .any(|node| is_w(node, "sdt") || is_w(node, "ffData"));
        if said.trim().is_empty() && !has_more {
            self.add(at.to_owned(), CellHow::Text, label, "", "");
            return;
        }
        let n = self.places.len();
        self.container(cell, &format!("{at}/"), label);
        // A question with room behind or below it.
        if self.places.len() == n && (asks(said) || said.trim_start().ends_with('\n')) {
            let label = plain(said);
            self.add(at.to_owned(), CellHow::Lines, &label, "", "");
        }
    }

    fn paragraph(&mut self, paragraph: Node<'_>, at: &str, beside: &str, is_loose: bool) {
        let letters = letters(self.text, paragraph);
        let said = words(&letters);
        let n = self.places.len();
        self.controls(paragraph, beside, &said);
        let n_controls = self.places.len() - n;
        let (before, after) = options(&said, is_box);
        if !after.is_empty() && n_controls == 0 {
            let label = if before.is_empty() { beside } else { &before };
            for (says, n) in after.iter().zip(1..) {
                self.add(format!("{at}/b{n}"), CellHow::Tick, label, "□", says);
            }
        }
        let mut from = 0;
        for (gap, n) in gaps(&letters).into_iter().zip(1..) {
            let ahead = letters.get(from..gap.start).map(words).unwrap_or_default();
            let ahead = plain(
                ahead
                    .rsplit(['；', ';', '。', '\n'])
                    .next()
                    .unwrap_or_default(),
            );
            let label = if ahead.is_empty() { beside } else { &ahead };
            self.add(format!("{at}/g{n}"), CellHow::Text, label, "", "");
            from = gap.end;
        }
        let is_whole = self.places.len() == n;
        if is_whole && asks(&said) && is_loose {
            self.add(at.to_owned(), CellHow::Text, &plain(&said), "", "");
        }
    }

    /// Content controls, form fields and empty bookmarks of a paragraph.
    fn controls(&mut self, paragraph: Node<'_>, beside: &str, said: &str) {
        let label_of = |title: Option<&str>, name: &str| match (title, beside) {
            (Some(title), _) if !title.is_empty() => title.to_owned(),
            (_, "") if asks(said) => plain(said),
            (_, "") => name.to_owned(),
            (_, beside) => beside.to_owned(),
        };
        // A control around the paragraph as well, where it is the first one in it.
        let around = paragraph
            .ancestors()
            .skip(1)
            .take(2)
            .filter(|node| is_w(*node, "sdt"));
        let within = paragraph.descendants().filter(|node| is_w(*node, "sdt"));
        for control in around.chain(within) {
            let Some(name) = name_of(control) else {
                continue;
            };
            let at = format!("tag:{name}");
            if self.places.iter().any(|place| place.at == at) {
                continue;
            }
            let how = match check_box(control) {
                Some(_) => CellHow::Tick,
                None => CellHow::Text,
            };
            let title = child(control, "sdtPr").and_then(|properties| val(properties, "alias"));
            let holds = child(control, "sdtContent").map_or_else(String::new, |content| {
                let texts = content.descendants().filter(|node| is_w(*node, "t"));
                texts.filter_map(|node| node.text()).collect()
            });
            let says = match how {
                CellHow::Tick => behind(control),
                _ => String::new(),
            };
            let label = label_of(title, name);
            self.add(at, how, &label, &holds, &says);
        }
        for node in paragraph.descendants() {
            let (name, how) = if is_w(node, "ffData") {
                let how = match child(node, "checkBox") {
                    Some(_) => CellHow::Tick,
                    None => CellHow::Text,
                };
                (val(node, "name"), how)
            } else if is_w(node, "bookmarkStart") && is_empty_mark(node) {
                (attr(node, "name"), CellHow::Text)
            } else {
                continue;
            };
            let Some(name) = name.filter(|name| !name.is_empty() && !name.starts_with('_')) else {
                continue;
            };
            let label = label_of(None, name);
            self.add(format!("mark:{name}"), how, &label, "", "");
        }
    }

    fn add(&mut self, at: String, how: CellHow, label: &str, holds: &str, says: &str) {
        let holds = holds.chars().take(200).collect();
        let label: String = label.chars().take(200).collect();
        self.places.push(BlankPlace {
            at,
            how,
            label: plain(&label),
            holds,
            says: says.to_owned(),
        });
    }
}

/// Whether a bookmark ends where it begins.
fn is_empty_mark(mark: Node<'_>) -> bool {
    let mut after = mark.next_siblings().skip(1).filter(Node::is_element);
    after
        .next()
        .is_some_and(|next| is_w(next, "bookmarkEnd") && attr(next, "id") == attr(mark, "id"))
}

/// The words behind a check box, up to the next one.
fn behind(control: Node<'_>) -> String {
    let mut out = String::new();
    for node in control.next_siblings().skip(1) {
        if is_w(node, "sdt") {
            break;
        }
        let texts = node.descendants().filter(|inner| is_w(*inner, "t"));
        out.extend(texts.filter_map(|inner| inner.text()));
    }
    plain(out.trim_end_matches(['、', '，', '；', ';', ',', '/', ' ']))
}
