//! Whole Word files: long ones, random ones, the template of M11 in, out and in again.

use crate::word::{blocks, file, paragraph};
use crate::world::{Laptop, doc, fields, new_study};
use desk::NewStudy;
use model::kind;
use model::word::{IncomingProtocol, IncomingSection, SectionChoice, SectionTarget};
use proptest::prelude::*;
use serde_json::json;
use std::cell::RefCell;

#[test]
fn a_long_file_is_imported_at_once() {
    let mut laptop = Laptop::new(308, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let long = |seed: usize| -> IncomingProtocol {
        let mut sections = Vec::new();
        for s in 0..26_usize {
            let texts: Vec<String> = (0..50_usize)
                .map(|n| {
                    let dose = if (n + s) % 4 == 0 { seed } else { 0 };
                    format!(
                        "{s}.{n} 受试者在第 {n} 次访视时每日口服一次，每次 {dose} mg，{}",
                        "持续观察。".repeat(10)
                    )
                })
                .collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let (number, title) = ((s + 1).to_string(), format!("第 {s} 部分"));
            sections.extend(file(&[(number.as_str(), title.as_str(), 1, &texts)]).sections);
        }
        IncomingProtocol {
            sections,
            ..file(&[])
        }
    };
    for (seed, n_new) in [(5, 1_300), (10, 0)] {
        let file = long(seed);
        let start = std::time::Instant::now();
        let plan = desk.word_plan(&study, &file).unwrap();
        println!(
            "planned {} blocks: {:?}",
            plan.sections.iter().map(|s| s.blocks).sum::<u32>(),
            start.elapsed()
        );
        let start = std::time::Instant::now();
        let (report, _) = desk
            .word_import(&study, &file, &plan, &plan.choices(), "方案.docx")
            .unwrap();
        println!("imported: {:?}", start.elapsed());
        assert_eq!((report.counts.new, report.counts.gone), (n_new, 0));
        assert_eq!(blocks(desk, &study).len(), 1_300);
    }
    assert_eq!(desk.verify().unwrap().problems, []);
}

/// Texts of a file: some known words, so that files share lines, change and move them.
fn texts() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(0..24_u8, 0..7), 1..4)
}

fn to_file(sections: &[Vec<u8>]) -> IncomingProtocol {
    const LINES: [&str; 8] = [
        "评价该药在脓毒症患者中的安全性。",
        "受试者每日口服一次，共二十八天。",
        "空腹服用，温水送服，不得与牛奶同服。",
        "出院后每四周电话随访一次，直至终点。",
        "分层因素为年龄、中心和基线评分。",
        "出现三级以上不良反应时减量或停药。",
        "样本量按病死率下降百分之十估算。",
        "统计分析采用意向性治疗原则。",
    ];
    let mut file = file(&[]);
    file.source_hash = ledger::Hash::of(format!("{sections:?}").as_bytes()).to_string();
    for (n, texts) in sections.iter().enumerate() {
        let mut part = IncomingSection {
            number: (n + 1).to_string(),
            title: ["研究目的", "给药方案", "统计方法"][n].into(),
            level: 1,
            ..IncomingSection::default()
        };
        for text in texts {
            let line = LINES[usize::from(text % 8)];
            // A third of the lines carry a number that changes from file to file.
            let line = if text / 8 == 0 {
                line.to_owned()
            } else {
                format!("{line}（第 {} 版）", text / 8)
            };
            part.blocks.push(paragraph(&line));
        }
        file.sections.push(part);
    }
    file
}

