//! Spans as runs, with their tracked changes, links and notes.

use super::paper::Paper;
use super::story::Story;
use super::track::{Fate, Track};
use super::xml::Xml;
use model::Lang;
use model::rich::MarkKind;
use redline::Span;

/// A reference to a note: the note's id in the file, and how the reference stands; `None` when
/// there is no such note.
pub(super) type Reference = Option<(String, Track)>;

/// Writes spans; what stands between two of one kind is joined. `notes` has one
/// entry for each reference among them.
pub(super) fn write(
    paper: &mut Paper<'_>,
    story: &mut Story,
    (spans, fate, lang): (&[Span], Fate, Lang),
    notes: &[Reference],
) {
    let mut notes = notes.iter();
    let is_chinese = lang == Lang::Zh && spans.iter().any(|span| span.text.chars().any(is_han));
    let mut open = (String::new(), Track::Plain);
    for span in spans {
        let Some(mut track) = fate.track(span.op) else {
            continue;
        };
        let mut note = None;
        if is_note(span) {
            let Some(Some((id, of_note))) = notes.next() else {
                continue;
            };
            note = Some(id);
            track = *of_note;
        }
        let link = match span.href.trim().is_empty() {
            true => String::new(),
            false => story.relations.link(&span.href),
        };
        if open.0 != link || open.1 != track {
            close(&mut story.xml, &open);
            if !link.is_empty() {
                let values = [("r:id", link.as_str()), ("w:history", "1")];
                story.xml.open("w:hyperlink", &values);
            }
            if track != Track::Plain {
                paper.pen.open(&mut story.xml, track.name());
            }
            open = (link, track);
        }
        match note {
            Some(id) => reference(&mut story.xml, id),
            None => run(&mut story.xml, span, track, is_chinese),
        }
    }
    close(&mut story.xml, &open);
}

fn close(xml: &mut Xml, (link, track): &(String, Track)) {
    if *track != Track::Plain {
        xml.close(track.name());
    }
    if !link.is_empty() {
        xml.close("w:hyperlink");
    }
}

fn reference(xml: &mut Xml, id: &str) {
    xml.raw("<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr>")
        .empty("w:footnoteReference", &[("w:id", id)])
        .raw("</w:r>");
}

fn run(xml: &mut Xml, span: &Span, track: Track, is_chinese: bool) {
    xml.raw("<w:r>");
    look(xml, span, is_chinese);
    let tag = match track {
        Track::Del => "w:delText",
        _ => "w:t",
    };
    words(xml, tag, &span.text);
    xml.raw("</w:r>");
}

/// Words in a run; the ends of lines and tabs as Word's own.
pub(super) fn words(xml: &mut Xml, tag: &str, text: &str) {
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            xml.raw("<w:br/>");
        }
        for (n, piece) in line.split('\t').enumerate() {
            if n > 0 {
                xml.raw("<w:tab/>");
            }
            if !piece.is_empty() {
                xml.open(tag, &[("xml:space", "preserve")])
                    .text(piece)
                    .close(tag);
            }
        }
    }
}

/// The look of a run, in the order that the standard wants.
fn look(xml: &mut Xml, span: &Span, is_chinese: bool) {
    let has = |kind| span.marks.contains(&kind);
    let is_link = !span.href.trim().is_empty();
    // Without the hint Word sets Chinese quotes and dashes in the Latin face, half as wide.
    let hint = is_chinese && span.text.contains(['“', '”', '‘', '’', '…', '—', '·']);
    let parts: [(bool, &str); 8] = [
        (is_link, "<w:rStyle w:val=\"Hyperlink\"/>"),
        (hint, "<w:rFonts w:hint=\"eastAsia\"/>"),
        (has(MarkKind::Bold), "<w:b/><w:bCs/>"),
        (has(MarkKind::Italic), "<w:i/><w:iCs/>"),
        (has(MarkKind::Strike), "<w:strike/>"),
        (has(MarkKind::Underline), "<w:u w:val=\"single\"/>"),
        (has(MarkKind::Sub), "<w:vertAlign w:val=\"subscript\"/>"),
        (
            has(MarkKind::Sup) && !has(MarkKind::Sub),
            "<w:vertAlign w:val=\"superscript\"/>",
        ),
    ];
    if parts.iter().any(|(on, _)| *on) {
        xml.raw("<w:rPr>");
        for (_, markup) in parts.iter().filter(|(on, _)| *on) {
            xml.raw(markup);
        }
        xml.raw("</w:rPr>");
    }
}

/// Whether a character is Chinese.
pub(super) fn is_han(ch: char) -> bool {
    matches!(ch, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Whether a span refers to a note.
pub(super) fn is_note(span: &Span) -> bool {
    span.text.is_empty() && span.marks.contains(&MarkKind::Note)
}
