//! What becomes of a blank's mapping when the office gives out a new file.
//!
//! A place is known by the words beside it, not by its number: where a row was put in above it, it
//! goes along; where other words stand beside it now, it is the place of something else and is lost.

use super::blank::{BlankCell, BlankPlace};

/// A mapping held against a new file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// The cells that stand.
    pub cells: Vec<BlankCell>,
    /// Those that are somewhere else now: where they were.
    pub moved: Vec<String>,
    /// Those whose place is gone: where they were.
    pub lost: Vec<String>,
}

/// Holds a mapping against a new file. `before` are the places of the file that it was made on,
/// empty when that file is not here; `has` tells whether the new file has a place that is in no
/// list.
pub fn carry(
    cells: &[BlankCell],
    before: &[BlankPlace],
    after: &[BlankPlace],
    has: impl Fn(&str) -> bool,
) -> Carried {
    let mut carried = Carried::default();
    for cell in cells {
        let was = before.iter().find(|place| place.at == cell.at);
        let now = after.iter().find(|place| place.at == cell.at);
        let stays = match (was, now) {
            (Some(was), Some(now)) => is_same(was, now),
            // Chosen by hand in no list, or the old file is not here: its number is all there is.
            (None, _) => now.is_some() || has(&cell.at),
            (Some(_), None) => false,
        };
        let at = match (stays, was) {
            (true, _) => Some(cell.at.clone()),
            (false, Some(was)) => only(after, was).map(|place| place.at.clone()),
            (false, None) => None,
        };
        let is_free = |at: &String| carried.cells.iter().all(|other| other.at != *at);
        match at.filter(is_free) {
            Some(at) => {
                if at != cell.at {
                    carried.moved.push(cell.at.clone());
                }
                carried.cells.push(BlankCell { at, ..cell.clone() });
            }
            None => carried.lost.push(cell.at.clone()),
        }
    }
    carried
}

fn is_same(one: &BlankPlace, other: &BlankPlace) -> bool {
    let is_tick = |place: &BlankPlace| place.how == super::CellHow::Tick;
    one.label == other.label && one.says == other.says && is_tick(one) == is_tick(other)
}

/// The one place that is called the same; `None` when there are several or its words are none.
fn only<'a>(places: &'a [BlankPlace], wanted: &BlankPlace) -> Option<&'a BlankPlace> {
    let is_named = !wanted.label.is_empty() || !wanted.says.is_empty();
    let mut same = places.iter().filter(|place| is_same(place, wanted));
    match (same.next(), same.next()) {
        (Some(one), None) if is_named => Some(one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::CellHow;
    use super::*;

    fn place(at: &str, label: &str) -> BlankPlace {
        BlankPlace {
            at: at.into(),
            how: CellHow::Text,
            label: label.into(),
            holds: String::new(),
            says: String::new(),
        }
    }

    fn cell(at: &str) -> BlankCell {
        BlankCell {
            field: format!("basic.{at}"),
            at: at.into(),
            how: CellHow::Text,
            says: String::new(),
        }
    }

    #[test]
    fn a_mapping_follows_the_words_and_never_takes_the_place_of_something_else() {
        let cells = ["r1", "r2", "r3", "p9", "r4"].map(cell);
        let before = [
            place("r1", "名称"),
            place("r2", "编号"),
            place("r3", "电话"),
            place("r4", "日期"),
        ];
        // A row was put in after the first, and the telephone is no longer asked for.
        let after = [
            place("r1", "名称"),
            place("r2", "传真"),
            place("r3", "编号"),
            place("r4", "日期"),
            place("r5", "日期"),
        ];
        let carried = carry(&cells, &before, &after, |at| at == "p9");
        let now: Vec<(&str, &str)> = carried
            .cells
            .iter()
            .map(|one| (one.field.as_str(), one.at.as_str()))
            .collect();
        let want = [
            ("basic.r1", "r1"),
            ("basic.r2", "r3"),
            ("basic.p9", "p9"),
            ("basic.r4", "r4"),
        ];
        assert_eq!(now, want);
        assert_eq!(carried.moved, ["r2"]);
        assert_eq!(carried.lost, ["r3"]);
    }

    #[test]
    fn without_the_old_file_a_mapping_stays_where_its_places_are() {
        let after = [place("r1", "名称")];
        let carried = carry(&[cell("r1"), cell("r2")], &[], &after, |_| false);
        assert_eq!(carried.cells, [cell("r1")]);
        assert_eq!(carried.lost, ["r2"]);
    }

    #[test]
    fn two_places_of_one_name_are_not_guessed_between() {
        let before = [place("r1", "签名")];
        let after = [
            place("r1", "名称"),
            place("r2", "签名"),
            place("r3", "签名"),
        ];
        let carried = carry(&[cell("r1")], &before, &after, |_| true);
        assert!(carried.cells.is_empty());
        assert_eq!(carried.lost, ["r1"]);
    }
}
