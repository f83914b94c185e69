//! Versions: what stands against freezing, what was frozen and stays so, where each site stands.

use crate::protocol::{archive, block, id, meet, save, section, set};
use crate::referee::{Referee, accept, connect};
use crate::world::{Laptop, doc, edit, fields, new_study, set as set_field};
use desk::{CenterLink, Desk, DeskError, Edit, Freeze, HistoryScope};
use model::protocol::ProtocolChange;
use model::version::{Hindrance, Standing};
use model::{EntityId, StudyId, kind};
use serde_json::json;

pub(crate) fn number(number: &str, date: &str) -> Freeze {
    Freeze {
        number: number.into(),
        date: date.into(),
        ..Freeze::default()
    }
}

pub(crate) fn freeze(desk: &mut Desk, study: &StudyId, n: &str, date: &str) -> EntityId {
    desk.version_freeze(study, number(n, date)).unwrap().0
}

/// A study with two sections and three blocks.
pub(crate) fn protocol(desk: &mut Desk) -> StudyId {
    let study = new_study(desk, "甲");
    let changes = vec![
        section(1, None, "目的"),
        section(2, Some(1), "设计"),
        block(11, 1, None, "口服 5 mg"),
        block(12, 1, Some(11), "每日一次"),
        block(21, 2, None, "随机"),
    ];
    save(desk, &study, changes);
    study
}

fn paths(hindrances: &[Hindrance]) -> Vec<String> {
    let line = |one: &Hindrance| format!("{} {}", one.what, one.path);
    hindrances.iter().map(line).collect()
}

pub(crate) fn approve(
    desk: &mut Desk,
    study: &StudyId,
    version: &EntityId,
    at: &EntityId,
    on: &str,
) -> EntityId {
    let fields = fields(&[
        ("site", json!({"$ref": at.as_str()})),
        ("status", json!("approved")),
        ("decidedOn", json!(on)),
        ("letter", json!(format!("批件 {on}"))),
        ("intervalMonths", json!(12)),
    ]);
    let added = desk.add(study, kind::APPROVAL, Some(version.clone()), fields, None);
    added.unwrap().0
}

pub(crate) fn add_site(desk: &mut Desk, study: &StudyId, name: &str) -> EntityId {
    let fields = fields(&[("facility.zh", json!(name))]);
    desk.add(study, kind::SITE, None, fields, None).unwrap().0
}

fn states(standing: &Standing) -> Vec<(String, String)> {
    let rows = standing.versions.iter();
    rows.map(|v| (v.number.clone(), v.state.clone())).collect()
}

