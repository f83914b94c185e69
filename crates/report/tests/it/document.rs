//! The dossier and the submission as a whole.

use crate::pdf::{bookmarks, pages, run, squeezed};
use crate::{font_folder, fonts, leave, options, study};
use report::{FontError, Fonts, PdfLang, ReportError};
use serde_json::json;

const LANGS: [(&str, PdfLang); 3] = [
    ("zh", PdfLang::Zh),
    ("en", PdfLang::En),
    ("both", PdfLang::Both),
];

#[test]
fn both_documents_come_out_in_every_language() {
    let Some(fonts) = fonts() else { return };
    let study = study::bilingual();
    let site = study.doc.of_kind("site").nth(1).expect("site").id.clone();
    for (name, lang) in LANGS {
        let pdf = report::dossier(&study.doc, &options(lang), fonts).expect("pdf");
        leave(&format!("dossier-{name}"), &pdf);
        let Some(text) = pages(&pdf) else { return };
        assert_eq!(text.len(), pdf.pages);
        let all = squeezed(&text.concat());
        let zh = [
            "强化血压管理预防老年卒中复发的随机对照研究",
            "结局指标",
            "里程碑30",
            "HbA₁c≥9.0%",
        ];
        let en = [
            "Intensivebloodpressurecontrolafterstroke",
            "Outcomemeasure",
            "Milestone30",
        ];
        assert_eq!(
            zh.iter().all(|text| all.contains(text)),
            lang != PdfLang::En,
            "{name}"
        );
        assert_eq!(
            en.iter().all(|text| all.contains(text)),
            lang != PdfLang::Zh,
            "{name}"
        );
        // Names with rare characters, numbers, addresses come back in every language.
        for text in ["SCRTC-2026-017", "ChiCTR2600000017", "021-52880039"] {
            assert!(all.contains(text), "{name}: {text}");
        }
        if lang != PdfLang::En {
            assert!(
                ["李明喆", "李明堃", "李明犇", "李明燊"]
                    .iter()
                    .all(|who| all.contains(who))
            );
        }

        let pdf = report::submission(&study.doc, &site, &options(lang), fonts).expect("pdf");
        leave(&format!("submission-{name}"), &pdf);
        let text = pages(&pdf).expect("text");
        let first = squeezed(&text[0]);
        if lang != PdfLang::En {
            assert!(
                first.contains("致：上海交通大学医学院附属瑞金医院伦理委员会"),
                "{first}"
            );
            let all = squeezed(&text.concat());
            assert!(all.contains("〔待填"), "{all}");
            assert!(all.contains("主要研究者签名"), "{all}");
        }
        if lang != PdfLang::Zh {
            assert!(
                first.contains("To:EthicsCommitteeofRuijinHospital"),
                "{first}"
            );
        }
    }
}

#[test]
fn the_same_study_gives_the_same_bytes() {
    let Some(fonts) = fonts() else { return };
    let study = study::bilingual();
    let again = Fonts::load(&font_folder()).expect("fonts");
    let first = report::dossier(&study.doc, &options(PdfLang::Both), fonts).expect("pdf");
    let second = report::dossier(&study.doc, &options(PdfLang::Both), &again).expect("pdf");
    assert!(first.bytes == second.bytes, "two runs differ");
    let other = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    assert!(first.bytes != other.bytes);
}

/// The other process of [`two_processes_give_the_same_bytes`]; does nothing on its own.
#[test]
fn a_document_for_another_process() {
    let (Ok(path), Some(fonts)) = (std::env::var("REPORT_OTHER_PROCESS"), fonts()) else {
        return;
    };
    // A document made before must not change the next one.
    let study = study::bilingual();
    report::dossier(&study.doc, &options(PdfLang::En), fonts).expect("pdf");
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    std::fs::write(path, pdf.bytes).expect("write");
}

#[test]
fn two_processes_give_the_same_bytes() {
    let Some(fonts) = fonts() else { return };
    let folder = testkit::folder();
    let path = folder.path().join("other.pdf");
    let done = std::process::Command::new(std::env::current_exe().expect("test program"))
        .args(["--exact", "document::a_document_for_another_process"])
        .env("REPORT_OTHER_PROCESS", &path)
        .output()
        .expect("test program");
    assert!(done.status.success());
    let here = report::dossier(&study::bilingual().doc, &options(PdfLang::Zh), fonts).expect("pdf");
    assert!(
        std::fs::read(path).expect("other") == here.bytes,
        "two processes differ"
    );
}

