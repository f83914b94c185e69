//! Changes of a part's text that leave every other byte as it was.

use crate::word::read::xml::Node;
use std::ops::Range;

/// Changes of one text, in any order.
#[derive(Default)]
pub(super) struct Splices {
    changes: Vec<(Range<usize>, String)>,
}

impl Splices {
    /// Puts words in place of a piece.
    pub(super) fn put(&mut self, at: Range<usize>, with: impl Into<String>) {
        self.changes.push((at, with.into()));
    }

    /// Puts words between two bytes.
    pub(super) fn insert(&mut self, at: usize, with: impl Into<String>) {
        self.put(at..at, with);
    }

    /// Takes a piece out.
    pub(super) fn cut(&mut self, at: Range<usize>) {
        self.put(at, "");
    }

    /// Whether nothing changes.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The text with its changes; of two that overlap the first alone.
    pub(super) fn apply(mut self, text: &str) -> String {
        self.changes.sort_by_key(|(at, _)| (at.start, at.end));
        let mut out = String::with_capacity(text.len() + 1024);
        let mut done = 0;
        for (at, with) in self.changes {
            if at.start < done {
                continue;
            }
            out.push_str(text.get(done..at.start).unwrap_or_default());
            out.push_str(&with);
            done = at.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }
}

/// The qualified name of an element, as its tag has it.
pub(super) fn tag<'a>(text: &'a str, node: Node<'_>) -> &'a str {
    let slice = text.get(node.range()).unwrap_or_default();
    let rest = slice.strip_prefix('<').unwrap_or(slice);
    let end = rest.find([' ', '\t', '\r', '\n', '/', '>']);
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
}

/// The prefix of an element's name with its colon; empty without one.
pub(super) fn prefix<'a>(text: &'a str, node: Node<'_>) -> &'a str {
    let tag = tag(text, node);
    tag.find(':')
        .and_then(|at| tag.get(..=at))
        .unwrap_or_default()
}

/// Where the content of an element stands; `None` for one that closes itself.
pub(super) fn inside(text: &str, node: Node<'_>) -> Option<Range<usize>> {
    let whole = node.range();
    let slice = text.get(whole.clone())?;
    let mut quote = None;
    let open = slice.bytes().position(|byte| match (quote, byte) {
        (Some(mark), byte) if mark == byte => {
            quote = None;
            false
        }
        (Some(_), _) => false,
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (None, byte) => byte == b'>',
    })?;
    if slice.as_bytes().get(open.checked_sub(1)?) == Some(&b'/') {
        return None;
    }
    let close = slice.rfind("</")?;
    Some(whole.start + open + 1..whole.start + close)
}

/// Appends to the content of an element, opening one that closes itself.
pub(super) fn append(text: &str, node: Node<'_>, with: &str, splices: &mut Splices) {
    match inside(text, node) {
        Some(at) => splices.insert(at.end, with),
        None => {
            let end = node.range().end;
            let tag = tag(text, node);
            splices.put(end.saturating_sub(2)..end, format!(">{with}</{tag}>"));
        }
    }
}

/// Words as XML has them; what XML does not take is left out.
pub(super) fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for ch in words.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(ch),
            ch if ch.is_control() || matches!(ch, '\u{fffe}' | '\u{ffff}') => {}
            ch => out.push(ch),
        }
    }
    out
}