#[test]
fn after_an_import_the_study_says_what_the_file_says() {
    let laptop = RefCell::new(Laptop::new(309, "李明"));
    let config = ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let files = prop::collection::vec(texts(), 2..4);
    let run = |files: &[Vec<Vec<u8>>]| -> Result<(), TestCaseError> {
        let desk = &mut laptop.borrow_mut().desk;
        let study = new_study(desk, "甲");
        let mut states = Vec::new();
        for sections in files {
            let file = to_file(sections);
            let said: Vec<String> = file
                .sections
                .iter()
                .flat_map(|s| s.blocks.iter().map(|b| b.text.text.clone()))
                .collect();
            let plan = desk.word_plan(&study, &file).unwrap();
            let answer = desk.word_import(&study, &file, &plan, &plan.choices(), "x.docx");
            let (_, changed) = answer.unwrap();
            let now: Vec<String> = blocks(desk, &study)
                .into_iter()
                .map(|(_, text)| text)
                .collect();
            prop_assert_eq!(&now, &said);
            if !changed.topics.is_empty() {
                states.push(blocks(desk, &study));
            }
            // Once more: nothing.
            let plan = desk.word_plan(&study, &file).unwrap();
            let answer = desk.word_import(&study, &file, &plan, &plan.choices(), "x.docx");
            prop_assert!(answer.unwrap().1.topics.is_empty());
        }
        for state in states.iter().rev().skip(1) {
            desk.undo().unwrap().unwrap();
            prop_assert_eq!(&blocks(desk, &study), state);
        }
        Ok(())
    };
    proptest::test_runner::TestRunner::new(config)
        .run(&files, |files| run(&files))
        .unwrap();
    assert!(laptop.borrow().desk.verify().unwrap().problems.is_empty());
}

/// All text of a file, tracked changes aside.
fn said(file: &IncomingProtocol) -> Vec<String> {
    let blocks = file.sections.iter().flat_map(|section| &section.blocks);
    let texts = blocks.map(|block| block.text.text.clone());
    texts.filter(|text| !text.trim().is_empty()).collect()
}

#[test]
fn the_template_of_m11_goes_in_out_and_in_again() {
    let Some(path) = testkit::shared_or_skip("data/docx/ICH_M11_Template_2025_0203.docx") else {
        return;
    };
    let read = |bytes: &[u8]| exchange::word::read(bytes).unwrap();
    let incoming = read(&std::fs::read(path).unwrap());
    let mut laptop = Laptop::new(311, "李明");
    let desk = &mut laptop.desk;
    let new = NewStudy {
        fields: fields(&[("title.zh", json!("甲"))]),
        template: Some("m11-2025".into()),
        hospitals: Vec::new(),
    };
    let (study, _) = desk.create_study(&new).unwrap();
    let n_sections = doc(desk, &study).of_kind(kind::SECTION).count();
    let plan = desk.word_plan(&study, &incoming).unwrap();
    let n_new = plan.sections.iter().filter(|s| s.section.is_none()).count();
    println!(
        "{} sections, {n_new} of them new; {:?}",
        plan.sections.len(),
        plan.counts
    );
    let start = std::time::Instant::now();
    let answer = desk.word_import(&study, &incoming, &plan, &plan.choices(), "M11.docx");
    println!("imported in {:?}: {:?}", start.elapsed(), answer.unwrap().0);
    let protocol = model::protocol::of(&doc(desk, &study));
    assert_eq!(protocol.sections.len(), n_sections + n_new);
    let here = protocol.sections.iter().flat_map(|section| &section.blocks);
    let mut here: Vec<String> = here.map(|block| block.en.text.clone()).collect();
    here.retain(|text| !text.trim().is_empty());
    let mut there = said(&incoming);
    here.sort();
    there.sort();
    assert_eq!(here, there);

    // The same file again changes nothing.
    let plan = desk.word_plan(&study, &incoming).unwrap();
    println!("again: {:?}", plan.counts);
    let answer = desk.word_import(&study, &incoming, &plan, &plan.choices(), "M11.docx");
    let (report, changed) = answer.unwrap();
    println!("{report:?}");
    assert!(changed.topics.is_empty());

    // Out to Word and back: every block is known by its mark.
    let head = exchange::word::write::Head::default();
    let langs = exchange::word::write::Langs::En;
    let out = exchange::word::write::write(&protocol, &head, langs);
    let back = read(&out.bytes);
    let plan = desk.word_plan(&study, &back).unwrap();
    println!("back: {:?}, gone {:?}", plan.counts, plan.gone);
    assert_eq!((plan.counts.gone, plan.counts.unsure), (0, 0));
    // Only the title page that the export adds is not known.
    let mut choices = plan.choices();
    for section in plan.sections.iter().filter(|s| s.title.is_empty()) {
        choices.sections.push(SectionChoice {
            at: section.at,
            to: SectionTarget::Skip,
            section: None,
        });
    }
    let answer = desk.word_import(&study, &back, &plan, &choices, "back.docx");
    let (report, _) = answer.unwrap();
    println!("{report:?}");
    assert_eq!((report.counts.new, report.archived), (0, 0));
    assert_eq!(desk.verify().unwrap().problems, []);
}
