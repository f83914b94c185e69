//! Either text again from a redline: with all changes taken, or with none.

use crate::line::{Line, Redline, Shape, Span, SpanOp, State, What};
use crate::{fact, piece};
use model::EntityId;
use model::protocol::Protocol;
use model::rich::RichText;
use std::collections::{HashMap, HashSet};

/// A protocol as far as a redline shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// Facts with the text of their value.
    pub facts: Vec<FactText>,
    /// Sections with their blocks.
    pub sections: Vec<SectionText>,
}

/// A fact with the text of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactText {
    /// The entity.
    pub entity: EntityId,
    /// Its kind.
    pub kind: String,
    /// The register without the language.
    pub name: String,
    /// Text, Chinese; the same as in English when the value is in no language.
    pub zh: RichText,
    /// Text, English.
    pub en: RichText,
}

/// A section with its blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionText {
    /// The section's entity.
    pub id: EntityId,
    /// How deep it stands, from 1.
    pub level: u8,
    /// Title, Chinese.
    pub zh: RichText,
    /// Title, English.
    pub en: RichText,
    /// Why it does not apply.
    pub not_applicable: String,
    /// Its blocks, in order.
    pub blocks: Vec<BlockText>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockText {
    /// The block's entity.
    pub id: EntityId,
    /// Type, level, list, table, layout.
    pub shape: Shape,
    /// Text, Chinese.
    pub zh: RichText,
    /// Text, English.
    pub en: RichText,
}

/// The new text: every change taken.
pub fn accept(redline: &Redline) -> Text {
    let mut text = Text::default();
    for line in &redline.lines {
        if matches!(line.state, State::Removed | State::MovedAway { .. }) {
            continue;
        }
        let (zh, en) = both(line, |spans| kept(spans, SpanOp::Insert));
        match (line.what, &line.section) {
            (What::Fact, None) => text.facts.push(fact(line, &line.entity, zh, en)),
            (What::Fact, Some(id)) => text.section(id, |section| section.not_applicable = zh.text),
            (What::Title, _) => text.title(line.entity.clone(), line.level, zh, en),
            (What::Block, id) => {
                let (id, block) = (id.as_ref(), block(&line.entity, line.shape(), zh, en));
                text.section(id.unwrap_or(&line.entity), |section| {
                    section.blocks.push(block)
                });
            }
        }
    }
    text
}

/// The old text: no change taken.
pub fn reject(redline: &Redline) -> Text {
    let old = |line: &Line| line.was.clone().unwrap_or_else(|| line.entity.clone());
    let titles = redline.lines.iter().filter(|line| line.what == What::Title);
    // A section keeps its old entity here; its lines name the new one.
    let sections: HashMap<&EntityId, EntityId> =
        titles.map(|line| (&line.entity, old(line))).collect();
    let is_away =
        |line: &&Line| line.what == What::Block && matches!(line.state, State::MovedAway { .. });
    let away: HashSet<EntityId> = redline.lines.iter().filter(is_away).map(old).collect();
    let mut text = Text::default();
    let is_title = |line: &&Line| {
        line.what == What::Title && !matches!(line.state, State::Added | State::Moved { .. })
    };
    for line in redline.lines.iter().filter(is_title) {
        let (zh, en) = both(line, |spans| kept(spans, SpanOp::Delete));
        text.title(
            old(line),
            line.before
                .as_ref()
                .map_or(line.level, |before| before.level),
            zh,
            en,
        );
    }
    let mut halves = Halves::of(redline);
    for line in &redline.lines {
        let (zh, en) = both(line, |spans| kept(spans, SpanOp::Delete));
        let section = line
            .section
            .as_ref()
            .map(|id| sections.get(id).unwrap_or(id));
        let shape = line.before.clone().unwrap_or_else(|| line.shape());
        match (line.what, section, &line.state) {
            (What::Title, ..) | (_, _, State::Added | State::Moved { .. }) => {}
            (What::Fact, None, _) => text.facts.push(fact(line, &old(line), zh, en)),
            (What::Fact, Some(id), _) => {
                text.section(id, |section| section.not_applicable = zh.text)
            }
            (What::Block, None, _) => {}
            (What::Block, Some(id), State::Split { from }) => {
                if *from == old(line) && !away.contains(from) {
                    let (zh, en) = halves.whole(from);
                    text.section(id, |section| {
                        section.blocks.push(block(from, shape, zh, en))
                    });
                }
            }
            (What::Block, Some(id), State::Merged { from }) => {
                let (mut zh, mut en) = both(line, |spans| parts(spans, from.len()));
                for (id_of, (zh, en)) in from.iter().zip(zh.drain(..).zip(en.drain(..))) {
                    if !away.contains(id_of) {
                        let block = block(id_of, shape.clone(), zh, en);
                        text.section(id, |section| section.blocks.push(block));
                    }
                }
            }
            (What::Block, Some(id), _) => {
                text.section(id, |section| {
                    section.blocks.push(block(&old(line), shape, zh, en))
                });
            }
        }
    }
    text
}

