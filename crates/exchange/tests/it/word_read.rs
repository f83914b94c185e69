//! Word files: headings, numbers, lists, tables, notes, pictures, tracked changes, comments.

use crate::word_made::{Made, bold, del, ins, made, p, p_end, r, styled, tc};
use exchange::word::read;
use model::Lang;
use model::rich::RichText;
use model::word::{HeadingBy, IncomingBlock, IncomingProtocol, IncomingSection};
use std::fmt::Write as _;

fn protocol(file: &Made) -> IncomingProtocol {
    read(&file.bytes()).expect("a Word file")
}

/// The blocks of a file without headings.
fn blocks(body: &str) -> Vec<IncomingBlock> {
    let protocol = protocol(&made(body));
    protocol
        .sections
        .into_iter()
        .flat_map(|section| section.blocks)
        .collect()
}

/// Sections as lines: level, how found, number, title.
fn outline(sections: &[IncomingSection]) -> Vec<String> {
    let line = |section: &IncomingSection| {
        format!(
            "{} {:?} [{}] {}",
            section.level, section.by, section.number, section.title.text
        )
    };
    sections.iter().map(line).collect()
}

/// Blocks as lines: kind, text, and suggestions behind it.
fn lines(blocks: &[IncomingBlock]) -> Vec<String> {
    let line = |block: &IncomingBlock| {
        let mut line = format!("{}: {}", block.kind, block.text.text);
        for suggestion in &block.suggestions {
            write!(line, " <{}", suggestion.kind).expect("string");
            match suggestion.kind.as_str() {
                "comment" => write!(line, " “{}” {}", suggestion.quote, suggestion.note),
                _ => write!(line, " {}", suggestion.to.text),
            }
            .expect("string");
            write!(line, ", {}>", suggestion.author).expect("string");
        }
        line
    };
    blocks.iter().map(line).collect()
}

fn marks(text: &RichText) -> String {
    text.to_value()["marks"].to_string()
}

