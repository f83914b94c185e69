//! Text with marks: bold, italic, links, notes.
//!
//! A text without marks is a plain JSON text. One with marks is `{"text": …, "marks": […]}`, each
//! mark `[from, to, kind]` or `["from", "to", "a", address]` over the text's characters. There is
//! one form for each text: marks sorted, joined where they touch, none empty except notes.

use crate::EntityId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;

/// A text with marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RichText {
    /// The text. Lines end at U+000A; the cells of a table row at U+0009.
    pub text: String,
    /// Its marks, in normal form.
    pub marks: Vec<Mark>,
}

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Where it begins. Units: characters (Unicode scalar values).
    pub from: u32,
    /// Where it ends; equal to the begin for a note.
    pub to: u32,
    /// What it is.
    pub kind: MarkKind,
    /// The address of a link; empty otherwise.
    pub href: String,
}

/// What a mark says; `code` is its word in stored values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub enum MarkKind {
    /// Bold.
    #[serde(rename = "b")]
    Bold,
    /// Italic.
    #[serde(rename = "i")]
    Italic,
    /// Underlined.
    #[serde(rename = "u")]
    Underline,
    /// Struck through.
    #[serde(rename = "s")]
    Strike,
    /// Lowered.
    #[serde(rename = "sub")]
    Sub,
    /// Raised.
    #[serde(rename = "sup")]
    Sup,
    /// A link.
    #[serde(rename = "a")]
    Link,
    /// Here a note is referred to: the n-th one of a block means the n-th block of type `note`
    /// behind it (behind the whole table, for rows).
    #[serde(rename = "fn")]
    Note,
}

impl MarkKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Bold,
        Self::Italic,
        Self::Underline,
        Self::Strike,
        Self::Sub,
        Self::Sup,
        Self::Link,
        Self::Note,
    ];

    /// Its word in stored values.
    pub fn code(self) -> &'static str {
        match self {
            Self::Bold => "b",
            Self::Italic => "i",
            Self::Underline => "u",
            Self::Strike => "s",
            Self::Sub => "sub",
            Self::Sup => "sup",
            Self::Link => "a",
            Self::Note => "fn",
        }
    }

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The text of a value without its marks; empty when it is no text.
pub fn plain(value: &Value) -> &str {
    value
        .as_str()
        .or_else(|| value.get("text")?.as_str())
        .unwrap_or("")
}

impl From<&str> for RichText {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            marks: Vec::new(),
        }
    }
}

impl From<String> for RichText {
    fn from(text: String) -> Self {
        Self {
            text,
            marks: Vec::new(),
        }
    }
}

impl RichText {
    /// Puts marks into normal form: within the text, sorted, joined where they touch.
    pub fn new(text: String, marks: Vec<Mark>) -> Self {
        let n = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let mut marks: Vec<Mark> = marks
            .into_iter()
            .map(|mark| Mark {
                from: mark.from.min(n),
                to: mark.to.min(n),
                ..mark
            })
            .filter(|mark| mark.from < mark.to || mark.kind == MarkKind::Note)
            .collect();
        marks.sort_by(|a, b| (a.kind, &a.href, a.from, a.to).cmp(&(b.kind, &b.href, b.from, b.to)));
        let mut joined: Vec<Mark> = Vec::with_capacity(marks.len());
        for mut mark in marks {
            if mark.kind == MarkKind::Note {
                mark.to = mark.from;
                joined.push(mark);
                continue;
            }
            match joined.last_mut() {
                Some(last)
                    if (last.kind, &last.href) == (mark.kind, &mark.href)
                        && mark.from <= last.to =>
                {
                    last.to = last.to.max(mark.to);
                }
                _ => joined.push(mark),
            }
        }
        joined.sort();
        Self {
            text,
            marks: joined,
        }
    }

    /// Reads a stored value; `None` when it is neither text nor text with marks. Unknown marks are
    /// left out.
    pub fn read(value: &Value) -> Option<Self> {
        if let Some(text) = value.as_str() {
            return Some(text.into());
        }
        let text = value.get("text")?.as_str()?.to_owned();
        let marks = match value.get("marks") {
            None => Vec::new(),
            Some(marks) => marks.as_array()?.iter().filter_map(read_mark).collect(),
        };
        Some(Self::new(text, marks))
    }

