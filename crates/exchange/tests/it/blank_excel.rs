//! An office's own Excel blank: places found, filled, and nothing else touched.

use crate::blank_same::{assert_other_parts_equal, part, same_but};
use calamine::{Data, Reader, Xlsx};
use exchange::archive::pack;
use exchange::blank::{fill, places};
use model::formset::{BlankKind, CellHow, CellValue};
use std::io::Cursor;

const SHEET: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:D9"/><cols><col min="1" max="1" width="20"/></cols><sheetData><row r="1" ht="20"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="2"/><c r="C1" s="2"/></row><row r="2"><c r="A2" t="inlineStr"><is><t>主要研究者</t></is></c></row><row r="4"><c r="A4" t="s"><v>1</v></c><c r="C4"><v>3</v></c><c r="D4"><f>C4*2</f><v>6</v></c></row><row r="5"><c r="A5" t="s"><v>2</v></c></row><row r="9"><c r="A9" t="s"><v>3</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="B1:C1"/></mergeCells><pageMargins left="1" right="1" top="1" bottom="1" header="0" footer="0"/></worksheet>"#;
const STRINGS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="4" uniqueCount="4"><si><t>项目名称</t><phoneticPr fontId="1"/></si><si><r><rPr><b/></rPr><t>类型：</t></r><r><t>□药物 □器械</t></r></si><si><r><rPr><b/></rPr><t>申办者：</t></r></si><si><t>备注</t></si></sst>"#;

fn excel() -> Vec<u8> {
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"#;
    let base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let list = "http://schemas.openxmlformats.org/package/2006/relationships";
    let relations = format!(
        r#"<Relationships xmlns="{list}"><Relationship Id="rId1" Type="{base}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let of_book = format!(
        r#"<Relationships xmlns="{list}"><Relationship Id="rId1" Type="{base}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{base}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
    );
    let book = format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{base}"><sheets><sheet name="申请 表" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let parts = [
        ("[Content_Types].xml", types.to_owned()),
        ("_rels/.rels", relations),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", of_book),
        ("xl/worksheets/sheet1.xml", SHEET.to_owned()),
        ("xl/sharedStrings.xml", STRINGS.to_owned()),
    ];
    pack(parts.map(|(name, text)| (name.to_owned(), text))).expect("packs")
}

fn value(at: &str, how: CellHow, text: &str) -> CellValue {
    CellValue {
        at: at.into(),
        how,
        text: text.into(),
        ticked: how == CellHow::Tick,
    }
}

#[test]
fn the_places_of_a_workbook_are_found() {
    let found = places(BlankKind::Xlsx, &excel()).expect("a blank");
    let rows: Vec<String> = found
        .iter()
        .map(|one| format!("{} {:?} {} {}", one.at, one.how, one.label, one.says))
        .collect();
    for row in [
        "申请 表!B1 Text 项目名称 ",
        "申请 表!A4/b1 Tick 类型 药物",
        "申请 表!A4/b2 Tick 类型 器械",
        "申请 表!A5 Text 申办者 ",
    ] {
        assert!(rows.iter().any(|found| found == row), "{row}\n{rows:#?}");
    }
    // A covered cell and a formula are no places.
    assert!(
        !rows
            .iter()
            .any(|row| row.contains("!C1") || row.contains("!D4")),
        "{rows:#?}"
    );
}

#[test]
fn a_filled_workbook_differs_in_its_cells_alone() {
    let blank = excel();
    let values = [
        // Named by a cell that the merged one covers.
        value("申请 表!C1", CellHow::Text, "一项 <A & B> 的研究"),
        value("申请 表!C2", CellHow::Text, "陈嘉𬭸"),
        value("申请 表!B2", CellHow::Text, "教授"),
        value("申请 表!A4/b2", CellHow::Tick, ""),
        value("申请 表!A5", CellHow::Text, "某某医院"),
        value("申请 表!B7", CellHow::Date, "2026-03-05"),
        value("申请 表!D4", CellHow::Text, "over a formula"),
        value("别的!A1", CellHow::Text, "nowhere"),
        value("申请 表!A4/b9", CellHow::Tick, ""),
    ];
    let filled = fill(BlankKind::Xlsx, &blank, &values).expect("fills");
    let mut lost = filled.lost.clone();
    lost.sort();
    assert_eq!(lost, ["别的!A1", "申请 表!A4/b9", "申请 表!D4"]);
    let sheet = "xl/worksheets/sheet1.xml";
    assert_other_parts_equal(&blank, &filled.bytes, &[sheet]);
    let (before, after) = (part(&blank, sheet), part(&filled.bytes, sheet));
    // Row 2 gets two cells, row 7 is new: taken out again, all else is as it was.
    let mut bare = after.clone();
    for (from, to) in [("<c r=\"B2\"", "</row>"), ("<row r=\"7\">", "<row r=\"9\"")] {
        let start = bare.find(from).expect(from);
        let end = start + bare[start..].find(to).expect(to);
        bare.replace_range(start..end, "");
    }
    let n = same_but(&before, &bare, &|node| {
        matches!(node.attribute("r"), Some("B1" | "A4" | "A5")) && node.tag_name().name() == "c"
    });
    assert!(n > 30, "{n} nodes compared");
    assert!(
        after.contains("<c r=\"B1\" s=\"2\" t=\"inlineStr\">"),
        "{after}"
    );
    // Another reader finds the values, in order, and the formula untouched.
    let mut book = Xlsx::new(Cursor::new(filled.bytes.clone())).expect("a workbook");
    let range = book.worksheet_range("申请 表").expect("the sheet");
    let at = |row, column| match range.get_value((row, column)) {
        Some(Data::String(text)) => text.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!(at(0, 1), "一项 <A & B> 的研究");
    assert_eq!((at(1, 1), at(1, 2)), ("教授".into(), "陈嘉𬭸".into()));
    assert_eq!(at(3, 0), "类型：□药物 ☑器械");
    assert_eq!(at(4, 0), "申办者：某某医院");
    assert_eq!(at(6, 1), "2026-03-05");
    assert!(after.contains("<f>C4*2</f><v>6</v>"));
    assert_eq!(fill(BlankKind::Xlsx, &blank, &values), Ok(filled));
}
