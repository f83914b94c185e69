//! How the document looks: styles, fonts, settings.

use super::body::LEVEL_MAX;
use super::xml::Xml;
use super::{HEAD, Langs, W};

/// Text, and headings: Latin face, Chinese face.
const SERIF: (&str, &str) = ("Times New Roman", "宋体");
const SANS: (&str, &str) = ("Arial", "黑体");

/// Size of text, of headings by level, of tables. Units: half points.
struct Sizes {
    text: u32,
    headings: [u32; 4],
    table: u32,
    small: u32,
}

/// 小四 text, 三号 to 小四 headings, 五号 tables.
const CHINESE: Sizes = Sizes {
    text: 24,
    headings: [32, 28, 26, 24],
    table: 21,
    small: 17,
};
const ENGLISH: Sizes = Sizes {
    text: 22,
    headings: [30, 26, 24, 22],
    table: 20,
    small: 16,
};

/// A style of paragraphs.
#[derive(Clone, Copy, Default)]
struct Style<'a> {
    id: &'a str,
    /// Word shows its own word for the names that it knows.
    name: &'a str,
    based: &'a str,
    next: &'a str,
    para: &'a str,
    run: &'a str,
}

/// The part that lists the styles.
pub(super) fn write(langs: Langs) -> String {
    let sizes = if langs == Langs::En { ENGLISH } else { CHINESE };
    let mut xml = Xml::default();
    xml.raw(HEAD).open("w:styles", &[("xmlns:w", W)]);
    defaults(&mut xml, &sizes);
    xml.raw(
        "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">\
         <w:name w:val=\"Normal\"/><w:qFormat/></w:style>\
         <w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\">\
         <w:name w:val=\"Default Paragraph Font\"/><w:uiPriority w:val=\"1\"/>\
         <w:semiHidden/></w:style>\
         <w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\">\
         <w:name w:val=\"Normal Table\"/><w:uiPriority w:val=\"99\"/><w:semiHidden/><w:tblPr>\
         <w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/>\
         <w:left w:w=\"108\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/>\
         <w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>\
         <w:style w:type=\"numbering\" w:default=\"1\" w:styleId=\"NoList\">\
         <w:name w:val=\"No List\"/><w:uiPriority w:val=\"99\"/><w:semiHidden/></w:style>",
    );
    headings(&mut xml, &sizes);
    text(&mut xml, langs, &sizes);
    front(&mut xml, langs);
    tables(&mut xml, &sizes);
    around(&mut xml);
    xml.raw("</w:styles>");
    xml.into_string()
}

fn defaults(xml: &mut Xml, sizes: &Sizes) {
    xml.raw("<w:docDefaults><w:rPrDefault><w:rPr>");
    face(xml, SERIF);
    size(xml, sizes.text);
    xml.raw(
        "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault/></w:docDefaults>",
    );
}

fn face(xml: &mut Xml, (latin, chinese): (&str, &str)) {
    xml.empty(
        "w:rFonts",
        &[
            ("w:ascii", latin),
            ("w:hAnsi", latin),
            ("w:eastAsia", chinese),
            ("w:cs", latin),
        ],
    );
}

fn size(xml: &mut Xml, half_points: u32) {
    let value = half_points.to_string();
    xml.empty("w:sz", &[("w:val", &value)])
        .empty("w:szCs", &[("w:val", &value)]);
}

fn add(xml: &mut Xml, style: Style<'_>) {
    let based = if style.based.is_empty() {
        "Normal"
    } else {
        style.based
    };
    xml.open(
        "w:style",
        &[("w:type", "paragraph"), ("w:styleId", style.id)],
    )
    .empty("w:name", &[("w:val", style.name)])
    .empty("w:basedOn", &[("w:val", based)]);
    if !style.next.is_empty() {
        xml.empty("w:next", &[("w:val", style.next)]);
    }
    xml.raw("<w:uiPriority w:val=\"9\"/><w:qFormat/>");
    for (tag, inside) in [("w:pPr", style.para), ("w:rPr", style.run)] {
        if !inside.is_empty() {
            xml.open(tag, &[]).raw(inside).close(tag);
        }
    }
    xml.raw("</w:style>");
}

