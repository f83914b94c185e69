//! Laptops that were copied, put back from an older state, or spoilt: found at the next contact,
//! nothing lost, all the same at the end. Real programs.

use crate::center::Center;
use crate::laptop::Laptop;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn connect(laptop: &Laptop, center: &Center, user: &str) {
    let code = center.invite(user);
    laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).expect("copied")),
        }
    }
}

fn values(laptop: &Laptop) -> Vec<Value> {
    let conflicts = laptop.json(&["conflicts"]);
    let heads = conflicts[0]["heads"].as_array().expect("heads").clone();
    let mut values: Vec<Value> = heads.iter().map(|head| head["value"].clone()).collect();
    values.sort_by_key(Value::as_i64);
    values
}

/// Does to the tables of a closed vault what no program does.
fn spoil(laptop: &Laptop, sql: &str) {
    let mut desk = laptop.desk();
    let sql = format!("PRAGMA foreign_keys = OFF; {sql}");
    desk.vault().conn.execute_batch(&sql).expect("spoilt");
}

/// A center, a laptop and a study that the center has.
fn begin() -> (Center, Laptop, String) {
    let center = Center::start();
    let li = Laptop::of("李示例");
    let new = ["study", "new", "title.zh=心衰早期干预"];
    let study = li.json(&new)["study"].as_str().expect("an id").to_owned();
    connect(&li, &center, "li");
    li.ok(&["sync"]);
    (center, li, study)
}

#[test]
fn f31_a_copied_laptop_keeps_its_edits_and_so_does_the_first() {
    let (_center, one, study) = begin();
    let two = Laptop::bare();
    copy(&one.path("vault"), &two.path("vault"));
    one.ok(&["edit", &study, "enrollment", "120"]);
    two.ok(&["edit", &study, "enrollment", "150"]);
    two.ok(&["edit", &study, "acronym", "TWO"]);
    for laptop in [&one, &two, &one] {
        let met = laptop.json(&["sync"]);
        assert_eq!(met["waiting"], 0, "{met}");
    }
    assert_eq!(one.digest(), two.digest());
    for laptop in [&one, &two] {
        assert_eq!(values(laptop), [json!(120), json!(150)]);
        let shown = laptop.json(&["study", "show", &study]);
        assert_eq!(shown["fields"]["acronym"], "TWO");
    }
}

#[test]
fn f32_a_laptop_put_back_to_an_older_state_loses_and_repeats_nothing() {
    let (center, li, study) = begin();
    let older = li.path("older");
    copy(&li.path("vault"), &older);
    li.ok(&["edit", &study, "enrollment", "120"]);
    li.ok(&["edit", &study, "acronym", "LATER"]);
    li.ok(&["sync"]);
    fs::remove_dir_all(li.path("vault")).expect("removed");
    copy(&older, &li.path("vault"));
    li.ok(&["edit", &study, "enrollment", "150"]);
    assert_eq!(li.json(&["sync"])["waiting"], 0);
    assert_eq!(values(&li), [json!(120), json!(150)]);
    let shown = li.json(&["study", "show", &study]);
    assert_eq!(shown["fields"]["acronym"], "LATER");
    let again = li.json(&["sync"]);
    assert_eq!((&again["sent"], &again["received"]), (&json!(0), &json!(0)));
    let fresh = Laptop::of("李示例");
    connect(&fresh, &center, "li");
    fresh.ok(&["sync"]);
    assert_eq!(fresh.digest(), li.digest());
}

#[test]
fn f10_what_a_laptop_shows_wrongly_is_found_and_mended_in_one_contact() {
    let (center, li, study) = begin();
    let wang = Laptop::of("王示例");
    connect(&wang, &center, "wang");
    center.grant(&study, "wang", "co-investigator");
    li.ok(&["edit", &study, "enrollment", "120"]);
    li.ok(&["sync"]);
    wang.ok(&["sync"]);
    let right = li.digest();
    assert_eq!(wang.digest(), right);
    assert_eq!(wang.json(&["sync"])["note"], Value::Null);
    spoil(&wang, "DELETE FROM heads WHERE field = 'enrollment'");
    let shown = wang.json(&["study", "show", &study]);
    assert_eq!(shown["fields"]["enrollment"], Value::Null);
    assert_eq!(wang.json(&["sync"])["note"], "sync.mended");
    assert_eq!(wang.digest(), right);
    let shown = wang.json(&["study", "show", &study]);
    assert_eq!(shown["fields"]["enrollment"], 120);
    // The one that was right did nothing and is told nothing.
    assert_eq!(li.json(&["sync"])["note"], Value::Null);
    assert_eq!(wang.json(&["sync"])["note"], Value::Null);
}

