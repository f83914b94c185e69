//! What changed between two protocols.

use crate::diff;
use crate::fact;
use crate::line::{Counts, Line, Redline, Shape, Span, SpanOp, State, What};
use crate::matched::{Matched, matched};
use crate::token::{self, Token};
use crate::weave::{Place, Step, weave};
use model::protocol::{Block, Protocol, Section};
use model::rich::RichText;
use model::{EntityId, Lang};
use std::collections::HashMap;

/// What changed from one protocol to another.
///
/// Sections and blocks are found again by their id, then by equal text, then by similar text in
/// order. What keeps its text and stands elsewhere was moved; what holds a part of a block was
/// split from it; what holds several was merged from them.
pub fn redline(old: &Protocol, new: &Protocol) -> Redline {
    let matched = matched(old, new);
    let mut compare = Compare {
        halves: HashMap::new(),
        lines: fact::lines(old, new),
        all: &matched,
    };
    compare.sections();
    let counts = counts(&compare.lines);
    Redline {
        lines: compare.lines,
        counts,
    }
}

fn counts(lines: &[Line]) -> Counts {
    let mut counts = Counts::default();
    for line in lines {
        match line.state {
            State::Same | State::MovedAway { .. } => {}
            State::Changed | State::Split { .. } | State::Merged { .. } => counts.changed += 1,
            State::Added => counts.added += 1,
            State::Removed => counts.removed += 1,
            State::Moved { .. } => counts.moved += 1,
        }
    }
    counts
}

struct Compare<'s, 'a> {
    all: &'s Matched<'a>,
    lines: Vec<Line>,
    /// For each new block that is a part of an old one, its changes in both languages.
    halves: HashMap<usize, Texts>,
}

/// Changes in both languages.
#[derive(Default)]
struct Texts {
    zh: Vec<Span>,
    en: Vec<Span>,
}

impl Texts {
    fn of(change: impl Fn(Lang) -> Vec<Span>) -> Self {
        Self {
            zh: change(Lang::Zh),
            en: change(Lang::En),
        }
    }

    fn is_same(&self) -> bool {
        self.zh
            .iter()
            .chain(&self.en)
            .all(|span| span.op == SpanOp::Same)
    }
}

impl Compare<'_, '_> {
    fn sections(&mut self) {
        let all = self.all;
        let place = |(new, old): (usize, &Option<usize>)| Place {
            new,
            stays: old.filter(|old| !all.section_has_left[*old]),
            sticks: false,
        };
        let places: Vec<Place> = all.section_of.iter().enumerate().map(place).collect();
        for step in weave(&places, 0..all.old.sections.len()) {
            match step {
                Step::New(new) => self.section(new),
                Step::Old(old) => self.gone_section(old),
            }
        }
    }

    fn section(&mut self, new: usize) {
        let all = self.all;
        let (is, old) = (all.new.sections[new], all.section_of[new]);
        let was = old.map(|old| all.old.sections[old]);
        let texts = Texts::of(|lang| change(was.map(|was| was.title(lang)), Some(is.title(lang))));
        let state = match old {
            None => State::Added,
            Some(old) if all.section_has_left[old] => State::Moved {
                from: old
                    .checked_sub(1)
                    .map_or(&is.id, |before| all.section_id(before))
                    .clone(),
            },
            Some(old) if texts.is_same() && all.old.sections[old].level == is.level => State::Same,
            Some(_) => State::Changed,
        };
        let mut line = title(is, &is.id, state, texts);
        line.was = was.filter(|was| was.id != is.id).map(|was| was.id.clone());
        line.before = was.filter(|was| was.level != is.level).map(title_shape);
        self.lines.push(line);
        self.not_applicable(was, Some(is), &is.id);
        self.blocks(new, old);
    }

