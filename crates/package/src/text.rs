//! The words of pages, for whoever looks for something in them.

use crate::refusal::Refusal;
use lopdf::{Dictionary, Document, Object, ObjectId};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Pages that are read; what stands further on is not. Units: pages.
const PAGES_MAX: usize = 300;
/// Longest text that is given. Units: bytes.
const TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What one page may unpack to. Units: bytes.
const PAGE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// One sign in so many may stay unknown on a page that counts as read: bullets, ornaments.
const UNKNOWN_OF: usize = 10;

/// The words of a page, or of a part of a file that is no PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Its text, as far as its fonts tell it; empty where a page is a picture.
    pub text: String,
    /// Whether that is all that stands on it.
    pub is_read: bool,
}

/// The words of each page.
///
/// # Errors
/// [`Refusal::Damaged`].
pub fn text(bytes: &[u8]) -> Result<Vec<Words>, Refusal> {
    let mut document = Document::load_mem(bytes).map_err(|_| Refusal::Damaged)?;
    by_their_maps(&mut document);
    let mut left = TEXT_BYTES_MAX;
    let pages = document.get_pages().into_iter().zip(1..);
    let pages = pages.map(|((number, id), nth)| {
        if nth > PAGES_MAX {
            return Words::unread();
        }
        let page = page(&document, number, id);
        let fits = page.text.len() <= left;
        left = left.saturating_sub(page.text.len());
        if fits { page } else { Words::unread() }
    });
    Ok(pages.collect())
}

impl Words {
    fn unread() -> Self {
        Self {
            text: String::new(),
            is_read: false,
        }
    }

    /// The words of a part that was read as a whole.
    pub(crate) fn whole(text: String) -> Self {
        let is_read = !text.trim().is_empty();
        Self { text, is_read }
    }
}

/// Lets fonts that say which letters their signs stand for say so, whatever they call the signs.
fn by_their_maps(document: &mut Document) {
    for object in document.objects.values_mut() {
        let Object::Dictionary(font) = object else {
            continue;
        };
        let is_named = matches!(font.get(b"Encoding"), Ok(Object::Name(_)));
        if font.has_type(b"Font") && font.has(b"ToUnicode") && !is_named {
            font.remove(b"Encoding");
        }
    }
}

fn page(document: &Document, number: u32, id: ObjectId) -> Words {
    let chunks = document.extract_text_chunks_with_limit(&[number], PAGE_BYTES_MAX);
    let is_told = chunks.iter().all(Result::is_ok);
    // What one font does not tell, another may.
    let text = joined(&chunks.into_iter().flatten().collect::<String>());
    let n_unknown = text.matches(char::REPLACEMENT_CHARACTER).count();
    let n_known = text.chars().filter(|ch| ch.is_alphanumeric()).count();
    let is_read = if n_known == 0 {
        is_blank(document, id)
    } else {
        is_told && n_unknown * UNKNOWN_OF <= n_known && fonts_tell(document, id)
    };
    Words { text, is_read }
}

/// Whether nothing is painted on a page.
fn is_blank(document: &Document, id: ObjectId) -> bool {
    let content = document.get_page_content_with_limit(id, PAGE_BYTES_MAX);
    content.is_ok_and(|content| content.iter().all(u8::is_ascii_whitespace))
}

/// Whether every font of a page says which letters its signs stand for.
fn fonts_tell(document: &Document, id: ObjectId) -> bool {
    let tells = |font: &Dictionary| {
        let name = |key: &[u8]| font.get(key).and_then(Object::as_name).unwrap_or_default();
        match name(b"Subtype") {
            _ if font.has(b"ToUnicode") => true,
            b"Type3" => false,
            b"Type0" => name(b"Encoding").starts_with(b"UniGB-"),
            _ => true,
        }
    };
    let fonts = document.get_page_fonts(id);
    fonts.is_ok_and(|fonts| fonts.values().all(|font| tells(font)))
}

/// Text in one piece: Chinese words go on over the end of a line or of a run of one font, and a
/// sign of a radical that stands for a word is that word.
fn joined(text: &str) -> String {
    let is_wide = |ch: Option<char>| ch.is_some_and(|ch| ch >= '\u{2e80}');
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '\n' if is_wide(out.chars().next_back()) || is_wide(chars.peek().copied()) => {}
            '\u{2e80}'..='\u{2fdf}' => out.extend(ch.nfkc()),
            _ => out.push(ch),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn chinese_words_go_on_over_the_end_of_a_line() {
        assert_eq!(
            joined("住\n院\n号：\n00123\nMRN\n7"),
            "住院号：00123\nMRN\n7"
        );
        assert_eq!(joined("⽅案"), "方案");
    }
}
