//! Sections, in the order in which they are read.

use super::block;
use super::notes::{is_note, is_row};
use super::paper::{self, Paper, Para};
use super::story::Story;
use super::track::Fate;
use super::{Langs, table, words};
use model::word::WordBase;
use model::{Lang, label};
use redline::{Line, Span, SpanOp, State, What};

/// Deepest heading. Source: ECMA-376-1, 17.3.1.20 (outline levels 1 to 9).
pub(super) const LEVEL_MAX: u8 = 9;
/// The paragraph begins a page.
pub(super) const NEW_PAGE: &str = "<w:pageBreakBefore/>";

/// Writes every section.
pub(super) fn write(paper: &mut Paper<'_>, story: &mut Story, state: Option<&WordBase>) {
    let lines = paper.lines;
    let is_front = |line: &Line| line.what == What::Fact && line.section.is_none();
    let mut at = lines.partition_point(is_front);
    // A paragraph of its own: the first heading may be one that is gone.
    let para = Para {
        extra: NEW_PAGE,
        ..Para::plain("TableGap", &[], Lang::Zh)
    };
    paper.paragraph(story, &para, &[]);
    while let Some(line) = lines.get(at) {
        let from = at;
        at += 1;
        match line.what {
            What::Title => title(paper, story, line),
            What::Fact => reason(paper, story, line),
            What::Block if is_note(line) => left_note(paper, story, (from, line)),
            What::Block if is_row(line) => {
                at = end_of_table(paper, from);
                if lines[from..at].iter().any(|row| Fate::of(row).is_new()) {
                    paper.lists.end();
                }
                table::write(paper, story, (from, at));
            }
            What::Block if matches!(line.state, State::Split { .. }) => {
                while lines.get(at).is_some_and(|next| next.state == line.state) {
                    at += 1;
                }
                block::write_split(paper, story, (from, at));
            }
            What::Block => block::write(paper, story, (from, line)),
        }
    }
    // A cover is often replaced, and the last paragraph stays: Word cannot take it away.
    for mark in state.iter().flat_map(|state| state.marks()) {
        let end = paper.begin_mark(story, &mark);
        paper::end_of(story, "w:bookmarkEnd", &end);
    }
    table::gap(paper, story, Fate::Both);
}

fn end_of_table(paper: &Paper<'_>, from: usize) -> usize {
    let rows = paper.lines.iter().enumerate().skip(from);
    let word = paper.owners.table(from);
    let mut rows = rows.skip_while(|(at, line)| is_row(line) && paper.owners.table(*at) == word);
    rows.next().map_or(paper.lines.len(), |(at, _)| at)
}

fn title<'a>(paper: &mut Paper<'a>, story: &mut Story, line: &'a Line) {
    if Fate::of(line).is_new() {
        paper.lists.end();
    }
    let is_first = !paper.has_sections;
    paper.has_sections = true;
    // Text before the first heading stands in a section without a title.
    if is_first && line.zh.is_empty() && line.en.is_empty() {
        return;
    }
    let mark = paper.mark_of(line);
    let style = |level: u8, n: usize| {
        let level = level.clamp(1, LEVEL_MAX);
        let second = if n == 0 { "" } else { "Second" };
        format!("Heading{level}{second}")
    };
    for (n, lang) in paper.langs_of(line).into_iter().enumerate() {
        let moved = paper.move_of(line, lang);
        let now = style(line.level, n);
        let was = line.before.as_ref().map(|before| style(before.level, n));
        let para = Para {
            mark: if n == 0 { &mark } else { "" },
            before: was
                .as_deref()
                .filter(|was| **was != now)
                .map(|was| (was, "")),
            ..block::written(&now, line, lang, &moved)
        };
        paper.paragraph(story, &para, &[]);
    }
}

/// Why a section does not apply.
fn reason(paper: &mut Paper<'_>, story: &mut Story, line: &Line) {
    let lead = words::label(paper.langs, label!("word.out.notApplicable"));
    let colon = match paper.langs {
        Langs::En => ": ",
        Langs::Zh | Langs::Both => "：",
    };
    let mut spans = vec![text(SpanOp::Same, &format!("{lead}{colon}"))];
    spans.extend_from_slice(&line.zh);
    let lang = words::main_lang(paper.langs);
    let fate = Fate::of(line).unmoved();
    let para = Para::plain("NotApplicable", &spans, lang).on(fate);
    paper.paragraph(story, &para, &[]);
}

/// A piece of text without marks.
pub(super) fn text(op: SpanOp, text: &str) -> Span {
    Span {
        op,
        text: text.to_owned(),
        marks: Vec::new(),
        href: String::new(),
    }
}

/// A note that no reference points to is text like any other.
fn left_note<'a>(paper: &mut Paper<'a>, story: &mut Story, (at, line): (usize, &'a Line)) {
    for lang in paper.langs_of(line) {
        let fate = Fate::of(line).of_paragraph(line, lang).unmoved();
        let Some(fate) = paper.owners.left((at, lang), fate) else {
            continue;
        };
        let mark = paper.mark_of(line);
        let para = Para {
            mark: if fate.is_new() { &mark } else { "" },
            ..Para::plain("NoteText", line.spans(lang), lang).on(fate)
        };
        paper.paragraph(story, &para, &[]);
    }
}
