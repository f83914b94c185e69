//! Bookmarks, links, fields, layers and order, in files made for it.

use crate::paper::{Paper, stamps, text_of, words};
use lopdf::{Dictionary, Document, Object, Stream, StringFormat, dictionary};
use package::{Attachment, clean, merge};

const A4: (f32, f32) = (595.0, 842.0);

fn text(words: &str) -> Object {
    Object::String(words.as_bytes().to_vec(), StringFormat::Literal)
}

fn front(n: usize) -> Vec<u8> {
    let mut paper = Paper::new();
    for at in 1..=n {
        paper.page(A4, &words(&format!("front {at}")));
    }
    paper.bytes(Dictionary::new())
}

fn plain(names: &[&str], size: (f32, f32)) -> Vec<u8> {
    let mut paper = Paper::new();
    for name in names {
        paper.page(size, &words(name));
    }
    clean(&paper.bytes(Dictionary::new()), None).unwrap().bytes
}

#[test]
fn attachments_come_behind_their_pages_and_are_stamped_in_that_order() {
    let (one, two) = (
        plain(&["one"], (300.0, 200.0)),
        plain(&["two a", "two b"], A4),
    );
    let put = |title: &str, file, behind| Attachment {
        title: title.into(),
        file,
        behind,
        room: Vec::new(),
    };
    let parts = [put("First", &one, 3), put("Second", &two, 1)];
    let stamps = stamps(&[(300.0, 200.0), A4, A4]);
    let merged = merge(&front(3), &parts, Some(&stamps)).unwrap();
    assert_eq!(merged.pages, 6);
    let places: Vec<_> = merged
        .ranges
        .iter()
        .map(|range| (range.first, range.last))
        .collect();
    assert_eq!(places, [(6, 6), (2, 3)]);
    for (number, has) in [
        (1, "front 1"),
        (2, "two a"),
        (3, "two b"),
        (4, "front 2"),
        (6, "one"),
    ] {
        assert!(
            text_of(&merged.bytes, number).contains(has),
            "page {number}"
        );
    }
    let file = Document::load_mem(&merged.bytes).unwrap();
    let toc = file.get_toc().unwrap().toc;
    let entries: Vec<_> = toc
        .iter()
        .map(|entry| (entry.title.as_str(), entry.page))
        .collect();
    assert_eq!(entries, [("First", 6), ("Second", 2)]);
    // Each stamp is drawn once, on its page.
    let pages: Vec<_> = file.page_iter().collect();
    let stamped = |at: usize| {
        let (resources, ids) = file.get_page_resources(pages[at]).unwrap();
        let of = |one: &Dictionary| {
            one.get(b"XObject")
                .and_then(Object::as_dict)
                .is_ok_and(|p| p.has(b"PdStamp"))
        };
        resources.is_some_and(of) || ids.iter().any(|id| file.get_dictionary(*id).is_ok_and(of))
    };
    let all: Vec<bool> = (0..6).map(stamped).collect();
    assert_eq!(all, [false, true, true, false, false, true]);
}

#[test]
fn a_wrong_number_of_stamps_is_refused() {
    let one = plain(&["one"], A4);
    let parts = [Attachment {
        title: "a".into(),
        file: &one,
        behind: 1,
        room: Vec::new(),
    }];
    assert!(merge(&front(1), &parts, Some(&stamps(&[A4, A4]))).is_err());
}

#[test]
fn inherited_size_and_turn_unbalanced_content_and_contents_in_pieces_are_kept() {
    let mut paper = Paper::new();
    let page = paper.page(A4, "q q 1 0 0 1 5 5 cm BT /F1 9 Tf (piece) Tj ET");
    paper.set(page, "Rotate", 270);
    paper.set(
        page,
        "CropBox",
        vec![10.into(), 20.into(), 210.into(), 120.into()],
    );
    let made = clean(&paper.bytes(Dictionary::new()), None).unwrap();
    let sheet = made.sheet.pages[0];
    assert_eq!(
        (sheet.visible, sheet.turned),
        ([10.0, 20.0, 210.0, 120.0], 270)
    );
    assert_eq!(sheet.size(), (100.0, 200.0));
    let file = Document::load_mem(&made.bytes).unwrap();
    let page = file.page_iter().next().unwrap();
    let content = String::from_utf8(file.get_page_content(page)).unwrap();
    let count = |word: &str| {
        content
            .split_whitespace()
            .filter(|one| *one == word)
            .count()
    };
    assert_eq!((count("q"), count("Q")), (3, 3), "{content}");
    assert!(!made.sheet.repaired);
}

