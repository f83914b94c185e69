//! The foot of a page: how much of it is free, and how it is freed for a stamp.

use crate::paper::{Paper, stamps, words};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use package::{Attachment, Clean, clean, merge};

const A4: (f32, f32) = (595.0, 842.0);
const ROOM: f32 = 23.0;

fn bytes_of(content: &str, change: impl FnOnce(&mut Paper, lopdf::ObjectId)) -> Vec<u8> {
    let mut paper = Paper::new();
    let page = paper.page(A4, content);
    change(&mut paper, page);
    paper.bytes(Dictionary::new())
}

fn free(content: &str) -> f32 {
    made(content, |_, _| {}).sheet.feet[0]
}

fn made(content: &str, change: impl FnOnce(&mut Paper, lopdf::ObjectId)) -> Clean {
    clean(&bytes_of(content, change), None).expect("a PDF")
}

/// A page with pictures under `/Im` and `/Fm`.
fn with_pictures(content: &str, turned: i64) -> Clean {
    made(content, |paper, page| {
        let dots = dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 1, "Height" => 1,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
        };
        let dots = paper.file.add_object(Stream::new(dots, vec![0]));
        let frame = vec![0.into(), 0.into(), 595.into(), 842.into()];
        let form = dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => frame };
        let piece = b"0 0 1 rg 100 60 50 50 re f".to_vec();
        let form = paper.file.add_object(Stream::new(form, piece));
        let pictures = dictionary! { "Im" => dots, "Fm" => form };
        paper.set(page, "Resources", dictionary! { "XObject" => pictures });
        paper.set(page, "Rotate", turned);
    })
}

fn near(one: f32, other: f32) -> bool {
    (one - other).abs() < 0.5
}

#[test]
fn what_is_marked_is_measured_and_what_is_not_is_not() {
    for (content, height) in [
        ("", 842.0),
        ("BT /F1 10 Tf 72 100 Td (text) Tj ET", 97.0),
        ("BT /F1 10 Tf 1 0 0 1 72 8 Tm [(te) -20 (xt)] TJ ET", 5.0),
        (
            "BT /F1 10 Tf 20 TL 72 100 Td (text) ' T* (lower) Tj ET",
            57.0,
        ),
        // An invisible layer of letters, blanks, a white ground.
        ("BT 3 Tr /F1 10 Tf 72 4 Td (text) Tj ET", 842.0),
        ("BT /F1 10 Tf 72 4 Td (   ) Tj ET", 842.0),
        ("1 1 1 rg 0 0 595 842 re f", 842.0),
        ("0.9 g 0 0 595 842 re f", 0.0),
        ("0 0 595 842 re n", 842.0),
        ("2 w 40 30 m 200 30 l S", 29.0),
        // Only what a clip leaves.
        ("q 0 50 595 700 re W n 0 0 595 842 re f Q", 50.0),
        ("q 0 50 595 700 re W n Q 0 0 595 842 re f", 0.0),
        ("q 1 0 0 1 0 40 cm 0 0 10 10 re f Q", 40.0),
        // Off the paper.
        ("0 -90 595 80 re f", 842.0),
        ("broken ( content", 0.0),
    ] {
        let found = free(content);
        assert!(near(found, height), "{content}: {found}, not {height}");
    }
}

#[test]
fn pictures_pieces_and_notes_are_measured_as_a_reader_sees_the_page() {
    for (content, turned, height) in [
        ("q 595 0 0 842 0 0 cm /Im Do Q", 0, 0.0),
        ("q 500 0 0 700 40 100 cm /Im Do Q", 0, 100.0),
        // Its foot is the right edge, then the upper, then the left one.
        ("q 500 0 0 700 40 100 cm /Im Do Q", 90, 55.0),
        ("q 500 0 0 700 40 100 cm /Im Do Q", 180, 42.0),
        ("q 500 0 0 700 40 100 cm /Im Do Q", 270, 40.0),
        // Of a piece as large as the page what is drawn in it.
        ("/Fm Do", 0, 60.0),
        ("q 1 0 0 1 0 -55 cm /Fm Do Q", 0, 5.0),
        ("/Gone Do", 0, 842.0),
    ] {
        let found = with_pictures(content, turned).sheet.feet[0];
        assert!(near(found, height), "{content} {turned}: {found}");
    }
    let noted = made("", |paper, page| {
        let note = dictionary! {
            "Type" => "Annot", "Subtype" => "Square",
            "Rect" => vec![40.into(), 12.into(), 90.into(), 60.into()],
        };
        paper.set(page, "Annots", vec![Object::Dictionary(note)]);
    });
    assert!(near(noted.sheet.feet[0], 12.0));
}

