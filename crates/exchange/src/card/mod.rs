//! Address cards (vCard): 2.1, 3.0 and 4.0 in, 3.0 out.

mod build;
mod read;
mod refusal;
mod write;

pub use read::{CardFile, LeftOut, read};
pub use refusal::{CardFault, CardRefusal};
pub use write::{write, write_zip};

/// Largest file. Units: bytes.
pub const BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Most cards in one file.
pub const CARDS_MAX: usize = 20_000;
/// Longest value that is kept, but for pictures and sounds, which are not. Units: characters.
const VALUE_CHARS_MAX: usize = 20_000;
/// Most values of one card that are kept.
const VALUES_MAX: usize = 500;
