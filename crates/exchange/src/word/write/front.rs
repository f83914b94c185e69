//! What stands before the text: cover, contents, changed facts.

use super::body::{self, NEW_PAGE};
use super::notes::Owner;
use super::paper::{self, Paper, Para};
use super::run;
use super::story::Story;
use super::table::{self, Cell};
use super::track::Fate;
use super::{Head, words};
use super::{Langs, grid};
use model::{Lang, kind, label};
use redline::{Line, Span, SpanOp, State, What};

/// Facts of the study that stand on the cover.
const ON_COVER: [&str; 11] = [
    "acronym",
    "number.org",
    "registry.nmr",
    "registry.chictr",
    "registry.nct",
    "phase",
    "sponsor",
    "organization",
    "responsible.name",
    "responsible.affiliation",
    "funding",
];
/// How much of a title stands in the header. Units: Latin letters.
const HEADER_ROOM: usize = 58;
/// The deepest level in the contents.
const CONTENTS_LEVEL: u8 = 3;

/// A labelled value.
struct Entry {
    name: String,
    cell: Cell,
    fate: Fate,
}

/// Writes the cover.
pub(super) fn cover(paper: &mut Paper<'_>, story: &mut Story, head: &Head) {
    story.xml.raw(
        "<w:sdt><w:sdtPr><w:tag w:val=\"pdCover\"/><w:docPartObj>\
         <w:docPartGallery w:val=\"Cover Pages\"/><w:docPartUnique/></w:docPartObj></w:sdtPr>\
         <w:sdtContent>",
    );
    let lang = words::main_lang(paper.langs);
    let is_redline = !head.base.trim().is_empty();
    let lead = if is_redline {
        label!("word.out.redline")
    } else {
        label!("word.out.protocol")
    };
    let lead = words::label(paper.langs, lead);
    let spans = [body::text(SpanOp::Same, &lead)];
    let marks = [
        (paper.langs == Langs::Both, "_pdLangBoth"),
        (paper.langs == Langs::Zh, "_pdLangZh"),
        (paper.langs == Langs::En, "_pdLangEn"),
        (is_redline, "_pdRedline"),
    ];
    for (_, mark) in marks.into_iter().filter(|(is, _)| *is) {
        let end = paper.begin_mark(story, mark);
        paper::end_of(story, "w:bookmarkEnd", &end);
    }
    // Other programs than Word keep bookmarks, and not this frame; not those over a table.
    let para = Para {
        mark: "_pdFrontCover",
        ..Para::plain("CoverLead", &spans, lang)
    };
    paper.paragraph(story, &para, &[]);
    let full = titles(paper, "officialTitle");
    let short = titles(paper, "title");
    let (first, second) = if full.is_empty() {
        (short, full)
    } else {
        (full, short)
    };
    for (style, lines) in [("Title", &first), ("Subtitle", &second)] {
        for (n, (line, lang)) in lines.iter().enumerate() {
            let style = if style == "Title" && n > 0 {
                "TitleSecond"
            } else {
                style
            };
            let fate = Fate::of(line).unmoved();
            let para = Para::plain(style, line.spans(*lang), *lang).on(fate);
            paper.paragraph(story, &para, &[]);
        }
    }
    let entries = cover_entries(paper, head);
    let widths = [grid::TEXT_WIDTH * 3 / 10, grid::TEXT_WIDTH * 7 / 10];
    table::open(story, &widths, ("CoverTable", false));
    for entry in &entries {
        facts_row(paper, story, (&widths, false), entry);
    }
    story.xml.raw("</w:tbl>");
    let para = Para {
        mark: "_pdFrontCoverEnd",
        ..Para::plain("TableGap", &[], Lang::Zh)
    };
    paper.paragraph(story, &para, &[]);
    story.xml.raw("</w:sdtContent></w:sdt>");
}

/// The line of a field of the study.
fn study<'a>(paper: &Paper<'a>, name: &str) -> Option<&'a Line> {
    facts(paper).find(|line| line.kind == kind::STUDY && line.name == name)
}

/// A field of the study in the languages in which it is shown.
fn titles<'a>(paper: &Paper<'a>, name: &str) -> Vec<(&'a Line, Lang)> {
    let line = study(paper, name).filter(|line| !(line.zh.is_empty() && line.en.is_empty()));
    let langs = line.map(|line| {
        paper
            .langs_of(line)
            .into_iter()
            .map(move |lang| (line, lang))
    });
    let mut titles: Vec<_> = langs.into_iter().flatten().collect();
    // What is in no language is there once.
    titles.dedup_by(|a, b| a.0.spans(a.1) == b.0.spans(b.1));
    titles
}

fn facts<'a>(paper: &Paper<'a>) -> impl Iterator<Item = &'a Line> + use<'a> {
    let is_front = |line: &&Line| line.what == What::Fact && line.section.is_none();
    paper.lines.iter().take_while(is_front)
}

