//! Laptops that were copied, put back from an older state, or spoilt: found at the next contact,
//! nothing lost, all the same at the end. Real programs.

use crate::center::Center;
use crate::laptop::{Laptop, PASSPHRASE};
use desk::vault::{Key, NoKeychain};
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
    {
        let env = testkit::env(7, &wang.path("elsewhere"));
        let opened = desk::vault::open(
            &wang.path("vault"),
            Key::Passphrase(PASSPHRASE),
            &NoKeychain,
            &env,
        );
        let opened = opened.expect("the vault opens");
        let sql = "DELETE FROM heads WHERE field = 'enrollment'";
        opened.conn.execute_batch(sql).expect("spoilt");
    }
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
