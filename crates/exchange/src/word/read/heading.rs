//! Which lines are headings: by their style, by the number in front of them, or by being bold.
//!
//! A file that uses styles for its headings is trusted: other bold lines in it are headings within
//! a section. In one that does not, numbers make the sections, and bold lines where there are no
//! numbers either.

use super::flow::When;
use super::item::{Item, What};
use super::numbering::Numbered;
use super::typed::{Form, Typed, typed};
use model::rich::RichText;
use model::word::HeadingBy;
use std::collections::BTreeSet;

/// Longest heading. Units: characters.
const HEADING_MAX: u32 = 300;
/// Longest line that is a heading without a style of its own. Units: characters.
const LINE_MAX: u32 = 120;
/// As many headings make a file one that uses styles, or numbers.
const ENOUGH: usize = 3;
/// So many bold lines under each other are a title page.
const TITLE_PAGE: usize = 3;

/// The name of the style of headings within a section, in our own files.
const SUBHEADING: &str = "subheading";

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The title of a section.
    Title {
        level: u8,
        by: HeadingBy,
        number: String,
        /// How many characters of the text the number takes.
        n_typed: usize,
    },
    /// A heading within a section.
    Inner,
    /// Anything else.
    Other,
}

/// What is known of a line that may be a heading.
struct Candidate {
    at: usize,
    outline: Option<u8>,
    typed: Option<Typed>,
    counted: Option<Numbered>,
    is_strong: bool,
    size: u32,
    is_short: bool,
    /// Our own heading within a section.
    is_own_inner: bool,
}

/// What each item is; only paragraphs are headings.
pub(super) fn lines(items: &[Item]) -> Vec<Line> {
    let candidates: Vec<Candidate> = items
        .iter()
        .enumerate()
        .filter_map(|(at, item)| candidate(at, item))
        .collect();
    let mut lines = vec![Line::Other; items.len()];
    let by_style = candidates
        .iter()
        .filter(|candidate| candidate.outline.is_some())
        .count();
    let numbered = numbered(&candidates, by_style >= ENOUGH);
    let by_number = numbered.iter().filter(|level| level.is_some()).count();
    let has_frame = by_style > 0 || by_number >= ENOUGH;
    let top_size = top_size(&candidates, &numbered);
    let sizes = sizes(&candidates);
    let pages = title_pages(items, &candidates);
    let mut is_begun = false;
    for (n, candidate) in candidates.iter().enumerate() {
        let number = numbered.get(n).copied().flatten();
        let line = if candidate.is_own_inner {
            Line::Inner
        } else if let Some(level) = candidate.outline {
            title(candidate, level, HeadingBy::Style)
        } else if let Some(level) = number {
            title(candidate, level, HeadingBy::Number)
        } else if !candidate.is_strong || !candidate.is_short || candidate.counted.is_some() {
            continue;
        } else if has_frame {
            match is_begun {
                false => continue,
                true if by_style == 0 && candidate.size >= top_size => {
                    title(candidate, 1, HeadingBy::Bold)
                }
                true => Line::Inner,
            }
        } else if pages.contains(&candidate.at) {
            continue;
        } else {
            let rank = sizes.iter().position(|size| *size == candidate.size);
            let level = u8::try_from(rank.unwrap_or(0) + 1).unwrap_or(1).min(3);
            title(candidate, level, HeadingBy::Bold)
        };
        is_begun = true;
        if let Some(place) = lines.get_mut(candidate.at) {
            *place = line;
        }
    }
    lines
}

fn title(candidate: &Candidate, level: u8, by: HeadingBy) -> Line {
    let counted = candidate
        .counted
        .as_ref()
        .map(|counted| bare(&counted.text))
        .filter(|number| !number.is_empty());
    let typed = candidate.typed.as_ref();
    let (number, n_typed) = match (counted, typed) {
        // Counted and typed as well: the line shows it twice, one of them goes.
        (Some(counted), Some(typed)) if typed.number == counted => (counted, typed.n_chars),
        (Some(counted), _) => (counted, 0),
        (None, Some(typed)) => (typed.number.clone(), typed.n_chars),
        (None, None) => (String::new(), 0),
    };
    Line::Title {
        level,
        by,
        number,
        n_typed,
    }
}

/// A number without the sign that parts it from the title.
fn bare(number: &str) -> String {
    number
        .trim()
        .trim_end_matches(['.', '．', '、', ':', '：'])
        .trim()
        .to_owned()
}

fn text_of(item: &Item) -> &RichText {
    if item.when == When::Put {
        &item.after
    } else {
        &item.before
    }
}

