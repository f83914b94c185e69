//! Several laptops and a center: what each wrote is everywhere, and nothing disappears unseen.

use crate::referee::{Referee, accept, connect_by};
use crate::world::{Laptop, doc, edit, fields, new_study, set, values};
use desk::{Desk, DeskError, HistoryScope};
use model::kind;
use model::row::Finding;
use serde_json::json;

#[test]
fn two_laptops_that_edit_apart_show_both_values_and_agree() {
    let mut center = Referee::default();
    let mut li = Laptop::new(1, "李明");
    let mut wang = Laptop::new(2, "王芳");
    let study = new_study(&mut li.desk, "甲");
    let root = study.root();
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    assert_eq!(doc(&wang.desk, &study), doc(&li.desk, &study));
    assert_eq!(li.desk.waiting().unwrap(), 0);

    set(&mut li.desk, &study, "acronym", json!("LI"));
    set(&mut wang.desk, &study, "acronym", json!("WANG"));
    set(&mut wang.desk, &study, "version", json!("2.0"));
    assert_eq!(wang.desk.waiting().unwrap(), 2);
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    center.sync(&mut li.desk);
    assert_eq!(li.desk.digest().unwrap(), wang.desk.digest().unwrap());
    assert_eq!(doc(&wang.desk, &study), doc(&li.desk, &study));
    let register = doc(&li.desk, &study).root().unwrap().fields["acronym"].clone();
    assert!(register.conflict);
    let mut names: Vec<_> = register.heads.iter().map(|h| h.by_name.clone()).collect();
    names.sort();
    assert_eq!(names, ["李明", "王芳"]);
    assert_eq!(li.desk.n_conflicts().unwrap(), 1);

    let end = edit(&li.desk, &study, &root, "acronym", json!("BOTH"));
    li.desk.resolve(&study, end, "电话商定").unwrap();
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    assert_eq!(
        values(&wang.desk, &study, &root, "acronym"),
        [json!("BOTH")]
    );
    let scope = HistoryScope::Field(study.clone(), root, "acronym".into());
    let entries = wang.desk.history(&scope, 10, 0).unwrap();
    assert_eq!(entries.len(), 3);
    assert_eq!(entries[0].from.len(), 2);
    assert_eq!(entries[0].to, json!("BOTH"));
    assert_eq!(entries[0].why_text.as_deref(), Some("电话商定"));
    assert!(entries.iter().all(|entry| entry.received_at.is_some()));
    for desk in [&li.desk, &wang.desk] {
        let report = desk.verify().unwrap();
        assert_eq!(
            (report.problems.as_slice(), report.commits),
            ([].as_slice(), 5)
        );
    }
}

#[test]
fn f35_pages_are_taken_once_in_order_and_only_when_they_can_be_believed() {
    let mut center = Referee::default();
    let mut li = Laptop::new(3, "李明");
    let mut wang = Laptop::new(4, "王芳");
    let study = new_study(&mut li.desk, "甲");
    for title in ["乙", "丙", "丁"] {
        set(&mut li.desk, &study, "title.zh", json!(title));
    }
    center.push_all(&mut li.desk);
    let stream = study.as_str();
    let page = center.page(stream, 0, 10);

    let gap = wang.desk.accept(stream, 1, 3, page[1..3].to_vec());
    assert!(matches!(
        gap,
        Err(DeskError::WrongCursor { have: 0, got: 1 })
    ));
    let mut forged = page.clone();
    forged[2].frame.payloads[0].value = json!("伪");
    let taken = accept(&mut wang.desk, stream, 0, forged);
    assert_eq!((taken.n, taken.problems.len()), (2, 1));
    assert_eq!(taken.problems[0].code, "signature");
    assert_eq!(wang.desk.streams().unwrap()[0].cursor, 2);
    let mut holed = page[2..4].to_vec();
    holed.remove(0);
    let taken = wang.desk.accept(stream, 2, 4, holed).unwrap();
    assert_eq!((taken.n, taken.problems[0].code), (0, "chain"));
    assert_eq!(
        wang.desk.streams().unwrap()[0].cursor,
        2,
        "a hole moves no cursor"
    );
    let mut wang = Laptop::new(5, "王芳");
    assert_eq!(accept(&mut wang.desk, stream, 0, page.clone()).n, 4);
    wang.desk.rewind(stream).unwrap();
    let again = accept(&mut wang.desk, stream, 0, page);
    assert_eq!((again.n, again.problems.len()), (0, 0));
    assert_eq!(wang.desk.digest().unwrap(), li.desk.digest().unwrap());
    assert!(wang.desk.verify().unwrap().problems.is_empty());
}