#[test]
fn what_is_frozen_is_what_was_displayed() {
    let mut laptop = Laptop::new(200, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    assert_eq!(desk.standing(&study).unwrap(), Standing::default());
    let mut first = number("1.0", "2026-11-25");
    first.fields = fields(&[
        ("reason", json!("safetyInformation")),
        ("summary.zh", json!("首版")),
    ]);
    let (version, changed) = desk.version_freeze(&study, first).unwrap();
    assert!(changed.topics.contains(&format!("study:{study}")));
    // The number and date label the working text; the manifest is in no document and no history.
    let shown = doc(desk, &study);
    let root = shown.root().unwrap();
    assert_eq!(
        (root.text("version"), root.text("versionDate")),
        ("1.0", "2026-11-25")
    );
    assert!(
        !shown
            .entity(&version)
            .unwrap()
            .fields
            .contains_key("manifest")
    );
    let scope = HistoryScope::Study(study.clone());
    let entries = desk.history(&scope, 100, 0).unwrap();
    assert!(entries.iter().all(|entry| entry.field != "manifest"));
    assert_eq!(entries[0].why_code.as_deref(), Some("frozen"));

    let standing = desk.standing(&study).unwrap();
    let row = &standing.versions[0];
    assert_eq!(
        (row.number.as_str(), row.date.as_str()),
        ("1.0", "2026-11-25")
    );
    assert_eq!(
        (row.reason.as_str(), row.summary_zh.as_str()),
        ("safetyInformation", "首版")
    );
    assert_eq!(
        (row.state.as_str(), row.frozen_by.as_str()),
        ("frozen", "李明")
    );
    assert!(row.intact && !row.confirmed && !row.duplicate && row.left_out.is_empty());
    assert!(row.hash.starts_with("sha256:") && row.content.starts_with("sha256:"));
    assert_eq!(standing.working_equals, Some(version.clone()));
    assert_eq!(standing.changed_since, 0);

    let frozen = desk.version_doc(&study, &version).unwrap();
    let protocol = model::protocol::of(&frozen);
    assert_eq!(protocol, model::protocol::of(&shown));
    // Only the protocol is in it, each register with one value, who and when.
    assert!(frozen.entities.iter().all(|e| e.kind != kind::VERSION));
    assert!(!frozen.root().unwrap().fields.contains_key("version"));
    let head = &frozen.entity(&id(11)).unwrap().fields["text.zh"].heads;
    assert_eq!((head.len(), head[0].by_name.as_str()), (1, "李明"));

    let changes = vec![
        set(desk, &study, 11, "text.zh", json!("口服 10 mg")),
        archive(desk, &study, 21),
        ProtocolChange::Move {
            entity: id(12),
            parent: None,
            after: None,
        },
        block(13, 1, None, "新增"),
    ];
    save(desk, &study, changes);
    assert_eq!(desk.version_doc(&study, &version).unwrap(), frozen);
    let standing = desk.standing(&study).unwrap();
    assert_eq!(standing.working_equals, None);
    // One text changed; type and text gone; one moved; type and text new.
    assert_eq!(standing.changed_since, 6);
    desk.undo().unwrap().unwrap();
    let standing = desk.standing(&study).unwrap();
    assert_eq!(standing.working_equals, Some(version.clone()));
    assert_eq!(standing.changed_since, 0);
    let laptop = laptop.reopen();
    assert_eq!(laptop.desk.version_doc(&study, &version).unwrap(), frozen);
    assert_eq!(laptop.desk.standing(&study).unwrap(), standing);
    assert_eq!(laptop.desk.verify().unwrap().problems, []);
}

#[test]
fn a_version_stays_as_it_was_frozen() {
    let mut laptop = Laptop::new(201, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let version = freeze(desk, &study, "1.0", "2026-11-25");
    for (field, value) in [
        ("number", json!("9")),
        ("date", json!("2020-01-01")),
        ("base", json!({"$ref": version.as_str()})),
        ("manifest", json!("{}")),
    ] {
        let edit = Edit {
            entity: version.clone(),
            field: field.into(),
            value,
            seen: Vec::new(),
        };
        let error = desk.set(&study, edit, None).unwrap_err();
        assert!(matches!(error, DeskError::ReadOnlyField { .. }), "{field}");
    }
    let error = desk.archive(&study, &version, &[]).unwrap_err();
    assert_eq!(error.code(), "readOnlyField");
    // What is said about it can be said later.
    let edit = edit(desk, &study, &version, "summary.zh", json!("剂量调整"));
    desk.set(&study, edit, None).unwrap();
    assert_eq!(
        desk.standing(&study).unwrap().versions[0].summary_zh,
        "剂量调整"
    );

    let digest = desk.digest().unwrap();
    let base = Some(id(11));
    for (wrong, code) in [
        (number("", "2026-11-25"), "invalid"),
        (number("2.0", ""), "invalid"),
        (number("2.0", "2026-11"), "invalid"),
        (number("2.0", "2026-02-30"), "invalid"),
        (number(" 1.0 ", "2026-11-26"), "sameVersion"),
        (
            Freeze {
                base,
                ..number("2.0", "2026-11-26")
            },
            "notFound",
        ),
        (
            Freeze {
                fields: fields(&[("manifest", json!("{}"))]),
                ..number("2.0", "2026-11-26")
            },
            "readOnlyField",
        ),
        (
            Freeze {
                fields: fields(&[("reason", json!("whim"))]),
                ..number("2.0", "2026-11-26")
            },
            "invalid",
        ),
    ] {
        let error = desk.version_freeze(&study, wrong).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        let key = format!("desk.error.{code}");
        assert!(model::label::get(&key).is_some(), "{key}");
    }
    assert_eq!(desk.digest().unwrap(), digest);
}

#[test]
fn freezing_can_be_taken_back_in_the_same_sitting() {
    let mut laptop = Laptop::new(202, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let first = freeze(desk, &study, "1.0", "2026-11-25");
    let frozen = desk.version_doc(&study, &first).unwrap();
    let second = freeze(desk, &study, "2.0", "2026-11-26");
    desk.undo().unwrap().unwrap();
    let shown = doc(desk, &study);
    assert_eq!(shown.root().unwrap().text("version"), "1.0");
    assert_eq!(
        states(&desk.standing(&study).unwrap()),
        [("1.0".into(), "frozen".into())]
    );
    assert_eq!(
        model::protocol::of(&desk.version_doc(&study, &second).unwrap()),
        model::protocol::of(&frozen)
    );
    // The number is free again.
    freeze(desk, &study, "2.0", "2026-11-27");
    assert_eq!(desk.standing(&study).unwrap().versions.len(), 2);
}

#[test]
fn what_stands_against_freezing_is_named_and_can_be_left_out_by_name() {
    let mut laptop = Laptop::new(203, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    assert_eq!(desk.hindrances(&study).unwrap(), []);
    // A conflict in the text, one in a fact, one outside the protocol.
    let old = set(desk, &study, 11, "text.zh", json!("口服 15 mg"));
    let change = set(desk, &study, 11, "text.zh", json!("口服 10 mg"));
    save(desk, &study, vec![change]);
    save(desk, &study, vec![old]);
    for field in ["title.zh", "whyStopped.zh"] {
        set_field(desk, &study, field, json!("一"));
        let old = edit(desk, &study, &study.root(), field, json!("二"));
        set_field(desk, &study, field, json!("三"));
        desk.set(&study, old, None).unwrap();
    }
    // Typing: unsaved, saved meanwhile, outside the protocol.
    for (field, n, value) in [
        ("text.zh", 12, json!("每日两")),
        ("text.zh", 21, json!("随机")),
    ] {
        desk.draft_put(&study, &id(n), field, &value, &[]).unwrap();
    }
    desk.draft_put(&study, &study.root(), "whyStopped.zh", &json!("四"), &[])
        .unwrap();
    // Suggestions: an open one, a settled one.
    for (n, status) in [(81, "open"), (82, "dismissed")] {
        let fields = fields(&[
            ("kind", json!("comment")),
            ("status", json!(status)),
            ("note", json!("?")),
        ]);
        let add = ProtocolChange::Add {
            id: id(n),
            kind: kind::SUGGESTION.into(),
            parent: Some(id(21)),
            after: None,
            fields,
        };
        save(desk, &study, vec![add]);
    }
    let text_path = format!("block/{}/text.zh", id(11));
    let draft_path = format!("block/{}/text.zh", id(12));
    let wanted = [
        "conflict title.zh".to_owned(),
        format!("conflict {text_path}"),
        format!("draft {draft_path}"),
        "suggestion suggestions".to_owned(),
    ];
    assert_eq!(paths(&desk.hindrances(&study).unwrap()), wanted);
    // Without a center nothing is unsent; with one, everything here is.
    let link = CenterLink {
        url: "https://localhost".into(),
        pin: String::new(),
        token: String::new(),
        user: String::new(),
        epoch: String::new(),
    };
    desk.set_center(&link).unwrap();
    let found = desk.hindrances(&study).unwrap();
    assert_eq!(found.len(), 5);
    assert_eq!(
        (found[4].what.as_str(), found[4].path.as_str()),
        ("unsent", "unsent")
    );
    assert!(found[4].n >= 6);

    let error = desk
        .version_freeze(&study, number("1.0", "2026-11-25"))
        .unwrap_err();
    let DeskError::NotFreezable(all) = error else {
        panic!("{error}")
    };
    assert_eq!(all, found);
    let mut leave_out: Vec<String> = found.iter().skip(1).map(|one| one.path.clone()).collect();
    let one_missing = Freeze {
        leave_out: leave_out.clone(),
        ..number("1.0", "2026-11-25")
    };
    let error = desk.version_freeze(&study, one_missing).unwrap_err();
    assert_eq!(error.params(), [("n", "5".to_owned())]);
    leave_out.extend(["title.zh".to_owned(), "no such thing".to_owned()]);
    let left_out = Freeze {
        leave_out,
        ..number("1.0", "2026-11-25")
    };
    let (version, _) = desk.version_freeze(&study, left_out).unwrap();
    let row = desk.standing(&study).unwrap().versions.remove(0);
    let mut named = vec![
        "title.zh".into(),
        text_path,
        draft_path,
        "suggestions".into(),
        "unsent".into(),
    ];
    named.sort();
    assert_eq!(row.left_out, named);
    // What was typed and not saved is left out, and what was saved is there.
    let mut missing = vec!["title.zh".to_owned(), format!("block/{}/text.zh", id(11))];
    missing.sort();
    assert_eq!(row.missing, missing);
    assert!(row.intact);
    let frozen = desk.version_doc(&study, &version).unwrap();
    assert!(!frozen.root().unwrap().fields.contains_key("title.zh"));
    assert!(
        !frozen
            .entity(&id(11))
            .unwrap()
            .fields
            .contains_key("text.zh")
    );
    assert_eq!(frozen.entity(&id(12)).unwrap().text("text.zh"), "每日一次");
}

#[test]
fn what_the_center_set_aside_stands_against_freezing() {
    let (mut center, mut a, mut b) = (
        Referee::default(),
        Laptop::new(204, "李明"),
        Laptop::new(205, "王芳"),
    );
    let study = protocol(&mut a.desk);
    meet(&mut center, &mut a, &mut b);
    let change = set(&b.desk, &study, 11, "text.zh", json!("口服 10 mg"));
    save(&mut b.desk, &study, vec![change]);
    center.push_all(&mut b.desk);
    let cursor = a.desk.streams().unwrap()[0].cursor;
    let mut page = center.page(study.as_str(), cursor, 10);
    for pulled in &mut page {
        pulled.quarantined = true;
    }
    accept(&mut a.desk, study.as_str(), cursor, page);
    let found = a.desk.hindrances(&study).unwrap();
    assert_eq!(
        (paths(&found), found[0].n),
        (vec!["setAside setAside".to_owned()], 1)
    );
    let freeze = Freeze {
        leave_out: vec!["setAside".into()],
        ..number("1.0", "2026-11-25")
    };
    let (version, _) = a.desk.version_freeze(&study, freeze).unwrap();
    let frozen = a.desk.version_doc(&study, &version).unwrap();
    assert_eq!(frozen.entity(&id(11)).unwrap().text("text.zh"), "口服 5 mg");
}

#[test]
fn a_block_that_one_put_aside_and_another_changed_is_decided_first() {
    let (mut center, mut a, mut b) = (
        Referee::default(),
        Laptop::new(206, "李明"),
        Laptop::new(207, "王芳"),
    );
    let study = protocol(&mut a.desk);
    meet(&mut center, &mut a, &mut b);
    let change = set(&b.desk, &study, 11, "text.zh", json!("口服 10 mg"));
    save(&mut b.desk, &study, vec![change]);
    let change = archive(&a.desk, &study, 11);
    save(&mut a.desk, &study, vec![change]);
    meet(&mut center, &mut a, &mut b);
    let found = a.desk.hindrances(&study).unwrap();
    assert_eq!(paths(&found), [format!("conflict block/{}/_del", id(11))]);
    let change = archive(&a.desk, &study, 11);
    save(&mut a.desk, &study, vec![change]);
    assert_eq!(a.desk.hindrances(&study).unwrap(), []);
}

#[test]
fn every_site_has_the_version_that_its_committee_approved_last() {
    let mut laptop = Laptop::new(208, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let ruijin = add_site(desk, &study, "瑞金医院");
    let huashan = add_site(desk, &study, "华山医院");
    let by_hand = add_site(desk, &study, "中山医院");
    let ruijin_too = add_site(desk, &study, "瑞金医院北院");
    for (field, value) in [
        ("approvedVersion", json!("V1.0")),
        ("approvalNumber", json!("2026-001")),
        ("approvalDate", json!("2026-01-05")),
    ] {
        let edit = edit(desk, &study, &by_hand, field, value);
        desk.set(&study, edit, None).unwrap();
    }
    // Noted by hand, without a frozen version.
    let standing = desk.standing(&study).unwrap();
    let site = standing.site(&by_hand).unwrap();
    assert_eq!((site.current.clone(), site.number.as_str()), (None, "V1.0"));

    let one = freeze(desk, &study, "1.0", "2026-01-01");
    let standing = desk.standing(&study).unwrap();
    assert_eq!(standing.site(&by_hand).unwrap().current, Some(one.clone()));
    assert_eq!(states(&standing), [("1.0".into(), "frozen".into())]);

    let submitted = fields(&[
        ("site", json!({"$ref": ruijin.as_str()})),
        ("status", json!("submitted")),
        ("submittedOn", json!("2026-01-02")),
    ]);
    let (approval, _) = desk
        .add(&study, kind::APPROVAL, Some(one.clone()), submitted, None)
        .unwrap();
    let standing = desk.standing(&study).unwrap();
    assert_eq!(states(&standing), [("1.0".into(), "submitted".into())]);
    let site = standing.site(&ruijin).unwrap();
    assert_eq!(
        (site.current.clone(), site.pending.clone()),
        (None, Some(one.clone()))
    );
    for (field, value) in [
        ("status", json!("approved")),
        ("decidedOn", json!("2026-01-20")),
        ("letter", json!("A-1")),
    ] {
        let edit = edit(desk, &study, &approval, field, value);
        desk.set(&study, edit, None).unwrap();
    }
    approve(desk, &study, &one, &huashan, "2026-02-01");
    let change = set(desk, &study, 11, "text.zh", json!("口服 10 mg"));
    save(desk, &study, vec![change]);
    let two = freeze(desk, &study, "2.0", "2026-03-01");
    approve(desk, &study, &two, &ruijin, "2026-03-20");
    let standing = desk.standing(&study).unwrap();
    assert_eq!(
        states(&standing),
        [
            ("2.0".into(), "approved".into()),
            ("1.0".into(), "approved".into())
        ]
    );
    let at = |standing: &Standing, site| standing.site(site).unwrap().current.clone();
    assert_eq!(at(&standing, &ruijin), Some(two.clone()));
    assert_eq!(at(&standing, &huashan), Some(one.clone()));
    assert_eq!(standing.site(&huashan).unwrap().letter, "批件 2026-02-01");
    assert_eq!(standing.site(&huashan).unwrap().site_name, "华山医院");
    assert!(
        standing.is_approved(&two, Some(&ruijin)) && !standing.is_approved(&two, Some(&huashan))
    );
    let last = approve(desk, &study, &two, &huashan, "2026-04-01");
    let standing = desk.standing(&study).unwrap();
    assert_eq!(states(&standing)[1], ("1.0".into(), "superseded".into()));
    assert_eq!(standing.versions[0].approvals[0].interval_months, Some(12));
    // An approval that was withdrawn does not count: the one before does again.
    let edit = edit(desk, &study, &last, "status", json!("withdrawn"));
    desk.set(&study, edit, None).unwrap();
    let standing = desk.standing(&study).unwrap();
    assert_eq!(at(&standing, &huashan), Some(one.clone()));
    assert_eq!(states(&standing)[1], ("1.0".into(), "approved".into()));
    // A version of a noted number that is younger than the letter was never approved by it.
    for (field, value) in [("approvedVersion", "9.0"), ("approvalDate", "2026-01-05")] {
        let noted = crate::world::edit(desk, &study, &ruijin_too, field, json!(value));
        desk.set(&study, noted, None).unwrap();
    }
    freeze(desk, &study, "9.0", "2026-01-06");
    assert_eq!(at(&desk.standing(&study).unwrap(), &ruijin_too), None);
    // A note by hand does not bring back what the committee said no to.
    let rejected = fields(&[
        ("site", json!({"$ref": by_hand.as_str()})),
        ("status", json!("rejected")),
    ]);
    desk.add(&study, kind::APPROVAL, Some(one), rejected, None)
        .unwrap();
    assert_eq!(at(&desk.standing(&study).unwrap(), &by_hand), None);
}

#[test]
fn the_base_stays_what_was_approved_last_whatever_the_letter_says_or_leaves_out() {
    let mut laptop = Laptop::new(210, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let site = add_site(desk, &study, "瑞金医院");
    let one = freeze(desk, &study, "1.0", "2026-01-01");
    approve(desk, &study, &one, &site, "2026-01-20");
    let two = freeze(desk, &study, "2.0", "2026-03-01");
    let at = |desk: &Desk| {
        desk.standing(&study)
            .unwrap()
            .site(&site)
            .unwrap()
            .current
            .clone()
    };

    // A letter of which nobody wrote down the day is not older than its version.
    let undated = fields(&[
        ("site", json!({"$ref": site.as_str()})),
        ("status", json!("approved")),
    ]);
    let (letter, _) = desk
        .add(&study, kind::APPROVAL, Some(two.clone()), undated, None)
        .unwrap();
    assert_eq!(at(desk), Some(two.clone()));
    // A study that the committee stopped was approved with this text.
    let stopped = edit(desk, &study, &letter, "status", json!("suspended"));
    desk.set(&study, stopped, None).unwrap();
    assert_eq!(at(desk), Some(two));
    // A day before the version's own date is none of its approval.
    let early = edit(desk, &study, &letter, "decidedOn", json!("2026-02-28"));
    desk.set(&study, early, None).unwrap();
    assert_eq!(at(desk), Some(one));
}

#[test]
fn a_number_is_taken_however_it_is_written() {
    let mut laptop = Laptop::new(211, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    freeze(desk, &study, "4.0", "2026-01-01");
    let again = desk.version_freeze(&study, number("V4.0", "2026-02-01"));
    assert!(
        matches!(again, Err(DeskError::SameVersion { .. })),
        "{again:?}"
    );
}

#[test]
fn two_laptops_freeze_one_number_apart_and_both_versions_stay() {
    let (mut center, mut a, mut b) = (
        Referee::default(),
        Laptop::new(209, "李明"),
        Laptop::new(210, "王芳"),
    );
    let study = protocol(&mut a.desk);
    meet(&mut center, &mut a, &mut b);
    let first = freeze(&mut a.desk, &study, "2.0", "2026-11-25");
    let change = set(&b.desk, &study, 11, "text.zh", json!("口服 10 mg"));
    save(&mut b.desk, &study, vec![change]);
    let second = freeze(&mut b.desk, &study, "2.0", "2026-11-25");
    assert!(!a.desk.standing(&study).unwrap().versions[0].confirmed);
    let own = a.desk.version_doc(&study, &first).unwrap();
    meet(&mut center, &mut a, &mut b);
    let row = a.desk.standing(&study).unwrap().versions.remove(0);
    assert!(
        !row.confirmed,
        "a signature of nobody known counts for nothing"
    );
    connect(&mut a.desk);
    connect(&mut b.desk);
    let (at_a, at_b) = (
        a.desk.standing(&study).unwrap(),
        b.desk.standing(&study).unwrap(),
    );
    assert_eq!(at_a, at_b);
    assert_eq!(at_a.versions.len(), 2);
    for row in &at_a.versions {
        assert!(row.duplicate && row.confirmed && row.intact && row.state == "frozen");
    }
    // The same text on both laptops, with the same hashes.
    assert_eq!(a.desk.version_doc(&study, &first).unwrap(), own);
    assert_eq!(b.desk.version_doc(&study, &first).unwrap(), own);
    let other = b.desk.version_doc(&study, &second).unwrap();
    assert_eq!(a.desk.version_doc(&study, &second).unwrap(), other);
    assert_ne!(own, other);
    let error = a
        .desk
        .version_freeze(&study, number("2.0", "2026-11-26"))
        .unwrap_err();
    assert_eq!(error.code(), "sameVersion");
}

#[test]
fn a_copied_vault_issues_its_version_again_and_it_stays_whole() {
    let mut center = Referee::default();
    let mut a = Laptop::new(211, "李明");
    let study = protocol(&mut a.desk);
    center.sync(&mut a.desk);
    let change = set(&a.desk, &study, 11, "text.zh", json!("口服 10 mg"));
    save(&mut a.desk, &study, vec![change]);
    let version = freeze(&mut a.desk, &study, "1.0", "2026-11-25");
    let before = a.desk.standing(&study).unwrap().versions.remove(0);
    let text = model::protocol::of(&a.desk.version_doc(&study, &version).unwrap());
    a.desk.fork(study.as_str()).unwrap();
    let after = a.desk.standing(&study).unwrap().versions.remove(0);
    assert!(after.intact);
    assert_eq!(after.content, before.content);
    assert_ne!(after.hash, before.hash);
    assert_eq!(
        model::protocol::of(&a.desk.version_doc(&study, &version).unwrap()),
        text
    );
    center.sync(&mut a.desk);
    let mut b = Laptop::new(212, "王芳");
    center.sync(&mut b.desk);
    connect(&mut b.desk);
    let there = b.desk.standing(&study).unwrap().versions.remove(0);
    assert!(there.intact && there.confirmed);
    assert_eq!((there.hash, there.content), (after.hash, after.content));
    assert_eq!(b.desk.verify().unwrap().problems, []);
}

#[test]
fn a_redacted_value_leaves_a_version_whole_and_a_changed_one_does_not() {
    let mut laptop = Laptop::new(213, "李明");
    let study = protocol(&mut laptop.desk);
    let version = freeze(&mut laptop.desk, &study, "1.0", "2026-11-25");
    let place = "(SELECT commit_id, idx FROM ops o JOIN entities e ON e.id = o.entity \
        WHERE o.field = 'text.zh' AND e.name = '0195a3b0-0000-7000-8000-00000000000b')";
    let sql = format!("DELETE FROM payloads WHERE (commit_id, idx) IN {place}");
    assert_eq!(laptop.desk.connection().execute(&sql, []).unwrap(), 1);
    let laptop = laptop.reopen();
    assert!(laptop.desk.standing(&study).unwrap().versions[0].intact);
    let frozen = laptop.desk.version_doc(&study, &version).unwrap();
    let head = &frozen.entity(&id(11)).unwrap().fields["text.zh"].heads[0];
    assert!(head.redacted && head.value.is_null());

    for sql in [
        "UPDATE payloads SET value = '\"口服 50 mg\"' WHERE value LIKE '%每日一次%'".to_owned(),
        "UPDATE ops SET value = '\"row\"' WHERE field = 'type' AND value = '\"paragraph\"'"
            .to_owned(),
        "UPDATE ops SET field = 'text.en' WHERE field = 'text.zh'".to_owned(),
        "UPDATE commits SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"number\":\"1.0\"', \
             '\"number\":\"3.0\"') AS BLOB)"
            .to_owned(),
    ] {
        let mut laptop = Laptop::new(214, "李明");
        let study = protocol(&mut laptop.desk);
        freeze(&mut laptop.desk, &study, "1.0", "2026-11-25");
        assert_eq!(laptop.desk.verify().unwrap().problems, []);
        assert!(
            laptop.desk.connection().execute(&sql, []).unwrap() > 0,
            "{sql}"
        );
        let laptop = laptop.reopen();
        let problems = laptop.desk.verify().unwrap().problems;
        assert!(
            problems.iter().any(|p| p.code == "version"),
            "{sql}: {problems:?}"
        );
        assert!(
            !laptop.desk.standing(&study).unwrap().versions[0].intact,
            "{sql}"
        );
    }
}

#[test]
fn joining_studies_leaves_versions_of_both() {
    let mut laptop = Laptop::new(215, "李明");
    let desk = &mut laptop.desk;
    let (keep, other) = (protocol(desk), new_study(desk, "乙"));
    for study in [&keep, &other] {
        set_field(desk, study, "registry.nct", json!("NCT01234567"));
    }
    save(
        desk,
        &other,
        vec![section(1, None, "目的"), block(11, 1, None, "乙的文字")],
    );
    let one = freeze(desk, &keep, "1.0", "2026-11-25");
    freeze(desk, &other, "0.9", "2026-10-01");
    let before = desk.version_doc(&keep, &one).unwrap();
    desk.join(&keep, &other).unwrap();
    assert_eq!(desk.version_doc(&keep, &one).unwrap(), before);
    let standing = desk.standing(&keep).unwrap();
    assert_eq!(standing.versions.len(), 2);
    assert!(standing.versions.iter().all(|row| row.intact));
    let theirs = desk.version_doc(&keep, &standing.versions[1].id).unwrap();
    assert_eq!(theirs.entity(&id(11)).unwrap().text("text.zh"), "乙的文字");
    assert_eq!(theirs.root().unwrap().text("title.zh"), "乙");
    assert_eq!(desk.verify().unwrap().problems, []);
}

#[test]
fn a_long_protocol_is_frozen_and_its_standing_read_in_a_moment() {
    let mut laptop = Laptop::new(222, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let text = "受试者每日口服一次，共 28 天。".repeat(14);
    let mut changes = Vec::new();
    for s in 0..26_u32 {
        changes.push(section(
            1_000 + s,
            s.checked_sub(1).map(|s| 1_000 + s),
            "目的",
        ));
        for n in 0..20_u32 {
            let at = 2_000 + 100 * s + n;
            changes.push(block(
                at,
                1_000 + s,
                n.checked_sub(1).map(|_| at - 1),
                &text,
            ));
        }
    }
    save(desk, &study, changes);
    let mut versions = Vec::new();
    for n in 1..4 {
        let change = set(desk, &study, 2_000, "text.zh", json!(format!("{n}")));
        save(desk, &study, vec![change]);
        let start = std::time::Instant::now();
        versions.push(freeze(desk, &study, &format!("{n}.0"), "2026-11-25"));
        println!("frozen: {:?}", start.elapsed());
    }
    for round in ["first", "second", "third"] {
        let start = std::time::Instant::now();
        let standing = desk.standing(&study).unwrap();
        println!("standing, {round} time: {:?}", start.elapsed());
        assert_eq!(standing.working_equals.as_ref(), versions.last());
    }
    let n_bytes: i64 = desk
        .connection()
        .query_row(
            "SELECT max(length(value)) FROM ops WHERE field = 'manifest'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    println!("manifest: {n_bytes} bytes");
    let start = std::time::Instant::now();
    let frozen = desk.version_doc(&study, &versions[0]).unwrap();
    println!("version_doc: {:?}", start.elapsed());
    let start = std::time::Instant::now();
    doc(desk, &study);
    println!("study: {:?}", start.elapsed());
    assert_eq!(frozen.of_kind(kind::BLOCK).count(), 520);
}
