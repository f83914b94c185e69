//! Footnotes: which note a reference points to, on each side of a redline.

use super::paper::{self, Paper};
use super::run::{self, Reference};
use super::track::{self, Fate, Track};
use model::Lang;
use redline::{Line, Span, SpanOp, What};
use std::collections::{HashMap, HashSet};

/// A note's line and the language of the text that is taken from it.
type Taken = (usize, Lang);

/// The notes that stand behind each block and each table.
#[derive(Debug, Default)]
pub(super) struct Owners {
    /// By owner, for the new side and the old one; and how far each language has read.
    new: Side,
    old: Side,
    /// The owner that each line is or belongs to.
    owners: Vec<Owner>,
    /// The table that each row belongs to.
    tables: Vec<String>,
}

#[derive(Debug, Default)]
struct Side {
    notes: HashMap<usize, Vec<usize>>,
    next: HashMap<(usize, Lang), usize>,
    used: HashSet<Taken>,
}

/// Behind which line the notes of a reference stand, on the old side and on the new one; of a table,
/// its first row there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Owner {
    pub(super) old: Option<usize>,
    pub(super) new: Option<usize>,
}

/// Whether a line is a row of a table.
pub(super) fn is_row(line: &Line) -> bool {
    line.what == What::Block && line.kind == "row"
}

/// Whether a line is a note.
pub(super) fn is_note(line: &Line) -> bool {
    line.what == What::Block && line.kind == "note"
}

impl Owners {
    pub(super) fn of(lines: &[Line]) -> Self {
        let tables = tables(lines);
        let (mut old, mut new) = (Walk::default(), Walk::default());
        let mut owners = Self::default();
        for ((at, line), table) in lines.iter().enumerate().zip(&tables) {
            let fate = Fate::of(line);
            owners.owners.push(Owner {
                old: fate
                    .is_old()
                    .then(|| old.step(&mut owners.old, (at, line, table))),
                new: fate
                    .is_new()
                    .then(|| new.step(&mut owners.new, (at, line, table))),
            });
        }
        owners.tables = tables;
        owners
    }

    /// Whose notes a line refers to.
    pub(super) fn owner(&self, at: usize) -> Owner {
        self.owners.get(at).copied().unwrap_or_default()
    }

    /// The table that a row belongs to.
    pub(super) fn table(&self, at: usize) -> &str {
        self.tables.get(at).map_or("", String::as_str)
    }

    /// On which side nobody refers to a note; `None` when both do, or it is on neither.
    pub(super) fn left(&self, (at, lang): Taken, fate: Fate) -> Option<Fate> {
        let new = fate.is_new() && !self.new.used.contains(&(at, lang));
        let old = fate.is_old() && !self.old.used.contains(&(at, lang));
        match (old, new) {
            (true, true) => Some(Fate::Both),
            (false, true) => Some(Fate::New),
            (true, false) => Some(Fate::Gone),
            (false, false) => None,
        }
    }
}

impl Side {
    fn next(&mut self, owner: usize, lang: Lang) -> Option<usize> {
        let place = self.next.entry((owner, lang)).or_default();
        *place += 1;
        self.notes.get(&owner)?.get(*place - 1).copied()
    }
}

/// A walk along the lines of one side.
#[derive(Default)]
struct Walk<'a> {
    owner: usize,
    /// The table whose rows it is among.
    table: Option<&'a str>,
}

