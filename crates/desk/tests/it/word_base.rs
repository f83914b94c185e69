//! A Word file that comes back after others went on here: what it did not change is left alone.

use crate::protocol::{archive, block, id, meet, save, section, set, step, text, to_changes};
use crate::referee::Referee;
use crate::word::{import, paragraph};
use crate::world::{Laptop, doc, new_study, values};
use desk::{Desk, Freeze};
use exchange::word::write::{Head, Langs, write};
use model::protocol::is_in_scope;
use model::word::{IncomingProtocol, WordBase};
use model::{EntityId, StudyId, kind};
use proptest::prelude::*;
use serde_json::json;
use std::cell::RefCell;

/// What a colleague's Word reads of an export.
fn export(desk: &Desk, study: &StudyId, version: Option<&EntityId>) -> IncomingProtocol {
    let shown = match version {
        Some(version) => desk.version_doc(study, version).unwrap(),
        None => doc(desk, study),
    };
    let head = Head {
        state: Some(desk.word_base(study, version).unwrap()),
        ..Head::default()
    };
    let file = write(&model::protocol::of(&shown), &head, Langs::Zh);
    exchange::word::read(&file.bytes).unwrap()
}

/// Changes one paragraph of a file.
fn rewrite(file: &mut IncomingProtocol, was: &str, now: &str) {
    let blocks = file.sections.iter_mut().flat_map(|one| &mut one.blocks);
    let mut found = blocks.filter(|block| block.text.text == was);
    let block = found.next().unwrap_or_else(|| panic!("no {was}"));
    block.text = now.into();
}

fn start(desk: &mut Desk) -> StudyId {
    let study = new_study(desk, "甲");
    let texts = [
        "评价安全性。",
        "评价有效性。",
        "每四周随访。",
        "由伦理委员会审查。",
    ];
    let mut changes = vec![section(1, None, "1 目的")];
    for (n, text) in (2..).zip(texts) {
        changes.push(block(n, 1, (n > 2).then(|| n - 1), text));
    }
    save(desk, &study, changes);
    study
}

#[test]
fn a_file_that_was_away_for_weeks_takes_nothing_back() {
    let mut center = Referee::default();
    let mut a = Laptop::new(511, "李明");
    let mut b = Laptop::new(512, "王芳");
    let study = start(&mut a.desk);
    meet(&mut center, &mut a, &mut b);
    let mut file = export(&a.desk, &study, None);
    assert!(file.is_marked);

    // Weeks later: three texts are others, one is new, one is gone.
    let there = &mut b.desk;
    let changes = vec![
        set(there, &study, 2, "text.zh", json!("评价该药的安全性。")),
        set(there, &study, 4, "text.zh", json!("每两周随访。")),
        block(9, 1, Some(3), "评价药代动力学。"),
        archive(there, &study, 5),
    ];
    save(there, &study, changes);
    meet(&mut center, &mut a, &mut b);

    // The colleague changed two, one of them also changed here, and added one.
    rewrite(&mut file, "评价有效性。", "评价该药的有效性。");
    rewrite(&mut file, "每四周随访。", "每四周电话随访。");
    let mut new = paragraph("数据由独立委员会监查。");
    new.mark = None;
    file.sections[0].blocks.insert(2, new);
    let desk = &mut a.desk;
    let plan = desk.word_plan(&study, &file).unwrap();
    let since = plan.since.clone().unwrap();
    assert_eq!((since.changed, since.both), (4, 1), "{since:?}");
    assert_eq!(plan.warning, None);
    assert_eq!(
        (plan.counts.changed, plan.counts.new, plan.counts.gone),
        (2, 1, 0)
    );
    let report = import(desk, &study, &file);
    assert_eq!((report.conflicts, report.archived), (1, 0));
    assert_eq!(
        values(desk, &study, &id(2), "text.zh"),
        ["评价该药的安全性。"]
    );
    assert_eq!(
        values(desk, &study, &id(3), "text.zh"),
        ["评价该药的有效性。"]
    );
    let mut both = values(desk, &study, &id(4), "text.zh");
    both.sort_by_key(ToString::to_string);
    assert_eq!(both, ["每两周随访。", "每四周电话随访。"]);
    let now = text(desk, &study);
    assert!(now.contains(&"评价药代动力学。".to_owned()), "{now:?}");
    assert!(
        now.contains(&"数据由独立委员会监查。".to_owned()),
        "{now:?}"
    );
    assert!(!now.contains(&"由伦理委员会审查。".to_owned()), "{now:?}");

    // The same file once more brings nothing, also after the conflict was settled.
    let n = text(desk, &study);
    import(desk, &study, &file);
    assert_eq!(text(desk, &study), n);
    let settled = set(desk, &study, 4, "text.zh", json!("每两周电话随访。"));
    save(desk, &study, vec![settled]);
    let report = import(desk, &study, &file);
    assert_eq!((report.conflicts, report.counts.new), (0, 0));
    assert_eq!(
        values(desk, &study, &id(4), "text.zh"),
        ["每两周电话随访。"]
    );
    assert_eq!(desk.verify().unwrap().problems, []);
}

