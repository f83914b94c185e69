//! A commit that is gone from the middle of a log, as by a page that a disk lost: noticed when the
//! vault is opened, named, filled from the center or from another laptop's file, never papered over.

use crate::referee::Referee;
use crate::world::{Laptop, doc, edit, new_study, set, values};
use desk::vault::{Kdf, Note};
use model::StudyId;
use serde_json::{Value, json};

const WORDS: &str = "stick 优盘";

/// Does to the tables what no program does.
fn spoil(laptop: &mut Laptop, sql: &str) {
    let sql = format!("PRAGMA foreign_keys = OFF; {sql}; PRAGMA foreign_keys = ON");
    laptop.desk.vault().conn.execute_batch(&sql).unwrap();
}

fn codes(laptop: &Laptop) -> Vec<&'static str> {
    let problems = laptop.desk.verify().unwrap().problems;
    problems.iter().map(|problem| problem.code).collect()
}

fn is_said_at_opening(laptop: &mut Laptop) -> bool {
    let notes = &laptop.desk.vault().notes;
    notes
        .iter()
        .any(|note| matches!(note, Note::CommitsMissing))
}

fn shown(laptop: &Laptop, study: &StudyId, field: &str) -> Vec<Value> {
    values(&laptop.desk, study, &study.root(), field)
}

/// Two laptops with the same log of nine commits, written in turn.
fn scene(seed: u64) -> (Referee, Laptop, Laptop, StudyId) {
    let mut center = Referee::default();
    let mut li = Laptop::new(seed, "李明");
    let mut wang = Laptop::new(seed + 1, "王芳");
    let study = new_study(&mut li.desk, "甲");
    for n in 0..4 {
        set(&mut li.desk, &study, "enrollment", json!(100 + n));
        center.sync(&mut li.desk);
        center.sync(&mut wang.desk);
        set(&mut wang.desk, &study, "acronym", json!(format!("A{n}")));
        center.sync(&mut wang.desk);
        center.sync(&mut li.desk);
    }
    assert_eq!(center.n(study.as_str()), 9);
    (center, li, wang, study)
}

/// What a disk may do to a log: which statement, and how many commits are gone.
const HARM: [(&str, u64); 7] = [
    ("DELETE FROM commits WHERE sseq = 4", 1),
    ("DELETE FROM commits WHERE sseq IN (3, 4, 6)", 3),
    (
        "DELETE FROM ops WHERE commit_id IN (SELECT id FROM commits WHERE sseq IN (2, 5));
         DELETE FROM payloads WHERE commit_id IN (SELECT id FROM commits WHERE sseq IN (2, 5));
         DELETE FROM commits WHERE sseq IN (2, 5)",
        2,
    ),
    ("DELETE FROM commits WHERE sseq >= 6", 4),
    // Here the log has as many as it should; one of them is not what was signed.
    ("UPDATE commits SET bytes = x'7b7d' WHERE sseq = 5", 0),
    (
        "UPDATE commits SET hash = 'sha256:' || substr(hash, 9) || 'a' WHERE sseq = 4",
        0,
    ),
    (
        "DELETE FROM ops WHERE commit_id = (SELECT id FROM commits WHERE sseq = 7)",
        0,
    ),
];

#[test]
fn f11_a_hole_is_noticed_when_the_vault_is_opened_and_named_once() {
    let (_, _, mut wang, study) = scene(71);
    assert_eq!(wang.desk.n_missing().unwrap(), 0);
    let named = wang.desk.connection().query_row(
        "SELECT d.name || ':' || c.seq FROM commits c JOIN devices d ON d.id = c.device
         WHERE c.sseq = 4",
        [],
        |row| row.get::<_, String>(0),
    );
    let named = format!("{} {}", study.as_str(), named.unwrap());
    spoil(&mut wang, HARM[0].0);
    wang = wang.reopen();
    assert_eq!(wang.desk.n_missing().unwrap(), 1);
    assert!(is_said_at_opening(&mut wang));
    let problems = wang.desk.verify().unwrap().problems;
    let missing: Vec<_> = problems.iter().filter(|p| p.code == "missing").collect();
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].place, named);
    assert!(!codes(&wang).contains(&"chain"), "it was said once");
    assert_eq!(wang.desk.close_gap(study.as_str()).unwrap(), None);
    // Work goes on, and opening again papers nothing over.
    set(&mut wang.desk, &study, "title.en", json!("On top"));
    wang = wang.reopen();
    assert_eq!(wang.desk.n_missing().unwrap(), 1);
    assert!(wang.desk.mend(study.as_str()).is_ok());
    assert_eq!(wang.desk.n_missing().unwrap(), 1);
    assert!(codes(&wang).contains(&"missing"));
}