#[test]
fn f11_a_commit_that_is_missing_in_a_log_is_fetched_again_in_one_contact() {
    let (center, li, study) = begin();
    let wang = Laptop::of("王示例");
    connect(&wang, &center, "wang");
    center.grant(&study, "wang", "co-investigator");
    wang.ok(&["sync"]);
    for (one, other, n) in [
        (&li, &wang, "120"),
        (&wang, &li, "130"),
        (&li, &wang, "140"),
    ] {
        one.ok(&["edit", &study, "enrollment", n]);
        one.ok(&["sync"]);
        other.ok(&["sync"]);
    }
    for (n, sql) in [
        "DELETE FROM commits WHERE sseq = 2",
        "DELETE FROM commits WHERE sseq IN (2, 3);
         DELETE FROM ops WHERE commit_id NOT IN (SELECT id FROM commits)",
        "DELETE FROM commits WHERE sseq = 4",
        "DELETE FROM commits WHERE sseq = (SELECT max(sseq) FROM commits)",
        "UPDATE commits SET hash = 'sha256:' || substr(hash, 9) || 'a' WHERE sseq = 2",
    ]
    .into_iter()
    .enumerate()
    {
        spoil(&wang, sql);
        // What she writes meanwhile is not lost.
        let title = format!("On top {n}");
        wang.ok(&["edit", &study, "title.en", &title]);
        let met = wang.json(&["sync"]);
        let found = (&met["note"], &met["waiting"]);
        assert_eq!(found, (&json!("sync.mended"), &json!(0)), "{sql}");
        li.ok(&["sync"]);
        assert_eq!(wang.digest(), li.digest(), "{sql}");
        let shown = li.json(&["study", "show", &study]);
        assert_eq!(shown["fields"]["title.en"], title, "{sql}");
        assert_eq!(shown["fields"]["enrollment"], 140, "{sql}");
        li.ok(&["edit", &study, "acronym", &format!("A{n}")]);
        li.ok(&["sync"]);
        assert_eq!(wang.json(&["sync"])["note"], Value::Null, "{sql}");
    }
}

#[test]
fn f11_what_was_not_sent_yet_and_is_gone_from_the_log_is_written_again_or_said_to_be_lost() {
    let (_center, li, study) = begin();
    let edit = |values: &[(&str, &str)]| {
        for (field, value) in values {
            li.ok(&["edit", &study, field, value]);
        }
    };
    let gone = "DELETE FROM commits WHERE id = (SELECT min(id) FROM commits
                WHERE sseq IS NULL AND status <> 3)";
    edit(&[
        ("enrollment", "120"),
        ("acronym", "ONE"),
        ("acronym", "TWO"),
    ]);
    spoil(&li, gone);
    let met = li.json(&["sync"]);
    assert_eq!(
        (&met["note"], &met["waiting"]),
        (&json!("sync.mended"), &json!(0))
    );
    let shown = li.json(&["study", "show", &study]);
    assert_eq!(shown["fields"]["enrollment"], 120);
    assert_eq!(shown["fields"]["acronym"], "TWO");
    li.digest();

    // Nothing is left of it: the rest goes on, and it is said.
    edit(&[("enrollment", "150"), ("acronym", "THREE")]);
    spoil(
        &li,
        &format!("{gone}; DELETE FROM ops WHERE commit_id NOT IN (SELECT id FROM commits)"),
    );
    let met = li.json(&["sync"]);
    assert_eq!(
        (&met["note"], &met["waiting"]),
        (&json!("sync.lost"), &json!(0))
    );
    assert_eq!(met["noteParams"], json!({"n": "1"}));
    let shown = li.json(&["study", "show", &study]);
    assert_eq!(shown["fields"]["enrollment"], 120);
    assert_eq!(shown["fields"]["acronym"], "THREE");
    li.digest();
    let met = li.json(&["sync"]);
    // Said for a week, lest nobody was looking.
    assert_eq!(
        (&met["note"], &met["sent"]),
        (&json!("sync.lost"), &json!(0))
    );
}