impl<'a> Walk<'a> {
    /// Takes a line; gives its owner.
    fn step(&mut self, side: &mut Side, (at, line, table): (usize, &Line, &'a str)) -> usize {
        if is_note(line) {
            side.notes.entry(self.owner).or_default().push(at);
            self.table = None;
        } else if !(is_row(line) && self.table == Some(table)) {
            self.owner = at;
            self.table = is_row(line).then_some(table);
        }
        self.owner
    }
}

/// The table that each row belongs to. A row that is gone and stands between two rows of one table
/// is that table's, whatever it was called in the old protocol.
fn tables(lines: &[Line]) -> Vec<String> {
    let mut tables: Vec<String> = lines.iter().map(|line| line.table.clone()).collect();
    let mut before: Option<usize> = None;
    for at in 0..lines.len() {
        if !is_row(&lines[at]) {
            before = None;
        } else if Fate::of(&lines[at]).is_new() {
            if let Some(before) = before.filter(|before| tables[*before] == tables[at]) {
                let word = tables[at].clone();
                tables[before..at].fill(word);
            }
            before = Some(at);
        }
    }
    tables
}

/// Writes the notes that a paragraph refers to, those of its owner on the old side and on the new; gives the id of each reference that is written.
pub(super) fn write(
    paper: &mut Paper<'_>,
    owner: Owner,
    (spans, fate, lang): (&[Span], Fate, Lang),
) -> Vec<Reference> {
    let mut ids = Vec::new();
    for span in spans.iter().filter(|span| run::is_note(span)) {
        let Some(track) = fate.track(span.op) else {
            continue;
        };
        let new = owner
            .new
            .filter(|_| fate.is_new() && span.op != SpanOp::Delete);
        let new = new.and_then(|owner| paper.owners.new.next(owner, lang));
        let old = owner
            .old
            .filter(|_| fate.is_old() && span.op != SpanOp::Insert);
        let old = old.and_then(|owner| paper.owners.old.next(owner, lang));
        ids.push(note(paper, (old, new), track, lang));
    }
    ids
}

/// Writes one note: the old text, the new one, or what changed between them.
fn note(
    paper: &mut Paper<'_>,
    (old, new): (Option<usize>, Option<usize>),
    track: Track,
    lang: Lang,
) -> Reference {
    let at = new.or(old)?;
    // A note may be out of reach of its reference on one side only.
    let track = match (track, old, new) {
        (Track::Plain, None, Some(_)) => Track::Ins,
        (Track::Plain, Some(_), None) => Track::Del,
        (track, ..) => track,
    };
    let lines = paper.lines;
    paper.n_notes += 1;
    let id = paper.n_notes.to_string();
    let mark = match new.and_then(|at| lines.get(at)) {
        Some(line) => paper.mark_of(line),
        None => String::new(),
    };
    let mut story = std::mem::take(&mut paper.notes);
    story.xml.open("w:footnote", &[("w:id", &id)]);
    story.xml.raw(
        "<w:p><w:pPr><w:pStyle w:val=\"FootnoteText\"/></w:pPr><w:r><w:rPr>\
         <w:rStyle w:val=\"FootnoteReference\"/></w:rPr><w:footnoteRef/></w:r>\
         <w:r><w:t xml:space=\"preserve\"> </w:t></w:r>",
    );
    let end = paper.begin_mark(&mut story, &mark);
    let mut part = |at: usize, fate: Fate| {
        let line = &lines[at];
        let lang = lang_of(line, lang);
        if fate.is_new() {
            paper.owners.new.used.insert((at, lang));
        }
        if fate.is_old() {
            paper.owners.old.used.insert((at, lang));
        }
        run::write(paper, &mut story, (line.spans(lang), fate, lang), &[]);
    };
    match (old, new) {
        _ if old == new => part(at, Fate::Both),
        (old, new) => {
            if let Some(old) = old {
                part(old, Fate::Gone);
            }
            if let Some(new) = new {
                part(new, Fate::New);
            }
        }
    }
    paper::end_of(&mut story, "w:bookmarkEnd", &end);
    story.xml.raw("</w:p></w:footnote>");
    paper.notes = story;
    Some((id, track))
}

/// The language asked for, or the other one where there is no text in it.
fn lang_of(line: &Line, lang: Lang) -> Lang {
    if line.spans(lang).is_empty() && !line.spans(track::other(lang)).is_empty() {
        track::other(lang)
    } else {
        lang
    }
}
