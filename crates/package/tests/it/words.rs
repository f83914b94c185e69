//! The words of pages, as far as their fonts tell them.

use crate::paper::Paper;
use lopdf::{Dictionary, Object, Stream, dictionary};
use package::Refusal;

#[test]
fn words_are_told_page_by_page() {
    let mut paper = Paper::new();
    for words in ["MRN 00123456", "nothing"] {
        let content = format!("BT /F1 12 Tf 72 720 Td ({words}) Tj ET");
        paper.page((595.0, 842.0), &content);
    }
    let pages = package::text(&paper.bytes(Dictionary::new())).expect("words");
    assert!(pages.iter().all(|page| page.is_read));
    let pages: Vec<&str> = pages.iter().map(|page| page.text.trim()).collect();
    assert_eq!(pages, ["MRN 00123456", "nothing"]);
    assert_eq!(package::text(b"no document"), Err(Refusal::Damaged));
}

/// A page in a font whose signs have names of their own, as browsers print Chinese.
fn in_type_3(map: Option<&str>) -> Vec<u8> {
    let mut paper = Paper::new();
    let page = paper.page((595.0, 842.0), "BT /F1 12 Tf 72 720 Td <07080908> Tj ET");
    let names = ["g7", "g8", "g9"].map(|name| Object::Name(name.into()));
    let differences: Vec<Object> = [Object::Integer(7)].into_iter().chain(names).collect();
    let mut font = dictionary! {
        "Type" => "Font", "Subtype" => "Type3", "FirstChar" => 7, "LastChar" => 9,
        "FontBBox" => vec![0.into(), 0.into(), 1000.into(), 1000.into()],
        "FontMatrix" => vec![0.001.into(), 0.into(), 0.into(), 0.001.into(), 0.into(), 0.into()],
        "CharProcs" => dictionary! {}, "Widths" => vec![1000.into(), 1000.into(), 1000.into()],
        "Encoding" => dictionary! { "Type" => "Encoding", "Differences" => differences },
    };
    if let Some(map) = map {
        let stream = Stream::new(Dictionary::new(), map.as_bytes().to_vec());
        font.set("ToUnicode", paper.file.add_object(stream));
    }
    let font = paper.file.add_object(font);
    paper.set(
        page,
        "Resources",
        dictionary! { "Font" => dictionary! { "F1" => font } },
    );
    paper.bytes(Dictionary::new())
}

#[test]
fn a_font_with_signs_of_its_own_is_read_by_its_map() {
    let map = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
        /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
        1 begincodespacerange\n<00> <FF>\nendcodespacerange\n\
        3 beginbfchar\n<07> <4F4F>\n<08> <9662>\n<09> <53F7>\nendbfchar\nendcmap\n\
        CMapName currentdict /CMap defineresource pop\nend\nend\n";
    let pages = package::text(&in_type_3(Some(map))).expect("words");
    assert_eq!((pages[0].text.trim(), pages[0].is_read), ("住院号院", true));
    // Without one nobody knows what it says.
    let pages = package::text(&in_type_3(None)).expect("words");
    assert!(!pages[0].is_read, "{pages:?}");
}

#[test]
fn a_picture_is_not_read_and_an_empty_page_is() {
    let mut paper = Paper::new();
    paper.page((595.0, 842.0), "0 0 100 100 re f");
    paper.page((595.0, 842.0), " ");
    let pages = package::text(&paper.bytes(Dictionary::new())).expect("words");
    assert_eq!(
        pages.iter().map(|page| page.is_read).collect::<Vec<_>>(),
        [false, true]
    );
}
