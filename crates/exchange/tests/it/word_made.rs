//! Word files made by hand, for what the reference files do not show.

use std::io::{Cursor, Write as _};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const STRICT_W: &str = "http://purl.oclc.org/ooxml/wordprocessingml/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT_R: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";
const MAIN_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

/// A Word file in the making: what stands in each of its parts.
#[derive(Clone, Default)]
pub(crate) struct Made {
    /// What stands in the body.
    pub(crate) body: String,
    /// What stands in the list of styles.
    pub(crate) styles: String,
    /// What stands in the lists.
    pub(crate) numbering: String,
    pub(crate) comments: String,
    pub(crate) footnotes: String,
    pub(crate) endnotes: String,
    pub(crate) header: String,
    /// The stricter dialect of the format.
    pub(crate) is_strict: bool,
    pub(crate) content_type: Option<&'static str>,
    /// Further parts, by name.
    pub(crate) parts: Vec<(String, Vec<u8>)>,
    /// Further relations of the main part.
    pub(crate) relations: String,
}

/// A file with some paragraphs and tables.
pub(crate) fn made(body: &str) -> Made {
    Made {
        body: body.to_owned(),
        ..Made::default()
    }
}

impl Made {
    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        zip(&self.all_parts())
    }

    /// Its parts, in order.
    pub(crate) fn all_parts(&self) -> Vec<(String, Vec<u8>)> {
        let mut parts = vec![
            ("[Content_Types].xml".to_owned(), self.types()),
            ("_rels/.rels".to_owned(), self.package_relations()),
        ];
        let mut relations = self.relations.clone();
        for (kind, tag, inner) in [
            ("styles", "styles", &self.styles),
            ("numbering", "numbering", &self.numbering),
            ("comments", "comments", &self.comments),
            ("footnotes", "footnotes", &self.footnotes),
            ("endnotes", "endnotes", &self.endnotes),
            ("header", "hdr", &self.header),
        ] {
            if !inner.is_empty() {
                parts.push((format!("word/{kind}.xml"), self.part(tag, inner)));
                relations += &format!(
                    r#"<Relationship Id="{kind}" Type="{}/{kind}" Target="{kind}.xml"/>"#,
                    self.relation_type()
                );
            }
        }
        let body = format!("<w:body>{}</w:body>", self.body);
        parts.push(("word/document.xml".to_owned(), self.part("document", &body)));
        parts.push((
            "word/_rels/document.xml.rels".to_owned(),
            relation_list(&relations),
        ));
        parts.extend(self.parts.iter().cloned());
        parts
    }

    fn relation_type(&self) -> &'static str {
        if self.is_strict { STRICT_R } else { R }
    }

    fn package_relations(&self) -> Vec<u8> {
        relation_list(&format!(
            r#"<Relationship Id="rId1" Type="{}/officeDocument" Target="word/document.xml"/>"#,
            self.relation_type()
        ))
    }

    fn types(&self) -> Vec<u8> {
        format!(
            r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{}"/></Types>"#,
            self.content_type.unwrap_or(MAIN_TYPE)
        )
        .into_bytes()
    }

    fn part(&self, tag: &str, inner: &str) -> Vec<u8> {
        let (w, r) = if self.is_strict {
            (STRICT_W, STRICT_R)
        } else {
            (W, R)
        };
        let math = "http://schemas.openxmlformats.org/officeDocument/2006/math";
        let mc = "http://schemas.openxmlformats.org/markup-compatibility/2006";
        let draw = "http://schemas.openxmlformats.org/drawingml/2006";
        let shape = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape";
        format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{tag} xmlns:w="{w}" xmlns:r="{r}" xmlns:m="{math}" xmlns:mc="{mc}" xmlns:wp="{draw}/wordprocessingDrawing" xmlns:a="{draw}/main" xmlns:pic="{draw}/picture" xmlns:wps="{shape}" xmlns:v="urn:schemas-microsoft-com:vml">{inner}</w:{tag}>"#
        )
        .into_bytes()
    }
}

fn relation_list(inner: &str) -> Vec<u8> {
    format!(
        r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>"#
    )
    .into_bytes()
}

/// Packs parts.
pub(crate) fn zip(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), options).expect("a part");
        writer.write_all(bytes).expect("a part");
    }
    writer.finish().expect("a package").into_inner()
}

/// A paragraph with a run.
pub(crate) fn p(text: &str) -> String {
    format!("<w:p>{}</w:p>", r(text))
}

/// A paragraph of a style with a run.
pub(crate) fn styled(style: &str, text: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{}</w:p>"#,
        r(text)
    )
}

/// A paragraph all in bold.
pub(crate) fn bold(text: &str) -> String {
    format!(r#"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>"#)
}

/// A run.
pub(crate) fn r(text: &str) -> String {
    format!(r#"<w:r><w:t xml:space="preserve">{text}</w:t></w:r>"#)
}

/// A run put in by a tracked change.
pub(crate) fn ins(text: &str) -> String {
    format!(
        r#"<w:ins w:id="1" w:author="Li" w:date="2026-01-02T03:04:05Z">{}</w:ins>"#,
        r(text)
    )
}

/// A run taken out by a tracked change.
pub(crate) fn del(text: &str) -> String {
    format!(
        r#"<w:del w:id="2" w:author="Wang" w:date="2026-01-03T03:04:05Z"><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>"#
    )
}

/// A paragraph whose end a tracked change put in (`ins`) or took out (`del`).
pub(crate) fn p_end(change: &str, inner: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:rPr><w:{change} w:id="3" w:author="Li" w:date="2026-01-02T03:04:05Z"/></w:rPr></w:pPr>{inner}</w:p>"#
    )
}

/// A cell with properties.
pub(crate) fn tc(properties: &str, inner: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>")
}
