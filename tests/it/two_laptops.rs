//! Two laptops work apart, meet at the center, and nothing is lost or overwritten unseen.

use crate::center::Center;
use crate::laptop::Laptop;
use serde_json::json;

fn connect(laptop: &Laptop, center: &Center, user: &str) {
    let code = center.invite(user);
    laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
}

fn new_study(laptop: &Laptop, words: &[&str]) -> String {
    let answer = laptop.json(&[&["study", "new"], words].concat());
    answer["study"].as_str().expect("an id").to_owned()
}

#[test]
fn a_field_edited_on_both_shows_both_until_somebody_resolves_it() {
    let center = Center::start();
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let study = new_study(&li, &["title.zh=心衰早期干预", "--hospital", "zhongshan"]);
    connect(&li, &center, "li");
    let sent = li.json(&["sync"]);
    assert_eq!(sent["waiting"], 0);
    assert!(sent["sent"].as_u64().expect("a number") >= 1);
    connect(&wang, &center, "wang");
    assert_eq!(
        wang.json(&["sync"])["received"],
        0,
        "not a member, so nothing comes"
    );
    center.grant(&study, "wang", "co-investigator");
    assert!(wang.json(&["sync"])["received"].as_u64().expect("a number") >= 1);
    assert_eq!(li.digest(), wang.digest());

    li.ok(&[
        "edit",
        &study,
        "enrollment",
        "120",
        "--why",
        "第1次伦理意见",
    ]);
    wang.ok(&["edit", &study, "enrollment", "150", "--why", "统计师建议"]);
    li.ok(&["sync"]);
    let met = wang.json(&["sync"]);
    assert_eq!(met["conflicts"], 1);
    li.ok(&["sync"]);
    for laptop in [&li, &wang] {
        let conflicts = laptop.json(&["conflicts"]);
        let heads = conflicts[0]["heads"].as_array().expect("heads");
        let mut values: Vec<_> = heads.iter().map(|head| head["value"].clone()).collect();
        values.sort_by_key(|value| value.as_i64());
        assert_eq!(values, [json!(120), json!(150)]);
        let names: Vec<_> = heads
            .iter()
            .filter_map(|head| head["byName"].as_str())
            .collect();
        assert!(
            names.contains(&"李示例") && names.contains(&"王示例"),
            "{names:?}"
        );
        let (code, sentence) = laptop.refused(&["edit", &study, "enrollment", "130"]);
        assert_eq!(code, 1, "{sentence}");
    }

    li.ok(&["resolve", &study, "enrollment", "140", "--why", "双方商定"]);
    li.ok(&["sync"]);
    wang.ok(&["sync"]);
    assert_eq!(wang.json(&["conflicts"]), json!([]));
    assert_eq!(
        wang.json(&["study", "show", &study])["fields"]["enrollment"],
        140
    );
    assert_eq!(li.digest(), wang.digest());
    let history = wang.json(&["history", &study, "enrollment"]);
    let newest = &history[0];
    assert_eq!(newest["to"], 140);
    assert_eq!(newest["whyText"], "双方商定");
    assert_eq!(newest["from"].as_array().expect("both").len(), 2);
}

#[test]
fn one_number_on_two_laptops_of_one_person_is_offered_for_joining() {
    let center = Center::start();
    let (office, home) = (Laptop::of("陈示例"), Laptop::of("陈示例"));
    let words = ["title.en=Early intervention", "registry.nct=NCT99999901"];
    let first = new_study(&office, &words);
    let second = new_study(&home, &words);
    office.ok(&["edit", &first, "acronym", "EARLY"]);
    home.ok(&["edit", &second, "title.zh", "早期干预"]);
    connect(&office, &center, "chen");
    connect(&home, &center, "chen");
    for _ in 0..2 {
        office.ok(&["sync"]);
        home.ok(&["sync"]);
    }
    assert_eq!(
        office
            .json(&["study", "list"])
            .as_array()
            .expect("rows")
            .len(),
        2
    );
    office.ok(&["study", "join", &first, &second]);
    office.ok(&["sync"]);
    home.ok(&["sync"]);
    assert_eq!(office.digest(), home.digest());
    let list = home.json(&["study", "list"]);
    assert_eq!(list.as_array().expect("rows").len(), 1);
    let study = home.json(&["study", "show", &first]);
    assert_eq!(study["fields"]["acronym"], "EARLY");
    assert_eq!(study["fields"]["title.zh"], "早期干预");
    assert_eq!(study["conflicts"], json!({}));
}

#[test]
fn a_stick_carries_a_study_where_there_is_no_network_at_all() {
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let study = new_study(&li, &["title.zh=心衰早期干预"]);
    let stick = li.path("stick.sync");
    let stick = stick.to_str().expect("a path");
    li.ok(&["sync", "bundle", "out", &study, "-o", stick]);
    let taken = wang.json(&["sync", "bundle", "in", stick]);
    assert!(taken["new"].as_u64().expect("a number") >= 1, "{taken}");
    assert_eq!(taken["problems"], json!([]));
    assert_eq!(wang.json(&["sync", "bundle", "in", stick])["new"], 0);
    wang.ok(&["edit", &study, "enrollment", "150"]);
    wang.ok(&["sync", "bundle", "out", &study, "-o", stick]);
    li.ok(&["sync", "bundle", "in", stick]);
    assert_eq!(li.digest(), wang.digest());
    let (code, why) = li.refused(&["sync", "bundle", "in", "/no/such/file"]);
    assert_eq!(code, 1);
    assert!(why.contains("cannot be read"), "{why}");
}
