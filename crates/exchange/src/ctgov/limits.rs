//! How much of a file is read: own limits, far above any record that the registry has published.

/// Largest file. Units: bytes.
pub const BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most records in one file.
pub const RECORDS_MAX: usize = 5_000;
/// Most parts (sites, contacts, outcomes, lines of text …) of one record.
pub const PARTS_MAX: usize = 20_000;
/// Longest single text of a record. Units: characters.
pub const TEXT_CHARS_MAX: usize = 200_000;
