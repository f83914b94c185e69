//! Files that are not what they say they are: refused in words, quickly, without a panic.

use crate::word_made::{Made, made, p, r, tc, zip};
use exchange::word::{WordRefusal, read};
use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::Instant;

/// Reads what must be refused, in time; gives the key of the sentence.
fn refused(bytes: &[u8]) -> &'static str {
    let start = Instant::now();
    let refusal = read(bytes).expect_err("a refusal");
    assert!(
        start.elapsed() < crate::HANGS,
        "{refusal} took {:?}",
        start.elapsed()
    );
    println!("{refusal}: {:?}", start.elapsed());
    let code = refusal.code();
    assert!(
        model::label::LABELS.iter().any(|label| label.key == code),
        "no sentence for {code}"
    );
    code
}

fn check(bytes: &[u8], code: &str) {
    assert_eq!(refused(bytes), format!("word.refused.{code}"));
}

fn compound(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0_u8; 2048];
    bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    for (at, unit) in stream.encode_utf16().enumerate() {
        bytes[1024 + 2 * at..1026 + 2 * at].copy_from_slice(&unit.to_le_bytes());
    }
    bytes
}

fn with_document(document: &str) -> Vec<u8> {
    let mut parts = made("").all_parts();
    for (name, bytes) in &mut parts {
        if name == "word/document.xml" {
            *bytes = document.as_bytes().to_vec();
        }
    }
    zip(&parts)
}

const W: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;

#[test]
fn other_kinds_of_file_are_named() {
    check(b"", "empty");
    check(&compound("EncryptedPackage"), "encrypted");
    check(&compound("WordDocument"), "oldWord");
    check(&compound("Workbook"), "otherOffice");
    check(&compound("Something"), "notWord");
    check(br"{\rtf1\ansi text}", "richText");
    check(b"%PDF-1.7 ...", "pdf");
    check(b"\xef\xbb\xbf  <!DOCTYPE html><html></html>", "webPage");
    check(b"just words", "notWord");
    let odt = [
        (
            "mimetype".to_owned(),
            b"application/vnd.oasis.opendocument.text".to_vec(),
        ),
        ("content.xml".to_owned(), b"<a/>".to_vec()),
    ];
    check(&zip(&odt), "openDocument");
    check(&zip(&[("a.txt".to_owned(), b"a".to_vec())]), "notWord");
    let mut parts = made("").all_parts();
    for (_, bytes) in &mut parts {
        let text = String::from_utf8(bytes.clone()).expect("text");
        *bytes = text
            .replace("word/document.xml", "xl/workbook.xml")
            .into_bytes();
    }
    check(&zip(&parts), "otherOffice");
}

#[test]
fn damaged_files_are_refused() {
    let whole = made(&p("text").repeat(500)).bytes();
    for share in [1, 3, 5, 8] {
        check(&whole[..whole.len() * share / 10], "truncated");
    }
    let mut parts = made("").all_parts();
    parts.retain(|(name, _)| name != "word/document.xml");
    check(&zip(&parts), "noDocument");
    check(&with_document("<w:document"), "damaged");
    check(&with_document("not XML"), "damaged");
    check(&with_document("<a/>"), "noDocument");
    check(
        &with_document(&format!("<w:document {W}><w:other/></w:document>")),
        "noDocument",
    );
    let mut bent = whole;
    let at = bent.len() / 2;
    bent[at..at + 40].fill(0x55);
    assert!(read(&bent).is_err() || read(&bent).is_ok());
}

#[test]
fn parts_that_lead_two_ways_are_refused() {
    let mut parts = made(&p("one")).all_parts();
    let mut twice = zip(&parts);
    // A second part of the same name, written over the name of another of the same length.
    parts.push(("word/documenu.xml".to_owned(), b"<a/>".to_vec()));
    let other = zip(&parts);
    twice.clone_from(&other);
    let from = b"word/documenu.xml";
    for at in 0..twice.len() - from.len() {
        if twice[at..].starts_with(from) {
            twice[at..at + from.len()].copy_from_slice(b"word/document.xml");
        }
    }
    check(&twice, "partTwice");
    parts.pop();
    let mut capital = parts.clone();
    capital.push(("Word/Document.xml".to_owned(), b"<a/>".to_vec()));
    check(&zip(&capital), "partTwice");
    for name in ["../evil.xml", "/etc/evil", "word/../../evil", "C:/evil"] {
        let mut parts = parts.clone();
        parts.push((name.to_owned(), b"x".to_vec()));
        check(&zip(&parts), "partName");
    }
}

#[test]
fn f23_what_would_fill_memory_is_refused() {
    check(&vec![b'P'; 50 * 1024 * 1024 + 1], "tooLarge");
    let bomb = r#"<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>"#;
    check(&with_document(bomb), "entities");
    check(
        &with_document("<!DOCTYPE w SYSTEM \"file:///etc/passwd\"><w/>"),
        "entities",
    );
    let wide = format!("<w:document {W}><w:body>{}", " ".repeat(33 << 20));
    check(&with_document(&wide), "tooMuch");
    let same = format!("<w:document {W}><w:body>{}", "a".repeat(20 << 20));
    check(&with_document(&same), "tooMuch");
    let deep = format!(
        "<w:document {W}><w:body>{}{}</w:body></w:document>",
        "<w:sdt>".repeat(200_000),
        "</w:sdt>".repeat(200_000)
    );
    check(&with_document(&deep), "tooMuch");
    let many: String = (0..2_000_000)
        .map(|n| if n % 7 == 0 { "<w:p/>" } else { "<w:b/>" })
        .collect();
    check(
        &with_document(&format!("<w:document {W}><w:body>{many}")),
        "tooMuch",
    );
    let attributes: String = (0..20_000).map(|n| format!(" a{n}=\"1\"")).collect();
    check(
        &with_document(&format!("<w:document {W}{attributes}/>")),
        "tooMuch",
    );
    let spaces: String = (0..20_000)
        .map(|n| format!("<a xmlns:a{n}=\"u{n}\"/>"))
        .collect();
    check(
        &with_document(&format!("<w:document {W}>{spaces}</w:document>")),
        "tooMuch",
    );
}

