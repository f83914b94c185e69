//! An office's own PDF blank: its fields told and filled, pages laid over, nothing else touched.

use crate::paper::{Paper, text_of, words};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use package::Refusal;
use package::blank::{Put, look, put};
use std::collections::BTreeSet;

fn text(words: &str) -> Object {
    Object::String(words.as_bytes().to_vec(), StringFormat::Literal)
}

/// A form with a text field, a check box, two radio buttons and a second page that is turned.
fn form(turned: i64) -> Vec<u8> {
    let mut paper = Paper::new();
    let page = paper.page((595.0, 842.0), &words("office form"));
    let second = paper.page(
        (595.0, 842.0),
        "q 1 0 0 1 30 0 cm BT /F1 12 Tf 20 20 Td (flat) Tj ET",
    );
    paper.set(second, "Rotate", turned);
    let other = paper.page((300.0, 300.0), &words("untouched"));
    let state = paper.file.add_object(Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 10.into(), 10.into()] },
        b"0 0 10 10 re S".to_vec(),
    ));
    let widget = |place: [i64; 4], more: Dictionary| {
        let mut out = dictionary! {
            "Type" => "Annot", "Subtype" => "Widget", "P" => page,
            "Rect" => place.map(Object::from).to_vec(),
        };
        out.extend(&more);
        out
    };
    let looks = |name: &str| dictionary! { "N" => dictionary! { name => state, "Off" => state } };
    let title = paper.file.add_object(widget(
        [100, 700, 400, 720],
        dictionary! { "FT" => "Tx", "T" => text("title"), "TU" => text("Study title"), "RV" => text("old") },
    ));
    let check = paper.file.add_object(widget(
        [100, 650, 110, 660],
        dictionary! { "FT" => "Btn", "T" => text("agree"), "AP" => looks("Yes"), "AS" => "Off" },
    ));
    let first = paper.file.add_object(widget(
        [100, 600, 110, 610],
        dictionary! { "AP" => looks("drug"), "AS" => "Off" },
    ));
    let next = paper.file.add_object(widget(
        [130, 600, 140, 610],
        dictionary! { "AP" => looks("device"), "AS" => "Off" },
    ));
    let radio = paper.file.add_object(dictionary! {
        "FT" => "Btn", "Ff" => 1 << 15, "T" => text("type"),
        "Kids" => vec![first.into(), Object::from(next)],
    });
    for kid in [first, next] {
        paper.set(kid, "Parent", radio);
    }
    paper.set(
        page,
        "Annots",
        vec![Object::from(title), check.into(), first.into(), next.into()],
    );
    let _ = other;
    let fields = vec![Object::from(title), check.into(), radio.into()];
    paper.bytes(dictionary! { "AcroForm" => dictionary! { "Fields" => fields } })
}

fn sheet(sizes: &[(f32, f32)]) -> Vec<u8> {
    let mut paper = Paper::new();
    for (n, size) in sizes.iter().enumerate() {
        paper.page(*size, &format!("BT /F1 8 Tf 1 2 Td (value {n}) Tj ET"));
    }
    paper.bytes(Dictionary::new())
}

fn value(at: &str, words: &str, sheet: Option<usize>) -> Put {
    Put {
        at: at.into(),
        text: words.into(),
        sheet,
    }
}

/// The objects that are not the same, or not there any more.
fn changed(before: &[u8], after: &[u8]) -> BTreeSet<ObjectId> {
    let (before, after) = (
        Document::load_mem(before).expect("opens"),
        Document::load_mem(after).expect("opens"),
    );
    let is_same = |id: &ObjectId, old: &Object| match (old, after.objects.get(id)) {
        (Object::Stream(old), Some(Object::Stream(new))) => {
            let bare = |stream: &Stream| {
                let mut dict = stream.dict.clone();
                dict.remove(b"Length");
                dict
            };
            old.content == new.content && bare(old) == bare(new)
        }
        (old, Some(new)) => old == new,
        (_, None) => false,
    };
    // What holds other objects of the file is written anew by every writer.
    let is_container = |object: &Object| {
        let kind = object
            .as_stream()
            .map(|one| one.dict.get(b"Type").and_then(Object::as_name));
        matches!(kind, Ok(Ok(b"ObjStm" | b"XRef")))
    };
    let all = before.objects.iter().filter(|(_, old)| !is_container(old));
    all.filter(|(id, old)| !is_same(id, old))
        .map(|(id, _)| *id)
        .collect()
}

