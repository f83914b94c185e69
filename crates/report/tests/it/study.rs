//! An invented Chinese study with everything that a document has to cope with.

use model::{Entity, EntityId, EntityMark, Head, PersonId, Register, StudyDoc, StudyId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Builds a study entity by entity.
pub(crate) struct Study {
    pub(crate) doc: StudyDoc,
    count: u32,
}

impl Study {
    /// A study with nothing but registers of its own.
    pub(crate) fn new(fields: &[(&str, Value)]) -> Self {
        let id = StudyId::parse("0197f3a0-0000-7000-8000-000000000001").expect("id");
        let mut study = Self {
            doc: StudyDoc {
                id: id.clone(),
                entities: Vec::new(),
            },
            count: 0,
        };
        study.doc.entities.push(Entity {
            id: id.root(),
            kind: "study".to_owned(),
            parent: None,
            ord: String::new(),
            mark: EntityMark::Live,
            fields: registers(fields),
        });
        study
    }

    pub(crate) fn add(&mut self, kind: &str, fields: &[(&str, Value)]) -> EntityId {
        let root = self.doc.id.root();
        self.add_to(&root, kind, fields)
    }

    pub(crate) fn add_to(
        &mut self,
        parent: &EntityId,
        kind: &str,
        fields: &[(&str, Value)],
    ) -> EntityId {
        self.count += 1;
        let text = format!("0197f3a0-0000-7000-9000-{:012}", self.count);
        let id = EntityId::parse(&text).expect("id");
        self.doc.entities.push(Entity {
            id: id.clone(),
            kind: kind.to_owned(),
            parent: Some(parent.clone()),
            ord: format!("{:06}", self.count),
            mark: EntityMark::Live,
            fields: registers(fields),
        });
        id
    }

    pub(crate) fn entity(&mut self, id: &EntityId) -> &mut Entity {
        self.doc
            .entities
            .iter_mut()
            .find(|entity| entity.id == *id)
            .expect("entity")
    }

    /// Lets two people have written different values while apart.
    pub(crate) fn disagree(&mut self, id: &EntityId, register: &str, one: Value, other: Value) {
        let heads = vec![
            head(one, "王海燕", "2026-03-05T01:20:00Z", 1),
            head(other, "陈立群", "2026-03-05T23:45:10Z", 2),
        ];
        self.entity(id).fields.insert(
            register.to_owned(),
            Register {
                heads,
                conflict: true,
            },
        );
    }
}

fn registers(fields: &[(&str, Value)]) -> BTreeMap<String, Register> {
    fields
        .iter()
        .map(|(name, value)| {
            let heads = vec![head(value.clone(), "王海燕", "2026-01-05T02:00:00Z", 0)];
            (
                (*name).to_owned(),
                Register {
                    heads,
                    conflict: false,
                },
            )
        })
        .collect()
}

fn head(value: Value, by_name: &str, at: &str, n: u32) -> Head {
    Head {
        op: format!("device:1:{n}"),
        lam: 1,
        value,
        redacted: false,
        by: PersonId::parse("0197f3a0-0000-7000-a000-000000000001").expect("id"),
        by_name: by_name.to_owned(),
        device: "k7m2".to_owned(),
        at: at.to_owned(),
        tz_minutes: 480,
    }
}

/// A short study in both languages with a conflict, several sites and contacts.
pub(crate) fn bilingual() -> Study {
    let mut s = Study::new(&[
        (
            "title.zh",
            json!("强化血压管理预防老年卒中复发的随机对照研究"),
        ),
        (
            "title.en",
            json!("Intensive blood pressure control after stroke in older adults"),
        ),
        (
            "officialTitle.zh",
            json!(
                "强化与标准血压管理对 65 岁及以上缺血性卒中患者一年内卒中复发影响的多中心、随机、开放、终点盲法评估（PROBE）研究"
            ),
        ),
        (
            "officialTitle.en",
            json!(
                "A multicentre, prospective, randomised, open-label, blinded-endpoint trial of intensive versus standard blood pressure control after ischaemic stroke"
            ),
        ),
        ("acronym", json!("CALM-BP")),
        ("number.org", json!("SCRTC-2026-017")),
        ("registry.chictr", json!("ChiCTR2600000017")),
        ("version", json!("2.0")),
        ("versionDate", json!("2026-03-05")),
        ("status", json!("NOT_YET_RECRUITING")),
        ("diseaseArea", json!("nervous|panvascular")),
        ("conditions", json!({"list": ["缺血性卒中", "高血压"]})),
        ("keywords", json!({"list": ["血压", "二级预防", "老年"]})),
        ("sponsor.zh", json!("上海临床研究中心")),
        (
            "sponsor.en",
            json!("Shanghai Clinical Research and Trial Center"),
        ),
        ("responsible.name.zh", json!("王海燕")),
        ("responsible.name.en", json!("Wang Haiyan")),
        ("responsible.title.zh", json!("主任医师")),
        ("responsible.title.en", json!("Chief physician")),
        (
            "responsible.affiliation.zh",
            json!("复旦大学附属华山医院神经内科"),
        ),
        ("funding.zh", json!("上海市科技计划项目，编号 26Y11900300")),
        ("studyType", json!("INTERVENTIONAL")),
        ("phase", json!("NA")),
        ("design.allocation", json!("RANDOMIZED")),
        ("design.interventionModel", json!("PARALLEL")),
        ("design.masking", json!("SINGLE")),
        ("design.whoMasked", json!("OUTCOMES_ASSESSOR")),
        ("design.primaryPurpose", json!("PREVENTION")),
        ("enrollment", json!(1240)),
        ("enrollmentType", json!("ESTIMATED")),
        ("eligibility.sex", json!("ALL")),
        ("eligibility.minimumAge", json!("65 Years")),
        ("eligibility.healthyVolunteers", json!(false)),
        ("oversight.hasDmc", json!(true)),
        (
            "publicationPlan.zh",
            json!("结果在同行评议期刊发表，并在研究完成后 12 个月内于登记平台公布。"),
        ),
    ]);
    let section = s.add(
        "section",
        &[
            ("key", json!("background")),
            ("title.zh", json!("研究背景")),
            ("title.en", json!("Background")),
        ],
    );
    for (zh, en) in [
        (
            "卒中是我国成人致死、致残的首要病因之一（参见“中国卒中报告”）。降压治疗可降低复发风险，但 65 岁及以上患者的目标值仍有争议：强化控制（收缩压 <120 mmHg）是否优于标准控制（<140 mmHg），尚无定论。既往试验排除了多数合并症患者，外推受限；实际诊疗中，HbA₁c≥9.0%、血小板计数 <100×10⁹/L 等情形并不少见。",
            "Stroke is a leading cause of death and disability among adults. Lowering blood pressure reduces recurrence, but the target in patients aged 65 years or older remains contested — earlier trials excluded most patients with comorbidities, and “intensive” control has not been compared with standard care in this population.",
        ),
        (
            "本研究拟在 6 家协作医院、40 个中心入组 1240 例患者，比较两种策略在一年内的卒中复发率，并观察跌倒、肾功能下降等安全性结局。",
            "We will enrol 1,240 patients at 40 sites and compare recurrence within one year, together with falls and decline of renal function.",
        ),
    ] {
        s.add_to(
            &section,
            "block",
            &[
                ("type", json!("paragraph")),
                ("text.zh", json!(zh)),
                ("text.en", json!(en)),
            ],
        );
    }
    let block = s.add_to(&section, "block", &[("type", json!("paragraph"))]);
    s.disagree(
        &block,
        "text.zh",
        json!("首次随访在出院后第 14 天进行。"),
        json!("首次随访在出院后第 28 天进行。"),
    );
    let section = s.add("section", &[("key", json!("eligibility"))]);
    for (kind, level, zh) in [
        ("heading", 0, "入选标准"),
        ("item", 0, "年龄 65 岁及以上，性别不限；"),
        (
            "item",
            0,
            "发病 7～30 天的急性缺血性卒中，NIHSS 评分 ≤ 5 分；",
        ),
        ("item", 0, "坐位收缩压 130～180 mmHg，测量方法如下："),
        ("item", 1, "静坐 5 分钟后连续测量 3 次，每次间隔 1 分钟；"),
        ("item", 1, "取后两次的平均值。"),
        ("heading", 0, "排除标准"),
        ("item", 0, "eGFR <30 mL/(min·1.73 m²)；"),
        ("item", 0, "已知对研究用药过敏，或预期寿命不足 1 年。"),
    ] {
        s.add_to(
            &section,
            "block",
            &[
                ("type", json!(kind)),
                ("level", json!(level)),
                ("text.zh", json!(zh)),
            ],
        );
    }
    for (zh, en, kind) in [
        ("强化组", "Intensive", "EXPERIMENTAL"),
        ("标准组", "Standard", "ACTIVE_COMPARATOR"),
    ] {
        s.add(
            "arm",
            &[
                ("label.zh", json!(zh)),
                ("label.en", json!(en)),
                ("type", json!(kind)),
                (
                    "description.zh",
                    json!("按方案规定的目标值调整降压药物，每 4 周随访一次，直至达标。"),
                ),
            ],
        );
    }
    s.add(
        "intervention",
        &[
            ("name.zh", json!("强化血压管理")),
            ("name.en", json!("Intensive blood pressure management")),
            ("type", json!("BEHAVIORAL")),
            (
                "description.en",
                json!("Home readings sent weekly; titration by protocol."),
            ),
        ],
    );
    s.add(
        "outcome",
        &[
            ("type", json!("PRIMARY")),
            ("measure.zh", json!("一年内任何卒中复发")),
            ("measure.en", json!("Any recurrent stroke within one year")),
            ("timeFrame.zh", json!("随机化后 12 个月")),
            ("timeFrame.en", json!("12 months after randomisation")),
        ],
    );
    for i in 1..=8 {
        s.add(
            "outcome",
            &[
                ("type", json!("SECONDARY")),
                (
                    "measure.zh",
                    json!(format!("次要指标 {i}：收缩压相对基线的变化")),
                ),
                ("timeFrame.zh", json!(format!("第 {i} 个月"))),
            ],
        );
    }
    let hospitals = [
        "huashan",
        "ruijin",
        "zhongshan",
        "ninth",
        "huadong",
        "chfudan",
    ];
    for i in 0..40_usize {
        let site = match hospitals.get(i) {
            Some(code) => s.add(
                "site",
                &[
                    ("hospital", json!(code)),
                    ("role", json!(if i == 0 { "LEAD" } else { "PARTICIPATING" })),
                    ("department.zh", json!("神经内科")),
                    ("city", json!("上海")),
                    ("status", json!("NOT_YET_RECRUITING")),
                    ("plannedEnrollment", json!(120 - i)),
                ],
            ),
            None => s.add(
                "site",
                &[
                    (
                        "facility.zh",
                        json!(format!("第 {} 协作医院（市级医疗中心）", i + 1)),
                    ),
                    (
                        "facility.en",
                        json!(format!("Cooperating Hospital No. {}", i + 1)),
                    ),
                    ("role", json!("PARTICIPATING")),
                    ("city", json!("苏州")),
                    ("state", json!("江苏")),
                    ("status", json!("NOT_YET_RECRUITING")),
                ],
            ),
        };
        s.add_to(
            &site,
            "contact",
            &[
                (
                    "name.zh",
                    json!(format!("李明{}", ["喆", "堃", "犇", "燊"][i % 4])),
                ),
                ("name.en", json!(format!("Li Ming {i}"))),
                ("role", json!("SITE_PI")),
                ("scope", json!("SITE")),
                ("title.zh", json!("副主任医师")),
                ("department.zh", json!("神经内科")),
                ("task.zh", json!("筛选、知情同意、随访")),
                ("phone", json!(format!("021-5288{i:04}"))),
                (
                    "email",
                    json!(format!("li.ming.neurology{i}@hospital{i}.example.cn")),
                ),
                (
                    "gcpUntil",
                    json!(if i % 5 == 0 {
                        "2025-12-31"
                    } else {
                        "2027-06-30"
                    }),
                ),
            ],
        );
        if i == 1 {
            s.add_to(
                &site,
                "contact",
                &[
                    ("name.zh", json!("赵静")),
                    ("role", json!("RESEARCH_NURSE")),
                    ("scope", json!("SITE")),
                    ("phone", json!("021-64370045")),
                    ("phoneExt", json!("6512")),
                    ("wechat", json!("zhaojing_rn")),
                ],
            );
            s.add_to(
                &site,
                "contact",
                &[
                    ("name.zh", json!("孙倩")),
                    ("role", json!("EC_SECRETARY")),
                    ("scope", json!("SITE")),
                    ("phone", json!("021-64370046")),
                ],
            );
            for m in 1..=6 {
                s.add_to(
                    &site,
                    "milestone",
                    &[
                        ("name.zh", json!(format!("中心里程碑 {m}"))),
                        ("planned", json!(format!("2026-0{m}-15"))),
                    ],
                );
            }
        }
    }
    for m in 1..=30_u32 {
        let mut fields = vec![
            ("name.zh", json!(format!("里程碑 {m}：方案第 {m} 阶段完成"))),
            ("name.en", json!(format!("Milestone {m}"))),
            (
                "planned",
                json!(format!("2026-{:02}-{:02}", (m - 1) % 12 + 1, m % 28 + 1)),
            ),
        ];
        if m < 4 {
            fields.push(("actual", json!(format!("2026-{m:02}-10"))));
        }
        s.add("milestone", &fields);
    }
    for (kind, title, status) in [
        ("protocol", "研究方案", "have"),
        ("consent", "知情同意书（受试者版）", "have"),
        ("consent", "知情同意书（监护人版）", "na"),
        ("scientificReview", "科学性论证意见", "lack"),
        ("recruitment", "招募海报", "have"),
    ] {
        s.add(
            "document",
            &[
                ("title.zh", json!(title)),
                ("kind", json!(kind)),
                ("version", json!("2.0")),
                ("versionDate", json!("2026-03-05")),
                ("status", json!(status)),
                ("language", json!("zh")),
            ],
        );
    }
    s.add(
        "contact",
        &[
            ("name.zh", json!("周岚")),
            ("scope", json!("CENTRAL")),
            ("phone", json!("021-50280001")),
            ("email", json!("zhou.lan@scrtc.example.cn")),
        ],
    );
    s.add("reference", &[
        ("citation", json!("Zhang L, et al. Blood pressure targets after stroke. J Invented Med. 2025;12(3):101-9. doi:10.0000/jim.2025.101")),
        ("pmid", json!("40000001")),
    ]);
    s.add("link", &[
        ("label", json!("研究主页")),
        ("url", json!("https://study.example.cn/a-very-long-path/that-goes-on/and-on/0123456789012345678901234567890123456789/index.html")),
    ]);
    let root = s.doc.id.root();
    s.disagree(&root, "enrollment", json!(1240), json!(1400));
    s
}