#[test]
fn a_center_that_lost_its_data_is_given_them_back_by_any_laptop() {
    let mut center = Referee::default();
    let mut li = Laptop::new(15, "李明");
    let mut wang = Laptop::new(16, "王芳");
    let study = new_study(&mut li.desk, "甲");
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    set(&mut wang.desk, &study, "version", json!("2.0"));
    center.sync(&mut wang.desk);
    center.sync(&mut li.desk);
    set(&mut li.desk, &study, "version", json!("3.0"));

    let mut empty = Referee::default();
    li.desk.rewind(study.as_str()).unwrap();
    empty.sync(&mut li.desk);
    let mut third = Laptop::new(17, "周文");
    empty.sync(&mut third.desk);
    assert_eq!(third.desk.digest().unwrap(), li.desk.digest().unwrap());
    assert_eq!(
        values(&third.desk, &study, &study.root(), "version"),
        [json!("3.0")]
    );
    wang.desk.rewind(study.as_str()).unwrap();
    empty.sync(&mut wang.desk);
    assert_eq!(wang.desk.digest().unwrap(), li.desk.digest().unwrap());
    assert_eq!(wang.desk.waiting().unwrap() + li.desk.waiting().unwrap(), 0);
}

#[test]
fn what_the_center_put_aside_is_kept_and_not_shown() {
    let mut center = Referee::default();
    let mut li = Laptop::new(6, "李明");
    let mut wang = Laptop::new(7, "王芳");
    let study = new_study(&mut li.desk, "甲");
    set(&mut li.desk, &study, "title.zh", json!("不应显示"));
    set(&mut li.desk, &study, "title.zh", json!("丙"));
    center.push_all(&mut li.desk);
    let mut page = center.page(study.as_str(), 0, 10);
    page[1].quarantined = true;
    accept(&mut wang.desk, study.as_str(), 0, page);
    // Who replaced the quarantined value replaced what that one had replaced.
    assert_eq!(
        values(&wang.desk, &study, &study.root(), "title.zh"),
        [json!("丙")]
    );
    assert!(wang.desk.search("不应显示", 5).unwrap().is_empty());
    let report = wang.desk.verify().unwrap();
    assert_eq!((report.commits, report.problems.len()), (3, 0));
}

#[test]
fn a_copied_vault_takes_its_own_identity_and_loses_nothing() {
    let mut center = Referee::default();
    let mut li = Laptop::new(8, "李明");
    let study = new_study(&mut li.desk, "甲");
    center.sync(&mut li.desk);
    set(&mut li.desk, &study, "version", json!("1.1"));
    let copy = li.bench.path("copy.pideskbackup");
    desk::backup::write(li.desk.vault(), &copy, &li.bench.env.clone()).unwrap();

    // The original goes on and meets the center first.
    set(&mut li.desk, &study, "acronym", json!("ORIGINAL"));
    center.sync(&mut li.desk);

    let bench = testkit::Bench::new(9);
    let dir = bench.path("vault");
    desk::backup::restore(&copy, &dir).unwrap();
    let mut restored = crate::world::open(&dir, &bench);
    assert_ne!(restored.device(), li.desk.device());
    set(&mut restored, &study, "acronym", json!("RESTORED"));
    center.sync(&mut restored);
    center.sync(&mut li.desk);
    assert_eq!(restored.digest().unwrap(), li.desk.digest().unwrap());
    let mut both = values(&restored, &study, &study.root(), "acronym");
    both.sort_by_key(ToString::to_string);
    assert_eq!(both, [json!("ORIGINAL"), json!("RESTORED")]);
    assert!(restored.verify().unwrap().problems.is_empty());
}

#[test]
fn f17_f33_an_identity_that_was_used_elsewhere_is_left_and_the_work_issued_again() {
    let mut center = Referee::default();
    let mut li = Laptop::new(10, "李明");
    let study = new_study(&mut li.desk, "甲");
    let site = fields(&[("facility.zh", json!("瑞金医院"))]);
    let (site, _) = li.desk.add(&study, kind::SITE, None, site, None).unwrap();
    center.sync(&mut li.desk);
    // The vault is put back to an earlier copy on the same laptop: same identity, other commits.
    drop(li.desk);
    let saved = li.bench.path("saved");
    copy_folder(&li.dir, &saved);
    let mut desk = crate::world::open(&li.dir, &li.bench);
    set(&mut desk, &study, "acronym", json!("LOST"));
    center.sync(&mut desk);
    drop(desk);
    std::fs::remove_dir_all(&li.dir).unwrap();
    copy_folder(&saved, &li.dir);
    let mut desk = crate::world::open(&li.dir, &li.bench);
    let before = desk.device();
    set(&mut desk, &study, "acronym", json!("AGAIN"));
    let seen = doc(&desk, &study).seen_with_children(&site);
    desk.archive(&study, &site, &seen).unwrap();
    // Whether or not the vault noticed by itself, the work arrives and both values stand.
    center.sync(&mut desk);
    center.sync(&mut desk);
    let mut both = values(&desk, &study, &study.root(), "acronym");
    both.sort_by_key(ToString::to_string);
    assert_eq!(both, [json!("AGAIN"), json!("LOST")]);
    assert_eq!(doc(&desk, &study).of_kind(kind::SITE).count(), 0);
    assert_eq!(desk.waiting().unwrap(), 0);
    assert!(desk.verify().unwrap().problems.is_empty());
    eprintln!("identity renewed on opening: {}", before != desk.device());

    let mut other = Laptop::new(11, "王芳");
    center.sync(&mut other.desk);
    assert_eq!(other.desk.digest().unwrap(), desk.digest().unwrap());
}

