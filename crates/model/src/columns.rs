//! Which column of somebody's workbook is which field: a value that a person looks at, changes and
//! keeps for the next time.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is read from the sheets of a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Mapping {
    /// The sheets, in the order of the workbook.
    pub sheets: Vec<SheetMapping>,
}

/// What is read from one sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SheetMapping {
    /// The sheet's name; empty for a CSV file.
    pub sheet: String,
    /// What its rows are.
    pub rows: RowKind,
    /// The row with the heads of the columns, from 1; 0 when none was found.
    pub head_row: u32,
    /// Its columns with a head, from left to right.
    pub columns: Vec<ColumnMapping>,
}

/// What the rows of a sheet are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RowKind {
    /// One contact a row.
    Contacts,
    /// One milestone a row.
    Milestones,
    /// One site a row, one milestone a column.
    Sites,
    /// Not read.
    Skip,
}

/// What one column is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ColumnMapping {
    /// Which column, from 1.
    pub column: u32,
    /// Its head as it stands.
    pub head: String,
    /// The field or register it fills; [`SITE`]; [`MILESTONE`] and a key; empty when it is not read.
    pub field: String,
}

/// What a column can be, for a person to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ColumnChoice {
    /// What the rows are.
    pub rows: RowKind,
    /// The value of [`ColumnMapping::field`].
    pub field: String,
    /// Its word, Chinese.
    pub zh: String,
    /// Its word, English.
    pub en: String,
}

/// The column names the site that the row belongs to.
pub const SITE: &str = "site";
/// The column holds the entity's own id, which the program wrote.
pub const ID: &str = "id";
/// What stands before a milestone's key when the column is one of its dates
/// (`milestone:siv.actual`).
pub const MILESTONE: &str = "milestone:";
/// A day whose head does not say which it is: what is past happened, what is to come is planned.
pub const DAY: &str = "day";
