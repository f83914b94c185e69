//! Filling a cell, a paragraph, a box or a gap.

use super::super::beside::asks;
use super::super::splice::{Splices, append, escaped, prefix};
use super::super::{TICK, TICKED};
use super::find::{Target, all};
use super::para::{Letter, gaps, is_box, letters, symbol, words};
use crate::word::read::xml::{Node, child, elements, is_w};
use model::formset::{CellHow, CellValue};

/// Fills what a place names; false when it takes no such thing.
pub(super) fn put(
    text: &str,
    target: Target<'_>,
    value: &CellValue,
    splices: &mut Splices,
) -> bool {
    let is_tick = value.how == CellHow::Tick;
    match target {
        Target::Box(paragraph, n) => {
            let letters = letters(text, paragraph);
            let mut boxes = letters.iter().filter(|letter| is_box(letter.ch));
            let Some(found) = boxes.nth(n - 1) else {
                return false;
            };
            if is_tick && value.ticked {
                tick(text, paragraph, found, splices);
            }
            is_tick
        }
        Target::Gap(paragraph, n) => {
            let letters = letters(text, paragraph);
            let Some(gap) = gaps(&letters).into_iter().nth(n - 1) else {
                return false;
            };
            let words = said(value);
            if !words.is_empty() {
                in_gap(text, paragraph, &letters[gap], &words, splices);
            }
            true
        }
        Target::Paragraph(paragraph) => in_paragraphs(text, &[paragraph], value, splices),
        Target::Cell(cell) => in_paragraphs(text, &all(cell, "p"), value, splices),
    }
}

/// What is written: of a tick its sign.
pub(super) fn said(value: &CellValue) -> String {
    match value.how {
        CellHow::Tick if value.ticked => TICK.to_owned(),
        CellHow::Tick => String::new(),
        _ => value.text.trim().to_owned(),
    }
}

fn in_paragraphs(
    text: &str,
    paragraphs: &[Node<'_>],
    value: &CellValue,
    splices: &mut Splices,
) -> bool {
    if value.how == CellHow::Tick {
        for paragraph in paragraphs {
            let letters = letters(text, *paragraph);
            if let Some(found) = letters.iter().find(|letter| is_box(letter.ch)) {
                if value.ticked {
                    tick(text, *paragraph, found, splices);
                }
                return true;
            }
        }
    }
    let is_blank = |paragraph: &&Node<'_>| words(&letters(text, **paragraph)).trim().is_empty();
    let all_blank = paragraphs.iter().all(|paragraph| is_blank(&paragraph));
    // In an empty cell the first line; below a question the first empty line; else behind the words.
    let free = paragraphs.iter().find(is_blank);
    let target = match free {
        Some(first) if all_blank => Some(first),
        Some(free) if !last_asks(text, paragraphs) => Some(free),
        _ => paragraphs.last(),
    };
    let Some(target) = target else {
        return false;
    };
    let words = said(value);
    if !words.is_empty() {
        let run = run_of(text, *target, &words);
        append(text, *target, &run, splices);
    }
    true
}

fn last_asks(text: &str, paragraphs: &[Node<'_>]) -> bool {
    let last = paragraphs.last();
    last.is_some_and(|last| asks(&words(&letters(text, *last))))
}

/// Sets a tick on a box.
fn tick(text: &str, paragraph: Node<'_>, found: &Letter, splices: &mut Splices) {
    if !found.is_element {
        splices.put(found.at.clone(), TICKED.to_string());
        return;
    }
    let mut symbols = paragraph.descendants().filter(|node| is_w(*node, "sym"));
    let Some(node) = symbols.find(|node| node.range() == found.at) else {
        return;
    };
    let attribute = node.attributes().find(|one| one.name() == "char");
    if let (Some(ticked), Some(attribute)) = (symbol(node), attribute)
        && text.get(attribute.range_value()).is_some()
    {
        splices.put(attribute.range_value(), ticked);
    }
}

/// Writes into a gap: underscores and spaces make room.
fn in_gap(text: &str, paragraph: Node<'_>, gap: &[Letter], words: &str, splices: &mut Splices) {
    // A text of a run takes no new line.
    let words = escaped(&words.replace(['\n', '\t'], " "));
    let prefix = prefix(text, paragraph);
    for (at, letter) in gap.iter().enumerate() {
        match (at, letter.is_element) {
            (0, false) => splices.put(letter.at.clone(), words.clone()),
            (0, true) => splices.put(
                letter.at.clone(),
                format!("<{prefix}t xml:space=\"preserve\">{words}</{prefix}t>"),
            ),
            _ => splices.cut(letter.at.clone()),
        }
    }
}

/// A run of words in the looks of the paragraph's other words, without what marks a label.
pub(super) fn run_of(text: &str, paragraph: Node<'_>, words: &str) -> String {
    let runs: Vec<Node<'_>> = paragraph
        .descendants()
        .filter(|node| is_w(*node, "r") && child(*node, "t").is_some())
        .collect();
    let own = runs.last().and_then(|run| child(*run, "rPr"));
    let mark = child(paragraph, "pPr").and_then(|properties| child(properties, "rPr"));
    let looks = own.or(mark.filter(|_| runs.is_empty()));
    let prefix = prefix(text, paragraph);
    format!(
        "<{prefix}r>{}{}</{prefix}r>",
        looks_of(text, looks, prefix),
        texts(words, prefix)
    )
}

/// Properties of a run, without what marks a label, a hint or a change.
fn looks_of(text: &str, looks: Option<Node<'_>>, prefix: &str) -> String {
    const NOT: [&str; 8] = [
        "b",
        "bCs",
        "ins",
        "del",
        "moveFrom",
        "moveTo",
        "rPrChange",
        "vanish",
    ];
    let Some(looks) = looks else {
        return String::new();
    };
    let kept: String = elements(looks)
        .filter(|node| !NOT.iter().any(|name| is_w(*node, name)))
        .filter_map(|node| text.get(node.range()))
        .collect();
    if kept.is_empty() {
        return String::new();
    }
    format!("<{prefix}rPr>{kept}</{prefix}rPr>")
}

/// Words as texts of a run, a break for each new line.
pub(super) fn texts(words: &str, prefix: &str) -> String {
    let lines = words.lines().map(|line| {
        format!(
            "<{prefix}t xml:space=\"preserve\">{}</{prefix}t>",
            escaped(line)
        )
    });
    lines.collect::<Vec<_>>().join(&format!("<{prefix}br/>"))
}
