//! Our own pages of a package: who is called, what the study is called, which pages answer what.

use crate::pdf::{pages, squeezed};
use crate::{fonts, options, study};
use model::submission::Case;
use report::PdfLang;
use serde_json::json;

/// A first submission to the second site, which has a contact, a coordinator and an investigator.
fn submitted() -> (study::Study, model::EntityId) {
    let mut study = study::bilingual();
    let site = study.doc.of_kind("site").nth(1).expect("a site").id.clone();
    let add = |study: &mut study::Study, role: &str, name: &str| {
        let fields = [("role", json!(role)), ("name.zh", json!(name))];
        study.add_to(&site, "contact", &fields);
    };
    for (role, name) in [
        ("CRC", "协调员甲"),
        ("SUB_INVESTIGATOR", "研究者乙"),
        ("CONTACT", "联系人丙"),
    ] {
        add(&mut study, role, name);
    }
    let arm = [
        ("label.zh", json!("对照组")),
        ("type", json!("ACTIVE_COMPARATOR")),
    ];
    study.add("arm", &arm);
    let drug = [
        ("name.zh", json!("对照用药")),
        ("type", json!("DRUG")),
        ("arms", json!({"list": ["对照组"]})),
    ];
    study.add("intervention", &drug);
    let fields = [
        ("type", json!("initial")),
        ("forms", json!("cn-children")),
        ("formsVersion", json!("2026-11.1")),
    ];
    let submission = study.add_to(&site, "submission", &fields);
    (study, submission)
}

#[test]
fn letter_form_and_statements_name_one_contact_one_title_and_the_list_names_our_pages() {
    let Some(fonts) = fonts() else { return };
    let (study, submission) = submitted();
    let (standing, own) = Default::default();
    let case: Case<'_> = Case::of(&study.doc, &submission, &standing, &own).expect("it");
    let options = options(PdfLang::Zh);
    let front = report::package(&case, Vec::new(), &options, fonts).expect("pages");
    let Some(text) = pages(&front.pdf) else {
        return;
    };
    let of = |part: &str| {
        let one = front.own.iter().find(|one| one.part == part);
        let (first, last) = one.unwrap_or_else(|| panic!("{part}")).range;
        (squeezed(&text[first - 1..last].concat()), (first, last))
    };
    let (letter, _) = of("letter");
    let (form, _) = of("form");
    assert!(
        letter.contains("联系人丙") && form.contains("联系人丙"),
        "{letter}"
    );
    assert!(!letter.contains("协调员甲") && !letter.contains("对照用药"));
    assert!(!form.contains("药物通用名对照用药"), "{form}");
    let (statements, _) = of("statements");
    let official = "强化与标准血压管理对65岁及以上缺血性卒中患者一年内卒中复发影响";
    assert!(
        statements.contains(&format!("承诺：为“{official}")),
        "{statements}"
    );
    assert!(letter.contains(official));
    let (list, _) = of("list");
    for part in ["form", "team", "statements"] {
        let (_, (first, last)) = of(part);
        let range = if first == last {
            first.to_string()
        } else {
            format!("{first}–{last}")
        };
        assert!(
            list.contains(&format!("{range}☑")),
            "{part} {range}: {list}"
        );
    }
    let quality = list.split("药品质检证明").nth(1).expect("it");
    assert!(quality.starts_with("☐☐☑"), "{quality}");
}

#[test]
fn an_offices_own_form_is_named_and_our_pages_are_called_a_summary() {
    let Some(fonts) = fonts() else { return };
    let (study, submission) = submitted();
    let (standing, own) = Default::default();
    let case = Case::of(&study.doc, &submission, &standing, &own).expect("it");
    let rows = model::submission::list::rows(&case);
    let form = rows
        .iter()
        .find(|row| row.item.made == "form")
        .expect("a form");
    for (lang, says) in [
        (
            PdfLang::Zh,
            "随附：3_申请表.docx。以下各页为同一资料的汇总，内容可能多于原表。",
        ),
        (
            PdfLang::En,
            "3_申请表.docx.Thepagesthatfollowareoursummaryofthesamefactsandmayholdmore.",
        ),
    ] {
        let office = report::Enclosed {
            no: form.no,
            title: "申请表".to_owned(),
            office_file: "3_申请表.docx".to_owned(),
            beside: true,
            ..report::Enclosed::default()
        };
        let front = report::package(&case, vec![office], &options(lang), fonts).expect("pages");
        let Some(text) = pages(&front.pdf) else {
            return;
        };
        let all = squeezed(&text.concat());
        assert!(all.contains(says), "{all}");
    }
}
