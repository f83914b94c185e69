//! Word files: a protocol as a document that people without this program read and change.
//!
//! `write` makes it.

pub mod write;
