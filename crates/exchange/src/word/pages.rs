//! Letter, list and forms of ours as a Word file that an office goes on with.
//!
//! Plain paragraphs and tables with borders; the same blocks give the same bytes.

use super::write::{HEAD, W, Xml};
use crate::archive::pack;
use model::Lang;
use model::word_page::{LineManner, WordBlock, WordPages};

/// Width of the text. Units: twips.
const WIDTH: u32 = 9_070;
/// Share of a label beside its value, of 1000.
const LABEL_SHARE: u32 = 300;
const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/>\
<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>\
<Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/></Types>";
const LIST: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Writes a document.
pub fn write_pages(pages: &WordPages, lang: Lang) -> Vec<u8> {
    let mut out = Xml::default();
    out.raw(HEAD)
        .open("w:document", &[("xmlns:w", W), ("xmlns:r", KINDS)]);
    out.open("w:body", &[]);
    for block in &pages.blocks {
        self::block(&mut out, block);
    }
    out.raw(
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/>\
         <w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1440\" w:right=\"1418\" \
         w:bottom=\"1440\" w:left=\"1418\" w:header=\"851\" w:footer=\"850\" w:gutter=\"0\"/>\
         </w:sectPr></w:body></w:document>",
    );
    let relations = |rows: &[(&str, &str)]| {
        let rows = rows.iter().enumerate().map(|(n, (kind, target))| {
            format!(
                "<Relationship Id=\"rId{}\" Type=\"{KINDS}/{kind}\" Target=\"{target}\"/>",
                n + 1
            )
        });
        let rows: String = rows.collect();
        format!("{HEAD}<Relationships xmlns=\"{LIST}\">{rows}</Relationships>")
    };
    let files = [
        ("[Content_Types].xml", format!("{HEAD}{TYPES}")),
        (
            "_rels/.rels",
            relations(&[("officeDocument", "word/document.xml")]),
        ),
        ("word/document.xml", out.into_string()),
        (
            "word/_rels/document.xml.rels",
            relations(&[("styles", "styles.xml"), ("footer", "footer1.xml")]),
        ),
        ("word/styles.xml", styles(lang)),
        ("word/footer1.xml", footer()),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text));
    pack(files).expect("names differ, and memory takes what it just made")
}

fn block(out: &mut Xml, block: &WordBlock) {
    match block {
        WordBlock::Heading(level, text) => {
            let style = format!("Heading{}", level.clamp(&1, &3));
            paragraph(out, &style, text);
        }
        WordBlock::Line(manner, text) => {
            let style = match manner {
                LineManner::Plain => "Normal",
                LineManner::Title => "Title",
                LineManner::Strong => "Strong",
                LineManner::Closing => "Closing",
                LineManner::Mute => "Mute",
            };
            paragraph(out, style, text);
        }
        WordBlock::Table {
            heads,
            shares,
            rows,
        } => table(out, heads, shares, rows),
        WordBlock::Facts(rows) => {
            let rows: Vec<Vec<String>> = rows
                .iter()
                .map(|(label, value)| vec![label.clone(), value.clone()])
                .collect();
            table(out, &[], &[LABEL_SHARE, 1000 - LABEL_SHARE], &rows);
        }
        WordBlock::Sign(lines) => {
            for (label, day) in lines {
                let line = format!("{label}：____________________    {day}：______________");
                paragraph(out, "Sign", &line);
            }
        }
    }
}

fn paragraph(out: &mut Xml, style: &str, text: &str) {
    out.open("w:p", &[]);
    out.open("w:pPr", &[])
        .empty("w:pStyle", &[("w:val", style)])
        .close("w:pPr");
    run(out, text);
    out.close("w:p");
}

fn run(out: &mut Xml, text: &str) {
    if text.is_empty() {
        return;
    }
    out.open("w:r", &[]);
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            out.empty("w:br", &[]);
        }
        out.open("w:t", &[("xml:space", "preserve")])
            .text(line)
            .close("w:t");
    }
    out.close("w:r");
}