    fn gone_section(&mut self, old: usize) {
        let all = self.all;
        let was = all.old.sections[old];
        let texts = Texts::of(|lang| change(Some(was.title(lang)), None));
        let Some(new) = all.section_to[old] else {
            self.lines.push(title(was, &was.id, State::Removed, texts));
            self.not_applicable(Some(was), None, &was.id);
            let blocks = (0..all.old.blocks.len()).filter(|at| all.old.blocks[*at].0 == old);
            blocks.for_each(|at| self.gone(at));
            return;
        };
        if all.section_has_left[old] {
            let is = all.new.sections[new];
            let before = new.checked_sub(1).map(|before| all.new.sections[before]);
            let to = before.unwrap_or(is).id.clone();
            let mut line = title(was, &is.id, State::MovedAway { to }, texts);
            line.was = (was.id != is.id).then(|| was.id.clone());
            self.lines.push(line);
        }
    }

    fn not_applicable(&mut self, was: Option<&Section>, is: Option<&Section>, section: &EntityId) {
        let reason = |of: Option<&Section>| -> Option<RichText> {
            let reason = of?.not_applicable.as_str();
            (!reason.is_empty()).then(|| reason.into())
        };
        let (was, is) = (reason(was), reason(is));
        let state = match (&was, &is) {
            (None, None) => return,
            (None, Some(_)) => State::Added,
            (Some(_), None) => State::Removed,
            (Some(was), Some(is)) if was == is => State::Same,
            (Some(_), Some(_)) => State::Changed,
        };
        let spans = change(was.as_ref(), is.as_ref());
        let shape = Shape {
            kind: model::kind::SECTION.to_owned(),
            ..Shape::default()
        };
        self.lines.push(Line {
            section: Some(section.clone()),
            name: "notApplicable".to_owned(),
            zh: spans.clone(),
            en: spans,
            ..Line::new(What::Fact, section, shape, state)
        });
    }

    fn blocks(&mut self, section: usize, old_section: Option<usize>) {
        let all = self.all;
        let range = |blocks: &[(usize, &Block)], section: usize| {
            blocks.partition_point(|(at, _)| *at < section)
                ..blocks.partition_point(|(at, _)| *at <= section)
        };
        let old = old_section.map_or(0..0, |section| range(&all.old.blocks, section));
        let mut before = None;
        let place = |new: usize| {
            let part_of = all.groups.split_from[new];
            let sticks = part_of.is_some() && part_of == before;
            before = part_of;
            let stays = all.block_of[new].filter(|at| old.contains(at) && !all.has_left[*at]);
            Place { new, stays, sticks }
        };
        let places: Vec<Place> = range(&all.new.blocks, section).map(place).collect();
        for step in weave(&places, old.clone()) {
            match step {
                Step::New(new) => self.block(new),
                Step::Old(old) => self.gone(old),
            }
        }
    }

    fn block(&mut self, new: usize) {
        let all = self.all;
        let ((section, is), old) = (all.new.blocks[new], all.block_of[new]);
        let was = old.map(|old| all.old.blocks[old]);
        let whole = all.groups.split_from[new];
        let parts = match old {
            Some(old) if all.groups.merged_into[old] == Some(new) => all.parts(new),
            _ => Vec::new(),
        };
        let texts = if let Some(whole) = whole {
            self.half(whole, new)
        } else if parts.is_empty() {
            Texts::of(|lang| change(was.map(|(_, was)| was.text(lang)), Some(is.text(lang))))
        } else {
            let text = |part: &usize, lang| all.old.blocks[*part].1.text(lang);
            Texts::of(|lang| {
                let olds: Vec<&RichText> = parts.iter().map(|part| text(part, lang)).collect();
                diff::spans(&joined(&olds), &token::cut(is.text(lang)))
            })
        };
        let (shape, old_shape) = (Shape::of(is), was.map(|(_, was)| Shape::of(was)));
        let looks_same = old_shape.as_ref().is_none_or(|was| was.looks_like(&shape));
        let has_same_image = was.is_none_or(|(_, was)| was.image == is.image);
        let state = match (old, was) {
            (Some(old), Some((from, _))) if all.has_left[old] => State::Moved {
                from: all.section_id(from).clone(),
            },
            _ if whole.is_some() => State::Split {
                from: whole
                    .map_or(&is.id, |whole| &all.old.blocks[whole].1.id)
                    .clone(),
            },
            (None, _) | (_, None) => State::Added,
            _ if !parts.is_empty() => State::Merged {
                from: parts
                    .iter()
                    .map(|part| all.old.blocks[*part].1.id.clone())
                    .collect(),
            },
            _ if looks_same && has_same_image && texts.is_same() => State::Same,
            _ => State::Changed,
        };
        self.lines.push(Line {
            was: was
                .filter(|(_, was)| was.id != is.id)
                .map(|(_, was)| was.id.clone()),
            section: Some(all.new.sections[section].id.clone()),
            before: old_shape.filter(|was| *was != shape),
            zh: texts.zh,
            en: texts.en,
            ..Line::new(What::Block, &is.id, shape, state)
        });
    }

