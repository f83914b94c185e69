//! Lines, tables and pages as they are set.

use crate::pdf::{pages, run, side, squeezed};
use crate::study::Study;
use crate::{fonts, leave, options, study};
use report::PdfLang;
use serde_json::json;

/// Marks that no line begins with, and marks that no line ends with.
const NEVER_FIRST: &str = "，。；：、？！）》】”’％〉」』";
const NEVER_LAST: &str = "（《【“‘〈「『";
/// A line that begins left of this begins at the margin or with an indent. Units: points.
const LEFT: f64 = 87.0;
/// A line that ends right of this ends at the margin. Units: points.
const RIGHT: f64 = 520.0;

#[test]
fn no_line_begins_or_ends_with_a_forbidden_mark() {
    let Some(fonts) = fonts() else { return };
    let study = wordy();
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    leave("wordy", &pdf);
    let Some(boxes) = run("pdftotext", &["-q", "-bbox-layout"], &pdf, &["-"]) else {
        return;
    };
    let mut lines = 0;
    for line in boxes.split("<line ").skip(1) {
        let line = line.split("</line>").next().unwrap_or("");
        let text: String = line
            .split("<word ")
            .skip(1)
            .filter_map(|word| word.split_once('>')?.1.split_once("</word>"))
            .map(|(text, _)| text)
            .collect();
        let text = text.replace("&quot;", "\"").replace("&amp;", "&");
        let (Some(first), Some(last)) = (text.chars().next(), text.chars().last()) else {
            continue;
        };
        // A line with squeezed marks is told in pieces; only the margins' sides are its ends.
        if side(line, "xMin") < LEFT {
            lines += 1;
            assert!(!NEVER_FIRST.contains(first), "begins badly: {text}");
        }
        if side(line, "xMax") > RIGHT {
            assert!(!NEVER_LAST.contains(last), "ends badly: {text}");
        }
    }
    assert!(lines > 300, "only {lines} lines were looked at");
}

#[test]
fn nothing_stands_outside_the_margins() {
    let Some(fonts) = fonts() else { return };
    let mut study = study::bilingual();
    study.add(
        "link",
        &[("label", json!("编号")), ("url", json!("8".repeat(300)))],
    );
    let pdf = report::dossier(&study.doc, &options(PdfLang::Both), fonts).expect("pdf");
    let Some(boxes) = run("pdftotext", &["-q", "-bbox"], &pdf, &["-"]) else {
        return;
    };
    let mut words = 0;
    for word in boxes.split("<word ").skip(1) {
        let side = |name: &str| side(word, name);
        words += 1;
        // 23 mm are 65.2 points; a hanging mark may reach a little further.
        assert!(
            side("xMin") > 60.0 && side("xMax") < 595.3 - 59.0,
            "{}",
            word
        );
        assert!(
            side("yMin") > 30.0 && side("yMax") < 842.0 - 25.0,
            "{}",
            word
        );
    }
    assert!(words > 1000, "only {words} words were looked at");
}

#[test]
fn a_long_table_repeats_its_head_and_loses_no_row() {
    let Some(fonts) = fonts() else { return };
    let mut study = Study::new(&[("title.zh", json!("多中心研究"))]);
    for i in 1..=171 {
        study.add(
            "site",
            &[
                ("facility.zh", json!(format!("第 {i:03} 医院"))),
                ("city", json!("上海")),
            ],
        );
    }
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    let Some(text) = pages(&pdf) else { return };
    let with_rows: Vec<&String> = text.iter().filter(|page| page.contains("医院")).collect();
    assert!(with_rows.len() > 3);
    let mut rows = 0;
    for page in with_rows {
        if squeezed(page).contains("医院地点") || squeezed(page).contains("序号医院") {
            rows += page.matches("上海").count();
        } else {
            assert!(
                !squeezed(page).contains("第0") && !squeezed(page).contains("第1"),
                "{page}"
            );
        }
    }
    let all = squeezed(&text.concat());
    for i in 1..=171 {
        assert!(all.contains(&format!("第{i:03}医院")), "{i}");
    }
    // The center's own name stands on the cover, not in a row.
    assert_eq!(rows, 171);
    // Nobody has entered departments or roles: there is no column for them.
    assert!(!all.contains("科室") && !all.contains("中心角色"));
}

#[test]
fn a_row_higher_than_a_page_is_not_cut_off() {
    let Some(fonts) = fonts() else { return };
    let mut study = Study::new(&[("title.zh", json!("长文本研究"))]);
    let long: String = (1..=900).map(|i| format!("第{i}句，说明很长。")).collect();
    study.add(
        "outcome",
        &[
            ("type", json!("PRIMARY")),
            ("measure.zh", json!("主要指标")),
            ("description.zh", json!(long)),
        ],
    );
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    let Some(text) = pages(&pdf) else { return };
    let all = squeezed(&text.concat());
    for i in (1..=900).step_by(13).chain([900]) {
        assert!(all.contains(&format!("第{i}句")), "sentence {i} is lost");
    }
}

#[test]
fn headings_are_not_left_alone_at_the_end_of_a_page() {
    let Some(fonts) = fonts() else { return };
    let study = wordy();
    let pdf = report::dossier(&study.doc, &options(PdfLang::Zh), fonts).expect("pdf");
    let Some(text) = pages(&pdf) else { return };
    for page in &text[2..] {
        let lines: Vec<String> = page
            .lines()
            .map(squeezed)
            .filter(|line| !line.is_empty())
            .collect();
        // The last line is the footer.
        let last = &lines[lines.len() - 2];
        if last.contains("....") {
            continue; // a line of the contents
        }
        assert!(!last.contains("章节标题"), "a heading alone: {last}");
    }
}

/// Forty sections of dense Chinese with every kind of mark.
fn wordy() -> Study {
    let mut study = Study::new(&[("title.zh", json!("排版试验")), ("version", json!("1.0"))]);
    for n in 1..=40 {
        let title = format!("章节标题 {n}");
        let section = study.add(
            "section",
            &[("key", json!(format!("s{n}"))), ("title.zh", json!(title))],
        );
        for p in 0..(n % 5 + 1) {
            let mut text = String::new();
            for i in 0..(12 + (n * 7 + p * 5) % 23) {
                text.push_str(
                    [
                        "研究者应当（在受试者签署知情同意书之前）说明“研究目的”与“可能风险”；",
                        "血压≥140/90 mmHg 者，按《高血压防治指南》处理，",
                        "剂量为 5～10 mg（每日 1 次），必要时加用其他药物。",
                        "随访时间：第 1、3、6、12 个月！",
                        "若 eGFR <30 mL/min，则停药？",
                        "数据录入 EDC（Electronic Data Capture）系统，",
                        "样本量按 α=0.05、β=0.20 估算；",
                    ][(i * 3 + n + p) % 7],
                );
            }
            study.add_to(
                &section,
                "block",
                &[("type", json!("paragraph")), ("text.zh", json!(text))],
            );
        }
    }
    study
}