#[test]
fn f33_what_two_copies_issue_again_stands_once() {
    let mut center = Referee::default();
    let mut li = Laptop::new(16, "李明");
    let study = new_study(&mut li.desk, "甲");
    center.sync(&mut li.desk);
    let Laptop { bench, dir, desk } = li;
    drop(desk);
    let installation = bench.env.installation.clone();
    let keep = |name: &str| {
        copy_folder(&dir, &bench.path(name));
        copy_folder(&installation, &bench.path(&format!("{name} installed")));
    };
    let put_back = |name: &str| {
        for (now, then) in [
            (&dir, name.to_owned()),
            (&installation, format!("{name} installed")),
        ] {
            std::fs::remove_dir_all(now).unwrap();
            copy_folder(&bench.path(&then), now);
        }
        crate::world::open(&dir, &bench)
    };
    keep("before");
    let mut first = put_back("before");
    set(&mut first, &study, "acronym", json!("FIRST"));
    center.sync(&mut first);
    drop(first);
    // The second branch waits with what the center will refuse; this disk is copied, too.
    let mut second = put_back("before");
    set(&mut second, &study, "acronym", json!("SECOND"));
    let note = edit(&second, &study, &study.root(), "title.zh", json!("丙"));
    second
        .set(&study, note, Some(desk::Reason::text("更正")))
        .unwrap();
    drop(second);
    keep("waiting");
    let mut second = put_back("waiting");
    center.sync(&mut second);
    let device = second.device();
    set(&mut second, &study, "phase", json!("PHASE1"));
    center.sync(&mut second);
    drop(second);
    let mut third = put_back("waiting");
    set(&mut third, &study, "version", json!("3"));
    center.sync(&mut third);
    assert_ne!(
        third.device(),
        device,
        "where they part, the later one goes on"
    );
    assert_eq!(third.waiting().unwrap(), 0);
    let heads = |field: &str| {
        let mut all = values(&third, &study, &study.root(), field);
        all.sort_by_key(ToString::to_string);
        all
    };
    assert_eq!(heads("acronym"), [json!("FIRST"), json!("SECOND")]);
    assert_eq!(heads("title.zh"), [json!("丙")]);
    assert_eq!(
        (heads("phase"), heads("version")),
        (vec![json!("PHASE1")], vec![json!("3")])
    );
    let scope = HistoryScope::Field(study.clone(), study.root(), "title.zh".to_owned());
    let history = third.history(&scope, 9, 0).unwrap();
    let of_that = history.iter().filter(|one| one.to == json!("丙"));
    assert_eq!(of_that.count(), 1, "it stands once in the history, too");
    assert!(third.verify().unwrap().problems.is_empty());
    let mut other = Laptop::new(17, "王芳");
    center.sync(&mut other.desk);
    assert_eq!(other.desk.digest().unwrap(), third.digest().unwrap());
}

#[test]
fn commits_issued_again_keep_author_reason_and_order() {
    let mut li = Laptop::new(12, "李明");
    let study = new_study(&mut li.desk, "甲");
    set(&mut li.desk, &study, "title.zh", json!("乙"));
    let end = edit(&li.desk, &study, &study.root(), "title.zh", json!("丙"));
    li.desk
        .set(&study, end, Some(desk::Reason::text("更正")))
        .unwrap();
    let before = doc(&li.desk, &study);
    let device = li.desk.device();
    li.desk.fork(study.as_str()).unwrap();
    assert_ne!(li.desk.device(), device);
    let after = doc(&li.desk, &study);
    assert_eq!(after.root().unwrap().text("title.zh"), "丙");
    let head = |doc: &model::StudyDoc| doc.root().unwrap().fields["title.zh"].heads[0].clone();
    assert_eq!(
        (head(&after).at, head(&after).by),
        (head(&before).at, head(&before).by)
    );
    let entries = li
        .desk
        .history(&HistoryScope::Study(study.clone()), 50, 0)
        .unwrap();
    assert_eq!(entries[0].why_text.as_deref(), Some("更正"));
    assert_eq!(
        entries
            .iter()
            .filter(|entry| entry.field == "title.zh")
            .count(),
        3
    );
    assert_eq!(
        li.desk.outbox(study.as_str(), 10, 1_000_000).unwrap().len(),
        3
    );
    assert!(li.desk.verify().unwrap().problems.is_empty());
}