fn cover_entries(paper: &Paper<'_>, head: &Head) -> Vec<Entry> {
    let mut entries: Vec<Entry> = ON_COVER
        .iter()
        .filter_map(|name| entry(paper, study(paper, name)?, None))
        .collect();
    let lang = words::main_lang(paper.langs);
    let said = [
        (label!("word.out.version"), &head.number),
        (label!("word.out.date"), &head.date),
        (label!("word.out.comparedWith"), &head.base),
        (label!("word.out.note"), &head.note),
    ];
    for (label, value) in said
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
    {
        entries.push(Entry {
            name: words::label(paper.langs, label),
            cell: Cell {
                texts: vec![(lang, vec![body::text(SpanOp::Same, value)])],
            },
            fate: Fate::Both,
        });
    }
    entries
}

/// A fact as a labelled value; `None` when nothing of it is shown.
fn entry(paper: &Paper<'_>, line: &Line, name: Option<String>) -> Option<Entry> {
    if line.zh.is_empty() && line.en.is_empty() {
        return None;
    }
    let langs = paper.langs_of(line).into_iter();
    let texts = langs.map(|lang| (lang, line.spans(lang).to_vec()));
    Some(Entry {
        name: name.unwrap_or_else(|| words::field_name(paper.langs, &line.kind, &line.name)),
        cell: Cell::new(texts.collect()),
        fate: Fate::of(line),
    })
}

fn facts_row(
    paper: &mut Paper<'_>,
    story: &mut Story,
    (widths, is_head): (&[u32; 2], bool),
    entry: &Entry,
) {
    let lang = words::main_lang(paper.langs);
    let name = Cell {
        texts: vec![(lang, vec![body::text(SpanOp::Same, &entry.name)])],
    };
    story.xml.raw("<w:tr><w:trPr><w:cantSplit/>");
    story.xml.raw(if is_head { "<w:tblHeader/>" } else { "" });
    table::row_fate(paper, story, entry.fate);
    let styles = if is_head {
        ["TableHead"; 2]
    } else {
        ["TableKey", "TableText"]
    };
    for ((cell, style), width) in [&name, &entry.cell].into_iter().zip(styles).zip(widths) {
        table::begin_cell(story, (*width, 1), "", is_head);
        table::cell_texts(
            paper,
            story,
            (cell, entry.fate, style),
            ("", Owner::default()),
        );
        story.xml.raw("</w:tc>");
    }
    story.xml.raw("</w:tr>");
}

/// Writes the facts that changed; nothing when none did.
pub(super) fn changed_facts(paper: &mut Paper<'_>, story: &mut Story) {
    let entries: Vec<Entry> = facts(paper)
        .filter(|line| line.state != State::Same)
        .filter_map(|line| entry(paper, line, Some(name_of(paper, line))))
        .collect();
    if entries.is_empty() {
        return;
    }
    let lang = words::main_lang(paper.langs);
    let title = words::label(paper.langs, label!("word.out.changedFacts"));
    let spans = [body::text(SpanOp::Same, &title)];
    let para = Para {
        extra: NEW_PAGE,
        ..Para::plain("FrontHeading", &spans, lang)
    };
    paper.paragraph(story, &para, &[]);
    let widths = [grid::TEXT_WIDTH * 3 / 10, grid::TEXT_WIDTH * 7 / 10];
    table::open(story, &widths, ("TableGrid", true));
    let head = Entry {
        name: words::label(paper.langs, label!("word.out.fact")),
        cell: Cell {
            texts: vec![(
                lang,
                vec![body::text(
                    SpanOp::Same,
                    &words::label(paper.langs, label!("word.out.value")),
                )],
            )],
        },
        fate: Fate::Both,
    };
    facts_row(paper, story, (&widths, true), &head);
    for entry in &entries {
        facts_row(paper, story, (&widths, false), entry);
    }
    story.xml.raw("</w:tbl>");
    table::gap(paper, story, Fate::Both);
}

/// What a fact is called: of a part of the study with the part's own name in front.
fn name_of(paper: &Paper<'_>, line: &Line) -> String {
    let field = words::field_name(paper.langs, &line.kind, &line.name);
    let naming = match line.kind.as_str() {
        kind::ARM => "label",
        kind::INTERVENTION => "name",
        kind::OUTCOME => "measure",
        kind::IDENTIFIER => "id",
        _ => return field,
    };
    let is_name = |other: &&Line| other.entity == line.entity && other.name == naming;
    let name = facts(paper).find(is_name).map_or_else(String::new, |line| {
        let lang = paper.langs_of(line).first().copied().unwrap_or(Lang::Zh);
        new_text(line.spans(lang))
    });
    let of = words::field_name(paper.langs, &line.kind, naming);
    let name = if name.is_empty() {
        of
    } else {
        short(&name, 40)
    };
    format!("{name} · {field}")
}