/// A bit of everything, for files that are bent.
pub(crate) fn everything() -> String {
    let table = format!(
        "<w:tbl><w:tr>{}{}</w:tr></w:tbl>",
        tc("", &p("a")),
        tc(r#"<w:vMerge w:val="restart"/>"#, &p("b"))
    );
    [
        bold("1. Title"),
        p("text"),
        format!("<w:p>{}{}{}</w:p>", r("a"), ins("b"), del("c")),
        p_end("ins", &ins("new")),
        p_end("del", &r("joined ")),
        p("here"),
        table.clone(),
        format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", tc("", &table)),
        format!(r#"<w:p>{}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>"#, r("noted")),
        format!(r#"<w:p><w:commentRangeStart w:id="5"/>{}<w:commentRangeEnd w:id="5"/></w:p>"#, r("words")),
        text_box("boxed"),
        r#"<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>Heading</w:t></w:r></w:p>"#.to_owned(),
        r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF a</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>4.2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"#.to_owned(),
        r#"<w:p><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath></w:p>"#.to_owned(),
    ]
    .concat()
}

fn text_box(text: &str) -> String {
    let inside = format!("<w:txbxContent>{}</w:txbxContent>", p(text));
    format!(
        r#"<w:p>{}<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"#,
        r("around")
    )
}

const STYLES: &str = r#"
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="2"><w:name w:val="标题 2"/><w:basedOn w:val="a"/></w:style>
<w:style w:type="paragraph" w:styleId="mine"><w:name w:val="My heading"/><w:basedOn w:val="2"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="cap"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="toc1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="loop"><w:name w:val="loop"/><w:basedOn w:val="loop"/></w:style>"#;

#[test]
fn headings_by_style_in_any_language_and_through_chains() {
    let file = Made {
        body: [
            p("Cover"),
            styled("1", "1 研究背景"),
            p("内容。"),
            styled("2", "1.1\t意义"),
            styled("mine", "第二节 方法"),
            styled("toc1", "研究背景 3"),
            styled("loop", "body"),
            styled("1", ""),
        ]
        .concat(),
        styles: STYLES.to_owned(),
        ..Made::default()
    };
    let protocol = protocol(&file);
    assert_eq!(
        outline(&protocol.sections),
        [
            "1 Start [] ",
            "1 Style [1] 研究背景",
            "2 Style [1.1] 意义",
            "2 Style [第二节] 方法"
        ]
    );
    assert_eq!(lines(&protocol.sections[3].blocks), ["paragraph: body"]);
    assert_eq!(protocol.not_carried, ["word.notCarried.contents"]);
    assert_eq!(protocol.lang, Some(Lang::Zh));
    assert!(protocol.source_hash.starts_with("sha256:"));
}

#[test]
fn numbers_that_the_program_counts_go_to_the_number() {
    let level = |at: u8, format: &str, pattern: &str| {
        format!(
            r#"<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{pattern}"/></w:lvl>"#
        )
    };
    let numbering = format!(
        r#"<w:abstractNum w:abstractNumId="0">{}{}</w:abstractNum><w:abstractNum w:abstractNumId="1">{}{}</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>"#,
        level(0, "chineseCountingThousand", "第%1章"),
        level(1, "decimal", "%1.%2").replace(r#"<w:lvlText"#, r#"<w:isLgl/><w:lvlText"#),
        level(0, "decimal", "%1."),
        level(1, "bullet", "•"),
    );
    let counted = |list: u8, level: u8, outline: Option<u8>, text: &str| {
        let outline = outline
            .map(|level| format!(r#"<w:outlineLvl w:val="{level}"/>"#))
            .unwrap_or_default();
        format!(
            r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>{outline}</w:pPr>{}</w:p>"#,
            r(text)
        )
    };
    let file = Made {
        body: [
            counted(1, 0, Some(0), "背景"),
            counted(1, 1, Some(1), "意义"),
            counted(1, 1, Some(1), "现状"),
            counted(1, 0, Some(0), "设计"),
            counted(1, 1, Some(1), "随机"),
            counted(2, 0, None, "年龄 18 岁以上"),
            counted(2, 1, None, "项目"),
            counted(2, 0, None, "签署知情同意"),
            counted(3, 0, None, "重新开始"),
            counted(0, 0, None, "plain"),
        ]
        .concat(),
        numbering,
        ..Made::default()
    };
    let sections = protocol(&file).sections;
    assert_eq!(
        outline(&sections),
        [
            "1 Style [第一章] 背景",
            "2 Style [1.1] 意义",
            "2 Style [1.2] 现状",
            "1 Style [第二章] 设计",
            "2 Style [2.1] 随机",
        ]
    );
    let items: Vec<String> = sections[4]
        .blocks
        .iter()
        .map(|block| {
            format!(
                "{} {}{} {}",
                block.kind, block.list, block.level, block.text.text
            )
        })
        .collect();
    assert_eq!(
        items,
        [
            "item number0 年龄 18 岁以上",
            "item bullet1 项目",
            "item number0 签署知情同意",
            "item number0 重新开始",
            "paragraph 0 plain",
        ]
    );
}

#[test]
fn typed_numbers_make_sections_where_there_are_no_styles() {
    let file = made(
        &[
            bold("某药临床研究方案"),
            p("方案编号：A-1"),
            p("一、研究背景"),
            p("本研究旨在评价某药的疗效。"),
            p("（一）立题依据"),
            p("内容。"),
            p("二、研究设计"),
            p("1. 随机、双盲。"),
            p("三、统计"),
            p("3 天内完成"),
        ]
        .concat(),
    );
    assert_eq!(
        outline(&protocol(&file).sections),
        [
            "1 Start [] ",
            "1 Number [一] 研究背景",
            "2 Number [（一）] 立题依据",
            "1 Number [二] 研究设计",
            "1 Number [三] 统计",
        ]
    );
    let file = made(
        &[
            p("1 Introduction"),
            p("Why."),
            p("1.1 Background"),
            p("What is known."),
            p("2 Objectives"),
            p("2.1 Primary objective"),
            p("To learn."),
            p("1. a criterion that is a sentence of its own."),
            p("4.2.1 Title"),
        ]
        .concat(),
    );
    assert_eq!(
        outline(&protocol(&file).sections),
        [
            "1 Number [1] Introduction",
            "2 Number [1.1] Background",
            "1 Number [2] Objectives",
            "2 Number [2.1] Primary objective",
            "3 Number [4.2.1] Title",
        ]
    );
}

#[test]
fn bold_lines_make_sections_where_there_is_nothing_else() {
    let file = made(
        &[
            bold("A Study"),
            bold("of a Medicine"),
            bold("Version 1"),
            p("Sponsor: none"),
            bold("Background"),
            p("Text."),
            bold("This is a bold sentence that says something important to everyone."),
            bold("Methods"),
            p("Text."),
        ]
        .concat(),
    );
    let sections = protocol(&file).sections;
    assert_eq!(
        outline(&sections),
        ["1 Start [] ", "1 Bold [] Background", "1 Bold [] Methods"]
    );
    assert_eq!(sections[1].title.marks, []);
}

#[test]
fn tracked_changes_stand_beside_the_text() {
    let found = blocks(
        &[
            format!(
                "<w:p>{}{}{}{}</w:p>",
                r("take "),
                del("5 mg"),
                ins("10 mg"),
                r(" daily")
            ),
            p_end("ins", &ins("new paragraph")),
            p_end("del", &del("old paragraph")),
            p("plain"),
            p_end("ins", &r("split ")),
            p("here"),
            p_end("del", &r("joined ")),
            p("there"),
            format!(
                "<w:p>{}<w:ins w:author=\"A\"><w:del w:author=\"B\">{}</w:del></w:ins></w:p>",
                r("x"),
                r("never")
            ),
            r#"<w:p><w:moveFrom w:author="Li"><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>"#
                .to_owned(),
            r#"<w:p><w:moveTo w:author="Li"><w:r><w:t>moved</w:t></w:r></w:moveTo></w:p>"#
                .to_owned(),
        ]
        .concat(),
    );
    assert_eq!(
        lines(&found),
        [
            "paragraph: take 5 mg daily <change take 10 mg daily, Wang, Li>",
            "paragraph:  <add new paragraph, Li>",
            "paragraph: old paragraph <remove , Li, Wang>",
            "paragraph: plain",
            "paragraph: split here <change split, Li>",
            "paragraph:  <add here, Li>",
            "paragraph: joined <change joined there, Li>",
            "paragraph: there <remove , Li>",
            "paragraph: x",
            "paragraph: moved <remove , Li>",
            "paragraph:  <add moved, Li>",
        ]
    );
    assert_eq!(found[0].suggestions[0].at, "2026-01-03T03:04:05Z");
}

#[test]
fn a_paragraph_added_behind_another_leaves_that_one_alone() {
    // Word writes Enter at the end of a paragraph so: the first end is the new one.
    let found = blocks(
        &[
            p_end("ins", &r("first")),
            format!("<w:p>{}</w:p>", ins("second")),
        ]
        .concat(),
    );
    assert_eq!(
        lines(&found),
        ["paragraph: first", "paragraph:  <add second, Li>"]
    );
}

#[test]
fn tracked_changes_of_titles_and_rows() {
    let row = |change: &str, text: &str| {
        format!(
            r#"<w:tr><w:trPr><w:{change} w:id="1" w:author="Li" w:date="2026-01-02T03:04:05"/></w:trPr>{}</w:tr>"#,
            tc("", text)
        )
    };
    let file = Made {
        body: [
            format!(r#"<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr>{}{}{}</w:p>"#, r("2 Old "), del("title"), ins("name")),
            format!(r#"<w:p><w:pPr><w:pStyle w:val="1"/><w:rPr><w:ins w:author="Li"/></w:rPr></w:pPr>{}</w:p>"#, ins("New")),
            p("text"),
            format!("<w:tbl>{}{}<w:tr>{}</w:tr></w:tbl>", row("ins", &p("added")), row("del", &p("gone")), tc("", &format!("<w:p>{}{}</w:p>", del("5"), ins("6")))),
        ]
        .concat(),
        styles: STYLES.to_owned(),
        ..Made::default()
    };
    let sections = protocol(&file).sections;
    assert_eq!(outline(&sections), ["1 Style [2] Old title"]);
    assert_eq!(sections[0].suggestions[0].to.text, "Old name");
    assert_eq!(
        lines(&sections[0].blocks),
        [
            "heading:  <add New, Li>",
            "paragraph: text",
            "row:  <add added, Li>",
            "row: gone <remove , Li>",
            "row: 5 <change 6, Wang, Li>",
        ]
    );
    assert_eq!(
        sections[0].blocks[2].suggestions[0].at,
        "2026-01-02T03:04:05Z"
    );
}

#[test]
fn comments_point_to_words() {
    let comment = |id: u8, text: &str| {
        format!(
            r#"<w:comment w:id="{id}" w:author="赵" w:date="2026-02-03T10:00:00Z">{}{}</w:comment>"#,
            p(text),
            p("second line")
        )
    };
    let file = Made {
        body: [
            format!(r#"<w:p>{}<w:commentRangeStart w:id="1"/>{}<w:commentRangeEnd w:id="1"/>{}</w:p>"#, r("give "), r("5 mg"), r(" daily")),
            format!(r#"<w:p><w:commentRangeStart w:id="2"/>{}</w:p><w:p>{}<w:commentRangeEnd w:id="2"/></w:p>"#, r("two"), r("lines")),
            format!(r#"<w:p>{}<w:r><w:commentReference w:id="3"/></w:r></w:p>"#, r("point")),
        ]
        .concat(),
        comments: [comment(1, "why?"), comment(2, "b"), comment(3, "c"), comment(4, "lost")].concat(),
        ..Made::default()
    };
    let protocol = protocol(&file);
    assert_eq!(
        lines(&protocol.sections[0].blocks),
        [
            "paragraph: give 5 mg daily <comment “5 mg” why?\nsecond line, 赵> <comment “” lost\nsecond line, 赵>",
            "paragraph: two <comment “two\nlines” b\nsecond line, 赵>",
            "paragraph: lines",
            "paragraph: point <comment “” c\nsecond line, 赵>",
        ]
    );
    assert_eq!(protocol.warnings, ["word.warning.looseComments"]);
}

#[test]
fn rows_have_cells_lines_and_a_layout() {
    let nested = format!(
        "<w:tbl><w:tr>{}{}</w:tr></w:tbl><w:p/>",
        tc("", &p("in")),
        tc("", &p("ner"))
    );
    let body = format!(
        r#"<w:tbl><w:tblGrid><w:gridCol w:w="1000"/><w:gridCol w:w="3000"/></w:tblGrid>
<w:tr><w:trPr><w:tblHeader/></w:trPr>{}{}</w:tr><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr><w:tr>{}</w:tr></w:tbl>{}<w:tbl><w:tr>{}</w:tr></w:tbl>"#,
        tc("", &p("组别")),
        tc("", &p("a\tb")),
        tc(
            r#"<w:vMerge w:val="restart"/>"#,
            &[p("one"), p(""), p("two")].concat()
        ),
        tc("", &p("right")),
        tc("<w:vMerge/>", &p("")),
        tc("", &nested),
        tc(r#"<w:gridSpan w:val="2"/>"#, &p("both")),
        p("between"),
        tc("", &p("second table")),
    );
    let protocol = protocol(&made(&body));
    let blocks = &protocol.sections[0].blocks;
    let rows: Vec<(&str, Option<u32>, &str)> = blocks
        .iter()
        .map(|block| (block.text.text.as_str(), block.table, block.layout.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            ("组别\ta b", Some(1), r#"{"w":[250,750],"head":true}"#),
            (
                "one\ntwo\tright",
                Some(1),
                r#"{"vm":["start",""],"w":[250,750]}"#
            ),
            ("\tin ner", Some(1), r#"{"vm":["cont",""],"w":[250,750]}"#),
            ("both", Some(1), r#"{"span":[2],"w":[250,750]}"#),
            ("between", None, ""),
            ("second table", Some(2), ""),
        ]
    );
    assert_eq!(protocol.warnings, ["word.warning.nestedTables"]);
}

#[test]
fn notes_stand_behind_their_block_or_table() {
    let reference = |id: u8| format!(r#"<w:r><w:footnoteReference w:id="{id}"/></w:r>"#);
    let file = Made {
        body: [
            format!("<w:p>{}{}{}</w:p>", r("one"), reference(2), r(" two")),
            format!("<w:tbl><w:tr>{}</w:tr><w:tr>{}</w:tr></w:tbl>", tc("", &format!("<w:p>{}{}</w:p>", r("cell"), reference(3))), tc("", &p("last"))),
            format!(r#"<w:p>{}<w:ins w:author="Li">{}</w:ins><w:r><w:endnoteReference w:id="2"/></w:r></w:p>"#, r("end"), reference(4)),
        ]
        .concat(),
        footnotes: [
            r#"<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>"#.to_owned(),
            format!(r#"<w:footnote w:id="2">{}{}</w:footnote>"#, p(" first"), p("more")),
            format!(r#"<w:footnote w:id="3">{}</w:footnote>"#, p("in the table")),
            format!(r#"<w:footnote w:id="4">{}</w:footnote>"#, p("put in")),
        ]
        .concat(),
        endnotes: format!(r#"<w:endnote w:id="2"><w:p>{}{}</w:p></w:endnote>"#, r("at the "), ins("very end")),
        ..Made::default()
    };
    let sections = protocol(&file).sections;
    assert_eq!(
        lines(&sections[0].blocks),
        [
            "paragraph: one two",
            "note: first\nmore",
            "row: cell",
            "row: last",
            "note: in the table",
            "paragraph: end <change end, Li>",
            "note:  <add put in, Li>",
            "note: at the <change at the very end, Li>",
        ]
    );
    assert_eq!(marks(&sections[0].blocks[0].text), r#"[[3,3,"fn"]]"#);
    assert_eq!(marks(&sections[0].blocks[2].text), r#"[[4,4,"fn"]]"#);
    assert_eq!(marks(&sections[0].blocks[5].text), r#"[[3,3,"fn"]]"#);
}

#[test]
fn letters_keep_their_marks() {
    let run = |properties: &str, text: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
    };
    let file = Made {
        body: format!(
            r#"<w:p>{}{}{}{}{}{}{}<w:hyperlink r:id="web">{}</w:hyperlink><w:hyperlink r:id="bad">{}</w:hyperlink></w:p>"#,
            run("<w:b/>", "b"),
            run(r#"<w:b w:val="0"/>"#, "-"),
            run("<w:i/>", "i"),
            run(r#"<w:u w:val="single"/>"#, "u"),
            run("<w:strike/>", "s"),
            run(r#"<w:vertAlign w:val="subscript"/>"#, "d"),
            run(r#"<w:vertAlign w:val="superscript"/>"#, "p"),
            run(r#"<w:u w:val="single"/>"#, "link"),
            run("", "not"),
        ),
        relations: r#"<Relationship Id="web" Type="x/hyperlink" Target="https://a.org/" TargetMode="External"/><Relationship Id="bad" Type="x/hyperlink" Target="javascript:x" TargetMode="External"/>"#.to_owned(),
        ..Made::default()
    };
    let sections = protocol(&file).sections;
    let text = &sections[0].blocks[0].text;
    assert_eq!(text.text, "b-iusdplinknot");
    assert_eq!(
        marks(text),
        r#"[[0,1,"b"],[2,3,"i"],[3,4,"u"],[4,5,"s"],[5,6,"sub"],[6,7,"sup"],[7,11,"a","https://a.org/"]]"#
    );
}

#[test]
fn signs_fields_equations_and_boxes_become_text() {
    let field = |instruction: &str, result: &str| {
        format!(
            r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>"#,
            r(result)
        )
    };
    let body = [
        format!(
            r#"<w:p>{}<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>18</w:t><w:tab/><w:t>a</w:t><w:br/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t><w:br w:type="page"/></w:r></w:p>"#,
            r("age ")
        ),
        format!("<w:p>{}{}</w:p>", r("see "), field("REF _Ref1 \\h", "4.2")),
        format!("<w:p>{}</w:p><w:p>{}</w:p>", field("TOC \\o", "Introduction 3"), field("HYPERLINK \"https://b.org\"", "there")),
        r#"<w:p><m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></w:p>"#.to_owned(),
        text_box("boxed"),
        format!("<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", p("controlled")),
        format!("<w:p><w:smartTag>{}</w:smartTag><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:p>", r("tag "), r("inner")),
    ]
    .concat();
    let protocol = protocol(&made(&body));
    let blocks = &protocol.sections[0].blocks;
    assert_eq!(
        lines(blocks),
        [
            "paragraph: age ≥18\ta\nb\u{2011}c",
            "paragraph: see 4.2",
            "paragraph: there",
            "paragraph: (a+b)/2x2",
            "paragraph: around",
            "paragraph: boxed",
            "paragraph: controlled",
            "paragraph: tag inner",
        ]
    );
    assert_eq!(marks(&blocks[2].text), r#"[[0,5,"a","https://b.org"]]"#);
    assert_eq!(marks(&blocks[3].text), r#"[[8,9,"sup"]]"#);
    assert_eq!(protocol.not_carried, ["word.notCarried.contents"]);
    assert_eq!(
        protocol.warnings,
        ["word.warning.equations", "word.warning.textBoxes"]
    );
}

#[test]
fn pictures_become_figures_with_their_captions() {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";
    let picture = |id: &str| {
        format!(
            r#"<w:r><w:drawing><wp:inline><wp:extent cx="952500" cy="476250"/><a:blip r:embed="{id}"/></wp:inline></w:drawing></w:r>"#
        )
    };
    let relation = |id: &str, target: &str| {
        format!(r#"<Relationship Id="{id}" Type="x/image" Target="{target}"/>"#)
    };
    let file = Made {
        body: [
            format!("<w:p>{}</w:p>", picture("one")),
            styled("cap", "图 1 研究流程"),
            format!("<w:p>{}{}</w:p>", r("beside "), picture("one")),
            p("Figure 2 shows it."),
            format!("<w:p>{}</w:p>", picture("drawn")),
            format!("<w:p>{}</w:p>", picture("none")),
        ]
        .concat(),
        styles: STYLES.to_owned(),
        relations: [
            relation("one", "media/a.png"),
            relation("drawn", "media/b.emf"),
            relation("none", "media/none.png"),
        ]
        .concat(),
        parts: vec![
            ("word/media/a.png".to_owned(), PNG.to_vec()),
            ("word/media/b.emf".to_owned(), vec![1, 0, 0, 0]),
        ],
        ..Made::default()
    };
    let protocol = protocol(&file);
    let blocks = &protocol.sections[0].blocks;
    assert_eq!(
        lines(blocks),
        [
            "figure: 图 1 研究流程",
            "paragraph: beside",
            "figure: Figure 2 shows it."
        ]
    );
    let image: serde_json::Value = serde_json::from_str(&blocks[0].image).expect("JSON");
    assert_eq!(image["mime"], "image/png");
    assert_eq!((&image["w"], &image["h"]), (&100.into(), &50.into()));
    assert_eq!(protocol.not_carried, ["word.notCarried.picture"]);
}

#[test]
fn marks_of_an_earlier_export_are_known() {
    let mark = |hex: &str| {
        format!(r#"<w:bookmarkStart w:id="1" w:name="_pd{hex}"/><w:bookmarkEnd w:id="1"/>"#)
    };
    let one = "0192f0c1a2b37c4d8e5f0123456789ab";
    let two = "0192f0c1a2b37c4d8e5f0123456789ac";
    let file = Made {
        body: [
            format!(
                r#"<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr>{}{}</w:p>"#,
                mark(one),
                r("Title")
            ),
            format!("<w:p>{}{}</w:p>", mark(two), r("block")),
            format!("<w:p>{}{}</w:p>", mark(two), r("a copy of it")),
            format!(
                "<w:tbl><w:tr>{}</w:tr></w:tbl>",
                tc(
                    "",
                    &format!("<w:p>{}{}</w:p>", mark(&two.replace("ac", "ad")), r("row"))
                )
            ),
            format!("<w:p>{}{}</w:p>", mark("123"), r("other")),
        ]
        .concat(),
        styles: STYLES.to_owned(),
        ..Made::default()
    };
    let sections = protocol(&file).sections;
    let id = |mark: &Option<model::EntityId>| mark.as_ref().map(|id| id.as_str().to_owned());
    assert_eq!(
        id(&sections[0].mark).as_deref(),
        Some("0192f0c1-a2b3-7c4d-8e5f-0123456789ab")
    );
    let marks: Vec<bool> = sections[0]
        .blocks
        .iter()
        .map(|block| block.mark.is_some())
        .collect();
    assert_eq!(marks, [true, false, true, false]);
}

#[test]
fn strict_files_and_headers() {
    let file = Made {
        body: [styled("1", "Title"), p("text")].concat(),
        styles: STYLES.to_owned(),
        header: p("Protocol 1, page"),
        is_strict: true,
        ..Made::default()
    };
    let protocol = protocol(&file);
    assert_eq!(outline(&protocol.sections), ["1 Style [] Title"]);
    assert_eq!(protocol.not_carried, ["word.notCarried.headers"]);
    assert_eq!(protocol.lang, Some(Lang::En));
}

#[test]
fn the_m11_template_has_all_its_headings() {
    let Some(path) = testkit::shared_or_skip("data/docx/ICH_M11_Template_2025_0203.docx") else {
        return;
    };
    let bytes = std::fs::read(path).expect("reference file");
    let start = std::time::Instant::now();
    let protocol = read(&bytes).expect("a Word file");
    let taken = start.elapsed();
    println!("read in {taken:?}");
    assert!(taken < crate::HANGS, "{taken:?}");
    let by = |by: HeadingBy| {
        protocol
            .sections
            .iter()
            .filter(|section| section.by == by)
            .count()
    };
    let found = (
        by(HeadingBy::Style),
        by(HeadingBy::Number),
        by(HeadingBy::Bold),
    );
    assert_eq!(found, (158, 5, 0));
    let find = |number: &str| {
        let section = protocol
            .sections
            .iter()
            .find(|section| section.number == number);
        section.map(|section| section.title.text.as_str())
    };
    assert_eq!(find("0.4"), Some("Abbreviations Used in this Template"));
    assert_eq!(find("4.2"), Some("Rationale for Trial Design"));
    assert_eq!(find("10.4.1.5"), Some("{Supplementary Analysis}"));
    assert_eq!(find("14"), Some("Appendix: References"));
    let blocks = || protocol.sections.iter().flat_map(|section| &section.blocks);
    assert_eq!(blocks().filter(|block| block.kind == "row").count(), 93);
    assert_eq!(blocks().filter_map(|block| block.table).max(), Some(14));
    assert!(blocks().any(
        |block| block.kind == "heading" && block.text.text == "Text Structure and Flexibility"
    ));
    assert_eq!(
        protocol.not_carried,
        ["word.notCarried.headers", "word.notCarried.contents"]
    );
}

#[test]
fn what_a_tracked_change_adds_keeps_its_kind_or_is_said() {
    let mut file = made(&[
        styled("Heading1", "Design"),
        p("Parallel groups."),
        format!(
            r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:ins w:id="7" w:author="A"/></w:rPr></w:pPr>{}</w:p>"#,
            ins("added item")
        ),
        format!(
            r#"<w:p><w:pPr><w:pStyle w:val="Heading1"/><w:rPr><w:ins w:id="8" w:author="A"/></w:rPr></w:pPr>{}</w:p>"#,
            ins("Added heading")
        ),
        format!(
            "<w:tbl><w:tr>{}{}</w:tr></w:tbl>",
            tc("", &p("a")),
            tc(r#"<w:cellIns w:id="9" w:author="A"/>"#, &p("b"))
        ),
    ].concat());
    file.numbering = r#"<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>"#.into();
    file.styles =
        r#"<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>"#
            .into();
    let read = protocol(&file);
    let kinds: Vec<&str> = read.sections[0]
        .blocks
        .iter()
        .map(|block| block.kind.as_str())
        .collect();
    assert_eq!(kinds, ["paragraph", "item", "heading", "row"]);
    assert_eq!(read.sections[0].blocks[1].list, "bullet");
    assert_eq!(
        read.warnings,
        ["word.warning.cells", "word.warning.addedHeading"]
    );
}
