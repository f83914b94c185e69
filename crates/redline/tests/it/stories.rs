//! Redlines as people read them.

use crate::random::id;
use model::StudyDoc;
use model::protocol::{Block, Fact, Protocol, Section};
use model::version::Standing;
use redline::{Line, Redline, SpanOp, State, What, change_table, redline};
use serde_json::json;

pub(crate) fn block(n: usize, text: &str) -> Block {
    Block {
        id: id(n),
        kind: "paragraph".to_owned(),
        level: 0,
        list: String::new(),
        table: String::new(),
        layout: String::new(),
        zh: text.into(),
        en: "".into(),
        image: String::new(),
        origin: None,
        merged: Vec::new(),
    }
}

pub(crate) fn section(n: usize, title: &str, blocks: Vec<Block>) -> Section {
    Section {
        id: id(n),
        key: String::new(),
        level: 1,
        zh: title.into(),
        en: "".into(),
        not_applicable: String::new(),
        blocks,
    }
}

pub(crate) fn protocol(sections: Vec<Section>) -> Protocol {
    Protocol {
        facts: Vec::new(),
        sections,
    }
}

fn mark(line: &Line) -> char {
    match (&line.state, line.what) {
        (State::Same, _) => ' ',
        (State::Changed, _) => '~',
        (State::Added, _) => '+',
        (State::Removed, _) => '-',
        (State::Moved { .. }, _) => '>',
        (State::MovedAway { .. }, _) => '<',
        (State::Split { .. }, _) => 'Y',
        (State::Merged { .. }, _) => 'M',
    }
}

fn show(redline: &Redline) -> Vec<String> {
    let line = |line: &Line| {
        let spans = line.zh.iter().map(|span| match span.op {
            SpanOp::Same => span.text.clone(),
            SpanOp::Delete => format!("[{}]", span.text),
            SpanOp::Insert => format!("{{{}}}", span.text),
        });
        format!(
            "{}{} {}",
            mark(line),
            if line.what == What::Title { "#" } else { "" },
            spans.collect::<String>()
        )
    };
    redline.lines.iter().map(line).collect()
}

fn check(old: Vec<Section>, new: Vec<Section>, expected: &[&str]) {
    assert_eq!(show(&redline(&protocol(old), &protocol(new))), expected);
}

const DOSE: &str = "受试者每日两次口服5 mg，连续服用28天。";
const VISIT: &str = "第28天±3天返院随访，采集血样并记录不良事件。";
const STOP: &str = "谷丙转氨酶大于正常值上限3倍者停药并报告研究者。";

#[test]
fn what_is_gone_stands_where_it_stood() {
    check(
        vec![section(
            9,
            "给药",
            vec![block(1, DOSE), block(2, VISIT), block(3, STOP)],
        )],
        vec![section(
            9,
            "给药方案",
            vec![
                block(1, &DOSE.replace("5 mg", "10 mg")),
                block(4, "新的一段。"),
                block(3, STOP),
            ],
        )],
        &[
            "~# 给药{方案}",
            "~ 受试者每日两次口服[5 mg]{10 mg}，连续服用28天。",
            "- [第28天±3天返院随访，采集血样并记录不良事件。]",
            "+ {新的一段。}",
            "  谷丙转氨酶大于正常值上限3倍者停药并报告研究者。",
        ],
    );
}

#[test]
fn an_unchanged_split_takes_nothing_out() {
    let half = Block {
        origin: Some(id(1)),
        ..block(5, VISIT)
    };
    let whole = format!("{DOSE}{VISIT}");
    check(
        vec![section(9, "", vec![block(1, &whole)])],
        vec![section(9, "", vec![block(1, DOSE), half.clone()])],
        &[" # ", &format!("Y {DOSE}"), &format!("Y {VISIT}")],
    );
    // The same without any record, as two Word files tell it.
    check(
        vec![section(9, "", vec![block(1, &whole)])],
        vec![section(8, "", vec![block(6, DOSE), block(7, VISIT)])],
        &[" # ", &format!("Y {DOSE}"), &format!("Y {VISIT}")],
    );
    // A new text is no half, whatever its record says.
    check(
        vec![section(9, "", vec![block(1, DOSE)])],
        vec![section(
            9,
            "",
            vec![
                block(1, DOSE),
                Block {
                    zh: STOP.into(),
                    ..half
                },
            ],
        )],
        &[" # ", &format!("  {DOSE}"), &format!("+ {{{STOP}}}")],
    );
}

