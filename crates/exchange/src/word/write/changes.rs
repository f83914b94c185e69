//! The table of changes as a document: where, before, after, why.

use super::flow::Images;
use super::notes::Owner;
use super::paper::{Paper, Para};
use super::story::Story;
use super::table::{self, Cell};
use super::track::{Author, Fate};
use super::{Head, Langs, WordFile, body, flow, front, package, words};
use model::protocol::Protocol;
use model::rich::MarkKind;
use model::{Label, Lang, kind, label};
use redline::table::{Change, ChangeRow};
use redline::{Span, SpanOp, What};

/// Number, section, before, after, reason. Units: twips.
const WIDTHS: [u32; 5] = [720, 1650, 2650, 2650, 1400];

/// Writes the rows of a redline as a table, empty where nobody wrote the reason yet; `summary`
/// stands above it and may be empty. What was taken out is struck, what was put in underlined:
/// a table to read and to sign, without tracked changes.
pub fn write_change_table(
    rows: &[ChangeRow],
    protocol: &Protocol,
    head: &Head,
    langs: Langs,
    summary: &str,
) -> WordFile {
    let lines: Vec<_> = flow::lines(protocol).iter().map(words::in_words).collect();
    let none = (Images::new(), Images::new());
    let author = Author::default();
    let mut paper = Paper::new(langs, &lines, none, &author);
    let mut story = Story::default();
    top(&mut paper, &mut story, (head, summary));
    table::open(&mut story, &WIDTHS, ("TableGrid", true));
    let labels = [
        label!("pdf.no"),
        label!("word.out.section"),
        label!("word.out.was"),
        label!("word.out.now"),
        label!("word.out.why"),
    ];
    let cells = labels.map(|label| said(langs, &words::label(langs, label)));
    write_row(&mut paper, &mut story, &cells, true);
    for (n, row) in rows.iter().enumerate() {
        let lang_of = |zh: &[Span], en: &[Span]| texts(&paper, row, (zh, en));
        let was = or_word(langs, row, lang_of(&row.was_zh, &row.was_en), Change::Added);
        let now = or_word(
            langs,
            row,
            lang_of(&row.now_zh, &row.now_en),
            Change::Removed,
        );
        let number = said(langs, &(n + 1).to_string());
        let why = match langs {
            Langs::Zh => vec![&row.why_zh],
            Langs::En => vec![&row.why_en],
            Langs::Both => vec![&row.why_zh, &row.why_en],
        };
        let why: Vec<&str> = why.into_iter().map(String::as_str).collect();
        let cells = [
            number,
            place(langs, row),
            was,
            now,
            said(langs, why.join("\n").trim()),
        ];
        write_row(&mut paper, &mut story, &cells, false);
    }
    story.xml.raw("</w:tbl>");
    table::gap(&mut paper, &mut story, Fate::Both);
    package::pack(paper, story, head, &author)
}

fn top(paper: &mut Paper<'_>, story: &mut Story, (head, summary): (&Head, &str)) {
    let langs = paper.langs;
    let title = words::label(langs, label!("word.out.changeTable"));
    let mut said = vec![("TOCHeading", title), ("Subtitle", front::title(paper))];
    let colon = match langs {
        Langs::En => ": ",
        Langs::Zh | Langs::Both => "：",
    };
    let version = [head.number.trim(), head.date.trim()];
    let version = version.into_iter().filter(|text| !text.is_empty());
    let version = version.collect::<Vec<_>>().join(" · ");
    for (label, value) in [
        (label!("word.out.comparedWith"), head.base.trim()),
        (label!("word.out.version"), version.as_str()),
        (label!("word.out.summary"), summary.trim()),
    ] {
        if !value.is_empty() {
            let name = words::label(langs, label);
            said.push(("BodyText", format!("{name}{colon}{value}")));
        }
    }
    for (style, text) in said {
        let spans = [body::text(SpanOp::Same, &text)];
        let para = Para::plain(style, &spans, words::main_lang(langs));
        paper.paragraph(story, &para, &[]);
    }
}