fn table(out: &mut Xml, heads: &[String], shares: &[u32], rows: &[Vec<String>]) {
    let widths: Vec<String> = shares
        .iter()
        .map(|share| (WIDTH * share / 1000).to_string())
        .collect();
    out.open("w:tbl", &[]).raw(
        "<w:tblPr><w:tblStyle w:val=\"Ruled\"/><w:tblW w:w=\"9070\" w:type=\"dxa\"/>\
         <w:tblLayout w:type=\"fixed\"/></w:tblPr>",
    );
    out.open("w:tblGrid", &[]);
    for width in &widths {
        out.empty("w:gridCol", &[("w:w", width)]);
    }
    out.close("w:tblGrid");
    let mut row = |cells: &[String], is_head: bool| {
        out.open("w:tr", &[]);
        if is_head {
            out.raw("<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        }
        for (width, cell) in widths.iter().zip(cells) {
            out.open("w:tc", &[]).open("w:tcPr", &[]);
            out.empty("w:tcW", &[("w:w", width), ("w:type", "dxa")])
                .close("w:tcPr");
            paragraph(out, if is_head { "Strong" } else { "Cell" }, cell);
            out.close("w:tc");
        }
        out.close("w:tr");
    };
    if heads.iter().any(|head| !head.is_empty()) {
        row(heads, true);
    }
    for cells in rows {
        row(cells, false);
    }
    out.close("w:tbl");
    // Two tables in a row would be one.
    paragraph(out, "Mute", "");
}

fn footer() -> String {
    let field = |name: &str| {
        format!("<w:fldSimple w:instr=\" {name} \"><w:r><w:t>1</w:t></w:r></w:fldSimple>")
    };
    format!(
        "{HEAD}<w:ftr xmlns:w=\"{W}\"><w:p><w:pPr><w:pStyle w:val=\"Foot\"/></w:pPr>{}\
         <w:r><w:t xml:space=\"preserve\"> / </w:t></w:r>{}</w:p></w:ftr>",
        field("PAGE"),
        field("NUMPAGES")
    )
}

fn styles(lang: Lang) -> String {
    let words = match lang {
        Lang::Zh => "w:val=\"en-US\" w:eastAsia=\"zh-CN\"",
        Lang::En => "w:val=\"en-GB\" w:eastAsia=\"zh-CN\"",
    };
    let style = |id: &str, paragraph: &str, run: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{id}\"/>\
             <w:basedOn w:val=\"Normal\"/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        )
    };
    let spaced =
        |before: u32, after: u32| format!("<w:spacing w:before=\"{before}\" w:after=\"{after}\"/>");
    let sides: String = ["top", "left", "bottom", "right", "insideH", "insideV"]
        .map(|side| {
            format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"808080\"/>")
        })
        .concat();
    let head = |n: u32, size: u32| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"Heading{n}\"><w:name w:val=\"heading {n}\"/>\
             <w:basedOn w:val=\"Normal\"/><w:pPr><w:keepNext/><w:spacing w:before=\"240\" w:after=\"120\"/>\
             <w:outlineLvl w:val=\"{}\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"{size}\"/></w:rPr></w:style>",
            n - 1
        )
    };
    format!(
        "{HEAD}<w:styles xmlns:w=\"{W}\"><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"宋体\" w:cs=\"Times New Roman\"/>\
         <w:sz w:val=\"21\"/><w:lang {words}/></w:rPr></w:rPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/>\
         <w:pPr><w:spacing w:after=\"120\" w:line=\"320\" w:lineRule=\"auto\"/></w:pPr></w:style>{}{}{}{}{}{}{}{}{}{}\
         <w:style w:type=\"table\" w:styleId=\"Ruled\"><w:name w:val=\"Ruled\"/><w:tblPr><w:tblBorders>{sides}</w:tblBorders>\
         <w:tblCellMar><w:left w:w=\"85\" w:type=\"dxa\"/><w:right w:w=\"85\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style></w:styles>",
        head(1, 30),
        head(2, 24),
        head(3, 22),
        style(
            "Title",
            &format!("{}<w:jc w:val=\"center\"/>", spaced(240, 360)),
            "<w:b/><w:sz w:val=\"36\"/>"
        ),
        style("Strong", &spaced(40, 40), "<w:b/>"),
        style("Cell", &spaced(40, 40), ""),
        style("Closing", "<w:jc w:val=\"right\"/>", ""),
        style(
            "Mute",
            &spaced(0, 60),
            "<w:color w:val=\"666666\"/><w:sz w:val=\"18\"/>"
        ),
        style("Sign", &format!("<w:keepLines/>{}", spaced(360, 120)), ""),
        style("Foot", "<w:jc w:val=\"center\"/>", "<w:sz w:val=\"18\"/>"),
    )
}
