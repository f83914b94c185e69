//! Two laptops changed the same paragraphs apart: in the real window, by the keyboard alone, the
//! changes that fit are joined and those that do not are never made into one text.

use crate::center::Center;
use crate::laptop::Laptop;
use crate::window::{ENTER, RIGHT, TAB, Window, missing};

const OVERLAP: &str = "口服甲药 5 mg，每日一次。";
const APART: &str = "第 4 周随访一次。访视时记录不良事件。";

/// Two laptops that edited two paragraphs of one study apart, and met.
fn two_laptops(center: &Center) -> (Laptop, String) {
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let new = [
        "study",
        "new",
        "--template",
        "interventional",
        "title.zh=试验甲",
    ];
    let study = li.json(&new)["study"].as_str().expect("an id").to_owned();
    for (laptop, user) in [(&li, "li"), (&wang, "wang")] {
        let code = center.invite(user);
        laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
        laptop.ok(&["sync"]);
    }
    center.grant(&study, "wang", "co-investigator");
    let sections = li.json(&["protocol", "outline", &study]);
    let section = sections[0]["id"].as_str().expect("an id");
    let blocks = [OVERLAP, APART].map(|text| {
        let words = format!("text.zh={text}");
        let add = [
            "add",
            &study,
            "block",
            "--parent",
            section,
            "type=paragraph",
            &words,
        ];
        let answer = li.json(&add);
        let id = answer["id"].as_str().expect("an id");
        format!("block/{id}/text.zh")
    });
    li.ok(&["sync"]);
    wang.ok(&["sync"]);
    let edit = |laptop: &Laptop, at: usize, text: &str| {
        laptop.ok(&["edit", &study, &blocks[at], text]);
    };
    edit(&li, 0, "口服甲药 10 mg，每日一次。");
    edit(&wang, 0, "口服甲药 15 mg，每日一次。");
    edit(&li, 1, "第 6 周随访一次。访视时记录不良事件。");
    edit(&wang, 1, "第 4 周随访一次。访视时记录不良事件和合并用药。");
    for laptop in [&li, &wang, &li] {
        laptop.ok(&["sync"]);
    }
    (li, study)
}

#[tokio::test]
async fn two_changes_of_a_paragraph_are_joined_or_decided_by_the_keyboard_alone() {
    if let Some(reason) = missing() {
        eprintln!("skipped: {reason}");
        return;
    }
    let center = Center::start();
    let (li, study) = two_laptops(&center);
    let window = Window::open_on(&li.path("vault")).await;
    window.unlock().await;
    window.tab_to("rail-studies").await;
    window.type_in(ENTER).await;
    window.tab_to("study-table").await;
    window.type_in(ENTER).await;
    // The tabs are one stop: arrows go along them.
    window.tab_to("tab-overview").await;
    window.type_in(RIGHT).await;
    window.sees("10 mg").await;
    window.picture("text-conflict-zh").await;
    window.axe_finds_nothing("conflicts of the text").await;

    // 5 mg became 10 mg here and 15 mg there: no text of both is offered.
    window.find("overlap").await;
    let offers = window.count("take-both").await;
    assert_eq!(offers, 1, "only the changes of other words go together");

    // The other paragraph: both changes, with one key and a reason.
    window.tab_to("take-both").await;
    window.type_in(ENTER).await;
    window.tab_to("conflict-why").await;
    window.type_in("两处修改都需要").await;
    window.type_in(ENTER).await;
    window.gone("both").await;
    window
        .sees("第 6 周随访一次。访视时记录不良事件和合并用药。")
        .await;

    // The first is decided, not joined.
    window.tab_to("keep").await;
    window.type_in(ENTER).await;
    window.tab_to("conflict-why").await;
    window.type_in("按申办方来信").await;
    window.type_in(ENTER).await;
    window.gone("text-conflict").await;
    window.picture("text-settled-zh").await;

    // A section that does not apply says why, and can apply again.
    window.caret_behind("第 6 周随访一次").await;
    window.click("tool-section").await;
    window.item("不适用").await;
    window.find("not-applicable").await;
    window.type_in("本研究没有用药").await;
    // Enter is a new line of the reason; leaving saves it.
    window.type_in(TAB).await;
    window.sees("1 节不适用").await;
    window.picture("not-applicable-zh").await;
    window
        .axe_finds_nothing("a section that does not apply")
        .await;
    window.click("tool-section").await;
    window.item("恢复为适用").await;
    window.gone("not-applicable").await;
    window.close().await;

    let conflicts = li.json(&["conflicts"]);
    assert_eq!(conflicts.as_array().map(Vec::len), Some(0), "{conflicts}");
    let text = li.ok(&["protocol", "text", &study, "--lang", "zh"]);
    assert!(
        text.contains("第 6 周随访一次。访视时记录不良事件和合并用药。"),
        "{text}"
    );
    assert!(text.contains("10 mg") != text.contains("15 mg"), "{text}");
}
