//! Sections and blocks.

use super::Langs;
use super::notes::{self, is_note, is_row};
use super::paper::{self, Paper, Para};
use super::story::Story;
use super::table;
use super::track::{Fate, Track};
use super::{list, words};
use model::{Lang, label};
use redline::{Line, Span, SpanOp, What};

/// Deepest heading. Source: ECMA-376-1, 17.3.1.20 (outline levels 1 to 9).
pub(super) const LEVEL_MAX: u8 = 9;
/// A new page before the first line of the text.
pub(super) const NEW_PAGE: &str = "<w:pageBreakBefore/>";

/// Writes every section.
pub(super) fn write(paper: &mut Paper<'_>, story: &mut Story) {
    let lines = paper.lines;
    let mut at = lines.partition_point(|line| line.what == What::Fact);
    let mut is_first = true;
    while let Some(line) = lines.get(at) {
        let from = at;
        at += 1;
        if is_first && line.what != What::Title {
            page_break(paper, story);
        }
        let extra = if is_first { NEW_PAGE } else { "" };
        if line.what == What::Title {
            paper.lists.end();
            title(paper, story, (line, extra));
        } else if is_row(line) {
            paper.lists.end();
            let word = paper.owners.table(from).to_owned();
            let goes_on =
                |at: usize| lines.get(at).is_some_and(is_row) && paper.owners.table(at) == word;
            while goes_on(at) {
                at += 1;
            }
            table::write(paper, story, (from, at));
        } else if is_note(line) {
            left_note(paper, story, (from, line));
        } else {
            block(paper, story, (from, line));
        }
        is_first = false;
    }
    // Word cannot take the last paragraph of a file away.
    table::gap(paper, story, Fate::Both);
}

/// A new page without a heading.
pub(super) fn page_break(paper: &mut Paper<'_>, story: &mut Story) {
    let para = Para {
        extra: NEW_PAGE,
        ..Para::plain("TableGap", &[], Lang::Zh)
    };
    paper.paragraph(story, &para, &[]);
}

fn title<'a>(paper: &mut Paper<'a>, story: &mut Story, (line, extra): (&'a Line, &str)) {
    let langs = paper.langs_of(line);
    let is_said_once = line.zh == line.en;
    let level = line.level.clamp(1, LEVEL_MAX);
    let mark = paper.mark_of(line);
    let fate = Fate::of(line);
    let is_untitled = line.zh.is_empty() && line.en.is_empty();
    // Text before the first heading stands in a section without a title.
    if is_untitled && !extra.is_empty() {
        page_break(paper, story);
    } else {
        for (n, lang) in langs.iter().enumerate() {
            if n > 0 && is_said_once {
                continue;
            }
            let style = if n == 0 {
                format!("Heading{level}")
            } else {
                format!("Heading{level}Second")
            };
            let moved = paper.move_of(line, *lang);
            let para = Para {
                extra: if n == 0 { extra } else { "" },
                mark: if n == 0 { &mark } else { "" },
                ..written(&style, line, *lang, (fate, &moved))
            };
            paper.paragraph(story, &para, &[]);
        }
    }
    reason(paper, story, (line, fate));
}

/// The paragraph of a line in a language, as put in and taken out where a move lacks its half.
fn written<'t>(
    style: &'t str,
    line: &'t Line,
    lang: Lang,
    (fate, moved): (Fate, &'t str),
) -> Para<'t> {
    let fate = fate.of_paragraph(line, lang);
    let fate = if moved.is_empty() {
        fate.unmoved()
    } else {
        fate
    };
    Para {
        moved,
        ..Para::plain(style, line.spans(lang), lang).on(fate)
    }
}

