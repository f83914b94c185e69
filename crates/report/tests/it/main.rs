//! Documents as they come out: text, structure, marks, warnings.

mod study;

use report::{Fonts, Options, PdfLang};
use std::path::{Path, PathBuf};

/// The faces, or a plain line when `cargo xtask fonts` has not run yet.
fn fonts() -> Option<Fonts> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fonts");
    match Fonts::load(&folder) {
        Ok(fonts) => Some(fonts),
        Err(error) => {
            eprintln!("skipped: {error}");
            None
        }
    }
}

fn options(lang: PdfLang) -> Options<'static> {
    Options {
        lang,
        today: "2026-03-09".to_owned(),
        prepared_by: "周岚".to_owned(),
        center: &model::reference::CENTER,
    }
}

#[test]
fn look() {
    let Some(fonts) = fonts() else { return };
    let folder = PathBuf::from(std::env::var("REPORT_LOOK").unwrap_or_else(|_| ".".into()));
    let study = study::bilingual();
    for (name, lang) in [("zh", PdfLang::Zh), ("en", PdfLang::En), ("both", PdfLang::Both)] {
        let start = std::time::Instant::now();
        let pdf = report::dossier(&study.doc, &options(lang), &fonts).expect("pdf");
        eprintln!("{name} {} pages {:?} {:?}", pdf.pages, start.elapsed(), pdf.warnings);
        std::fs::write(folder.join(format!("dossier-{name}.pdf")), pdf.bytes).expect("write");
        let site = study.doc.of_kind("site").nth(1).expect("site").id.clone();
        let pdf = report::submission(&study.doc, &site, &options(lang), &fonts).expect("pdf");
        std::fs::write(folder.join(format!("submission-{name}.pdf")), pdf.bytes).expect("write");
    }
}