#[test]
fn f52_one_number_on_two_laptops_is_found_and_joined() {
    let mut center = Referee::default();
    let mut li = Laptop::new(13, "李明");
    let mut wang = Laptop::new(14, "王芳");
    let ours = new_study(&mut li.desk, "甲");
    let theirs = new_study(&mut wang.desk, "甲");
    set(&mut li.desk, &ours, "registry.nct", json!("NCT01234567"));
    set(
        &mut wang.desk,
        &theirs,
        "registry.nct",
        json!("NCT01234567"),
    );
    set(&mut li.desk, &ours, "version", json!("1.0"));
    set(&mut wang.desk, &theirs, "version", json!("2.0"));
    set(&mut wang.desk, &theirs, "acronym", json!("W"));
    let site = fields(&[("facility.zh", json!("华山医院"))]);
    wang.desk
        .add(&theirs, kind::SITE, None, site, None)
        .unwrap();
    for _ in 0..2 {
        center.sync(&mut li.desk);
        center.sync(&mut wang.desk);
    }
    let findings = li.desk.findings().unwrap();
    assert!(
        matches!(&findings[..], [Finding::SameNumber { number, studies, .. }]
        if number == "NCT01234567" && studies.len() == 2)
    );
    assert!(li.desk.find_study("NCT01234567").unwrap().is_none());

    let elsewhere = new_study(&mut li.desk, "无关");
    assert!(matches!(
        li.desk.join(&ours, &elsewhere),
        Err(DeskError::NotJoinable)
    ));
    li.desk.join(&ours, &theirs).unwrap();
    assert!(matches!(
        li.desk.join(&ours, &theirs),
        Err(DeskError::NotJoinable)
    ));
    let joined = doc(&li.desk, &ours);
    let root = joined.root().unwrap();
    assert_eq!(
        root.fields["title.zh"].heads.len(),
        1,
        "equal values are one"
    );
    assert_eq!(root.text("acronym"), "W");
    assert!(root.fields["version"].conflict);
    assert_eq!(
        joined
            .of_kind(kind::SITE)
            .next()
            .unwrap()
            .text("facility.zh"),
        "华山医院"
    );
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    assert!(wang.desk.findings().unwrap().is_empty());
    assert_eq!(
        wang.desk.find_study("NCT01234567").unwrap(),
        Some(ours.clone())
    );
    assert_eq!(wang.desk.studies().unwrap().len(), 2);
    assert_eq!(wang.desk.search("华山医院", 9).unwrap().len(), 1);
    assert_eq!(wang.desk.digest().unwrap(), li.desk.digest().unwrap());
    assert!(wang.desk.verify().unwrap().problems.is_empty());
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn f46_a_center_with_another_key_is_asked_for_its_word_again() {
    let (mut center, mut li) = (Referee::default(), Laptop::new(18, "李明"));
    let study = crate::version::protocol(&mut li.desk);
    crate::version::freeze(&mut li.desk, &study, "1.0", "2026-11-25");
    connect_by(&mut li.desk, 0);
    center.sync(&mut li.desk);
    let is_confirmed = |desk: &Desk| desk.standing(&study).unwrap().versions[0].confirmed;
    assert!(is_confirmed(&li.desk));
    let n = center.n(study.as_str());

    // Away, while the center gets a new key; then connected with a new code.
    set(&mut li.desk, &study, "acronym", json!("AWAY"));
    center.n_key = 1;
    connect_by(&mut li.desk, 1);
    assert!(
        !is_confirmed(&li.desk),
        "the old key's word is none any more"
    );
    center.sync(&mut li.desk);
    assert!(is_confirmed(&li.desk));
    assert_eq!(
        (center.n(study.as_str()), li.desk.waiting().unwrap()),
        (n + 1, 0)
    );
    assert_eq!(
        values(&li.desk, &study, &study.root(), "acronym"),
        [json!("AWAY")]
    );
    // Disconnected first: the same.
    li.desk.clear_center().unwrap();
    center.n_key = 2;
    connect_by(&mut li.desk, 2);
    center.sync(&mut li.desk);
    assert!(is_confirmed(&li.desk));
    // Another contact asks for nothing.
    connect_by(&mut li.desk, 2);
    assert_eq!(li.desk.waiting().unwrap(), 0);
    assert!(li.desk.verify().unwrap().problems.is_empty());
}
