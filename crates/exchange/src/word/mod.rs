//! Word files: a protocol as a document that people without this program read and change.
//!
//! [`read()`] makes sections, blocks and suggestions of one, `write` makes one.

mod pages;
pub mod read;
pub mod write;

pub use pages::write_pages;
pub use read::{WordRefusal, read};
