//! How long a hundred pages take; run by hand for `docs/figures.md`.

use crate::study::Study;
use crate::{fonts, options, study};
use report::PdfLang;
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
#[ignore = "a figure, not a check of every run: cargo test -p report speed -- --ignored --nocapture"]
fn a_hundred_pages() {
    let Some(fonts) = fonts() else { return };
    let begun = Instant::now();
    report::Fonts::load(&crate::font_folder()).expect("fonts");
    let loading = begun.elapsed();
    let study = hundred_pages();
    let mut times = Vec::new();
    let mut made = None;
    for _ in 0..5 {
        let begun = Instant::now();
        made = Some(report::dossier(&study.doc, &options(PdfLang::Both), fonts).expect("pdf"));
        times.push(begun.elapsed());
    }
    let pdf = made.expect("pdf");
    crate::leave("hundred", &pdf);
    println!(
        "{} pages, {} bytes, first {:?}, best of five {:?}; faces {loading:?}",
        pdf.pages,
        pdf.bytes.len(),
        times[0],
        times.iter().min().expect("times")
    );
    assert!((95..140).contains(&pdf.pages), "{} pages", pdf.pages);
    assert!(
        times.iter().all(|time| *time < Duration::from_secs(15)),
        "{times:?}"
    );
}

/// The bilingual study with more text: about 55,000 Chinese characters and as much English.
fn hundred_pages() -> Study {
    let mut study = study::bilingual();
    for n in 1..=60 {
        let section = study.add(
            "section",
            &[
                ("key", json!(format!("s{n}"))),
                ("title.zh", json!(format!("第 {n} 节"))),
                ("title.en", json!(format!("Section {n}"))),
            ],
        );
        for p in 0..9 {
            let zh = "研究者应当在受试者签署知情同意书之前说明研究目的与可能风险，并回答提问；"
                .repeat(3 + (n + p) % 3);
            let en = "Before consent is signed, the investigator explains the aims and risks and answers questions. ".repeat(3 + (n + p) % 3);
            study.add_to(
                &section,
                "block",
                &[
                    ("type", json!("paragraph")),
                    ("text.zh", json!(zh)),
                    ("text.en", json!(en)),
                ],
            );
        }
    }
    study
}