fn write_row(paper: &mut Paper<'_>, story: &mut Story, cells: &[Cell; 5], is_head: bool) {
    story.xml.raw("<w:tr><w:trPr>");
    story.xml.raw(if is_head {
        "<w:cantSplit/><w:tblHeader/>"
    } else {
        ""
    });
    table::row_fate(paper, story, Fate::Both);
    let style = if is_head { "TableHead" } else { "TableText" };
    for (cell, width) in cells.iter().zip(WIDTHS) {
        table::begin_cell(story, (width, 1), "", is_head);
        table::cell_texts(
            paper,
            story,
            (cell, Fate::Both, style),
            ("", Owner::default()),
        );
        story.xml.raw("</w:tc>");
    }
    story.xml.raw("</w:tr>");
}

fn said(langs: Langs, text: &str) -> Cell {
    Cell {
        texts: vec![(
            words::main_lang(langs),
            vec![body::text(SpanOp::Same, text)],
        )],
    }
}

/// Where the change is: the section's title, or what the fact is called; and what happened.
fn place(langs: Langs, row: &ChangeRow) -> Cell {
    let title = words::pair(langs, &row.title_zh, &row.title_en);
    let title = match (row.what, title.trim()) {
        (What::Fact, "") => words::field_name(langs, &row.kind, &row.name),
        (What::Fact, title) if row.name != "notApplicable" => title.to_owned(),
        (_, "") if row.title_zh.is_empty() && row.title_en.is_empty() => {
            words::label(langs, label!("pdf.redline.frontText"))
        }
        (_, "") => words::pair(langs, &format!("{}{}", row.title_zh, row.title_en), ""),
        (_, title) => title.to_owned(),
    };
    let what = words::label(langs, word(row.change));
    let what = match langs {
        Langs::En => format!("({what})"),
        Langs::Zh | Langs::Both => format!("（{what}）"),
    };
    said(langs, &format!("{}\n{what}", title.trim()))
}

fn word(change: Change) -> &'static Label {
    match change {
        Change::Changed => label!("word.out.change.changed"),
        Change::Added => label!("word.out.change.added"),
        Change::Removed => label!("word.out.change.removed"),
        Change::Moved => label!("word.out.change.moved"),
        Change::Split => label!("word.out.change.split"),
        Change::Merged => label!("word.out.change.merged"),
    }
}

/// The texts of one side in the languages of the document.
fn texts(paper: &Paper<'_>, row: &ChangeRow, (zh, en): (&[Span], &[Span])) -> Cell {
    let of = |lang| match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    let mut langs: Vec<Lang> = words::langs(paper.langs).to_vec();
    langs.retain(|lang| !of(*lang).is_empty());
    if langs.is_empty() {
        langs.extend(
            [Lang::Zh, Lang::En]
                .into_iter()
                .find(|lang| !of(*lang).is_empty()),
        );
    }
    Cell::new(
        langs
            .into_iter()
            .map(|lang| (lang, looks(row, of(lang), lang)))
            .collect(),
    )
}

/// Spans to read: struck and underlined instead of tracked.
fn looks(row: &ChangeRow, spans: &[Span], lang: Lang) -> Vec<Span> {
    if row.what == What::Fact && row.kind != kind::SECTION {
        let text: String = spans.iter().map(|span| span.text.as_str()).collect();
        if let Some(words) = words::coded_text(&row.kind, &row.name, &text, lang) {
            let changed = spans.iter().find(|span| span.op != SpanOp::Same);
            return vec![Span {
                marks: changed.and_then(|span| mark(span.op)).into_iter().collect(),
                ..body::text(SpanOp::Same, &words)
            }];
        }
    }
    let with = |span: &Span| {
        let marks = span.marks.iter().copied().chain(mark(span.op));
        Span {
            op: SpanOp::Same,
            text: span.text.replace('\u{2029}', "\n").replace('\t', " | "),
            marks: marks.collect(),
            href: String::new(),
        }
    };
    let is_text = |span: &&Span| !span.text.is_empty();
    spans.iter().filter(is_text).map(with).collect()
}

fn mark(op: SpanOp) -> Option<MarkKind> {
    match op {
        SpanOp::Same => None,
        SpanOp::Insert => Some(MarkKind::Underline),
        SpanOp::Delete => Some(MarkKind::Strike),
    }
}

/// A dash where there is nothing on this side because all of it is new or gone.
fn or_word(langs: Langs, row: &ChangeRow, cell: Cell, change: Change) -> Cell {
    if cell.texts.is_empty() && row.change == change {
        said(langs, "—")
    } else {
        cell
    }
}
