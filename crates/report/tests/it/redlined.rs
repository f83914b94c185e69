//! Redlines as documents: every style in every language.

use crate::pdf::{bookmarks, pages, run, squeezed};
use crate::study::Study;
use crate::versions::{marked, standing};
use crate::written::{self, section};
use crate::{fonts, leave, options};
use model::{EntityMark, StudyDoc};
use report::{Options, PdfLang, RedlineMeta, RedlineStyle, VersionLabel, WarningCode};
use serde_json::{Value, json};

const STYLES: [(&str, RedlineStyle); 4] = [
    ("underline", RedlineStyle::Underline),
    ("shaded", RedlineStyle::Shaded),
    ("clean", RedlineStyle::Clean),
    ("side", RedlineStyle::SideBySide),
];

fn find(study: &Study, words: &str) -> model::EntityId {
    let hidden = |block: &model::Entity| {
        let section = block.parent.as_ref().and_then(|id| study.doc.entity(id));
        section.is_none_or(|section| !section.is_shown())
    };
    let found = study
        .doc
        .of_kind("block")
        .find(|block| !hidden(block) && block.text("text.zh").contains(words));
    found.expect("block").id.clone()
}

fn set(study: &mut Study, words: &str, register: &str, value: Value) {
    let id = find(study, words);
    set_of(study, &id, register, value);
}

fn set_of(study: &mut Study, id: &model::EntityId, register: &str, value: Value) {
    let entity = study.entity(id);
    let mut held = entity.fields.values().next().expect("a register").clone();
    held.conflict = false;
    held.heads.truncate(1);
    held.heads[0].value = value;
    entity.fields.insert(register.to_owned(), held);
}

/// The protocol before and after an amendment with every kind of change.
fn amended() -> (StudyDoc, StudyDoc) {
    let mut old = written::written();
    let closing = section(
        &mut old,
        "m11.11",
        1,
        ("11 试验监督", "11 TRIAL OVERSIGHT"),
        &[
            json!({"type": "paragraph", "text.zh": "监查员每月到中心一次。核查源数据与病例报告表的一致性。", "text.en": "The monitor visits each site every month. Source data are compared with the case report forms."}),
            json!({"type": "paragraph", "text.zh": "数据监察委员会每半年审阅一次安全性数据。", "text.en": "The data monitoring committee reviews safety data every six months."}),
            json!({"type": "paragraph", "text.zh": "会议纪要由申办者保存。", "text.en": "The sponsor keeps the minutes."}),
        ],
    );
    let before = old.doc.clone();
    let mut new = old;
    let root = new.doc.id.root();
    set_of(&mut new, &root, "enrollment", json!(1480));
    set_of(&mut new, &root, "design.masking", json!("DOUBLE"));
    set_of(
        &mut new,
        &root,
        "funding.zh",
        json!("上海市科技计划项目，编号 26Y11900300；另有申办者自筹经费"),
    );
    set(
        &mut new,
        "年龄 65 岁及以上",
        "text.zh",
        json!("年龄 60 岁及以上，性别不限，且能够理解并遵守随访安排；"),
    );
    set(
        &mut new,
        "年龄 60 岁及以上",
        "text.en",
        json!("60 years or older, any sex, able to understand and to keep the visits;"),
    );
    set(
        &mut new,
        "采用治疗策略估计目标",
        "text.zh",
        json!("采用治疗策略估计目标；对伴发事件另作假想策略的敏感性分析。"),
    );
    set(
        &mut new,
        "受试者按 1:1 随机分配",
        "text.zh",
        written::marked(
            "受试者按 2:1 随机分配，分层因素为年龄与既往卒中次数。流程见下图。",
            &[("2:1", "b")],
        ),
    );
    let gone = find(&new, "坐位收缩压 130");
    new.entity(&gone).mark = EntityMark::Archived;
    let criteria = new.entity(&gone).parent.clone().expect("section");
    let added = new.add_to(
        &criteria,
        "block",
        &[
            ("type", json!("item")),
            ("list", json!("number")),
            (
                "text.zh",
                json!("随机化前 24 小时内收缩压 ≥150 mmHg，两次测量均符合。"),
            ),
            (
                "text.en",
                json!(
                    "Systolic pressure of 150 mmHg or more in the 24 hours before randomisation."
                ),
            ),
        ],
    );
    place_behind(&mut new, &added, &gone);
    // Moved to another section.
    let moved = find(&new, "会议纪要由申办者保存");
    let analysis = new
        .doc
        .entities
        .iter()
        .find(|e| e.text("key") == "m11.10.4.1.1")
        .expect("section")
        .id
        .clone();
    new.entity(&moved).parent = Some(analysis);
    // Split.
    let whole = find(&new, "监查员每月到中心一次");
    set_of(&mut new, &whole, "text.zh", json!("监查员每月到中心一次。"));
    set_of(
        &mut new,
        &whole,
        "text.en",
        json!("The monitor visits each site every month. "),
    );
    let half = new.add_to(
        &closing,
        "block",
        &[
            ("type", json!("paragraph")),
            ("origin", json!({"$ref": whole.as_str()})),
            ("text.zh", json!("核查源数据与病例报告表的一致性。")),
            (
                "text.en",
                json!("Source data are compared with the case report forms."),
            ),
        ],
    );
    place_behind(&mut new, &half, &whole);
    // A title, a row, a note.
    let labs = new
        .doc
        .entities
        .iter()
        .find(|e| e.text("key") == "m11.8.4.4")
        .expect("section")
        .id
        .clone();
    set_of(
        &mut new,
        &labs,
        "title.zh",
        json!("8.4.4 临床实验室与影像评估"),
    );
    set(
        &mut new,
        "第 1 组检查",
        "text.zh",
        json!("第 1 组检查\tmmol/L\t空腹静脉血，2 小时内送检\n避免溶血\t超出正常值上限 3 倍时停药"),
    );
    let row = find(&new, "第 4 组检查");
    new.entity(&row).mark = EntityMark::Archived;
    set(
        &mut new,
        "各中心实验室须有",
        "text.zh",
        json!("各中心实验室须有省级以上室间质评证书。"),
    );
    let tail = section(
        &mut new,
        "",
        2,
        ("11.9 期中分析", "11.9 Interim Analyses"),
        &[
            json!({"type": "paragraph", "text.zh": "在半数受试者完成随访后作一次期中分析。", "text.en": "One interim analysis when half of the participants have completed follow-up."}),
        ],
    );
    let _ = tail;
    (before, new.doc)
}

