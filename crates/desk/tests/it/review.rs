//! What the center kept for review: not in force on any laptop, adopted or dismissed by the PI.

use crate::blob::{attach, document};
use crate::referee::{Referee, accept, connect};
use crate::world::{Laptop, doc, edit, new_study, set, values};
use desk::{Desk, DeskError};
use model::StudyId;
use model::review::{HeldCommit, ReviewState};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A center that keeps commits of one device for review.
#[derive(Default)]
struct Center {
    referee: Referee,
    held: BTreeSet<String>,
}

impl Center {
    /// Sends what waits; `is_held` is the center's word about all of it.
    fn push(&mut self, desk: &mut Desk, study: &StudyId, is_held: bool) {
        let frames = desk.outbox(study.as_str(), 100, 1_000_000).unwrap();
        let mut confirmed = self.referee.push(study.as_str(), &frames).unwrap();
        for (one, frame) in confirmed.iter_mut().zip(&frames) {
            one.quarantined = is_held;
            if is_held {
                self.held.insert(frame.id().as_str().to_owned());
            }
        }
        desk.confirm(study.as_str(), &confirmed).unwrap();
    }

    fn pull(&mut self, desk: &mut Desk, study: &StudyId) {
        let state = desk.streams().unwrap().into_iter();
        let cursor = state
            .filter(|state| state.stream == study.as_str())
            .map(|state| state.cursor)
            .next()
            .unwrap_or(0);
        let mut page = self.referee.page(study.as_str(), cursor, 1_000);
        for one in &mut page {
            one.quarantined = self.held.contains(one.frame.id().as_str());
        }
        accept(desk, study.as_str(), cursor, page);
    }
}

fn role(desk: &mut Desk, study: &StudyId, role: &str) {
    connect(desk);
    let roles = BTreeMap::from([(study.as_str().to_owned(), role.to_owned())]);
    desk.set_roles(&roles).unwrap();
}

struct Scene {
    center: Center,
    li: Laptop,
    wang: Laptop,
    study: StudyId,
}

/// A PI with a study, and a reader who changed two fields of it.
fn scene(seed: u64) -> Scene {
    let mut center = Center::default();
    let mut li = Laptop::new(seed, "李明");
    let mut wang = Laptop::new(seed + 100, "王芳");
    let study = new_study(&mut li.desk, "甲");
    set(&mut li.desk, &study, "acronym", json!("A"));
    center.push(&mut li.desk, &study, false);
    center.pull(&mut li.desk, &study);
    center.pull(&mut wang.desk, &study);
    role(&mut li.desk, &study, "pi");
    role(&mut wang.desk, &study, "reader");
    set(&mut wang.desk, &study, "acronym", json!("B"));
    set(&mut wang.desk, &study, "acronym", json!("C"));
    set(&mut wang.desk, &study, "version", json!("9.0"));
    assert_eq!(shown(&wang, &study, "acronym"), [json!("C")]);
    center.push(&mut wang.desk, &study, true);
    center.pull(&mut wang.desk, &study);
    center.pull(&mut li.desk, &study);
    Scene {
        center,
        li,
        wang,
        study,
    }
}

fn shown(laptop: &Laptop, study: &StudyId, field: &str) -> Vec<Value> {
    values(&laptop.desk, study, &study.root(), field)
}

fn held(laptop: &Laptop, study: &StudyId) -> Vec<HeldCommit> {
    laptop.desk.held(Some(study)).unwrap()
}

fn sound(laptop: &Laptop) {
    let report = laptop.desk.verify().unwrap();
    assert_eq!(report.problems, []);
    assert!(report.projections_equal);
}

#[test]
fn f56_what_is_kept_is_in_force_nowhere_and_lost_nowhere() {
    let scene = scene(41);
    let Scene {
        li, wang, study, ..
    } = &scene;
    for laptop in [li, wang] {
        assert_eq!(shown(laptop, study, "acronym"), [json!("A")]);
        sound(laptop);
    }
    assert_eq!(doc(&li.desk, study), doc(&wang.desk, study));
    assert_eq!(li.desk.digest().unwrap(), wang.desk.digest().unwrap());
    let list = held(li, study);
    assert_eq!(list.len(), 3);
    let newest = &list[0];
    assert_eq!((newest.by.as_str(), newest.own), ("王芳", false));
    assert_eq!(newest.state, ReviewState::Open);
    assert_eq!(newest.changes[0].to, json!("9.0"));
    let first = &list[2].changes[0];
    assert_eq!((&first.now, &first.to), (&json!("A"), &json!("B")));
    assert!(held(wang, study).iter().all(|one| one.own));
    assert_eq!(li.desk.n_to_review().unwrap(), 3);
    assert_eq!(wang.desk.n_to_review().unwrap(), 0);
}

