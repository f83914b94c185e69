//! An office's own blank of a form: which file it is, and which place in it takes which field.
//!
//! Places, by kind of file, counted from 1:
//!
//! - Word: steps that lead into the text, joined by `/`: `t2` a table, `r3c1` its row and cell,
//!   `p4` a paragraph; so `t1/r3c2` is a cell, `t1/r3c2/t1/r1c1` a cell of a table within it. A
//!   paragraph may end in `b2` (its second tick box) or `g1` (its first gap of underscores).
//!   Instead: `tag:NAME` a content control, `mark:NAME` a bookmark.
//! - Excel: `SHEET!B4`; `SHEET!B4/b2` the second tick box in it.
//! - PDF: `field:NAME` a field to fill in; `page:2@X,Y,W,H` a rectangle as a reader sees the page,
//!   from its upper left corner. Units: points.

use super::SetForm;
use crate::reference::Bilingual;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An office's own blank of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Blank {
    /// The hash of its bytes, as files are named: `sha256:…`.
    pub sha256: String,
    /// The name of the file.
    pub name: String,
    /// What it is.
    pub kind: BlankKind,
    /// Its places that are filled.
    #[serde(default)]
    pub cells: Vec<BlankCell>,
}

/// What kind of file a blank is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BlankKind {
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// PDF, with fields to fill in or without.
    Pdf,
}

/// A place of a blank that takes a field of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlankCell {
    /// The field: `PART.FIELD`, or one of its facts: `PART.FIELD#2`.
    pub field: String,
    /// Where it stands in the file; see the head of this file.
    pub at: String,
    /// How it is put there.
    #[serde(default)]
    pub how: CellHow,
    /// For a tick: what the value must say for it to be set; empty for any value but "no".
    #[serde(default)]
    pub says: String,
}

/// How a value is put into its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CellHow {
    /// Text.
    #[default]
    Text,
    /// A tick: □ becomes ☑, a check box is set.
    Tick,
    /// A day, as the form's language writes it.
    Date,
    /// Text of several lines.
    Lines,
}

/// A value for a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellValue {
    /// The place.
    pub at: String,
    /// How it is put there.
    pub how: CellHow,
    /// What is put there.
    pub text: String,
    /// Whether a tick is set.
    pub ticked: bool,
}

/// A place found in a blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlankPlace {
    /// Where it is.
    pub at: String,
    /// How it would be filled.
    pub how: CellHow,
    /// The words beside it.
    pub label: String,
    /// What stands in it now.
    pub holds: String,
    /// For a tick: the words behind its box.
    #[serde(default)]
    pub says: String,
}

/// A field proposed for a place; nothing follows from it until a person agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlankProposal {
    /// The place.
    pub place: BlankPlace,
    /// The field, or one of its facts, as a cell names it; empty when none is like it.
    pub field: String,
    /// What the form calls the field.
    pub label: Option<Bilingual>,
    /// How alike the words are. Units: percent.
    pub likeness: u8,
}

impl BlankKind {
    /// By the end of a file's name.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, end) = name.rsplit_once('.')?;
        match end.to_lowercase().as_str() {
            "docx" => Some(Self::Docx),
            "xlsx" => Some(Self::Xlsx),
            "pdf" => Some(Self::Pdf),
            _ => None,
        }
    }

    /// The end of its name.
    pub fn end(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }
}

/// What is wrong with the blank of a form.
pub(super) fn faults(form: &SetForm) -> Vec<String> {
    let Some(blank) = &form.blank else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    let hash = blank.sha256.strip_prefix("sha256:").unwrap_or_default();
    if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        faults.push(format!("{}: blank", form.key));
    }
    if BlankKind::of_name(&blank.name) != Some(blank.kind) {
        faults.push(format!("{}: blank {}", form.key, blank.name));
    }
    for (at, cell) in blank.cells.iter().enumerate() {
        let place = format!("{}: {}", form.key, cell.at);
        if super::named(form, &cell.field).is_none() {
            faults.push(format!("{place}: field {}", cell.field));
        }
        let before = blank.cells.get(..at).unwrap_or_default();
        if !is_place(blank.kind, &cell.at) || before.iter().any(|other| other.at == cell.at) {
            faults.push(place);
        }
    }
    faults
}