/// Puts an entity right behind another one.
fn place_behind(study: &mut Study, what: &model::EntityId, behind: &model::EntityId) {
    let entities = &mut study.doc.entities;
    let from = entities.iter().position(|e| e.id == *what).expect("entity");
    let entity = entities.remove(from);
    let at = entities
        .iter()
        .position(|e| e.id == *behind)
        .expect("entity");
    entities.insert(at + 1, entity);
}

#[test]
fn every_style_says_what_changed() {
    let Some(fonts) = fonts() else { return };
    let (old, new) = amended();
    let redline = redline::redline(&model::protocol::of(&old), &model::protocol::of(&new));
    let rows = redline::change_table(&redline);
    let standing = standing(&new);
    let site = new.of_kind("site").next().expect("site").id.clone();
    for (name, lang) in [
        ("zh", PdfLang::Zh),
        ("en", PdfLang::En),
        ("both", PdfLang::Both),
    ] {
        for (word, style) in STYLES {
            let opts = Options {
                standing: &standing,
                ..options(lang)
            };
            let label = |n: usize| VersionLabel::from(&standing.versions[n]);
            let meta = RedlineMeta {
                doc: &new,
                was: &old,
                now: &new,
                from: label(1),
                to: label(0),
                site: Some(&site),
                style,
                only_changed: lang == PdfLang::En,
                disputed: 0,
            };
            let pdf = report::redline_pdf(&redline, &rows, &meta, &opts, fonts).expect("pdf");
            leave(&format!("redline-{word}-{name}"), &pdf);
            let faults: Vec<_> = pdf
                .warnings
                .iter()
                .filter(|w| w.code == WarningCode::NotConforming)
                .collect();
            assert!(faults.is_empty(), "{word} {name}: {faults:?}");
            // A comparison of frozen versions is no text to work by; a clean copy is.
            assert_eq!(marked(&pdf) > 0, style == RedlineStyle::Clean);
            run("qpdf", &["--check"], &pdf, &[]);
            let again = report::redline_pdf(&redline, &rows, &meta, &opts, fonts).expect("pdf");
            assert!(again.bytes == pdf.bytes, "two runs differ");
            let Some(text) = pages(&pdf) else { return };
            let all = squeezed(&text.concat());
            for (i, page) in text.iter().enumerate().skip(1) {
                let page = squeezed(page);
                assert!(
                    page.contains("1.0") || style == RedlineStyle::Clean,
                    "page {i} names no version"
                );
                assert!(page.contains("2.0"), "page {i} names no version");
            }
            let is_clean = style == RedlineStyle::Clean;
            if lang == PdfLang::Zh {
                for new in ["省级以上", "期中分析", "1480"] {
                    assert!(all.contains(new), "{word}: {new}");
                }
                for old in ["坐位收缩压130～180mmHg。", "移自11"] {
                    assert_eq!(all.contains(old), !is_clean, "{word}: {old}");
                }
                if !is_clean {
                    let first = squeezed(&text[0]);
                    for wanted in ["沪伦审2026-017号", "新的安全性信息", "图例", "修改"]
                    {
                        assert!(first.contains(wanted), "{word}: {wanted} in {first}");
                    }
                }
            }
            let titles: Vec<String> = bookmarks(&pdf).into_iter().map(|mark| mark.title).collect();
            assert!(
                titles.iter().any(|title| title.contains("8.4.4")),
                "{titles:?}"
            );
        }
    }
}

#[test]
fn the_wrong_base_is_said_on_the_first_page() {
    let Some(fonts) = fonts() else { return };
    let (old, new) = amended();
    let redline = redline::redline(&model::protocol::of(&old), &model::protocol::of(&new));
    let standing = standing(&new);
    let other = new.of_kind("site").nth(1).expect("site").id.clone();
    let opts = Options {
        standing: &standing,
        ..options(PdfLang::Zh)
    };
    let meta = RedlineMeta {
        doc: &new,
        was: &old,
        now: &new,
        from: VersionLabel::from(&standing.versions[1]),
        to: VersionLabel::working(&new, &model::version::Standing::default()),
        site: Some(&other),
        style: RedlineStyle::Underline,
        only_changed: true,
        disputed: 0,
    };
    let pdf = report::redline_pdf(&redline, &[], &meta, &opts, fonts).expect("pdf");
    assert_eq!(marked(&pdf), pdf.pages, "the working text is a draft");
    let Some(text) = pages(&pdf) else { return };
    assert!(
        squeezed(&text[0]).contains("没有该委员会批准"),
        "{}",
        text[0]
    );
    assert!(squeezed(&text.concat()).contains("个章节未列出"));
}