#[test]
fn the_pi_adopts_and_everybody_has_it() {
    let Scene {
        mut center,
        mut li,
        mut wang,
        study,
    } = scene(42);
    let ids: Vec<String> = held(&li, &study).into_iter().map(|one| one.id).collect();
    // Whoever is no PI decides nothing.
    let no = wang.desk.adopt(&study, &ids, None);
    assert!(matches!(no, Err(DeskError::NotYours)));
    // One after the other, however they were named: the second stands on the first.
    li.desk.adopt(&study, &ids[1..], Some("已核对")).unwrap();
    assert_eq!(shown(&li, &study, "acronym"), [json!("C")]);
    assert_eq!(li.desk.n_conflicts().unwrap(), 0);
    let again = li.desk.adopt(&study, &ids[1..2], None);
    assert!(matches!(
        again,
        Err(DeskError::NotFound { what: "held", .. })
    ));
    center.push(&mut li.desk, &study, false);
    center.pull(&mut li.desk, &study);
    center.pull(&mut wang.desk, &study);
    assert_eq!(doc(&li.desk, &study), doc(&wang.desk, &study));
    let states: Vec<_> = held(&wang, &study).iter().map(|one| one.state).collect();
    let adopted = ReviewState::Adopted;
    assert_eq!(states, [ReviewState::Open, adopted, adopted]);
    let told = &held(&wang, &study)[1];
    assert_eq!(
        (told.why.as_deref(), told.decided_by.as_str()),
        (Some("已核对"), "李明")
    );
    sound(&li);
    sound(&wang);
}

#[test]
fn what_was_changed_meanwhile_stays_beside_what_is_adopted() {
    let Scene { mut li, study, .. } = scene(43);
    set(&mut li.desk, &study, "acronym", json!("D"));
    let ids: Vec<String> = held(&li, &study).into_iter().map(|one| one.id).collect();
    // The later one alone: what it stood on was not adopted.
    li.desk.adopt(&study, &ids[1..2], None).unwrap();
    let mut both = shown(&li, &study, "acronym");
    both.sort_by_key(Value::to_string);
    assert_eq!(both, [json!("C"), json!("D")]);
    assert_eq!(li.desk.n_conflicts().unwrap(), 1);
    sound(&li);
}

#[test]
fn dismissing_says_why_and_the_author_reads_it() {
    let Scene {
        mut center,
        mut li,
        mut wang,
        study,
    } = scene(44);
    let ids: Vec<String> = held(&li, &study).into_iter().map(|one| one.id).collect();
    let no = li.desk.dismiss(&study, &ids, "  ");
    assert!(matches!(no, Err(DeskError::WhyMissing)));
    let unknown = li.desk.dismiss(&study, &["sha256:00".to_owned()], "x");
    assert!(matches!(unknown, Err(DeskError::NotFound { .. })));
    assert_eq!(li.desk.n_to_review().unwrap(), 3);
    li.desk.dismiss(&study, &ids, "请先与我商量").unwrap();
    assert_eq!(li.desk.n_to_review().unwrap(), 0);
    center.push(&mut li.desk, &study, false);
    center.pull(&mut li.desk, &study);
    center.pull(&mut wang.desk, &study);
    for one in held(&wang, &study) {
        assert_eq!(one.state, ReviewState::Dismissed);
        assert_eq!(one.why.as_deref(), Some("请先与我商量"));
    }
    assert_eq!(shown(&wang, &study, "acronym"), [json!("A")]);
    // What was dismissed can still be adopted; that counts.
    li.desk.adopt(&study, &ids[..1], None).unwrap();
    assert_eq!(held(&li, &study)[0].state, ReviewState::Adopted);
    assert_eq!(shown(&li, &study, "version"), [json!("9.0")]);
    sound(&li);
}

#[test]
fn with_the_right_back_an_edit_on_held_ones_is_in_force() {
    let Scene {
        mut center,
        mut li,
        mut wang,
        study,
    } = scene(45);
    role(&mut wang.desk, &study, "coordinator");
    set(&mut wang.desk, &study, "acronym", json!("E"));
    center.push(&mut wang.desk, &study, false);
    center.pull(&mut wang.desk, &study);
    center.pull(&mut li.desk, &study);
    for laptop in [&li, &wang] {
        assert_eq!(shown(laptop, &study, "acronym"), [json!("E")]);
        sound(laptop);
    }
}

