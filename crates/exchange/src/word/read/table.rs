//! Tables: rows, cells, what is joined, what is put in and taken out.

use super::flow::{Cell, Flow, Row, Table, When};
use super::limits::COLUMNS_MAX;
use super::notices;
use super::reader::{Ctx, Reader, revise};
use super::xml::{Node, Ns, attr, child, elements, is_w, name, toggle, val};

impl Reader<'_> {
    /// Reads a table.
    pub(super) fn table(&mut self, node: Node<'_>, ctx: Ctx) -> Table {
        let mut table = Table::default();
        if let Some(grid) = child(node, "tblGrid") {
            let columns = elements(grid).filter(|column| is_w(*column, "gridCol"));
            let width = |column| attr(column, "w").and_then(width);
            table.widths = columns
                .map(|column| width(column).unwrap_or(0))
                .take(COLUMNS_MAX)
                .collect();
        }
        self.rows(node, ctx, &mut table);
        table
    }

    fn rows(&mut self, node: Node<'_>, ctx: Ctx, table: &mut Table) {
        for child in elements(node) {
            match name(child) {
                (Ns::W, "tr") => {
                    let row = self.row(child, ctx);
                    table.rows.push(row);
                }
                (Ns::W, "sdt" | "sdtContent" | "customXml") => self.rows(child, ctx, table),
                (Ns::W, "ins" | "moveTo") => self.rows(child, ctx.within(When::Put), table),
                (Ns::W, "del" | "moveFrom") => self.rows(child, ctx.within(When::Taken), table),
                (Ns::W, "bookmarkStart" | "commentRangeStart") => self.between(child),
                _ => {}
            }
        }
    }

    fn row(&mut self, node: Node<'_>, ctx: Ctx) -> Row {
        let mut row = Row {
            when: ctx.when,
            ..Row::default()
        };
        let mut n_skipped = 0_usize;
        if let Some(properties) = child(node, "trPr") {
            row.is_head = toggle(properties, "tblHeader").unwrap_or(false);
            // What is left out behind the last cell needs none: a row may be short.
            let before = val(properties, "gridBefore").and_then(|n| n.parse().ok());
            n_skipped = before.unwrap_or(0).min(COLUMNS_MAX);
            for (change, when) in [("ins", When::Put), ("del", When::Taken)] {
                if let Some(change) = child(properties, change) {
                    row.when = row.when.within(when);
                    revise(change, &mut row.revisions);
                }
            }
        }
        if n_skipped > 0 {
            row.cells.push(Cell {
                span: n_skipped,
                ..Cell::default()
            });
        }
        self.cells(node, ctx, &mut row);
        row
    }

    fn cells(&mut self, node: Node<'_>, ctx: Ctx, row: &mut Row) {
        for child in elements(node) {
            match name(child) {
                (Ns::W, "tc") => {
                    let (cell, is_joined) = self.cell(child, ctx);
                    // The older way of joining cells of a row; or more columns than are read.
                    let is_full = row.cells.len() >= COLUMNS_MAX;
                    match row.cells.last_mut().filter(|_| is_joined || is_full) {
                        Some(last) => {
                            last.span += if is_joined { cell.span } else { 0 };
                            last.flow.extend(cell.flow);
                        }
                        None => row.cells.push(cell),
                    }
                }
                (Ns::W, "sdt" | "sdtContent" | "customXml") => self.cells(child, ctx, row),
                (Ns::W, "bookmarkStart" | "commentRangeStart") => self.between(child),
                _ => {}
            }
        }
    }

    fn cell(&mut self, node: Node<'_>, ctx: Ctx) -> (Cell, bool) {
        let mut cell = Cell {
            span: 1,
            ..Cell::default()
        };
        let mut is_joined = false;
        if let Some(properties) = child(node, "tcPr") {
            let span = val(properties, "gridSpan").and_then(|span| span.parse().ok());
            cell.span = span.unwrap_or(1).clamp(1, COLUMNS_MAX);
            if let Some(merge) = child(properties, "vMerge") {
                let starts = attr(merge, "val") == Some("restart");
                cell.joined = if starts { "start" } else { "cont" };
            }
            if ["cellIns", "cellDel", "cellMerge"]
                .iter()
                .any(|change| child(properties, change).is_some())
            {
                self.notices.warn(notices::CELLS);
            }
            is_joined = child(properties, "hMerge")
                .is_some_and(|merge| attr(merge, "val") != Some("restart"));
        }
        cell.flow = self.flow(node, ctx);
        (cell, is_joined)
    }

    /// What stands between rows or cells belongs to the next paragraph.
    fn between(&mut self, node: Node<'_>) {
        let mut none: Vec<Flow> = Vec::new();
        self.block(node, Ctx::default(), &mut none);
    }
}

/// A width; strict files write a unit behind it.
fn width(text: &str) -> Option<u32> {
    let digits = text.split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse::<u32>().ok().map(|width| width.min(1_000_000))
}
