//! The editor's save: one commit, ids of its own, order, moving, putting aside, one step back.

use crate::referee::Referee;
use crate::world::{Laptop, doc, edit, fields, new_study, values};
use desk::{Desk, DeskError, HistoryScope, Reason};
use model::protocol::ProtocolChange;
use model::{EntityId, EntityMark, StudyId, kind};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::RefCell;

/// A UUID of version 7 that a test knows.
pub(crate) fn id(n: u32) -> EntityId {
    EntityId::parse(&format!("0195a3b0-0000-7000-8000-{n:012x}")).unwrap()
}

pub(crate) fn section(n: u32, after: Option<u32>, title: &str) -> ProtocolChange {
    ProtocolChange::Add {
        id: id(n),
        kind: kind::SECTION.into(),
        parent: None,
        after: after.map(id),
        fields: fields(&[("title.zh", json!(title))]),
    }
}

pub(crate) fn block(n: u32, parent: u32, after: Option<u32>, text: &str) -> ProtocolChange {
    ProtocolChange::Add {
        id: id(n),
        kind: kind::BLOCK.into(),
        parent: Some(id(parent)),
        after: after.map(id),
        fields: fields(&[("type", json!("paragraph")), ("text.zh", json!(text))]),
    }
}

/// A change of a text as an editor makes it that was opened just now.
pub(crate) fn set(desk: &Desk, study: &StudyId, n: u32, f: &str, value: Value) -> ProtocolChange {
    let form = edit(desk, study, &id(n), f, value);
    ProtocolChange::Set {
        entity: form.entity,
        field: form.field,
        value: form.value,
        seen: form.seen,
    }
}

pub(crate) fn archive(desk: &Desk, study: &StudyId, n: u32) -> ProtocolChange {
    ProtocolChange::Archive {
        seen: doc(desk, study).seen_with_children(&id(n)),
        entity: id(n),
    }
}

pub(crate) fn put(n: u32, parent: Option<u32>, after: Option<u32>) -> ProtocolChange {
    ProtocolChange::Move {
        entity: id(n),
        parent: parent.map(id),
        after: after.map(id),
    }
}

pub(crate) fn save(desk: &mut Desk, study: &StudyId, changes: Vec<ProtocolChange>) {
    desk.protocol_save(study, changes, None).unwrap();
}

/// The text of the protocol: a section's title, then its blocks.
pub(crate) fn text(desk: &Desk, study: &StudyId) -> Vec<String> {
    let protocol = model::protocol::of(&doc(desk, study));
    let mut lines = Vec::new();
    for section in protocol.sections {
        lines.push(format!("# {}", section.zh.text));
        lines.extend(section.blocks.into_iter().map(|block| block.zh.text));
    }
    lines
}

fn two_sections(desk: &mut Desk) -> StudyId {
    let study = new_study(desk, "甲");
    let changes = vec![
        section(1, None, "目的"),
        section(2, Some(1), "设计"),
        block(11, 1, None, "一"),
        block(12, 1, Some(11), "二"),
        block(13, 1, Some(12), "三"),
        block(21, 2, None, "四"),
    ];
    save(desk, &study, changes);
    study
}

fn n_commits(desk: &Desk, study: &StudyId) -> usize {
    let entries = desk.history(&HistoryScope::Study(study.clone()), 100_000, 0);
    let commits: std::collections::BTreeSet<String> =
        entries.unwrap().into_iter().map(|e| e.commit).collect();
    commits.len()
}