fn headings(xml: &mut Xml, sizes: &Sizes) {
    for level in 1..=LEVEL_MAX {
        let place = usize::from(level - 1).min(sizes.headings.len() - 1);
        let half_points = sizes.headings.get(place).copied().unwrap_or(sizes.text);
        let before = if level == 1 { 360 } else { 240 };
        let mut run = Xml::default();
        face(&mut run, SANS);
        run.raw("<w:b/><w:bCs/>");
        size(&mut run, half_points);
        let outline = (level - 1).to_string();
        let para = |after: u32, before: u32| {
            format!(
                "<w:keepNext/><w:keepLines/><w:spacing w:before=\"{before}\" w:after=\"{after}\" \
                 w:line=\"300\" w:lineRule=\"auto\"/>"
            )
        };
        add(
            xml,
            Style {
                id: &format!("Heading{level}"),
                name: &format!("heading {level}"),
                next: "BodyText",
                para: &format!("{}<w:outlineLvl w:val=\"{outline}\"/>", para(120, before)),
                run: run.as_str(),
                ..Style::default()
            },
        );
        add(
            xml,
            Style {
                id: &format!("Heading{level}Second"),
                name: &format!("Heading {level} Second"),
                next: "BodyText",
                para: &para(120, 0),
                run: run.as_str(),
                ..Style::default()
            },
        );
    }
}

/// Paragraphs of the text.
fn text(xml: &mut Xml, langs: Langs, sizes: &Sizes) {
    let sans_bold = {
        let mut run = Xml::default();
        face(&mut run, SANS);
        run.raw("<w:b/><w:bCs/>");
        run.into_string()
    };
    let small = {
        let mut run = Xml::default();
        size(&mut run, sizes.table);
        run.into_string()
    };
    let note = "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>";
    let line = if langs == Langs::En { 300 } else { 360 };
    let spacing = |after: u32| {
        format!("<w:spacing w:after=\"{after}\" w:line=\"{line}\" w:lineRule=\"auto\"/>")
    };
    let two = sizes.text * 20;
    let indented = format!(
        "{}<w:ind w:firstLineChars=\"200\" w:firstLine=\"{two}\"/>",
        spacing(0)
    );
    let subheading = format!("<w:keepNext/>{}", spacing(60));
    let caption =
        "<w:keepLines/><w:spacing w:before=\"60\" w:after=\"240\"/><w:jc w:val=\"center\"/>";
    let styles = [
        ("BodyText", "Body Text", spacing(120), ""),
        (
            "BodyTextFirstIndent",
            "Body Text First Indent",
            indented,
            "",
        ),
        ("ListParagraph", "List Paragraph", spacing(0), ""),
        ("ListContinue", "List Continue", spacing(60), ""),
        ("Subheading", "Subheading", subheading, &sans_bold),
        (
            "NotApplicable",
            "Not Applicable",
            spacing(120),
            "<w:i/><w:iCs/>",
        ),
        ("Caption", "caption", caption.to_owned(), &small),
        (
            "Figure",
            "Figure",
            "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"60\"/><w:jc w:val=\"center\"/>"
                .to_owned(),
            "",
        ),
        (
            "NoteText",
            "Note Text",
            "<w:spacing w:after=\"60\"/>".to_owned(),
            note,
        ),
        (
            "FootnoteText",
            "footnote text",
            "<w:snapToGrid w:val=\"0\"/><w:jc w:val=\"left\"/>".to_owned(),
            note,
        ),
    ];
    for (id, name, para, run) in &styles {
        let (para, run) = (para.as_str(), *run);
        add(
            xml,
            Style {
                id,
                name,
                para,
                run,
                ..Style::default()
            },
        );
    }
}

