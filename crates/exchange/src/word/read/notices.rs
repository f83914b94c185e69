//! What is said about a file that was read: what is not carried, and remarks.

/// Label keys, each once, in the order in which they came up.
#[derive(Debug, Default)]
pub(super) struct Notices {
    /// `word.notCarried.*`
    pub(super) not_carried: Vec<String>,
    /// `word.warning.*`
    pub(super) warnings: Vec<String>,
}

impl Notices {
    /// Something stays behind.
    pub(super) fn leave(&mut self, key: &str) {
        add(&mut self.not_carried, key);
    }

    /// Something is carried and worth a look.
    pub(super) fn warn(&mut self, key: &str) {
        add(&mut self.warnings, key);
    }
}

fn add(keys: &mut Vec<String>, key: &str) {
    if !keys.iter().any(|known| known == key) {
        keys.push(key.to_owned());
    }
}

/// Lists of contents; they are made anew.
pub(super) const CONTENTS: &str = "word.notCarried.contents";
/// The cover of an earlier export; it is made anew.
pub(super) const COVER: &str = "word.notCarried.cover";
/// Headers and footers.
pub(super) const HEADERS: &str = "word.notCarried.headers";
/// Pictures in formats that are not displayed everywhere, linked or too large ones.
pub(super) const PICTURE: &str = "word.notCarried.picture";
/// Charts and diagrams.
pub(super) const CHART: &str = "word.notCarried.chart";
/// Embedded files.
pub(super) const OBJECT: &str = "word.notCarried.object";
/// Whole files put into the text.
pub(super) const INSERTED_FILE: &str = "word.notCarried.insertedFile";
/// Macros.
pub(super) const MACROS: &str = "word.warning.macros";
/// Hidden text, which is carried.
pub(super) const HIDDEN: &str = "word.warning.hidden";
/// Tables in tables, whose cells became lines.
pub(super) const NESTED: &str = "word.warning.nestedTables";
/// Equations, which became lines of text.
pub(super) const EQUATIONS: &str = "word.warning.equations";
/// Text boxes, which stand behind their paragraph.
pub(super) const TEXT_BOXES: &str = "word.warning.textBoxes";
/// Signs of fonts that are not known.
pub(super) const SYMBOLS: &str = "word.warning.symbols";
/// Headings that only a tracked change puts in, which became headings within their section.
pub(super) const ADDED_HEADING: &str = "word.warning.addedHeading";
/// Cells that a tracked change puts in or takes out, which are read as they stand.
pub(super) const CELLS: &str = "word.warning.cells";
/// Comments whose place was not found.
pub(super) const LOOSE_COMMENTS: &str = "word.warning.looseComments";