fn candidate(at: usize, item: &Item) -> Option<Candidate> {
    let What::Paragraph(draft) = &item.what else {
        return None;
    };
    let text = text_of(item);
    if draft.shape.is_boxed || text.is_blank() || is_caption(&draft.shape.style) {
        return None;
    }
    let counted = draft
        .shape
        .number
        .clone()
        .filter(|number| !number.is_bullet);
    let is_bullet = draft.shape.number.is_some() && counted.is_none();
    let outline = draft.shape.outline.filter(|_| text.len() <= HEADING_MAX);
    let is_own_inner = draft.shape.style == SUBHEADING && item.mark.is_some();
    // A block of an export of ours stays one, however bold or numbered it was made.
    if item.mark.is_some() && outline.is_none() && !is_own_inner {
        return None;
    }
    let ends = text.text.trim_end().chars().next_back();
    let is_sentence = ends.is_some_and(|sign| "。；;，,".contains(sign))
        || (ends == Some('.') && text.text.split_whitespace().count() > 6);
    Some(Candidate {
        at,
        outline,
        typed: typed(&text.text),
        counted,
        is_own_inner,
        is_strong: draft.is_strong,
        size: draft.size,
        is_short: text.len() <= LINE_MAX && !is_sentence && !is_bullet && !text.text.contains('\n'),
    })
}

/// Whether a style is that of captions.
pub(super) fn is_caption(style: &str) -> bool {
    matches!(style, "caption" | "题注" | "图题" | "图注" | "標號") || style.contains("caption")
}

/// The level of each line whose number makes it a heading.
fn numbered(candidates: &[Candidate], has_styles: bool) -> Vec<Option<u8>> {
    let number = |candidate: &Candidate| {
        if !candidate.is_short || candidate.outline.is_some() {
            return None;
        }
        candidate.typed.clone().or_else(|| {
            let counted = candidate.counted.as_ref()?;
            typed(&format!("{} X", counted.text))
        })
    };
    let numbers: Vec<Option<Typed>> = candidates.iter().map(number).collect();
    let has = |form: Form| numbers.iter().flatten().any(|number| number.form == form);
    let (has_chapters, has_parts) = (has(Form::Chapter), has(Form::Part));
    let under = 1 + u8::from(has_chapters) + u8::from(has_parts);
    let level = |number: &Typed| match number.form {
        Form::Parts(n) => Some(n.max(1)),
        Form::Chapter => Some(1),
        Form::Part => Some(1 + u8::from(has_chapters)),
        Form::Han => Some(under),
        Form::HanInBrackets => Some(under + 1),
        Form::InBrackets => None,
    };
    let parents = parents(&numbers);
    let mut levels = Vec::with_capacity(candidates.len());
    for (n, candidate) in candidates.iter().enumerate() {
        let Some(number) = numbers.get(n).cloned().flatten() else {
            levels.push(None);
            continue;
        };
        let is_heading = if has_styles {
            candidate.is_strong
        } else {
            match number.form {
                Form::Parts(1) => candidate.is_strong || parents.contains(&n),
                Form::InBrackets => false,
                _ => true,
            }
        };
        levels.push(is_heading.then(|| level(&number)).flatten());
    }
    levels
}

/// Single numbers whose parts follow before any other single number: `4` where `4.1` follows.
fn parents(numbers: &[Option<Typed>]) -> BTreeSet<usize> {
    let mut parents = BTreeSet::new();
    let mut last: Option<(usize, String)> = None;
    for (n, number) in numbers.iter().enumerate() {
        match number {
            Some(number) if number.form == Form::Parts(1) => {
                last = Some((n, format!("{}.", number.number)));
            }
            Some(number) => {
                if let Some((at, start)) = &last
                    && number.number.starts_with(start.as_str())
                {
                    parents.insert(*at);
                }
            }
            None => {}
        }
    }
    parents
}

/// The size of the largest headings by number.
fn top_size(candidates: &[Candidate], numbered: &[Option<u8>]) -> u32 {
    let top = numbered.iter().flatten().min().copied();
    candidates
        .iter()
        .zip(numbered)
        .filter(|(_, level)| level.is_some() && **level == top)
        .map(|(candidate, _)| candidate.size)
        .min()
        .unwrap_or(0)
}

/// The sizes of bold lines, largest first.
fn sizes(candidates: &[Candidate]) -> Vec<u32> {
    let mut sizes: Vec<u32> = candidates
        .iter()
        .filter(|candidate| candidate.is_strong && candidate.is_short)
        .map(|candidate| candidate.size)
        .collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes.dedup();
    sizes
}

/// Bold lines that stand under each other with nothing between them.
fn title_pages(items: &[Item], candidates: &[Candidate]) -> BTreeSet<usize> {
    let strong: BTreeSet<usize> = candidates
        .iter()
        .filter(|candidate| candidate.is_strong && candidate.is_short)
        .map(|candidate| candidate.at)
        .collect();
    let mut pages = BTreeSet::new();
    let mut run: Vec<usize> = Vec::new();
    for at in 0..=items.len() {
        if strong.contains(&at) {
            run.push(at);
            continue;
        }
        if run.len() >= TITLE_PAGE {
            pages.extend(run.iter().copied());
        }
        run.clear();
    }
    pages
}
