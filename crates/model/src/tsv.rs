//! Reads the tab-separated tables that are compiled in.

/// Rows of a table with a head line; blank lines and lines that start with `#` are skipped.
pub(crate) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .skip(1)
        .map(|line| line.split('\t').collect())
}
