//! A protocol with everything in it.

use model::EntityId;
use model::protocol::{Block, Fact, Protocol, Section};
use model::rich::{Mark, MarkKind, RichText};
use serde_json::{Value, json};

/// An id made of a number.
pub(crate) fn id(n: u32) -> EntityId {
    EntityId::parse(&format!("01890a5d-ac96-774b-bcce-{n:012x}")).expect("an id")
}

/// A text with marks: `(from, to, kind)`, a link's address in front of all.
pub(crate) fn rich(text: &str, marks: &[(u32, u32, MarkKind)], href: &str) -> RichText {
    let marks = marks.iter().map(|(from, to, kind)| Mark {
        from: *from,
        to: *to,
        kind: *kind,
        href: match kind {
            MarkKind::Link => href.to_owned(),
            _ => String::new(),
        },
    });
    RichText::new(text.to_owned(), marks.collect())
}

/// An empty block of a type.
pub(crate) fn block(n: u32, kind: &str, zh: &str, en: &str) -> Block {
    Block {
        id: id(n),
        kind: kind.to_owned(),
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
}

fn item(n: u32, level: u8, list: &str, zh: &str, en: &str) -> Block {
    Block {
        level,
        list: list.to_owned(),
        ..block(n, "item", zh, en)
    }
}

fn row(n: u32, table: &str, layout: &Value, zh: &str, en: &str) -> Block {
    Block {
        table: table.to_owned(),
        layout: layout.to_string(),
        ..block(n, "row", zh, en)
    }
}

/// A section without blocks.
pub(crate) fn section(n: u32, level: u8, zh: &str, en: &str) -> Section {
    Section {
        id: id(n),
        key: String::new(),
        level,
        zh: zh.into(),
        en: en.into(),
        not_applicable: String::new(),
        blocks: Vec::new(),
    }
}

/// A fact of the study.
pub(crate) fn fact(register: &str, value: Value) -> Fact {
    Fact {
        entity: id(1),
        kind: "study".to_owned(),
        register: register.to_owned(),
        value,
    }
}

/// A picture, as a figure keeps it: 96 by 48 pixels, blue over white.
pub(crate) fn image() -> String {
    let data = "iVBORw0KGgoAAAANSUhEUgAAAGAAAAAwCAIAAABhdOiYAAAAWklEQVR42u3QAREAAAQAMZ10Ek5JGgjg9vcJFlnt40AACBAgQIAAAQJkQIAAAQIECBAgAwIECBAgQC+ARmeAAAECBAgQIECABAgQIECAAAECJECAAAECBOhFC/UwQjsOL2pyAAAAAElFTkSuQmCC";
    json!({"mime": "image/png", "data": data, "w": 480, "h": 240}).to_string()
}

/// The protocol.
pub(crate) fn protocol() -> Protocol {
    Protocol {
        facts: facts(),
        sections: vec![
            summary(),
            objectives(),
            design(),
            treatment(),
            assessments(),
            statistics(),
        ],
    }
}

fn facts() -> Vec<Fact> {
    vec![
        fact(
            "title.zh",
            json!("某药联合化疗一线治疗晚期肺癌的随机对照研究"),
        ),
        fact(
            "title.en",
            json!("Drug X plus chemotherapy as first-line treatment of advanced lung cancer"),
        ),
        fact(
            "officialTitle.zh",
            json!(
                "某药联合含铂双药化疗对比含铂双药化疗一线治疗晚期非小细胞肺癌的随机、开放、多中心临床研究"
            ),
        ),
        fact(
            "officialTitle.en",
            json!(
                "A randomized, open-label, multicenter study of drug X plus platinum doublet versus platinum doublet as first-line treatment of advanced non-small-cell lung cancer"
            ),
        ),
        fact("acronym", json!("ALPHA-01")),
        fact("number.org", json!("SCRTC-2026-014")),
        fact("registry.chictr", json!("ChiCTR2600012345")),
        fact("sponsor.zh", json!("上海市某某医院")),
        fact("sponsor.en", json!("Shanghai Example Hospital")),
        fact("responsible.name.zh", json!("王海燕")),
        fact("responsible.name.en", json!("Wang Haiyan")),
        fact("phase", json!("PHASE2|PHASE3")),
        fact("enrollment", json!(320)),
    ]
}

fn summary() -> Section {
    let mut section = section(100, 1, "1 方案摘要", "1 Protocol Summary");
    let head = json!({"head": true, "w": [3, 7]});
    let plain = json!({"w": [3, 7]});
    section.blocks = vec![
        row(101, "t1", &head, "项目\t内容", "Item\tContent"),
        row(
            102,
            "t1",
            &plain,
            "研究设计\t随机、开放、平行对照\n按中心分层",
            "Design\tRandomized, open-label, parallel\nstratified by site",
        ),
        row(103, "t1", &plain, "样本量\t320", "Sample size\t320"),
        row(
            104,
            "t1",
            &plain,
            "研究周期\t入组 24 个月，随访 36 个月",
            "Duration\t24 months of enrolment, 36 months of follow-up",
        ),
    ];
    section
}

fn objectives() -> Section {
    let mut section = section(110, 1, "2 研究目的与终点", "2 Objectives and Endpoints");
    let mut first = block(111, "paragraph", "", "");
    first.zh = rich(
        "主要目的：比较两组的无进展生存期（PFS），“进展”按 RECIST 1.1 判定，风险比（HR）≤ 0.65 视为有临床意义。",
        &[(0, 5, MarkKind::Bold), (55, 55, MarkKind::Note)],
        "",
    );
    first.en = rich(
        "Primary objective: to compare progression-free survival (PFS) between the arms, progression being judged by RECIST 1.1; a hazard ratio of 0.65 or less counts as clinically meaningful.",
        &[
            (0, 18, MarkKind::Bold),
            (45, 56, MarkKind::Italic),
            (121, 121, MarkKind::Note),
        ],
        "",
    );
    section.blocks = vec![
        first,
        block(
            112,
            "note",
            "RECIST：实体瘤疗效评价标准。",
            "RECIST: Response Evaluation Criteria in Solid Tumors.",
        ),
        block(113, "heading", "次要终点", "Secondary endpoints"),
        item(114, 0, "number", "总生存期（OS）", "Overall survival (OS)"),
        item(
            115,
            0,
            "number",
            "客观缓解率（ORR），包括：",
            "Objective response rate (ORR), namely:",
        ),
        item(116, 1, "number", "完全缓解（CR）", "Complete response (CR)"),
        item(117, 1, "number", "部分缓解（PR）", "Partial response (PR)"),
        item(
            118,
            0,
            "number",
            "不良事件的发生率",
            "Incidence of adverse events",
        ),
        block(
            119,
            "paragraph",
            "探索性终点如下。",
            "Exploratory endpoints follow.",
        ),
        item(120, 0, "bullet", "ctDNA 清除", "Clearance of ctDNA"),
        item(121, 1, "bullet", "第 3 周期第 1 天", "Cycle 3, day 1"),
        item(
            122,
            0,
            "number",
            "新的列表从 1 开始",
            "A new list begins at 1",
        ),
    ];
    section
}

fn design() -> Section {
    let mut section = section(130, 1, "4 试验设计", "4 Trial Design");
    let mut text = block(131, "paragraph", "", "");
    text.zh = rich(
        "剂量为 200 mg/m2，每 3 周 1 次；详见登记平台。",
        &[(10, 11, MarkKind::Sup), (22, 26, MarkKind::Link)],
        "https://www.chictr.org.cn/show?id=1&x=2",
    );
    text.en = rich(
        "The dose is 200 mg/m2 every 3 weeks; see the registry.",
        &[(20, 21, MarkKind::Sup), (45, 53, MarkKind::Link)],
        "https://www.chictr.org.cn/show?id=1&x=2",
    );
    let mut figure = block(
        132,
        "figure",
        "图 1  研究流程",
        "Figure 1  Flow of the study",
    );
    figure.image = image();
    section.blocks = vec![text, figure];
    section
}

fn treatment() -> Section {
    let mut section = section(140, 2, "4.2 盲法", "4.2 Blinding");
    section.not_applicable = "本研究为开放标签，不设盲。".to_owned();
    section
}

fn assessments() -> Section {
    let mut section = section(
        150,
        1,
        "8 研究评估与流程",
        "8 Trial Assessments and Procedures",
    );
    let n = 10;
    let head = json!({"head": true, "span": [1, 1, 4, 3, 1], "vm": ["start", "", "", "", "start"]});
    section.blocks.push(block(
        151,
        "paragraph",
        "表 1  研究流程表。",
        "Table 1  Schedule of activities.",
    ));
    section.blocks.push(row(
        152,
        "t2",
        &head,
        "检查项目\t筛选期\t治疗期\t随访期\t备注",
        "Assessment\tScreening\tTreatment\tFollow-up\tNote",
    ));
    let second = json!({"head": true, "vm": ["cont", "", "", "", "", "", "", "", "", "cont"]});
    section.blocks.push(row(
        153,
        "t2",
        &second,
        "\tD-28\tC1\tC2\tC3\tC4\tM3\tM6\tM12\t",
        "\tD-28\tC1\tC2\tC3\tC4\tM3\tM6\tM12\t",
    ));
    for at in 0..45 {
        let zh = format!("检查 {at}{}", "\t×".repeat(n - 2) + "\t时间窗 ±3 天");
        let en = format!(
            "Assessment {at}{}",
            "\t×".repeat(n - 2) + "\twindow ±3 days"
        );
        section
            .blocks
            .push(row(160 + at, "t2", &json!({}), &zh, &en));
    }
    if let Some(block) = section.blocks.last_mut() {
        block.zh.marks = rich(&block.zh.text, &[(2, 2, MarkKind::Note)], "").marks;
        block.en.marks = rich(&block.en.text, &[(10, 10, MarkKind::Note)], "").marks;
    }
    section
        .blocks
        .push(block(210, "note", "仅限女性。", "Women only."));
    section
}

fn statistics() -> Section {
    let mut section = section(220, 1, "10 统计学考虑", "10 Statistical Considerations");
    for at in 0..12 {
        section.blocks.push(block(
            221 + at,
            "paragraph",
            "假设对照组中位无进展生存期为 6.0 个月，试验组为 9.2 个月，双侧检验水准 0.05，把握度 90%，按 1:1 随机，考虑 10% 脱落，共需入组 320 例受试者。主要分析采用分层 log-rank 检验，以 Cox 比例风险模型估计风险比及其 95% 置信区间。",
            "Assuming a median progression-free survival of 6.0 months in the control arm and 9.2 months in the experimental arm, a two-sided significance level of 0.05, a power of 90%, 1:1 randomization and 10% drop-out, 320 participants are needed. The primary analysis is a stratified log-rank test.",
        ));
    }
    section
}
