//! A paragraph letter by letter, each with the bytes that it stands in.

use super::super::splice::inside;
use super::super::{BOXES, TICKED};
use crate::word::read::xml::{Node, attr, child, is_w, val};
use std::ops::Range;

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) ch: char,
    /// Its bytes: of the text, or of the whole element that stands for it.
    pub(super) at: Range<usize>,
    /// Whether it is an element of its own, as a tab.
    pub(super) is_element: bool,
    /// Whether it is underlined.
    pub(super) underlined: bool,
}

/// Letters of fonts that draw boxes: the font, the box, its tick. Source: the fonts' own tables.
const SYMBOLS: [(&str, u32, &str); 5] = [
    ("Wingdings", 0x6F, "F0FE"),
    ("Wingdings", 0xA8, "F0FE"),
    ("Wingdings", 0x71, "F0FE"),
    ("Wingdings 2", 0xA3, "F052"),
    ("Wingdings 2", 0x2A, "F052"),
];

/// Shortest gap of underscores or of underlined spaces. Units: characters.
const GAP_MIN: usize = 2;

/// The letters that a paragraph shows.
pub(super) fn letters(text: &str, paragraph: Node<'_>) -> Vec<Letter> {
    let mut out = Vec::new();
    walk(text, paragraph, &mut out);
    out
}

fn walk(text: &str, of: Node<'_>, out: &mut Vec<Letter>) {
    for node in crate::word::read::xml::elements(of) {
        let name = node.tag_name().name();
        match name {
            // Deleted text, drawings with text of their own, what is shown instead of something.
            "del" | "moveFrom" | "drawing" | "pict" | "AlternateContent" | "object" | "pPr"
            | "sdtPr" | "fldChar" | "instrText" | "delText" | "rPr" => {}
            "r" if is_w(node, "r") => run(text, node, out),
            _ => walk(text, node, out),
        }
    }
}

fn run(text: &str, run: Node<'_>, out: &mut Vec<Letter>) {
    let underlined = child(run, "rPr")
        .is_some_and(|properties| val(properties, "u").is_some_and(|u| u != "none"));
    for node in crate::word::read::xml::elements(run) {
        let mut element = |ch| {
            out.push(Letter {
                ch,
                at: node.range(),
                is_element: true,
                underlined,
            });
        };
        match node.tag_name().name() {
            "tab" => element('\t'),
            "br" | "cr" => element('\n'),
            "sym" => element(symbol(node).map_or('\u{fffc}', |_| '□')),
            "t" => {
                let Some(range) = inside(text, node) else {
                    continue;
                };
                plain(text, range, underlined, out);
            }
            _ => {}
        }
    }
}

/// The letters of a text, entities as one letter each.
fn plain(text: &str, range: Range<usize>, underlined: bool, out: &mut Vec<Letter>) {
    let Some(slice) = text.get(range.clone()) else {
        return;
    };
    let mut rest = slice;
    while let Some(ch) = rest.chars().next() {
        let start = range.start + slice.len() - rest.len();
        let entity = (ch == '&').then(|| rest.find(';')).flatten();
        let (ch, len) = match entity {
            Some(end) => (decoded(rest.get(1..end).unwrap_or_default()), end + 1),
            None => (ch, ch.len_utf8()),
        };
        out.push(Letter {
            ch,
            at: start..start + len,
            is_element: false,
            underlined,
        });
        rest = rest.get(len..).unwrap_or_default();
    }
}

fn decoded(name: &str) -> char {
    let number = match name.strip_prefix('#') {
        Some(hex) if hex.starts_with(['x', 'X']) => u32::from_str_radix(&hex[1..], 16).ok(),
        Some(decimal) => decimal.parse().ok(),
        None => None,
    };
    match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => number.and_then(char::from_u32).unwrap_or('\u{fffd}'),
    }
}

/// The tick of a box that is a letter of a font; `None` for other letters.
pub(super) fn symbol(node: Node<'_>) -> Option<&'static str> {
    let code = u32::from_str_radix(attr(node, "char")?, 16).ok()? & 0xFF;
    let font = attr(node, "font")?;
    let found = SYMBOLS
        .iter()
        .find(|(name, own, _)| *name == font && *own == code);
    found.map(|(.., ticked)| *ticked)
}

/// Whether a letter is a tick box.
pub(super) fn is_box(ch: char) -> bool {
    BOXES.contains(&ch) || ch == TICKED
}

/// The words of letters.
pub(super) fn words(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.ch).collect()
}

/// Where the gaps are: underscores, or underlined spaces.
pub(super) fn gaps(letters: &[Letter]) -> Vec<Range<usize>> {
    let is_gap = |letter: &Letter| {
        matches!(letter.ch, '_' | '＿')
            || (letter.underlined && letter.ch.is_whitespace() && letter.ch != '\n')
    };
    let mut out = Vec::new();
    let mut start = None;
    for (at, letter) in letters.iter().enumerate() {
        match (is_gap(letter), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    out.extend(start.map(|from| from..letters.len()));
    let is_tab = |gap: &Range<usize>| letters.get(gap.start).is_some_and(|one| one.ch == '\t');
    out.retain(|gap| gap.len() >= GAP_MIN || is_tab(gap));
    out
}
