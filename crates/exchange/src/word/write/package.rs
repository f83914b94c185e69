//! The parts of the file around the text, and the file.

use super::paper::Paper;
use super::picture::KINDS;
use super::story::{Relations, Story};
use super::track::Author;
use super::xml::Xml;
use super::{HEAD, Head, Langs, W, WordFile, front, styles, words};
use model::label;
use std::io::{Cursor, Write as _};
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The namespaces of a part with text.
const SPACES: [(&str, &str); 5] = [
    ("xmlns:w", W),
    (
        "xmlns:r",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        "xmlns:wp",
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    ),
    (
        "xmlns:a",
        "http://schemas.openxmlformats.org/drawingml/2006/main",
    ),
    (
        "xmlns:pic",
        "http://schemas.openxmlformats.org/drawingml/2006/picture",
    ),
];
/// What each part is, below `application/vnd.openxmlformats-`.
const PARTS: [(&str, &str); 11] = [
    (
        "/word/document.xml",
        "officedocument.wordprocessingml.document.main+xml",
    ),
    (
        "/word/styles.xml",
        "officedocument.wordprocessingml.styles+xml",
    ),
    (
        "/word/numbering.xml",
        "officedocument.wordprocessingml.numbering+xml",
    ),
    (
        "/word/settings.xml",
        "officedocument.wordprocessingml.settings+xml",
    ),
    (
        "/word/fontTable.xml",
        "officedocument.wordprocessingml.fontTable+xml",
    ),
    (
        "/word/footnotes.xml",
        "officedocument.wordprocessingml.footnotes+xml",
    ),
    (
        "/word/endnotes.xml",
        "officedocument.wordprocessingml.endnotes+xml",
    ),
    (
        "/word/header1.xml",
        "officedocument.wordprocessingml.header+xml",
    ),
    (
        "/word/footer1.xml",
        "officedocument.wordprocessingml.footer+xml",
    ),
    ("/docProps/core.xml", "package.core-properties+xml"),
    (
        "/docProps/app.xml",
        "officedocument.extended-properties+xml",
    ),
];
/// A4, upright; room for two lines of header. Units: twips.
const PAGE: &str = "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1644\" w:right=\"1418\" \
                    w:bottom=\"1440\" w:left=\"1418\" w:header=\"851\" w:footer=\"850\" \
                    w:gutter=\"0\"/>";

/// Puts the file together.
pub(super) fn pack(
    mut paper: Paper<'_>,
    mut story: Story,
    head: &Head,
    author: &Author,
) -> WordFile {
    let relations = &mut story.relations;
    for (kind, target) in [
        ("styles", "styles.xml"),
        ("numbering", "numbering.xml"),
        ("settings", "settings.xml"),
        ("fontTable", "fontTable.xml"),
        ("footnotes", "footnotes.xml"),
        ("endnotes", "endnotes.xml"),
    ] {
        relations.part(kind, target);
    }
    let header = relations.part("header", "header1.xml");
    let footer = relations.part("footer", "footer1.xml");
    let (header_xml, footer_xml) = (self::header(&paper, head), footer_of(paper.langs));
    let core = core(&paper, head, author);
    let document = document(&story, (&header, &footer));
    let notes = notes(&paper.notes, "w:footnotes", "w:footnote");
    let endnotes = notes_empty();
    let lost = [&document, &notes, &header_xml, &core]
        .iter()
        .any(|xml| xml.lost);
    if lost || story.xml.lost || paper.notes.xml.lost {
        paper.warnings.insert("word.out.charsLeftOut");
    }
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, text: String| files.push((name.to_owned(), text.into_bytes()));
    add("[Content_Types].xml", types());
    add("_rels/.rels", root());
    add("word/document.xml", document.into_string());
    add("word/_rels/document.xml.rels", story.relations.write());
    add("word/styles.xml", styles::write(paper.langs));
    add("word/numbering.xml", paper.lists.write(paper.langs));
    add("word/settings.xml", styles::settings(paper.langs));
    add("word/fontTable.xml", styles::fonts());
    add("word/footnotes.xml", notes.into_string());
    if !paper.notes.relations.is_empty() {
        add(
            "word/_rels/footnotes.xml.rels",
            paper.notes.relations.write(),
        );
    }
    add("word/endnotes.xml", endnotes);
    add("word/header1.xml", header_xml.into_string());
    add("word/footer1.xml", footer_xml);
    add("docProps/core.xml", core.into_string());
    add("docProps/app.xml", app());
    for (name, data) in std::mem::take(&mut paper.pictures.files) {
        files.push((format!("word/media/{name}"), data));
    }
    WordFile {
        bytes: zipped(&files).expect("writing to memory cannot fail"),
        warnings: paper.warnings.into_iter().collect(),
    }
}

