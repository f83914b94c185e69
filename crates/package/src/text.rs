//! The words of pages, for whoever looks for something in them.

use crate::refusal::Refusal;
use lopdf::Document;

/// Pages that are read; what stands further on is not. Units: pages.
const PAGES_MAX: usize = 300;
/// Longest text that is given. Units: bytes.
const TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What one page may unpack to. Units: bytes.
const PAGE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The text of each page, as far as its fonts tell it; empty where a page is a picture.
///
/// # Errors
/// [`Refusal::Damaged`].
pub fn text(bytes: &[u8]) -> Result<Vec<String>, Refusal> {
    let document = Document::load_mem(bytes).map_err(|_| Refusal::Damaged)?;
    let mut left = TEXT_BYTES_MAX;
    let pages = document.get_pages().into_keys().take(PAGES_MAX);
    let pages = pages.map(|page| {
        let chunks = document.extract_text_chunks_with_limit(&[page], PAGE_BYTES_MAX);
        // What one font does not tell, another may.
        let text: String = chunks.into_iter().flatten().collect();
        let fits = text.len() <= left;
        left = left.saturating_sub(text.len());
        if fits { text } else { String::new() }
    });
    Ok(pages.collect())
}