#[test]
fn links_and_bookmarks_lead_to_their_pages_and_what_acts_goes() {
    let mut paper = Paper::new();
    let (first, second) = (paper.page(A4, &words("a")), paper.page(A4, &words("b")));
    let link = |action: Dictionary| {
        dictionary! {
            "Type" => "Annot", "Subtype" => "Link", "A" => action,
            "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
        }
    };
    let annotations: Vec<Object> = [
        link(dictionary! { "S" => "GoTo", "D" => text("there") }),
        link(dictionary! { "S" => "URI", "URI" => text("https://example.org/") }),
        link(dictionary! { "S" => "JavaScript", "JS" => text("app.alert(1)") }),
        link(dictionary! { "S" => "GoTo", "D" => text("nowhere") }),
        link(dictionary! { "S" => "Launch", "F" => text("calc.exe") }),
    ]
    .into_iter()
    .map(Object::Dictionary)
    .collect();
    paper.set(first, "Annots", annotations);
    let names = dictionary! { "Names" => vec![
        text("there"), Object::Array(vec![second.into(), "Fit".into()]),
    ] };
    let entry = paper
        .file
        .add_object(dictionary! { "Title" => text("Chapter"), "Dest" => text("there") });
    let outline = paper
        .file
        .add_object(dictionary! { "First" => entry, "Last" => entry, "Count" => 1 });
    let bytes = paper.bytes(dictionary! {
        "Names" => dictionary! { "Dests" => names, "JavaScript" => Dictionary::new() },
        "Outlines" => outline,
        "OpenAction" => dictionary! { "S" => "JavaScript", "JS" => text("app.alert(2)") },
    });
    let made = clean(&bytes, None).unwrap();
    // Three of the page, two of the file.
    assert_eq!(made.sheet.left_out, 5);
    assert!(!made.bytes.windows(9).any(|nine| nine == b"app.alert"));
    let put = Attachment {
        title: "附件 1".into(),
        file: &made.bytes,
        behind: 9,
        room: Vec::new(),
    };
    let merged = merge(&front(2), &[put], None).unwrap();
    let file = Document::load_mem(&merged.bytes).unwrap();
    let toc = file.get_toc().unwrap().toc;
    let entries: Vec<_> = toc
        .iter()
        .map(|one| (one.level, one.title.clone(), one.page))
        .collect();
    assert_eq!(
        entries,
        [(1, "附件 1".to_owned(), 3), (2, "Chapter".to_owned(), 4)]
    );
    let pages: Vec<_> = file.page_iter().collect();
    let kept = file.get_page_annotations(pages[2]).unwrap();
    assert_eq!(kept.len(), 3);
    let leads = kept[0].get(b"Dest").and_then(Object::as_array).unwrap();
    assert_eq!(leads[0].as_reference().unwrap(), pages[3]);
}

#[test]
fn a_page_of_ours_that_names_an_attachment_takes_its_bookmarks() {
    let mut paper = Paper::new();
    paper.page(A4, &words("letter"));
    let divider = paper.page(A4, &words("sheet"));
    let entry = paper.file.add_object(dictionary! {
        "Title" => text("Attachment 1 CV"),
        "Dest" => vec![divider.into(), "Fit".into()],
    });
    let outline = paper
        .file
        .add_object(dictionary! { "First" => entry, "Last" => entry, "Count" => 1 });
    let front = paper.bytes(dictionary! { "Outlines" => outline });
    let mut own = Paper::new();
    let page = own.page(A4, &words("chapter"));
    let entry = own.file.add_object(dictionary! {
        "Title" => text("Chapter"), "Dest" => vec![page.into(), "Fit".into()],
    });
    let outline = own
        .file
        .add_object(dictionary! { "First" => entry, "Last" => entry, "Count" => 1 });
    let own = clean(&own.bytes(dictionary! { "Outlines" => outline }), None).unwrap();
    let put = Attachment {
        title: "Attachment 1 CV".into(),
        file: &own.bytes,
        behind: 2,
        room: Vec::new(),
    };
    let merged = merge(&front, &[put], None).unwrap();
    let toc = Document::load_mem(&merged.bytes)
        .unwrap()
        .get_toc()
        .unwrap();
    let entries: Vec<_> = toc
        .toc
        .iter()
        .map(|one| (one.level, one.title.as_str(), one.page))
        .collect();
    assert_eq!(entries, [(1, "Attachment 1 CV", 2), (2, "Chapter", 3)]);
}

