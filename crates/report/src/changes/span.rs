//! Spans of a redline as runs: one language, one view.

use crate::node::{Cell, Change, Piece, Run};
use crate::parts::design;
use crate::pen::Pen;
use crate::rich;
use model::field::{self, Field, Input};
use model::rich::MarkKind;
use model::{Lang, kind};
use redline::{Line, Span, SpanOp, State};

/// Which spans are printed, and whether changes are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// Old and new, marked.
    Both,
    /// The old text, with what is taken out marked.
    Old,
    /// The new text, with what is put in marked.
    New,
    /// The new text as it is.
    Clean,
}

impl View {
    fn shows(self, op: SpanOp) -> bool {
        match (self, op) {
            (_, SpanOp::Same) | (Self::Both, _) => true,
            (Self::Old, op) => op == SpanOp::Delete,
            (Self::New | Self::Clean, op) => op == SpanOp::Insert,
        }
    }

    fn change(self, op: SpanOp, moved: bool) -> Change {
        match (self, op) {
            (Self::Clean, _) => Change::None,
            (_, SpanOp::Insert) => Change::Ins,
            (_, SpanOp::Delete) => Change::Del,
            (Self::Old, SpanOp::Same) => Change::None,
            (_, SpanOp::Same) => {
                if moved {
                    Change::Move
                } else {
                    Change::None
                }
            }
        }
    }
}

/// Whether a span only says that a note is referred to.
fn is_reference(span: &Span) -> bool {
    span.text.is_empty() && span.marks.contains(&MarkKind::Note)
}

/// Spans as a run; empty when nothing of them shows.
pub(super) fn run<'s>(
    pen: &mut Pen<'_>,
    spans: impl IntoIterator<Item = &'s Span>,
    view: View,
    moved: bool,
) -> Run {
    let mut run = Run::default();
    for span in spans {
        if !view.shows(span.op) {
            continue;
        }
        let change = view.change(span.op, moved);
        if is_reference(span) {
            run.put(Piece {
                c: change,
                ..rich::note()
            });
            continue;
        }
        // Where a block ended that went into this one.
        let words = span.text.replace('\t', " | ").replace('\u{2029}', " ¶ ");
        let words = pen.clean(&words, None);
        let marks = span.marks.iter().map(|kind| (*kind, span.href.as_str()));
        let (m, h) = rich::manner(marks);
        if !words.is_empty() {
            run.put(Piece {
                s: words,
                m,
                h,
                c: change,
                ..Piece::default()
            });
        }
    }
    run.close();
    run
}

/// Whether a text says anything in a view.
fn says(spans: &[Span], view: View) -> bool {
    let shown = |span: &&Span| view.shows(span.op) && !span.text.trim().is_empty();
    spans.iter().any(|span| shown(&span))
}

/// The languages of a line to print: those asked for, else the other one.
pub(super) fn langs(pen: &Pen<'_>, line: &Line, view: View) -> Vec<Lang> {
    let written = |lang: &Lang| says(line.spans(*lang), view);
    let wanted: Vec<Lang> = pen.langs().iter().copied().filter(written).collect();
    if wanted.is_empty() {
        [Lang::Zh, Lang::En].into_iter().filter(written).collect()
    } else {
        wanted
    }
}

/// A line's text in the languages to print.
pub(super) fn runs(pen: &mut Pen<'_>, line: &Line, view: View) -> Cell {
    let moved = matches!(line.state, State::Moved { .. });
    let mut out = Cell::new();
    for lang in langs(pen, line, view) {
        let run = run(pen, line.spans(lang), view, moved);
        if !out.contains(&run) {
            out.push(run);
        }
    }
    out
}

/// Whether the printed languages show a change.
pub(super) fn shows_change(pen: &Pen<'_>, line: &Line) -> bool {
    let is_changed = |lang: Lang| line.spans(lang).iter().any(|span| span.op != SpanOp::Same);
    langs(pen, line, View::Both).into_iter().any(is_changed)
}

