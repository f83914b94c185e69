//! A protocol with everything that a writer puts into one: marks, lists, tables, a figure, notes.

use crate::study::Study;
use model::EntityId;
use serde_json::{Value, json};

/// A small picture: four boxes.
pub(crate) const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAPAAAABaCAIAAAAJsExNAAABWklEQVR42u3asRHDIBREQTqhCJqhB/UfQ0rIIJKT9o0aOP8NZI/LkD5U8REIaAloCWgJaAEtAS0BLQEtAf2++vS4B2gBDTTQQAMNNNBAAw000EADLaCBBhpooIEGGmiggQYaaKAFNNBAAw000EADDTTQQAMNtIAGGmiggQYaaKCBBvoI9M8van7cXqDNB9pFzQfaRc0H2kXNBxpooF3UfKBd1HygXdR8oF3UfKAFNNACGmiggQYaaKD3nnavRIUX5wMNNNBAe+XwygE00EADLaCBBhpooIEGGmiggQYaaKAFNNBAA+0PweYD7aLmAw000EADDbSLmp8N2td8P/JkBTTQQAMNNNBAAw000EADDTTQAhpooIEGGmiggQYaaKCBBlpAAw000EADDTTQQAMNNNBAC2iggQYaaKCBBhpooIEGGmgBDTTQQAMNNNBAAw000AJaAloCWgJaWpp5JEOSRN0zfgAAAABJRU5ErkJggg==";

/// Adds a section and its blocks.
pub(crate) fn section(
    study: &mut Study,
    key: &str,
    level: u32,
    title: (&str, &str),
    blocks: &[Value],
) -> EntityId {
    let id = study.add(
        "section",
        &[
            ("key", json!(key)),
            ("level", json!(level)),
            ("title.zh", json!(title.0)),
            ("title.en", json!(title.1)),
        ],
    );
    for block in blocks {
        let fields: Vec<(&str, Value)> = block
            .as_object()
            .expect("fields")
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        study.add_to(&id, "block", &fields);
    }
    id
}

fn para(zh: &Value, en: &Value) -> Value {
    json!({"type": "paragraph", "text.zh": zh, "text.en": en})
}

fn item(level: u32, list: &str, zh: &str, en: &str) -> Value {
    json!({"type": "item", "level": level, "list": list, "text.zh": zh, "text.en": en})
}

fn row(table: &str, layout: &Value, zh: &str, en: &str) -> Value {
    let layout = layout.to_string();
    json!({"type": "row", "table": table, "layout": layout, "text.zh": zh, "text.en": en})
}

/// A text with marks on the first place of each of some words; a note stands behind its word.
pub(crate) fn marked(text: &str, marks: &[(&str, &str)]) -> Value {
    let marks: Vec<Value> = marks
        .iter()
        .map(|(words, kind)| {
            let from = text[..text.find(words).expect("words")].chars().count();
            let to = from + words.chars().count();
            match *kind {
                "fn" => json!([to, to, "fn"]),
                "a" => json!([from, to, "a", "https://example.org/registry?id=17"]),
                kind => json!([from, to, kind]),
            }
        })
        .collect();
    json!({"text": text, "marks": marks})
}

