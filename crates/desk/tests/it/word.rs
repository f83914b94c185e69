//! A Word file into a study: ids are kept, what a person decides counts, all or nothing.

use crate::protocol::{block, id, save, section, set, text};
use crate::world::{Laptop, doc, fields, new_study, values};
use desk::{Desk, Freeze, HistoryScope, NewStudy};
use model::protocol::ProtocolChange;
use model::rich::RichText;
use model::word::{
    IncomingBlock, IncomingProtocol, IncomingSection, IncomingSuggestion, SectionChoice,
    SectionTarget, UnsureChoice, WordChoices, WordReport,
};
use model::{EntityId, EntityMark, Lang, StudyId, kind};
use serde_json::json;

/// A section of a file: number, title, level, texts.
pub(crate) type Part<'a> = (&'a str, &'a str, u8, &'a [&'a str]);

pub(crate) fn paragraph(text: &str) -> IncomingBlock {
    IncomingBlock {
        kind: "paragraph".into(),
        text: text.into(),
        ..IncomingBlock::default()
    }
}

pub(crate) fn file(parts: &[Part<'_>]) -> IncomingProtocol {
    let sections = parts
        .iter()
        .map(|(number, title, level, texts)| IncomingSection {
            number: (*number).into(),
            title: (*title).into(),
            level: *level,
            blocks: texts.iter().map(|text| paragraph(text)).collect(),
            ..IncomingSection::default()
        });
    IncomingProtocol {
        source_hash: ledger::Hash::of(format!("{parts:?}").as_bytes()).to_string(),
        lang: Some(Lang::Zh),
        sections: sections.collect(),
        ..IncomingProtocol::default()
    }
}

pub(crate) fn import(desk: &mut Desk, study: &StudyId, file: &IncomingProtocol) -> WordReport {
    let plan = desk.word_plan(study, file).unwrap();
    import_as(desk, study, file, &plan.choices())
}

pub(crate) fn import_as(
    desk: &mut Desk,
    study: &StudyId,
    file: &IncomingProtocol,
    choices: &WordChoices,
) -> WordReport {
    let plan = desk.word_plan(study, file).unwrap();
    desk.word_import(study, file, &plan, choices, "方案.docx")
        .unwrap()
        .0
}

pub(crate) fn blocks(desk: &Desk, study: &StudyId) -> Vec<(EntityId, String)> {
    let protocol = model::protocol::of(&doc(desk, study));
    let blocks = protocol
        .sections
        .into_iter()
        .flat_map(|section| section.blocks);
    blocks.map(|block| (block.id, block.zh.text)).collect()
}

fn id_of(desk: &Desk, study: &StudyId, text: &str) -> EntityId {
    let found = blocks(desk, study)
        .into_iter()
        .find(|(_, known)| known == text);
    found.unwrap_or_else(|| panic!("no block {text}")).0
}

const OLD: &[Part<'_>] = &[
    ("", "", 1, &["研究方案 第一版，二〇二六年一月"]),
    (
        "1",
        "研究目的",
        1,
        &[
            "评价该药在脓毒症患者中的安全性和有效性。",
            "次要目的是观察二十八天病死率。",
        ],
    ),
    (
        "2",
        "给药方案",
        1,
        &[
            "受试者每日口服一次，每次 5 mg，共二十八天。",
            "空腹服用，温水送服。不得与牛奶同服，也不得与抗酸药同服。",
            "漏服时不补服，次日照常服药。",
        ],
    ),
    (
        "3",
        "随访",
        1,
        &["出院后每四周电话随访一次。", "失访者联系其家属。"],
    ),
];

#[test]
fn a_first_file_goes_into_the_sections_of_the_template() {
    let mut laptop = Laptop::new(300, "李明");
    let desk = &mut laptop.desk;
    let new = NewStudy {
        fields: fields(&[("title.zh", json!("甲"))]),
        template: Some("m11-2025".into()),
        hospitals: Vec::new(),
    };
    let (study, _) = desk.create_study(&new).unwrap();
    let before = doc(desk, &study);
    let n = before.of_kind(kind::SECTION).count();
    let mut file = file(&[
        (
            "4.1",
            "Description of Trial Design",
            2,
            &["Randomised, double-blind."],
        ),
        (
            "4.2",
            "Rationale for Trial Design",
            2,
            &["There is no standard.", "See 2.1."],
        ),
        ("", "Our own remarks", 2, &["By the statistician."]),
        ("5.2", "Inclusion Criteria", 2, &["Adults."]),
    ]);
    file.lang = Some(Lang::En);
    let plan = desk.word_plan(&study, &file).unwrap();
    assert_eq!(
        (
            plan.sections.len(),
            plan.sections.iter().filter(|s| s.section.is_none()).count()
        ),
        (4, 1)
    );
    assert_eq!(plan.counts.new, 5);
    assert_eq!((plan.sections[0].at, plan.sections[0].score), (0, 1.0));
    let digest = desk.digest().unwrap();
    let (report, changed) = desk
        .word_import(&study, &file, &plan, &plan.choices(), "protocol.docx")
        .unwrap();
    assert!(changed.topics.contains(&format!("study:{study}")));
    assert_eq!((report.counts.new, report.conflicts), (5, 0));
    assert_ne!(desk.digest().unwrap(), digest);

    let protocol = model::protocol::of(&doc(desk, &study));
    assert_eq!(protocol.sections.len(), n + 1);
    let at = |key: &str| protocol.sections.iter().position(|s| s.key == key).unwrap();
    let rationale = &protocol.sections[at("m11.4.2")];
    let texts: Vec<&str> = rationale
        .blocks
        .iter()
        .map(|b| b.en.text.as_str())
        .collect();
    assert_eq!(texts, ["There is no standard.", "See 2.1."]);
    let old = before
        .of_kind(kind::SECTION)
        .find(|s| s.text("key") == "m11.4.2")
        .unwrap();
    assert_eq!(
        (rationale.en.text.as_str(), &rationale.id),
        (old.text("title.en"), &old.id)
    );
    // What the template does not have stands behind what it followed in the file.
    let own = protocol
        .sections
        .iter()
        .position(|s| s.en.text == "Our own remarks")
        .unwrap();
    assert!(at("m11.4.2") < own && own < at("m11.5"));
    let scope = HistoryScope::Study(study.clone());
    let entry = &desk.history(&scope, 1, 0).unwrap()[0];
    assert!(
        entry
            .source
            .as_deref()
            .is_some_and(|source| source.starts_with("docx "))
    );
    assert_eq!(entry.why_text.as_deref(), Some("protocol.docx"));
    // A Word file is no registry: a later import of a record overwrites nothing of it.
    let n_base: i64 = desk
        .connection()
        .query_row("SELECT count(*) FROM import_base", [], |row| row.get(0))
        .unwrap();
    assert_eq!(n_base, 0);
    desk.undo().unwrap().unwrap();
    assert_eq!(
        model::protocol::of(&doc(desk, &study)),
        model::protocol::of(&before)
    );
    assert_eq!(desk.verify().unwrap().problems, []);
}

#[test]
fn a_newer_file_keeps_the_ids_and_gives_the_redline_of_the_editor() {
    let mut laptop = Laptop::new(301, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    import(desk, &study, &file(OLD));
    let before = blocks(desk, &study);
    let [version_1, version_2] = ["1.0", "2.0"].map(|number| Freeze {
        number: number.into(),
        date: "2026-11-25".into(),
        ..Freeze::default()
    });
    let (one, _) = desk.version_freeze(&study, version_1).unwrap();
    let of = |desk: &Desk, text: &str| id_of(desk, &study, text);
    let dose = of(desk, "受试者每日口服一次，每次 5 mg，共二十八天。");
    let how = of(
        desk,
        "空腹服用，温水送服。不得与牛奶同服，也不得与抗酸药同服。",
    );
    let missed = of(desk, "漏服时不补服，次日照常服药。");
    let second = of(desk, "次要目的是观察二十八天病死率。");
    let lost = of(desk, "失访者联系其家属。");

    let newer = file(&[
        ("", "", 1, &["研究方案 第一版，二〇二六年一月"]),
        (
            "1",
            "研究目的",
            1,
            &["评价该药在脓毒症患者中的安全性和有效性。"],
        ),
        (
            "2",
            "给药方案",
            1,
            &[
                "受试者每日口服一次，每次 10 mg，共二十八天。",
                "空腹服用，温水送服。",
                "不得与牛奶同服，也不得与抗酸药同服。",
                "漏服时不补服，次日照常服药。",
                "出现三级以上不良反应时减量。",
            ],
        ),
        (
            "3",
            "随访",
            1,
            &[
                "出院后每四周电话随访一次。",
                "次要目的是观察二十八天病死率。",
            ],
        ),
    ]);
    let plan = desk.word_plan(&study, &newer).unwrap();
    assert_eq!(
        (plan.counts.same, plan.counts.gone, plan.counts.moved),
        (5, 1, 1),
        "{:?}",
        plan.counts
    );
    let report = import(desk, &study, &newer);
    assert_eq!(report.counts.gone, 1);
    let wanted: Vec<String> = newer
        .sections
        .iter()
        .flat_map(|s| s.blocks.iter().map(|b| b.text.text.clone()))
        .collect();
    let after = blocks(desk, &study);
    assert_eq!(
        after
            .iter()
            .map(|(_, text)| text.clone())
            .collect::<Vec<_>>(),
        wanted
    );
    assert_eq!(
        of(desk, "受试者每日口服一次，每次 10 mg，共二十八天。"),
        dose
    );
    assert_eq!(of(desk, "漏服时不补服，次日照常服药。"), missed);
    assert_eq!(of(desk, "次要目的是观察二十八天病死率。"), second);
    let shown = doc(desk, &study);
    assert_eq!(shown.entity(&lost).unwrap().mark, EntityMark::Archived);
    // One half of a split keeps the id, the other says where it came from.
    let halves = [
        of(desk, "空腹服用，温水送服。"),
        of(desk, "不得与牛奶同服，也不得与抗酸药同服。"),
    ];
    assert!(halves.contains(&how));
    let other = halves.iter().find(|half| **half != how).unwrap();
    assert_eq!(
        shown.entity(other).unwrap().reference("origin"),
        Some(how.clone())
    );

    let (two, _) = desk.version_freeze(&study, version_2).unwrap();
    let [old, new] =
        [one, two].map(|id| model::protocol::of(&desk.version_doc(&study, &id).unwrap()));
    let by_word = redline::redline(&old, &new);
    let counts = by_word.counts;
    assert_eq!(
        (counts.added, counts.removed, counts.moved),
        (1, 1, 1),
        "{counts:?}"
    );
    let spans = &by_word
        .lines
        .iter()
        .find(|line| line.entity == dose)
        .unwrap()
        .zh;
    let changed: Vec<&str> = spans
        .iter()
        .filter(|span| span.op != redline::SpanOp::Same)
        .map(|span| span.text.as_str())
        .collect();
    assert_eq!(changed, ["5 mg", "10 mg"]);

    // The same amendment in the editor gives the same redline, up to the ids of what is new.
    for _ in 0..2 {
        desk.undo().unwrap().unwrap();
    }
    assert_eq!(blocks(desk, &study), before);
    let shown = doc(desk, &study);
    let seen = |id: &EntityId, f: &str| shown.entity(id).unwrap().fields[f].seen();
    let put = |id: &EntityId, value: &str| ProtocolChange::Set {
        entity: id.clone(),
        field: "text.zh".into(),
        value: json!(value),
        seen: seen(id, "text.zh"),
    };
    let parent = |id: &EntityId| shown.entity(id).unwrap().parent.clone();
    let add = |n: u32, after: &EntityId, pairs: &[(&str, serde_json::Value)]| ProtocolChange::Add {
        id: id(n),
        kind: kind::BLOCK.into(),
        parent: parent(&dose),
        after: Some(after.clone()),
        fields: fields(pairs),
    };
    let origin = json!({"$ref": how.as_str()});
    let is_first = halves[0] == how;
    let text_of = |half: usize| {
        [
            "空腹服用，温水送服。",
            "不得与牛奶同服，也不得与抗酸药同服。",
        ][half]
    };
    let (kept, new_half) = if is_first { (0, 1) } else { (1, 0) };
    let changes = vec![
        put(&dose, "受试者每日口服一次，每次 10 mg，共二十八天。"),
        put(&how, text_of(kept)),
        add(
            91,
            if is_first { &how } else { &dose },
            &[
                ("type", json!("paragraph")),
                ("text.zh", json!(text_of(new_half))),
                ("origin", origin),
            ],
        ),
        add(
            92,
            &missed,
            &[
                ("type", json!("paragraph")),
                ("text.zh", json!("出现三级以上不良反应时减量。")),
            ],
        ),
        ProtocolChange::Move {
            entity: second.clone(),
            parent: parent(&lost),
            after: Some(id_of(desk, &study, "出院后每四周电话随访一次。")),
        },
        ProtocolChange::Archive {
            seen: shown.seen_with_children(&lost),
            entity: lost,
        },
    ];
    save(desk, &study, changes);
    let by_editor = redline::redline(&old, &model::protocol::of(&doc(desk, &study)));
    assert_eq!(by_editor.counts, by_word.counts);
    let lines = |redline: &redline::Redline| -> Vec<_> {
        let lines = redline.lines.iter();
        lines
            .map(|line| (line.state.clone(), line.zh.clone()))
            .collect()
    };
    assert_eq!(lines(&by_editor), lines(&by_word));
}

#[test]
fn an_equal_file_changes_nothing() {
    let mut laptop = Laptop::new(302, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    import(desk, &study, &file(OLD));
    let digest = desk.digest().unwrap();
    let plan = desk.word_plan(&study, &file(OLD)).unwrap();
    assert_eq!(
        (plan.counts.same, plan.counts.changed, plan.counts.new),
        (8, 0, 0)
    );
    let choices = plan.choices();
    let (report, changed) = desk
        .word_import(&study, &file(OLD), &plan, &choices, "方案.docx")
        .unwrap();
    assert!(changed.topics.is_empty());
    assert_eq!((report.counts.same, report.counts.changed), (8, 0));
    assert_eq!(desk.digest().unwrap(), digest);
}

#[test]
fn a_change_that_came_in_after_the_plan_stays_beside_the_file() {
    let mut laptop = Laptop::new(303, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    import(
        desk,
        &study,
        &file(&[("1", "目的", 1, &["每日口服 5 mg", "随机"])]),
    );
    let dose = id_of(desk, &study, "每日口服 5 mg");
    let same = id_of(desk, &study, "随机");
    let newer = file(&[("1", "目的", 1, &["每日口服 10 mg", "随机"])]);
    let plan = desk.word_plan(&study, &newer).unwrap();
    for (block, value) in [(&dose, "每日口服 15 mg"), (&same, "随机双盲")] {
        let form = crate::world::edit(desk, &study, block, "text.zh", json!(value));
        desk.set(&study, form, None).unwrap();
    }
    let (report, _) = desk
        .word_import(&study, &newer, &plan, &plan.choices(), "方案.docx")
        .unwrap();
    assert_eq!(report.conflicts, 1);
    let mut both = values(desk, &study, &dose, "text.zh");
    both.sort_by_key(ToString::to_string);
    assert_eq!(both, [json!("每日口服 10 mg"), json!("每日口服 15 mg")]);
    assert_eq!(
        desk.conflict_base(&study, &dose, "text.zh").unwrap(),
        Some(json!("每日口服 5 mg"))
    );
    // What the file does not change stays changed.
    assert_eq!(values(desk, &study, &same, "text.zh"), [json!("随机双盲")]);

    // A rival that the plan did not show is not overwritten either.
    let newest = file(&[("1", "目的", 1, &["每日口服 20 mg", "随机双盲"])]);
    import(desk, &study, &newest);
    let now = values(desk, &study, &dose, "text.zh");
    assert_eq!(now.len(), 2);
    assert!(now.contains(&json!("每日口服 20 mg")));
}

#[test]
fn the_other_language_is_never_touched() {
    let mut laptop = Laptop::new(304, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let texts = [
        "评价该药的安全性。",
        "次要目的是病死率。",
        "探索性目的待定。",
    ];
    import(desk, &study, &file(&[("1", "目的", 1, &texts)]));
    let ids: Vec<EntityId> = blocks(desk, &study).into_iter().map(|(id, _)| id).collect();
    for (n, id) in ids.iter().take(2).enumerate() {
        let form = crate::world::edit(desk, &study, id, "text.en", json!(format!("English {n}")));
        desk.set(&study, form, None).unwrap();
    }
    import(
        desk,
        &study,
        &file(&[("1", "目的", 1, &["评价该药的安全性和耐受性。"])]),
    );
    let shown = doc(desk, &study);
    let entity = |n: usize| shown.entity(&ids[n]).unwrap();
    assert_eq!(
        (entity(0).text("text.zh"), entity(0).text("text.en")),
        ("评价该药的安全性和耐受性。", "English 0")
    );
    assert_eq!(
        (entity(1).text("text.zh"), entity(1).text("text.en")),
        ("", "English 1")
    );
    assert!(entity(1).is_shown());
    assert_eq!(entity(2).mark, EntityMark::Archived);
}

pub(crate) fn suggestion(kind: &str, to: &str, note: &str) -> IncomingSuggestion {
    IncomingSuggestion {
        kind: kind.into(),
        to: to.into(),
        note: note.into(),
        author: "审阅人".into(),
        at: "2026-11-20T08:00:00Z".into(),
        ..IncomingSuggestion::default()
    }
}

#[test]
fn tracked_changes_and_remarks_are_kept_once_and_settled_here() {
    let mut laptop = Laptop::new(305, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let mut with = file(&[("1", "研究目的", 1, &["每日口服 5 mg", "随机", ""])]);
    let part = &mut with.sections[0];
    part.suggestions
        .push(suggestion("change", "研究目的与终点", ""));
    part.blocks[0]
        .suggestions
        .push(suggestion("change", "每日口服 10 mg", ""));
    part.blocks[0]
        .suggestions
        .push(suggestion("comment", "", "为什么是 10 mg？"));
    part.blocks[1]
        .suggestions
        .push(suggestion("remove", "", ""));
    part.blocks[2]
        .suggestions
        .push(suggestion("add", "减量规则见附录。", ""));
    let report = import(desk, &study, &with);
    assert_eq!(
        (
            report.suggestions,
            report.counts.suggestions,
            report.counts.comments
        ),
        (5, 4, 1)
    );
    // What is only proposed is not in the protocol yet.
    assert_eq!(
        text(desk, &study),
        ["# 1 研究目的", "每日口服 5 mg", "随机"]
    );
    let shown = doc(desk, &study);
    let all: Vec<_> = shown.of_kind(kind::SUGGESTION).collect();
    assert_eq!(all.len(), 5);
    assert!(
        all.iter()
            .all(|s| s.text("source") == "方案.docx" && s.text("status") == "open")
    );
    let of_kind = |kind: &str, to: &str| {
        let found = all
            .iter()
            .find(|s| s.text("kind") == kind && s.text("to") == to);
        found.unwrap().id.clone()
    };
    assert_eq!(
        shown
            .entity(&of_kind("change", "每日口服 10 mg"))
            .unwrap()
            .text("from"),
        "每日口服 5 mg"
    );
    assert_eq!(desk.hindrances(&study).unwrap()[0].n, 5);
    // The same file again brings nothing twice.
    let digest = desk.digest().unwrap();
    assert_eq!(import(desk, &study, &with).suggestions, 0);
    assert_eq!(desk.digest().unwrap(), digest);

    for (kind, to) in [
        ("change", "每日口服 10 mg"),
        ("remove", ""),
        // A title is kept with its number.
        ("change", "1 研究目的与终点"),
    ] {
        desk.suggestion_settle(&study, &of_kind(kind, to), true)
            .unwrap();
    }
    assert_eq!(text(desk, &study), ["# 1 研究目的与终点", "每日口服 10 mg"]);
    // The next file has the addition as its text: it is the proposed block, and settled.
    let next = file(&[(
        "",
        "研究目的与终点",
        1,
        &["每日口服 10 mg", "减量规则见附录。"],
    )]);
    let added = of_kind("add", "减量规则见附录。");
    let block = shown.entity(&added).unwrap().parent.clone().unwrap();
    import(desk, &study, &next);
    assert_eq!(
        text(desk, &study),
        ["# 研究目的与终点", "每日口服 10 mg", "减量规则见附录。"]
    );
    assert_eq!(id_of(desk, &study, "减量规则见附录。"), block);
    assert_eq!(
        doc(desk, &study).entity(&added).unwrap().text("status"),
        "accepted"
    );
}

#[test]
fn what_a_person_decides_counts() {
    let mut laptop = Laptop::new(306, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    save(
        desk,
        &study,
        vec![
            section(1, None, "目的"),
            section(2, Some(1), "设计"),
            block(11, 1, None, "评价该药的安全性和有效性。"),
            block(12, 1, Some(11), "次要目的是观察病死率。"),
            block(21, 2, None, "多中心、随机、双盲、安慰剂对照。"),
            block(22, 2, Some(21), "分层因素为年龄和中心。"),
        ],
    );
    let newer = file(&[
        ("1", "目的", 1, &["评价该药的安全性和耐受性。"]),
        ("2", "附录", 1, &["量表。"]),
        ("3", "设计", 1, &["单中心、开放。"]),
    ]);
    let choose = |sections: &[(u32, SectionTarget, Option<u32>)]| WordChoices {
        lang: Lang::Zh,
        sections: sections
            .iter()
            .map(|(at, to, section)| SectionChoice {
                at: *at,
                to: *to,
                section: section.map(id),
            })
            .collect(),
        unsure: Vec::new(),
        archive_gone: true,
        keep_gone: Vec::new(),
    };
    // The appendix goes into the design; the design of the file is not wanted, so that what is
    // here of it stays.
    let mut choices = choose(&[
        (1, SectionTarget::Existing, Some(2)),
        (2, SectionTarget::Skip, None),
    ]);
    choices.keep_gone.push(id(12));
    import_as(desk, &study, &newer, &choices);
    assert_eq!(
        text(desk, &study),
        [
            "# 目的",
            "评价该药的安全性和耐受性。",
            "次要目的是观察病死率。",
            "# 2 附录",
            "量表。",
            "多中心、随机、双盲、安慰剂对照。",
            "分层因素为年龄和中心。",
        ]
    );
    desk.undo().unwrap().unwrap();

    // Nothing goes; the first block is another one; the first section is a new one.
    let mut choices = choose(&[(0, SectionTarget::New, None)]);
    choices.archive_gone = false;
    choices.unsure.push(UnsureChoice { at: 0, same: false });
    import_as(desk, &study, &newer, &choices);
    let now = text(desk, &study);
    assert_eq!(
        now.iter().filter(|line| line.contains("目的")).count(),
        3,
        "{now:?}"
    );
    assert!(now.contains(&"评价该药的安全性和有效性。".to_owned()));
    assert!(now.contains(&"评价该药的安全性和耐受性。".to_owned()));
    desk.undo().unwrap().unwrap();

    let digest = desk.digest().unwrap();
    let plan = desk.word_plan(&study, &newer).unwrap();
    let mut refused = |file: &IncomingProtocol, choices: &WordChoices| {
        let error = desk
            .word_import(&study, file, &plan, choices, "方案.docx")
            .unwrap_err();
        error.code()
    };
    let nowhere = choose(&[(0, SectionTarget::Existing, Some(99))]);
    assert_eq!(refused(&newer, &nowhere), "notFound");
    let no_section = choose(&[(0, SectionTarget::Existing, Some(11))]);
    assert_eq!(refused(&newer, &no_section), "notFound");
    assert_eq!(refused(&file(OLD), &plan.choices()), "staleForm");
    let mut too_long = newer.clone();
    too_long.sections[2].blocks[0].text = RichText::from("长".repeat(200_001));
    assert_eq!(refused(&too_long, &plan.choices()), "invalid");
    assert_eq!(desk.digest().unwrap(), digest);
}

#[test]
fn rows_stay_together_and_lists_and_pictures_keep_their_form() {
    let mut laptop = Laptop::new(307, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let row = |text: &str| IncomingBlock {
        kind: "row".into(),
        table: Some(3),
        layout: r#"{"w": [1, 2]}"#.into(),
        text: text.into(),
        ..IncomingBlock::default()
    };
    let mut with = file(&[("1", "访视", 1, &["见下表。"])]);
    with.sections[0]
        .blocks
        .extend([row("访视\t日期"), row("V1\t第 1 天")]);
    with.sections[0].blocks.push(IncomingBlock {
        kind: "figure".into(),
        text: "图 1".into(),
        image: r#"{"mime":"image/png","data":"AAAA"}"#.into(),
        ..IncomingBlock::default()
    });
    with.sections[0].blocks.push(IncomingBlock {
        kind: "item".into(),
        level: 1,
        list: "number".into(),
        text: "第一条".into(),
        ..IncomingBlock::default()
    });
    import(desk, &study, &with);
    let protocol = model::protocol::of(&doc(desk, &study));
    let section = &protocol.sections[0];
    assert!(!section.blocks[1].table.is_empty());
    assert_eq!(section.blocks[1].table, section.blocks[2].table);
    assert_eq!(
        (section.blocks[4].level, section.blocks[4].list.as_str()),
        (1, "number")
    );
    // The next file counts its tables from another number and has one row more.
    with.sections[0].blocks[1].table = Some(1);
    with.sections[0].blocks[2].table = Some(1);
    let mut third = row("V2\t第 28 天");
    third.table = Some(1);
    with.sections[0].blocks.insert(3, third);
    with.source_hash = ledger::Hash::of(b"the next file").to_string();
    let report = import(desk, &study, &with);
    assert_eq!((report.counts.same, report.counts.new), (5, 1));
    let now = model::protocol::of(&doc(desk, &study));
    let tables: Vec<&str> = now.sections[0]
        .blocks
        .iter()
        .map(|b| b.table.as_str())
        .collect();
    let word = section.blocks[1].table.as_str();
    assert_eq!(tables, ["", word, word, word, "", ""]);
}

#[test]
fn the_editor_and_a_file_may_change_one_study_in_turn() {
    let mut laptop = Laptop::new(310, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    save(
        desk,
        &study,
        vec![
            section(1, None, "研究目的"),
            block(11, 1, None, "评价该药的安全性。"),
        ],
    );
    import(
        desk,
        &study,
        &file(&[(
            "1",
            "研究目的",
            1,
            &["评价该药的安全性和耐受性。", "新增一段话。"],
        )]),
    );
    let change = set(
        desk,
        &study,
        11,
        "text.zh",
        json!("评价该药的安全性、耐受性。"),
    );
    save(desk, &study, vec![change]);
    assert_eq!(
        text(desk, &study)[1..],
        ["评价该药的安全性、耐受性。", "新增一段话。"]
    );
}