#[test]
fn bookmarks_contents_and_footers_agree() {
    let Some(fonts) = fonts() else { return };
    let study = study::bilingual();
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    let marks = bookmarks(&pdf);
    let first: Vec<&str> = marks
        .iter()
        .filter(|m| m.depth == 0)
        .map(|m| m.title.as_str())
        .collect();
    for part in [
        "基本信息",
        "研究方案",
        "分组与干预",
        "结局指标",
        "入选条件",
        "中心与联系人",
        "里程碑",
    ] {
        assert!(
            first.iter().any(|title| title.contains(part)),
            "{part} in {first:?}"
        );
    }
    assert!(
        marks
            .iter()
            .any(|mark| mark.depth == 1 && mark.title.contains("研究背景"))
    );
    let Some(text) = pages(&pdf) else { return };
    for (i, page) in text.iter().enumerate() {
        let footer = format!("第{}页/共{}页", i + 1, pdf.pages);
        assert!(squeezed(page).contains(&footer), "{footer}");
        if i > 0 {
            let head = squeezed(
                page.lines()
                    .find(|line| !line.trim().is_empty())
                    .unwrap_or(""),
            );
            assert!(
                head.contains("强化血压管理") && head.contains("版本2.0"),
                "{head}"
            );
            assert!(head.contains("2026-03-05"), "{head}");
        }
    }
    // Every line of the contents names the page that the bookmark leads to.
    let contents = squeezed(&text[1]).replace('.', "");
    for mark in marks
        .iter()
        .filter(|mark| mark.depth < 2 && !mark.title.contains("目录"))
    {
        let line = squeezed(&format!("{}{}", mark.title, mark.page)).replace('.', "");
        assert!(contents.contains(&line), "{line} in {contents}");
    }
}

#[test]
fn the_files_own_facts_are_right_and_it_is_sound() {
    let Some(fonts) = fonts() else { return };
    let study = study::bilingual();
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    if let Some(info) = run("pdfinfo", &[], &pdf, &[]) {
        let says = |line: &str| {
            let wanted = squeezed(line);
            assert!(
                info.lines().any(|l| squeezed(l) == wanted),
                "{line} in {info}"
            );
        };
        says("Title: 强化血压管理预防老年卒中复发的随机对照研究 · 研究档案");
        says("Author: 王海燕");
        says("Tagged: yes");
        assert!(info.contains("(A4)"));
    }
    if let Some(faces) = run("pdffonts", &[], &pdf, &[]) {
        for line in faces.lines().skip(2) {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let flags = &cells[cells.len() - 5..cells.len() - 2];
            assert_eq!(
                flags,
                ["yes", "yes", "yes"],
                "embedded, subset, with text: {line}"
            );
        }
    }
    run("qpdf", &["--check"], &pdf, &[]);
    let file = lopdf::Document::load_mem(&pdf.bytes).expect("pdf");
    let lang = file.catalog().expect("catalog").get(b"Lang").expect("lang");
    assert_eq!(lang.as_str().expect("text"), b"zh-CN");
}

#[test]
fn the_draft_mark_stands_until_something_is_approved() {
    let Some(fonts) = fonts() else { return };
    let mut study = study::bilingual();
    let marked = |pdf: &report::Pdf| {
        let file = lopdf::Document::load_mem(&pdf.bytes).expect("pdf");
        file.page_iter()
            .filter(|page| {
                let content = file.get_page_content(*page);
                content.windows(10).any(|bytes| bytes == b"/DraftMark")
            })
            .count()
    };
    let claims = |pdf: &report::Pdf| {
        let file = lopdf::Document::load_mem(&pdf.bytes).expect("pdf");
        let xmp = file
            .catalog()
            .expect("catalog")
            .get(b"Metadata")
            .expect("metadata");
        let xmp = crate::pdf::follow(&file, xmp)
            .as_stream()
            .expect("xmp")
            .clone();
        let xmp = xmp.decompressed_content().unwrap_or(xmp.content);
        String::from_utf8_lossy(&xmp).contains("pdfaid")
    };
    let draft = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    assert_eq!(marked(&draft), draft.pages);
    assert!(!claims(&draft), "a marked file claims PDF/A");
    // Marks are drawn, not written: copied text stays clean.
    if let Some(text) = pages(&draft) {
        assert!(!text.concat().contains("DRAFT"));
    }
    let site = study.doc.of_kind("site").next().expect("site").id.clone();
    let held = study.entity(&site).fields["city"].clone();
    let mut approved = held;
    approved.heads[0].value = json!("2.0");
    study
        .entity(&site)
        .fields
        .insert("approvedVersion".to_owned(), approved);
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    assert_eq!(marked(&pdf), 0);
    assert!(claims(&pdf), "an unmarked file keeps PDF/A-2a and PDF/UA-1");
}

#[test]
fn refusals_name_their_reason() {
    let missing = Fonts::load(&font_folder().join("nowhere"));
    assert!(matches!(missing, Err(FontError::NoFolder(_))));
    let folder = testkit::folder();
    match Fonts::load(folder.path()) {
        Err(FontError::NoFace { path, .. }) => {
            assert!(
                path.ends_with("NotoSerifSC-Regular.ttf"),
                "{}",
                path.display()
            );
        }
        _ => panic!("an empty folder has no faces"),
    }
    let Some(fonts) = fonts() else { return };
    let study = study::bilingual();
    let contact = study
        .doc
        .of_kind("contact")
        .next()
        .expect("contact")
        .id
        .clone();
    let refused = report::submission(&study.doc, &contact, &options(PdfLang::Zh), fonts);
    assert!(matches!(refused, Err(ReportError::NoSite)));
    let mut opts = options(PdfLang::Zh);
    opts.today = "2026-02-30".to_owned();
    let refused = report::dossier(&study.doc, &opts, fonts);
    assert!(matches!(refused, Err(ReportError::NotADay(_))));
}
