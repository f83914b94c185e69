//! Search as you type over every text, Chinese from one character.
//!
//! Text is brought to one form ([`words`]), cut into words and, where it is Chinese, into
//! overlapping pairs of characters, and put into a contentless FTS5 index ([`index`]). A query is
//! cut the same way ([`query`]); the text around a hit is our own ([`excerpt`]), because the index
//! keeps no text.

pub(crate) mod excerpt;
pub(crate) mod index;
pub(crate) mod query;
pub mod words;

pub(crate) use index::{clear, clear_stream, hash_words, update};
