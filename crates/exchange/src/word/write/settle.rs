//! A redline as Word can show it: what Word has no word for is put in and taken out instead.
//!
//! A section that stands elsewhere takes its blocks along, so they are moved as well. A block that
//! was split stays one where its parts stand together: its end was put in. One that was merged
//! stays one too: an end was taken out. Where the parts stand apart, or are rows, the old text is
//! taken out and the new one put in.

use super::track::Fate;
use super::{Langs, paper};
use model::EntityId;
use redline::{Line, Shape, Span, SpanOp, State, What};
use std::collections::{HashMap, HashSet};

/// Where a block ended that went into another one; a span by itself, taken out.
const END: &str = "\u{2029}";

/// The lines as Word can show them.
pub(super) fn settle(lines: &[Line], langs: Langs) -> Vec<Line> {
    let known = Known::of(lines, langs);
    let mut out = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        match &line.state {
            State::Split { from } => known.split(&mut out, (lines, at), from),
            State::Merged { from } => known.merged(&mut out, line, from),
            State::Changed | State::Same if changes_type(line) => out.extend(apart(line)),
            // The ends of what went into it lie where that stood.
            State::Moved { .. } => out.push(Line {
                zh: line
                    .zh
                    .iter()
                    .filter(|span| !is_end(span))
                    .cloned()
                    .collect(),
                en: line
                    .en
                    .iter()
                    .filter(|span| !is_end(span))
                    .cloned()
                    .collect(),
                ..line.clone()
            }),
            _ => out.push(line.clone()),
        }
    }
    with_moved_sections(out)
}

/// The entity in the old protocol.
pub(super) fn old_id(line: &Line) -> &EntityId {
    line.was.as_ref().unwrap_or(&line.entity)
}

/// What has to be known of all lines to write one.
struct Known<'a> {
    langs: Langs,
    /// Old blocks whose old place has a line of its own.
    away: HashSet<&'a EntityId>,
    /// Sections that stand elsewhere.
    moved: HashSet<&'a EntityId>,
    /// The places of the parts of each block that was split.
    parts: HashMap<&'a EntityId, Vec<usize>>,
}

impl<'a> Known<'a> {
    fn of(lines: &'a [Line], langs: Langs) -> Self {
        let (away, moved, parts) = Default::default();
        let mut known = Self {
            langs,
            away,
            moved,
            parts,
        };
        for (at, line) in lines.iter().enumerate() {
            match (line.what, &line.state) {
                (What::Block, State::MovedAway { .. }) => {
                    known.away.insert(old_id(line));
                }
                (What::Title, State::Moved { .. }) => {
                    known.moved.insert(&line.entity);
                }
                (_, State::Split { from }) => known.parts.entry(from).or_default().push(at),
                _ => {}
            }
        }
        known
    }

    fn stays(&self, line: &Line) -> bool {
        let is_moved = line
            .section
            .as_ref()
            .is_some_and(|id| self.moved.contains(id));
        let was_special = line
            .before
            .as_ref()
            .is_some_and(|before| is_special(&before.kind));
        !is_moved && !was_special && !is_special(&line.kind)
    }

    fn split(&self, out: &mut Vec<Line>, (lines, at): (&[Line], usize), from: &EntityId) {
        let Some(line) = lines.get(at) else { return };
        let places = self.parts.get(from).map_or(&[][..], Vec::as_slice);
        let parts: Vec<&Line> = places.iter().filter_map(|at| lines.get(*at)).collect();
        let is_away = self.away.contains(from);
        let stand_together = places
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a + 1 == *b));
        // A part that is in one language only is written in that one.
        let shown = |part: &Line| paper::langs_of(part, self.langs);
        let are_alike = parts.iter().all(|part| shown(part) == shown(line));
        let stay = parts
            .iter()
            .all(|part| self.stays(part) && part.section == line.section);
        if !is_away && stand_together && are_alike && stay && parts.len() > 1 {
            out.push(line.clone());
            return;
        }
        if !is_away && old_id(line) == from {
            let all = |spans: fn(&Line) -> &Vec<Span>| {
                parts
                    .iter()
                    .flat_map(|part| old_spans(spans(part)))
                    .collect()
            };
            out.push(Line {
                zh: all(|line| &line.zh),
                en: all(|line| &line.en),
                ..gone(line)
            });
        }
        out.push(added(line));
    }

    fn merged(&self, out: &mut Vec<Line>, line: &Line, from: &[EntityId]) {
        let is_here = |at: usize| from.get(at).is_some_and(|id| !self.away.contains(id));
        if !(0..from.len()).any(is_here) {
            out.push(added(line));
            return;
        }
        if self.stays(line) {
            let stay = |spans: &[Span]| {
                let mut all = Vec::new();
                for (at, part) in spans.split(is_end).enumerate() {
                    if is_here(at) {
                        // The end of a part that is elsewhere is there.
                        let is_first = !(0..at).any(&is_here);
                        all.extend((!is_first).then(end));
                        all.extend_from_slice(part);
                    } else {
                        all.extend(new_spans(part));
                    }
                }
                all
            };
            out.push(Line {
                zh: stay(&line.zh),
                en: stay(&line.en),
                ..line.clone()
            });
            return;
        }
        let part = |spans: &[Span], at: usize| {
            let part = spans.split(is_end).nth(at);
            part.map_or_else(Vec::new, old_spans)
        };
        for at in (0..from.len()).filter(|at| is_here(*at)) {
            out.push(Line {
                zh: part(&line.zh, at),
                en: part(&line.en, at),
                ..gone(line)
            });
        }
        out.push(added(line));
    }
}