/// The file, with a fixed time for every part.
fn zipped(files: &[(String, Vec<u8>)]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    // Pictures are packed already.
    let stored = packed.compression_method(CompressionMethod::Stored);
    for (name, data) in files {
        let is_picture = name.starts_with("word/media/");
        zip.start_file(name.as_str(), if is_picture { stored } else { packed })?;
        zip.write_all(data)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn document(story: &Story, (header, footer): (&str, &str)) -> Xml {
    let mut xml = Xml::default();
    xml.raw(HEAD).open("w:document", &SPACES).raw("<w:body>");
    xml.raw(story.xml.as_str()).raw("<w:sectPr>");
    xml.empty(
        "w:headerReference",
        &[("w:type", "default"), ("r:id", header)],
    )
    .empty(
        "w:footerReference",
        &[("w:type", "default"), ("r:id", footer)],
    )
    .raw(PAGE)
    .raw("</w:sectPr></w:body></w:document>");
    xml
}

/// The notes behind the two lines that Word wants before them.
fn notes(story: &Story, whole: &str, one: &str) -> Xml {
    let mut xml = Xml::default();
    xml.raw(HEAD).open(whole, &SPACES);
    for (id, kind, sign) in [
        ("-1", "separator", "<w:separator/>"),
        ("0", "continuationSeparator", "<w:continuationSeparator/>"),
    ] {
        xml.open(one, &[("w:type", kind), ("w:id", id)])
            .raw("<w:p><w:pPr><w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/></w:pPr><w:r>")
            .raw(sign)
            .raw("</w:r></w:p>")
            .close(one);
    }
    xml.raw(story.xml.as_str()).close(whole);
    xml
}

fn notes_empty() -> String {
    notes(&Story::default(), "w:endnotes", "w:endnote").into_string()
}

fn header(paper: &Paper<'_>, head: &Head) -> Xml {
    let mut xml = Xml::default();
    xml.raw(HEAD).open("w:hdr", &SPACES);
    if head.is_draft {
        xml.raw("<w:p><w:pPr><w:pStyle w:val=\"HeaderDraft\"/></w:pPr><w:r><w:t>")
            .text(label!("word.out.draft").text(words::main_lang(paper.langs)))
            .raw("</w:t></w:r></w:p>");
    }
    let number = match head.number.trim() {
        "" => String::new(),
        number => label!("word.out.headerVersion")
            .fill(words::main_lang(paper.langs), &[("version", number)]),
    };
    let right: Vec<&str> = [number.as_str(), head.date.trim()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    xml.raw("<w:p><w:pPr><w:pStyle w:val=\"Header\"/></w:pPr><w:r><w:t xml:space=\"preserve\">")
        .text(&front::header_title(paper))
        .raw("</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t xml:space=\"preserve\">")
        .text(&right.join(" · "))
        .raw("</w:t></w:r></w:p></w:hdr>");
    xml
}

fn footer_of(langs: Langs) -> String {
    let label = label!("word.out.pageOf");
    let text = match langs {
        Langs::En => label.en,
        Langs::Zh | Langs::Both => label.zh,
    };
    let mut xml = Xml::default();
    xml.raw(HEAD).open("w:ftr", &SPACES);
    xml.raw("<w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>");
    for (n, piece) in text.split(['{', '}']).enumerate() {
        // Every second piece is the name of a place.
        if n % 2 == 0 {
            xml.raw("<w:r><w:t xml:space=\"preserve\">")
                .text(piece)
                .raw("</w:t></w:r>");
        } else {
            let code = if piece == "page" {
                " PAGE "
            } else {
                " NUMPAGES "
            };
            xml.open("w:fldSimple", &[("w:instr", code)])
                .raw("<w:r><w:t>1</w:t></w:r></w:fldSimple>");
        }
    }
    xml.raw("</w:p></w:ftr>");
    xml.into_string()
}

fn types() -> String {
    let mut xml = Xml::default();
    xml.raw(HEAD).raw(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>",
    );
    for (ending, kind) in KINDS {
        xml.empty("Default", &[("Extension", ending), ("ContentType", kind)]);
    }
    for (part, kind) in PARTS {
        let kind = format!("application/vnd.openxmlformats-{kind}");
        xml.empty("Override", &[("PartName", part), ("ContentType", &kind)]);
    }
    xml.raw("</Types>");
    xml.into_string()
}

fn root() -> String {
    let mut relations = Relations::default();
    relations.part("officeDocument", "word/document.xml");
    relations.part(
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        "docProps/core.xml",
    );
    relations.part("extended-properties", "docProps/app.xml");
    relations.write()
}

fn core(paper: &Paper<'_>, head: &Head, author: &Author) -> Xml {
    let mut xml = Xml::default();
    xml.raw(HEAD).raw(
        "<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">",
    );
    let lang = if paper.langs == Langs::En {
        "en-US"
    } else {
        "zh-CN"
    };
    let is_day = head.date.len() == 10 && head.date.split('-').count() == 3;
    let day = if is_day {
        format!("{}T00:00:00Z", head.date)
    } else {
        String::new()
    };
    let (title, creator) = (front::title(paper), front::investigator(paper));
    let subject = words::label(paper.langs, label!("word.out.protocol"));
    let parts: [(&str, &str, &str); 6] = [
        ("dc:title", "", &title),
        ("dc:subject", "", &subject),
        ("dc:creator", "", &creator),
        ("cp:lastModifiedBy", "", &author.name),
        ("dcterms:created", " xsi:type=\"dcterms:W3CDTF\"", &day),
        ("dc:language", "", lang),
    ];
    for (name, kind, value) in parts.into_iter().filter(|(_, _, value)| !value.is_empty()) {
        xml.raw("<")
            .raw(name)
            .raw(kind)
            .raw(">")
            .text(value)
            .close(name);
    }
    if !head.number.trim().is_empty() {
        xml.raw("<cp:version>")
            .text(&head.number)
            .raw("</cp:version>");
    }
    xml.raw("</cp:coreProperties>");
    xml
}

fn app() -> String {
    format!(
        "{HEAD}<Properties \
         xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
         <Application>PI Desk</Application></Properties>"
    )
}