/// Cover and contents.
fn front(xml: &mut Xml, langs: Langs) {
    let big = |half_points: u32, bold: &str| {
        let mut run = Xml::default();
        face(&mut run, SANS);
        run.raw(bold);
        size(&mut run, half_points);
        run.into_string()
    };
    let centered = |before: u32, after: u32| {
        format!(
            "<w:spacing w:before=\"{before}\" w:after=\"{after}\" w:line=\"300\" \
             w:lineRule=\"auto\"/><w:jc w:val=\"center\"/>"
        )
    };
    let bold = "<w:b/><w:bCs/>";
    let contents = |level: u32| {
        format!(
            "<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\" w:pos=\"9060\"/></w:tabs>\
             <w:spacing w:before=\"40\" w:after=\"40\"/><w:ind w:left=\"{}\" w:right=\"560\"/>",
            (level - 1) * 420
        )
    };
    let heading = "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"240\"/>".to_owned();
    let styles = [
        (
            "CoverLead",
            "Cover Lead",
            centered(if langs == Langs::Both { 700 } else { 1900 }, 480),
            big(32, ""),
        ),
        ("Title", "Title", centered(120, 120), big(40, bold)),
        (
            "TitleSecond",
            "Title Second",
            centered(60, 120),
            big(30, bold),
        ),
        ("Subtitle", "Subtitle", centered(60, 60), big(26, "")),
        (
            "TOCHeading",
            "TOC Heading",
            format!("{heading}<w:jc w:val=\"center\"/>"),
            big(32, bold),
        ),
        ("FrontHeading", "Front Heading", heading, big(28, bold)),
        ("TOC1", "toc 1", contents(1), String::new()),
        ("TOC2", "toc 2", contents(2), String::new()),
        ("TOC3", "toc 3", contents(3), String::new()),
    ];
    for (id, name, para, run) in &styles {
        add(
            xml,
            Style {
                id,
                name,
                para,
                run,
                ..Style::default()
            },
        );
    }
}

fn tables(xml: &mut Xml, sizes: &Sizes) {
    let sized = |half_points: u32, bold: &str| {
        let mut run = Xml::default();
        run.raw(bold);
        size(&mut run, half_points);
        run.into_string()
    };
    let bold = "<w:b/><w:bCs/>";
    let left = "<w:spacing w:before=\"30\" w:after=\"30\"/><w:jc w:val=\"left\"/>";
    let middle = "<w:keepNext/><w:spacing w:before=\"30\" w:after=\"30\"/><w:jc w:val=\"center\"/>";
    let sign = "<w:spacing w:before=\"30\" w:after=\"30\"/><w:jc w:val=\"center\"/>";
    let key = "<w:spacing w:before=\"30\" w:after=\"30\"/><w:jc w:val=\"left\"/>";
    let styles = [
        ("TableText", "Table Text", left, sized(sizes.table, "")),
        // Bold comes from the style of the table: bold of a paragraph is what the text says.
        ("TableHead", "Table Head", middle, sized(sizes.table, "")),
        (
            "TableTextSmall",
            "Table Text Small",
            left,
            sized(sizes.small, ""),
        ),
        ("TableSign", "Table Sign", sign, sized(sizes.small, "")),
        (
            "TableHeadSmall",
            "Table Head Small",
            middle,
            sized(sizes.small, ""),
        ),
        ("TableKey", "Table Key", key, sized(sizes.table, bold)),
    ];
    for (id, name, para, run) in &styles {
        add(
            xml,
            Style {
                id,
                name,
                para,
                run,
                ..Style::default()
            },
        );
    }
    add(
        xml,
        Style {
            id: "TableGap",
            name: "Table Gap",
            para: "<w:spacing w:line=\"200\" w:lineRule=\"exact\"/>",
            run: "<w:sz w:val=\"12\"/><w:szCs w:val=\"12\"/>",
            ..Style::default()
        },
    );
    let border = |side: &str, kind: &str| {
        format!("<w:{side} w:val=\"{kind}\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>")
    };
    let all = ["top", "left", "bottom", "right", "insideH", "insideV"];
    let grid: String = all.iter().map(|side| border(side, "single")).collect();
    let lines: String = ["top", "bottom", "insideH"]
        .iter()
        .map(|side| border(side, "single"))
        .collect();
    for (id, name, borders) in [
        ("TableGrid", "Table Grid", grid),
        ("CoverTable", "Cover Table", lines),
    ] {
        xml.open("w:style", &[("w:type", "table"), ("w:styleId", id)])
            .empty("w:name", &[("w:val", name)])
            .raw("<w:basedOn w:val=\"TableNormal\"/><w:uiPriority w:val=\"39\"/><w:tblPr><w:tblBorders>")
            .raw(&borders)
            .raw(
                "</w:tblBorders></w:tblPr><w:tblStylePr w:type=\"firstRow\"><w:rPr><w:b/><w:bCs/>\
                 </w:rPr></w:tblStylePr></w:style>",
            );
    }
}

