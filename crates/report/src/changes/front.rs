//! The first page of a redline, and the table of changes.

use super::reading::say;
use super::span::{self, View};
use super::{RedlineMeta, RedlineStyle};
use crate::dossier;
use crate::file::Cover;
use crate::node::{self, Cell, Column, Fact, Manner, Node, Piece, Run, Table};
use crate::parts::protocol::number_of;
use crate::parts::{chapter, history, letter};
use crate::pen::Pen;
use crate::version::VersionLabel;
use model::version::{ApprovalRow, SiteStanding};
use model::{Entity, Label, Lang, kind, label};
use redline::table::Change;
use redline::{ChangeRow, Redline, Span, SpanOp, What};

/// What the document is called.
pub(super) fn title(style: RedlineStyle) -> &'static Label {
    if style == RedlineStyle::Clean {
        label!("pdf.redline.cleanTitle")
    } else {
        label!("pdf.redline.title")
    }
}

/// “Version 1.0 · 2026-01-05 → Version 2.0 · 2026-03-05”.
pub(super) fn versions(pen: &mut Pen<'_>, meta: &RedlineMeta<'_>) -> String {
    let to = short(pen, &meta.to);
    if meta.style == RedlineStyle::Clean {
        return to;
    }
    format!("{} → {to}", short(pen, &meta.from))
}

fn short(pen: &mut Pen<'_>, label: &VersionLabel) -> String {
    let line = pen.version_line(label);
    if line.is_empty() {
        label!("pdf.working").text(pen.main_lang()).to_owned()
    } else {
        line
    }
}

pub(super) fn cover(
    pen: &mut Pen<'_>,
    root: &Entity,
    redline: &Redline,
    meta: &RedlineMeta<'_>,
) -> Cover {
    let mut titles = pen.value(root, "title");
    if titles.is_empty() {
        titles = pen.value(root, "officialTitle");
    }
    if titles.is_empty() {
        titles = pen.label_cell(label!("pdf.untitledStudy"));
    }
    let mut rows = dossier::cover_facts(pen, root, &["number.org", "responsible.name", "sponsor"]);
    let site = meta.site.and_then(|id| meta.now.entity(id));
    let mut notes = Cell::new();
    if let Some(site) = site {
        let committee = letter::committee(pen, site);
        let hospital = crate::parts::sites::facility(pen, site);
        let named = if committee.is_empty() {
            hospital
        } else {
            committee
        };
        rows.push(Fact::new(pen.label(label!("pdf.form.committee")), named));
    }
    let old = version(pen, &meta.from, meta);
    rows.push(Fact::new(pen.label(label!("pdf.redline.from")), old));
    if let Some(site) = site {
        let standing = pen.opts.standing.site(&site.id);
        match standing.filter(|standing| standing.current.is_some()) {
            Some(standing) if standing.current == meta.from.id => {
                let row = letter_of(meta, standing);
                let said = history::approved(pen, &row).into_iter().collect();
                rows.push(Fact::new(pen.label(label!("pdf.redline.base")), said));
            }
            Some(standing) => {
                let params = [("number", standing.number.as_str())];
                notes = pen.sentence(label!("pdf.redline.otherBase"), &params);
            }
            None => notes = pen.sentence(label!("pdf.redline.notBase"), &[]),
        }
    }
    let new = version(pen, &meta.to, meta);
    rows.push(Fact::new(pen.label(label!("pdf.redline.to")), new));
    for label in [&meta.from, &meta.to] {
        notes.extend(pen.missing_note(label));
    }
    if meta.disputed > 0 {
        let n = meta.disputed.to_string();
        notes.extend(pen.sentence(label!("word.out.disputed"), &[("n", &n)]));
    }
    rows.extend(reasons(pen, meta));
    if meta.style != RedlineStyle::Clean {
        let count = [
            ("changed", redline.counts.changed),
            ("added", redline.counts.added),
            ("removed", redline.counts.removed),
            ("moved", redline.counts.moved),
        ]
        .map(|(name, n)| (name, n.to_string()));
        let params: Vec<(&str, &str)> = count.iter().map(|(name, n)| (*name, n.as_str())).collect();
        let counts = pen.sentence(label!("pdf.redline.counts"), &params);
        rows.push(Fact::new(pen.label(label!("pdf.redline.changes")), counts));
        rows.push(Fact::new(
            pen.label(label!("pdf.redline.legend")),
            legend(pen, redline, meta.style),
        ));
    }
    Cover {
        kind: pen.label(title(meta.style)),
        titles,
        facts: rows,
        notes,
        more: Vec::new(),
        foot: dossier::center(pen),
    }
}