/// Whether a place can be read for a kind of file.
pub fn is_place(kind: BlankKind, at: &str) -> bool {
    let named = |head: &str| at.strip_prefix(head).is_some_and(|name| !name.is_empty());
    match kind {
        BlankKind::Docx => named("tag:") || named("mark:") || steps(at).is_some(),
        BlankKind::Xlsx => sheet_cell(at).is_some(),
        BlankKind::Pdf => named("field:") || page_rect(at).is_some(),
    }
}

/// A step into a Word file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A table, from 1.
    Table(usize),
    /// A row and a cell of it, from 1.
    Cell(usize, usize),
    /// A paragraph, from 1.
    Paragraph(usize),
    /// A tick box of the paragraph, from 1.
    Box(usize),
    /// A gap of the paragraph, from 1.
    Gap(usize),
}

/// Steps of a place in a Word file; `None` when it is no such place.
pub fn steps(at: &str) -> Option<Vec<Step>> {
    let number = |text: &str| text.parse().ok().filter(|n: &usize| *n > 0);
    let step = |text: &str| {
        let (head, rest) = text.split_at_checked(1)?;
        match head {
            "t" => number(rest).map(Step::Table),
            "p" => number(rest).map(Step::Paragraph),
            "b" => number(rest).map(Step::Box),
            "g" => number(rest).map(Step::Gap),
            "r" => {
                let (row, cell) = rest.split_once('c')?;
                Some(Step::Cell(number(row)?, number(cell)?))
            }
            _ => None,
        }
    };
    let steps: Vec<Step> = at.split('/').map(step).collect::<Option<_>>()?;
    // A cell follows its table, a box or a gap its paragraph, and nothing follows those.
    let mut before = None;
    for step in &steps {
        let fits = match step {
            Step::Table(_) | Step::Paragraph(_) => matches!(before, None | Some(Step::Cell(..))),
            Step::Cell(..) => matches!(before, Some(Step::Table(_))),
            Step::Box(_) | Step::Gap(_) => matches!(before, Some(Step::Paragraph(_))),
        };
        if !fits {
            return None;
        }
        before = Some(*step);
    }
    (!matches!(before, Some(Step::Table(_)))).then_some(steps)
}

/// A place in a workbook; columns, rows and boxes from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetCell<'a> {
    /// The name of its sheet.
    pub sheet: &'a str,
    /// Its column.
    pub column: u32,
    /// Its row.
    pub row: u32,
    /// A tick box in it.
    pub tick_box: Option<usize>,
}

/// Reads a place in a workbook; `None` when it is no such place.
pub fn sheet_cell(at: &str) -> Option<SheetCell<'_>> {
    let (sheet, cell) = at.rsplit_once('!')?;
    let (cell, tick_box) = match cell.split_once("/b") {
        Some((cell, n)) => (cell, Some(n.parse().ok().filter(|n: &usize| *n > 0)?)),
        None => (cell, None),
    };
    let split = cell.find(|ch: char| ch.is_ascii_digit())?;
    let (letters, digits) = cell.split_at(split);
    let is_letters = letters.len() <= 3 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    if sheet.is_empty() || letters.is_empty() || !is_letters {
        return None;
    }
    let column = letters
        .bytes()
        .fold(0, |sum, byte| sum * 26 + u32::from(byte - b'A' + 1));
    let row = digits.parse().ok().filter(|row| *row > 0)?;
    (column <= 16_384 && row <= 1_048_576).then_some(SheetCell {
        sheet,
        column,
        row,
        tick_box,
    })
}

