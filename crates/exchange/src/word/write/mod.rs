//! A protocol, a redline or a table of changes as a Word file.
//!
//! Values in, bytes out; the same values give the same bytes. A protocol is written as the redline
//! in which nothing changed (`flow`), a redline is brought into what Word can show (`settle`), so
//! there is one writer: `front` (cover, contents, changed
//! facts), `body` (sections, blocks), `block`, `table` and `grid`, `list`, `notes`, `picture`; the table of changes is `changes`; below them
//! `paper` (paragraphs and counters), `run` (text), `track` (on which side something stands);
//! around them `styles` and `package` (the parts of the file).
//!
//! Invariant: accepting every change of a redline gives the new protocol, refusing every one the
//! old one. Each section title and block carries the bookmark `_pd` + its id without dashes, once,
//! so that a file that comes back keeps its history.
//!
//! Source: ECMA-376-1 (2016), transitional: the kind that every Word and WPS reads.

mod block;
mod body;
mod changes;
mod flow;
mod front;
mod grid;
mod list;
mod notes;
mod package;
mod paper;
mod picture;
mod run;
mod settle;
mod story;
mod styles;
mod table;
mod track;
mod words;
mod xml;

pub use changes::write_change_table;
pub use track::Author;
pub(in crate::word) use xml::Xml;

use flow::Images;
use model::protocol::Protocol;
use model::word::WordBase;
use paper::Paper;
use redline::{Line, Redline};
use story::Story;

/// How every part begins.
pub(in crate::word) const HEAD: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// The namespace of text.
pub(in crate::word) const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// The language of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Langs {
    /// Chinese; English where there is no Chinese.
    Zh,
    /// English; Chinese where there is no English.
    En,
    /// Each Chinese paragraph with the English one behind it.
    Both,
}

/// What a document says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Number of the version; empty for the working text.
    pub number: String,
    /// Date of the version; empty when there is none. Time: `YYYY-MM-DD`.
    pub date: String,
    /// Number and date of the version that a redline compares with; empty otherwise.
    pub base: String,
    /// Whether every page says that it is a draft.
    pub is_draft: bool,
    /// What a reader must know of the versions, on the cover; empty when there is nothing.
    pub note: String,
    /// The state of the study that the text is, for when the file comes back; `None` for a file
    /// that is no study's.
    pub state: Option<WordBase>,
}

/// A finished file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// Remarks by label key (`word.out.…`), each once.
    pub warnings: Vec<&'static str>,
}

/// The two protocols of a redline, for the pictures, which it does not hold.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// The old one.
    pub old: &'a Protocol,
    /// The new one.
    pub new: &'a Protocol,
}

/// Writes a protocol.
pub fn write(protocol: &Protocol, head: &Head, langs: Langs) -> WordFile {
    let lines = flow::lines(protocol);
    let sides = (flow::images(protocol), flow::images(protocol));
    document(&lines, sides, (head, langs), &Author::default())
}

/// Writes a redline: the same document, with Word's own tracked changes.
pub fn write_redline(
    redline: &Redline,
    sides: Sides<'_>,
    head: &Head,
    langs: Langs,
    author: &Author,
) -> WordFile {
    let sides = (flow::images(sides.old), flow::images(sides.new));
    document(
        &settle::settle(&redline.lines, langs),
        sides,
        (head, langs),
        author,
    )
}

fn document(
    lines: &[Line],
    sides: (Images<'_>, Images<'_>),
    (head, langs): (&Head, Langs),
    author: &Author,
) -> WordFile {
    let lines: Vec<Line> = lines.iter().map(words::in_words).collect();
    let mut paper = Paper::new(langs, &lines, sides, author);
    let mut story = Story::default();
    front::cover(&mut paper, &mut story, head);
    front::contents(&mut paper, &mut story);
    front::changed_facts(&mut paper, &mut story);
    body::write(&mut paper, &mut story, head.state.as_ref());
    package::pack(paper, story, head, author)
}