#[test]
fn a_study_that_was_taken_back_is_erased_once_it_was_handed_in() {
    let Scene {
        mut center,
        li,
        mut wang,
        study,
    } = scene(46);
    let own = new_study(&mut wang.desk, "自己的");
    set(&mut wang.desk, &study, "acronym", json!("未送出 ZZUNSENT"));
    let unsent = wang.desk.erase_stream(study.as_str(), &|_| true);
    assert!(matches!(unsent, Err(DeskError::Unsent)));
    assert_eq!(shown(&wang, &study, "acronym"), [json!("未送出 ZZUNSENT")]);
    center.push(&mut wang.desk, &study, true);
    wang.desk.erase_stream(study.as_str(), &|_| true).unwrap();
    assert!(wang.desk.study(&study).unwrap().is_none());
    assert!(wang.desk.held(None).unwrap().is_empty());
    assert!(wang.desk.search("甲", 5).unwrap().is_empty());
    assert_eq!(shown(&wang, &own, "title.zh"), [json!("自己的")]);
    sound(&wang);
    let mut wang = wang.reopen();
    sound(&wang);
    // Shared again, all of it is there again.
    center.pull(&mut wang.desk, &study);
    assert_eq!(doc(&wang.desk, &study), doc(&li.desk, &study));
    sound(&wang);
}

#[test]
fn f77_typing_becomes_an_edit_before_a_study_is_erased() {
    let Scene {
        mut center,
        mut li,
        mut wang,
        study,
    } = scene(51);
    let root = study.root();
    let typed = |desk: &mut Desk, field: &str, value: Value| {
        let seen = edit(desk, &study, &root, field, Value::Null).seen;
        desk.draft_put(&study, &root, field, &value, &seen).unwrap();
    };
    typed(&mut wang.desk, "acronym", json!("输入中"));
    typed(&mut wang.desk, "enrollment", json!("一百二十"));
    let gone = model::EntityId::parse("0195a3c0-0000-7000-8000-00000000ffff").unwrap();
    let name = json!("未添加的联系人");
    let desk = &mut wang.desk;
    desk.draft_put(&study, &gone, "name.zh", &name, &[])
        .unwrap();
    let unsent = wang.desk.erase_stream(study.as_str(), &|_| true);
    assert!(matches!(unsent, Err(DeskError::Unsent)));
    assert!(!wang.desk.is_handed_in(&|_, _| true).unwrap());

    let saved = wang.desk.save_typing(study.as_str()).unwrap();
    assert_eq!((saved.n_saved, saved.n_as_text), (1, 2));
    assert_eq!(wang.desk.drafts(&study).unwrap(), []);
    assert_eq!(shown(&wang, &study, "acronym"), [json!("输入中")]);
    let all = desk::HistoryScope::Study(study.clone());
    let entry = wang.desk.history(&all, 1, 0).unwrap().remove(0);
    assert_eq!(entry.why_code.as_deref(), Some("typed"));
    center.push(&mut wang.desk, &study, true);
    // What is no number, and what was typed into something never added, can be read.
    center.pull(&mut li.desk, &study);
    let held = li.desk.held(Some(&study)).unwrap();
    let all = held.iter().flat_map(|one| &one.changes);
    let all: Vec<_> = all
        .map(|change| (change.field.as_str(), &change.to))
        .collect();
    assert!(
        all.contains(&("typed/enrollment", &json!("一百二十"))),
        "{all:?}"
    );
    assert!(all.contains(&("typed/name.zh", &name)), "{all:?}");
    assert!(all.contains(&("acronym", &json!("输入中"))), "{all:?}");
    let ids: Vec<String> = held.iter().map(|one| one.id.clone()).collect();
    role(&mut li.desk, &study, "pi");
    li.desk.adopt(&study, &ids, None).unwrap();
    sound(&li);
    wang.desk.erase_stream(study.as_str(), &|_| true).unwrap();
    sound(&wang);
}