#[test]
fn all_changes_of_one_moment_are_one_commit_and_one_step_back() {
    let mut laptop = Laptop::new(100, "李明");
    let desk = &mut laptop.desk;
    let study = two_sections(desk);
    assert_eq!(
        text(desk, &study),
        ["# 目的", "一", "二", "三", "# 设计", "四"]
    );
    let n = n_commits(desk, &study);
    let before = text(desk, &study);

    // Split 一, merge 三 into 二, move 四 before 二, a new section in front.
    let changes = vec![
        set(desk, &study, 11, "text.zh", json!("一上")),
        ProtocolChange::Add {
            id: id(14),
            kind: kind::BLOCK.into(),
            parent: Some(id(1)),
            after: Some(id(11)),
            fields: fields(&[
                ("text.zh", json!({"text": "一下", "marks": [[0, 1, "b"]]})),
                ("origin", json!({"$ref": id(11).as_str()})),
            ]),
        },
        set(desk, &study, 12, "text.zh", json!("二三")),
        set(
            desk,
            &study,
            12,
            "merged",
            json!({"list": [id(13).as_str()]}),
        ),
        archive(desk, &study, 13),
        put(21, Some(1), Some(14)),
        section(3, None, "摘要"),
        block(31, 3, None, "五"),
        block(32, 3, Some(31), "六"),
    ];
    let changed = desk
        .protocol_save(&study, changes, Some(Reason::text("第二稿")))
        .unwrap();
    assert!(changed.topics.contains(&format!("study:{study}")));
    let after = [
        "# 摘要", "五", "六", "# 目的", "一上", "一下", "四", "二三", "# 设计",
    ];
    assert_eq!(text(desk, &study), after);
    assert_eq!(n_commits(desk, &study), n + 1);
    let shown = doc(desk, &study);
    assert_eq!(shown.entity(&id(21)).unwrap().parent, Some(id(1)));
    assert_eq!(shown.entity(&id(13)).unwrap().mark, EntityMark::Archived);

    desk.undo().unwrap().unwrap();
    assert_eq!(text(desk, &study), before);
    desk.redo().unwrap().unwrap();
    assert_eq!(text(desk, &study), after);
    desk.undo().unwrap().unwrap();
    assert_eq!(text(desk, &study), before);
    assert!(desk.verify().unwrap().problems.is_empty());
}

#[test]
fn what_is_changed_and_put_aside_in_one_moment_is_put_aside() {
    let mut laptop = Laptop::new(101, "李明");
    let desk = &mut laptop.desk;
    let study = two_sections(desk);
    let before = text(desk, &study);
    let changes = vec![
        set(desk, &study, 11, "text.zh", json!("一变")),
        put(11, None, Some(12)),
        put(12, Some(2), None),
        block(15, 1, None, "新"),
        archive(desk, &study, 1),
        // Added and taken away again: never there.
        block(16, 2, None, "误"),
        ProtocolChange::Archive {
            entity: id(16),
            seen: Vec::new(),
        },
    ];
    save(desk, &study, changes);
    let after = ["# 设计", "二", "四"];
    assert_eq!(text(desk, &study), after);
    assert!(doc(desk, &study).entity(&id(16)).is_none());
    for _ in 0..2 {
        desk.undo().unwrap().unwrap();
        assert_eq!(text(desk, &study), before);
        desk.redo().unwrap().unwrap();
        assert_eq!(text(desk, &study), after);
    }
    let shown = doc(desk, &study);
    assert_eq!(shown.entity(&id(1)).unwrap().mark, EntityMark::Archived);
    save(
        desk,
        &study,
        vec![ProtocolChange::Restore { entity: id(1) }],
    );
    assert_eq!(text(desk, &study)[..2], ["# 目的", "新"]);
    assert!(desk.verify().unwrap().problems.is_empty());
}