    /// The changes of a part against its share of the whole's old text.
    fn half(&mut self, whole: usize, new: usize) -> Texts {
        let all = self.all;
        if !self.halves.contains_key(&new) {
            let halves = all.halves(whole);
            let cut = |lang| {
                let texts: Vec<&RichText> = halves
                    .iter()
                    .map(|half| all.new.blocks[*half].1.text(lang))
                    .collect();
                let old = token::cut(all.old.blocks[whole].1.text(lang));
                parted(diff::spans(&old, &joined(&texts)), texts.len())
            };
            let texts = cut(Lang::Zh).into_iter().zip(cut(Lang::En));
            let texts = texts.map(|(zh, en)| Texts { zh, en });
            self.halves.extend(halves.iter().copied().zip(texts));
        }
        self.halves.remove(&new).unwrap_or_default()
    }

    /// The line of an old block that does not stand in its place any more.
    fn gone(&mut self, old: usize) {
        let all = self.all;
        let (section, was) = all.old.blocks[old];
        let new = all.block_to[old].or(all.groups.merged_into[old]);
        let (entity, state) = match new.map(|new| all.new.blocks[new]) {
            Some(_) if !all.has_left[old] => return,
            Some((to, is)) => (
                &is.id,
                State::MovedAway {
                    to: all.new.sections[to].id.clone(),
                },
            ),
            None => (&was.id, State::Removed),
        };
        let texts = Texts::of(|lang| change(Some(was.text(lang)), None));
        self.lines.push(Line {
            was: (was.id != *entity).then(|| was.id.clone()),
            section: Some(all.section_id(section).clone()),
            zh: texts.zh,
            en: texts.en,
            ..Line::new(What::Block, entity, Shape::of(was), state)
        });
    }
}

fn title_shape(section: &Section) -> Shape {
    Shape {
        kind: model::kind::SECTION.to_owned(),
        level: section.level,
        ..Shape::default()
    }
}

fn title(section: &Section, entity: &EntityId, state: State, texts: Texts) -> Line {
    Line {
        section: Some(entity.clone()),
        name: section.key.clone(),
        zh: texts.zh,
        en: texts.en,
        ..Line::new(What::Title, entity, title_shape(section), state)
    }
}

fn change(was: Option<&RichText>, is: Option<&RichText>) -> Vec<Span> {
    match (was, is) {
        (Some(was), Some(is)) => diff::diff(was, is),
        (Some(was), None) => diff::all(was, SpanOp::Delete),
        (None, Some(is)) => diff::all(is, SpanOp::Insert),
        (None, None) => Vec::new(),
    }
}

/// The words of several texts with the end of a block between them; none when all are empty.
fn joined<'t>(texts: &[&'t RichText]) -> Vec<Token<'t>> {
    let mut tokens = Vec::new();
    // A text may say nothing and still refer to a note.
    if texts
        .iter()
        .all(|text| text.is_empty() && text.marks.is_empty())
    {
        return tokens;
    }
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            tokens.push(Token::end());
        }
        tokens.extend(token::cut(text));
    }
    tokens
}

/// Spans cut where the end of a block was put in.
fn parted(spans: Vec<Span>, len: usize) -> Vec<Vec<Span>> {
    let mut parts = vec![Vec::new()];
    for span in spans {
        if span.text == "\u{2029}" {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(span);
        }
    }
    parts.resize_with(len, Vec::new);
    parts
}