#[test]
fn f77_a_withdrawn_vault_is_erased_only_when_all_was_handed_in() {
    let Scene {
        mut center,
        mut wang,
        study,
        ..
    } = scene(47);
    let dir = wang.dir.clone();
    set(&mut wang.desk, &study, "acronym", json!("F"));
    let waits = wang.desk.waiting().unwrap();
    assert_eq!(waits, 1);
    let Laptop { bench, desk, .. } = wang;
    assert!(matches!(desk.erase_vault(None), Err(DeskError::Unsent)));
    let mut desk = crate::world::open(&dir, &bench);
    center.push(&mut desk, &study, true);
    let copies = bench.path("copies");
    std::fs::create_dir(&copies).unwrap();
    desk::backup::daily(desk.vault(), &copies, 7, &bench.env).unwrap();
    desk.erase_vault(Some(&copies)).unwrap();
    assert_eq!(std::fs::read_dir(&copies).unwrap().count(), 0);
    for name in [
        "vault.db",
        "vault.db-wal",
        "vault.json",
        "vault.json.bak",
        "blobs",
    ] {
        assert!(!dir.join(name).exists(), "{name}");
    }
}

#[test]
fn f78_months_without_a_center_never_hinder_work() {
    let mut li = Laptop::new(48, "李明");
    let study = new_study(&mut li.desk, "甲");
    assert!(!li.desk.is_lease_over().unwrap(), "no center, no lease");
    connect(&mut li.desk);
    li.desk.sync_note(None).unwrap();
    let mut total = 0;
    for days in [89, 180, 730] {
        let clock = testkit::FixedClock::at("2026-11-23T08:00:00Z");
        total += days;
        clock.advance(chrono::TimeDelta::days(total));
        li.bench.env.clock = std::sync::Arc::new(clock);
        let mut later = li.reopen();
        assert_eq!(later.desk.is_lease_over().unwrap(), days >= 90);
        // Work goes on, whatever the lease says; with the passphrase it begins anew.
        set(
            &mut later.desk,
            &study,
            "acronym",
            json!(format!("D{days}")),
        );
        assert_eq!(
            shown(&later, &study, "acronym"),
            [json!(format!("D{days}"))]
        );
        later.desk.renew_lease().unwrap();
        assert!(!later.desk.is_lease_over().unwrap());
        sound(&later);
        li = later;
    }
}

#[test]
fn f61_a_center_that_was_put_back_moves_nothing_that_it_had_judged() {
    let Scene {
        mut center,
        mut li,
        study,
        ..
    } = scene(49);
    let (before, n) = (doc(&li.desk, &study), held(&li, &study).len());
    // It lost everything, and judges by the rights of today what is handed in again.
    center.referee = Referee::default();
    let was_held = std::mem::take(&mut center.held);
    assert_eq!(was_held.len(), n);
    li.desk.rewind(study.as_str()).unwrap();
    center.push(&mut li.desk, &study, true);
    assert_eq!(doc(&li.desk, &study), before);
    assert_eq!(held(&li, &study).len(), n);
    center.held.clear();
    center.pull(&mut li.desk, &study);
    assert_eq!(doc(&li.desk, &study), before);
    assert_eq!(held(&li, &study).len(), n);
    sound(&li);
}

#[test]
fn nothing_is_erased_while_a_file_of_it_is_here_alone() {
    let mut li = Laptop::new(50, "李明");
    let mut center = Center::default();
    let (study, other) = (new_study(&mut li.desk, "甲"), new_study(&mut li.desk, "乙"));
    let mut hashes = Vec::new();
    for (study, bytes) in [(&study, "own"), (&study, "both"), (&other, "both")] {
        let id = document(&mut li.desk, study);
        hashes.push(attach(&mut li.desk, study, &id, bytes.as_bytes()).hash);
    }
    center.push(&mut li.desk, &study, false);
    center.push(&mut li.desk, &other, false);
    assert_eq!(li.desk.waiting().unwrap(), 0);
    let kept = li
        .desk
        .erase_stream(study.as_str(), &|hash| hash == hashes[1]);
    assert!(matches!(kept, Err(DeskError::Unsent)));
    assert!(!li.desk.is_handed_in(&|_, _| false).unwrap());
    assert!(li.desk.is_handed_in(&|_, _| true).unwrap());
    assert_eq!(shown(&li, &study, "title.zh"), [json!("甲")]);
    li.desk.erase_stream(study.as_str(), &|_| true).unwrap();
    // What the other study names as well stays.
    let here = li.desk.blobs_here().unwrap();
    assert_eq!(here.into_iter().collect::<Vec<_>>(), [hashes[1].clone()]);
    sound(&li);
}
