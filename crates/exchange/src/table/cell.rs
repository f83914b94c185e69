//! What stands in a workbook.

use crate::charset::Charset;

/// Everything that stands in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Workbook {
    /// The sheets, in order; a CSV file has one without a name.
    pub sheets: Vec<Sheet>,
    /// What the bytes of a CSV file were read as; `None` for a workbook.
    pub charset: Option<Charset>,
}

/// One sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows that hold anything: number from 1, cells from the first column on.
    pub rows: Vec<(u32, Vec<Cell>)>,
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, as it was before it was made harmless.
    Text(String),
    /// A number.
    Number(f64),
    /// A day, `YYYY-MM-DD`.
    Day(String),
}

impl Cell {
    /// What a person sees in it, without blanks around.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Day(text) => text.trim().to_owned(),
            // A telephone number that Excel took for a number has no digits behind the point.
            Self::Number(number) => number.to_string(),
        }
    }

    /// Whether nothing is to be seen in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) | Self::Day(text) => text.trim().is_empty(),
            Self::Number(_) => false,
        }
    }
}
