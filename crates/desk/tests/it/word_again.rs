//! A newer Word file: headings that go, suggestions that it or a person settles.

use crate::protocol::text;
use crate::word::{file, import, import_as, suggestion};
use crate::world::{Laptop, doc, new_study};
use desk::Desk;
use model::kind;
use serde_json::json;

#[test]
fn a_heading_that_a_reviewer_takes_out_leaves_its_text_in_the_section_before() {
    let mut laptop = Laptop::new(311, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let mut with = file(&[
        ("1", "目的", 1, &["评价该药的安全性。"]),
        ("2", "设计", 1, &["随机、双盲。", "两组平行。"]),
        ("3", "随访", 1, &["每四周一次。"]),
    ]);
    for part in &mut with.sections {
        part.suggestions.push(suggestion("remove", "", ""));
    }
    import(desk, &study, &with);
    let before = text(desk, &study);
    let of = |desk: &Desk, title: &str| {
        let shown = doc(desk, &study);
        let section = shown
            .of_kind(kind::SECTION)
            .find(|section| section.text("title.zh") == title)
            .unwrap();
        let found = shown.children(&section.id, kind::SUGGESTION).next();
        found.unwrap().id.clone()
    };
    let second = of(desk, "2 设计");
    desk.suggestion_settle(&study, &second, true).unwrap();
    assert_eq!(
        text(desk, &study),
        [
            "# 1 目的",
            "评价该药的安全性。",
            "随机、双盲。",
            "两组平行。",
            "# 3 随访",
            "每四周一次。"
        ]
    );
    desk.undo().unwrap().unwrap();
    assert_eq!(text(desk, &study), before);
    // Nothing stands before the first one.
    let first = of(desk, "1 目的");
    let error = desk.suggestion_settle(&study, &first, true).unwrap_err();
    assert_eq!(error.code(), "noSectionBefore");
    // The heading reads otherwise by now.
    let third = of(desk, "3 随访");
    let section = doc(desk, &study)
        .entity(&third)
        .unwrap()
        .parent
        .clone()
        .unwrap();
    let form = crate::world::edit(desk, &study, &section, "title.zh", json!("3 安全性"));
    desk.set(&study, form, None).unwrap();
    let error = desk.suggestion_settle(&study, &third, true).unwrap_err();
    assert_eq!(error.code(), "textChanged");
    assert_eq!(desk.verify().unwrap().problems, []);
}

#[test]
fn headings_that_a_newer_file_no_longer_has_are_listed_and_go() {
    let mut laptop = Laptop::new(312, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let texts = [
        "评价该药在脓毒症患者中的安全性和有效性。",
        "多中心、随机、双盲、安慰剂对照。",
        "出院后每四周电话随访一次。",
    ];
    let old = [
        ("1", "概要", 1, &[] as &[&str]),
        ("1.1", "目的", 2, &texts[..1]),
        ("1.2", "总体设计", 2, &texts[1..2]),
        ("2", "随访", 1, &texts[2..]),
    ];
    import(desk, &study, &file(&old));
    let newer = file(&[("1", "目的", 1, &texts[..2]), ("2", "随访", 1, &texts[2..])]);
    let plan = desk.word_plan(&study, &newer).unwrap();
    let gone: Vec<&str> = plan.gone.iter().map(|gone| gone.text.as_str()).collect();
    assert_eq!(gone, ["1 概要", "1.2 总体设计"]);
    assert_eq!(plan.counts.gone, 2);
    let report = import(desk, &study, &newer);
    assert_eq!(report.counts.gone, 2);
    assert_eq!(
        text(desk, &study),
        ["# 1 目的", texts[0], texts[1], "# 2 随访", texts[2]]
    );
    desk.undo().unwrap().unwrap();
    // A person keeps one of them.
    let mut choices = plan.choices();
    choices.keep_gone.push(plan.gone[0].block.clone());
    import_as(desk, &study, &newer, &choices);
    let now = text(desk, &study);
    assert!(now.contains(&"# 1 概要".to_owned()), "{now:?}");
    assert!(!now.contains(&"# 1.2 总体设计".to_owned()), "{now:?}");
    desk.undo().unwrap().unwrap();
    // Nothing goes where a person says so.
    let mut choices = plan.choices();
    choices.archive_gone = false;
    import_as(desk, &study, &newer, &choices);
    assert!(text(desk, &study).contains(&"# 1.2 总体设计".to_owned()));
}

#[test]
fn what_an_earlier_file_proposed_is_settled_when_a_newer_one_has_it() {
    let mut laptop = Laptop::new(313, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let texts = ["受试者每日口服一次，每次 5 mg。", "空腹服用，温水送服。"];
    let mut with = file(&[("1", "给药", 1, &texts)]);
    with.sections[0].blocks[0].suggestions.push(suggestion(
        "change",
        "受试者每日口服一次，每次 10 mg。",
        "",
    ));
    with.sections[0].blocks[1]
        .suggestions
        .push(suggestion("change", "餐后服用，温水送服。", ""));
    import(desk, &study, &with);
    let newer = ["受试者每日口服一次，每次 10 mg。", "空腹服用，温水送服。"];
    import(desk, &study, &file(&[("1", "给药", 1, &newer)]));
    let shown = doc(desk, &study);
    let mut status: Vec<(&str, &str)> = shown
        .of_kind(kind::SUGGESTION)
        .map(|one| (one.text("to"), one.text("status")))
        .collect();
    status.sort_unstable();
    assert_eq!(
        status,
        [
            ("受试者每日口服一次，每次 10 mg。", "accepted"),
            ("餐后服用，温水送服。", "open")
        ]
    );
}

#[test]
fn a_heading_with_a_number_takes_a_tracked_new_title() {
    let mut laptop = Laptop::new(321, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let mut with = file(&[("1", "目的", 1, &["评价。"]), ("2", "设计", 1, &["随机。"])]);
    with.sections[1]
        .suggestions
        .push(suggestion("change", "试验设计", ""));
    import(desk, &study, &with);
    let found = doc(desk, &study)
        .of_kind(kind::SUGGESTION)
        .next()
        .unwrap()
        .id
        .clone();
    desk.suggestion_settle(&study, &found, true).unwrap();
    assert_eq!(
        text(desk, &study),
        ["# 1 目的", "评价。", "# 2 试验设计", "随机。"]
    );
}

#[test]
fn a_heading_in_both_languages_does_not_go_for_one() {
    let mut laptop = Laptop::new(322, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let mut with = file(&[("1", "目的", 1, &["评价。"]), ("2", "设计", 1, &["随机。"])]);
    with.sections[1]
        .suggestions
        .push(suggestion("remove", "", ""));
    import(desk, &study, &with);
    let shown = doc(desk, &study);
    let found = shown.of_kind(kind::SUGGESTION).next().unwrap();
    let section = found.parent.clone().unwrap();
    let form = crate::world::edit(desk, &study, &section, "title.en", json!("2 Design"));
    desk.set(&study, form, None).unwrap();
    let before = text(desk, &study);
    let error = desk.suggestion_settle(&study, &found.id, true).unwrap_err();
    assert_eq!(error.code(), "otherLanguageHeading");
    assert_eq!(error.params(), [("title", "2 Design".to_owned())]);
    assert_eq!(text(desk, &study), before);
}

#[test]
fn a_text_that_stands_in_for_the_other_language_is_no_translation() {
    let mut laptop = Laptop::new(323, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let mut first = file(&[(
        "1",
        "Aims",
        1,
        &["To assess safety.", "To assess efficacy."],
    )]);
    first.lang = Some(model::Lang::En);
    import(desk, &study, &first);
    let n = n_commits(desk, &study);
    // The Chinese export shows the English text where there is no Chinese.
    let mut back = first.clone();
    back.lang = Some(model::Lang::Zh);
    let marks: Vec<_> = crate::word::blocks(desk, &study)
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    for (block, id) in back.sections[0].blocks.iter_mut().zip(&marks) {
        block.mark = Some(id.clone());
    }
    let plan = desk.word_plan(&study, &back).unwrap();
    assert_eq!(
        (plan.counts.same, plan.counts.changed, plan.counts.new),
        (2, 0, 0)
    );
    import(desk, &study, &back);
    assert_eq!(n_commits(desk, &study), n);
    // What was translated there is.
    back.sections[0].blocks[0].text = "评价安全性。".into();
    import(desk, &study, &back);
    let shown = doc(desk, &study);
    let texts = |field: &str| -> Vec<String> {
        shown
            .of_kind(kind::BLOCK)
            .map(|block| block.rich(field).text)
            .collect()
    };
    assert_eq!(texts("text.zh"), ["评价安全性。", ""]);
    assert_eq!(
        texts("text.en"),
        ["To assess safety.", "To assess efficacy."]
    );
}

fn n_commits(desk: &Desk, study: &model::StudyId) -> usize {
    let scope = desk::HistoryScope::Study(study.clone());
    desk.history(&scope, 100, 0).unwrap().len()
}