/// Page, from 1, and rectangle (left, top, width, height) of a place in a PDF.
pub fn page_rect(at: &str) -> Option<(usize, [f32; 4])> {
    let (page, sides) = at.strip_prefix("page:")?.split_once('@')?;
    let page = page.parse().ok().filter(|page| *page > 0)?;
    let sides: Vec<f32> = sides
        .split(',')
        .map(|side| side.parse::<f32>().ok().filter(|n| n.is_finite()))
        .collect::<Option<_>>()?;
    let sides: [f32; 4] = sides.try_into().ok()?;
    let [_, _, wide, high] = sides;
    (wide > 0.0 && high > 0.0).then_some((page, sides))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_known_by_their_kind() {
        for (kind, good, bad) in [
            (
                BlankKind::Docx,
                vec![
                    "t1/r2c3",
                    "t1/r2c3/t1/r1c1",
                    "t1/r2c3/p1/b2",
                    "p4/g1",
                    "p4",
                    "tag:TITLE",
                    "mark:a",
                ],
                vec![
                    "",
                    "t1",
                    "t0/r1c1",
                    "r1c1",
                    "p1/p2",
                    "b1",
                    "t1/r1",
                    "p1/b1/p1",
                    "tag:",
                    "题",
                    "t1/r2c3/题",
                ],
            ),
            (
                BlankKind::Xlsx,
                vec!["Sheet1!A1", "申请 表!XFD1048576", "a!b!C3"],
                vec![
                    "A1", "S!A1/b0", "!A1", "S!1", "S!AAAA1", "S!A0", "S!XFE1", "S!a1",
                ],
            ),
            (
                BlankKind::Pdf,
                vec!["field:Title", "page:1@10,20.5,100,14"],
                vec![
                    "field:",
                    "page:0@1,1,1,1",
                    "page:1@1,1,0,1",
                    "page:1@1,1,1",
                    "page:1@1,1,NaN,1",
                ],
            ),
        ] {
            for at in good {
                assert!(is_place(kind, at), "{at}");
            }
            for at in bad {
                assert!(!is_place(kind, at), "{at}");
            }
        }
        let cell = sheet_cell("S!AB12/b2").unwrap();
        assert_eq!((cell.sheet, cell.column, cell.row), ("S", 28, 12));
        assert_eq!(cell.tick_box, Some(2));
    }

    #[test]
    fn a_blank_names_fields_of_its_form_and_each_place_once() {
        let mut form = super::super::shipped()[0].forms[0].clone();
        assert_eq!(faults(&form), [""; 0]);
        let cell = |field: &str, at: &str| BlankCell {
            field: field.into(),
            at: at.into(),
            how: CellHow::Text,
            says: String::new(),
        };
        let blank = Blank {
            sha256: format!("sha256:{}", "a".repeat(64)),
            name: "申请表.docx".into(),
            kind: BlankKind::Docx,
            cells: vec![cell("basic.title", "t1/r1c2")],
        };
        form.blank = Some(blank.clone());
        assert_eq!(faults(&form), [""; 0]);
        let mut wrong = |change: &dyn Fn(&mut Blank)| {
            let mut blank = blank.clone();
            change(&mut blank);
            form.blank = Some(blank);
            faults(&form)
        };
        assert_eq!(wrong(&|blank| blank.sha256.clear()).len(), 1);
        assert_eq!(wrong(&|blank| blank.kind = BlankKind::Pdf).len(), 2);
        for (field, at, says) in [
            ("basic.colour", "t1/r2c2", "field basic.colour"),
            ("basic.number#1", "t1/r2c2", "field basic.number#1"),
            ("basic.number", "t1/r1c2", "t1/r1c2"),
            ("basic.number", "Sheet1!A1", "Sheet1!A1"),
        ] {
            let faults = wrong(&|blank| blank.cells.push(cell(field, at)));
            assert!(faults.len() == 1 && faults[0].contains(says), "{faults:?}");
        }
    }

    #[test]
    fn a_set_without_blanks_reads_and_writes_as_before() {
        let set = &super::super::shipped()[0];
        let text = serde_json::to_string(set).unwrap();
        assert!(!text.contains("blank"));
        assert_eq!(super::super::read(&text).as_ref(), Ok(set));
    }
}
