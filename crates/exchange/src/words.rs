//! The words of Word and Excel files, for whoever looks for something in them: everything that a
//! reader may come to see, also what is changed or noted, and each cell behind the head above it.

use crate::table::{self, Cell, Sheet};
use crate::word::read::package::Package;
use crate::word::read::xml::{self, Node, is_w};

/// Longest text that is given. Units: bytes.
const TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The words of a `.docx` as one text, of an `.xlsx` one text for each sheet; `None` where the file
/// is neither, is damaged, or would cost too much to read.
pub fn words(bytes: &[u8]) -> Option<Vec<String>> {
    let mut package = Package::open(bytes).ok()?;
    let texts = if package.has("xl/workbook.xml") {
        let book = table::read(bytes, None).ok()?;
        book.sheets.iter().map(of_sheet).collect()
    } else {
        vec![of_word(&mut package)?]
    };
    let mut left = TEXT_BYTES_MAX;
    let fitting = texts.into_iter().map(|text: String| {
        let fits = text.len() <= left;
        left = left.saturating_sub(text.len());
        if fits { text } else { String::new() }
    });
    Some(fitting.collect())
}

/// The parts of a Word file that have words: text, heads and feet, notes, remarks.
fn of_word(package: &mut Package<'_>) -> Option<String> {
    const PARTS: [&str; 6] = [
        "document",
        "header",
        "footer",
        "footnotes",
        "endnotes",
        "comments",
    ];
    let is_read = |name: &&str| {
        let part = name
            .strip_prefix("word/")
            .and_then(|part| part.strip_suffix(".xml"));
        let part = part.map(|part| part.trim_end_matches(|ch: char| ch.is_ascii_digit()));
        part.is_some_and(|part| PARTS.contains(&part))
    };
    let names: Vec<String> = package.names().filter(is_read).map(str::to_owned).collect();
    if names.is_empty() {
        return None;
    }
    let mut text = String::new();
    for name in names {
        let part = package.text(&name).ok()??;
        let tree = xml::parse(&name, &part).ok()?;
        of_node(tree.root_element(), &mut text);
    }
    Some(text)
}

/// The words below an element, a line for each paragraph, then the cells of its tables.
fn of_node(node: Node<'_>, text: &mut String) {
    for one in node.descendants() {
        if is_w(one, "p") {
            text.push('\n');
        } else if is_w(one, "tab") || is_w(one, "br") {
            text.push(' ');
        } else if is_w(one, "t") || is_w(one, "delText") {
            text.push_str(one.text().unwrap_or_default());
        }
    }
    for table in node.descendants().filter(|one| is_w(*one, "tbl")) {
        let rows = xml::elements(table).filter(|one| is_w(*one, "tr"));
        let rows = rows.map(|row| {
            let cells = xml::elements(row).filter(|one| is_w(*one, "tc"));
            cells.map(own_words).collect()
        });
        beside_heads(rows, text);
    }
}

/// The words of one cell.
fn own_words(cell: Node<'_>) -> String {
    let words = cell
        .descendants()
        .filter(|one| is_w(*one, "t") || is_w(*one, "delText"));
    words.filter_map(|one| one.text()).collect()
}

fn of_sheet(sheet: &Sheet) -> String {
    let mut text = sheet.name.clone();
    let rows = sheet.rows.iter();
    let rows = rows.map(|(_, cells)| cells.iter().map(Cell::text).collect::<Vec<_>>());
    for row in rows.clone() {
        text.push('\n');
        text.push_str(&row.join(" "));
    }
    beside_heads(rows, &mut text);
    text
}

/// Each cell with a number, behind the last words that stand above it without one: what a number
/// is, the head of its column says.
fn beside_heads(rows: impl Iterator<Item = Vec<String>>, text: &mut String) {
    let mut heads: Vec<String> = Vec::new();
    for row in rows {
        for (column, cell) in row.into_iter().enumerate() {
            if heads.len() <= column {
                heads.resize(column + 1, String::new());
            }
            let head = &mut heads[column];
            if !cell.chars().any(|ch| ch.is_ascii_digit()) {
                if !cell.trim().is_empty() {
                    *head = cell;
                }
            } else if !head.is_empty() {
                text.push('\n');
                text.push_str(head);
                text.push(' ');
                text.push_str(&cell);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::pack;

    fn docx(body: &str) -> Vec<u8> {
        let types =
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
        let word = format!(
            r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#
        );
        let files = [("[Content_Types].xml", types), ("word/document.xml", &word)];
        pack(files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))).expect("a file")
    }

    #[test]
    fn a_word_file_tells_its_text_and_its_cells_behind_their_heads() {
        let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
        let row = |a: &str, b: &str| format!("<w:tr>{}{}</w:tr>", cell(a), cell(b));
        let body = format!(
            "<w:p><w:r><w:t>住院</w:t></w:r><w:del><w:r><w:delText>号</w:delText></w:r></w:del></w:p>\
             <w:tbl>{}{}{}</w:tbl>",
            row("姓名", "病历号"),
            row("甲", "00123"),
            row("乙", "00456"),
        );
        let texts = words(&docx(&body)).expect("words");
        let lines: Vec<&str> = texts[0].lines().collect();
        assert!(lines.contains(&"住院号"), "{lines:?}");
        assert!(
            lines.contains(&"病历号 00123") && lines.contains(&"病历号 00456"),
            "{lines:?}"
        );
    }

    #[test]
    fn a_workbook_tells_each_sheet() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet().set_name("随访").expect("a name");
        sheet.write_string(0, 0, "随访登记").expect("a cell");
        sheet.write_string(1, 0, "MRN").expect("a cell");
        sheet.write_number(2, 0, 889_912).expect("a cell");
        book.add_worksheet()
            .write_string(0, 0, "空")
            .expect("a cell");
        let bytes = book.save_to_buffer().expect("a workbook");
        let texts = words(&bytes).expect("words");
        assert_eq!(texts.len(), 2);
        assert!(texts[0].contains("MRN 889912"), "{}", texts[0]);
    }

    #[test]
    fn what_is_neither_is_not_read() {
        let other = pack([("a.txt".to_owned(), b"a".to_vec())]).expect("a file");
        for bytes in [&b"%PDF-1.7"[..], b"", b"PK\x03\x04 cut off", &other] {
            assert_eq!(words(bytes), None);
        }
    }
}
