//! A protocol as the lines of a redline in which nothing changed, so that one writer does for both.

use super::words;
use model::protocol::{Block, Protocol, Section};
use model::rich::{Mark, MarkKind, RichText};
use model::{EntityId, Lang, field, kind};
use redline::{Line, Span, SpanOp, State, What};
use std::collections::HashMap;

/// The pictures of figures, which lines do not hold.
pub(super) type Images<'a> = HashMap<&'a EntityId, &'a str>;

/// The pictures of a protocol.
pub(super) fn images(protocol: &Protocol) -> Images<'_> {
    let blocks = protocol.sections.iter().flat_map(|section| &section.blocks);
    let with_image = blocks.filter(|block| !block.image.is_empty());
    with_image
        .map(|block| (&block.id, block.image.as_str()))
        .collect()
}

/// Every line of a protocol.
pub(super) fn lines(protocol: &Protocol) -> Vec<Line> {
    let mut lines = facts(protocol);
    for section in &protocol.sections {
        lines.push(title(section));
        lines.extend(reason(section));
        lines.extend(section.blocks.iter().map(|block| of_block(section, block)));
    }
    lines
}

fn facts(protocol: &Protocol) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for fact in &protocol.facts {
        let lang = field::language(&fact.register);
        let name = match lang.and(fact.register.rsplit_once('.')) {
            Some((name, _)) => name,
            None => &fact.register,
        };
        let is_last = lines
            .last()
            .is_some_and(|line| line.entity == fact.entity && line.name == name);
        if !is_last {
            lines.push(Line {
                kind: fact.kind.clone(),
                name: name.to_owned(),
                ..line(What::Fact, &fact.entity, None)
            });
        }
        let text = spans(&words::value(&fact.value).into());
        if let Some(line) = lines.last_mut() {
            if lang != Some(Lang::En) {
                line.zh.clone_from(&text);
            }
            if lang != Some(Lang::Zh) {
                line.en = text;
            }
        }
    }
    lines
}

fn title(section: &Section) -> Line {
    Line {
        kind: kind::SECTION.to_owned(),
        name: section.key.clone(),
        level: section.level,
        zh: spans(&section.zh),
        en: spans(&section.en),
        ..line(What::Title, &section.id, Some(&section.id))
    }
}

fn reason(section: &Section) -> Option<Line> {
    let text = spans(&section.not_applicable.as_str().into());
    (!text.is_empty()).then(|| Line {
        kind: kind::SECTION.to_owned(),
        name: "notApplicable".to_owned(),
        zh: text.clone(),
        en: text,
        ..line(What::Fact, &section.id, Some(&section.id))
    })
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