/// The text of spans in the new document.
pub(super) fn new_text(spans: &[Span]) -> String {
    let new = spans.iter().filter(|span| span.op != SpanOp::Delete);
    new.map(|span| span.text.as_str()).collect()
}

/// Writes the contents: a field that Word brings up to date, with the headings in it already.
pub(super) fn contents(paper: &mut Paper<'_>, story: &mut Story) {
    let lines = paper.lines;
    let is_shown = |line: &&Line| {
        line.what == What::Title && Fate::of(line).is_new() && line.level <= CONTENTS_LEVEL
    };
    let mut entries = Vec::new();
    for line in lines.iter().filter(is_shown) {
        for lang in paper.langs_of(line) {
            let text = new_text(line.spans(lang));
            let is_known = entries.last() == Some(&(line, text.clone()));
            if !text.trim().is_empty() && !is_known {
                entries.push((line, text));
            }
        }
    }
    if entries.is_empty() {
        return;
    }
    let title = words::label(paper.langs, label!("word.out.contents"));
    story.xml.raw(
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val=\"Table of Contents\"/>\
         <w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>",
    );
    let spans = [body::text(SpanOp::Same, &title)];
    let para = Para {
        extra: NEW_PAGE,
        mark: "_pdFrontContents",
        ..Para::plain("TOCHeading", &spans, words::main_lang(paper.langs))
    };
    paper.paragraph(story, &para, &[]);
    for (n, (line, text)) in entries.iter().enumerate() {
        let style = format!("TOC{}", line.level.clamp(1, CONTENTS_LEVEL));
        let para = Para::plain(&style, &[], Lang::Zh);
        paper.begin(story, &para);
        if n == 0 {
            field_begin(story, &toc_code(paper.langs));
        }
        contents_entry(story, &paper::mark(&line.entity), text);
        if n + 1 == entries.len() {
            story.xml.raw(FIELD_END);
            let end = paper.begin_mark(story, "_pdFrontContentsEnd");
            paper::end_of(story, "w:bookmarkEnd", &end);
        }
        story.xml.raw("</w:p>");
    }
    story.xml.raw("</w:sdtContent></w:sdt>");
}

const FIELD_END: &str = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";

fn toc_code(langs: Langs) -> String {
    let mut code = format!("TOC \\o \"1-{CONTENTS_LEVEL}\" \\h \\z");
    if langs == Langs::Both {
        let second = (1..=CONTENTS_LEVEL).map(|level| format!("Heading {level} Second,{level}"));
        let styles = second.collect::<Vec<_>>().join(",");
        code.push_str(&format!(" \\t \"{styles}\""));
    }
    code
}

fn field_begin(story: &mut Story, code: &str) {
    let xml = &mut story.xml;
    xml.raw("<w:r><w:fldChar w:fldCharType=\"begin\" w:dirty=\"true\"/></w:r><w:r>");
    xml.open("w:instrText", &[("xml:space", "preserve")])
        .text(&format!(" {code} "))
        .raw("</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>");
}

fn contents_entry(story: &mut Story, mark: &str, text: &str) {
    let xml = &mut story.xml;
    xml.open("w:hyperlink", &[("w:anchor", mark), ("w:history", "1")]);
    xml.raw("<w:r>");
    run::words(xml, "w:t", &text.replace(['\n', '\t'], " "));
    xml.raw("</w:r><w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r>")
        .open("w:instrText", &[("xml:space", "preserve")])
        .text(&format!(" PAGEREF {mark} \\h "))
        .raw(
            "</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>\
             <w:r><w:t xml:space=\"preserve\"> </w:t></w:r>",
        )
        .raw(FIELD_END)
        .raw("</w:hyperlink>");
}

/// The study's title on one line; words for a study without one.
pub(super) fn title(paper: &Paper<'_>) -> String {
    let found = [titles(paper, "title"), titles(paper, "officialTitle")];
    let line = found.into_iter().flatten().next();
    let text = line.map_or_else(String::new, |(line, lang)| new_text(line.spans(lang)));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        words::label(paper.langs, label!("pdf.untitledStudy"))
    } else {
        text
    }
}

/// The principal investigator's name, for the properties of the file.
pub(super) fn investigator(paper: &Paper<'_>) -> String {
    let lines = titles(paper, "responsible.name");
    let first = lines.first();
    first.map_or_else(String::new, |(line, lang)| new_text(line.spans(*lang)))
}

/// The title, cut to half a line.
pub(super) fn header_title(paper: &Paper<'_>) -> String {
    short(&title(paper), HEADER_ROOM)
}

fn short(text: &str, room: usize) -> String {
    let mut left = room;
    let mut out = String::new();
    for ch in text.chars() {
        let wide = if run::is_han(ch) { 2 } else { 1 };
        if left < wide {
            return format!("{}…", out.trim_end());
        }
        left -= wide;
        out.push(ch);
    }
    out
}
