//! Random protocols and what people do to them.

use model::EntityId;
use model::protocol::{Block, Fact, Protocol, Section};
use model::rich::{Mark, MarkKind, RichText};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

const WORDS: &[&str] = &[
    "受试者",
    "口服",
    "5 mg",
    "10 mg",
    "每日两次",
    "28天",
    "随访期为",
    "12 个月",
    "，",
    "。",
    "不良事件",
    "的",
    "≥18岁",
    "0.5 mg/kg",
    "10^9/L",
    "1,000",
    "2026-03-05",
    "±3天",
    "严重",
    "应在24小时内报告",
    "十二个月",
    "\n",
    " the ",
    "subject ",
    "of ",
    "randomised ",
    "placebo",
    " ",
    ", ",
    ". ",
    "dose ",
    "IL-6",
    "  ",
    "days",
    "28 days",
    "-",
    "(",
    ")",
    "mg",
    "5",
    "/",
    "a",
    "第",
    "天",
];

/// An id by number.
pub(crate) fn id(n: usize) -> EntityId {
    EntityId::parse(&format!("00000000-0000-7000-8000-{n:012x}")).expect("a UUID")
}

/// A text of words with marks; cells are parted where there is a row.
pub(crate) fn text(words: usize) -> impl Strategy<Value = RichText> {
    let marks = vec((any::<u16>(), 1..12_u32, 0..MarkKind::ALL.len()), 0..4);
    (vec(0..WORDS.len(), 0..words), marks).prop_map(|(words, marks)| {
        let text: String = words.iter().map(|word| WORDS[*word]).collect();
        let len = u32::try_from(text.chars().count()).expect("short");
        let mark = |(at, run, kind): (u16, u32, usize)| {
            let from = u32::from(at) % (len + 1);
            let kind = MarkKind::ALL[kind];
            let is_link = kind == MarkKind::Link;
            Mark {
                from,
                to: from + run,
                kind,
                href: if is_link {
                    "https://a.example".to_owned()
                } else {
                    String::new()
                },
            }
        };
        RichText::new(text, marks.into_iter().map(mark).collect())
    })
}

fn row() -> impl Strategy<Value = RichText> {
    vec(text(4), 1..4).prop_map(|cells| {
        let mut row = RichText::default();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                row.push(&"\t".into());
            }
            row.push(cell);
        }
        row
    })
}

fn block() -> impl Strategy<Value = Block> {
    let texts = prop_oneof![
        3 => (text(24), text(24)).prop_map(|(zh, en)| ("paragraph", zh, en)),
        1 => (text(24), Just(RichText::default())).prop_map(|(zh, en)| ("item", zh, en)),
        1 => (row(), row()).prop_map(|(zh, en)| ("row", zh, en)),
    ];
    texts.prop_map(|(kind, zh, en)| Block {
        id: id(0),
        kind: kind.to_owned(),
        level: 0,
        list: String::new(),
        table: String::new(),
        layout: String::new(),
        zh,
        en,
        image: String::new(),
        origin: None,
        merged: Vec::new(),
    })
}

/// A protocol, each of its parts with its own id.
pub(crate) fn protocol() -> impl Strategy<Value = Protocol> {
    let section = (text(4), text(4), vec(block(), 0..6));
    (vec(section, 0..5), vec(text(5), 0..3)).prop_map(|(sections, facts)| {
        let mut next = 0;
        let mut fresh = || {
            next += 1;
            id(next)
        };
        let mut protocol = Protocol::default();
        for (at, (zh, en, blocks)) in sections.into_iter().enumerate() {
            let blocks = blocks.into_iter().map(|block| Block {
                id: fresh(),
                ..block
            });
            let blocks = blocks.collect();
            protocol.sections.push(Section {
                id: fresh(),
                key: if at % 2 == 0 {
                    format!("m11.{at}")
                } else {
                    String::new()
                },
                level: 1,
                zh,
                en,
                not_applicable: String::new(),
                blocks,
            });
        }
        for fact in facts {
            let entity = fresh();
            protocol
                .facts
                .extend([("measure.zh", &fact), ("timeFrame", &"28天".into())].map(
                    |(register, value)| Fact {
                        entity: entity.clone(),
                        kind: "outcome".to_owned(),
                        register: register.to_owned(),
                        value: if value.is_empty() {
                            json!(["a", "b"])
                        } else {
                            value.to_value()
                        },
                    },
                ));
        }
        protocol
    })
}

/// What a person does, as numbers: which deed, where, where to, with what.
pub(crate) type Deed = (u8, u16, u16, RichText);

