//! Sections from items: titles, blocks, suggestions beside them.

use super::comments::Comments;
use super::flow::{Revision, When};
use super::heading::{Line, is_caption, lines};
use super::item::{Item, What};
use super::notices::{self, Notices};
use super::pen::cut;
use model::rich::{MarkKind, RichText};
use model::word::{HeadingBy, IncomingBlock, IncomingSection, IncomingSuggestion};

/// Longest caption that is known by how it begins. Units: characters.
const CAPTION_MAX: u32 = 200;
/// The name of the style in which our own files say why a section does not apply.
const NOT_APPLICABLE: &str = "not applicable";
/// The name of the style of a note that nothing refers to, in our own files.
const NOTE_TEXT: &str = "note text";

/// Makes the sections; comments that they take are taken out of `comments`.
pub(super) fn sections(
    items: Vec<Item>,
    comments: &mut Comments,
    notices: &mut Notices,
) -> Vec<IncomingSection> {
    let items = with_captions(items);
    let lines = lines(&items);
    let mut sections: Vec<IncomingSection> = Vec::new();
    for (item, line) in items.into_iter().zip(lines) {
        match line {
            Line::Title {
                level,
                by,
                number,
                n_typed,
            } if item.when != When::Put => {
                sections.push(section(item, (level, by, number, n_typed), comments));
            }
            line => {
                if matches!(line, Line::Title { .. }) {
                    notices.warn(notices::ADDED_HEADING);
                }
                if sections.is_empty() {
                    sections.push(IncomingSection {
                        level: 1,
                        by: HeadingBy::Start,
                        ..IncomingSection::default()
                    });
                }
                let Some(last) = sections.last_mut() else {
                    continue;
                };
                if let Some(reason) = reason_of(&item) {
                    last.not_applicable = reason;
                } else {
                    last.blocks.push(block(item, line != Line::Other, comments));
                }
            }
        }
    }
    sections
}

fn section(
    item: Item,
    (level, by, number, n_typed): (u8, HeadingBy, String, usize),
    comments: &mut Comments,
) -> IncomingSection {
    let title = |text: &RichText| one_line(&without_start(text, n_typed));
    // A number typed in front is the same on both sides of a change, or the change is in it.
    let is_same = item
        .after
        .text
        .chars()
        .take(n_typed)
        .eq(item.before.text.chars().take(n_typed));
    let after = if is_same {
        title(&item.after)
    } else {
        one_line(&item.after)
    };
    let before = title(&item.before);
    let suggestions = suggestions(
        (item.when, &before, after),
        &item.revisions,
        item.comments,
        comments,
    );
    IncomingSection {
        mark: item.mark,
        number,
        title: before,
        level,
        by,
        suggestions,
        ..IncomingSection::default()
    }
}

/// What a line of ours says of why its section does not apply: a fact of the section, no text.
fn reason_of(item: &Item) -> Option<String> {
    let What::Paragraph(draft) = &item.what else {
        return None;
    };
    if draft.shape.style != NOT_APPLICABLE || item.mark.is_some() {
        return None;
    }
    let text = item.before.text.trim();
    let reason = text.split_once([':', '：']).map_or(text, |(_, why)| why);
    Some(reason.trim().to_owned())
}

/// A text without its first characters.
fn without_start(text: &RichText, n: usize) -> RichText {
    if n == 0 {
        return text.clone();
    }
    let rest: String = text.text.chars().skip(n).collect();
    cut(&rest, text.marks.clone(), n)
}

/// A title: one line, not bold as a whole.
fn one_line(text: &RichText) -> RichText {
    let line = text.text.replace(['\n', '\t'], " ");
    let n = text.len();
    let marks = text.marks.iter().filter(|mark| {
        let is_whole = mark.from == 0 && mark.to >= n;
        !(is_whole && matches!(mark.kind, MarkKind::Bold | MarkKind::Underline))
    });
    RichText::new(line, marks.cloned().collect())
}