#[test]
fn what_a_file_lacks_is_put_aside_only_as_the_file_knew_it() {
    let mut laptop = Laptop::new(513, "李明");
    let desk = &mut laptop.desk;
    let study = start(desk);
    let mut file = export(desk, &study, None);
    // Taken out in Word: one that stayed as it was, and one that was changed here.
    file.sections[0]
        .blocks
        .retain(|block| !["评价有效性。", "每四周随访。"].contains(&block.text.text.as_str()));
    let changes = vec![
        set(desk, &study, 4, "text.zh", json!("每两周随访。")),
        block(9, 1, Some(3), "评价药代动力学。"),
    ];
    save(desk, &study, changes);
    let plan = desk.word_plan(&study, &file).unwrap();
    assert_eq!(plan.counts.gone, 2);
    assert_eq!(plan.since.clone().unwrap().both, 1);
    import(desk, &study, &file);
    // What was changed meanwhile is shown as put aside by somebody who missed the change.
    let shown = doc(desk, &study);
    let mark = |n: u32| shown.entity(&id(n)).unwrap().mark;
    assert_eq!(mark(3), model::EntityMark::Archived);
    assert_eq!(mark(4), model::EntityMark::EditedUnseen);
    assert_eq!(mark(9), model::EntityMark::Live);
}

#[test]
fn a_file_of_a_version_is_held_against_that_version() {
    let mut laptop = Laptop::new(514, "李明");
    let desk = &mut laptop.desk;
    let study = start(desk);
    let freeze = Freeze {
        number: "1.0".into(),
        date: "2026-11-01".into(),
        ..Freeze::default()
    };
    let version = desk.version_freeze(&study, freeze).unwrap().0;
    let change = set(desk, &study, 2, "text.zh", json!("评价该药的安全性。"));
    save(desk, &study, vec![change]);
    let mut file = export(desk, &study, Some(&version));
    assert_eq!(file.base, Some(WordBase::Version(version)));
    rewrite(&mut file, "评价有效性。", "评价该药的有效性。");
    let plan = desk.word_plan(&study, &file).unwrap();
    let since = plan.since.unwrap();
    assert_eq!(
        (since.version.as_str(), since.changed, since.both),
        ("1.0", 1, 0)
    );
    import(desk, &study, &file);
    let now = text(desk, &study);
    assert_eq!(now[1..3], ["评价该药的安全性。", "评价该药的有效性。"]);
}