#[test]
fn f11_a_hole_is_filled_from_the_center_in_the_order_it_had() {
    for (sql, n) in HARM {
        let (mut center, mut li, mut wang, study) = scene(73);
        spoil(&mut wang, sql);
        wang = wang.reopen();
        assert_eq!(wang.desk.n_missing().unwrap(), n, "{sql}");
        assert_eq!(is_said_at_opening(&mut wang), n > 0, "{sql}");
        // Work goes on meanwhile.
        for (field, value) in [("title.en", json!("On top")), ("acronym", json!("A3"))] {
            let edit = edit(&wang.desk, &study, &study.root(), field, value);
            let saved = wang.desk.set(&study, edit, None);
            assert!(saved.is_ok(), "{sql}: {saved:?}");
        }
        wang.desk.rewind(study.as_str()).unwrap();
        center.pull_all(&mut wang.desk);
        assert_eq!(wang.desk.n_missing().unwrap(), 0, "{sql}");
        assert_eq!(codes(&wang), [""; 0], "{sql}");
        center.sync(&mut wang.desk);
        center.sync(&mut li.desk);
        assert_eq!(wang.desk.waiting().unwrap(), 0, "{sql}");
        assert_eq!(doc(&wang.desk, &study), doc(&li.desk, &study), "{sql}");
        assert_eq!(shown(&wang, &study, "enrollment"), [json!(103)], "{sql}");
        assert_eq!(wang.desk.digest().unwrap(), li.desk.digest().unwrap());
        assert!(wang.desk.was_put_back().unwrap(), "{sql}");
        assert!(!wang.desk.was_put_back().unwrap(), "it is told once");
        // What both write next fits.
        set(&mut wang.desk, &study, "acronym", json!("W"));
        set(&mut li.desk, &study, "enrollment", json!(7));
        center.sync(&mut wang.desk);
        center.sync(&mut li.desk);
        center.sync(&mut wang.desk);
        assert_eq!(wang.desk.digest().unwrap(), li.desk.digest().unwrap());
        assert_eq!(codes(&wang.reopen()), [""; 0], "{sql}");
    }
}

#[test]
fn f11_a_hole_is_filled_from_another_laptops_file_without_any_center() {
    for (sql, n) in HARM {
        let (mut center, mut li, mut wang, study) = scene(75);
        let shown = doc(&wang.desk, &study);
        spoil(&mut wang, sql);
        wang = wang.reopen();
        let kdf = Kdf::quick_for_tests();
        let file = li.desk.bundle_out(std::slice::from_ref(&study), WORDS, kdf);
        let file = file.unwrap();
        let taken = wang.desk.bundle_in(&file, WORDS).unwrap();
        assert_eq!(taken.problems, [], "{sql}");
        assert_eq!(taken.n_put_back as u64, n.max(1), "{sql}");
        assert_eq!(wang.desk.n_missing().unwrap(), 0, "{sql}");
        assert_eq!(codes(&wang), [""; 0], "{sql}");
        assert_eq!(doc(&wang.desk, &study), shown, "{sql}");
        // Once is enough.
        let again = wang.desk.bundle_in(&file, WORDS).unwrap();
        assert_eq!((again.n_new, again.n_put_back), (0, 0), "{sql}");
        center.sync(&mut wang.desk);
        center.sync(&mut li.desk);
        assert_eq!(center.n(study.as_str()), 9, "nothing is doubled");
        assert_eq!(wang.desk.digest().unwrap(), li.desk.digest().unwrap());
        assert_eq!(wang.desk.waiting().unwrap(), 0, "{sql}");
    }
}

