//! Which block of a file is which block of the study.

use crate::random::id;
use crate::stories::{block, protocol, section};
use model::Lang;
use model::protocol::Protocol;
use model::word::{HeadingBy, IncomingBlock, IncomingProtocol, IncomingSection};
use redline::matching::{MatchedBy, Matching, match_protocol};

const DOSE: &str = "受试者每日两次口服5 mg，连续服用28天。";
const VISIT: &str = "第28天±3天返院随访，采集血样并记录不良事件。";
const STOP: &str = "谷丙转氨酶大于正常值上限3倍者停药并报告研究者。";

fn known() -> Protocol {
    let mut protocol = protocol(vec![
        section(8, "6.1 给药方案", vec![block(1, DOSE), block(2, VISIT)]),
        section(9, "7.1 停药", vec![block(3, STOP)]),
    ]);
    protocol.sections[0].key = "m11.6.1".to_owned();
    protocol
}

/// Number, title, and blocks with their mark.
type InFile<'a> = (&'a str, &'a str, &'a [(Option<usize>, &'a str)]);

fn file(sections: &[InFile]) -> IncomingProtocol {
    let block = |(mark, text): &(Option<usize>, &str)| IncomingBlock {
        mark: mark.map(id),
        kind: "paragraph".to_owned(),
        text: (*text).into(),
        ..IncomingBlock::default()
    };
    let section = |(number, title, blocks): &InFile| IncomingSection {
        number: (*number).to_owned(),
        title: (*title).into(),
        by: HeadingBy::Style,
        blocks: blocks.iter().map(block).collect(),
        ..IncomingSection::default()
    };
    IncomingProtocol {
        sections: sections.iter().map(section).collect(),
        ..IncomingProtocol::default()
    }
}

fn found(matching: &Matching) -> Vec<Option<model::EntityId>> {
    let blocks = matching.sections.iter().flat_map(|section| &section.blocks);
    blocks.map(|block| block.known.clone()).collect()
}

#[test]
fn marks_go_before_everything() {
    let file = file(&[(
        "",
        "别的标题",
        &[
            (Some(2), "全部重写了"),
            (Some(1), DOSE),
            (Some(1), "抄来的一段"),
            (Some(77), "未知的标记"),
        ],
    )]);
    let matching = match_protocol(&known(), &file, Lang::Zh);
    assert_eq!(found(&matching), [Some(id(2)), Some(id(1)), None, None]);
    assert_eq!(matching.sections[0].blocks[0].by, MatchedBy::Mark);
    assert_eq!(matching.gone, [id(3)]);
}

#[test]
fn without_marks_titles_and_texts_tell() {
    let longer = VISIT.replace("±3天", "±5天");
    let file = file(&[
        (
            "6.1",
            "给药方案",
            &[(None, DOSE), (None, "新增：合并用药须记录。"), (None, STOP)],
        ),
        ("7.1", "停 药", &[(None, &longer)]),
        ("9", "附录", &[]),
    ]);
    let matching = match_protocol(&known(), &file, Lang::Zh);
    let sections: Vec<_> = matching
        .sections
        .iter()
        .map(|section| section.known.clone())
        .collect();
    assert_eq!(sections, [Some(id(8)), Some(id(9)), None]);
    assert_eq!(
        found(&matching),
        [Some(id(1)), None, Some(id(3)), Some(id(2))]
    );
    let moved: Vec<bool> = matching
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .map(|block| block.moved)
        .collect();
    assert_eq!(moved, [false, false, true, true]);
    assert!(matching.gone.is_empty() && matching.gone_sections.is_empty());
}

#[test]
fn a_split_and_a_merge_are_told() {
    let whole = format!("{DOSE}{VISIT}");
    let merged = match_protocol(
        &known(),
        &file(&[("6.1", "给药方案", &[(None, &whole)])]),
        Lang::Zh,
    );
    let block = &merged.sections[0].blocks[0];
    let other = if block.known == Some(id(1)) { 2 } else { 1 };
    assert_eq!(block.merged, [id(other)]);
    assert_eq!(merged.gone, [id(3)]);

    let known = protocol(vec![section(
        8,
        "给药",
        vec![crate::stories::block(1, &whole)],
    )]);
    let split = match_protocol(
        &known,
        &file(&[("", "给药", &[(None, DOSE), (None, VISIT)])]),
        Lang::Zh,
    );
    let blocks = &split.sections[0].blocks;
    let parts: Vec<_> = blocks
        .iter()
        .map(|block| block.known.clone().or(block.split_from.clone()))
        .collect();
    assert_eq!(parts, [Some(id(1)), Some(id(1))]);
}

#[test]
fn what_is_only_a_little_alike_is_for_a_person() {
    let text = "受试者每日两次口服5 mg，与餐同服，漏服者不补服。";
    let matching = match_protocol(
        &known(),
        &file(&[("6.1", "给药方案", &[(None, text)])]),
        Lang::Zh,
    );
    let block = &matching.sections[0].blocks[0];
    assert!(block.unsure, "{block:?}");
    assert_eq!(block.known, Some(id(1)));
}
