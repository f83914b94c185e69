//! Names of files that stand together in one folder.

use std::collections::BTreeMap;

/// Names that are taken, in letters of either case.
#[derive(Default)]
pub(crate) struct Names(BTreeMap<String, usize>);

impl Names {
    /// A name, with a number where it is taken; taken from then on.
    pub(crate) fn free(&mut self, name: String) -> String {
        let n = self.0.entry(name.to_lowercase()).or_default();
        *n += 1;
        match (*n, name.rsplit_once('.')) {
            (1, _) => name,
            (n, Some((stem, end))) => format!("{stem}_{n}.{end}"),
            (n, None) => format!("{name}_{n}"),
        }
    }
}

/// Files of one name get a number.
pub(crate) fn apart(files: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    let mut names = Names::default();
    let files = files.into_iter();
    files
        .map(|(name, bytes)| (names.free(name), bytes))
        .collect()
}