/// A few deeds.
pub(crate) fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    vec((0..16_u8, any::<u16>(), any::<u16>(), text(5)), 0..14)
}

/// Does them one after another.
pub(crate) fn done(old: &Protocol, deeds: &[Deed]) -> Protocol {
    let mut new = old.clone();
    for (at, deed) in deeds.iter().enumerate() {
        one(&mut new, deed, 1000 + at);
    }
    new
}

fn one(new: &mut Protocol, (deed, at, to, text): &Deed, fresh: usize) {
    let (at, to) = (usize::from(*at), usize::from(*to));
    match deed {
        0 => return section(new, at, |section| section.zh = text.clone()),
        1 => return section(new, at, |section| section.level = 2),
        2 => {
            return section(new, at, |section| {
                section.not_applicable = text.text.clone()
            });
        }
        3 if !new.sections.is_empty() => {
            let moved = new.sections.remove(at % new.sections.len());
            let place = to % (new.sections.len() + 1);
            return new.sections.insert(place, moved);
        }
        4 if at % 3 == 0 && !new.sections.is_empty() => {
            new.sections.remove(at % new.sections.len());
            return;
        }
        5 if !new.facts.is_empty() => {
            let place = at % new.facts.len();
            if to % 2 == 0 {
                new.facts.remove(place);
            } else if !text.is_empty() {
                new.facts[place].value = text.to_value();
            }
            return;
        }
        6 if at % 3 == 0 => return section(new, at, |section| section.id = id(fresh)),
        _ => {}
    }
    let places: Vec<(usize, usize)> = new
        .sections
        .iter()
        .enumerate()
        .flat_map(|(section, held)| (0..held.blocks.len()).map(move |block| (section, block)))
        .collect();
    let Some(&(s, b)) = places.get(at % places.len().max(1)) else {
        return;
    };
    let blocks = &mut new.sections[s].blocks;
    match deed {
        7 => blocks[b].id = id(fresh),
        8 => {
            blocks.remove(b);
        }
        9 => {
            let mut added = blocks[b].clone();
            (added.id, added.zh, added.origin, added.merged) =
                (id(fresh), text.clone(), None, Vec::new());
            blocks.insert(to % (blocks.len() + 1), added);
        }
        10 => {
            let moved = blocks.remove(b);
            let section = to % new.sections.len();
            let blocks = &mut new.sections[section].blocks;
            blocks.insert(at % (blocks.len() + 1), moved);
        }
        11 | 12 => split(blocks, b, to, fresh),
        13 | 14 => {
            let &(s2, b2) = &places[to % places.len()];
            if (s, b) != (s2, b2) {
                merge(new, (s, b), (s2, b2));
            }
        }
        _ => {
            let text_of = if to % 2 == 0 {
                &mut blocks[b].zh
            } else {
                &mut blocks[b].en
            };
            let cut = u32::try_from(to).unwrap_or(0) % (text_of.len() + 1);
            let mut changed = text_of.slice(0, cut);
            changed.push(text);
            changed.push(&text_of.slice((cut + 3).min(text_of.len()), text_of.len()));
            *text_of = changed;
            if at % 5 == 0 {
                blocks[b].kind = "heading".to_owned();
            }
        }
    }
}

fn section(new: &mut Protocol, at: usize, change: impl FnOnce(&mut Section)) {
    let len = new.sections.len().max(1);
    if let Some(section) = new.sections.get_mut(at % len) {
        change(section);
    }
}

fn split(blocks: &mut Vec<Block>, at: usize, cut: usize, fresh: usize) {
    let half = &mut blocks[at];
    let parts = |text: &RichText| {
        let cut = u32::try_from(cut).unwrap_or(0) % (text.len() + 1);
        (text.slice(0, cut), text.slice(cut, text.len()))
    };
    let ((zh, rest_zh), (en, rest_en)) = (parts(&half.zh), parts(&half.en));
    let rest = Block {
        id: id(fresh),
        zh: rest_zh,
        en: rest_en,
        origin: Some(half.id.clone()),
        merged: Vec::new(),
        ..half.clone()
    };
    (half.zh, half.en) = (zh, en);
    blocks.insert(at + 1, rest);
}

fn merge(new: &mut Protocol, (s, b): (usize, usize), (s2, b2): (usize, usize)) {
    let gone = new.sections[s2].blocks[b2].clone();
    let kept = &mut new.sections[s].blocks[b];
    kept.zh.push(&gone.zh);
    kept.en.push(&" ".into());
    kept.en.push(&gone.en);
    kept.merged.push(gone.id);
    new.sections[s2].blocks.remove(b2);
}
