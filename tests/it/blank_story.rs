//! An office's own PDF blank filled with Chinese: fields, rectangles of turned pages, too long words.

use crate::laptop::{fonts, program};
use model::Lang;
use model::formset::{BlankKind, CellHow, CellValue};
use package::sandbox::Sandbox;
use rpc::work::blank::{fill, look};
use std::process::Command;

fn value(at: &str, how: CellHow, text: &str) -> CellValue {
    CellValue {
        at: at.into(),
        how,
        text: text.into(),
        ticked: how == CellHow::Tick,
    }
}

#[test]
fn a_pdf_blank_is_filled_with_its_own_letters() {
    let Some(data) = testkit::shared_or_skip("data/pdf") else {
        return;
    };
    let helper = Sandbox::new(program("pidesk"), vec!["pdf-helper".into()]);
    let faces = report::Fonts::load(std::path::Path::new(&fonts())).expect("fonts");
    let folder = testkit::folder();
    let name = "pypdf/012-libreoffice-form__libreoffice-form.pdf";
    let blank = std::fs::read(data.join(name)).expect("a file");
    let seen = look(BlankKind::Pdf, &blank, None, &helper).expect("a blank");
    assert_eq!(seen.pages.len(), 1);
    let field = seen
        .places
        .iter()
        .find(|one| one.place.how == CellHow::Text)
        .expect("a field");
    let long = "很长的内容".repeat(400);
    let values = [
        value(&field.place.at, CellHow::Text, "陈嘉𬭸医生"),
        value("page:1@60,700,200,40", CellHow::Lines, "第一行\n第二行"),
        value("page:1@300,700,14,14", CellHow::Tick, ""),
        value("page:1@60,760,100,12", CellHow::Text, &long),
        value("field:nobody", CellHow::Text, "x"),
    ];
    let filled = fill(BlankKind::Pdf, &blank, &values, Lang::Zh, &faces, &helper).expect("fills");
    assert_eq!(filled.lost, ["field:nobody"]);
    assert_eq!(filled.tight, ["page:1@60,760,100,12"]);
    assert_eq!(filled.unshown, [""; 0]);
    // Flattened as a package has it, everything can be read, and every face of ours is embedded.
    let clean = helper.clean(&filled.bytes, None).expect("cleans");
    let file = folder.path().join("filled.pdf");
    std::fs::write(&file, &clean.bytes).expect("writes");
    let run = |program: &str, words: &[&str]| {
        let output = Command::new(program)
            .args(words)
            .arg(&file)
            .arg("-")
            .output();
        output
            .ok()
            .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let Some(text) = run("pdftotext", &[]) else {
        eprintln!("skipped: pdftotext is not installed");
        return;
    };
    for words in ["陈嘉𬭸医生", "第一行", "第二行", "√"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let listed = Command::new("pdffonts")
        .arg(&file)
        .output()
        .expect("pdffonts");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let ours: Vec<&str> = listed
        .lines()
        .filter(|line| line.contains("Noto"))
        .collect();
    assert!(
        !ours.is_empty() && ours.iter().all(|line| line.contains(" yes yes ")),
        "{listed}"
    );
    // The same values, the same bytes.
    let again = fill(BlankKind::Pdf, &blank, &values, Lang::Zh, &faces, &helper);
    assert_eq!(again.expect("fills"), filled);
}
