//! Text of one look, the smallest thing that a span is made of.

use crate::line::{Span, SpanOp};
use model::rich::{Mark, MarkKind, RichText};

/// The marks over a piece of text, as bits in the order of [`MarkKind::ALL`], and a link's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Look<'t> {
    bits: u8,
    href: &'t str,
}

/// A piece of text that looks the same all over; the place of a note has the empty text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Piece<'t> {
    pub(crate) text: &'t str,
    pub(crate) look: Look<'t>,
}

impl<'t> Look<'t> {
    const NOTE: Self = Self {
        bits: 1 << (MarkKind::Note as u8),
        href: "",
    };

    fn at(rich: &'t RichText, place: u32) -> Self {
        let mut look = Self::default();
        for mark in rich.marks_at(place) {
            look.bits |= 1 << (mark.kind as u8);
            if mark.kind == MarkKind::Link && look.href.is_empty() {
                look.href = &mark.href;
            }
        }
        look
    }

    fn kinds(self) -> impl Iterator<Item = MarkKind> {
        MarkKind::ALL
            .into_iter()
            .filter(move |kind| self.bits & (1 << (*kind as u8)) != 0)
    }
}

impl<'t> Piece<'t> {
    pub(crate) fn is_note(&self) -> bool {
        self.text.is_empty()
    }

    /// The same look over a part of the text. Units: bytes.
    pub(crate) fn part(&self, from: usize, to: usize) -> Self {
        Self {
            text: self.text.get(from..to).unwrap_or_default(),
            look: self.look,
        }
    }

    pub(crate) fn span(&self, op: SpanOp) -> Span {
        Span {
            op,
            text: self.text.to_owned(),
            marks: self.look.kinds().collect(),
            href: self.look.href.to_owned(),
        }
    }
}

/// The pieces of a text in order. The end of a cell has no look: a mark over it says nothing.
pub(crate) fn pieces(rich: &RichText) -> Vec<Piece<'_>> {
    let plain = Look::default();
    if rich.marks.is_empty() {
        let text = rich.text.as_str();
        return if text.is_empty() {
            Vec::new()
        } else {
            vec![Piece { text, look: plain }]
        };
    }
    let mut edges: Vec<u32> = rich.marks.iter().flat_map(|m| [m.from, m.to]).collect();
    for (place, c) in (0_u32..).zip(rich.text.chars()) {
        if c == '\t' {
            edges.extend([place, place + 1]);
        }
    }
    edges.push(rich.len());
    edges.sort_unstable();
    edges.dedup();
    let mut pieces = Vec::with_capacity(edges.len());
    let (mut rest, mut place) = (rich.text.as_str(), 0);
    for edge in edges {
        let n = (edge - place) as usize;
        let cut = rest.char_indices().nth(n).map_or(rest.len(), |(at, _)| at);
        let (text, behind) = rest.split_at(cut);
        if !text.is_empty() {
            let look = if text == "\t" {
                plain
            } else {
                Look::at(rich, place)
            };
            pieces.push(Piece { text, look });
        }
        let is_note = |mark: &&Mark| mark.kind == MarkKind::Note && mark.from == edge;
        let note = Piece {
            text: "",
            look: Look::NOTE,
        };
        pieces.extend(rich.marks.iter().filter(is_note).map(|_| note));
        (rest, place) = (behind, edge);
    }
    pieces
}

/// The text that pieces make.
pub(crate) fn rich<'t>(pieces: impl Iterator<Item = Piece<'t>>) -> RichText {
    let mut build = Build::default();
    for piece in pieces {
        build.add(piece.text, piece.look.kinds(), piece.look.href);
    }
    build.done()
}

/// The text that spans make.
pub(crate) fn rich_of<'s>(spans: impl Iterator<Item = &'s Span>) -> RichText {
    let mut build = Build::default();
    for span in spans {
        build.add(&span.text, span.marks.iter().copied(), &span.href);
    }
    build.done()
}

#[derive(Default)]
struct Build {
    text: String,
    marks: Vec<Mark>,
    len: u32,
}

impl Build {
    fn add(&mut self, text: &str, kinds: impl Iterator<Item = MarkKind>, href: &str) {
        let from = self.len;
        self.len += u32::try_from(text.chars().count()).unwrap_or(0);
        self.text.push_str(text);
        let to = self.len;
        self.marks.extend(kinds.map(|kind| Mark {
            from,
            to,
            kind,
            href: if kind == MarkKind::Link {
                href.to_owned()
            } else {
                String::new()
            },
        }));
    }

    fn done(self) -> RichText {
        RichText::new(self.text, self.marks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pieces_make_the_text_again() {
        for value in [
            json!("口服 5 mg"),
            json!({"text": "口服 5 mg", "marks": [[0, 2, "i"], [3, 7, "b"], [7, 7, "fn"], [7, 7, "fn"]]}),
            json!({"text": "abc", "marks": [[0, 0, "fn"], [0, 2, "b"], [1, 3, "a", "https://a.example"], [2, 2, "fn"]]}),
        ] {
            let text = RichText::read(&value).unwrap();
            assert_eq!(rich(pieces(&text).into_iter()), text);
        }
    }

    #[test]
    fn the_end_of_a_cell_has_no_look() {
        let text = RichText::read(&json!({"text": "a\tb", "marks": [[0, 3, "b"]]})).unwrap();
        let cells = json!({"text": "a\tb", "marks": [[0, 1, "b"], [2, 3, "b"]]});
        assert_eq!(rich(pieces(&text).into_iter()).to_value(), cells);
    }
}