/// Whether a block ended here that went into another one.
pub(super) fn is_end(span: &Span) -> bool {
    span.op == SpanOp::Delete && span.text == END
}

fn end() -> Span {
    super::body::text(SpanOp::Delete, END)
}

/// Whether a block is no paragraph of the text.
fn is_special(kind: &str) -> bool {
    matches!(kind, "row" | "figure" | "note")
}

/// Whether it became a row, a figure or a note, or was one.
fn changes_type(line: &Line) -> bool {
    line.before.as_ref().is_some_and(|before| {
        before.kind != line.kind && (is_special(&before.kind) || is_special(&line.kind))
    })
}

/// A line of both sides as one that is gone and one that is new.
fn apart(line: &Line) -> [Line; 2] {
    [gone(line), added(line)]
}

fn old_spans(spans: &[Span]) -> Vec<Span> {
    with_op(spans, SpanOp::Insert, SpanOp::Delete)
}

fn new_spans(spans: &[Span]) -> Vec<Span> {
    with_op(spans, SpanOp::Delete, SpanOp::Insert)
}

fn with_op(spans: &[Span], without: SpanOp, op: SpanOp) -> Vec<Span> {
    let kept = spans
        .iter()
        .filter(|span| span.op != without && !is_end(span));
    kept.map(|span| Span { op, ..span.clone() }).collect()
}

fn added(line: &Line) -> Line {
    Line {
        state: State::Added,
        zh: new_spans(&line.zh),
        en: new_spans(&line.en),
        before: None,
        ..line.clone()
    }
}

fn gone(line: &Line) -> Line {
    let line = Line {
        state: State::Removed,
        zh: old_spans(&line.zh),
        en: old_spans(&line.en),
        ..line.clone()
    };
    in_old_shape(line)
}

fn in_old_shape(line: Line) -> Line {
    let Some(before) = line.before.clone() else {
        return line;
    };
    let Shape {
        kind,
        level,
        list,
        table,
        layout,
    } = before;
    Line {
        kind,
        level,
        list,
        table,
        layout,
        before: None,
        ..line
    }
}

/// Takes the old lines of a section that moved to where it stood.
fn with_moved_sections(lines: Vec<Line>) -> Vec<Line> {
    let mut left: HashMap<EntityId, Vec<Line>> = HashMap::new();
    let mut kept = Vec::with_capacity(lines.len());
    let mut moved: Option<(EntityId, EntityId)> = None;
    for line in lines {
        if line.what == What::Title {
            moved = match &line.state {
                State::Moved { from } => Some((old_id(&line).clone(), from.clone())),
                _ => None,
            };
            kept.push(line);
            continue;
        }
        let Some((section, from)) = &moved else {
            kept.push(line);
            continue;
        };
        let left = left.entry(section.clone()).or_default();
        match Fate::of(&line) {
            Fate::Both if line.what == What::Fact => {
                left.push(gone(&line));
                kept.push(added(&line));
            }
            Fate::Both => {
                let to = line.section.clone().unwrap_or_else(|| line.entity.clone());
                left.push(Line {
                    state: State::MovedAway { to },
                    ..gone(&line)
                });
                kept.push(Line {
                    state: State::Moved { from: from.clone() },
                    before: None,
                    ..line
                });
            }
            fate if fate.is_old() => left.push(line),
            _ => kept.push(line),
        }
    }
    let mut out = Vec::with_capacity(kept.len());
    for line in kept {
        let is_place = line.what == What::Title && matches!(line.state, State::MovedAway { .. });
        let section = is_place.then(|| old_id(&line).clone());
        out.push(line);
        out.extend(
            section
                .and_then(|section| left.remove(&section))
                .into_iter()
                .flatten(),
        );
    }
    // None is left unless a redline lacks the place that a section left.
    let mut rest: Vec<_> = left.into_iter().collect();
    rest.sort_by(|a, b| a.0.cmp(&b.0));
    out.extend(rest.into_iter().flat_map(|(_, lines)| lines));
    out
}