/// What the committee said of the base: its letter, or what was noted by hand with the site.
fn letter_of(meta: &RedlineMeta<'_>, standing: &SiteStanding) -> ApprovalRow {
    let row = meta.from.approval(&standing.site).cloned();
    row.unwrap_or_else(|| ApprovalRow {
        id: standing.site.clone(),
        site: standing.site.clone(),
        site_name: standing.site_name.clone(),
        status: "approved".to_owned(),
        submitted_on: String::new(),
        decided_on: standing.approved_on.clone(),
        letter: standing.letter.clone(),
        valid_until: standing.valid_until.clone(),
        interval_months: None,
        conditions: String::new(),
        conflict: false,
        counts: true,
        approved_on: Some(standing.approved_on.clone()),
    })
}

/// A version with its state and its own name.
fn version(pen: &mut Pen<'_>, label: &VersionLabel, meta: &RedlineMeta<'_>) -> Cell {
    let line = short(pen, label);
    let state = match meta.site {
        Some(site) => pen.state_at(label, site),
        None => pen.state_word(label),
    };
    let mut words = if line == state || state.is_empty() {
        line
    } else {
        format!("{line} · {state}")
    };
    if !label.is_frozen() {
        words = line_of_working(pen, label);
    }
    let mut out = vec![pen.text(&words, None)];
    if !label.hash.is_empty() {
        let hash = label!("pdf.hash").fill(pen.main_lang(), &[("hash", &label.hash)]);
        out.push(Run {
            k: Manner::Mute,
            ..pen.text(&hash, None)
        });
    }
    out
}

fn line_of_working(pen: &mut Pen<'_>, label: &VersionLabel) -> String {
    let word = pen.word(label!("pdf.working"));
    let line = pen.version_line(label);
    if label.number.is_empty() {
        word
    } else {
        format!("{line} · {word}")
    }
}

/// Reason and summary of the new version.
fn reasons(pen: &mut Pen<'_>, meta: &RedlineMeta<'_>) -> Vec<Fact> {
    let row = meta
        .to
        .id
        .as_ref()
        .and_then(|id| pen.opts.standing.version(id));
    let Some(row) = row else {
        return Vec::new();
    };
    let reason = history::reason(pen, row);
    let summary = history::summary(pen, row);
    [("reason", reason), ("summary", summary)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| Fact::new(pen.name_of(kind::VERSION, field), value))
        .collect()
}

/// What the marks mean, each in its own look.
fn legend(pen: &Pen<'_>, redline: &Redline, style: RedlineStyle) -> Cell {
    let sample = |label: &Label, c: node::Change| {
        let mut run = Run::default();
        run.put(Piece {
            s: pen.word(label),
            c,
            ..Piece::default()
        });
        run.close();
        run
    };
    let mut out = vec![
        sample(label!("pdf.redline.inserted"), node::Change::Ins),
        sample(label!("pdf.redline.deleted"), node::Change::Del),
    ];
    if redline.counts.moved > 0 && style != RedlineStyle::SideBySide {
        out.push(sample(label!("pdf.redline.movedText"), node::Change::Move));
    }
    out.push(Run {
        k: Manner::Mute,
        ..pen.label(label!("pdf.redline.bar"))
    });
    out
}

/// The table of changes: where, what it was, what it is, why.
pub(super) fn table(pen: &mut Pen<'_>, rows: &[ChangeRow], meta: &RedlineMeta<'_>) -> Vec<Node> {
    // Where nobody wrote why a change was made, the reason of the amendment stands for it.
    let why = meta
        .to
        .id
        .as_ref()
        .and_then(|id| pen.opts.standing.version(id))
        .map_or_else(Cell::new, |row| history::reason(pen, row));
    let mut table = Table::new(vec![
        Column::fixed(pen.label(label!("pdf.redline.section")), 30.0),
        Column::share(pen.label(label!("pdf.redline.was")), 1.0).kept(),
        Column::share(pen.label(label!("pdf.redline.now")), 1.0).kept(),
        Column::fixed(pen.label(label!("pdf.redline.why")), 26.0).kept(),
    ]);
    for row in rows {
        let section = section(pen, row);
        let was = texts(pen, row, View::Old);
        let mut now = texts(pen, row, View::New);
        let shows = |cell: &Cell| {
            let pieces = cell.iter().flat_map(|run| &run.p);
            pieces.clone().any(|piece| piece.c != node::Change::None)
        };
        let unseen = row.change == Change::Changed && !shows(&was) && !shows(&now);
        if unseen {
            say(&mut now, unseen_change(pen, row));
        } else if let Some(remark) = remark(pen, row, meta) {
            say(&mut now, remark);
        }
        let own = history::both(pen, &row.why_zh, &row.why_en);
        let why = if own.is_empty() { why.clone() } else { own };
        table.push(vec![section, was, now, why]);
    }
    let Some(Node::Table(mut table)) = table.closed() else {
        return Vec::new();
    };
    // Old and new are of one weight, whatever stands in them.
    for column in table.columns.iter_mut().filter(|column| column.fr > 0.0) {
        column.fr = 1.0;
    }
    vec![
        chapter(pen, label!("pdf.redline.table")).plain(),
        Node::Table(table),
    ]
}

