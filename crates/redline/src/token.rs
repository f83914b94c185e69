//! Words with their marks: what two texts are compared by.

use crate::piece::{self, Look, Piece};
use crate::segment::{self, Class};
use model::rich::RichText;
use std::hash::{Hash, Hasher};

/// A word, number, point, space or note. Equal when text and marks are.
#[derive(Clone, Debug)]
pub(crate) struct Token<'t> {
    pub(crate) class: Class,
    first: Piece<'t>,
    /// Where the look changes within the word.
    more: Vec<Piece<'t>>,
}

impl PartialEq for Token<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.first == other.first && self.more == other.more
    }
}

impl Eq for Token<'_> {}

impl Hash for Token<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.first.hash(state);
        self.more.hash(state);
    }
}

impl<'t> Token<'t> {
    /// The end of a block, which no text has.
    pub(crate) fn end() -> Self {
        Self {
            class: Class::End,
            first: Piece {
                text: "\u{2029}",
                look: Look::default(),
            },
            more: Vec::new(),
        }
    }

    pub(crate) fn pieces(&self) -> impl Iterator<Item = Piece<'t>> {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }

    /// Whether it says something; white space follows the words around it.
    pub(crate) fn is_content(&self) -> bool {
        self.class != Class::Space
    }

    /// Its look when that is the same all over.
    pub(crate) fn look(&self) -> Option<Look<'t>> {
        self.more.is_empty().then_some(self.first.look)
    }

    /// Whether it is a word of Han characters; a number in them is none.
    pub(crate) fn is_han(&self) -> bool {
        matches!(self.class, Class::Word | Class::Weak)
            && self.first.text.starts_with(segment::is_han)
    }

    /// The text, marks left out.
    pub(crate) fn text(&self) -> String {
        self.pieces().map(|piece| piece.text).collect()
    }
}

/// Cuts a text into words. The place of a note is one by itself unless it is within a word.
pub(crate) fn cut(rich: &RichText) -> Vec<Token<'_>> {
    let mut pieces = Pieces {
        pieces: piece::pieces(rich),
        at: 0,
        used: 0,
    };
    let mut tokens = Vec::with_capacity(rich.text.len() / 4);
    let mut at = 0;
    segment::words(&rich.text, |class, end| {
        pieces.notes(&mut tokens);
        if let Some(token) = pieces.take(class, end - at) {
            tokens.push(token);
        }
        at = end;
    });
    pieces.notes(&mut tokens);
    tokens
}

/// Pieces as they are used up.
struct Pieces<'t> {
    pieces: Vec<Piece<'t>>,
    at: usize,
    /// How much of the piece is used. Units: bytes.
    used: usize,
}

impl<'t> Pieces<'t> {
    /// Takes the notes that stand here.
    fn notes(&mut self, tokens: &mut Vec<Token<'t>>) {
        while let Some(first) = self.pieces.get(self.at).copied().filter(Piece::is_note) {
            let class = Class::Note;
            tokens.push(Token {
                class,
                first,
                more: Vec::new(),
            });
            self.at += 1;
        }
    }

    /// Takes so many bytes of text, with the notes within.
    fn take(&mut self, class: Class, mut bytes: usize) -> Option<Token<'t>> {
        let mut parts = std::iter::from_fn(|| {
            if bytes == 0 {
                return None;
            }
            let piece = self.pieces.get(self.at)?;
            let n = bytes.min(piece.text.len() - self.used);
            let part = piece.part(self.used, self.used + n);
            bytes -= n;
            self.used += n;
            if self.used == piece.text.len() {
                (self.at, self.used) = (self.at + 1, 0);
            }
            Some(part)
        });
        let first = parts.next()?;
        let more = parts.collect();
        Some(Token { class, first, more })
    }
}
