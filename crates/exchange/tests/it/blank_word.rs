//! An office's own Word blank: places found, filled, and nothing else touched.

use crate::blank_same::{assert_other_parts_equal, part, same_but};
use exchange::archive::pack;
use exchange::blank::{BlankRefusal, fill, places};
use model::formset::{BlankKind, CellHow, CellValue};

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const W14: &str = "http://schemas.microsoft.com/office/word/2010/wordml";

/// A form as Word writes one: merged cells, a table within a table, boxes, gaps, controls, fields.
const BODY: &str = r#"<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>伦理审查申请表</w:t></w:r></w:p>
<w:p><w:r><w:t>项目编号：</w:t></w:r></w:p>
<w:p><w:r><w:t>申请人：________ 日期：</w:t></w:r><w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t xml:space="preserve">      </w:t></w:r><w:r><w:t>（盖章）</w:t></w:r></w:p>
<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid>
<w:tr><w:tc><w:tcPr/><w:p><w:r><w:t>研究项目</w:t></w:r><w:r><w:t>名称</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:shd w:fill="FFFFCC"/></w:tcPr><w:p w:rsidR="00A1"><w:pPr><w:rPr><w:sz w:val="21"/></w:rPr></w:pPr></w:p></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>主要研究者</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>姓名</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>电话 &amp; 邮箱</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>
<w:tr><w:tc><w:p><w:r><w:t>研究类型</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>□药物临床试验  □医疗器械</w:t></w:r><w:r><w:sym w:font="Wingdings" w:char="F0A8"/><w:t>其他</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:p><w:r><w:t>内表</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>本中心例数</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr>
<w:tr><w:tc><w:p><w:r><w:rPr><w:b/><w:rFonts w:eastAsia="SimSun"/></w:rPr><w:t>项目摘要：</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>（目的与意义）</w:t></w:r></w:p><w:p><w:pPr><w:ind w:left="1"/></w:pPr></w:p></w:tc></w:tr>
</w:tbl>
<w:sdt><w:sdtPr><w:alias w:val="申办者"/><w:tag w:val="SPONSOR"/><w:showingPlcHdr/><w:dataBinding w:xpath="/a" w:storeItemID="{1}"/></w:sdtPr><w:sdtContent><w:p><w:r><w:rPr><w:rStyle w:val="a3"/></w:rPr><w:t>单击此处输入文字。</w:t></w:r></w:p></w:sdtContent></w:sdt>
<w:p><w:sdt><w:sdtPr><w:tag w:val="MULTI"/><w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>多中心</w:t></w:r></w:p>
<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Check1"/><w:enabled/><w:checkBox><w:sizeAuto/><w:default w:val="0"/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>同意</w:t></w:r></w:p>
<w:p><w:r><w:t>批件号：</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Text1"/><w:textInput/></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMTEXT </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>     </w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>
<w:p><w:r><w:t>科室：</w:t></w:r><w:bookmarkStart w:id="7" w:name="Dept"/><w:bookmarkEnd w:id="7"/></w:p>
<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>"#;

