//! Paragraphs, items, headings inside a section, figures; what was split and what was merged.

use super::flow::Images;
use super::list;
use super::notes::{self, Owner};
use super::paper::{self, Paper, Para};
use super::settle;
use super::story::Story;
use super::track::{Fate, Track};
use model::{EntityId, Lang};
use redline::{Line, Span, SpanOp};

/// Style and further properties of a paragraph.
type Look = (&'static str, String);

/// Writes a block that is neither a row nor a note.
pub(super) fn write<'a>(paper: &mut Paper<'a>, story: &mut Story, (at, line): (usize, &'a Line)) {
    let numbered = numbered(paper, line);
    let mut mark = paper.mark_of(line);
    let mut mark_end = String::new();
    if line.kind == "figure" {
        mark_end = picture(paper, story, (line, Fate::of(line)), &mark);
        if !mark_end.is_empty() {
            mark.clear();
        }
    }
    let has_caption = !(line.zh.is_empty() && line.en.is_empty());
    let langs = if has_caption || mark_end.is_empty() {
        paper.langs_of(line)
    } else {
        Vec::new()
    };
    let owner = paper.owners.owner(at);
    for (n, lang) in langs.into_iter().enumerate() {
        let moved = paper.move_of(line, lang);
        let (style, extra) = look(&line.kind, line.level, (n, lang), &numbered);
        let was = look_before(paper, line, (n, lang));
        let was = was.as_ref().map(|(style, extra)| (*style, extra.as_str()));
        let para = Para {
            extra: &extra,
            mark: if n == 0 { &mark } else { "" },
            before: was.filter(|was| *was != (style, extra.as_str())),
            ..written(style, line, lang, &moved)
        };
        let pieces: Vec<&[Span]> = para.spans.split(settle::is_end).collect();
        for (place, spans) in pieces.iter().enumerate() {
            let is_last = place + 1 == pieces.len();
            let piece = Para {
                spans,
                // Where a block ended that went into this one.
                end: if is_last { para.end } else { Track::Del },
                mark: if place == 0 { para.mark } else { "" },
                ..para
            };
            // On the old side the notes stand behind the last of the blocks.
            let old = owner.old.filter(|_| is_last);
            let ids = notes::write(paper, Owner { old, ..owner }, (spans, para.fate, lang));
            paper.paragraph(story, &piece, &ids);
        }
    }
    paper::end_of(story, "w:bookmarkEnd", &mark_end);
}

/// Writes the parts of a block that was split: their ends were put in, but for the last.
pub(super) fn write_split(paper: &mut Paper<'_>, story: &mut Story, (from, to): (usize, usize)) {
    let lines = paper.lines;
    let parts = lines.get(from..to).unwrap_or_default();
    let langs = parts
        .first()
        .map_or_else(Vec::new, |part| paper.langs_of(part));
    for (n, lang) in langs.into_iter().enumerate() {
        for (at, part) in (from..).zip(parts) {
            let numbered = numbered(paper, part);
            let mark = if n == 0 {
                paper.mark_of(part)
            } else {
                String::new()
            };
            let (style, extra) = look(&part.kind, part.level, (n, lang), &numbered);
            let end = if at + 1 == to {
                Track::Plain
            } else {
                Track::Ins
            };
            let para = Para {
                extra: &extra,
                mark: &mark,
                end,
                ..Para::plain(style, part.spans(lang), lang)
            };
            let owner = Owner {
                old: paper.owners.owner(to - 1).old,
                ..paper.owners.owner(at)
            };
            let ids = notes::write(paper, owner, (para.spans, para.fate, lang));
            paper.paragraph(story, &para, &ids);
        }
    }
}

/// The paragraph of a line in a language; put in and taken out where a move lacks its other half.
pub(super) fn written<'t>(style: &'t str, line: &'t Line, lang: Lang, moved: &'t str) -> Para<'t> {
    let fate = Fate::of(line).of_paragraph(line, lang);
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

/// The properties of an item; what is none ends the list.
fn numbered(paper: &mut Paper<'_>, line: &Line) -> String {
    let is_new = Fate::of(line).is_new();
    match line.kind.as_str() {
        "item" if is_new => paper.lists.item(line.level, &line.list),
        "item" => paper.lists.item_before(line.level, &line.list),
        // What is gone does not cut a list of now.
        _ => {
            if is_new {
                paper.lists.end();
            }
            String::new()
        }
    }
}

fn look(kind: &str, level: u8, (n, lang): (usize, Lang), numbered: &str) -> Look {
    match (kind, n, lang) {
        ("item", 0, _) => ("ListParagraph", numbered.to_owned()),
        ("item", ..) => {
            let indent = list::indent(level);
            ("ListContinue", format!("<w:ind w:left=\"{indent}\"/>"))
        }
        ("heading", ..) => ("Subheading", String::new()),
        ("figure", ..) => ("Caption", String::new()),
        (_, _, Lang::Zh) => ("BodyTextFirstIndent", String::new()),
        (_, _, Lang::En) => ("BodyText", String::new()),
    }
}

fn look_before(paper: &mut Paper<'_>, line: &Line, at: (usize, Lang)) -> Option<Look> {
    let before = line.before.as_ref()?;
    let is_same =
        (&before.kind, before.level, &before.list) == (&line.kind, line.level, &line.list);
    if is_same || Fate::of(line) != Fate::Both {
        return None;
    }
    let numbered = match before.kind.as_str() {
        "item" => paper.lists.item_before(before.level, &before.list),
        _ => String::new(),
    };
    Some(look(&before.kind, before.level, at, &numbered))
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
    let was = settle::old_id(line);
    let image = |images: &Images<'_>, id: &EntityId, is_there: bool| {
        let image = images.get(id).filter(|_| is_there);
        image.map_or_else(String::new, |image| (*image).to_owned())
    };
    let old = image(&paper.images.0, was, fate.is_old());
    let new = image(&paper.images.1, &line.entity, fate.is_new());
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
            draw(paper, story, (line, &image), track);
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