fn block(item: Item, is_heading: bool, comments: &mut Comments) -> IncomingBlock {
    let mut block = IncomingBlock {
        mark: item.mark,
        ..IncomingBlock::default()
    };
    let mut texts = (item.before, item.after);
    match item.what {
        What::Paragraph(draft) => match draft.shape.number {
            _ if is_heading => {
                block.kind = "heading".to_owned();
                texts = (one_line(&texts.0), one_line(&texts.1));
            }
            Some(number) => {
                block.kind = "item".to_owned();
                block.level = number.level;
                let list = if number.is_bullet { "bullet" } else { "number" };
                list.clone_into(&mut block.list);
            }
            None if draft.shape.style == NOTE_TEXT => block.kind = "note".to_owned(),
            None => block.kind = "paragraph".to_owned(),
        },
        What::Row { table, layout } => {
            block.kind = "row".to_owned();
            block.table = Some(table);
            block.layout = layout;
        }
        What::Figure(image) => {
            block.kind = "figure".to_owned();
            block.image = image;
        }
        What::Note => block.kind = "note".to_owned(),
    }
    let (before, after) = texts;
    block.suggestions = suggestions(
        (item.when, &before, after),
        &item.revisions,
        item.comments,
        comments,
    );
    // What a tracked change puts in is not yet text.
    block.text = if item.when == When::Put {
        RichText::default()
    } else {
        before
    };
    block
}

/// What tracked changes and comments say of a text.
fn suggestions(
    (when, before, after): (When, &RichText, RichText),
    revisions: &[Revision],
    ids: Vec<String>,
    comments: &mut Comments,
) -> Vec<IncomingSuggestion> {
    let kind = match when {
        When::Put => Some("add"),
        When::Taken => Some("remove"),
        When::Always if *before != after => Some("change"),
        _ => None,
    };
    let mut out = Vec::new();
    if let Some(kind) = kind {
        let mut authors: Vec<&str> = Vec::new();
        for revision in revisions {
            if !revision.author.is_empty() && !authors.contains(&revision.author.as_str()) {
                authors.push(&revision.author);
            }
        }
        let latest = revisions.iter().map(|revision| revision.at.as_str()).max();
        out.push(IncomingSuggestion {
            kind: kind.to_owned(),
            to: if kind == "remove" {
                RichText::default()
            } else {
                after
            },
            author: authors.join(", "),
            at: latest.unwrap_or_default().to_owned(),
            ..IncomingSuggestion::default()
        });
    }
    out.extend(ids.iter().filter_map(|id| comments.take(id)));
    out
}

/// Gives figures the captions that stand right behind them, or right before them.
fn with_captions(items: Vec<Item>) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::with_capacity(items.len());
    // A caption before its figure only counts where captions do not follow figures.
    let mut last_is_captioned = false;
    for mut item in items {
        if let What::Figure(_) = &item.what {
            let is_behind = out.last().is_some_and(|last| {
                last.when == item.when && caption_of(last) == Some(Caption::Styled)
            });
            if is_behind
                && !last_is_captioned
                && let Some(caption) = out.pop()
            {
                take_caption(&mut item, caption);
            }
            last_is_captioned = false;
            out.push(item);
            continue;
        }
        let is_bare = out.last().is_some_and(|last| {
            matches!(last.what, What::Figure(_))
                && last.before.is_empty()
                && last.after.is_empty()
                && last.when == item.when
        });
        if is_bare
            && caption_of(&item).is_some()
            && let Some(figure) = out.last_mut()
        {
            take_caption(figure, item);
            last_is_captioned = true;
            continue;
        }
        last_is_captioned = false;
        out.push(item);
    }
    out
}

fn take_caption(figure: &mut Item, caption: Item) {
    figure.before = caption.before;
    figure.after = caption.after;
    figure.comments.extend(caption.comments);
    figure.mark = figure.mark.take().or(caption.mark);
    for revision in caption.revisions {
        revision.add_to(&mut figure.revisions);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Caption {
    /// By its style.
    Styled,
    /// By how it begins: `Figure 1`, `图 1`.
    Worded,
}

fn caption_of(item: &Item) -> Option<Caption> {
    let What::Paragraph(draft) = &item.what else {
        return None;
    };
    let text = if item.when == When::Put {
        &item.after
    } else {
        &item.before
    };
    let words = text.text.to_lowercase();
    if ["table", "表"].iter().any(|word| words.starts_with(word)) {
        return None;
    }
    if is_caption(&draft.shape.style) {
        return Some(Caption::Styled);
    }
    let rest = ["figure", "fig.", "图", "圖"]
        .iter()
        .find_map(|word| words.strip_prefix(word))?;
    let is_counted = rest
        .trim_start()
        .starts_with(|digit: char| digit.is_ascii_digit());
    (is_counted && text.len() <= CAPTION_MAX && draft.shape.outline.is_none())
        .then_some(Caption::Worded)
}
