//! A morning: from the list of today to the blocked site, to what blocks it, and back, in the real
//! window and by the keyboard alone. What is settled is gone from every list.

use crate::laptop::Laptop;
use crate::window::{ENTER, ESCAPE, F1, TAB, Window, missing};
use chrono::{NaiveDate, TimeDelta};
use serde_json::Value;

/// A day counted from today, as the program tells today.
fn day(laptop: &Laptop, ahead: i64) -> String {
    let today = laptop.json(&["due"])["today"].clone();
    let today: NaiveDate = today.as_str().expect("a day").parse().expect("a day");
    (today + TimeDelta::days(ahead)).to_string()
}

fn readiness(laptop: &Laptop, study: &str) -> Value {
    laptop.json(&["site", "readiness", study, "--site", "huashan"])
}

fn ids(rows: &Value) -> Vec<String> {
    let rows = rows.as_array().expect("rows").iter();
    rows.map(|row| row["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// A study whose one site lacks a single thing for its next step. Gives the name of the thing and
/// of the step.
fn one_thing_missing(laptop: &Laptop) -> (String, String) {
    let new = [
        "study",
        "new",
        "--template",
        "cn-iit-interventional",
        "--hospital",
        "huashan",
        "title.zh=卒中早期康复",
    ];
    let study = laptop.json(&new)["study"]
        .as_str()
        .expect("an id")
        .to_owned();
    let siv = format!("siv={}", day(laptop, 20));
    laptop.ok(&[
        "milestone",
        "template",
        "apply",
        &study,
        "cn-iit-site",
        "--site",
        "huashan",
        &siv,
    ]);
    let blocking = ids(&readiness(laptop, &study)["blocking"]);
    let (last, done) = blocking.split_last().expect("something blocks");
    for id in done {
        let actual = format!("milestone/{id}/actual");
        laptop.ok(&["edit", &study, &actual, &day(laptop, -1)]);
    }
    let now = readiness(laptop, &study);
    assert_eq!(ids(&now["blocking"]), std::slice::from_ref(last));
    let name = |row: &Value| row["name"]["zh"].as_str().expect("a name").to_owned();
    (name(&now["blocking"][0]), name(&now["next"]))
}

#[tokio::test]
async fn what_blocks_a_site_is_settled_from_the_list_of_today_by_the_keyboard_alone() {
    if let Some(reason) = missing() {
        eprintln!("skipped: {reason}");
        return;
    }
    let laptop = Laptop::of("李示例");
    let (thing, step) = one_thing_missing(&laptop);
    let today = day(&laptop, 0);
    let window = Window::open_on(&laptop.path("vault")).await;
    window.unlock().await;

    // The blocked site is on the list, with how much it lacks.
    window.find("today-jump-blocked").await;
    window.tab_to("today-jump-blocked").await;
    window.type_in(ENTER).await;
    window.sees("还差 1 项").await;
    window.picture("today-blocked-zh").await;
    window.axe_finds_nothing("today").await;
    window.type_in(ENTER).await;

    // Its page names the one thing, and the step that waits for it.
    window.find("ready-blocking").await;
    window.sees(&format!("下一步：{step}")).await;
    window.sees(&thing).await;
    window.picture("readiness-zh").await;
    window.axe_finds_nothing("readiness").await;

    // The help about this page stands beside it, and leaves the keyboard where it was.
    window.type_in("j").await;
    window.type_in(F1).await;
    window.find("help-page").await;
    window.sees("须先完成").await;
    window.picture("help-zh").await;
    window.axe_finds_nothing("help").await;
    window.type_in(ESCAPE).await;
    window.gone("help").await;

    // Enter leads to the date; it is noted where it stands.
    window.type_in(ENTER).await;
    window.find("panel-milestones").await;
    window.type_in(ENTER).await;
    window.type_in(&today).await;
    window.type_in(TAB).await;
    window.sees(&today).await;

    // Nothing blocks it any more, there and on the list.
    window.go_back().await;
    window.find("readiness").await;
    window.gone("ready-blocking").await;
    window.picture("readiness-settled-zh").await;
    window.go_back().await;
    window.find("today").await;
    window.gone("today-jump-blocked").await;
    window.picture("today-settled-zh").await;
    window.close().await;
}
