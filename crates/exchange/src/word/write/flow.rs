//! A protocol as the lines of a redline in which nothing changed, so that one writer does for both.

use super::words;
use model::protocol::{Block, Protocol, Section};
use model::rich::{Mark, MarkKind, RichText};
use model::{EntityId, Lang};
use redline::{Line, Span, SpanOp, State, What};
use std::collections::HashMap;

/// What lines do not say of sections and blocks.
#[derive(Debug, Default)]
pub(super) struct Beside<'a> {
    /// Pictures of figures.
    pub(super) images: HashMap<&'a EntityId, &'a str>,
    /// Why a section does not apply.
    pub(super) reasons: HashMap<&'a EntityId, &'a str>,
}

impl<'a> Beside<'a> {
    pub(super) fn of(protocol: &'a Protocol) -> Self {
        let blocks = protocol.sections.iter().flat_map(|section| &section.blocks);
        let with_image = blocks.filter(|block| !block.image.is_empty());
        let sections = protocol.sections.iter();
        let with_reason = sections.filter(|section| !section.not_applicable.is_empty());
        Self {
            images: with_image
                .map(|block| (&block.id, block.image.as_str()))
                .collect(),
            reasons: with_reason
                .map(|section| (&section.id, section.not_applicable.as_str()))
                .collect(),
        }
    }

    pub(super) fn image(&self, id: &EntityId) -> &'a str {
        self.images.get(id).copied().unwrap_or_default()
    }

    pub(super) fn reason(&self, id: &EntityId) -> &'a str {
        self.reasons.get(id).copied().unwrap_or_default()
    }
}

/// Every line of a protocol.
pub(super) fn lines(protocol: &Protocol) -> Vec<Line> {
    let mut lines: Vec<Line> = protocol.facts.iter().map(fact).collect();
    for section in &protocol.sections {
        lines.push(title(section));
        lines.extend(section.blocks.iter().map(|block| of_block(section, block)));
    }
    lines
}

fn fact(fact: &model::protocol::Fact) -> Line {
    let text = |lang| {
        let text = words::value(&fact.kind, &fact.register, &fact.value, lang);
        spans(&text.into())
    };
    let in_lang = model::field::language(&fact.register);
    let shown = |lang| match in_lang {
        Some(own) if own != lang => Vec::new(),
        _ => text(lang),
    };
    Line {
        kind: fact.kind.clone(),
        name: fact.register.clone(),
        zh: shown(Lang::Zh),
        en: shown(Lang::En),
        ..line(What::Fact, &fact.entity, None)
    }
}

fn title(section: &Section) -> Line {
    Line {
        kind: model::kind::SECTION.to_owned(),
        name: section.key.clone(),
        level: section.level,
        zh: spans(&section.zh),
        en: spans(&section.en),
        ..line(What::Title, &section.id, Some(&section.id))
    }
}

fn of_block(section: &Section, block: &Block) -> Line {
    Line {
        kind: block.kind.clone(),
        level: block.level,
        list: block.list.clone(),
        table: block.table.clone(),
        layout: block.layout.clone(),
        zh: spans(&block.zh),
        en: spans(&block.en),
        ..line(What::Block, &block.id, Some(&section.id))
    }
}

fn line(what: What, entity: &EntityId, section: Option<&EntityId>) -> Line {
    Line {
        what,
        entity: entity.clone(),
        was: None,
        section: section.cloned(),
        kind: String::new(),
        name: String::new(),
        level: 0,
        list: String::new(),
        table: String::new(),
        layout: String::new(),
        before: None,
        state: State::Same,
        zh: Vec::new(),
        en: Vec::new(),
    }
}

/// A text as spans, cut where its marks begin and end.
pub(super) fn spans(text: &RichText) -> Vec<Span> {
    let mut cuts: Vec<u32> = text
        .marks
        .iter()
        .flat_map(|mark| [mark.from, mark.to])
        .chain([0, text.len()])
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut out = Vec::with_capacity(cuts.len());
    let mut rest = text.text.chars();
    let notes = |at: u32| {
        let is_here = move |mark: &&Mark| mark.kind == MarkKind::Note && mark.from == at;
        text.marks.iter().filter(is_here).count()
    };
    for (at, next) in cuts.iter().zip(cuts.iter().skip(1).map(Some).chain([None])) {
        out.extend((0..notes(*at)).map(|_| note()));
        let Some(next) = next else { break };
        let marks: Vec<&Mark> = text.marks_at(*at).collect();
        let link = marks.iter().find(|mark| mark.kind == MarkKind::Link);
        out.push(Span {
            op: SpanOp::Same,
            text: rest.by_ref().take((next - at) as usize).collect(),
            href: link.map_or_else(String::new, |mark| mark.href.clone()),
            marks: marks.iter().map(|mark| mark.kind).collect(),
        });
    }
    out
}

fn note() -> Span {
    Span {
        op: SpanOp::Same,
        text: String::new(),
        marks: vec![MarkKind::Note],
        href: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_cut_at_marks_and_notes() {
        let mark = |from, to, kind| Mark {
            from,
            to,
            kind,
            href: String::new(),
        };
        let text = RichText::new(
            "口服 5 mg".into(),
            vec![
                mark(0, 2, MarkKind::Bold),
                mark(2, 2, MarkKind::Note),
                mark(7, 7, MarkKind::Note),
            ],
        );
        let shown: Vec<String> = spans(&text)
            .iter()
            .map(|span| format!("{}{:?}", span.text, span.marks))
            .collect();
        assert_eq!(shown, ["口服[Bold]", "[Note]", " 5 mg[]", "[Note]"]);
        assert_eq!(spans(&RichText::default()), Vec::new());
    }
}