#[test]
fn making_and_editing_are_taken_back_one_after_the_other() {
    let mut laptop = Laptop::new(102, "李明");
    let desk = &mut laptop.desk;
    let study = two_sections(desk);
    save(desk, &study, vec![block(15, 1, None, "新")]);
    let changes = vec![
        set(desk, &study, 15, "text.zh", json!("更新")),
        set(desk, &study, 15, "level", json!(1)),
    ];
    save(desk, &study, changes);
    desk.undo().unwrap().unwrap();
    assert_eq!(values(desk, &study, &id(15), "text.zh"), [json!("新")]);
    desk.undo().unwrap().unwrap();
    let shown = doc(desk, &study);
    assert_eq!(shown.entity(&id(15)).unwrap().mark, EntityMark::Archived);
    desk.redo().unwrap().unwrap();
    desk.redo().unwrap().unwrap();
    assert_eq!(values(desk, &study, &id(15), "text.zh"), [json!("更新")]);
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_stored() {
    let mut laptop = Laptop::new(103, "李明");
    let desk = &mut laptop.desk;
    let study = two_sections(desk);
    let digest = desk.digest().unwrap();
    let version_4 = EntityId::parse("0195a3b0-0000-4000-8000-000000000099").unwrap();
    let bad_id = |id: EntityId| ProtocolChange::Add {
        id,
        kind: kind::BLOCK.into(),
        parent: Some(self::id(1)),
        after: None,
        fields: fields(&[]),
    };
    let refused = |desk: &mut Desk, change: ProtocolChange| {
        let first = set(desk, &study, 11, "text.zh", json!("改"));
        desk.protocol_save(&study, vec![first, change], None)
            .unwrap_err()
            .code()
    };
    for (change, code) in [
        (bad_id(id(11)), "idTaken"),
        (bad_id(version_4), "idTaken"),
        (bad_id(study.root()), "idTaken"),
        (block(16, 11, None, "在段落中"), "invalid"),
        (block(16, 99, None, "无处"), "notFound"),
        (block(16, 1, Some(21), "隔壁"), "notFound"),
        (put(11, Some(12), None), "invalid"),
        (put(11, None, Some(11)), "notFound"),
        (put(99, None, None), "notFound"),
        (
            ProtocolChange::Set {
                entity: id(11),
                field: "source".into(),
                value: json!("x"),
                seen: Vec::new(),
            },
            "readOnlyField",
        ),
        (
            ProtocolChange::Set {
                entity: id(11),
                field: "ord".into(),
                value: json!("x"),
                seen: Vec::new(),
            },
            "readOnlyField",
        ),
        (
            ProtocolChange::Set {
                entity: id(11),
                field: "level".into(),
                value: json!("x"),
                seen: Vec::new(),
            },
            "invalid",
        ),
        (
            ProtocolChange::Set {
                entity: id(12),
                field: "text.zh".into(),
                value: json!("x"),
                seen: vec!["x".into()],
            },
            "staleForm",
        ),
        (
            ProtocolChange::Add {
                id: id(16),
                kind: kind::VERSION.into(),
                parent: None,
                after: None,
                fields: fields(&[]),
            },
            "unknownName",
        ),
        (
            ProtocolChange::Archive {
                entity: study.root(),
                seen: Vec::new(),
            },
            "readOnlyField",
        ),
    ] {
        assert_eq!(refused(desk, change.clone()), code, "{change:?}");
    }
    assert_eq!(desk.digest().unwrap(), digest);
    // A version is made by freezing, not by hand.
    let error = desk.add(&study, kind::VERSION, None, fields(&[]), None);
    assert!(matches!(error, Err(DeskError::UnknownName { .. })));
}

#[test]
fn a_value_that_is_there_is_no_change_and_the_last_one_of_a_moment_counts() {
    let mut laptop = Laptop::new(104, "李明");
    let desk = &mut laptop.desk;
    let study = two_sections(desk);
    let digest = desk.digest().unwrap();
    let changes = vec![
        set(desk, &study, 11, "text.zh", json!("改")),
        set(desk, &study, 11, "text.zh", json!("一")),
        put(12, None, Some(11)),
        put(21, Some(2), None),
    ];
    let changed = desk.protocol_save(&study, changes, None).unwrap();
    assert!(changed.topics.is_empty());
    assert_eq!(desk.digest().unwrap(), digest);

    let changes = vec![
        block(14, 1, None, "甲"),
        ProtocolChange::Set {
            entity: id(14),
            field: "text.zh".into(),
            value: json!("乙"),
            seen: Vec::new(),
        },
        put(14, Some(2), Some(21)),
        put(14, Some(1), Some(13)),
    ];
    save(desk, &study, changes);
    assert_eq!(text(desk, &study)[..5], ["# 目的", "一", "二", "三", "乙"]);
}

#[test]
fn a_picture_and_a_layout_are_kept() {
    let mut laptop = Laptop::new(105, "李明");
    let desk = &mut laptop.desk;
    let study = two_sections(desk);
    let image = format!(
        r#"{{"mime":"image/png","data":"{}"}}"#,
        "A".repeat(2_000_000)
    );
    let figure = ProtocolChange::Add {
        id: id(41),
        kind: kind::BLOCK.into(),
        parent: Some(id(1)),
        after: None,
        fields: fields(&[("type", json!("figure")), ("image", json!(image))]),
    };
    let row = ProtocolChange::Add {
        id: id(42),
        kind: kind::BLOCK.into(),
        parent: Some(id(1)),
        after: Some(id(41)),
        fields: fields(&[
            ("type", json!("row")),
            ("layout", json!(r#"{"head":true}"#)),
        ]),
    };
    save(desk, &study, vec![figure, row]);
    let change = set(desk, &study, 42, "layout", json!(r#"{"span":[2]}"#));
    save(desk, &study, vec![change]);
    assert_eq!(values(desk, &study, &id(41), "image"), [json!(image)]);
    assert_eq!(
        values(desk, &study, &id(42), "layout"),
        [json!(r#"{"span":[2]}"#)]
    );
    // The history says that there is a picture, not which bytes it has.
    let scope = HistoryScope::Field(study.clone(), id(41), "image".into());
    let entry = &desk.history(&scope, 5, 0).unwrap()[0];
    assert!(entry.to.as_str().unwrap().len() < 1_000);
}

#[test]
fn a_long_protocol_is_saved_in_one_transaction() {
    let mut laptop = Laptop::new(106, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let mut changes = vec![section(1, None, "目的")];
    for n in 0..1_300 {
        let ProtocolChange::Add {
            id,
            kind,
            parent,
            after,
            mut fields,
        } = block(100 + n, 1, (n > 0).then(|| 99 + n), "受试者每日口服一次")
        else {
            panic!()
        };
        fields.insert("text.en".into(), json!("Subjects take it once a day"));
        fields.insert("level".into(), json!(1));
        changes.push(ProtocolChange::Add {
            id,
            kind,
            parent,
            after,
            fields,
        });
    }
    let n = n_commits(desk, &study);
    let start = std::time::Instant::now();
    save(desk, &study, changes);
    println!("1,300 blocks saved in {:?}", start.elapsed());
    assert_eq!(n_commits(desk, &study), n + 2);
    assert_eq!(text(desk, &study).len(), 1_301);
    let seen = doc(desk, &study).seen_with_children(&id(1));
    let change = ProtocolChange::Archive {
        entity: id(1),
        seen,
    };
    save(desk, &study, vec![change]);
    assert!(text(desk, &study).is_empty());
    desk.undo().unwrap().unwrap();
    assert_eq!(text(desk, &study).len(), 1_301);
    desk.undo().unwrap().unwrap();
    assert!(text(desk, &study).is_empty());
    assert!(desk.verify().unwrap().problems.is_empty());
}

#[test]
fn f53_two_laptops_write_at_one_place_and_both_keep_their_order() {
    let (mut center, mut a, mut b) = (
        Referee::default(),
        Laptop::new(107, "李明"),
        Laptop::new(108, "王芳"),
    );
    let study = two_sections(&mut a.desk);
    center.sync(&mut a.desk);
    center.sync(&mut b.desk);
    save(&mut a.desk, &study, vec![block(51, 1, Some(11), "甲")]);
    save(&mut b.desk, &study, vec![block(52, 1, Some(11), "乙")]);
    meet(&mut center, &mut a, &mut b);
    assert_eq!(
        text(&a.desk, &study)[..5],
        ["# 目的", "一", "甲", "乙", "二"]
    );
    // Both have one place; what is put between them stands between them.
    save(&mut a.desk, &study, vec![block(53, 1, Some(51), "丙")]);
    center.sync(&mut a.desk);
    center.sync(&mut b.desk);
    let wanted = ["# 目的", "一", "甲", "丙", "乙", "二"];
    assert_eq!(text(&a.desk, &study)[..6], wanted);
    assert_eq!(text(&b.desk, &study)[..6], wanted);
    // A text that both change shows both; a block archived by one who missed it stays.
    let change = set(&a.desk, &study, 11, "text.zh", json!("5 mg"));
    save(&mut a.desk, &study, vec![change]);
    let change = archive(&b.desk, &study, 11);
    save(&mut b.desk, &study, vec![change]);
    meet(&mut center, &mut a, &mut b);
    let shown = doc(&b.desk, &study);
    assert_eq!(
        shown.entity(&id(11)).unwrap().mark,
        EntityMark::EditedUnseen
    );
}

/// Both laptops have everything.
pub(crate) fn meet(center: &mut Referee, a: &mut Laptop, b: &mut Laptop) {
    center.sync(&mut a.desk);
    center.sync(&mut b.desk);
    center.sync(&mut a.desk);
}

/// One random step of an editor over blocks 100–111 in two sections.
pub(crate) fn step() -> impl Strategy<Value = (u8, u32, u32, u32)> {
    (0..6_u8, 0..12_u32, 0..2_u32, 0..12_u32)
}

#[test]
fn any_save_can_be_taken_back_and_done_again() {
    let laptop = RefCell::new(Laptop::new(109, "李明"));
    let config = ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let saves = prop::collection::vec(prop::collection::vec(step(), 1..8), 1..5);
    proptest::test_runner::TestRunner::new(config)
        .run(&saves, |saves| {
            let desk = &mut laptop.borrow_mut().desk;
            let study = new_study(desk, "甲");
            let mut start = vec![section(1, None, "目的"), section(2, Some(1), "设计")];
            for n in 0..6 {
                start.push(block(100 + n, 1 + n % 2, None, &format!("文{n}")));
            }
            save(desk, &study, start);
            let mut states = vec![text(desk, &study)];
            for steps in &saves {
                let changes = to_changes(desk, &study, steps);
                let changed = desk.protocol_save(&study, changes, None).unwrap();
                if !changed.topics.is_empty() {
                    states.push(text(desk, &study));
                }
            }
            for _ in 0..2 {
                for state in states.iter().rev().skip(1) {
                    desk.undo().unwrap().unwrap();
                    prop_assert_eq!(&text(desk, &study), state);
                }
                for state in states.iter().skip(1) {
                    desk.redo().unwrap().unwrap();
                    prop_assert_eq!(&text(desk, &study), state);
                }
            }
            Ok(())
        })
        .unwrap();
    assert!(laptop.borrow().desk.verify().unwrap().problems.is_empty());
}

/// Steps that an editor can take: what is not there is added, what is there is changed.
pub(crate) fn to_changes(
    desk: &Desk,
    study: &StudyId,
    steps: &[(u8, u32, u32, u32)],
) -> Vec<ProtocolChange> {
    let shown = doc(desk, study);
    let mut here: Vec<(u32, u32)> = shown
        .of_kind(kind::BLOCK)
        .filter_map(|block| {
            let n = (100..112).find(|n| id(*n) == block.id)?;
            Some((n, if block.parent == Some(id(1)) { 1 } else { 2 }))
        })
        .collect();
    let mut added = Vec::new();
    let mut changes = Vec::new();
    for (what, n, parent, other) in steps {
        let (n, parent) = (100 + n, 1 + parent);
        let is_known = shown.entity(&id(n)).is_some() || added.contains(&n);
        let after = here
            .iter()
            .find(|(m, p)| *m == 100 + other && *p == parent && *m != n)
            .map(|(m, _)| *m);
        let at = here.iter().position(|(m, _)| *m == n);
        match (what, at) {
            (_, None) if !is_known => {
                changes.push(block(n, parent, after, &format!("新{n}")));
                added.push(n);
                here.push((n, parent));
            }
            (0 | 1, Some(_)) if !added.contains(&n) => {
                let value = json!(format!("改{other}"));
                changes.push(set(desk, study, n, "text.zh", value));
            }
            (2, Some(at)) => {
                changes.push(put(n, Some(parent), after));
                here[at].1 = parent;
            }
            (3, Some(at)) if !added.contains(&n) => {
                changes.push(archive(desk, study, n));
                here.remove(at);
            }
            (4, None) if shown.entity(&id(n)).is_some() => {
                changes.push(ProtocolChange::Restore { entity: id(n) });
            }
            _ => {}
        }
    }
    changes
}
