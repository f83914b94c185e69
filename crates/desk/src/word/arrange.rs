//! The order of what is here and what a file brings.

use crate::import::order;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// Puts what a file has, in its order, into a row: what only the row has stays where it is, what
/// stands elsewhere in the file moves, what is new comes behind what it follows in the file.
///
/// `is_passed` says that something new comes behind an item of the row that the file does not have.
pub(crate) fn arrange<T: Clone + Eq + Hash>(
    row: &[T],
    file: &[T],
    is_passed: impl Fn(&T, &T) -> bool,
) -> Vec<T> {
    let places: HashMap<&T, usize> = row
        .iter()
        .enumerate()
        .map(|(at, item)| (item, at))
        .collect();
    let here: Vec<&T> = file
        .iter()
        .filter(|item| places.contains_key(item))
        .collect();
    let keys: Vec<Option<String>> = here
        .iter()
        .map(|item| places.get(item).map(|place| format!("{place:08}")))
        .collect();
    let kept: HashSet<&T> = order::kept(&keys)
        .into_iter()
        .filter_map(|at| here.get(at).copied())
        .collect();
    let in_file: HashSet<&T> = file.iter().collect();
    let stays = |item: &&T| kept.contains(item) || !in_file.contains(item);
    let mut out: Vec<T> = row.iter().filter(stays).cloned().collect();
    let mut next = 0;
    for item in file {
        if kept.contains(item) {
            next = out
                .iter()
                .position(|known| known == item)
                .map_or(next, |at| at + 1);
            continue;
        }
        while let Some(known) = out.get(next)
            && !in_file.contains(known)
            && is_passed(item, known)
        {
            next += 1;
        }
        out.insert(next, item.clone());
        next += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(row: &str, file: &str, wanted: &str) {
        let row: Vec<char> = row.chars().collect();
        let file: Vec<char> = file.chars().collect();
        let out: String = arrange(&row, &file, |_, known| known.is_ascii_digit())
            .into_iter()
            .collect();
        assert_eq!(out, wanted, "{row:?} {file:?}");
    }

    #[test]
    fn what_only_one_of_them_has_keeps_its_place() {
        check("", "abc", "abc");
        check("abc", "", "abc");
        check("abc", "abc", "abc");
        check("abc", "axc", "axbc");
        check("abc", "xabcy", "xabcy");
        check("abcd", "bcda", "bcda");
        check("axbyc", "acb", "acxby");
        // Digits stand for what belongs to the item before them.
        check("a12b", "axb", "a12xb");
    }
}