#[test]
fn a_deep_file_that_is_still_read_needs_little_room() {
    let mut inner = p("deep");
    for _ in 0..38 {
        inner = format!("<w:tbl><w:tr>{}</w:tr></w:tbl><w:p/>", tc("", &inner));
    }
    let protocol = read(&made(&inner).bytes()).expect("a deep file");
    assert_eq!(protocol.sections[0].blocks[0].text.text, "deep");
    let many = "<w:r><w:t>a</w:t></w:r>".repeat(120_000);
    let start = Instant::now();
    read(&made(&format!("<w:p>{many}</w:p>")).bytes()).expect("a long paragraph");
    assert!(start.elapsed() < crate::HANGS, "{:?}", start.elapsed());
}

#[test]
fn macros_are_left_behind_and_said() {
    let mut file = made(&p("text"));
    file.content_type = Some("application/vnd.ms-word.document.macroEnabled.main+xml");
    file.parts
        .push(("word/vbaProject.bin".to_owned(), b"macro".to_vec()));
    let protocol = read(&file.bytes()).expect("a file with macros");
    assert_eq!(protocol.warnings, ["word.warning.macros"]);
    assert_eq!(protocol.sections[0].blocks[0].text.text, "text");
}

#[test]
fn a_field_or_comment_without_an_end_hides_nothing() {
    let body = format!(
        r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r><w:commentRangeStart w:id="9"/>{}</w:p>{}"#,
        r("kept"),
        p("kept too")
    );
    let protocol = read(&made(&body).bytes()).expect("a file");
    let texts: Vec<&str> = protocol.sections[0]
        .blocks
        .iter()
        .map(|block| block.text.text.as_str())
        .collect();
    assert_eq!(texts, ["kept", "kept too"]);
}

/// Parts of a file, by name.
type Parts = Vec<(String, Vec<u8>)>;

/// Small real files, and one made by hand with a bit of everything.
static FILES: LazyLock<Vec<Parts>> = LazyLock::new(|| {
    let all = Made {
        body: crate::word_read::everything(),
        footnotes: format!(r#"<w:footnote w:id="2">{}</w:footnote>"#, p("note")),
        comments: format!(
            r#"<w:comment w:id="5" w:author="A">{}</w:comment>"#,
            p("why?")
        ),
        ..Made::default()
    };
    let mut files = vec![all.all_parts()];
    if let Some(folder) = testkit::shared_or_skip("data/docx/mammoth") {
        let mut paths: Vec<_> = std::fs::read_dir(folder)
            .expect("folder")
            .map(|entry| entry.expect("entry").path())
            .collect();
        paths.sort();
        for path in paths {
            let bytes = std::fs::read(path).expect("reference file");
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
            let mut parts = Vec::new();
            for at in 0..archive.len() {
                let mut file = archive.by_index(at).expect("a part");
                let mut bytes = Vec::new();
                std::io::copy(&mut file, &mut bytes).expect("a part");
                parts.push((file.name().to_owned(), bytes));
            }
            files.push(parts);
        }
    }
    files
});

const TAGS: [&str; 14] = [
    "w:p",
    "w:r",
    "w:t",
    "w:tbl",
    "w:tr",
    "w:tc",
    "w:ins",
    "w:del",
    "w:sdt",
    "w:hyperlink",
    "w:txbxContent",
    "w:moveTo",
    "w:pPr",
    "w:rPr",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Bytes of the package changed anywhere.
    #[test]
    fn bent_packages_never_panic(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut bytes = zip(&FILES[which.index(FILES.len())]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _: Result<_, WordRefusal> = read(&bytes);
    }

    /// Elements renamed, doubled and taken out in the parts.
    #[test]
    fn bent_parts_never_panic(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..TAGS.len(), 0..TAGS.len(), any::<u8>()), 1..8
        ),
    ) {
        let mut parts = FILES[which.index(FILES.len())].clone();
        for (part, place, from, to, how) in changes {
            let n_parts = parts.len();
            let (_, bytes) = &mut parts[part.index(n_parts)];
            let Ok(mut text) = String::from_utf8(bytes.clone()) else { continue };
            let (from, to) = (TAGS[from], TAGS[to]);
            match how % 4 {
                0 => text = text.replace(&format!("<{from}>"), &format!("<{to}>")).replace(&format!("</{from}>"), &format!("</{to}>")),
                1 => text = text.replace(from, to),
                2 => {
                    let starts: Vec<usize> = text.match_indices('<').map(|(at, _)| at).collect();
                    if !starts.is_empty() {
                        text.insert_str(starts[place.index(starts.len())], &format!("<{to}/>"));
                    }
                }
                _ => {
                    let starts: Vec<usize> = text.match_indices("w:val=\"").map(|(at, _)| at + 7).collect();
                    if !starts.is_empty() {
                        text.insert_str(starts[place.index(starts.len())], ["-", "99999999999", "一", "0"][from.len() % 4]);
                    }
                }
            }
            *bytes = text.into_bytes();
        }
        let _: Result<_, WordRefusal> = read(&zip(&parts));
    }
}
