//! An Excel blank. `book`: sheets, words, merged cells. `put`: filling cells.
//!
//! A filled cell holds its words itself, so that the words that all sheets share stay as they are.

mod book;
mod put;

use super::beside::{Words, asks, options, plain};
use super::docx::utf8;
use super::docx::without_mark;
use super::splice::Splices;
use super::{BOXES, BlankRefusal, PLACES_MAX, TICKED};
use crate::word::read::package::Package;
use crate::word::read::xml;
use book::{Book, Page, a1};
use model::formset::{BlankPlace, CellHow, CellValue, sheet_cell};
use std::collections::BTreeMap;

/// Lists the places.
pub(super) fn places(package: &mut Package<'_>) -> Result<Vec<BlankPlace>, BlankRefusal> {
    let book = Book::open(package)?;
    let mut out = Vec::new();
    for (name, part) in &book.sheets {
        let Some(whole) = utf8(package, part)? else {
            continue;
        };
        let (_, text) = without_mark(&whole);
        let tree = xml::parse(part, text)?;
        let page = Page::read(tree.root_element(), &book);
        of_sheet(name, &page, &mut out);
    }
    Ok(out)
}

fn of_sheet(name: &str, page: &Page<'_>, out: &mut Vec<BlankPlace>) {
    let mut beside = Words::default();
    for ((row, column), cell) in &page.cells {
        let (_, _, down, right) = page.area(*row, *column);
        // A cell that reaches over others is beside whatever is beside any of them.
        for row in *row..=down.min(row + 200) {
            for column in *column..=right.min(column + 64) {
                beside.note(row, column, &cell.words);
            }
        }
    }
    for ((row, column), cell) in &page.cells {
        let (top, left, ..) = page.area(*row, *column);
        if out.len() >= PLACES_MAX || cell.has_formula || (top, left) != (*row, *column) {
            continue;
        }
        let at = format!("{name}!{}", a1(*row, *column));
        let mut add = |at: String, how, label: &str, holds: &str, says: &str| {
            out.push(BlankPlace {
                at,
                how,
                label: plain(label).chars().take(200).collect(),
                holds: holds.to_owned(),
                says: says.to_owned(),
            });
        };
        let label = beside.beside(*row, *column);
        let words = cell.words.as_str();
        if words.trim().is_empty() {
            if !label.is_empty() {
                add(at, CellHow::Text, &label, "", "");
            }
            continue;
        }
        let (before, after) = options(words, is_box);
        if after.is_empty() {
            let next_is_free = {
                let next = (*row, page.area(*row, *column).3 + 1);
                page.cells
                    .get(&next)
                    .is_some_and(|next| next.words.trim().is_empty())
            };
            if asks(words) && !next_is_free {
                add(at, CellHow::Text, words, "", "");
            }
            continue;
        }
        let label = if before.is_empty() { &label } else { &before };
        for (says, n) in after.iter().zip(1..) {
            add(format!("{at}/b{n}"), CellHow::Tick, label, "□", says);
        }
    }
}

fn is_box(ch: char) -> bool {
    BOXES.contains(&ch) || ch == TICKED
}

/// Fills places; gives the parts that changed and the places that are lost.
pub(super) fn fill(
    package: &mut Package<'_>,
    values: &[CellValue],
) -> Result<(BTreeMap<String, String>, Vec<String>), BlankRefusal> {
    let book = Book::open(package)?;
    let mut by_sheet: BTreeMap<&str, Vec<&CellValue>> = BTreeMap::new();
    let mut lost = Vec::new();
    for value in values {
        let part = sheet_cell(&value.at).and_then(|place| book.part(place.sheet));
        match part {
            Some(part) => by_sheet.entry(part).or_default().push(value),
            None => lost.push(value.at.clone()),
        }
    }
    let mut parts = BTreeMap::new();
    for (part, values) in by_sheet {
        let whole = utf8(package, part)?.ok_or(BlankRefusal::Damaged)?;
        let (mark, text) = without_mark(&whole);
        let tree = xml::parse(part, text)?;
        let page = Page::read(tree.root_element(), &book);
        let mut splices = Splices::default();
        put::put(
            text,
            tree.root_element(),
            &page,
            &values,
            &mut splices,
            &mut lost,
        );
        if splices.is_empty() {
            continue;
        }
        let filled = splices.apply(text);
        // What was put in must not have broken the part.
        xml::parse(part, &filled)?;
        parts.insert(part.to_lowercase(), format!("{mark}{filled}"));
    }
    Ok((parts, lost))
}
