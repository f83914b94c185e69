//! Names of files that stand together in one folder.

use std::collections::BTreeMap;

/// Files of one name get a number.
pub(crate) fn apart(files: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = Vec::with_capacity(files.len());
    for (name, bytes) in files {
        let n = seen.entry(name.to_lowercase()).or_default();
        *n += 1;
        let name = match (*n, name.rsplit_once('.')) {
            (1, _) => name,
            (n, Some((stem, end))) => format!("{stem}_{n}.{end}"),
            (n, None) => format!("{name}_{n}"),
        };
        out.push((name, bytes));
    }
    out
}
