//! Comments: who said what, and about which words.

use super::limits::{COMMENTS_MAX, QUOTE_MAX};
use super::reader::moment;
use super::xml::{Node, attr, elements, is_w};
use model::word::IncomingSuggestion;
use std::collections::BTreeMap;

/// The comments of a file, by id.
#[derive(Debug, Default)]
pub(super) struct Comments {
    by_id: BTreeMap<String, IncomingSuggestion>,
}

impl Comments {
    /// Reads the part.
    pub(super) fn read(root: Node<'_>) -> Self {
        let comments = elements(root)
            .filter(|node| is_w(*node, "comment"))
            .take(COMMENTS_MAX);
        let by_id = comments.filter_map(|node| {
            let suggestion = IncomingSuggestion {
                kind: "comment".to_owned(),
                note: note(node),
                author: attr(node, "author").unwrap_or_default().trim().to_owned(),
                at: moment(attr(node, "date").unwrap_or_default()),
                ..IncomingSuggestion::default()
            };
            Some((attr(node, "id")?.to_owned(), suggestion))
        });
        Self {
            by_id: by_id.collect(),
        }
    }

    /// Fills in the words that each comment points to.
    pub(super) fn quote(&mut self, root: Node<'_>) {
        let mut open: BTreeMap<String, (String, usize)> = BTreeMap::new();
        for node in root.descendants().filter(|node| node.is_element()) {
            if is_w(node, "commentRangeStart")
                && let Some(id) = attr(node, "id")
                && self.by_id.contains_key(id)
            {
                open.insert(id.to_owned(), (String::new(), QUOTE_MAX));
            } else if is_w(node, "commentRangeEnd")
                && let Some((quote, _)) = attr(node, "id").and_then(|id| open.remove(id))
                && let Some(comment) = attr(node, "id").and_then(|id| self.by_id.get_mut(id))
            {
                quote.trim().clone_into(&mut comment.quote);
            } else if open.is_empty() {
                continue;
            } else if is_w(node, "t") {
                let text = node.text().unwrap_or_default();
                extend(&mut open, text);
            } else if is_w(node, "tab") || is_w(node, "br") {
                extend(&mut open, " ");
            } else if is_w(node, "p") {
                open.values_mut()
                    .filter(|(quote, _)| !quote.is_empty() && !quote.ends_with('\n'))
                    .for_each(|(quote, _)| quote.push('\n'));
            }
        }
    }

    /// Takes a comment out.
    pub(super) fn take(&mut self, id: &str) -> Option<IncomingSuggestion> {
        self.by_id.remove(id)
    }

    /// Takes out those that are left.
    pub(super) fn rest(self) -> Vec<IncomingSuggestion> {
        self.by_id.into_values().collect()
    }
}

fn extend(open: &mut BTreeMap<String, (String, usize)>, text: &str) {
    for (quote, left) in open.values_mut().filter(|(_, left)| *left > 0) {
        let mut n = 0;
        quote.extend(text.chars().take(*left).inspect(|_| n += 1));
        *left -= n;
    }
}

/// What a comment says, its paragraphs as lines.
fn note(node: Node<'_>) -> String {
    let mut note = String::new();
    for node in node.descendants() {
        if is_w(node, "p") && !note.is_empty() {
            note.push('\n');
        } else if is_w(node, "t") {
            note.push_str(node.text().unwrap_or_default());
        } else if is_w(node, "tab") {
            note.push(' ');
        } else if is_w(node, "br") {
            note.push('\n');
        }
    }
    note.trim().to_owned()
}