#[test]
fn fields_and_pages_are_told() {
    let spots = look(&form(90)).expect("a blank");
    let rows: Vec<_> = spots
        .iter()
        .map(|one| {
            (
                one.at.as_str(),
                one.label.as_str(),
                one.is_tick,
                one.page,
                one.width,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("field:title", "Study title", false, 1, 300.0),
            ("field:agree", "agree", true, 1, 10.0),
            ("field:type=drug", "type", true, 1, 10.0),
            ("field:type=device", "type", true, 1, 10.0),
            ("", "", false, 1, 595.0),
            ("", "", false, 2, 842.0),
            ("", "", false, 3, 300.0),
        ]
    );
    assert_eq!(look(b"nothing"), Err(Refusal::NotPdf));
}

#[test]
fn a_filled_blank_differs_in_its_fields_and_pages_alone() {
    for turned in [0, 90, 180, 270] {
        let blank = form(turned);
        let values = [
            value("field:title", "一项研究", Some(0)),
            value("field:agree", "", None),
            value("field:type=device", "", None),
            value("page:2@50,60,200,30", "flat", Some(1)),
            value("field:nobody", "x", Some(0)),
            value("field:type=blood", "", None),
            value("page:9@1,1,10,10", "x", Some(1)),
        ];
        let sheet = sheet(&[(300.0, 20.0), (200.0, 30.0)]);
        let filled = put(&blank, &values, &sheet).expect("fills");
        assert_eq!(
            filled.lost,
            ["field:nobody", "field:type=blood", "page:9@1,1,10,10"]
        );
        let (before, after) = (
            Document::load_mem(&blank).expect("opens"),
            Document::load_mem(&filled.bytes).expect("opens"),
        );
        // Title, box, two buttons with what holds them, the second page.
        let pages: Vec<ObjectId> = before.page_iter().collect();
        let changed = changed(&blank, &filled.bytes);
        let is_field = |id: &ObjectId| {
            before
                .get_dictionary(*id)
                .is_ok_and(|one| one.has(b"T") || one.has(b"AS"))
        };
        let others: Vec<_> = changed.iter().filter(|id| !is_field(id)).collect();
        assert_eq!(others, [&pages[1]], "{turned}");
        // Of the page its content and resources alone, and the old content is still in it.
        let (mut old, mut new) = (
            before.get_dictionary(pages[1]).expect("a page").clone(),
            after.get_dictionary(pages[1]).expect("a page").clone(),
        );
        let content = old.get(b"Contents").expect("content").clone();
        let list = new
            .get(b"Contents")
            .and_then(Object::as_array)
            .expect("a list");
        assert!(list.contains(&content));
        for key in [b"Contents".as_slice(), b"Resources"] {
            old.remove(key);
            new.remove(key);
        }
        assert_eq!(old, new);
        let field = |name: &str| {
            let all = after.objects.values().filter_map(|one| one.as_dict().ok());
            all.into_iter()
                .find(|one| one.get(b"T").is_ok_and(|t| *t == text(name)))
                .expect("a field")
        };
        let title = field("title")
            .get(b"V")
            .and_then(Object::as_str)
            .expect("a value");
        assert_eq!(title[..4], [0xfe, 0xff, 0x4e, 0x00]);
        assert!(!field("title").has(b"RV") && field("title").has(b"AP"));
        assert_eq!(
            field("agree").get(b"V").and_then(Object::as_name).ok(),
            Some(&b"Yes"[..])
        );
        assert_eq!(
            field("type").get(b"V").and_then(Object::as_name).ok(),
            Some(&b"device"[..])
        );
        // Flattened for a package it says all of it.
        let clean = package::clean(&filled.bytes, None).expect("cleans");
        assert_eq!(clean.sheet.pages.len(), 3);
        assert!(text_of(&filled.bytes, 1).contains("office form"));
        assert_eq!(put(&blank, &values, &sheet).expect("fills"), filled);
    }
}

#[test]
fn what_was_filled_in_is_drawn_by_no_reader_anew() {
    let mut file = Document::load_mem(&form(0)).expect("opens");
    let catalog = file.catalog_mut().expect("a catalog");
    let own = catalog.get_mut(b"AcroForm").and_then(Object::as_dict_mut);
    own.expect("a form").set("NeedAppearances", true);
    let mut blank = Vec::new();
    file.save_to(&mut blank).expect("saves");
    let asks = |bytes: &[u8]| {
        let file = Document::load_mem(bytes).expect("opens");
        let catalog = file.catalog().expect("a catalog");
        let form = catalog.get(b"AcroForm").and_then(Object::as_dict);
        form.expect("a form").has(b"NeedAppearances")
    };
    // A reader that draws fields anew does so in the form's font, which has no Chinese letters.
    let values = [value("field:title", "一项研究", Some(0))];
    let filled = put(&blank, &values, &sheet(&[(300.0, 20.0)])).expect("fills");
    assert!(!asks(&filled.bytes));
    let untouched = put(&blank, &[], &[]).expect("opens");
    assert!(asks(&untouched.bytes), "nothing was filled in");
}

#[test]
fn forms_of_others_stay_as_they_are_around_one_field() {
    let Some(data) = testkit::shared_or_skip("data/pdf") else {
        return;
    };
    let mut n_filled = 0;
    for name in [
        "pdfjs/annotation-choice-widget.pdf",
        "pdfjs/annotation-tx2.pdf",
        "pdfjs/bug1782564.pdf",
        "pdfjs/bug2035197_1.pdf",
        "pdfjs/dates_save.pdf",
        "pdfjs/file_pdfjs_test.pdf",
        "pdfjs/issue12706.pdf",
        "pdfjs/issue15053.pdf",
        "pdfjs/issue15910.pdf",
        "pdfjs/text_field_own_canvas_calc.pdf",
        "pypdf/012-libreoffice-form__libreoffice-form.pdf",
    ] {
        let blank = std::fs::read(data.join(name)).expect("a file");
        let spots = look(&blank).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let Some(spot) = spots
            .iter()
            .find(|spot| !spot.at.is_empty() && !spot.is_tick)
        else {
            continue;
        };
        let sheet = sheet(&[(spot.width.max(10.0), spot.height.max(10.0))]);
        let values = [value(&spot.at, "题目", Some(0))];
        let filled =
            put(&blank, &values, &sheet).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!(filled.lost, [""; 0], "{name}");
        let changed = changed(&blank, &filled.bytes);
        let before = Document::load_mem(&blank).expect("opens");
        for id in &changed {
            let entry = before
                .get_dictionary(*id)
                .unwrap_or_else(|_| panic!("{name}: {id:?}"));
            let is_field = entry.has(b"FT") || entry.has(b"T") || entry.has(b"Parent");
            let of_form = [b"XFA".as_slice(), b"AcroForm", b"NeedAppearances"];
            let is_form = of_form.into_iter().any(|key| entry.has(key));
            let is_page = entry.has_type(b"Page");
            assert!(
                (is_field || is_form) && !is_page,
                "{name}: {id:?} {entry:?}"
            );
        }
        n_filled += 1;
    }
    assert!(n_filled >= 8, "{n_filled}");
}
