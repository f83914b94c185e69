//! How long a redline of a large protocol takes: `cargo run --release -p redline --example speed`.

#![allow(clippy::unwrap_used, reason = "a program for developers")]

use model::EntityId;
use model::protocol::{Block, Protocol, Section};
use std::time::Instant;

const ZH: &[&str] = &[
    "受试者须在筛选期签署知情同意书，",
    "每日两次口服5 mg，连续服用28天，",
    "随访期为12个月，",
    "严重不良事件应在24小时内报告研究者和伦理委员会。",
    "谷丙转氨酶大于正常值上限3倍者停药。",
    "本研究为多中心、随机、双盲、安慰剂对照的临床试验，",
    "主要终点为无进展生存期，",
    "中性粒细胞计数≥1.5×10^9/L，",
];
const EN: &[&str] = &[
    "Subjects shall take 5 mg twice daily for 28 days. ",
    "Blood is drawn at each visit and stored at -80 °C. ",
    "The primary endpoint is progression-free survival, ",
    "assessed by an independent committee at 12 months. ",
];

fn text(words: &[&str], seed: &mut u32, len: usize) -> String {
    let mut text = String::new();
    while text.chars().count() < len {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        text.push_str(words[(*seed >> 16) as usize % words.len()]);
    }
    text
}

fn protocol() -> Protocol {
    let mut seed = 7;
    let mut n = 0;
    let mut id = || {
        n += 1;
        EntityId::parse(&format!("00000000-0000-7000-8000-{n:012x}")).unwrap()
    };
    let mut sections = Vec::new();
    for _ in 0..40 {
        let blocks = (0..7_u32).map(|at| {
            let is_zh = at < 4;
            let (zh, en) = if is_zh {
                (text(ZH, &mut seed, 640), String::new())
            } else {
                (String::new(), text(EN, &mut seed, 640))
            };
            Block {
                id: id(),
                kind: "paragraph".to_owned(),
                level: 0,
                list: String::new(),
                table: String::new(),
                layout: String::new(),
                zh: zh.into(),
                en: en.into(),
                image: String::new(),
                origin: None,
                merged: Vec::new(),
            }
        });
        let blocks = blocks.collect();
        sections.push(Section {
            id: id(),
            key: String::new(),
            level: 1,
            zh: "给药方案".into(),
            en: "Dosing".into(),
            not_applicable: String::new(),
            blocks,
        });
    }
    Protocol {
        facts: Vec::new(),
        sections,
    }
}

fn amended(old: &Protocol) -> Protocol {
    let mut new = old.clone();
    let blocks = new
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.blocks);
    for block in blocks.step_by(4) {
        for text in [&mut block.zh, &mut block.en] {
            *text = text
                .text
                .replace("5 mg", "10 mg")
                .replacen("随访期", "观察期", 2)
                .replacen("shall", "must", 3)
                .into();
        }
    }
    new
}

/// The same texts under other ids, as a second Word file has them.
fn renamed(old: &Protocol) -> Protocol {
    let mut new = old.clone();
    let fresh =
        |id: &EntityId| EntityId::parse(&id.as_str().replacen("00000000", "11111111", 1)).unwrap();
    for section in &mut new.sections {
        section.id = fresh(&section.id);
        section
            .blocks
            .iter_mut()
            .for_each(|block| block.id = fresh(&block.id));
    }
    new
}

fn main() {
    let old = protocol();
    let texts = || {
        old.sections
            .iter()
            .flat_map(|section| &section.blocks)
            .map(|block| [&block.zh.text, &block.en.text])
    };
    let bytes: usize = texts().flatten().map(|text| text.len()).sum();
    let chars: usize = texts().flatten().map(|text| text.chars().count()).sum();
    println!("{bytes} bytes, {chars} characters");
    let started = Instant::now();
    redline::diff(&"每日两次".into(), &"每日一次".into());
    println!("first use: {:?}", started.elapsed());
    let new = amended(&old);
    for (name, new) in [("by id", new.clone()), ("two files", renamed(&new))] {
        let mut times: Vec<_> = (0..9)
            .map(|_| {
                let started = Instant::now();
                let lines = redline::redline(&old, &new);
                (started.elapsed(), lines.counts)
            })
            .collect();
        times.sort_by_key(|(time, _)| *time);
        println!(
            "{name}: fastest {:?}, median {:?}, {:?}",
            times[0].0, times[4].0, times[4].1
        );
    }
}
