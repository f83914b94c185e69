//! Sheets of a workbook, what their cells say, which of them are merged.

use super::super::BlankRefusal;
use super::super::docx::{utf8, without_mark};
use super::super::splice::{inside, prefix};
use crate::word::read::package::Package;
use crate::word::read::xml::{self, Node, elements, relation};
use model::formset::sheet_cell;
use std::collections::BTreeMap;

/// Most cells of a sheet that are looked at.
const CELLS_MAX: usize = 200_000;

/// Words that sheets share.
struct Shared {
    words: String,
    /// The words with their looks, as XML, and the prefix of its names.
    source: String,
    prefix: String,
}

/// A workbook.
pub(super) struct Book {
    /// Names of sheets, with their parts.
    pub(super) sheets: Vec<(String, String)>,
    shared: Vec<Shared>,
}

impl Book {
    pub(super) fn open(package: &mut Package<'_>) -> Result<Self, BlankRefusal> {
        let said = package
            .relations("")?
            .into_values()
            .find(|relation| relation.kind == "officeDocument" && !relation.is_outside);
        let main = said.map_or_else(|| "xl/workbook.xml".to_owned(), |said| said.target);
        if !main.to_lowercase().starts_with("xl/") {
            return Err(BlankRefusal::OtherKind);
        }
        let whole = utf8(package, &main)?.ok_or(BlankRefusal::OtherKind)?;
        let (_, text) = without_mark(&whole);
        let tree = xml::parse(&main, text)?;
        let relations = package.relations(&main)?;
        let sheets = named(tree.root_element(), "sheets").map_or_else(Vec::new, |sheets| {
            let parts = elements(sheets).filter_map(|sheet| {
                let target = relations.get(relation(sheet, "id")?)?;
                let is_sheet = target.kind == "worksheet" && !target.is_outside;
                is_sheet
                    .then(|| Some((sheet.attribute("name")?.to_owned(), target.target.clone())))?
            });
            parts.collect()
        });
        let strings = relations
            .values()
            .find(|relation| relation.kind == "sharedStrings" && !relation.is_outside);
        let mut shared = Vec::new();
        if let Some(strings) = strings
            && let Some(whole) = utf8(package, &strings.target)?
        {
            let (_, text) = without_mark(&whole);
            let tree = xml::parse(&strings.target, text)?;
            shared.extend(elements(tree.root_element()).map(|one| {
                let source = inside(text, one).and_then(|range| text.get(range));
                Shared {
                    words: words(one),
                    source: source.unwrap_or_default().to_owned(),
                    prefix: prefix(text, one).to_owned(),
                }
            }));
        }
        Ok(Self { sheets, shared })
    }

    /// The part of a sheet.
    pub(super) fn part(&self, sheet: &str) -> Option<&str> {
        let mut sheets = self.sheets.iter();
        let found = sheets.find(|(name, _)| name == sheet);
        found.map(|(_, part)| part.as_str())
    }
}

/// The first element of a name inside, in whichever dialect.
pub(super) fn named<'a>(of: Node<'a>, name: &str) -> Option<Node<'a>> {
    elements(of).find(|node| node.tag_name().name() == name)
}

/// The words of a string; what tells how it is read aloud is none of it.
fn words(of: Node<'_>) -> String {
    let mut out = String::new();
    for node in elements(of) {
        match node.tag_name().name() {
            "t" => out.push_str(node.text().unwrap_or_default()),
            "r" => out.push_str(&words(node)),
            _ => {}
        }
    }
    out
}

/// A cell.
pub(super) struct Cell<'a> {
    pub(super) node: Node<'a>,
    pub(super) words: String,
    pub(super) has_formula: bool,
    /// Its words with their looks, when it shares them: as XML, and the prefix of its names.
    pub(super) source: Option<(String, String)>,
}

/// A sheet.
pub(super) struct Page<'a> {
    /// Cells by row and column, from 1.
    pub(super) cells: BTreeMap<(u32, u32), Cell<'a>>,
    /// Merged cells: top, left, bottom, right.
    merged: Vec<(u32, u32, u32, u32)>,
}

impl<'a> Page<'a> {
    pub(super) fn read(root: Node<'a>, book: &Book) -> Self {
        let mut cells = BTreeMap::new();
        let rows = named(root, "sheetData").map(elements);
        for (row, n) in rows.into_iter().flatten().zip(1..) {
            let row_number = row.attribute("r").and_then(|r| r.parse().ok()).unwrap_or(n);
            for (cell, n) in elements(row).zip(1..) {
                if cells.len() >= CELLS_MAX {
                    break;
                }
                let at = cell.attribute("r").and_then(position);
                cells.insert(at.unwrap_or((row_number, n)), read_cell(cell, book));
            }
        }
        let list = named(root, "mergeCells").map(elements);
        let areas = list.into_iter().flatten().filter_map(|one| {
            let (from, to) = one.attribute("ref")?.split_once(':')?;
            let ((top, left), (bottom, right)) = (position(from)?, position(to)?);
            Some((top, left, bottom, right))
        });
        Self {
            cells,
            merged: areas.collect(),
        }
    }

    /// The merged area that a cell is in, else the cell itself.
    pub(super) fn area(&self, row: u32, column: u32) -> (u32, u32, u32, u32) {
        let is_in = |(top, left, bottom, right): &&(u32, u32, u32, u32)| {
            (*top..=*bottom).contains(&row) && (*left..=*right).contains(&column)
        };
        let found = self.merged.iter().find(is_in).copied();
        found.unwrap_or((row, column, row, column))
    }
}

fn read_cell<'a>(node: Node<'a>, book: &Book) -> Cell<'a> {
    let value = named(node, "v").and_then(|value| value.text());
    let shared = match node.attribute("t") {
        Some("s") => value
            .and_then(|n| n.trim().parse::<usize>().ok())
            .and_then(|n| book.shared.get(n)),
        _ => None,
    };
    let said = match (shared, node.attribute("t")) {
        (Some(shared), _) => shared.words.clone(),
        (None, Some("s")) => String::new(),
        (None, Some("inlineStr")) => named(node, "is").map_or_else(String::new, words),
        (None, _) => value.unwrap_or_default().to_owned(),
    };
    Cell {
        node,
        words: said,
        has_formula: named(node, "f").is_some(),
        source: shared.map(|shared| (shared.source.clone(), shared.prefix.clone())),
    }
}

/// Row and column of `B4`.
fn position(at: &str) -> Option<(u32, u32)> {
    let at = format!("x!{}", at.replace('$', ""));
    sheet_cell(&at).map(|place| (place.row, place.column))
}

/// `B4` of row and column.
pub(super) fn a1(row: u32, column: u32) -> String {
    let (mut letters, mut rest) = (String::new(), column);
    while rest > 0 {
        rest -= 1;
        let letter = u8::try_from(rest % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + letter));
        rest /= 26;
    }
    format!("{letters}{row}")
}
