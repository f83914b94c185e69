//! What one document is written with: counters, notes, pictures, lists, and paragraphs.

use super::Langs;
use super::flow::Images;
use super::list::Lists;
use super::notes::{Owners, is_note, is_row};
use super::picture::Pictures;
use super::run::{self, Reference};
use super::settle;
use super::story::Story;
use super::track::{Author, Fate, Pen, Track};
use super::words;
use model::{EntityId, Lang};
use redline::{Line, Span, State, What};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Everything that grows while a document is written.
#[derive(Debug)]
pub(super) struct Paper<'a> {
    pub(super) langs: Langs,
    pub(super) lines: &'a [Line],
    /// Pictures of the old side and of the new one.
    pub(super) images: (Images<'a>, Images<'a>),
    pub(super) pen: Pen,
    pub(super) notes: Story,
    pub(super) n_notes: u32,
    pub(super) owners: Owners,
    pub(super) pictures: Pictures,
    pub(super) lists: Lists,
    pub(super) warnings: BTreeSet<&'static str>,
    /// Whether a section's title has been written.
    pub(super) has_sections: bool,
    n_bookmarks: u32,
    marked: HashSet<&'a EntityId>,
    moves: HashMap<(&'a EntityId, Lang), u32>,
}

/// A paragraph to write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Para<'t> {
    pub(super) style: &'t str,
    /// Further properties, in the order that the standard wants.
    pub(super) extra: &'t str,
    pub(super) spans: &'t [Span],
    pub(super) lang: Lang,
    /// How its text stands.
    pub(super) fate: Fate,
    /// How its end stands.
    pub(super) end: Track,
    /// The name of its bookmark; empty for none.
    pub(super) mark: &'t str,
    /// The name of the move that it is a half of; empty for none.
    pub(super) moved: &'t str,
    /// Style and properties before, where they changed.
    pub(super) before: Option<(&'t str, &'t str)>,
}

impl<'t> Para<'t> {
    /// A paragraph that nobody changed.
    pub(super) fn plain(style: &'t str, spans: &'t [Span], lang: Lang) -> Self {
        Self {
            style,
            extra: "",
            spans,
            lang,
            fate: Fate::Both,
            end: Track::Plain,
            mark: "",
            moved: "",
            before: None,
        }
    }

    /// The same on the side where it stands.
    pub(super) fn on(self, fate: Fate) -> Self {
        Self {
            fate,
            end: fate.mark(),
            ..self
        }
    }
}

impl<'a> Paper<'a> {
    pub(super) fn new(
        langs: Langs,
        lines: &'a [Line],
        images: (Images<'a>, Images<'a>),
        author: &Author,
    ) -> Self {
        Self {
            langs,
            lines,
            images,
            pen: Pen::new(author),
            notes: Story::default(),
            n_notes: 0,
            owners: Owners::of(lines),
            pictures: Pictures::default(),
            lists: Lists::default(),
            warnings: BTreeSet::new(),
            has_sections: false,
            n_bookmarks: 0,
            marked: HashSet::new(),
            moves: moves(lines, langs),
        }
    }

    /// The languages in which a line is written: those asked for that it has, else the other one.
    pub(super) fn langs_of(&self, line: &Line) -> Vec<Lang> {
        langs_of(line, self.langs)
    }

    /// The bookmark by which a line is known when the file comes back; empty when it has one
    /// already or is no longer in the protocol.
    pub(super) fn mark_of(&mut self, line: &'a Line) -> String {
        if !Fate::of(line).is_new() || !self.marked.insert(&line.entity) {
            return String::new();
        }
        mark(&line.entity)
    }

    /// The name of the move that a line's paragraph is a half of; empty when the other half is
    /// missing, so that it must be written as put in and taken out.
    pub(super) fn move_of(&self, line: &Line, lang: Lang) -> String {
        let key = (settle::old_id(line), lang);
        let is_moved = matches!(line.state, State::Moved { .. } | State::MovedAway { .. });
        match self.moves.get(&key) {
            Some(number) if is_moved => format!("move{number}"),
            _ => String::new(),
        }
    }