#[test]
fn a_merge_takes_only_the_end_of_a_block_out() {
    let whole = format!("{DOSE}{VISIT}");
    let expected = [
        " # ".to_owned(),
        format!("M {DOSE}[\u{2029}]{VISIT}"),
        format!("  {STOP}"),
    ];
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let old = || {
        vec![section(
            9,
            "",
            vec![block(1, DOSE), block(2, VISIT), block(3, STOP)],
        )]
    };
    let merged = Block {
        merged: vec![id(2)],
        ..block(1, &whole)
    };
    check(
        old(),
        vec![section(9, "", vec![merged, block(3, STOP)])],
        &expected,
    );
    check(
        old(),
        vec![section(9, "", vec![block(5, &whole), block(6, STOP)])],
        &expected,
    );
}

#[test]
fn what_moved_says_from_where() {
    let old = protocol(vec![
        section(8, "给药", vec![block(1, DOSE), block(2, VISIT)]),
        section(9, "停药", vec![block(3, STOP)]),
    ]);
    // Cut and pasted: the same words under a new id.
    let new = protocol(vec![
        section(8, "给药", vec![block(1, DOSE)]),
        section(
            9,
            "停药",
            vec![block(3, STOP), block(5, &VISIT.replace("±3天", "±5天"))],
        ),
    ]);
    let lines = redline(&old, &new);
    assert_eq!(
        show(&lines),
        [
            " # 给药",
            &format!("  {DOSE}"),
            &format!("< [{VISIT}]"),
            " # 停药",
            &format!("  {STOP}"),
            "> [第28天±3天]{第28天±5天}返院随访，采集血样并记录不良事件。",
        ]
    );
    let moved = &lines.lines[5];
    assert_eq!(
        (&moved.state, &moved.was),
        (&State::Moved { from: id(8) }, &Some(id(2)))
    );
    assert_eq!(lines.counts.moved, 1);
}

#[test]
fn a_section_that_moved_takes_its_blocks_along() {
    let sections = |order: [usize; 3]| {
        order
            .map(|n| {
                section(
                    n,
                    ["给药", "停药", "随访"][n - 1],
                    vec![block(10 + n, [DOSE, STOP, VISIT][n - 1])],
                )
            })
            .to_vec()
    };
    check(
        sections([1, 2, 3]),
        sections([3, 1, 2]),
        &[
            "># 随访",
            &format!("  {VISIT}"),
            " # 给药",
            &format!("  {DOSE}"),
            " # 停药",
            &format!("  {STOP}"),
            "<# [随访]",
        ],
    );
}

#[test]
fn facts_stand_in_front_and_reasons_in_their_section() {
    let fact = |register: &str, value| Fact {
        entity: id(1),
        kind: "study".to_owned(),
        register: register.to_owned(),
        value,
    };
    let mut old = protocol(vec![section(9, "盲法", vec![])]);
    let mut new = old.clone();
    old.facts = vec![
        fact("title.zh", json!("甲药")),
        fact("title.en", json!("Drug A")),
        fact("enrollment", json!(120)),
    ];
    new.facts = vec![
        fact("title.zh", json!("甲药")),
        fact("title.en", json!("Drug B")),
        fact("enrollment", json!(150)),
    ];
    new.sections[0].not_applicable = "单臂".to_owned();
    let lines = redline(&old, &new);
    assert_eq!(
        show(&lines),
        ["~ 甲药", "~ [120]{150}", " # 盲法", "+ {单臂}"]
    );
    assert_eq!(lines.lines[0].name, "title");
    let rows = change_table(&lines);
    let names: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row.name.as_str(), row.title_zh.as_str()))
        .collect();
    assert_eq!(
        names,
        [("title", ""), ("enrollment", ""), ("notApplicable", "盲法")]
    );
}

