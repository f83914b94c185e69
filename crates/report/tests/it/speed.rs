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

#[test]
#[ignore = "a figure, not a check of every run: cargo test -p report speed -- --ignored --nocapture"]
fn a_redline_of_a_hundred_pages() {
    let Some(fonts) = fonts() else { return };
    let (old, new) = quarter_changed();
    let begun = Instant::now();
    let (was, is) = (model::protocol::of(&old), model::protocol::of(&new));
    let redline = redline::redline(&was, &is);
    println!("redline {:?}, {:?}", begun.elapsed(), redline.counts);
    let opts = options(PdfLang::Zh);
    for style in [
        report::RedlineStyle::Underline,
        report::RedlineStyle::Shaded,
        report::RedlineStyle::SideBySide,
    ] {
        let meta = report::RedlineMeta {
            doc: &new,
            was: &old,
            now: &new,
            from: frozen("1.0"),
            to: frozen("2.0"),
            site: None,
            style,
            only_changed: false,
            disputed: 0,
        };
        let mut times = Vec::new();
        let mut made = None;
        for _ in 0..3 {
            let begun = (Instant::now(), on_processor());
            made = Some(report::redline_pdf(&redline, &[], &meta, &opts, fonts).expect("pdf"));
            times.push((begun.0.elapsed(), on_processor() - begun.1));
        }
        let pdf = made.expect("pdf");
        crate::leave(&format!("quarter-{style:?}"), &pdf);
        println!(
            "{style:?}: {} pages, {} bytes, {times:?}",
            pdf.pages,
            pdf.bytes.len()
        );
    }
}

fn frozen(number: &str) -> report::VersionLabel {
    report::VersionLabel {
        id: model::EntityId::parse("0197f3a0-0000-7000-b000-000000000001"),
        number: number.to_owned(),
        date: "2026-03-05".to_owned(),
        ..report::VersionLabel::default()
    }
}

/// Time that this process was on a processor: what others run beside it does not count.
fn on_processor() -> Duration {
    let line = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = line.rsplit(')').next().unwrap_or("");
    // Fields 14 and 15 of the whole line: user and system time in hundredths of a second.
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

/// A Chinese protocol of about 300 KB, and the same with a quarter of its blocks changed.
fn quarter_changed() -> (model::StudyDoc, model::StudyDoc) {
    let mut study = study::bilingual();
    let mut bytes = 0;
    let mut blocks = Vec::new();
    for n in 1.. {
        let section = study.add(
            "section",
            &[
                ("key", json!(format!("s{n}"))),
                ("title.zh", json!(format!("第 {n} 节"))),
            ],
        );
        for p in 0..9 {
            let text = format!(
                "第 {p} 条：{}剂量为 {} mg，每日一次。",
                "研究者应当在受试者签署知情同意书之前说明研究目的与可能风险，并回答提问；"
                    .repeat(1 + (n + p) % 4),
                5 + p
            );
            bytes += text.len();
            let kind = if p % 4 == 3 { "item" } else { "paragraph" };
            blocks.push(study.add_to(
                &section,
                "block",
                &[("type", json!(kind)), ("text.zh", json!(text))],
            ));
        }
        if bytes > 300_000 {
            break;
        }
    }
    let old = study.doc.clone();
    for id in blocks.iter().step_by(4) {
        let entity = study.entity(id);
        let text = entity
            .text("text.zh")
            .replace("可能风险", "可能的风险与获益")
            .replace("mg，", "mg（随餐），");
        let held = entity.fields.get_mut("text.zh").expect("text");
        held.heads[0].value = json!(text);
    }
    println!("{bytes} bytes in {} blocks", blocks.len());
    (old, study.doc)
}
