//! Filling cells of a sheet: one that is there keeps its looks, one that is not is put in order.

use super::super::beside::asks;
use super::super::splice::{Splices, append, escaped, inside, prefix};
use super::super::{TICK, TICKED};
use super::book::{Cell, Page, a1, named};
use super::is_box;
use crate::word::read::xml::{Node, elements};
use model::formset::{CellHow, CellValue, sheet_cell};
use std::collections::BTreeMap;

/// Most letters of a cell. Source: Excel's own limit.
const CELL_CHARS_MAX: usize = 32_767;

/// What is to be done to a cell.
#[derive(Default)]
struct Change {
    /// Words to write into it.
    words: String,
    /// Boxes to tick, from 1.
    boxes: Vec<usize>,
}

/// Fills the cells of a sheet.
pub(super) fn put(
    text: &str,
    root: Node<'_>,
    page: &Page<'_>,
    values: &[&CellValue],
    splices: &mut Splices,
    lost: &mut Vec<String>,
) {
    let mut changes: BTreeMap<(u32, u32), Change> = BTreeMap::new();
    for value in values {
        let Some(place) = sheet_cell(&value.at) else {
            continue;
        };
        let (row, column, ..) = page.area(place.row, place.column);
        let cell = page.cells.get(&(row, column));
        let n_boxes = cell.map_or(0, |cell| {
            cell.words.chars().filter(|ch| is_box(*ch)).count()
        });
        let is_tick = value.how == CellHow::Tick;
        let wanted = match place.tick_box {
            Some(n) => n,
            None if is_tick && n_boxes > 0 => 1,
            None => 0,
        };
        // A formula is the office's own work.
        let is_lost = wanted > n_boxes
            || (wanted > 0 && !is_tick)
            || cell.is_some_and(|cell| cell.has_formula)
            || named(root, "sheetData").is_none();
        if is_lost {
            lost.push(value.at.clone());
            continue;
        }
        let words = match value.how {
            CellHow::Tick if !value.ticked => continue,
            CellHow::Tick => TICK,
            _ => value.text.trim(),
        };
        if words.is_empty() {
            continue;
        }
        let change = changes.entry((row, column)).or_default();
        match wanted {
            0 => change.words = words.to_owned(),
            n => change.boxes.push(n),
        }
    }
    let mut missing: BTreeMap<u32, Vec<(u32, Change)>> = BTreeMap::new();
    for ((row, column), change) in changes {
        match page.cells.get(&(row, column)) {
            Some(cell) => rewrite(text, (row, column), cell, &change, splices),
            None => missing.entry(row).or_default().push((column, change)),
        }
    }
    if let Some(data) = named(root, "sheetData") {
        for (row, cells) in missing {
            insert(text, data, row, &cells, splices);
        }
    }
}

/// A cell that is there, with its looks and its words.
fn rewrite(
    text: &str,
    (row, column): (u32, u32),
    cell: &Cell<'_>,
    change: &Change,
    splices: &mut Splices,
) {
    let prefix = prefix(text, cell.node);
    let own = cell.node.attributes().filter_map(|one| {
        let is_kept = !matches!(one.name(), "t" | "r" | "cm" | "vm");
        is_kept.then(|| text.get(one.range()))?
    });
    let own: String = own.map(|one| format!(" {one}")).collect();
    let content = content(text, cell, change, prefix);
    splices.put(
        cell.node.range(),
        format!(
            "<{prefix}c r=\"{}\"{own} t=\"inlineStr\"><{prefix}is>{content}</{prefix}is></{prefix}c>",
            a1(row, column)
        ),
    );
}

fn content(text: &str, cell: &Cell<'_>, change: &Change, prefix: &str) -> String {
    let inline = named(cell.node, "is")
        .and_then(|string| inside(text, string))
        .and_then(|range| text.get(range))
        .map(|source| (source.to_owned(), prefix.to_owned()));
    let source = cell.source.clone().or(inline);
    if !change.boxes.is_empty() {
        let mut n = 0;
        let mut ticked = |ch: char| {
            n += usize::from(is_box(ch));
            match is_box(ch) && change.boxes.contains(&n) {
                true => TICKED,
                false => ch,
            }
        };
        // Looks stay where the names can be taken over as they are.
        return match source.filter(|(_, own)| own == prefix) {
            Some((source, _)) => source.chars().map(&mut ticked).collect(),
            None => plain(
                &cell.words.chars().map(&mut ticked).collect::<String>(),
                prefix,
            ),
        };
    }
    let words = cell.words.trim();
    if words.is_empty() {
        return plain(&change.words, prefix);
    }
    // Behind the office's own words.
    let between = if asks(words) { "" } else { " " };
    let behind = format!("{between}{}", change.words);
    match source.filter(|(source, own)| own == prefix && source.contains(&format!("<{prefix}r>"))) {
        Some((source, _)) => {
            // What tells how words are read aloud follows the last run.
            let close = format!("</{prefix}r>");
            let end = source
                .rfind(&close)
                .map_or(source.len(), |at| at + close.len());
            let runs = source.get(..end).unwrap_or_default();
            format!("{runs}<{prefix}r>{}</{prefix}r>", plain(&behind, prefix))
        }
        None => plain(&format!("{}{behind}", cell.words), prefix),
    }
}

fn plain(words: &str, prefix: &str) -> String {
    let words: String = words.chars().take(CELL_CHARS_MAX).collect();
    format!(
        "<{prefix}t xml:space=\"preserve\">{}</{prefix}t>",
        escaped(&words)
    )
}

/// Cells that the sheet does not have yet, in their order.
fn insert(text: &str, data: Node<'_>, row: u32, cells: &[(u32, Change)], splices: &mut Splices) {
    let prefix = prefix(text, data);
    let new = |column: u32, change: &Change| {
        format!(
            "<{prefix}c r=\"{}\" t=\"inlineStr\"><{prefix}is>{}</{prefix}is></{prefix}c>",
            a1(row, column),
            plain(&change.words, prefix)
        )
    };
    let number = |node: &Node<'_>| node.attribute("r").and_then(|r| r.parse::<u32>().ok());
    let rows: Vec<Node<'_>> = elements(data).collect();
    let Some(own) = rows.iter().find(|node| number(node) == Some(row)) else {
        let made: String = cells
            .iter()
            .map(|(column, change)| new(*column, change))
            .collect();
        let made = format!("<{prefix}row r=\"{row}\">{made}</{prefix}row>");
        let next = rows
            .iter()
            .find(|node| number(node).is_some_and(|n| n > row));
        match next {
            Some(next) => splices.insert(next.range().start, made),
            None => append(text, data, &made, splices),
        }
        return;
    };
    // Those that come before the same neighbour go in together.
    let mut at_end = String::new();
    let mut before: BTreeMap<usize, String> = BTreeMap::new();
    for (column, change) in cells {
        let is_behind = |node: &Node<'_>| {
            let place = node.attribute("r").map(|r| format!("x!{r}"));
            place.is_some_and(|place| sheet_cell(&place).is_some_and(|at| at.column > *column))
        };
        let made = new(*column, change);
        match elements(*own).find(is_behind) {
            Some(next) => before
                .entry(next.range().start)
                .or_default()
                .push_str(&made),
            None => at_end.push_str(&made),
        }
    }
    for (at, made) in before {
        splices.insert(at, made);
    }
    if !at_end.is_empty() {
        append(text, *own, &at_end, splices);
    }
}