#[test]
fn neighbours_are_one_row_of_the_table() {
    let old = protocol(vec![section(
        9,
        "给药",
        vec![block(1, DOSE), block(2, VISIT), block(3, STOP)],
    )]);
    let new = protocol(vec![section(
        9,
        "给药",
        vec![block(1, &DOSE.replace("28天", "21天"))],
    )]);
    let rows = change_table(&redline(&old, &new));
    let shown: Vec<(usize, String, String)> = rows
        .iter()
        .map(|row| {
            let text =
                |spans: &[redline::Span]| spans.iter().map(|span| span.text.as_str()).collect();
            (row.entities.len(), text(&row.was_zh), text(&row.now_zh))
        })
        .collect();
    assert_eq!(
        shown,
        [
            (1, DOSE.to_owned(), DOSE.replace("28天", "21天")),
            (2, format!("{VISIT}\n{STOP}"), String::new()),
        ]
    );
}

#[test]
fn a_new_type_is_a_change_and_a_new_width_is_none() {
    let old = block(1, DOSE);
    let item = Block {
        kind: "item".to_owned(),
        ..old.clone()
    };
    let lines = redline(
        &protocol(vec![section(9, "", vec![old.clone()])]),
        &protocol(vec![section(9, "", vec![item])]),
    );
    assert_eq!(lines.lines[1].state, State::Changed);
    assert_eq!(
        lines.lines[1]
            .before
            .as_ref()
            .map(|shape| shape.kind.as_str()),
        Some("paragraph")
    );
    let row = |layout: &str| Block {
        kind: "row".to_owned(),
        layout: layout.to_owned(),
        ..old.clone()
    };
    let (a, b) = (
        row(r#"{"head":true,"w":[1,2]}"#),
        row(r#"{"head":true,"w":[2,2]}"#),
    );
    let lines = redline(
        &protocol(vec![section(9, "", vec![a])]),
        &protocol(vec![section(9, "", vec![b])]),
    );
    assert_eq!(lines.lines[1].state, State::Same);
}

#[test]
fn reasons_count_where_their_change_is_covered() {
    let old = protocol(vec![section(
        9,
        "给药",
        vec![block(1, DOSE), block(2, VISIT)],
    )]);
    let new = protocol(vec![section(
        9,
        "给药",
        vec![
            block(1, &DOSE.replace("28天", "21天")),
            block(2, &format!("{VISIT}另加心电图。")),
        ],
    )]);
    let version = |n: usize| {
        json!({"id": id(n), "number": "", "date": "", "base": null, "reason": "",
            "summaryZh": "", "summaryEn": "", "hash": "", "content": "", "frozenAt": "",
            "frozenBy": "", "leftOut": [], "confirmed": true, "intact": true,
            "duplicate": false, "state": "", "approvals": []})
    };
    // Newest first.
    let standing = json!({"versions": [version(23), version(22), version(21)], "sites": [],
        "workingEquals": null, "changedSince": 0});
    let standing: Standing = serde_json::from_value(standing).expect("a standing");
    let reason = |n: usize, base: usize, about: usize, text: &str| {
        let register = |value: serde_json::Value| {
            json!({"conflict": false, "heads": [{"op": "op", "lam": 1, "value": value,
                "redacted": false, "by": id(0), "byName": "", "device": "",
                "at": "2026-11-01T00:00:00Z", "tzMinutes": 480}]})
        };
        json!({"id": id(n), "kind": "rationale", "parent": id(0), "ord": "", "mark": "live",
            "fields": {"base": register(json!({"$ref": id(base)})),
                "about": register(json!({"$ref": id(about)})),
                "text.zh": register(json!(text))}})
    };
    let doc = json!({"id": id(0), "entities": [reason(31, 22, 1, "毒性报告"),
        reason(32, 21, 1, "剂量探索结果"), reason(33, 22, 2, "心脏安全性")]});
    let doc: StudyDoc = serde_json::from_value(doc).expect("a study");
    let why = |from: usize, to: Option<usize>| -> Vec<String> {
        let mut rows = change_table(&redline(&old, &new));
        let to = to.map(id);
        redline::explain(&mut rows, &doc, &standing, (Some(&id(from)), to.as_ref()));
        rows.into_iter().map(|row| row.why_zh).collect()
    };
    assert_eq!(why(21, None), ["剂量探索结果\n毒性报告", "心脏安全性"]);
    assert_eq!(why(22, None), ["毒性报告", "心脏安全性"]);
    assert_eq!(why(22, Some(23)), ["毒性报告", "心脏安全性"]);
    // From the first to the second only what was written against the first.
    assert_eq!(why(21, Some(22)), ["剂量探索结果", ""]);
    assert_eq!(why(23, None), ["", ""]);
}