impl Text {
    fn title(&mut self, id: EntityId, level: u8, zh: RichText, en: RichText) {
        let (not_applicable, blocks) = Default::default();
        self.sections.push(SectionText {
            id,
            level,
            zh,
            en,
            not_applicable,
            blocks,
        });
    }

    fn section(&mut self, id: &EntityId, change: impl FnOnce(&mut SectionText)) {
        // Lines follow their title, so the last section is nearly always the one.
        if let Some(section) = self
            .sections
            .iter_mut()
            .rev()
            .find(|section| section.id == *id)
        {
            change(section);
        }
    }
}

impl From<&Protocol> for Text {
    fn from(protocol: &Protocol) -> Self {
        let facts = fact::pairs(protocol).into_iter().map(|pair| FactText {
            entity: pair.entity.clone(),
            kind: pair.kind.to_owned(),
            name: pair.name.to_owned(),
            zh: pair.zh,
            en: pair.en,
        });
        let sections = protocol.sections.iter().map(|section| SectionText {
            id: section.id.clone(),
            level: section.level,
            zh: section.zh.clone(),
            en: section.en.clone(),
            not_applicable: section.not_applicable.clone(),
            blocks: section
                .blocks
                .iter()
                .map(|b| block(&b.id, Shape::of(b), b.zh.clone(), b.en.clone()))
                .collect(),
        });
        Self {
            facts: facts.collect(),
            sections: sections.collect(),
        }
    }
}

/// The old texts of blocks that were split, put together from their parts.
struct Halves<'a>(HashMap<&'a EntityId, Vec<&'a Line>>);

impl<'a> Halves<'a> {
    fn of(redline: &'a Redline) -> Self {
        let mut halves: HashMap<&EntityId, Vec<&Line>> = HashMap::new();
        for line in &redline.lines {
            if let State::Split { from } = &line.state {
                halves.entry(from).or_default().push(line);
            }
        }
        Self(halves)
    }

    fn whole(&mut self, from: &EntityId) -> (RichText, RichText) {
        let lines = self.0.remove(from).unwrap_or_default();
        let text = |spans: fn(&Line) -> &Vec<Span>| {
            let old = lines
                .iter()
                .flat_map(|line| spans(line))
                .filter(|span| span.op != SpanOp::Insert);
            piece::rich_of(old)
        };
        (text(|line| &line.zh), text(|line| &line.en))
    }
}

fn fact(line: &Line, entity: &EntityId, zh: RichText, en: RichText) -> FactText {
    let (entity, kind, name) = (entity.clone(), line.kind.clone(), line.name.clone());
    FactText {
        entity,
        kind,
        name,
        zh,
        en,
    }
}

fn block(id: &EntityId, shape: Shape, zh: RichText, en: RichText) -> BlockText {
    let id = id.clone();
    BlockText { id, shape, zh, en }
}

fn both<T>(line: &Line, take: impl Fn(&[Span]) -> T) -> (T, T) {
    (take(&line.zh), take(&line.en))
}

/// What is in both and what has the change.
fn kept(spans: &[Span], with: SpanOp) -> RichText {
    piece::rich_of(
        spans
            .iter()
            .filter(|span| span.op == SpanOp::Same || span.op == with),
    )
}

/// The old texts of blocks that were merged.
fn parts(spans: &[Span], len: usize) -> Vec<RichText> {
    let is_end = |span: &Span| span.op == SpanOp::Delete && span.text == "\u{2029}";
    let mut parts: Vec<RichText> = spans
        .split(is_end)
        .map(|part| kept(part, SpanOp::Delete))
        .collect();
    parts.resize_with(len, RichText::default);
    parts
}