/// The bilingual study with a protocol by the M11 template.
pub(crate) fn written() -> Study {
    let mut s = crate::study::bilingual();
    for entity in &mut s.doc.entities {
        if entity.kind == "section" {
            entity.mark = model::EntityMark::Archived;
        }
    }
    section(
        &mut s,
        "m11.1",
        1,
        ("1 方案摘要", "1 PROTOCOL SUMMARY"),
        &[],
    );
    section(
        &mut s,
        "m11.1.1",
        2,
        ("1.1 方案概要", "1.1 Protocol Synopsis"),
        &[
            para(
                &marked(
                    "本研究比较强化与标准血压管理。主要终点为一年内任何卒中复发。剂量按体表面积（m2）计算，HbA1c 与 10-3 mol/L 的写法见实验室手册。",
                    &[
                        ("强化与标准血压管理", "b"),
                        ("一年内", "i"),
                        ("任何卒中", "i"),
                        ("任何卒中", "b"),
                        ("2", "sup"),
                        ("1c", "sub"),
                        ("-3", "sup"),
                        ("手册", "u"),
                    ],
                ),
                &marked(
                    "This trial compares intensive with standard blood pressure control. The primary endpoint is any recurrent stroke within one year; see the registry entry.",
                    &[
                        ("intensive", "b"),
                        ("primary endpoint", "i"),
                        ("one", "b"),
                        ("one year", "i"),
                        ("within", "u"),
                        ("registry entry", "a"),
                    ],
                ),
            ),
            para(
                &marked(
                    "既往研究显示强化控制可减少复发，但证据有限，且不良事件的报告方式不一。",
                    &[("复发", "fn"), ("证据有限", "fn")],
                ),
                &marked(
                    "Earlier trials suggest fewer recurrences, but the evidence is limited.",
                    &[("recurrences", "fn"), ("limited", "fn")],
                ),
            ),
            json!({"type": "note", "text.zh": "参见 SPRINT 试验及其在卒中人群的二次分析；各试验的目标值与测量方法不同，不能直接比较。", "text.en": "See SPRINT and its secondary analysis in stroke survivors."}),
            json!({"type": "note", "text.zh": marked("样本量小于 500 例的试验未计入。", &[("500", "b")])}),
        ],
    );
    let soa: Vec<Value> = {
        let visits: Vec<String> = (1..=16).map(|n| format!("V{n}")).collect();
        let weeks: Vec<String> = (0..16).map(|n| format!("第{}周±7天", n * 4)).collect();
        let mut rows = vec![
            row(
                "soa",
                &json!({"span": [1, 1, 8, 7], "vm": ["start"], "head": true}),
                "程序\t筛选期\t治疗期\t随访期",
                "Procedure\tScreening\tTreatment\tFollow-up",
            ),
            row(
                "soa",
                &json!({"vm": ["cont"], "head": true}),
                &format!("\t{}", weeks.join("\t")),
                &format!("\t{}", visits.join("\t")),
            ),
        ];
        for (i, (zh, en)) in [
            ("知情同意", "Informed consent"),
            ("病史与体格检查", "History and examination"),
            ("坐位血压（三次平均）", "Seated blood pressure"),
            ("心电图", "ECG"),
            ("血常规、肝肾功能", "Blood count, liver and renal function"),
            ("不良事件", "Adverse events"),
            ("合并用药", "Concomitant medication"),
        ]
        .into_iter()
        .enumerate()
        {
            let marks: Vec<&str> = (0..16)
                .map(|n| if (n + i) % (i + 1) == 0 { "X" } else { "" })
                .collect();
            rows.push(row(
                "soa",
                &json!({}),
                &format!("{zh}\t{}", marks.join("\t")),
                &format!("{en}\t{}", marks.join("\t")),
            ));
        }
        rows
    };
    section(
        &mut s,
        "m11.1.3",
        2,
        ("1.3 活动日程表", "1.3 Schedule of Activities"),
        &soa,
    );
    section(&mut s, "m11.4", 1, ("4 试验设计", "4 TRIAL DESIGN"), &[]);
    section(
        &mut s,
        "m11.4.1",
        2,
        ("4.1 试验设计描述", "4.1 Description of Trial Design"),
        &[
            para(
                &json!("受试者按 1:1 随机分配，分层因素为年龄与既往卒中次数。流程见下图。"),
                &json!(
                    "Participants are randomised 1:1, stratified by age and number of earlier strokes. The flow is shown below."
                ),
            ),
            json!({"type": "figure", "text.zh": "图 1  受试者流程", "text.en": "Figure 1  Flow of participants", "image": json!({"mime": "image/png", "data": PICTURE, "w": 480}).to_string()}),
            json!({"type": "figure", "text.zh": "图 2  给药示意", "text.en": "Figure 2  Dosing", "image": json!({"mime": "image/emf", "data": "AAAA"}).to_string()}),
        ],
    );
    section(
        &mut s,
        "m11.4.2.1",
        3,
        ("4.2.1 估计目标的理由", "4.2.1 Rationale for Estimand(s)"),
        &[para(
            &json!("采用治疗策略估计目标。"),
            &json!("A treatment-policy estimand is used."),
        )],
    );
    let na = section(
        &mut s,
        "m11.4.2.5",
        3,
        (
            "4.2.5 适应性或新型设计的理由",
            "4.2.5 Rationale for Adaptive or Novel Trial Design",
        ),
        &[],
    );
    let held = s.entity(&na).fields["key"].clone();
    let mut reason = held;
    reason.heads[0].value = json!("本研究不采用适应性设计。");
    s.entity(&na)
        .fields
        .insert("notApplicable".to_owned(), reason);
    section(
        &mut s,
        "m11.5",
        1,
        ("5 试验人群", "5 TRIAL POPULATION"),
        &[],
    );
    section(
        &mut s,
        "m11.5.2",
        2,
        ("5.2 入选标准", "5.2 Inclusion Criteria"),
        &[
            para(
                &json!("符合以下全部条件者方可入选："),
                &json!("All of the following must be met:"),
            ),
            item(
                0,
                "number",
                "年龄 65 岁及以上，性别不限；",
                "65 years or older, any sex;",
            ),
            item(
                0,
                "number",
                "发病 7～30 天的急性缺血性卒中，满足下列之一：",
                "Acute ischaemic stroke 7 to 30 days ago, with one of:",
            ),
            item(
                1,
                "number",
                "NIHSS 评分 ≤ 5 分；",
                "NIHSS score of 5 or less;",
            ),
            item(
                1,
                "number",
                "影像学证实的新发梗死灶，且责任血管狭窄程度经两名神经影像医师独立判读后一致认定为 50% 以上；",
                "A new infarct on imaging, the stenosis of the responsible vessel being read as more than 50 % by two independent neuroradiologists;",
            ),
            item(
                2,
                "number",
                "以磁共振弥散加权成像为准；",
                "by diffusion-weighted imaging;",
            ),
            item(
                0,
                "number",
                "坐位收缩压 130～180 mmHg。",
                "Seated systolic pressure 130 to 180 mmHg.",
            ),
            item(0, "bullet", "签署知情同意书；", "Signed consent;"),
            item(
                1,
                "bullet",
                "由本人或监护人签署。",
                "by the participant or a guardian.",
            ),
        ],
    );
    let mut rows = vec![row(
        "lab",
        &json!({"head": true, "w": [22.0, 14.0, 40.0, 24.0]}),
        "检查项目\t单位\t方法与说明\t处理",
        "Test\tUnit\tMethod\tAction",
    )];
    for i in 1..=34 {
        let vm = if i % 3 == 1 { "start" } else { "cont" };
        let name = if i % 3 == 1 {
            format!("第 {} 组检查", i / 3 + 1)
        } else {
            String::new()
        };
        rows.push(row("lab", &json!({"vm": [vm]}), &format!("{name}\tmmol/L\t空腹静脉血，{i} 小时内送检\n避免溶血\t超出正常值上限 {i} 倍时停药"), &format!("{}\tmmol/L\tFasting venous blood, sent within {i} hours\nAvoid haemolysis\tStop above {i} times the upper limit", if i % 3 == 1 { format!("Group {}", i / 3 + 1) } else { String::new() })));
    }
    rows.push(json!({"type": "note", "text.zh": "各中心实验室须有室间质评证书。", "text.en": "Laboratories need a certificate of external quality assessment."}));
    if let Some(first) = rows.get_mut(1) {
        first["text.zh"] = json!({"text": "第 1 组检查\tmmol/L\t空腹静脉血，1 小时内送检\n避免溶血\t超出正常值上限 1 倍时停药", "marks": [[7, 7, "fn"], [15, 20, "b"]]});
    }
    section(
        &mut s,
        "m11.8",
        1,
        ("8 试验评估与程序", "8 TRIAL ASSESSMENTS AND PROCEDURES"),
        &[],
    );
    section(
        &mut s,
        "m11.8.4",
        2,
        (
            "8.4 安全性评估与程序",
            "8.4 Safety Assessments and Procedures",
        ),
        &[],
    );
    let labs = section(
        &mut s,
        "m11.8.4.4",
        3,
        (
            "8.4.4 临床实验室评估",
            "8.4.4 Clinical Laboratory Assessments",
        ),
        &rows,
    );
    let rival = s.add_to(
        &labs,
        "block",
        &[
            ("type", json!("row")),
            ("table", json!("dose")),
            ("text.zh", json!("a")),
        ],
    );
    s.disagree(
        &rival,
        "text.zh",
        json!("起始剂量\t5 mg"),
        json!("起始剂量\t10 mg"),
    );
    s.add_to(
        &labs,
        "block",
        &[
            ("type", json!("row")),
            ("table", json!("dose")),
            ("text.zh", json!("维持剂量\t10 mg，每日一次")),
        ],
    );
    let rival = s.add_to(&labs, "block", &[("type", json!("paragraph"))]);
    s.disagree(
        &rival,
        "text.zh",
        json!("首次随访在第 14 天。"),
        json!({"text": "首次随访在第 28 天。", "marks": [[6, 10, "b"]]}),
    );
    s.add_to(
        &labs,
        "block",
        &[
            ("type", json!("paragraph")),
            ("pending", json!(true)),
            ("text.zh", json!("这一段还没有人接受。")),
        ],
    );
    section(
        &mut s,
        "m11.10.4.1.1",
        4,
        (
            "10.4.1.1 统计分析方法",
            "10.4.1.1 Statistical Analysis Method",
        ),
        &[para(
            &json!("采用 Cox 比例风险模型，检验水准 α=0.05（双侧）。"),
            &json!("Cox proportional hazards, two-sided α=0.05."),
        )],
    );
    s
}
