//! Values that people have not agreed on, characters that no face has, what was archived.

use crate::pdf::{pages, squeezed};
use crate::study::Study;
use crate::{fonts, options, study};
use model::{EntityMark, Lang};
use report::{PdfLang, WarningCode};
use serde_json::json;

#[test]
fn a_field_in_conflict_shows_every_value_with_who_and_when() {
    let Some(fonts) = fonts() else { return };
    let study = study::bilingual();
    let site = study.doc.of_kind("site").next().expect("site").id.clone();
    let dossier = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    let submission =
        report::submission(&study.doc, &site, &options(PdfLang::Zh), fonts).expect("pdf");
    for pdf in [&dossier, &submission] {
        let Some(text) = pages(pdf) else { return };
        let all = squeezed(&text.concat());
        for wanted in [
            "未解决",
            "1240",
            "1400",
            "首次随访在出院后第14天进行。",
            "首次随访在出院后第28天进行。",
            "王海燕，2026-03-0509:20",
            "陈立群，2026-03-0607:45",
        ] {
            assert!(all.contains(wanted), "{wanted}");
        }
        let named: Vec<String> = pdf
            .warnings
            .iter()
            .filter(|warning| warning.code == WarningCode::Unresolved)
            .map(|warning| warning.place.as_ref().expect("place").register.clone())
            .collect();
        assert_eq!(named, ["text.zh", "enrollment"]);
    }
}

#[test]
fn a_title_in_conflict_shows_both_on_the_cover_and_in_the_header() {
    let Some(fonts) = fonts() else { return };
    let mut study = Study::new(&[("version", json!("1.0"))]);
    let root = study.doc.id.root();
    study.disagree(&root, "title.zh", json!("甲方案"), json!("乙方案"));
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    let Some(text) = pages(&pdf) else { return };
    let cover = squeezed(&text[0]);
    assert!(cover.contains("甲方案") && cover.contains("乙方案") && cover.contains("未解决"));
    assert!(
        squeezed(&text[1]).contains("甲方案／乙方案（未解决）"),
        "{}",
        text[1]
    );
}

#[test]
fn a_character_without_a_glyph_is_named_with_its_field() {
    let Some(fonts) = fonts() else { return };
    let mut study = study::bilingual();
    let contact = study
        .doc
        .of_kind("contact")
        .next()
        .expect("contact")
        .id
        .clone();
    let held = study
        .entity(&contact)
        .fields
        .get_mut("name.zh")
        .expect("name");
    held.heads[0].value = json!("李𠮷\u{7}明");
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    let found: Vec<_> = pdf
        .warnings
        .iter()
        .filter(|w| w.code == WarningCode::MissingGlyph)
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].detail, "𠮷 U+20BB7");
    let place = found[0].place.as_ref().expect("place");
    assert_eq!(
        (place.kind.as_str(), place.register.as_str()),
        ("contact", "name.zh")
    );
    assert_eq!(place.entity, contact);
    assert!(found[0].text(Lang::Zh).contains("姓名") && found[0].text(Lang::Zh).contains("𠮷"));
    assert!(found[0].text(Lang::En).contains("Name"));
    assert!(
        !pdf.warnings
            .iter()
            .any(|w| w.code == WarningCode::NotConforming)
    );
    if let Some(text) = pages(&pdf) {
        assert!(squeezed(&text.concat()).contains("李〓明"));
    }
}

#[test]
fn archived_parts_are_left_out() {
    let Some(fonts) = fonts() else { return };
    let mut study = study::bilingual();
    let milestone = study
        .doc
        .of_kind("milestone")
        .last()
        .expect("milestone")
        .id
        .clone();
    study.entity(&milestone).mark = EntityMark::Archived;
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    if let Some(text) = pages(&pdf) {
        let all = squeezed(&text.concat());
        assert!(all.contains("里程碑29：") && !all.contains("里程碑30："));
    }
}

#[test]
fn values_are_never_markup() {
    let Some(fonts) = fonts() else { return };
    let odd = "#panic(1) *x* _y_ $z$ @ref // /* \\ `code` <a> [b] = 标题 ~ -- \"q\"";
    let mut study = Study::new(&[("title.zh", json!(odd)), ("number.org", json!("N-1"))]);
    study.add(
        "link",
        &[("label", json!(odd)), ("url", json!("1".repeat(400)))],
    );
    let section = study.add("section", &[("key", json!("summary"))]);
    study.add_to(
        &section,
        "block",
        &[("type", json!("paragraph")), ("text.zh", json!(odd))],
    );
    for lang in [PdfLang::Zh, PdfLang::En, PdfLang::Both] {
        let pdf = report::dossier(&study.doc, &options(lang), fonts).expect("pdf");
        assert_eq!(pdf.warnings, []);
        if let Some(text) = pages(&pdf) {
            let all = squeezed(&text.concat());
            assert!(all.matches(&squeezed(odd)).count() >= 2, "{all}");
        }
    }
}

#[test]
fn a_study_with_nothing_in_it_still_gives_a_page() {
    let Some(fonts) = fonts() else { return };
    let mut study = Study::new(&[]);
    let site = study.add("site", &[]);
    for lang in [PdfLang::Zh, PdfLang::En, PdfLang::Both] {
        report::dossier(&study.doc, &options(lang), fonts).expect("dossier");
        let pdf = report::submission(&study.doc, &site, &options(lang), fonts).expect("submission");
        if let (PdfLang::Zh, Some(text)) = (lang, pages(&pdf)) {
            assert!(squeezed(&text[0]).contains("致：〔待填〕"), "{}", text[0]);
        }
    }
}

#[test]
fn a_day_that_the_sites_tell_stands_in_the_dossier() {
    let Some(fonts) = fonts() else { return };
    let mut study = Study::new(&[("title.zh", json!("甲"))]);
    let whole = [
        ("key", json!("fpi")),
        ("name.zh", json!("首例入组")),
        ("rule", json!("first(site_fpi)")),
        ("planned", json!("2027-04-26")),
    ];
    study.add("milestone", &whole);
    let site = study.add("site", &[("facility.zh", json!("华山医院"))]);
    let told = [("key", json!("site_fpi")), ("actual", json!("2026-11-28"))];
    study.add_to(&site, "milestone", &told);
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    let Some(text) = pages(&pdf) else { return };
    let all = squeezed(&text.concat());
    assert_eq!(all.matches("2026-11-28").count(), 2, "{all}");
}
