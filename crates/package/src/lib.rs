//! Puts PDFs of other people into one file of ours.
//!
//! Two steps, because nobody knows what is in an attachment. [`clean()`] reads one foreign file and
//! writes it anew: page tree, page sizes and rotations resolved, forms drawn into their pages,
//! actions left out, links and bookmarks kept. It runs in a process of its own with limits
//! ([`sandbox`], [`serve`]), and so are pages drawn for a look at them ([`picture()`]), their words read ([`text()`])
//! and blanks of forms filled ([`blank`]). [`merge()`] joins our own pages and such clean files: bookmarks,
//! stamps with room for them, the same bytes for the same input. No file, no clock, no network.

pub mod blank;
mod clean;
mod geometry;
mod helper;
mod merge;
mod object;
mod outline;
mod picture;
mod refusal;
pub mod sandbox;
mod stamp;
mod text;

pub use clean::{Clean, LooseFont, Sheet, clean};
pub use geometry::{Geometry, Rect};
pub use helper::{OtherWords, serve};
pub use merge::{Attachment, MergeError, Merged, Range, drop_claims, merge};
pub use picture::picture;
pub use refusal::Refusal;
pub use text::{Words, text};

/// The tagged hash of bytes.
pub fn hash(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(bytes);
    format!("sha256:{}", data_encoding::HEXLOWER.encode(&digest))
}
