//! Reads canonical JSON: bytes that are exactly what [`crate::canonical::to_bytes`] would write.
//!
//! One pass decides about the form and makes the parts; a text is borrowed where nothing in it is
//! escaped. Bytes in any other spelling are no parts at all.

use crate::canonical::{DEPTH_MAX, INTEGER_MAX, order};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::cmp::Ordering;

/// What canonical bytes say.
pub(crate) enum Part<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Text(Cow<'a, str>),
    List(Vec<Part<'a>>),
    Object(Object<'a>),
}

/// An object's keys with their parts, in order.
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, Part<'a>)>);

impl<'a> Object<'a> {
    /// Takes a key out.
    pub(crate) fn take(&mut self, key: &str) -> Option<Part<'a>> {
        let place = self.0.iter().position(|(known, _)| known == key)?;
        Some(self.0.remove(place).1)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is left of it.
    pub(crate) fn into_entries(self) -> impl Iterator<Item = (String, Part<'a>)> {
        let entries = self.0.into_iter();
        entries.map(|(key, part)| (key.into_owned(), part))
    }

    /// What is left of it, as a map.
    pub(crate) fn into_map(self) -> Map<String, Value> {
        let entries = self.into_entries();
        entries
            .map(|(key, part)| (key, part.into_value()))
            .collect()
    }
}

impl Part<'_> {
    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(is) => is.into(),
            Self::Int(number) => number.into(),
            Self::Text(text) => Value::String(text.into_owned()),
            Self::List(items) => items.into_iter().map(Part::into_value).collect(),
            Self::Object(object) => Value::Object(object.into_map()),
        }
    }

    pub(crate) fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn as_natural(&self) -> Option<u64> {
        u64::try_from(self.as_int()?).ok()
    }
}

/// Reads canonical bytes; `None` when they are in any other form.
///
/// Source: RFC 8785 (2020), section 3.2, without floating-point numbers.
pub(crate) fn read(bytes: &[u8]) -> Option<Part<'_>> {
    let mut reader = Reader {
        rest: std::str::from_utf8(bytes).ok()?,
    };
    let part = reader.part(0)?;
    reader.rest.is_empty().then_some(part)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }

    /// The next character; all that have a meaning are ASCII.
    fn next(&mut self) -> Option<u8> {
        let next = self.peek()?;
        self.rest = self.rest.get(1..)?;
        Some(next)
    }

    fn word(&mut self, word: &str, part: Part<'a>) -> Option<Part<'a>> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(part)
    }

    fn part(&mut self, depth: usize) -> Option<Part<'a>> {
        if depth > DEPTH_MAX {
            return None;
        }
        match self.peek()? {
            b'"' => self.text().map(Part::Text),
            b'{' => self.object(depth).map(Part::Object),
            b'[' => self.list(depth).map(Part::List),
            b'n' => self.word("null", Part::Null),
            b't' => self.word("true", Part::Bool(true)),
            b'f' => self.word("false", Part::Bool(false)),
            _ => self.integer().map(Part::Int),
        }
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Part<'a>>> {
        self.next()?;
        let mut items = Vec::new();
        if self.peek()? == b']' {
            self.next()?;
            return Some(items);
        }
        loop {
            items.push(self.part(depth + 1)?);
            match self.next()? {
                b',' => {}
                b']' => return Some(items),
                _ => return None,
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Object<'a>> {
        self.next()?;
        let mut entries: Vec<(Cow<'a, str>, Part<'a>)> = Vec::new();
        if self.peek()? == b'}' {
            self.next()?;
            return Some(Object(entries));
        }
        loop {
            let key = self.text()?;
            let is_rising = entries
                .last()
                .is_none_or(|(last, _)| order(last, &key) == Ordering::Less);
            // Rising, so none twice.
            if !is_rising || self.next()? != b':' {
                return None;
            }
            entries.push((key, self.part(depth + 1)?));
            match self.next()? {
                b',' => {}
                b'}' => return Some(Object(entries)),
                _ => return None,
            }
        }
    }

    /// The characters up to one that ends or interrupts a text.
    fn plain(&mut self) -> Option<&'a str> {
        let is_special = |b: u8| matches!(b, b'"' | b'\\' | 0..0x20);
        let end = self.rest.bytes().position(is_special)?;
        let (plain, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(plain)
    }

    fn text(&mut self) -> Option<Cow<'a, str>> {
        if self.next()? != b'"' {
            return None;
        }
        let mut text = Cow::Borrowed(self.plain()?);
        loop {
            match self.next()? {
                b'"' => return Some(text),
                b'\\' => {}
                // A control character as it is.
                _ => return None,
            }
            let escaped = self.escaped()?;
            let whole = text.to_mut();
            whole.push(escaped);
            whole.push_str(self.plain()?);
        }
    }

    /// What stands behind a backslash; each character has one spelling.
    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'"' => '"',
            b'\\' => '\\',
            b'b' => '\u{8}',
            b't' => '\t',
            b'n' => '\n',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'u' => {
                let (digits, rest) = self.rest.split_at_checked(4)?;
                self.rest = rest;
                let is_digit = |b| matches!(b, b'0'..=b'9' | b'a'..=b'f');
                let code = u8::from_str_radix(digits, 16).ok()?;
                let has_no_other = code < 0x20 && !matches!(code, 8 | 9 | 10 | 12 | 13);
                (has_no_other && digits.bytes().all(is_digit)).then_some(char::from(code))?
            }
            _ => return None,
        })
    }

    fn integer(&mut self) -> Option<i64> {
        let digits = self.rest.strip_prefix('-').unwrap_or(self.rest);
        let n_digits = digits.bytes().take_while(u8::is_ascii_digit).count();
        let n_bytes = self.rest.len() - digits.len() + n_digits;
        let (number, rest) = self.rest.split_at_checked(n_bytes)?;
        self.rest = rest;
        let is_plain = number == "0" || !digits.starts_with('0');
        let value: i64 = number.parse().ok().filter(|_| is_plain)?;
        (-INTEGER_MAX..=INTEGER_MAX)
            .contains(&value)
            .then_some(value)
    }
}