/// Header, footer, links, signs of notes.
fn around(xml: &mut Xml) {
    let small = "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>";
    add(
        xml,
        Style {
            id: "Header",
            name: "header",
            para: "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"1\" w:color=\"auto\"/></w:pBdr>\
                   <w:tabs><w:tab w:val=\"right\" w:pos=\"9070\"/></w:tabs>",
            run: small,
            ..Style::default()
        },
    );
    add(
        xml,
        Style {
            id: "HeaderDraft",
            name: "Header Draft",
            para: "<w:spacing w:after=\"40\"/><w:jc w:val=\"center\"/>",
            run: "<w:b/><w:bCs/><w:color w:val=\"C00000\"/><w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/>",
            ..Style::default()
        },
    );
    add(
        xml,
        Style {
            id: "Footer",
            name: "footer",
            para: "<w:jc w:val=\"center\"/>",
            run: small,
            ..Style::default()
        },
    );
    for (id, name, run) in [
        (
            "Hyperlink",
            "Hyperlink",
            "<w:color w:val=\"0563C1\"/><w:u w:val=\"single\"/>",
        ),
        (
            "FootnoteReference",
            "footnote reference",
            "<w:vertAlign w:val=\"superscript\"/>",
        ),
    ] {
        xml.open("w:style", &[("w:type", "character"), ("w:styleId", id)])
            .empty("w:name", &[("w:val", name)])
            .raw("<w:basedOn w:val=\"DefaultParagraphFont\"/><w:uiPriority w:val=\"99\"/><w:rPr>")
            .raw(run)
            .raw("</w:rPr></w:style>");
    }
}

/// The part that says how Word treats the file.
pub(super) fn settings(langs: Langs) -> String {
    let main = if langs == Langs::En { "en-US" } else { "zh-CN" };
    let mut xml = Xml::default();
    xml.raw(HEAD).open("w:settings", &[("xmlns:w", W)]).raw(
        "<w:zoom w:percent=\"100\"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>\
         <w:defaultTabStop w:val=\"420\"/><w:characterSpacingControl w:val=\"compressPunctuation\"/>\
         <w:footnotePr><w:footnote w:id=\"-1\"/><w:footnote w:id=\"0\"/></w:footnotePr>\
         <w:endnotePr><w:endnote w:id=\"-1\"/><w:endnote w:id=\"0\"/></w:endnotePr>\
         <w:compat><w:doNotExpandShiftReturn/><w:useFELayout/>\
         <w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>",
    );
    xml.empty(
        "w:themeFontLang",
        &[
            ("w:val", if langs == Langs::En { main } else { "en-US" }),
            ("w:eastAsia", "zh-CN"),
        ],
    );
    xml.raw("</w:settings>");
    xml.into_string()
}

/// The part that says what to take where a font is missing.
pub(super) fn fonts() -> String {
    let mut xml = Xml::default();
    xml.raw(HEAD).open("w:fonts", &[("xmlns:w", W)]);
    for (name, other, charset, family) in [
        ("Times New Roman", "", "00", "roman"),
        ("Arial", "", "00", "swiss"),
        ("宋体", "SimSun", "86", "auto"),
        ("黑体", "SimHei", "86", "modern"),
    ] {
        xml.open("w:font", &[("w:name", name)]);
        if !other.is_empty() {
            xml.empty("w:altName", &[("w:val", other)]);
        }
        xml.empty("w:charset", &[("w:val", charset)])
            .empty("w:family", &[("w:val", family)])
            .raw("<w:pitch w:val=\"variable\"/></w:font>");
    }
    xml.raw("</w:fonts>");
    xml.into_string()
}