#[test]
fn what_does_not_unpack_is_said_with_its_page_and_written_anew() {
    let mut paper = Paper::new();
    paper.page(A4, &words("sound"));
    let page = paper.page(A4, "q 9 0 0 9 0 0 cm /Im1 Do Q");
    let mut picture = Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 40, "Height" => 40,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
        },
        (0..1600_u32).map(|n| (n * n % 251) as u8).collect(),
    );
    picture.compress().unwrap();
    assert!(picture.dict.has(b"Filter"));
    picture.content.truncate(picture.content.len() / 2);
    let picture = paper.file.add_object(picture);
    paper.set(
        page,
        "Resources",
        dictionary! { "XObject" => dictionary! { "Im1" => picture } },
    );
    let made = clean(&paper.bytes(Dictionary::new()), None).unwrap();
    assert_eq!(made.sheet.broken, [2]);
    let again = clean(&made.bytes, None).unwrap();
    assert_eq!(again.sheet.broken, [0; 0]);
}

#[test]
fn fonts_that_are_not_embedded_are_named_once_with_their_first_page() {
    let made = plain(&["one", "two"], A4);
    let fonts = clean(&made, None).unwrap().sheet.fonts;
    let fonts: Vec<_> = fonts
        .iter()
        .map(|font| (font.name.as_str(), font.page))
        .collect();
    assert_eq!(fonts, [("Helvetica", 1)]);
}

#[test]
fn fields_are_drawn_into_their_pages() {
    let mut paper = Paper::new();
    let page = paper.page(A4, &words("form"));
    let look = paper.file.add_object(Stream::new(
        dictionary! { "BBox" => vec![0.into(), 0.into(), 10.into(), 10.into()] },
        b"0 0 10 10 re f".to_vec(),
    ));
    let place = || Object::from(vec![100.into(), 100.into(), 120.into(), 110.into()]);
    let with_look = dictionary! {
        "Subtype" => "Widget", "FT" => "Btn", "Rect" => place(),
        "AP" => dictionary! { "N" => dictionary! { "Yes" => look } }, "AS" => "Yes",
    };
    let typed = dictionary! {
        "Subtype" => "Widget", "FT" => "Tx", "Rect" => place(), "V" => text("typed value"),
    };
    let hidden = dictionary! {
        "Subtype" => "Widget", "FT" => "Tx", "Rect" => place(), "V" => text("secret"), "F" => 2,
    };
    let wide = dictionary! {
        "Subtype" => "Widget", "FT" => "Tx", "Rect" => place(),
        "V" => Object::String(vec![0xfe, 0xff, 0x5f, 0x20], StringFormat::Literal),
    };
    let all = [with_look, typed, hidden, wide]
        .map(Object::Dictionary)
        .to_vec();
    paper.set(page, "Annots", all);
    let made = clean(&paper.bytes(Dictionary::new()), None).unwrap();
    assert_eq!((made.sheet.drawn, made.sheet.undrawn), (2, 1));
    let seen = text_of(&made.bytes, 1);
    assert!(
        seen.contains("typed value") && !seen.contains("secret"),
        "{seen}"
    );
    let file = Document::load_mem(&made.bytes).unwrap();
    let page = file.page_iter().next().unwrap();
    let content = String::from_utf8(file.get_page_content(page)).unwrap();
    assert!(
        content.contains("2.00000 0.00000 0.00000 1.00000 100.00000 100.00000 cm /PdField0 Do")
    );
}

#[test]
fn a_missing_object_is_said() {
    let mut paper = Paper::new();
    let page = paper.page(A4, &words("a"));
    paper.set(
        page,
        "Resources",
        dictionary! { "Font" => dictionary! { "F1" => (999, 0) } },
    );
    assert!(
        clean(&paper.bytes(Dictionary::new()), None)
            .unwrap()
            .sheet
            .repaired
    );
}

#[test]
fn a_page_is_drawn_as_wide_as_wanted_and_one_that_is_not_there_is_refused() {
    let file = plain(&["one", "two"], (300.0, 200.0));
    let png = package::picture(file.clone(), 2, 600).unwrap();
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!(&png[1..4], b"PNG");
    assert_eq!((number(16), number(20)), (600, 400));
    assert_ne!(png, package::picture(file.clone(), 1, 600).unwrap());
    for page in [0, 3] {
        let drawn = package::picture(file.clone(), page, 600);
        assert_eq!(drawn, Err(package::Refusal::NoPages));
    }
    let drawn = package::picture(b"nothing".to_vec(), 1, 600);
    assert!(drawn.is_err());
}
