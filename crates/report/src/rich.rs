//! Text with marks as pieces that the templates set.

use crate::clean;
use crate::node::{Cell, Piece, Run};
use crate::pen::Pen;
use crate::warning::Place;
use model::rich::{Mark, MarkKind, RichText};

/// Stands in a piece for a note that has no sign yet.
const PENDING: &str = "?";

impl Pen<'_> {
    /// A text with marks. Where it refers to notes, they are still to be given by [`refer`].
    pub(crate) fn rich(&mut self, text: &RichText, place: Option<&Place>) -> Run {
        // The cells of a row, where they are printed as one text.
        let one_line = |text: &str| text.replace('\t', " | ");
        if text.marks.is_empty() {
            return self.text(&one_line(&text.text), place);
        }
        let chars: Vec<char> = text.text.chars().collect();
        let first = chars.iter().position(|ch| !clean::is_outside(*ch));
        let last = chars.iter().rposition(|ch| !clean::is_outside(*ch));
        let (first, last) = (first.unwrap_or(0), last.map_or(0, |at| at + 1));
        let within = |at: u32| (at as usize).clamp(first, last.max(first));
        let mut cuts = vec![first, last.max(first)];
        for mark in &text.marks {
            cuts.extend([within(mark.from), within(mark.to)]);
        }
        cuts.sort_unstable();
        cuts.dedup();
        let notes_at = |at: usize| {
            let here = |mark: &&Mark| mark.kind == MarkKind::Note && within(mark.from) == at;
            text.marks.iter().filter(here).count()
        };
        let mut run = Run::default();
        let mut from = first;
        for to in cuts {
            if from < to {
                let words: String = chars[from..to].iter().collect();
                let words = self.clean(&one_line(&words), place);
                let at = u32::try_from(from).unwrap_or(u32::MAX);
                let (m, h) = manner(text.marks_at(at).map(|mark| (mark.kind, &*mark.href)));
                run.put(Piece {
                    s: words,
                    m,
                    h,
                    ..Piece::default()
                });
            }
            for _ in 0..notes_at(to) {
                run.put(note());
            }
            from = to;
        }
        run.close();
        run
    }
}

/// The words of marks, and the address of a link that can be followed.
pub(crate) fn manner<'a>(
    marks: impl Iterator<Item = (MarkKind, &'a str)>,
) -> (Vec<&'static str>, String) {
    let (mut words, mut address) = (Vec::new(), String::new());
    for (kind, href) in marks {
        match kind {
            MarkKind::Note => {}
            MarkKind::Link => {
                // Addresses within a Word file or on a drive lead nowhere from a PDF.
                if ["https://", "http://", "mailto:"]
                    .iter()
                    .any(|way| href.starts_with(way))
                {
                    href.clone_into(&mut address);
                }
            }
            kind => words.push(kind.code()),
        }
    }
    (words, address)
}

/// A place where a note is referred to.
pub(crate) fn note() -> Piece {
    Piece {
        n: PENDING.to_owned(),
        ..Piece::default()
    }
}

impl Run {
    /// Adds a piece.
    pub(crate) fn put(&mut self, piece: Piece) {
        self.p.push(piece);
    }

    /// Finishes a run made of pieces: its whole text, its language, places to break long words.
    pub(crate) fn close(&mut self) {
        let whole: String = self.p.iter().map(|piece| piece.s.as_str()).collect();
        self.zh = clean::is_chinese(&whole);
        for piece in &mut self.p {
            piece.s = clean::breakable(&piece.s);
        }
        self.s = self.p.iter().map(|piece| piece.s.as_str()).collect();
        let is_plain = |piece: &Piece| {
            *piece
                == Piece {
                    s: piece.s.clone(),
                    ..Piece::default()
                }
        };
        if self.p.iter().all(is_plain) {
            self.p.clear();
        }
    }

    /// How many notes a text refers to.
    pub(crate) fn references(&self) -> usize {
        self.p.iter().filter(|piece| !piece.n.is_empty()).count()
    }
}

/// Gives the notes of a cell their signs, in order; a reference without a note goes.
pub(crate) fn refer(cell: &mut Cell, mut sign: impl FnMut(usize) -> Option<Piece>) {
    for run in cell {
        refer_run(run, &mut sign);
    }
}

/// The same for one run.
pub(crate) fn refer_run(run: &mut Run, mut sign: impl FnMut(usize) -> Option<Piece>) {
    let mut n = 0;
    run.p.retain_mut(|piece| {
        if piece.n.is_empty() {
            return true;
        }
        n += 1;
        match sign(n - 1) {
            Some(given) => {
                let change = piece.c;
                *piece = Piece { c: change, ..given };
                true
            }
            None => false,
        }
    });
}

/// A text cut at its tabs: the cells of a row.
pub(crate) fn cells(text: &RichText) -> Vec<RichText> {
    let mut out = Vec::new();
    let mut cut = |from: u32, to: u32| {
        let mut cell = text.slice(from, to);
        // A slice leaves a note at its very begin to the part before, which here is another cell.
        let lost = |mark: &&Mark| from > 0 && mark.kind == MarkKind::Note && mark.from == from;
        let mut marks: Vec<Mark> = text.marks.iter().filter(lost).cloned().collect();
        for mark in &mut marks {
            (mark.from, mark.to) = (0, 0);
        }
        marks.append(&mut cell.marks);
        out.push(RichText::new(cell.text, marks));
    };
    let (mut from, mut at) = (0_u32, 0_u32);
    for ch in text.text.chars() {
        if ch == '\t' {
            cut(from, at);
            from = at + 1;
        }
        at += 1;
    }
    cut(from, at);
    out
}