/// The cells of a row, in the languages to print.
pub(super) fn cells(pen: &mut Pen<'_>, line: &Line, view: View) -> Vec<Cell> {
    let gone = matches!(line.state, State::Removed | State::MovedAway { .. });
    let moved = matches!(line.state, State::Moved { .. });
    let mut out: Vec<Cell> = Vec::new();
    for lang in langs(pen, line, view) {
        // The row's cells are those of the new text; a tab that was taken out joined two.
        let cuts = |op: SpanOp| gone || view == View::Old || op != SpanOp::Delete;
        let mut cells: Vec<Vec<Span>> = vec![Vec::new()];
        for span in line.spans(lang).iter().filter(|span| view.shows(span.op)) {
            if !span.text.contains('\t') || !cuts(span.op) {
                if let Some(cell) = cells.last_mut() {
                    cell.push(span.clone());
                }
                continue;
            }
            for (i, part) in span.text.split('\t').enumerate() {
                if i > 0 {
                    cells.push(Vec::new());
                }
                if let Some(cell) = cells.last_mut().filter(|_| !part.is_empty()) {
                    cell.push(Span {
                        text: part.to_owned(),
                        ..span.clone()
                    });
                }
            }
        }
        for (i, spans) in cells.iter().enumerate() {
            if out.len() <= i {
                out.push(Cell::new());
            }
            let run = run(pen, spans, view, moved);
            if !run.s.trim().is_empty() && !out[i].contains(&run) {
                out[i].push(run);
            }
        }
    }
    out
}

/// The field that a fact is about.
pub(super) fn field_of(line: &Line) -> Option<&'static Field> {
    field_named(&line.kind, &line.name)
}

fn field_named(kind: &str, name: &str) -> Option<&'static Field> {
    field::of_register(kind, name).or_else(|| crate::pen::find_field(kind, name))
}

/// The value of a fact: codes and yes or no in words.
pub(super) fn fact(pen: &mut Pen<'_>, line: &Line, view: View) -> Cell {
    fact_of(pen, (&line.kind, &line.name), [&line.zh, &line.en], view)
}

/// The same by kind, register and the spans of both languages.
pub(super) fn fact_of(
    pen: &mut Pen<'_>,
    (kind, name): (&str, &str),
    [zh, en]: [&[Span]; 2],
    view: View,
) -> Cell {
    let field = field_named(kind, name);
    let of = |lang: Lang| if lang == Lang::Zh { zh } else { en };
    let written = |lang: &Lang| says(of(*lang), view);
    let either = || [Lang::Zh, Lang::En].into_iter().filter(written);
    let mut langs: Vec<Lang> = pen.langs().iter().copied().filter(written).collect();
    if langs.is_empty() {
        langs = either().collect();
    }
    if field.is_some_and(|field| !field.bilingual) {
        // The same value stands in both.
        langs = either().take(1).collect();
    }
    let mut out = Cell::new();
    for lang in langs {
        let spans: Vec<Span> = match field {
            // A code is one value: the whole of it was put in or taken out.
            Some(field) if is_coded(field) => coded(pen, field, of(lang)),
            _ => of(lang).to_vec(),
        };
        let run = run(pen, &spans, view, false);
        if !run.s.trim().is_empty() && !out.contains(&run) {
            out.push(run);
        }
    }
    out
}

/// Whether the words of a value are not the value itself.
fn is_coded(field: &Field) -> bool {
    matches!(field.input, Input::Code | Input::Codes | Input::Bool)
        || field.name.ends_with("Age")
        || is_named(field)
}

/// Whether its entries name arms or interventions.
fn is_named(field: &Field) -> bool {
    matches!(
        (field.kind, field.name),
        (kind::ARM, "interventions") | (kind::INTERVENTION, "arms")
    )
}

fn coded(pen: &mut Pen<'_>, field: &Field, spans: &[Span]) -> Vec<Span> {
    let side = |op: SpanOp| -> String {
        let of_side = |span: &&Span| span.op == SpanOp::Same || span.op == op;
        spans
            .iter()
            .filter(of_side)
            .map(|span| span.text.as_str())
            .collect()
    };
    let (old, new) = (side(SpanOp::Delete), side(SpanOp::Insert));
    let words = |pen: &Pen<'_>, text: &str| match (field.input, text) {
        (Input::Bool, "true") => pen.word(model::label!("pdf.yes")),
        (Input::Bool, "false") => pen.word(model::label!("pdf.negative")),
        (Input::Codes, text) => {
            let codes = text.split('|').map(|code| pen.code(field.codes, code));
            codes.collect::<Vec<_>>().join(", ")
        }
        (Input::Code, text) => pen.code(field.codes, text),
        (_, text) if is_named(field) => {
            let lines = text
                .lines()
                .map(|item| design::entry(pen, field.name, item));
            lines.collect::<Vec<_>>().join("\n")
        }
        (_, text) => pen.age(text),
    };
    let span = |op: SpanOp, text: String| Span {
        op,
        text,
        marks: Vec::new(),
        href: String::new(),
    };
    if old == new {
        return vec![span(SpanOp::Same, words(pen, &old))];
    }
    [(SpanOp::Delete, old), (SpanOp::Insert, new)]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(op, text)| span(op, words(pen, &text)))
        .collect()
}