#[test]
fn a_newer_copy_of_ones_own_file_keeps_what_was_written_here_since() {
    let mut laptop = Laptop::new(515, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let texts = ["评价安全性。", "评价有效性。", "每四周随访。"];
    let mut own = crate::word::file(&[("1", "目的", 1, &texts)]);
    import(desk, &study, &own);
    let blocks = crate::word::blocks(desk, &study);
    let here = crate::world::edit(desk, &study, &blocks[0].0, "text.zh", json!("评价耐受性。"));
    desk.set(&study, here, None).unwrap();
    rewrite(&mut own, "每四周随访。", "每两周随访。");
    let plan = desk.word_plan(&study, &own).unwrap();
    assert_eq!(plan.since.clone().unwrap().changed, 1);
    import(desk, &study, &own);
    assert_eq!(
        text(desk, &study)[1..],
        ["评价耐受性。", "评价有效性。", "每两周随访。"]
    );
}

#[test]
fn a_file_of_a_state_that_is_not_here_is_said_to_be_one() {
    let mut a = Laptop::new(516, "李明");
    let study = start(&mut a.desk);
    let mut file = export(&a.desk, &study, None);
    let Some(WordBase::Working(known)) = &mut file.base else {
        panic!("{:?}", file.base);
    };
    known[0].1 += 1;
    let plan = a.desk.word_plan(&study, &file).unwrap();
    assert_eq!(
        (plan.warning.as_deref(), plan.since),
        (Some("word.base.notHere"), None)
    );
    file.base = None;
    let plan = a.desk.word_plan(&study, &file).unwrap();
    assert_eq!(plan.warning.as_deref(), Some("word.base.unsaid"));
    file.is_marked = false;
    assert_eq!(a.desk.word_plan(&study, &file).unwrap().warning, None);
}

#[test]
fn a_study_is_read_as_it_was_at_any_moment() {
    let laptops = RefCell::new((Laptop::new(517, "李明"), Laptop::new(518, "王芳")));
    let config = ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let saves = prop::collection::vec(
        (
            any::<bool>(),
            any::<bool>(),
            prop::collection::vec(step(), 1..6),
        ),
        1..7,
    );
    proptest::test_runner::TestRunner::new(config)
        .run(&saves, |saves| {
            let (a, b) = &mut *laptops.borrow_mut();
            let mut center = Referee::default();
            let study = new_study(&mut a.desk, "甲");
            save(
                &mut a.desk,
                &study,
                vec![section(1, None, "目的"), section(2, Some(1), "设计")],
            );
            meet(&mut center, a, b);
            let mut moments = Vec::new();
            for (is_here, meets, steps) in &saves {
                let desk = if *is_here { &mut a.desk } else { &mut b.desk };
                let changes = to_changes(desk, &study, steps);
                desk.protocol_save(&study, changes, None).unwrap();
                if *meets {
                    meet(&mut center, a, b);
                }
                moments.push((
                    a.desk.word_base(&study, None).unwrap(),
                    doc(&a.desk, &study),
                ));
            }
            meet(&mut center, a, b);
            for (base, was) in moments {
                let file = IncomingProtocol {
                    base: Some(base),
                    ..IncomingProtocol::default()
                };
                for laptop in [&*a, &*b] {
                    let now = laptop.desk.word_plan(&study, &file).unwrap().doc.unwrap();
                    for known in was.of_kind(kind::BLOCK).chain(was.of_kind(kind::SECTION)) {
                        let found = now.entity(&known.id).unwrap();
                        prop_assert_eq!(
                            (&found.parent, &found.ord, found.mark),
                            (&known.parent, &known.ord, known.mark)
                        );
                        for (field, register) in &known.fields {
                            if is_in_scope(&known.kind, field) {
                                prop_assert_eq!(&found.fields[field], register);
                            }
                        }
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn f57_one_file_read_in_on_two_laptops_is_there_once() {
    let mut center = Referee::default();
    let mut a = Laptop::new(519, "李明");
    let mut b = Laptop::new(520, "王芳");
    let study = start(&mut a.desk);
    meet(&mut center, &mut a, &mut b);
    let mut file = export(&a.desk, &study, None);
    rewrite(&mut file, "每四周随访。", "每四周电话随访。");
    let mut new = paragraph("数据由独立委员会监查。");
    new.suggestions = vec![crate::word::suggestion("comment", "", "谁来监查？")];
    file.sections[0].blocks.insert(2, new);
    for laptop in [&mut a, &mut b] {
        import(&mut laptop.desk, &study, &file);
    }
    meet(&mut center, &mut a, &mut b);
    for desk in [&a.desk, &b.desk] {
        let now = text(desk, &study);
        let n = |wanted: &str| now.iter().filter(|text| *text == wanted).count();
        assert_eq!(
            (n("数据由独立委员会监查。"), n("每四周电话随访。")),
            (1, 1),
            "{now:?}"
        );
        assert_eq!(doc(desk, &study).of_kind(kind::SUGGESTION).count(), 1);
        assert_eq!(desk.verify().unwrap().problems, []);
    }
    // What became of it since stays, whoever reads the file in again.
    let added = crate::word::blocks(&a.desk, &study);
    let added = added
        .into_iter()
        .find(|(_, text)| text.starts_with("数据"))
        .unwrap()
        .0;
    let edit = crate::world::edit(
        &a.desk,
        &study,
        &added,
        "text.zh",
        json!("数据由委员会监查。"),
    );
    a.desk.set(&study, edit, None).unwrap();
    let before = text(&a.desk, &study);
    let report = import(&mut a.desk, &study, &file);
    assert_eq!((report.counts.new, report.conflicts), (0, 0));
    assert_eq!(text(&a.desk, &study), before);
}
