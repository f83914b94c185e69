//! Places of imported siblings: kept where the order is kept, made between where it is not.

use crate::ord;

/// Gives every sibling a place, in the order of the record; `None` keeps the one it has.
pub(crate) fn places(siblings: &[Option<String>]) -> Vec<Option<String>> {
    let kept = kept(siblings);
    let mut last: Option<String> = None;
    let mut given = Vec::with_capacity(siblings.len());
    for (at, sibling) in siblings.iter().enumerate() {
        if kept.contains(&at) {
            last.clone_from(sibling);
            given.push(None);
            continue;
        }
        let next = kept
            .iter()
            .find(|k| **k > at)
            .and_then(|k| siblings.get(*k)?.as_deref());
        let key = match (&last, next) {
            (None, None) => ord::nth(at),
            (last, next) => ord::between(last.as_deref(), next),
        };
        last = Some(key.clone());
        given.push(Some(key));
    }
    given
}

/// How many of a row must be moved to make it rise.
pub(crate) fn n_moved(row: &[Option<String>]) -> usize {
    row.len() - kept(row).len()
}

/// A longest rising row among the siblings that have a place.
pub(crate) fn kept(siblings: &[Option<String>]) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; siblings.len()];
    let key = |at: usize| siblings.get(at).and_then(Option::as_deref).unwrap_or("");
    for (at, sibling) in siblings.iter().enumerate() {
        if sibling.is_none() {
            continue;
        }
        let place = ends.partition_point(|end| key(*end) < key(at));
        let previous = place
            .checked_sub(1)
            .and_then(|place| ends.get(place))
            .copied();
        if let Some(slot) = before.get_mut(at) {
            *slot = previous;
        }
        match ends.get_mut(place) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut row = Vec::new();
    let mut open = ends.last().copied();
    while let Some(at) = open {
        row.push(at);
        open = before.get(at).copied().flatten();
    }
    row.reverse();
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(siblings: &[Option<&str>], n_given: usize) {
        let owned: Vec<Option<String>> = siblings.iter().map(|s| s.map(str::to_owned)).collect();
        let given = places(&owned);
        assert_eq!(given.iter().flatten().count(), n_given, "{siblings:?}");
        let all: Vec<String> = given
            .into_iter()
            .zip(owned)
            .map(|(new, old)| new.or(old).unwrap())
            .collect();
        assert!(all.is_sorted_by(|a, b| a < b), "{all:?}");
    }

    #[test]
    fn as_few_places_change_as_can_be() {
        check(&[None, None, None], 3);
        check(&[Some("0000V"), Some("0001V"), Some("0002V")], 0);
        check(&[Some("0000V"), None, Some("0001V")], 1);
        check(&[None, Some("0000V")], 1);
        check(
            &[Some("0003V"), Some("0000V"), Some("0001V"), Some("0002V")],
            1,
        );
        check(&[Some("0000V"), Some("0000V"), None], 2);
    }
}