/// Why a section does not apply.
fn reason(paper: &mut Paper<'_>, story: &mut Story, (line, fate): (&Line, Fate)) {
    let was = line.was.as_ref().unwrap_or(&line.entity);
    let old = if fate.is_old() {
        paper.old.reason(was)
    } else {
        ""
    };
    let new = if fate.is_new() {
        paper.new.reason(&line.entity)
    } else {
        ""
    };
    let fate = match (old.is_empty(), new.is_empty()) {
        (true, true) => return,
        (true, false) => Fate::New,
        (false, true) => Fate::Gone,
        (false, false) => Fate::Both,
    };
    let lead = words::label(paper.langs, label!("word.out.notApplicable"));
    let colon = if paper.langs == Langs::En {
        ": "
    } else {
        "："
    };
    let mut spans = vec![text(SpanOp::Same, &format!("{lead}{colon}"))];
    match fate {
        Fate::Both if old != new => {
            spans.extend([text(SpanOp::Delete, old), text(SpanOp::Insert, new)]);
        }
        Fate::Gone => spans.push(text(SpanOp::Same, old)),
        _ => spans.push(text(SpanOp::Same, new)),
    }
    let lang = words::main_lang(paper.langs);
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

fn block<'a>(paper: &mut Paper<'a>, story: &mut Story, (at, line): (usize, &'a Line)) {
    let fate = Fate::of(line);
    let owner = paper.owners.owner(at, line);
    let numbered = if line.kind == "item" {
        paper.lists.item(line)
    } else {
        paper.lists.end();
        String::new()
    };
    let mut mark = paper.mark_of(line);
    let mut mark_end = String::new();
    if line.kind == "figure" {
        mark_end = picture(paper, story, (line, fate), &mark);
        if !mark_end.is_empty() {
            mark.clear();
        }
    }
    let has_caption = !(line.zh.is_empty() && line.en.is_empty());
    let langs = paper.langs_of(line);
    for (n, lang) in langs.iter().enumerate() {
        if line.kind == "figure" && !has_caption && !mark_end.is_empty() {
            break;
        }
        let indent = format!("<w:ind w:left=\"{}\"/>", list::indent(line.level));
        let (style, extra) = match (line.kind.as_str(), n, lang) {
            ("item", 0, _) => ("ListParagraph", numbered.as_str()),
            ("item", ..) => ("ListContinue", indent.as_str()),
            ("heading", ..) => ("Subheading", ""),
            ("figure", ..) => ("Caption", ""),
            (_, _, Lang::Zh) => ("BodyTextFirstIndent", ""),
            (_, _, Lang::En) => ("BodyText", ""),
        };
        let moved = paper.move_of(line, *lang);
        let para = Para {
            extra,
            mark: if n == 0 { &mark } else { "" },
            ..written(style, line, *lang, (fate, &moved))
        };
        let ids = notes::write(paper, &owner, (para.spans, para.fate, *lang));
        paper.paragraph(story, &para, &ids);
    }
    paper::end_of(story, "w:bookmarkEnd", &mark_end);
}

/// The picture of a figure, the old one and the new one where they differ; gives the id of the end
/// of the bookmark that it began.
fn picture(
    paper: &mut Paper<'_>,
    story: &mut Story,
    (line, fate): (&Line, Fate),
    mark: &str,
) -> String {
    let fate = fate.unmoved();
    let was = line.was.as_ref().unwrap_or(&line.entity);
    let old = if fate.is_old() {
        paper.old.image(was)
    } else {
        ""
    };
    let new = if fate.is_new() {
        paper.new.image(&line.entity)
    } else {
        ""
    };
    if old.is_empty() && new.is_empty() {
        return String::new();
    }
    let para = Para::plain("Figure", &[], Lang::Zh).on(fate);
    paper.begin(story, &para);
    let end = paper.begin_mark(story, mark);
    let pieces = if old == new {
        vec![(new, SpanOp::Same)]
    } else {
        vec![(old, SpanOp::Delete), (new, SpanOp::Insert)]
    };
    for (image, op) in pieces {
        if let Some(track) = fate.track(op).filter(|_| !image.is_empty()) {
            draw(paper, story, (line, image), track);
        }
    }
    story.xml.raw("</w:p>");
    end
}

fn draw(paper: &mut Paper<'_>, story: &mut Story, (line, image): (&Line, &str), track: Track) {
    let is_tracked = track != Track::Plain;
    if is_tracked {
        paper.pen.open(&mut story.xml, track.name());
    }
    story.xml.raw("<w:r>");
    let lang = paper.langs_of(line).first().copied().unwrap_or(Lang::Zh);
    let says: String = line
        .spans(lang)
        .iter()
        .map(|span| span.text.as_str())
        .collect();
    let place = (&mut story.xml, &mut story.relations);
    if !paper.pictures.draw(place, image, &says) {
        paper.warnings.insert("word.out.pictureLeftOut");
    }
    story.xml.raw("</w:r>");
    if is_tracked {
        story.xml.close(track.name());
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