fn word(body: &str) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<w:document xmlns:w=\"{W}\" xmlns:w14=\"{W14}\"><w:body>{body}</w:body></w:document>"
    );
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    let relations = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
    let parts = [
        ("[Content_Types].xml", types.to_owned()),
        ("_rels/.rels", relations.to_owned()),
        ("word/document.xml", document),
        ("word/media/logo.bin", "\u{1}\u{2}logo".to_owned()),
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
fn the_places_of_a_blank_are_found_with_the_words_beside_them() {
    let found = places(BlankKind::Docx, &word(BODY)).expect("a blank");
    let rows: Vec<String> = found
        .iter()
        .map(|one| format!("{} {:?} {} {}", one.at, one.how, one.label, one.says))
        .collect();
    let want = [
        "p2 Text 项目编号 ",
        "p3/g1 Text 申请人 ",
        "p3/g2 Text 日期 ",
        "t1/r1c2 Text 研究项目名称 ",
        "t1/r2c3 Text 姓名 ",
        "t1/r3c3 Text 电话 & 邮箱 ",
        "t1/r4c2/p1/b1 Tick 研究类型 药物临床试验",
        "t1/r4c2/p1/b2 Tick 研究类型 医疗器械",
        "t1/r4c2/p1/b3 Tick 研究类型 其他",
        "t1/r5c2/t1/r1c2 Text 本中心例数 ",
        "t1/r6c1 Lines 项目摘要 ",
        "tag:SPONSOR Text 申办者 ",
        "tag:MULTI Tick MULTI 多中心",
        "mark:Check1 Tick Check1 ",
        "mark:Text1 Text 批件号 ",
        "mark:Dept Text 科室 ",
    ];
    for row in want {
        assert!(rows.iter().any(|found| found == row), "{row}\n{rows:#?}");
    }
    assert!(
        !rows.iter().any(|row| row.starts_with("t1/r3c1")),
        "{rows:#?}"
    );
}

#[test]
fn a_filled_blank_differs_in_its_places_alone() {
    let blank = word(BODY);
    let values = [
        value("p2", CellHow::Text, "PINE-1"),
        value("p3/g1", CellHow::Text, "陈 <一>"),
        value("p3/g2", CellHow::Date, "2026年3月5日"),
        value("t1/r1c2", CellHow::Text, "一项 A & B 的研究"),
        value("t1/r2c3", CellHow::Text, "陈嘉𬭸"),
        value("t1/r4c2/p1/b2", CellHow::Tick, ""),
        value("t1/r4c2/p1/b3", CellHow::Tick, ""),
        value("t1/r5c2/t1/r1c2", CellHow::Text, "60"),
        value("t1/r6c2", CellHow::Lines, "第一行\n第二行"),
        value("tag:SPONSOR", CellHow::Text, "某某医院"),
        value("tag:MULTI", CellHow::Tick, ""),
        value("mark:Check1", CellHow::Tick, ""),
        value("mark:Text1", CellHow::Text, "2026-伦审-7"),
        value("mark:Dept", CellHow::Text, "儿科"),
        value("t9/r1c1", CellHow::Text, "nowhere"),
        value("tag:NOBODY", CellHow::Text, "nowhere"),
    ];
    let filled = fill(BlankKind::Docx, &blank, &values).expect("fills");
    assert_eq!(filled.lost, ["t9/r1c1", "tag:NOBODY"]);
    assert_other_parts_equal(&blank, &filled.bytes, &["word/document.xml"]);
    let (before, after) = (
        part(&blank, "word/document.xml"),
        part(&filled.bytes, "word/document.xml"),
    );
    // Node for node: what may differ are the cells, paragraphs and controls that were named.
    let named = [
        "项目编号：",
        "申请人：",
        "□药物",
        "☐多中心",
        "FORMCHECKBOX",
        "批件号：",
        "科室：",
    ];
    let n = same_but(&before, &after, &|node| {
        let words: String = node
            .descendants()
            .filter(|one| one.is_text())
            .filter_map(|one| one.text())
            .collect();
        let is = |name: &str| node.tag_name().name() == name;
        let mut cells = node
            .document()
            .descendants()
            .filter(|one| one.tag_name().name() == "tc");
        let cell = cells.position(|one| node.ancestors().any(|above| above == one));
        let inner = node
            .ancestors()
            .filter(|above| above.tag_name().name() == "tc")
            .count();
        (is("p") && named.iter().any(|name| words.trim_start().starts_with(name)))
            || (is("sdt") && words.contains("单击此处"))
            // Empty lines: of the title, the name, the number of the inner table, the abstract.
            || (is("p") && words.is_empty() && (matches!(cell, Some(1 | 4 | 15)) || inner == 2))
    });
    assert!(n > 100, "{n} nodes compared");
    for words in [
        "PINE-1",
        "陈 &lt;一&gt;",
        "2026年3月5日",
        "一项 A &amp; B 的研究",
        "☑医疗器械",
        "w:char=\"F0FE\"",
        "第一行</w:t><w:br/>",
        "某某医院",
        "<w14:checked w14:val=\"1\"/>",
        "☒",
        "<w:checked/></w:checkBox>",
        "2026-伦审-7",
        "儿科",
    ] {
        assert!(after.contains(words), "{words}");
    }
    for gone in ["单击此处", "showingPlcHdr", "dataBinding", "________"] {
        assert!(!after.contains(gone), "{gone}");
    }
    assert!(after.contains("□药物临床试验"));
    // Same values, same bytes; nothing said, nothing changed.
    assert_eq!(fill(BlankKind::Docx, &blank, &values), Ok(filled));
    let silent = [
        value("t1/r1c2", CellHow::Text, " "),
        value("p2", CellHow::Text, ""),
    ];
    let same = fill(BlankKind::Docx, &blank, &silent).expect("fills");
    assert_other_parts_equal(&blank, &same.bytes, &[]);
}

#[test]
fn what_is_no_word_file_is_refused() {
    for (bytes, refusal) in [
        (b"%PDF-1.7".to_vec(), BlankRefusal::OtherKind),
        (b"PK\x03\x04broken".to_vec(), BlankRefusal::Damaged),
        (Vec::new(), BlankRefusal::OtherKind),
    ] {
        assert_eq!(places(BlankKind::Docx, &bytes), Err(refusal));
        assert_eq!(fill(BlankKind::Xlsx, &bytes, &[]), Err(refusal));
    }
    assert_eq!(
        places(BlankKind::Xlsx, &word(BODY)),
        Err(BlankRefusal::OtherKind)
    );
}