#[test]
fn f11_what_is_left_of_an_unsent_commit_outlives_a_hole_that_the_center_fills() {
    let (mut center, mut li, mut wang, study) = scene(77);
    set(&mut wang.desk, &study, "enrollment", json!(500));
    set(&mut wang.desk, &study, "title.en", json!("Behind it"));
    spoil(
        &mut wang,
        "DELETE FROM commits WHERE sseq = 4
             OR id = (SELECT min(id) FROM commits WHERE sseq IS NULL)",
    );
    wang = wang.reopen();
    assert_eq!(wang.desk.n_missing().unwrap(), 2);
    wang.desk.rewind(study.as_str()).unwrap();
    center.pull_all(&mut wang.desk);
    assert_eq!(wang.desk.n_missing().unwrap(), 1, "the center never had it");
    let closed = wang.desk.close_gap(study.as_str()).unwrap();
    assert_eq!(closed.expect("there was a gap").n_lost, 0);
    assert_eq!(wang.desk.n_missing().unwrap(), 0);
    assert_eq!(wang.desk.close_gap(study.as_str()).unwrap(), None);
    center.sync(&mut wang.desk);
    center.sync(&mut li.desk);
    assert_eq!(shown(&li, &study, "enrollment"), [json!(500)]);
    assert_eq!(shown(&li, &study, "title.en"), [json!("Behind it")]);
    assert_eq!(wang.desk.digest().unwrap(), li.desk.digest().unwrap());
    assert_eq!(codes(&wang), [""; 0]);
    // The trail says that it is no original.
    let all = desk::HistoryScope::Study(study.clone());
    let history = li.desk.history(&all, 10, 0).unwrap();
    let mut reasons = history.iter().map(|entry| entry.why_code.as_deref());
    assert!(reasons.any(|code| code == Some("recovered")));
}

#[test]
fn f11_an_unsent_commit_whose_bytes_are_spoilt_holds_up_nothing() {
    let (mut center, mut li, mut wang, study) = scene(79);
    set(&mut wang.desk, &study, "enrollment", json!(500));
    set(&mut wang.desk, &study, "title.en", json!("Behind it"));
    spoil(
        &mut wang,
        "UPDATE commits SET bytes = CAST(x'00' || substr(bytes, 2) AS BLOB)
         WHERE id = (SELECT min(id) FROM commits WHERE sseq IS NULL)",
    );
    wang = wang.reopen();
    let closed = wang.desk.close_gap(study.as_str()).unwrap();
    assert_eq!(closed.expect("there was a gap").n_lost, 0);
    center.sync(&mut wang.desk);
    center.sync(&mut li.desk);
    assert_eq!(shown(&li, &study, "enrollment"), [json!(500)]);
    assert_eq!(shown(&li, &study, "title.en"), [json!("Behind it")]);
    assert_eq!(codes(&wang), [""; 0]);
}

#[test]
fn f11_what_is_lost_for_good_is_said_for_a_week() {
    let (mut center, mut li, mut wang, study) = scene(81);
    set(&mut wang.desk, &study, "enrollment", json!(500));
    set(&mut wang.desk, &study, "title.en", json!("Behind it"));
    spoil(
        &mut wang,
        "DELETE FROM commits WHERE id = (SELECT min(id) FROM commits WHERE sseq IS NULL);
         DELETE FROM payloads WHERE commit_id NOT IN (SELECT id FROM commits);
         DELETE FROM ops WHERE commit_id NOT IN (SELECT id FROM commits)",
    );
    wang = wang.reopen();
    let closed = wang.desk.close_gap(study.as_str()).unwrap();
    assert_eq!(closed.expect("there was a gap").n_lost, 1);
    wang = wang.reopen();
    assert_eq!(wang.desk.n_lost().unwrap(), 1);
    center.sync(&mut wang.desk);
    center.sync(&mut li.desk);
    assert_eq!(shown(&li, &study, "enrollment"), [json!(103)]);
    assert_eq!(shown(&li, &study, "title.en"), [json!("Behind it")]);
    assert_eq!(codes(&wang), [""; 0]);
    spoil(
        &mut wang,
        "UPDATE meta SET value = '1 2020-01-01T00:00:00.000Z' WHERE key = 'log.lost'",
    );
    assert_eq!(wang.desk.n_lost().unwrap(), 0);
}
