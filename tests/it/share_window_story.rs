//! A study is shared, written on by somebody else, taken back, and what came too late is judged:
//! in the real window, with a real center.

use crate::center::Center;
use crate::laptop::Laptop;
use crate::window::{ENTER, Window, missing};
use fantoccini::Locator;
use serde_json::{Value, json};

const TITLE: &str = "心衰早期干预";

fn connected(center: &Center, name: &str, user: &str) -> Laptop {
    let laptop = Laptop::of(name);
    let code = center.invite(user);
    laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
    laptop.ok(&["sync"]);
    laptop
}

async fn members(window: &Window) {
    window.click("rail-studies").await;
    window.click("study-row").await;
    window.click("tab-members").await;
    window.find("members").await;
}

/// Opens the menu of the member with a role.
async fn menu_of(window: &Window, role: &str) {
    let css = format!("[data-testid=member-row][data-role={role}] [data-testid=member-menu]");
    let menu = window.client.wait().for_element(Locator::Css(&css)).await;
    let menu = menu.unwrap_or_else(|error| panic!("the menu of the {role}: {error}"));
    menu.click().await.expect("clicked");
}

async fn shares(li: &Laptop) {
    let window = Window::open_on(&li.path("vault")).await;
    window.unlock().await;
    members(&window).await;
    window.click("member-share").await;
    window.fill("member-account", "wang").await;
    window.sees("将会发生").await;
    window.picture("share-dialog-zh").await;
    window.axe_finds_nothing("the dialog for sharing").await;
    window.click("member-sure").await;
    window.gone("member-dialog").await;
    window.sees("中心已记录").await;
    assert_eq!(window.count("member-row").await, 2);
    window.picture("members-zh").await;
    window.axe_finds_nothing("members").await;
    window.close().await;
}

async fn sees_it_and_writes(wang: &Laptop) {
    let window = Window::open_on(&wang.path("vault")).await;
    window.unlock().await;
    window.click("rail-studies").await;
    // It comes by itself.
    window.sees(TITLE).await;
    window.click("study-row").await;
    window.click("tab-overview").await;
    window.press("field-study-acronym", "").await;
    window.type_in(&format!("WANG{ENTER}")).await;
    window.sees("WANG").await;
    window.close().await;
}

async fn takes_it_back_and_judges(li: &Laptop, wang: &Laptop, study: &str) {
    let window = Window::open_on(&li.path("vault")).await;
    window.unlock().await;
    window.click("rail-studies").await;
    window.click("study-row").await;
    window.click("tab-overview").await;
    window.sees("WANG").await;
    window.click("tab-members").await;
    window.find("members").await;
    menu_of(&window, "coordinator").await;
    window.item("收回").await;
    window.picture("unshare-dialog-zh").await;
    window.axe_finds_nothing("the dialog for taking back").await;
    window.click("member-sure").await;
    window.gone("member-dialog").await;
    window.sees("曾经的成员").await;

    // What she wrote meanwhile comes now, and her copy is gone.
    let met = wang.json(&["sync"]);
    assert_eq!(met["note"], "sync.erased");
    wang.refused(&["study", "show", study]);

    window.click("rail-review").await;
    window.find("review-yours").await;
    for piece in ["王示例", "LATER", "300", "输入一半"] {
        window.sees(piece).await;
    }
    window.picture("review-zh").await;
    window.axe_finds_nothing("what was kept for review").await;
    // Newest first: the title, the number, the acronym.
    for why in ["没有写完", ""] {
        match why.is_empty() {
            true => window.click("held-adopt").await,
            false => {
                window.click("held-dismiss").await;
                window.fill("dismiss-why", why).await;
                window.click("dismiss-sure").await;
                window.gone("dismiss-dialog").await;
            }
        }
        window
            .sees(if why.is_empty() { "已采纳" } else { why })
            .await;
    }
    window.click("rail-studies").await;
    window.click("study-row").await;
    window.click("tab-overview").await;
    window.sees("300").await;
    window.picture("adopted-zh").await;
    window.close().await;
}

#[tokio::test]
async fn a_study_is_shared_taken_back_and_what_came_too_late_is_adopted_or_dismissed() {
    if let Some(reason) = missing() {
        eprintln!("skipped: {reason}");
        return;
    }
    let center = Center::start();
    let li = Laptop::of("李示例");
    let new = li.json(&["study", "new", &format!("title.zh={TITLE}"), "acronym=A"]);
    let study = new["study"].as_str().expect("an id").to_owned();
    let code = center.invite("li");
    li.ok(&["connect", "--center", &center.url, "--code", &code]);
    li.ok(&["sync"]);
    let wang = connected(&center, "王示例", "wang");

    shares(&li).await;
    sees_it_and_writes(&wang).await;
    wang.ok(&["sync"]);
    wang.ok(&["edit", &study, "acronym", "LATER"]);
    wang.ok(&["edit", &study, "enrollment", "300"]);
    wang.ok(&["edit", &study, "title.zh", "输入一半"]);
    takes_it_back_and_judges(&li, &wang, &study).await;

    let shown = li.json(&["study", "show", &study]);
    let fields = &shown["fields"];
    assert_eq!(
        (&fields["acronym"], &fields["enrollment"]),
        (&json!("WANG"), &json!(300))
    );
    let held = li.json(&["review", "list", &study]);
    let states: Vec<&Value> = held
        .as_array()
        .expect("held")
        .iter()
        .map(|one| &one["state"])
        .collect();
    assert_eq!(states, ["dismissed", "adopted", "open"]);
    li.digest();
}