/// What changed where the printed texts show no change.
fn unseen_change(pen: &Pen<'_>, row: &ChangeRow) -> String {
    let all = [&row.was_zh, &row.was_en, &row.now_zh, &row.now_en];
    let marked = |spans: &&Vec<Span>| spans.iter().any(|span| span.op != SpanOp::Same);
    pen.word(if all.iter().any(marked) {
        label!("pdf.redline.otherLanguage")
    } else {
        label!("pdf.redline.form")
    })
}

/// Where a change is: the section with its number, or the fact by its name.
fn section(pen: &mut Pen<'_>, row: &ChangeRow) -> Cell {
    if row.what == What::Fact && row.section.is_none() {
        let name = match crate::pen::find_field(&row.kind, &row.name) {
            Some(field) => pen.pair(field.zh, field.en),
            None => row.name.clone(),
        };
        return vec![pen.text(&name, None)];
    }
    let (zh, en) = (row.title_zh.trim(), row.title_en.trim());
    let words = match (zh.is_empty(), en.is_empty()) {
        (false, false) if pen.both() => {
            let number = number_of(en);
            let same = !number.is_empty() && number == number_of(zh);
            let rest = if same {
                en[number.len()..].trim_start()
            } else {
                en
            };
            format!("{zh} {rest}")
        }
        (false, false) => pen.pair(zh, en),
        (true, _) => en.to_owned(),
        (_, true) => zh.to_owned(),
    };
    if words.trim().is_empty() {
        return vec![pen.label(label!("pdf.redline.frontText"))];
    }
    vec![pen.text(&words, None)]
}

/// What happened, where the texts beside each other do not show it.
fn remark(pen: &Pen<'_>, row: &ChangeRow, meta: &RedlineMeta<'_>) -> Option<String> {
    let label = match row.change {
        Change::Moved => {
            let from = row.from.as_ref().and_then(|id| meta.doc.entity(id));
            let title = from.map_or("", |section| section.text_in("title", pen.main_lang()));
            let number = number_of(title);
            let name = if number.is_empty() { title } else { number };
            if name.is_empty() || row.from == row.section {
                label!("pdf.redline.movedWithin")
            } else {
                let label = label!("pdf.redline.movedFrom");
                let words = [Lang::Zh, Lang::En].map(|lang| label.fill(lang, &[("section", name)]));
                return Some(pen.pair(&words[0], &words[1]));
            }
        }
        Change::Split => label!("pdf.redline.split"),
        Change::Merged => label!("pdf.redline.merged"),
        Change::Changed | Change::Added | Change::Removed => return None,
    };
    Some(pen.word(label))
}

/// A side of a row in the languages to print.
fn texts(pen: &mut Pen<'_>, row: &ChangeRow, view: View) -> Cell {
    // A fact is told as in the table of facts: codes in words.
    if row.what == What::Fact && row.section.is_none() {
        return fact(pen, row, view);
    }
    let (zh, en) = sides(row, view);
    let langs = pen.langs();
    let mut out: Cell = Cell::new();
    for lang in langs.iter().copied().chain([Lang::Zh, Lang::En]) {
        if !langs.contains(&lang) && !out.is_empty() {
            break;
        }
        let spans = if lang == Lang::Zh { zh } else { en };
        let run = span::run(pen, spans, view, false);
        if !run.s.trim().is_empty() && !out.contains(&run) {
            out.push(run);
        }
    }
    out
}

fn sides(row: &ChangeRow, view: View) -> (&[Span], &[Span]) {
    if view == View::Old {
        (&row.was_zh, &row.was_en)
    } else {
        (&row.now_zh, &row.now_en)
    }
}

fn fact(pen: &mut Pen<'_>, row: &ChangeRow, view: View) -> Cell {
    let (zh, en) = sides(row, view);
    span::fact_of(pen, (&row.kind, &row.name), [zh, en], view)
}