    /// The value to store; null for an empty text.
    pub fn to_value(&self) -> Value {
        if self.text.is_empty() {
            return Value::Null;
        }
        if self.marks.is_empty() {
            return self.text.clone().into();
        }
        let marks = self.marks.iter().map(|mark| match mark.kind {
            MarkKind::Link => json!([mark.from, mark.to, mark.kind.code(), mark.href]),
            kind => json!([mark.from, mark.to, kind.code()]),
        });
        let mut map = Map::new();
        map.insert("text".into(), self.text.clone().into());
        map.insert("marks".into(), marks.collect());
        Value::Object(map)
    }

    /// Whether there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The marks that cover a character, notes left out.
    pub fn marks_at(&self, place: u32) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(move |mark| {
            mark.from <= place && place < mark.to && mark.kind != MarkKind::Note
        })
    }

    /// A part of it, marks included. Units: characters.
    pub fn slice(&self, from: u32, to: u32) -> Self {
        let text = self
            .text
            .chars()
            .skip(from as usize)
            .take(to.saturating_sub(from) as usize)
            .collect();
        let cut = |at: u32| at.clamp(from, to) - from;
        let inside = |mark: &&Mark| {
            if mark.kind == MarkKind::Note {
                // At the seam of two parts a note belongs to the first.
                (from < mark.from || (from == 0 && mark.from == 0 && to > 0)) && mark.from <= to
            } else {
                mark.from < to && from < mark.to
            }
        };
        let marks = self.marks.iter().filter(inside).map(|mark| Mark {
            from: cut(mark.from),
            to: cut(mark.to),
            ..mark.clone()
        });
        Self::new(text, marks.collect())
    }

    /// Length. Units: characters.
    pub fn len(&self) -> u32 {
        u32::try_from(self.text.chars().count()).unwrap_or(u32::MAX)
    }

    /// Whether there is no character.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Adds another text behind it.
    pub fn push(&mut self, other: &Self) {
        let at = self.len();
        let mut marks = std::mem::take(&mut self.marks);
        marks.extend(other.marks.iter().map(|mark| Mark {
            from: mark.from + at,
            to: mark.to + at,
            ..mark.clone()
        }));
        let mut text = std::mem::take(&mut self.text);
        text.push_str(&other.text);
        *self = Self::new(text, marks);
    }
}

fn read_mark(value: &Value) -> Option<Mark> {
    let cells = value.as_array()?;
    let number = |at: usize| u32::try_from(cells.get(at)?.as_u64()?).ok();
    Some(Mark {
        from: number(0)?,
        to: number(1)?,
        kind: MarkKind::of(cells.get(2)?.as_str()?)?,
        href: cells
            .get(3)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
    })
}

/// The ids that a list register names.
pub(crate) fn ids_of(value: &Value) -> Vec<EntityId> {
    let items = value.get("list").and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(|id| EntityId::parse(id.as_str()?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(from: u32, to: u32, kind: MarkKind) -> Mark {
        Mark {
            from,
            to,
            kind,
            href: String::new(),
        }
    }

    #[test]
    fn a_text_without_marks_is_a_plain_text() {
        let text = RichText::new("口服 5 mg".into(), vec![mark(3, 3, MarkKind::Bold)]);
        assert_eq!(text.to_value(), json!("口服 5 mg"));
        assert_eq!(RichText::read(&text.to_value()), Some(text));
    }

    #[test]
    fn marks_have_one_form() {
        let text = RichText::new(
            "口服 5 mg".into(),
            vec![
                mark(4, 99, MarkKind::Bold),
                mark(0, 2, MarkKind::Italic),
                mark(3, 4, MarkKind::Bold),
                mark(7, 7, MarkKind::Note),
            ],
        );
        let value = json!({"text": "口服 5 mg", "marks": [[0, 2, "i"], [3, 7, "b"], [7, 7, "fn"]]});
        assert_eq!(text.to_value(), value);
        assert_eq!(RichText::read(&value), Some(text));
    }

    #[test]
    fn parts_put_together_give_the_whole() {
        let text = RichText::new(
            "abcdef".into(),
            vec![
                mark(1, 5, MarkKind::Bold),
                mark(3, 3, MarkKind::Note),
                mark(0, 0, MarkKind::Note),
            ],
        );
        for at in 0..=6 {
            let mut whole = text.slice(0, at);
            whole.push(&text.slice(at, 6));
            assert_eq!(whole, text, "cut at {at}");
        }
    }

    #[test]
    fn what_is_no_text_is_none() {
        assert_eq!(RichText::read(&json!({"list": ["a"]})), None);
        assert_eq!(plain(&json!({"text": "a", "marks": []})), "a");
        assert_eq!(plain(&json!(null)), "");
    }
}
