//! What is said about a line besides its marks: where it came from, what of it changed unseen.

use super::body::{Group, is_new};
use super::span::{self, View};
use super::{RedlineMeta, RedlineStyle};
use crate::node::{Cell, Piece, Run};
use crate::parts::protocol::number_of;
use crate::pen::Pen;
use model::{EntityId, label};
use redline::{Line, Span, SpanOp, State, What};
use std::collections::HashMap;

/// What the lines of a redline need to know of it as a whole.
pub(super) struct Reading<'m> {
    pub(super) meta: &'m RedlineMeta<'m>,
    /// How a section is called when a line says that it came from there.
    names: HashMap<EntityId, String>,
}

impl<'m> Reading<'m> {
    pub(super) fn new(pen: &Pen<'_>, meta: &'m RedlineMeta<'m>, groups: &[Group<'_>]) -> Self {
        let names = names(pen, groups);
        Self { meta, names }
    }

    pub(super) fn view(&self) -> View {
        if self.meta.style == RedlineStyle::Clean {
            View::Clean
        } else {
            View::Both
        }
    }

    fn name(&self, section: &EntityId) -> &str {
        self.names.get(section).map_or("?", String::as_str)
    }

    /// What is to be said about a line besides its marks.
    pub(super) fn remark(&self, pen: &Pen<'_>, line: &Line) -> Option<String> {
        let words = |label: &model::Label, section: &str| {
            let zh = label.fill(model::Lang::Zh, &[("section", section)]);
            let en = label.fill(model::Lang::En, &[("section", section)]);
            pen.pair(&zh, &en)
        };
        let said = match &line.state {
            State::Moved { from } | State::MovedAway { to: from } if line.what == What::Title => {
                if *from == line.entity {
                    words(label!("pdf.redline.wasFirst"), "")
                } else {
                    words(label!("pdf.redline.stoodBehind"), self.name(from))
                }
            }
            State::Moved { from } | State::MovedAway { to: from }
                if line.section.as_ref() == Some(from) =>
            {
                if is_new(line) {
                    words(label!("pdf.redline.movedWithin"), "")
                } else {
                    words(label!("pdf.redline.wasHere"), "")
                }
            }
            State::Moved { from } => words(label!("pdf.redline.movedFrom"), self.name(from)),
            State::MovedAway { to } => words(label!("pdf.redline.movedTo"), self.name(to)),
            State::Split { .. } => words(label!("pdf.redline.split"), ""),
            State::Merged { .. } => words(label!("pdf.redline.merged"), ""),
            State::Changed if line.before.is_none() && !span::shows_change(pen, line) => {
                let marked = |spans: &[Span]| spans.iter().any(|span| span.op != SpanOp::Same);
                if marked(&line.zh) || marked(&line.en) {
                    words(label!("pdf.redline.otherLanguage"), "")
                } else {
                    words(label!("pdf.redline.form"), "")
                }
            }
            State::Changed if line.before.is_some() => words(label!("pdf.redline.form"), ""),
            _ => return None,
        };
        Some(said)
    }

    /// The line's text with the remark behind it.
    pub(super) fn text(&self, pen: &mut Pen<'_>, line: &Line) -> Cell {
        let mut runs = span::runs(pen, line, self.view());
        if self.view() == View::Both
            && let Some(remark) = self.remark(pen, line)
        {
            say(&mut runs, remark);
        }
        runs
    }
}

/// The short name of every section: its number, else its title.
fn names(pen: &Pen<'_>, groups: &[Group<'_>]) -> HashMap<EntityId, String> {
    /// Units: characters.
    const SHORT: usize = 18;
    let mut out = HashMap::new();
    for title in groups.iter().filter_map(|group| group.title) {
        let op = if is_new(title) {
            SpanOp::Insert
        } else {
            SpanOp::Delete
        };
        let (zh, en) = (plain(&title.zh, op), plain(&title.en, op));
        let first = if pen.main_lang() == model::Lang::Zh {
            [zh, en]
        } else {
            [en, zh]
        };
        let name = first.into_iter().find(|name| !name.trim().is_empty());
        let name = name.unwrap_or_default();
        let number = number_of(name.trim());
        let short = if number.is_empty() {
            name.chars().take(SHORT).collect()
        } else {
            number.to_owned()
        };
        out.insert(title.entity.clone(), short);
    }
    out
}

/// A side of a line's text, without marks.
fn plain(spans: &[Span], op: SpanOp) -> String {
    let shown = |span: &&Span| span.op == SpanOp::Same || span.op == op;
    spans
        .iter()
        .filter(shown)
        .map(|span| span.text.as_str())
        .collect()
}

/// Puts a remark behind a text.
pub(super) fn say(runs: &mut Cell, remark: String) {
    let piece = Piece {
        s: remark,
        m: vec!["note"],
        ..Piece::default()
    };
    match runs.last_mut() {
        Some(run) => {
            if run.p.is_empty() {
                run.p.push(Piece {
                    s: run.s.clone(),
                    ..Piece::default()
                });
            }
            run.p.push(piece);
        }
        None => {
            let mut run = Run::default();
            run.put(piece);
            run.close();
            runs.push(run);
        }
    }
}

/// Puts words of the program before a text.
pub(super) fn labelled(words: &str, mut runs: Cell) -> Cell {
    if let Some(run) = runs.first_mut() {
        if run.p.is_empty() {
            run.p.push(Piece {
                s: run.s.clone(),
                ..Piece::default()
            });
        }
        let colon = if run.zh { "：" } else { ": " };
        let label = Piece {
            s: format!("{words}{colon}"),
            m: vec!["label"],
            ..Piece::default()
        };
        run.s = format!("{}{}", label.s, run.s);
        run.p.insert(0, label);
    }
    runs
}
