//! Which text is in the old document, in the new one, or in both, and how Word says so.

use super::xml::Xml;
use model::Lang;
use redline::{Line, SpanOp, State};

/// Who made the tracked changes, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// The name that Word shows at each change.
    pub name: String,
    /// Time: `YYYY-MM-DD`, or RFC 3339.
    pub at: String,
}

/// On which side a line or a paragraph stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Both,
    New,
    Gone,
    MovedTo,
    MovedFrom,
}

/// How a piece of text stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Track {
    Plain,
    Ins,
    Del,
    MoveTo,
    MoveFrom,
}

impl Fate {
    pub(super) fn of(line: &Line) -> Self {
        match &line.state {
            // Their ends are tracked one by one.
            State::Same | State::Changed | State::Split { .. } | State::Merged { .. } => Self::Both,
            State::Added => Self::New,
            State::Removed => Self::Gone,
            State::Moved { .. } => Self::MovedTo,
            State::MovedAway { .. } => Self::MovedFrom,
        }
    }

    pub(super) fn is_new(self) -> bool {
        matches!(self, Self::Both | Self::New | Self::MovedTo)
    }

    pub(super) fn is_old(self) -> bool {
        matches!(self, Self::Both | Self::Gone | Self::MovedFrom)
    }

    /// The same without a word of moving: what Word knows in tables and notes.
    pub(super) fn unmoved(self) -> Self {
        match self {
            Self::MovedTo => Self::New,
            Self::MovedFrom => Self::Gone,
            other => other,
        }
    }

    /// How a span stands; `None` when it belongs to the other place of what was moved.
    pub(super) fn track(self, op: SpanOp) -> Option<Track> {
        match (self, op) {
            (Self::Both, SpanOp::Same) => Some(Track::Plain),
            (Self::Both | Self::New | Self::MovedTo, SpanOp::Insert) => Some(Track::Ins),
            (Self::Both | Self::Gone, SpanOp::Delete) => Some(Track::Del),
            (Self::New, SpanOp::Same) => Some(Track::Ins),
            (Self::Gone, SpanOp::Same) => Some(Track::Del),
            (Self::MovedTo, SpanOp::Same) => Some(Track::MoveTo),
            (Self::MovedFrom, SpanOp::Same | SpanOp::Delete) => Some(Track::MoveFrom),
            (Self::New | Self::MovedTo, SpanOp::Delete)
            | (Self::Gone | Self::MovedFrom, SpanOp::Insert) => None,
        }
    }

    /// How the end of the paragraph stands.
    pub(super) fn mark(self) -> Track {
        match self {
            Self::Both => Track::Plain,
            Self::New => Track::Ins,
            Self::Gone => Track::Del,
            Self::MovedTo => Track::MoveTo,
            Self::MovedFrom => Track::MoveFrom,
        }
    }

    /// What becomes of one language's paragraph of a line that is on both sides.
    pub(super) fn of_paragraph(self, line: &Line, lang: Lang) -> Self {
        let spans = line.spans(lang);
        let other = line.spans(other(lang));
        let all = |op| !spans.is_empty() && spans.iter().all(|span| span.op == op);
        let other_has = |op| other.iter().any(|span| span.op != op);
        match self {
            Self::Both if all(SpanOp::Insert) && other_has(SpanOp::Insert) => Self::New,
            Self::Both if all(SpanOp::Delete) && other_has(SpanOp::Delete) => Self::Gone,
            fate => fate,
        }
    }
}

impl Track {
    /// The element that says so; empty for plain text.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Ins => "w:ins",
            Self::Del => "w:del",
            Self::MoveTo => "w:moveTo",
            Self::MoveFrom => "w:moveFrom",
        }
    }
}

/// The other language.
pub(super) fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    }
}

/// Numbers the changes and signs them.
#[derive(Debug)]
pub(super) struct Pen {
    author: String,
    at: String,
    /// The last id given to a change.
    last: u32,
}

impl Pen {
    pub(super) fn new(author: &Author) -> Self {
        let is_day = author.at.len() == "2026-01-01".len();
        Self {
            author: author.name.clone(),
            at: match author.at.as_str() {
                day if is_day => format!("{day}T00:00:00Z"),
                at => at.to_owned(),
            },
            last: 0,
        }
    }

    /// Opens `name` with id, author and date.
    pub(super) fn open(&mut self, xml: &mut Xml, name: &str) {
        let id = self.next();
        xml.open(name, &self.signed(&id));
    }

    /// The same without content.
    pub(super) fn empty(&mut self, xml: &mut Xml, name: &str) {
        let id = self.next();
        xml.empty(name, &self.signed(&id));
    }

    /// Begins the place that something was moved from or to; gives the id of its end.
    pub(super) fn range(&mut self, xml: &mut Xml, name: &str, title: &str) -> String {
        let id = self.next();
        let mut values = self.signed(&id);
        values.push(("w:name", title));
        xml.empty(name, &values);
        id
    }

    fn next(&mut self) -> String {
        self.last += 1;
        self.last.to_string()
    }

    fn signed<'a>(&'a self, id: &'a str) -> Vec<(&'static str, &'a str)> {
        let mut values = vec![("w:id", id), ("w:author", self.author.as_str())];
        if !self.at.is_empty() {
            values.push(("w:date", self.at.as_str()));
        }
        values
    }
}