    /// Writes a paragraph. `notes`: see [`run::write`].
    pub(super) fn paragraph(&mut self, story: &mut Story, para: &Para<'_>, notes: &[Reference]) {
        self.begin(story, para);
        let move_end = self.begin_move(story, para);
        let mark_end = self.begin_mark(story, para.mark);
        run::write(self, story, (para.spans, para.fate, para.lang), notes);
        end_of(story, "w:bookmarkEnd", &mark_end);
        story.xml.raw("</w:p>");
        let name = match para.end {
            Track::MoveFrom => "w:moveFromRangeEnd",
            _ => "w:moveToRangeEnd",
        };
        end_of(story, name, &move_end);
    }

    /// The start of a paragraph and its properties.
    pub(super) fn begin(&mut self, story: &mut Story, para: &Para<'_>) {
        let xml = &mut story.xml;
        xml.raw("<w:p><w:pPr>");
        xml.empty("w:pStyle", &[("w:val", para.style)])
            .raw(para.extra);
        if para.end != Track::Plain {
            xml.raw("<w:rPr>");
            self.pen.empty(xml, para.end.name());
            xml.raw("</w:rPr>");
        }
        if let Some((style, extra)) = para.before {
            self.pen.open(xml, "w:pPrChange");
            xml.raw("<w:pPr>")
                .empty("w:pStyle", &[("w:val", style)])
                .raw(extra)
                .raw("</w:pPr></w:pPrChange>");
        }
        xml.raw("</w:pPr>");
    }

    /// Begins a bookmark; gives the id of its end.
    pub(super) fn begin_mark(&mut self, story: &mut Story, name: &str) -> String {
        if name.is_empty() {
            return String::new();
        }
        self.n_bookmarks += 1;
        let id = self.n_bookmarks.to_string();
        let values = [("w:id", id.as_str()), ("w:name", name)];
        story.xml.empty("w:bookmarkStart", &values);
        id
    }

    fn begin_move(&mut self, story: &mut Story, para: &Para<'_>) -> String {
        let name = match para.end {
            _ if para.moved.is_empty() => return String::new(),
            Track::MoveFrom => "w:moveFromRangeStart",
            Track::MoveTo => "w:moveToRangeStart",
            _ => return String::new(),
        };
        self.pen.range(&mut story.xml, name, para.moved)
    }
}

/// Ends what [`Paper::begin_mark`] began.
pub(super) fn end_of(story: &mut Story, name: &str, id: &str) {
    if !id.is_empty() {
        story.xml.empty(name, &[("w:id", id)]);
    }
}

/// The bookmark of an entity.
pub(super) fn mark(entity: &EntityId) -> String {
    format!("_pd{}", entity.as_str().replace('-', ""))
}

/// The moves of which both halves are there, numbered.
fn moves(lines: &[Line], langs: Langs) -> HashMap<(&EntityId, Lang), u32> {
    let mut from = HashSet::new();
    let mut to = Vec::new();
    // Word moves paragraphs; a row or a note is put in and taken out.
    let can_move = |line: &&Line| !is_row(line) && !is_note(line);
    for line in lines.iter().filter(can_move) {
        for lang in langs_of(line, langs) {
            let mut spans = line.spans(lang).iter();
            let mut has = |fate: Fate| spans.any(|span| fate.track(span.op).is_some());
            let key = (settle::old_id(line), lang);
            match line.state {
                State::MovedAway { .. } if has(Fate::MovedFrom) => {
                    from.insert(key);
                }
                State::Moved { .. } if has(Fate::MovedTo) => to.push(key),
                _ => {}
            }
        }
    }
    to.retain(|key| from.remove(key));
    to.into_iter().zip(1..).collect()
}

/// See [`Paper::langs_of`].
pub(super) fn langs_of(line: &Line, langs: Langs) -> Vec<Lang> {
    let has = |lang: &Lang| !line.spans(*lang).is_empty();
    let wanted = words::langs(langs).iter().copied();
    let mut shown: Vec<Lang> = wanted.filter(has).collect();
    if shown.is_empty() {
        shown.extend([Lang::Zh, Lang::En].into_iter().find(has));
    }
    if shown.is_empty() {
        shown.push(words::main_lang(langs));
    }
    // A title that reads the same in both is there once.
    if line.what == What::Title && line.zh == line.en {
        shown.truncate(1);
    }
    shown
}