/// The page of an attachment in a whole, measured again; its stamp says nothing.
fn stamped(made: &Clean, room: f32) -> (Clean, Document) {
    let mut front = Paper::new();
    front.page(A4, &words("front"));
    let blank = {
        let mut paper = Paper::new();
        paper.page(made.sheet.pages[0].size(), "");
        paper.bytes(Dictionary::new())
    };
    let parts = [Attachment {
        title: "a".into(),
        file: &made.bytes,
        behind: 1,
        room: vec![room],
    }];
    let whole = merge(&front.bytes(Dictionary::new()), &parts, Some(&blank)).expect("a whole");
    let file = Document::load_mem(&whole.bytes).expect("a PDF");
    (clean(&whole.bytes, None).expect("a PDF"), file)
}

#[test]
fn a_page_that_is_full_to_the_edge_is_made_smaller_on_paper_of_the_same_size() {
    let full = "BT /F1 10 Tf 72 4 Td (in the margin) Tj ET 0 0 595 842 re S";
    for turned in [0, 90, 180, 270] {
        let scan = with_pictures("q 595 0 0 842 0 0 cm /Im Do Q", turned);
        let text = made(full, |paper, page| paper.set(page, "Rotate", turned));
        for page in [&scan, &text] {
            assert!(page.sheet.feet[0] < 1.0);
            let (after, _) = stamped(page, ROOM);
            let found = after.sheet.feet[1];
            assert!(near(found, ROOM), "{turned}: {found}");
            assert_eq!(after.sheet.pages[1], page.sheet.pages[0], "size and turn");
            // Without a need nothing is changed.
            let (same, _) = stamped(page, 0.0);
            assert!(same.sheet.feet[1] < 1.0);
        }
    }
}

#[test]
fn notes_and_links_go_along_with_what_they_lie_on() {
    let made = made("0 0 595 842 re f", |paper, page| {
        let link = dictionary! {
            "Type" => "Annot", "Subtype" => "Link",
            "Rect" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            "QuadPoints" => vec![0.into(), 0.into(), 595.into(), 0.into()],
            "A" => dictionary! { "S" => "URI", "URI" => Object::string_literal("https://a.b/") },
        };
        paper.set(page, "Annots", vec![Object::Dictionary(link)]);
    });
    let (_, file) = stamped(&made, ROOM);
    let page = file.page_iter().nth(1).unwrap();
    let (scale, top) = ((842.0 - ROOM) / 842.0, 842.0);
    let aside = 595.0 * (1.0 - scale) / 2.0;
    let note = file.get_page_annotations(page).unwrap()[0];
    let numbers = |key: &[u8]| -> Vec<f32> {
        let all = note.get(key).and_then(Object::as_array).unwrap();
        all.iter().map(|one| one.as_float().unwrap()).collect()
    };
    let wanted = [aside, ROOM, 595.0 - aside, top];
    for (found, wanted) in numbers(b"Rect").into_iter().zip(wanted) {
        assert!(near(found, wanted), "{found}, not {wanted}");
    }
    assert!(near(numbers(b"QuadPoints")[1], ROOM));
}

#[test]
fn a_stamp_stands_below_what_was_there() {
    let made = made("0.5 g 0 0 595 842 re f", |_, _| {});
    let mut front = Paper::new();
    front.page(A4, &words("front"));
    let parts = [Attachment {
        title: "a".into(),
        file: &made.bytes,
        behind: 1,
        room: vec![ROOM],
    }];
    let front = front.bytes(Dictionary::new());
    let once = merge(&front, &parts, Some(&stamps(&[A4]))).unwrap();
    let again = merge(&front, &parts, Some(&stamps(&[A4]))).unwrap();
    assert_eq!(package::hash(&once.bytes), package::hash(&again.bytes));
    let file = Document::load_mem(&once.bytes).unwrap();
    let page = file.page_iter().nth(1).unwrap();
    let content = String::from_utf8(file.get_page_content(page)).unwrap();
    let drawn: Vec<&str> = content.split('/').skip(1).collect();
    assert!(drawn[0].starts_with("PdPage Do"), "{content}");
    assert!(content.contains("/PdStamp Do"), "{content}");
}
